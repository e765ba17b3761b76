from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluator.errors import EmptyError, SourceError
from evaluator.source import credentials
from evaluator.source.limits import FetchLimits
from evaluator.source.opening import open_snapshot
from evaluator.source.snapshot import Unreadable
from tests.repositories import git, repository
from tests.source.servers import GitServer, serving

SECRET = "s3cret-t0ken"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three repositories to serve: one with branches and tags, one without a commit, one with a large file."""
    folder = tmp_path / "served"
    made = repository(folder / "work", ("one", {"a.txt": "1\n"}), ("two", {"a.txt": "2\n", "src/b.py": "x = 1\n"}))
    git(made, "tag", "v1", "HEAD~1")
    git(made, "tag", "-a", "-m", "second", "v2", "HEAD")
    git(made, "branch", "deadbeef", "HEAD~1")
    git(made, "branch", "feature/x", "HEAD~1")
    git(folder, "clone", "-q", "--bare", "work", "project.git")
    git(folder, "init", "-q", "--bare", "empty.git")
    big = repository(folder / "heavy", ("one", {"big.bin": os.urandom(300_000), "small.txt": "s\n"}))
    git(big, "config", "uploadpack.allowFilter", "true")
    return folder


@pytest.fixture
def server(root: Path) -> Iterator[GitServer]:
    with serving(root) as running:
        yield running


def head(root: Path, name: str = "HEAD") -> str:
    return git(root / "project.git", "rev-parse", f"{name}^{{commit}}").strip()


def test_clone(server: GitServer, root: Path, scratch: Path) -> None:
    with open_snapshot(f"{server.url}/project.git", scratch=scratch) as snapshot:
        assert list(snapshot.entries) == ["a.txt", "src/b.py"]
        assert snapshot.read("a.txt") == b"2\n"
        assert snapshot.text("src/b.py") == "x = 1\n"
        subject = snapshot.subject
        assert snapshot.git_dir is not None
        assert git(snapshot.git_dir, "--git-dir=.", "rev-list", "--count", "HEAD").strip() == "2"

    assert (f"{server.url}/project.git", "project", head(root), "main") == (
        subject.source,
        subject.name,
        subject.commit,
        subject.ref,
    )
    assert subject.as_of == "2025-03-02T12:00:00Z"
    assert not subject.dirty
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("ref", "commit"),
    [
        pytest.param("main", "main", id="branch"),
        pytest.param("feature/x", "feature/x", id="branch with a slash"),
        pytest.param("v1", "v1", id="tag"),
        pytest.param("v2", "v2", id="annotated tag"),
        pytest.param("deadbeef", "deadbeef", id="branch that looks like a commit"),
        pytest.param("refs/heads/main", "main", id="branch in full"),
        pytest.param("HEAD", "main", id="HEAD"),
    ],
)
def test_ref(server: GitServer, root: Path, scratch: Path, ref: str, commit: str) -> None:
    with open_snapshot(f"{server.url}/project.git@{ref}", scratch=scratch) as snapshot:
        assert (head(root, commit), commit) == (snapshot.subject.commit, snapshot.subject.ref)


@pytest.mark.parametrize("digits", [40, 7], ids=["whole", "abbreviated"])
def test_commit(server: GitServer, root: Path, scratch: Path, digits: int) -> None:
    wanted = head(root, "v1")

    with open_snapshot(f"{server.url}/project.git@{wanted[:digits]}", scratch=scratch) as snapshot:
        assert wanted == snapshot.subject.commit
        assert snapshot.read("a.txt") == b"1\n"


def test_commit_that_no_branch_leads_to(server: GitServer, root: Path, scratch: Path) -> None:
    """A pull request's commit, say: it is asked for by its id."""
    project = root / "project.git"
    tree = git(project, "rev-parse", "HEAD^{tree}").strip()
    lone = git(project, "commit-tree", "-m", "alone", tree).strip()

    with open_snapshot(f"{server.url}/project.git@{lone}", scratch=scratch) as snapshot:
        assert lone == snapshot.subject.commit


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        pytest.param("project.git@nope", SourceError, "no branch, tag or commit 'nope'", id="no such branch"),
        pytest.param("project.git@abcdef1", SourceError, "no branch, tag or commit 'abcdef1'", id="no such commit"),
        pytest.param("project.git@" + "ab" * 20, SourceError, "no branch, tag or commit", id="no such whole commit"),
        pytest.param("missing.git", SourceError, "no such repository", id="no such repository"),
        pytest.param("empty.git", EmptyError, "a repository without a commit", id="no commit"),
        pytest.param("empty.git@abcdef1", EmptyError, "a repository without a commit", id="no commit, one asked for"),
    ],
)
def test_failures(server: GitServer, scratch: Path, path: str, error: type[SourceError], words: str) -> None:
    with pytest.raises(error) as caught:
        open_snapshot(f"{server.url}/{path}", scratch=scratch)

    assert words in str(caught.value)
    assert server.url in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list(scratch.iterdir()) == []
    assert (5 if error is EmptyError else 3) == caught.value.exit_code


