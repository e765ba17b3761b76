"""How is a remote repository copied, within limits, so that nothing of it runs here?"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluator.errors import SourceError
from evaluator.source import credentials, denial, names
from evaluator.source.address import Remote
from evaluator.source.command import Running, output
from evaluator.source.credentials import Access
from evaluator.source.limits import Deadline, FetchLimits, too_big
from evaluator.source.private import HEX, Judged, commit_of, look_up, seal

_DIGITS = re.compile(r"[0-9a-fA-F]{4,64}")


def clone(address: Remote, git_dir: Path, limits: FetchLimits, deadline: Deadline) -> Judged:
    """Make ``git_dir`` a private bare repository with the history of what ``address`` names.

    Files over ``limits.blob_bytes`` are left behind where the server can do so, and fetched where it cannot.

    Raises:
        EmptyError: It has no commit.
        SourceError: It cannot be had, or only over the limits.
    """
    from git import Git

    Git.check_unsafe_protocols(address.url)  # a second lock: address.parse lets none through
    transfer = _Transfer(address, git_dir, limits, deadline, credentials.access(address, git_dir.parent))
    ref = re.sub(r"^refs/(heads|tags)/|^HEAD$", "", address.ref or "")
    if _DIGITS.fullmatch(ref):
        transfer.clone(["--no-single-branch"])
        commit = _among(git_dir, ref) or transfer.by_id(ref.lower())
    else:
        transfer.clone(["--single-branch", "--no-tags", *([f"--branch={ref}"] if ref else [])])
        commit = commit_of(git_dir, "HEAD")
    if commit is None:
        raise denial.no_commit(address, has_branches=transfer.has_branches())
    branch = output(["symbolic-ref", "--short", "--quiet", "HEAD"], git_dir=git_dir) or b""
    seal(git_dir, commit=commit)
    return look_up(git_dir, commit, ref=ref or names.shown(branch.strip()) or commit, what=address.shown)


def _among(git_dir: Path, ref: str) -> str | None:
    """Return the commit of the tag, branch or object id ``ref`` among what was fetched."""
    found = (commit_of(git_dir, name) for name in (f"refs/tags/{ref}", f"refs/heads/{ref}", ref.lower()))
    return next((commit for commit in found if commit is not None), None)


@dataclass
class _Transfer:
    """The calls that go over the network; ``granted`` loses the token if the server refuses it."""

    address: Remote
    git_dir: Path
    limits: FetchLimits
    deadline: Deadline
    granted: Access

    def clone(self, scope: Sequence[str]) -> None:
        """Clone the branches in ``scope``.

        Raises:
            SourceError: It failed.
        """
        args = ["clone", "--bare", "--quiet", "--no-recurse-submodules", "--template=", self._filter, *scope]
        args += ["--", self.address.url, str(self.git_dir)]
        had_token = self.granted.uses_token
        code, errors = self._git(args)
        if code != 0 and had_token and denial.reason(errors) in {"access", "missing"}:
            self.granted = credentials.without_token(self.granted)
            shutil.rmtree(self.git_dir, ignore_errors=True)
            code, errors = self._git(args)
        if code != 0:
            raise denial.denied(self.address, errors, used_token=had_token)

    def by_id(self, oid: str) -> str | None:
        """Fetch the commit ``oid``, which no branch or tag leads to; None if the server has none."""
        if not HEX.fullmatch(oid):
            return None
        code, errors = self._git(["fetch", "--quiet", "--no-tags", self._filter, "--", "origin", oid], self.git_dir)
        if code != 0 and denial.reason(errors) not in {"ref", "missing", "other"}:
            raise denial.denied(self.address, errors, used_token=self.granted.uses_token)
        return commit_of(self.git_dir, oid) if code == 0 else None

    def has_branches(self) -> bool:
        """Whether the remote has a branch at all."""
        return self._git(["ls-remote", "--heads", "--exit-code", "--quiet", "--", self.address.url])[0] == 0

    @property
    def _filter(self) -> str:
        return f"--filter=blob:limit={self.limits.blob_bytes + 1}"

    def _git(self, args: Sequence[str], git_dir: Path | None = None) -> tuple[int, str]:
        running = Running(
            args,
            folder=self.git_dir.parent,
            git_dir=git_dir,
            settings=self.granted.settings,
            environ=self.granted.environ,
            seconds=self.deadline.left(),
            too_much=self._is_too_much,
        )
        with running:
            while running.out.read(1 << 16):
                continue
            code = running.finish()
        if running.stopped == "bytes" or self._is_too_much():
            raise too_big(self.address.shown, self.limits.total_bytes)
        if running.stopped == "time":
            raise SourceError(
                f"{self.address.shown}: not fetched within {self.deadline.seconds:g} s; clone it and name the folder"
            )
        return code, running.errors

    def _is_too_much(self) -> bool:
        total = 0
        for folder, _, files in os.walk(self.git_dir):
            for name in files:
                with contextlib.suppress(OSError):
                    total += os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118 - no Path per file, ten times a second
        return total > self.limits.total_bytes
