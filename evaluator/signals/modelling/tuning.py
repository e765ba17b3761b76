"""Were the settings of the model chosen, or left as they came?"""

from __future__ import annotations

from evaluator.facts.experiments import Experiments, Search, Variant
from evaluator.facts.model_work import ModelWork
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Unit
from evaluator.registry import signal
from evaluator.signals.modelling.asked import without_training

_SHOWN = 6


@signal(
    id="modelling.hyperparameters-tuned",
    title="Hyper-parameters are searched",
    question="Is there a search over hyper-parameters?",
    looks_at="Searches of libraries, loops that fit and score a model for each value, runs with other settings, tables of settings",
    remedy="Search the two or three settings that matter with GridSearchCV, Optuna or a loop that scores each value on validation rows.",
    effort="hour",
    sources=("bergstra-2012",),
    limits="A search that only a configuration file describes, without code or a command that starts it, is not seen to run.",
    levels=(
        "settings as they came, or a search that nothing runs",
        "settings varied by hand, or a search that is switched off",
        "a search over several candidates that runs",
    ),
)
def hyperparameters_tuned(experiments: Experiments, work: ModelWork, tree: Tree) -> Answer:
    """Value: 2 where a search of at least two candidates runs, 1 where settings are varied by hand, else 0."""
    early = without_training(work, tree)
    if early is not None:
        return early
    running = [s for s in experiments.searches if s.runs]
    if running:
        return _answer(
            2,
            f"{len(running)} {'search runs' if len(running) == 1 else 'searches run'}, by {_ways(running)}",
            _notes(running),
        )
    pairs = _varied(experiments.variants)
    if pairs:
        first = pairs[0]
        note = f"{len(pairs)} {first.kind} with different settings are scored, set by hand"
        return _answer(1, note, tuple(InFile(at=v.at, note=f"{v.kind}({v.settings[:80]})") for v in pairs))
    if experiments.varied:
        told = experiments.varied[0]
        note = f"{len(told.variants)} runs with different settings, set by hand"
        return _answer(
            1, note, tuple(InFile(at=s.at, note="; ".join(s.variants[:4])[:200]) for s in experiments.varied)
        )
    idle = [s for s in experiments.searches if not s.runs]
    halted = [s for s in idle if s.halted]
    if halted:
        return _answer(1, f"a search is there, and does not run: {halted[0].why}", _notes(halted))
    if idle:
        return _answer(0, f"a search is written, and does not search: {idle[0].why}", _notes(idle))
    looked = tuple(dict.fromkeys(f.place.at.path for f in work.fits))[:8]
    return _answer(
        0,
        "every model has one setting, and no search",
        (Absence(note="no search and no varied setting", looked_at=looked),),
    )


def _varied(variants: tuple[Variant, ...]) -> list[Variant]:
    """Return the scored models of the kind that comes with most different settings, one for each; nothing for one."""
    by_kind: dict[str, dict[str, Variant]] = {}
    for variant in variants:
        if variant.scored and not variant.naive:
            by_kind.setdefault(variant.kind, {}).setdefault(variant.settings, variant)
    most = max(by_kind.values(), key=len, default={})
    return list(most.values()) if len(most) >= 2 else []


def _ways(searches: list[Search]) -> str:
    names = dict.fromkeys(s.name.removesuffix(".fit").rpartition(".")[2] for s in searches)
    return ", ".join(list(names)[:3])


def _notes(searches: list[Search]) -> tuple[Evidence, ...]:
    return tuple(InFile(at=s.at, note=f"{s.name}: {s.why}") for s in searches)


def _answer(value: int, summary: str, evidence: tuple[Evidence, ...]) -> Measured:
    return Measured(value=value, unit=Unit.LEVEL, summary=summary, evidence=evidence[:_SHOWN])
