"""What does a statement look like from outside: does it end its block, guard a script, or only name a constant?"""

from __future__ import annotations

import ast

from evaluator.facts.python.asserts import is_literal

_LEAVES = frozenset({"sys.exit", "exit", "quit", "os._exit", "pytest.skip", "pytest.xfail", "self.skipTest"})


def written(target: ast.expr) -> list[str]:
    """Return the names that ``target`` gives values to, as written: ``a``, ``self.b``, ``c``."""
    match target:
        case ast.Name(id=name):
            return [name]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [name for part in parts for name in written(part)]
        case ast.Starred(value=inner) | ast.Subscript(value=inner):
            return written(inner)
        case ast.Attribute(value=inner, attr=attr):
            return [f"{name}.{attr}" for name in written(inner)]
    return []


def constant_of(node: ast.expr) -> bool | None:
    """Return what a condition always is, or None where that depends."""
    return bool(node.value) if isinstance(node, ast.Constant) else None


def is_constant(statement: ast.stmt) -> bool:
    """Whether ``statement`` gives a name a literal value."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return False
    return statement.value is None or is_literal(statement.value)


def is_guard(statement: ast.stmt) -> bool:
    """Whether this is ``if __name__ == "__main__"``."""
    match statement:
        case ast.If(
            test=ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")])
        ):
            return True
        case ast.If(
            test=ast.Compare(left=ast.Constant(value="__main__"), ops=[ast.Eq()], comparators=[ast.Name(id="__name__")])
        ):
            return True
    return False


def ends(statement: ast.stmt) -> bool:
    """Whether nothing after ``statement`` runs in the same block."""
    match statement:
        case ast.Return() | ast.Raise() | ast.Continue() | ast.Break():
            return True
        case ast.Expr(value=ast.Call(func=func)):
            return dotted(func) in _LEAVES
    return False


def dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=name), attr=attr):
            return f"{name}.{attr}"
    return ""


def last(node: ast.expr) -> str:
    return dotted(node).rpartition(".")[2]


def catches_import(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(c is None or last(c) in {"ImportError", "ModuleNotFoundError", "Exception"} for c in caught)
