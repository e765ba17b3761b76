"""Which of the demands that the caller made does a report fail to meet?"""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.errors import UsageError
from evaluator.report.document import Report


def check(require: Iterable[str]) -> None:
    """Raise :class:`UsageError` where a required signal does not exist; asked before anything is looked at."""
    from evaluator.catalogue import catalogue

    for name in require:
        known = catalogue().signals
        if name not in known:
            raise UsageError(f"--require {name}: no such signal; see `evaluate signals`")


def failed(
    report: Report, *, fail_under: float | None, min_coverage: float | None, require: Iterable[str]
) -> list[str]:
    """Return a sentence for each demand that is not met.

    Args:
        fail_under: Points of 100 that the lower bound must reach.
        min_coverage: Percent of the rubric that must have been measured.
        require: Signals that must pass (or not apply).

    """
    reasons: list[str] = []
    low, coverage = report.score.low, report.score.coverage
    if fail_under is not None and (low is None or low < fail_under):
        reasons.append(f"the score's lower bound is {'none' if low is None else low}, below {fail_under:g}")
    if min_coverage is not None and (coverage is None or 100 * coverage < min_coverage):
        share = "none" if coverage is None else f"{100 * coverage:.0f} %"
        reasons.append(f"{share} of the rubric was measured, below {min_coverage:g} %")
    verdicts = {s.id: s.verdict for s in report.signals}
    unmet = [name for name in require if verdicts[name] not in {"pass", "not-applicable"}]
    return [*reasons, *(f"{name} is {verdicts[name]}" for name in unmet)]


def incomplete(report: Report) -> bool:
    """Whether something that applies could not be looked at; what ``--strict`` refuses."""
    return report.score.coverage is not None and report.score.coverage < 1
