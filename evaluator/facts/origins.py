"""From which rows did a value come: those a model was trained on, held-out ones, or nobody knows?

A first approximation of data flow, without contexts: a parameter holds what all callers pass. It follows names, attributes
of ``self``, results of the project's own functions, transformations, indices and slices back to splits and to reads of data.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from evaluator.facts import members, results
from evaluator.facts.names import Names
from evaluator.facts.scopes import Binding, Point, Scope, Step
from evaluator.facts.values import Known, Later, Row

Side: TypeAlias = Literal["train", "held-out", "part", "whole", "parameter"]
_DEPTH = 30
_GIVES_ROWS_OF_ARGUMENT = frozenset(
    {
        "predict",
        "predict_proba",
        "predict_log_proba",
        "decision_function",
        "transform",
        "inverse_transform",
        "score_samples",
    }
    | {
        "predict_classes",
        "predict_on_batch",
        "predict_generator",
        "fit_transform",
        "fit_predict",
        "fit_resample",
        "__call__",
    }
)
_NAMED_PARTS = frozenset({"split", "subset", "mode", "phase", "stage", "partition"})
_HELD_OUT_WORDS = ("test", "val", "dev", "eval", "hold")
_FORECASTS = frozenset({"forecast", "get_forecast", "make_future_dataframe"})


class Rows(NamedTuple):
    """A set of rows, told apart by where it was made.

    Attributes:
        base: What it is a part of: a split, a read of data, a parameter.
        side: Which part. ``part``: told from other parts of the base by ``which`` (a slice, a mask). ``parameter``: of a
            function that nobody calls; ``which`` is its name.
    """

    base: str
    side: Side
    which: str = ""


Origin: TypeAlias = frozenset[Rows]
_NOWHERE: Origin = frozenset()


class Origins:
    """Answers for one project. ``parents``: base of a split → the rows that were split."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.roles = names.libraries.roles
        self.parents: dict[str, Origin] = {}
        self._known: dict[tuple[int, tuple[Step, ...]], Origin] = {}

    def of(self, expr: ast.expr, point: Point, steps: tuple[Step, ...] = (), depth: int = _DEPTH) -> Origin:
        """Return the rows that ``expr`` (or the part of it that ``steps`` unpack) holds; empty where that is not known."""
        key = (id(expr), steps)
        if key not in self._known and depth > 0:
            self._known[key] = _NOWHERE
            self._known[key] = self._of(expr, point, steps, depth - 1)
        return self._known.get(key, _NOWHERE)

    def ancestors(self, rows: Origin) -> Origin:
        """Return ``rows`` with everything that they were split from."""
        found: set[Rows] = set()
        todo = list(rows)
        while todo:
            row = todo.pop()
            if row not in found:
                found.add(row)
                todo += self.parents.get(row.base, _NOWHERE)
        return frozenset(found)

    def _of(self, expr: ast.expr, point: Point, steps: tuple[Step, ...], depth: int) -> Origin:
        match expr:
            case ast.Name(id=name):
                return self._union(self.bound(b, steps, depth) for b in self.names.bindings(name, point))
            case ast.Attribute(value=inner, attr=attr):
                own = self._attribute(inner, attr, point, steps, depth)
                return own if own is not None else self.of(inner, point, (), depth)
            case ast.Subscript(value=inner, slice=index):
                return self._subscript(inner, index, point, steps, depth)
            case ast.Call():
                return self._call(expr, point, steps, depth)
            case ast.Tuple(elts=parts) | ast.List(elts=parts) if steps:
                first = steps[0]
                chosen = parts[first : first + 1] if isinstance(first, int) else parts
                return self._union(self.of(p, point, steps[1:], depth) for p in chosen)
            case ast.Constant() | ast.Lambda():
                return _NOWHERE
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                return self.of(expr.elt, point.scope.walked.inner.get(id(expr), point), steps, depth)
        inner_exprs = (child for child in ast.iter_child_nodes(expr) if isinstance(child, ast.expr))
        return self._union(self.of(child, point, (), depth) for child in inner_exprs)

    def bound(self, binding: Binding, steps: tuple[Step, ...] = (), depth: int = _DEPTH) -> Origin:
        """Return the rows that ``binding`` gives its name."""
        every = (*binding.steps, *steps)
        match binding.how:
            case "parameter":
                return self._parameter(binding, steps, depth)
            case "import" if binding.imported is not None and binding.imported.name:
                path = self.names.finder.file(binding.imported, binding.point.scope.walked.path)
                found = self.names.finder.scope(path).bindings.get(binding.imported.name, []) if path else []
                return self._union(self.bound(b, steps, depth - 1) for b in found if depth > 0)
            case "element" if binding.expr is not None:
                return self._element(binding.expr, binding.point, every, depth)
            case "value" if binding.expr is not None:
                return self.of(binding.expr, binding.point, every, depth)
        return _NOWHERE

    def _parameter(self, binding: Binding, steps: tuple[Step, ...], depth: int) -> Origin:
        scope = binding.point.scope
        passed: list[Origin] = []
        callers = self.names.callers.get(scope, [])
        for site, method in callers:
            given = results.argument(site.node, binding.name, binding.index - 1 if method else binding.index)
            if given is not None:
                passed.append(self.of(given, site.point, steps, depth))
        if scope.owner is not None and binding.index == 0:
            return _NOWHERE
        return self._union(passed) or frozenset({Rows(scope.id, "parameter", binding.name)})

    def _element(self, expr: ast.expr, point: Point, steps: tuple[Step, ...], depth: int) -> Origin:
        """Return the rows of one round of a loop: of a fold, or of what is looped over."""
        for call in (n for n in ast.walk(expr) if isinstance(n, ast.Call)):
            name = self.names.called(call).name
            if name.endswith(".split") and "split-folds" in self.roles(name.removesuffix(".split")):
                base = self._base(call, point)
                self.parents.setdefault(base, self._union(self.of(a, point, (), depth) for a in call.args))
                last = steps[-1] if steps else 0
                return frozenset({Rows(base, "held-out" if last == 1 else "train")})
        return self.of(expr, point, (), depth)

    def _attribute(
        self, inner: ast.expr, attr: str, point: Point, steps: tuple[Step, ...], depth: int
    ) -> Origin | None:
        """Return what is stored under an attribute of the project's own, or None where the whole object counts."""
        for value in self.names.values(inner, point):
            if isinstance(value, Known) and value.target is not None and value.target.kind != "function":
                found: list[Binding] = []
                for base in (
                    members.bases(self.names, value.target) if value.target.kind == "class" else (value.target,)
                ):
                    if isinstance(base, Scope):
                        found += [*base.attributes.get(attr, []), *base.bindings.get(attr, [])]
                return self._union(self.bound(b, steps, depth) for b in found if b.how != "definition")
        return None

    def _subscript(self, inner: ast.expr, index: ast.expr, point: Point, steps: tuple[Step, ...], depth: int) -> Origin:
        key = index.value if isinstance(index, ast.Constant) else None
        if isinstance(key, int) and not isinstance(key, bool):
            return self.of(inner, point, (key, *steps), depth)
        if isinstance(key, str):
            stored = [
                item for v in self.names.values(inner, point) if isinstance(v, Row) for k, item in v.items if k == key
            ]
            if stored:
                return self._union(self.of(i.expr, i.point, steps, depth) for i in stored if isinstance(i, Later))
            base = self.of(inner, point, (), depth)
            return frozenset(Rows(r.base, _side(key) or r.side, r.which) if r.side == "whole" else r for r in base)
        first = index.elts[0] if isinstance(index, ast.Tuple) and index.elts else index
        indices = frozenset(r for r in self.of(first, point, (), depth) if r.side in {"train", "held-out"})
        base = self.of(inner, point, (), depth)
        own = frozenset(r for r in base if r.side in {"train", "held-out"})
        if own or indices:
            return own or indices
        which = _which(first)
        return frozenset(Rows(r.base, "part", which) for r in base) if which else base

    def _call(self, call: ast.Call, point: Point, steps: tuple[Step, ...], depth: int) -> Origin:
        named = self.names.called(call)
        roles = self.roles(named.name)
        split = self._split(call, roles, point, steps, depth)
        if split is not None:
            return split
        side = _side_of_call(call)
        if "load" in roles or (side and named.target is None):
            return frozenset({Rows(f"{named.name}({_arguments(call)})", side or "whole")})
        if named.target is not None and named.target.kind == "function":
            found = self._union(self.of(e, p, steps, depth) for e, p in named.target.results)
            return found or self._arguments(call, point, depth)
        if side:
            return frozenset({Rows(f"{named.name}({_arguments(call)})", side)})
        last = named.name.rpartition(".")[2]
        if last in _FORECASTS:
            return frozenset({Rows(self._base(call, point), "held-out")})
        given = self._arguments(call, point, depth)
        if last in _GIVES_ROWS_OF_ARGUMENT or not isinstance(call.func, ast.Attribute):
            return given
        return given | self.of(call.func.value, point, (), depth)

    def _split(
        self, call: ast.Call, roles: frozenset[str], point: Point, steps: tuple[Step, ...], depth: int
    ) -> Origin | None:
        """Return one output of a call that splits, or None for every other call."""
        first = steps[0] if steps and isinstance(steps[0], int) else None
        if "split-pairs" in roles:
            held = None if first is None else first % 2 == 1
        elif roles & {"split-parts", "split-nested"}:
            held = None if first is None else first > 0
        else:
            return None
        base = self._base(call, point)
        self.parents.setdefault(base, self._arguments(call, point, depth))
        if held is None:
            return self.parents[base]
        return frozenset({Rows(base, "held-out" if held else "train")})

    def _arguments(self, call: ast.Call, point: Point, depth: int) -> Origin:
        every = [*call.args, *(k.value for k in call.keywords)]
        return self._union(self.of(a.value if isinstance(a, ast.Starred) else a, point, (), depth) for a in every)

    def _base(self, call: ast.Call, point: Point) -> str:
        return f"{point.scope.walked.path}:{id(call)}"

    @staticmethod
    def _union(groups: Iterable[Origin]) -> Origin:
        return frozenset(row for group in groups for row in group)


