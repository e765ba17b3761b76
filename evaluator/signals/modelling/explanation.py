"""Is it shown why the model answers as it does?"""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.facts.analyses import Analyses, Look
from evaluator.facts.model_work import ModelWork
from evaluator.facts.prose import Block, Prose
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Unit
from evaluator.registry import signal
from evaluator.signals.modelling.asked import without_training

LOOKS = {
    "attribution": "attribution to features",
    "dependence": "dependence on single features",
    "saliency": "maps of what the model looks at",
    "attention": "attention",
    "coefficients": "coefficients beside names",
}
_SHOWN = 6


@signal(
    id="modelling.explainability",
    title="The model's behaviour is explained",
    question="Is it shown which inputs move the model's answers, and how?",
    looks_at=(
        "SHAP, LIME, permutation importance, partial dependence, Grad-CAM, attention, coefficients and built-in importances "
        "in code that something runs, and whether the result is shown"
    ),
    remedy="Plot SHAP values or permutation importance of the final model on test rows, and say what they tell.",
    effort="hour",
    sources=("molnar-2022", "lundberg-2017"),
    limits=(
        "Built-in importances of trees are known to favour features with many values, so alone they count for half. An "
        "analysis made outside of Python and R is not seen."
    ),
    levels=(
        "nothing explains the model, or the result is not shown",
        "built-in importances, a drawn tree, or bare coefficients",
        "attribution, dependence, saliency, attention or named coefficients are shown",
    ),
)
def explainability(work: ModelWork, analyses: Analyses, prose: Prose, tree: Tree) -> Answer:
    """Value: 2 where an explanation of its own is shown, 1 where only what the model has built in, else 0."""
    early = without_training(work, tree)
    if early is not None:
        return early
    wired = [x for x in analyses.explanations if x.place.reached and x.shown != "thrown-away"]
    shown = [x for x in wired if x.shown == "shown"]
    full = [x for x in shown if x.kind in LOOKS and (x.kind != "coefficients" or x.named)]
    if full:
        kinds = [LOOKS[k] for k in LOOKS if any(x.kind == k for x in full)]
        return _answer(2, f"{', '.join(kinds)} shown in {len(full)} places", _cites(full))
    read = [x for x in shown if x.kind == "coefficients" or (x.kind == "fit-summary" and not _is_series(x))]
    said = list(_said(prose, {x.place.at.path for x in read}))
    if read and said:
        quotes = tuple(InFile(at=b.at, note="reads the coefficients", excerpt=b.text[:300]) for b in said[:2])
        return _answer(2, "coefficients are shown, and the text reads them", (*_cites(read[:3]), *quotes), sure=False)
    if read:
        note = "coefficients are printed without the names they belong to, or without a word on them"
        return _answer(1, note, _cites(read))
    built_in = [x for x in shown if x.kind == "built-in"]
    if built_in:
        note = f"importances or pictures that the model has built in, in {len(built_in)} places; nothing beyond"
        return _answer(1, note, _cites(built_in))
    idle = [x for x in wired if x.shown == "not-run" and not (x.kind == "fit-summary" and _is_series(x))]
    if idle:
        return _answer(1, "an explanation stands in cells that were not run", _cites(idle))
    return _nothing(work, analyses)


def _nothing(work: ModelWork, analyses: Analyses) -> Measured:
    idle = [x for x in analyses.explanations if x.kind != "fit-summary"]
    if idle:
        note = "the model is explained only in code that nothing runs, or whose result nothing shows"
        return _answer(0, note, _cites(idle))
    note = "no SHAP, LIME, permutation importance, saliency, attention or coefficients in the code"
    places = tuple(dict.fromkeys(f.place.at.path for f in work.fits))
    return _answer(0, note, (Absence(note=note, looked_at=places[:_SHOWN]),))


def _answer(level: int, summary: str, evidence: tuple[Evidence, ...], *, sure: bool = True) -> Measured:
    return Measured(
        value=level, unit=Unit.LEVEL, summary=summary, evidence=evidence, confidence="high" if sure else "medium"
    )


def _cites(looks: list[Look]) -> tuple[InFile, ...]:
    return tuple(
        InFile(at=x.place.at, note=f"{x.place.name}: {x.how}{'' if x.place.reached else '; nothing runs it'}")
        for x in looks[:_SHOWN]
    )


def _is_series(look: Look) -> bool:
    """Whether a summary is of a model of a time series, whose terms are lags and explain no input."""
    return any(part in look.place.name for part in (".tsa.", "pmdarima", "SARIMAX", "ARIMA"))


def _said(prose: Prose, paths: set[str]) -> Iterator[Block]:
    """Yield what the documents say of coefficients; a notebook only speaks of what it shows itself."""
    for document in prose.documents:
        foreign = document.role == "notebook" and document.path not in paths
        for block in document.blocks if document.role != "community" and not foreign else ():
            if block.kind in {"paragraph", "item", "table", "quote"} and "coefficients" in block.says:
                yield block
