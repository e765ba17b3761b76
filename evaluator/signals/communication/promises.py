"""Do the documents promise only what is there?"""

from __future__ import annotations

from evaluator.facts.promises import Promise, Promises
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, NotApplicable, Unit
from evaluator.registry import signal

_PART = 0.6
_SHOWN = 6


@signal(
    id="communication.promises-kept",
    title="What the documents promise is there",
    question="Is what the README says the project has in the repository?",
    looks_at=(
        "Statements about the present in README and docs: tests, CI, containers, cross-validation, tuning, tracking, "
        "explanations, monitoring, services, linters, files and commands named, measures stated; against code that runs, "
        "files, settings and commands"
    ),
    remedy="Add what is missing, or move it to a list of what is planned.",
    effort="hour",
    sources=("make-a-readme", "pineau-2021"),
    limits=(
        "Only what can be checked without running anything is asked. Whether what is there works is asked elsewhere. Data, "
        "models and results may rightly stay out of a repository and are not asked for."
    ),
    stage="trial",
    levels=("fewer than 60 % of the promises are kept", "at least 60 % are kept", "all that can be checked are kept"),
)
def promises_kept(promises: Promises) -> Answer:
    """Value: 2 where every promise that can be checked is kept, 1 where at least 60 % are, else 0."""
    if not promises.items:
        return NotApplicable(reason="the documents promise nothing that could be checked")
    broken = [p for p in promises.items if not p.kept]
    kept = len(promises.items) - len(broken)
    level = 2 if not broken else 1 if kept >= _PART * len(promises.items) else 0
    evidence: list[Evidence] = [e for p in broken[:_SHOWN] for e in _broken(p)]
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=f"{kept} of {len(promises.items)} promises that can be checked are kept",
        evidence=tuple(evidence) or tuple(_kept(p) for p in promises.items[:_SHOWN]),
        confidence="medium",
    )


def _broken(promise: Promise) -> tuple[Evidence, Evidence]:
    """Return the promise, and beside it what was looked for."""
    return (
        InFile(at=promise.at, note=f"promises {promise.about}", excerpt=promise.said),
        Absence(note=f"no sign of {promise.about}", looked_at=promise.looked_for),
    )


def _kept(promise: Promise) -> InFile:
    return InFile(at=promise.at, note=f"promises {promise.about}, kept by {promise.shown}", excerpt=promise.said)
