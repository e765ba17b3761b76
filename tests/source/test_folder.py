from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from evaluator.errors import EmptyError, SourceError
from evaluator.source.limits import FetchLimits
from evaluator.source.opening import open_snapshot
from evaluator.source.snapshot import Unreadable
from tests.repositories import repository, write


def test_folder_without_git(tmp_path: Path, scratch: Path) -> None:
    """Everything is the project, also what an ignore file names; a repository in it is a folder like any other."""
    folder = tmp_path / "plain"
    write(folder, {"a.txt": "1\n", "b/c.py": "x\n", ".gitignore": "*.log\n", "x.log": "l\n"})
    repository(folder / "inner", ("one", {"d.py": ""}))

    with open_snapshot(f"{folder}/", scratch=scratch) as snapshot:
        assert list(snapshot.entries) == [".gitignore", "a.txt", "b/c.py", "inner/d.py", "x.log"]
        assert snapshot.read("b/c.py") == b"x\n"
        subject = snapshot.subject
        assert snapshot.git_dir is None

    assert (subject.source, subject.name) == ("local", "plain")
    assert (subject.commit, subject.ref, subject.as_of, subject.dirty) == (None, None, None, False)
    assert list(scratch.iterdir()) == []


def test_what_could_hang_or_lead_out(tmp_path: Path, scratch: Path) -> None:
    folder = tmp_path / "plain"
    write(folder, {"a.txt": "1\n", "../outside/secret": "s"})
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("../outside/secret")
    (folder / "loop").symlink_to(".")
    (folder / "tree").symlink_to("../outside")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket"))

        with open_snapshot(str(folder), scratch=scratch) as snapshot:
            assert {p: e.kind for p, e in snapshot.entries.items()} == {
                "a.txt": "file",
                "link": "symlink",
                "loop": "symlink",
                "tree": "symlink",
            }
            with pytest.raises(Unreadable):
                snapshot.read("link")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable(tmp_path: Path, scratch: Path) -> None:
    folder = tmp_path / "plain"
    write(folder, {"a.txt": "1\n", "secret.txt": "s", "closed/b.txt": ""})
    (folder / "secret.txt").chmod(0)
    (folder / "closed").chmod(0)

    with open_snapshot(str(folder), scratch=scratch) as snapshot:
        assert {p: e.here for p, e in snapshot.entries.items()} == {"a.txt": True, "secret.txt": False}
    (folder / "closed").chmod(0o700)


def test_unreadable_by_whom_it_may_concern(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root, who may read everything, the answer of access(2) is replaced."""
    folder = tmp_path / "plain"
    write(folder, {"a.txt": "1\n", "secret.txt": "s"})
    monkeypatch.setattr(os, "access", lambda name, *_, **__: name != "secret.txt")

    with open_snapshot(str(folder), scratch=scratch) as snapshot:
        assert {p: e.here for p, e in snapshot.entries.items()} == {"a.txt": True, "secret.txt": False}
        with pytest.raises(Unreadable):
            snapshot.read("secret.txt")


@pytest.mark.parametrize(
    "content", [{}, {".git/x": ""}, {"b/": ""}], ids=["nothing", "a broken .git", "an empty folder"]
)
def test_empty(tmp_path: Path, scratch: Path, content: dict[str, str]) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    for path in content:
        (folder / path).parent.mkdir(exist_ok=True)

    with pytest.raises(EmptyError, match="there is no file in it") as caught:
        open_snapshot(str(folder), scratch=scratch)

    assert caught.value.exit_code == 5
    assert list(scratch.iterdir()) == []


def test_subdir(tmp_path: Path, scratch: Path) -> None:
    write(tmp_path / "plain", {"a.txt": "1\n", "b/c.py": "x\n"})

    with open_snapshot(str(tmp_path / "plain"), scratch=scratch, subdir="b") as snapshot:
        assert (list(snapshot.entries), snapshot.read("c.py")) == (["c.py"], b"x\n")
    with pytest.raises(SourceError, match="no folder c"):
        open_snapshot(str(tmp_path / "plain"), scratch=scratch, subdir="c")


def test_depth_and_number(tmp_path: Path, scratch: Path) -> None:
    """What lies too deep, or is too much, is cut; every folder keeps its share."""
    write(
        tmp_path / "plain", {f"data/{n:03}.png": "" for n in range(50)} | {"src/a.py": "", "tests/t.py": "", "x.md": ""}
    )
    write(tmp_path / "plain", {"deep/er/a.py": ""})
    limits = FetchLimits(files=10)

    with open_snapshot(str(tmp_path / "plain"), scratch=scratch, limits=limits) as snapshot:
        assert snapshot.truncated
        assert len(snapshot.entries) == 10
        assert {"src/a.py", "tests/t.py", "x.md", "data/000.png", "data/005.png"} <= set(snapshot.entries)
    with open_snapshot(str(tmp_path / "plain"), scratch=scratch, limits=FetchLimits(depth=1)) as snapshot:
        assert snapshot.truncated
        assert "src/a.py" in snapshot.entries
        assert "deep/er/a.py" not in snapshot.entries


def test_time_limit(tmp_path: Path, scratch: Path) -> None:
    write(tmp_path / "plain", {"a.txt": ""})

    with pytest.raises(SourceError, match="not read within 0 s"):
        open_snapshot(str(tmp_path / "plain"), scratch=scratch, limits=FetchLimits(seconds=0))

    assert list(scratch.iterdir()) == []


def test_lfs_pointer(tmp_path: Path, scratch: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 5\n"
    write(tmp_path / "plain", {"m.bin": pointer, "n.txt": "x" * 130})

    with open_snapshot(str(tmp_path / "plain"), scratch=scratch) as snapshot:
        assert {p: e.lfs for p, e in snapshot.entries.items()} == {"m.bin": True, "n.txt": False}
