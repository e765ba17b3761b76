"""Has a model any part in what a measure is given, or is the truth compared with itself, with constants or with chance?

Both arguments are followed back to what they are made of: names, columns, and calls whose outcome reading does not show. What
is said in vain is made of the truth alone, or of nothing. Whatever is not understood may come from a model.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from evaluator.facts.python import results
from evaluator.facts.python.names import Names
from evaluator.facts.python.scopes import Binding, Point, Scope, Site

_DEPTH = 12
_CALLERS = 8
_SIZES = frozenset({"len", "shape", "size", "ndim", "range", "index"})
_FORMS = frozenset(
    {"array", "asarray", "list", "tuple", "Series", "DataFrame", "to_numpy", "tolist", "to_list", "copy", "deepcopy"}
    | {"ravel", "flatten", "squeeze", "reshape", "astype", "numpy", "cpu", "detach", "clone", "reset_index", "clip"}
    | {"round", "rint", "abs", "where", "concatenate", "hstack", "vstack", "repeat", "tile", "full", "full_like"}
    | {"zeros", "zeros_like", "ones", "ones_like", "int", "float", "sign", "maximum", "minimum", "to_frame", "tensor"}
)
"""Functions and methods whose result holds nothing but what they are given."""
_SAME = frozenset({"values", "T", "array"})
_CHANCE = ("numpy.random.", "random.", "torch.rand", "torch.bernoulli")
_MEASURES = ("sklearn.metrics.", "imblearn.metrics.")
_SAID = ("y_pred", "y_score", "y_prob", "y_proba", "probas_pred", "labels_pred")

Leaf = tuple[object, ...]
Leaves = frozenset[Leaf]
Given = dict[str, Leaves]
_NOTHING: Leaves = frozenset()


class Vain:
    """Answers for one project."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def why(self, site: Site) -> str:
        """Return why no model has a part in what a measure of scikit-learn's form is given; empty where one may have."""
        name = self.names.called(site.node).name
        is_measure = name.rpartition(".")[2][:1].islower() and not name.endswith(".from_estimator")
        truth, said = _sides(site.node) if name.startswith(_MEASURES) and is_measure else (None, None)
        if truth is None or said is None:
            return ""
        return self._why(truth, said, site.point, _DEPTH)

    def _why(self, truth: ast.expr, said: ast.expr, point: Point, depth: int) -> str:
        passed = self._passed(truth, said, point) if depth else []
        if passed:
            every = [self._why(t, s, at, depth - 1) for t, s, at in passed]
            return every[0] if all(every) else ""
        made = self._of(said, point, _DEPTH, {})
        if not made:
            return "what it takes for predictions is made of constants or of chance"
        return "it compares the truth with itself" if made <= self._of(truth, point, _DEPTH, {}) else ""

    def _passed(self, truth: ast.expr, said: ast.expr, point: Point) -> list[tuple[ast.expr, ast.expr, Point]]:
        """Return what callers pass, where both are parameters of a function of the project's own."""
        bound = [self._parameter(e, point) for e in (truth, said)]
        first, second = bound
        if first is None or second is None or first.point.scope is not second.point.scope:
            return []
        found = []
        for site, method in self.names.callers.get(first.point.scope, [])[:_CALLERS]:
            given = [results.argument(site.node, b.name, b.index - 1 if method else b.index) for b in (first, second)]
            if given[0] is None or given[1] is None:
                return []
            found.append((given[0], given[1], site.point))
        return found

    def _parameter(self, expr: ast.expr, point: Point) -> Binding | None:
        bound = self.names.bindings(expr.id, point) if isinstance(expr, ast.Name) else []
        return bound[0] if len(bound) == 1 and bound[0].how == "parameter" else None

    def _of(self, expr: ast.expr, point: Point, depth: int, given: Given) -> Leaves:
        """Return what ``expr`` is made of. ``given``: of what the parameters are that a followed call passes."""
        if depth <= 0:
            return _leaf("unknown", id(expr))
        match expr:
            case ast.Constant():
                return _NOTHING
            case ast.Name(id=name):
                return self._of_name(name, point, depth - 1, given)
            case ast.Attribute() | ast.Subscript():
                return self._of_part(expr, point, depth - 1, given)
            case ast.Call():
                return self._of_call(expr, point, depth - 1, given)
            case ast.List(elts=[]) | ast.Dict(keys=[]):
                return _leaf("to be filled", id(expr))
            case ast.ListComp(elt=inner) | ast.GeneratorExp(elt=inner):
                return self._of(inner, point.scope.walked.inner.get(id(expr), point), depth - 1, given)
            case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.IfExp() | ast.Tuple() | ast.List():
                parts = (n for n in ast.iter_child_nodes(expr) if isinstance(n, ast.expr))
                return self._all(parts, point, depth, given)
        return _leaf("unknown", id(expr))

    def _of_part(self, expr: ast.Attribute | ast.Subscript, point: Point, depth: int, given: Given) -> Leaves:
        if isinstance(expr, ast.Subscript):
            whole = self._of(expr.value, point, depth, given)
            return _leaf("part", expr.slice.value, whole) if isinstance(expr.slice, ast.Constant) else whole
        if expr.attr in _SIZES:
            return _NOTHING
        whole = self._of(expr.value, point, depth, given)
        return whole if expr.attr in _SAME else _leaf("part", expr.attr, whole)

    def _all(self, parts: Iterable[ast.expr], point: Point, depth: int, given: Given) -> Leaves:
        return frozenset(leaf for part in parts for leaf in self._of(part, point, depth - 1, given))

    def _of_name(self, name: str, point: Point, depth: int, given: Given) -> Leaves:
        bindings = self.names.bindings(name, point)
        if not bindings or name in point.scope.walked.altered:
            return _leaf("name", name, point.scope.id)
        return frozenset(leaf for b in bindings for leaf in self._bound(b, depth, given))

    def _bound(self, binding: Binding, depth: int, given: Given) -> Leaves:
        if binding.how == "parameter" and binding.name in given:
            return given[binding.name]
        if binding.how == "element" and binding.expr is not None and not binding.steps:
            inside = self._of(binding.expr, binding.point, depth, given)
            return _leaf("element", inside) if inside else _NOTHING
        if binding.how != "value" or binding.expr is None or binding.steps:
            return _leaf("bound", id(binding))
        put = binding.point.scope.contents.get(binding.name, ())[:20]
        made = self._of(binding.expr, binding.point, depth, given)
        return made.union(*(self._of(e, p, depth, given) for _, e, p in put))

    def _of_call(self, call: ast.Call, point: Point, depth: int, given: Given) -> Leaves:
        named = self.names.called(call)
        last = named.name.rpartition(".")[2]
        if named.target is not None:
            return self._of_own(named.target, call, point, depth, given)
        if last in _SIZES or named.name.startswith(_CHANCE):
            return _NOTHING
        if last not in _FORMS:
            return _leaf("call", id(call))
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        own = [receiver] if receiver is not None and not self._is_module(receiver, point) else []
        return self._all([*own, *call.args, *(k.value for k in call.keywords)], point, depth, given)

    def _is_module(self, expr: ast.expr, point: Point) -> bool:
        root = expr
        while isinstance(root, ast.Attribute):
            root = root.value
        bound = self.names.bindings(root.id, point) if isinstance(root, ast.Name) else []
        return bool(bound) and all(b.how == "import" for b in bound)

    def _of_own(self, target: Scope, call: ast.Call, point: Point, depth: int, given: Given) -> Leaves:
        """Return what the result of one of the project's own functions is made of."""
        if target.kind != "function" or target.owner is not None or not target.results:
            return _leaf("call", id(call))
        inside: Given = {}
        for bindings in target.bindings.values():
            for binding in bindings:
                passed = results.argument(call, binding.name, binding.index) if binding.how == "parameter" else None
                if passed is not None:
                    inside[binding.name] = self._of(passed, point, depth, given)
        return frozenset(leaf for e, at in target.results for leaf in self._of(e, at, depth - 1, inside))


def _leaf(*parts: object) -> Leaves:
    return frozenset({parts})


def _sides(call: ast.Call) -> tuple[ast.expr | None, ast.expr | None]:
    """Return what a measure is given as the truth, and as what a model says of it."""
    named = {k.arg: k.value for k in call.keywords}
    truth = call.args[0] if call.args else named.get("y_true")
    said = call.args[1] if len(call.args) > 1 else next((named[n] for n in _SAID if n in named), None)
    return truth, said