def test_head_without_a_branch(server: GitServer, root: Path, scratch: Path) -> None:
    git(root / "project.git", "symbolic-ref", "HEAD", "refs/heads/gone")

    with pytest.raises(SourceError, match="name another after @"):
        open_snapshot(f"{server.url}/project.git", scratch=scratch)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("http://127.0.0.1:1/x/y", "no connection", id="refused"),
        pytest.param("https://no-such-host.invalid/x/y", "host is not known", id="DNS"),
        pytest.param("git@no-such-host.invalid:x/y", "host is not known", id="DNS, ssh"),
    ],
)
def test_no_network(scratch: Path, url: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)

    with pytest.raises(SourceError, match=words):
        open_snapshot(url, scratch=scratch)

    assert list(scratch.iterdir()) == []


def test_offline(server: GitServer, scratch: Path) -> None:
    with pytest.raises(SourceError, match="--offline forbids the network"):
        open_snapshot(f"{server.url}/project.git", scratch=scratch, offline=True)

    assert server.requests == []


def test_large_file_is_left_behind(server: GitServer, scratch: Path) -> None:
    """It is known to exist and to be at least as long as the limit."""
    limits = FetchLimits(blob_bytes=100_000)

    with open_snapshot(f"{server.url}/heavy", scratch=scratch, limits=limits) as snapshot:
        big = snapshot.entries["big.bin"]
        assert (big.here, big.size, big.at_least) == (False, None, 100_001)
        assert snapshot.read("small.txt") == b"s\n"
        with pytest.raises(Unreadable):
            snapshot.read("big.bin")
        assert snapshot.git_dir is not None
        assert "promisor" not in (snapshot.git_dir / "config").read_text()


def test_server_without_filters(server: GitServer, root: Path, scratch: Path) -> None:
    """It sends everything, and then everything is here."""
    git(root / "heavy", "config", "uploadpack.allowFilter", "false")

    with open_snapshot(f"{server.url}/heavy", scratch=scratch, limits=FetchLimits(blob_bytes=100_000)) as snapshot:
        assert (
            snapshot.entries["big.bin"].here,
            snapshot.entries["big.bin"].size,
            snapshot.entries["big.bin"].at_least,
        ) == (True, 300_000, 0)


def test_too_many_bytes(root: Path, scratch: Path) -> None:
    repository(root / "vast", ("one", {f"{n}.bin": os.urandom(1_000_000) for n in range(4)}))

    with serving(root) as server, pytest.raises(SourceError, match="larger than 1 MB"):
        open_snapshot(f"{server.url}/vast", scratch=scratch, limits=FetchLimits(total_bytes=1_000_000))

    assert list(scratch.iterdir()) == []


def test_too_slow(root: Path, scratch: Path) -> None:
    """The server takes the request and never answers: git and its helper are ended together."""
    with serving(root) as server:
        server.hang = threading.Event()
        with pytest.raises(SourceError, match="not fetched within 1 s"):
            open_snapshot(f"{server.url}/project.git", scratch=scratch, limits=FetchLimits(seconds=1))

    assert list(scratch.iterdir()) == []


def test_private_without_credentials(root: Path, scratch: Path) -> None:
    with serving(root, password=SECRET) as server, pytest.raises(SourceError) as caught:
        open_snapshot(f"{server.url}/project.git", scratch=scratch)

    assert "private and not open to you" in str(caught.value)
    assert "credential helper" in str(caught.value)
    assert list(scratch.iterdir()) == []


