"""Which of the things that happened are splits, fits, designs and leaks?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal

from evaluator.facts.flow import Design, Episodes, FittedOn, Flow, Leak, Parting
from evaluator.facts.flowing.designs import Designs, is_held, trained_side
from evaluator.facts.flowing.events import Log, Scoring, Split, Training
from evaluator.facts.flowing.parting import EQUAL
from evaluator.facts.flowing.values import Lesson, RowSet, Spot, overlap
from evaluator.facts.model_work import Place
from evaluator.facts.reach import Reach
from evaluator.model import Span

_SHOWN = 200
HELD = "@held"
"""The side of a split that is not trained on, whichever parts it is in."""
_MILD_IN_FOLDS = frozenset({"resampling", "augmentation"})
_UNSETTLED = frozenset({"encoding", "group"})


class Judge:
    """Reads one project's log."""

    def __init__(self, log: Log, reach: Reach, *, whole: bool) -> None:
        self.log = log
        self.reach = reach
        self.whole = whole
        self.trainings = [t for t in log.trainings if t.rows]
        self.designs = Designs(log)

    def flow(self, episodes: tuple[Episodes, ...] = ()) -> Flow:
        """Return the fact."""
        return Flow(
            splits=_sorted_partings(self._parting(s) for s in self.log.splits.values()),
            fits=self._fits(),
            leaks=self._leaks(),
            designs=tuple(self._designs()),
            shuffled=_sorted_partings(self._broken()),
            episodes=episodes,
            whole=self.whole,
        )

    def place(self, spot: Spot) -> Place:
        """Return where something happened."""
        at = spot.at
        return Place(
            name=spot.name,
            at=at,
            scope=spot.label,
            reached=self._runs(spot),
            in_script=self.reach.from_scripts(at.path, spot.label),
        )

    def _runs(self, spot: Spot) -> bool:
        """Whether something that runs leads there: where the project trains by itself, what it only exports is not run."""
        return self._started(spot) if self._trains else self.reach.has(spot.at.path, spot.label)

    @cached_property
    def _trains(self) -> bool:
        return any(self._started(t.spot) for t in self.trainings)

    def _started(self, spot: Spot) -> bool:
        path, label = spot.at.path, spot.label
        return self.reach.from_scripts(path, label) or self.reach.from_notebooks(path, label)

    def _parting(self, made: Split | Training) -> Parting:
        series = min((s.at for s in made.series), key=_where, default=None)
        how = made.how if isinstance(made, Split) else "folds"
        return Parting(place=self.place(made.spot), how=how, series=series)

    def _broken(self) -> Iterator[Parting]:
        """Yield partings, by a split or within a search or cross-validation, that do not keep an order that matters."""
        yield from (self._parting(s) for s in self._shuffled())
        yield from (self._parting(t) for t in self.trainings if self.designs.out_of_order(t))

    # what was fitted on what

    def _fits(self) -> tuple[FittedOn, ...]:
        found: dict[tuple[object, ...], FittedOn] = {}
        for training in self.trainings:
            made = FittedOn(
                place=self.place(training.spot),
                what="model",
                rows=self._on(training.rows, folds=training.folds),
                source=self._source(training.rows),
            )
            found.setdefault((*_order(training.spot), made.rows), made)
            for lesson in training.lessons:
                learned = FittedOn(
                    place=self.place(lesson.spot),
                    what=lesson.kind,
                    rows=self._on(lesson.rows, folds=False),
                    source=self._source(lesson.rows),
                )
                found.setdefault((*_order(lesson.spot), learned.what, learned.rows), learned)
        return tuple(f for _, f in sorted(found.items(), key=lambda pair: tuple(map(str, pair[0]))))[:_SHOWN]

    def _on(self, rows: Iterable[RowSet], *, folds: bool) -> Literal["training", "folds", "all", "undivided"]:
        every = list(rows)
        if folds or any(event.startswith("folds") for r in every for event, _ in r.parts):
            return "folds"
        if every and all(any(trained_side(e, s) for e, s in r.parts) for r in every):
            return "training"
        return "all" if any(overlap([r], self._parted) for r in every) else "undivided"

    @cached_property
    def _parted(self) -> list[RowSet]:
        return sorted({r for s in self.log.splits.values() for r in s.rows})[:_SHOWN]

    # leaks

    def _leaks(self) -> tuple[Leak, ...]:
        found: dict[tuple[object, ...], Leak] = {}
        for leak in self._every_leak():
            key = (_where(leak.used), leak.kind, leak.what)
            before = found.get(key)
            if before is None or (leak.reached, leak.severity == "clear") > (
                before.reached,
                before.severity == "clear",
            ):
                found[key] = leak
        return tuple(leak for _, leak in sorted(found.items(), key=lambda pair: tuple(map(str, pair[0]))))[:_SHOWN]

    def _every_leak(self) -> Iterator[Leak]:
        for training in self.trainings:
            yield from self._of_training(training)
        for scoring in self.log.scorings:
            yield from self._of_scoring(scoring)
        yield from self._of_splits()
        yield from self._of_order()
        for choice, spot in self.designs.chosen_on_test():
            yield self._leak("chosen-on-test", choice.what, "selection", choice.rows, choice.spot, spot, choice.spot)

    def _of_training(self, training: Training) -> Iterator[Leak]:
        held = list(self._held_out(training))
        for lesson in sorted(training.lessons, key=_by_place):
            for rows, spot in (*held, *self._told_of(lesson, training)):
                if not overlap(lesson.rows, rows) or self._only_validation(training, lesson, rows):
                    continue
                severity = self._severity(lesson, training, rows)
                if severity is not None:
                    yield self._leak(lesson.kind, lesson.what, severity, lesson.rows, lesson.spot, spot, training.spot)
                    break
        for use in training.target_use[:5]:
            if held:
                kind = "future" if use.future else "target"
                what = (
                    f"{use.feature} tells {use.target}" if use.feature != use.target else f"{use.target} is a feature"
                )
                yield self._leak(kind, what, "clear", training.rows, use.spot, held[0][1], training.spot)

    def _told_of(self, lesson: Lesson, training: Training) -> Iterator[tuple[list[RowSet], Spot]]:
        """Yield the held-out part of a split that a lesson was learned from, where the training part is trained on."""
        mine = {
            (r.root, r.parts[:i], e) for r in training.rows for i, (e, s) in enumerate(r.parts) if trained_side(e, s)
        }
        for row in sorted(lesson.rows):
            for index, (event, side) in enumerate(row.parts):
                split = self.log.splits.get(event)
                beside = split is not None and is_held(event, side) and (row.root, row.parts[:index], event) in mine
                if split is not None and beside and not overlap([row], training.rows):
                    yield [row], split.spot

    def _only_validation(self, training: Training, lesson: Lesson, rows: list[RowSet]) -> bool:
        """Whether a lesson tells of validation rows alone: the rows that are scored last were kept from it."""
        held = {(e, s) for r in rows for e, s in r.parts if is_held(e, s)}
        unnamed = {e for e, s in held if s == HELD}
        named = {r for r in self.log.called if any(e in unnamed and is_held(e, s) for e, s in r.parts)}
        in_folds = any(e.startswith("folds") for r in rows for e, _ in r.parts)
        if in_folds or not held or not self.designs.is_validation(frozenset(rows) | named):
            return False
        seen = [*lesson.rows, *training.rows]
        mine = (s for s in self.log.scorings if not s.applied and self.designs.concerns(s, training))
        return any(not overlap(s.rows, seen) for s in mine)

    def _tested_apart(self, lesson: Lesson) -> bool:
        """Whether the author has test rows that a lesson does not tell of."""
        return any("test" in said and not overlap([r], lesson.rows) for r, said in self.log.called.items())

    def _severity(self, lesson: Lesson, training: Training, held: list[RowSet]) -> str | None:
        """Return how surely a lesson is a leak; a group's statistic is one where it tells the target.

        What only crosses between folds of a training part, while other rows are kept apart, is none.
        """
        if lesson.kind in _UNSETTLED and lesson.severity != "clear":
            return "clear" if training.target and training.target in lesson.of else lesson.severity
        outer = training.folds and all(any(trained_side(e, s) for e, s in r.parts) for r in training.rows)
        if outer and held == sorted(training.rows):
            return "suspicion" if lesson.kind in _MILD_IN_FOLDS and not training.search else None
        return lesson.severity

    def _held_out(self, training: Training) -> Iterator[tuple[list[RowSet], Spot]]:
        """Yield rows that are held out from a training, and where."""
        for row in sorted(training.rows):
            for index, (event, side) in enumerate(row.parts):
                split = self.log.splits.get(event)
                if split is not None and trained_side(event, side):
                    yield [RowSet(row.root, (*row.parts[:index], (event, HELD)))], split.spot
        if training.folds:
            yield sorted(training.rows), training.spot
        apart = [r for r in sorted(training.watched) if not overlap([r], training.rows)]
        if apart:
            yield apart, training.spot
        for scoring in self.log.scorings:
            if self.designs.concerns(scoring, training):
                roots = {r.root for r in training.rows}
                apart = [r for r in sorted(scoring.rows) if not overlap([r], training.rows)]
                if scoring.applied:
                    apart = [r for r in apart if r.root in roots]
                if apart:
                    yield apart, scoring.spot

    def _of_scoring(self, scoring: Scoring) -> Iterator[Leak]:
        """Yield held-out rows that the scored model was fitted on, and those that were prepared by themselves."""
        if not scoring.trainings:
            return
        for row in sorted(scoring.rows):
            index = next((i for i, (e, s) in enumerate(row.parts) if is_held(e, s)), None)
            if index is None or self._is_chunk(row.parts[index][0]):
                continue
            covered = [_covering(t, row, index) for t in scoring.trainings]
            if all(covered):
                training = min(scoring.trainings, key=lambda t: _order(t.spot))
                spot = self._split_spot(row, index, scoring.spot)
                yield self._leak(
                    "fitted-on-held-out", "the model", "clear", training.rows, training.spot, spot, scoring.spot
                )
                return
            own = [x for x in scoring.lessons if x.rows and all(_within(r, row, index) for r in x.rows)]
            fits = [x for x in own if x.kind in {"scaling", "vocabulary", "projection", "transformation", "selection"}]
            for lesson in sorted(fits, key=_by_place)[:1]:
                spot = self._split_spot(row, index, scoring.spot)
                yield self._leak(
                    "held-out-by-itself", lesson.what, "suspicion", lesson.rows, lesson.spot, spot, scoring.spot
                )

    def _is_chunk(self, event: str) -> bool:
        """Whether rows were only cut into chunks: nothing is trained on all but one of them."""
        return event.startswith(EQUAL) and not any(
            p == (event, "train") for t in self.trainings for r in t.rows for p in r.parts
        )

    def _split_spot(self, row: RowSet, index: int, default: Spot) -> Spot:
        split = self.log.splits.get(row.parts[index][0])
        return split.spot if split is not None else default

    def _of_splits(self) -> Iterator[Leak]:
        """Yield what sat in rows that were split, where no training on them could be followed."""
        used = {event for t in self.trainings for r in t.rows for event, _ in r.parts}
        for event, split in sorted(self.log.splits.items()):
            if event in used or split.how == "folds":
                continue
            held = frozenset(r.part(event, "held") for r in split.rows)
            for lesson in sorted(split.lessons, key=_by_place):
                kept = self.designs.is_validation(held) and self._tested_apart(lesson)
                if overlap(lesson.rows, split.rows) and not kept:
                    severity = "suspicion" if used else lesson.severity
                    yield self._leak(
                        lesson.kind, lesson.what, severity, lesson.rows, lesson.spot, split.spot, split.spot
                    )

    def _of_order(self) -> Iterator[Leak]:
        for split in self._shuffled():
            used = min(split.series, key=_order)
            what = "rows that hold values of rows before them are shuffled into both parts"
            yield self._leak("shuffled-series", what, "suspicion", split.rows, used, split.spot, split.spot)

    def _shuffled(self) -> Iterator[Split]:
        """Yield splits that put later rows into training and earlier ones into the held-out part, where that matters."""
        used = {event for t in self.trainings for r in t.rows for event, _ in r.parts}
        for event, split in sorted(self.log.splits.items()):
            is_mixed = split.how == "random" or (split.how == "folds" and not event.endswith(":ordered"))
            if split.series and is_mixed and event in used:
                yield split

    def _leak(
        self, kind: str, what: str, severity: str, rows: Iterable[RowSet], used: Spot, held: Spot, by: Spot
    ) -> Leak:
        reached = all(self._runs(s) for s in (used, held, by))
        return Leak(
            kind=kind,  # type: ignore[arg-type]  # the words are those of the lessons
            what=what[:200],
            severity=severity,  # type: ignore[arg-type]  # see above
            source=self._source(rows, used.at.path, by.at.path),
            used=used.at,
            held_out=held.at,
            reached=reached,
        )

    def _source(self, rows: Iterable[RowSet], *near: str) -> Span | None:
        """Return where rows come from: of several such places one in the files that the path leads through."""
        spots = [spot for r in sorted(rows) for spot in self.log.reads.get(r.root, ())]
        spots.sort(key=lambda s: s.at.path not in near)
        return spots[0].at if spots else None

    def _designs(self) -> Iterator[Design]:
        for kind, spot, why, ordered in self.designs.found():
            yield Design(kind=kind, place=self.place(spot), why=why, ordered=ordered)


def _covering(training: Training, row: RowSet, index: int) -> bool:
    """Whether a training's rows include held-out ones beside others: undivided, or put together again."""
    around = [r for r in training.rows if r.root == row.root and r.parts == row.parts[: len(r.parts)]]
    divided = all(len(r.parts) > index for r in around)
    return bool(around) and (
        not divided or any(not _within(r, row, index) for r in training.rows if r.root == row.root)
    )


def _within(rows: RowSet, held: RowSet, index: int) -> bool:
    return rows.root == held.root and rows.parts[: index + 1] == held.parts[: index + 1]


def _order(spot: Spot) -> tuple[str, int, int, str]:
    return (spot.at.path, spot.at.cell or 0, spot.at.start, spot.name)


def _where(at: Span) -> tuple[str, int, int]:
    return (at.path, at.cell or 0, at.start)


def _by_place(lesson: Lesson) -> tuple[object, ...]:
    return (*_order(lesson.spot), lesson.kind, lesson.what)


def _sorted_partings(found: Iterable[Parting]) -> tuple[Parting, ...]:
    return tuple(sorted(found, key=lambda p: (*_where(p.place.at), p.how)))
