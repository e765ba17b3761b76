"""Which Python files and notebooks does the project have, parsed once, and which of them does an import name?"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from evaluator.facts.notebooks import NOT_THEIRS, Notebook, read_all
from evaluator.facts.python import import_paths
from evaluator.facts.python.cells import python_of
from evaluator.facts.python.nesting import Nesting
from evaluator.facts.python.parsing import SIZE_LIMIT, decode, parse, quietly
from evaluator.facts.python.scopes import Walked
from evaluator.facts.python.walk import walk
from evaluator.facts.tree import Part, tree
from evaluator.model import Fact
from evaluator.source.snapshot import Snapshot, Unreadable

if TYPE_CHECKING:
    from evaluator.facts.python.names import Names

T = TypeVar("T")
FILE_LIMIT = 5_000
TOTAL_LIMIT = 16_000_000
"""Characters of all files together. Trees take about 27 bytes of memory for each."""
NODE_LIMIT = 3_000_000
"""Nodes of all trees together: the bound where text is dense."""
ROOTS = ("src", "lib", "python", "code", "source")
"""Folders that hold importable code without being packages themselves."""
_LAST: tuple[Part, ...] = ("own", "test", "example", "docs", "generated", "vendored")


@dataclass(frozen=True, slots=True)
class Unit:
    """One syntax tree: a whole module, or one cell of a notebook (by its number). ``lines``: its text."""

    tree: ast.Module
    lines: tuple[str, ...]
    cell: int | None = None


@dataclass(frozen=True, eq=False)
class Source:
    """One .py file or notebook in Python.

    Attributes:
        name: Dotted, unique in the project: the path without suffix and without a leading ``src`` or the like that is no
            package; for a notebook its path.
        package: It is an ``__init__.py``.
        error: Why nothing of it could be parsed; None where something could.
        broken: Numbers of the cells that could not be parsed.
    """

    path: str
    name: str
    kind: Literal["module", "notebook"]
    part: Part
    units: tuple[Unit, ...]
    walked: Walked
    package: bool = False
    error: str | None = None
    broken: tuple[int, ...] = ()

    @cached_property
    def _lines(self) -> dict[int | None, tuple[str, ...]]:
        return {unit.cell: unit.lines for unit in self.units}

    def lines_of(self, cell: int | None) -> tuple[str, ...]:
        """Return the text of the cell (None for a module) by lines; none where it could not be parsed."""
        return self._lines.get(cell, ())

    @cached_property
    def nesting(self) -> Nesting:
        """All nodes of its trees with what holds them; found where somebody asks."""
        return Nesting(unit.tree for unit in self.units)


@dataclass(eq=False)
class Modules:
    """A port: all Python of a snapshot, parsed and walked once, on first use. Syntax trees stay within a run.

    What is derived from them for facts is found through :attr:`names`, the resolver: reaching definitions, dotted names
    of expressions, callers of functions.
    """

    snapshot: Snapshot
    skipped: list[str] = field(default_factory=list, init=False)
    _shared: dict[tuple[object, ...], tuple[Any, tuple[Fact, ...]]] = field(
        default_factory=dict, init=False, repr=False
    )

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Every module and notebook, by path."""
        parts = {f.path: f.part for f in tree(self.snapshot).files}
        files = sorted(self._candidates(parts), key=lambda pair: (_LAST.index(pair[1]), pair[0]))
        names = _names(path for path, _ in files)
        made: dict[str, Source] = {}
        left, nodes = TOTAL_LIMIT, NODE_LIMIT
        with quietly():
            for path, part in files:
                source = self._python(path, part, names[path], left) if len(made) < FILE_LIMIT and nodes > 0 else None
                if source is None:
                    self.skipped.append(path)
                    continue
                made[path] = source
                left -= sum(len(line) + 1 for unit in source.units for line in unit.lines)
                nodes -= source.walked.nodes
            for notebook in read_all(self.snapshot, parts)[0]:
                if notebook.is_python:
                    made[notebook.path] = _notebook(notebook, parts[notebook.path])
        self.skipped.sort()
        return dict(sorted(made.items()))

    def _candidates(self, parts: Mapping[str, Part]) -> Iterator[tuple[str, Part]]:
        for path in self.snapshot.paths(".py", ".pyw"):
            if parts[path] not in NOT_THEIRS:
                yield path, parts[path]

    def _python(self, path: str, part: Part, name: str, left: int) -> Source | None:
        """Return the module at ``path``; None where it is larger than what may be read."""
        try:
            data = self.snapshot.read(path, limit=SIZE_LIMIT)
        except Unreadable as error:
            return None if error.cause == "too-large" else _source(path, name, part, (), error="content not here")
        if len(data) > left:
            return None
        text = decode(data)
        parsed = parse(text)
        if parsed.error == "too large":
            return None
        units = (Unit(parsed.tree, tuple(text.split("\n"))),) if parsed.tree is not None else ()
        return _source(path, name, part, units, error=parsed.error)

    def shared(self, make: Callable[..., T], *facts: Fact) -> T:
        """Return ``make(self, *facts)``, made once for these facts: what several providers work with."""
        key = (make, *map(id, facts))
        if key not in self._shared:
            self._shared[key] = (make(self, *facts), facts)  # the facts are held, so that no other takes their identity
        made: T = self._shared[key][0]
        return made

    @cached_property
    def names(self) -> Names:
        """The resolver over all sources."""
        from evaluator.facts.python.names import Names

        return Names(self)

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(p for p, s in self.sources.items() if s.kind == "module")

    @cached_property
    def _folders(self) -> frozenset[str]:
        found: set[str] = set()
        for path in self._files:
            folder = posixpath.dirname(path)
            while folder and folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        return frozenset(found)

    @cached_property
    def _named_roots(self) -> tuple[str, ...]:
        """Folders that some file puts on ``sys.path``."""
        found = (
            import_paths.folder(s.walked, expr, point) for s in self.sources.values() for expr, point in s.walked.paths
        )
        return tuple(sorted({f for f in found if f is not None and (f in self._folders or not f)}))

    @cached_property
    def _installed_roots(self) -> tuple[str, ...]:
        """``src`` folders of the packages of a repository that has several: an installation puts them on the path."""
        named = ("pyproject.toml", "setup.py", "setup.cfg")
        folders = {
            posixpath.dirname(p) for p in self.snapshot.paths(".toml", ".py", ".cfg") if posixpath.basename(p) in named
        }
        return tuple(sorted(f"{f}/src" for f in folders if f and f"{f}/src" in self._folders))

    def roots(self, importer: str) -> tuple[tuple[str, bool], ...]:
        """Return where ``importer`` finds modules, in order: (folder, whether Python finds it there by itself).

        The file's own folder; the project's root and each folder between; ``src`` and the like below each; what some file
        puts on ``sys.path``, and what installing a package of the repository does. The own folder of a file within a package comes last: only a direct start looks there.
        """
        own = posixpath.dirname(importer)
        above = [own]
        while above[-1]:
            above.append(posixpath.dirname(above[-1]))
        found = [(folder, True) for folder in above]
        if _join(own, "__init__.py") in self._files:
            found = [*found[1:], (own, False)]
        found += [
            (below, True) for folder in above for root in ROOTS if (below := _join(folder, root)) in self._folders
        ]
        found += [(folder, True) for folder in (*self._named_roots, *self._installed_roots)]
        return tuple(dict.fromkeys(found))

    def at(self, folder: str, dotted: str) -> str | None:
        """Return the file of module ``dotted`` below ``folder``, or None."""
        base = _join(folder, dotted.replace(".", "/"))
        for path in (f"{base}/__init__.py", f"{base}.py"):
            if path in self._files:
                return path
        return None

    def is_folder(self, path: str) -> bool:
        """Whether Python files lie below ``path``."""
        return path in self._folders


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _source(path: str, name: str, part: Part, units: tuple[Unit, ...], *, error: str | None = None) -> Source:
    package = posixpath.basename(path) == "__init__.py"
    try:
        walked = walk(path, name, [(u.tree, None) for u in units], package=package)
    except RecursionError:
        units, error = (), "nested too deeply"
        walked = walk(path, name, [], package=package)
    return Source(
        path=path, name=name, kind="module", part=part, units=units, walked=walked, package=package, error=error
    )


