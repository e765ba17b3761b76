"""How is one start of pytest watched from outside, and nothing of it left alive?

Placed into the sandbox beside ``supervise.py``, which uses it; never imported by us. Standard library only, Python 3.8
or later.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

HERE = os.path.dirname(os.path.abspath(__file__))
MARK_DIGITS = 32
LINE_LIMIT = 1 << 18
OUTPUT_HEAD = 4_000
OUTPUT_TAIL = 12_000
Event = Dict[str, Any]


class Output:
    """Beginning and end of what the child prints; the rest is read and dropped, however much it is."""

    def __init__(self) -> None:
        self.head = b""
        self.tail = b""

    def add(self, piece: bytes) -> None:
        """Take one piece."""
        room = max(0, OUTPUT_HEAD - len(self.head))
        self.head += piece[:room]
        self.tail = (self.tail + piece[room:])[-OUTPUT_TAIL:]

    def show(self) -> None:
        """Print what was kept."""
        gap = b"\n[...]\n" if len(self.tail) >= OUTPUT_TAIL else b""
        sys.stdout.buffer.write(self.head + gap + self.tail)
        sys.stdout.flush()


class Doing(NamedTuple):
    """What a child said last that it is doing, and when."""

    kind: str
    name: str
    context: str
    since: float


def now_doing(kind: str, name: str = "", context: str = "") -> Doing:
    """Return what is being done from now on."""
    return Doing(kind, name, context, time.monotonic())


class Child:
    """One start of pytest.

    Attributes:
        ended: Whether it said that its session came to its own end.
        waiting: Cases that it still has to report, as far as it said how many it collected.
        told_at: When it was told to leave what it is doing.
    """

    def __init__(self, orders: Event) -> None:
        self.number = orders["number"]
        self.again = orders["only"] is not None
        self.key = os.urandom(32)
        self.sequence = 0
        self.forged = 0
        self.ended = False
        self.waiting = 0
        self.buffer = b""
        self.doing = now_doing("starting")
        self.told_at: Optional[float] = None
        self.events, writer = os.pipe()
        orders_reader, orders_writer = os.pipe()
        self.out, out_writer = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "session.py"), str(orders_reader), str(writer)],
            stdin=subprocess.DEVNULL,
            stdout=out_writer,
            stderr=out_writer,
            pass_fds=(orders_reader, writer),
            start_new_session=True,
        )
        for fd in (writer, orders_reader, out_writer):
            os.close(fd)
        body = json.dumps(dict(orders, key=self.key.hex())).encode()
        threading.Thread(target=hand_over, args=(orders_writer, body), daemon=True).start()

    def read(self, piece: bytes) -> Iterator[Event]:
        """Yield the events up to the end of ``piece`` that bear the key, in their order."""
        *lines, self.buffer = (self.buffer + piece).split(b"\n")
        if len(self.buffer) > LINE_LIMIT:
            self.buffer = b""
            self.forged += 1
        for line in lines:
            event = self.checked(line)
            if event is None:
                self.forged += 1
            else:
                yield event

    def checked(self, line: bytes) -> Optional[Event]:
        """Return the event in ``line`` if it bears the key and comes in its turn."""
        mark, _, body = line.partition(b" ")
        wanted = hmac.new(self.key, b"%d " % self.sequence + body, hashlib.sha256).hexdigest()[:MARK_DIGITS]
        if not hmac.compare_digest(mark, wanted.encode()):
            return None
        self.sequence += 1
        try:
            event = json.loads(body)
        except (ValueError, RecursionError):
            return None
        return event if isinstance(event, dict) and isinstance(event.get("e"), str) else None


def hand_over(fd: int, body: bytes) -> None:
    """Write the orders; the child takes them before it imports anything else."""
    with contextlib.suppress(OSError), os.fdopen(fd, "wb") as stream:
        stream.write(body)


def end_all(leader: int) -> None:
    """Kill the child's group and every descendant of this process, also those that left the group."""
    with contextlib.suppress(OSError):
        os.killpg(leader, signal.SIGKILL)
    for _ in range(20):
        alive = descendants()
        if not alive:
            return
        for pid in alive:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def descendants() -> List[int]:
    """Return the living descendants of this process; none where there is no ``/proc``."""
    parents = {}
    try:
        names = [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
    for name in names:
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as stream:
            state, parent = stream.read().rpartition(b")")[2].split()[:2]
            if state not in (b"Z", b"X"):
                parents[int(name)] = int(parent)
    found: List[int] = []
    front = [os.getpid()]
    while front:
        front = [pid for pid, parent in parents.items() if parent in front]
        found += front
    return found


def fence() -> None:
    """Let orphans come to this process, and keep the others out of its memory (Linux; elsewhere nothing)."""
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        libc = ctypes.CDLL(None)
        libc.prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER, prctl(2)
        libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
