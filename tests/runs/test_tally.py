"""What do recorded events add up to? From literal records, and from bytes that nobody promised anything about."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.runs.suite import SuiteRun
from evaluator.runs.testing.causes import Surroundings
from evaluator.runs.testing.plan import Group
from evaluator.runs.testing.tally import CASES, Started, tally
from evaluator.runs.testing.testimony import Journal, Over, Raised, Ran, read_journal, read_lines, told
from evaluator.sandbox.api import RunOutcome
from tests.runs.suites import code_of

FILES = {
    "tests/test_a.py": "def test_one():\n    assert 1\n\ndef test_two():\n    assert 2\nfrom base import Base\n"
    "class TestB(Base):\n    def test_three(self):\n        assert 3\n",
    "tests/test_c.py": "def test_four():\n    assert 4\n",
}
GROUP = Group(cwd="", paths=(), tests=tuple(FILES), front=("",), back=())
OVER = {"e": "over", "finished": True, "starts": 1, "lines": ""}


def ran(name: str, outcome: str = "passed", **more: Any) -> dict[str, Any]:
    return {"e": "case", "id": name, "o": outcome, "c": "1.1", "path": name.partition("::")[0], "line": 1, **more}


def end(code: int = 0) -> dict[str, Any]:
    return {"e": "end", "exit": code}


CRASHED = {"e": "broken", "how": "crashed", "kind": "between", "id": "", "status": 1}


def journal(*events: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def summed(*events: dict[str, Any], lines: object = None, exit_code: int | None = 0, **outcome: Any) -> SuiteRun:
    started = Started(
        group=GROUP,
        outcome=RunOutcome(exit_code=exit_code, **outcome),
        journal=read_journal(journal(*events)),
        lines=read_lines(json.dumps(lines).encode() if lines else None),
    )
    return tally([started], code_of(FILES), Surroundings(), {"pkg/a.py": "d"})


def test_counts() -> None:
    result = summed(
        {"e": "collected", "n": 6, "dropped": 1, "left": 6},
        ran("tests/test_a.py::test_one"),
        ran("tests/test_a.py::test_one", "failed"),
        ran("tests/test_a.py::test_two", "failed", why=[{"type": "builtins.ValueError", "message": "no"}]),
        ran("tests/test_a.py::TestB::test_three", "skipped"),
        ran("tests/test_c.py::test_four", "hanging"),
        end(1),
        OVER,
    )

    assert (result.passed, result.failed, result.skipped, result.hanging, result.not_run) == (1, 1, 2, 1, 1)
    assert result.causes == {"defect": 1}
    assert [c.message for c in result.cases] == ["ValueError: no", ""]
    assert not result.complete
    assert result.doubts == ()


@pytest.mark.parametrize(
    ("events", "doubt"),
    [
        pytest.param(
            [{"e": "unsigned", "n": 3}], "3 lines of the run's record were written by something else", id="unsigned"
        ),
        pytest.param([{"e": "unheard of"}], "1 lines of the run's record", id="another form"),
        pytest.param(
            [ran("tests/test_a.py::test_two", "failed", hidden=True)],
            "1 cases failed and were reported otherwise",
            id="hidden",
        ),
        pytest.param(
            [ran("tests/test_a.py::test_two", "failed"), end(0)],
            "pytest ended with exit code 0 although 1",
            id="exit code",
        ),
        pytest.param([ran("nowhere.py::test_x")], "1 of 2 passed cases come from no test", id="no such file"),
        pytest.param([ran("tests/test_a.py::test_x")], "1 of 2 passed cases come from no test", id="no such function"),
    ],
)
def test_doubts(events: list[dict[str, Any]], doubt: str) -> None:
    result = summed(ran("tests/test_a.py::test_one"), *events, OVER)

    assert [found.startswith(doubt) for found in result.doubts] == [True]


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([ran("tests/test_a.py::test_one[x::y]")], id="parameters"),
        pytest.param([ran("tests/test_a.py::TestB::test_inherited")], id="inherited by a class"),
        pytest.param([ran("tests/test_a.py::test_two", "error"), end(1)], id="failures that the exit code knows"),
        pytest.param([ran("tests/test_a.py::test_two", "failed"), end(1), end(0)], id="several starts"),
        pytest.param([ran("tests/test_a.py::test_two", "failed"), CRASHED, end(0)], id="a start that crashed"),
        pytest.param(
            [ran("tests/test_a.py::test_two", "error", why=[{"type": "_pytest.outcomes.Exit"}]), end(0)],
            id="a test that ended the session",
        ),
    ],
)
def test_no_doubts(events: list[dict[str, Any]]) -> None:
    assert summed(ran("tests/test_a.py::test_one"), *events, OVER).doubts == ()


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        pytest.param([ran("tests/test_a.py::test_one")], {"exit_code": -9}, id="killed before the last line"),
        pytest.param([ran("tests/test_a.py::test_one"), OVER], {"exit_code": -9}, id="a last line of somebody's"),
        pytest.param([ran("tests/test_a.py::test_one")], {"exit_code": 0}, id="no last line"),
    ],
)
def test_an_overseer_that_was_ended(events: list[dict[str, Any]], outcome: dict[str, Any]) -> None:
    result = summed(*events, **outcome)

    assert result.doubts == ("the process that keeps the run's record was ended from within the run",)


def test_a_run_that_a_limit_stopped() -> None:
    """Nobody's fault, and not complete."""
    result = summed(ran("tests/test_a.py::test_one"), exit_code=None, stopped_by="seconds")

    assert (result.passed, result.complete, result.stopped_by, result.doubts) == (1, False, "seconds", ())


