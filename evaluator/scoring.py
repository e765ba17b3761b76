"""Findings and rubric: what is the score? Pure, and in whole basis points (0-10 000) throughout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evaluator.errors import RubricError
from evaluator.model import Finding, Measured, NotApplicable, Record
from evaluator.rubric import Gate, Rubric, Scale

FULL = 10_000


class CategoryScore(Record):
    """One category's interval and coverage in basis points; None where nothing applies. ``weight``: points of 100."""

    low: int | None
    high: int | None
    coverage: int | None
    weight: float


class ItemScore(Record):
    """One signal's part of the whole.

    Attributes:
        earned: Basis points of its own scale; None while unknown.
        weight: Basis points of the whole that hang on it.
    """

    earned: int | None
    weight: int
    deducts: bool


class Score(Record):
    """``low`` and ``high`` bound the total were every unknown answer the worst or the best.

    Attributes:
        low, high: Basis points; None where nothing applied.
        coverage: Basis points of the applicable weight that was measured; None where nothing applied.
        items: By signal, those that are weighed and applicable.
        gates: Those that have closed for a fact that is known, not for an unknown.
    """

    low: int | None
    high: int | None
    coverage: int | None
    band: str | None
    band_high: str | None
    categories: dict[str, CategoryScore]
    items: dict[str, ItemScore]
    gates: tuple[Gate, ...]


def earn(value: float, scale: Scale) -> int:
    """Return what ``value`` earns on ``scale``, in basis points, rounded half to even."""
    if scale.zero == scale.full:
        return FULL if value >= scale.full else 0
    share = (value - scale.zero) / (scale.full - scale.zero)
    return round(FULL * min(1.0, max(0.0, share)))


def score(rubric: Rubric, findings: Iterable[Finding]) -> Score:
    """Return the score of ``findings``.

    Raises:
        RubricError: A weighed signal has no finding.
    """
    answers = {f.signal: f.answer for f in findings}
    if absent := sorted(set(rubric.items) - set(answers)):
        raise RubricError(f"no finding for weighed signals: {', '.join(absent)}")
    earned: dict[str, int | None] = {}
    for name, item in sorted(rubric.items.items()):
        answer = answers[name]
        if isinstance(answer, NotApplicable) or not item.weight:
            continue
        earned[name] = earn(answer.value, item.scale) if isinstance(answer, Measured) else None
    weights = _weights(rubric, earned)
    lows = {k: 0 if v is None else v for k, v in earned.items()}
    highs = {k: FULL if v is None else v for k, v in earned.items()}
    low, high = _total(rubric, lows), _total(rubric, highs)
    known = {k: v for k, v in earned.items() if v is not None}
    return Score(
        low=low,
        high=high,
        coverage=_coverage({k: weights[k] for k in earned}, known),
        band=None if low is None else _band(rubric, low),
        band_high=None if high is None else _band(rubric, high),
        categories={c: _category(rubric, c, earned, lows, highs, weights) for c in rubric.categories},
        items={k: ItemScore(earned=v, weight=weights[k], deducts=rubric.items[k].deducts) for k, v in earned.items()},
        gates=tuple(_fired(rubric, known)),
    )


def _of(rubric: Rubric, category: str, names: Iterable[str], *, deducts: bool) -> list[str]:
    return [n for n in names if n.partition(".")[0] == category and rubric.items[n].deducts is deducts]


def _applicable(rubric: Rubric, names: Iterable[str]) -> dict[str, int]:
    """Category → sum of the weights of its applicable adding items, where that is not zero."""
    listed = list(names)
    sums = {c: sum(rubric.items[n].weight for n in _of(rubric, c, listed, deducts=False)) for c in rubric.categories}
    return {c: s for c, s in sums.items() if s and rubric.categories[c].weight}


def _weights(rubric: Rubric, names: Iterable[str]) -> dict[str, int]:
    """Signal → basis points of the whole that hang on it; 0 where its category has no adding item."""
    listed = list(names)
    whole = _applicable(rubric, listed)
    shares = sum(rubric.categories[c].weight for c in whole)
    found = {}
    for name in listed:
        category = name.partition(".")[0]
        top = FULL * rubric.categories[category].weight * rubric.items[name].weight
        found[name] = round(top / (shares * whole[category])) if category in whole else 0
    return found


def _mean(rubric: Rubric, category: str, earned: Mapping[str, int]) -> int | None:
    """Weighted mean of the adding items, less what the deducting ones take off; None without adding items."""
    adding = _of(rubric, category, earned, deducts=False)
    whole = sum(rubric.items[n].weight for n in adding)
    if not whole:
        return None
    gained = sum(rubric.items[n].weight * earned[n] for n in adding)
    lost = sum(rubric.items[n].weight * (FULL - earned[n]) for n in _of(rubric, category, earned, deducts=True))
    return max(0, gained - lost) // whole


def _total(rubric: Rubric, earned: Mapping[str, int]) -> int | None:
    """Mean of the applicable categories by category weight, lowered by gates."""
    whole = _applicable(rubric, earned)
    shares = sum(rubric.categories[c].weight for c in whole)
    if not shares:
        return None
    total = sum(rubric.categories[c].weight * (_mean(rubric, c, earned) or 0) for c in whole) // shares
    return min([total, *(g.cap for g in _fired(rubric, earned))])


def _fired(rubric: Rubric, earned: Mapping[str, int]) -> list[Gate]:
    return [g for g in rubric.gates if earned.get(g.signal, FULL) < g.below]


def _coverage(weights: Mapping[str, int], known: Mapping[str, int]) -> int | None:
    whole = sum(weights.values())
    return FULL * sum(w for k, w in weights.items() if k in known) // whole if whole else None


def _category(
    rubric: Rubric,
    category: str,
    earned: Mapping[str, int | None],
    lows: Mapping[str, int],
    highs: Mapping[str, int],
    weights: Mapping[str, int],
) -> CategoryScore:
    names = [n for n in earned if n.partition(".")[0] == category]
    known = {n: v for n in names if (v := earned[n]) is not None}
    shares = sum(rubric.categories[c].weight for c in _applicable(rubric, earned))
    applies = category in _applicable(rubric, earned)
    return CategoryScore(
        low=_mean(rubric, category, lows),
        high=_mean(rubric, category, highs),
        coverage=_coverage({n: weights[n] for n in names}, known) if applies else None,
        weight=round(100 * rubric.categories[category].weight / shares, 1) if applies else 0.0,
    )


def _band(rubric: Rubric, points: int) -> str:
    reached = [b for b in rubric.bands if points >= round(100 * b.at_least)]
    return max(reached, key=lambda b: b.at_least).name
