"""How is a request run under bubblewrap, and what came of it?"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import signal
from pathlib import Path

from evaluator.errors import SandboxError
from evaluator.sandbox import cgroups, identity, interpreter, layout, sampler, seccomp
from evaluator.sandbox.api import WORK, RunOutcome, RunRequest, StoppedBy, Usage
from evaluator.sandbox.drain import HeadAndTail
from evaluator.sandbox.guard import Plan
from evaluator.sandbox.outer import HEAD_BYTES, TAIL_BYTES, GuardReport, Pipes, guarded
from evaluator.sandbox.results import Results, Status

BASE_ENV = {
    "HOME": layout.HOME,
    "LANG": "C.UTF-8",
    "LOGNAME": "user",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "SHELL": "/bin/sh",
    "TMPDIR": layout.TEMPORARY,
    "USER": "user",
}
"""What every job finds; ``RunRequest.env`` wins over it."""

_MB = layout.MB
_OWN_MEMORY = 48 * _MB
_OWN_TASKS = 3
_COPY_SECONDS = 30.0
_COPY_BYTES_PER_SECOND = 20 * _MB
_SPARED = 2
_BYTES_PER_INODE = 4096
_COUNTED_PER_NAMESPACE = (5, 14)


class Bubblewrap:
    """Runs each request in name spaces of its own, as a user without rights, without network.

    Args:
        program: The ``bwrap`` to use; default: the one on PATH.
        use_cgroups: Whether to look for cgroups at all; tests switch it off.

    Raises:
        SandboxError: There is no ``bwrap``, or no system call filter for this processor.
    """

    name = "bwrap"

    def __init__(self, program: str | None = None, *, use_cgroups: bool = True) -> None:
        found = program or shutil.which("bwrap")
        if not found:
            raise SandboxError("bwrap is not installed: apt-get install bubblewrap")
        self._program = str(Path(found).resolve())
        self._held = cgroups.controllers() if use_cgroups else frozenset[str]()
        try:
            self._filter = seccomp.program(memory_counted="memory" in self._held)
        except KeyError as error:
            raise SandboxError(f"No system call filter is known for {platform.machine()} processors") from error
        self.limits_held = _in_words(self._held)

    def run(self, request: RunRequest) -> RunOutcome:
        """Run one request to its end or to a limit; nothing of it is alive afterwards.

        Raises:
            SandboxError: The sandbox could not be set up. Never for what the command does.
        """
        layout.check(request)
        project = layout.measure(request.project)
        rooms = layout.rooms(request.limits, project)
        if rooms is None:
            text = f"The project ({project.bytes // _MB} MB) does not fit into {request.limits.disk_mb} MB."
            return RunOutcome(exit_code=None, stopped_by="disk", tail=text)
        with Pipes() as pipes:
            out, output = pipes.pipe()
            back, result = pipes.pipe()
            control, stop = pipes.pipe()

            def hang_up() -> bool:
                with contextlib.suppress(BrokenPipeError):
                    os.write(stop, b"!")
                return True

            seen = HeadAndTail(HEAD_BYTES, TAIL_BYTES, request.limits.output_bytes, hang_up)
            results = Results(len(request.bring_back), request.limits.back_bytes)
            spec = pipes.memory(json.dumps(self._spec(request, rooms)).encode("ascii"))
            plan = self._plan(request, rooms, project, pipes, (output, control, result, spec))
            report = guarded(plan, {out: seen, back: results}, pipes)
        return _outcome(request, results, report, seen)

    def _plan(
        self,
        request: RunRequest,
        rooms: dict[str, int],
        project: layout.Size,
        pipes: Pipes,
        numbers: tuple[int, int, int, int],
    ) -> Plan:
        output, *inherited = numbers
        python = interpreter.for_request(request.read_only)
        read_only = {**python.read_only, **request.read_only}
        files = {inside: pipes.memory(content) for inside, content in _contents(request).items()}
        seccomp_filter = pipes.memory(self._filter)
        control, result, spec = inherited
        told = layout.Layout(
            bwrap=self._program,
            project=str(Path(request.project).resolve()),
            rooms=rooms,
            read_only=read_only,
            files=files,
            python=python.path,
            seccomp=seccomp_filter,
            control=control,
            result=result,
            spec=spec,
        )
        memory = request.limits.memory_mb * _MB + project.bytes + _OWN_MEMORY
        return Plan(
            argv=layout.arguments(told),
            env={},
            cwd="/",
            parent=os.getpid(),
            output=output,
            keep=[*inherited, seccomp_filter, *files.values()],
            seconds=request.limits.seconds + _COPY_SECONDS + project.bytes / _COPY_BYTES_PER_SECOND,
            drop=identity.is_root(),
            readable=[self._program, request.project, *read_only.values()],
            memory_bytes=memory if self._held else 0,
            tasks=request.limits.processes + _OWN_TASKS,
            sampled_bytes=memory,
            spare=_SPARED,
            folders=sorted(rooms),
        )

    def _spec(self, request: RunRequest, rooms: dict[str, int]) -> dict[str, object]:
        """Return what the launcher is told; fields as in ``launcher.Spec``."""
        cwd = f"{WORK}/{request.cwd}" if request.cwd else str(WORK)
        return {
            "argv": request.argv,
            "env": {**BASE_ENV, "PWD": cwd, **request.env},
            "cwd": cwd,
            "seconds": request.limits.seconds,
            "rlimits": self._rlimits(request),
            "folders": sorted(rooms),
            "inodes": request.limits.disk_mb * _MB // _BYTES_PER_INODE,
            "mounted": [path for path in request.read_only if path.startswith(f"{WORK}/")],
            "bring_back": [layout.below_out(path) for path in request.bring_back],
            "back_bytes": request.limits.back_bytes,
        }

    def _rlimits(self, request: RunRequest) -> dict[str, tuple[int, int]]:
        limits = request.limits
        processes = limits.processes + _counted_already()
        held = {
            "RLIMIT_CPU": (limits.cpu_seconds, limits.cpu_seconds + 1),
            "RLIMIT_FSIZE": (limits.file_mb * _MB, limits.file_mb * _MB),
            "RLIMIT_NPROC": (processes, processes),
            "RLIMIT_CORE": (0, 0),
            "RLIMIT_NOFILE": (1024, 65_536),
            "RLIMIT_MEMLOCK": (64 * _MB, 64 * _MB),
        }
        if "memory" not in self._held:
            held["RLIMIT_DATA"] = (limits.memory_mb * _MB, limits.memory_mb * _MB)
        return held


def _contents(request: RunRequest) -> dict[str, bytes]:
    """Return what lies in the sandbox as read-only files: path inside → content."""
    launcher = Path(__file__).with_name("launcher.py").read_bytes()
    return {**layout.ETC_FILES, layout.LAUNCHER: launcher, **request.placed}


def _outcome(request: RunRequest, results: Results, report: GuardReport, seen: HeadAndTail) -> RunOutcome:
    begun, files, status = results.read()
    text = seen.value().decode("utf-8", errors="replace")
    stopped = _stopped_by(report, status, flooded=seen.flooded)
    if not begun and stopped == "nothing":
        said = (status.trouble if status else "") or " ".join(text.split())[:500] or "it said nothing"
        raise SandboxError(f"The sandbox could not be started: {said}")
    peak = report.peak_bytes
    return RunOutcome(
        exit_code=None if stopped != "nothing" else _exit_code(status),
        stopped_by=stopped,
        usage=Usage(
            seconds=status.seconds if status else report.seconds,
            cpu_seconds=status.cpu if status else report.cpu_seconds,
            memory_mb=None if peak is None else -(-peak // _MB),
        ),
        tail=text if begun or not status else status.trouble,
        files={request.bring_back[index]: content for index, content in files.items()},
    )


def _exit_code(status: Status | None) -> int:
    """Return the job's exit code. A launcher that did not live to report was killed, and the job with it."""
    return -int(signal.SIGKILL) if status is None or status.exit is None else status.exit


