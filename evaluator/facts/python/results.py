"""What comes out of a call, into a parameter, or of one round of a loop?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from evaluator.facts.python import members
from evaluator.facts.python.parsing import parse
from evaluator.facts.python.scopes import Binding, Point, Scope
from evaluator.facts.python.values import Known, Later, Row, Value, instance_of, is_class, merged

if TYPE_CHECKING:
    from evaluator.facts.python.names import Names

_SAME = frozenset(
    {"list", "tuple", "sorted", "reversed", "set", "iter", "tqdm", "trange", "progress_bar", "track", "deepcopy"}
)
_CALLERS = 8
_RESULTS = 6


def result(names: Names, value: Value, call: ast.Call, point: Point, depth: int) -> tuple[Value, ...]:
    """Return what calling ``value`` gives: an instance of a class, what a function returns, or ``path()``."""
    if isinstance(value, Row) or depth <= 0:
        return ()
    if value.instance:
        found = members.member(names, value, "__call__", depth)
        return merged(
            result(names, m, call, point, depth - 1) for m in found if isinstance(m, Known) and not m.instance
        )
    if value.target is not None and value.target.kind == "class":
        return (Known(value.path, instance=True, target=value.target),)
    if value.target is not None and value.target.kind == "function":
        return returned(names, value, depth - 1) or instance_of(f"{value.path}()")
    if isinstance(value.bound, Row):
        return _of_display(names, value.bound, value.path, call, depth)
    return _of_library(names, value, call, point, depth)


def _of_library(names: Names, value: Known, call: ast.Call, point: Point, depth: int) -> tuple[Value, ...]:
    match names.libraries.returns(value.path):
        case "self":
            return (value.bound,) if value.bound is not None else instance_of(value.path.rpartition(".")[0])
        case "owner":
            if isinstance(value.bound, Known):
                return (Known(value.bound.path, instance=True, target=value.bound.target),)
            return instance_of(value.path.rpartition(".")[0])
        case "argument" if call.args:
            return names.values(call.args[0], point, depth - 1)
        case str(path) if path != "argument":
            return instance_of(path)
    return instance_of(value.path if is_class(value.path) else f"{value.path}()")


def _of_display(names: Names, row: Row, path: str, call: ast.Call, depth: int) -> tuple[Value, ...]:
    """Return what a method of a display gives: its parts, its pairs, or a copy."""
    match path.rpartition(".")[2]:
        case "values":
            return (Row("list", tuple((None, item) for _, item in row.items)),)
        case "items":
            text = (Known("str", instance=True),)
            return (Row("list", tuple((None, (Row("tuple", ((0, text), (1, item))),)) for _, item in row.items)),)
        case "copy":
            return (row,)
        case "get" | "pop" | "setdefault" if call.args and isinstance(call.args[0], ast.Constant):
            return names.item(row, call.args[0].value, depth)
    return ()


def returned(names: Names, function: Known, depth: int) -> tuple[Value, ...]:
    """Return what one of the project's own functions gives back, by its return statements or its annotation."""
    scope = function.target
    if scope is None or depth <= 0:
        return ()
    found = scope.results or (scope.yields if "contextmanager" in _decorators(scope) else [])
    made = merged(names.values(expr, point, depth - 1) for expr, point in found[-_RESULTS:])
    node = scope.node
    if not made and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and scope.parent is not None:
        return names.annotated(node.returns, scope.parent.end, depth - 1)
    return made


def builtin(names: Names, call: ast.Call, point: Point, depth: int) -> tuple[Value, ...] | None:
    """Return what a call of a builtin that passes its argument on gives; None for every other call."""
    if not isinstance(call.func, ast.Name) or names.bindings(call.func.id, point):
        return None
    match call.func.id, call.args:
        case "super", _:
            owner = _class_around(point.scope)
            return (Known(owner.name, instance=True, target=owner, above=True),) if owner is not None else ()
        case "dict", []:
            items = tuple((k.arg, Later(k.value, point)) for k in call.keywords if k.arg is not None)
            return (Row("dict", items),)
        case "getattr", [first, ast.Constant(value=str(attr)), *_]:
            return merged(members.member(names, v, attr, depth) for v in names.values(first, point, depth))
        case "type", [first]:
            found = names.values(first, point, depth)
            return tuple(Known(v.path, target=v.target) for v in found if isinstance(v, Known) and v.instance)
        case "next", [first, *_]:
            return names.elements(first, point, depth)
        case (("list" | "tuple" | "sorted" | "reversed" | "set" | "iter"), [first, *_]):
            return tuple(v for v in names.values(first, point, depth) if isinstance(v, Row)) or instance_of("list")
    return None


