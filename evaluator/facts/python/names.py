"""What does a name or an expression stand for: through imports, aliases, assignments, constructors and results?

Flow is followed by order and by branches within a scope (see ``scopes.visible``), through the project's own modules,
classes and functions, and by a table of well-known libraries' result types. Nothing is executed; what cannot be told is
empty.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evaluator.facts.modelling.libraries import libraries
from evaluator.facts.python import members, results
from evaluator.facts.python.finding import Finder
from evaluator.facts.python.scopes import Binding, Point, Scope, Site, Step, Walked, visible
from evaluator.facts.python.values import Item, Known, Later, Row, Value, instance_of, merged

if TYPE_CHECKING:
    from evaluator.facts.python.modules import Modules

DEPTH = 32
"""Steps from one expression to another after which a search is given up."""
_BUILTINS = frozenset(dir(builtins))


@dataclass(slots=True, eq=False)
class Named:
    """What a call calls: its dotted name (see ``code.Call.name``), further candidates, and the project's own definition.

    ``roles``: what the table of libraries says of any of the names.
    """

    name: str
    others: tuple[str, ...] = ()
    target: Scope | None = None
    receiver: Value | None = None
    roles: frozenset[str] = frozenset()


_UNKNOWN = Named(".__call__")


class Names:
    """The resolver over all modules of a project. Every answer is found once and kept.

    ``values``: what an expression may stand for. ``bindings``: the places a name may have its value from. ``called``: what
    a call calls. ``callers``: the calls of one of the project's functions.
    """

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.libraries = libraries()
        self.finder = Finder(modules)
        self.lines: dict[Scope, tuple[Scope | str, ...]] = {}
        self.texts: dict[int, ast.expr | None] = {}
        self.callers: dict[Scope, list[tuple[Site, bool]]] = {}
        self._values: dict[int, tuple[Value, ...]] = {}
        self._bound: dict[int, tuple[Value, ...]] = {}

    @property
    def walked(self) -> Iterator[Walked]:
        """Every module, by path."""
        return (source.walked for source in self.modules.sources.values())

    @cached_property
    def _named(self) -> dict[int, Named]:
        """Name every call twice: the second time, parameters take what the callers pass."""
        named: dict[int, Named] = {}
        sites = [site for walked in self.walked for site in reversed(walked.sites)]
        for site in sites:
            named[id(site.node)] = self._name(site)
        for site in sites:
            self._note_caller(site, named[id(site.node)].target)
        self._values.clear()
        self._bound.clear()
        unknown = [site for site in sites if named[id(site.node)].name.startswith(".")]
        for site in unknown:
            named[id(site.node)] = self._name(site)
        for site in unknown:
            self._note_caller(site, named[id(site.node)].target)
        return named

    def _note_caller(self, site: Site, target: Scope | None) -> None:
        if target is None:
            return
        method = target.owner is not None or target.kind == "class"
        init = members.method(self, target, "__init__") if target.kind == "class" else target
        if init is not None:
            self.callers.setdefault(init, []).append((site, method and not results.is_static(init)))

    def called(self, node: ast.Call) -> Named:
        """Return what ``node``, a call in one of the project's modules, calls."""
        return self._named.get(id(node), _UNKNOWN)

    def _name(self, site: Site) -> Named:
        func = site.node.func
        found = self.values(func, site.point)
        callees = [known for value in found for known in self.callee(value)]
        paths = list(dict.fromkeys(known.path for known in callees))
        if not paths:
            if isinstance(func, ast.Attribute):
                return self._made(["." + func.attr])
            unbound = isinstance(func, ast.Name) and not self.bindings(func.id, site.point)
            return self._made([func.id if unbound and isinstance(func, ast.Name) else ".__call__"])
        target = next((k.target for k in callees if k.target is not None and k.target.kind != "module"), None)
        return self._made(paths[:6], target, callees[0].bound)

    def _made(self, names: list[str], target: Scope | None = None, receiver: Value | None = None) -> Named:
        roles = self.libraries.roles
        return Named(names[0], tuple(names[1:]), target, receiver, roles(names[0]).union(*map(roles, names[1:])))

    def callee(self, value: Value) -> Iterator[Known]:
        """Yield what is called when ``value`` is."""
        if isinstance(value, Row):
            yield Known(f"{value.kind}.__call__")
        elif value.instance:
            yield from (m for m in members.member(self, value, "__call__", DEPTH) if isinstance(m, Known))
        else:
            yield value

    # what a name is bound to

    def bindings(self, name: str, point: Point) -> list[Binding]:
        """Return the bindings that ``name`` may have its value from at ``point``, the most recent first."""
        scope: Scope | None = point.scope
        inside = True
        while scope is not None:
            if inside or scope.kind != "class":
                found = None if name in scope.outer else scope.bindings.get(name)
                if found:
                    return visible(found, point, inside=inside)
            scope, inside = scope.parent, False
        return []

    def value_of(self, binding: Binding, depth: int = DEPTH) -> tuple[Value, ...]:
        """Return what ``binding`` gives its name."""
        known = self._bound.get(id(binding))
        if known is None:
            self._bound[id(binding)] = ()
            known = self._bound[id(binding)] = self._value_of(binding, depth)
        return known

    def _value_of(self, binding: Binding, depth: int) -> tuple[Value, ...]:
        if depth <= 0:
            return ()
        match binding.how:
            case "definition" if binding.defined is not None:
                return (Known(binding.defined.name, target=binding.defined),)
            case "import" if binding.imported is not None:
                return members.imported(self, binding.imported, binding.point.scope.walked, depth - 2)
            case "parameter":
                return results.parameter(self, binding, depth - 1)
            case "annotation":
                return self.annotated(binding.annotation, binding.point, depth - 1)
            case "value" if binding.expr is not None:
                found = self.values(binding.expr, binding.point, depth - 1)
                if not found and binding.annotation is not None:
                    found = self.annotated(binding.annotation, binding.point, depth - 1)
                return self._filled(binding, self.part(found, binding.steps, depth - 1))
            case "element" if binding.expr is not None:
                return self.part(self.elements(binding.expr, binding.point, depth - 1), binding.steps, depth - 1)
        return ()

    def _filled(self, binding: Binding, found: tuple[Value, ...]) -> tuple[Value, ...]:
        """Add to a display what is put into it afterwards."""
        added = binding.point.scope.contents.get(binding.name)
        if not added or not any(isinstance(v, Row) for v in found):
            return found
        more = tuple((_key(key), Later(expr, point)) for key, expr, point in added[:50])
        return tuple(Row(v.kind, (*v.items, *more)) if isinstance(v, Row) else v for v in found)

    # what an expression stands for

    def values(self, expr: ast.expr, point: Point, depth: int = DEPTH) -> tuple[Value, ...]:
        """Return what ``expr``, read at ``point``, may stand for; the likeliest first."""
        if depth <= 0:
            return ()
        known = self._values.get(id(expr))
        if known is None:
            self._values[id(expr)] = ()
            handler = _HANDLERS.get(type(expr))
            known = self._values[id(expr)] = handler(self, expr, point, depth - 1) if handler else ()
        return known

    def item(self, value: Value, key: object, depth: int) -> tuple[Value, ...]:
        """Return what ``value[key]`` may stand for; a ``key`` of None is any."""
        if isinstance(value, Row):
            chosen = [item for k, item in value.items if key is not None and k == key and type(k) is type(key)]
            return merged(self.later(item, depth) for item in (chosen or [item for _, item in value.items[:20]]))
        path = f"{value.path}[]"
        return instance_of(self.libraries.returns(path) or path)

    def later(self, item: Item, depth: int) -> tuple[Value, ...]:
        """Return the values of a display's part."""
        return self.values(item.expr, item.point, depth) if isinstance(item, Later) else item

    def part(self, found: tuple[Value, ...], steps: tuple[Step, ...], depth: int) -> tuple[Value, ...]:
        """Return the part of each value that unpacking leads to."""
        for step in steps:
            if step == "*":
                found = tuple(
                    Row("list", v.items) if isinstance(v, Row) else Known("list", instance=True) for v in found
                )
            else:
                found = merged(self.item(v, step, depth) for v in found)
        return found

    def elements(self, expr: ast.expr, point: Point, depth: int) -> tuple[Value, ...]:
        """Return what one round of ``for … in expr`` may give."""
        passing = results.passing(self, expr, point, depth)
        if passing is not None:
            return passing
        found: list[tuple[Value, ...]] = []
        for value in self.values(expr, point, depth):
            if isinstance(value, Row) and value.kind == "dict":
                found.append((Known("str", instance=True),))
            else:
                found.append(self.item(value, None, depth))
        return merged(found)

    def annotated(self, node: ast.expr | None, point: Point, depth: int) -> tuple[Value, ...]:
        """Return an instance of the class that an annotation names; of the first one that is not None."""
        for expr in results.annotation_parts(self, node):
            found = self.values(expr, point, depth)
            made = [
                Known(v.path, instance=True, target=v.target if v.target and v.target.kind == "class" else None)
                for v in found
                if isinstance(v, Known) and not v.path.startswith("typing.") and v.path not in {"object", "type"}
            ]
            if made:
                return tuple(made)
        return ()


