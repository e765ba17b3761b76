"""From where is the program followed, and until when?"""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.facts.code import Code
from evaluator.facts.flow import Episodes, Flow
from evaluator.facts.flowing.concerned import concerned
from evaluator.facts.flowing.episodes import played
from evaluator.facts.flowing.judging import Judge
from evaluator.facts.flowing.machine import Machine
from evaluator.facts.flowing.values import Spot
from evaluator.facts.python.modules import Modules, Source
from evaluator.facts.python.parsing import quietly
from evaluator.facts.python.scopes import Scope
from evaluator.facts.reach import Reach
from evaluator.model import Span

_NOT_WRITTEN_HERE = frozenset({"vendored", "generated", "environment", "cache"})
_WORK = frozenset({"fit", "split-pairs", "split-parts", "split-folds", "score-folds", "search", "loop-backward"}) | {
    "loop-apply",
    "transformer",
    "metric",
    "model",
}


def find(modules: Modules, code: Code, reach: Reach) -> Flow:
    """Return the flow of a project."""
    with quietly():
        sources = _sources(modules, code)
        if not any(_works(modules, source) for source in sources):
            return Flow()
        paths = concerned(code, {s.path for s in sources if s.walked.descents})
        chosen = [source for source in sources if source.path in paths]
        first = _followed(modules, chosen, reach, None)
        machine = _followed(modules, chosen, reach, first) if first.lacked else first
        judge = Judge(machine.log, reach, whole=machine.left > 0)
        return judge.flow(tuple(_episodes(modules, sources, judge)))


def _episodes(modules: Modules, sources: list[Source], judge: Judge) -> Iterator[Episodes]:
    for source in sources:
        for node, site, seeds in played(modules.names, source):
            line = getattr(node, "lineno", 1)
            said = modules.names.called(site.node).name if node is site.node else "episodes"
            at = Span(path=source.path, start=line, end=getattr(node, "end_lineno", line) or line, cell=site.cell)
            yield Episodes(place=judge.place(Spot(at, site.label, said)), seeds=seeds)


def _sources(modules: Modules, code: Code) -> list[Source]:
    tests = {m.path for m in code.modules if m.is_test}
    return [s for s in modules.sources.values() if s.path not in tests and s.part not in _NOT_WRITTEN_HERE]


def _works(modules: Modules, source: Source) -> bool:
    """Whether a module splits, fits or scores anything."""
    names = modules.names
    for site in source.walked.sites:
        name = names.called(site.node).name
        if names.libraries.roles(name) & _WORK or name in {".fit", ".backward", ".fit_transform"}:
            return True
    return bool(source.walked.descents)


def _followed(modules: Modules, sources: list[Source], reach: Reach, before: Machine | None) -> Machine:
    """Follow every module that runs, then own functions that something runs which was not seen to call them."""
    machine = Machine(modules.names)
    if before is not None:
        machine.earlier = before.files
    for source in sources:
        starts = reach.has(source.path) or any(s.label == "__main__" for s in source.walked.sites)
        if starts and machine.left > 0:
            machine.start(source.path)
    for uncalled in (True, False):
        for source in sources:
            for scope in source.walked.scopes:
                first = not modules.names.callers.get(scope)
                if first == uncalled and _is_left(machine, scope, reach) and machine.left > 0:
                    machine.log.run = source.path
                    machine.enter(scope, [], {})
    return machine


def _is_left(machine: Machine, scope: Scope, reach: Reach) -> bool:
    if scope.kind != "function" or scope in machine.entered or scope.label.rpartition(".")[2].startswith("__"):
        return False
    return reach.has(scope.walked.path, scope.label) and (scope.parent is None or scope.parent.kind != "function")
