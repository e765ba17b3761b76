"""Which texts does the name of a loop take, one after the other?"""

from __future__ import annotations

import ast

from evaluator.facts.python.names import Names
from evaluator.facts.python.scopes import Point

_MOST = 40


def in_turn(names: Names, name: str, point: Point) -> tuple[str, ...]:
    """Return the texts of the list that a loop gives to ``name``; none where any of it is no text that is written out."""
    for binding in names.bindings(name, point)[:2]:
        listed = binding.expr if binding.how == "element" and not binding.steps else None
        if isinstance(listed, ast.Name):
            above = names.bindings(listed.id, binding.point)[:1]
            listed = above[0].expr if above and above[0].how == "value" else None
        parts = listed.elts[:_MOST] if isinstance(listed, (ast.List, ast.Tuple)) else []
        texts = tuple(p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str))
        if texts and len(texts) == len(parts):
            return texts
    return ()
