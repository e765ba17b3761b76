"""What is known already: of this very tree, or of a file that has not changed since?"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from evaluator import __version__, codec, resources
from evaluator.errors import DecodeError

R = TypeVar("R", bound=msgspec.Struct)
T = TypeVar("T")
log = logging.getLogger(__name__)
FILE = "known.sqlite"
LIMIT = 500_000_000
"""Bytes that are kept; beyond, the oldest entries go."""
ENTRY_LIMIT = 64_000_000
_TABLE = "create table if not exists known (key text primary key, value blob not null) strict"


@cache
def fingerprint() -> str:
    """Return what tells this copy of the tool from every other: its files, its Python and its plug-ins.

    Files are told by size and time of change, so that an edited checkout never answers for what it was before.
    """
    from evaluator import plugins

    said = hashlib.sha256(f"{__version__} {sys.version_info[:3]}".encode())
    for root in (Path(__file__).parent, resources.folder("rubrics"), resources.folder("templates")):
        for entry in sorted(_files(str(root)), key=lambda e: e.path):
            seen = entry.stat()
            said.update(f"{entry.path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    for point in plugins.points("evaluator.signals", "evaluator.facts", "evaluator.reports"):
        said.update(f"{point.name} {point.value} {point.dist.version if point.dist else ''}\n".encode())
    return said.hexdigest()


def _files(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as listed:
        for entry in listed:
            if entry.is_dir():
                yield from _files(entry.path) if entry.name != "__pycache__" else ()
            else:
                yield entry


@dataclass(eq=False)
class Cache:
    """A port: bytes that this copy of the tool computed before, by what they were computed from.

    Nothing depends on it but speed: what cannot be read or written is computed again. None as ``folder`` keeps nothing.

    Attributes:
        folder: Where it lies; only the user may write there, for what is read from it is believed.
    """

    folder: Path | None
    _held: sqlite3.Connection | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def get(self, kind: str, *parts: str) -> bytes | None:
        """Return what was kept of ``kind`` under ``parts``; None where nothing was."""
        key = _key(kind, parts)
        row = self._ask(lambda held: held.execute("select value from known where key = ?", (key,)).fetchone())
        return bytes(row[0]) if row else None

    def put(self, kind: str, *parts: str, value: bytes) -> None:
        """Keep ``value``; what is longer than ``ENTRY_LIMIT`` is not."""
        if len(value) <= ENTRY_LIMIT:
            row = (_key(kind, parts), value)
            self._ask(lambda held: held.execute("insert or replace into known values (?, ?)", row))

    def load(self, made: type[R], *parts: str) -> R | None:
        """Return the record of type ``made`` that was kept under ``parts``; None where none was."""
        data = self.get(_kind(made), *parts)
        try:
            return None if data is None else codec.decode(data, made)
        except DecodeError:
            return None

    def keep(self, value: msgspec.Struct, *parts: str) -> None:
        """Keep the record ``value``."""
        self.put(_kind(type(value)), *parts, value=codec.encode(value))

    def close(self) -> None:
        """Let the oldest entries go if there are too many bytes, and close the file."""
        if self._held is not None:
            self._ask(_prune)
        if self._held is not None:
            self._held.close()
            self._held = None

    def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T | None:
        """Return the answer to ``question``, one thread at a time; None where there is no file, or a faulty one."""
        with self._lock:
            try:
                if self._held is None and self.folder is not None:
                    self._held = _connected(self.folder / FILE)
                return None if self._held is None else question(self._held)
            except (sqlite3.Error, OSError) as error:
                log.warning("the cache cannot be used: %s; `evaluate cache clean` makes it new", error)
                self.folder = self._held = None
                return None


def clean(folder: Path) -> int:
    """Remove what is kept in ``folder`` and return how many bytes that were."""
    freed = 0
    for suffix in ("", "-wal", "-shm", "-journal"):
        path = folder / f"{FILE}{suffix}"
        if path.is_file():
            freed += path.stat().st_size
            path.unlink()
    return freed


def _kind(made: type[msgspec.Struct]) -> str:
    return f"{made.__module__}.{made.__qualname__}"


def _key(kind: str, parts: tuple[str, ...]) -> str:
    named = "\0".join((fingerprint(), kind, *parts))
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()


def _connected(path: Path) -> sqlite3.Connection:
    made = sqlite3.connect(path, timeout=2, check_same_thread=False, isolation_level=None)
    os.chmod(path, 0o600)  # noqa: PTH101 - what is kept is believed, so nobody else may write it
    made.execute("pragma journal_mode = wal")
    made.execute("pragma synchronous = off")
    made.execute(_TABLE)
    return made


def _prune(held: sqlite3.Connection) -> None:
    """Where more than ``LIMIT`` bytes are kept, remove what was written first, down to half of it."""
    total = held.execute("select coalesce(sum(length(value)), 0) from known").fetchone()[0]
    if total <= LIMIT:
        return
    for rowid, size in held.execute("select rowid, length(value) from known order by rowid").fetchall():
        held.execute("delete from known where rowid = ?", (rowid,))
        total -= size
        if total <= LIMIT // 2:
            break
    held.execute("vacuum")
