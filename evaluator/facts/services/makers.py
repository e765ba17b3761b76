"""Which expressions made the object that a name, an attribute or a parameter holds?

A backward search over names, attributes, containers, own functions and their callers, injected dependencies and state
that is kept on an application. It ends at calls of libraries, constructors of own classes, and displays. Unlike
``names.values``, which gives types, it tells two objects of one type apart by the expressions that made them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from evaluator.facts.python import members, results
from evaluator.facts.python.names import Names
from evaluator.facts.python.scopes import END, Binding, Point, Scope, Step
from evaluator.facts.python.values import Known

_DEPTH = 24
_MOST = 12
BUDGET = 120_000
"""Expressions that are looked at for one project; what would take more stays unknown."""
_INJECTS = frozenset({"Depends", "Security", "partial", "Provide"})
_SAME = frozenset(
    {
        "to",
        "to_runner",
        "cuda",
        "cpu",
        "eval",
        "train",
        "float",
        "half",
        "double",
        "fit",
        "compile",
        "result",
        "unwrap",
        "requires_grad_",
    }
)
_SAME_PARTS = frozenset({"list", "tuple", "sorted", "reversed", "tqdm"})


class Maker(NamedTuple):
    """An expression that makes an object, and the point it is read from."""

    expr: ast.expr
    point: Point


class Makers:
    """Answers for one project; every answer is found once."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._known: dict[tuple[int, tuple[Step, ...]], tuple[Maker, ...]] = {}
        self._left = BUDGET

    def of(self, expr: ast.expr, point: Point) -> tuple[Maker, ...]:
        """Return what made the object that ``expr`` stands for, the likeliest first, at most 12."""
        return self._of(expr, point, (), _DEPTH)

    def _of(self, expr: ast.expr, point: Point, steps: tuple[Step, ...], depth: int) -> tuple[Maker, ...]:
        key = (id(expr), steps)
        if key not in self._known:
            if depth <= 0 or self._left <= 0:
                return ()
            self._left -= 1
            self._known[key] = ()
            self._known[key] = _distinct(self._look(expr, point, steps, depth - 1))
        return self._known[key]

    def _look(self, expr: ast.expr, point: Point, steps: tuple[Step, ...], depth: int) -> Iterable[Maker]:
        match expr:
            case ast.Name(id=name):
                return self._of_bindings(self.names.bindings(name, point), steps, depth)
            case ast.Attribute():
                return self._attribute(expr, point, steps, depth)
            case ast.Subscript():
                return self._subscript(expr, point, steps, depth)
            case ast.Call():
                return self._call(expr, point, steps, depth)
            case ast.Await(value=inner) | ast.NamedExpr(value=inner) | ast.Starred(value=inner):
                return self._of(inner, point, steps, depth)
            case ast.IfExp(body=body, orelse=orelse):
                return [m for part in (body, orelse) for m in self._of(part, point, steps, depth)]
            case ast.BoolOp(values=parts):
                return [m for part in parts for m in self._of(part, point, steps, depth)]
            case ast.Tuple(elts=parts) | ast.List(elts=parts) if steps:
                first = steps[0]
                chosen = parts[first : first + 1] if isinstance(first, int) else parts[:8]
                return [m for part in chosen for m in self._of(part, point, steps[1:], depth)]
            case ast.Constant(value=None):
                return ()
        return (Maker(expr, point),)

    def _of_bindings(self, found: Iterable[Binding], steps: tuple[Step, ...], depth: int) -> list[Maker]:
        return [maker for binding in found for maker in self._bound(binding, steps, depth)]

    def _bound(self, binding: Binding, steps: tuple[Step, ...], depth: int) -> Iterable[Maker]:
        every = (*binding.steps, *steps)
        match binding.how:
            case "value" if binding.expr is not None:
                return self._of(binding.expr, binding.point, every, depth)
            case "element" if binding.expr is not None:
                return self._elements(binding.expr, binding.point, every, depth)
            case "parameter":
                return self._parameter(binding, steps, depth)
            case "import" if binding.imported is not None and binding.imported.name:
                path = self.names.finder.file(binding.imported, binding.point.scope.walked.path)
                if path is not None:
                    found = self.names.finder.scope(path).bindings.get(binding.imported.name, [])
                    return self._of_bindings(_last(found), steps, depth)
        return ()

    def _parameter(self, binding: Binding, steps: tuple[Step, ...], depth: int) -> list[Maker]:
        scope = binding.point.scope
        if scope.owner is not None and binding.index == 0 and not results.is_static(scope):
            return []
        found: list[Maker] = []
        for site, method in self.names.callers.get(scope, [])[:8]:
            given = results.argument(site.node, binding.name, binding.index - 1 if method else binding.index)
            if given is not None:
                found += self._of(given, site.point, steps, depth)
        outside = scope.parent.end if scope.parent is not None else scope.end
        for expr in (binding.expr, *_injected(binding.annotation)):
            if expr is not None:
                found += self._of(expr, outside, steps, depth)
        return found

    def _elements(self, expr: ast.expr, point: Point, steps: tuple[Step, ...], depth: int) -> list[Maker]:
        """Return what one round of a loop over ``expr`` gives; of a mapping's items, the values."""
        inner, first = expr, steps[0] if steps else None
        if isinstance(expr, ast.Call):
            func = expr.func
            called = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            if called == "items" and isinstance(func, ast.Attribute):
                inner, steps = func.value, steps[1:]
            elif called == "values" and isinstance(func, ast.Attribute):
                inner = func.value
            elif called == "zip" and isinstance(first, int) and first < len(expr.args):
                inner, steps = expr.args[first], steps[1:]
            elif called == "enumerate" and expr.args:
                inner, steps = expr.args[0], steps[1:]
            elif called in _SAME_PARTS and expr.args:
                inner = expr.args[0]
        return [m for maker in self._of(inner, point, (), depth) for m in self._parts(maker, steps, depth)]

    def _parts(self, maker: Maker, steps: tuple[Step, ...], depth: int) -> Iterable[Maker]:
        match maker.expr:
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.Dict(values=parts):
                return [m for part in parts[:20] for m in self._of(part, maker.point, steps, depth)]
            case ast.ListComp(elt=part) | ast.SetComp(elt=part) | ast.DictComp(value=part):
                return self._of(part, maker.point.scope.walked.inner.get(id(maker.expr), maker.point), steps, depth)
        return (maker,)

    def _attribute(self, expr: ast.Attribute, point: Point, steps: tuple[Step, ...], depth: int) -> Iterable[Maker]:
        own: list[Maker] = []
        known = False
        for value in self.names.values(expr.value, point):
            if not isinstance(value, Known) or value.target is None or value.target.kind == "function":
                continue
            known = True
            for base in members.bases(self.names, value.target) if value.target.kind == "class" else (value.target,):
                if isinstance(base, Scope):
                    own += self._member(base, expr.attr, steps, depth)
        own = own or self._field(expr, point, steps, depth)
        if own or known:
            return own
        kept = [m for value, at in self.kept.get(expr.attr, [])[:8] for m in self._of(value, at, steps, depth)]
        return kept or self._of(expr.value, point, (), depth)

    def _field(self, expr: ast.Attribute, point: Point, steps: tuple[Step, ...], depth: int) -> list[Maker]:
        """Return what a record of the project's own was given for a field when it was made."""
        found: list[Maker] = []
        for maker in self._of(expr.value, point, (), depth):
            if isinstance(maker.expr, ast.Call):
                made = self.names.called(maker.expr).target
                fields = _fields(made.node) if made is not None and made.kind == "class" else []
                given = (
                    results.argument(maker.expr, expr.attr, fields.index(expr.attr)) if expr.attr in fields else None
                )
                found += self._of(given, maker.point, steps, depth) if given is not None else []
        return found

    def _member(self, base: Scope, attr: str, steps: tuple[Step, ...], depth: int) -> list[Maker]:
        stored = [b for b in base.attributes.get(attr, []) if b.how == "value"]
        bound = base.bindings.get(attr, [])
        made = bound[-1].defined if bound else None
        if made is not None and made.kind == "function" and results.is_property(made):
            return [m for value, at in made.results[-4:] for m in self._of(value, at, steps, depth)]
        return self._of_bindings([*stored[-8:], *_last(bound)], steps, depth)

    def _subscript(self, expr: ast.Subscript, point: Point, steps: tuple[Step, ...], depth: int) -> Iterable[Maker]:
        key = expr.slice.value if isinstance(expr.slice, ast.Constant) else None
        if isinstance(key, int) and not isinstance(key, bool):
            return self._of(expr.value, point, (key, *steps), depth)
        found: list[Maker] = []
        for maker in self._of(expr.value, point, (), depth):
            found += self._at_key(maker, key, steps, depth)
        if isinstance(key, str):
            found += [m for value, at in self.kept.get(key, [])[:8] for m in self._of(value, at, steps, depth)]
        elif isinstance(expr.value, ast.Name):
            put = self._contents(expr.value.id, point)
            found += [m for value, at in put for m in self._of(value, at, steps, depth)]
        return found

    def _contents(self, name: str, point: Point) -> list[tuple[ast.expr, Point]]:
        scope: Scope | None = point.scope
        while scope is not None:
            if name in scope.contents:
                return [(value, at) for _, value, at in scope.contents[name][:8]]
            scope = scope.parent
        return []

    def _at_key(self, maker: Maker, key: object, steps: tuple[Step, ...], depth: int) -> Iterable[Maker]:
        match maker.expr:
            case ast.Dict(keys=keys, values=values):
                pairs = list(zip(keys, values, strict=True))[:50]
                chosen = [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == key and key is not None]
                every = chosen or [v for k, v in pairs if key is None or not isinstance(k, ast.Constant)]
                return [m for value in every for m in self._of(value, maker.point, steps, depth)]
            case ast.Call(func=ast.Name(id="dict"), keywords=given):
                return [m for k in given if key in (None, k.arg) for m in self._of(k.value, maker.point, steps, depth)]
            case ast.DictComp(value=value):
                return self._of(value, maker.point.scope.walked.inner.get(id(maker.expr), maker.point), steps, depth)
        return (maker,)

    def _call(self, call: ast.Call, point: Point, steps: tuple[Step, ...], depth: int) -> Iterable[Maker]:
        last = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if last in _INJECTS:
            return self._injecting(call, point, steps, depth)
        named = self.names.called(call)
        made = named.target or (None if named.roles else self._only_method(named.name))
        if made is not None and made.kind == "function":
            returned = made.results[-6:] or made.yields[-2:]
            found = [m for value, at in returned for m in self._of(value, at, steps, depth)]
            return found or (Maker(call, point),)
        if named.target is None and isinstance(call.func, ast.Attribute):
            if last == "get" and call.args and isinstance(call.args[0], ast.Constant):
                return self._got(call, call.func.value, str(call.args[0].value), point, steps, depth)
            given = self.names.libraries.returns(named.name)
            if given == "self" or (given is None and last in _SAME):
                return self._of(call.func.value, point, steps, depth) or (Maker(call, point),)
        if named.target is None and call.args and self.names.libraries.returns(named.name) == "argument":
            return self._of(call.args[0], point, steps, depth)
        if named.name == "getattr" and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
            kept = self.kept.get(str(call.args[1].value), [])[:8]
            found = [m for value, at in kept for m in self._of(value, at, steps, depth)]
            return found or [m for default in call.args[2:3] for m in self._of(default, point, steps, depth)]
        return (Maker(call, point),)

    def _only_method(self, name: str) -> Scope | None:
        """Return the one method of the project that bears the name of a method of something unknown: ``.load_champion``.

        Something unknown is also what an object holds in an attribute: ``library.Context.resources.model.load_champion``.
        """
        *before, last = name.split(".")
        held = before and not before[-1][:1].isupper() and any(part[:1].isupper() for part in before)
        found = self._methods.get(last, []) if held or before == [""] else []
        return found[0] if len(found) == 1 and "_" in last.strip("_") else None

    @cached_property
    def _methods(self) -> dict[str, list[Scope]]:
        found: dict[str, list[Scope]] = {}
        for walked in self.names.walked:
            for scope in walked.definitions():
                if scope.kind == "function" and scope.owner is not None:
                    found.setdefault(scope.label.rpartition(".")[2], []).append(scope)
        return found

    def _got(
        self, call: ast.Call, holder: ast.expr, key: str, point: Point, steps: tuple[Step, ...], depth: int
    ) -> list[Maker]:
        """Return what a mapping, a session or a cache keeps under ``key``."""
        found = [m for value, at in self.kept.get(key, [])[:8] for m in self._of(value, at, steps, depth)]
        for maker in self._of(holder, point, (), depth):
            found += self._at_key(maker, key, steps, depth)
        return found or [Maker(call, point)]

    def _injecting(self, call: ast.Call, point: Point, steps: tuple[Step, ...], depth: int) -> list[Maker]:
        """Return what the function that a framework is asked to call gives."""
        found: list[Maker] = []
        for argument in call.args[:1]:
            for value in self.names.values(argument, point):
                if isinstance(value, Known) and value.target is not None and value.target.kind == "function":
                    made = value.target
                    for expr, at in made.results[-6:] or made.yields[-2:]:
                        found += self._of(expr, at, steps, depth)
        return found

    @cached_property
    def kept(self) -> dict[str, list[tuple[ast.expr, Point]]]:
        """What is put under an attribute's or a key's name anywhere: state of an application, of a session, of a cache."""
        found: dict[str, list[tuple[ast.expr, Point]]] = {}
        for walked in self.names.walked:
            for scope in walked.scopes:
                for statement in statements(self.names, scope):
                    for name, value in _stored(statement):
                        found.setdefault(name, []).append((value, Point(scope, END, ())))
        return found


