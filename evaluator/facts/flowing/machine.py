"""What happens when a program is followed statement by statement, through its own functions, classes and cells?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from evaluator.facts.flowing import columns, indexing, operations
from evaluator.facts.flowing.calling import Calling
from evaluator.facts.flowing.events import Choice
from evaluator.facts.flowing.state import DEPTH, TIMES, Env
from evaluator.facts.flowing.trainings import descended
from evaluator.facts.flowing.values import Value, constant, gathered, join, nothing
from evaluator.facts.python.scopes import GUARD, Scope
from evaluator.facts.python.statements import is_guard

_HELD_OUT = {"val": "val", "valid": "val", "validation": "val", "dev": "val", "test": "test", "holdout": "test"}
_TRAINING = frozenset({"train", "training", "tr"})
_PLACES = (ast.Name, ast.Attribute, ast.Subscript)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Machine(Calling):
    """Follows programs: one method for each kind of statement. What happens is in ``log``."""

    def start(self, path: str) -> None:
        """Run a module as a script or notebook."""
        self.log.run = path
        self.modules[path] = self._run(path, guard=True)

    def module(self, path: str) -> Env:
        """Return the names of a module after it was imported."""
        if path not in self.modules:
            self.modules[path] = Env(walked=self.names.finder.scope(path).walked)
            self.modules[path] = self._run(path, guard=False)
        return self.modules[path]

    def _run(self, path: str, *, guard: bool) -> Env:
        source = self.names.modules.sources[path]
        env = Env(walked=source.walked)
        self.modules[path] = env
        before, self.guarded = self.guarded, guard
        for unit in source.units:
            env.cell = unit.cell
            self.body(unit.tree.body, env)
        self.guarded = before
        return env

    def enter(self, scope: Scope, args: list[Value], keywords: dict[str, Value], this: Value | None = None) -> Value:
        """Follow a call of one of the project's own functions."""
        deep = len(self.stack) >= DEPTH or scope in self.stack or self.entered.get(scope, 0) >= TIMES
        node = scope.node
        if deep or self.left <= 0 or not isinstance(node, _Function):
            found = [gathered(v) for v in (*args, *keywords.values())]
            rows = [f for f in found if f.rows]
            return join(rows).copy() if rows else nothing()
        self.entered[scope] = self.entered.get(scope, 0) + 1
        self.stack.append(scope)
        around = self.closures.get(scope) or self.module(scope.walked.path)
        env = Env(walked=scope.walked, parent=around, label=scope.label, cell=scope.cell, this=this)
        operations.bound(self, node, args if this is None else [this, *args], keywords, env)
        nested, self.nested = self.nested, 0
        self.body(node.body, env)
        self.nested = nested
        self.stack.pop()
        if env.yields:
            return Value(items={}, rest=join(env.yields))
        return join(env.results) if env.results else nothing()

    def body(self, statements: Sequence[ast.stmt], env: Env) -> bool:
        """Follow statements; return whether nothing after them runs."""
        for statement in statements:
            if isinstance(statement, (ast.Break, ast.Continue)):
                return False
            handler = _STATEMENTS.get(type(statement))
            if handler is not None and self.left > 0 and handler(self, statement, env):
                return True
        return False

    def expr(self, statement: ast.Expr, env: Env) -> None:
        self.eval(statement.value, env)

    def assign(self, statement: ast.Assign, env: Env) -> None:
        value = self.eval(statement.value, env)
        if id(statement) in self.descents:
            descended(self, value, self.spot(statement, env, "gradient step"))
        for target in statement.targets:
            self.bind(target, value, env)

    def ann_assign(self, statement: ast.AnnAssign, env: Env) -> None:
        if statement.value is not None:
            self.bind(statement.target, self.eval(statement.value, env), env)

    def aug_assign(self, statement: ast.AugAssign, env: Env) -> None:
        before, more = self.eval(statement.target, env), self.eval(statement.value, env)
        spot = self.spot(statement, env, "arithmetic")
        if id(statement) in self.descents:
            descended(self, more, spot._replace(name="gradient step"))
        self.bind(statement.target, operations.binary(self, before, statement.op, more, spot), env)

    def bind(self, target: ast.expr, value: Value, env: Env) -> None:
        match target:
            case ast.Name(id=name):
                self._called(name, value)
                env.set(name, value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                star = next((i for i, p in enumerate(parts) if isinstance(p, ast.Starred)), None)
                for index, part in enumerate(parts):
                    if isinstance(part, ast.Starred):
                        self.bind(part.value, value, env)
                    else:
                        self.bind(part, operations.unpacked(value, index, len(parts), star), env)
            case ast.Attribute(value=inner, attr=attr):
                self._bind_attribute(self.eval(inner, env), attr, value, env)
            case ast.Subscript(value=inner, slice=index):
                held = self.eval(inner, env)
                indexing.store(held, index, self.key(index, env), value, env)
            case ast.Starred(value=inner):
                self.bind(inner, value, env)

    def _bind_attribute(self, owner: Value, attr: str, value: Value, env: Env) -> None:
        if owner.rows and owner.items is None:
            if attr == "columns":
                owner.columns, owner.base, owner.blurred = {}, None, True
            elif attr not in {"index", "name"}:
                indexing.store(owner, ast.Constant(attr), constant(attr), value, env)
            return
        if owner.path.startswith("module:"):
            self.module(owner.path.removeprefix("module:")).set(attr, value)
            return
        self._called(attr, value)
        owner.items = owner.items if owner.items is not None else {}
        before = owner.items.get(attr) if env.weak else None
        owner.items[attr] = join([value, before]) if before is not None and before is not value else value

    def _called(self, name: str, value: Value) -> None:
        """Note what the author calls rows."""
        words = name.lower().strip("_").replace("xtest", "test").replace("xval", "val").split("_")
        said = {_HELD_OUT[w] for w in words if w in _HELD_OUT}
        if len(said) == 1 and not _TRAINING.intersection(words):
            found = value if value.rows else gathered(value) if value.parts() else value
            for row in found.rows:
                self.log.called.setdefault(row, set()).update(said)

    def delete(self, statement: ast.Delete, env: Env) -> None:
        for target in statement.targets:
            if isinstance(target, ast.Subscript):
                held = self.eval(target.value, env)
                if held.rows:
                    columns.drop(held, self.key(target.slice, env).texts())
            elif isinstance(target, ast.Name):
                env.names.pop(target.id, None)

    def for_(self, statement: ast.For | ast.AsyncFor, env: Env) -> None:
        value = self.eval(statement.iter, env)
        for part in operations.rounds(value):
            self.bind(statement.target, part, env)
            self.body(statement.body, env)
        self.body(statement.orelse, env)

    def while_(self, statement: ast.While, env: Env) -> None:
        self.eval(statement.test, env)
        self.body(statement.body, env)
        self.body(statement.orelse, env)

    def if_(self, statement: ast.If, env: Env) -> bool:
        if env.parent is None and is_guard(statement):
            return self._guard(statement, env)
        test = self.eval(statement.test, env)
        said = operations.truth(test)
        if said is not None:
            return self.body(statement.body if said else statement.orelse, env)
        if test.scored and _keeps(statement):
            spot = self.spot(statement, env, "if the score is better")
            self.log.choose(Choice(spot, test.scored, "what is kept is chosen by the score"))
        return self._arms([statement.body, statement.orelse], env)

    def _guard(self, statement: ast.If, env: Env) -> bool:
        if self.guarded:
            env.label = GUARD
            self.body(statement.body, env)
            env.label = ""
        return False

    def _arms(self, arms: Iterable[Sequence[ast.stmt]], env: Env) -> bool:
        """Follow each arm from the same names; afterwards a name holds what any of them left, if it does not end."""
        before, kept = dict(env.names), list[dict[str, Value]]()
        env.weak += 1
        for arm in arms:
            env.names = dict(before)
            if not self.body(arm, env):
                kept.append(env.names)
        env.weak -= 1
        if not kept:
            env.names = before
            return True
        names = dict.fromkeys(name for held in kept for name in held)
        env.names = {name: join(held[name] for held in kept if name in held) for name in names}
        return False

    def try_(self, statement: ast.Try, env: Env) -> bool:
        ended = self.body(statement.body, env)
        for handler in statement.handlers:
            self._arms([handler.body, ()], env)
        if not ended:
            ended = self.body(statement.orelse, env)
        return self.body(statement.finalbody, env) or (ended and not statement.handlers)

    def with_(self, statement: ast.With | ast.AsyncWith, env: Env) -> bool:
        for item in statement.items:
            value = self.eval(item.context_expr, env)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value, env)
        return self.body(statement.body, env)

    def match(self, statement: ast.Match, env: Env) -> bool:
        self.eval(statement.subject, env)
        return self._arms([case.body for case in statement.cases], env)

    def return_(self, statement: ast.Return, env: Env) -> bool:
        if statement.value is not None:
            env.results.append(self.eval(statement.value, env))
        return True

    def stop(self, statement: ast.stmt, env: Env) -> bool:
        del statement, env
        return True

    def outer(self, statement: ast.Global | ast.Nonlocal, env: Env) -> None:
        env.outer |= set(statement.names)

    def function_(self, node: _Function | ast.ClassDef, env: Env) -> None:
        scope = self.scopes.get(id(node))
        if scope is not None:
            self.closures[scope] = env
            made = Value(scope=scope)
            env.set(node.name, made)
            if isinstance(node, ast.ClassDef):
                for statement in node.body:
                    if isinstance(statement, _Function) and id(statement) in self.scopes:
                        self.closures[self.scopes[id(statement)]] = env

    def import_(self, statement: ast.Import | ast.ImportFrom, env: Env) -> None:
        for made in self.imports.get(id(statement), ()):
            if made.name != "*":
                env.set(made.bound, self.imported(made, env))


