"""Which reports do the tests render? An invented project in full, and the least that a report can hold."""

from __future__ import annotations

import msgspec

from evaluator.report.document import (
    CategorySection,
    CellsSection,
    CountsSection,
    Measurements,
    MissingSection,
    ProjectSection,
    Report,
    RubricSection,
    RunMeasurement,
    RunSection,
    ScoreSection,
    SignalSection,
    SubjectSection,
    Tool,
)
from tests.report.signals_of_a_project import COMMIT, SOURCE, found, signal

_TITLES = {
    "communication": ("Communication", 10.0),
    "reproducibility": ("Reproducibility", 20.0),
    "testing": ("Testing", 15.0),
    "modelling": ("Modelling", 25.0),
    "engineering": ("Engineering", 10.0),
    "production": ("Production", 15.0),
    "history": ("History", 5.0),
}

_LOG = """\
============================= test session starts ==============================
collected 47 items

tests/test_features.py ...............                                   [ 31%]
tests/test_parsing.py .......F.........                                  [ 68%]
tests/test_model.py ............                                         [ 93%]
tests/test_serve.py ..s                                                  [100%]

=================================== FAILURES ===================================
_______________________ test_parse_eta_with_impossible_day _____________________
>       assert parse_eta("2024-02-30") is None
E       ValueError: day is out of range for month
=================== 1 failed, 45 passed, 1 skipped in 6.21s ===================="""


def _category(name: str, signals: list[SignalSection]) -> CategorySection:
    title, weight = _TITLES[name]
    asked = [s for s in signals if s.category == name and s.verdict != "not-applicable"]
    whole = sum(s.weight for s in asked)
    earned = sum(s.earned or 0.0 for s in asked)
    unknown = sum(s.weight for s in asked if s.earned is None)
    return CategorySection(
        id=name,
        title=title,
        low=round(100 * earned / whole, 1),
        high=round(100 * (earned + unknown) / whole, 1),
        coverage=round((whole - unknown) / whole, 4),
        weight=weight,
    )


def _runs() -> tuple[RunSection, ...]:
    return (
        RunSection(
            id="install",
            kind="install",
            command="uv pip install (uv.lock, lock)",
            status="passed",
            reason="Python 3.11.9, 61 packages",
            exit_code=0,
            log="Resolved 61 packages\nInstalled 61 packages",
        ),
        RunSection(id="imports", kind="import", command="python -c 'import harbour'", status="passed", exit_code=0),
        RunSection(
            id="tests",
            kind="tests",
            command="python -m pytest tests",
            status="failed",
            cause="defect",
            counts=CountsSection(passed=45, failed=1, errors=0, skipped=1),
            coverage=0.71,
            exit_code=1,
            log=_LOG,
        ),
        RunSection(
            id="notebook-explore",
            kind="notebook",
            command="notebooks/explore.ipynb",
            cwd="notebooks",
            status="timed-out",
            cause="time",
            cells=CellsSection(run=11, all=24),
            stopped_by="seconds",
            repairs=("the kernel name `harbour-env` was replaced by python3",),
        ),
        RunSection(
            id="training",
            kind="training",
            command="make train",
            status="not-attempted",
            cause="network",
            reason="the data (1.8 GB) is fetched by a script, and no network was given; `--network` gives it one",
        ),
        RunSection(
            id="image",
            kind="image",
            status="not-attempted",
            cause="tool-limit",
            reason="no container engine on this machine",
        ),
    )


def rich() -> Report:
    """Return the report on an invented project of middling quality, with nearly every part that a report can have."""
    signals = found()
    parts = tuple(_category(name, signals) for name in _TITLES)
    low = sum((p.low or 0) * p.weight for p in parts) / 100
    high = sum((p.high or 0) * p.weight for p in parts) / 100
    whole = sum(s.weight for s in signals if s.verdict != "not-applicable")
    unknown = sum(s.weight for s in signals if s.verdict == "not-measured")
    return Report(
        tool=Tool(name="evaluator", version="0.1.0"),
        subject=SubjectSection(
            source=SOURCE, name="harbour-delays", commit=COMMIT, ref="main", as_of="2025-05-17T09:12:44Z", dirty=False
        ),
        rubric=RubricSection(id="recruiter-signals", version="1.0", sha256="d0c4" * 16, role="general"),
        score=ScoreSection(
            low=round(low, 1),
            high=round(high, 1),
            coverage=round((whole - unknown) / whole, 4),
            band="Getting there",
            band_high="Almost ready",
        ),
        categories=parts,
        signals=tuple(signals),
        project=ProjectSection(
            kinds=("modelling", "service"),
            stages=("ingest", "prepare", "train", "evaluate", "persist", "serve"),
            tasks=("regression", "tabular"),
            frameworks=("sklearn",),
            facts={"files": 48, "python_files": 17, "python_lines": 1904, "notebooks": 3, "commits": 64},
        ),
        runs=_runs(),
        missing=(
            MissingSection(fact="TrainingRun", cause="not-found", detail="the data (1.8 GB) is not in the repository"),
            MissingSection(fact="ImageBuild", cause="not-permitted", detail="no container engine on this machine"),
        ),
    )


def measured() -> Measurements:
    """Return the measurements that belong to :func:`rich`."""
    return Measurements(
        started="2025-06-02T14:03:11Z",
        seconds=96.4,
        host={"system": "Linux", "cpus": 2, "memory_mb": 7951},
        sandbox="bwrap 0.8.0",
        limits_held=("memory", "processes", "disk", "network"),
        runs=(
            RunMeasurement(id="install", seconds=2.94),
            RunMeasurement(id="imports", seconds=1.2),
            RunMeasurement(id="tests", seconds=7.81, cpu_seconds=9.2, memory_mb=412),
            RunMeasurement(id="notebook-explore", seconds=60.0),
        ),
        steps={"Code": 0.31, "History": 0.12},
    )


def not_run() -> Report:
    """Return :func:`rich` as it is on a machine where no sandbox works."""
    how = "no sandbox works on this machine: bwrap is not installed; `sudo apt-get install bubblewrap` mends it"
    gone = {"reproducibility.installs", "testing.suite-passes", "testing.line-coverage"}
    full = rich()
    signals = [signal(s.id, "not-measured", how, s.weight, how="ran") if s.id in gone else s for s in full.signals]
    parts = tuple(_category(name, signals) for name in _TITLES)
    low = sum((p.low or 0) * p.weight for p in parts) / 100
    high = sum((p.high or 0) * p.weight for p in parts) / 100
    return msgspec.structs.replace(
        full,
        score=ScoreSection(
            low=round(low, 1), high=round(high, 1), coverage=0.77, band="Getting there", band_high="Almost ready"
        ),
        categories=parts,
        signals=tuple(signals),
        runs=tuple(
            RunSection(id=kind, kind=kind, status="not-attempted", cause="not-permitted", reason=how)
            for kind in ("install", "tests")
        ),
        missing=(
            MissingSection(fact="Environment", cause="not-permitted", detail=how),
            MissingSection(fact="SuiteRun", cause="not-permitted", detail=how),
        ),
    )


def empty() -> Report:
    """Return the least that a report can hold: nothing applied, nothing was run, no git."""
    return Report(
        tool=Tool(name="evaluator", version="0.1.0"),
        subject=SubjectSection(source="local", name="notes", commit=None, ref=None, as_of=None, dirty=False),
        rubric=RubricSection(id="recruiter-signals", version="1.0", sha256="0" * 64, role="general"),
        score=ScoreSection(low=None, high=None, coverage=None, band=None, band_high=None),
        categories=(),
        signals=(),
    )
