"""Which model stands behind an expression: where was it made, and what does its author call it?

Names, parameters, containers, attributes and results of the project's own functions are followed back to the call that
makes a model; wrappers that only hold one (a pipeline, a search, ``fit``) are looked through.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from evaluator.facts.experimenting import models
from evaluator.facts.experimenting.models import Made
from evaluator.facts.experimenting.restoring import Restoring
from evaluator.facts.python import members, results
from evaluator.facts.python.names import Names
from evaluator.facts.python.scopes import Binding, Point, Scope, Step
from evaluator.facts.python.values import Known, Later, Row

BUDGET = 120_000
"""Expressions that are looked at for one project; what would take more stays unknown."""
_DEPTH = 24
_CALLERS = 20
_PARTS = 40
_FRAMES = 4
_PASSED_ON = frozenset(
    {
        "fit",
        "set_params",
        "to",
        "cuda",
        "cpu",
        "float",
        "eval",
        "train",
        "copy",
        "load",
        "learn",
        "items",
        "partial_fit",
    }
)
_PREDICTS = frozenset(
    {"predict", "predict_proba", "predict_log_proba", "decision_function", "predict_classes", "forecast"}
) | {"get_forecast", "fit_predict", "score_samples", "get_prediction", "predict_generator", "act", "select_action"}
_ASKED = _PREDICTS | {"fit", "score", "evaluate", "train"}
_ROUNDS = frozenset(
    {"tqdm", "list", "sorted", "reversed", "tuple", "set", "iter", "track", "progress_bar", "enumerate"}
)
_CHOICES = (ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.Starred, ast.Await)


class Frame(NamedTuple):
    """A call of one of the project's functions that is being followed."""

    scope: Scope
    call: ast.Call
    point: Point
    method: bool
    outer: Frame | None

    @property
    def key(self) -> tuple[int, ...]:
        """The calls that led here."""
        return (id(self.call), *(self.outer.key if self.outer else ()))


class Look(NamedTuple):
    """How an expression is looked at.

    Attributes:
        point: From where it is read. steps: The part of it that is meant, as unpacking leads there.
        frame: The call within which it stands. depth: Steps that are left.
        seen: The models whose predictions or scores it holds are wanted, not those that it is.
    """

    point: Point
    steps: tuple[Step, ...] = ()
    frame: Frame | None = None
    depth: int = _DEPTH
    seen: bool = False

    @property
    def whole(self) -> Look:
        """The same, at all of it."""
        return self._replace(steps=())


