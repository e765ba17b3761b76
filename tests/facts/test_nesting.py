"""Does every node know what holds it, and come after that?"""

from __future__ import annotations

import ast

from evaluator.facts.python.nesting import Nesting, children_of

TEXT = """
@decorated
def f(a, *, b=1, **rest):
    with open(a) as file, b:
        return [x for x in file if x not in rest] or {**rest, 'k': f'{a!r:>{b}}'}
match f:
    case [1, *others] if others:
        pass
try:
    x: int = -1
except* ValueError as error:
    del x[1:2], error
"""


def test_all_nodes_in_order() -> None:
    tree = ast.parse(TEXT)
    nesting = Nesting([tree])
    shared = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
    expected = {id(n) for n in ast.walk(tree) if not isinstance(n, shared)}
    own = [n for n in nesting.nodes if not isinstance(n, shared)]
    assert {id(n) for n in own} == expected
    assert len(own) == len(expected)
    order = {id(n): place for place, n in enumerate(nesting.nodes)}
    assert all(order[id(nesting.parents[id(n)])] < order[id(n)] for n in own if n is not tree)
    assert id(tree) not in nesting.parents


def test_children_stand_in_their_order() -> None:
    call = ast.parse("f(1, *a, k=2)").body[0].value  # type: ignore[attr-defined]
    assert [ast.unparse(child) for child in children_of(call)[:3]] == ["f", "1", "*a"]


def test_several_trees() -> None:
    trees = [ast.parse("a = 1"), ast.parse("b = 2")]
    nesting = Nesting(trees)
    assert [n for n in nesting.nodes if isinstance(n, ast.Module)] == trees
