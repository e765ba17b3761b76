"""Is training kept from seeing the rows that the model is judged on?"""

from __future__ import annotations

from evaluator.facts.flow import Flow, Leak
from evaluator.facts.model_work import ModelWork
from evaluator.facts.project_kind import ProjectKind
from evaluator.facts.tree import Tree
from evaluator.model import Answer, Evidence, InFile, Measured, Missing, NotApplicable, Span, Unit
from evaluator.registry import signal
from evaluator.signals.modelling.asked import without_training

_SHOWN = 4
_SAID = {
    "scaling": "{what} is computed on rows that are held out later",
    "imputation": "{what} of rows that are held out later fills gaps",
    "bounds": "bounds come from {what} of rows that are held out later",
    "outliers": "rows are left out by {what} of rows that are held out later",
    "selection": "columns are chosen by {what} on rows that are held out later",
    "vocabulary": "{what} learns its words from rows that are held out later",
    "projection": "{what} is fitted on rows that are held out later",
    "encoding": "categories are replaced by {what} over rows that are held out later",
    "group": "{what} over rows that are held out later is put into each row",
    "resampling": "{what} makes rows before the split, so copies may lie on both sides",
    "augmentation": "altered copies ({what}) are made before the split, so they may lie on both sides",
    "transformation": "{what} is fitted on rows that are held out later",
    "model": "{what} of a model of rows that are held out later become a feature",
    "target": "{what}",
    "future": "{what}, from a later row",
    "fitted-on-held-out": "the model is fitted on rows that include the held-out ones",
    "held-out-by-itself": "{what} is fitted again on the held-out rows",
    "shuffled-series": "{what}",
    "chosen-on-test": "{what}, and the same rows are reported on",
}


@signal(
    id="modelling.leakage-free",
    title="Training does not see held-out data",
    question="Is everything that is learned, learned without the rows that the model is judged on?",
    looks_at=(
        "What is fitted or computed on which rows, followed through assignments, functions, classes, pipelines, files and "
        "notebook cells: preparation before the split, the target among the features, held-out rows in training, choices by "
        "the score on them"
    ),
    remedy=(
        "Split first. Fit scalers, imputers, encoders, vectorisers, selectors and resamplers on the training part alone, "
        "best inside a Pipeline that is fitted in each fold, and choose thresholds and epochs on validation rows."
    ),
    effort="hour",
    sources=("kapoor-2023", "kaufman-2012", "sklearn-pitfalls"),
    limits=(
        "Rows are followed through what reading can tell; data that are prepared by hand, by another language, or in files "
        "named only when a run starts are not followed. Codes of category names are no leak. Not asked where nothing is "
        "held out; where statistics only cross between parts of the training rows, nothing is said."
    ),
    levels=(
        "training uses rows that are held out, or the target",
        "something is chosen on held-out rows, or a suspicion remains",
        "no leak is found",
    ),
)
def leakage_free(flow: Flow, work: ModelWork, tree: Tree, kind: ProjectKind | Missing) -> Answer:
    """Value: 0 where some code that runs leaks clearly, 1 where it chooses on held-out rows or may leak, else 2."""
    early = without_training(work, tree)
    if isinstance(early, NotApplicable):
        return early
    if early is not None:
        return NotApplicable(reason="the code that trained the model is not here, so what it saw cannot be told")
    leaks = [leak for leak in flow.leaks if leak.reached]
    if not leaks and isinstance(kind, ProjectKind) and kind.does("reinforcement-learning"):
        return NotApplicable(reason="an agent learns from an environment; there are no rows to hold out")
    if not leaks and not _holds_out(flow, work):
        return NotApplicable(reason="nothing is held out, so nothing of it could be seen")
    clear = [leak for leak in leaks if leak.severity == "clear"]
    if clear:
        return _told(0, clear, f"{_count(clear)} by which training sees held-out rows or the target")
    if leaks:
        chosen = all(leak.severity == "selection" for leak in leaks)
        said = "at which something is chosen on held-out rows" if chosen else "where training may see held-out rows"
        return _told(1, leaks, f"{_count(leaks)} {said}")
    return Measured(
        value=2,
        unit=Unit.LEVEL,
        summary=_summary(flow),
        evidence=_shown(flow, work),
        confidence="high" if flow.whole and (flow.designs or flow.splits) else "medium",
    )


def _holds_out(flow: Flow, work: ModelWork) -> bool:
    """Whether rows are held out from any training that runs."""
    if any(d.place.reached for d in flow.designs) or any(s.reached for s in work.splits):
        return True
    return any(s.place.reached and s.on == "held-out" for s in work.scores)


def _count(leaks: list[Leak]) -> str:
    return "1 place" if len(leaks) == 1 else f"{len(leaks)} places"


def _told(value: int, leaks: list[Leak], summary: str) -> Measured:
    """Return the answer with each leak as a path: where the rows come from, are used, and are held out."""
    shown: list[Evidence] = []
    for leak in leaks[:_SHOWN]:
        note = _SAID[leak.kind].format(what=leak.what)
        if leak.source is not None:
            shown.append(InFile(at=leak.source, note="the rows come from here"))
        shown.append(InFile(at=leak.used, note=note))
        if leak.held_out != leak.used:
            shown.append(InFile(at=leak.held_out, note="held out here"))
    return Measured(
        value=value,
        unit=Unit.LEVEL,
        summary=f"{summary}; first: {_SAID[leaks[0].kind].format(what=leaks[0].what)}",
        evidence=tuple(dict.fromkeys(shown)),
        confidence="high" if value == 0 else "medium",
    )


def _summary(flow: Flow) -> str:
    learned = [f for f in flow.fits if f.place.reached and f.what != "model"]
    splits = sum(s.place.reached for s in flow.splits)
    prepared = (
        f"{len(learned)} preparations learn from the training part" if learned else "nothing is learned before training"
    )
    return f"{splits} splits, {prepared}" if splits else prepared


def _shown(flow: Flow, work: ModelWork) -> tuple[Evidence, ...]:
    """Return where rows are held out and what is fitted on the rest."""
    places: list[tuple[Span, str]] = [(s.place.at, "rows are held out here") for s in flow.splits if s.place.reached]
    places += [(d.place.at, d.why) for d in flow.designs if d.place.reached]
    learned = [f for f in flow.fits if f.place.reached and f.what != "model" and f.rows in {"training", "folds"}]
    shown = places[:2] + [(f.place.at, "fitted on the training part") for f in learned[:3]]
    if not shown:
        shown = [(s.at, "rows are held out here") for s in work.splits if s.reached][:2]
        shown += [(s.place.at, s.why) for s in work.scores if s.on == "held-out"][:2]
    return tuple(InFile(at=at, note=note) for at, note in dict.fromkeys(shown))
