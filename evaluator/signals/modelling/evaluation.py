"""Is the quality of the model measured, and on what?"""

from __future__ import annotations

from evaluator.facts.model_work import ModelWork, Score
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, InFile, Measured, Unit
from evaluator.registry import signal
from evaluator.signals.modelling.asked import without_training

_SHOWN = 8


@signal(
    id="modelling.metrics-in-code",
    title="Quality is measured on held-out data",
    question="Does the code compute a quality measure on data that the model was not trained on?",
    looks_at="Calls that score or compare predictions, in code that something runs, and where their rows come from",
    remedy="Split off test rows before anything is fitted, and score the fitted model on them in code.",
    effort="hour",
    sources=("breck-2017", "kapoor-2023"),
    limits=(
        "Rows are followed through names, functions, slices and transformations, not through files that one script writes "
        "and another reads, nor through configuration. Whether held-out rows leak into training is another signal."
    ),
    levels=(
        "no measure is computed by anything that runs",
        "computed on training rows only, or unclear on which",
        "computed on held-out rows",
    ),
)
def metrics_in_code(work: ModelWork, tree: Tree) -> Answer:
    """Value: 2 where some score is computed on held-out rows, 1 where only on training rows or on unclear ones, else 0."""
    early = without_training(work, tree)
    if early is not None:
        return early
    wired = [s for s in work.scores if s.place.reached and not s.vain]
    held = [s for s in wired if s.on == "held-out"]
    if held:
        told = [s for s in held if not s.by_name]
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary=f"{len(held)} of {len(wired)} scores are computed on held-out rows",
            evidence=_evidence(told or held),
            confidence="high" if told else "medium",
        )
    idle = [s for s in work.scores if not s.place.reached and not s.vain]
    if wired:
        training = sum(s.on == "training" for s in wired)
        said = f"{len(wired)} scores, {training} on training rows, none told to be on held-out rows"
        return Measured(
            value=1,
            unit=Unit.LEVEL,
            summary=f"{said}; {len(idle)} more in code that nothing runs" if idle else said,
            evidence=_evidence(wired),
            confidence="high" if training == len(work.scores) else "medium",
        )
    if idle:
        return _unreached(idle, work)
    vain = [s for s in work.scores if s.vain]
    if vain:
        note = f"a model is trained, and it has no part in what is scored: {vain[0].why}"
        return Measured(value=0, unit=Unit.LEVEL, summary=note, evidence=_evidence(vain))
    places = tuple(dict.fromkeys(f.place.at.path for f in work.fits))
    note = "a model is trained, and no score of it is computed"
    return Measured(value=0, unit=Unit.LEVEL, summary=note, evidence=(Absence(note=note, looked_at=places[:_SHOWN]),))


def _unreached(idle: list[Score], work: ModelWork) -> Measured:
    """Answer for scores in helpers that nothing calls; less surely where nothing is seen to start the training either."""
    noted = [(s.place, f"{s.place.scope or s.place.at.path}: nothing runs it") for s in idle]
    return Measured(
        value=0,
        unit=Unit.LEVEL,
        summary="a model is trained, and its quality is computed only in code that nothing runs",
        evidence=tuple(InFile(at=p.at, note=f"{p.name} in {note}") for p, note in noted[:_SHOWN]),
        confidence="high" if any(f.place.reached for f in work.fits) else "medium",
    )


def _evidence(scores: list[Score]) -> tuple[InFile, ...]:
    return tuple(InFile(at=s.place.at, note=f"{s.place.name}: {s.why}") for s in scores[:_SHOWN])
