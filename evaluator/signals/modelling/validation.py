"""Is the model checked in a way that its score can be believed?"""

from __future__ import annotations

from evaluator.facts.flow import Design, Flow
from evaluator.facts.model_work import ModelWork, Place
from evaluator.facts.project_kind import ProjectKind
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, InFile, Measured, Missing, Unit
from evaluator.registry import signal
from evaluator.signals.modelling.asked import without_training

_SHOWN = 5
_FULL = frozenset({"folds", "three-parts"})


@signal(
    id="modelling.validation-sound",
    title="The validation design is sound",
    question="Is the model checked by cross-validation, or on test rows that nothing was chosen by?",
    looks_at="Splits, folds, searches, rows that are watched while training, and the rows that scores are computed on",
    remedy=(
        "Cross-validate on the training part, or keep validation rows to choose by and score the test rows once, at the "
        "end. Where rows depend on those before them, split by time (shuffle=False, TimeSeriesSplit)."
    ),
    effort="hour",
    sources=("kapoor-2023", "cawley-2010", "sklearn-cross-validation"),
    limits=(
        "Order is asked for where code makes it matter: lags, rolling windows, sequences. A date alone does not. A split "
        "by another language, or by files named only when a run starts, is not seen. Of an agent that learns from an "
        "environment, episodes from which nothing is learned are asked for instead."
    ),
    levels=(
        "nothing is held out, or nothing is scored on what is",
        "one part is held out, or order is broken",
        "cross-validation, or a test part that is scored last",
    ),
)
def validation_sound(flow: Flow, work: ModelWork, tree: Tree, kind: ProjectKind | Missing) -> Answer:
    """Value: 2 for cross-validation or three parts that keep order where it matters, 1 for one held-out part, else 0."""
    early = without_training(work, tree)
    if early is not None:
        return early
    designs = [d for d in flow.designs if d.place.reached]
    if not designs and isinstance(kind, ProjectKind) and kind.does("reinforcement-learning"):
        return _of_an_agent(flow, work)
    full = [d for d in designs if d.kind in _FULL]
    broken = [s for s in flow.shuffled if s.place.reached]
    if full and (not broken or any(d.ordered for d in full)):
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary=_summary(full),
            evidence=_evidence(full),
        )
    if broken:
        return _out_of_order(broken[0].place, broken[0].series is not None, designs)
    if designs:
        chosen = sum(d.kind == "chosen-on-it" for d in designs)
        more = ", and something is chosen by the score on it" if chosen else ""
        return Measured(
            value=1,
            unit=Unit.LEVEL,
            summary=f"one part of the rows is held out{more}; no cross-validation, no further part",
            evidence=_evidence(designs),
        )
    return _of_nothing_scored(flow, work) or _by_calls(work)


def _summary(full: list[Design]) -> str:
    folds = [d for d in full if d.kind == "folds"]
    kept = ", in order" if any(d.ordered for d in full) else ""
    if folds:
        return f"cross-validation at {len(folds)} place{'s' if len(folds) > 1 else ''}{kept}"
    return f"rows to choose by, and other rows that are scored{kept}"


def _out_of_order(place: Place, known: bool, designs: list[Design]) -> Measured:
    note = "rows that hold values of rows before them are shuffled into both parts"
    first = InFile(at=place.at, note=note if known else "rows in order are shuffled")
    return Measured(
        value=1,
        unit=Unit.LEVEL,
        summary=f"rows are held out, but their order is broken: {note}",
        evidence=(first, *_evidence(designs)[:2]),
        confidence="medium",
    )


def _of_nothing_scored(flow: Flow, work: ModelWork) -> Measured | None:
    """Answer where rows are split off and forgotten: no model says anything of them, and no score is computed anywhere."""
    splits = [s for s in flow.splits if s.place.reached and s.how == "random"]
    fits = [f for f in flow.fits if f.place.reached and f.what == "model"]
    apart = bool(fits) and all(f.rows == "training" for f in fits)
    if not (splits and apart and flow.whole) or work.scores:
        return None
    shown = tuple(InFile(at=s.place.at, note="rows are split off here, and nothing is scored on them") for s in splits)
    return Measured(
        value=0,
        unit=Unit.LEVEL,
        summary="rows are split off, and no model is scored on them",
        evidence=shown[:_SHOWN],
        confidence="medium",
    )


def _by_calls(work: ModelWork) -> Measured:
    """Answer by single calls, where the rows could not be followed from a training to a score."""
    held = [s for s in work.scores if s.place.reached and s.on == "held-out"]
    folds = [s for s in held if "fold" in s.why or "search" in s.why]
    if folds:
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary="models are scored on folds",
            evidence=tuple(InFile(at=s.place.at, note=s.why) for s in folds[:_SHOWN]),
            confidence="medium",
        )
    if held or any(s.reached for s in work.splits):
        noted = [InFile(at=s.place.at, note=s.why) for s in held]
        noted += [InFile(at=s.at, note="rows are split") for s in work.splits if s.reached]
        return Measured(
            value=1,
            unit=Unit.LEVEL,
            summary="one part of the rows is held out; no cross-validation, no further part",
            evidence=tuple(noted[:_SHOWN]),
            confidence="medium" if held else "low",
        )
    places = tuple(dict.fromkeys(f.place.at.path for f in work.fits))
    note = "models are trained, and no rows are held out to check them"
    shown = tuple(InFile(at=f.place.at, note="trained here, on all rows that are read") for f in work.fits[:2])
    return Measured(
        value=0,
        unit=Unit.LEVEL,
        summary=note,
        evidence=(*shown, Absence(note="no split, folds or separate rows", looked_at=places[:_SHOWN])),
    )


def _of_an_agent(flow: Flow, work: ModelWork) -> Measured:
    """Answer for an agent: by the episodes from which nothing is learned."""
    played = [e for e in flow.episodes if e.place.reached]
    if not played:
        places = tuple(dict.fromkeys(f.place.at.path for f in work.fits))
        note = "no episodes are played from which the agent does not learn"
        return Measured(
            value=0, unit=Unit.LEVEL, summary=note, evidence=(Absence(note=note, looked_at=places[:_SHOWN]),)
        )
    several = any(e.seeds for e in played) or len({e.place.name for e in played}) > 1
    level = 2 if several else 1
    more = "over several seeds, or both while and after training" if several else "once, after or beside training"
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=f"the agent is tried in {len(played)} places without learning, {more}",
        evidence=tuple(InFile(at=e.place.at, note="acts, and nothing is learned") for e in played[:_SHOWN]),
        confidence="medium",
    )


def _evidence(designs: list[Design]) -> tuple[InFile, ...]:
    return tuple(InFile(at=d.place.at, note=d.why) for d in designs[:_SHOWN])
