"""What do frames give that are put side by side, or one after the other?"""

from __future__ import annotations

from evaluator.facts.flowing.calls import Call
from evaluator.facts.flowing.values import Lesson, Value, few, gathered, join, nothing


def together(given: list[Value], *, side_by_side: bool) -> Value:
    """Return frames put together: columns of all, or rows of all."""
    kept = [g for g in given if g.rows or g.statistics]
    rows = [g for g in kept if g.rows]
    if not rows:
        return nothing()
    made = rows[0].copy()
    made.view = None
    for other in rows[1:]:
        made.rows |= other.rows
        made.lessons = few(made.lessons | other.lessons)
        made.series |= other.series
        made.copies |= other.copies
        if side_by_side:
            made.columns.update({n: c for n, c in other.columns.items() if n not in made.columns or n == ""})
            made.dropped -= frozenset(other.columns)
            if made.base is None and other.base is not None:
                made.base, made.dropped = other.base, other.dropped
        else:
            made = join([made, other]).copy()
    copies = made.copies
    if copies and any(not r.copies for r in rows):
        made.learn(copies)
    groups = frozenset(s for g in kept for s in g.statistics if s.groups)
    shared = frozenset(
        s for s in groups if any(r.root in {x.root for x in s.rows} for g in rows if not g.statistics for r in g.rows)
    )
    made.learn(Lesson(s.spot, "encoding", s.name, s.rows, "suspicion", s.of) for s in shared)
    made.statistics = frozenset()
    return made


def concatenated(call: Call) -> Value:
    """Return arrays or frames put together."""
    parts = call.args[0].parts() if call.args and not call.args[0].rows else list(call.args)
    axis = call.says("axis", 1)
    beside = axis in {(1,), ("columns",), (-1,)} or call.last in {"hstack", "column_stack", "c_"}
    found = [p if p.rows else gathered(p) for p in parts]
    return together(found, side_by_side=beside)
