"""How is Python text given other annotations, docstrings or a top level of its own? Of honest code only; it parses."""

from __future__ import annotations

import ast
from collections.abc import Callable

from tests.imitations.repo import Repo

Function = ast.FunctionDef | ast.AsyncFunctionDef


def rewritten(repo: Repo, change: Callable[[ast.Module], None]) -> Repo:
    """Return ``repo`` with ``change`` made to every module outside its tests."""

    def one(path: str, text: str) -> str:
        if path.startswith("tests/"):
            return text
        tree = ast.parse(text)
        change(tree)
        return ast.unparse(ast.fix_missing_locations(tree)) + "\n"

    return repo.each(one, ".py")


def functions(tree: ast.Module) -> list[Function]:
    """Return every function of ``tree``."""
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def annotate(expression: str | None, result: str | None) -> Callable[[ast.Module], None]:
    """Return a change that gives every parameter one annotation and every result another; None takes them away."""

    def change(tree: ast.Module) -> None:
        for function in functions(tree):
            given = function.args
            for parameter in (*given.posonlyargs, *given.args, *given.kwonlyargs):
                parameter.annotation = ast.parse(expression, mode="eval").body if expression else None
            function.returns = ast.parse(result, mode="eval").body if result else None

    return change


def document(text: Callable[[str], str | None]) -> Callable[[ast.Module], None]:
    """Return a change that gives every module, class and function the docstring that ``text`` makes of its name."""

    def change(tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Module | ast.ClassDef | Function):
                continue
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:]
            said = text(getattr(node, "name", "module"))
            if said is not None:
                node.body.insert(0, ast.Expr(ast.Constant(said)))
            if not node.body and not isinstance(node, ast.Module):
                node.body = [ast.Pass()]

    return change
