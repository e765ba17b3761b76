"""Can an assertion fail, and would its failure be seen?"""

from __future__ import annotations

import ast
from collections.abc import Sequence

_NEVER_NEGATIVE = frozenset({"len", "abs"})
_CATCH_ALL = frozenset({"Exception", "BaseException", "AssertionError"})
_RATES = ("lr", "rate", "eta", "alpha", "step_size")
"""What the step of an optimiser is called in textbooks and libraries; matched at the end of a name."""


def can_fail(test: ast.expr) -> bool:
    """Return False for what is true whatever the project does: constants, ``x == x``, ``len(x) >= 0``, ``(x, "text")``."""
    match test:
        case ast.Constant() | ast.Lambda() | ast.JoinedStr():
            return False
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return not parts
        case ast.Dict(keys=keys):
            return not keys
        case ast.UnaryOp(operand=operand):
            return can_fail(operand)
        case ast.BoolOp(op=ast.Or(), values=values):
            return all(can_fail(v) for v in values)
        case ast.BoolOp(values=values):
            return any(can_fail(v) for v in values)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compare_can_fail(left, op, right)
    return True


def _compare_can_fail(left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool:
    if is_literal(left) and is_literal(right):
        return False
    if _is_path(left) and ast.dump(left) == ast.dump(right):
        return False
    match (left, op, right):
        case (ast.Call(func=ast.Name(id=name)), ast.GtE(), ast.Constant(value=0)) if name in _NEVER_NEGATIVE:
            return False
        case (ast.Call(func=ast.Name(id=name)), ast.Gt(), ast.UnaryOp(op=ast.USub())) if name in _NEVER_NEGATIVE:
            return False
    return True


def is_literal(node: ast.expr) -> bool:
    """Whether ``node`` is made of constants only."""
    stack: list[ast.AST] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp)):
            stack.extend(child for child in ast.iter_child_nodes(part) if isinstance(child, ast.expr))
        elif not isinstance(part, ast.Constant):
            return False
    return True


def only_names(expr: ast.expr) -> bool:
    """Whether ``expr`` does nothing but name things, alone or in a display."""
    if isinstance(expr, (ast.Tuple, ast.List, ast.Set)):
        return all(only_names(part) for part in expr.elts)
    return isinstance(expr, (ast.Name, ast.Attribute, ast.Constant))


def asked_to_exist(test: ast.expr) -> ast.expr | None:
    """Return of what ``test`` asks no more than that it is there: ``f``, ``f is not None``, ``callable(f)``, ``hasattr(m, "f")``."""
    match test:
        case ast.Name() | ast.Attribute():
            return test
        case ast.Compare(left=left, ops=[ast.IsNot() | ast.NotEq()], comparators=[ast.Constant(value=None)]):
            return asked_to_exist(left)
        case ast.Call(func=ast.Name(id="callable" | "bool"), args=[first]):
            return asked_to_exist(first)
        case ast.Call(
            func=ast.Name(id="hasattr" | "getattr"),
            args=[ast.Name() | ast.Attribute() as owner, ast.Constant(value=str(name)), *_],
        ):
            return ast.Attribute(value=owner, attr=name)
    return None


def _is_path(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def swallows(handlers: Sequence[ast.ExceptHandler]) -> bool:
    """Whether a failed assertion within the ``try`` ends in one of ``handlers`` that lets the test go on."""
    for handler in handlers:
        caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(c is None or _name(c) in _CATCH_ALL for c in caught):
            return not any(_fails(node) for statement in handler.body for node in ast.walk(statement))
    return False


def _fails(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _name(node.func) in {"fail", "exit"}
    return isinstance(node, (ast.Raise, ast.Assert))


def suppresses(manager: ast.expr) -> bool:
    """Whether ``with manager:`` is ``contextlib.suppress`` of what an assertion raises."""
    match manager:
        case ast.Call(func=func, args=args) if _name(func) == "suppress":
            return any(_name(a) in _CATCH_ALL for a in args)
    return False


def _name(node: ast.expr | None) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_descent(statement: ast.Assign | ast.AugAssign) -> bool:
    """Whether ``statement`` moves something by a multiple whose factor is called a rate: ``w -= lr * g``."""
    match statement:
        case ast.AugAssign(op=ast.Sub() | ast.Add(), value=value):
            change = value
        case ast.Assign(targets=[target], value=ast.BinOp(left=left, op=ast.Sub() | ast.Add(), right=right)):
            if not isinstance(target, (ast.Name, ast.Attribute, ast.Subscript)) or not _same(target, left):
                return False
            change = right
        case _:
            return False
    factors: list[ast.expr] = []
    stack: list[ast.expr] = [change]
    while stack and len(factors) < 20:
        part = stack.pop()
        if isinstance(part, ast.BinOp) and isinstance(part.op, (ast.Mult, ast.Div)):
            stack += [part.left, part.right]
        else:
            factors.append(part)
    return len(factors) > 1 and any(_name(f).lower().endswith(_RATES) for f in factors)


def _same(target: ast.expr, left: ast.expr) -> bool:
    """Whether two short expressions are one but for being written to and read."""
    return (
        (target.end_lineno == target.lineno) and ast.unparse(target) == ast.unparse(left)
        if type(target) is type(left)
        else False
    )
