"""What do the methods of data frames and arrays do to rows: fill, filter, drop, rename, apply, join?"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeAlias

from evaluator.facts.flowing import columns
from evaluator.facts.flowing.arrays import HERE
from evaluator.facts.flowing.calls import Call, passed_on
from evaluator.facts.flowing.combining import together
from evaluator.facts.flowing.grouping import grouped, of_groups, of_window, resampled, shifted, windowed
from evaluator.facts.flowing.indexing import looked_up
from evaluator.facts.flowing.reducing import STATISTICS, reduced
from evaluator.facts.flowing.values import Column, Lesson, Statistic, Value, container, few, gathered, nothing

_Handler: TypeAlias = "Callable[[Call, Value], Value | None]"
_NUMBERS = frozenset({"number", "int", "float", "numeric"})
_SAME = frozenset(
    {"copy", "dropna", "drop_duplicates", "reset_index", "sort_values", "sort_index", "convert_dtypes", "to_frame"}
) | {
    *("round", "to_numpy", "tolist", "to_list", "ravel", "flatten", "reshape", "squeeze", "infer_objects", "numpy"),
    *("collect", "lazy", "to_pandas", "clone", "cache", "prefetch", "batch", "shuffle", "sample", "head", "tail"),
    *("notna", "isna", "isnull", "notnull", "astype", "transpose", "swapaxes", "ffill", "pad", "rename_axis", "abs"),
    *("to_dict", "float", "long", "cuda", "to", "cpu", "compute", "persist", "iterrows", "itertuples", "items"),
}


def handle(call: Call) -> Value | None:
    """Follow a call on rows, or a function of arrays; None for every other call."""
    receiver = call.receiver
    if receiver is not None and (receiver.rows or receiver.statistics or receiver.scored):
        return _method(call, receiver)
    return None


def _method(call: Call, receiver: Value) -> Value | None:
    if not receiver.rows:
        if receiver.statistics and call.last in {"merge", "join"} and call.rows_given():
            return passed_on(call)
        return Value(statistics=receiver.statistics, scored=receiver.scored, items=None)
    if receiver.path == "groupby":
        return of_groups(call, receiver)
    if receiver.path in {"rolling", "resampler"}:
        return of_window(call, receiver)
    if call.last in STATISTICS:
        return reduced(call, receiver)
    handler = _METHODS.get(call.last)
    if handler is not None:
        return handler(call, receiver)
    if call.last in _SAME:
        return _same(call, receiver)
    found = looked_up(receiver, call.args[0]) if call.last == "get" and call.args else None
    if found is not None:
        return found
    made = passed_on(call)
    if call.last in {"pivot", "pivot_table", "melt", "stack", "unstack", "explode", "get_dummies"}:
        made.blurred = True
    return made


def _same(call: Call, receiver: Value) -> Value | None:
    """Return the same rows, perhaps in another order or form; a sample is a part."""
    made = receiver.copy()
    if call.last == "sample":
        size = call.says("frac") or call.says("n", 0)
        if call.is_("replace", value=True):
            made.learn([Lesson(call.spot, "resampling", "sample", receiver.rows)])
        elif size not in {(1,), (1.0,)}:
            made.rows = frozenset(r.part("cut", f"sample {call.spot.at.start}") for r in receiver.rows)
        return made
    if call.last in {"head", "tail"} and (call.args or call.keywords):
        made.rows = frozenset(r.part("cut", call.last) for r in receiver.rows)
        return made
    if call.last == "astype" and _types(call.given(0, "dtype")) & _NUMBERS:
        return columns.computed(made)
    if call.last in {"iterrows", "itertuples", "items"}:
        made.single = True
        return Value(items={}, rest=container([nothing(), made]) if call.last != "itertuples" else made)
    return _kept(call, receiver, made)


def _kept(call: Call, receiver: Value, made: Value) -> Value:
    """Return the result; where the call works in place, the object has changed, too."""
    if call.is_("inplace", value=True):
        _overwrite(receiver, made)
    return made


def _overwrite(receiver: Value, made: Value) -> None:
    gained = made.every_lesson - receiver.every_lesson
    receiver.rows, receiver.lessons, receiver.columns = made.rows, made.lessons, dict(made.columns)
    receiver.dropped, receiver.blurred, receiver.base = made.dropped, made.blurred, made.base
    columns.write_back(receiver, gained)


def _typed(call: Call, receiver: Value) -> Value:
    """Return the columns of some types; those that are computed by arithmetic are among the numbers."""
    taken, gone = _types(call.given(0, "include")), _types(call.given(1, "exclude"))
    if not (taken & _NUMBERS or (gone and not taken and not gone & _NUMBERS)):
        return columns.blur(receiver)
    made = receiver.copy()
    made.numbers = True
    return made


def _types(given: Value | None) -> set[str]:
    """Return the types that are named, by text or as things of a library, without their widths."""
    found = [given, *given.parts()] if given is not None else []
    said = [t for v in found for t in (*v.texts(), v.path.rpartition(".")[2]) if t]
    return {t.rstrip("0123456789_") for t in said}


def _grouped(_call: Call, receiver: Value) -> Value:
    return grouped(receiver)


def _filled(call: Call, receiver: Value) -> Value:
    """Return rows whose gaps or extremes were replaced by numbers."""
    made = receiver.copy()
    loose: set[Statistic] = set()
    for given in call.every():
        found = given if given.rows else gathered(given)
        if found.statistics:
            loose |= found.statistics
        made.learn(found.every_lesson)
    kind = "bounds" if call.last in {"clip", "clip_lower", "clip_upper"} else "imputation"
    made.learn(columns.lessons_of(loose, kind))
    made.statistics = frozenset()
    return _kept(call, receiver, made)


def _dropped(call: Call, receiver: Value) -> Value:
    """Return a frame without columns, or without rows."""
    named = call.given(-1, "columns")
    by_columns = (
        named is not None
        or any(call.is_("axis", a) for a in (1, "columns"))
        or (len(call.args) > 1 and call.args[1].constants in {(1,), ("columns",)})
    )
    named = named if named is not None else call.given(0, "labels")
    made = receiver.copy()
    if named is not None and by_columns:
        columns.drop(made, named.texts())
        found = gathered(named)
        unknown = not named.texts() or (named.rest is not None and not named.rest.constants)
        made.blurred = made.blurred or unknown
        made.learn(_choice(found.statistics))
    elif named is not None and named.rows:
        which = min(str(r.parts[-1:]) for r in named.rows)
        made.rows = frozenset(r.part("cut", f"without {which}"[:200]) for r in receiver.rows)
        made.learn(lesson._replace(kind="outliers") for lesson in named.lessons - receiver.every_lesson)
    elif named is not None and call.name.startswith("polars"):
        columns.drop(made, [t for a in call.args for t in a.texts()])
    return _kept(call, receiver, made)


def _choice(statistics: frozenset[Statistic]) -> list[Lesson]:
    return [
        Lesson(s.spot, "selection", s.name, s.rows, "clear" if s.one_column else "suspicion")
        for s in statistics
        if (s.one_column and not s.groups) or s.name in {"corr", "corrwith"} or s.name.endswith("of a model")
    ]


def _popped(call: Call, receiver: Value) -> Value:
    names = call.args[0].texts() if call.args else []
    made = columns.column(receiver, names[0]) if names else receiver
    made.view = None
    columns.drop(receiver, names)
    return made


def _renamed(call: Call, receiver: Value) -> Value:
    made = receiver.copy()
    given = call.given(-1, "columns", "mapper") or (call.args[0] if call.args else None)
    pairs = given.items if given is not None and given.items and given.rest is None else None
    if pairs is None:
        made.blurred = True
    for old, new in (pairs or {}).items():
        if isinstance(old, str) and new.texts():
            column = columns.column_of(made, old)
            columns.drop(made, [old])
            made.columns[new.texts()[0]] = column
    return _kept(call, receiver, made)


def _indexed(call: Call, receiver: Value) -> Value:
    made = receiver.copy()
    if call.args:
        columns.drop(made, call.args[0].texts())
    return _kept(call, receiver, made)


def _assigned(call: Call, receiver: Value) -> Value:
    made = receiver.copy()
    for name, value in call.keywords.items():
        held = call.machine.apply(value, [made]) if value.function or value.scope else value
        columns.write(made, name, held, _put(held), weak=False)
    return made


def _inserted(call: Call, receiver: Value) -> Value:
    name, value = call.given(1, "column"), call.given(2, "value")
    if name is not None and value is not None and name.texts():
        columns.write(receiver, name.texts()[0], value, _put(value), weak=False)
    return nothing()


def _put(held: Value) -> frozenset[Lesson]:
    found = held if held.rows else gathered(held)
    return found.every_lesson | (frozenset() if found.rows else columns.lessons_of(found.statistics, "imputation"))


def _applied(call: Call, receiver: Value) -> Value:
    """Return what a function gives for each cell, row or column."""
    function = call.given(0, "func", "arg", "function")
    if function is None:
        return receiver.copy()
    if not (function.function or function.scope):
        return _mapped(receiver, function)
    frame = not columns.is_series(receiver)
    by_row = call.is_("axis", 1) or call.is_("axis", "columns") or not frame or call.last in {"map", "applymap"}
    cell = receiver.copy()
    cell.single = by_row or receiver.single
    cell.view = None
    got = call.machine.apply(function, [cell, *call.args[1:]])
    found = got if got.rows else gathered(got)
    made = receiver.copy()
    made.learn(found.every_lesson - receiver.every_lesson)
    if not found.rows or by_row:
        made.learn(columns.lessons_of(found.statistics, "imputation"))
    if found.rows and not by_row and found.statistics:
        made.learn(columns.lessons_of(found.statistics, "imputation"))
    if frame and by_row and call.last != "applymap":
        one = found.deps if found.rows and columns.is_series(found) else frozenset()
        made.lessons = few(made.every_lesson)
        made.columns, made.base, made.blurred = {"": Column(deps=one)}, None, False
    elif _calls(function):
        made = columns.inexact(made)
    made.view, made.statistics = None, frozenset()
    return made


def _calls(function: Value) -> bool:
    """Whether a function does more than arithmetic and comparisons."""
    node = function.function
    return node is None or any(isinstance(n, ast.Call) for n in ast.walk(node.body))


def _mapped(receiver: Value, by: Value) -> Value:
    """Return cells replaced by what a table gives for them; one of group statistics is an encoding."""
    made = receiver.copy()
    made.view = None
    found = by if by.rows else gathered(by)
    if found.statistics:
        made.learn(Lesson(s.spot, "encoding", s.name, s.rows, "suspicion", s.of) for s in found.statistics)
        made.statistics = found.statistics
    return made


def _merged(call: Call, receiver: Value) -> Value:
    others = [
        a if a.rows else gathered(a)
        for a in (*call.args[:1], *(call.keywords.get(k, nothing()) for k in ("right", "other")))
    ]
    return together([receiver, *others], side_by_side=True)


def _piped(call: Call, receiver: Value) -> Value:
    return call.machine.apply(call.args[0], [receiver, *call.args[1:]]) if call.args else receiver


def _backfilled(call: Call, receiver: Value) -> Value:
    return _kept(call, receiver, receiver.copy())


def _masked(call: Call, receiver: Value) -> Value:
    """Return a part of the rows, by a condition; in pandas, ``filter`` takes columns."""
    said = call.says("expr", 0) or ("",)
    named = call.given(0, "items")
    by_name = named is not None and bool(named.parts()) and bool(named.texts())
    if call.last == "filter" and (by_name or call.keywords.keys() & {"items", "like", "regex"}):
        return columns.chosen(receiver, named.texts()) if by_name and named is not None else columns.blur(receiver)
    made = receiver.copy()
    made.rows = frozenset(r.part("cut", str(said[0])[:200] or call.last) for r in receiver.rows)
    for given in call.every():
        made.learn(given.every_lesson)
    return made


def _expressed(call: Call, receiver: Value) -> Value:
    """Return a frame after expressions over its own columns were evaluated: statistics there are of its rows."""
    made = receiver.copy()
    found = gathered(container(list(call.every())))
    for lesson in sorted(found.every_lesson, key=lambda x: (x.spot.at.start, x.kind)):
        rows = receiver.rows if any(r.root == HERE for r in lesson.rows) else lesson.rows
        made.learn([lesson._replace(rows=rows)])
    made.series |= found.series
    made.blurred = True
    return made


_METHODS: dict[str, _Handler] = {
    **dict.fromkeys(
        ("fillna", "replace", "where", "mask", "clip", "clip_lower", "clip_upper", "fill_null", "fill_nan"), _filled
    ),
    **dict.fromkeys(("apply", "map", "applymap", "agg", "aggregate", "transform", "map_elements"), _applied),
    **dict.fromkeys(("merge", "join"), _merged),
    **dict.fromkeys(("rolling", "expanding", "ewm"), windowed),
    **dict.fromkeys(("shift", "diff", "pct_change"), shifted),
    **dict.fromkeys(("bfill", "backfill", "interpolate"), _backfilled),
    **dict.fromkeys(("with_columns", "with_column", "select"), _expressed),
    **dict.fromkeys(("query", "filter"), _masked),
    "select_dtypes": _typed,
    "groupby": _grouped,
    "group_by": _grouped,
    "resample": resampled,
    "drop": _dropped,
    "pop": _popped,
    "rename": _renamed,
    "set_index": _indexed,
    "assign": _assigned,
    "insert": _inserted,
    "pipe": _piped,
    "join_asof": _merged,
}
