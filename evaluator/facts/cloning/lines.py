"""Which lines of the project are code that could be a copy, and how are they written apart from spaces and comments?"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from evaluator.facts.linting.tools import SUFFIXES
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.python.modules import Modules, Source
from evaluator.facts.tree import Tree
from evaluator.source.snapshot import Snapshot, Unreadable

LINES = 300_000
_FILE_BYTES = 500_000
_EXPORTED = ("# In[", "#     jupytext:", "# COMMAND ----------")
_COMMENTS = ("//", "#", "/*", "*", "--", "%%", "<!--", "'''", '"""')
_IMPORTS = ("import ", "from ", "#include", "library(", "require(", "using ", "use ", "package ", "suppressPackage")
_LONGEST = 1_000


class Line(NamedTuple):
    """One line of code. ``text``: as written, with single spaces and without a comment at its end."""

    text: str
    number: int
    cell: int | None = None


def lines_of(
    snapshot: Snapshot, tree: Tree, modules: Modules, notebooks: Notebooks
) -> tuple[list[tuple[str, list[Line]]], int]:
    """Return path and lines of each file of the project's own, by path, and how many files were left out."""
    found: list[tuple[str, list[Line]]] = []
    total = left_out = 0
    others = {n.path: n for n in notebooks.items if not n.is_python}
    for file in tree.files:
        if file.part != "own" or file.kind not in {"file", "executable"}:
            continue
        if file.path in modules.sources:
            made = list(_python(modules.sources[file.path], modules))
        elif file.path in others:
            made = [line for c in others[file.path].cells if c.kind == "code" for line in _plain(c.source, c.index)]
        elif posixpath.splitext(file.path)[1].lower() in SUFFIXES and not file.path.endswith((".py", ".pyw")):
            made = list(_plain(_text(snapshot, file.path)))
        else:
            continue
        if total + len(made) > LINES:
            left_out += 1
            continue
        total += len(made)
        found.append((file.path, made))
    return found, left_out


def _text(snapshot: Snapshot, path: str) -> str:
    try:
        return snapshot.text(path, limit=_FILE_BYTES)
    except Unreadable:
        return ""


def _python(source: Source, modules: Modules) -> Iterator[Line]:
    """Yield the lines of statements; none of a script that was written from a notebook which is there as well."""
    if source.kind == "module" and _is_export(source, modules):
        return
    for unit in source.units:
        last = 0
        for start, end in sorted(_spans(unit.tree.body)):
            for number in range(max(start, last + 1), min(end, len(unit.lines)) + 1):
                text = _written(unit.lines[number - 1])
                if text:
                    yield Line(text, number, unit.cell)
            last = max(last, end)


def _is_export(source: Source, modules: Modules) -> bool:
    name = f"{posixpath.splitext(posixpath.basename(source.path))[0]}.ipynb"
    if not any(posixpath.basename(path) == name for path in modules.sources if path.endswith(".ipynb")):
        return False
    return any(line.startswith(_EXPORTED) for unit in source.units for line in unit.lines)


def _spans(body: list[ast.stmt]) -> Iterator[tuple[int, int]]:
    """Yield first and last line of each simple statement and of each header of a compound one."""
    todo: list[list[ast.stmt]] = [body]
    while todo:
        for statement in todo.pop():
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                continue
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue
            blocks = list(_blocks(statement))
            todo += blocks
            inner = blocks[0][0] if blocks and blocks[0] else None
            start = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))])
            if inner is None:
                yield start, statement.end_lineno or start
            else:
                yield start, max(start, inner.lineno - 1)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if isinstance(block, list) and block:
            yield block
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _written(line: str) -> str:
    """Return ``line`` as it is compared. Where ``#`` stands in a string, both copies lose the same."""
    text = line[:_LONGEST].partition("#")[0] if "#" in line else line[:_LONGEST]
    return " ".join(text.split())


def _plain(text: str, cell: int | None = None) -> Iterator[Line]:
    for number, line in enumerate(text.split("\n"), start=1):
        written = " ".join(line[:_LONGEST].split())
        if written and not written.startswith((*_COMMENTS, *_IMPORTS)):
            yield Line(written, number, cell)
