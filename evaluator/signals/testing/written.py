"""Are there automated tests that can fail?"""

from __future__ import annotations

import re

from evaluator.facts.code import Code, Definition
from evaluator.facts.r_work import RTest, RWork
from evaluator.facts.reach import Reach
from evaluator.facts.tested import Tested
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, InFile, Measured, Missing, NotApplicable, Unit, Unknown
from evaluator.registry import signal

_ENOUGH = 3
_SHOWN = 8
_OTHER_LANGUAGES = (
    ".r",
    ".rmd",
    ".jl",
    ".java",
    ".scala",
    ".js",
    ".ts",
    ".cpp",
    ".cc",
    ".c",
    ".rs",
    ".go",
    ".cs",
    ".m",
    ".sas",
)
# How frameworks of those languages find tests, and how people name them: by the folder or the file.
_TEST = re.compile(r"(?:^|[/_.-])(?:tests?|testthat|specs?|__tests__)(?:[/_.-]|\d*\.)|[a-z]Tests?\.\w+$", re.IGNORECASE)


@signal(
    id="testing.tests-present",
    title="There are tests that can fail",
    question="Does the project have automated tests whose assertions about its own code can fail?",
    looks_at=(
        "Functions and methods that pytest collects by its default rules, and tests of R (testthat and its like): what they "
        "assert, and what code they come to"
    ),
    remedy="Write three tests that call the project's own functions on small inputs and assert what comes out.",
    effort="hour",
    sources=("breck-2017", "turing-way"),
    limits=(
        "Tests for pytest, unittest, testthat, tinytest or RUnit; a parametrised test is one. Assertions that are always true, whose failure is "
        "caught, or that are skipped do not count; nor do tests of functions that are copied into the test file."
    ),
    levels=("no tests", "fewer than three that can fail, or mostly such as cannot", "at least three that can fail"),
)
def tests_present(code: Code, reach: Reach, tree: Tree, tested: Tested | Missing, r: RWork) -> Answer:
    """Value: 2 with three or more collected tests that assert something of the project's own code, 1 with fewer, else 0."""
    if not any(m.top_statements or m.inner_statements or m.definitions for m in code.modules):
        read = {f.path for f in r.files}
        others = [
            f.path
            for f in tree.files
            if f.path.lower().endswith(_OTHER_LANGUAGES) and _TEST.search(f.path) and f.path not in read
        ]
        broken = [m.path for m in code.modules if m.error is not None]
        if others or broken:
            return Unknown(
                cause="not-found", reason=f"tests are looked for in Python 3; {(others or broken)[0]} is none"
            )
        foreign = any(f.path.lower().endswith(_OTHER_LANGUAGES) for f in tree.files)
        if not foreign and not any(m.lines for m in code.modules):
            return NotApplicable(reason="no code to test")
    tests = [d for m in code.modules for d in m.definitions if d.collected and d.kind != "class"]
    asking = () if isinstance(tested, Missing) else (c for c in tested.cases if c.requests)
    touching = set(reach.touching) | {f"{c.at.path}::{c.name}" for c in asking}
    telling = [d for d in tests if d.asserts and f"{d.at.path}::{d.qualname}" in touching]
    if r.tests:
        return _with_r(tests, telling, touching, r.tests)
    if not tests:
        looked = tuple(m.path for m in code.modules if m.part == "test")[:_SHOWN] or ("test_*.py and *_test.py",)
        return Measured(
            value=0,
            unit=Unit.LEVEL,
            summary="no tests",
            evidence=(Absence(note="nothing is collected", looked_at=looked),),
        )
    level = 2 if len(telling) >= _ENOUGH and 2 * len(telling) >= len(tests) else 1
    idle = [d for d in tests if d not in telling]
    shown = telling if level == 2 else [*idle, *telling]
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=f"{len(telling)} of {len(tests)} tests assert something of the project's own code that can fail",
        evidence=tuple(InFile(at=d.at, note=_note(d, touching)) for d in shown[:_SHOWN]),
    )


def _with_r(tests: list[Definition], telling: list[Definition], touching: set[str], in_r: tuple[RTest, ...]) -> Answer:
    """Answer for tests in R, and those in Python beside them."""
    total, good = len(tests) + len(in_r), len(telling) + sum(bool(t.asserts and t.own) for t in in_r)
    level = 2 if good >= _ENOUGH and 2 * good >= total else 1
    shown = sorted(in_r, key=lambda t: bool(t.asserts and t.own) != (level == 2))
    notes = [InFile(at=t.at, note=_note_r(t)) for t in shown] + [
        InFile(at=d.at, note=_note(d, touching)) for d in tests
    ]
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=f"{good} of {total} tests assert something of the project's own code that can fail",
        evidence=tuple(notes[:_SHOWN]),
    )


def _note_r(test: RTest) -> str:
    if not test.asserts:
        return f"{test.name}: nothing in it can fail as a check"
    return f"{test.name}: {test.asserts} checks" + ("" if test.own else ", none of the project's own code")


def _note(test: Definition, touching: set[str]) -> str:
    if not test.asserts:
        return f"{test.qualname}: nothing in it can fail as an assertion"
    if f"{test.at.path}::{test.qualname}" not in touching:
        return f"{test.qualname}: does not come to the project's own code"
    return f"{test.qualname}: {test.asserts} assertions that can fail"
