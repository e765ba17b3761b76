"""Does an expression hold scores of a model: does it come, by names and containers, from a call that computes one?"""

from __future__ import annotations

import ast
from collections.abc import Callable

from evaluator.facts.experimenting.wording import parts
from evaluator.facts.experimenting.workbench import Workbench, arguments
from evaluator.facts.python.results import argument
from evaluator.facts.python.scopes import Binding, Point

_DEPTH = 14
_CALLERS = 8
_BUDGET = 60_000
_SCORE_WORDS = frozenset(
    {"loss", "losses", "acc", "accuracy", "accuracies", "f1", "auc", "rmse", "mae", "mse", "r2", "precision", "recall", "score", "scores", "metric", "metrics",
     "reward", "rewards", "returns", "bleu", "perplexity", "iou", "dice", "map", "history", "results", "result", "evaluation"}
)  # fmt: skip

_VAGUE = frozenset({"results", "result", "map", "history", "returns", "evaluation"})
"""Words among them that may as well mean predictions, tables and the like."""


class Holding:
    """Answers for one project. ``chosen``: which calls count; by default all that compute a score."""

    def __init__(self, bench: Workbench, chosen: Callable[[ast.Call], bool] | None = None) -> None:
        self.bench = bench
        self.chosen = chosen or (lambda call: id(call) in bench.scoring)
        self._known: dict[int, bool] = {}
        self._left = _BUDGET

    def holds(self, expr: ast.expr, point: Point, depth: int = _DEPTH) -> bool:
        """Whether ``expr``, read at ``point``, holds what a chosen call gives."""
        if id(expr) not in self._known and depth > 0 and self._left > 0:
            self._left -= 1
            self._known[id(expr)] = False
            self._known[id(expr)] = self._look(expr, point, depth - 1)
        return self._known.get(id(expr), False)

    def _look(self, expr: ast.expr, point: Point, depth: int) -> bool:
        match expr:
            case ast.Name(id=name):
                return any(self._bound(b, depth) for b in self.bench.names.bindings(name, point))
            case ast.Attribute(value=inner, attr=attr):
                stored = self.bench.tracer.stored(inner, attr, point)
                return any(self._bound(b, depth) for b in stored) if stored else self.holds(inner, point, depth)
            case ast.Call():
                return self._call(expr, point, depth)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
                inside = point.scope.walked.inner.get(id(expr), point)
                parts_of = [expr.value] if isinstance(expr, ast.DictComp) else [expr.elt]
                return any(self.holds(e, inside, depth) for e in (*parts_of, *(g.iter for g in expr.generators)))
            case ast.Constant() | ast.Lambda():
                return False
        children = (c for c in ast.iter_child_nodes(expr) if isinstance(c, ast.expr))
        return any(self.holds(c, point, depth) for c in children)

    def _bound(self, binding: Binding, depth: int) -> bool:
        if binding.how == "parameter":
            return any(
                self.holds(given, site.point, depth)
                for site, method in self.bench.names.callers.get(binding.point.scope, [])[:_CALLERS]
                if (given := _given(site.node, binding, method)) is not None
            )
        if binding.how not in {"value", "element"} or binding.expr is None:
            return False
        put = binding.point.scope.contents.get(binding.name, ())[:40]
        return self.holds(binding.expr, binding.point, depth) or any(self.holds(e, p, depth) for _, e, p in put)

    def _call(self, call: ast.Call, point: Point, depth: int) -> bool:
        if self.chosen(call):
            return True
        named = self.bench.names.called(call)
        if self.bench.places.predicts(named):
            return False
        given = named.target.results[-4:] if named.target is not None and named.target.kind == "function" else ()
        if any(self.holds(e, p, depth) for e, p in given):
            return True
        inner = [call.func.value] if isinstance(call.func, ast.Attribute) else []
        return any(self.holds(e, point, depth) for e in (*arguments(call), *inner))


def _given(call: ast.Call, binding: Binding, method: bool) -> ast.expr | None:
    return argument(call, binding.name, binding.index - 1 if method else binding.index)


def called_a_score(expr: ast.expr, point: Point, bench: Workbench, *, surely: bool = False) -> bool:
    """Whether ``expr`` reads a name that means a score, and no other thing where ``surely``, and is not written out."""
    wanted = _SCORE_WORDS - _VAGUE if surely else _SCORE_WORDS
    for node in ast.walk(expr):
        if isinstance(node, ast.Name) and set(parts(node.id).split()) & wanted:
            bindings = bench.names.bindings(node.id, point)
            if any(b.expr is None or not _is_written_out(b.expr) or b.how == "parameter" for b in bindings):
                return True
    return False


def _is_written_out(expr: ast.expr) -> bool:
    return not any(isinstance(n, (ast.Name, ast.Call)) for n in ast.walk(expr))
