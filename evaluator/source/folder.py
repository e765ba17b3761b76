"""Which files lie in a folder of this machine, and what is in them, without following a link or waiting for anything?"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from evaluator.source import names
from evaluator.source.blobs import POINTER_SIZES, is_pointer
from evaluator.source.limits import Deadline, FetchLimits
from evaluator.source.listing import fair_share
from evaluator.source.snapshot import Entry, Kind, Unreadable

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Found:
    """One file, link or embedded repository; ``name`` is relative to the walked folder.

    Attributes:
        size: Bytes; None where it could not be looked at.
        readable: This process may open it.
    """

    name: bytes
    kind: Kind
    size: int | None = None
    readable: bool = True


@dataclass(frozen=True, kw_only=True)
class Walk:
    """What was found; ``cut``: there was more than may be looked at, or it lay too deep."""

    items: tuple[Found, ...]
    cut: bool = False


Enters = Callable[[bytes], bool]
"""Whether a sub-folder (relative name) is walked; it may note things of its own."""


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder that is read, component by component, without ever following a link below it."""

    root: bytes

    def walk(self, start: bytes, *, enters: Enters, keeps: Enters, limits: FetchLimits, deadline: Deadline) -> Walk:
        """Return the regular files, links and embedded repositories below ``start`` (relative), ``.git`` left out.

        FIFOs, sockets and devices are left out, as git does. Folders that cannot be opened count as empty.

        Args:
            enters: Asked for each folder, on the way down.
            keeps: Asked for each file and link, in no fixed order within a folder.

        Raises:
            SourceError: It took too long.
        """
        found: list[Found] = []
        cut = False
        waiting = [start]
        while waiting:
            deadline.check()
            folder = waiting.pop()
            if folder.count(b"/") >= limits.depth:
                cut = True
                continue
            # In order, so that a cut falls at the same place on every machine.
            for item in sorted(islice(self._children(folder), limits.names + 1), key=_name):
                if isinstance(item, Found):
                    if keeps(item.name):
                        found.append(item)
                elif enters(item):
                    waiting.append(item)
            if len(found) > limits.names:
                return Walk(items=tuple(found[: limits.names]), cut=True)
        return Walk(items=tuple(found), cut=cut)

    def read(self, name: bytes, *, limit: int) -> bytes:
        """Return at most ``limit`` bytes of the regular file ``name``.

        Raises:
            OSError: It is not there, is not a regular file, or may not be read; a link counts as not there.
        """
        return b"".join(self.chunks(name, limit=limit))

    def chunks(self, name: bytes, *, limit: int) -> Iterator[bytes]:
        """Yield the content of the regular file ``name``, at most ``limit`` bytes in all; errors as ``read``."""
        with self._parent(name) as (parent, last):
            handle = os.open(last, _FILE, dir_fd=parent)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise FileNotFoundError(name)
            while limit > 0 and (chunk := os.read(handle, min(limit, _CHUNK))):
                limit -= len(chunk)
                yield chunk
        finally:
            os.close(handle)

    def target(self, name: bytes) -> bytes:
        """Return what the link ``name`` points to.

        Raises:
            OSError: It is no link, or not there.
        """
        with self._parent(name) as (parent, last):
            return os.readlink(last, dir_fd=parent)

    def look(self, name: bytes) -> Found | None:
        """Return the file or link ``name``; None if there is none. What may not be looked at is there."""
        try:
            with self._parent(name) as (parent, last):
                mode = os.stat(last, dir_fd=parent, follow_symlinks=False)
                return _seen(name, mode, readable=os.access(last, os.R_OK, dir_fd=parent))
        except PermissionError:
            return Found(name=name, kind="file", readable=False)
        except OSError:
            return None

    def is_folder(self, name: bytes) -> bool:
        """Whether ``name`` is a folder, reached without a link."""
        try:
            with self._parent(_joined(name, b".")):
                return True
        except OSError:
            return False

    def content(self, entry: Entry) -> bytes:
        """Return the content of ``entry``, cut at the size it had when it was listed.

        Raises:
            Unreadable: It cannot be read any more.
        """
        name = names.original(entry.path)
        try:
            return self.target(name) if entry.kind == "symlink" else self.read(name, limit=entry.size or 0)
        except OSError as fault:
            raise Unreadable(entry.path, "not-found") from fault

    def below(self, name: bytes) -> Folder:
        """Return the folder ``name`` of this one."""
        return Folder(root=_joined(self.root, name) if name else self.root)

    def _children(self, folder: bytes) -> Iterator[Found | bytes]:
        """Yield what lies directly in ``folder``: files and links, and the names of folders."""
        try:
            with self._parent(_joined(folder, b".")) as (handle, _), os.scandir(handle) as children:
                for child in children:
                    name = os.fsencode(child.name)
                    if name.lower() != b".git":
                        yield from _looked_at(_joined(folder, name), child, handle)
        except OSError:
            return

    @contextlib.contextmanager
    def _parent(self, name: bytes) -> Iterator[tuple[int, bytes]]:
        """Open the folder that holds ``name``; yield its handle and the last component."""
        *folders, last = name.split(b"/")
        handle = os.open(self.root, _FOLDER)
        try:
            for part in folders:
                below = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=handle)
                os.close(handle)
                handle = below
            yield handle, last
        finally:
            os.close(handle)


def read_plain(folder: Folder, limits: FetchLimits, deadline: Deadline) -> tuple[dict[str, Entry], bool]:
    """Return every file below ``folder``, which is no work tree, by path; and whether there were more.

    Raises:
        SourceError: It took too long.
    """
    walk = folder.walk(b"", enters=lambda _: True, keeps=lambda _: True, limits=limits, deadline=deadline)
    chosen = fair_share([(item.name, item) for item in walk.items], limits.files)
    made = (_plain_entry(folder, item) for item in chosen)
    return {entry.path: entry for entry in sorted(made, key=lambda e: e.path)}, walk.cut or len(chosen) < len(
        walk.items
    )


def _plain_entry(folder: Folder, item: Found) -> Entry:
    lfs, here = False, item.readable
    if here and item.kind != "symlink" and item.size is not None and item.size in POINTER_SIZES:
        try:
            lfs = is_pointer(folder.read(item.name, limit=item.size))
        except OSError:
            here = False
    return Entry(path=names.shown(item.name), kind=item.kind, size=item.size, here=here, lfs=lfs)


def _looked_at(name: bytes, child: os.DirEntry[str], parent: int) -> Iterator[Found | bytes]:
    try:
        mode = child.stat(follow_symlinks=False)
    except OSError:
        yield Found(name=name, kind="file", readable=False)
        return
    if stat.S_ISDIR(mode.st_mode):
        yield name
    elif (item := _seen(name, mode, readable=os.access(child.name, os.R_OK, dir_fd=parent))) is not None:
        yield item


def _name(item: Found | bytes) -> bytes:
    return item if isinstance(item, bytes) else item.name


def _seen(name: bytes, state: os.stat_result, *, readable: bool) -> Found | None:
    """Return what ``state`` says ``name`` is; None for what can hang or has no content: FIFOs, sockets, devices."""
    if stat.S_ISLNK(state.st_mode):
        return Found(name=name, kind="symlink", size=state.st_size)
    if not stat.S_ISREG(state.st_mode):
        return None
    kind: Kind = "executable" if state.st_mode & stat.S_IXUSR else "file"
    return Found(name=name, kind=kind, size=state.st_size, readable=readable)


def _joined(folder: bytes, name: bytes) -> bytes:
    return folder + b"/" + name if folder else name
