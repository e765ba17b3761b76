"""How tangled are the project's functions, and how well can its modules be maintained?"""

from __future__ import annotations

import tokenize
import warnings
from collections.abc import Iterator

from evaluator.facts.tree import Tree
from evaluator.model import Fact, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot, Unreadable


class Function(Record):
    """One function or method. ``complexity``: McCabe's, as radon counts it; 1 for one without a branch."""

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
        measured = _functions(path, text)
        if measured is None:
            unreadable.append(path)
            continue
        functions += measured
        if lines <= INDEXED_LINES and (index := _index(text)) is not None:
            modules.append(Maintained(path=path, index=index))
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


def _functions(path: str, text: str) -> list[Function] | None:
    """Return the functions of one module by line; None where it cannot be parsed."""
    from radon.complexity import cc_visit
    from radon.visitors import Function as Block

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            blocks = [b for b in cc_visit(text) if isinstance(b, Block)]
    except _FAULTS:
        return None
    found = {
        (b.lineno, b.fullname): Function(
            name=str(b.fullname),
            at=Span(path=path, start=b.lineno, end=max(b.endline, b.lineno)),
            complexity=b.complexity,
        )
        for b in blocks
    }
    return [found[key] for key in sorted(found)]


def _index(text: str) -> int | None:
    from radon.metrics import mi_visit

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return round(float(mi_visit(text, multi=True)))
    except _FAULTS:
        return None
