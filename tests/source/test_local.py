from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluator.errors import EmptyError, SourceError, UsageError
from evaluator.source.opening import open_snapshot
from evaluator.source.snapshot import Entry, Unreadable
from tests.repositories import git, repository, write

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return repository(
        tmp_path / "project",
        ("one", {"a.txt": "1\n", "src/b.py": "x = 1\n"}),
        ("two", {"a.txt": "2\n", ".gitignore": "*.log\nbuild/\n", "run.sh": "true\n"}),
    )


def commit_of(folder: Path, name: str = "HEAD") -> str:
    return git(folder, "rev-parse", name).strip()


def listed(target: str | Path, scratch: Path, subdir: str = "") -> tuple[list[str], bool]:
    """Return the paths that are shown, and whether the folder counts as dirty."""
    with open_snapshot(str(target), scratch=scratch, subdir=subdir) as snapshot:
        return list(snapshot.entries), snapshot.subject.dirty


def test_clean_work_tree(project: Path, scratch: Path) -> None:
    with open_snapshot(str(project), scratch=scratch) as snapshot:
        subject = snapshot.subject
        assert list(snapshot.entries) == [".gitignore", "a.txt", "run.sh", "src/b.py"]
        assert snapshot.read("a.txt") == b"2\n"
        assert snapshot.entries["a.txt"].oid == commit_of(project, "HEAD:a.txt")
        assert snapshot.git_dir is not None
        assert git(snapshot.git_dir, "--git-dir=.", "log", "--format=%s") == "two\none\n"

    assert (subject.source, subject.name, subject.ref, subject.commit) == (
        "local",
        "project",
        "main",
        commit_of(project),
    )
    assert subject.as_of == "2025-03-02T12:00:00Z"
    assert not subject.dirty
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "paths", "dirty"),
    [
        pytest.param(lambda p: write(p, {"a.txt": "3\n"}), "", True, id="changed"),
        pytest.param(lambda p: write(p, {"a.txt": "333\n"}), "", True, id="changed in length"),
        pytest.param(lambda p: (p / "a.txt").unlink(), "-a.txt", True, id="deleted"),
        pytest.param(lambda p: write(p, {"new.py": ""}), "+new.py", True, id="untracked"),
        pytest.param(lambda p: write(p, {"x.log": "", "build/x": ""}), "", False, id="ignored"),
        pytest.param(lambda p: write(p, {".git/info/exclude": "n.txt\n", "n.txt": ""}), "", False, id="ignored apart"),
        pytest.param(
            lambda p: write(p, {"src/.gitignore": "*.o\n", "src/x.o": ""}), "+src/.gitignore", True, id="nested"
        ),
        pytest.param(lambda p: write(p, {"a.txt": "2\r\n"}), "", False, id="line ends that git converts"),
        pytest.param(lambda p: write(p, {"a.txt": "2\r\n\0"}), "", True, id="binary with such line ends"),
        pytest.param(lambda p: (p / "run.sh").chmod(0o755), "", False, id="mode"),
        pytest.param(lambda p: os.utime(p / "a.txt", (1, 1)), "", False, id="time stamp"),
        pytest.param(lambda p: git(p, "add", "-A"), "", False, id="index only"),
        pytest.param(lambda p: os.mkfifo(p / "pipe"), "", False, id="untracked FIFO"),
    ],
)
def test_dirty(project: Path, scratch: Path, change: Callable[[Path], object], paths: str, dirty: bool) -> None:
    """What lies on disk is shown: tracked files, and those that are not ignored."""
    expected = {".gitignore", "a.txt", "run.sh", "src/b.py"}
    expected = expected - {paths[1:]} if paths.startswith("-") else expected | ({paths[1:]} - {""})
    change(project)

    assert listed(project, scratch) == (sorted(expected), dirty)


def test_long_tracked_file(tmp_path: Path, scratch: Path) -> None:
    """One too long to be read into a signal is hashed bit by bit, and only if its length is the committed one."""
    content = bytes(6_000_000)
    folder = repository(tmp_path / "project", ("one", {"big.bin": content}))

    assert listed(folder, scratch) == (["big.bin"], False)
    write(folder, {"big.bin": content[:-1] + b"x"})
    assert listed(folder, scratch) == (["big.bin"], True)
    write(folder, {"big.bin": content + b"x"})
    assert listed(folder, scratch) == (["big.bin"], True)


