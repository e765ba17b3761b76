"""What of the documents does a reader take in, and how is it cited?"""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.facts.prose import Block, Document, Prose
from evaluator.model import Absence, InFile, Span

EXCERPT_LINES = 12
EXCERPT_CHARACTERS = 1_200


def for_readers(prose: Prose) -> tuple[Document, ...]:
    """Return the documents that are written for readers: the README first."""
    return tuple(d for d in prose.documents if d.role != "community")


def for_visitors(prose: Prose) -> tuple[Document, ...]:
    """Return those of them that show on the forge as pages: no notebooks."""
    return prose.of("readme", "readme-below", "docs")


def blocks(documents: tuple[Document, ...]) -> Iterator[tuple[Document, int, Block]]:
    """Yield every block with its document and index, in reading order."""
    for document in documents:
        for at, block in enumerate(document.blocks):
            yield document, at, block


def cite(at: Span, note: str, text: str = "") -> InFile:
    """Return evidence at ``at``, with as much of ``text`` as evidence may hold."""
    lines = text.strip("\n").split("\n")[:EXCERPT_LINES]
    return InFile(at=at, note=note, excerpt="\n".join(line[:300] for line in lines)[:EXCERPT_CHARACTERS])


def nothing(prose: Prose, note: str) -> Absence:
    """Return evidence that something is in none of the documents, which are listed."""
    looked = tuple(d.path for d in for_readers(prose))[:20]
    return Absence(note=note, looked_at=looked or ("README, docs/, notebooks: there is none",))
