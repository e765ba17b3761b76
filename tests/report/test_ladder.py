"""The rungs that a project climbed, and why none was, if none was."""

from __future__ import annotations

import msgspec
import pytest

from evaluator.report import ladder
from evaluator.report.document import MissingSection, Report, RunSection
from tests.report import samples


def report(*runs: RunSection, missing: tuple[MissingSection, ...] = ()) -> Report:
    return msgspec.structs.replace(samples.empty(), runs=runs, missing=missing)


FORBIDDEN = RunSection(id="tests", kind="tests", status="not-attempted", cause="not-permitted", reason="no sandbox")
REFUSED = MissingSection(fact="SuiteRun", cause="not-permitted", detail="no sandbox; install one")


def test_only_rungs_that_exist_in_the_order_of_time() -> None:
    tests = RunSection(id="t", kind="tests", status="passed")
    install = RunSection(id="i", kind="install", status="passed")

    assert [s.name for s in ladder.steps(report(tests, install))] == ["Install", "Tests"]
    assert ladder.steps(report()) == ()


def test_of_several_runs_the_worst_is_told_and_all_are_counted() -> None:
    runs = [
        RunSection(id=f"n{n}", kind="notebook", status=status)
        for n, status in enumerate(("passed", "timed-out", "failed", "passed"))
    ]

    (step,) = ladder.steps(report(*runs))

    assert (step.status, step.run, step.detail) == ("failed", "n2", "2 of 4 passed")


def test_figures_come_before_a_cause() -> None:
    blocked = RunSection(id="t", kind="training", status="blocked", cause="missing-data")

    (step,) = ladder.steps(report(blocked))

    assert step.detail == "data that is not there"
    assert ladder.steps(samples.rich())[2].detail == "45 passed, 1 failed, 1 skipped, 71% of lines covered"


def test_seconds_only_where_they_were_measured() -> None:
    steps = ladder.steps(samples.rich(), samples.measured())

    assert [s.seconds for s in steps] == ["2.9 s", "1.2 s", "7.8 s", "1 min 0 s", "", ""]
    assert {s.seconds for s in ladder.steps(samples.rich())} == {""}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(report(FORBIDDEN, missing=(REFUSED,)), ("no sandbox; install one",), id="with its cure"),
        pytest.param(report(missing=(REFUSED, REFUSED)), ("no sandbox; install one",), id="once"),
        pytest.param(report(FORBIDDEN), ("no sandbox",), id="from the run"),
        pytest.param(report(), (), id="there was nothing to run"),
        pytest.param(samples.rich(), (), id="something was run"),
        pytest.param(report(RunSection(id="i", kind="install", status="failed"), FORBIDDEN), (), id="it was tried"),
        pytest.param(report(missing=(MissingSection(fact="Code", cause="failed", detail="x"),)), (), id="another gap"),
    ],
)
def test_why_nothing_was_run(given: Report, told: tuple[str, ...]) -> None:
    assert ladder.reasons_nothing_ran(given) == told
