"""Is a reader shown how variants compare?"""

from __future__ import annotations

from evaluator.facts.experiments import Experiments
from evaluator.facts.model_work import ModelWork
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, InFile, Measured, Unit
from evaluator.registry import signal
from evaluator.signals.modelling.asked import without_training

_SHOWN = 6
_PASS = 3


@signal(
    id="modelling.comparison-reported",
    title="A comparison of variants is reported",
    question="Is an ablation or a systematic comparison reported to the reader?",
    looks_at="Tables, lists and pictures of documents, and the stored outputs and charts of notebooks",
    remedy="Put one table into the README: a row for each model or setting, a column for each measure.",
    effort="minutes",
    sources=("pineau-2021",),
    limits=(
        "What a picture shows is told by its name, its caption and the code that draws it. Scores that a script prints, "
        "and tables in PDF or HTML files, are not seen."
    ),
    levels=(
        "no two variants are set side by side",
        "two variants, or scores scattered over several outputs",
        "a table or chart of at least three variants",
    ),
)
def comparison_reported(experiments: Experiments, work: ModelWork, tree: Tree) -> Answer:
    """Value: 2 where three variants or more stand in one table, list or chart, 1 for two or scattered scores, else 0."""
    early = without_training(work, tree)
    if early is not None:
        return early
    together = sorted((s for s in experiments.shown if s.form != "scattered"), key=lambda s: -len(s.variants))
    scattered = [s for s in experiments.shown if s.form == "scattered"]
    shown = together or scattered
    if not shown:
        read = tuple(dict.fromkeys(f.place.at.path for f in work.fits))[:6]
        note = "no table, chart or output sets two variants side by side"
        return Measured(
            value=0, unit=Unit.LEVEL, summary=note, evidence=(Absence(note=note, looked_at=("README", "docs", *read)),)
        )
    best = shown[0]
    enough = bool(together) and len(best.variants) >= _PASS
    counted = f"{len(best.variants)} variants" if best.variants[0] != "each" else "every value that was tried"
    where = "in separate outputs, without a table" if best.form == "scattered" else f"in one {best.form}"
    return Measured(
        value=2 if enough else 1,
        unit=Unit.LEVEL,
        summary=f"{counted} {where} ({best.at.path})",
        evidence=tuple(InFile(at=s.at, note=f"{s.form}: {', '.join(s.variants[:6])}"[:300]) for s in shown[:_SHOWN]),
        confidence="medium" if best.form in {"chart", "list"} else "high",
    )
