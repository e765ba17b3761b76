"""What do groups of rows give: one row for each, or a number of the group for each row?"""

from __future__ import annotations

from evaluator.facts.flowing import columns
from evaluator.facts.flowing.calls import Call
from evaluator.facts.flowing.values import Column, Lesson, Severity, Statistic, Value, few, gathered

_COUNTS = frozenset(
    {"count", "size", "nunique", "cumsum", "cumcount", "shift", "first", "last", "ngroup", "diff", "ffill", "cummax"}
) | {"pct_change", "bfill", "cummin", "rank", "any", "all", "len"}
"""What is told of a group without a statistic of its cells, or of the rows before alone."""


def grouped(receiver: Value) -> Value:
    """Return the rows, grouped."""
    made = receiver.copy()
    made.path = "groupby"
    return made


def transformed(call: Call, receiver: Value) -> Value:
    """Return a cell for each row that was computed from its group."""
    made = receiver.copy()
    made.path, made.view = "", None
    function = call.given(0, "func")
    said = call.says("func", 0)
    if any(isinstance(c, str) and c not in _COUNTS for c in said):
        return _learned(call, made, str(said[0]))
    if function is None or said:
        return made
    if function.function or function.scope:
        group = made.copy()
        got = call.machine.apply(function, [group, *call.args[1:]])
        found = got if got.rows else gathered(got)
        made.learn(found.every_lesson - receiver.every_lesson)
        if call.last == "transform":
            made.learn(columns.lessons_of(found.statistics, "imputation"))
        return made
    name = function.path.rpartition(".")[2]
    return made if name in _COUNTS or not name else _learned(call, made, name)


def _learned(call: Call, made: Value, what: str) -> Value:
    """Return what each row holds of its group; of which column decides whether the target is told."""
    severity: Severity = "suspicion" if what in {"sum", "prod", "rank"} else "clear"
    made.lessons = few(
        made.every_lesson | {Lesson(call.spot, "group", f"group {what}", made.rows, severity, _named(made))}
    )
    made.columns = {
        n: Column(c.lessons, frozenset(d._replace(exact=False) for d in c.deps)) for n, c in made.columns.items()
    }
    return made


def aggregated(call: Call, receiver: Value) -> Value:
    """Return one row for each group: new rows, and numbers of all those that were grouped."""
    made = receiver.copy()
    made.path, made.view, made.blurred = "", None, True
    if call.last in _COUNTS:
        return made
    one = columns.is_series(receiver)
    made.statistics = frozenset(
        {Statistic(call.spot, f"group {call.last}", receiver.rows, True, one, _named(receiver))}
    )
    return made


def _named(value: Value) -> frozenset[str]:
    return frozenset(d.name for d in value.deps)


def of_groups(call: Call, receiver: Value) -> Value | None:
    """Follow a method of grouped rows."""
    if call.last in {"transform", "apply"}:
        return transformed(call, receiver)
    if call.last in {"rolling", "expanding", "ewm"}:
        return windowed(call, receiver)
    if call.last in {"shift", "diff", "pct_change"}:
        return shifted(call, _ungrouped(receiver))
    if call.last in {"cumsum", "cumcount", "cummax", "cummin", "ffill", "ngroup", "head", "tail", "filter", "cumprod"}:
        return _ungrouped(receiver)
    return aggregated(call, receiver)


def _ungrouped(receiver: Value) -> Value:
    made = receiver.copy()
    made.path = ""
    return made


def of_window(call: Call, receiver: Value) -> Value:
    """Return what a window over rows gives."""
    made = _ungrouped(receiver)
    if call.last == "shift":
        return columns.shifted(made, -1)
    return made


def windowed(call: Call, receiver: Value) -> Value:
    """Return a window over rows: it ends with the row itself, or, centred, later."""
    made = receiver.copy()
    made.path = "rolling"
    made.series |= {call.spot}
    if call.is_("center", value=True):
        made = columns.shifted(made, 1)
        made.path = "rolling"
    return made


def resampled(_call: Call, receiver: Value) -> Value:
    """Return rows put together by time."""
    made = receiver.copy()
    made.path = "resampler"
    return made


def shifted(call: Call, receiver: Value) -> Value:
    """Return rows moved by some places: what stands in a row is of one before it, or after it."""
    said = call.says("periods", 0) or (1,)
    ahead = -said[0] if isinstance(said[0], int) else -1
    made = receiver if call.last in {"diff", "pct_change"} else columns.shifted(receiver, ahead)
    made = made.copy()
    if call.last in {"diff", "pct_change"} and ahead > 0:
        made = columns.shifted(made, ahead)
    made.series |= {call.spot}
    return made
