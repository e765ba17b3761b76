"""From a judgement to the contract's document: verdicts, points, runs, and what a foreign reader refuses."""

from __future__ import annotations

import pytest

from evaluator.catalogue import catalogue
from evaluator.errors import DecodeError
from evaluator.facts.history import History
from evaluator.model import (
    Absence,
    Answer,
    Fact,
    Finding,
    InFile,
    Measured,
    Missing,
    NotApplicable,
    Span,
    Subject,
    Unit,
    Unknown,
)
from evaluator.report import document
from evaluator.report.building import build, verdict
from evaluator.report.ledger import runs
from evaluator.rubric import Scale, load
from evaluator.runs.environment import Attempt, Environment
from evaluator.runs.suite import Case, Covered, SuiteRun

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SUBJECT = Subject(source="https://github.com/o/r", name="r", commit=COMMIT, ref="main", as_of="2025-03-01T12:00:00Z")


def findings(default: Answer, **special: Answer) -> list[Finding]:
    named = {k.replace("__", ".").replace("_", "-"): v for k, v in special.items()}
    return [Finding(signal=i, answer=named.get(i, default)) for i in catalogue().signals]


def built(default: Answer, facts: dict[type[Fact], Fact | Missing] | None = None, **special: Answer) -> document.Report:
    return build(SUBJECT, facts or {}, findings(default, **special), load(), "general", catalogue())


def level(value: int) -> Measured:
    return Measured(
        value=value, unit=Unit.LEVEL, summary="so", evidence=(Absence(note="looked", looked_at=("README",)),)
    )


@pytest.mark.parametrize(
    ("answer", "scale", "expected"),
    [
        pytest.param(level(2), Scale(zero=0, full=2), "pass", id="full marks"),
        pytest.param(level(1), Scale(zero=0, full=2), "partial", id="between"),
        pytest.param(level(0), Scale(zero=0, full=2), "fail", id="none"),
        pytest.param(NotApplicable(reason="-"), Scale(), "not-applicable", id="not asked"),
        pytest.param(Unknown(cause="timed-out", reason="-"), Scale(), "not-measured", id="unknown"),
    ],
)
def test_verdicts_are_derived(answer: Answer, scale: Scale, expected: str) -> None:
    assert verdict(Finding(signal="a.b", answer=answer), scale) == expected


def test_all_passed_is_a_hundred() -> None:
    got = built(level(2))

    assert (got.score.low, got.score.high, got.score.coverage, got.score.band) == (100.0, 100.0, 1.0, "Interview-ready")
    assert sum(c.weight for c in got.categories) == pytest.approx(100, abs=0.5)
    assert {s.points_lost for s in got.signals} == {0.0}


def test_nothing_applied_is_no_score() -> None:
    got = built(NotApplicable(reason="-"))

    assert (got.score.low, got.score.high, got.score.coverage, got.score.band) == (None, None, None, None)
    assert got.signals[0].reason == "-"


def test_points_lost_and_earned_make_the_weight() -> None:
    for signal in built(level(1)).signals:
        if signal.weight and signal.earned:
            assert signal.earned + signal.points_lost == pytest.approx(signal.weight)


def test_unknown_loses_nothing_and_opens_the_interval() -> None:
    got = built(level(2), testing__suite_passes=Unknown(cause="not-permitted", reason="no sandbox"))
    (suite,) = [s for s in got.signals if s.id == "testing.suite-passes"]

    assert (suite.earned, suite.points_lost, suite.verdict, suite.reason) == (None, 0.0, "not-measured", "no sandbox")
    assert got.score.low is not None
    assert got.score.high == 100.0
    assert got.score.low == pytest.approx(100 - suite.weight, abs=0.2)


def test_evidence_opens_at_the_commit() -> None:
    seen = Measured(
        value=2, unit=Unit.LEVEL, summary="-", evidence=(InFile(at=Span(path="a b.py", start=3, end=5), note="here"),)
    )
    (signal,) = [s for s in built(level(2), testing__tests_present=seen).signals if s.id == "testing.tests-present"]

    assert signal.evidence[0].url == f"https://github.com/o/r/blob/{COMMIT}/a%20b.py#L3-L5"


