"""Which tests of R can fail, and do they come to the project's own code?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from evaluator.facts.r import table
from evaluator.facts.r.files import Part, Source
from evaluator.facts.r.project import Project
from evaluator.facts.r.reading import Call, mentions, strings
from evaluator.facts.r_work import RTest

_FRAMEWORKS = frozenset({"testthat", "tinytest", "RUnit"})
_BLOCKS = frozenset({"test_that", "it", "describe"})
_MODEL = frozenset({"fit", "naive", "predict", "score", "score-folds", "restore"})
_DATA = frozenset({"load", "prepare", "learn-scaling", "learn-imputation", "split-rows", "split-object", "folds"})


def tests(project: Project) -> Iterator[RTest]:
    """Yield the tests of all test files: one for each ``test_that``; one for a file that only checks."""
    deep = _Depth(project)
    for source in project.sources:
        if not source.is_test:
            continue
        for part in source.parts:
            blocks = [c for c in part.program.calls if c.name in _BLOCKS and not c.dead]
            inside = [c for c in part.program.calls if not c.dead]
            if blocks:
                for block in blocks:
                    yield _test(
                        project, source, part, [c for c in inside if block.line <= c.line <= block.end], block, deep
                    )
            elif any(_expects(project, c) for c in inside):
                yield _test(project, source, part, inside, None, deep)


def _test(project: Project, source: Source, part: Part, inside: list[Call], block: Call | None, deep: _Depth) -> RTest:
    asserts = sum(_expects(project, c) and _can_fail(c) for c in inside)
    here = {f.name for f in part.program.functions}
    called = [c.name for c in inside if c.name in project.own and c.name not in here]
    named = [m for c in inside for a in c.args for m in mentions(a.items) if m in project.own and m not in here]
    own = next(iter([*called, *named]), "")
    title = next((s for a in block.args for s in strings(a.items)), "") if block is not None else source.path
    at = source.at(part, block.line, block.end) if block is not None else source.at(part, 1)
    kinds: list[Touches] = ["nothing", *(deep.touches(name) for name in dict.fromkeys([*called, *named]))]
    touches = max(kinds, key=_TOUCHES.index)
    return RTest(name=title[:120], at=at, asserts=asserts, own=own, touches=touches)


Touches = Literal["nothing", "other", "data", "model"]
_TOUCHES: tuple[Touches, ...] = ("nothing", "other", "data", "model")


def _expects(project: Project, call: Call) -> bool:
    """Whether a call checks something; what runs the tests attaches their package."""
    return call.name not in project.own and "expects" in table.roles_of(call.name, _FRAMEWORKS)


def _can_fail(call: Call) -> bool:
    """Whether a check says something of a value: one of constants alone is always true or always false."""
    return bool(mentions([i for a in call.args for i in a.items])) or any(
        c.outer is call for c in call.step.calls if c.name not in {"c", "list"}
    )


class _Depth:
    """What own functions come to, by what they call and what those call; what changes a part of a value handles data."""

    def __init__(self, project: Project) -> None:
        self.roles: dict[str, frozenset[str]] = {}
        self.calls: dict[str, set[str]] = {}
        self.changes: set[str] = set()
        for source in project.sources:
            for part in source.parts:
                self.changes.update(s.scope for s in part.program.steps if s.partial and s.scope in project.own)
                for call in part.program.calls:
                    if call.scope in project.own:
                        if call.name in project.own:
                            self.calls.setdefault(call.scope, set()).add(call.name)
                        else:
                            known = self.roles.get(call.scope, frozenset())
                            self.roles[call.scope] = known | project.roles(call)

    def touches(self, name: str) -> Touches:
        """Return what an own function handles: a model, data, or something else."""
        seen: set[str] = set()
        todo = [name]
        found: set[str] = set()
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                found |= self.roles.get(one, frozenset()) | ({"prepare"} if one in self.changes else set())
                todo += sorted(self.calls.get(one, ()))
        return "model" if found & _MODEL else "data" if found & _DATA else "other"
