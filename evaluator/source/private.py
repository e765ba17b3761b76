"""Which commit is judged, in which repository of ours, whose configuration is ours too?"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evaluator.errors import EmptyError, SourceError
from evaluator.source.command import output

HEX = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_COMMITTER = re.compile(rb"^committer [^\n]*> (-?[0-9]{1,15}) [-+]?[0-9]+$", re.MULTILINE)

# Whoever runs git here, with whatever settings of the user's, runs nothing and fetches nothing.
_CONFIG = """\
[core]
	repositoryformatversion = 1
	bare = true
	hooksPath = /dev/null
	fsmonitor = false
	commitGraph = false
[gc]
	auto = 0
[maintenance]
	auto = false
[log]
	showSignature = false
[protocol]
	allow = never
[extensions]
	objectFormat = {format}
"""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One commit in a private bare repository.

    Attributes:
        commit: Object id, 40 or 64 hexadecimal digits.
        tree: Object id of its tree.
        ref: The branch, tag or commit asked for, or that HEAD names.
        as_of: The committer's date, ISO 8601 in UTC; None where it is no date.
    """

    git_dir: Path
    commit: str
    tree: str
    ref: str
    as_of: str | None


def borrow(objects: Path, git_dir: Path, *, commit: str, shallow: bytes = b"") -> None:
    """Make ``git_dir`` a bare repository that reads the objects of another and nothing else of it.

    Args:
        objects: The folder of objects, which is used where it lies (gitrepository-layout(5), ``info/alternates``).
        commit: What its HEAD is; the number of digits tells the hash that the repository uses.
        shallow: The commits at which the other copy was cut off, a line each.
    """
    for folder in ("objects/info", "objects/pack", "refs/heads", "info"):
        (git_dir / folder).mkdir(parents=True)
    (git_dir / "objects/info/alternates").write_bytes(_c_quoted(os.fsencode(objects)) + b"\n")
    if shallow:
        (git_dir / "shallow").write_bytes(shallow)
    seal(git_dir, commit=commit)


def seal(git_dir: Path, *, commit: str) -> None:
    """Give the bare repository ``git_dir`` our configuration and nothing else, and detach its HEAD at ``commit``.

    What a clone notes goes with it: the remote's address, and leave to fetch missing objects from it later.
    """
    hash_name = "sha256" if len(commit) == 64 else "sha1"
    (git_dir / "config").write_text(_CONFIG.format(format=hash_name))
    (git_dir / "HEAD").write_text(f"{commit}\n")


def look_up(git_dir: Path, commit: str, *, ref: str, what: str) -> Judged:
    """Return ``commit`` of ``git_dir`` with its tree and date.

    Raises:
        SourceError: It is not there, or is no commit. The message names ``what``.
    """
    tree = output(["rev-parse", "--verify", "--quiet", f"{commit}^{{tree}}"], git_dir=git_dir)
    content = output(["cat-file", "commit", commit], git_dir=git_dir)
    if tree is None or content is None:
        raise SourceError(f"{what}: commit {commit[:12]} is not in this copy; fetch it, or name another after @")
    match = _COMMITTER.search(content.partition(b"\n\n")[0])
    return Judged(
        git_dir=git_dir,
        commit=commit,
        tree=tree.decode().strip(),
        ref=ref,
        as_of=_date(int(match[1])) if match else None,
    )


def commit_of(git_dir: Path, ref: str) -> str | None:
    """Return the commit that ``ref`` (a full name, or digits of an object id) leads to; None if to none, or several."""
    found = output(["rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"], git_dir=git_dir)
    name = found.decode().strip() if found else ""
    return name if HEX.fullmatch(name) else None


def no_commit(what: str) -> EmptyError:
    """Return the error for a repository in which nothing was committed yet."""
    return EmptyError(f"{what}: a repository without a commit, so there is nothing to evaluate; commit and try again")


def _date(seconds: int) -> str | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return None


def _c_quoted(path: bytes) -> bytes:
    """Return ``path`` as git quotes it in its files: needed for a newline, a quote or ``#`` at the start."""
    safe = b"".join(bytes([c]) if 32 <= c < 127 and c not in b'"\\' else b"\\%03o" % c for c in path)
    return b'"' + safe + b'"'
