"""Does an expression hold what a model said of some rows?"""

from __future__ import annotations

import ast
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

from evaluator.facts.analysing import methods
from evaluator.facts.analysing.listed import in_turn
from evaluator.facts.analysing.trees import Grown, Position
from evaluator.facts.python import results
from evaluator.facts.python.scopes import Binding, Point, Scope, Site, Step

if TYPE_CHECKING:
    from evaluator.facts.modelling.places import Places

_DEPTH = 14
_SAID = frozenset(
    {"pred", "preds", "predicted", "prediction", "predictions", "predict", "yhat", "ypred", "forecast", "forecasts"}
)
_KEEPS_APART = frozenset({"zip", "enumerate"})
_TRUE = frozenset(
    {"y", "true", "truth", "actual", "actuals", "target", "targets", "label", "labels", "test", "ytest", "yval"}
) | {
    "ytrain",
    "gt",
    "expected",
    "observed",
    "real",
    "outcome",
    "yt",
    "truths",
}
_LOSSES = ("Loss.__call__", "losses.__call__")
_ASKS = frozenset({"__call__"})


class Predictions:
    """Answers for one project."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.names = places.names
        self.roles = places.roles
        self._known: dict[tuple[int, tuple[Step, ...]], bool] = {}
        self._by_scope: dict[Scope, tuple[list[Position], list[Site]]] = {}
        self._sites_of: dict[str, dict[Scope, list[Site]]] = {}

    def point(self, grown: Grown, node: ast.AST) -> Point:
        """Return the position from which the names in ``node`` are looked up."""
        scope = grown.scope(node)
        if scope not in self._by_scope:
            by_scope = self._sites_of.get(scope.walked.path)
            if by_scope is None:
                by_scope = self._sites_of[scope.walked.path] = {}
                for site in scope.walked.sites:
                    by_scope.setdefault(site.point.scope, []).append(site)
            placed = sorted(((grown.position(s.node), i) for i, s in enumerate(by_scope.get(scope, []))))
            sites = by_scope.get(scope, [])
            self._by_scope[scope] = ([at for at, _ in placed], [sites[i] for _, i in placed])
        positions, sites = self._by_scope[scope]
        statement = grown.statement(node) or node
        index = bisect_left(positions, grown.position(statement))
        return Point(scope, sites[index].point.order, ()) if index < len(sites) else scope.end

    def hold(self, expr: ast.expr, point: Point, steps: tuple[Step, ...] = (), depth: int = _DEPTH) -> bool:
        """Whether ``expr``, read at ``point``, holds predictions, row by row or class by class."""
        key = (id(expr), steps)
        if key not in self._known:
            if depth <= 0:
                return False
            self._known[key] = False
            self._known[key] = self._look(expr, point, steps, depth - 1)
        return self._known[key]

    def hold_column(self, table: ast.expr, column: ast.Constant, point: Point) -> bool:
        """Whether a column of ``table`` holds predictions."""
        return self._of_item(table, column, point, (), _DEPTH)

    def set_against(self, left: ast.expr, right: ast.expr, point: Point) -> bool:
        """Whether one side holds predictions, and the other the truth for them."""
        sides = [self.hold(left, point), self.hold(right, point)]
        if sides[0] == sides[1]:
            return False
        said, other = (left, right) if sides[0] else (right, left)
        if any(is_said(name) for name in _names_in(other)):
            return False
        return is_variable(other) and not _is_number(other) and self.is_truth(other, point, said)

    def is_truth(self, expr: ast.expr, point: Point, said: ast.expr | None = None, depth: int = 4) -> bool:
        """Whether ``expr`` holds true values: by what it is called, for a model was fitted on it or a measure takes it.

        A column is also taken for the truth beside a column ``said`` of the same table.
        """
        if self._sums_up(expr) or _is_identifier(expr):
            return False
        if ast.dump(expr) in self._truths or not _TRUE.isdisjoint(_words(expr)):
            return True
        if said is not None and _table_of(expr) is not None and _table_of(expr) == _table_of(said):
            return _column_of(expr) not in self._made_up
        if isinstance(expr, ast.Name) and depth:
            return any(self._made_of_truth(b, depth - 1) for b in self.names.bindings(expr.id, point)[:2])
        inner = _same_rows(expr) if depth else None
        return inner is not None and self.is_truth(inner, point, None, depth - 1)

    def _sums_up(self, expr: ast.expr) -> bool:
        """Whether ``expr`` makes one number of many: a measure, a count, a mean; that is no case's true value."""
        if not isinstance(expr, ast.Call):
            return False
        name = self.names.called(expr).name
        last = expr.func.attr if isinstance(expr.func, ast.Attribute) else name
        return last in methods.REDUCES or bool(self.roles(name) & {"metric", "score"})

    def _made_of_truth(self, binding: Binding, depth: int) -> bool:
        """Whether a name holds the truth: by where it comes from in a ``zip``, a split, or something of the same rows."""
        expr, steps = binding.expr, binding.steps
        if expr is None or binding.how not in {"value", "element"}:
            return False
        inner = _unzipped(expr, steps)
        if inner is expr and steps:
            first = steps[0]
            if not isinstance(expr, ast.Call) or "split-pairs" not in self.roles(self.names.called(expr).name):
                return False
            inner = expr.args[first // 2] if isinstance(first, int) and first // 2 < len(expr.args) else expr.func
        return self.is_truth(inner, binding.point, None, depth)

    @cached_property
    def _truths(self) -> frozenset[str]:
        """What measures take as the truth, and models are fitted to."""
        found: set[str] = set()
        for _, site, named in self.places.calls:
            roles = self.roles(named.name)
            if "metric" in roles:
                found |= {ast.dump(a) for a in site.node.args[:1]}
                found |= {ast.dump(k.value) for k in site.node.keywords if k.arg in {"y_true", "target", "labels"}}
            elif "fit" in roles or named.name == ".fit":
                found |= {ast.dump(a) for a in site.node.args[1:2]}
        return frozenset(found)

    @cached_property
    def _made_up(self) -> frozenset[str]:
        """Columns that are worked out from predictions: beside these, they are no truth."""
        return frozenset(
            target.slice.value
            for source in self.places.sources
            for unit in source.units
            for node in ast.walk(unit.tree)
            if isinstance(node, ast.Assign) and any(is_said(name) for name in _names_in(node.value))
            for target in node.targets
            if isinstance(target, ast.Subscript)
            and isinstance(target.slice, ast.Constant)
            and isinstance(target.slice.value, str)
        )

    def _look(self, expr: ast.expr, point: Point, steps: tuple[Step, ...], depth: int) -> bool:
        match expr:
            case ast.Name(id=name):
                return self._of_name(name, point, steps, depth)
            case ast.Call():
                return self._of_call(expr, point, steps, depth)
            case ast.Attribute(value=inner, attr=attr):
                if attr in methods.REDUCES:
                    return False
                return (
                    is_said(attr) or self._of_attribute(inner, attr, point, depth) or self.hold(inner, point, (), depth)
                )
            case ast.Subscript(value=inner, slice=index):
                return self._of_item(inner, index, point, steps, depth)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                first = steps[0] if steps else None
                chosen = parts[first : first + 1] if isinstance(first, int) else parts
                return any(self.hold(p, point, steps[1:], depth) for p in chosen)
            case ast.ListComp(elt=inner) | ast.GeneratorExp(elt=inner) | ast.SetComp(elt=inner):
                return self.hold(inner, point.scope.walked.inner.get(id(expr), point), (), depth)
            case ast.UnaryOp(operand=inner) | ast.Starred(value=inner) | ast.Await(value=inner):
                return self.hold(inner, point, steps, depth)
        return self._of_operation(expr, point, steps, depth)

    def _of_operation(self, expr: ast.expr, point: Point, steps: tuple[Step, ...], depth: int) -> bool:
        """Whether an expression of several sides holds predictions; what compares them with the truth does not."""
        match expr:
            case ast.Compare(ops=[ast.Eq() | ast.NotEq()], comparators=[right]) if is_variable(right):
                return False
            case ast.Compare(left=left):
                return self.hold(left, point, (), depth)
            case ast.BinOp(left=left, right=right, op=op):
                sides = [self.hold(left, point, (), depth), self.hold(right, point, (), depth)]
                other = right if sides[0] else left
                return any(sides) and not (isinstance(op, ast.Sub) and not all(sides) and is_variable(other))
            case ast.IfExp(body=body, orelse=orelse, test=test):
                return any(self.hold(p, point, steps, depth) for p in (body, orelse, test))
            case ast.BoolOp(values=values):
                return any(self.hold(v, point, (), depth) for v in values)
        return False

    def _of_name(self, name: str, point: Point, steps: tuple[Step, ...], depth: int) -> bool:
        bindings = self.names.bindings(name, point)
        if any(self._bound(b, steps, depth) for b in bindings):
            return True
        return is_said(name) and not (bindings and all(self._is_told(b) for b in bindings))

    def _bound(self, binding: Binding, steps: tuple[Step, ...], depth: int) -> bool:
        every = (*binding.steps, *steps)
        match binding.how:
            case "value" | "element" if binding.expr is not None:
                if self.hold(binding.expr, binding.point, every, depth):
                    return True
                added = binding.point.scope.contents.get(binding.name, ())[:20]
                return any(key is None and self.hold(e, p, (), depth) for key, e, p in added)
            case "parameter":
                scope = binding.point.scope
                for site, method in self.names.callers.get(scope, [])[:8]:
                    given = results.argument(site.node, binding.name, binding.index - 1 if method else binding.index)
                    if given is not None and self.hold(given, site.point, steps, depth):
                        return True
        return False

    def _is_told(self, binding: Binding) -> bool:
        """Whether it is plain to see where a name has its value from, so that its words prove nothing."""
        if binding.how == "parameter":
            return bool(self.names.callers.get(binding.point.scope))
        return binding.how == "value" and binding.expr is not None and not self._is_opaque(binding.expr, binding.point)

    def _is_opaque(self, expr: ast.expr, point: Point) -> bool:
        """Whether ``expr`` depends on something that reading does not show: an unknown object, what a caller passes."""
        for node in ast.walk(expr):
            match node:
                case ast.Call() if self.names.called(node).name.startswith("."):
                    return True
                case ast.Name(id=name, ctx=ast.Load()):
                    found = self.names.bindings(name, point)
                    if any(b.how in {"unknown", "element"} or not self._is_told_itself(b) for b in found):
                        return True
        return False

    def _is_told_itself(self, binding: Binding) -> bool:
        return binding.how != "parameter" or bool(self.names.callers.get(binding.point.scope))

    def _of_call(self, call: ast.Call, point: Point, steps: tuple[Step, ...], depth: int) -> bool:
        named = self.names.called(call)
        roles = self.roles(named.name)
        last = named.name.rpartition(".")[2]
        if self.places.predicts(named):
            return True
        if roles & {"metric", "score", "fit", "split-pairs"} or last.endswith(("loss", "Loss")):
            return False
        if last in methods.REDUCES and not any(k.arg in {"axis", "dim"} for k in call.keywords):
            return last in {"max", "min"} and bool(steps)
        if last in _ASKS and named.name.endswith(_LOSSES):
            return False
        if last in _ASKS and (named.target is None or named.target.label.endswith("forward")):
            return self._is_model(named.name)
        if last in _KEEPS_APART:
            return self._zipped(call, last, point, steps, depth)
        if named.target is not None and named.target.kind == "function":
            return any(self.hold(e, p, steps, depth) for e, p in named.target.results)
        if named.target is not None:
            return False
        if isinstance(call.func, ast.Attribute) and self.hold(call.func.value, point, steps, depth):
            return True
        return any(self.hold(a, point, (), depth) for a in call.args)

    def _is_model(self, name: str) -> bool:
        owner = name.removesuffix(".__call__")
        return "model" in self.roles(owner) or owner.startswith(("torch.nn.", "keras.")) or not owner

    def _zipped(self, call: ast.Call, last: str, point: Point, steps: tuple[Step, ...], depth: int) -> bool:
        first, rest = (steps[0], steps[1:]) if steps else (None, ())
        if last == "enumerate":
            return first != 0 and bool(call.args) and self.hold(call.args[0], point, rest, depth)
        chosen = call.args[first : first + 1] if isinstance(first, int) else call.args
        return any(self.hold(a, point, rest, depth) for a in chosen)

    def _of_attribute(self, inner: ast.expr, attr: str, point: Point, depth: int) -> bool:
        if not (isinstance(inner, ast.Name) and inner.id == "self"):
            return self._put_under(inner, attr, point, depth)
        owner: Scope | None = point.scope
        while owner is not None and owner.kind != "class":
            owner = owner.parent
        return owner is not None and any(self._bound(b, (), depth) for b in owner.attributes.get(attr, []))

    def _of_item(self, inner: ast.expr, index: ast.expr, point: Point, steps: tuple[Step, ...], depth: int) -> bool:
        if isinstance(index, ast.Constant) and isinstance(index.value, str):
            return is_said(index.value) or self._put_under(inner, index.value, point, depth)
        texts = in_turn(self.names, index.id, point) if isinstance(index, ast.Name) else ()
        if texts and all(map(is_said, texts)):
            return True
        if isinstance(index, ast.Constant) and isinstance(index.value, int):
            return self.hold(inner, point, (index.value, *steps), depth)
        return self.hold(inner, point, (), depth)

    def _put_under(self, inner: ast.expr, key: str, point: Point, depth: int) -> bool:
        """Whether predictions were put into a container under ``key``."""
        if not isinstance(inner, ast.Name):
            return False
        scope: Scope | None = point.scope
        while scope is not None:
            for at, value, where in scope.contents.get(inner.id, ())[:60]:
                if isinstance(at, ast.Constant) and at.value == key and self.hold(value, where, (), depth):
                    return True
            scope = scope.parent
        return False


def is_said(name: str) -> bool:
    """Whether a name says that it holds predictions."""
    low = name.lower().replace(" ", "_").replace("-", "_")
    return "y_hat" in low or not _SAID.isdisjoint(low.split("_"))


def _names_in(expr: ast.expr) -> frozenset[str]:
    """Return all names in ``expr``: of variables, attributes and columns."""
    names: set[str] = set()
    for node in ast.walk(expr):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                names.add(name)
            case ast.Constant(value=str(name)) if len(name) <= 60:
                names.add(name)
    return frozenset(names)


def _words(expr: ast.expr) -> frozenset[str]:
    """Return the words of the names in ``expr`` that do not speak of predictions."""
    names = (n.lower().replace("-", "_").replace(" ", "_") for n in _names_in(expr) if not is_said(n))
    return frozenset(w for n in names for w in n.split("_"))


def _same_rows(expr: ast.expr) -> ast.expr | None:
    """Return what ``expr`` is a part or another form of, row by row."""
    match expr:
        case ast.Subscript(value=inner) | ast.Attribute(value=inner) | ast.Starred(value=inner):
            return inner
        case ast.Call(func=ast.Attribute(value=inner), args=[]):
            return inner
        case ast.Call(args=[inner, *_]):
            return inner
    return None


def _table_of(expr: ast.expr) -> str | None:
    """Return the table that ``expr`` is a column of."""
    match expr:
        case (
            ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str()))
            | ast.Attribute(value=ast.Name(id=name))
        ):
            return name
        case (
            ast.Attribute(value=ast.Subscript() as inner) | ast.Call(func=ast.Attribute(value=ast.Subscript() as inner))
        ):
            return _table_of(inner)
    return None


