"""What may be asked of a sandbox, and what comes back?"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from evaluator.model import Record

StoppedBy: TypeAlias = Literal["seconds", "memory", "output", "disk", "nothing"]


class Limits(Record):
    """Upper bounds of one run; crossing any of them stops it.

    Attributes:
        seconds: Wall clock of the whole tree of processes. cpu_seconds: CPU time per process.
        memory_mb: Of the tree together, beside the copy of the project; held exactly where a cgroup can be made, else per
            process, and for the tree by looking several times a second.
        processes: Processes and threads alive at one time. file_mb: Largest file.
        disk_mb: All writable places together, the copy of the project included.
        output_bytes: Of standard output and error together.
        back_bytes: Of all files brought back together.
    """

    seconds: int = 600
    cpu_seconds: int = 1200
    memory_mb: int = 4096
    processes: int = 512
    file_mb: int = 512
    disk_mb: int = 2048
    output_bytes: int = 8_000_000
    back_bytes: int = 16_000_000


class RunRequest(Record):
    """One command, in a private writable copy of the project.

    Attributes:
        name: Shown to the user and in the report: ``tests``, ``install`` …
        argv: Never empty; no shell. ``argv[0]`` is a path inside the sandbox or a name on its PATH.
        project: Host folder with the project's files (no ``.git``); the command sees a private copy as ``/work``.
        cwd: Folder below ``/work``, POSIX, relative.
        read_only: Absolute path in the sandbox → host folder shown there, read-only (interpreter, environment, data; the
            last also below ``/work``). Where the caller is root, everybody must be able to read them and the project.
        placed: Further files, sandbox path below ``/run/evaluator`` → content; read-only (our plug-ins).
        env: The whole environment but for HOME, PATH, TMPDIR, LANG and the like, which the sandbox sets.
        bring_back: Paths below ``/out`` (``report.json``) to return after the end, however it came; regular files only.
    """

    name: str
    argv: tuple[str, ...]
    project: str
    cwd: str = ""
    read_only: dict[str, str] = {}
    placed: dict[str, bytes] = {}
    env: dict[str, str] = {}
    limits: Limits = Limits()
    bring_back: tuple[str, ...] = ()


class Usage(Record):
    """What a run cost. Goes to measurements.json, never to a verdict.

    Attributes:
        seconds: Wall. cpu_seconds: Of every descendant. memory_mb: Peak of the tree, None where not measured.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: int | None = None


class RunOutcome(Record):
    """What a run left behind. Every byte in it was chosen by the project: testimony, not truth.

    Attributes:
        exit_code: None when it was stopped; negative for a signal; 126 or 127 when the command could not be started.
        stopped_by: Which limit ended it. ``seconds`` also for CPU time; ``disk`` also for a file that grew too large, and
            where the command failed and left no room in a writable place. A command that ended well was not stopped.
            Shortly before ``seconds`` are over (a tenth, at most 3 s) the command is interrupted, so that it can say
            where it was; then it is killed.
        tail: Standard output and error in the order they came, at most 20 000 characters: all of it, or its first 2 000
            bytes, a line that says how much is left out, and its end. Decoded with replacement.
        files: Of those in ``bring_back``, by the same names, the ones that were regular files within the limits.
    """

    exit_code: int | None
    stopped_by: StoppedBy = "nothing"
    usage: Usage = Usage()
    tail: str = ""
    files: dict[str, bytes] = {}


class Sandbox(Protocol):
    """Runs one request at a time for each thread; raises ``SandboxError`` only when it is itself broken.

    Attributes:
        name: ``bwrap``, ``container``, ``landlock``, ``off`` or ``recorded``.
        limits_held: Which limits of ``Limits`` this machine enforces for the whole tree, in words for the report.
    """

    name: str
    limits_held: tuple[str, ...]

    def run(self, request: RunRequest) -> RunOutcome: ...


class Recorded:
    """A sandbox that answers from memory: for tests of plug-ins and of everything that reads outcomes."""

    name = "recorded"
    limits_held: tuple[str, ...] = ()

    def __init__(self, *outcomes: RunOutcome) -> None:
        self._outcomes = list(outcomes)
        self.asked: list[RunRequest] = []

    def run(self, request: RunRequest) -> RunOutcome:
        """Return the next outcome; the last one is repeated."""
        self.asked.append(request)
        return self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]


WORK = Path("/work")
OUT = Path("/out")
PLACED = Path("/run/evaluator")