def statements(names: Names, scope: Scope) -> Iterator[ast.stmt]:
    """Yield every statement of ``scope``, nested ones too, but none of the definitions in it."""
    todo = list(reversed(body(names, scope)))
    while todo:
        statement = todo.pop()
        yield statement
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for field in ("finalbody", "orelse", "body"):
            todo += reversed([s for s in getattr(statement, field, ()) if isinstance(s, ast.stmt)])
        for handler in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            todo += reversed(handler.body)


def body(names: Names, scope: Scope) -> list[ast.stmt]:
    """Return the statements that stand directly in ``scope``: of a notebook, those of all its cells."""
    if scope.kind == "module":
        source = names.modules.sources.get(scope.walked.path)
        return [s for unit in source.units for s in unit.tree.body] if source is not None else []
    return list(getattr(scope.node, "body", []))


def _stored(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    value = getattr(statement, "value", None)
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or value is None:
        return
    for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
        match target:
            case ast.Attribute(attr=attr):
                yield attr, value
            case ast.Subscript(slice=ast.Constant(value=str(key))):
                yield key, value


def _injected(annotation: ast.expr | None) -> list[ast.expr]:
    """Return the ``Depends(…)`` of ``Annotated[X, Depends(…)]``."""
    if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple):
        return [e for e in annotation.slice.elts[1:] if isinstance(e, ast.Call)]
    return []


def _last(found: list[Binding]) -> list[Binding]:
    """Return the last bindings of a name at the top of a module, back to one that is made on every way."""
    held: list[Binding] = []
    for binding in reversed(found[-8:]):
        held.append(binding)
        if not binding.branch:
            break
    return held


def _fields(node: ast.AST | None) -> list[str]:
    """Return the annotated names of a class, in order: the fields of a record."""
    body = node.body if isinstance(node, ast.ClassDef) else []
    return [s.target.id for s in body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]


def _distinct(found: Iterable[Maker]) -> tuple[Maker, ...]:
    held: dict[int, Maker] = {}
    for maker in found:
        held.setdefault(id(maker.expr), maker)
        if len(held) == _MOST:
            break
    return tuple(held.values())
