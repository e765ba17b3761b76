"""What did a child write, when its output is unbounded and our memory is not?"""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Callable, Mapping
from typing import Literal, Protocol

Ended = Literal["seconds", "output", "nothing"]

_CHUNK = 65_536
_LOOK_EVERY = 0.1
_AFTER_THE_END = 0.3


class Sink(Protocol):
    """Takes what was read from one pipe, piece by piece."""

    def add(self, piece: bytes) -> None: ...


class Whole:
    """Keeps every byte; bounded because ``drain`` stops at its ceiling."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def add(self, piece: bytes) -> None:
        """Take one piece."""
        self._pieces.append(piece)

    def value(self) -> bytes:
        """Return all that was written."""
        return b"".join(self._pieces)


class HeadAndTail:
    """Keeps the first ``head`` and the last ``tail`` bytes, and counts what lies between."""

    def __init__(self, head: int, tail: int) -> None:
        self._room = head
        self._keep = tail
        self._head = bytearray()
        self._tail = bytearray()
        self.seen = 0

    def add(self, piece: bytes) -> None:
        """Take one piece. Holds at most ``head + 2 * tail`` bytes and one piece at any time."""
        self.seen += len(piece)
        missing = self._room - len(self._head)
        self._head += piece[:missing] if missing > 0 else b""
        self._tail += piece[max(missing, 0) :]
        if len(self._tail) > 2 * self._keep:
            del self._tail[: -self._keep or None]

    def value(self) -> bytes:
        """Return head and tail; a line between them says how many bytes were left out, if any."""
        end = bytes(self._tail[-self._keep :]) if self._keep else b""
        left_out = self.seen - len(self._head) - len(end)
        gap = b"\n[... %d bytes left out ...]\n" % left_out if left_out else b""
        return bytes(self._head) + gap + end


def drain(sinks: Mapping[int, Sink], *, until: float, ceiling: int, over: Callable[[], bool]) -> Ended:
    """Read the pipes together until each is closed, ``until`` passes or more than ``ceiling`` bytes came.

    A pipe that a stray descendant keeps open does not hold us up: once ``over()`` says that the child has ended, what
    is still in the pipes is read, and no more is waited for.

    Args:
        sinks: Descriptor to read → who takes the bytes. The descriptors are made non-blocking.
        until: On the monotonic clock.
        ceiling: Of all pipes together.
        over: Whether the child has ended; asked about ten times a second.
    """
    read = 0
    closes_at: float | None = None
    with selectors.DefaultSelector() as selector:
        for number in sinks:
            os.set_blocking(number, False)
            selector.register(number, selectors.EVENT_READ)
        while selector.get_map():
            now = time.monotonic()
            if now >= until:
                return "seconds"
            if closes_at is not None and now >= closes_at:
                return "nothing"
            for key, _ in selector.select(min(_LOOK_EVERY, until - now)):
                piece = os.read(key.fd, _CHUNK)
                if not piece:
                    selector.unregister(key.fd)
                    continue
                read += len(piece)
                sinks[key.fd].add(piece)
                if read > ceiling:
                    return "output"
            if closes_at is None and over():
                closes_at = time.monotonic() + _AFTER_THE_END
    return "nothing"