def passing(names: Names, expr: ast.expr, point: Point, depth: int) -> tuple[Value, ...] | None:
    """Return an element of ``enumerate(x)``, ``zip(x, y)``, ``tqdm(x)`` and the like; None for every other expression."""
    if not isinstance(expr, ast.Call) or not expr.args:
        return None
    name = (
        expr.func.attr
        if isinstance(expr.func, ast.Attribute)
        else expr.func.id
        if isinstance(expr.func, ast.Name)
        else ""
    )
    if name == "enumerate":
        return (
            Row("tuple", ((0, (Known("int", instance=True),)), (1, names.elements(expr.args[0], point, depth - 1)))),
        )
    if name == "zip":
        parts = enumerate(names.elements(arg, point, depth - 1) for arg in expr.args[:10])
        return (Row("tuple", tuple(parts)),)
    if name in _SAME and isinstance(expr.func, (ast.Name, ast.Attribute)):
        return names.elements(expr.args[0], point, depth - 1)
    return None


def parameter(names: Names, binding: Binding, depth: int) -> tuple[Value, ...]:
    """Return what a parameter may hold: ``self``, an instance of its annotation, what callers pass, its default."""
    scope = binding.point.scope
    owner = scope.owner
    if owner is not None and binding.index == 0 and not is_static(scope):
        return (Known(owner.name, instance="classmethod" not in _decorators(scope), target=owner),)
    outside = scope.parent.end if scope.parent is not None else scope.end
    found = [names.annotated(binding.annotation, outside, depth)]
    for site, method in names.callers.get(scope, [])[:_CALLERS]:
        passed = argument(site.node, binding.name, binding.index - 1 if method else binding.index)
        if passed is not None:
            found.append(names.values(passed, site.point, depth))
    if binding.expr is not None:
        found.append(names.values(binding.expr, outside, depth))
    return merged(found)


def argument(call: ast.Call, name: str, index: int) -> ast.expr | None:
    """Return what ``call`` passes for a parameter, by its name or its position (-1 for keyword-only ones)."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    before = call.args[: index + 1] if 0 <= index < len(call.args) else []
    return before[-1] if before and not any(isinstance(a, ast.Starred) for a in before) else None


def annotation_parts(names: Names, node: ast.expr | None) -> list[ast.expr]:
    """Return the classes that an annotation may mean: ``X | None``, ``Optional[X]``, ``Union[X, Y]``, ``"X"``."""
    match node:
        case None | ast.Constant(value=None):
            return []
        case ast.Constant(value=str(text)):
            if id(node) not in names.texts:
                tree = parse(text.strip()).tree if len(text) <= 200 else None
                first = tree.body[0] if tree and tree.body else None
                names.texts[id(node)] = (
                    first.value if isinstance(first, ast.Expr) and not isinstance(first.value, ast.Constant) else None
                )
            return annotation_parts(names, names.texts[id(node)])
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*annotation_parts(names, left), *annotation_parts(names, right)]
        case ast.Subscript(value=outer, slice=inner):
            name = outer.attr if isinstance(outer, ast.Attribute) else outer.id if isinstance(outer, ast.Name) else ""
            if name in {"Optional", "Union", "Annotated", "Final", "ClassVar"}:
                parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return [found for part in parts for found in annotation_parts(names, part)]
            return [outer]
    return [node]


def is_static(scope: Scope) -> bool:
    """Whether a method takes neither ``self`` nor ``cls``."""
    return "staticmethod" in _decorators(scope)


def is_property(scope: Scope) -> bool:
    """Whether reading a method's name gives its result."""
    return not _decorators(scope).isdisjoint({"property", "cached_property"})


def _decorators(scope: Scope) -> set[str]:
    node = scope.node
    found = node.decorator_list if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) else []
    bare = [d.func if isinstance(d, ast.Call) else d for d in found]
    return {d.attr if isinstance(d, ast.Attribute) else d.id for d in bare if isinstance(d, (ast.Attribute, ast.Name))}


def _class_around(scope: Scope | None) -> Scope | None:
    while scope is not None and scope.owner is None:
        scope = scope.parent
    return scope.owner if scope is not None else None
