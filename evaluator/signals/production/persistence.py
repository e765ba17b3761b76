"""Is the trained model kept, and taken up again for its purpose?"""

from __future__ import annotations

from evaluator.facts.model_work import ModelWork
from evaluator.facts.serving import Kept, Serving
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, NotApplicable, Span, Unit
from evaluator.registry import signal
from evaluator.signals.production.models import model_files

_SHOWN = 4


@signal(
    id="production.model-persisted",
    title="The model is saved, and loaded for inference",
    question="Is the trained model saved, and does code load it to answer with it?",
    looks_at="What is given to calls that save, what calls that load give, and whether that is asked for predictions",
    remedy="Save the fitted model (with its preprocessing) after training, and load that file in the code that predicts.",
    effort="hour",
    sources=("huyen-2022", "sculley-2015"),
    limits=(
        "An object is told by what made it; where that cannot be seen, by the name of its variable or file. Whether the "
        "saved file fits the code that loads it is not tried."
    ),
    levels=(
        "neither saved nor loaded",
        "saved only, or loaded from a file that nothing here makes",
        "saved, and loaded to answer with",
    ),
)
def model_persisted(serving: Serving, work: ModelWork, tree: Tree) -> Answer:
    """Value: 2 if a model is saved (or committed) and a saved one is asked, 1 if one of the two holds, else 0."""
    files = model_files(tree)
    loads = [k for k in serving.restores if k.reached and k.used and k.what != "other"]
    if not work.fits and not (files and loads):
        return NotApplicable(reason="no model is fitted or trained here")
    saves = [k for k in serving.saves if k.reached and k.what != "other"]
    names = {path.rpartition("/")[2] for path in files}
    fitting = loads if saves else [k for k in loads if not k.file or k.file in names]
    kept = [k for k in saves if k.what == "model"] or saves
    evidence: list[Evidence] = [InFile(at=k.at, note=f"{k.name} saves the model") for k in kept[:_SHOWN]]
    if not kept and files:
        evidence.append(
            InFile(at=Span(path=files[0]), note="a model that is committed; no code that runs here saves it")
        )
    evidence += [InFile(at=k.at, note=f"{k.name} loads the model that is asked afterwards") for k in loads[:_SHOWN]]
    saved, loaded = bool(kept or files), bool(loads)
    if saved and fitting:
        summary = f"saved in {max(len(kept), 1)} places, loaded to answer in {len(loads)}"
        sure = bool(kept) and kept[0].what == "model"
        return Measured(
            value=2, unit=Unit.LEVEL, summary=summary, evidence=tuple(evidence), confidence="high" if sure else "medium"
        )
    idle = _idle(serving)
    if saved or loaded:
        summary = "loaded from a file that nothing here makes" if loaded else "saved, and never loaded to answer with"
        lacking = Absence(note=summary, looked_at=_looked(work, serving))
        return Measured(value=1, unit=Unit.LEVEL, summary=summary, evidence=(*evidence, *idle, lacking))
    summary = "the model is neither saved nor loaded" + (" by anything that runs" if idle else "")
    lacking = Absence(note=summary, looked_at=_looked(work, serving))
    return Measured(value=0, unit=Unit.LEVEL, summary=summary, evidence=(*idle, lacking))


def _idle(serving: Serving) -> tuple[InFile, ...]:
    """Return what does not count: code that nothing runs, and things that are saved which are no model."""
    unreached: list[Kept] = [k for k in (*serving.saves, *serving.restores) if not k.reached and k.what != "other"]
    others = [k for k in serving.saves if k.what == "other"]
    unused = [k for k in serving.restores if k.reached and k.what == "model" and not k.used]
    return tuple(
        [InFile(at=k.at, note=f"{k.name}: nothing runs it") for k in unreached[:2]]
        + [InFile(at=k.at, note=f"{k.name} loads what is not asked for anything") for k in unused[:2]]
        + [InFile(at=k.at, note=f"{k.name} saves {k.file or 'something'} that is no model") for k in others[:2]]
    )


def _looked(work: ModelWork, serving: Serving) -> tuple[str, ...]:
    paths = [f.place.at.path for f in work.fits] + [k.at.path for k in (*serving.saves, *serving.restores)]
    return tuple(dict.fromkeys(paths))[:8]
