"""How is a request run with the caller's own rights, on the caller's own word?

Nothing is isolated here: the command can read and change what the caller can. What remains is order, not safety: a
private copy, a short environment, limits, and no process left behind that can be found.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from evaluator.sandbox import identity, layout, sampler
from evaluator.sandbox.api import OUT, PLACED, WORK, RunOutcome, RunRequest, StoppedBy, Usage
from evaluator.sandbox.bubblewrap import BASE_ENV
from evaluator.sandbox.drain import HeadAndTail
from evaluator.sandbox.guard import Plan
from evaluator.sandbox.outer import HEAD_BYTES, TAIL_BYTES, GuardReport, Pipes, guarded

_MB = layout.MB
_ASK = 3.0


class Off:
    """Runs each request as the caller, in a private copy of the project.

    The places of the sandbox do not exist here. In the command and in the values of the environment, ``/work``,
    ``/out``, ``/home/user``, ``/run/evaluator`` and the keys of ``read_only`` are replaced by the host's folders, where
    they begin a string or follow one of ``= : , ;``; the longest place wins, so a host folder below a real ``/work`` has to
    be among ``read_only``. Paths written inside files are not.

    Args:
        scratch: A private folder of this evaluation; each run gets a folder in it, removed at its end.
    """

    name = "off"
    limits_held: tuple[str, ...] = (
        "wall-clock time",
        "private memory, CPU time and size of files of each process",
        "bytes of output",
        "bytes brought back",
    )

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch

    def run(self, request: RunRequest) -> RunOutcome:
        """Run one request to its end or to a limit.

        Raises:
            SandboxError: The run could not be prepared. Never for what the command does.
        """
        layout.check(request)
        layout.measure(request.project)
        with tempfile.TemporaryDirectory(
            dir=self._scratch.resolve(), prefix="run-", ignore_cleanup_errors=True
        ) as name:
            places = _lay_out(Path(name), request)
            env = {key: translated(value, places) for key, value in {**BASE_ENV, **request.env}.items()}
            argv = [translated(word, places) for word in request.argv]
            cwd = Path(places[str(WORK)]) / request.cwd
            program = shutil.which(argv[0], path=env["PATH"]) if "/" not in argv[0] else str(cwd / argv[0])
            if program is None or not os.access(program, os.X_OK) or not cwd.is_dir():
                return RunOutcome(exit_code=127, tail=f"cannot start {request.argv[0]} in {cwd.name}\n")
            return self._run(request, [program, *argv[1:]], {**env, "PWD": str(cwd)}, cwd, Path(places[str(OUT)]))

    def _run(self, request: RunRequest, argv: list[str], env: dict[str, str], cwd: Path, out: Path) -> RunOutcome:
        limits = request.limits
        with Pipes() as pipes:
            read, output = pipes.pipe()
            seen = HeadAndTail(HEAD_BYTES, TAIL_BYTES, limits.output_bytes, lambda: False)
            plan = Plan(
                argv=argv,
                env=env,
                cwd=str(cwd),
                parent=os.getpid(),
                output=output,
                keep=[],
                seconds=limits.seconds,
                ask=min(_ASK, limits.seconds / 10),
                rlimits=_rlimits(request),
                sampled_bytes=limits.memory_mb * _MB,
            )
            report = guarded(plan, {read: seen}, pipes)
        stopped = _stopped_by(report, flooded=seen.flooded)
        return RunOutcome(
            exit_code=report.exit_code if stopped == "nothing" else None,
            stopped_by=stopped,
            usage=Usage(
                seconds=report.seconds,
                cpu_seconds=report.cpu_seconds,
                memory_mb=None if report.peak_bytes is None else -(-report.peak_bytes // _MB),
            ),
            tail=seen.value().decode("utf-8", errors="replace"),
            files=_bring_back(out, request),
        )


def translated(text: str, places: Mapping[str, str]) -> str:
    """Return ``text`` with places of the sandbox replaced by the host's; see ``Off``."""
    names = "|".join(re.escape(place) for place in sorted(places, key=len, reverse=True))
    return re.sub(rf"(^|(?<=[=:,;]))({names})(?=$|[/:,;])", lambda found: places[found[2]], text)


def _lay_out(folder: Path, request: RunRequest) -> dict[str, str]:
    """Make the places of one run; return place in the sandbox → host folder."""
    places = {str(WORK): "work", str(OUT): "out", layout.HOME: "home", layout.TEMPORARY: "tmp", str(PLACED): "placed"}
    made = {place: str(folder / name) for place, name in places.items()}
    for place, host in made.items():
        if place != str(WORK):
            Path(host).mkdir()
    shutil.copytree(request.project, made[str(WORK)], symlinks=True, ignore=_special)
    for path, content in request.placed.items():
        target = Path(made[str(PLACED)]) / Path(path).relative_to(PLACED)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return made | request.read_only


def _special(folder: str, names: list[str]) -> list[str]:
    """Return what is neither folder, file nor link: to copy a FIFO would wait for ever."""
    kinds = {name: (Path(folder) / name).lstat().st_mode for name in names}
    return [n for n, m in kinds.items() if not (stat.S_ISREG(m) or stat.S_ISDIR(m) or stat.S_ISLNK(m))]


def _rlimits(request: RunRequest) -> dict[str, tuple[int, int]]:
    limits = request.limits
    held = {
        "RLIMIT_CPU": (limits.cpu_seconds, limits.cpu_seconds + 1),
        "RLIMIT_FSIZE": (limits.file_mb * _MB, limits.file_mb * _MB),
        "RLIMIT_CORE": (0, 0),
        "RLIMIT_DATA": (limits.memory_mb * _MB, limits.memory_mb * _MB),
    }
    # Counts every process of the user on the machine, and holds for nobody who is root.
    if not identity.is_root() and (others := sampler.tasks_of(os.getuid())):
        held["RLIMIT_NPROC"] = (others + limits.processes, others + limits.processes)
    return held


def _stopped_by(report: GuardReport, *, flooded: bool) -> StoppedBy:
    if flooded:
        return "output"
    if report.killed_for == "memory":
        return "memory"
    if report.killed_for == "seconds" or report.exit_code == -signal.SIGXCPU:
        return "seconds"
    return "disk" if report.exit_code == -signal.SIGXFSZ else "nothing"


def _bring_back(out: Path, request: RunRequest) -> dict[str, bytes]:
    """Read the wanted files that are regular, fit, and are reached without following a link."""
    files: dict[str, bytes] = {}
    left = request.limits.back_bytes
    for wanted in request.bring_back:
        path = out / layout.below_out(wanted)
        try:
            if path.resolve(strict=True) != path:
                continue
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as stream:
                content = stream.read(left + 1) if stat.S_ISREG(os.fstat(stream.fileno()).st_mode) else None
        except OSError:
            continue
        if content is not None and len(content) <= left:
            files[wanted] = content
            left -= len(content)
    return files
