"""Are runs recorded, so that one can go back to them?"""

from __future__ import annotations

from evaluator.facts.experiments import Experiments, Kept
from evaluator.facts.model_work import ModelWork
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Unit
from evaluator.registry import signal
from evaluator.signals.modelling.asked import without_training

_SHOWN = 6


@signal(
    id="modelling.experiment-tracking",
    title="Runs are recorded",
    question="Are the settings and scores of each run kept?",
    looks_at="Calls of trackers in code that training leads to, DVC metrics, and files that scores are written to",
    remedy="Log settings and scores of every run with MLflow or Weights & Biases, or append a line to a results file.",
    effort="hour",
    sources=("breck-2017", "huyen-2022"),
    limits=(
        "A library's silent default log counts only where the author turns it on. A file that the next run overwrites counts "
        "as one of each run's own does: Git may keep the earlier ones."
    ),
    levels=(
        "nothing of a run is kept",
        "scores are written to files",
        "a tracker records the runs of the training code",
    ),
)
def experiment_tracking(experiments: Experiments, work: ModelWork, tree: Tree) -> Answer:
    """Value: 2 where training leads to a tracker's calls, 1 where scores go to files, else 0."""
    early = without_training(work, tree)
    if early is not None:
        return early
    wired = [k for k in experiments.records if k.wired]
    trackers = [k for k in wired if k.how == "tracker"]
    if trackers:
        names = dict.fromkeys(k.name.partition(".")[0] for k in trackers)
        return _answer(2, f"{len(trackers)} calls record runs ({', '.join(list(names)[:4])})", _notes(trackers))
    files = [k for k in wired if k.how == "files"]
    if files:
        return _answer(1, f"scores go to files of their own: {files[0].why}", _notes(files))
    single = [k for k in wired if k.how == "file"]
    if single:
        return _answer(1, "scores are written to a file that the next run overwrites", _notes(single))
    idle = [k for k in experiments.records if not k.wired]
    if idle:
        return _answer(0, f"{idle[0].name} is called where no training leads to", _notes(idle))
    looked = tuple(dict.fromkeys(f.place.at.path for f in work.fits))[:8]
    return _answer(
        0, "nothing of a run is recorded", (Absence(note="no tracker and no results file", looked_at=looked),)
    )


def _notes(kept: list[Kept]) -> tuple[Evidence, ...]:
    return tuple(InFile(at=k.at, note=f"{k.name}: {k.why}") for k in kept)


def _answer(value: int, summary: str, evidence: tuple[Evidence, ...]) -> Measured:
    return Measured(value=value, unit=Unit.LEVEL, summary=summary, evidence=evidence[:_SHOWN])
