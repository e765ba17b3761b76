"""Which shapes of code tell a task where no library does: an environment, windows over the past, centres, a vocabulary?

Each is a shape that the task cannot do without, found in syntax trees. Names of variables never decide, but for
``reward``, by which the result of a step is known where it is a pair.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from evaluator.facts.code import Call, Module
from evaluator.facts.model_work import ModelWork
from evaluator.facts.python.modules import Modules, Source
from evaluator.facts.python.scopes import Scope
from evaluator.model import Span

if TYPE_CHECKING:
    from evaluator.facts.kinds.clues import Wired

_READS = frozenset({"read", "read_text", "readlines"})
_SIMILARITIES = ("cosine_similarity", "linear_kernel", "pairwise_distances", "sigmoid_kernel", "euclidean_distances")
_BY_HAND = frozenset({"own", "hand-written"})
_MAXIMA = frozenset({"max", "amax", "nanmax"})
_LONG_STEP = 3
"""Parts of the result of a step: the next state, the reward, and whether it is over."""


def find(wired: Wired, modules: Modules, work: ModelWork) -> Iterator[tuple[str, Span]]:
    """Yield the shapes that are there, by path: those of training only where something is trained."""
    wanted = {"max"} | ({"range", "argmin"} if work.fits else set())
    wanted |= {"exp"} if any(f.kind in _BY_HAND for f in work.fits) else set()
    for module in wired.modules:
        source = modules.sources.get(module.path)
        if source is None:
            continue
        yield from _of_calls(wired, module)
        yield from _environments(wired, source)
        for name, node, cell in _of_nodes(source, wanted):
            at = _span(source, node, cell)
            if wired.has(source.path, _label(source, at.start, cell)):
                yield name, at


def _of_nodes(source: Source, wanted: set[str]) -> Iterator[tuple[str, ast.AST, int | None]]:
    """Yield the statements and functions that have a shape, looking only where a call stands without which there is none."""
    walked = source.walked
    counted = {id(loop.iter) for loop in walked.loops.values() if isinstance(loop, ast.For)}
    scopes: dict[str, dict[int, tuple[ast.AST, int | None]]] = {}
    for site in walked.sites:
        last = _last(site.node.func)
        kind = "max" if last in _MAXIMA else last
        if kind in wanted and not (kind == "range" and id(site.node) in counted):
            scopes.setdefault(kind, {}).setdefault(id(site.point.scope), (site.point.scope.node, site.cell))
    if "range" in wanted:
        yield from _of_loops(source, centres="argmin" in scopes)
    for kind, name, shows in _SHAPES:
        for scope, cell in scopes.get(kind, {}).values():
            yield from ((name, node, cell) for node in _within(source, scope) if shows(node))


def _of_loops(source: Source, *, centres: bool) -> Iterator[tuple[str, ast.AST, int | None]]:
    cells = _cells(source)
    for loop in source.walked.loops.values():
        if isinstance(loop, ast.For) and _is_windows(loop):
            yield "windows", loop, cells.get(id(loop))
        if centres and isinstance(loop, (ast.For, ast.While)) and _is_centres(loop):
            yield "centres", loop, cells.get(id(loop))


def _within(source: Source, node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope; those of the module lie in its units."""
    if not isinstance(node, ast.Module):
        yield from ast.walk(node)
        return
    for unit in source.units:
        yield from ast.walk(unit.tree)


def _cells(source: Source) -> dict[int, int | None]:
    """Return by identity the cell in which each loop of a notebook stands; empty for a module."""
    if source.kind == "module":
        return {}
    loops = {id(node) for node in source.walked.loops.values()}
    return {id(n): u.cell for u in source.units for n in ast.walk(u.tree) if id(n) in loops}


def _span(source: Source, node: ast.AST, cell: int | None) -> Span:
    line = getattr(node, "lineno", 1)
    return Span(path=source.path, start=line, end=max(line, getattr(node, "end_lineno", line) or line), cell=cell)


