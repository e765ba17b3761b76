"""Do the measures suit what the model does, and are they called what they are?"""

from __future__ import annotations

from evaluator.facts.analyses import Analyses, Measure
from evaluator.facts.claims import Claim, Claims
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, NotApplicable, Unit
from evaluator.registry import signal

_OF_CLASSES = frozenset({"accuracy", "balanced accuracy", "precision", "recall", "f1", "auc", "average precision"}) | {
    "report",
    "confusion matrix",
    "mcc",
    "kappa",
    "log loss",
    "brier",
}
_OF_NUMBERS = frozenset({"mse", "rmse", "mae", "mape", "r2", "msle"})
_SHOWN = 6


@signal(
    id="modelling.metric-suits-task",
    title="The metric suits the task and bears its right name",
    question="Does the headline metric suit the task, and is it called what it is?",
    looks_at=(
        "Which measure each call computes, the names and texts it is kept and shown under, what is passed to it, and what "
        "the project shows of rare classes"
    ),
    remedy="Name each number after what is computed; beside accuracy on uneven classes show recall, F1 or the area under the curve.",
    effort="minutes",
    sources=("saito-2015", "breck-2017"),
    limits=(
        "Measures of known libraries only. That classes are rare is believed where the code weighs or resamples them or a "
        "notebook keeps their counts."
    ),
    stage="trial",
    levels=(
        "a measure is misnamed, or says nothing of this task",
        "it suits, and a needed companion is missing, or it is fed with the wrong thing",
        "it suits, and bears its name",
    ),
)
def metric_suits_task(analyses: Analyses, claims: Claims) -> Answer:
    """Value: 0 where a measure is misnamed or does not fit, 1 where one is missing beside it, else 2."""
    wired = [m for m in analyses.measures if m.place.reached]
    if not wired:
        return NotApplicable(reason="no measure of a known library is computed by anything that runs")
    faults = [m for m in wired if m.fault]
    grave = [m for m in faults if "hard labels" not in m.fault]
    if grave:
        return _answer(0, grave[0].fault, tuple(_cite(m) for m in grave[:_SHOWN]))
    metrics = {m.metric for m in wired}
    claimed = _claimed_accuracy(claims) if metrics <= _OF_NUMBERS else None
    if claimed is not None:
        note = f"the code computes {', '.join(sorted(metrics))}, and the text calls the result accuracy"
        return _answer(0, note, (InFile(at=claimed.at, note=f"{claimed.name} {claimed.raw}"), _cite(wired[0])))
    if faults:
        return _answer(1, faults[0].fault, tuple(_cite(m) for m in faults[:_SHOWN]))
    rare = [(place, why) for place, why in analyses.rare_classes if place.reached]
    if rare and metrics & _OF_CLASSES == {"accuracy"}:
        alone = next(m for m in wired if m.metric == "accuracy")
        note = f"accuracy is the only measure, and {rare[0][1]}"
        missing = Absence(note="no recall, F1, area under a curve, report or confusion matrix")
        return _answer(1, note, (_cite(alone), InFile(at=rare[0][0].at, note=rare[0][1]), missing))
    return _answer(2, f"{', '.join(sorted(metrics))}: named as computed", tuple(_cite(m) for m in wired[:_SHOWN]))


def _claimed_accuracy(claims: Claims) -> Claim | None:
    """Return a claim of accuracy in the README."""
    return next(
        (c for c in claims.items if c.metric == "accuracy" and c.role == "readme" and c.standing == "measured"), None
    )


def _answer(level: int, summary: str, evidence: tuple[Evidence, ...]) -> Measured:
    return Measured(value=level, unit=Unit.LEVEL, summary=summary, evidence=evidence, confidence="medium")


def _cite(measure: Measure) -> InFile:
    said = f", called {' and '.join(measure.said)}" if measure.said else ""
    return InFile(at=measure.place.at, note=measure.fault or f"{measure.place.name} computes {measure.metric}{said}")
