"""What the run of a suite is worth: how much passed, how much it reached, and what nobody can say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.code import Code, Definition, Module
from evaluator.model import InFile, InRun, Measured, Missing, NotApplicable, Span, Unit, Unknown
from evaluator.runs.suite import Case, Covered, SuiteRun
from evaluator.signals.testing.ran import line_coverage, suite_passes
from tests.runs.suites import code_of

TEST = Definition(qualname="test_a", kind="function", at=Span(path="tests/test_a.py"), collected=True)
CODE = Code(
    modules=(
        Module(path="pkg/a.py", name="pkg.a", kind="module"),
        Module(path="tests/test_a.py", name="t", kind="module", part="test", is_test=True, definitions=(TEST,)),
    )
)
NO_TESTS = Code(modules=CODE.modules[:1])


def ran(passed: int = 0, failed: int = 0, errors: int = 0, skipped: int = 0, **more: Any) -> SuiteRun:
    causes = more.pop("causes", {"defect": failed + errors} if failed + errors else {})
    return SuiteRun(
        command="pytest", passed=passed, failed=failed, errors=errors, skipped=skipped, causes=causes, **more
    )


@pytest.mark.parametrize(
    ("suite", "level"),
    [
        pytest.param(ran(12), 2, id="all"),
        pytest.param(ran(3, skipped=2), 2, id="skipped ones are no failures"),
        pytest.param(ran(95, 5), 1, id="95 of 100"),
        pytest.param(ran(90, 4, 6), 1, id="90 of 100"),
        pytest.param(ran(99, hanging=1), 1, id="one hangs"),
        pytest.param(ran(4, 1, causes={"flaky": 1}, flaky=1), 1, id="only a flaky one fails"),
        pytest.param(ran(5, flaky=1), 1, id="passed on a retry of its own"),
        pytest.param(ran(89, 11), 0, id="89 of 100"),
        pytest.param(ran(1, 1, hanging=1), 0, id="one of three, whatever the hanging one would do"),
        pytest.param(ran(0, 3), 0, id="none"),
        pytest.param(ran(8, 2, causes={"network": 2}), 2, id="two need a network: the others pass"),
        pytest.param(ran(5, 3, causes={"network": 2, "defect": 1}), 0, id="the others: five of six"),
        pytest.param(ran(8, 2, causes={"undeclared-import": 2}), 0, id="an undeclared import is the project's own"),
        pytest.param(ran(8, 2, causes={"absolute-path": 1, "arguments": 1}), 0, id="so are its paths"),
        pytest.param(ran(89, 11, doubts=("x",)), 0, id="failures are believed in spite of doubts"),
    ],
)
def test_suite_passes(suite: SuiteRun, level: int) -> None:
    answer = suite_passes(CODE, suite)

    assert isinstance(answer, Measured)
    assert level == answer.value
    assert answer.confidence in {"low", "medium"}
    assert answer.evidence


@pytest.mark.parametrize(
    ("suite", "cause"),
    [
        pytest.param(
            Missing(fact="SuiteRun", cause="not-permitted", detail="no sandbox"), "not-permitted", id="not permitted"
        ),
        pytest.param(Missing(fact="SuiteRun", cause="timed-out"), "timed-out", id="no time"),
        pytest.param(ran(1, 9, causes={"missing-data": 9}), "failed", id="nearly all lack data"),
        pytest.param(ran(0, skipped=9), "failed", id="all skip themselves"),
        pytest.param(ran(8, hanging=2), "timed-out", id="the hanging ones decide between 80 and 100 %"),
        pytest.param(ran(20, not_run=80, complete=False), "timed-out", id="most was not reached"),
        pytest.param(ran(500, doubts=("500 of 500 passed cases come from nowhere",)), "failed", id="forged"),
    ],
)
def test_suite_passes_unknown(suite: SuiteRun | Missing, cause: str) -> None:
    answer = suite_passes(CODE, suite)

    assert isinstance(answer, Unknown)
    assert cause == answer.cause
    assert answer.reason


@pytest.mark.parametrize("suite", [ran(5), Missing(fact="SuiteRun", cause="not-permitted")], ids=["ran", "missing"])
def test_not_asked_without_tests(suite: SuiteRun | Missing) -> None:
    assert isinstance(suite_passes(NO_TESTS, suite), NotApplicable)
    assert isinstance(line_coverage(NO_TESTS, suite), NotApplicable)


def test_what_failed_is_shown_where_it_stands() -> None:
    case = Case(
        id="tests/test_a.py::test_a",
        outcome="failed",
        path="tests/test_a.py",
        line=7,
        message="KeyError: 'x'\nat a.py:1",
    )
    script = Case(id="test_x.py", outcome="error", path="test_x.py", line=1, count=0)

    answer = suite_passes(CODE, ran(1, 1, cases=(case, script), exit_code=1))

    assert isinstance(answer, Measured)
    assert answer.evidence == (
        InRun(run="tests", exit_code=1, note="1 passed, 1 failed, 0 errors, 0 skipped"),
        InFile(
            at=Span(path="tests/test_a.py", start=7, end=7),
            note="failed (defect): KeyError: 'x'",
            excerpt="tests/test_a.py::test_a",
        ),
    )


def test_the_summary_names_all_figures() -> None:
    suite = ran(7, 3, 1, 2, causes={"network": 2, "flaky": 1, "defect": 1}, flaky=1, hanging=1, not_run=1)

    answer = suite_passes(CODE, suite)

    assert isinstance(answer, Measured)
    assert answer.summary == (
        "7 of 11 cases pass, 1 fail, 1 are flaky, 1 hang, 1 were not reached in time, 2 are skipped, "
        "2 lack a network and do not count"
    )


def covered(*rows: tuple[int, int], **more: Any) -> SuiteRun:
    coverage = tuple(Covered(path=f"pkg/{n}.py", lines=lines, hit=hit) for n, (lines, hit) in enumerate(rows))
    return ran(more.pop("passed", 3), coverage=coverage, **more)


@pytest.mark.parametrize(
    ("suite", "share"),
    [
        pytest.param(covered((10, 10)), 1.0, id="all"),
        pytest.param(covered((10, 8), (90, 72)), 0.8, id="80 %"),
        pytest.param(covered((10, 0), (10, 10)), 0.5, id="one file of two"),
        pytest.param(covered((10, 0), (0, 0)), 0.0, id="none"),
    ],
)
def test_line_coverage(suite: SuiteRun, share: float) -> None:
    answer = line_coverage(CODE, suite)

    assert isinstance(answer, Measured)
    assert (share, Unit.RATIO) == (answer.value, answer.unit)
    assert any(isinstance(e, InFile) for e in answer.evidence) == (share < 1)


@pytest.mark.parametrize(
    ("suite", "cause"),
    [
        pytest.param(Missing(fact="SuiteRun", cause="failed", detail="no pytest"), "failed", id="not run"),
        pytest.param(ran(3), "failed", id="not measured"),
        pytest.param(covered((10, 10), doubts=("x",)), "failed", id="doubted"),
        pytest.param(covered((10, 1), passed=1, not_run=9), "timed-out", id="most was not reached"),
        pytest.param(covered((10, 1), passed=1, failed=9, causes={"missing-data": 9}), "failed", id="most lacks data"),
    ],
)
def test_line_coverage_unknown(suite: SuiteRun | Missing, cause: str) -> None:
    answer = line_coverage(CODE, suite)

    assert isinstance(answer, Unknown)
    assert cause == answer.cause


def test_the_files_with_most_missed_come_first() -> None:
    answer = line_coverage(CODE, covered((10, 9), (50, 10), (10, 10)))

    assert isinstance(answer, Measured)
    assert [(e.at.path, e.note) for e in answer.evidence if isinstance(e, InFile)] == [
        ("pkg/1.py", "10 of 50 lines executed"),
        ("pkg/0.py", "9 of 10 lines executed"),
    ]


COUNTS = st.integers(0, 20)


@given(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
def test_a_case_more_that_passes_never_lowers_the_level(
    passed: int, failed: int, hanging: int, denied: int, flaky: int
) -> None:
    """Unknown counts as the worst, as it does in the score's lower bound."""

    def level(good: int) -> float:
        causes = {"defect": failed, "network": denied, "flaky": flaky}
        answer = suite_passes(CODE, ran(good, failed + denied + flaky, causes=causes, hanging=hanging, flaky=flaky))
        return answer.value if isinstance(answer, Measured) else 0

    assert level(passed + 1) >= level(passed)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        pytest.param({"stopped_by": "seconds"}, "2 were not reached in time", id="time"),
        pytest.param(
            {"doubts": ("the process that keeps the run's record was ended from within the run",)},
            "2 were not reached, because the run was ended from within",
            id="ended from within",
        ),
        pytest.param({"stopped_by": "memory"}, "2 were not reached", id="another limit"),
    ],
)
def test_why_cases_were_not_reached(more: dict[str, Any], words: str) -> None:
    answer = suite_passes(CODE, ran(1, 9, not_run=2, **more))

    assert isinstance(answer, Measured)
    assert words in (answer.summary or "").split(", ") or f", {words}" in (answer.summary or "")


@pytest.mark.parametrize(
    ("body", "believed"),
    [
        pytest.param("exec(compile('x = 1', pkg.a.__file__, 'exec'))", False, id="in a file's name"),
        pytest.param("exec(compile('x = 1', filename='pkg/a.py', mode='exec'))", False, id="by keyword"),
        pytest.param("exec(compile('x = 1', '<string>', 'exec'))", True, id="in no file's name"),
        pytest.param("re.compile('x')", True, id="another compile"),
    ],
)
def test_lines_compiled_by_a_test_are_not_believed(body: str, believed: bool) -> None:
    code = code_of(
        {"pkg/a.py": "x = 1\n", "tests/test_a.py": f"import re\nimport pkg.a\n\ndef test_a():\n    {body}\n"}
    )

    answer = line_coverage(code, covered((10, 10)))

    assert isinstance(answer, Measured if believed else Unknown)