def _label(source: Source, line: int, cell: int | None) -> str:
    """Return the innermost function or class around ``line``; empty at the top."""
    around = [
        s
        for s in source.walked.definitions()
        if s.cell == cell and s.node.lineno <= line <= (s.node.end_lineno or 0)  # type: ignore[attr-defined]
    ]
    return max(around, key=lambda s: s.node.lineno).label if around else ""  # type: ignore[attr-defined]


# what calls alone show


def _of_calls(wired: Wired, module: Module) -> Iterator[tuple[str, Span]]:
    calls = [c for c in module.calls if wired.has(module.path, c.scope)]
    texts = {name for c in calls if c.name.rpartition(".")[2] in _READS for name in c.binds}
    for call in calls:
        last = call.name.rpartition(".")[2]
        given = [a.value.text for a in call.args if a.keyword is None and a.value.kind == "name"]
        if call.name in {"set", "collections.Counter", "Counter"} and texts.intersection(given):
            yield "vocabulary", call.at
        if last in _SIMILARITIES and given and len(set(given)) == 1 and len(call.args) in {1, 2} and _is_whole(call):
            yield "all-with-all", call.at
        if last in {"fit", "fit_generator"} and len(given) >= 2 and given[0] == given[1] and "sklearn" not in call.name:
            yield "loss-of-itself", call.at
        if last == "shift" and "groupby" not in call.name and _steps_back(call):
            yield "lags", call.at
    yield from _adversaries(calls)


def _is_whole(call: Call) -> bool:
    """Whether a similarity is asked of one matrix with itself."""
    positional = [a for a in call.args if a.keyword is None]
    return len(positional) == 1 or all(a.value == positional[0].value for a in positional)


def _steps_back(call: Call) -> bool:
    shifted = [a.value.text for a in call.args if a.keyword in {None, "periods"}]
    return not shifted or shifted[0] != "0"


def _adversaries(calls: list[Call]) -> Iterator[tuple[str, Span]]:
    """Yield where one scope draws noise and steps two optimisers: a generator and what tells its work from the real."""
    by_scope: dict[str, list[Call]] = {}
    for call in calls:
        by_scope.setdefault(call.scope, []).append(call)
    for found in by_scope.values():
        steps = {c.receiver for c in found if c.name.rpartition(".")[2] in {"step", "apply_gradients"} and c.receiver}
        backward = sum(c.name.rpartition(".")[2] in {"backward", "gradient"} for c in found)
        noise = [c for c in found if c.name.rpartition(".")[2] in {"randn", "normal", "randn_like", "rand", "uniform"}]
        if len(steps) >= 2 and backward >= 2 and noise:
            yield "adversaries", noise[0].at


# an environment


def _environments(wired: Wired, source: Source) -> Iterator[tuple[str, Span]]:
    """Yield classes with ``reset`` and ``step`` whose step gives a reward, where something that counts takes steps."""
    methods: dict[str, dict[str, Scope]] = {}
    for scope in source.walked.definitions():
        if scope.owner is not None:
            methods.setdefault(scope.owner.label, {})[scope.label.rpartition(".")[2]] = scope
    for label, named in methods.items():
        step = named.get("step")
        if step is None or "reset" not in named or not any(_rewards(expr) for expr, _ in step.results):
            continue
        if any(call.local == f"{source.path}::{label}.step" for _, call in wired.calls()):
            line = getattr(step.node, "lineno", 1)
            yield "environment", Span(path=source.path, start=line, end=line, cell=step.cell)


def _rewards(result: ast.expr) -> bool:
    if not isinstance(result, ast.Tuple) or len(result.elts) < 2:
        return False
    return len(result.elts) >= _LONG_STEP or any("reward" in _last(part) for part in result.elts)


