"""Who watches over a run from outside, and clears up after it even when the tool itself is killed?

A process of its own between the tool and the run. It makes the cgroup, gives up root for its child, kills the whole
tree at the end, at the limit, on a word from the tool, or when the tool is gone; then it removes the cgroup. It is a
process because code between fork and exec is unsafe in the tool (it has threads), and because a killed tool cannot
clear up. Started by ``outer.start``; standard library only, for it runs without site-packages.

Protocol: a plan comes on standard input (4 bytes of length, JSON), which then stays open: any byte on it, or its end,
means "kill". One JSON report goes to standard output at the end.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import struct
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import BinaryIO

from evaluator.sandbox import cgroups, identity, sampler

_TICK = 0.2
_CLEAR_UP = 10.0
_ROOM_TO_REPORT = 64 * 1024 * 1024
_HAS_PROC = os.access("/proc/self/stat", os.R_OK)
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


@dataclass(frozen=True)
class Plan:
    """What is to be started, and when it is to be ended.

    Attributes:
        argv: Absolute program, arguments. env: Its whole environment. cwd: Where it starts.
        parent: Process id of the tool.
        output: Descriptor that becomes standard output and error of the child.
        keep: Descriptors that the child inherits beside 0, 1 and 2.
        drop: Whether root is to be given up first.
        readable: Paths that the child's user must be able to read.
        seconds: Wall clock until everything is killed.
        ask: Seconds before that at which the job is asked to end; 0: not asked.
        memory_bytes, tasks: For the cgroup; 0: no cgroup.
        sampled_bytes: Where no cgroup holds memory: kill the job when its tree uses more; 0: not sampled.
        spare: The first so many generations below the child that a kill for memory leaves alone: bwrap and pid 1.
        folders: Writable folders in memory, as seen from inside.
        rlimits: Name of the limit in ``resource`` → (soft, hard).
    """

    argv: list[str]
    env: dict[str, str]
    cwd: str
    parent: int
    output: int
    keep: list[int]
    seconds: float
    drop: bool = False
    readable: list[str] = field(default_factory=list)
    ask: float = 0.0
    memory_bytes: int = 0
    tasks: int = 0
    sampled_bytes: int = 0
    spare: int = 0
    folders: list[str] = field(default_factory=list)
    rlimits: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass
class Report:
    """How it ended.

    Attributes:
        problem: Why it could not be started; empty when it was.
        exit_code: Of the child; negative for a signal; None while it is unknown.
        killed_for: ``seconds``, ``memory``, ``word`` (the tool asked, or is gone) or ``nothing``.
        oom: The kernel ended a process of the tree for want of memory.
        held: Which cgroup controllers held.
        peak_bytes: Most memory in use at one time; None where nothing measured it.
    """

    problem: str = ""
    exit_code: int | None = None
    killed_for: str = "nothing"
    oom: bool = False
    held: list[str] = field(default_factory=list)
    peak_bytes: int | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0


def main() -> None:
    """Read the plan, carry it out, report."""
    commands = sys.stdin.buffer
    plan = _read_plan(commands)
    bell = _listen()
    report = Report()
    if plan.parent == os.getppid():
        _carry_out(plan, report, (commands.fileno(), bell))
    sys.stdout.write(json.dumps(asdict(report)))
    sys.stdout.flush()


def _read_plan(stream: BinaryIO) -> Plan:
    # Unbuffered: what follows the plan is waited for with select.
    def take(size: int) -> bytes:
        taken = b""
        while len(taken) < size and (piece := os.read(stream.fileno(), size - len(taken))):
            taken += piece
        return taken

    (size,) = struct.unpack(">I", take(4))
    return Plan(**json.loads(take(size)))


def _listen() -> int:
    """Return a descriptor that can be read when a signal came. SIGTERM comes when the tool dies."""
    ear, mouth = os.pipe()
    os.set_blocking(ear, False)
    os.set_blocking(mouth, False)
    signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _stop)
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    return ear


_stopped = False


def _stop(*_: object) -> None:
    global _stopped  # noqa: PLW0603 (a signal handler has no other place to leave its word)
    _stopped = True


def _carry_out(plan: Plan, report: Report, ears: tuple[int, int]) -> None:
    group = _group(plan)
    report.held = sorted(group.held) if group else []
    began = time.monotonic()
    child = 0
    try:
        child, report.problem = _start(plan, group)
        os.close(plan.output)
        for number in plan.keep:
            os.close(number)
        _watch(plan, report, group, child, ears)
    finally:
        _kill_all(group, child)
        report.seconds = time.monotonic() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        report.cpu_seconds = used.ru_utime + used.ru_stime
        if group:
            report.oom = group.kills_for_memory() > 0
            report.peak_bytes = group.peak() if "memory" in group.held else report.peak_bytes
            group.remove()


def _group(plan: Plan) -> cgroups.Group | None:
    if not plan.memory_bytes:
        return None
    return cgroups.make(f"{os.getpid()}-{time.monotonic_ns()}", memory_bytes=plan.memory_bytes, tasks=plan.tasks)


def _start(plan: Plan, group: cgroups.Group | None) -> tuple[int, str]:
    """Fork and exec; return the child's id, and why it did not come to the exec (else empty)."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        problem = "it ended before it began"
        try:
            os.close(told)
            _prepare(plan, group)
            os.execve(plan.argv[0], plan.argv, plan.env)  # noqa: S606 (no shell is what is wanted)
        except (OSError, ValueError) as error:
            problem = str(error)
        finally:  # this side of the fork ends here, whatever happens
            os.write(tell, problem.encode(errors="replace")[:2000])
            os._exit(127)
    os.close(tell)
    with open(told, "rb") as stream:  # noqa: PTH123 (a descriptor)
        return child, stream.read().decode(errors="replace")


