"""How does a snapshot become a private copy on disk, in which something can be run?"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evaluator.source import names
from evaluator.source.snapshot import Entry, Snapshot, Unreadable

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LONGEST_LINK = 4_095
_OF_THE_NAME = {
    errno.EEXIST,
    errno.EINVAL,
    errno.EILSEQ,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOTDIR,
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written.

    Attributes:
        files: Regular files and links.
        total_bytes: Their contents together.
        skipped: Paths that are listed and were not written: content not here or over the limit, submodules, links that
            lead out of the tree, names this file system does not take. Sorted.
    """

    files: int
    total_bytes: int
    skipped: tuple[str, ...]


def write_tree(snapshot: Snapshot, folder: Path, *, limit_bytes: int) -> Written:
    """Write ``snapshot`` below ``folder``, which must not exist or be empty; what it is asked to write is all it writes.

    Names get their original bytes back. Files become 0644, executables 0755, folders 0755, whatever the umask: another
    user must be able to read them. Links are written last, so that nothing is written through one. There is no ``.git``.

    Args:
        limit_bytes: Contents together; a file that does not fit any more is skipped, later smaller ones may fit.

    Raises:
        OSError: ``folder`` itself cannot be written to, or the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    writer = _Writer(root=os.fsencode(folder), left=limit_bytes)
    entries = snapshot.entries.values()
    for entry in entries:
        writer.make_parents(entry)
    for entry in (*_of_kind(entries, "file", "executable"), *_of_kind(entries, "submodule")):
        writer.write_file(snapshot, entry)
    for entry in _of_kind(entries, "symlink"):
        writer.write_link(snapshot, entry)
    return Written(files=writer.files, total_bytes=limit_bytes - writer.left, skipped=tuple(sorted(writer.skipped)))


class _Writer:
    def __init__(self, root: bytes, left: int) -> None:
        self.root, self.left = root, left
        self.files = 0
        self.skipped: set[str] = set()
        self._made = {b""}

    def make_parents(self, entry: Entry) -> None:
        name = names.original(entry.path)
        if not names.is_inside(name):
            self.skipped.add(entry.path)
            return
        parts = name.split(b"/")
        for depth in range(1, len(parts)):
            parent = b"/".join(parts[:depth])
            if parent in self._made:
                continue
            try:
                os.mkdir(self._place(parent), 0o755)  # noqa: PTH102 - names are bytes
                os.chmod(self._place(parent), 0o755)  # noqa: PTH101, S103 - names are bytes; the sandbox is another user
            except OSError as fault:
                self._let_pass(fault, entry)
                return
            self._made.add(parent)

    def write_file(self, snapshot: Snapshot, entry: Entry) -> None:
        if entry.path in self.skipped:
            return
        fits = entry.size is not None and entry.size <= self.left
        if entry.kind == "submodule" or not entry.here or entry.lfs or not fits:
            self.skipped.add(entry.path)
            return
        try:
            content = snapshot.read_blob(entry)[: self.left]
            self._write(entry, content)
        except Unreadable:
            self.skipped.add(entry.path)
        except OSError as fault:
            self._let_pass(fault, entry)
        else:
            self.files += 1
            self.left -= len(content)

    def write_link(self, snapshot: Snapshot, entry: Entry) -> None:
        if entry.path in self.skipped:
            return
        name = names.original(entry.path)
        try:
            short = entry.here and entry.size is not None and entry.size <= _LONGEST_LINK
            target = snapshot.read_blob(entry) if short else b""
            if not stays_inside(name, target):
                self.skipped.add(entry.path)
                return
            os.symlink(target, self._place(name))  # noqa: PTH211 - names are bytes
        except Unreadable:
            self.skipped.add(entry.path)
        except OSError as fault:
            self._let_pass(fault, entry)
        else:
            self.files += 1

    def _write(self, entry: Entry, content: bytes) -> None:
        mode = 0o755 if entry.kind == "executable" else 0o644
        handle = os.open(self._place(names.original(entry.path)), _CREATE, mode)
        with os.fdopen(handle, "wb") as stream:
            os.fchmod(handle, mode)
            stream.write(content)

    def _place(self, name: bytes) -> bytes:
        return self.root + b"/" + name

    def _let_pass(self, fault: OSError, entry: Entry) -> None:
        """Skip ``entry`` if only its name or place is at fault, as a crafted tree can have them."""
        if fault.errno not in _OF_THE_NAME:
            raise fault
        self.skipped.add(entry.path)


def stays_inside(name: bytes, target: bytes) -> bool:
    """Whether a link called ``name`` with ``target`` leads to something inside the tree, read as text alone.

    ``..`` may only stand at the start of ``target``: behind a folder that is itself a link it would lead elsewhere than
    the text says.
    """
    if not target or target.startswith(b"/") or b"\0" in target:
        return False
    parts = [part for part in target.split(b"/") if part not in {b"", b"."}]
    ups = next((i for i, part in enumerate(parts) if part != b".."), len(parts))
    below = parts[ups:]
    return ups <= name.count(b"/") and b".." not in below and not any(part.lower() == b".git" for part in below)


def _of_kind(entries: Iterable[Entry], *kinds: str) -> list[Entry]:
    return [entry for entry in entries if entry.kind in kinds]
