"""What is an object that can be fitted: a model or a transformer, made of what, and what does it learn?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluator.facts.flowing.calls import Call
from evaluator.facts.flowing.values import (
    Lesson,
    Rows,
    Spot,
    Statistic,
    Value,
    container,
    few,
    gathered,
    join,
    keyed,
    nothing,
)
from evaluator.facts.python.values import is_class

if TYPE_CHECKING:
    from evaluator.facts.flowing.state import State

KINDS = (
    ("learns-scaling", "scaling"),
    ("learns-imputation", "imputation"),
    ("learns-selection", "selection"),
    ("learns-vocabulary", "vocabulary"),
    ("learns-projection", "projection"),
    ("learns-encoding", "encoding"),
    ("resampler", "resampling"),
)
MAKES = {
    "make_pipeline": "sklearn.pipeline.Pipeline",
    "make_union": "sklearn.pipeline.FeatureUnion",
    "make_column_transformer": "sklearn.compose.ColumnTransformer",
}


def built(call: Call) -> Value:
    """Return an object of a library's class: what it was given stays with it."""
    inside = tuple(dict.fromkeys(_estimators(container([*call.args, *call.keywords.values()]))))
    name = MAKES.get(call.last) or next((n for n in call.names if is_class(n)), call.name)
    made = keyed(call.keywords)
    made.path, made.inside = name, inside[:20]
    for number, given in enumerate(call.args):
        if made.items is not None:
            made.items[number] = given
    found = [gathered(v) for v in call.every()]
    made.trainings = frozenset(t for v in inside for t in v.trainings)
    rows = [f for f in found if f.rows]
    if rows and "transformer" not in call.roles and "model" not in call.roles:
        held = join(rows)
        made.rows, made.lessons, made.series = held.rows, few(held.every_lesson), held.series
        made.items = {**(made.items or {})}
    return made


def _estimators(value: Value, depth: int = 5) -> list[Value]:
    """Return the objects within a container that may be fitted."""
    found = [value] if value.path and (is_class(value.path) or value.path.endswith("()")) and not value.rows else []
    found += [value] if value.instance and not found else []
    if found or depth == 0:
        return found
    return [e for part in value.parts() for e in _estimators(part, depth - 1)]


def is_model(machine: State, value: Value, call: Call | None = None) -> bool:
    """Whether fitting ``value`` makes a model: itself, or the last step of a pipeline, is no transformer."""
    roles = machine.roles(value.path) if value.path else frozenset()
    if value.inside and "Pipeline" in value.path:
        return is_model(machine, value.inside[-1])
    if "transformer" in roles:
        return False
    if "model" in roles or "search" in roles or (value.path and "fit" in machine.roles(f"{value.path}.fit")):
        return True
    if call is None:
        return False
    if "fit" in call.roles and not any("transformer" in machine.roles(n.rpartition(".")[0]) for n in call.names):
        return True
    given = len(call.args) + sum(k in {"y", "X"} for k in call.keywords)
    return call.last in {"fit", "partial_fit"} and not value.path and value.scope is None and given >= 2


def kinds(machine: State, value: Value, depth: int = 6) -> list[tuple[str, str]]:
    """Return what a transformer, or any step of a composed one, learns of the rows it is fitted on: (kind, name)."""
    if depth == 0 or value.instance:
        return []
    roles = machine.roles(value.path) if value.path else frozenset()
    if "composed" in roles or (value.inside and "transformer" not in roles):
        return [k for inner in value.inside for k in kinds(machine, inner, depth - 1)]
    if "learns-nothing" in roles or _is_constant(value):
        return []
    last = value.path.rpartition(".")[2]
    found = next((kind for role, kind in KINDS if role in roles), None)
    if found is None and "transformer" in roles:
        found = "transformation"
    return [(found, last)] if found else []


def _is_constant(value: Value) -> bool:
    strategy = value.items.get("strategy") if value.items else None
    return strategy is not None and strategy.constants == ("constant",)


def fitted_lessons(machine: State, value: Value, rows: Rows, spot: Spot) -> frozenset[Lesson]:
    """Return what fitting a transformer on ``rows`` teaches it."""
    return frozenset(Lesson(spot, kind, name, rows) for kind, name in kinds(machine, value))


def chosen_by(transformer: Value) -> Value:
    """Return what a fitted selector says of columns: numbers computed from the rows it was fitted on."""
    found = [x for x in transformer.learned if x.kind == "selection"]
    return Value(statistics=frozenset(Statistic(x.spot, x.what, x.rows, one_column=True) for x in found))


def data(call: Call, index: int, *keywords: str) -> Value:
    """Return an argument that should hold rows; containers gathered."""
    given = call.given(index, *keywords)
    if given is None:
        return nothing()
    return given if given.rows else gathered(given) if given.parts() else given