def _last(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.lower()
    return ""


# what one node shows


def _is_windows(node: ast.For | ast.ListComp) -> bool:
    """Whether a loop over positions takes a stretch of a series at each: ``x[i : i + n]`` or ``x[i - n : i]``."""
    target, over, bodies = _looped(node)
    if not isinstance(target, ast.Name) or not _is_range(over):
        return False
    return any(
        isinstance(inner, ast.Subscript) and _is_stretch(inner.slice, target.id)
        for body in bodies
        for inner in ast.walk(body)
    )


def _looped(node: ast.AST) -> tuple[ast.expr, ast.expr, list[ast.AST]]:
    match node:
        case ast.For(target=target, iter=over, body=body):
            return target, over, list(body)
        case ast.ListComp(elt=elt, generators=[ast.comprehension(target=target, iter=over), *_]):
            return target, over, [elt]
    return ast.Constant(None), ast.Constant(None), []


def _is_range(over: ast.expr) -> bool:
    """Whether positions follow each other one by one; with a step they would be batches."""
    return (
        isinstance(over, ast.Call)
        and isinstance(over.func, ast.Name)
        and over.func.id == "range"
        and len(over.args) < 3
    )


def _is_stretch(cut: ast.expr, at: str) -> bool:
    parts = cut.elts if isinstance(cut, ast.Tuple) else [cut]
    for part in parts:
        if isinstance(part, ast.Slice) and part.lower is not None and part.upper is not None:
            lower, upper = _mentions(part.lower, at), _mentions(part.upper, at)
            moved = isinstance(part.lower, ast.BinOp) or isinstance(part.upper, ast.BinOp)
            if lower and upper and moved and not _multiplies(part.lower):
                return True
    return False


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node))


def _multiplies(node: ast.AST) -> bool:
    """Whether a position is multiplied: ``x[i * n : (i + 1) * n]`` are batches that do not overlap."""
    return any(isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mult) for n in ast.walk(node))


def _is_bellman(node: ast.Assign | ast.AugAssign) -> bool:
    """Whether a table's entry is set from the discounted best of the same table: ``q[s, a] += α (r + γ max q[t] - …)``."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if not isinstance(target, ast.Subscript):
        return False
    table = ast.dump(_base(target))
    products = (n for n in ast.walk(node.value) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mult))
    return any(_is_best(side, table) for product in products for side in (product.left, product.right))


def _base(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def _is_best(node: ast.expr, table: str) -> bool:
    """Whether ``node`` is the maximum over a row of ``table``."""
    if not isinstance(node, ast.Call) or _last(node.func) not in _MAXIMA:
        return False
    asked = [*node.args[:1], *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
    return any(isinstance(a, ast.Subscript) and ast.dump(_base(a)) == table for a in asked)


def _is_logistic(node: ast.FunctionDef) -> bool:
    """Whether a function turns a score into a probability by ``1 / (1 + exp(-z))`` or ``exp(z) / sum(exp(z))``."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div) and _calls(inner.right, "exp"):
            return True
    summed = any(
        isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div) and _calls(n.right, "sum") for n in ast.walk(node)
    )
    return summed and _calls(node, "exp")


def _calls(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Call) and _last(n.func) == name for n in ast.walk(node))


def _is_centres(node: ast.For | ast.While) -> bool:
    """Whether a loop gives each row to the nearest centre and then moves centres to means."""
    nearest = any(isinstance(n, ast.Call) and _last(n.func) == "argmin" for n in ast.walk(node))
    means = [n for n in ast.walk(node) if isinstance(n, ast.Call) and _last(n.func) == "mean"]
    masked = any(_has_mask(a) for m in means for a in (*m.args, m.func))
    return nearest and masked


def _has_mask(node: ast.AST) -> bool:
    return any(
        isinstance(n, ast.Subscript) and any(isinstance(c, ast.Compare) for c in ast.walk(n.slice))
        for n in ast.walk(node)
    )


# A call without which a shape cannot be there, the shape, and whether a node has it.
_SHAPES: tuple[tuple[str, str, Callable[[ast.AST], bool]], ...] = (
    ("range", "windows", lambda node: isinstance(node, ast.ListComp) and _is_windows(node)),
    ("max", "bellman", lambda node: isinstance(node, (ast.Assign, ast.AugAssign)) and _is_bellman(node)),
    ("exp", "logistic", lambda node: isinstance(node, ast.FunctionDef) and _is_logistic(node)),
)
