"""Which packages does R code load, which of its functions does something run, and which file sources which?"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from evaluator.facts.r import table
from evaluator.facts.r.files import Part, Source
from evaluator.facts.r.reading import Call, Function, mentions, strings
from evaluator.facts.r.tokens import Token
from evaluator.facts.tree import Tree
from evaluator.model import Span

_LOADS = frozenset({"library", "require", "requireNamespace", "loadNamespace", "attachNamespace", "use_package"})
_LOAD_SEVERAL = frozenset({"p_load", "p_load_gh", "libraries", "shelf", "packages", "install_load", "ipak"})
_MAPS = frozenset({"lapply", "sapply", "vapply", "Map", "walk", "map", "for", "invisible"})
COMES_ALONG = frozenset(
    {"base", "stats", "utils", "graphics", "grDevices", "methods", "datasets", "parallel", "splines", "stats4", "tcltk"}
    | {"tools", "grid", "compiler"}
)
"""Packages that every installation of R has; nobody declares them."""


@dataclass(slots=True)
class Project:
    """All sources together.

    Attributes:
        loaded: Packages that are loaded anywhere, with those that they attach: sessions share what one file loads.
        named: First place of each package that is loaded or written before a name.
        own: The project's functions by name: source, part and definition.
        live: Names of own functions that something which runs mentions.
        sourced: Paths that each path sources, in order.
    """

    sources: list[Source]
    loaded: frozenset[str] = frozenset()
    named: dict[str, tuple[Span, bool]] = field(default_factory=dict)
    own: dict[str, tuple[Source, Part, Function]] = field(default_factory=dict)
    live: frozenset[str] = frozenset()
    sourced: dict[str, list[str]] = field(default_factory=dict)

    def roles(self, call: Call) -> frozenset[str]:
        """Return what a call does; nothing for one of the project's own functions."""
        if not call.package and call.name in self.own:
            return frozenset()
        return table.roles(call, self.loaded)

    def reached(self, source: Source, call: Call) -> bool:
        """Whether something that runs leads to a call."""
        return not call.dead and not source.is_test and self.runs(call.scope)

    def runs(self, scope: str) -> bool:
        """Whether the statements of a scope are run: all at top level, and those of functions that something calls."""
        return not scope or scope in self.live or scope not in self.own


def build(found: list[Source], tree: Tree) -> Project:
    """Return the project that ``found`` make."""
    project = Project(found)
    loaded: set[str] = set()
    for source in sorted(found, key=lambda s: s.is_test):
        for part in source.parts:
            for call in part.program.calls:
                for name in _loads(part, call):
                    loaded.add(name)
                    project.named.setdefault(name, (source.at(part, call.line), source.is_test))
                if call.package and call.package != "$":
                    project.named.setdefault(call.package, (source.at(part, call.line), source.is_test))
            for function in part.program.functions:
                project.own.setdefault(function.name, (source, part, function))
    project.loaded = table.attached(loaded)
    project.live = frozenset(_live(project, package=_is_package(tree)))
    paths = {s.path.lower(): s.path for s in found}
    for source in found:
        project.sourced[source.path] = list(dict.fromkeys(_sourced(source, paths)))
    return project


def _loads(part: Part, call: Call) -> Iterator[str]:
    if call.dead:
        return
    if call.name in _LOADS:
        given = call.given("package", at=0)
        by_name = any(a.name == "character.only" and a.text in {"TRUE", "T"} for a in call.args)
        if given is not None and not by_name and len(given.items) == 1 and isinstance(given.items[0], Token):
            yield given.items[0].text
        elif by_name:
            yield from _vectors(part)
    elif call.name in _LOAD_SEVERAL:
        for argument in call.args:
            if argument.name is None or argument.name == "char":
                first = argument.items[0] if len(argument.items) == 1 else None
                yield from [first.text] if isinstance(first, Token) and first.kind == "name" else []
                yield from strings(argument.items)
    elif call.name in _MAPS and any(m in _LOADS for a in call.args for m in (*mentions(a.items), *strings(a.items))):
        yield from _vectors(part)


def _vectors(part: Part) -> Iterator[str]:
    """Yield the known packages among all strings of a part that loads packages by a variable."""
    known = table.packages()
    for step in part.program.steps:
        yield from (text for text in strings(step.value) if text in known)


def _live(project: Project, *, package: bool) -> set[str]:
    """Return the names of own functions that are called, or mentioned, by what runs; those that a package offers run."""
    mentioned: dict[str, set[str]] = {}
    for source in project.sources:
        for step in [] if source.is_test else [s for part in source.parts for s in part.program.steps if not s.dead]:
            names = {*mentions(step.value), *mentions(step.index), *(c.name for c in step.calls)}
            mentioned.setdefault(step.scope, set()).update(names & project.own.keys())
    live = set(_offered(project, package=package))
    todo = ["", *sorted(live), *sorted(s for s in mentioned if s and s not in project.own)]
    seen: set[str] = set()
    while todo:
        scope = todo.pop()
        if scope not in seen:
            seen.add(scope)
            todo += sorted(mentioned.get(scope, ()))
    return (seen | live) - {""}


def _offered(project: Project, *, package: bool) -> Iterator[str]:
    """Yield the functions that others call: those of a package, of a page of shiny, of a file with routes."""
    for source in project.sources:
        functions = [f for part in source.parts for f in part.program.functions]
        if source.routes or (package and source.path.lower().startswith("r/")):
            yield from (f.name for f in functions if not f.scope)
        elif source.page:
            yield from (f.name for f in functions if f.name in {"server", "ui"})


def _is_package(tree: Tree) -> bool:
    paths = {f.path for f in tree.files}
    return "DESCRIPTION" in paths and "NAMESPACE" in paths


def _sourced(source: Source, paths: dict[str, str]) -> Iterator[str]:
    """Yield the project's files that a file sources, by the end of the path that is written."""
    folder = posixpath.dirname(source.path)
    for part in source.parts:
        for call in part.program.calls:
            if call.name not in {"source", "sys.source"} or call.dead:
                continue
            given = call.given("file", at=0)
            said = "/".join(strings(given.items)) if given is not None else ""
            for candidate in (posixpath.normpath(posixpath.join(folder, said)), posixpath.normpath(said)):
                if said and candidate.lower() in paths:
                    yield paths[candidate.lower()]
                    break
            else:
                name = posixpath.basename(said).lower()
                fitting = [p for low, p in paths.items() if name and posixpath.basename(low) == name]
                if len(fitting) == 1:
                    yield fitting[0]
