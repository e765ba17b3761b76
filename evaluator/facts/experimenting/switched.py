"""Which models does a setting choose between, so that one run only ever has one of them?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from evaluator.facts.experimenting.models import Made
from evaluator.facts.experimenting.workbench import Workbench, arguments
from evaluator.facts.python.modules import Source
from evaluator.facts.python.scopes import Scope, Site

_UP = 4
_CALLERS = 40


class _Arm(NamedTuple):
    """``chosen``: what the branches hang on, by identity; ``way``: which of them it is."""

    chosen: int
    way: int


def one_per_run(bench: Workbench, found: Iterable[Made]) -> frozenset[tuple[int, tuple[int, ...]]]:
    """Return the keys of all models but the first of those that branches on a setting choose between.

    Where the choice is made again and again, in a loop or by calls that name different ones, they are compared.
    """
    chosen: dict[int, dict[int, list[Made]]] = {}
    for made in found:
        call = bench.by_node.get(id(made.call))
        arm = _arm(bench, call[0], call[1]) if call is not None else None
        if arm is not None:
            chosen.setdefault(arm.chosen, {}).setdefault(arm.way, []).append(made)
    return frozenset(m.key for ways in chosen.values() for way in sorted(ways)[1:] for m in ways[way])


def _arm(bench: Workbench, source: Source, site: Site) -> _Arm | None:
    """Return on which branch of a choice by name a call stands, or the constructor call of the class that it is part of."""
    scope = site.point.scope
    if site.loops:
        return None
    arm = _of_branches(source, site)
    if arm is not None:
        return None if _is_repeated(bench, scope) else arm
    if scope.owner is None or scope.label.rpartition(".")[2] != "__init__":
        return None
    arms = {
        _of_branches(bench.modules.sources[made.point.scope.walked.path], made)
        for made in _callers(bench, scope)
        if made.loops or not _is_repeated(bench, made.point.scope)
    }
    return next(iter(arms)) if len(arms) == 1 else None


def _of_branches(source: Source, site: Site) -> _Arm | None:
    parents = source.nesting.parents
    node: ast.AST = site.node
    while not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module, ast.Lambda)):
        parent = parents.get(id(node))
        if parent is None:
            return None
        if isinstance(parent, ast.If) and node is not parent.test and _is_choice(parent.test):
            return _Arm(id(_first(parents, parent)), _way(parent, node))
        if isinstance(parent, ast.match_case):
            matched = parents.get(id(parent))
            return _Arm(id(matched), parent.pattern.lineno)
        node = parent
    return None


def _way(branch: ast.If, node: ast.AST) -> int:
    return branch.lineno if any(node is statement for statement in branch.body) else branch.orelse[0].lineno


def _first(parents: dict[int, ast.AST], branch: ast.If) -> ast.AST:
    """Return the ``if`` that an ``elif`` belongs to, or a row of them where each returns."""
    found: ast.AST = branch
    above = parents.get(id(found))
    while isinstance(above, ast.If) and above.orelse == [found]:
        found, above = above, parents.get(id(above))
    body = getattr(above, "body", [])
    at = next((n for n, statement in enumerate(body) if statement is found), 0)
    while at and isinstance(body[at - 1], ast.If) and _is_choice(body[at - 1].test) and _leaves(body[at - 1]):
        at -= 1
    return body[at] if body and isinstance(found, ast.If) and any(s is found for s in body) else found


def _leaves(branch: ast.If) -> bool:
    return bool(branch.body) and isinstance(branch.body[-1], (ast.Return, ast.Raise))


def _is_choice(test: ast.expr) -> bool:
    """Whether a setting is compared with words: ``name == "forest"``, ``args.model in ("rf", "forest")``."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.In()], comparators=[right]):
            every = right.elts if isinstance(right, (ast.Tuple, ast.List, ast.Set)) else [right]
            words = bool(every) and all(isinstance(e, ast.Constant) and isinstance(e.value, str) for e in every)
            return words and isinstance(left, (ast.Name, ast.Attribute, ast.Subscript, ast.Call))
        case ast.BoolOp(op=ast.Or(), values=values):
            return all(map(_is_choice, values))
    return False


def _callers(bench: Workbench, scope: Scope) -> list[Site]:
    sites = [site for site, _ in bench.names.callers.get(scope, [])[:_CALLERS]]
    return [s for s in sites if bench.reach.has(s.point.scope.walked.path, s.label)]


def _is_repeated(bench: Workbench, scope: Scope) -> bool:
    """Whether a function is called in a loop, or in several places by different words, itself or by way of its callers."""
    level, seen = [scope], {scope}
    for _ in range(_UP):
        sites = [site for one in level if one.kind == "function" for site in _callers(bench, one)]
        if any(site.loops or _in_comprehension(bench, site) for site in sites):
            return True
        if len({words for site in sites if (words := tuple(_words(site.node)))}) > 1:
            return True
        level = [s.point.scope for s in sites if s.point.scope not in seen]
        seen.update(level)
    return False


def _in_comprehension(bench: Workbench, site: Site) -> bool:
    parents = bench.modules.sources[site.point.scope.walked.path].nesting.parents
    node: ast.AST | None = site.node
    while isinstance(node, ast.expr):
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            return True
        node = parents.get(id(node))
    return False


def _words(call: ast.Call) -> Iterator[str]:
    for given in arguments(call):
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield given.value
