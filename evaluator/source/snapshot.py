"""Which files does the project have at this moment, and what is in them?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeVar

from evaluator.cache import Cache
from evaluator.model import Record, Subject

R = TypeVar("R", bound=Record)
READ_LIMIT = 5_000_000
Kind = Literal["file", "executable", "symlink", "submodule"]


class Entry(Record):
    """One path of the tree.

    Attributes:
        path: POSIX, relative to the judged folder; bytes that are not UTF-8 as ``\\xNN``, a backslash doubled.
        size: Bytes; None where it is not known, which only happens to content that is not here.
        oid: Object id of the content (git's, of the blob), in hexadecimal; None for a submodule.
        here: Whether the content can be read. False for objects that this copy lacks: they exist, content unknown.
        lfs: The content is a Git LFS pointer; the real file exists, content unknown.
        at_least: Bytes that a content that is not here has at least, because it was left behind for its length; 0 where
            nothing is known.
    """

    path: str
    kind: Kind = "file"
    size: int | None = None
    oid: str | None = None
    here: bool = True
    lfs: bool = False
    at_least: int = 0


class Unreadable(Exception):  # noqa: N818 - an outcome to be handled, like KeyError
    """The content cannot be had; ``cause`` is a ``Missing.cause``."""

    def __init__(self, path: str, cause: Literal["not-found", "too-large"]) -> None:
        super().__init__(f"{path}: {cause}")
        self.path, self.cause = path, cause


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A read-only tree. Symlinks and submodules are listed and never followed.

    Use it in a ``with``, or ``close`` it: a process may stand behind it.

    Attributes:
        entries: By path, sorted.
        read_blob: Content of an entry that is here; for a symlink the bytes of its target. Raises ``Unreadable``.
        git_dir: A private bare repository with the history, or None.
        truncated: The tree had more files than are listed; the report says so.
        cache: What was computed before from the same contents and commits; keeps nothing unless one is given.
    """

    subject: Subject
    entries: Mapping[str, Entry]
    read_blob: Callable[[Entry], bytes] = field(repr=False)
    git_dir: Path | None = None
    truncated: bool = False
    on_close: Callable[[], None] = field(default=lambda: None, repr=False)
    cache: Cache = field(default_factory=lambda: Cache(None), repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what stands behind it; entries stay, contents can no longer be read."""
        self.on_close()

    def paths(self, *suffixes: str) -> Iterator[str]:
        """Yield the paths of regular files, sorted; only those that end in one of ``suffixes``, case ignored."""
        for path, entry in self.entries.items():
            if entry.kind in {"file", "executable"} and (not suffixes or path.lower().endswith(suffixes)):
                yield path

    def exists(self, path: str) -> bool:
        """Whether ``path`` is listed, or is a folder of something listed; ``""`` and ``.`` are the root."""
        clean = path.strip("/")
        if clean in {"", "."} or clean in self.entries:
            return True
        return clean in self.folders

    @property
    def folders(self) -> frozenset[str]:
        """All folders, without the root."""
        cached: frozenset[str] | None = self.__dict__.get("_folders")
        if cached is None:
            found: set[str] = set()
            for path in self.entries:
                parent = path.rpartition("/")[0]
                while parent and parent not in found:
                    found.add(parent)
                    parent = parent.rpartition("/")[0]
            cached = frozenset(found)
            self.__dict__["_folders"] = cached
        return cached

    def read(self, path: str, *, limit: int = READ_LIMIT) -> bytes:
        """Return the content of the regular file at ``path``.

        Raises:
            Unreadable: Not listed, not a regular file, content not here, an LFS pointer, or longer than ``limit``.
        """
        entry = self.entries.get(path)
        if entry is None or entry.kind not in {"file", "executable"} or not entry.here or entry.lfs:
            raise Unreadable(path, "not-found")
        if entry.size is not None and entry.size > limit:
            raise Unreadable(path, "too-large")
        return self.read_blob(entry)

    def text(self, path: str, *, limit: int = READ_LIMIT) -> str:
        """Return ``read(path)`` decoded: UTF-8, UTF-16 by its byte order mark, else Latin-1; newlines as ``\\n``.

        Raises:
            Unreadable: As ``read``.
        """
        return decode_text(self.read(path, limit=limit))

    def known(self, path: str, made: type[R], find: Callable[[], R], *how: str) -> R:
        """Return what an earlier evaluation found in the content at ``path``, or what ``find`` finds in it now.

        Args:
            made: What is found; of what is found in this way nothing may depend on other files.
            how: Whatever else it depends on.
        """
        oid = self.entries[path].oid
        if oid is None:
            return find()
        found = self.cache.load(made, path, oid, *how)
        if found is None:
            found = find()
            self.cache.keep(found, path, oid, *how)
        return found

    @classmethod
    def of(cls, files: Mapping[str, bytes | str], *, subject: Subject | None = None) -> Snapshot:
        """Return a snapshot held in memory: what tests of facts are fed with."""
        content = {p: d.encode() if isinstance(d, str) else d for p, d in files.items()}
        entries = {p: Entry(path=p, size=len(content[p]), oid=None) for p in sorted(content)}
        return cls(
            subject=subject or Subject(source="local", name="project"),
            entries=entries,
            read_blob=lambda entry: content[entry.path],
        )


def decode_text(data: bytes) -> str:
    """Return ``data`` as text; never raises."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")