def test_tracked_file_that_may_not_be_read(project: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It exists with unknown content, and says nothing about a change. The answer of access(2) is replaced, for root."""
    monkeypatch.setattr(os, "access", lambda name, *_, **__: name != "run.sh")

    with open_snapshot(str(project), scratch=scratch) as snapshot:
        assert not snapshot.entries["run.sh"].here
        assert not snapshot.subject.dirty


def test_folder_that_may_not_be_read(project: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_, **__: False)

    with pytest.raises(SourceError, match="may not be read by you"):
        open_snapshot(str(project), scratch=scratch)


def test_tracked_though_ignored(project: Path, scratch: Path) -> None:
    write(project, {"build/kept.txt": "k\n", "build/not.txt": "n\n", "build/deep/not.txt": "n\n", "kept.log": "k\n"})
    git(project, "add", "-f", "build/kept.txt", "kept.log")
    git(project, "commit", "-q", "-m", "three")

    paths, dirty = listed(project, scratch)

    assert [p for p in paths if "kept" in p or "not" in p] == ["build/kept.txt", "kept.log"]
    assert not dirty


def test_type_changes(project: Path, scratch: Path) -> None:
    """A tracked file is a FIFO now: it is gone, and nothing waits for it. Another is a link now."""
    (project / "a.txt").unlink()
    os.mkfifo(project / "a.txt")
    (project / "run.sh").unlink()
    (project / "run.sh").symlink_to("/etc/passwd")

    with open_snapshot(str(project), scratch=scratch) as snapshot:
        assert "a.txt" not in snapshot.entries
        assert snapshot.entries["run.sh"].kind == "symlink"
        assert snapshot.subject.dirty
        with pytest.raises(Unreadable):
            snapshot.read("run.sh")


@pytest.mark.parametrize("how", ["link", "link above", "FIFO", "gone"])
def test_file_is_exchanged_after_listing(project: Path, scratch: Path, how: str) -> None:
    """No link is followed and nothing is waited for when contents are read later."""
    (project / "outside").mkdir()
    (project / "outside/b.py").write_text("secret\n")
    with open_snapshot(str(project), scratch=scratch) as snapshot:
        if how == "link above":
            shutil.rmtree(project / "src")
            (project / "src").symlink_to("outside")
        else:
            (project / "src/b.py").unlink()
        if how == "link":
            (project / "src/b.py").symlink_to("../outside/b.py")
        if how == "FIFO":
            os.mkfifo(project / "src/b.py")
        with pytest.raises(Unreadable):
            snapshot.read("src/b.py")


def test_links_and_names(tmp_path: Path, scratch: Path) -> None:
    """Links out of the tree are listed and not followed; every name survives, undecodable ones escaped."""
    folder = repository(tmp_path / "odd", ("one", {"-rf": "1", "new\nline": "2", "quo\"te's": "3", "back\\slash": "4"}))
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_text("s")
    (folder / "out").symlink_to("../outside")
    (folder / "abs").symlink_to("/etc")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9")).write_bytes(b"5")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "two")
    names = ["-rf", "abs", "back\\\\slash", "caf\\xe9", "new\nline", "out", "quo\"te's"]

    for target in (str(folder), f"{folder}@HEAD"):
        with open_snapshot(target, scratch=scratch) as snapshot:
            assert sorted(names) == list(snapshot.entries)
            assert {"abs", "out"} == {p for p, e in snapshot.entries.items() if e.kind == "symlink"}
            assert snapshot.read_blob(snapshot.entries["out"]) == b"../outside"
            assert [snapshot.read(n) for n in ("-rf", "new\nline", "quo\"te's", "back\\\\slash", "caf\\xe9")] == [
                b"1",
                b"2",
                b"3",
                b"4",
                b"5",
            ]
            assert not snapshot.subject.dirty


def test_subdir(project: Path, scratch: Path) -> None:
    write(project, {"src/x.log": "", "src/new.py": ""})

    assert listed(project, scratch, "src") == (["b.py", "new.py"], True)
    assert listed(f"{project}@HEAD", scratch, "src/") == (["b.py"], False)
    with open_snapshot(str(project), scratch=scratch, subdir="src") as snapshot:
        assert snapshot.read("b.py") == b"x = 1\n"
        assert snapshot.subject.path == "src"
    (project / "fresh").mkdir()
    (project / "fresh/c.py").touch()
    assert listed(project, scratch, "fresh") == (["c.py"], True)


@pytest.mark.parametrize("subdir", ["/etc", "..", "src/../..", ".git", "a\0b"])
def test_subdir_that_leads_elsewhere(project: Path, scratch: Path, subdir: str) -> None:
    with pytest.raises(UsageError, match="--path"):
        open_snapshot(str(project), scratch=scratch, subdir=subdir)


def test_subdir_through_a_link(project: Path, scratch: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (project / "out").symlink_to("../outside")

    with pytest.raises(SourceError, match="no folder out"):
        open_snapshot(str(project), scratch=scratch, subdir="out")


@pytest.mark.parametrize(
    "ref",
    ["HEAD", "main", "v1", "v2", "refs/heads/main", "origin/side", "feature/x", "{head}", "{short}", "{SHORT}"],
)
@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
def test_ref(project: Path, scratch: Path, ref: str, packed: bool) -> None:
    for name in ("refs/tags/v1", "refs/remotes/origin/side", "refs/heads/feature/x"):
        git(project, "update-ref", name, "HEAD")
    git(project, "tag", "-a", "-m", "annotated", "v2")
    if packed:
        git(project, "pack-refs", "--all")
    head = commit_of(project)
    git(project, "commit", "-q", "--allow-empty", "-m", "three")
    git(project, "update-ref", "refs/heads/main", head)
    ref = ref.format(head=head, short=head[:8], SHORT=head[:8].upper())

    with open_snapshot(f"{project}@{ref}", scratch=scratch) as snapshot:
        assert snapshot.subject.commit == head
        assert not snapshot.subject.dirty
        assert "a.txt" in snapshot.entries


@pytest.mark.parametrize("ref", ["nope", "abcdef1", "ab" * 20, "refs/heads/nope", "config"])
def test_no_such_ref(project: Path, scratch: Path, ref: str) -> None:
    with pytest.raises(SourceError, match="no branch, tag or commit") as caught:
        open_snapshot(f"{project}@{ref}", scratch=scratch)

    assert caught.value.exit_code == 3
    assert list(scratch.iterdir()) == []


def test_file_url_reads_the_commit(project: Path, scratch: Path) -> None:
    write(project, {"a.txt": "changed\n"})

    with open_snapshot(f"file://{project}", scratch=scratch) as snapshot:
        assert snapshot.read("a.txt") == b"2\n"
        assert snapshot.subject.source == "local"
        assert not snapshot.subject.dirty


def test_bare_repository(project: Path, scratch: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", "project", "bare.git")

    with open_snapshot(str(tmp_path / "bare.git"), scratch=scratch) as snapshot:
        assert (snapshot.subject.name, snapshot.subject.ref) == ("bare", "main")
        assert snapshot.read("a.txt") == b"2\n"


def test_linked_work_tree(project: Path, scratch: Path, tmp_path: Path) -> None:
    """Its .git is a file; HEAD lies in one place, objects and branches in another."""
    git(project, "worktree", "add", "-q", "-b", "side", "../linked", "HEAD~1")

    with open_snapshot(str(tmp_path / "linked"), scratch=scratch) as snapshot:
        assert (snapshot.subject.ref, snapshot.subject.commit) == ("side", commit_of(project, "HEAD~1"))
        assert list(snapshot.entries) == ["a.txt", "src/b.py"]
        assert not snapshot.subject.dirty


def test_detached_head(project: Path, scratch: Path) -> None:
    git(project, "checkout", "-q", "--detach", "HEAD")

    with open_snapshot(str(project), scratch=scratch) as snapshot:
        assert snapshot.subject.ref == snapshot.subject.commit == commit_of(project)


def test_shallow_copy(project: Path, scratch: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{project}", "shallow")

    with open_snapshot(str(tmp_path / "shallow"), scratch=scratch) as snapshot:
        assert snapshot.git_dir is not None
        assert git(snapshot.git_dir, "--git-dir=.", "log", "--format=%s") == "two\n"
        assert git(snapshot.git_dir, "--git-dir=.", "rev-parse", "--is-shallow-repository") == "true\n"


def test_sha256(scratch: Path, tmp_path: Path) -> None:
    folder = tmp_path / "modern"
    folder.mkdir()
    git(folder, "init", "-q", "--object-format=sha256")
    write(folder, {"a.txt": "1\n"})
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "one")

    for target in (str(folder), f"{folder}@main", f"{folder}@{commit_of(folder)[:12]}"):
        with open_snapshot(target, scratch=scratch) as snapshot:
            assert len(snapshot.subject.commit or "") == 64
            assert snapshot.read("a.txt") == b"1\n"
            assert snapshot.entries["a.txt"].oid == commit_of(folder, "HEAD:a.txt")
            assert not snapshot.subject.dirty


@pytest.mark.parametrize("committed", [False, True], ids=["work tree", "commit"])
def test_copy_that_lacks_objects(project: Path, scratch: Path, tmp_path: Path, committed: bool) -> None:
    """A copy made from a partial one: what it lacks exists, with unknown content; nothing is fetched for it."""
    source = tmp_path / "bare.git"
    git(tmp_path, "clone", "-q", "--bare", "project", "bare.git")
    blob = commit_of(project, "HEAD:a.txt")
    git(source, "unpack-objects", "-q") if list(source.glob("objects/pack/*.pack")) else None
    (source / f"objects/{blob[:2]}/{blob[2:]}").unlink()
    git(source, "config", "remote.origin.promisor", "true")
    git(source, "config", "remote.origin.url", f"ext::touch {tmp_path}/canary")
    git(source, "config", "extensions.partialClone", "origin")
    git(tmp_path, "clone", "-q", "--local", "--no-checkout", "bare.git", "copy")

    if not committed:
        with pytest.raises(EmptyError, match="no file is checked out; evaluate its commit"):
            open_snapshot(str(tmp_path / "copy"), scratch=scratch)
        return
    with open_snapshot(f"{tmp_path}/copy@{commit_of(project)}", scratch=scratch) as snapshot:
        lacking = snapshot.entries["a.txt"]
        assert (lacking.here, lacking.size, lacking.oid, lacking.at_least) == (False, None, blob, 0)
        assert snapshot.read("src/b.py") == b"x = 1\n"
        with pytest.raises(Unreadable):
            snapshot.read("a.txt")
        with pytest.raises(Unreadable):
            snapshot.read_blob(lacking)
    assert not (tmp_path / "canary").exists()


@pytest.mark.parametrize("smudged", [False, True], ids=["pointer", "content"])
def test_lfs(tmp_path: Path, scratch: Path, smudged: bool) -> None:
    """A pointer is no content; the content in its place is no change."""
    content = b"model" * 100
    pointer = POINTER.format(hashlib.sha256(content).hexdigest(), len(content))
    folder = repository(tmp_path / "project", ("one", {"m.bin": pointer, "t.txt": "t"}))
    if smudged:
        write(folder, {"m.bin": content})

    with open_snapshot(str(folder), scratch=scratch) as snapshot:
        assert snapshot.entries["m.bin"].lfs is not smudged
        assert not snapshot.subject.dirty
    with open_snapshot(f"{folder}@HEAD", scratch=scratch) as snapshot:
        assert snapshot.entries["m.bin"].lfs
        assert not snapshot.entries["t.txt"].lfs
        with pytest.raises(Unreadable):
            snapshot.read("m.bin")

    write(folder, {"m.bin": content[:-1] + b"x"})
    assert listed(folder, scratch)[1]


def test_submodules_and_embedded_repositories(project: Path, scratch: Path, tmp_path: Path) -> None:
    """Both are listed as what they are and never entered."""
    repository(tmp_path / "other", ("one", {"inner.py": ""}))
    git(project, "-c", "protocol.file.allow=always", "submodule", "add", "-q", "../other", "sub")
    git(project, "commit", "-q", "-m", "three")

    with open_snapshot(str(project), scratch=scratch) as snapshot:
        assert snapshot.entries["sub"] == Entry(path="sub", kind="submodule", here=False)
        assert not snapshot.subject.dirty
    with open_snapshot(f"{project}@HEAD", scratch=scratch) as snapshot:
        assert snapshot.entries["sub"].kind == "submodule"

    repository(project / "embedded", ("one", {"inner.py": ""}))
    with open_snapshot(str(project), scratch=scratch) as snapshot:
        assert [p for p in snapshot.entries if "inner" in p] == []
        assert snapshot.entries["embedded"].kind == "submodule"
        assert snapshot.subject.dirty


def test_crafted_tree_leads_nowhere(project: Path, scratch: Path) -> None:
    """Names that a careful git would not write: they are left out, the others shown."""
    blob = commit_of(project, "HEAD:a.txt")
    raw = b"".join(
        b"100644 %s\0" % name + bytes.fromhex(blob) for name in (b"..", b".", b".git", b"../up", b"/abs", b"fine")
    )
    tree = _store(project, "tree", raw)
    commit = git(project, "commit-tree", "-m", "crafted", tree).strip()

    assert listed(f"{project}@{commit}", scratch) == (["fine"], False)


def test_absurd_date(project: Path, scratch: Path) -> None:
    content = git(project, "cat-file", "commit", "HEAD").replace("> 17409", "> 99999999917409")
    commit = _store(project, "commit", content.encode())

    with open_snapshot(f"{project}@{commit}", scratch=scratch) as snapshot:
        assert snapshot.subject.as_of is None


def _store(folder: Path, kind: str, content: bytes) -> str:
    path = folder / "content"
    path.write_bytes(content)
    oid = git(folder, "hash-object", "-t", kind, "-w", "--literally", "content").strip()
    path.unlink()
    return oid


@pytest.mark.parametrize(
    ("break_it", "error", "words"),
    [
        pytest.param(lambda g: (g / "refs/heads/main").unlink(), EmptyError, "without a commit", id="no commit yet"),
        pytest.param(lambda g: (g / "HEAD").write_text("ref: refs/../../x\n"), EmptyError, "without", id="odd HEAD"),
        pytest.param(lambda g: (g / "refs/heads/main").write_text("ab" * 20), SourceError, "not in this copy", id="lost"),
        pytest.param(lambda g: (g / "refs/heads/main").write_text("x" * 99), EmptyError, "without", id="nonsense"),
        pytest.param(lambda g: (g / "reftable").mkdir() or (g / "HEAD").write_text("ref: refs/heads/.invalid\n"),
                     SourceError, "reftable", id="refs in another format"),
    ],
)  # fmt: skip
def test_broken_repository(
    project: Path, scratch: Path, break_it: Callable[[Path], object], error: type[SourceError], words: str
) -> None:
    break_it(project / ".git")

    with pytest.raises(error, match=words):
        open_snapshot(str(project), scratch=scratch)

    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("part", ["HEAD", "packed-refs", "shallow", "info/exclude", "refs/heads/main"])
def test_fifos_in_the_repository_hang_nothing(project: Path, scratch: Path, part: str) -> None:
    path = project / ".git" / part
    path.unlink(missing_ok=True)
    os.mkfifo(path)

    try:
        listed(project, scratch)
    except SourceError as fault:
        assert "\n" not in str(fault)  # noqa: PT017 - whether it is one is not the point


def test_not_a_repository(tmp_path: Path, scratch: Path) -> None:
    (tmp_path / "plain").mkdir()

    with pytest.raises(SourceError, match="not a git repository"):
        open_snapshot(f"{tmp_path}/plain@main", scratch=scratch)


@pytest.mark.parametrize("target", ["{}/none", "nothing-of-this-name"])
def test_no_such_folder(tmp_path: Path, scratch: Path, target: str) -> None:
    with pytest.raises(SourceError, match="no such folder") as caught:
        open_snapshot(target.format(tmp_path), scratch=scratch)

    assert caught.value.exit_code == 3
