"""Which rows and columns does an index take, and what does it put there?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from evaluator.facts.flowing import columns
from evaluator.facts.flowing.operations import element
from evaluator.facts.flowing.values import CUT, Lesson, RowSet, Value, gathered, join, nothing

if TYPE_CHECKING:
    from evaluator.facts.flowing.evaluating import Evaluating
    from evaluator.facts.flowing.state import Env

_SAME = frozenset({"loc", "iloc", "at", "iat", "values", "T", "str", "dt", "cat", "array", "sparse", "data", "plot"})
_NUMBERS = frozenset({"shape", "size", "dtype", "dtypes", "ndim", "name", "empty", "device", "itemsize", "nbytes"})
_OF_TARGET = frozenset({"corr", "corrwith", "cov"})
_CHOOSES = frozenset({"corr", "corrwith", "cov", "mutual_info", "var", "std", "skew", "kurt", "nunique", "isnull"})
_HARMLESS = frozenset(
    {"nunique", "isnull", "isna", "count", "var", "std", "unique", "skew", "kurt", "sum", "notnull", "mean"}
)
"""Numbers by which columns are told apart that say nothing of the target: how much is missing, how many values there are."""
_HOLDS_PARTS = ("datasets.", "tensorflow_datasets.", "dataset")
_PARTS = ("train", "test", "val", "dev", "eval", "hold")


def attribute(value: Value, attr: str) -> Value:
    """Return an attribute of rows: the rows themselves, their names, or a column."""
    if attr in _NUMBERS:
        return nothing()
    if attr == "columns":
        return Value(names_of=value)
    if attr == "index":
        made = value.copy()
        made.path, made.columns = "rows.index", {}
        return made
    if attr in _SAME and not (attr == "data" and value.path.startswith("sklearn.datasets")):
        return value
    if value.predicted or value.single or value.path in {"groupby", "rolling", "resampler"}:
        return columns.column(value, attr) if value.path == "groupby" else value
    if attr in {"year", "month", "day", "hour", "dayofweek", "weekday", "days", "T"}:
        return value
    return columns.column(value, attr)


def item(value: Value, index: ast.expr, key: Value) -> Value:
    """Return ``value[index]``."""
    if value.names_of is not None:
        return _of_names(value, index, key)
    if value.rows and value.items is None:
        return looked_up(value, key) or _of_rows(value, index, key)
    if value.items is not None or value.rest is not None:
        return _of_container(value, index, key)
    if value.path == "index":
        return Value(picks=(CUT, f"index{_said(index)}"), path="index", constants=())
    if value.statistics:
        return _of_statistics(value, key)
    if value.picks or value.scored or value.trainings:
        return value
    return nothing()


def _of_container(value: Value, index: ast.expr, key: Value) -> Value:
    if isinstance(index, ast.Slice):
        if value.path.startswith("parts:") and value.rest is not None:
            return Value(items={}, rest=others(value), path=value.path)
        if not value.parts():
            return nothing()
        part = join(value.parts())
        listed = not value.items or all(p.single for p in value.parts())
        return Value(items={}, rest=cut(part, _slice(index)) if listed and part.rows else part)
    found = [value.items[k] for k in key.constants if value.items is not None and k in value.items]
    if found:
        return join(found)
    negative = [k for k in key.constants if isinstance(k, int) and k < 0]
    if negative and value.items and value.rest is None:
        kept = list(value.items.values())
        return kept[negative[0]] if -negative[0] <= len(kept) else nothing()
    if key.picks or key.rows:
        inner = gathered(value)
        return _picked(inner, key) if inner.rows else inner
    return join(value.parts()) if value.parts() else nothing()


def others(value: Value) -> Value:
    """Return the parts that are left where one of equal parts is held out."""
    event = value.path.removeprefix("parts:")
    made = value.rest.copy() if value.rest is not None else nothing()
    made.rows = frozenset(
        RowSet(r.root, tuple((e, "train" if e == event else s) for e, s in r.parts)) for r in made.rows
    )
    return made


def _of_statistics(value: Value, key: Value) -> Value:
    """Return one number of several; of a correlation matrix the column of one variable."""
    if key.texts() and any(s.name in _OF_TARGET for s in value.statistics):
        made = value.copy()
        made.statistics = frozenset(s._replace(one_column=True) for s in value.statistics)
        return made
    return value


def _of_names(value: Value, index: ast.expr, key: Value) -> Value:
    """Return some of a frame's column names."""
    frame = value.names_of
    if isinstance(index, ast.Slice) or key.statistics or frame is None:
        made = columns.blur(frame) if frame is not None else nothing()
        return Value(names_of=made, statistics=key.statistics, dropped=value.dropped)
    if key.names_of is not None:
        return Value(names_of=frame, dropped=value.dropped | key.dropped)
    return Value(names_of=columns.blur(frame), dropped=value.dropped)