class Tracer:
    """Answers for one project, within one budget."""

    def __init__(self, names: Names, restoring: Restoring) -> None:
        self.names = names
        self.restoring = restoring
        self.roles = names.libraries.roles
        self._left = BUDGET
        self._known: dict[tuple[object, ...], tuple[Made, ...]] = {}

    def makers(self, expr: ast.expr, point: Point) -> tuple[Made, ...]:
        """Return the models that ``expr`` may be."""
        return self._of(expr, Look(point))

    def behind(self, expr: ast.expr, point: Point) -> tuple[Made, ...]:
        """Return the models whose predictions, or whose scores, ``expr`` holds."""
        return self._of(expr, Look(point, seen=True))

    def is_model(self, name: str, target: Scope | None = None) -> bool:
        """Whether calling ``name`` makes a model."""
        return models.is_model(self.names, name, target)

    def _of(self, expr: ast.expr, look: Look) -> tuple[Made, ...]:
        key = (id(expr), look.steps, look.frame.key if look.frame else (), look.seen)
        if key not in self._known and look.depth > 0 and self._left > 0:
            self._left -= 1
            self._known[key] = ()
            handler = _HANDLERS.get(type(expr), Tracer.of_other)
            self._known[key] = _distinct(handler(self, expr, look._replace(depth=look.depth - 1)))
        return self._known.get(key, ())

    def of_other(self, expr: ast.expr, look: Look) -> Iterator[Made]:
        """Look through a choice, and for scores through every other expression."""
        if look.seen or isinstance(expr, _CHOICES):
            for child in ast.iter_child_nodes(expr):
                if isinstance(child, ast.expr):
                    yield from self._of(child, look)

    def of_nothing(self, expr: ast.expr, look: Look) -> Iterator[Made]:  # noqa: ARG002 - one signature for all kinds
        """Stop: no model stands behind a constant."""
        yield from ()

    # names

    def of_name(self, expr: ast.Name, look: Look) -> Iterator[Made]:
        """Follow what a name is bound to."""
        for binding in self.names.bindings(expr.id, look.point):
            yield from _called(self._bound(binding, look), expr.id)

    def of_attribute(self, expr: ast.Attribute, look: Look) -> Iterator[Made]:
        """Follow what is kept under an attribute; else the object counts."""
        stored = self.stored(expr.value, expr.attr, look.point)
        for binding in stored:
            yield from _called(self._bound(binding, look._replace(frame=None)), expr.attr)
        if not stored or look.seen:
            yield from self._of(expr.value, look.whole._replace(seen=look.seen and not stored))

    def stored(self, inner: ast.expr, attr: str, point: Point) -> list[Binding]:
        """Return what the project's own class or module keeps under an attribute."""
        found: list[Binding] = []
        for value in self.names.values(inner, point):
            if isinstance(value, Known) and value.target is not None and value.target.kind != "function":
                line = members.bases(self.names, value.target) if value.target.kind == "class" else (value.target,)
                for base in line:
                    if isinstance(base, Scope):
                        found += [*base.attributes.get(attr, []), *base.bindings.get(attr, [])]
        return [b for b in found if b.how != "definition"]

    def _bound(self, binding: Binding, look: Look) -> Iterator[Made]:
        every = look._replace(point=binding.point, steps=(*binding.steps, *look.steps))
        match binding.how:
            case "parameter":
                yield from self._passed(binding, look)
            case "import" if binding.imported is not None and binding.imported.name and look.depth > 0:
                path = self.names.finder.file(binding.imported, binding.point.scope.walked.path)
                for b in self.names.finder.scope(path).bindings.get(binding.imported.name, []) if path else []:
                    yield from self._bound(b, look._replace(depth=look.depth - 1))
            case "element" if binding.expr is not None:
                yield from self._element(binding.expr, every)
            case "value" if binding.expr is not None:
                yield from self._of(binding.expr, every)
                for key, put, at in binding.point.scope.contents.get(binding.name, ())[:_PARTS]:
                    yield from _called(self._of(put, look.whole._replace(point=at)), _text(key))

    def _passed(self, binding: Binding, look: Look) -> Iterator[Made]:
        scope = binding.point.scope
        if scope.owner is not None and binding.index == 0:
            return
        around = look.frame
        while around is not None and around.scope is not scope:
            around = around.outer
        if around is not None:
            given = results.argument(around.call, binding.name, binding.index - 1 if around.method else binding.index)
            if given is not None:
                yield from self._of(given, look._replace(point=around.point, frame=around.outer))
            return
        for site, method in self.names.callers.get(scope, [])[:_CALLERS]:
            given = results.argument(site.node, binding.name, binding.index - 1 if method else binding.index)
            if given is not None:
                yield from self._of(given, look._replace(point=site.point, frame=None))

    # containers

    def of_sequence(self, expr: ast.Tuple | ast.List, look: Look) -> Iterator[Made]:
        """Follow the part of a tuple or list that is meant."""
        first = look.steps[0] if look.steps else None
        chosen = expr.elts[first : first + 1] if isinstance(first, int) else expr.elts[:_PARTS]
        for part in chosen:
            yield from self._of(part, look._replace(steps=look.steps[1:]))

    def of_mapping(self, expr: ast.Dict, look: Look) -> Iterator[Made]:
        """Follow every value, each called by its key."""
        for key, value in list(zip(expr.keys, expr.values, strict=True))[:_PARTS]:
            yield from _called(self._of(value, look.whole), _text(key))

    def of_comprehension(self, expr: ast.ListComp | ast.GeneratorExp | ast.SetComp, look: Look) -> Iterator[Made]:
        """Follow the element."""
        inside = look.point.scope.walked.inner.get(id(expr), look.point)
        yield from self._of(expr.elt, look._replace(point=inside))

    def of_item(self, expr: ast.Subscript, look: Look) -> Iterator[Made]:
        """Follow the item that a key chooses; any, where the key is not written out."""
        key = expr.slice.value if isinstance(expr.slice, ast.Constant) else None
        rows = [v for v in self.names.values(expr.value, look.point) if isinstance(v, Row)]
        for row in rows:
            for named, item in row.items[:_PARTS]:
                if (key is None or named == key) and isinstance(item, Later):
                    label = named if isinstance(named, str) else ""
                    yield from _called(self._of(item.expr, look._replace(point=item.point)), label)
        if not rows:
            is_place = isinstance(key, int) and not isinstance(key, bool) and not look.seen
            step = (key,) if is_place and isinstance(key, int) else ()
            yield from self._of(expr.value, look._replace(steps=(*step, *look.steps)))

    def _element(self, expr: ast.expr, look: Look) -> Iterator[Made]:
        """Yield the models of every round of a loop over ``expr``, each called by the texts that stand beside it."""
        first = look.steps[0] if look.steps and isinstance(look.steps[0], int) else None
        rest = look._replace(steps=look.steps[1:])
        match expr:
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]) if first == 1:
                yield from self._element(inner, rest)
            case ast.Call(func=ast.Name(id="zip"), args=args) if first is not None and first < len(args):
                yield from self._element(args[first], rest)
            case ast.Call(func=ast.Attribute(attr="items", value=inner)):
                if first == 1:
                    yield from self._elements(inner, rest)
            case ast.Call(func=ast.Attribute(attr="values", value=inner)):
                yield from self._elements(inner, look)
            case ast.Call(args=[inner, *_]) if _last(expr.func) in _ROUNDS:
                yield from self._element(inner, look)
            case _:
                yield from self._elements(expr, look)

    def _elements(self, expr: ast.expr, look: Look) -> Iterator[Made]:
        rows = [v for v in self.names.values(expr, look.point) if isinstance(v, Row)]
        for row in rows:
            for key, item in row.items[:_PARTS]:
                if isinstance(item, Later):
                    beside = [key] if isinstance(key, str) else []
                    if isinstance(item.expr, (ast.Tuple, ast.List)):
                        beside += [t for e in item.expr.elts if (t := _text(e))]
                    yield from _called(self._of(item.expr, look._replace(point=item.point)), " ".join(beside[:2]))
        if not rows:
            yield from self._of(expr, look.whole)

    # calls

    def of_call(self, call: ast.Call, look: Look) -> Iterator[Made]:
        """Follow what a call gives."""
        named = self.names.called(call)
        last = named.name.rpartition(".")[2]
        if named.target is not None and named.target.kind == "function":
            yield from self._own(named.target, call, look)
            return
        if look.seen:
            yield from self._outcome(call, named.name, look)
            return
        inside = models.held(self.names, named.name, call)
        saved = self.restoring.saved(call, look.point)
        if saved:
            for expr, at in saved:
                yield from self._of(expr, look.whole._replace(point=at, frame=None))
        elif inside is not None:
            for expr in inside:
                found = self._of(expr, look.whole)
                yield from (m._replace(tuned=m.tuned or "SearchCV" in last) for m in found)
        elif self.is_model(named.name, named.target):
            ways = look.frame.key if look.frame else ()
            chosen, numbers = models.given(self.names, look.frame.call) if look.frame else ("", "")
            written = ", ".join(part for part in (models.settings(call), chosen, numbers) if part)
            yield Made(named.name, call, look.point, ways, written, chosen=chosen)
        elif isinstance(call.func, ast.Attribute) and (last in _PASSED_ON or not named.name.startswith("sklearn")):
            yield from self._of(call.func.value, look.whole)

    def _own(self, target: Scope, call: ast.Call, look: Look) -> Iterator[Made]:
        """Yield what one of the project's own functions gives, called by its name."""
        last = target.label.rpartition(".")[2]
        if target.owner is not None and isinstance(call.func, ast.Attribute) and last in _ASKED:
            yield from self._of(call.func.value, look.whole._replace(seen=False))
            if not look.seen:
                return
        inside = look._replace(frame=_entered(target, call, look))
        for expr, at in target.results[-6:]:
            yield from _called(self._of(expr, inside._replace(point=at)), last)
        if look.seen:
            for given in [*call.args, *(k.value for k in call.keywords)]:
                yield from self._of(given, look.whole)
                yield from self._of(given, look.whole._replace(seen=False))

    def _outcome(self, call: ast.Call, name: str, look: Look) -> Iterator[Made]:
        """Yield the models whose predictions or scores a call of a library gives."""
        roles, asked = self.roles(name), look.whole._replace(seen=False)
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        last = name.rpartition(".")[2]
        if "score-folds" in roles:
            for given in call.args[:1] or [k.value for k in call.keywords if k.arg in models.HELD_BY]:
                yield from self._of(given, asked)
            return
        if receiver is not None and (last in _PREDICTS or roles & {"predict", "score"}):
            yield from self._of(receiver, asked)
            return
        if last == "__call__" or receiver is None:
            yield from self._of(call.func, asked)
        for given in [*call.args, *(k.value for k in call.keywords)]:
            yield from self._of(given.value if isinstance(given, ast.Starred) else given, look.whole)
        if receiver is not None:
            yield from self._of(receiver, look.whole)


