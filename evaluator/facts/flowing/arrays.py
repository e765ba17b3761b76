"""What do the functions of arrays and frames, and builtins, make of rows?"""

from __future__ import annotations

from collections.abc import Callable

from evaluator.facts.flowing import columns, operations
from evaluator.facts.flowing.calls import Call
from evaluator.facts.flowing.combining import concatenated, together
from evaluator.facts.flowing.reducing import STATISTICS, reduced
from evaluator.facts.flowing.values import Column, Lesson, RowSet, Value, container, few, gathered, nothing


def handle(call: Call) -> Value | None:
    """Follow a function of arrays or a builtin; None for every other call."""
    if call.receiver is None or call.receiver.path:
        return _function(call)
    return None


def _function(call: Call) -> Value | None:
    """Follow a function of arrays, or a builtin."""
    handler = _FUNCTIONS.get(call.last)
    if handler is not None:
        return handler(call)
    if call.last in STATISTICS and call.args:
        value = call.args[0] if call.args[0].rows else gathered(call.args[0])
        if value.rows:
            return reduced(call, value)
        return Value(statistics=value.statistics, scored=value.scored)
    return None


def _same_function(call: Call) -> Value | None:
    """Return what a function that only changes the form gives."""
    if not call.args:
        return Value(items={})
    value = call.args[0]
    if (
        value.rows
        or value.names_of is not None
        or call.last in {"list", "tuple", "sorted", "set", "reversed", "tqdm", "iter", "dict"}
    ):
        return value.copy()
    return gathered(value) if value.parts() else value


def _chosen_where(call: Call) -> Value | None:
    """Return cells that are taken from one of two by a condition."""
    given = [a if a.rows else gathered(a) for a in call.args]
    rows = [g for g in given if g.rows]
    if not rows:
        return None
    made = together(rows, side_by_side=True)
    if len(rows) > 1 and any(columns.is_series(r) for r in rows):
        deps = frozenset(d for r in rows for d in r.deps)
        made.lessons = few(frozenset(lesson for r in rows for lesson in r.every_lesson))
        made.columns, made.base, made.blurred = {"": Column(deps=deps)}, None, False
    made.learn(columns.lessons_of((s for g in given[1:] if not g.rows for s in g.statistics), "imputation"))
    return made


def _zipped(call: Call) -> Value:
    known = [list(a.items.values()) for a in call.args if a.items and a.rest is None and not a.rows]
    if call.last == "zip" and known and len(known) == len(call.args) and len(known[0]) <= 12:
        return container([container(parts) for parts in zip(*known, strict=False)])
    return Value(items={}, rest=container([operations.element(a) for a in call.args]))


def _enumerated(call: Call) -> Value:
    held = call.args[0] if call.args else nothing()
    if held.items and held.rest is None and not held.rows and len(held.items) <= 12:
        return container([container([nothing(), part]) for part in held.items.values()])
    return Value(items={}, rest=container([nothing(), operations.element(call.args[0]) if call.args else nothing()]))


def _mapped_over(call: Call) -> Value:
    if len(call.args) < 2:
        return nothing()
    made = call.machine.apply(call.args[0], [operations.element(a) for a in call.args[1:]])
    if not made.rows and not made.parts():
        return gathered(container(call.args[1:]))
    return Value(items={}, rest=made)


def _first(call: Call) -> Value:
    return operations.element(call.args[0]) if call.args else nothing()


def _nothing(_call: Call) -> Value:
    return nothing()


def _dummies(call: Call) -> Value | None:
    given = call.rows_given()
    return columns.blur(given[0]) if given else None


def _widths(call: Call) -> Value | None:
    """Return cells put into bins: of given bounds, of equal width over all rows, or of equal share."""
    value = call.args[0] if call.args else nothing()
    if not value.rows:
        return None
    made = value.copy()
    made.view = None
    bins = call.given(1, "bins", "q")
    found = gathered(bins) if bins is not None else nothing()
    made.learn(columns.lessons_of(found.statistics, "bounds"))
    counted = bins is not None and any(isinstance(c, int) for c in bins.constants)
    if call.last == "qcut":
        made.learn([Lesson(call.spot, "bounds", "qcut", value.rows)])
    elif counted:
        made.learn([Lesson(call.spot, "bounds", "cut", value.rows, "suspicion")])
    return made


def _flipped(call: Call) -> Value | None:
    """Return an altered copy of rows; beside the originals, before a split, it is on both sides."""
    given = call.rows_given()
    if not given:
        return None
    made = given[0].copy()
    made.copies |= {Lesson(call.spot, "augmentation", call.last, made.rows, "suspicion")}
    return made


def _column_expression(call: Call) -> Value:
    name = (call.args[0].texts() if call.args else []) or ["*"]
    return Value(rows=frozenset({RowSet(HERE)}), columns={name[0]: Column()})


HERE = "@here"
"""The rows of the frame that an expression over columns will be evaluated on."""
_FUNCTIONS: dict[str, Callable[[Call], Value | None]] = {
    **dict.fromkeys(
        ("concat", "concatenate", "vstack", "hstack", "append", "column_stack", "stack", "cat", "merge"), concatenated
    ),
    **dict.fromkeys(("list", "tuple", "sorted", "set", "reversed", "tqdm", "iter", "dict"), _same_function),
    **dict.fromkeys(
        (
            "array",
            "asarray",
            "DataFrame",
            "Series",
            "copy",
            "deepcopy",
            "tensor",
            "from_numpy",
            "float",
            "int",
            "str",
            "round",
        ),
        _same_function,
    ),
    **dict.fromkeys(("zip", "product", "chain"), _zipped),
    **dict.fromkeys(("len", "print", "isinstance", "hasattr", "type", "unique", "display"), _nothing),
    **dict.fromkeys(("cut", "qcut"), _widths),
    **dict.fromkeys(
        ("flip", "fliplr", "flipud", "rot90", "rotate", "augment", "augment_image", "random_flip"), _flipped
    ),
    "where": _chosen_where,
    "select": _chosen_where,
    "enumerate": _enumerated,
    "map": _mapped_over,
    "next": _first,
    "get_dummies": _dummies,
    "col": _column_expression,
}
