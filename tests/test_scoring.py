"""Laws of the score: order-free, bounded, monotone, and honest about what is unknown."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import RubricError
from evaluator.model import Answer, Finding, Measured, NotApplicable, Unit, Unknown
from evaluator.rubric import Band, Category, Gate, Item, Rubric, Scale
from evaluator.scoring import FULL, Score, earn, score

IDS = ("p.a", "q.b", "p.c", "q.d", "p.e", "q.f", "r.g", "p.fault")
RUBRIC = Rubric(
    schema=1,
    id="t",
    version="1",
    categories={
        "p": Category(title="P", weight=3, rationale="-"),
        "q": Category(title="Q", weight=1, rationale="-"),
        "r": Category(title="R", weight=2, rationale="-"),
    },
    items={s: Item(weight=i + 1, rationale="-", deducts=s == "p.fault") for i, s in enumerate(IDS)},
    gates=(Gate(signal="p.a", below=2000, cap=5000, reason="a is low"),),
    bands=(Band(at_least=0, name="low"), Band(at_least=50, name="high")),
)
NOT_ASKED = NotApplicable(reason="-")
UNKNOWN = Unknown(cause="failed", reason="-")


def measured(value: float) -> Measured:
    return Measured(value=value, unit=Unit.RATIO, summary="-")


answers: st.SearchStrategy[Answer] = st.one_of(st.floats(0, 1).map(measured), st.just(NOT_ASKED), st.just(UNKNOWN))
cases = st.fixed_dictionaries(dict.fromkeys(IDS, answers))


def run(case: dict[str, Answer]) -> Score:
    return score(RUBRIC, [Finding(signal=k, answer=v) for k, v in case.items()])


def full(value: Answer) -> dict[str, Answer]:
    return dict.fromkeys(IDS, value)


@given(cases, st.randoms(use_true_random=False))
def test_order_does_not_matter(case: dict[str, Answer], rnd: random.Random) -> None:
    items = list(case.items())
    rnd.shuffle(items)

    assert run(dict(items)) == run(case)


@given(cases)
def test_bounds_are_ordered(case: dict[str, Answer]) -> None:
    got = run(case)

    if got.low is not None and got.high is not None:
        assert 0 <= got.low <= got.high <= FULL
    for part in got.categories.values():
        if part.low is not None and part.high is not None:
            assert 0 <= part.low <= part.high <= FULL


@given(cases)
def test_without_unknowns_the_interval_is_a_point(case: dict[str, Answer]) -> None:
    got = run({k: NOT_ASKED if v is UNKNOWN else v for k, v in case.items()})

    assert got.low == got.high


@given(cases, st.data())
def test_learning_the_unknown_stays_inside_the_interval(case: dict[str, Answer], data: st.DataObject) -> None:
    before = run(case)
    after = run({k: measured(data.draw(st.floats(0, 1))) if v is UNKNOWN else v for k, v in case.items()})

    if before.low is not None and before.high is not None and after.low is not None:
        assert before.low <= after.low <= before.high


@given(cases, st.sampled_from(IDS), st.floats(0, 1), st.floats(0, 1))
def test_doing_better_never_scores_lower(case: dict[str, Answer], name: str, x: float, y: float) -> None:
    worse, better = (run(case | {name: measured(v)}).low for v in sorted((x, y)))

    assert (worse or 0) <= (better or 0)


def test_not_applicable_leaves_the_mean() -> None:
    assert run(full(measured(1)) | {"q.b": NOT_ASKED, "r.g": NOT_ASKED}).low == FULL


def test_a_category_weighs_the_same_however_many_items_apply() -> None:
    case = full(NOT_ASKED) | {"p.a": measured(1), "q.b": measured(0), "r.g": measured(1)}

    assert run(case).low == FULL * 5 // 6


def test_freedom_from_a_fault_earns_nothing_by_itself() -> None:
    got = run(full(NOT_ASKED) | {"p.fault": measured(1)})

    assert (got.low, got.high, got.band) == (None, None, None)


def test_a_fault_takes_its_weight_off() -> None:
    clean = full(NOT_ASKED) | {"p.a": measured(1), "p.c": measured(1), "p.e": measured(1)}
    sum_of_weights, weight_of_fault = 1 + 3 + 5, 8

    assert run(clean | {"p.fault": measured(1)}).low == FULL
    assert run(clean | {"p.fault": measured(0)}).low == FULL * (sum_of_weights - weight_of_fault) // sum_of_weights


def test_points_of_the_items_add_up_to_the_whole() -> None:
    got = run(full(measured(0.5)) | {"p.fault": measured(1)})

    assert sum(i.weight for i in got.items.values() if not i.deducts) == pytest.approx(FULL, abs=len(IDS))


def test_a_gate_lowers_and_says_why() -> None:
    got = run(full(measured(1)) | {"p.a": measured(0.1)})

    assert (got.low, [g.reason for g in got.gates]) == (5000, ["a is low"])


def test_an_unknown_gate_opens_the_interval() -> None:
    got = run(full(measured(1)) | {"p.a": UNKNOWN})

    assert (got.low, got.high, got.gates) == (5000, FULL, ())


def test_bands_of_both_ends() -> None:
    got = run(full(measured(1)) | {"p.a": UNKNOWN, "p.c": UNKNOWN, "p.e": UNKNOWN})

    assert (got.band, got.band_high) == ("high", "high")


def test_a_weighed_signal_without_a_finding_is_an_error() -> None:
    with pytest.raises(RubricError, match=r"p\.a"):
        score(RUBRIC, [Finding(signal=s, answer=measured(1)) for s in IDS if s != "p.a"])


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        pytest.param(0.5, Scale(zero=0, full=1), 5000, id="halfway"),
        pytest.param(-3, Scale(zero=0, full=1), 0, id="below"),
        pytest.param(7, Scale(zero=0, full=2), FULL, id="above"),
        pytest.param(30, Scale(zero=40, full=20), 5000, id="less is better"),
        pytest.param(1, Scale(zero=1, full=1), FULL, id="a step, reached"),
        pytest.param(0.99, Scale(zero=1, full=1), 0, id="a step, missed"),
    ],
)
def test_earn(value: float, scale: Scale, expected: int) -> None:
    assert earn(value, scale) == expected
