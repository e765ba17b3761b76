"""What does the project tell its readers, and where?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.notebooks import Notebooks
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot

Role = Literal["readme", "readme-below", "docs", "notebook", "community"]


class Block(Record):
    """A piece of a document, in reading order. Hidden comments, struck-out text and badges are left out.

    Attributes:
        kind: ``table`` holds one row per line, cells separated by tabs; ``code`` a fenced or indented block. A line
            wholly in bold and the summary of a collapsed part are headings too.
        text: Plain text: no markup, entities decoded, at most 20 000 characters; a line break only where one is set.
        at: Where it stands. For ``code``: its content, so that line i of ``text`` is line ``at.start + i``.
        info: For ``code`` the language, for ``heading`` the level (``1``-``6``), else empty.
        inline_code: The pieces set as code within the text.
        says: Topics of ``rubrics/topics.yaml`` that its sentences speak of, one entry per such sentence.
        topics: What the sections that hold it are about, sorted.
    """

    kind: Literal["heading", "paragraph", "item", "code", "table", "quote"]
    text: str
    at: Span
    info: str = ""
    inline_code: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


class Link(Record):
    """A link or image.

    Attributes:
        text: What the link is called; for an image its alternative text.
        resolves: For a relative target, or a page of this very repository, whether the tree has it; None for others.
        path: What it leads to in the tree; None where it leads elsewhere or nowhere.
        kinds: Kinds of place its address is, of ``rubrics/links.yaml``, sorted; ``own`` for pages of the same owner.
    """

    text: str
    target: str
    at: Span
    image: bool = False
    badge: bool = False
    resolves: bool | None = None
    path: str | None = None
    kinds: tuple[str, ...] = ()


class Section(Record):
    """A heading and what follows it, sub-sections included.

    Attributes:
        topics: What it is about, by the meaning of its heading and content; without those of its sub-sections.
        first, last: Index into ``blocks``, inclusive; ``first`` is the heading.
    """

    heading: str
    level: int
    topics: tuple[str, ...]
    first: int
    last: int


class Document(Record):
    """One Markdown or rst file, or the markdown cells of one notebook.

    Attributes:
        role: ``readme`` is the judged folder's own; ``readme-below`` one of a sub-folder; ``docs`` what a reader is led
            to from there; ``community`` is written for contributors and machines (changelog, code of conduct, licence).
        sections: In order of their headings.
        parsed: False where only plain text could be had.
    """

    path: str
    role: Role
    format: Literal["markdown", "rst", "text", "notebook"]
    title: str = ""
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    sections: tuple[Section, ...] = ()
    parsed: bool = True

    def topics_at(self, index: int) -> frozenset[str]:
        """Return the topics of all sections that hold the block at ``index``."""
        return frozenset(self.blocks[index].topics)


class Prose(Fact):
    """All documents, the README first, then by role and path. ``skipped``: paths beyond the limits on number and size."""

    documents: tuple[Document, ...]
    skipped: tuple[str, ...] = ()

    def of(self, *roles: Role) -> tuple[Document, ...]:
        """Return the documents in one of ``roles``."""
        return tuple(d for d in self.documents if d.role in roles)


@provides(how="parsed")
def prose(snapshot: Snapshot, tree: Tree, notebooks: Notebooks | Missing) -> Prose:
    """Read every document that a reader is led to, each once."""
    from evaluator.facts.documents.reading import read_all

    items = () if isinstance(notebooks, Missing) else notebooks.items
    documents, skipped = read_all(snapshot, tree, items)
    return Prose(documents=documents, skipped=skipped)