def names_left(machine: Evaluating, looped: Value, clause: ast.comprehension, env: Env) -> Value:
    """Return the column names that a comprehension over a frame's names keeps."""
    made = Value(names_of=looped.names_of, dropped=looped.dropped, statistics=looped.statistics)
    for test in clause.ifs:
        match test:
            case ast.Compare(ops=[ast.NotEq()], comparators=[other]):
                made.dropped |= frozenset(machine.eval(other, env).texts())
            case ast.Compare(ops=[ast.NotIn()], comparators=[other]):
                held = machine.eval(other, env)
                made.dropped |= frozenset(held.texts())
                if not held.texts() and made.names_of is not None:
                    made.names_of = columns.blur(made.names_of)
            case _:
                env.set("__column__", nothing())
                if isinstance(clause.target, ast.Name):
                    env.set(clause.target.id, Value(names_of=looped.names_of))
                found = gathered(machine.eval(test, env))
                made.statistics |= found.statistics
                if made.names_of is not None:
                    made.names_of = columns.blur(made.names_of)
    return made


def _of_rows(value: Value, index: ast.expr, key: Value) -> Value:
    if isinstance(index, ast.Tuple) and index.elts:
        first = _item_of_rows(value, index.elts[0], _part(key, 0), is_row=True)
        return _columns_of(first, index.elts[1], _part(key, 1)) if len(index.elts) == 2 else first
    return _item_of_rows(value, index, key)


def _part(key: Value, index: int) -> Value:
    return key.items.get(index, nothing()) if key.items is not None else nothing()


def looked_up(table: Value, key: Value) -> Value | None:
    """Return what a table of group statistics holds for a cell; None where one or the other is none."""
    groups = [s for s in table.statistics if s.groups]
    if not groups or not (key.rows and key.single):
        return None
    made = key.copy()
    made.learn(Lesson(s.spot, "encoding", s.name, s.rows, "suspicion", s.of) for s in groups)
    return made


def _item_of_rows(value: Value, index: ast.expr, key: Value, *, is_row: bool = False) -> Value:
    """Return rows by a slice, a mask or an index, or columns by their names."""
    if isinstance(index, ast.Slice):
        return cut(value, _slice(index)) if index.lower or index.upper else value
    names = key.texts()
    if names and not is_row:
        part = _named_part(value, names)
        if part is not None:
            return part
    if not is_row and (names or key.names_of is not None or key.statistics):
        return _columns_of(value, index, key)
    if key.picks is not None:
        return _picked(value, key)
    if key.path == "mask":
        return cut(value, _said(index))
    if key.rows and key.path == "rows.index":
        made = value.copy()
        made.rows = key.rows
        return made
    if key.rows and not key.single:
        made = cut(value, _said(index))
        made.learn(
            lesson._replace(kind="outliers" if lesson.kind == "bounds" else lesson.kind)
            for lesson in key.every_lesson - value.every_lesson
        )
        return made
    if key.constants and all(isinstance(c, int) for c in key.constants) and value.path != "groupby":
        return element(value)
    known = value.path == "groupby" or columns.is_series(value) or value.single or key.path == "index"
    return value if known else columns.blur(value)


def _named_part(value: Value, names: list[str]) -> Value | None:
    """Return a part of a published data set by its own name; None where ``names`` are columns."""
    published = value.path.startswith(_HOLDS_PARTS)
    if published and len(names) == 1 and names[0].lower().startswith(_PARTS):
        made = value.copy()
        made.rows = frozenset(r.part("given", names[0]) for r in value.rows)
        made.path = value.path
        return made
    return None


