"""Is a rule that learns nothing scored beside the model: a constant, the last value, a random choice, by hand?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluator.facts.experimenting.variants import said
from evaluator.facts.experimenting.wording import parts, words
from evaluator.facts.experimenting.workbench import Call, Workbench, arguments
from evaluator.facts.experiments import Rule
from evaluator.facts.python.scopes import Point, Scope

_FILLS = frozenset({"full", "full_like", "repeat", "tile", "zeros", "zeros_like", "ones", "ones_like"})
_LAST = frozenset({"shift", "rolling", "roll", "ewm", "expanding"})
_DRAWS = frozenset({"choice", "choices", "randint", "random_integers", "permutation", "binomial", "uniform", "rand"})
_SUMS_UP = frozenset(
    {"mean", "median", "max", "mode", "value_counts", "sum", "sqrt", "abs", "average", "round", "float"}
)
_LAGS = frozenset({"lag", "lag1", "prev", "previous", "shifted", "yesterday", "naive"})
_ACTS = frozenset({"step", "reset"})
_AGENTS = frozenset({"random", "baseline", "naive", "untrained"})
_LIMIT = 40
_DEPTH = 6


def find(bench: Workbench) -> list[Rule]:
    """Return the rules that code scores, by place."""
    found = [*_scored(bench), *_computed(bench), *_played(bench)]
    unique = {(r.at.path, r.at.cell or 0, r.at.start): r for r in found}
    return [unique[key] for key in sorted(unique)][:_LIMIT]


def _scored(bench: Workbench) -> Iterator[Rule]:
    """Yield the scores whose predictions come from no model but from a rule."""
    for source, site, named in bench.calls:
        is_metric = "metric" in bench.roles(named.name) or _is_own_measure(bench, (source, site, named))
        if not is_metric or len(arguments(site.node)) < 2 or bench.is_lost(source, site):
            continue
        given = arguments(site.node)[:2]
        if any(bench.tracer.makers(e, site.point) or bench.tracer.behind(e, site.point) for e in given):
            continue
        for expr, other in (given, given[::-1]):
            why = _rule(bench, expr, site.point, _DEPTH)
            if why and not _rule(bench, other, site.point, _DEPTH):
                yield Rule(
                    why=f"{why}, scored by {named.name.rpartition('.')[2]}", at=bench.span(source, site.node, site.cell)
                )
                break


def _is_own_measure(bench: Workbench, call: Call) -> bool:
    """Whether a call of the project's own function scores what it is given."""
    target = call[2].target
    if target is None or target.kind != "function":
        return False
    return (target.walked.path, target.label) in bench.scored_scopes or _measures(bench, target)


def _measures(bench: Workbench, target: Scope) -> bool:
    sites = bench.by_scope.get((target.walked.path, target.label), ())
    if any("metric" in bench.roles(named.name) for _, _, named in sites):
        return True
    words_of = set(parts(target.label).split())
    return bool(words_of & {"rmse", "mae", "mse", "mape", "accuracy", "score", "error", "evaluate", "smape"})


def _rule(bench: Workbench, expr: ast.expr, point: Point, depth: int) -> str:
    """Return which naive rule makes ``expr``, or nothing."""
    if depth <= 0:
        return ""
    match expr:
        case ast.Name():
            return _rule_of_name(bench, expr, point, depth)
        case ast.Call():
            return _rule_of_call(bench, expr, point, depth)
        case ast.BinOp(left=ast.List(elts=[_]), op=ast.Mult()) | ast.BinOp(op=ast.Mult(), right=ast.List(elts=[_])):
            return "one value for every row"
        case ast.ListComp(elt=elt, generators=[generator]):
            drawn = {n.id for n in ast.walk(generator.target) if isinstance(n, ast.Name)}
            if any(isinstance(n, ast.Name) and n.id in drawn for n in ast.walk(elt)):
                return ""
            calls = (n for n in ast.walk(elt) if isinstance(n, ast.Call))
            is_drawn = any("random" in bench.names.called(n).name for n in calls)
            return "a random choice" if is_drawn else "one value for every row"
        case ast.Subscript(value=value, slice=ast.Constant(value=str(column))):
            if _LAGS & set(parts(column).split()):
                return f"the column {column!r}"
            return _named_column(bench, value, column, point) if words().named(column) else ""
        case ast.Subscript(value=value, slice=ast.Slice()) | ast.Attribute(value=value):
            return _rule(bench, value, point, depth - 1)
    return ""


def _rule_of_name(bench: Workbench, expr: ast.Name, point: Point, depth: int) -> str:
    called = words().named(expr.id)
    for binding in bench.names.bindings(expr.id, point):
        if binding.how != "value" or binding.expr is None:
            continue
        why = "" if binding.steps else _rule(bench, binding.expr, binding.point, depth - 1)
        if not why and called and not isinstance(binding.expr, ast.Constant) and _reads(binding.expr):
            why = f"{expr.id} is computed by hand"
        if why:
            return why
    return ""


