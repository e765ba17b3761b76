"""How far did the project come when it was run, and if nothing was run, why not?"""

from __future__ import annotations

from evaluator.model import Record
from evaluator.report import wording
from evaluator.report.document import Measurements, Report, RunKind, RunSection, RunStatus
from evaluator.report.safe import line

# What a reader must hear of first, where several runs of one kind ended differently.
_WORST: tuple[RunStatus, ...] = ("failed", "timed-out", "blocked", "not-attempted", "passed")


class Step(Record):
    """One rung.

    Attributes:
        detail: Figures or cause; empty where there is neither.
        seconds: What it took, in words; empty where it was not measured.
        run: Id of the run, or of the worst of several.
    """

    kind: RunKind
    name: str
    status: RunStatus
    term: wording.Term
    detail: str
    seconds: str
    run: str


def steps(report: Report, measurements: Measurements | None = None) -> tuple[Step, ...]:
    """Return the rungs that exist in the report's runs, in the order in which a user would climb them."""
    took = {r.id: r.seconds for r in measurements.runs} if measurements else {}
    grouped = {kind: [r for r in report.runs if r.kind == kind] for kind in wording.STEPS}
    return tuple(_step(kind, runs, took) for kind, runs in grouped.items() if runs)


def reasons_nothing_ran(report: Report) -> tuple[str, ...]:
    """Return why nothing of the project was run, in the words of who found out; empty where something was.

    Empty as well where there was nothing to run, or where running failed: those are told at the runs.
    """
    if any(r.kind != "fetch" and r.status != "not-attempted" and r.cause != "not-permitted" for r in report.runs):
        return ()
    told = [m.detail or m.fact for m in report.missing if m.cause == "not-permitted"]
    told = told or [r.reason or wording.CAUSES["not-permitted"] for r in report.runs if r.cause == "not-permitted"]
    return tuple(dict.fromkeys(line(reason) for reason in told))


def _step(kind: RunKind, runs: list[RunSection], took: dict[str, float]) -> Step:
    worst = min(runs, key=lambda r: _WORST.index(r.status))
    passed = sum(r.status == "passed" for r in runs)
    measured = [took[r.id] for r in runs if r.id in took]
    return Step(
        kind=kind,
        name=wording.STEPS[kind],
        status=worst.status,
        term=wording.STATUSES[worst.status],
        detail=_detail(worst) if len(runs) == 1 else f"{passed} of {len(runs)} passed",
        seconds=wording.seconds(sum(measured)) if measured else "",
        run=worst.id,
    )


def _detail(run: RunSection) -> str:
    return wording.outcome(run) or wording.CAUSES[run.cause]
