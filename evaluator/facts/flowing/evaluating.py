"""What does an expression give: constants, rows, parts of containers, things of libraries?"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable
from typing import Any

from evaluator.facts.flowing import fitted, indexing, operations
from evaluator.facts.flowing.state import NESTED, Env, State
from evaluator.facts.flowing.values import Value, constant, container, gathered, join, nothing
from evaluator.facts.python import members
from evaluator.facts.python.scopes import Scope

_BUILTINS = frozenset(dir(builtins))
_TEXT_LIMIT = 300
_OPTIONS = frozenset({"cfg", "config", "conf", "params", "settings", "hparams", "configs", "configuration", "self"})


class Evaluating(State):
    """Evaluates expressions: one method for each kind. ``call``, ``enter``, ``module`` and ``bind`` are the machine's."""

    nested = 0

    def call(self, node: ast.Call, env: Env) -> Value:
        """Return what a call gives."""
        raise NotImplementedError

    def enter(self, scope: Scope, args: list[Value], keywords: dict[str, Value], this: Value | None = None) -> Value:
        """Return what a call of one of the project's own functions gives."""
        raise NotImplementedError

    def module(self, path: str) -> Env:
        """Return the names of one of the project's modules after it was imported."""
        raise NotImplementedError

    def eval(self, node: ast.expr, env: Env) -> Value:
        """Return what ``node`` gives."""
        handler = _HANDLERS.get(type(node))
        if handler is None or self.left <= 0 or self.nested >= NESTED:
            return nothing()
        self.left -= 1
        self.nested += 1
        made = handler(self, node, env)
        self.nested -= 1
        return made

    def name(self, node: ast.Name, env: Env) -> Value:
        found = env.get(node.id)
        if found is not None:
            return found
        for made in reversed(env.walked.stars):
            path = self.names.finder.file(made, env.walked.path)
            if path is not None and path != env.walked.path:
                inside = self.module(path).names.get(node.id)
                if inside is not None:
                    return inside
        if node.id in _BUILTINS:
            return Value(path=node.id)
        if env.walked.stars:
            known = members.starred(self.names, node.id, env.walked, 8)
            return Value(path=getattr(known[0], "path", "")) if known else nothing()
        fresh = nothing()
        env.set(node.id, fresh)
        return fresh

    def attribute(self, node: ast.Attribute, env: Env) -> Value:
        return self.member(self.eval(node.value, env), node.attr, node, env)

    def member(self, value: Value, attr: str, node: ast.expr, env: Env) -> Value:
        """Return ``value.attr``."""
        if value.path.startswith("module:"):
            return self.module(value.path.removeprefix("module:")).get(attr) or nothing()
        if value.scope is not None and value.scope.kind == "class":
            return self._of_own(value, attr)
        if value.rows:
            return indexing.attribute(value, attr)
        if value.trainings and (attr.endswith("_") or attr in {"best_params", "feature_importance"}):
            return operations.of_a_model(value, attr, self.spot(node, env, attr))
        if value.learned and attr in {"support_", "ranking_", "scores_", "pvalues_"}:
            return fitted.chosen_by(value)
        if value.statistics or value.scored:
            return value
        if value.items is not None and attr in value.items:
            return value.items[attr]
        if value.path and not value.path.startswith(("path:", "index")):
            return Value(path=f"{value.path}.{attr}", trainings=value.trainings, inside=value.inside, owner=value)
        return _option(node)

    def _of_own(self, value: Value, attr: str) -> Value:
        """Return an attribute of an own object: what was stored, a class's constant, or a property's result."""
        if value.items is not None and attr in value.items:
            return value.items[attr]
        if value.scope is None:
            return nothing()
        method = members.method(self.names, value.scope, attr)
        if method is not None:
            if operations.is_property(method):
                return self.enter(method, [], {}, value)
            return Value(scope=method, items={"self": value} if value.instance else None)
        for base in members.bases(self.names, value.scope):
            if isinstance(base, Scope):
                found = [b for b in base.bindings.get(attr, []) if b.how == "value" and b.expr is not None]
                if found and found[-1].expr is not None:
                    return self.eval(found[-1].expr, self.module(base.walked.path))
        if value.instance and value.items is not None and attr not in value.items:
            value.items[attr] = nothing()
            return value.items[attr]
        return nothing()

    def subscript(self, node: ast.Subscript, env: Env) -> Value:
        value = self.eval(node.value, env)
        said = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
        known = value.rows or value.parts() or value.statistics or value.scored or value.picks or value.path
        if said and not known:
            return _option(node)
        first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
        if isinstance(first, ast.Slice) and (value.rows or value.path == "index"):
            if value.rows and self._moved_by(first, env) == "index":
                made = value.copy()
                made.series |= {self.spot(node, env, "window")}
                return made
            if self._moved_by(first, env) == "index:strides" or _is_batch(first):
                return value
        key = self.key(node.slice, env)
        if key.picks is not None:
            self.log.taken.add(key.picks)
        return indexing.item(value, node.slice, key)

    def _moved_by(self, bounds: ast.Slice, env: Env) -> str:
        """Return what moves both bounds together: each index in turn, by which ``rows[i - 60 : i]`` is a window, or strides."""
        sides = [{n.id for n in ast.walk(b) if isinstance(n, ast.Name)} for b in (bounds.lower, bounds.upper) if b]
        moving = sides[0] & sides[1] if len(sides) == 2 else set()
        found = {held.path for name in moving if (held := env.get(name)) is not None}
        return next((path for path in ("index", "index:strides") if path in found), "")

    def key(self, index: ast.expr, env: Env) -> Value:
        """Return an index's value; for a tuple, a container of its parts."""
        if isinstance(index, ast.Slice):
            for bound in (index.lower, index.upper):
                if bound is not None:
                    self.eval(bound, env)
            return nothing()
        return self.eval(index, env)

    def display(self, node: ast.List | ast.Tuple | ast.Set, env: Env) -> Value:
        parts: list[Value] = []
        rest: list[Value] = []
        for part in node.elts[:400]:
            if isinstance(part, ast.Starred):
                inner = self.eval(part.value, env)
                parts += inner.items.values() if inner.items is not None and inner.rest is None else ()
                rest += [] if inner.items is not None and inner.rest is None else [operations.element(inner)]
            else:
                parts.append(self.eval(part, env))
        made = container(parts)
        made.rest = join(rest) if rest else None
        return made

    def dictionary(self, node: ast.Dict, env: Env) -> Value:
        made = Value(items={})
        for key, value in list(zip(node.keys, node.values, strict=True))[:400]:
            held = self.eval(value, env)
            if key is None:
                operations.update(made, held)
                continue
            known = self.eval(key, env).constants
            if len(known) == 1 and made.items is not None:
                made.items[known[0]] = held
            else:
                made.rest = join([made.rest, held]) if made.rest is not None else held
        return made

    def constant(self, node: ast.Constant, _: Env) -> Value:
        return constant(node.value) if node.value is not ... else nothing()

    def text(self, node: ast.JoinedStr, env: Env) -> Value:
        said = [""]
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            found = [str(c) for c in self.eval(inner, env).constants][:8] or ["*"]
            said = [a + b for a in said for b in found][:8]
        return constant(*(s[:_TEXT_LIMIT] for s in said))

    def binary(self, node: ast.BinOp, env: Env) -> Value:
        left, right = self.eval(node.left, env), self.eval(node.right, env)
        return operations.binary(self, left, node.op, right, self.spot(node, env, "arithmetic"))

    def unary(self, node: ast.UnaryOp, env: Env) -> Value:
        value = self.eval(node.operand, env)
        if isinstance(node.op, ast.USub) and all(isinstance(c, (int, float)) for c in value.constants):
            negative = tuple(-c for c in value.constants if isinstance(c, (int, float)))
            return constant(*negative) if negative else value
        if isinstance(node.op, ast.Not):
            return constant(*(not c for c in value.constants)) if value.constants else nothing()
        return value

    def compare(self, node: ast.Compare, env: Env) -> Value:
        sides = [self.eval(node.left, env), *(self.eval(c, env) for c in node.comparators)]
        return operations.compared(self, node, sides, self.spot(node, env, "comparison"))

    def boolean(self, node: ast.BoolOp, env: Env) -> Value:
        return join(self.eval(v, env) for v in node.values)

    def either(self, node: ast.IfExp, env: Env) -> Value:
        said = operations.truth(self.eval(node.test, env))
        if said is not None:
            return self.eval(node.body if said else node.orelse, env)
        return join([self.eval(node.body, env), self.eval(node.orelse, env)])

    def function(self, node: ast.Lambda, env: Env) -> Value:
        made = Value(function=node)
        self.lambdas[id(node)] = env
        return made

    def inner(self, node: ast.Await | ast.Starred, env: Env) -> Value:
        return self.eval(node.value, env)

    def yielded(self, node: ast.Yield | ast.YieldFrom, env: Env) -> Value:
        if node.value is not None:
            value = self.eval(node.value, env)
            env.yields.append(operations.element(value) if isinstance(node, ast.YieldFrom) else value)
        return nothing()

    def named(self, node: ast.NamedExpr, env: Env) -> Value:
        value = self.eval(node.value, env)
        self.bind(node.target, value, env)
        return value

    def bind(self, target: ast.expr, value: Value, env: Env) -> None:
        """Give a target its value."""
        raise NotImplementedError

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, env: Env) -> Value:
        inner = Env(walked=env.walked, parent=env, label=env.label, cell=env.cell, this=env.this, weak=env.weak)
        tests: list[Value] = []
        for clause in node.generators:
            looped = self.eval(clause.iter, inner)
            if looped.names_of is not None:
                return indexing.names_left(self, looped, clause, inner)
            self.bind(clause.target, operations.element(looped), inner)
            tests += [self.eval(c, inner) for c in clause.ifs]
        if isinstance(node, ast.DictComp):
            keys, held = self.eval(node.key, inner), self.eval(node.value, inner)
            return Value(items=dict.fromkeys(keys.constants, held), rest=None if keys.constants else held)
        held = self.eval(node.elt, inner)
        env.yields += inner.yields
        if held.constants and not held.rows and not held.parts():
            return container(constant(c) for c in held.constants)
        found = gathered(join(tests)) if tests else nothing()
        if found.every_lesson and held.rows:
            held = held.copy()
            held.learn(found.every_lesson)
        return Value(items={}, rest=held)


