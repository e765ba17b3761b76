"""What happened when the test suite was run?"""

from __future__ import annotations

from evaluator.facts.code import Code
from evaluator.model import (
    Answer,
    Cause,
    Evidence,
    InFile,
    InRun,
    Measured,
    Missing,
    NotApplicable,
    Span,
    Unit,
    Unknown,
)
from evaluator.registry import signal
from evaluator.runs.suite import Case, Covered, SuiteRun
from evaluator.runs.testing.causes import NOT_THE_PROJECTS
from evaluator.runs.testing.meddling import invented
from evaluator.runs.testing.plan import seen_tests

_RUN = "tests"
_SHOWN = 8
_NEARLY_ALL = 0.9
_FEW = 0.1  # a larger part of a suite that could not run would have covered lines of its own
_LEVELS = ("fewer than 90 % of the cases pass", "at least 90 % pass, or only flaky ones fail", "every case passes")
_WORDS = {
    "environment": "the environment",
    "platform": "another platform",
    "network": "a network",
    "hardware": "hardware",
    "memory": "memory",
    "missing-data": "absent data",
    "secret": "a credential",
    "time": "time",
    "tool-limit": "a limit of this tool",
}


@signal(
    id="testing.suite-passes",
    title="The test suite passes",
    question="Do the project's own tests pass when somebody else runs them?",
    looks_at="The suite, run by pytest in the sandbox without network, as our own plug-in saw every case end",
    remedy="Run `pytest` in a fresh clone with a fresh environment, and mend or remove what fails.",
    effort="hour",
    command="pytest",
    sources=("breck-2017", "luo-2014"),
    limits=(
        "Cases that fail only because they lack a network, data, hardware, a credential or a package that could not be "
        "installed here are named and not held against the suite; where they are the larger part, nothing is said. A "
        "case beyond the time limit counts as not passed, unless that alone would decide between 90 % and less. Ran in "
        "reach of the project's code: testimony, cross-checked with the code and the line coverage."
    ),
    levels=_LEVELS,
)
def suite_passes(code: Code, suite: SuiteRun | Missing) -> Answer:
    """Value: 2 if all cases pass, 1 if at least 90 % do or only flaky ones fail, else 0."""
    if not seen_tests(code):
        return NotApplicable(reason="the code holds no tests")
    if isinstance(suite, Missing):
        return Unknown(cause=suite.cause, reason=suite.detail or "the suite was not run")
    counted = _Counted(suite)
    if counted.denied > counted.judged:
        return Unknown(cause="failed", reason=f"most cases need what there is none of here: {counted.denials}")
    if not counted.judged + counted.open:
        return Unknown(cause="failed", reason=f"no case came to an end of its own: {suite.skipped} skipped themselves")
    low, high = counted.level(counted.open), counted.level(0)
    if low == 0 and high > 0:
        return Unknown(cause="timed-out", reason=f"{counted.open} of {counted.all} cases did not end within the limit")
    if suite.doubts and low > 0:
        return Unknown(cause="failed", reason=f"the counts cannot be relied on: {suite.doubts[0]}")
    return Measured(
        value=low,
        unit=Unit.LEVEL,
        summary=counted.summary,
        evidence=_failures(suite),
        confidence="low" if suite.skipped > counted.judged else "medium",
    )


class _Counted:
    """The cases of a run, by what may be said of them.

    Attributes:
        bad: Failed for a cause of the project's own. denied: For lack of what there is none of here.
        open: Cut off, or never begun. judged: Those that count.
    """

    def __init__(self, suite: SuiteRun) -> None:
        self.suite = suite
        self.flaky = suite.causes.get("flaky", 0)
        self.denied = sum(count for cause, count in suite.causes.items() if cause in NOT_THE_PROJECTS)
        self.bad = suite.failed + suite.errors - self.flaky - self.denied
        self.open = suite.hanging + suite.not_run
        self.judged = suite.passed + self.bad + self.flaky
        self.all = self.judged + self.open + self.denied

    @property
    def denials(self) -> str:
        """What was lacking, most often first."""
        found = [(n, c) for c, n in self.suite.causes.items() if c in NOT_THE_PROJECTS and n]
        if len(found) == 1:
            return _WORDS[found[0][1]]
        return ", ".join(f"{_WORDS[c]} ({n})" for n, c in sorted(found, key=lambda x: (-x[0], x[1])))

    @property
    def unreached(self) -> str:
        """Why cases were not reached: a limit, or the run was ended by what it ran."""
        if self.suite.stopped_by == "nothing" and any("ended from within" in doubt for doubt in self.suite.doubts):
            return "were not reached, because the run was ended from within"
        return "were not reached in time" if self.suite.stopped_by in {"nothing", "seconds"} else "were not reached"

    def level(self, open_cases: int) -> int:
        """Return the level if the open cases are taken as ``open_cases`` that do not pass."""
        good, whole = self.suite.passed + self.flaky, self.judged + open_cases
        if good == whole:
            return 2 if not self.suite.flaky and not self.flaky else 1
        return 1 if good >= _NEARLY_ALL * whole else 0

    @property
    def summary(self) -> str:
        """The figures, in one sentence."""
        parts = [f"{self.suite.passed} of {self.judged + self.open} cases pass"]
        parts += [f"{self.bad} fail"] if self.bad else []
        parts += [f"{self.suite.flaky} are flaky"] if self.suite.flaky else []
        parts += [f"{self.suite.hanging} hang"] if self.suite.hanging else []
        parts += [f"{self.suite.not_run} {self.unreached}"] if self.suite.not_run else []
        parts += [f"{self.suite.skipped} are skipped"] if self.suite.skipped else []
        parts += [f"{self.denied} lack {self.denials} and do not count"] if self.denied else []
        return ", ".join(parts)


