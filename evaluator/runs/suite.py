"""What happens when the project's own test suite is run?"""

from __future__ import annotations

from typing import Literal

from evaluator.model import Fact, Record


class Case(Record):
    """One test case that did not pass, or that was running when the run was stopped. ``message``: at most 1 200 characters."""

    id: str
    outcome: Literal["failed", "error", "hanging"]
    path: str
    line: int
    message: str = ""
    cause: str = "defect"


class Covered(Record):
    """Line coverage of one first-party file: ``lines`` executable, ``hit`` executed."""

    path: str
    lines: int
    hit: int


class SuiteRun(Fact):
    """The suite was started and at least one case was collected or failed to be.

    Attributes:
        passed, failed, errors, skipped: Test cases, after parametrisation.
        hanging: Cases cut off by the limit of the run.
        complete: The suite came to its own end.
        cases: Those that did not pass, at most 200.
        coverage: By path, only of files of the project that are no tests; empty where not measured.
        doubts: Why the counts may not be trusted (they disagree with the tests seen in the code …).
    """

    command: str
    passed: int
    failed: int
    errors: int
    skipped: int
    hanging: int = 0
    complete: bool = True
    exit_code: int | None = None
    stopped_by: str = "nothing"
    cases: tuple[Case, ...] = ()
    coverage: tuple[Covered, ...] = ()
    doubts: tuple[str, ...] = ()
