"""Which findings does a reader need first: the strongest, the costliest, the ones to mend?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from evaluator.registry import Effort
from evaluator.report.document import EvidenceSection, Report, SignalSection, Verdict

# Hours of work, for the order of the list alone; the page names the effort in words.
HOURS: dict[Effort, float] = {"minutes": 0.25, "hour": 1.0, "day": 8.0}
ORDER: tuple[Verdict, ...] = ("fail", "partial", "not-measured", "not-applicable", "pass")
_HOW = {"ran": 0, "parsed": 1, "read": 2}


def best_strength(report: Report) -> SignalSection | None:
    """Return the passed signal that earns most; of equals, one that was run; None where nothing earns points."""
    return next(iter(_passed(report.signals)), None)


def largest_loss(report: Report) -> SignalSection | None:
    """Return the signal that costs most; of equals, the one that is sooner mended; None where nothing is lost."""
    return min(_lost(report.signals), key=lambda s: (-s.points_lost, HOURS[s.effort], s.id), default=None)


def fixes(report: Report, *, most: int = 5) -> tuple[SignalSection, ...]:
    """Return what to mend first: points regained by hour of work, most first.

    The largest loss always has a place: where five small repairs would crowd it out, it takes the last one, for it is
    what the verdict's sentence names.
    """
    ranked = sorted(_lost(report.signals), key=lambda s: (-s.points_lost / HOURS[s.effort], s.id))
    first, largest = ranked[:most], largest_loss(report)
    if largest is not None and largest not in first:
        first[-1] = largest
    return tuple(first)


def strengths(report: Report, *, most: int = 3) -> tuple[SignalSection, ...]:
    """Return the passed signals that earn most, of those whose evidence a reader can open."""
    return tuple([s for s in _passed(report.signals) if proof(s) is not None][:most])


def proof(signal: SignalSection) -> EvidenceSection | None:
    """Return the first piece of evidence that a reader can open: a file, a commit or a run."""
    return next((e for e in signal.evidence if e.kind != "absence"), None)


def spot(signal: SignalSection) -> EvidenceSection | None:
    """Return where to begin mending: lines of a file before anything else; None without evidence."""
    kinds = {"file": 0, "run": 1, "commit": 2, "absence": 3}
    return min(signal.evidence, key=lambda e: kinds[e.kind], default=None)


def by_verdict(signals: Iterable[SignalSection]) -> tuple[tuple[Verdict, tuple[SignalSection, ...]], ...]:
    """Return the signals of each verdict that occurs, costliest first; not applicable and passed come last."""

    def key(signal: SignalSection) -> tuple[int, float, float, str]:
        return ORDER.index(signal.verdict), -signal.points_lost, -signal.weight, signal.id

    groups = groupby(sorted(signals, key=key), key=lambda s: s.verdict)
    return tuple((verdict, tuple(group)) for verdict, group in groups)


def _passed(signals: Iterable[SignalSection]) -> list[SignalSection]:
    earning = [s for s in signals if s.verdict == "pass" and (s.earned or 0) > 0]
    return sorted(earning, key=lambda s: (-(s.earned or 0), _HOW[s.how], s.id))


def _lost(signals: Iterable[SignalSection]) -> list[SignalSection]:
    return [s for s in signals if s.verdict in {"fail", "partial"} and s.points_lost > 0]
