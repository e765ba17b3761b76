"""What does a statement look like from outside: does it end its block, guard a script, or only name a constant?"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import MappingProxyType

from evaluator.facts.python.asserts import is_literal
from evaluator.facts.python.nesting import Nesting

_OF_CHECKERS = frozenset({"TYPE_CHECKING", "MYPY"})
"""Names that type checkers take for true, whatever they are given."""
_ENDS = frozenset({ast.Return, ast.Raise, ast.Continue, ast.Break})
_LEAVES = frozenset({"sys.exit", "exit", "quit", "os._exit", "pytest.skip", "pytest.xfail", "self.skipTest"})


def written(target: ast.expr) -> list[str]:
    """Return the names that ``target`` gives values to, as written: ``a``, ``self.b``, ``c``."""
    if type(target) is ast.Name:
        return [target.id]
    match target:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [name for part in parts for name in written(part)]
        case ast.Starred(value=inner) | ast.Subscript(value=inner):
            return written(inner)
        case ast.Attribute(value=inner, attr=attr):
            return [f"{name}.{attr}" for name in written(inner)]
    return []


_NO_SWITCHES: Mapping[str, bool] = MappingProxyType({})


def constant_of(node: ast.expr, switches: Mapping[str, bool] = _NO_SWITCHES) -> bool | None:
    """Return what a condition always is, or None where that depends. ``switches``: what names always are."""
    match node:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id=name):
            return switches.get(name)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            known = constant_of(inner, switches)
            return None if known is None else not known
        case ast.BoolOp(op=op, values=parts):
            decides = isinstance(op, ast.Or)
            every = [constant_of(part, switches) for part in parts]
            return decides if decides in every else None if None in every else not decides
    return None


def switches_of(tree: ast.Module) -> dict[str, bool]:
    """Return the names that a module gives a switch's value (``TRACK = False``) once, at its top level, and never another."""
    found: dict[str, bool] = {}
    for statement in tree.body:
        value = switch(statement.value) if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
        for name in written_by(statement) if value is not None else ():
            found[name] = bool(value)
    if not found:
        return {}
    times = dict.fromkeys(found, 0)
    for node in Nesting([tree]).nodes:
        for name in binds(node) if type(node) in _BIND else ():
            if name in times:
                times[name] += 1
    return {name: value for name, value in found.items() if times[name] == 1 and name not in _OF_CHECKERS}


def switch(expr: ast.expr | None) -> bool | None:
    """Return what a literal switches to; None for what is no literal that one switches with."""
    value = expr.value if isinstance(expr, ast.Constant) else ...
    return bool(value) if value is None or value in {True, False, ""} else None


def written_by(statement: ast.stmt) -> list[str]:
    """Return the plain names that an assignment gives its value to."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


_BIND = frozenset({ast.Name, ast.arg, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.alias}) | {
    *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar),
}


def binds(node: ast.AST) -> tuple[str, ...]:
    """Return the names that ``node`` binds by itself."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            return (name,)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.alias(name=name, asname=other):
            return (other or name.partition(".")[0],)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return (name,)
    return ()


def is_constant(statement: ast.stmt) -> bool:
    """Whether ``statement`` gives a name a literal value."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return False
    return statement.value is None or is_literal(statement.value)


def is_guard(statement: ast.stmt) -> bool:
    """Whether this is ``if __name__ == "__main__"``."""
    if type(statement) is not ast.If:
        return False
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
    kind = type(statement)
    if kind is ast.Expr:
        value = statement.value  # type: ignore[attr-defined]  # an Expr has one
        return type(value) is ast.Call and dotted(value.func) in _LEAVES
    return kind in _ENDS


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
