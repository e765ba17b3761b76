from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from evaluator.model import Subject
from evaluator.source.snapshot import Entry, Snapshot, Unreadable
from evaluator.source.writing import stays_inside, write_tree

LIMIT = 1_000_000


def snapshot(*entries: Entry, contents: dict[str, bytes] | None = None) -> Snapshot:
    def content(entry: Entry) -> bytes:
        found = (contents or {}).get(entry.path, b"x")
        if found == b"gone":
            raise Unreadable(entry.path, "not-found")
        return found

    sized = [
        e if e.size is not None else Entry(path=e.path, kind=e.kind, size=1, here=e.here, lfs=e.lfs) for e in entries
    ]
    return Snapshot(subject=Subject(source="local", name="p"), entries={e.path: e for e in sized}, read_blob=content)


def link(path: str, target: bytes) -> tuple[Entry, dict[str, bytes]]:
    return Entry(path=path, kind="symlink", size=len(target)), {path: target}


def on_disk(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_written_as_it_is(tmp_path: Path) -> None:
    """Contents and names come back as they were; anybody can read them, whatever the umask."""
    contents = {"a/b.txt": b"1\n", "caf\\xe9": b"2", "back\\\\slash": b"3", "new\nline": b"4", "-rf": b"", "run": b"5"}
    entries = [Entry(path=p, size=len(c), kind="executable" if p == "run" else "file") for p, c in contents.items()]
    before = os.umask(0o077)
    try:
        written = write_tree(snapshot(*entries, contents=contents), tmp_path / "out", limit_bytes=LIMIT)
    finally:
        os.umask(before)

    out = tmp_path / "out"
    modes = {n: stat.S_IMODE((out / n).stat().st_mode) for n in ("", "a", "a/b.txt", "run")}
    assert (written.files, written.total_bytes, written.skipped) == (6, 6, ())
    assert sorted(os.fsencode(p.name) for p in out.iterdir()) == sorted(
        [b"a", b"caf\xe9", b"back\\slash", b"new\nline", b"-rf", b"run"]
    )
    assert modes == {"": 0o755, "a": 0o755, "a/b.txt": 0o644, "run": 0o755}
    assert (out / "a/b.txt").read_bytes() == b"1\n"


def test_what_is_skipped(tmp_path: Path) -> None:
    entries = [
        Entry(path="away", size=None, here=False),
        Entry(path="big", size=LIMIT + 1),
        Entry(path="gone", size=4),
        Entry(path="pointer", lfs=True),
        Entry(path="sub", kind="submodule", here=False),
        Entry(path="x" * 300),
        Entry(path="y" * 300 + "/z"),
        Entry(path="lost", kind="symlink", size=4),
        Entry(path="../up"),
        Entry(path="/abs"),
        Entry(path="a/.git/config"),
        Entry(path="fine"),
    ]

    written = write_tree(
        snapshot(*entries, contents={"gone": b"gone", "lost": b"gone"}), tmp_path / "out", limit_bytes=LIMIT
    )

    assert set(written.skipped) == {e.path for e in entries} - {"fine"}
    assert written.files == 1
    assert on_disk(tmp_path) == ["out", "out/fine"]


def test_limit(tmp_path: Path) -> None:
    """A file that does not fit is left out, and a later one that fits is not."""
    entries = [Entry(path="a", size=6), Entry(path="b", size=6), Entry(path="c", size=4)]
    contents = {"a": b"6" * 6, "b": b"6" * 6, "c": b"4" * 4}

    written = write_tree(snapshot(*entries, contents=contents), tmp_path / "out", limit_bytes=10)

    assert (written.files, written.total_bytes, written.skipped) == (2, 10, ("b",))


def test_content_that_grew_since_it_was_listed(tmp_path: Path) -> None:
    written = write_tree(
        snapshot(Entry(path="a", size=1), contents={"a": b"x" * 100}), tmp_path / "out", limit_bytes=10
    )

    assert written.total_bytes <= 10


@pytest.mark.parametrize(
    ("name", "target", "inside"),
    [
        (b"l", b"a", True),
        (b"l", b"./a//b/.", True),
        (b"d/l", b"../a", True),
        (b"d/l", b"..", True),
        (b"d/l", b"../../a", False),
        (b"l", b"..", False),
        (b"l", b"/etc/passwd", False),
        (b"l", b"", False),
        (b"l", b"a\0b", False),
        (b"d/e/l", b"f/../..", False),
        (b"l", b".git/config", False),
        (b"d/l", b"../.GIT/config", False),
    ],
)
def test_which_links_stay_inside(name: bytes, target: bytes, inside: bool) -> None:
    assert stays_inside(name, target) is inside


def test_links(tmp_path: Path) -> None:
    """Those that stay inside are links again; the others are left out, and nothing is written through one."""
    (tmp_path / "outside").mkdir()
    pairs = [link("to-file", b"d/f"), link("out", b"../outside"), link("d/up", b".."), link("abs", b"/etc")]
    contents = {"d/f": b"1"}
    for _, more in pairs:
        contents |= more

    written = write_tree(
        snapshot(Entry(path="d/f", size=1), *(e for e, _ in pairs), contents=contents),
        tmp_path / "out",
        limit_bytes=LIMIT,
    )

    assert written.skipped == ("abs", "out")
    assert (tmp_path / "out/to-file").read_bytes() == b"1"
    assert (tmp_path / "out/to-file").is_symlink()
    assert (tmp_path / "out/d/up").resolve() == tmp_path / "out"


def test_crafted_tree_is_not_written_through_its_own_links(tmp_path: Path) -> None:
    """A link and, under the same name, a folder; a file and, under it, another: one of each wins, nothing leads out."""
    (tmp_path / "outside").mkdir()
    trap, target = link("trap", b"../outside")
    loop, chain = link("x/y/l", b"..")
    jump, climb = link("m", b"x/y/l/../../../outside")
    entries = [trap, Entry(path="trap/file"), Entry(path="f"), Entry(path="f/g"), loop, jump]

    write_tree(snapshot(*entries, contents=target | chain | climb), tmp_path / "out", limit_bytes=LIMIT)

    assert list((tmp_path / "outside").iterdir()) == []
    assert (tmp_path / "out/trap").is_dir()
    assert not (tmp_path / "out/m").is_symlink()
    assert not (tmp_path / "out/trap").is_symlink()
