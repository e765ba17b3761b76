"""The words and figures in which a report is told."""

from __future__ import annotations

import msgspec
import pytest

from evaluator.report import wording
from evaluator.report.document import (
    CountsSection,
    EvidenceSection,
    ProjectSection,
    Report,
    RunSection,
    ScoreSection,
    SignalSection,
)
from tests.report.samples import empty, rich
from tests.report.signals_of_a_project import signal


def scored(
    low: float, high: float, coverage: float, *signals: SignalSection, band: str = "A", high_band: str = "A"
) -> Report:
    score = ScoreSection(low=low, high=high, coverage=coverage, band=band, band_high=high_band)
    return msgspec.structs.replace(empty(), score=score, signals=signals)


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (61.5, 72.0, "61.5–72.0"),
        (60.0, 72.0, "60–72"),
        (64.0, 64.0, "64"),
        (64.3, 64.3, "64.3"),
        (0.0, 100.0, "0–100"),
        (None, None, "no score"),
    ],
)
def test_span(low: float | None, high: float | None, told: str) -> None:
    assert wording.span(low, high) == told


@pytest.mark.parametrize(("share", "told"), [(0.0, "0%"), (0.001, "1%"), (0.884, "88%"), (0.999, "99%"), (1.0, "100%")])
def test_percent_never_claims_all_or_nothing(share: float, told: str) -> None:
    assert wording.percent(share) == told


@pytest.mark.parametrize(("value", "told"), [(0.04, "0.0 s"), (2.94, "2.9 s"), (88, "1 min 28 s"), (7500, "2 h 5 min")])
def test_seconds(value: float, told: str) -> None:
    assert wording.seconds(value) == told


def test_both_bands_are_named_where_the_interval_reaches_over_a_border() -> None:
    assert wording.bands(scored(60, 60, 1).score) == "A"
    assert wording.bands(scored(60, 72, 0.9, high_band="B").score) == "A to B"
    assert wording.bands(empty().score) == ""


@pytest.mark.parametrize(
    ("signals", "told"),
    [
        pytest.param(
            [signal("a.tests-pass", "pass", "5 of 5.", 3), signal("a.it-is-typed", "fail", "0 of 9", 2)],
            "Strongest on “Tests pass” (5 of 5); loses most on “It is typed” (0 of 9), 2 of 100 points.",
            id="both",
        ),
        pytest.param(
            [signal("a.it-is-typed", "fail", "", 2)],
            "Nothing that could be looked at earns full points yet; loses most on “It is typed”, 2 of 100 points.",
            id="no strength",
        ),
        pytest.param(
            [signal("a.tests-pass", "pass", "5 of 5", 3)],
            "Strongest on “Tests pass” (5 of 5); nothing else was lost.",
            id="no loss",
        ),
        pytest.param(
            [signal("a.tests-pass", "not-measured", "no sandbox", 3)],
            "Nothing that could be looked at earns full points yet; nothing was lost either.",
            id="nothing known",
        ),
    ],
)
def test_the_sentence(signals: list[SignalSection], told: str) -> None:
    assert wording.sentence(scored(10, 20, 0.5, *signals)) == told


def test_without_a_score_the_sentence_says_why() -> None:
    assert wording.sentence(empty()) == "Nothing in this rubric applies to what is in the repository."
    assert wording.certainty(empty()) == ""
    assert wording.footing(empty()) == ""


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (scored(50, 50, 1.0), "All of the rubric that applies was measured."),
        (scored(50, 50, 0.9), "90% of the rubric was measured."),
        (scored(50, 60, 0.9), "90% of the rubric was measured; the rest makes the score a range."),
    ],
    ids=["all", "capped", "range"],
)
def test_certainty(report: Report, told: str) -> None:
    assert wording.certainty(report) == told