def _keeps(statement: ast.If) -> bool:
    """Whether a condition's arm renews what the condition compares with: the best so far, not a fixed bound."""
    compared = {ast.unparse(n) for n in ast.walk(statement.test) if isinstance(n, _PLACES)}
    return any(
        ast.unparse(target) in compared
        for inner in statement.body
        if isinstance(inner, ast.Assign)
        for part in inner.targets
        for target in (part.elts if isinstance(part, ast.Tuple) else [part])
        if isinstance(target, _PLACES)
    )


_STATEMENTS: dict[type[ast.AST], Callable[[Any, Any, Env], bool | None]] = {
    ast.Expr: Machine.expr,
    ast.Assign: Machine.assign,
    ast.AnnAssign: Machine.ann_assign,
    ast.AugAssign: Machine.aug_assign,
    ast.Delete: Machine.delete,
    ast.For: Machine.for_,
    ast.AsyncFor: Machine.for_,
    ast.While: Machine.while_,
    ast.If: Machine.if_,
    ast.Try: Machine.try_,
    ast.TryStar: Machine.try_,
    ast.With: Machine.with_,
    ast.AsyncWith: Machine.with_,
    ast.Match: Machine.match,
    ast.Return: Machine.return_,
    ast.Raise: Machine.stop,
    ast.Global: Machine.outer,
    ast.Nonlocal: Machine.outer,
    ast.FunctionDef: Machine.function_,
    ast.AsyncFunctionDef: Machine.function_,
    ast.ClassDef: Machine.function_,
    ast.Import: Machine.import_,
    ast.ImportFrom: Machine.import_,
}
