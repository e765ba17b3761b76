"""Where does a local repository keep its objects and refs? Its configuration is never read."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from evaluator.errors import SourceError
from evaluator.source import names
from evaluator.source.limits import RULES_LIMIT
from evaluator.source.private import HEX, Judged, borrow, commit_of, look_up, no_commit

_SMALL = 4_096
_REFS = 64_000_000
_NAME = re.compile(r"refs/(?!.*(?:\.\.|//|/\.))[^\x00-\x20\x7f~^:?*\[\\]+")
_DIGITS = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True, kw_only=True)
class Store:
    """The places of one repository.

    Attributes:
        git_dir: Holds HEAD. common: Holds objects and refs; another folder in a linked worktree.
        bare: There is no work tree.
    """

    git_dir: Path
    common: Path
    bare: bool

    @property
    def objects(self) -> Path:
        return self.common / "objects"


def find(folder: Path) -> Store | None:
    """Return the repository whose work tree ``folder`` is, or that it is itself; None for any other folder.

    Parents are not searched, as git would: what is judged is the folder that was named.
    """
    dot = folder / ".git"
    git_dir = dot if os.path.isdir(dot) else None  # noqa: PTH112 - pathlib's raises where access is denied
    if git_dir is None and (content := _small(dot)) is not None and content.startswith(b"gitdir:"):
        git_dir = folder / os.fsdecode(content.removeprefix(b"gitdir:").strip())
    if git_dir is not None:
        shared = _small(git_dir / "commondir")
        common = git_dir / os.fsdecode(shared.strip()) if shared else git_dir
        found = Store(git_dir=git_dir, common=common, bare=False)
    else:
        found = Store(git_dir=folder, common=folder, bare=True)
    is_one = os.path.isdir(found.objects) and _small(found.git_dir / "HEAD") is not None  # noqa: PTH112 - pathlib's raises where access is denied
    return found if is_one and os.path.isdir(found.common / "refs") else None  # noqa: PTH112 - pathlib's raises where access is denied


def judged(store: Store, git_dir: Path, *, ref: str | None, what: str) -> Judged:
    """Return the commit of ``store`` that ``ref`` names (None: HEAD), read through a private repository at ``git_dir``.

    A copy that lacks objects is no obstacle: they are read by object id, one by one.

    Raises:
        EmptyError: There is no commit yet.
        SourceError: ``ref`` names none, or the copy lacks it.
    """
    branch, head = _head(store)
    if ref is None or ref == "HEAD":
        start, shown = head, branch or head or ""
    else:
        start, shown = _by_name(store, ref), ref
        if start is None and _DIGITS.fullmatch(ref.lower()):
            start = ref.lower()
    some_id = start if start and HEX.fullmatch(start) else head
    if start is None or some_id is None:
        raise _unresolved(store, ref, what)
    borrow(store.objects.resolve(), git_dir, commit=some_id, shallow=_shallow(store))
    commit = commit_of(git_dir, start)
    if commit is None:
        raise _unresolved(store, ref, what)
    (git_dir / "HEAD").write_text(f"{commit}\n")
    return look_up(git_dir, commit, ref=names.shown(os.fsencode(shown)), what=what)


def exclude(store: Store) -> bytes:
    """Return the ignore rules that the repository keeps to itself (gitignore(5), ``info/exclude``)."""
    return _small(store.common / "info/exclude", RULES_LIMIT) or b""


def _unresolved(store: Store, ref: str | None, what: str) -> SourceError:
    if os.path.isdir(store.common / "reftable"):  # noqa: PTH112 - pathlib's raises where access is denied
        return SourceError(
            f"{what}: this repository keeps its refs in the reftable format, which is not read here;"
            " name the commit: FOLDER@$(git -C FOLDER rev-parse HEAD)"
        )
    if ref is None or ref == "HEAD":
        return (
            no_commit(what)
            if _head(store)[1] is None
            else SourceError(
                f"{what}: the commit that HEAD names is not in this copy; fetch it, or name another after @"
            )
        )
    return SourceError(f"{what}: there is no branch, tag or commit {ref!r}; see: git branch -a, git tag, git log")


def _head(store: Store) -> tuple[str | None, str | None]:
    """Return what HEAD names: the branch (None if it is detached) and the object id (None if there is none yet)."""
    content = (_small(store.git_dir / "HEAD") or b"").decode("utf-8", "surrogateescape").strip()
    if not content.startswith("ref:"):
        return None, content if HEX.fullmatch(content) else None
    name = content.removeprefix("ref:").strip()
    return name.removeprefix("refs/heads/"), _value(store, name)


def _by_name(store: Store, ref: str) -> str | None:
    """Return the object id of the branch or tag ``ref``, in the order of gitrevisions(7)."""
    for pattern in ("{}", "refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/origin/{}"):
        if (found := _value(store, pattern.format(ref))) is not None:
            return found
    return None


def _value(store: Store, name: str) -> str | None:
    for _ in range(5):
        if not _NAME.fullmatch(name):
            return None
        content = _small(store.common / name)
        if content is None:
            return _packed(store, name)
        text = content.decode("utf-8", "surrogateescape").strip()
        if not text.startswith("ref:"):
            return text if HEX.fullmatch(text) else None
        name = text.removeprefix("ref:").strip()
    return None


def _packed(store: Store, name: str) -> str | None:
    content = _small(store.common / "packed-refs", _REFS) or b""
    found = re.search(rb"^([0-9a-f]{40,64}) " + re.escape(os.fsencode(name)) + rb"\r?$", content, re.MULTILINE)
    text = found[1].decode() if found else ""
    return text if HEX.fullmatch(text) else None


def _shallow(store: Store) -> bytes:
    lines = (_small(store.common / "shallow", _REFS) or b"").split()
    return b"".join(line + b"\n" for line in lines if HEX.fullmatch(line.decode("latin-1")))


def _small(path: Path, limit: int = _SMALL) -> bytes | None:
    """Return the content of a regular file of at most ``limit`` bytes; None for everything else."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_size > limit:
            return None
        with os.fdopen(handle, "rb", closefd=False) as stream:
            return stream.read(limit)
    except OSError:
        return None
    finally:
        os.close(handle)
