"""From which rows did a value come: those a model was trained on, held-out ones, or nobody knows?

A first approximation of data flow. It follows names, attributes of ``self``, containers, results of the project's own
functions (each call by itself, ``FRAMES`` deep), transformations, indices and slices back to splits and to reads of data. A
parameter that is met outside such a call holds what all callers pass.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from evaluator.facts.python import members, results
from evaluator.facts.python.names import Names
from evaluator.facts.python.scopes import Binding, Point, Scope, Step
from evaluator.facts.python.values import Known, Later, Row

Side: TypeAlias = Literal["train", "held-out", "part", "whole", "parameter"]
_DEPTH = 30
BUDGET = 300_000
"""Expressions that are looked at for one project; what would take more stays unknown."""
FRAMES = 4
_WHICH = 1_000
_PART_OF: dict[Side, Side] = {"whole": "part", "part": "part", "train": "train"}
_PARTS = frozenset({"take", "skip", "head", "tail", "sample", "limit", "shard", "nlargest", "nsmallest"})
_PREDICTS = (
    "predict",
    "predict_proba",
    "predict_log_proba",
    "predict_classes",
    "predict_on_batch",
    "predict_generator",
)
_GIVES_ROWS_OF_ARGUMENT = frozenset(
    (*_PREDICTS, "decision_function", "score_samples", "transform", "inverse_transform", "fit_transform", "fit_predict")
) | {"fit_resample", "__call__"}
_NAMED_PARTS = frozenset({"split", "subset", "mode", "phase", "stage", "partition"})
_HELD_OUT_WORDS = ("test", "val", "dev", "eval", "hold")
_FORECASTS = frozenset({"forecast", "get_forecast", "make_future_dataframe"})


class Rows(NamedTuple):
    """A set of rows, told apart by where it was made.

    Attributes:
        base: What it is a part of: a split, a read of data, a parameter.
        side: Which part; of a training part, ``which`` tells a part of it.  ``part``: told from other parts of the base by
            ``which`` (a slice, a mask). ``parameter``: of a function that nobody calls; ``which`` is its name.
    """

    base: str
    side: Side
    which: str = ""


class Frame(NamedTuple):
    """A call of one of the project's functions that is being followed: its parameters hold what this call passes."""

    scope: Scope
    call: ast.Call
    point: Point
    method: bool
    outer: Frame | None

    @property
    def key(self) -> tuple[int, ...]:
        """The calls that led here."""
        return (id(self.call), *(self.outer.key if self.outer else ()))


Origin: TypeAlias = frozenset[Rows]
_NOWHERE: Origin = frozenset()


