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
    """Takes what was read from one pipe, piece by piece; answers False when it was too much."""

    def add(self, piece: bytes) -> bool: ...


class Room:
    """How many bytes may still come, from all pipes that share it."""

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, size: int) -> bool:
        """Use up ``size`` bytes; False when there were fewer."""
        self._left -= size
        return self._left >= 0


class Whole:
    """Keeps every byte, as long as there is room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._pieces: list[bytes] = []

    def add(self, piece: bytes) -> bool:
        """Take one piece."""
        self._pieces.append(piece)
        return self._room.take(len(piece))

    def value(self) -> bytes:
        """Return all that was written."""
        return b"".join(self._pieces)


class HeadAndTail:
    """Keeps the first ``head`` and the last ``tail`` bytes, and counts what lies between.

    Args:
        too_much: Called once, when more than ``ceiling`` bytes were seen; whether ``add`` is to answer True even so.
    """

    def __init__(self, head: int, tail: int, ceiling: int, too_much: Callable[[], bool]) -> None:
        self._room = head
        self._keep = tail
        self._head = bytearray()
        self._tail = bytearray()
        self._ceiling = ceiling
        self._too_much = too_much
        self.seen = 0
        self.flooded = False

    def add(self, piece: bytes) -> bool:
        """Take one piece. Holds at most ``head + 2 * tail`` bytes and one piece at any time."""
        self.seen += len(piece)
        missing = max(self._room - len(self._head), 0)
        self._head += piece[:missing]
        self._tail += piece[missing:]
        if len(self._tail) > 2 * self._keep:
            del self._tail[: -self._keep]
        if self.seen > self._ceiling and not self.flooded:
            self.flooded = True
            return self._too_much()
        return True

    def value(self) -> bytes:
        """Return head and tail; a line between them says how many bytes were left out, if any."""
        end = bytes(self._tail[-self._keep :])
        left_out = self.seen - len(self._head) - len(end)
        gap = b"\n[... %d bytes left out ...]\n" % left_out if left_out else b""
        return bytes(self._head) + gap + end


def drain(sinks: Mapping[int, Sink], *, until: float, over: Callable[[], bool]) -> Ended:
    """Read the pipes together until each is closed, ``until`` passes or a sink has had too much.

    A pipe that a stray descendant keeps open does not hold us up: once ``over()`` says that the child has ended, what
    is still in the pipes is read, and no more is waited for.

    Args:
        sinks: Descriptor to read → who takes the bytes. The descriptors are made non-blocking.
        until: On the monotonic clock.
        over: Whether the child has ended; asked about ten times a second.
    """
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
                try:
                    piece = os.read(key.fd, _CHUNK)
                except BlockingIOError:  # the writer can open a pipe of the same user to read, and was faster
                    continue
                if not piece:
                    selector.unregister(key.fd)
                elif not sinks[key.fd].add(piece):
                    return "output"
            if closes_at is None and over():
                closes_at = time.monotonic() + _AFTER_THE_END
    return "nothing"
