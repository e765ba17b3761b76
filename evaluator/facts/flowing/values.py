"""What does a name hold while the program is followed: which rows, what was learned from rows, which parts?

These are working values; they stay within a run and never enter a fact. A value may be several things at once, for ways
through the program are joined, never chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from evaluator.model import Span

if TYPE_CHECKING:
    import ast

    from evaluator.facts.flowing.events import Training
    from evaluator.facts.python.scopes import Scope

Severity: TypeAlias = Literal["clear", "suspicion", "selection"]
CUT = "cut"
"""The event under which slices and masks are parts: different ones of the same rows have none in common."""
_CONSTANTS = 40
_ITEMS = 200
_ENOUGH = 60
"""Row sets, lessons or columns that one value keeps; more than any program of a portfolio needs."""


class Spot(NamedTuple):
    """Where something happens: the file's lines and the scope they are reported under. ``name``: the call's."""

    at: Span
    label: str
    name: str = ""


class RowSet(NamedTuple):
    """A set of rows: where they were read or made, narrowed step by step by ``(event, side)``."""

    root: str
    parts: tuple[tuple[str, str], ...] = ()

    def part(self, event: str, side: str) -> RowSet:
        """Return what is left of it on one side of an event."""
        return self if self.parts[-1:] == ((event, side),) else RowSet(self.root, (*self.parts, (event, side))[:8])


class Lesson(NamedTuple):
    """Something computed from ``rows`` and put back into rows.

    Attributes:
        kind: ``scaling``, ``imputation`` … a word of ``facts.flow.Leak.kind``. what: the call or statistic, for a person.
        of: Names of the columns that were computed with.
    """

    spot: Spot
    kind: str
    what: str
    rows: frozenset[RowSet]
    severity: Severity = "clear"
    of: frozenset[str] = frozenset()


class Statistic(NamedTuple):
    """A number, or one for each column or group, computed from ``rows`` and not yet put back into any."""

    spot: Spot
    name: str
    rows: frozenset[RowSet]
    groups: bool = False
    one_column: bool = False
    of: frozenset[str] = frozenset()


class Dep(NamedTuple):
    """A column's cells are computed from column ``name`` of the frame ``base``.

    ``latest``: of how many rows ahead, at most (0: of the same row). ``exact``: by arithmetic, a comparison or a renaming
    of values alone, so that the one tells the other. ``plain``: from this column alone.
    """

    base: str
    name: str
    latest: int = 0
    exact: bool = True


class Column(NamedTuple):
    """One column of a frame: the lessons in its cells, and the columns it is computed from. ``number``: by arithmetic."""

    lessons: frozenset[Lesson] = frozenset()
    deps: frozenset[Dep] = frozenset()
    number: bool = False


Rows: TypeAlias = frozenset[RowSet]
NOWHERE: Rows = frozenset()
_NONE: frozenset[Lesson] = frozenset()


@dataclass(slots=True, eq=False)
class Value:
    """What an expression gives.

    Attributes:
        rows: The rows it holds. single: It is one of them, or a cell of one.
        lessons: What was learned and sits in all of its cells; columns may hold more.
        base: The frame whose columns, other than ``columns`` and ``dropped``, it has too; None where it has no others.
        blurred: Which columns it has is not known. numbers: which of those that are no numbers it has is not known.
        statistics: Numbers computed from rows.
        items: Parts of a container, or attributes of an own object; ``rest``: parts whose key is unknown.
        constants: What it may be, where it is a constant.
        path: The dotted name of a library's thing. inside: what that was made of (steps of a pipeline).
        scope: The project's own function, class, or an instance of it (``instance``). env: where a function was defined.
        function: A lambda.
        trainings: The trainings of a fitted model; of predictions: of the models that made them.
        learned: What a fitted transformer will put into the rows that it transforms.
        scored: The rows a measure of quality was computed on.
        picks: The part of any rows that it selects as an index.
        view: The frame and column of which it is a view.
        names_of: The frame whose column names it lists, without those in ``dropped``.
        series: Why its rows depend on those before them (lags, windows), as places.
        copies: Altered copies of rows, made by augmentation.
        owner: The object that a method was read from.
    """

    rows: Rows = NOWHERE
    single: bool = False
    lessons: frozenset[Lesson] = _NONE
    columns: dict[str, Column] = field(default_factory=dict)
    base: str | None = None
    dropped: frozenset[str] = frozenset()
    blurred: bool = False
    numbers: bool = False
    statistics: frozenset[Statistic] = frozenset()
    items: dict[object, Value] | None = None
    rest: Value | None = None
    constants: tuple[object, ...] = ()
    path: str = ""
    inside: tuple[Value, ...] = ()
    scope: Scope | None = None
    instance: bool = False
    env: dict[str, Value] | None = None
    function: ast.Lambda | None = None
    trainings: frozenset[Training] = frozenset()
    predicted: bool = False
    learned: frozenset[Lesson] = _NONE
    scored: Rows = NOWHERE
    picks: tuple[str, str] | None = None
    view: tuple[Value, str] | None = None
    names_of: Value | None = None
    series: frozenset[Spot] = frozenset()
    copies: frozenset[Lesson] = _NONE
    owner: Value | None = None

    @property
    def every_lesson(self) -> frozenset[Lesson]:
        """All that was learned and sits somewhere in it."""
        found = set(self.lessons)
        for column in self.columns.values():
            found |= column.lessons
        return frozenset(found)

    @property
    def deps(self) -> frozenset[Dep]:
        """The columns its cells are computed from, as far as they are told one by one."""
        return frozenset(d for c in self.columns.values() for d in c.deps)

    def texts(self) -> list[str]:
        """Return the strings it may be, or that its parts may be; in order."""
        found = [c for c in self.constants if isinstance(c, str)]
        for part in self.parts():
            found += [c for c in part.constants if isinstance(c, str)]
        return list(dict.fromkeys(found))

    def parts(self) -> list[Value]:
        """Return the parts of a container."""
        found = list(self.items.values()) if self.items else []
        return [*found, self.rest] if self.rest is not None else found

    def copy(self) -> Value:
        """Return one like it that can be changed by itself; parts are shared."""
        made = Value(**{name: getattr(self, name) for name in _FIELDS})
        made.columns = dict(self.columns)
        made.items = dict(self.items) if self.items is not None else None
        made.view = None
        return made

    def learn(self, lessons: Iterable[Lesson]) -> None:
        """Note that ``lessons`` sit in its cells."""
        self.lessons = few(self.lessons | frozenset(lessons))


_FIELDS = tuple(Value.__slots__)


def few(found: frozenset[Lesson]) -> frozenset[Lesson]:
    """Return ``found``, or its first ones where there are too many to follow."""
    return (
        found if len(found) <= _ENOUGH else frozenset(sorted(found, key=lambda lesson: _order(lesson.spot))[:_ENOUGH])
    )


def _order(spot: Spot) -> tuple[str, int, int, str]:
    return (spot.at.path, spot.at.cell or 0, spot.at.start, spot.name)


def nothing() -> Value:
    """Return what nothing is known of."""
    return Value()


def constant(*given: object) -> Value:
    """Return one of these constants."""
    return Value(constants=tuple(given))


def container(parts: Iterable[Value]) -> Value:
    """Return a list or tuple of ``parts``."""
    return Value(items=dict(enumerate(parts)))


def keyed(parts: Mapping[str, Value]) -> Value:
    """Return a dict of ``parts``."""
    made: dict[object, Value] = {}
    made.update((key, part) for key, part in parts.items())
    return Value(items=made)


def join(values: Iterable[Value]) -> Value:
    """Return what may be any of ``values``; the value itself where there is only one."""
    kept = list(dict.fromkeys(values))
    if len(kept) == 1:
        return kept[0]
    made = Value()
    frames = [v for v in kept if v.rows]
    for value in kept:
        made.rows |= value.rows
        made.lessons = few(made.lessons | value.lessons)
        made.statistics |= value.statistics
        made.constants = tuple(dict.fromkeys((*made.constants, *value.constants)))[:_CONSTANTS]
        made.path = made.path or value.path
        made.inside = tuple(dict.fromkeys((*made.inside, *value.inside)))[:20]
        made.trainings |= value.trainings
        made.predicted = made.predicted or value.predicted
        made.learned |= value.learned
        made.scored |= value.scored
        made.series |= value.series
        made.copies |= value.copies
        made.blurred = made.blurred or value.blurred
        made.numbers = made.numbers or value.numbers
        made.picks = made.picks or value.picks
        made.function = made.function or value.function
        made.owner = made.owner or value.owner
        made.names_of = made.names_of or value.names_of
        if made.scope is None and value.scope is not None:
            made.scope, made.instance, made.env = value.scope, value.instance, value.env
    made.rows = frozenset(sorted(made.rows)[:_ENOUGH])
    made.single = bool(frames) and all(v.single for v in frames)
    _join_columns(made, frames)
    _join_parts(made, kept)
    return made


def _join_columns(made: Value, frames: list[Value]) -> None:
    """Give ``made`` the columns of all; a column that only some have is not known to be there, nor to be gone."""
    bases = {v.base for v in frames}
    made.base = next(iter(bases)) if len(bases) == 1 else None
    made.blurred = made.blurred or len(bases) > 1
    made.dropped = frozenset.intersection(*(v.dropped for v in frames)) if frames else frozenset()
    made.blurred = made.blurred or any(v.dropped != made.dropped for v in frames)
    for frame in frames:
        for name, column in frame.columns.items():
            before = made.columns.get(name, Column())
            made.columns[name] = Column(before.lessons | column.lessons, before.deps | column.deps)
            if any(name in other.dropped for other in frames):
                made.blurred = True


def _join_parts(made: Value, kept: list[Value]) -> None:
    held = [v for v in kept if v.items is not None]
    own = next((v for v in kept if v.instance and v.items is not None), None)
    if own is not None:
        made.items = own.items
        return
    if held:
        keys = dict.fromkeys(k for v in held for k in v.items or ())
        made.items = {k: join(v.items[k] for v in held if v.items and k in v.items) for k in list(keys)[:_ITEMS]}
    rests = [v.rest for v in kept if v.rest is not None]
    made.rest = join(rests) if rests else None


def gathered(value: Value, depth: int = 4) -> Value:
    """Return all rows, lessons and statistics of a container, an object or a model, as those of one value."""
    found: list[Value] = []
    seen: set[int] = set()
    todo = [(value, depth)]
    while todo and len(found) < _ITEMS:
        part, left = todo.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if part.rows or part.statistics or part.scored or part.lessons:
            found.append(part)
        if left:
            todo += [(p, left - 1) for p in reversed((*part.parts(), *part.inside))]
    if not found:
        return Value(constants=value.constants, path=value.path)
    if len(found) == 1 and found[0] is value:
        return value
    made = join(found)
    if any(made is part for part in found):
        made = made.copy()
    return folded(made)


def folded(made: Value) -> Value:
    """Return the value as rows whose columns are not told apart: what was learned sits in all of them."""
    made.lessons = few(made.every_lesson)
    made.columns, made.base, made.dropped, made.blurred = {}, None, frozenset(), True
    made.items = made.rest = None
    made.scope, made.instance, made.single = None, False, False
    return made


def disjoint(one: RowSet, other: RowSet) -> bool:
    """Whether two sets of rows have none in common: of other data, or on two sides of one event."""
    if one.root != other.root:
        return True
    for (event, side), (other_event, other_side) in zip(one.parts, other.parts, strict=False):
        if event != other_event:
            return False
        if side != other_side:
            return True
    return False


def overlap(some: Iterable[RowSet], others: Iterable[RowSet]) -> bool:
    """Whether the two have rows in common."""
    those = list(others)
    return any(not disjoint(a, b) for a in some for b in those)
