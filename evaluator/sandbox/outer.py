"""How does the tool start a guarded run, listen to it, and end it, whatever happens meanwhile?"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Self

import msgspec

from evaluator.errors import SandboxError
from evaluator.sandbox.drain import Room, Sink, Whole, drain
from evaluator.sandbox.guard import Plan
from evaluator.sandbox.tools import minimal_env

TAIL_CHARACTERS = 20_000
HEAD_BYTES = 2_000
_GAP_BYTES = 60
TAIL_BYTES = TAIL_CHARACTERS - HEAD_BYTES - _GAP_BYTES

_GRACE = 15.0
_REPORT_BYTES = 200_000
_PACKAGE_PARENT = Path(__file__).resolve().parents[2]
# Appended, so that nothing beside the package can shadow the standard library.
_START = "import sys; sys.path.append(sys.argv[1]); from evaluator.sandbox.guard import main; main()"


class GuardReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the guard says; fields as in ``guard.Report``."""

    problem: str
    exit_code: int | None
    killed_for: str
    oom: bool
    held: list[str]
    peak_bytes: int | None
    seconds: float
    cpu_seconds: float


class Pipes:
    """The descriptors of one run; every one of them is closed at its end."""

    def __init__(self) -> None:
        self._open: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for number in tuple(self._open):
            self.close(number)

    def pipe(self) -> tuple[int, int]:
        """Return (to read, to write)."""
        read, write = os.pipe()
        self._open |= {read, write}
        return read, write

    def memory(self, content: bytes) -> int:
        """Return a descriptor from which ``content`` can be read; it lies in no file system."""
        number = os.memfd_create("evaluator")
        self._open.add(number)
        with open(number, "wb", closefd=False) as stream:
            stream.write(content)
        os.lseek(number, 0, os.SEEK_SET)
        return number

    def close(self, number: int) -> None:
        """Close one of them; a second call does nothing."""
        if number in self._open:
            self._open.discard(number)
            os.close(number)


def guarded(plan: Plan, sinks: Mapping[int, Sink], pipes: Pipes) -> GuardReport:
    """Carry out ``plan`` under a guard and listen to ``sinks`` until it is over; return what the guard says.

    However this function is left, by an interrupt too, the tree of processes has been told to die.

    Args:
        plan: Its ``output`` and ``keep`` are descriptors of ``pipes``; they are closed on this side.
        sinks: Descriptor to read → who takes the bytes. When one has had too much, everything is killed.

    Raises:
        SandboxError: The guard could not be started or did not report, or the child could not be started.
    """
    words, errors = Whole(Room(_REPORT_BYTES)), Whole(Room(_REPORT_BYTES))
    with _guard(plan) as guard:
        for number in (plan.output, *plan.keep):
            pipes.close(number)
        assert guard.stdin and guard.stdout and guard.stderr  # noqa: S101, PT018 (Popen was given PIPE)
        text = json.dumps(asdict(plan)).encode("ascii")
        with contextlib.suppress(BrokenPipeError):
            _write_all(guard.stdin.fileno(), struct.pack(">I", len(text)) + text)
        until = time.monotonic() + plan.seconds + _GRACE
        everything = {**sinks, guard.stdout.fileno(): words, guard.stderr.fileno(): errors}
        while drain(everything, until=until, over=lambda: guard.poll() is not None) == "output":
            _hang_up(guard)
    return _report(words.value(), errors.value())


@contextlib.contextmanager
def _guard(plan: Plan) -> Iterator[subprocess.Popen[bytes]]:
    """Start the guard; at the end hang up, which makes it kill and clear up, and wait for that."""
    guard = subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-c", _START, str(_PACKAGE_PARENT)],
        cwd="/",
        env=minimal_env(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        pass_fds=(plan.output, *plan.keep),
        start_new_session=True,
    )
    try:
        yield guard
    finally:
        _hang_up(guard)
        for stream in (guard.stdout, guard.stderr):
            if stream:
                stream.close()
        try:
            guard.wait(_GRACE)
        except subprocess.TimeoutExpired:
            guard.kill()
            guard.wait()


def _hang_up(guard: subprocess.Popen[bytes]) -> None:
    """Tell the guard to kill: by a byte, for a process forked beside us may hold the pipe open too."""
    if guard.stdin and not guard.stdin.closed:
        with contextlib.suppress(BrokenPipeError):
            os.write(guard.stdin.fileno(), b"!")
        guard.stdin.close()


def _write_all(number: int, content: bytes) -> None:
    while content:
        content = content[os.write(number, content) :]


def _report(words: bytes, errors: bytes) -> GuardReport:
    try:
        report = msgspec.json.decode(words, type=GuardReport)
    except msgspec.DecodeError as error:
        last = errors.decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise SandboxError(f"The guard of the run did not report: {last[0][:300]}") from error
    if report.problem:
        raise SandboxError(f"The sandbox could not be started: {report.problem}")
    return report