class Origins:
    """Answers for one project. ``parents``: base of a split → the rows that were split."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.roles = names.libraries.roles
        self.parents: dict[str, Origin] = {}
        self._known: dict[tuple[int, tuple[Step, ...], tuple[int, ...]], Origin] = {}
        self._left = BUDGET

    def of(self, expr: ast.expr, point: Point) -> Origin:
        """Return the rows that ``expr`` holds; empty where that is not known."""
        return self._of(expr, point, (), None, _DEPTH)

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

    def _of(self, expr: ast.expr, point: Point, steps: tuple[Step, ...], frame: Frame | None, depth: int) -> Origin:
        """Return the rows of the part of ``expr`` that ``steps`` unpack, within the call of ``frame``."""
        key = (id(expr), steps, frame.key if frame else ())
        if key not in self._known and depth > 0 and self._left > 0:
            self._left -= 1
            self._known[key] = _NOWHERE
            self._known[key] = self._look(expr, point, steps, frame, depth - 1)
        return self._known.get(key, _NOWHERE)

    def _look(self, expr: ast.expr, point: Point, steps: tuple[Step, ...], frame: Frame | None, depth: int) -> Origin:
        match expr:
            case ast.Name(id=name):
                return _union(self._bound(b, steps, frame, depth) for b in self.names.bindings(name, point))
            case ast.Attribute(value=inner, attr=attr):
                own = self._attribute(inner, attr, point, steps, depth)
                return own if own is not None else self._of(inner, point, (), frame, depth)
            case ast.Subscript(value=inner, slice=index):
                return self._subscript(inner, index, point, steps, frame, depth)
            case ast.Call():
                return self._call(expr, point, steps, frame, depth)
            case ast.Tuple(elts=parts) | ast.List(elts=parts) if steps:
                first = steps[0]
                chosen = parts[first : first + 1] if isinstance(first, int) else parts
                return _union(self._of(p, point, steps[1:], frame, depth) for p in chosen)
            case ast.Constant() | ast.Lambda():
                return _NOWHERE
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                return self._of(expr.elt, point.scope.walked.inner.get(id(expr), point), steps, frame, depth)
        inner_exprs = (child for child in ast.iter_child_nodes(expr) if isinstance(child, ast.expr))
        return _union(self._of(child, point, (), frame, depth) for child in inner_exprs)

    def _bound(self, binding: Binding, steps: tuple[Step, ...], frame: Frame | None, depth: int) -> Origin:
        """Return the rows that ``binding`` gives its name."""
        every = (*binding.steps, *steps)
        match binding.how:
            case "parameter":
                return self._parameter(binding, steps, frame, depth)
            case "import" if binding.imported is not None and binding.imported.name:
                path = self.names.finder.file(binding.imported, binding.point.scope.walked.path)
                found = self.names.finder.scope(path).bindings.get(binding.imported.name, []) if path else []
                return _union(self._bound(b, steps, None, depth - 1) for b in found if depth > 0)
            case "element" if binding.expr is not None:
                return self._element(binding.expr, binding.point, every, frame, depth)
            case "value" if binding.expr is not None:
                added = binding.point.scope.contents.get(binding.name, ())[:20]
                put = _union(self._of(e, p, (), frame, depth) for _, e, p in added)
                return self._of(binding.expr, binding.point, every, frame, depth) | put
        return _NOWHERE

    def _parameter(self, binding: Binding, steps: tuple[Step, ...], frame: Frame | None, depth: int) -> Origin:
        scope = binding.point.scope
        if scope.owner is not None and binding.index == 0:
            return _NOWHERE
        around = frame
        while around is not None and around.scope is not scope:
            around = around.outer
        if around is not None:
            given = results.argument(around.call, binding.name, binding.index - 1 if around.method else binding.index)
            return self._of(given, around.point, steps, around.outer, depth) if given is not None else _NOWHERE
        passed: list[Origin] = []
        for site, method in self.names.callers.get(scope, []):
            given = results.argument(site.node, binding.name, binding.index - 1 if method else binding.index)
            if given is not None:
                passed.append(self._of(given, site.point, steps, None, depth))
        return _union(passed) or frozenset({Rows(scope.id, "parameter", binding.name)})

    def _element(
        self, expr: ast.expr, point: Point, steps: tuple[Step, ...], frame: Frame | None, depth: int
    ) -> Origin:
        """Return the rows of one round of a loop: of a fold, or of what is looped over."""
        for call in (n for n in ast.walk(expr) if isinstance(n, ast.Call)):
            name = self.names.called(call).name
            if name.endswith(".split") and "split-folds" in self.roles(name.removesuffix(".split")):
                base = self._base(call, point)
                self.parents.setdefault(base, self._arguments(call, point, frame, depth))
                last = steps[-1] if steps else 0
                return frozenset({Rows(base, "held-out" if last == 1 else "train")})
        return self._of(expr, point, (), frame, depth)

    def _attribute(
        self, inner: ast.expr, attr: str, point: Point, steps: tuple[Step, ...], depth: int
    ) -> Origin | None:
        """Return what is stored under an attribute of the project's own, or None where the whole object counts."""
        for value in self.names.values(inner, point):
            if isinstance(value, Known) and value.target is not None and value.target.kind != "function":
                found: list[Binding] = []
                is_class = value.target.kind == "class"
                for base in members.bases(self.names, value.target) if is_class else (value.target,):
                    if isinstance(base, Scope):
                        found += [*base.attributes.get(attr, []), *base.bindings.get(attr, [])]
                return _union(self._bound(b, steps, None, depth) for b in found if b.how != "definition")
        return None

    def _subscript(
        self, inner: ast.expr, index: ast.expr, point: Point, steps: tuple[Step, ...], frame: Frame | None, depth: int
    ) -> Origin:
        key = index.value if isinstance(index, ast.Constant) else None
        if isinstance(key, int) and not isinstance(key, bool):
            return self._of(inner, point, (key, *steps), frame, depth)
        if isinstance(key, str):
            stored = [i for v in self.names.values(inner, point) if isinstance(v, Row) for k, i in v.items if k == key]
            if stored:
                return _union(self._of(i.expr, i.point, steps, frame, depth) for i in stored if isinstance(i, Later))
            base = self._of(inner, point, (), frame, depth)
            side = _side(key)
            return frozenset(_read_as(f"{r.base}[{key}]", side) if side and r.side == "whole" else r for r in base)
        first = index.elts[0] if isinstance(index, ast.Tuple) and index.elts else index
        indices = frozenset(r for r in self._of(first, point, (), frame, depth) if r.side in {"train", "held-out"})
        base = self._of(inner, point, (), frame, depth)
        held = frozenset(r for r in base if r.side == "held-out")
        return held or indices or _parted(base, _which(first))

    def _call(self, call: ast.Call, point: Point, steps: tuple[Step, ...], frame: Frame | None, depth: int) -> Origin:
        named = self.names.called(call)
        roles = self.roles(named.name)
        split = self._split(call, roles, point, steps, frame, depth)
        if split is not None:
            return split
        side = _side_of_call(call)
        if "load" in roles or (side and named.target is None):
            return frozenset({_read_as(f"{named.name}({self._read(call, point, frame)})", side)})
        if named.target is not None and named.target.kind == "function":
            inside = _entered(named.target, call, point, frame)
            found = _union(self._of(e, p, steps, inside, depth) for e, p in named.target.results)
            return found or self._arguments(call, point, frame, depth)
        if side:
            return frozenset({_read_as(f"{named.name}({self._read(call, point, frame)})", side)})
        return self._result(call, named.name.rpartition(".")[2], point, frame, depth)

    def _result(self, call: ast.Call, last: str, point: Point, frame: Frame | None, depth: int) -> Origin:
        """Return the rows of what an unknown or a library's call gives: those of its arguments and its object."""
        if last in _FORECASTS:
            return frozenset({Rows(self._base(call, point), "held-out")})
        given = self._arguments(call, point, frame, depth)
        if last in _GIVES_ROWS_OF_ARGUMENT or not isinstance(call.func, ast.Attribute):
            return given
        own = self._of(call.func.value, point, (), frame, depth)
        if last in _PARTS and own:
            return _parted(own, f"{last}({', '.join(_short(a) for a in _values(call))})")
        if last == "drop" and any(r.side == "part" for r in given):
            return _parted(own, f"without {min(r.which for r in given)}"[:_WHICH])
        return given | own

    def _split(
        self,
        call: ast.Call,
        roles: frozenset[str],
        point: Point,
        steps: tuple[Step, ...],
        frame: Frame | None,
        depth: int,
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
        self.parents.setdefault(base, self._arguments(call, point, frame, depth))
        if held is None:
            return self.parents[base]
        return frozenset({Rows(base, "held-out" if held else "train")})

    def _arguments(self, call: ast.Call, point: Point, frame: Frame | None, depth: int) -> Origin:
        every = [*call.args, *(k.value for k in call.keywords)]
        return _union(self._of(a.value if isinstance(a, ast.Starred) else a, point, (), frame, depth) for a in every)

    def _read(self, call: ast.Call, point: Point, frame: Frame | None) -> str:
        """Return what tells this read of data from others: its arguments, and those of the calls that led to it."""
        said = ", ".join(_short(a) for a in _values(call))
        names = {n.id for a in _values(call) for n in ast.walk(a) if isinstance(n, ast.Name)}
        around = frame
        while around is not None:
            if any(b.how == "parameter" for name in names for b in self.names.bindings(name, point)):
                said += " < " + ", ".join(_short(a) for a in _values(around.call))
            around = around.outer
        return said[:400]

    def _base(self, call: ast.Call, point: Point) -> str:
        return f"{point.scope.walked.path}:{id(call)}"


def _union(groups: Iterable[Origin]) -> Origin:
    return frozenset(row for group in groups for row in group)


def _entered(scope: Scope, call: ast.Call, point: Point, frame: Frame | None) -> Frame | None:
    """Return the frame of a call; None, which means every caller, where calls are nested too deeply or in circles."""
    around, deep = frame, 1
    while around is not None:
        if around.scope is scope or deep >= FRAMES:
            return None
        around, deep = around.outer, deep + 1
    method = scope.owner is not None and not results.is_static(scope)
    return Frame(scope, call, point, method, frame)


def _parted(base: Origin, which: str) -> Origin:
    """Return a part of ``base``; a part of a part is told by both."""
    if not which:
        return base
    return frozenset(
        r if r.side in {"held-out", "parameter"} else Rows(r.base, _PART_OF[r.side], f"{r.which}|{which}"[:_WHICH])
        for r in base
    )


def _read_as(base: str, side: Side | None) -> Rows:
    """Return rows that were read; those that their source calls training rows may yet be split."""
    return Rows(base, "held-out" if side == "held-out" else "whole")


def overlap(row: Rows, other: Rows) -> bool:
    """Whether two sets of rows may have some in common: one is the other, or a part of it."""
    if row.base != other.base:
        return False
    if "whole" in {row.side, other.side}:
        return True
    return row.side == other.side and (row.which.startswith(other.which) or other.which.startswith(row.which))


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
