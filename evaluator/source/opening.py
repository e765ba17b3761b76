"""How does a TARGET become a snapshot?"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import assert_never

import msgspec

from evaluator.cache import Cache
from evaluator.errors import EmptyError, SourceError, UsageError
from evaluator.model import Subject
from evaluator.source import names, stores
from evaluator.source.address import Address, Archive, Local, Remote, parse
from evaluator.source.archive import open_archive
from evaluator.source.blobs import Blobs
from evaluator.source.fetch import clone
from evaluator.source.folder import Folder, read_plain
from evaluator.source.limits import Deadline, FetchLimits
from evaluator.source.listing import Listing, blob_content, entries, list_commit
from evaluator.source.private import Judged
from evaluator.source.snapshot import Entry, Snapshot


def open_snapshot(
    target: str,
    *,
    scratch: Path,
    subdir: str = "",
    offline: bool = False,
    limits: FetchLimits | None = None,
    cache: Cache | None = None,
) -> Snapshot:
    """Return what ``target`` holds; nothing of it is executed and none of its configuration obeyed.

    Args:
        target: See ``address.parse``.
        scratch: A folder that outlives the snapshot; what is needed on disk is made below it.
        subdir: The folder of the target to judge, POSIX; empty for the whole.
        offline: Only what is on this machine.
        cache: What goes with the snapshot for those who read it.

    Raises:
        UsageError: ``target`` or ``subdir`` is malformed.
        EmptyError: There is no commit, or no file.
        SourceError: It cannot be had. Nothing is left in ``scratch`` then.
    """
    address = parse(target)
    below = _clean(subdir)
    limits = limits or FetchLimits()
    deadline = Deadline(address.shown, limits.seconds)
    if offline and isinstance(address, Remote):
        raise SourceError(f"{address.shown}: is on another machine, and --offline forbids the network")
    with ExitStack() as undoing:
        workshop = Path(tempfile.mkdtemp(prefix="source-", dir=scratch))
        undoing.callback(shutil.rmtree, workshop, ignore_errors=True)
        opening = _Opening(workshop=workshop, below=below, limits=limits, deadline=deadline, cache=cache or Cache(None))
        made = opening.open(address)
        undoing.pop_all()
    return made


@dataclass(frozen=True, kw_only=True)
class _Opening:
    """One call of ``open_snapshot``."""

    workshop: Path
    below: bytes
    limits: FetchLimits
    deadline: Deadline
    cache: Cache

    def open(self, address: Address) -> Snapshot:
        match address:
            case Remote():
                judged = clone(address, self._git_dir, self.limits, self.deadline)
                subject = Subject(source=address.shown, name=address.name)
                return self._commit(judged, subject, left_behind=self.limits.blob_bytes + 1)
            case Archive():
                return self._archive(address)
            case Local():
                return self._local(address)
            case _:
                assert_never(address)

    @property
    def _git_dir(self) -> Path:
        return self.workshop / "history.git"

    def _local(self, address: Local) -> Snapshot:
        if not os.path.isdir(address.folder):  # noqa: PTH112 - pathlib's raises where access is denied
            raise SourceError(f"{address.shown}: there is no such folder here; GitHub's are written owner/repo")
        if not os.access(address.folder, os.R_OK | os.X_OK):
            raise SourceError(f"{address.shown}: this folder may not be read by you; check its permissions")
        root = Path(os.path.realpath(address.folder))
        store = stores.find(root)
        subject = Subject(source="local", name=address.name)
        if store is None:
            if address.committed:
                raise SourceError(f"{address.shown}: not a git repository, so it has no commits; name the folder alone")
            return self._plain(Folder(root=os.fsencode(root)), subject)
        judged = stores.judged(store, self._git_dir, ref=address.ref, what=address.shown)
        if address.committed or store.bare:
            return self._commit(judged, subject, left_behind=None)
        return self._work_tree(address, Folder(root=os.fsencode(root)), judged, subject, stores.exclude(store))

    def _commit(self, judged: Judged, subject: Subject, *, left_behind: int | None) -> Snapshot:
        listing = list_commit(judged, self.below, self.limits, self.deadline)
        if listing is None:
            raise self._no_folder()
        found, truncated = entries(judged, listing, self.limits, self.deadline, left_behind=left_behind)
        blobs = Blobs(judged.git_dir)
        return self._snapshot(
            self._dated(subject, judged),
            found,
            partial(blob_content, blobs),
            git_dir=judged.git_dir,
            truncated=truncated,
            close=blobs.close,
        )

    def _work_tree(self, address: Local, folder: Folder, judged: Judged, subject: Subject, exclude: bytes) -> Snapshot:
        from evaluator.source.worktree import read_work_tree

        listing = list_commit(judged, self.below, self.limits, self.deadline)
        if listing is None and not folder.is_folder(self.below):
            raise self._no_folder()
        tree = read_work_tree(
            folder,
            self.below,
            judged,
            listing or Listing(items=()),
            exclude=exclude,
            limits=self.limits,
            deadline=self.deadline,
        )
        if not tree.entries and listing is not None and listing.items:
            raise EmptyError(f"{address.shown}: no file is checked out; evaluate its commit: {address.shown}@HEAD")
        return self._snapshot(
            msgspec.structs.replace(self._dated(subject, judged), dirty=tree.dirty),
            tree.entries,
            folder.below(self.below).content,
            git_dir=judged.git_dir,
            truncated=tree.truncated,
        )

    def _plain(self, folder: Folder, subject: Subject) -> Snapshot:
        if self.below and not folder.is_folder(self.below):
            raise self._no_folder()
        folder = folder.below(self.below)
        found, truncated = read_plain(folder, self.limits, self.deadline)
        return self._snapshot(self._dated(subject, None), found, folder.content, truncated=truncated)

    def _archive(self, address: Archive) -> Snapshot:
        opened = open_archive(address, self.below, self.workshop, self.limits, self.deadline)
        subject = self._dated(Subject(source="local", name=address.name), None)
        return self._snapshot(subject, opened.entries, opened.content, truncated=opened.truncated, close=opened.close)

    def _snapshot(
        self,
        subject: Subject,
        found: Mapping[str, Entry],
        content: Callable[[Entry], bytes],
        *,
        git_dir: Path | None = None,
        truncated: bool,
        close: Callable[[], None] = lambda: None,
    ) -> Snapshot:
        if not found:
            raise EmptyError(f"{self.deadline.what}: there is no file in it, so there is nothing to evaluate")

        def on_close() -> None:
            close()
            shutil.rmtree(self.workshop, ignore_errors=True)

        return Snapshot(
            subject=subject,
            entries=found,
            read_blob=content,
            git_dir=git_dir,
            truncated=truncated,
            on_close=on_close,
            cache=self.cache,
        )

    def _dated(self, subject: Subject, judged: Judged | None) -> Subject:
        path = names.shown(self.below)
        if judged is None:
            return msgspec.structs.replace(subject, path=path)
        return msgspec.structs.replace(subject, path=path, commit=judged.commit, ref=judged.ref, as_of=judged.as_of)

    def _no_folder(self) -> SourceError:
        return SourceError(f"{self.deadline.what}: there is no folder {names.shown(self.below)} in it; see --path")


def _clean(subdir: str) -> bytes:
    """Return ``subdir`` relative, without ``.`` and double slashes.

    Raises:
        UsageError: It is absolute, or leads out of the target, or into git's own folder.
    """
    name = b"/".join(part for part in os.fsencode(subdir).split(b"/") if part not in {b"", b"."})
    if subdir.startswith("/") or (name and not names.is_inside(name)):
        raise UsageError(f"--path {subdir[:200]!r}: give a folder of the target, relative to it")
    return name
