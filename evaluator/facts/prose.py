"""What does the project tell its readers, and where?"""

from __future__ import annotations

from typing import Literal

from evaluator.model import Fact, Record, Span


class Block(Record):
    """A piece of a document, in reading order. Hidden comments and badges are left out.

    Attributes:
        kind: ``table`` holds one row per line, cells separated by tabs; ``code`` a fenced or indented block.
        text: Plain text: no markup, entities decoded, at most 20 000 characters.
        info: For ``code`` the language, for ``heading`` the level (``1``-``6``), else empty.
        inline_code: The pieces set as code within the text.
    """

    kind: Literal["heading", "paragraph", "item", "code", "table", "quote"]
    text: str
    at: Span
    info: str = ""
    inline_code: tuple[str, ...] = ()


class Link(Record):
    """A link or image. ``resolves``: for a relative target whether the tree has it; None for other schemes."""

    text: str
    target: str
    at: Span
    image: bool = False
    badge: bool = False
    resolves: bool | None = None


class Section(Record):
    """A heading and what follows it. ``topics``: what it is about, by the meaning of its heading and content."""

    heading: str
    level: int
    topics: tuple[str, ...]
    first: int
    last: int


class Document(Record):
    """One Markdown or rst file, or the markdown cells of one notebook.

    Attributes:
        role: ``readme`` is the judged folder's own; ``readme-below`` one of a sub-folder.
        sections: ``first`` and ``last`` index into ``blocks``, inclusive.
        parsed: False where only plain text could be had.
    """

    path: str
    role: Literal["readme", "readme-below", "docs", "notebook", "community"]
    format: Literal["markdown", "rst", "text", "notebook"]
    title: str = ""
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    sections: tuple[Section, ...] = ()
    parsed: bool = True


class Prose(Fact):
    """All documents, the README first, then by path."""

    documents: tuple[Document, ...]
