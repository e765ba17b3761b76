"""What is a number computed from rows: of all of them, of each row by itself, or a score?"""

from __future__ import annotations

from evaluator.facts.flowing import columns
from evaluator.facts.flowing.calls import Call
from evaluator.facts.flowing.values import Column, Statistic, Value, few

STATISTICS = frozenset(
    {"mean", "median", "mode", "std", "var", "min", "max", "quantile", "percentile", "nanmean", "nanmedian", "nanstd"}
) | {
    *("nanmin", "nanmax", "nanpercentile", "nanquantile", "amin", "amax", "average", "ptp", "cov", "corr", "corrwith"),
    *("corrcoef", "skew", "kurt", "sem", "mad", "nunique", "isnull_mean", "value_counts", "describe", "sum", "iqr"),
    *("reduce_mean", "reduce_std", "reduce_max", "reduce_min", "var_mean", "std_mean", "most_common", "fmean"),
}
_BY_ROW = frozenset({1, -1, "columns", "index_columns"})


def reduced(call: Call, value: Value) -> Value:
    """Return a number computed from all rows, one for each row, or a score where predictions are set against the truth."""
    if value.scored:
        return Value(scored=value.scored)
    axis = call.given(-1, "axis", "dim")
    said = axis.constants if axis is not None else ()
    if not said and call.args and call.receiver is None and len(call.args) > 1:
        said = call.args[1].constants
    elif not said and call.receiver is not None and call.last not in {"quantile", "corrwith", "value_counts"}:
        said = call.args[0].constants if call.args else ()
    many = axis is not None and bool(axis.items)
    if value.single or value.predicted or many or any(a in _BY_ROW for a in said if isinstance(a, (int, str))):
        if columns.is_series(value) or value.single:
            return value
        made = value.copy()
        deps = frozenset(d._replace(exact=False) for d in value.deps)
        made.lessons = few(value.every_lesson)
        made.columns, made.base, made.blurred = {"": Column(deps=deps)}, None, False
        return made
    one = call.last == "corrwith"
    return Value(statistics=frozenset({Statistic(call.spot, call.last, value.rows, one_column=one)}))
