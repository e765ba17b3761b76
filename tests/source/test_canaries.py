"""Nothing of a target runs: whatever a repository may name is given a canary to touch."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluator.errors import SourceError, UsageError
from evaluator.source.opening import open_snapshot
from evaluator.source.writing import write_tree
from tests.repositories import git, repository, write
from tests.source.servers import serving


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return repository(tmp_path / "project", ("one", {"a.txt": "1\n"}), ("two", {"a.txt": "2\n", "b/c.txt": "c\n"}))


def fsmonitor(project: Path, canary: Path) -> None:
    git(project, "config", "core.fsmonitor", f"touch {canary}; false")


def hooks(project: Path, canary: Path) -> None:
    for name in ("post-checkout", "pre-auto-gc", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        _script(project / ".git/hooks" / name, canary)


def hooks_path(project: Path, canary: Path) -> None:
    _script(project / "hooks/post-checkout", canary)
    _script(project / "hooks/reference-transaction", canary)
    git(project, "config", "core.hooksPath", str(project / "hooks"))


def filters(project: Path, canary: Path) -> None:
    write(project, {".gitattributes": "* filter=evil diff=evil merge=evil\n"})
    for key in (
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.evil.command",
    ):
        git(project, "config", key, f"touch {canary}")
    git(project, "config", "filter.evil.required", "true")


def programs(project: Path, canary: Path) -> None:
    keys = (
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "core.gitProxy",
        "core.alternateRefsCommand",
    )
    for key in (*keys, "diff.external", "uploadpack.packObjectsHook", "gpg.program", "credential.helper", "alias.log"):
        git(project, "config", key, f"touch {canary}")


def included(project: Path, canary: Path) -> None:
    write(project, {".gitconfig": f"[core]\n\tfsmonitor = touch {canary}\n"})
    git(project, "config", "include.path", "../.gitconfig")


def promisor(project: Path, canary: Path) -> None:
    """An object is missing, and the remote that is said to have it is a command."""
    git(project, "config", "remote.origin.url", f"ext::touch {canary}")
    git(project, "config", "remote.origin.promisor", "true")
    git(project, "config", "extensions.partialClone", "origin")
    git(project, "config", "protocol.ext.allow", "always")
    oid = git(project, "rev-parse", "HEAD:b/c.txt").strip()
    (project / f".git/objects/{oid[:2]}/{oid[2:]}").unlink()


def submodule(project: Path, canary: Path) -> None:
    write(
        project,
        {".gitmodules": f'[submodule "s"]\n\tpath = s\n\turl = ext::touch {canary}\n\tupdate = !touch {canary}\n'},
    )
    git(project, "config", "submodule.s.update", f"!touch {canary}")
    git(project, "config", "protocol.ext.allow", "always")
    oid = git(project, "rev-parse", "HEAD").strip()
    git(project, "update-index", "--add", "--cacheinfo", f"160000,{oid},s")
    git(project, "add", ".gitmodules")
    git(project, "commit", "-q", "-m", "three")


def nested_bare(project: Path, canary: Path) -> None:
    """A bare repository among the files, whose configuration git obeys when it is started in it."""
    inner = project / "inner"
    git(project, "init", "-q", "--bare", "inner")
    git(inner, "config", "core.fsmonitor", f"touch {canary}; false")
    git(inner, "config", "core.worktree", "..")
    _script(inner / "hooks/post-checkout", canary)
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "three")


ARRANGEMENTS = [fsmonitor, hooks, hooks_path, filters, programs, included, promisor, submodule, nested_bare]


def _script(path: Path, canary: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\ntouch {canary}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("arrange", ARRANGEMENTS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("way", ["folder", "commit", "file URL", "subdir", "server"])
def test_nothing_runs(
    project: Path, canary: Path, scratch: Path, tmp_path: Path, arrange: Callable[[Path, Path], None], way: str
) -> None:
    arrange(project, canary)
    canary.unlink(missing_ok=True)  # git itself may have run it while the trap was laid

    with serving(tmp_path) as server:
        target = {"commit": f"{project}@HEAD", "file URL": f"file://{project}", "server": f"{server.url}/project"}
        try:
            with open_snapshot(
                target.get(way, str(project)), scratch=scratch, subdir="b" * (way == "subdir")
            ) as snapshot:
                for path in snapshot.paths():
                    if snapshot.entries[path].here:
                        snapshot.read(path)
                write_tree(snapshot, tmp_path / "copy", limit_bytes=1_000_000)
        except SourceError:
            assert (arrange, way) == (promisor, "server")

    assert not canary.exists()


def test_fsmonitor_trap_would_work(project: Path, canary: Path) -> None:
    """The trap is a real one: git status falls into it."""
    fsmonitor(project, canary)

    git(project, "status")

    assert canary.exists()


@pytest.mark.parametrize(
    "target",
    [
        "--upload-pack=touch {}",
        "-utouch {}",
        "ext::touch {}",
        "ext::sh -c touch% {}",
        "ssh://-oProxyCommand=touch%20{}/x",
        "git@-oProxyCommand=touch {}:x",
        "https://h.org/x@--upload-pack=touch {}",
        "$(touch {})",
        "`touch {}`",
        "| touch {}",
        "; touch {}",
    ],
)
def test_targets_that_would_be_commands(target: str, canary: Path, scratch: Path) -> None:
    with pytest.raises((UsageError, SourceError)):
        open_snapshot(target.format(canary), scratch=scratch)

    assert not canary.exists()
    assert list(scratch.iterdir()) == []


def test_ref_that_would_be_an_option(project: Path, canary: Path, scratch: Path) -> None:
    with pytest.raises(UsageError):
        open_snapshot(f"{project}@--upload-pack=touch {canary}", scratch=scratch)


def test_private_repository_runs_nothing_later(project: Path, canary: Path, scratch: Path) -> None:
    """The history is handed on to other tools: their git finds no command in it either."""
    programs(project, canary)
    fsmonitor(project, canary)
    with open_snapshot(str(project), scratch=scratch) as snapshot:
        assert snapshot.git_dir is not None
        for args in (["log", "-p"], ["gc", "--auto"], ["for-each-ref"], ["count-objects"]):
            subprocess.run(
                ["git", f"--git-dir={snapshot.git_dir}", *args],
                env={**os.environ, "HOME": "/"},
                capture_output=True,
                check=True,
            )

    assert not canary.exists()