def _is_batch(bounds: ast.Slice) -> bool:
    """Whether the author calls what lies between the bounds a batch: by turns, batches are all of the rows."""
    inside = [n for b in (bounds.lower, bounds.upper) if b is not None for n in ast.walk(b)]
    return any("batch" in getattr(n, "id", getattr(n, "attr", "")).lower() for n in inside)


def _option(node: ast.expr) -> Value:
    """Return what a setting holds: unknown, and the same wherever the setting's name is."""
    parts: list[str] = []
    inner: ast.expr = node
    while isinstance(inner, (ast.Attribute, ast.Subscript)):
        if isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
        elif isinstance(inner.slice, ast.Constant) and isinstance(inner.slice.value, str):
            parts.append(inner.slice.value)
        else:
            return nothing()
        inner = inner.value
    if isinstance(inner, ast.Name) and inner.id.lower().strip("_") in _OPTIONS:
        return Value(path="path:" + "<" + ".".join(reversed(parts)) + ">")
    return nothing()


def every(values: Iterable[Value]) -> Value:
    """Return all rows, lessons and statistics of ``values``."""
    return gathered(container(values))


_HANDLERS: dict[type[ast.AST], Callable[[Any, Any, Env], Value]] = {
    ast.Name: Evaluating.name,
    ast.Attribute: Evaluating.attribute,
    ast.Subscript: Evaluating.subscript,
    ast.Call: lambda machine, node, env: machine.call(node, env),
    ast.List: Evaluating.display,
    ast.Tuple: Evaluating.display,
    ast.Set: Evaluating.display,
    ast.Dict: Evaluating.dictionary,
    ast.Constant: Evaluating.constant,
    ast.JoinedStr: Evaluating.text,
    ast.BinOp: Evaluating.binary,
    ast.UnaryOp: Evaluating.unary,
    ast.Compare: Evaluating.compare,
    ast.BoolOp: Evaluating.boolean,
    ast.IfExp: Evaluating.either,
    ast.Lambda: Evaluating.function,
    ast.Await: Evaluating.inner,
    ast.Starred: Evaluating.inner,
    ast.Yield: Evaluating.yielded,
    ast.YieldFrom: Evaluating.yielded,
    ast.NamedExpr: Evaluating.named,
    ast.ListComp: Evaluating.comprehension,
    ast.SetComp: Evaluating.comprehension,
    ast.GeneratorExp: Evaluating.comprehension,
    ast.DictComp: Evaluating.comprehension,
}