_HANDLERS: dict[type[ast.AST], Callable[[Tracer, Any, Look], Iterator[Made]]] = {
    ast.Name: Tracer.of_name,
    ast.Attribute: Tracer.of_attribute,
    ast.Subscript: Tracer.of_item,
    ast.Call: Tracer.of_call,
    ast.Tuple: Tracer.of_sequence,
    ast.List: Tracer.of_sequence,
    ast.Dict: Tracer.of_mapping,
    ast.ListComp: Tracer.of_comprehension,
    ast.GeneratorExp: Tracer.of_comprehension,
    ast.SetComp: Tracer.of_comprehension,
    ast.Constant: Tracer.of_nothing,
    ast.Lambda: Tracer.of_nothing,
}


def _entered(scope: Scope, call: ast.Call, look: Look) -> Frame | None:
    around, deep = look.frame, 1
    while around is not None:
        if around.scope is scope or deep >= _FRAMES:
            return None
        around, deep = around.outer, deep + 1
    method = scope.owner is not None and not results.is_static(scope)
    return Frame(scope, call, look.point, method, look.frame)


def _called(found: Iterable[Made], name: str) -> Iterator[Made]:
    for made in found:
        yield made._replace(names=(*made.names, name)) if name and name not in made.names else made


def _distinct(found: Iterable[Made]) -> tuple[Made, ...]:
    """Return each model once, with all its names; at most 60."""
    order: dict[tuple[int, tuple[int, ...]], Made] = {}
    for made in found:
        before = order.get(made.key)
        names = made.names if before is None else tuple(dict.fromkeys((*before.names, *made.names)))[:12]
        order[made.key] = made._replace(names=names, tuned=made.tuned or (before is not None and before.tuned))
        if len(order) == 60:
            break
    return tuple(order.values())


def _text(key: ast.expr | None) -> str:
    return key.value[:80] if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