def test_users_credential_helper(root: Path, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials come from the user's own git set-up, and nothing else of it is obeyed."""
    canary = tmp_path / "canary"
    helper = f"!f() {{ echo username=me; echo password={SECRET}; }}; f"
    (tmp_path / "home").mkdir()
    (tmp_path / "home/.gitconfig").write_text(
        f'[credential]\n\thelper = "{helper}"\n[core]\n\tfsmonitor = touch {canary}\n'
        f'[url "ext::touch {canary}"]\n\tinsteadOf = http://127.0.0.1\n[init]\n\ttemplateDir = {tmp_path}/template\n'
    )
    hook = tmp_path / "template/hooks/reference-transaction"
    hook.parent.mkdir(parents=True)
    hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
    hook.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    with (
        serving(root, password=SECRET) as server,
        open_snapshot(f"{server.url}/project.git", scratch=scratch) as snapshot,
    ):
        assert len(snapshot.entries) == 2
        stored = [p for p in scratch.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]

    assert stored == []
    assert not canary.exists()


def test_github_token(root: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sent to the forge, it is nowhere on disk and on no command line."""
    monkeypatch.setenv("GITHUB_TOKEN", SECRET)
    lines: list[str] = []
    start = subprocess.Popen

    def noting(args: list[str], *more: object, **named: object) -> object:
        lines.append(" ".join(map(str, args)))
        return start(args, *more, **named)  # type: ignore[call-overload]

    monkeypatch.setattr("git.cmd.safer_popen", noting)
    with serving(root, password=SECRET) as server:
        monkeypatch.setattr(credentials, "FORGE", f"{server.url}/")
        with open_snapshot(f"{server.url}/project.git", scratch=scratch) as snapshot:
            assert len(snapshot.entries) == 2
            stored = [p for p in scratch.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]
        sent = {header for _, header in server.requests}

    assert {"Basic " + base64.b64encode(f"x-access-token:{SECRET}".encode()).decode()} == sent
    assert stored == []
    assert any("clone" in line for line in lines)
    assert not any(SECRET in line or "Basic" in line for line in lines)


def test_github_token_is_kept_from_others(server: GitServer, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", SECRET)

    with open_snapshot(f"{server.url}/project.git", scratch=scratch):
        assert {""} == {header for _, header in server.requests}


def test_expired_token(root: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What everybody may read is read without it; what is private is refused, without a word of the token."""
    monkeypatch.setenv("GITHUB_TOKEN", "expired")
    with serving(root, password=SECRET) as server:
        monkeypatch.setattr(credentials, "FORGE", f"{server.url}/")
        with pytest.raises(SourceError, match="what GITHUB_TOKEN may read") as caught:
            open_snapshot(f"{server.url}/project.git", scratch=scratch)
        assert "expired" not in str(caught.value)
        assert any(not header for _, header in server.requests)


def test_redirect_to_another_host_is_not_followed(root: Path, scratch: Path) -> None:
    with (
        serving(root) as other,
        serving(root, redirect=other.url) as server,
        pytest.raises(SourceError, match=r"127\.0\.0\.1"),
    ):
        open_snapshot(f"{server.url}/project.git", scratch=scratch)

    assert other.requests == []


def test_ssh(root: Path, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git's own ssh transport, with a stand-in for ssh that serves the repository on this machine."""
    command = tmp_path / "ssh"
    command.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\nwhile [ "$1" != git@host ]; do shift; done\neval "$2"\n'
    )
    command.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(command))
    monkeypatch.setenv("GIT_SSH_VARIANT", "ssh")

    with open_snapshot(f"git@host:{root}/project.git@v1", scratch=scratch) as snapshot:
        assert snapshot.read("a.txt") == b"1\n"
        assert f"git@host:{root}/project.git" == snapshot.subject.source

    assert "git-upload-pack" in (tmp_path / "calls").read_text()


def test_foreign_git_variables_do_not_redirect_git(
    server: GitServer, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As inside a git hook, where GIT_DIR and others are set."""
    for name in ("GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_TEMPLATE_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))

    with open_snapshot(f"{server.url}/project.git", scratch=scratch) as snapshot:
        assert len(snapshot.entries) == 2

    assert not (tmp_path / "elsewhere").exists()


def test_subdir(server: GitServer, scratch: Path) -> None:
    with open_snapshot(f"{server.url}/project.git", scratch=scratch, subdir="./src/") as snapshot:
        assert list(snapshot.entries) == ["b.py"]
        assert snapshot.subject.path == "src"
        assert snapshot.read("b.py") == b"x = 1\n"


@pytest.mark.parametrize("subdir", ["nope", "a.txt", "src/b.py"])
def test_no_such_subdir(server: GitServer, scratch: Path, subdir: str) -> None:
    with pytest.raises(SourceError, match="no folder"):
        open_snapshot(f"{server.url}/project.git", scratch=scratch, subdir=subdir)

    assert list(scratch.iterdir()) == []


def test_no_git_on_this_machine(scratch: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import git as package

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(package.Git, "GIT_PYTHON_GIT_EXECUTABLE", "git")

    with pytest.raises(SourceError, match="git cannot be started"):
        open_snapshot("http://127.0.0.1:1/x", scratch=scratch)

    assert list(scratch.iterdir()) == []