def _stopped_by(report: GuardReport, status: Status | None, *, flooded: bool) -> StoppedBy:
    """Say which limit ended the job; the first that explains it. A job that ended well was not stopped by any."""
    code = status.exit if status else None
    if flooded:
        return "output"
    if report.killed_for == "memory" or (report.oom and code != 0):
        return "memory"
    if status is None:
        return "seconds" if report.killed_for == "seconds" else "nothing"
    if status.stopped != "nothing":
        return status.stopped
    if code == -signal.SIGXCPU:
        return "seconds"
    full = status.kind == "disk" or code == -signal.SIGXFSZ or (status.full and code != 0)
    return "disk" if full else "nothing"


def _in_words(held: frozenset[str]) -> tuple[str, ...]:
    memory = "memory of all processes and files in memory together (cgroup)"
    weaker = "private memory of each process; memory of all together by looking five times a second, not exactly"
    processes = "processes and threads of all together (cgroup)"
    by_user = "processes and threads of all together (limit of the sandbox's user)"
    return (
        "wall-clock time of all processes together",
        memory if "memory" in held else weaker,
        processes if "pids" in held else by_user,
        "CPU time of each process",
        "size of each file",
        "size of all writable places together",
        "bytes of output",
        "bytes brought back",
    )


def _counted_already() -> int:
    """Return how many tasks of ours RLIMIT_NPROC would count that are not the job's.

    Since Linux 5.14 it counts within the user name space; before, all of the user's. Source: kernel commit
    21d1c5e386bc, "Reimplement RLIMIT_NPROC on top of ucounts".
    """
    release = platform.release().split(".")
    with contextlib.suppress(ValueError, IndexError):
        if (int(release[0]), int(release[1])) >= _COUNTED_PER_NAMESPACE:
            return 0
    return 0 if identity.is_root() else sampler.tasks_of(os.getuid())