def _rule_of_call(bench: Workbench, call: ast.Call, point: Point, depth: int) -> str:
    named = bench.names.called(call)
    last = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if last in _FILLS and call.args:
        return "one value for every row"
    if last in _LAST:
        return "the last known values"
    if last in _DRAWS and "random" in named.name:
        return "a random choice"
    if named.target is not None and named.target.kind == "function" and words().named(named.target.label):
        return f"{named.target.label} predicts without learning"
    inner = _rule(bench, call.func.value, point, depth - 1) if isinstance(call.func, ast.Attribute) else ""
    return inner or _first_rule(bench, call, point, depth)


def _first_rule(bench: Workbench, call: ast.Call, point: Point, depth: int) -> str:
    return next((why for a in arguments(call)[:2] if (why := _rule(bench, a, point, depth - 1))), "")


def _named_column(bench: Workbench, frame: ast.expr, column: str, point: Point) -> str:
    """Return the rule that fills a column whose name says so."""
    name = frame.id if isinstance(frame, ast.Name) else ""
    for key, value, at in point.scope.contents.get(name, ()):
        if isinstance(key, ast.Constant) and key.value == column and not isinstance(value, ast.Constant):
            return f"the column {column!r}" if not bench.tracer.behind(value, at) else ""
    return ""


def _reads(expr: ast.expr) -> bool:
    """Whether an expression is computed from something, and not written out."""
    return any(isinstance(n, (ast.Call, ast.Name)) for n in ast.walk(expr))


def _computed(bench: Workbench) -> Iterator[Rule]:
    """Yield figures that are called a baseline and computed from the rows without any model, where something reads them."""
    for source, site, named in bench.calls:
        name = next((n for n in site.binds if words().named(n)), None)
        if name is None or named.target is not None or name.rpartition(".")[2] not in source.walked.reads:
            continue
        inner = [n for n in ast.walk(site.node) if isinstance(n, ast.Call)]
        sums = any(bench.names.called(n).name.rpartition(".")[2] in _SUMS_UP or id(n) in bench.scoring for n in inner)
        of_rows = any(isinstance(n, ast.Name) for a in arguments(site.node) for n in ast.walk(a))
        on_rows = isinstance(site.node.func, ast.Attribute) and not _is_module(bench, site.node.func.value, site.point)
        if not sums or not (of_rows or on_rows) or not _is_a_score(name, site.node):
            continue
        given = [*arguments(site.node), *([site.node.func.value] if isinstance(site.node.func, ast.Attribute) else [])]
        if not any(bench.tracer.behind(e, site.point) or bench.tracer.makers(e, site.point) for e in given):
            yield Rule(why=f"{name} is computed from the rows alone", at=bench.span(source, site.node, site.cell))


_SCORES = frozenset(
    {
        "accuracy",
        "acc",
        "score",
        "mae",
        "rmse",
        "mse",
        "error",
        "f1",
        "auc",
        "r2",
        "loss",
        "mape",
        "precision",
        "recall",
        "rate",
        "perf",
        "performance",
    }
)


_TARGETS = frozenset({"y", "target", "targets", "label", "labels", "ytrain", "ytest", "truth", "actual"})


def _is_a_score(name: str, call: ast.Call) -> bool:
    """Whether a figure is a score: by its name; or it is just called the baseline, and counts or averages the target."""
    spelt = set(parts(name).split())
    if spelt & _SCORES:
        return True
    if not spelt <= {"baseline", "naive", "rate", "baselines"}:
        return False
    read = {w for n in ast.walk(call) if isinstance(n, ast.Name) for w in parts(n.id).split()}
    compares = any(isinstance(n, ast.Compare) for n in ast.walk(call))
    counts = any(isinstance(n, ast.Attribute) and n.attr == "value_counts" for n in ast.walk(call))
    return compares or counts or bool(read & _TARGETS)


def _is_module(bench: Workbench, expr: ast.expr, point: Point) -> bool:
    root = expr
    while isinstance(root, ast.Attribute):
        root = root.value
    bindings = bench.names.bindings(root.id, point) if isinstance(root, ast.Name) else []
    return bool(bindings) and all(b.how == "import" for b in bindings)


def _played(bench: Workbench) -> Iterator[Rule]:
    """Yield episodes that an agent plays at random, in a scope that is named for it, and whose rewards are told."""
    for (_, label), calls in bench.by_scope.items():
        draws = [c for c in calls if c[2].name.endswith("action_space.sample") or _draws_action(c)]
        steps = any(c[2].name.rpartition(".")[2] in _ACTS for c in calls)
        if not draws or not steps:
            continue
        texts = [label, *(t for c in calls for t in said(c[1].node))]
        spelt = [set(parts(t).split()) for t in texts]
        is_named = any(
            s & _AGENTS and s & {"agent", "policy", "baseline", "play", "actions", "action", "reward"} for s in spelt
        )
        learns = any(bench.roles(c[2].name) & {"loop-backward", "loop-apply", "fit"} for c in calls)
        if is_named and not learns:
            source, site, _ = draws[0]
            yield Rule(why="episodes with random actions", at=bench.span(source, site.node, site.cell))


def _draws_action(call: Call) -> bool:
    func = call[1].node.func
    inner = func.value if isinstance(func, ast.Attribute) and func.attr == "sample" else None
    return isinstance(inner, ast.Attribute) and inner.attr == "action_space"