def _failures(suite: SuiteRun) -> tuple[Evidence, ...]:
    counts = f"{suite.passed} passed, {suite.failed} failed, {suite.errors} errors, {suite.skipped} skipped"
    found: list[Evidence] = [InRun(run=_RUN, exit_code=suite.exit_code, note=counts)]
    theirs_first = sorted(suite.cases, key=lambda case: case.cause in NOT_THE_PROJECTS)
    found += [_failure(case) for case in theirs_first[:_SHOWN] if case.count]
    return tuple(found)


def _failure(case: Case) -> Evidence:
    first = case.message.partition("\n")[0][:200]
    note = f"{case.outcome} ({case.cause}): {first}" if first else f"{case.outcome} ({case.cause})"
    if not case.path:
        return InRun(run=_RUN, exit_code=None, note=f"{case.id}: {note}", excerpt=case.message)
    return InFile(at=Span(path=case.path, start=case.line, end=case.line), note=note, excerpt=case.id)


@signal(
    id="testing.line-coverage",
    title="The passing tests reach the code",
    question="Which share of the project's own lines do its passing tests execute?",
    looks_at="Lines of the project's modules, counted by coverage.py with our settings, tests and notebooks left out",
    remedy="Run `pytest --cov` and write tests for the files with the most lines missed.",
    effort="day",
    command="pytest --cov",
    sources=("coverage-py", "breck-2017"),
    limits=(
        "A line that is executed is not a line whose result is checked. `# pragma: no cover` is not obeyed. Code that "
        "runs in processes which a test starts is not seen; lines that only failing cases reach do not count."
    ),
)
def line_coverage(code: Code, suite: SuiteRun | Missing) -> Answer:
    """Value: executed lines / executable lines of the project's own modules, 0-1."""
    if not seen_tests(code):
        return NotApplicable(reason="the code holds no tests")
    if isinstance(suite, Missing):
        return Unknown(cause=suite.cause, reason=suite.detail or "the suite was not run")
    lines, hit = sum(c.lines for c in suite.coverage), sum(c.hit for c in suite.coverage)
    if not lines:
        return Unknown(cause="failed", reason="the lines could not be counted")
    invention = invented(code)
    if suite.doubts or invention:
        return Unknown(cause="failed", reason=f"the counts cannot be relied on: {(*suite.doubts, invention)[0]}")
    counted = _Counted(suite)
    unseen = counted.denied + counted.open
    if unseen > _FEW * (counted.judged + unseen):
        cause: Cause = "timed-out" if counted.open > counted.denied else "failed"
        reason = (
            f"{unseen} of {counted.judged + unseen} cases did not run to their end here, for no fault of the project"
        )
        return Unknown(cause=cause, reason=reason)
    return Measured(
        value=hit / lines,
        unit=Unit.RATIO,
        summary=f"{hit} of {lines} lines in {len(suite.coverage)} files, by {suite.passed} passing cases",
        evidence=(*_missed(suite.coverage), InRun(run=_RUN, exit_code=suite.exit_code, note=f"{hit} of {lines} lines")),
        confidence="low" if counted.denied or counted.open else "medium",
    )


def _missed(coverage: tuple[Covered, ...]) -> tuple[Evidence, ...]:
    """Return the files with the most lines missed."""
    worst = sorted((c for c in coverage if c.hit < c.lines), key=lambda c: (c.hit - c.lines, c.path))
    return tuple(InFile(at=Span(path=c.path), note=f"{c.hit} of {c.lines} lines executed") for c in worst[:_SHOWN])
