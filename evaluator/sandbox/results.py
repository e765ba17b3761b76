"""Which files and which status came out of the sandbox, when every byte of the stream may be wrong?"""

from __future__ import annotations

import struct
from typing import Literal

import msgspec

from evaluator.model import Record

_FRAME = struct.Struct(">cIQ")
_MAGIC = b"EVR1"
_STATUS_BYTES = 65_536


class Status(Record):
    """What process 1 says about the job.

    Attributes:
        exit: Exit code; negative for a signal; None when it was killed at a limit.
        seconds: Wall clock of the job alone. cpu: CPU seconds of all its processes.
        full: At the end of the job no room was left in one of the writable places.
        trouble: Why the job was not begun; ``kind`` says whose matter that is.
    """

    exit: int | None
    stopped: Literal["nothing", "seconds", "output", "disk"]
    seconds: float
    cpu: float
    full: bool
    trouble: str
    kind: Literal["", "disk", "broken"]


class Results:
    """Takes the stream piece by piece; never more than its bound.

    Args:
        wanted: How many files were asked for. budget: Bytes of all of them together.
    """

    def __init__(self, wanted: int, budget: int) -> None:
        self._wanted = wanted
        self._budget = budget
        self._bytes = bytearray()
        self._bound = len(_MAGIC) + budget + _STATUS_BYTES + (wanted + 2) * _FRAME.size
        self._over = False

    def add(self, piece: bytes) -> bool:
        """Take one piece. What goes beyond the bound is dropped, and with it what came before."""
        if len(self._bytes) + len(piece) > self._bound:
            self._over = True
            self._bytes.clear()
        if not self._over:
            self._bytes += piece
        return True

    def read(self) -> tuple[bool, dict[int, bytes], Status | None]:
        """Return whether the job was begun, the files by index, and the status.

        A stream that is torn or wrong is read up to that place: what stood before it is whole.
        """
        begun, files, status = False, dict[int, bytes](), None
        stream = bytes(self._bytes)
        at = len(_MAGIC)
        left = self._budget
        while stream.startswith(_MAGIC) and status is None and at + _FRAME.size <= len(stream):
            kind, index, size = _FRAME.unpack_from(stream, at)
            at += _FRAME.size
            content = stream[at : at + size]
            if len(content) != size:
                break
            at += size
            if kind == b"B" and not begun and size == 0:
                begun = True
            elif kind == b"F" and begun and index < self._wanted and index not in files and size <= left:
                files[index] = content
                left -= size
            elif kind == b"S" and at == len(stream):
                status = _status(content)
                break
            else:
                break
        return begun, files, status


def _status(content: bytes) -> Status | None:
    try:
        return msgspec.json.decode(content, type=Status)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