def _column_of(expr: ast.expr) -> str:
    """Return the name of the column that ``expr`` is; empty where it is none."""
    match expr:
        case ast.Subscript(slice=ast.Constant(value=str(name))) | ast.Attribute(value=ast.Name(), attr=name):
            return name
        case ast.Attribute(value=inner) | ast.Call(func=ast.Attribute(value=inner)):
            return _column_of(inner)
    return ""


def _is_identifier(expr: ast.expr) -> bool:
    """Whether ``expr`` says which rows these are, as a submission does: ``test["PassengerId"]``, ``test_ids``."""
    name = expr.id if isinstance(expr, ast.Name) else _column_of(expr)
    last = name.lower().rpartition("_")[2]
    return last in {"id", "ids", "index", "idx", "uuid", "guid"} or name.endswith(("Id", "ID", "Ids", "IDs"))


def _unzipped(expr: ast.expr, steps: tuple[Step, ...]) -> ast.expr:
    """Return what ``steps`` lead to in a ``zip`` or ``enumerate``."""
    match (expr, steps):
        case (ast.Call(func=ast.Name(id="zip"), args=args), (int(first), *rest)) if first < len(args):
            return _unzipped(args[first], tuple(rest))
        case (ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]), (1, *rest)):
            return _unzipped(inner, tuple(rest))
    return expr


def is_variable(expr: ast.expr) -> bool:
    """Whether ``expr`` reads something."""
    return any(isinstance(n, (ast.Name, ast.Attribute, ast.Subscript)) for n in ast.walk(expr))


def _is_number(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id in {"len", "int", "float"}
