"""How are models checked: on folds, on one part that was held out, on one to choose by and another scored last?"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from evaluator.facts.flowing.events import Choice, Log, Scoring, Training
from evaluator.facts.flowing.values import Rows, RowSet, Spot, overlap

Kind: TypeAlias = Literal["folds", "three-parts", "one-part", "chosen-on-it"]
Steps: TypeAlias = tuple[tuple[str, str], ...]
_HELD_OUT = ("held", "test", "val", "dev", "eval", "hold", "@held")
_LIMIT = 400


def is_held(event: str, side: str) -> bool:
    """Whether a side of an event is held out by its making or its name; of a cut, neither is."""
    return event != "cut" and side.lower().startswith(_HELD_OUT)


def trained_side(event: str, side: str) -> bool:
    """Whether a side of an event is the one that is trained on."""
    return event != "cut" and side.lower().startswith("train")


class Found(NamedTuple):
    """One way in which models are checked."""

    kind: Kind
    spot: Spot
    why: str
    ordered: bool


class Designs:
    """Reads how models are checked from one project's log."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.trainings = [t for t in log.trainings if t.rows][:_LIMIT]

    def found(self) -> Iterator[Found]:
        """Yield the ways in which models are checked, the most telling first; each once for a place."""
        seen: set[tuple[object, ...]] = set()
        for made in (*self._folds(), *self._parts()):
            key = (made.kind, made.spot.at.path, made.spot.at.cell, made.spot.at.start)
            if key not in seen:
                seen.add(key)
                yield made

    def _folds(self) -> Iterator[Found]:
        for training in self.trainings:
            events = self._folds_of(training)
            if training.folds or events:
                ordered = training.ordered or any(e.endswith(":ordered") for e in events)
                what = "a search scores candidates on folds" if training.search else "models are scored on folds"
                yield Found("folds", training.spot, what, ordered)

    def _parts(self) -> Iterator[Found]:
        for training in self.trainings:
            if self._folds_of(training):
                continue
            groups, rows = self._held_out(training)
            if not groups and not training.own_part:
                continue
            ordered = self._is_ordered(training)
            if len(groups) + training.own_part >= 2:
                why = "rows to choose by and other rows scored"
                yield Found("three-parts", training.spot, why, ordered)
            elif training.stops or any(overlap(c.rows, rows) for c in self.log.choices):
                why = "one part is held out, and something is chosen by the score on it"
                yield Found("chosen-on-it", training.spot, why, ordered)
            else:
                yield Found("one-part", training.spot, "one part is held out", ordered)

    def _folds_of(self, training: Training) -> set[str]:
        """Return the folds on whose training parts a model is fitted, and whose held-out parts it is checked on.

        Where no score of a held-out part was followed, it is enough that it is taken, if none of the training part was.
        """
        events = {e for r in training.rows for e, s in r.parts if e.startswith("folds") and trained_side(e, s)}
        watched = {part for r in training.watched for part in r.parts}
        return {
            e
            for e in events
            if (e, "held") in self._said_of
            or (e, "held") in watched
            or ((e, "held") in self.log.taken and (e, "train") not in self._measured)
        }

    @cached_property
    def _said_of(self) -> set[tuple[str, str]]:
        """The parts of which anything is predicted or measured."""
        return {part for s in self.log.scorings for r in s.rows for part in r.parts}

    @cached_property
    def _measured(self) -> set[tuple[str, str]]:
        return {part for s in self.log.scorings if not s.applied for r in s.rows for part in r.parts}

    def _held_out(self, training: Training) -> tuple[list[set[Steps]], Rows]:
        """Return the parts that a model is scored on and was not trained on, rows of one score together; and their rows."""
        apart: set[RowSet] = set()
        used: list[set[Steps]] = []
        sets = [training.watched] if training.watched else []
        mine = [s for s in self.log.scorings if self.concerns(s, training)]
        sets += [s.rows for s in mine if not s.applied and _is_near(s, training)]
        if not any(_key(r, training.rows) for rows in sets for r in rows):
            sets += [s.rows for s in mine if not s.applied]
        if not sets:
            roots = {r.root for r in training.rows}
            sets = [s.rows for s in mine if all(r.root in roots for r in s.rows)]
        for rows in dict.fromkeys(sets):
            keys = {k for k in (_key(r, training.rows) for r in rows) if k is not None}
            if not keys:
                continue
            apart |= {r for r in rows if not overlap([r], training.rows)}
            same = [g for g in used if any(_alike(k, other) for k in keys for other in g)]
            for group in same:
                keys |= group
                used.remove(group)
            used.append(keys)
        return used, frozenset(apart)

    @cached_property
    def _trained_in(self) -> set[str]:
        return {t.run for t in self.trainings}

    @cached_property
    def _untold(self) -> set[str]:
        """The runs with trainings of models that are not told apart where they are scored."""
        told = {t for s in self.log.scorings for t in s.trainings}
        return {t.run for t in self.trainings if t not in told}

    def concerns(self, scoring: Scoring, training: Training) -> bool:
        """Whether a score is of the model that was trained: by its making, or else where both happen in one run.

        A program that trains nothing scores what was trained elsewhere; so does, of the same data, one that trains
        nothing but models whose scores are known.
        """
        if scoring.trainings:
            mine = (training.spot, training.run)
            return any(t is training or (t.spot, t.run) == mine for t in scoring.trainings)
        if scoring.applied or scoring.run == training.run:
            return not scoring.applied
        known = scoring.run in self._trained_in
        return not known or (scoring.run not in self._untold and _share(scoring.rows, training.rows))

    def out_of_order(self, training: Training) -> bool:
        """Whether later rows train and earlier ones are held out, in folds, and no later part is kept for the end."""
        return training.folds and bool(training.series) and not training.ordered and not self._is_ordered(training)

    def _is_ordered(self, training: Training) -> bool:
        for row in training.rows:
            for event, side in row.parts:
                split = self.log.splits.get(event)
                if (event == "cut" and ":" in side) or (split is not None and split.how == "ordered"):
                    return True
        return False

    # choices

    def chosen_on_test(self) -> Iterator[tuple[Choice, Spot]]:
        """Yield choices by the score on rows that are reported on, where no other rows were kept for that."""
        choices = list(self.log.choices)
        choices += [
            Choice(t.spot, t.watched, "training stops, or a state is kept, by the score on them")
            for t in self.trainings
            if t.stops and t.watched
        ]
        for choice in choices:
            held = self._relative(choice.rows)
            if held and not self.is_validation(choice.rows) and not self._others(choice.rows):
                yield choice, self._where_held(held, choice.spot)

    def _relative(self, rows: Rows) -> list[RowSet]:
        """Return those of the rows that some training was kept from."""
        found = []
        for row in sorted(rows):
            if any(e.startswith("folds") for e, _ in row.parts):
                continue
            near = [t for t in self.trainings if any(r.root == row.root for r in t.rows)]
            apart = near and not any(overlap([row], t.rows) for t in near)
            if apart or (not near and any(is_held(e, s) for e, s in row.parts)):
                found.append(row)
        return found

    def is_validation(self, rows: Rows) -> bool:
        """Whether the author calls the rows validation rows."""
        said = {word for row in rows for known, words in self.log.called.items() if _same(known, row) for word in words}
        said |= {
            "val"
            for row in rows
            for e, s in row.parts
            if e.startswith("given") and s.lower().startswith(("val", "dev"))
        }
        return "val" in said and "test" not in said

    def _others(self, rows: Rows) -> bool:
        """Whether other held-out rows were scored, too."""
        for scoring in self.log.scorings:
            if not scoring.selecting and not overlap(scoring.rows, rows):
                roots = {r.root for r in rows}
                held = [r for r in scoring.rows if any(is_held(e, s) for e, s in r.parts) or r.root not in roots]
                if held and all(not overlap(held, t.rows) for t in self.trainings):
                    return True
        return False

    def _where_held(self, rows: list[RowSet], default: Spot) -> Spot:
        for row in rows:
            for event, side in row.parts:
                split = self.log.splits.get(event)
                if split is not None and is_held(event, side):
                    return split.spot
        return default