def _columns_of(value: Value, index: ast.expr, key: Value) -> Value:
    """Return columns by their names; by statistics of all rows, that is feature selection."""
    made: Value
    names = key.texts()
    if names:
        several = key.items is not None or key.rest is not None or isinstance(index, ast.List)
        made = columns.chosen(value, names) if several or len(names) > 1 else columns.column(value, names[0])
        if several and key.rest is not None and (key.rest.statistics or not key.rest.constants):
            made.blurred = True
    elif key.names_of is not None and key.items is None and not key.dropped and key.names_of is value:
        made = columns.column(value, columns.ANY)
    elif key.names_of is not None:
        made = _named_as(value, key.names_of, key.dropped)
    elif isinstance(index, ast.Slice) and index.lower is None and index.upper is None:
        return value
    else:
        made = columns.blur(value)
    made.learn(_chosen_by(key))
    return made


def _chosen_by(key: Value) -> list[Lesson]:
    """Return what columns were chosen by: numbers computed from rows, in the names or beside them in a list."""
    numbers = [s for s in key.statistics if s.name not in _HARMLESS]
    if not numbers and key.parts():
        found = gathered(key).statistics
        numbers = [
            s for s in found if (s.one_column and not s.groups) or s.name in _OF_TARGET or s.name.endswith("of a model")
        ]
    return [
        Lesson(n.spot, "selection", n.name, n.rows, "clear" if n.one_column or n.name not in _CHOOSES else "suspicion")
        for n in numbers
    ]


def _named_as(value: Value, other: Value, dropped: frozenset[str]) -> Value:
    """Return the columns that another frame has, too, without some."""
    if other.base is None and not other.blurred:
        made = columns.chosen(value, [name for name in other.columns if name not in dropped])
    else:
        made = columns.without(value, dropped | other.dropped)
    made.blurred, made.numbers = made.blurred or other.blurred, made.numbers or other.numbers
    made.view = (value, columns.ANY)
    return made


def cut(value: Value, which: str) -> Value:
    """Return a part of the rows that is told from others by ``which``."""
    made = value.copy()
    made.rows = frozenset(r.part(CUT, which[:300]) for r in value.rows)
    return made


def _picked(value: Value, key: Value) -> Value:
    made = value.copy()
    if key.picks is not None:
        event, side = key.picks
        made.rows = frozenset(r.part(event, side) for r in value.rows)
    return made


def store(value: Value, index: ast.expr, key: Value, held: Value, env: Env) -> None:
    """Put ``held`` at ``value[index]``."""
    if value.rows and value.items is None:
        _store_in_rows(value, index, key, held, weak=env.weak > 0)
        return
    known = [c for c in key.constants if isinstance(c, (str, int, bool))]
    if len(known) == 1 and not key.rows:
        value.items = value.items if value.items is not None else {}
        before = value.items.get(known[0]) if env.weak else None
        value.items[known[0]] = join([before, held]) if before is not None else held
    else:
        value.rest = join([value.rest, held]) if value.rest is not None else held


def _store_in_rows(value: Value, index: ast.expr, key: Value, held: Value, *, weak: bool) -> None:
    found = gathered(held) if not held.rows else held
    lessons = found.every_lesson
    if not found.rows:
        lessons |= columns.lessons_of(found.statistics, "imputation")
    where = key
    if isinstance(index, ast.Tuple) and len(index.elts) >= 2:
        where, weak = _part(key, 1), True
    lessons |= frozenset(_chosen_by(where)) if where.names_of is not None else frozenset()
    names = where.texts()
    if names:
        several = len(names) > 1
        for name in names:
            column = columns.column(found, name) if several and name in found.columns else found
            columns.write(value, name, column, lessons, weak=weak)
    else:
        value.learn(lessons)
        value.series |= found.series
        if where.names_of is None and where.rows:
            columns.write_back(value, lessons)


def _slice(index: ast.Slice) -> str:
    return f"{_said(index.lower)}:{_said(index.upper)}"


def _said(expr: ast.expr | None) -> str:
    return ast.unparse(expr)[:120] if expr is not None else ""


def narrowed(rows: frozenset[RowSet], event: str, side: str) -> frozenset[RowSet]:
    """Return one side of an event over ``rows``."""
    return frozenset(r.part(event, side) for r in rows)