def _prepare(plan: Plan, group: cgroups.Group | None) -> None:
    """Become the child: own session, group, limits, user, descriptors. Joining comes before root is given up."""
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    if group:
        group.join(os.getpid())
    for name, value in plan.rlimits.items():
        _, hard = resource.getrlimit(getattr(resource, name))
        soft, most = (size if hard == resource.RLIM_INFINITY else min(size, hard) for size in value)
        resource.setrlimit(getattr(resource, name), (soft, most))
    if plan.drop:
        _drop()
    for path in plan.readable:
        if not os.access(path, os.R_OK | os.X_OK if os.path.isdir(path) else os.R_OK):  # noqa: PTH112 (one call)
            who = f"user {os.getuid()}, as whom the sandbox is started"
            raise PermissionError(f"{path} cannot be read by {who}; it must lie where everybody can read it")
    os.umask(0o022)
    os.chdir(plan.cwd)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 (a descriptor is wanted)
        os.dup2(nothing.fileno(), 0)
    os.dup2(plan.output, 1)
    os.dup2(plan.output, 2)
    os.set_inheritable(plan.output, False)


def _drop() -> None:
    number = identity.choose_scratch_id()
    if number is None:
        raise PermissionError(
            "there is no unused user id here to start the sandbox as, and it is never started as root"
        )
    identity.become(number)
    if identity.is_root():
        raise PermissionError("root could not be given up, and the sandbox is never started as root")


def _watch(plan: Plan, report: Report, group: cgroups.Group | None, child: int, ears: tuple[int, int]) -> None:
    """Wait for the child's end, or for a reason to end it; leave both in ``report``."""
    end = time.monotonic() + plan.seconds
    asks = _asks(plan, end)
    granted = False
    while not _ended(child, report):
        now = time.monotonic()
        if _stopped or select.select([ears[0]], [], [], 0)[0]:
            report.killed_for = "word"
            return
        if now >= end:
            report.killed_for = "seconds"
            return
        while asks and now >= asks[0][0]:
            report.killed_for = "seconds"
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child, asks.pop(0)[1])
        if group and not granted and group.kills_for_memory():
            group.grant(_ROOM_TO_REPORT)
            granted = True
        if plan.sampled_bytes and _HAS_PROC and not (group and "memory" in group.held):
            _hold_memory(plan, report, child)
        ready, _, _ = select.select(list(ears), [], [], max(0.0, min(_TICK, end - now)))
        if ears[1] in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(ears[1], 4096)


def _asks(plan: Plan, end: float) -> list[tuple[float, signal.Signals]]:
    """Return when the job is interrupted, and then told to end, before it is killed."""
    if not plan.ask:
        return []
    return [(end - plan.ask, signal.SIGINT), (end - plan.ask / 3, signal.SIGTERM)]


def _ended(child: int, report: Report) -> bool:
    """Reap whatever has ended; True once the child is among it, or no child is left."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if pid == 0:
            return False
        if pid == child:
            report.exit_code = os.waitstatus_to_exitcode(status)
            return True


def _hold_memory(plan: Plan, report: Report, child: int) -> None:
    """Kill the job when its tree uses more than it may; bwrap and pid 1 live on to report."""
    tree = sampler.descendants(child)
    used = sampler.used_bytes([child, *tree], inside=tree[::-1], folders=tuple(plan.folders))
    report.peak_bytes = max(used, report.peak_bytes or 0)
    if used > plan.sampled_bytes:
        report.killed_for = "memory"
        for pid in [child, *tree][plan.spare :]:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _kill_all(group: cgroups.Group | None, child: int) -> None:
    """Kill every descendant; orphans come to us, since we are their reaper. Ends when none is left.

    Without ``/proc`` (macOS) only the child's process group can be found.
    """
    until = time.monotonic() + _CLEAR_UP
    while time.monotonic() < until:
        if group:
            group.kill()
        for pid in sampler.descendants(os.getpid()) if _HAS_PROC else [-child] if child else []:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)
