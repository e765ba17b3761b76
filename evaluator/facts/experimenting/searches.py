"""Which searches of libraries over settings of a model are there, and does each of them run?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluator.facts.experimenting.workbench import Call, Workbench, arguments
from evaluator.facts.experiments import Search
from evaluator.facts.python.modules import Source
from evaluator.facts.python.scopes import Point, Scope, Site, is_off, switched_on
from evaluator.facts.python.values import Known, Later, Row

_GRIDS = ("param_grid", "param_distributions", "search_spaces", "param_range", "search_space", "params")
_TRIALS = ("n_iter", "n_trials", "max_evals", "num_samples", "max_trials", "count")


def by_library(bench: Workbench) -> Iterator[Search]:
    """Yield every search of a library; ``runs`` is False where nothing leads there, or it has nothing to choose from."""
    for source, site, named in bench.places.calls:
        name = next((n for n in (named.name, *named.others) if "tunes" in bench.roles(n)), None)
        nested = _nested(bench, (source, site, named)) if name is None else None
        if name is None and nested is None:
            continue
        why = "" if bench.runs(source.path, switched_on(site.label)) else "nothing runs the code that it stands in"
        why = why or (_too_few(bench, (source, site, named)) if nested is None else "")
        off = "" if why else _switch(bench, source, site)
        at = bench.span(source, site.node, site.cell)
        yield Search(
            how="library",
            name=name or nested or "",
            at=at,
            runs=not why and not off,
            halted=bool(off),
            why=why or off or "it is run",
        )


def _switch(bench: Workbench, source: Source, site: Site) -> str:
    """Return which constant switches a call off, or nothing."""
    name = bench.switched_off(source).get(id(site.node))
    return f"{name} = False switches it off" if name else "a constant switches it off" if is_off(site.label) else ""


def _nested(bench: Workbench, call: Call) -> str | None:
    """Return the search that a cross-validation is given, which fits it on every fold."""
    if "score-folds" not in bench.roles(call[2].name):
        return None
    for given in arguments(call[1].node)[:2]:
        for value in bench.names.values(given, call[1].point):
            if isinstance(value, Known) and value.instance and "tunes" in bench.roles(f"{value.path}.fit"):
                return value.path
    return None


def _too_few(bench: Workbench, call: Call) -> str:
    """Return why a search has nothing to choose from, or nothing."""
    _, site, named = call
    made = [site.node, *_constructors(bench, site.node, site.point)]
    for node in made:
        for keyword in node.keywords:
            if keyword.arg in _TRIALS and isinstance(keyword.value, ast.Constant) and keyword.value.value in {0, 1}:
                return f"it tries one candidate ({keyword.arg}={keyword.value.value})"
    if named.name.endswith((".optimize", "hyperopt.fmin")):
        return "" if _suggests(bench, call) else "its objective takes no value from the search"
    for node in made[1:]:
        if "SearchCV" in bench.names.called(node).name:
            given = [k.value for k in node.keywords if k.arg in _GRIDS] or node.args[1:2]
            if any(_single(bench, g, site.point) for g in given):
                return "its grid holds one candidate"
    return ""


def _constructors(bench: Workbench, call: ast.Call, point: Point) -> Iterator[ast.Call]:
    """Yield the calls that make the object a method is called on."""
    expr = call.func.value if isinstance(call.func, ast.Attribute) else None
    todo: list[tuple[ast.expr, Point, int]] = [(expr, point, 4)] if expr is not None else []
    while todo:
        inner, at, depth = todo.pop()
        if isinstance(inner, ast.Call):
            yield inner
        elif isinstance(inner, ast.Name) and depth:
            bindings = bench.names.bindings(inner.id, at)
            todo += [(b.expr, b.point, depth - 1) for b in bindings if b.how == "value" and b.expr is not None]


def _single(bench: Workbench, expr: ast.expr, point: Point) -> bool:
    """Whether a grid is written out and holds at most one value for every setting."""
    found = bench.names.values(expr, point)
    return bool(found) and all(isinstance(v, Row) and v.kind == "dict" and _is_one(bench, v) for v in found)


def _is_one(bench: Workbench, row: Row) -> bool:
    """Whether every setting of a grid has at most one value; what cannot be seen may have more."""
    for _, item in row.items:
        inner = bench.names.values(item.expr, item.point) if isinstance(item, Later) else item
        if next((len(v.items) for v in inner if isinstance(v, Row)), 2) > 1:
            return False
    return True


def _suggests(bench: Workbench, call: Call) -> bool:
    """Whether the objective of a search asks its trial for values, or hands it on; True where it cannot be seen."""
    given = arguments(call[1].node)[:1]
    for value in bench.names.values(given[0], call[1].point) if given else ():
        scope = value.target if isinstance(value, Known) else None
        if scope is None or scope.kind != "function":
            continue
        first = _first_parameter(scope)
        inside = [s for s in scope.walked.sites if s.label == scope.label or s.label.startswith(f"{scope.label}.")]
        if any(isinstance(n, ast.Name) and n.id == first for s in inside for n in ast.walk(s.node)):
            return True
        read = scope.walked.mentions.get(scope.label)
        return read is not None and first in read.names and call[2].name.endswith("fmin")
    return True


def _first_parameter(scope: Scope) -> str:
    index = 1 if scope.owner is not None else 0
    every = (b for bindings in scope.bindings.values() for b in bindings)
    return next((b.name for b in every if b.how == "parameter" and b.index == index), "")
