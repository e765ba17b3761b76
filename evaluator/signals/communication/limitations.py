"""Do the documents tell what does not work, and why it was done this way all the same?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluator.facts.documents.topics import sentence_topics, sentences
from evaluator.facts.prose import Block, Document, Prose
from evaluator.model import Answer, Measured, Unit
from evaluator.registry import signal
from evaluator.signals.communication.reading import blocks, cite, for_readers, nothing

_ASIDE = frozenset(
    {"install", "run", "license", "structure", "references", "people", "contents", "development", "demo"}
)
_TESTS = frozenset({"test", "tests", "testing", "unit_tests", "integration_tests"})
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2}|[^\W\d_]{2,}")
SUBSTANCE = 5
SHOWN = 3
PLATITUDE = 12


@signal(
    id="communication.limitations-discussed",
    title="Limits and trade-offs are discussed",
    question="Are trade-offs, limits, failures or edge cases explained?",
    looks_at="Sections about limits, and sentences that state one, in README, docs and notebook text",
    remedy="Add a short section: where the model fails, what the data cannot show, which choice cost what.",
    sources=("make-a-readme", "pineau-2021"),
    limits="A statement is known by its words; whether it goes to the heart of the project is for a reader to say.",
    effort="minutes",
    levels=("nothing", "one remark, or a list of future work", "two or more statements of substance"),
)
def limitations_discussed(prose: Prose) -> Answer:
    """Value: how many statements of substance about limits there are."""
    said: dict[str, Block] = {}
    for sentence, block in _statements(prose):
        said.setdefault(sentence, block)
    shown = [cite(block.at, "a limit stated", sentence) for sentence, block in list(said.items())[:SHOWN]]
    if len(said) >= 2:
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary=f"{len(said)} statements about limits and trade-offs",
            evidence=tuple(shown),
        )
    if said:
        return Measured(value=1, unit=Unit.LEVEL, summary="one remark about a limit", evidence=tuple(shown))
    planned = next(_plans(prose), None)
    if planned:
        note = "a list of future work is all"
        return Measured(value=1, unit=Unit.LEVEL, summary=note, evidence=(cite(planned.at, note, planned.text),))
    note = "no document speaks of limits, failures or trade-offs"
    return Measured(value=0, unit=Unit.LEVEL, summary=note, evidence=(nothing(prose, note),))


def _statements(prose: Prose) -> Iterator[tuple[str, Block]]:
    """Yield sentences that state a limit: by their words anywhere, by their place in a section about limits."""
    for document, at, block in blocks(_about_the_project(prose)):
        topics = document.topics_at(at)
        if block.kind in {"heading", "code"}:
            continue
        at_home = "limitations" in topics and not topics & {"future", "structure", "contents", "references"}
        if not at_home and ("limitations" not in block.says or topics & _ASIDE or "future" in topics):
            continue
        text = block.text.replace("\t", " ") if block.kind != "table" else block.text.replace("\t", " – ")
        for sentence in sentences(text):
            told = sentence_topics(sentence)
            if len(_WORD.findall(sentence)) < SUBSTANCE or "placeholder" in told or _is_platitude(sentence, told):
                continue
            if at_home or "limitations" in told:
                yield sentence, block


def _is_platitude(sentence: str, told: tuple[str, ...]) -> bool:
    """Whether a sentence says no more than what is true of every model: no number, and nothing beside it."""
    return "platitude" in told and len(_WORD.findall(sentence)) <= PLATITUDE and not re.search(r"\d", sentence)


def _about_the_project(prose: Prose) -> tuple[Document, ...]:
    """Return the documents but those of tests: edge cases that a test covers are no limits of the project."""
    return tuple(d for d in for_readers(prose) if not _TESTS & {part.lower() for part in d.path.split("/")[:-1]})


def _plans(prose: Prose) -> Iterator[Block]:
    for document, at, block in blocks(_about_the_project(prose)):
        if (
            ("future" in document.topics_at(at) or "future" in block.says)
            and block.kind in {"item", "paragraph"}
            and "placeholder" not in block.says
        ):
            yield block