def test_files_stand_for_their_tests() -> None:
    result = summed(
        {"e": "uncollected", "id": "tests/test_a.py", "kind": "module", "hanging": False, "fatal": False, "why": []},
        {"e": "uncollected", "id": "tests/test_a.py", "kind": "module", "hanging": False, "fatal": False, "why": []},
        {"e": "left-out", "id": "tests/test_c.py", "message": "later"},
        OVER,
    )

    assert (result.errors, result.skipped) == (3, 1)
    assert [(c.id, c.count) for c in result.cases] == [("tests/test_a.py", 3)]


def test_a_conftest_stands_for_the_tests_below_it() -> None:
    why = [{"type": "builtins.NameError", "message": "x", "at": ["tests/conftest.py", 7]}]
    result = summed(
        {
            "e": "uncollected",
            "id": "tests/conftest.py",
            "kind": "conftest",
            "hanging": False,
            "fatal": False,
            "why": why,
        },
        end(4),
        OVER,
    )

    assert [(c.id, c.count, c.line) for c in result.cases] == [("tests/conftest.py", 4, 7)]


def test_a_case_that_ended_its_process() -> None:
    broken = {"e": "broken", "how": "crashed", "kind": "running", "id": "tests/test_a.py::test_two[1]", "status": -11}
    late = {"e": "broken", "how": "late", "kind": "running", "id": "tests/test_c.py::test_four", "status": -9}
    result = summed({"e": "collected", "n": 2, "dropped": 0, "left": 2}, broken, late, OVER)

    assert [(c.id, c.outcome, c.line) for c in result.cases] == [
        ("tests/test_a.py::test_two[1]", "error", 4),
        ("tests/test_c.py::test_four", "hanging", 1),
    ]
    assert result.not_run == 0


def test_flaky() -> None:
    """Passed on our second try, or on one of the project's own."""
    result = summed(
        ran("tests/test_a.py::test_one", "failed"),
        ran("tests/test_a.py::test_two", attempts=3),
        end(1),
        {"e": "flaky", "id": "tests/test_a.py::test_one"},
        OVER,
    )

    assert (result.passed, result.failed, result.flaky, result.causes) == (1, 1, 2, {"flaky": 1})


