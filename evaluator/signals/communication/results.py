"""Are results given to the reader as numbers?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluator.facts.claims import Claim, Claims
from evaluator.facts.code import Code
from evaluator.facts.model_work import ModelWork
from evaluator.facts.prose import Link, Prose
from evaluator.facts.tree import Tree
from evaluator.model import Answer, Measured, Missing, NotApplicable, Unit
from evaluator.registry import signal
from evaluator.signals.communication.reading import blocks, cite, for_readers, for_visitors, nothing

# Who uses these has something whose quality can be measured: hosted and ready-made models, retrieval, agents.
_MEASURABLE = frozenset(
    {
        *(
            "openai",
            "anthropic",
            "langchain",
            "langchain_openai",
            "langchain_community",
            "langgraph",
            "llama_index",
            "transformers",
            "cohere",
        ),
        *(
            "sentence_transformers",
            "faiss",
            "chromadb",
            "torch",
            "tensorflow",
            "keras",
            "jax",
            "flax",
            "ultralytics",
            "spacy",
            "ollama",
        ),
        *(
            "crewai",
            "autogen",
            "dspy",
            "stable_baselines3",
            "gym",
            "gymnasium",
            "haystack",
            "groq",
            "mistralai",
            "vllm",
            "diffusers",
        ),
        *(
            "easyocr",
            "pytesseract",
            "face_recognition",
            "deepface",
            "mediapipe",
            "whisper",
            "tflearn",
            "surprise",
            "implicit",
            "textblob",
        ),
        *(
            "vaderSentiment",
            "rank_bm25",
            "pinecone",
            "weaviate",
            "qdrant_client",
            "google.generativeai",
            "mxnet",
            "paddle",
            "theano",
            "caffe",
        ),
    }
)
_OTHER_CODE = (
    ".r",
    ".rmd",
    ".jl",
    ".m",
    ".cpp",
    ".cc",
    ".cu",
    ".java",
    ".scala",
    ".js",
    ".ts",
    ".rs",
    ".go",
    ".cs",
    ".swift",
    ".lua",
)
_PICTURED = re.compile(
    r"result|roc|confusion|accura|loss|metric|perform|evaluat|compar|predict|curve|score|importance|precision|recall|auc"
    r"|residual|learning|training|benchmark|resultad|ergebnis|результат|结果|結果|评估|評価",
    re.IGNORECASE,
)
# What a picture of a user interface is called; one prediction in it is no measure of the model.
_INTERFACE = re.compile(
    r"(?:^|[^a-z])(?:ui|gui|user[ _-]?interface|interface|screen ?shots?|screen|app|web ?app|web ?page|website|frontend|front-end"
    r"|home ?page|dashboard|form|swagger|postman|docs|api|streamlit|gradio|flask|demo|before|after)(?:[^a-z]|$)",
    re.IGNORECASE,
)
_MEASURING = re.compile(
    r"roc|confusion|accura|loss|metric|perform|evaluat|curve|importance|precision|recall|auc|residual|benchmark|compar",
    re.IGNORECASE,
)


@signal(
    id="communication.readme-results",
    title="Results are given as numbers",
    question="Are results given as numbers?",
    looks_at="Tables, sentences and printed reports of the README, docs and notebook text: a named measure with its value",
    remedy="Put the main model's measure with its value into the README, beside that of the baseline, on held-out data.",
    sources=("make-a-readme", "pineau-2021"),
    limits="Numbers are read, not checked: whether they hold is asked elsewhere. Outputs of cells are not text for readers.",
    effort="minutes",
    levels=("none", "a number without its measure, or pictures only", "a measure with its value"),
)
def readme_results(
    claims: Claims, prose: Prose, work: ModelWork | Missing, code: Code | Missing, tree: Tree | Missing
) -> Answer:
    """Value: how the best stated result is given."""
    measured = [c for c in claims.items if c.standing in {"measured", "bound"}]
    told = [c for c in measured if c.standing == "measured"]
    if told:
        best = told[0]
        summary = f"{len(told)} numbers with their measure, the first {_shown(best)}"
        text = next((b.text for _, _, b in blocks(for_readers(prose)) if b.at == best.at), "")
        return Measured(value=2, unit=Unit.LEVEL, summary=summary, evidence=(cite(best.at, _shown(best), text),))
    if not has_model(work, code, tree):
        return NotApplicable(reason="no model is fitted or used, and nothing is measured")
    if measured:
        bound = measured[0]
        note = f"{_shown(bound)} is a bound, not a measured value"
        return Measured(value=1, unit=Unit.LEVEL, summary=note, evidence=(cite(bound.at, note),))
    if claims.figures:
        figure = claims.figures[0]
        note = f"{figure.raw} names no measure"
        return Measured(
            value=1, unit=Unit.LEVEL, summary="numbers without their measure", evidence=(cite(figure.at, note),)
        )
    picture = next(_pictures(prose), None)
    if picture:
        note = f"only as a picture: {picture.target}"
        return Measured(
            value=1, unit=Unit.LEVEL, summary="results only as pictures", evidence=(cite(picture.at, note),)
        )
    note = "no document gives a result as a number"
    return Measured(value=0, unit=Unit.LEVEL, summary=note, evidence=(nothing(prose, note),))


def has_model(work: ModelWork | Missing, code: Code | Missing, tree: Tree | Missing) -> bool:
    """Whether there is something whose quality could be stated: a model fitted, asked or scored, here or elsewhere.

    True where the code could not be read, or is in a language that is not.
    """
    if isinstance(work, Missing) or isinstance(code, Missing):
        return True
    if work.fits or work.scores or work.predicts or any(m.error for m in code.modules):
        return True
    own = [m for m in code.modules if m.part in {"own", "example", "docs"}]
    if any(i.used and _root(i.name) in _MEASURABLE for m in own for i in m.imports):
        return True
    return not isinstance(tree, Missing) and any(
        f.path.lower().endswith(_OTHER_CODE) and f.part == "own" for f in tree.files
    )


def _root(name: str) -> str:
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "google" else parts[0]


def _shown(claim: Claim) -> str:
    return f"{claim.name} {claim.raw}{' %' if claim.percent else ''}"


def _pictures(prose: Prose) -> Iterator[Link]:
    """Yield pictures that are there and by name or place show results."""
    for document in for_visitors(prose):
        spans = [
            (document.blocks[s.first].at.start, document.blocks[s.last].at.end)
            for s in document.sections
            if "results" in s.topics
        ]
        for link in document.links:
            if not link.image or link.badge or link.resolves is False:
                continue
            inside = any(start <= link.at.start <= end + 3 for start, end in spans)
            named = f"{link.text} {link.target.rpartition('/')[2]}"
            if inside or (_PICTURED.search(named) and (_MEASURING.search(named) or not _INTERFACE.search(named))):
                yield link
