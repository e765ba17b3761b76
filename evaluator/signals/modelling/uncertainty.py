"""How sure is the headline number?"""

from __future__ import annotations

from evaluator.facts.experiments import Experiments
from evaluator.facts.model_work import ModelWork
from evaluator.facts.tree import Tree
from evaluator.model import Answer, InFile, Measured, NotApplicable, Unit
from evaluator.registry import signal
from evaluator.signals.modelling.asked import without_training

_SHOWN = 6


@signal(
    id="modelling.uncertainty-reported",
    title="The spread of the score is given",
    question="Is it told how far the headline number would vary: over folds, seeds or samples?",
    looks_at="Spreads computed over scores in code that something runs, and measures with a spread in documents and outputs",
    remedy="Report the mean and the standard deviation over folds or seeds, or a bootstrap interval, beside the score.",
    effort="minutes",
    sources=("pineau-2021", "bouthillier-2021"),
    limits="A spread that only a picture shows is not seen; whether the folds were drawn soundly is another signal.",
    stage="trial",
    levels=(
        "a bare number",
        "scores of folds listed, without their spread",
        "an interval, or a spread over folds or seeds",
    ),
)
def uncertainty_reported(experiments: Experiments, work: ModelWork, tree: Tree) -> Answer:
    """Value: 2 where a spread of the score is given, 1 where the scores of folds are listed, else 0."""
    early = without_training(work, tree)
    if early is not None:
        return early
    wired = [s for s in work.scores if s.place.reached]
    if not wired:
        return NotApplicable(reason="no score is computed by code that something runs")
    spread = [s for s in experiments.spreads if s.how == "spread"]
    found = spread or list(experiments.spreads)
    if not found:
        first = wired[0]
        note = f"{first.place.name.rpartition('.')[2]} gives a bare number"
        return Measured(
            value=0,
            unit=Unit.LEVEL,
            summary=f"{len(wired)} scores are computed, and no spread of any",
            evidence=tuple(InFile(at=s.place.at, note=note) for s in wired[:1]),
        )
    return Measured(
        value=2 if spread else 1,
        unit=Unit.LEVEL,
        summary=f"{found[0].why} ({found[0].at.path})",
        evidence=tuple(InFile(at=s.at, note=s.why) for s in found[:_SHOWN]),
        confidence="medium" if spread and all(s.seen for s in spread) else "high",
    )
