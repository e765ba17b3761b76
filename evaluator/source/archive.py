"""Which files does a .zip or .tar.gz hold, read where it lies and never unpacked to the names it gives?"""

from __future__ import annotations

import contextlib
import gzip
import io
import lzma
import os
import stat
import tarfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from evaluator.errors import EmptyError, SourceError
from evaluator.source import names
from evaluator.source.address import Archive
from evaluator.source.blobs import POINTER_SIZES, is_pointer
from evaluator.source.limits import Deadline, FetchLimits, too_big
from evaluator.source.listing import fair_share
from evaluator.source.snapshot import Entry, Kind, Unreadable

_CHUNK = 1 << 20
_HEADER = 16 << 20
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    MemoryError,
    RecursionError,
)


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file or link of an archive.

    Attributes:
        name: Relative to the archive's root.
        size: As declared; never more is read.
        read: Returns the content; raises one of ``_BROKEN`` or ``OSError``. None where it cannot be had.
    """

    name: bytes
    kind: Kind
    size: int
    read: Callable[[], bytes] | None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An archive that is open: ``entries`` by path, sorted; ``content`` reads one; ``close`` when done."""

    entries: Mapping[str, Entry]
    truncated: bool
    content: Callable[[Entry], bytes]
    close: Callable[[], None]


def open_archive(address: Archive, subdir: bytes, workshop: Path, limits: FetchLimits, deadline: Deadline) -> Opened:
    """Return what the archive holds below ``subdir``; a single folder at its top is taken off first.

    Left out: names that lead out of the archive, a ``.git`` in it, devices, and what macOS adds beside the files.
    Hard links count as files that are not here.

    Args:
        workshop: An empty folder for an uncompressed copy of a .tar.gz, which can only be read from front to back.

    Raises:
        EmptyError: There is no file in it.
        SourceError: It is not there, is broken, or unpacks to more than the limit.
    """
    if not os.path.isfile(address.path):  # noqa: PTH113 - pathlib's raises on a name too long
        raise SourceError(f"{address.shown}: there is no such file; check the path")
    try:
        if address.path.stat().st_size > limits.total_bytes:
            raise too_big(address.shown, limits.total_bytes)
        if address.kind == "zip":
            members, close = _zip_members(address, limits)
        else:
            members, close = _tar_members(address, workshop, limits, deadline)
    except OSError as fault:
        raise SourceError(f"{address.shown}: cannot be read ({fault.strerror or 'broken'})") from fault
    except _BROKEN as fault:
        raise SourceError(f"{address.shown}: not a readable {address.kind} archive; make it anew") from fault
    with contextlib.ExitStack() as undoing:
        undoing.callback(close)
        opened = _opened(address, members, subdir, limits, close)
        undoing.pop_all()
    return opened


def _opened(
    address: Archive, members: list[Member], subdir: bytes, limits: FetchLimits, close: Callable[[], None]
) -> Opened:
    if sum(member.size for member in members if member.size <= limits.blob_bytes) > limits.total_bytes:
        raise too_big(address.shown, limits.total_bytes)
    kept = _without_top([m for m in members if names.is_inside(m.name) and not m.name.startswith(b"__MACOSX/")])
    if subdir:
        kept = [replace(m, name=m.name[len(subdir) + 1 :]) for m in kept if m.name.startswith(subdir + b"/")]
        if not kept:
            raise SourceError(f"{address.shown}: there is no folder {names.shown(subdir)} in it; see --path")
    if not kept:
        raise EmptyError(f"{address.shown}: an archive without a file, so there is nothing to evaluate")
    unique = {member.name: member for member in kept}
    chosen = fair_share(list(unique.items()), limits.files)
    by_path = {names.shown(member.name): member for member in chosen}
    lock = threading.Lock()

    def content(entry: Entry) -> bytes:
        with lock:
            return _content(by_path[entry.path])

    entries = {path: _entry(path, member, limits) for path, member in sorted(by_path.items())}
    return Opened(entries=entries, truncated=len(chosen) < len(unique), content=content, close=close)


def _entry(path: str, member: Member, limits: FetchLimits) -> Entry:
    here = member.read is not None and member.size <= limits.blob_bytes
    lfs = False
    if here and member.kind != "symlink" and member.size in POINTER_SIZES:
        try:
            lfs = is_pointer(_content(member))
        except Unreadable:
            here = False
    return Entry(path=path, kind=member.kind, size=member.size, here=here, lfs=lfs)


