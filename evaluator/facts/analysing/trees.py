"""What stands around an expression, and where is a name read again?"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from evaluator.facts.python.modules import Source
from evaluator.facts.python.scopes import GUARD, Binding, Scope, off
from evaluator.facts.python.statements import is_guard

_OWN_NAMES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
READS = 60
"""Reads of one name or attribute that are followed."""
Position = tuple[int, int, int]


def _cells(source: Source) -> dict[int, int]:
    """Return by identity of each node of a notebook the number of its cell."""
    cells: dict[int, int] = {}
    cell: int | None = None
    roots = {id(unit.tree): unit.cell for unit in source.units}
    for node in source.nesting.nodes if source.kind == "notebook" else ():
        cell = roots.get(id(node), cell)
        if cell is not None:
            cells[id(node)] = cell
    return cells


class Grown:
    """One source's syntax trees with a way up, and an index of what is read; made on first use."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.scopes: dict[int, Scope] = {id(s.node): s for s in source.walked.scopes}
        self.parents = source.nesting.parents
        self.nodes = source.nesting.nodes
        self._cells = _cells(source)
        self._read_at: dict[str, dict[Scope, list[tuple[Position, ast.Name]]]] = {}
        self._bound: dict[tuple[Scope, str], list[tuple[Position, Position, Binding]]] = {}

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what holds ``node``, the nearest first."""
        current = self.parents.get(id(node))
        while current is not None:
            yield current
            current = self.parents.get(id(current))

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """Return the statement that ``node`` is, or is a part of."""
        return next((n for n in (node, *self.above(node)) if isinstance(n, ast.stmt)), None)

    def scope(self, node: ast.AST) -> Scope:
        """Return the function, class or module that ``node`` stands in."""
        for holder in self.above(node):
            if isinstance(holder, _OWN_NAMES) and id(holder) in self.scopes:
                return self.scopes[id(holder)]
        return self.source.walked.module

    def label(self, node: ast.AST) -> str:
        """Return the scope that ``node`` is reported under; see ``code.Call.scope``."""
        scope = self.scope(node)
        guarded = scope.kind == "module" and any(isinstance(n, ast.If) and is_guard(n) for n in self.above(node))
        label = GUARD if guarded else scope.label
        never = self.source.walked.off
        return off(label) if never and any(id(n) in never for n in (node, *self.above(node))) else label

    def cell(self, node: ast.AST) -> int | None:
        """Return the number of the cell that ``node`` stands in."""
        return self._cells.get(id(node))

    def position(self, node: ast.AST) -> Position:
        """Return where ``node`` stands, so that what comes later compares greater."""
        return (self.cell(node) or 0, getattr(node, "lineno", 0), getattr(node, "col_offset", 0))

    @cached_property
    def _reads(self) -> dict[str, list[ast.Name]]:
        found: dict[str, list[ast.Name]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.setdefault(node.id, []).append(node)
        return found

    @cached_property
    def _attributes(self) -> dict[str, list[ast.Attribute]]:
        found: dict[str, list[ast.Attribute]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.setdefault(node.attr, []).append(node)
        return found

    def reads_of(self, name: str, scope: Scope, since: ast.AST | None) -> Iterator[ast.Name]:
        """Yield where ``name``, as bound in ``scope`` by ``since``, is read before it is surely bound anew.

        ``since`` of None is the start of the scope: all that a parameter is read for.
        """
        start = self.position(since) if since is not None else (0, 0, 0)
        end = self._end(name, scope, start) if since is not None else None
        count = 0
        for home, reads in self._placed(name).items():
            if home is not scope and not self._sees(home, scope, name):
                continue
            first = bisect_left(reads, start, key=lambda pair: pair[0]) if home is scope else 0
            for at, node in islice(reads, first, None):
                if count == READS or (home is scope and end is not None and at > end):
                    break
                count += 1
                yield node

    def _placed(self, name: str) -> dict[Scope, list[tuple[Position, ast.Name]]]:
        """Return the reads of ``name`` by scope, in order, found once."""
        if name not in self._read_at:
            found: dict[Scope, list[tuple[Position, ast.Name]]] = {}
            for node in self._reads.get(name, ()):
                found.setdefault(self.scope(node), []).append((self.position(node), node))
            for reads in found.values():
                reads.sort(key=lambda pair: pair[0])
            self._read_at[name] = found
        return self._read_at[name]

    def reads_of_attribute(self, name: str) -> Iterator[ast.Attribute]:
        """Yield where an attribute called ``name`` is read."""
        yield from self._attributes.get(name, ())[:READS]

    def _end(self, name: str, scope: Scope, start: Position) -> Position | None:
        """Return where the name gets another value on every way from ``start``; the value is read before that."""
        key = (scope, name)
        if key not in self._bound:
            placed = ((self._bound_at(b), self._after(b.node), b) for b in scope.bindings.get(name, ()))
            self._bound[key] = sorted(placed, key=lambda triple: triple[:2])
        bindings = self._bound[key]
        later = bisect_right(bindings, start, key=lambda triple: triple[0])
        arms = set(bindings[later - 1][2].branch) if later else set()
        return next((after for _, after, b in islice(bindings, later, None) if set(b.branch) <= arms), None)

    def _bound_at(self, binding: Binding) -> Position:
        statement = self.statement(binding.node)
        return self.position(statement if statement is not None else binding.node)

    def _after(self, node: ast.AST) -> Position:
        """Return the end of the statement that binds: its own right side still reads the old value."""
        statement = self.statement(node) or node
        if isinstance(statement, (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)):
            return self.position(statement)
        end = getattr(statement, "end_lineno", None) or 0
        return (self.cell(statement) or 0, end, getattr(statement, "end_col_offset", None) or 0)

    @staticmethod
    def _sees(inner: Scope, outer: Scope, name: str) -> bool:
        """Whether ``name`` in ``inner`` means the one of ``outer``."""
        around: Scope | None = inner
        while around is not None and around is not outer:
            if around.kind == "function" and name in around.bindings:
                return False
            around = around.parent
        return around is outer and outer.kind != "class"
