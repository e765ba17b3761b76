"""What does the project's R code call, and which packages does it load?

R is not parsed: comments and strings are blanked, and what then stands before an opening bracket is a call. That is
enough to tell what a project is; no signal's verdict rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluator.facts.notebooks import Notebooks
from evaluator.facts.tree import Tree
from evaluator.model import Missing, Record, Span
from evaluator.source.snapshot import Snapshot, Unreadable

_FILES = 200
_BYTES = 300_000
_BLANKED = re.compile(r"""#[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")
_CALL = re.compile(r"(?<![\w.$@])(?:([A-Za-z][\w.]*):::?)?([A-Za-z.][\w.]*)\s*\(")
_LOADED = re.compile(r"\b(?:library|require|requireNamespace|p_load)\(\s*[\"']?([A-Za-z][\w.]*)")
_CHUNK = re.compile(r"^\s*```+\s*\{r\b[^\n]*\n(.*?)^\s*```", re.MULTILINE | re.DOTALL | re.IGNORECASE)


class RCall(Record):
    """One call of R. ``name``: without its package."""

    name: str
    at: Span


class RCode(Record):
    """The R code of a project: its calls, and the packages that are loaded, with their first places."""

    calls: tuple[RCall, ...] = ()
    packages: tuple[RCall, ...] = ()


def read(snapshot: Snapshot, tree: Tree, notebooks: Notebooks | Missing) -> RCode:
    """Return what the project's own R scripts, R Markdown and R notebooks call; at most 200 files of 300 kB."""
    calls: dict[str, RCall] = {}
    packages: dict[str, RCall] = {}
    for path, cell, text in _texts(snapshot, tree, notebooks):
        for found in _LOADED.finditer(text):
            packages.setdefault(found[1], RCall(name=found[1], at=_at(path, cell, text, found.start())))
        bare = _BLANKED.sub(lambda m: "\n" * m[0].count("\n"), text)
        for found in _CALL.finditer(bare):
            calls.setdefault(found[2], RCall(name=found[2], at=_at(path, cell, bare, found.start())))
            if found[1]:
                packages.setdefault(found[1], RCall(name=found[1], at=_at(path, cell, bare, found.start())))
    return RCode(calls=tuple(calls.values()), packages=tuple(packages.values()))


def _texts(snapshot: Snapshot, tree: Tree, notebooks: Notebooks | Missing) -> Iterator[tuple[str, int | None, str]]:
    files = [f.path for f in tree.files if f.part == "own" and f.path.lower().endswith((".r", ".rmd", ".qmd"))]
    for path in files[:_FILES]:
        try:
            text = snapshot.text(path, limit=_BYTES)
        except Unreadable:
            continue
        if path.lower().endswith(".r"):
            yield path, None, text
        else:
            # Blank lines stand for the prose, so that lines keep their numbers.
            for chunk in _CHUNK.finditer(text):
                yield path, None, "\n" * text.count("\n", 0, chunk.start(1)) + chunk[1]
    for notebook in notebooks.items if isinstance(notebooks, Notebooks) else ():
        if notebook.kernel == "r":
            yield from ((notebook.path, c.index, c.source) for c in notebook.cells if c.kind == "code")


def _at(path: str, cell: int | None, text: str, position: int) -> Span:
    line = text.count("\n", 0, position) + 1
    return Span(path=path, start=line, end=line, cell=cell)