def _content(member: Member) -> bytes:
    try:
        if member.read is not None:
            return member.read()
    except (OSError, *_BROKEN) as fault:
        raise Unreadable(names.shown(member.name), "not-found") from fault
    raise Unreadable(names.shown(member.name), "not-found")


def _without_top(members: list[Member]) -> list[Member]:
    """Return ``members`` without the one folder that all of them lie in, as forges and ``tar`` make it."""
    tops = {member.name.partition(b"/")[0] for member in members}
    if len(tops) != 1 or not all(b"/" in member.name for member in members):
        return members
    return [replace(member, name=member.name.partition(b"/")[2]) for member in members]


def _zip_members(address: Archive, limits: FetchLimits) -> tuple[list[Member], Callable[[], None]]:
    with contextlib.ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(address.path))
        infos = archive.infolist()
        _check_count(address, len(infos), limits)
        members = [_zip_member(archive, info) for info in infos if not _is_zip_folder(info)]
        return members, stack.pop_all().close


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    mode = info.external_attr >> 16
    readable = info.compress_type in _READABLE and not info.flag_bits & 0x1
    kind: Kind = "symlink" if stat.S_ISLNK(mode) else "executable" if mode & stat.S_IXUSR else "file"

    def read() -> bytes:
        with archive.open(info) as stream:
            return stream.read(info.file_size)

    return Member(name=_zip_name(info), kind=kind, size=info.file_size, read=read if readable else None)


def _zip_name(info: zipfile.ZipInfo) -> bytes:
    """Return the name as it stands in the file; without the flag for UTF-8, zipfile has decoded it as cp437."""
    name = info.orig_filename
    raw = name.encode("utf-8" if info.flag_bits & 0x800 else "cp437", "surrogateescape")
    return raw.replace(b"\\", b"/") if info.create_system == 0 else raw


def _is_zip_folder(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    special = bool(stat.S_IFMT(mode)) and not stat.S_ISREG(mode) and not stat.S_ISLNK(mode)
    return special or _zip_name(info).endswith(b"/")


def _tar_members(
    address: Archive, workshop: Path, limits: FetchLimits, deadline: Deadline
) -> tuple[list[Member], Callable[[], None]]:
    copy = workshop / "archive.tar"
    _uncompress(address, copy, limits, deadline)
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(_Wary(copy))
        archive = stack.enter_context(
            tarfile.open(fileobj=cast("BinaryIO", stream), mode="r:", errors="surrogateescape")
        )
        members: list[Member] = []
        for count, info in enumerate(archive):
            deadline.check()
            _check_count(address, count, limits)
            if (member := _tar_member(stream, info)) is not None:
                members.append(member)
        return members, stack.pop_all().close


def _check_count(address: Archive, count: int, limits: FetchLimits) -> None:
    if count > limits.names:
        raise SourceError(f"{address.shown}: more than {limits.names} names; judge a smaller copy of it")


def _tar_member(stream: _Wary, info: tarfile.TarInfo) -> Member | None:
    name = info.name.encode("utf-8", "surrogateescape").removeprefix(b"./")
    if info.issym():
        target = info.linkname.encode("utf-8", "surrogateescape")
        return Member(name=name, kind="symlink", size=len(target), read=lambda: target)
    if info.islnk() or (info.isreg() and (info.issparse() or info.size < 0)):
        return Member(name=name, kind="file", size=0, read=None)
    if not info.isreg():
        return None
    kind: Kind = "executable" if info.mode & stat.S_IXUSR else "file"
    start, size = info.offset_data, info.size
    return Member(name=name, kind=kind, size=size, read=lambda: stream.piece(start, size))


def _uncompress(address: Archive, copy: Path, limits: FetchLimits, deadline: Deadline) -> None:
    written = 0
    with gzip.open(address.path, "rb") as packed, copy.open("xb") as plain:
        while chunk := packed.read(_CHUNK):
            written += len(chunk)
            deadline.check()
            if written > limits.total_bytes:
                raise too_big(address.shown, limits.total_bytes)
            plain.write(chunk)


class _Wary(io.FileIO):
    """A file from which no header longer than ``_HEADER`` is read: tarfile would take it into memory whole."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0 or size > _HEADER:
            raise tarfile.ReadError("a header too long to be one")
        return super().read(size) or b""

    def piece(self, start: int, size: int) -> bytes:
        """Return ``size`` bytes from ``start``.

        Raises:
            EOFError: There are fewer.
        """
        self.seek(start)
        pieces: list[bytes] = []
        while size > 0:
            if not (piece := super().read(min(size, _CHUNK))):
                raise EOFError
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)
