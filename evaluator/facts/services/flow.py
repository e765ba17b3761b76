"""Does what one expression gives reach what a function answers, or what a page shows?

Forward, within each scope, statement by statement: through assignments, loops, branches that depend on it, containers
and attributes; then up through the callers of functions that return it. What is only logged, thrown away or overwritten
goes nowhere.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from evaluator.facts.python.names import Names
from evaluator.facts.python.scopes import Scope, Site
from evaluator.facts.python.values import Known
from evaluator.facts.services.makers import body

_ROUNDS = 4
_SCOPES = 4_000
_FILLS = frozenset({"append", "extend", "insert", "add", "update", "setdefault", "put", "appendleft", "push"})


class Outcome(NamedTuple):
    """What becomes of it in one scope.

    Attributes:
        returned: It is returned, yielded or kept on an object. shown: It is given to a call that is a statement.
    """

    returned: bool = False
    shown: bool = False

    @property
    def used(self) -> bool:
        """Whether it leaves the scope."""
        return self.returned or self.shown


@dataclass
class _State:
    seeds: set[int]
    held: set[str]
    returned: bool = False
    shown: bool = False
    globals: set[str] = field(default_factory=set)


class Flow:
    """Answers for one project."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.roles = names.libraries.roles

    def outcomes(self, starts: Iterable[tuple[Scope, ast.expr]]) -> dict[Scope, Outcome]:
        """Return what becomes of ``starts`` (the scope that each stands in, and itself), by scope, callers included."""
        seeds: dict[Scope, set[int]] = {}
        held: dict[Scope, set[str]] = {}
        for scope, node in starts:
            seeds.setdefault(scope, set()).add(id(node))
        found: dict[Scope, Outcome] = {}
        todo = list(seeds)
        left = _SCOPES
        while todo and left > 0:
            scope = todo.pop()
            left -= 1
            state = self._through(scope, seeds.get(scope, set()), held.get(scope, set()))
            before = found.get(scope, Outcome())
            found[scope] = Outcome(state.returned, state.shown or before.shown)
            todo += self._spread(scope, state, seeds, held)
            if state.returned and not before.returned:
                for caller, node in self._callers(scope):
                    if id(node) not in seeds.setdefault(caller, set()):
                        seeds[caller].add(id(node))
                        todo.append(caller)
        self._shown_by_callers(found)
        return found

    def _shown_by_callers(self, found: dict[Scope, Outcome]) -> None:
        """Say of whoever calls a function that shows it, that it shows it too."""
        todo = [scope for scope, outcome in found.items() if outcome.shown and scope.kind == "function"]
        while todo:
            for caller, _ in self._callers(todo.pop()):
                before = found.get(caller, Outcome())
                if not before.shown and len(found) < _SCOPES:
                    found[caller] = Outcome(before.returned, shown=True)
                    todo += [caller] if caller.kind == "function" else []

    def _spread(
        self, scope: Scope, state: _State, seeds: dict[Scope, set[int]], held: dict[Scope, set[str]]
    ) -> list[Scope]:
        """Return the functions of a module that read what it, or a ``global`` statement, keeps in a global variable."""
        kept = state.held if scope.kind == "module" else state.globals
        plain = {name for name in kept if "." not in name}
        if not plain:
            return []
        more = []
        for other in scope.walked.definitions():
            mentions = scope.walked.mentions.get(other.label)
            if other is scope or other.kind != "function" or mentions is None:
                continue
            read = {n for n in plain if n in mentions.names and n not in other.bindings}
            if read - held.setdefault(other, set()):
                held[other] |= read
                seeds.setdefault(other, set())
                more.append(other)
        return more

    def _callers(self, scope: Scope) -> list[tuple[Scope, ast.expr]]:
        """Return who calls ``scope``, hands it to something that calls it, or calls what bears its name on something unknown."""
        found: list[tuple[Scope, ast.expr]] = [(s.point.scope, s.node) for s, _ in self.names.callers.get(scope, [])]
        name = scope.label.rpartition(".")[2]
        handed = [s for s in self._handed.get(name, ())[:40] if self._hands(s, scope)]
        found += [(site.point.scope, site.node) for site in handed]
        if scope.owner is not None:
            method = "__call__" if name == "__call__" else f".{name}"
            found += [(site.point.scope, site.node) for site in self._unknown.get(method, ())[:40]]
        return found

    def _hands(self, site: Site, scope: Scope) -> bool:
        for given in (*site.node.args, *(k.value for k in site.node.keywords)):
            if isinstance(given, (ast.Name, ast.Attribute)):
                values = self.names.values(given, site.point)
                if any(isinstance(v, Known) and v.target is scope and not v.instance for v in values):
                    return True
        return False

    @cached_property
    def _handed(self) -> dict[str, list[Site]]:
        """Calls by the names of what they are given."""
        found: dict[str, list[Site]] = {}
        for walked in self.names.walked:
            for site in walked.sites:
                for given in (*site.node.args, *(k.value for k in site.node.keywords)):
                    last = (
                        given.id
                        if isinstance(given, ast.Name)
                        else given.attr
                        if isinstance(given, ast.Attribute)
                        else ""
                    )
                    if last:
                        found.setdefault(last, []).append(site)
        return found

    @cached_property
    def _unknown(self) -> dict[str, list[Site]]:
        """Calls of methods of something unknown, by ``.name``."""
        found: dict[str, list[Site]] = {}
        for walked in self.names.walked:
            for site in walked.sites:
                named = self.names.called(site.node)
                if named.target is None and isinstance(site.node.func, ast.Attribute) and _is_open(named.name):
                    found.setdefault(f".{site.node.func.attr}", []).append(site)
        return found

    # one scope

    def _through(self, scope: Scope, seeds: set[int], held: set[str]) -> _State:
        state = _State(seeds=seeds, held=set(held))
        statements = body(self.names, scope)
        for _ in range(_ROUNDS):
            before = len(state.held)
            self._block(statements, state, scope, depends=False, top=True)
            if len(state.held) == before:
                break
        return state

    def _block(self, block: list[ast.stmt], state: _State, scope: Scope, *, depends: bool, top: bool = False) -> None:
        for statement in block:
            self._statement(statement, state, scope, depends=depends, top=top)

    def _statement(self, statement: ast.stmt, state: _State, scope: Scope, *, depends: bool, top: bool) -> None:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return
            case ast.Assign(targets=targets, value=value):
                self._assign(targets, value, state, scope, depends=depends, top=top)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign([target], value, state, scope, depends=depends, top=top)
            case ast.AugAssign(target=target, value=value) if depends or self._has(value, state):
                self._hold(target, state, scope)
            case ast.Return(value=ast.expr() as value) if depends or self._has(value, state):
                state.returned = True
            case ast.Expr(value=value):
                self._shown(value, state, depends=depends)
            case _:
                self._compound(statement, state, scope, depends=depends)

    def _compound(self, statement: ast.stmt, state: _State, scope: Scope, *, depends: bool) -> None:
        """Go through a statement that holds others: what it loops over, opens or decides by counts for them."""
        match statement:
            case ast.For(target=target, iter=looped) | ast.AsyncFor(target=target, iter=looped):
                if self._has(looped, state):
                    self._hold(target, state, scope)
            case ast.If(test=test) | ast.While(test=test):
                depends = depends or self._decides(test, state)
            case ast.Match(subject=subject):
                depends = depends or self._has(subject, state)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    if item.optional_vars is not None and self._has(item.context_expr, state):
                        self._hold(item.optional_vars, state, scope)
        self._below(statement, state, scope, depends=depends)

    def _below(self, statement: ast.stmt, state: _State, scope: Scope, *, depends: bool) -> None:
        for part in ("body", "orelse", "finalbody"):
            self._block(getattr(statement, part, []), state, scope, depends=depends)
        for handler in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            self._block(handler.body, state, scope, depends=depends)

    def _assign(
        self, targets: list[ast.expr], value: ast.expr, state: _State, scope: Scope, *, depends: bool, top: bool
    ) -> None:
        if depends or self._has(value, state):
            for target in targets:
                self._hold(target, state, scope)
        elif top:
            state.held -= {t.id for t in targets if isinstance(t, ast.Name)}

    def _hold(self, target: ast.expr, state: _State, scope: Scope) -> None:
        match target:
            case ast.Name(id=name):
                state.held.add(name)
                if name in scope.outer:
                    state.globals.add(name)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._hold(part, state, scope)
            case ast.Starred(value=inner) | ast.Subscript(value=inner):
                self._hold(inner, state, scope)
            case ast.Attribute():
                state.held.add(_dotted(target))
                state.returned = True

    def _shown(self, value: ast.expr, state: _State, *, depends: bool) -> None:
        inner = value.value if isinstance(value, ast.Await) else value
        if isinstance(inner, (ast.Yield, ast.YieldFrom)):
            if inner.value is not None and (depends or self._has(inner.value, state)):
                state.returned = True
        elif isinstance(inner, ast.Call):
            given = [*inner.args, *(k.value for k in inner.keywords)]
            touched = depends or any(self._has(g, state) for g in given)
            if isinstance(inner.func, ast.Attribute) and self._has(inner.func.value, state):
                touched = touched or inner.func.attr not in _FILLS
            if not touched or self._only_logs(inner):
                return
            if isinstance(inner.func, ast.Attribute) and inner.func.attr in _FILLS:
                root = inner.func.value
                state.held.add(_dotted(root) if isinstance(root, ast.Attribute) else getattr(root, "id", ""))
            else:
                state.shown = True
        elif self._has(inner, state) and not isinstance(inner, ast.Constant):
            state.shown = not isinstance(inner, ast.Name) or state.shown

    def _only_logs(self, call: ast.Call) -> bool:
        named = self.names.called(call)
        if "logs" in self.roles(named.name):
            return True
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr in {
            "debug",
            "info",
            "warning",
            "error",
            "exception",
            "critical",
        }:
            root = func.value
            said = root.id if isinstance(root, ast.Name) else root.attr if isinstance(root, ast.Attribute) else ""
            return "log" in said.lower()
        return False

    def _decides(self, test: ast.expr, state: _State) -> bool:
        """Whether a condition depends on it; that it is there at all decides nothing."""
        if isinstance(test, ast.Compare) and any(isinstance(op, (ast.Is, ast.IsNot)) for op in test.ops):
            return False
        return self._has(test, state)

    def _has(self, expr: ast.expr, state: _State) -> bool:
        for node in ast.walk(expr):
            if id(node) in state.seeds:
                return True
            if isinstance(node, ast.Name):
                if node.id in state.held:
                    return True
            elif isinstance(node, ast.Attribute) and state.held and _dotted(node) in state.held:
                return True
        return False


def _is_open(name: str) -> bool:
    """Whether a method's owner is unknown: nothing, or the result of something."""
    return name.startswith((".", "fastapi.", "flask.", "streamlit.", "starlette.")) or "()" in name or "[]" in name


def _dotted(expr: ast.expr) -> str:
    match expr:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=attr):
            return f"{_dotted(inner)}.{attr}"
        case ast.Subscript(value=inner):
            return _dotted(inner)
    return ""
