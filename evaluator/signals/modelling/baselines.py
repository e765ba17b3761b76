"""Is the model set against something simpler?"""

from __future__ import annotations

from evaluator.facts.experiments import Experiments, Variant
from evaluator.facts.model_work import ModelWork
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Unit
from evaluator.registry import signal
from evaluator.signals.modelling.asked import without_training

_SHOWN = 6


@signal(
    id="modelling.baseline-compared",
    title="The model is set against a baseline",
    question="Is there a naive rule or a simple model that the author names as the one to beat, scored beside the model?",
    looks_at="Models that are fitted and scored, naive rules written by hand, and what names, headings and tables call a baseline",
    remedy="Score a DummyClassifier, the last value or a plain linear model on the same rows, and call it the baseline.",
    effort="minutes",
    sources=("rules-of-ml", "breck-2017"),
    limits=(
        "A model that is scored through files which one script writes and another reads is known by the documents only. "
        "A baseline of other people, quoted without code, counts as half."
    ),
    levels=(
        "one model only, compared with nothing",
        "several models without a named baseline, or a baseline that is the same model",
        "a named baseline and the model, both scored",
    ),
)
def baseline_compared(experiments: Experiments, work: ModelWork, tree: Tree) -> Answer:
    """Value: 2 where a naive rule or a named baseline of another kind is scored beside a model, 1 for less, else 0."""
    early = without_training(work, tree)
    if early is not None:
        return early
    scored = [v for v in experiments.variants if v.scored]
    learners = [v for v in scored if not v.naive]
    rules = [r for r in experiments.rules if r.reached]
    against = [v for v in scored if v.baseline and any(v.naive or _rivals(v, other) for other in learners)]
    if against or (rules and (learners or any(not s.vain for s in work.scores))):
        first = against[0].kind if against else rules[0].why
        beside = _listed(sorted({v.kind for v in learners if v not in against}))
        evidence = (*_notes(against), *(InFile(at=r.at, note=r.why) for r in rules))
        return _answer(2, f"a baseline is scored ({first}), beside {beside or 'the model'}", evidence)
    halfway = _halfway(experiments, learners)
    if halfway is not None:
        return halfway
    looked = tuple(dict.fromkeys(f.place.at.path for f in work.fits))[:8]
    note = f"one {learners[0].kind if learners else 'model'}, compared with nothing"
    return _answer(0, note, (Absence(note="no second model and no naive rule is scored", looked_at=looked),))


def _halfway(experiments: Experiments, learners: list[Variant]) -> Measured | None:
    """Return the answer for what is compared without a baseline, or with none that is computed; None for nothing of it."""
    same = [v for v in learners if v.baseline and any(_is_twin(v, other) for other in learners)]
    if same:
        note = f"the baseline is a {same[0].kind}, as is the model that is compared with it"
        return _answer(1, note, _notes(same))
    several = max(_problems(learners), key=len, default=[])
    many = [v for v in learners if v.many]
    if many:
        return _answer(1, f"{many[0].kind} compares many kinds of model, none named as the one to beat", _notes(many))
    if len(several) >= 2:
        every = " but as baselines" if all(v.baseline for v in several) else ""
        note = f"{len(several)} kinds of model are scored ({_listed([v.kind for v in several])}), none named as the one to beat"
        return _answer(1, note + every, tuple(InFile(at=v.at, note=f"{v.kind}, scored") for v in several))
    unscored = [v for v in experiments.variants if v.baseline and not v.scored]
    if unscored and learners:
        return _answer(
            1, f"a baseline is fitted ({unscored[0].kind}), and no score of it is computed", _notes(unscored)
        )
    if experiments.spoken:
        told = experiments.spoken
        note = f"documents give a number for a baseline ({told[0].variants[0]}), and no code computes it"
        return _answer(1, note, tuple(InFile(at=s.at, note=", ".join(s.variants[:3])) for s in told))
    compared = max((s for s in experiments.shown if len(s.kinds) >= 2), key=lambda s: len(s.kinds), default=None)
    if compared is None:
        return None
    note = (
        f"{len(compared.kinds)} kinds of model are compared ({_listed(list(compared.kinds))}), none of them a baseline"
    )
    return _answer(1, note, (InFile(at=compared.at, note=", ".join(compared.variants[:6])),))


def _answer(value: int, summary: str, evidence: tuple[Evidence, ...]) -> Measured:
    return Measured(value=value, unit=Unit.LEVEL, summary=summary, evidence=evidence[:_SHOWN])


def _notes(named: list[Variant]) -> tuple[Evidence, ...]:
    return tuple(InFile(at=v.at, note=f"{v.kind}: {v.baseline or 'compares many kinds'}") for v in named)


def _rivals(baseline: Variant, other: Variant) -> bool:
    """Whether ``other`` is what the baseline is set against: another kind of model for the same problem, no baseline itself."""
    return other.kind != baseline.kind and other.group == baseline.group and not other.baseline


def _is_twin(baseline: Variant, other: Variant) -> bool:
    """Whether ``other`` is the same kind of model as the baseline, for the same problem."""
    return (
        other is not baseline and other.kind == baseline.kind and other.group == baseline.group and not other.baseline
    )


def _problems(variants: list[Variant]) -> list[list[Variant]]:
    """Return one variant of each kind, by problem."""
    found: dict[str, dict[str, Variant]] = {}
    for variant in variants:
        found.setdefault(variant.group, {}).setdefault(variant.kind, variant)
    return [sorted(kinds.values(), key=lambda v: v.kind) for kinds in found.values()]


def _listed(kinds: list[str]) -> str:
    return ", ".join(kinds[:4]) + (f" and {len(kinds) - 4} more" if len(kinds) > 4 else "")