def lines(executed: dict[str, list[int]], digest: str = "d", path: str = "pkg/a.py") -> dict[str, object]:
    return {"files": [{"path": path, "digest": digest, "lines": 10, "hit": 4}], "tests": executed}


def test_coverage() -> None:
    result = summed(ran("tests/test_a.py::test_one"), OVER, lines=lines({"tests/test_a.py": [2]}))

    assert [(c.path, c.lines, c.hit) for c in result.coverage] == [("pkg/a.py", 10, 4)]
    assert result.doubts == ()


def test_a_test_whose_lines_were_never_executed() -> None:
    result = summed(
        ran("tests/test_a.py::test_one"),
        ran("tests/test_a.py::test_two"),
        OVER,
        lines=lines({"tests/test_a.py": [2]}),
    )

    assert result.doubts == ("1 of 2 passed tests were never executed, as the line coverage has it",)


def test_a_file_that_was_rewritten_covers_nothing() -> None:
    result = summed(ran("tests/test_a.py::test_one"), OVER, lines=lines({}, digest="other"))

    assert [c.hit for c in result.coverage] == [0]
    assert result.doubts == ("1 source files were changed during the run: pkg/a.py",)


def test_files_that_nobody_asked_for_are_left_out() -> None:
    assert summed(ran("tests/test_a.py::test_one"), OVER, lines=lines({}, path="x.py")).coverage == ()


def test_cases_are_bounded() -> None:
    result = summed(*(ran(f"tests/test_a.py::test_one[{n}]", "failed") for n in range(CASES + 5)), end(1), OVER)

    assert (len(result.cases), result.failed) == (CASES, CASES + 5)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            b'{"files": [{"path": "a", "digest": "d", "lines": 1, "hit": 2}], "tests": {}}', id="more than all"
        ),
        pytest.param(b'{"files": [{"path": "a", "digest": "d", "lines": -1, "hit": -2}], "tests": {}}', id="negative"),
        pytest.param(b'{"files": []}', id="a part"),
        pytest.param(b"\x80\x04\x95", id="a pickle"),
    ],
)
def test_lines_of_another_form(data: bytes) -> None:
    assert read_lines(data) is None


def test_a_torn_last_line_is_left_out() -> None:
    data = journal(ran("a.py::test_x"), OVER)

    assert read_journal(data[:-4]) == Journal(
        events=(Ran(id="a.py::test_x", o="passed", c="1.1", path="a.py", line=1),)
    )


VALUES = st.recursive(st.none() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v))


@given(st.binary(max_size=300), st.lists(VALUES, max_size=5))
def test_reading_never_raises(data: bytes, values: list[Any]) -> None:
    """Bytes of any kind, and JSON of any form."""
    read_journal(data)
    read_lines(data)
    assert read_journal(b"".join(json.dumps(v).encode() + b"\n" for v in values)).events == ()


@given(st.binary(max_size=200))
def test_broken_events_spoil_nothing(data: bytes) -> None:
    good = journal(ran("a.py::test_x"))
    noise = data.replace(b"\n", b"") + b"\n"

    found = read_journal(good + noise + journal(OVER))

    assert len(found.of(Ran)) == 1
    assert found.of(Over)
    assert found.garbled == 1


def test_told_is_the_same_for_equal_runs() -> None:
    error = Raised(
        type="builtins.ValueError",
        message="<object at 0x7f00aa> in /tmp/pytest-of-user/pytest-0/x \x1b[31mred\x1b[0m /work/pkg/a.py",
        at=("pkg/a.py", 3),
    )

    assert told((error,)) == "ValueError: <object at 0x…> in <temporary> red pkg/a.py\nat pkg/a.py:3"


def test_told_is_bounded() -> None:
    text = told((Raised(type="x.Y", message="\n".join("line" for _ in range(100))),))

    assert len(text.splitlines()) == 12
