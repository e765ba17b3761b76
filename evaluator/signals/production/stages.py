"""How much of the way from data to a service is there?"""

from __future__ import annotations

from evaluator.facts.model_work import ModelWork
from evaluator.facts.stages import Stages
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, NotApplicable, Unit
from evaluator.registry import signal
from evaluator.signals.production.models import model_files

_ALL = ("ingest", "prepare", "train", "evaluate", "persist", "serve")


@signal(
    id="production.end-to-end",
    title="The stages from data to service are there",
    question="Which of these does the code do: ingest, prepare, train, evaluate, persist, serve?",
    looks_at="Calls that read data, prepare it, fit, score and save a model, and apps, in code that something runs",
    remedy="Add the missing stages as code: each as a step that can be started, with the model saved between training and use.",
    effort="day",
    sources=("huyen-2022", "breck-2017"),
    limits=(
        "Only Python and R are read for stages. That a stage is there does not say that the stages run one after the other; a "
        "script that predicts on the command line is not taken for a service."
    ),
    levels=("fewer than three stages", "three or four stages", "at least five of the six stages"),
)
def end_to_end(stages: Stages, work: ModelWork, tree: Tree) -> Answer:
    """Value: 2 with five or six of the six stages in code that runs, 1 with three or four, else 0."""
    asked = bool(work.fits) or bool(work.restores and model_files(tree))
    if not asked:
        return NotApplicable(reason="no model is fitted or trained here")
    names = [s.name for s in stages.found]
    missing = [name for name in _ALL if name not in names]
    evidence: list[Evidence] = [InFile(at=s.at, note=f"{s.name}: {s.why}") for s in stages.found]
    evidence += [InFile(at=s.at, note=f"{s.name}: {s.why}, in code that nothing runs") for s in stages.idle]
    if missing:
        places = tuple(dict.fromkeys(s.at.path for s in stages.found))[:8]
        evidence.append(Absence(note=f"no code that runs does this: {', '.join(missing)}", looked_at=places))
    ordered = [name for name in _ALL if name in names]
    return Measured(
        value=2 if len(names) >= 5 else 1 if len(names) >= 3 else 0,
        unit=Unit.LEVEL,
        summary=f"{len(names)} of 6 stages: {', '.join(ordered)}"
        if names
        else "none of the six stages is in code that runs",
        evidence=tuple(evidence),
    )
