"""The order in which findings reach a reader."""

from __future__ import annotations

import msgspec
import pytest

from evaluator.report import ranking
from evaluator.report.document import Report, SignalSection
from tests.report.samples import empty
from tests.report.signals_of_a_project import absent, at, signal


def report(*signals: SignalSection) -> Report:
    return msgspec.structs.replace(empty(), signals=signals)


def name(signal: SignalSection) -> str:
    return signal.id.partition(".")[2]


def lost(named: str, weight: float, effort: str = "hour") -> SignalSection:
    return signal(f"testing.{named}", "fail", "x", weight, effort=effort)


def earned(named: str, weight: float, how: str = "parsed") -> SignalSection:
    return signal(f"testing.{named}", "pass", "x", weight, at("a.py", 1), how=how)


@pytest.mark.parametrize(
    ("signals", "order"),
    [
        pytest.param([lost("a", 1), lost("b", 2)], "ba", id="more points first"),
        pytest.param([lost("a", 4, "day"), lost("b", 1)], "ba", id="points for the time they take"),
        pytest.param([lost("a", 1, "minutes"), lost("b", 2)], "ab", id="minutes go a long way"),
        pytest.param([lost("b", 1), lost("a", 1)], "ab", id="equals by name"),
        pytest.param(
            [lost(n, 1, "minutes") for n in "abcde"] + [lost("z", 9, "day")], "abcdz", id="the largest loss has a place"
        ),
        pytest.param([lost("a", 0), earned("b", 3)], "", id="nothing to regain"),
    ],
)
def test_fixes(signals: list[SignalSection], order: str) -> None:
    assert "".join(name(s) for s in ranking.fixes(report(*signals))) == order


def test_what_was_not_measured_is_no_fault_to_mend() -> None:
    assert ranking.fixes(report(signal("testing.a", "not-measured", "no sandbox", 9.0))) == ()


def test_the_largest_loss_is_the_one_that_is_sooner_mended() -> None:
    found = ranking.largest_loss(report(lost("a", 3, "day"), lost("b", 3, "minutes"), lost("c", 2)))

    assert found is not None
    assert name(found) == "b"


@pytest.mark.parametrize(
    ("signals", "best"),
    [
        pytest.param([earned("a", 1), earned("b", 2)], "b", id="what earns most"),
        pytest.param([earned("a", 2), earned("b", 2, "ran")], "b", id="what was run, of equals"),
        pytest.param([lost("a", 2), signal("testing.b", "partial", "x", 9.0)], None, id="nothing in full"),
        pytest.param([signal("testing.b", "pass", "x", 0.0)], None, id="nothing that earns"),
    ],
)
def test_best_strength(signals: list[SignalSection], best: str | None) -> None:
    found = ranking.best_strength(report(*signals))

    assert (name(found) if found else None) == best


def test_strengths_can_be_opened() -> None:
    closed = signal("testing.c", "pass", "x", 9.0, absent("none found", "src/"))

    found = ranking.strengths(report(closed, earned("a", 1), earned("b", 2)))

    assert [name(s) for s in found] == ["b", "a"]


def test_mending_begins_in_a_file() -> None:
    run = signal("testing.a", "fail", "x", 1.0, absent("none"), at("a.py", 3))

    spot = ranking.spot(run)

    assert spot is not None
    assert spot.path == "a.py"


def test_verdicts_come_in_the_order_of_their_urgency() -> None:
    signals = [
        earned("p", 1),
        signal("testing.n", "not-applicable", "x", 0.0),
        signal("testing.u", "not-measured", "x", 2.0),
        signal("testing.h", "partial", "x", 2.0),
        lost("f", 1),
        lost("g", 2),
    ]

    grouped = ranking.by_verdict(signals)

    assert [v for v, _ in grouped] == list(ranking.ORDER)
    assert [name(s) for s in grouped[0][1]] == ["g", "f"]
