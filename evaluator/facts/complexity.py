"""How tangled are the project's functions, and how well can its modules be maintained?"""

from __future__ import annotations

import ast
import tokenize
import warnings
from collections.abc import Iterator
from functools import partial
from typing import Any

from evaluator.facts.tree import Tree
from evaluator.model import Fact, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot, Unreadable


class Function(Record):
    """One function or method, those within others among them. ``complexity``: McCabe's, as radon counts it; 1 for one
    without a branch. What a function within it has is that one's own."""

    name: str
    at: Span
    complexity: int


class Maintained(Record):
    """One module's maintainability index, 0 (worst) to 100, as radon has it."""

    path: str
    index: int


class Complexity(Fact):
    """The project's own .py files, by path; tests, vendored and generated code and notebooks left out.

    Attributes:
        functions: By path and line.
        modules: Of the first ``INDEXED_LINES`` lines only, because the index costs four times as much.
        unreadable: Paths that no Python 3 parser takes. left_out: Files beyond ``FILES``, ``LINES`` or a limit of size.
    """

    functions: tuple[Function, ...]
    modules: tuple[Maintained, ...] = ()
    unreadable: tuple[str, ...] = ()
    left_out: int = 0


class _Measured(Record):
    """What radon says of one file; kept from one evaluation to the next. ``functions``: None where it cannot be parsed."""

    functions: tuple[Function, ...] | None


class _Indexed(Record):
    """The maintainability index of one file; None where there is none."""

    index: int | None


FILES = 200
LINES = 20_000
INDEXED_LINES = 2_000
_FILE_BYTES = 500_000
# What radon lets through of what parsing can raise; a division by zero comes from its formula on odd files.
_FAULTS = (SyntaxError, ValueError, MemoryError, RecursionError, ZeroDivisionError, IndexError, tokenize.TokenError)


@provides(how="parsed")
def complexity(snapshot: Snapshot, tree: Tree) -> Complexity:
    """Measure the own .py files, in order of path, up to the limits."""
    own = [f.path for f in tree.files if f.part == "own" and f.path.lower().endswith(".py") and f.kind != "symlink"]
    functions: list[Function] = []
    modules: list[Maintained] = []
    unreadable: list[str] = []
    taken = lines = 0
    for path, text in _texts(snapshot, own):
        taken, lines = taken + 1, lines + text.count("\n") + 1
        measured = snapshot.known(path, _Measured, partial(_functions, path, text))
        if measured.functions is None:
            unreadable.append(path)
            continue
        functions += measured.functions
        if lines <= INDEXED_LINES:
            index = snapshot.known(path, _Indexed, partial(_index, text)).index
            modules += [Maintained(path=path, index=index)] if index is not None else []
    return Complexity(
        functions=tuple(functions),
        modules=tuple(modules),
        unreadable=tuple(unreadable),
        left_out=len(own) - taken,
    )


def _texts(snapshot: Snapshot, paths: list[str]) -> Iterator[tuple[str, str]]:
    lines = 0
    for path in paths[:FILES]:
        try:
            text = snapshot.text(path, limit=_FILE_BYTES)
        except Unreadable:
            continue
        lines += text.count("\n") + 1
        if lines > LINES:
            return
        yield path, text


def _functions(path: str, text: str) -> _Measured:
    """Return the functions of one module by line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            blocks = _blocks(ast.parse(text))
    except _FAULTS:
        return _Measured(functions=None)
    found = {
        (b.lineno, b.fullname): Function(
            name=str(b.fullname),
            at=Span(path=path, start=b.lineno, end=max(b.endline, b.lineno)),
            complexity=b.complexity,
        )
        for b in blocks
    }
    return _Measured(functions=tuple(found[key] for key in sorted(found)))


def _blocks(tree: ast.Module) -> list[Any]:
    """Return radon's records of every function: of those within functions, too, which radon leaves out of both counts."""
    from radon.complexity import add_inner_blocks, cc_visit_ast
    from radon.visitors import Function as Block

    every = [b for b in add_inner_blocks(cc_visit_ast(tree)) if isinstance(b, Block)]
    for local in _classes_in_functions(tree):
        every += [b for b in add_inner_blocks(cc_visit_ast(local)) if isinstance(b, Block)]
    return every


def _classes_in_functions(tree: ast.Module) -> Iterator[ast.ClassDef]:
    """Yield the classes that stand in a function, those apart that stand in such a class."""
    todo: list[tuple[ast.AST, bool]] = [(tree, False)]
    while todo:
        node, inside = todo.pop()
        if inside and isinstance(node, ast.ClassDef):
            yield node
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
            inside and not isinstance(node, ast.ClassDef)
        )
        todo += [
            (child, inside)
            for child in ast.iter_child_nodes(node)
            if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case)
        ]


def _index(text: str) -> _Indexed:
    from radon.metrics import mi_visit

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _Indexed(index=round(float(mi_visit(text, multi=True))))
    except _FAULTS:
        return _Indexed(index=None)
