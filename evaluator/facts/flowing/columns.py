"""Which columns has a frame after one is read, written, dropped or renamed?"""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.facts.flowing.values import Column, Dep, Lesson, Statistic, Value, few

ANY = "*"
"""A column whose name is not known."""


def is_series(value: Value) -> bool:
    """Whether it is one column."""
    return len(value.columns) == 1 and value.base is None and not value.blurred


def column_of(frame: Value, name: str) -> Column:
    """Return a column by its name; one that was never touched is itself."""
    if name in frame.columns:
        return frame.columns[name]
    if frame.base is None or name in frame.dropped:
        return Column()
    return Column(deps=frozenset({Dep(frame.base, name)}))


def column(frame: Value, name: str) -> Value:
    """Return a view of one column."""
    made = frame.copy()
    if name == ANY:
        made.lessons = few(frame.every_lesson)
        made.columns = {ANY: Column()}
    else:
        made.columns = {name: column_of(frame, name)}
    made.base, made.dropped, made.blurred, made.names_of = None, frozenset(), name == ANY, None
    made.view = (frame, name)
    return made


def chosen(frame: Value, names: Iterable[str]) -> Value:
    """Return a frame of these columns."""
    made = frame.copy()
    made.columns = {name: column_of(frame, name) for name in names}
    made.base, made.dropped, made.blurred = None, frozenset(), frame.blurred
    return made


def without(frame: Value, names: Iterable[str]) -> Value:
    """Return the frame without these columns."""
    made = frame.copy()
    drop(made, names)
    return made


def drop(frame: Value, names: Iterable[str]) -> None:
    """Take columns out of a frame."""
    gone = list(names)
    frame.dropped |= frozenset(gone)
    for name in gone:
        frame.columns.pop(name, None)


def blur(frame: Value) -> Value:
    """Return the frame with columns that are not known one by one; what is put into it in place, is put into the frame."""
    made = frame.copy()
    made.blurred = True
    made.view = (frame, ANY)
    return made


def write(frame: Value, name: str, value: Value, lessons: frozenset[Lesson], *, weak: bool) -> None:
    """Put ``value`` into a column. ``weak``: it may keep what it held."""
    frame.series |= value.series
    if name == ANY or frame.columns.keys() == {ANY}:
        frame.learn(lessons)
        return
    column = Column(lessons, value.deps, is_series(value) and next(iter(value.columns.values())).number)
    before = column_of(frame, name) if weak else column
    frame.columns[name] = column._replace(lessons=before.lessons | lessons, deps=before.deps | column.deps)
    if not weak:
        frame.dropped -= {name}


def write_back(view: Value, lessons: frozenset[Lesson]) -> None:
    """Note that a view of a column was changed in place: its frame was, too."""
    if view.view is not None:
        frame, name = view.view
        if name == ANY:
            frame.learn(lessons)
        else:
            before = column_of(frame, name)
            frame.columns[name] = Column(before.lessons | lessons, before.deps)
            write_back(frame, lessons)


def lessons_of(statistics: Iterable[Statistic], kind: str, *, mild: bool = False) -> frozenset[Lesson]:
    """Return the lessons that statistics become where they are put into rows."""
    return frozenset(
        Lesson(s.spot, kind, s.name, s.rows, "suspicion" if mild or s.name in _MILD else "clear", s.of)
        for s in statistics
        if s.name not in HARMLESS
    )


HARMLESS = frozenset({"sum", "nunique", "isnull_mean", "describe", "count", "group sum"})
"""Numbers that tell nothing of a row's cells: how many there are, or their total, as of weights."""
_MILD = frozenset({"value_counts", "Counter", "most_common", "boxcox", "rank"})


def shifted(value: Value, ahead: int) -> Value:
    """Return the value with cells of ``ahead`` rows later in each row."""
    made = value.copy()
    made.columns = {
        name: Column(c.lessons, frozenset(d._replace(latest=d.latest + ahead) for d in c.deps))
        for name, c in value.columns.items()
    }
    if value.base is not None:
        made.base, made.blurred = None, True
    return made


def inexact(value: Value) -> Value:
    """Return the value with cells that do not tell what they were computed from."""
    made = value.copy()
    made.columns = {
        name: Column(c.lessons, frozenset(d._replace(exact=False) for d in c.deps)) for name, c in value.columns.items()
    }
    return made


def computed(value: Value) -> Value:
    """Return the value; where it is one column, its cells are numbers from now on."""
    if is_series(value):
        value.columns = {name: column._replace(number=True) for name, column in value.columns.items()}
    return value