def _notebook(notebook: Notebook, part: Part) -> Source:
    """Parse each code cell apart, so that a broken one costs only itself."""
    tried = ((cell.index, cell.source, python_of(cell.source)) for cell in notebook.cells if cell.kind == "code")
    parsed = [(index, text, p) for index, text, p in tried if p is not None]
    units = tuple(Unit(p.tree, tuple(text.split("\n")), index) for index, text, p in parsed if p.tree is not None)
    broken = tuple(index for index, _, p in parsed if p.tree is None)
    first = next((f"cell {index}: {p.error}" for index, _, p in parsed if p.tree is None), None)
    try:
        walked = walk(notebook.path, notebook.path, [(u.tree, u.cell) for u in units])
    except RecursionError:
        units, first, walked = (), "nested too deeply", walk(notebook.path, notebook.path, [])
    return Source(
        path=notebook.path,
        name=notebook.path,
        kind="notebook",
        part=part,
        units=units,
        walked=walked,
        error=None if units else first,
        broken=broken,
    )


def _names(paths: Iterable[str]) -> dict[str, str]:
    """Return a dotted name for each path: without a leading root that is no package where that leaves them distinct."""
    every = list(paths)
    files = set(every)
    full = {path: _dotted(path) for path in every}
    short = dict(full)
    for path, name in full.items():
        root, _, rest = name.partition(".")
        if rest and root in ROOTS and f"{root}/__init__.py" not in files:
            short[path] = rest
    taken: dict[str, int] = {}
    for name in short.values():
        taken[name] = taken.get(name, 0) + 1
    return {path: name if taken[name] == 1 else full[path] for path, name in short.items()}


def _dotted(path: str) -> str:
    stem = path.rpartition(".")[0]
    return (stem.removesuffix("/__init__") if stem != "__init__" else stem).replace("/", ".")