def _side(text: str) -> Side | None:
    """Return the part of a data set that its own name for it means."""
    low = text.lower().lstrip("x_").lstrip("y_")
    return "train" if low.startswith("train") else "held-out" if low.startswith(_HELD_OUT_WORDS) else None


def _side_of_call(call: ast.Call) -> Side | None:
    """Return which part of a data set a call asks for: ``train=False``, ``split="test"``, ``subset="validation"``."""
    for keyword in call.keywords:
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg in {"train", "is_train"} and isinstance(value, bool):
            return "train" if value else "held-out"
        if keyword.arg in _NAMED_PARTS and isinstance(value, str):
            return _side(value)
    return None


def _arguments(call: ast.Call) -> str:
    """Return the arguments of a read of data, to tell it from others."""
    return ", ".join(_short(a) for a in _values(call))[:300]


def _values(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args[:3]
    yield from (k.value for k in call.keywords[:3])


def _short(expr: ast.expr) -> str:
    if isinstance(expr, ast.Constant):
        return repr(expr.value)[:150]
    is_long = (expr.end_lineno or expr.lineno) - expr.lineno > 5 or (expr.end_col_offset or 0) > 2_000
    return f"{expr.lineno}:{expr.col_offset}" if is_long else ast.dump(expr)[:300]


def _which(index: ast.expr) -> str:
    """Return what tells a part by slice or mask from another of the same rows; empty for all rows and for columns."""
    match index:
        case ast.Slice(lower=None, upper=None):
            return ""
        case ast.Slice(lower=lower, upper=upper):
            return f"{_short(lower) if lower else ''}:{_short(upper) if upper else ''}"
        case ast.Compare() | ast.UnaryOp(op=ast.Invert()) | ast.BoolOp() | ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            return _short(index)
    return ""
