"""Is written down what the model is for, what it cannot do, what it was trained on and how it was measured?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluator.facts.claims import Claims
from evaluator.facts.model_work import ModelWork
from evaluator.facts.prose import Block, Document, Prose
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, Evidence, Measured, NotApplicable, Unit
from evaluator.registry import signal
from evaluator.signals.communication.reading import cite, for_visitors
from evaluator.signals.modelling.asked import without_training

_PARTS = {
    "use": ("intended-use",),
    "limits": ("limitations",),
    "data": ("data",),
    "evaluation": ("results",),
}
_LOOKS_LIKE = {
    "use": "what it is for, and for whom",
    "limits": "what it cannot do",
    "data": "what it was trained on",
    "evaluation": "how well it does, in numbers",
}
_CARD = re.compile(r"model[\s_-]*(card|facts)|(carte|tarjeta|cartao)[\s_-]*(de|du|del|do)?[\s_-]*mod", re.IGNORECASE)
_EMPTY = re.compile(
    r"more information needed|\[(insert|add|todo|your|describe)[^\]]*\]|<(insert|add|your)[^>]*>|\bTBD\b|\bTODO\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2}|[^\W\d_]{2,}")
_SUBSTANCE = 4
_PROSE = frozenset({"paragraph", "item", "table", "quote"})


@signal(
    id="communication.model-card",
    title="The model is described as a model card would",
    question="Are use, limits, data and evaluation of the model written down?",
    looks_at="Model cards, README and docs: sections and sentences about intended use, limits, training data and evaluation",
    remedy="Add a MODEL_CARD.md with four short sections: intended use, training data, evaluation in numbers, limits.",
    effort="hour",
    sources=("mitchell-2019",),
    limits="A part is known by its heading or its words; notebooks do not count, for a user of the model does not open them.",
    stage="trial",
    levels=("one of the four or none, or a template that was not filled in", "two or three of the four", "all four"),
)
def model_card(work: ModelWork, prose: Prose, claims: Claims, tree: Tree) -> Answer:
    """Value: 2 where all four parts are written down, 1 for two or three, else 0."""
    early = without_training(work, tree)
    if isinstance(early, NotApplicable):
        return early
    documents = for_visitors(prose)
    found = {part: block for part in _PARTS if (block := next(_written(documents, claims, part), None)) is not None}
    missing = [part for part in _PARTS if part not in found]
    evidence: list[Evidence] = [
        cite(block.at, f"{part}: {_LOOKS_LIKE[part]}", block.text) for part, block in found.items()
    ]
    card = next((d for d in documents if _is_card(d)), None)
    blanks = [b for b in card.blocks if _EMPTY.search(b.text)] if card is not None else []
    if len(blanks) > len(found):
        note = f"{len(blanks)} places of the model card are not filled in"
        return _answer(0, note, [cite(b.at, "a place of the template", b.text) for b in blanks[:4]])
    if missing:
        looked = tuple(d.path for d in documents)[:8] or ("README, MODEL_CARD.md, docs/: there is none",)
        evidence.append(
            Absence(note=f"not written down: {', '.join(_LOOKS_LIKE[m] for m in missing)}", looked_at=looked)
        )
    level = 2 if not missing else 1 if len(found) >= 2 else 0
    where = f"in {card.path}" if card is not None else "in README and docs"
    return _answer(level, f"{len(found)} of 4 parts of a model card {where}: {', '.join(found) or 'none'}", evidence)


def _answer(level: int, summary: str, evidence: list[Evidence]) -> Measured:
    return Measured(value=level, unit=Unit.LEVEL, summary=summary, evidence=tuple(evidence), confidence="medium")


def _is_card(document: Document) -> bool:
    return bool(_CARD.search(document.path.rpartition("/")[2])) or bool(_CARD.search(document.title))


def _written(documents: tuple[Document, ...], claims: Claims, part: str) -> Iterator[Block]:
    """Yield the blocks that tell one part, those of a model card first."""
    numbers = {(c.at.path, c.at.start) for c in claims.items if c.standing == "measured"}
    for document in sorted(documents, key=lambda d: not _is_card(d)):
        claimed = any(path == document.path for path, _ in numbers)
        for block in document.blocks:
            if block.kind not in _PROSE or _EMPTY.search(block.text) or "placeholder" in block.says:
                continue
            if len(_WORD.findall(block.text)) < _SUBSTANCE:
                continue
            at_home = not set(_PARTS[part]).isdisjoint(block.topics)
            if part == "evaluation":
                if claimed and any(path == document.path and _within(block, line) for path, line in numbers):
                    yield block
            elif at_home or (part in {"use", "limits"} and _PARTS[part][0] in block.says):
                yield block


def _within(block: Block, line: int) -> bool:
    return block.at.start <= line <= block.at.end
