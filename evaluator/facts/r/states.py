"""What is known of a value in R: which rows it holds, which model made it, what it was prepared with?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from evaluator.model import Span

Rows = Literal["", "index", "held-index", "mask", "object", "parts", "draw"]


@dataclass(frozen=True, slots=True)
class Learned:
    """Something that was learned from all rows.

    ``kind``: see ``facts.flow.Leak``; ``what``: the call. ``sure``: it came here by one way only; another session that
    makes the same variable may have done without it otherwise.
    """

    kind: str
    what: str
    at: Span
    sure: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class State:
    """What is known of one value; the empty one knows nothing.

    Attributes:
        sides: ``train`` or ``held``: its rows are of that part of a split; both where it holds rows of both.
        by_name: Only a name (of a file, of the variable) tells the side.
        rows: How it parts rows where it is used to index. cut: Where the split stands.
        models: Fits that it is, or comes from. specs: Kinds of model not fitted yet. restored: Saved models that it is.
        predicted: The rows it holds predictions of; empty for no predictions. naive: It is a constant, such as a mean.
        learned: What was learned from all rows and is in it.
        control: How a call resamples that it is given to. grid: Settings to be tried: ``several`` or ``one``.
        residual: Differences of truth and prediction. score: A measure of quality. stamp: The time of the run.
        looks: Analyses whose result it is. loops: Loops whose variable it is.
    """

    sides: frozenset[str] = frozenset()
    by_name: bool = False
    rows: Rows = ""
    cut: Span | None = None
    models: frozenset[int] = frozenset()
    specs: frozenset[str] = frozenset()
    restored: frozenset[int] = frozenset()
    predicted: str = ""
    naive: str = ""
    learned: tuple[Learned, ...] = ()
    control: str = ""
    grid: str = ""
    residual: bool = False
    score: bool = False
    stamp: bool = False
    looks: frozenset[int] = frozenset()
    loops: frozenset[int] = frozenset()


NOTHING = State()
_SAYS = ("", "unclear", "training", "held-out")


def union(states: Iterable[State]) -> State:
    """Return what holds of a value that is made of several."""
    held = list({id(s): s for s in states if s is not NOTHING and s != NOTHING}.values())
    if len(held) < 2:
        return held[0] if held else NOTHING
    return State(
        sides=frozenset(side for s in held for side in s.sides),
        by_name=any(s.by_name for s in held),
        rows=next((s.rows for s in held if s.rows), ""),
        cut=next((s.cut for s in held if s.cut), None),
        models=_all(s.models for s in held),
        specs=frozenset(spec for s in held for spec in s.specs),
        restored=_all(s.restored for s in held),
        predicted=max((s.predicted for s in held), key=_SAYS.index),
        naive=next((s.naive for s in held if s.naive), ""),
        learned=tuple(dict.fromkeys(one for s in held for one in s.learned))[:4],
        control=next((s.control for s in held if s.control), ""),
        grid=next((s.grid for s in held if s.grid), ""),
        residual=any(s.residual for s in held),
        score=any(s.score for s in held),
        stamp=any(s.stamp for s in held),
        looks=_all(s.looks for s in held),
        loops=_all(s.loops for s in held),
    )


def _all(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset(one for held in sets for one in sorted(held)[:200])