def _key(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _of_name(names: Names, node: ast.Name, point: Point, depth: int) -> tuple[Value, ...]:
    found = names.bindings(node.id, point)
    if found:
        return names.value_of(found[0], depth) if len(found) == 1 else merged([names.value_of(b, depth) for b in found])
    starred = members.starred(names, node.id, point.scope.walked, depth)
    return starred or ((Known(node.id),) if node.id in _BUILTINS else ())


def _of_attribute(names: Names, node: ast.Attribute, point: Point, depth: int) -> tuple[Value, ...]:
    found = names.values(node.value, point, depth)
    if len(found) == 1:
        return members.member(names, found[0], node.attr, depth)
    return merged([members.member(names, value, node.attr, depth) for value in found]) if found else ()


def _of_call(names: Names, node: ast.Call, point: Point, depth: int) -> tuple[Value, ...]:
    special = results.builtin(names, node, point, depth)
    if special is not None:
        return special
    return merged(results.result(names, value, node, point, depth) for value in names.values(node.func, point, depth))


def _of_subscript(names: Names, node: ast.Subscript, point: Point, depth: int) -> tuple[Value, ...]:
    key = _key(node.slice)
    return merged(names.item(value, key, depth) for value in names.values(node.value, point, depth))


def _of_display(names: Names, node: ast.List | ast.Tuple | ast.Set, point: Point, depth: int) -> tuple[Value, ...]:  # noqa: ARG001 - one signature for all kinds
    kind = _DISPLAYS[type(node)]
    items = [(i, Later(e.value if isinstance(e, ast.Starred) else e, point)) for i, e in enumerate(node.elts[:100])]
    return (Row(kind, tuple(items)),)


def _of_dict(names: Names, node: ast.Dict, point: Point, depth: int) -> tuple[Value, ...]:  # noqa: ARG001 - one signature for all kinds
    pairs = zip(node.keys[:100], node.values[:100], strict=True)
    return (Row("dict", tuple((_key(k), Later(v, point)) for k, v in pairs if k is not None)),)


def _of_comprehension(names: Names, node: Any, point: Point, depth: int) -> tuple[Value, ...]:  # noqa: ARG001 - one signature for all kinds
    inner = point.scope.walked.inner.get(id(node), point)
    if isinstance(node, ast.DictComp):
        return (Row("dict", ((None, Later(node.value, inner)),)),)
    return (Row("set" if isinstance(node, ast.SetComp) else "list", ((None, Later(node.elt, inner)),)),)


def _of_either(names: Names, node: ast.IfExp | ast.BoolOp, point: Point, depth: int) -> tuple[Value, ...]:
    parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
    return merged(names.values(part, point, depth) for part in parts)


def _of_inner(names: Names, node: Any, point: Point, depth: int) -> tuple[Value, ...]:
    return names.values(node.value, point, depth)


def _of_operation(names: Names, node: ast.BinOp, point: Point, depth: int) -> tuple[Value, ...]:
    found = names.values(node.left, point, depth) or names.values(node.right, point, depth)
    return tuple(v for v in found if isinstance(v, Row) or v.instance)


def _of_constant(names: Names, node: ast.Constant, point: Point, depth: int) -> tuple[Value, ...]:  # noqa: ARG001 - one signature for all kinds
    return () if node.value is None or node.value is ... else (Known(type(node.value).__name__, instance=True),)


def _of_text(names: Names, node: ast.JoinedStr, point: Point, depth: int) -> tuple[Value, ...]:  # noqa: ARG001 - one signature for all kinds
    return (Known("str", instance=True),)


_DISPLAYS: dict[type[ast.AST], Any] = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}
_HANDLERS: dict[type[ast.AST], Callable[[Names, Any, Point, int], tuple[Value, ...]]] = {
    ast.Name: _of_name,
    ast.Attribute: _of_attribute,
    ast.Call: _of_call,
    ast.Subscript: _of_subscript,
    ast.List: _of_display,
    ast.Tuple: _of_display,
    ast.Set: _of_display,
    ast.Dict: _of_dict,
    ast.ListComp: _of_comprehension,
    ast.SetComp: _of_comprehension,
    ast.GeneratorExp: _of_comprehension,
    ast.DictComp: _of_comprehension,
    ast.IfExp: _of_either,
    ast.BoolOp: _of_either,
    ast.Await: _of_inner,
    ast.NamedExpr: _of_inner,
    ast.Starred: _of_inner,
    ast.BinOp: _of_operation,
    ast.Constant: _of_constant,
    ast.JoinedStr: _of_text,
}
