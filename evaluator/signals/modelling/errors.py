"""Are the errors of the model looked at, or only counted?"""

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
    "confusion": "a confusion matrix",
    "per-class": "a measure class by class",
    "slices": "a measure of parts of the rows",
    "residuals": "residuals",
    "wrong-cases": "rows predicted wrongly",
}
HINTS = {
    "report": "a classification report",
    "curve": "a curve over thresholds",
    "fit-plot": "predictions drawn beside the truth",
    "cases": "some cases with their prediction",
}
_SHOWN = 6
_PICTURES = (
    *("confusion", "residual", "misclassif", "wrong_pred", "error_analysis", "error-analysis"),
    *("forecast", "vs_actual", "actual_vs", "vs_predicted", "predicted_vs"),
)


@signal(
    id="modelling.error-analysis",
    title="Errors are looked at, not only counted",
    question="Are the model's errors looked at beyond one number?",
    looks_at=(
        "Confusion matrices, measures class by class or group by group, residuals and wrongly predicted rows in code that "
        "something runs, whether the result is shown, and what the documents say of errors"
    ),
    remedy="Show a confusion matrix or a residual plot of the test rows, list some wrong cases, and write down what they share.",
    effort="hour",
    sources=("breck-2017", "nushi-2018"),
    limits=(
        "Results are followed through names, functions, attributes and containers to a print, a plot, a file or a cell's "
        "output; pictures are not looked into. Whether the reading of the errors is right is for a person to say."
    ),
    levels=(
        "only overall scores, or an analysis that nothing shows",
        "a report, a curve or some predictions beside the truth, without comment",
        "a confusion matrix, measures by class or group, residuals or wrong cases are shown",
    ),
)
def error_analysis(work: ModelWork, analyses: Analyses, prose: Prose, tree: Tree) -> Answer:
    """Value: 2 where errors are laid open by class, group, residual or case, 1 where only hinted at, else 0."""
    early = without_training(work, tree)
    if early is not None:
        return early
    wired = [x for x in analyses.errors if x.place.reached and x.shown != "thrown-away"]
    open_ = [x for x in wired if x.kind in LOOKS and x.shown == "shown"]
    if open_:
        kinds = [LOOKS[k] for k in LOOKS if any(x.kind == k for x in open_)]
        return _answer(2, f"{', '.join(kinds)}: {_places(len(open_))}", tuple(_cite(x) for x in open_[:_SHOWN]))
    hints = [x for x in wired if x.kind in HINTS or x.shown == "not-run"]
    report = next((x for x in hints if x.kind == "report" and x.shown == "shown"), None)
    said = list(_said(prose, report))
    if report is not None and said:
        note = "a classification report, and text that speaks of the errors"
        return _answer(2, note, (_cite(report), *_quotes(said)), sure=False)
    if hints:
        kinds = [HINTS[k] for k in HINTS if any(x.kind == k for x in hints)] or [
            "an analysis in a cell that was not run"
        ]
        note = f"{', '.join(kinds)}; errors are not looked at further"
        return _answer(1, note, tuple(_cite(x) for x in hints[:_SHOWN]))
    pictures = list(_drawn(prose))
    said = [b for b in said if "results" in b.topics]
    if pictures or len(said) >= 2:
        note = "the documents show or discuss errors; the code that looks at them is not here"
        return _answer(1, note, (*pictures[:2], *_quotes(said)), sure=False)
    return _nothing(work, analyses)


def _nothing(work: ModelWork, analyses: Analyses) -> Measured:
    idle = [x for x in analyses.errors if x.kind in LOOKS or x.kind == "report"]
    if idle:
        note = "errors are looked at only in code that nothing runs, or whose result nothing shows"
        return _answer(0, note, tuple(_cite(x) for x in idle[:_SHOWN]))
    note = "no confusion matrix, measure by class or group, residual or wrong case in the code"
    places = tuple(dict.fromkeys(s.place.at.path for s in work.scores)) or tuple(
        dict.fromkeys(f.place.at.path for f in work.fits)
    )
    return _answer(0, note, (Absence(note=note, looked_at=places[:_SHOWN]),))


def _answer(level: int, summary: str, evidence: tuple[Evidence, ...], *, sure: bool = True) -> Measured:
    return Measured(
        value=level, unit=Unit.LEVEL, summary=summary, evidence=evidence, confidence="high" if sure else "medium"
    )


def _cite(look: Look) -> InFile:
    idle = "" if look.place.reached else "; nothing runs it"
    return InFile(at=look.place.at, note=f"{look.place.name}: {look.how}{idle}")


def _places(count: int) -> str:
    return f"{count} place{'s' if count != 1 else ''}"


def _said(prose: Prose, look: Look | None) -> Iterator[Block]:
    """Yield what the documents say of single errors; a notebook only speaks of what it shows itself."""
    for document in prose.documents:
        foreign = document.role == "notebook" and look is not None and document.path != look.place.at.path
        for block in document.blocks if document.role != "community" and not foreign else ():
            if block.kind in {"paragraph", "item", "table", "quote"} and "errors" in block.says:
                yield block


def _quotes(said: list[Block]) -> tuple[InFile, ...]:
    return tuple(InFile(at=b.at, note="speaks of the errors", excerpt=b.text[:300]) for b in said[:2])


def _drawn(prose: Prose) -> Iterator[InFile]:
    """Yield pictures of errors that a document shows."""
    for document in prose.documents:
        for link in document.links if document.role != "community" else ():
            said = f"{link.text} {link.target}".lower().replace(" ", "_")
            if link.image and link.resolves and any(word in said for word in _PICTURES):
                yield InFile(at=link.at, note=f"a picture: {link.text or link.target}"[:200])