def test_secrets_in_excerpts_are_masked() -> None:
    key = "AKIA" + "Q3EGRUVTA7ZLN5KB"
    seen = Measured(
        value=0,
        unit=Unit.LEVEL,
        summary="-",
        evidence=(InFile(at=Span(path="a.py"), note="-", excerpt=f"k = '{key}'"),),
    )
    (signal,) = [s for s in built(level(2), engineering__no_secrets=seen).signals if s.id == "engineering.no-secrets"]

    assert key not in signal.evidence[0].excerpt


def test_a_committed_credential_caps_the_whole() -> None:
    got = built(level(2), engineering__no_secrets=level(0))

    (held,) = [s.summary for s in got.signals if s.id == "engineering.no-secrets"]
    assert got.score.low == 59.0
    assert held == "so; the whole score is held at 59: a credential is committed"


def test_how_is_the_strongest_way_of_its_facts() -> None:
    how = {s.id: s.how for s in built(level(2)).signals}

    assert how["testing.suite-passes"] == "ran"
    assert how["reproducibility.seeds-fixed"] == "parsed"


def test_gaps_are_listed() -> None:
    gap = Missing(fact="History", cause="not-found", detail="no git")

    assert built(level(2), {History: gap}).missing == (
        document.MissingSection(fact="History", cause="not-found", detail="no git"),
    )


def test_round_trip() -> None:
    report = built(level(1))

    assert document.decode(document.encode(report)) == report


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param(b'"1.0"', b'"2.0"', "install", id="other major"),
        pytest.param(b'"1.0"', b'"1.9"', "install", id="newer minor"),
        pytest.param(b'"1.0"', b'"one"', "install", id="no version"),
        pytest.param(b'"tool"', b'"tools"', "tools", id="unknown key"),
    ],
)
def test_a_reader_refuses(old: bytes, new: bytes, says: str) -> None:
    data = document.encode(built(level(1)))
    start = data.index(b'"schema_version"') if b"1.0" in old else 0
    with pytest.raises(DecodeError, match=says):
        document.decode(data[:start] + data[start:].replace(old, new, 1))


ENVIRONMENT = Environment(
    python="/x",
    version="3.11.7",
    folders={},
    strategy="as-of-today",
    installed={"pytest": "8.4.2"},
    attempts=(Attempt(strategy="as-of-commit", python="3.11", manifest="requirements.txt", reason="no wheel"),),
    repairs=("dropped the line `warnings`",),
    manifest="requirements.txt",
)
SUITE = SuiteRun(
    command="pytest",
    passed=3,
    failed=1,
    errors=0,
    skipped=1,
    cases=(
        Case(id="t.py::a", outcome="failed", path="t.py", line=3, message="AssertionError: assert 1 == 2\nat t.py:3"),
    ),
    coverage=(Covered(path="a.py", lines=10, hit=7), Covered(path="b.py", lines=10, hit=10)),
)


def test_runs_that_took_place() -> None:
    install, tests = runs({Environment: ENVIRONMENT, SuiteRun: SUITE})

    assert (install.status, install.repairs) == ("passed", ("dropped the line `warnings`",))
    assert "as-of-today" in install.command
    assert "no wheel" in install.log
    assert (tests.status, tests.cause, tests.coverage) == ("failed", "defect", 0.85)
    assert tests.counts == document.CountsSection(passed=3, failed=1, errors=0, skipped=1)
    assert "assert 1 == 2" in tests.log


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        pytest.param("not-permitted", ("not-attempted", "not-permitted"), id="forbidden"),
        pytest.param("failed", ("failed", "environment"), id="failed"),
        pytest.param("timed-out", ("timed-out", "time"), id="too slow"),
        pytest.param("too-large", ("blocked", "tool-limit"), id="too large"),
        pytest.param("not-found", None, id="nothing to run"),
    ],
)
def test_runs_that_did_not(cause: str, expected: tuple[str, str] | None) -> None:
    gap = Missing(fact="Environment", cause=cause, detail="so")  # type: ignore[arg-type]

    assert [(r.status, r.cause) for r in runs({Environment: gap})] == ([expected] if expected else [])
