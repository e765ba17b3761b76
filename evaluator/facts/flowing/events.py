"""What happened while the program was followed: reads, splits, trainings, scores, choices?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from evaluator.facts.flowing.values import NOWHERE, Lesson, Rows, RowSet, Spot

How: TypeAlias = Literal["random", "ordered", "folds", "given", "unknown"]
_LIMIT = 20_000
"""Events that are kept of one project."""


@dataclass(slots=True, eq=False)
class Split:
    """Rows were parted. ``lessons``: what sat in them by then. series: why order matters to them."""

    event: str
    spot: Spot
    how: How
    rows: Rows
    lessons: frozenset[Lesson] = frozenset()
    series: frozenset[Spot] = frozenset()
    parts: int = 2


@dataclass(slots=True, eq=False)
class TargetUse:
    """A feature that tells the target. ``future``: it is of later rows than the target."""

    spot: Spot
    feature: str
    target: str
    future: bool = False


@dataclass(slots=True, eq=False)
class Training:
    """A model was fitted on ``rows``.

    Attributes:
        lessons: What sat in the features or the target.
        folds: It was fitted on each of several folds of these rows, and scored on the rest (a search, cross-validation).
        search: It was a search over hyper-parameters. watched: rows it was scored on after each step of training.
        stops: Training ends, or a state is chosen, by the score on the watched rows. own_part: it parts its rows itself.
        run: The module that was started.
        supervised: It was given a target. target: the target's column, where it is known.
    """

    spot: Spot
    rows: Rows
    lessons: frozenset[Lesson] = frozenset()
    target_use: tuple[TargetUse, ...] = ()
    target: str = ""
    folds: bool = False
    search: bool = False
    watched: Rows = NOWHERE
    stops: bool = False
    own_part: bool = False
    supervised: bool = True
    series: frozenset[Spot] = frozenset()
    ordered: bool = False
    run: str = ""


@dataclass(slots=True, eq=False)
class Scoring:
    """The quality of predictions of ``rows`` was computed, by models of ``trainings`` where they are known.

    ``applied``: predictions alone, no measure of them. ``selecting``: within the objective of a search. ``lessons``: what
    sat in the rows.
    """

    spot: Spot
    rows: Rows
    trainings: frozenset[Training] = frozenset()
    applied: bool = False
    selecting: bool = False
    lessons: frozenset[Lesson] = frozenset()
    run: str = ""


@dataclass(slots=True, eq=False)
class Choice:
    """Something was chosen by the score on ``rows``: an epoch, a threshold, a model, hyper-parameters."""

    spot: Spot
    rows: Rows
    what: str


@dataclass(slots=True)
class Log:
    """Everything that happened, in order.

    ``reads``: where the rows of a root came from. ``called``: what the author calls rows, ``val`` or ``test``. ``run``: the
    module that was started. ``taken``: parts that rows were taken of by an index.
    """

    splits: dict[str, Split] = field(default_factory=dict)
    trainings: list[Training] = field(default_factory=list)
    scorings: list[Scoring] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    reads: dict[str, list[Spot]] = field(default_factory=dict)
    called: dict[RowSet, set[str]] = field(default_factory=dict)
    run: str = ""
    taken: set[tuple[str, str]] = field(default_factory=set)

    def split(self, made: Split) -> None:
        """Note a split; a second pass over the same place adds to what is known of it."""
        before = self.splits.get(made.event)
        if before is None:
            self.splits[made.event] = made
            return
        before.rows |= made.rows
        before.lessons |= made.lessons
        before.series |= made.series

    def train(self, made: Training) -> Training:
        """Note a training."""
        made.run = self.run
        if len(self.trainings) < _LIMIT:
            self.trainings.append(made)
        return made

    def score(self, made: Scoring) -> None:
        """Note a measure, or an application, of a model."""
        made.run = self.run
        if len(self.scorings) < _LIMIT:
            self.scorings.append(made)

    def choose(self, made: Choice) -> None:
        """Note a choice by score."""
        if len(self.choices) < _LIMIT:
            self.choices.append(made)
