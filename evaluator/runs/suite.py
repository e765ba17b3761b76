"""What happens when the project's own test suite is run?"""

from __future__ import annotations

from typing import Literal

from evaluator.model import Fact, Record


class Case(Record):
    """One test case that did not pass, or that was running when the run was stopped. ``message``: at most 1 200 characters.

    Attributes:
        count: Cases that this one stands for: a file that cannot be collected stands for the tests the code shows in
            it; 0 for a script that only bears a test's name.
        cause: Why, in the words of the contract; see ``runs.testing.causes.NOT_THE_PROJECTS``.
    """

    id: str
    outcome: Literal["failed", "error", "hanging"]
    path: str
    line: int
    message: str = ""
    cause: str = "defect"
    count: int = 1


class Covered(Record):
    """Line coverage of one first-party file: ``lines`` executable, ``hit`` executed while importing or passing."""

    path: str
    lines: int
    hit: int


class SuiteRun(Fact):
    """The suite was started and at least one case was collected or failed to be.

    The counts come from our own plug-in, which looks beneath the hooks of conftest files; exit code and printed
    summary decide nothing. It ran beside the project's code all the same: testimony, doubted where it disagrees with
    itself or with the code.

    Attributes:
        passed, failed, errors, skipped: Test cases, after parametrisation; ``skipped`` includes those that failed as
            expected and those that the project's own options leave out.
        hanging: Cases cut off by the limit of one case.
        not_run: Collected cases that the limit of the whole kept from running.
        flaky: Cases that failed once and passed on another try; those that only our second try passed are in
            ``failed`` as well.
        complete: The suite came to its own end.
        causes: Cause → cases that did not pass for it, ``hanging`` left out.
        cases: Those that did not pass, at most 200.
        coverage: By path, only of files of the project that are no tests; empty where not measured.
        doubts: Why the counts may not be trusted (they disagree with the tests seen in the code …).
        gaps: Why parts of the suite did not start, where a repository holds several.
        repairs: What of the project's configuration had to be left out for pytest to start.
    """

    command: str
    passed: int
    failed: int
    errors: int
    skipped: int
    hanging: int = 0
    not_run: int = 0
    flaky: int = 0
    complete: bool = True
    exit_code: int | None = None
    stopped_by: str = "nothing"
    causes: dict[str, int] = {}
    cases: tuple[Case, ...] = ()
    coverage: tuple[Covered, ...] = ()
    doubts: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
