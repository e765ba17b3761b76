"""What does report.json say? The types of the outer contract; every other form is rendered from them."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from evaluator import codec
from evaluator.errors import DecodeError
from evaluator.model import Cause, Confidence, Record
from evaluator.registry import Effort, How

SCHEMA_VERSION = "1.0"
Verdict: TypeAlias = Literal["pass", "partial", "fail", "not-applicable", "not-measured"]
RunKind: TypeAlias = Literal[
    "fetch", "install", "import", "tests", "notebook", "training", "benchmark", "service", "image"
]
RunStatus: TypeAlias = Literal["passed", "failed", "timed-out", "blocked", "not-attempted"]
RunCause: TypeAlias = Literal[
    "environment",
    "undeclared-import",
    "missing-data",
    "absolute-path",
    "platform",
    "secret",
    "network",
    "arguments",
    "memory",
    "time",
    "hardware",
    "flaky",
    "defect",
    "tool-limit",
    "not-permitted",
    "none",
]


class Tool(Record):
    """The program that wrote the report."""

    name: str
    version: str


class SubjectSection(Record):
    """What was judged. ``commit`` and ``as_of`` (its date, UTC) are None without git."""

    source: str
    name: str
    commit: str | None
    ref: str | None
    as_of: str | None
    dirty: bool


class RubricSection(Record):
    """By what it was judged. ``sha256`` is over the rubric as applied, the role laid over it."""

    id: str
    version: str
    sha256: str
    role: str


class ScoreSection(Record):
    """``low``-``high``: 0-100, one decimal; ``coverage``: 0-1; all None where nothing applied."""

    low: float | None
    high: float | None
    coverage: float | None
    band: str | None
    band_high: str | None


class CategorySection(Record):
    """One category; ``weight``: its points of 100, 0 where nothing in it applied."""

    id: str
    title: str
    low: float | None
    high: float | None
    coverage: float | None
    weight: float


class RemedySection(Record):
    """What to do: a sentence, and a command or patch where one exists."""

    text: str
    command: str | None = None
    patch: str | None = None


class EvidenceSection(Record):
    """One piece of evidence; which fields are set depends on ``kind``. ``cell`` is 0-based, lines are 1-based."""

    kind: Literal["file", "commit", "run", "absence"]
    path: str | None = None
    start: int | None = None
    end: int | None = None
    cell: int | None = None
    sha: str | None = None
    run: str | None = None
    excerpt: str = ""
    note: str = ""
    url: str | None = None
    looked_at: tuple[str, ...] = ()


class SignalSection(Record):
    """One signal's verdict. ``earned``, ``weight``, ``points_lost``: points of 100; ``value`` in ``unit``."""

    id: str
    category: str
    verdict: Verdict
    value: int | float | None
    unit: str | None
    earned: float | None
    weight: float
    points_lost: float
    summary: str
    reason: str
    confidence: Confidence | None
    how: How
    evidence: tuple[EvidenceSection, ...]
    remedy: RemedySection
    effort: Effort


class ProjectSection(Record):
    """What the project is; ``facts`` are shown and never weighed."""

    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    facts: dict[str, int | float | str | bool] = {}


class SubProjectSection(Record):
    """One of several projects in a repository."""

    path: str
    project: ProjectSection
    score: ScoreSection
    categories: tuple[CategorySection, ...]
    signals: tuple[SignalSection, ...]


class CountsSection(Record):
    """Test cases."""

    passed: int
    failed: int
    errors: int
    skipped: int


class CellsSection(Record):
    """Code cells: how many ran, of how many."""

    run: int
    all: int


class RunSection(Record):
    """One thing that was, or was to be, executed. ``coverage``: 0-1 of first-party lines; ``log``: its end."""

    id: str
    kind: RunKind
    status: RunStatus
    command: str = ""
    cwd: str = ""
    cause: RunCause = "none"
    reason: str = ""
    repairs: tuple[str, ...] = ()
    counts: CountsSection | None = None
    coverage: float | None = None
    cells: CellsSection | None = None
    exit_code: int | None = None
    stopped_by: str | None = None
    device: str | None = None
    log: str = ""
    outputs: tuple[str, ...] = ()


class MetricsSection(Record):
    """Numbers claimed, measured and compared; empty until known."""

    claimed: tuple[()] = ()
    measured: tuple[()] = ()
    baselines: tuple[()] = ()
    leaks: tuple[()] = ()
    verdicts: tuple[()] = ()


class MissingSection(Record):
    """A fact that could not be had, and why."""

    fact: str
    cause: Cause
    detail: str


class Report(Record):
    """report.json. Same commit, rubric, tool version and run outcomes give the same bytes."""

    tool: Tool
    subject: SubjectSection
    rubric: RubricSection
    score: ScoreSection
    categories: tuple[CategorySection, ...]
    signals: tuple[SignalSection, ...]
    project: ProjectSection = ProjectSection()
    projects: tuple[SubProjectSection, ...] = ()
    runs: tuple[RunSection, ...] = ()
    metrics: MetricsSection = MetricsSection()
    missing: tuple[MissingSection, ...] = ()
    schema_version: str = SCHEMA_VERSION


class RunMeasurement(Record):
    """What one run cost, in seconds and MiB; None where it was not measured."""

    id: str
    seconds: float
    cpu_seconds: float | None = None
    memory_mb: int | None = None


class Measurements(Record):
    """measurements.json: everything that depends on the machine or the moment. Nothing is judged by it.

    Attributes:
        started: ISO 8601, UTC. steps: Seconds per fact provider. sandbox: Its name, or why there was none.
    """

    started: str
    seconds: float
    host: dict[str, str | int]
    sandbox: str
    limits_held: tuple[str, ...] = ()
    runs: tuple[RunMeasurement, ...] = ()
    steps: dict[str, float] = {}
    schema_version: str = SCHEMA_VERSION


def encode(report: Report) -> bytes:
    """Return the bytes of report.json: sorted keys, two spaces, a newline at the end."""
    return codec.pretty(report)


def decode(data: bytes) -> Report:
    """Return the report in ``data``.

    Raises:
        DecodeError: Not a report, or one of a version that this copy does not know.
    """

    class Version(msgspec.Struct):
        schema_version: str

    version: str = codec.decode(data, Version).schema_version
    ours, theirs = _numbers(SCHEMA_VERSION), _numbers(version)
    if theirs is None or ours is None or theirs[0] != ours[0] or theirs > ours:
        raise DecodeError(
            f"report.json has schema_version {version!r}, this copy reads up to {SCHEMA_VERSION}; "
            "install the version of evaluator that wrote it, or a newer one of the same major"
        )
    report: Report = codec.decode(data, Report)
    return report


def schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of report.json."""
    made = msgspec.json.schema(Report)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def _numbers(version: str) -> tuple[int, int] | None:
    major, dot, minor = version.partition(".")
    if not dot or not major.isdecimal() or not minor.isdecimal():
        return None
    return int(major), int(minor)