def test_what_the_verdicts_rest_on() -> None:
    read = [signal("a.tests-pass", "pass", "x", 1, how="read")]

    assert wording.footing(scored(1, 1, 1, *read)) == "1 check settled by reading alone."
    assert wording.footing(rich()) == "33 checks settled, 3 of them by running the project."


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        (EvidenceSection(kind="file", path="a.py", start=3, end=9), "a.py:3-9"),
        (EvidenceSection(kind="file", path="a.py", start=3, end=3), "a.py:3"),
        (EvidenceSection(kind="file", path="a.py"), "a.py"),
        (EvidenceSection(kind="file", path="a.ipynb", cell=0, start=1, end=2), "a.ipynb cell 1:1-2"),
        (EvidenceSection(kind="commit", sha="0123456789abcdef"), "commit 0123456"),
        (EvidenceSection(kind="run", run="tests"), "run tests"),
        (EvidenceSection(kind="absence", note="none"), ""),
    ],
    ids=["lines", "line", "file", "cell", "commit", "run", "absence"],
)
def test_where(evidence: EvidenceSection, told: str) -> None:
    assert wording.where(evidence) == told


def test_where_it_was_looked_for() -> None:
    many = EvidenceSection(kind="absence", looked_at=tuple("abcdefgh"))

    assert wording.looked_at(many) == "looked at a, b, c, d, e, f and 2 more"
    assert wording.looked_at(EvidenceSection(kind="absence")) == ""


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (signal("a.tests-pass", "fail", "x", 3), "−3 of 3"),
        (signal("a.tests-pass", "partial", "x", 3), "−1.5 of 3"),
        (signal("a.tests-pass", "pass", "x", 3), "3 of 3"),
        (signal("a.tests-pass", "not-measured", "x", 3), "up to 3 open"),
        (signal("a.tests-pass", "not-applicable", "x", 0), ""),
        (signal("a.tests-pass", "fail", "x", 0), "not weighed"),
        (signal("a.tests-pass", "not-measured", "x", 0), "not weighed"),
        (msgspec.structs.replace(signal("a.tests-pass", "pass", "x", 3), earned=0.0), "nothing taken off"),
    ],
    ids=["fail", "partial", "pass", "unknown", "none", "trial fail", "trial unknown", "deduction avoided"],
)
def test_points(found: SignalSection, told: str) -> None:
    assert wording.points(found) == told


def test_cases_in_words() -> None:
    assert wording.counted(CountsSection(passed=40, failed=2, errors=0, skipped=1)) == "40 passed, 2 failed, 1 skipped"
    assert wording.counted(CountsSection(passed=0, failed=0, errors=1, skipped=0)) == "0 passed, 1 with an error"


def test_every_limit_has_a_name() -> None:
    run = RunSection(id="tests", kind="tests", status="timed-out", stopped_by="seconds")

    assert wording.stopped_by(run) == "its time limit"
    assert wording.stopped_by(msgspec.structs.replace(run, stopped_by="leap second")) == "leap second"
    assert wording.stopped_by(msgspec.structs.replace(run, stopped_by=None)) == ""


@pytest.mark.parametrize(
    ("project", "told", "short"),
    [
        pytest.param(ProjectSection(), "", "", id="nothing found"),
        pytest.param(ProjectSection(kinds=("analysis",)), "Taken for: analysis.", "analysis", id="kind alone"),
        pytest.param(
            ProjectSection(kinds=("modelling", "service"), tasks=("nlp",), frameworks=("torch", "flax")),
            "Taken for: modelling and service, on nlp, with torch and flax.",
            "modelling, service: nlp",
            id="all of it",
        ),
        pytest.param(
            ProjectSection(tasks=("a", "b", "c")), "Taken for: code, on a, b and c.", "a, b, c", id="tasks alone"
        ),
    ],
)
def test_what_the_project_was_taken_for(project: ProjectSection, told: str, short: str) -> None:
    assert (wording.taken_for(project), wording.in_short(project)) == (told, short)
