"""What does an expression read, call, bind and say? The lower half of the walk over a module; see ``walk``."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from evaluator.facts.python.parsing import parse
from evaluator.facts.python.scopes import Binding, Branch, How, Mentions, Point, Scope, Site, Step, Walked, off
from evaluator.facts.python.statements import constant_of, switch

_BUILTINS = frozenset(dir(builtins)) | {"display", "get_ipython", "__file__", "__name__", "__doc__"}
_FILLS = frozenset({"append", "add", "insert", "update", "setdefault"})
_GLUE = (ast.Add, ast.Mod, ast.Div)
_LEFT_OUT = frozenset({"ctx", "op", "ops", "kind", "conversion", "arg", "attr", "id"})
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _LEFT_OUT)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, (ast.expr, ast.keyword, ast.comprehension))
}
_Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class Expressions:
    """Where the walk stands, and what it does with an expression."""

    def __init__(self, path: str, name: str, *, package: bool) -> None:
        self.out = Walked(path=path, name=name)
        self.base = name.split(".") if package else name.split(".")[:-1]
        self.scope = Scope(
            kind="module", label="", node=ast.Module(body=[], type_ignores=[]), parent=None, walked=self.out
        )
        self.out.module = self.scope
        self.out.scopes.append(self.scope)
        self.label = ""
        self.branch: Branch = ()
        self.loops: tuple[int, ...] = ()
        self.order = 0
        self.number = 0
        self.cell: int | None = None
        self.optional = False
        self.swallowed = False
        self.switches: dict[str, bool] = {}
        self.mentions = self.out.mentions.setdefault("", Mentions())
        self.binds: dict[int, tuple[str, ...]] = {}
        self.inner: set[int] = set()
        self._point: Point | None = None

    @property
    def point(self) -> Point:
        if self._point is None:
            self._point = Point(self.scope, self.order, self.branch)
        return self._point

    @contextmanager
    def arm(self, number: int, arm: int) -> Iterator[None]:
        """Everything within runs only on this arm of the compound statement."""
        before = self.branch
        self.branch = (*before, (number, arm))
        self._point = None
        yield
        self.branch = before
        self._point = None

    def next(self) -> int:
        self.number += 1
        return self.number

    def note(self, binding: Binding) -> None:
        """Enter ``binding`` into the scope that it belongs to; what follows sees it."""
        scope = self.scope
        if binding.name in scope.outer:
            while scope.parent is not None and (scope is self.scope or binding.name not in scope.bindings):
                scope = scope.parent
        found = scope.bindings.setdefault(binding.name, [])
        binding.cell = self.cell
        if scope is self.scope:
            binding.order, binding.branch = self.order, self.branch
        else:
            binding.order, binding.branch = (found[-1].order if found else 0), ((self.next(), 0),)
        found.append(binding)
        self.order += 1
        self._point = None

    def bind(
        self,
        target: ast.expr,
        value: ast.expr | None,
        *,
        how: How = "value",
        steps: tuple[Step, ...] = (),
        annotation: ast.expr | None = None,
    ) -> None:
        """Note that ``target`` takes ``value``, or the part of it that ``steps`` lead to."""
        match target:
            case ast.Name(id=name):
                self.note(Binding(name, how, self.point, target, expr=value, steps=steps, annotation=annotation))
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for index, part in enumerate(parts):
                    step: Step = "*" if isinstance(part, ast.Starred) else index
                    inner = part.value if isinstance(part, ast.Starred) else part
                    self.bind(inner, value, how=how, steps=(*steps, step))
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if self.holder is not None:
                made = Binding(name, how, self.point, target, expr=value, steps=steps, annotation=annotation)
                self.holder.attributes.setdefault(name, []).append(made)
            case ast.Subscript(value=ast.Name(id=name), slice=key):
                self.expression(target)
                if value is not None and not steps and how == "value":
                    self.scope.contents.setdefault(name, []).append((key, value, self.point))
            case _:
                self.expression(target)

    @property
    def holder(self) -> Scope | None:
        """The class whose ``self`` is meant here."""
        scope: Scope | None = self.scope
        while scope is not None and scope.owner is None:
            scope = scope.parent
        return scope.owner if scope is not None else None

    def expression(self, root: ast.AST, *, binds: tuple[str, ...] = ()) -> None:
        """Note all that ``root`` reads, calls and says. An explicit stack: chains may be thousands of links long.

        ``binds``: the names that take its value, where it is itself a call.
        """
        first = root.value if isinstance(root, ast.Await) else root
        if binds and isinstance(first, ast.Call):
            self.binds[id(first)] = binds
        stack: list[ast.AST] = [root]
        nodes = 0
        while stack:
            node = stack.pop()
            nodes += 1
            handler = _EXPRESSIONS.get(type(node))
            stack.extend(_children(node) if handler is None else handler(self, node))
        self.out.nodes += nodes

    @contextmanager
    def off(self, *nodes: ast.AST) -> Iterator[None]:
        """Everything within is there, and a constant switches it off."""
        self.out.off.update(map(id, nodes))
        label, mentions = self.label, self.mentions
        self.label = off(label)
        self.mentions = self.out.mentions.setdefault(self.label, Mentions())
        yield
        self.label, self.mentions = label, mentions

    def known(self, test: ast.expr) -> bool | None:
        """Return what a condition always is at this point, or None where that depends."""
        if isinstance(test, ast.Constant):
            return bool(test.value)
        if isinstance(test, (ast.Name, ast.UnaryOp, ast.BoolOp)):
            names = {n.id for n in ast.walk(test) if isinstance(n, ast.Name)}
            found = ((name, self._switched(name)) for name in names)
            return constant_of(test, {name: value for name, value in found if value is not None})
        return None

    def _switched(self, name: str) -> bool | None:
        """Return what a name is surely switched to here: by its module, or by the function right before."""
        scope: Scope | None = self.scope
        while scope is not None and scope.kind == "function":
            if name in scope.bindings:
                bound = scope.bindings[name]
                plain = scope is self.scope and len(bound) == 1 and bound[0].how == "value" and not bound[0].steps
                settled = not self.loops and not bound[0].branch and name not in self.out.altered
                return switch(bound[0].expr) if plain and settled else None
            scope = scope.parent
        return self.switches.get(name)

    def either(self, node: ast.BoolOp) -> Iterable[ast.AST]:
        """Walk ``and`` and ``or``; what follows a part that always decides never runs."""
        decides = isinstance(node.op, ast.Or)
        at = next((i for i, part in enumerate(node.values[:-1]) if self.known(part) is decides), None)
        if at is not None:
            rest = node.values[at + 1 :]
            with self.off(*rest):
                for part in rest:
                    self.expression(part)
            return node.values[at::-1]
        return node.values[::-1]

    def chosen(self, node: ast.IfExp) -> Iterable[ast.AST]:
        """Walk a choice; the side that is never taken never runs."""
        known = self.known(node.test)
        if known is None:
            return (node.orelse, node.body, node.test)
        taken, other = (node.body, node.orelse) if known else (node.orelse, node.body)
        with self.off(other):
            self.expression(other)
        return (taken, node.test)

    def constant(self, node: ast.Constant) -> Iterable[ast.AST]:
        """Note a string."""
        if isinstance(node.value, str):
            self.out.texts.append((node.value, node, self.label, self.cell))
        return ()

    def joined(self, node: ast.JoinedStr) -> Iterable[ast.AST]:
        """Note an f-string, with ``{}`` for its fields."""
        said = "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
        self.out.texts.append((said, node, self.label, self.cell))
        return [p for p in reversed(node.values) if not isinstance(p, ast.Constant)]

    def binary(self, node: ast.BinOp) -> Iterable[ast.AST]:
        """Note what puts strings together."""
        if isinstance(node.op, _GLUE):
            if id(node) not in self.inner and _has_text(node):
                self.out.glued.append((node, self.point, self.cell))
            if isinstance(node.left, ast.BinOp):
                self.inner.add(id(node.left))
        return (node.right, node.left)

    def attribute(self, node: ast.Attribute) -> Iterable[ast.AST]:
        """Note an attribute, and the name that it is read from."""
        self.mentions.attributes[node.attr] = None
        if isinstance(node.value, ast.Name):
            self.mentions.pairs.setdefault((node.value.id, node.attr), self.point)
        return (node.value,)

    def named(self, node: ast.NamedExpr) -> Iterable[ast.AST]:
        """Note ``name := value``."""
        self.bind(node.target, node.value)
        return (node.value,)

    def yielded(self, node: ast.Yield | ast.YieldFrom) -> Iterable[ast.AST]:
        """Note what a generator or fixture gives out."""
        if node.value is None:
            return ()
        self.scope.yields.append((node.value, self.point))
        return (node.value,)

    def name(self, node: ast.Name) -> Iterable[ast.AST]:
        """Note a name that is read."""
        if not isinstance(node.ctx, ast.Load):
            return ()
        name = node.id
        self.out.reads.add(name)
        self.mentions.names.setdefault(name, self.point)
        if (
            self.cell is not None
            and self.scope.kind == "module"
            and name not in self.scope.bindings
            and name not in _BUILTINS
        ):
            self.out.early.append((self.cell, node.lineno, name))
        return ()

    def call(self, node: ast.Call) -> Iterable[ast.AST]:
        """Note a call, and what it puts into a container or onto the import path."""
        binds = self.binds.pop(id(node), ())
        self.out.sites.append(Site(node, self.point, self.label, self.cell, binds, self.swallowed, self.loops))
        if isinstance(node.func, ast.Attribute) and node.func.attr in _FILLS:
            self.filled(node)
        return [*(k.value for k in reversed(node.keywords)), *reversed(node.args), node.func]

    def filled(self, node: ast.Call) -> None:
        """Note what a method puts into a named container or onto the import path."""
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Attribute(value=ast.Name(id="sys"), attr="path"), attr="insert" | "append"
                ),
                args=[*_, value],
            ):
                self.out.paths.append((value, self.point))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append" | "add"), args=[value]):
                self.scope.contents.setdefault(name, []).append((None, value, self.point))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update"), args=args, keywords=keywords):
                pairs = [(k, v) for a in args if isinstance(a, ast.Dict) for k, v in zip(a.keys, a.values, strict=True)]
                pairs += [(ast.Constant(k.arg), k.value) for k in keywords if k.arg]
                self.scope.contents.setdefault(name, []).extend((k, v, self.point) for k, v in pairs)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="setdefault"), args=[key, value]):
                self.scope.contents.setdefault(name, []).append((key, value, self.point))

    def comprehension(self, node: _Comprehension) -> Iterable[ast.AST]:
        """Walk a comprehension; its targets are seen within it only."""
        with self.arm(-self.next(), 0):
            for clause in node.generators:
                self.expression(clause.iter)
                self.bind(clause.target, clause.iter, how="element")
                for condition in clause.ifs:
                    self.expression(condition)
            self.out.inner[id(node)] = self.point
            parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
            for part in parts:
                self.expression(part)
        return ()

    def function_of(self, node: ast.Lambda) -> Iterable[ast.AST]:
        """Walk a lambda; its parameters are seen within it only."""
        for default in [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]:
            self.expression(default)
        with self.arm(-self.next(), 0):
            for argument in arguments(node.args):
                self.note(Binding(argument.arg, "unknown", self.point, argument))
            self.out.inner[id(node)] = self.point
            self.expression(node.body)
        return ()

    def annotation(self, node: ast.expr | None) -> None:
        """Note the names that an annotation reads; it calls nothing, and wires nothing in."""
        stack: list[ast.AST] = [node] if node is not None else []
        while stack:
            part = stack.pop()
            if isinstance(part, ast.Name):
                self.out.reads.add(part.id)
                self.out.annotated.add(part.id)
            elif isinstance(part, ast.Attribute):
                self.out.annotated.add(part.attr)
                stack.append(part.value)
            elif isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) <= 200:
                tree = parse(part.value.strip()).tree
                stack.extend(n for n in (ast.walk(tree) if tree else ()) if isinstance(n, ast.Name))
            else:
                stack.extend(_children(part))


_EXPRESSIONS: dict[type[ast.AST], Callable[[Expressions, Any], Iterable[ast.AST]]] = {
    ast.Name: Expressions.name,
    ast.Constant: Expressions.constant,
    ast.Attribute: Expressions.attribute,
    ast.Call: Expressions.call,
    ast.ListComp: Expressions.comprehension,
    ast.SetComp: Expressions.comprehension,
    ast.GeneratorExp: Expressions.comprehension,
    ast.DictComp: Expressions.comprehension,
    ast.Lambda: Expressions.function_of,
    ast.JoinedStr: Expressions.joined,
    ast.BinOp: Expressions.binary,
    ast.NamedExpr: Expressions.named,
    ast.BoolOp: Expressions.either,
    ast.IfExp: Expressions.chosen,
    ast.Yield: Expressions.yielded,
    ast.YieldFrom: Expressions.yielded,
}


def arguments(node: ast.arguments) -> list[ast.arg]:
    """Return all parameters, in order."""
    rest = [a for a in (node.vararg, node.kwarg) if a is not None]
    return [*node.posonlyargs, *node.args, *node.kwonlyargs, *rest]


def _has_text(node: ast.BinOp) -> bool:
    """Whether a string stands at the end of a chain of operators, or next to its last one."""
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, _GLUE):
        right, left = left.right, left.left
        if _is_text(right):
            return True
    return _is_text(left)


def _is_text(node: ast.expr) -> bool:
    return type(node) is ast.JoinedStr or (type(node) is ast.Constant and isinstance(node.value, str))


def _children(node: ast.AST) -> list[ast.AST]:
    """Return the expressions within ``node``, the last first."""
    found: list[ast.AST] = []
    for name in _FIELDS.get(type(node), ()):
        value = getattr(node, name)
        if isinstance(value, list):
            found.extend(v for v in value if isinstance(v, ast.AST))
        elif isinstance(value, ast.AST):
            found.append(value)
    found.reverse()
    return found
