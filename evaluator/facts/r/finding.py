"""What does all of a project's R do, file by file?"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from evaluator.facts.notebooks import Notebooks
from evaluator.facts.r import project as projects
from evaluator.facts.r.doing import Doing
from evaluator.facts.r.files import Source, sources
from evaluator.facts.r.machine import Machine
from evaluator.facts.r.project import COMES_ALONG, Project
from evaluator.facts.r.reading import Call, Step, strings
from evaluator.facts.r.testing import tests
from evaluator.facts.r.tokens import Token
from evaluator.facts.r_work import Deed, RCall, RFile, RPackage, RWork
from evaluator.facts.tree import Tree
from evaluator.model import Missing, Span
from evaluator.source.snapshot import Snapshot

_CALLS = 3_000
_SET_UP = frozenset({"library", "require", "p_load", "install.packages", "source", "setwd", "rm", "options", "suppressPackageStartupMessages", "suppressWarnings", "gc", "graphics.off"})  # fmt: skip


def find(snapshot: Snapshot, tree: Tree, notebooks: Notebooks | Missing) -> RWork:
    """Return the fact."""
    found = sources(snapshot, tree, notebooks)
    if not found:
        return RWork()
    project = projects.build(found, tree)
    doing = Doing(project)
    machine = Machine(project, doing)
    machine.run()
    deeds = sorted((*_apps(project, doing), *_looped(doing)), key=_order)
    return RWork(
        files=tuple(_file(project, s) for s in found),
        deeds=tuple(deeds),
        packages=tuple(
            RPackage(name=name, at=at, tests_only=tests_only)
            for name, (at, tests_only) in sorted(project.named.items())
            if name not in COMES_ALONG and name.replace(".", "").isalnum()
        ),
        installs=tuple(_installs(project)),
        calls=tuple(_calls(project)),
        tests=tuple(tests(project)),
    )


def _order(deed: Deed) -> tuple[str, int, int, str, str]:
    return (deed.at.path, deed.at.cell or 0, deed.at.start, deed.role, deed.name)


def _looped(doing: Doing) -> Iterator[Deed]:
    """Yield the deeds; a loop is a search only where it also scores what it fits."""
    deeds = [d for d in doing.found() if d.role != "app"]
    scored = {(d.at.path, d.at.cell) for d in deeds if d.role == "score"}
    for deed in deeds:
        if not (deed.role == "search" and deed.kind == "loop" and (deed.at.path, deed.at.cell) not in scored):
            yield deed


def _apps(project: Project, doing: Doing) -> Iterator[Deed]:
    """Yield the apps, each with what answers: a model that its file, or one that it sources, asks."""
    found = [d for d in doing.found() if d.role == "app"]
    for source in project.sources:
        if source.page and "shiny" in project.loaded and not any(d.at.path == source.path for d in found):
            found.append(Deed(role="app", name="shiny", at=Span(path=source.path)))
        if source.routes:
            found.append(Deed(role="app", name="plumber", at=Span(path=source.path)))
    asked = {d.at.path for d in doing.found() if d.role == "predict" and d.reached}
    seen: set[str] = set()
    for deed in found:
        folder = deed.at.path.rpartition("/")[0]
        around = {deed.at.path, *project.sourced.get(deed.at.path, ())}
        around |= {s.path for s in project.sources if s.page and s.path.rpartition("/")[0] == folder}
        if deed.at.path not in seen:
            seen.add(deed.at.path)
            yield msgspec.structs.replace(deed, kind="model" if around & asked else "work")


def _file(project: Project, source: Source) -> RFile:
    steps = [s for part in source.parts for s in part.program.steps]
    return RFile(
        path=source.path,
        kind=source.kind,
        is_test=source.is_test,
        top_statements=sum(_counts(s) for s in steps if s.scope not in project.own),
        inner_statements=sum(_counts(s) for s in steps if s.scope in project.own),
        functions=sum(len(part.program.functions) for part in source.parts),
        sources=tuple(sorted({p for p in project.sourced.get(source.path, ()) if p != source.path})),
    )


def _installs(project: Project) -> Iterator[RPackage]:
    """Yield each package that code which is no test installs, where it does first."""
    seen: set[str] = set()
    for source in project.sources:
        for part in source.parts:
            for call in part.program.calls:
                named = strings([i for a in call.args for i in a.items]) if call.name == "install.packages" else ()
                for name in named:
                    if name not in seen and name.replace(".", "").isalnum() and not (call.dead or source.is_test):
                        seen.add(name)
                        yield RPackage(name=name, at=source.at(part, call.line))


def _counts(step: Step) -> bool:
    """Whether a statement does something: no package is loaded, nothing set up, no constant or function named."""
    if step.calls:
        return any(c.name not in _SET_UP for c in step.calls)
    first = step.value[0] if step.value else None
    if step.target and len(step.value) == 1 and isinstance(first, Token) and first.kind in {"string", "number"}:
        return False
    return not (isinstance(first, Token) and first.text in {"function", "\\"})


def _calls(project: Project) -> Iterator[RCall]:
    seen: set[str] = set()
    for source in project.sources:
        for part in source.parts:
            for call in part.program.calls:
                if call.name not in seen and call.name not in project.own and len(seen) < _CALLS and _is_plain(call):
                    seen.add(call.name)
                    reached = project.reached(source, call)
                    yield RCall(name=call.name[:80], at=source.at(part, call.line), reached=reached)


def _is_plain(call: Call) -> bool:
    return call.package != "$" and not call.dead
