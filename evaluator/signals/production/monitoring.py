"""Would one notice a problem in production?"""

from __future__ import annotations

from evaluator.facts.serving import Serving, Watch
from evaluator.model import Absence, Answer, InFile, Measured, NotApplicable, Unit
from evaluator.registry import signal

_SHOWN = 6


@signal(
    id="production.monitoring",
    title="Problems in production would be noticed",
    question="Does the project watch its service with metrics, drift checks or traces?",
    looks_at="Calls of monitoring libraries, endpoints that give out figures, drift checks, and what the service logs of requests or keeps of its log",
    remedy="Count requests, errors, latency and predictions, expose them, and compare incoming data with training data.",
    effort="hour",
    sources=("breck-2017", "huyen-2022"),
    limits=(
        "Health checks and printed lines are none, nor are lines on the console about starting up or an error. Whether a server collects the metrics, and whether anybody looks, is "
        "not seen; neither is monitoring that a platform does by itself."
    ),
    levels=(
        "nothing but health checks, prints or stray lines on the console",
        "a log that is kept or tells of each request, or metrics that cannot be looked at",
        "metrics, drift checks or traces that something runs",
    ),
)
def monitoring(serving: Serving) -> Answer:
    """Value: 2 with metrics, drift checks or traces wired in, 1 with logs or metrics that are not exposed, else 0."""
    if not serving.served:
        return NotApplicable(reason="nothing is served")
    reached = [w for w in serving.watches if w.reached]
    watching = [w for w in reached if w.kind != "logging"]
    complete = [w for w in watching if w.complete]
    if complete:
        names = ", ".join(dict.fromkeys(w.name for w in complete[:3]))
        return Measured(value=2, unit=Unit.LEVEL, summary=f"watched by {names}", evidence=_evidence(complete))
    idle = [w for w in serving.watches if not w.reached and w.kind != "logging"]
    note = "no metrics, drift check or trace of the service that something runs"
    absent = Absence(note=note, looked_at=tuple(dict.fromkeys(a.at.path for a in serving.served))[:8])
    logs = [w for w in reached if w.kind == "logging"]
    if watching or logs:
        summary = (
            f"{watching[0].name} cannot be looked at"
            if watching
            else f"the service logs in {len(logs)} places, no more"
        )
        return Measured(
            value=1,
            unit=Unit.LEVEL,
            summary=summary,
            evidence=(*_evidence(watching), *_evidence(logs[:3]), *_idle(idle), absent),
        )
    return Measured(value=0, unit=Unit.LEVEL, summary=note, evidence=(*_idle(idle), absent))


def _evidence(watches: list[Watch]) -> tuple[InFile, ...]:
    return tuple(InFile(at=w.at, note=f"{w.kind}: {w.name}") for w in watches[:_SHOWN])


def _idle(idle: list[Watch]) -> tuple[InFile, ...]:
    return tuple(InFile(at=w.at, note=f"{w.name}: nothing runs it") for w in idle[:2])
