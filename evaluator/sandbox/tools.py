"""How is a program of our own (uv, pylint, an interpreter asked for its version) run within bounds?"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluator.model import Record
from evaluator.sandbox.drain import Ended, Room, Whole, drain

_GRACE = 0.5
_CANNOT_START = 127


class ToolOutcome(Record):
    """How a tool ended.

    Attributes:
        exit_code: None when it was stopped; negative for a signal; 127 when it could not be started, with the reason
            in ``stderr``.
        stdout, stderr: All that was written up to the end or the stop.
        stopped_by: ``seconds``, ``output`` or ``nothing``.
    """

    exit_code: int | None
    stdout: bytes = b""
    stderr: bytes = b""
    stopped_by: Ended = "nothing"


def run_tool(
    argv: Sequence[str],
    *,
    cwd: Path | str,
    env: Mapping[str, str] | None = None,
    seconds: float,
    output_bytes: int,
    memory_mb: int | None = None,
) -> ToolOutcome:
    """Run ``argv`` without a shell or input; at a limit, end it and every process of its group.

    Not for the project's code: this child has the caller's rights. Never raises for what the child does.

    Args:
        argv: Program and arguments. A relative program name is looked up on the caller's PATH.
        cwd: An existing folder; never the candidate's repository.
        env: Added to, and winning over, PATH, HOME, TMPDIR and a UTF-8 locale. Nothing else is inherited.
        seconds: Wall clock.
        output_bytes: Of standard output and error together; one byte more stops it.
        memory_mb: Of private memory per process (``RLIMIT_DATA``); holds on Linux only.
    """
    try:
        child = subprocess.Popen(
            list(argv),
            cwd=cwd,
            env=minimal_env() | dict(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return ToolOutcome(exit_code=_CANNOT_START, stderr=str(error).encode(errors="replace"))
    with child:
        try:
            if memory_mb is not None:
                _limit_memory(child.pid, memory_mb)
            return _watch(child, time.monotonic() + seconds, output_bytes)
        finally:
            _end(child)


def minimal_env() -> dict[str, str]:
    """Return PATH, HOME and TMPDIR as the caller has them, and a UTF-8 locale."""
    kept = {name: value for name in ("PATH", "HOME", "TMPDIR") if (value := os.environ.get(name))}
    return {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"} | kept


def _watch(child: subprocess.Popen[bytes], until: float, ceiling: int) -> ToolOutcome:
    room = Room(ceiling)
    out, err = Whole(room), Whole(room)
    assert child.stdout is not None  # noqa: S101 (Popen was given PIPE)
    assert child.stderr is not None  # noqa: S101 (Popen was given PIPE)
    sinks = {child.stdout.fileno(): out, child.stderr.fileno(): err}
    stopped = drain(sinks, until=until, over=lambda: child.poll() is not None)
    if stopped == "nothing":
        try:
            child.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            stopped = "seconds"
    code = child.returncode if stopped == "nothing" else None
    return ToolOutcome(exit_code=code, stdout=out.value(), stderr=err.value(), stopped_by=stopped)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the group: asked first where its leader still lives, so that a tool can release its locks."""
    if child.poll() is None:
        _signal_group(child.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_GRACE)
    _signal_group(child.pid, signal.SIGKILL)
    child.wait()


def _signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _limit_memory(pid: int, megabytes: int) -> None:
    """Set the limit from outside: code between fork and exec is unsafe in a process with threads."""
    import resource

    if hasattr(resource, "prlimit"):
        size = megabytes * 1024 * 1024
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (size, size))
