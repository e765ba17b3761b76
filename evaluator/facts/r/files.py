"""Where does R code stand in a project, and what surrounds it?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from evaluator.facts.notebooks import Notebooks
from evaluator.facts.r.reading import Program, read
from evaluator.facts.tree import File, Tree
from evaluator.model import Missing, Span
from evaluator.source.snapshot import Snapshot, Unreadable

FILES = 300
SIZE = 300_000
TOGETHER = 6_000_000
"""At most this many files, characters of one, and characters together are read."""

_NOT_THEIRS = frozenset({"vendored", "generated", "environment", "cache"})
_KEPT_BY_TOOLS = frozenset({"renv", "packrat"})
_FENCE = re.compile(r"^[ \t]*(`{3,})[ \t]*\{[ \t]*[rR]\b([^}\n]*)\}[ \t]*$")
_HEADING = re.compile(r"^#{1,6}[ \t]+(\S.*)$")
_NOT_RUN = re.compile(r"\beval\s*[=:]\s*(?:F\b|FALSE\b|false\b)")
_ROUTE = re.compile(r"^#[*'][ \t]*@(?:get|post|put)\b", re.IGNORECASE | re.MULTILINE)
_TESTS = re.compile(r"(?:^|/)(?:tests?|testthat|tinytest)/|(?:^|/)test[-_.][^/]*\.r$", re.IGNORECASE)
_SHINY = frozenset({"app.r", "server.r", "ui.r"})


@dataclass(slots=True)
class Part:
    """One piece of a file that runs together: all of a script, one chunk, one cell.

    ``heading``: the last heading before it, of a document. ``first``: lines of the file before it.
    """

    program: Program
    cell: int | None = None
    heading: str = ""
    first: int = 0


@dataclass(slots=True)
class Source:
    """One file with R code.

    ``routes``: lines that make a function an endpoint for plumber. ``page``: shiny starts it by its name.
    """

    path: str
    kind: Literal["script", "document", "notebook"]
    is_test: bool = False
    parts: list[Part] = field(default_factory=list)
    routes: int = 0
    page: bool = False

    def at(self, part: Part, line: int, end: int | None = None) -> Span:
        """Return the place of a line of one of its parts."""
        start = line + part.first
        return Span(path=self.path, start=start, end=max(start, (end or line) + part.first), cell=part.cell)


def sources(snapshot: Snapshot, tree: Tree, notebooks: Notebooks | Missing) -> list[Source]:
    """Return the project's R code by path: other people's, and what renv and packrat put there, apart. Never raises."""
    found: list[Source] = []
    left = TOGETHER
    for file in [f for f in tree.files if _is_theirs(f)][:FILES]:
        try:
            text = snapshot.text(file.path, limit=SIZE)
        except Unreadable:
            continue
        left -= len(text)
        if left < 0:
            break
        found.append(_source(file, text))
    if isinstance(notebooks, Notebooks):
        parts = {f.path: f.part for f in tree.files}
        for notebook in notebooks.items:
            if notebook.kernel == "r" and parts.get(notebook.path, "own") not in _NOT_THEIRS:
                cells, heading = [], ""
                for cell in notebook.cells:
                    if cell.kind == "markdown":
                        heading = _last_heading(cell.source) or heading
                    elif cell.kind == "code" and left > 0:
                        left -= len(cell.source)
                        cells.append(Part(read(cell.source), cell.index, heading))
                found.append(Source(notebook.path, "notebook", parts=cells))
    return sorted(found, key=lambda s: s.path)


def _is_theirs(file: File) -> bool:
    suffix = posixpath.splitext(file.path)[1].lower()
    return (
        suffix in {".r", ".rmd", ".qmd"}
        and file.kind in {"file", "executable"}
        and file.part not in _NOT_THEIRS
        and not _KEPT_BY_TOOLS.intersection(file.path.lower().split("/")[:-1])
    )


def _source(file: File, text: str) -> Source:
    is_test = file.part == "test" or bool(_TESTS.search(file.path))
    if not file.path.lower().endswith(".r"):
        return Source(file.path, "document", is_test, list(_chunks(text)))
    name = posixpath.basename(file.path).lower()
    routes = len(_ROUTE.findall(text))
    return Source(file.path, "script", is_test, [Part(read(text))], routes, name in _SHINY)


def _chunks(text: str) -> Iterator[Part]:
    """Yield the chunks of R of a document; one without its end runs to the end of the file."""
    heading, fence, begins, not_run = "", "", 0, False
    held: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip("`"):
                yield Part(read("\n".join(held), dead=not_run), None, heading, begins)
                fence = ""
            else:
                held.append(line)
                not_run = not_run or (line.startswith("#|") and bool(_NOT_RUN.search(line)))
        elif (opened := _FENCE.match(line)) is not None:
            fence, begins, held = opened[1], number, []
            not_run = bool(_NOT_RUN.search(opened[2]))
        elif (said := _HEADING.match(line)) is not None:
            heading = said[1].strip()[:100]
    if fence and held:
        yield Part(read("\n".join(held), dead=not_run), None, heading, begins)


def _last_heading(text: str) -> str:
    said = [m[1].strip()[:100] for line in text.split("\n") if (m := _HEADING.match(line)) is not None]
    return said[-1] if said else ""
