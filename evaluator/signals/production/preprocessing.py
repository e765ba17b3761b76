"""Does the model see in service what it saw in training?"""

from __future__ import annotations

from evaluator.facts.serving import Preparation, Serving
from evaluator.model import Answer, Evidence, InFile, Measured, NotApplicable, Unit
from evaluator.registry import signal

_LEVELS = {"differs": 0, "skipped": 0, "rewritten": 1, "same": 2}
_SHOWN = 6


@signal(
    id="production.same-preprocessing",
    title="Serving prepares rows as training did",
    question="Does serving apply the preprocessing that training applied?",
    looks_at="Transformers that are fitted and encodings that are made where the saved model is trained, and the service",
    remedy="Fit one pipeline of preprocessing and model, save it as one, and load that in the service.",
    effort="hour",
    sources=("zinkevich-rules", "sculley-2015"),
    limits=(
        "Steps are compared by kind, not by the columns they work on. Cleaning that only removes rows, resampling and "
        "feature selection are left out; so is what is done to images and text without a fitted object or a composed one."
    ),
    levels=("it differs, or is left out", "written again, to the same effect", "the same fitted object or function"),
    stage="trial",
)
def same_preprocessing(serving: Serving) -> Answer:
    """Value: the level of the step on which serving and training agree least."""
    if not serving.served:
        return NotApplicable(reason="nothing is served")
    if not serving.preparations:
        return NotApplicable(reason="no preprocessing is applied where the served model is trained")
    worst = min(serving.preparations, key=lambda p: _LEVELS[p.prepared])
    agree = sum(p.prepared == "same" for p in serving.preparations)
    return Measured(
        value=_LEVELS[worst.prepared],
        unit=Unit.LEVEL,
        summary=f"{agree} of {len(serving.preparations)} kinds of step are the same; {worst.step}: {worst.why}",
        evidence=tuple(e for p in sorted(serving.preparations, key=_order)[:_SHOWN] for e in _evidence(p)),
        confidence="medium",
    )


def _order(found: Preparation) -> int:
    return _LEVELS[found.prepared]


def _evidence(found: Preparation) -> list[Evidence]:
    shown: list[Evidence] = [InFile(at=found.at, note=f"training applies {found.step}: {found.why}")]
    if found.served is not None and found.served != found.at:
        shown.append(InFile(at=found.served, note=f"what serving does about {found.step}"))
    return shown
