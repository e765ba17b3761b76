"""What stands in syntax trees, and what holds it?"""

from __future__ import annotations

import ast
from collections.abc import Iterable

_LEFT_OUT = frozenset({"ctx", "op", "ops", "type_ignores"})
"""Fields of contexts and operators: the parser makes those once and puts them everywhere; they have no place of their own."""
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _LEFT_OUT)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}


def children_of(node: ast.AST) -> list[ast.AST]:
    """Return what stands directly in ``node``, in order of appearance."""
    found: list[ast.AST] = []
    for name in _FIELDS[type(node)]:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [part for part in value if isinstance(part, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


class Nesting:
    """Trees with a way up. ``nodes``: all of them, each before what it holds; ``parents``: by identity what holds one."""

    def __init__(self, trees: Iterable[ast.AST]) -> None:
        self.nodes: list[ast.AST] = []
        self.parents: dict[int, ast.AST] = {}
        for tree in trees:
            stack = [tree]
            while stack:
                node = stack.pop()
                self.nodes.append(node)
                children = children_of(node)
                self.parents.update((id(child), node) for child in children)
                children.reverse()
                stack += children
