"""What was fitted on which rows, how were rows parted, and did training see rows that were held out?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.code import Code
from evaluator.facts.model_work import Place
from evaluator.facts.python.modules import Modules
from evaluator.facts.r_work import NONE, RWork
from evaluator.facts.reach import Reach
from evaluator.model import Fact, Record, Span
from evaluator.registry import provides

Severity = Literal["clear", "suspicion", "selection"]
Kind = Literal[
    "scaling",
    "imputation",
    "bounds",
    "outliers",
    "selection",
    "vocabulary",
    "projection",
    "encoding",
    "group",
    "resampling",
    "augmentation",
    "transformation",
    "model",
    "target",
    "future",
    "fitted-on-held-out",
    "held-out-by-itself",
    "shuffled-series",
    "chosen-on-test",
]


class Leak(Record):
    """Training saw rows that were held out: as a path through the code.

    Attributes:
        kind: What was carried over. what: the call or column, for a person.
        severity: ``clear``; ``suspicion``, which reading alone does not settle; ``selection``, something chosen on the rows
            that are reported on.
        source: Where the rows come from; None where that is not seen.
        used: Where they were used before they were, or although they are, held out.
        held_out: Where they are held out: a split, folds, or the scoring of rows that were set apart.
        reached: Something that runs, other than a test, leads there.
    """

    kind: Kind
    what: str
    severity: Severity
    source: Span | None
    used: Span
    held_out: Span
    reached: bool = True


class Parting(Record):
    """One place where rows are parted into those that are trained on and those that are held out.

    Attributes:
        how: ``random``, ``ordered`` (by position, time or a mask), ``folds``, ``given`` (the data come in parts).
        series: Where rows were made to depend on those before them (lags, windows), so that order matters; None where not.
    """

    place: Place
    how: Literal["random", "ordered", "folds", "given", "unknown"]
    series: Span | None = None


class FittedOn(Record):
    """What was fitted on which rows.

    Attributes:
        what: ``model``, or a kind of preparation, see :class:`Leak`.
        rows: ``training`` (the training part of a split), ``folds`` (each fold's training part), ``all`` (rows of which
            some are held out elsewhere), ``undivided`` (rows that are never parted).
        source: Where the rows come from.
    """

    place: Place
    what: str
    rows: Literal["training", "folds", "all", "undivided"]
    source: Span | None = None


class Design(Record):
    """One way in which models are checked on rows they were not trained on.

    Attributes:
        kind: ``folds`` (cross-validation), ``three-parts`` (rows to choose by, and others scored last), ``one-part`` (one
            part held out), ``chosen-on-it`` (one part held out, and something chosen by its score).
        ordered: Order is kept: earlier rows train, later ones are held out.
    """

    kind: Literal["folds", "three-parts", "one-part", "chosen-on-it"]
    place: Place
    why: str
    ordered: bool = False


class Episodes(Record):
    """One place where an agent acts in an environment and nothing is learned from it. ``seeds``: once for each of several."""

    place: Place
    seeds: bool = False


class Flow(Fact):
    """The flow of rows through the project, each kind by path and line.

    ``series``: places where rows are made to depend on those before them. ``shuffled``: partings of such rows that do
    not keep their order. ``whole``: the program was followed to its end, not only to the bound on work.
    """

    splits: tuple[Parting, ...] = ()
    fits: tuple[FittedOn, ...] = ()
    leaks: tuple[Leak, ...] = ()
    designs: tuple[Design, ...] = ()
    shuffled: tuple[Parting, ...] = ()
    episodes: tuple[Episodes, ...] = ()
    whole: bool = True


@provides()
def flow(modules: Modules, code: Code, reach: Reach, r: RWork = NONE) -> Flow:
    """Follow values from statement to statement, through own functions, classes, files and cells, from every entry point."""
    from evaluator.facts.flowing.following import find
    from evaluator.facts.r.adding import to_flow

    return to_flow(find(modules, code, reach), r)
