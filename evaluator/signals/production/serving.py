"""Can somebody call the model, or see the app?"""

from __future__ import annotations

from evaluator.facts.delivery import Command, Delivery
from evaluator.facts.model_work import ModelWork
from evaluator.facts.serving import App, Serving
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Missing, NotApplicable, Unit
from evaluator.registry import signal
from evaluator.signals.production.models import model_files

_SHOWN = 6
_SERVERS: tuple[tuple[str, ...], ...] = (
    ("mlflow", "models", "serve"),
    ("mlflow", "models", "build-docker"),
    ("torchserve", "--start"),
    ("tensorflow_model_server",),
    ("bentoml", "serve"),
    ("mlserver", "start"),
)
"""Programs that serve a saved model without code of the project's own."""


@signal(
    id="production.serving",
    title="The model can be called, or the app seen",
    question="Is there an API or app that loads the project's model and answers with it?",
    looks_at="Functions that a web, page, chat or desktop framework calls, and whether their answers depend on the model",
    remedy="Load the saved model in the app, and return or show its prediction for what the user enters.",
    effort="hour",
    sources=("huyen-2022",),
    limits=(
        "Read, not started. A prediction is followed through the project's own functions, classes and state; not through "
        "a call over the network to another service. An app that is only in a notebook counts in part."
    ),
    levels=(
        "no API and no app",
        "one whose answers do not depend on the project's model, or that cannot run as it stands",
        "one that answers with the project's model",
    ),
)
def serving_model(serving: Serving, work: ModelWork, tree: Tree, delivery: Delivery | Missing) -> Answer:
    """Value: 2 if an app that something starts answers with the model, 1 if there is another app, else 0."""
    has_model = bool(work.fits) or bool(model_files(tree) and work.restores)
    commands = _by_command(delivery)
    if not serving.apps and not commands and not has_model:
        return NotApplicable(reason="no model and no app to serve")
    ranked = sorted(serving.apps, key=lambda app: (-_level(app, has_model=has_model), app.in_notebook, not app.reached))
    best = ranked[0] if ranked else None
    level = _level(best, has_model=has_model) if best is not None else 0
    started = [c for c in commands if c.origin != "readme"]
    if level < 2 and commands and has_model:
        level = 2 if started else max(level, 1)
        shown = (started or commands)[0]
        evidence: tuple[Evidence, ...] = (InFile(at=shown.at, note="serves the saved model", excerpt=shown.raw),)
        summary = f"{' '.join(shown.argv[:3])} serves the saved model" + ("" if started else ", as a document says")
        return Measured(value=level, unit=Unit.LEVEL, summary=summary, evidence=evidence)
    if best is None:
        absent = Absence(note="no API and no app", looked_at=("*.py", "*.ipynb"))
        return Measured(value=0, unit=Unit.LEVEL, summary="there is a model, and no API or app", evidence=(absent,))
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=_summary(best, level, has_model=has_model),
        evidence=_evidence(ranked, has_model=has_model),
        confidence="high" if best.answers in {"model", "nothing"} else "medium",
    )


def _level(app: App, *, has_model: bool) -> int:
    """Return what an app is worth: where the project has no model, an app that does any work of its own is seen."""
    uses = app.answers == "model" or (not has_model and app.answers in {"pretrained", "work"})
    return 2 if uses and app.reached and not app.in_notebook and not app.faults else 1


def _by_command(delivery: Delivery | Missing) -> list[Command]:
    if isinstance(delivery, Missing):
        return []
    every = (*delivery.commands, *(d.starts for d in delivery.dockerfiles if d.starts is not None))
    return [c for c in every if not c.disarmed and any(c.argv[: len(s)] == s for s in _SERVERS)]


def _summary(app: App, level: int, *, has_model: bool) -> str:
    where = f"{app.framework} in {app.at.path}"
    if level == 2:
        return f"{where} answers with the model" if has_model else f"{where} is an app that can be seen"
    return f"{where}: {_lack(app, has_model=has_model)}"


def _lack(app: App, *, has_model: bool) -> str:
    if app.faults:
        return app.faults[0].note
    if app.answers == "nothing":
        return "its answers depend on no model" if has_model else "its answers depend on no work of its own"
    if app.answers != "model" and has_model:
        return "it answers with a model that is not trained here"
    if app.answers == "hosted":
        return "it only passes on what somebody's model service answers"
    return "it is only in a notebook" if app.in_notebook else "nothing starts it"


def _evidence(ranked: list[App], *, has_model: bool) -> tuple[Evidence, ...]:
    shown: list[Evidence] = []
    for app in ranked[:_SHOWN]:
        if _level(app, has_model=has_model) == 2:
            shown.append(InFile(at=app.at, note=f"{app.framework} calls this for a user"))
        else:
            shown.append(InFile(at=app.at, note=f"{app.framework}: {_lack(app, has_model=has_model)}"))
        if app.asked is not None:
            shown.append(InFile(at=app.asked, note=f"where the model behind {app.at.path} is asked"))
        shown += [InFile(at=f.at, note=f.note) for f in app.faults]
    return tuple(shown)