def _is_near(scoring: Scoring, training: Training) -> bool:
    """Whether a score is of the model for sure: by its making; or of the same data, or by a program beside."""
    if scoring.trainings:
        return True
    if scoring.run == training.run:
        return _share(scoring.rows, training.rows)
    return posixpath.dirname(scoring.run) == posixpath.dirname(training.run)


def _share(some: Rows, others: Rows) -> bool:
    """Whether two come from the same data."""
    return not {r.root for r in some}.isdisjoint(r.root for r in others)


def _key(row: RowSet, trained: Rows) -> Steps | None:
    """Return the steps that told ``row`` from what was trained on, and from other held-out rows; None where none did.

    Masks of a part that was held out already make no further part.
    """
    for length in range(len(row.parts) + 1):
        if not overlap([RowSet(row.root, row.parts[:length])], trained):
            last = max((i for i, (e, s) in enumerate(row.parts, 1) if e != "cut" or _is_position(s)), default=0)
            steps = row.parts[max(length - 1, 0) : max(length, last)]
            return steps or (("read", row.root),)
    return None


def _is_position(side: str) -> bool:
    """Whether a cut is by position, as a split is: a slice, the first rows, the rest of a sample."""
    return ":" in side or side.startswith(("take", "skip", "limit", "sample", "without"))


def _alike(one: Steps, other: Steps) -> bool:
    """Whether one is the other, or a part of it."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _same(known: RowSet, row: RowSet) -> bool:
    return known.root == row.root and row.parts[: len(known.parts)] == known.parts
