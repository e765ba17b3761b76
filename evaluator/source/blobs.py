"""What does the object with this id hold?"""

from __future__ import annotations

import os
import select
import threading
import time
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path

from evaluator.source.command import Running

_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
# The specification allows a pointer 1024 bytes; its three required lines take over 100.
# Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
_WAITS = 3
POINTER_SIZES = range(100, 1_025)


def is_pointer(content: bytes) -> bool:
    """Whether ``content`` is a Git LFS pointer: a few lines that stand for a file kept elsewhere."""
    return len(content) in POINTER_SIZES and content.startswith(_POINTER) and b"\noid sha256:" in content


class Blobs:
    """Reads blobs of one private repository by object id, through one ``git cat-file --batch`` that stays.

    Safe to use from several threads. Ends with ``close`` or when nothing refers to it any more. A damaged object may
    make git end or wait for ever (and so does a FIFO in a hostile object folder): git is then started anew, but after
    ``_WAITS`` waits nothing is read any more.
    """

    def __init__(self, git_dir: Path, *, patience: float = 10) -> None:
        """Start nothing yet. ``patience``: seconds without a byte after which git is given up."""
        self._git_dir, self._patience = git_dir, patience
        self._lock = threading.Lock()
        self._running: Running | None = None
        self._pending = bytearray()
        self._waits = 0
        self._closed = False
        self._ender: weakref.finalize[..., Blobs] | None = None

    def read(self, oid: str) -> bytes:
        """Return the content of the blob ``oid``.

        Raises:
            KeyError: It is not here, is no blob, or cannot be read.
        """
        with self._lock:
            try:
                return self._ask(oid)
            except (OSError, TimeoutError, ValueError) as fault:
                self._stop()
                self._waits += isinstance(fault, TimeoutError)
                raise KeyError(oid) from fault

    def close(self) -> None:
        """End the process; a later ``read`` raises."""
        with self._lock:
            self._closed = True
            self._stop()

    def _ask(self, oid: str) -> bytes:
        if self._closed or self._waits >= _WAITS:
            raise KeyError(oid)
        running = self._running or self._start()
        os.write(running.into.fileno(), oid.encode() + b"\n")
        header = self._line(running).split()
        if len(header) != 3:
            raise KeyError(oid)
        content = self._take(running, int(header[2]) + 1)[:-1]
        if header[1] != b"blob":
            raise KeyError(oid)
        return content

    def _start(self) -> Running:
        running = Running(["cat-file", "--batch"], folder=self._git_dir, git_dir=self._git_dir, feed=None)
        self._running = running.__enter__()
        self._ender = weakref.finalize(self, running.__exit__, None, None, None)
        self._pending.clear()
        return self._running

    def _stop(self) -> None:
        if self._ender is not None:
            self._ender()
        self._running = self._ender = None

    def _line(self, running: Running) -> bytes:
        while (end := self._pending.find(b"\n")) < 0:
            self._more(running)
        line = bytes(self._pending[:end])
        del self._pending[: end + 1]
        return line

    def _take(self, running: Running, size: int) -> bytes:
        while len(self._pending) < size:
            self._more(running)
        taken = bytes(self._pending[:size])
        del self._pending[:size]
        return taken

    def _more(self, running: Running) -> None:
        handle = running.out.fileno()
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        if not poll.poll(self._patience * 1_000):
            raise TimeoutError
        chunk = os.read(handle, 1 << 20)
        if not chunk:
            raise OSError("git ended")
        self._pending += chunk


def sizes(git_dir: Path, oids: Iterable[str], *, seconds: float) -> Mapping[str, int]:
    """Return object id → bytes for those of ``oids`` that are blobs and here."""
    wanted = sorted(set(oids))
    found: dict[str, int] = {}
    feed = "".join(f"{oid}\n" for oid in wanted).encode()
    args = ["cat-file", "--batch-check", "--buffer"]
    with Running(args, folder=git_dir, git_dir=git_dir, seconds=seconds, feed=feed) as running:
        for line in running.out:
            oid, _, rest = line.decode("ascii", "replace").partition(" ")
            kind, _, size = rest.strip().partition(" ")
            if kind == "blob" and size.isdecimal():
                found[oid] = int(size)
    return found


def pointers(git_dir: Path, found: Mapping[str, int], *, seconds: float) -> frozenset[str]:
    """Return those object ids of ``found`` (id → bytes) whose content is a Git LFS pointer."""
    end = time.monotonic() + seconds
    small = [oid for oid, size in sorted(found.items()) if size in POINTER_SIZES]
    held: set[str] = set()
    if not small:
        return frozenset()
    reader = Blobs(git_dir)
    try:
        for oid in small:
            if time.monotonic() > end:
                break
            try:
                if is_pointer(reader.read(oid)):
                    held.add(oid)
            except KeyError:
                continue
    finally:
        reader.close()
    return frozenset(held)
