"""What was executed, or was to be, and how did it end?"""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.model import Cause, Fact, Missing
from evaluator.report.document import CountsSection, RunCause, RunKind, RunSection, RunStatus
from evaluator.runs.environment import Environment
from evaluator.runs.suite import SuiteRun

_ENDED: dict[Cause, tuple[RunStatus, RunCause]] = {
    "not-permitted": ("not-attempted", "not-permitted"),
    "failed": ("failed", "environment"),
    "timed-out": ("timed-out", "time"),
    "too-large": ("blocked", "tool-limit"),
}


def runs(facts: Mapping[type[Fact], Fact | Missing]) -> tuple[RunSection, ...]:
    """Return the runs in the order of time. What there was nothing to run of is not among them."""
    found: list[RunSection] = []
    match facts.get(Environment):
        case Environment() as built:
            found.append(_install(built))
        case Missing() as gap if gap.cause != "not-found":
            found.append(_not_run("install", gap))
    match facts.get(SuiteRun):
        case SuiteRun() as ran:
            found.append(_tests(ran))
        case Missing() as gap if gap.cause != "not-found":
            found.append(_not_run("tests", gap))
    return tuple(found)


def _not_run(kind: RunKind, gap: Missing) -> RunSection:
    status, cause = _ENDED[gap.cause]
    return RunSection(id=kind, kind=kind, status=status, cause=cause, reason=gap.detail)


def _install(built: Environment) -> RunSection:
    tried = [
        f"{a.manifest or 'imports'} {a.strategy} on Python {a.python}: {a.reason}" for a in built.attempts if a.reason
    ]
    return RunSection(
        id="install",
        kind="install",
        command=""
        if built.strategy == "given"
        else f"uv pip install ({built.manifest or 'imports'}, {built.strategy})",
        status="passed",
        reason=f"Python {built.version}, {len(built.installed)} packages",
        repairs=built.repairs,
        log="\n".join(tried),
    )


def _tests(ran: SuiteRun) -> RunSection:
    bad = ran.failed + ran.errors + ran.hanging
    late = bool(ran.hanging) or ran.stopped_by == "seconds"
    status: RunStatus = "timed-out" if late else "failed" if bad or not ran.complete else "passed"
    cause: RunCause = "none" if not bad else "time" if ran.hanging else _commonest([c.cause for c in ran.cases])
    lines, hit = sum(c.lines for c in ran.coverage), sum(c.hit for c in ran.coverage)
    return RunSection(
        id="tests",
        kind="tests",
        command=ran.command,
        status=status,
        cause=cause,
        reason="; ".join((*ran.doubts, *ran.gaps)),
        repairs=ran.repairs,
        counts=CountsSection(
            passed=ran.passed, failed=ran.failed, errors=ran.errors + ran.hanging, skipped=ran.skipped
        ),
        coverage=round(hit / lines, 4) if lines else None,
        exit_code=ran.exit_code,
        stopped_by=None if ran.stopped_by == "nothing" else ran.stopped_by,
        log="\n".join(f"{c.outcome}: {c.id}: {c.message.strip().partition(chr(10))[0]}" for c in ran.cases[:40]),
    )


def _commonest(causes: list[str]) -> RunCause:
    """Return what most failures come from; a defect of the project's own is named before any other cause."""
    if "defect" in causes or not causes:
        return "defect"
    return _known(min(causes, key=lambda c: (-causes.count(c), c)))


def _known(word: str) -> RunCause:
    from typing import get_args

    for cause in get_args(RunCause):
        if cause == word:
            return cause  # type: ignore[no-any-return]
    return "defect"
