"""What does a document promise about the present: things, files and commands?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from evaluator.facts.documents.topics import drawn_tree, plain, sentences
from evaluator.facts.promising.table import hedging, promising, table
from evaluator.facts.prose import Block, Document, Prose
from evaluator.model import Span

_OPEN_BOX = re.compile(r"^\s*(?:\[\s\]|☐|🔲|⬜|❌|🚧|🔜|⏳)")
_DRAWN = re.compile(r"(?:[├└]\s*[─-]+|\|\s*--+|\+--+|`--+|[│|]\s+)\s*([^\s#<(→←|│├└]+)")
_NEEDED = 3
"""Words of an item in a section about what to install: so short a one names what the reader needs."""
_FILE = re.compile(r"\.{0,2}/?(?:[\w.-]+/){0,8}[\w.-]+(?:\.\w{1,6}|/)?")


@dataclass(frozen=True, kw_only=True)
class Said:
    """One promise. ``sort``: a key of the table, or ``file``; ``what``: for a file its path as written."""

    sort: str
    what: str
    text: str
    at: Span


def things(prose: Prose) -> Iterator[Said]:
    """Yield the sorts of things that sentences, items, tables and headings promise, in reading order."""
    for block in _told(prose):
        if block.kind == "code" or drawn_tree(block) or _names_a_need(block):
            continue
        for sentence in _pieces(block):
            words = plain(sentence)
            found = promising().found(words)
            if found and not sentence.endswith(("?", "？")) and "unless" not in hedging().found(words):
                for sort in sorted(found):
                    yield Said(sort=sort, what="", text=sentence[:300], at=block.at)


def files(prose: Prose) -> Iterator[Said]:
    """Yield the files of code that documents name: set as code, in a drawn tree, or as the target of a link."""
    for block in _told(prose):
        if drawn_tree(block):
            yield from _drawn(block)
        elif block.kind != "code" and block.inline_code and not hedging().found(plain(block.text)):
            named = [piece for piece in block.inline_code if is_promised(piece)]
            yield from (Said(sort="file", what=piece, text=block.text[:300], at=block.at) for piece in named)
    for document in _documents(prose):
        for link in document.links:
            if link.resolves is not None and not link.image and is_promised(link.target.partition("#")[0]):
                yield Said(sort="file", what=link.target, text=(link.text or link.target)[:300], at=link.at)


def _drawn(block: Block) -> Iterator[Said]:
    """Yield the files of a drawn tree, those apart that are said to come later."""
    for number, line in enumerate(block.text.split("\n"), start=block.at.start):
        found = _DRAWN.findall(line)
        if found and is_promised(found[-1]) and "unless" not in hedging().found(plain(line)):
            here = Span(path=block.at.path, start=number, end=number)
            yield Said(sort="file", what=found[-1], text=line.strip()[:300], at=here)


def is_promised(name: str) -> bool:
    """Whether ``name`` is that of a file which must be in the repository: code, settings of tools, and the like."""
    bare = name.strip().replace("\\", "/").removeprefix("./")
    lower = bare.lower()
    if not _FILE.fullmatch(bare) or any(fnmatchcase(lower, pattern) for pattern in table().not_promised):
        return False
    base = posixpath.basename(lower)
    stem, dot, ending = base.rpartition(".")
    return base in table().code_names or bool(stem and dot and ending in table().code_endings)


def _documents(prose: Prose) -> tuple[Document, ...]:
    """Return the pages that tell what there is: no plans, and no lessons."""
    return tuple(
        document
        for document in prose.of("readme", "readme-below", "docs")
        if document.role == "readme" or not any(fnmatchcase(document.path.lower(), p) for p in table().planning)
    )


def _told(prose: Prose) -> Iterator[Block]:
    """Yield the blocks of pages that speak of the project as it is."""
    for document in _documents(prose):
        for block in document.blocks:
            if not set(block.topics) & set(table().aside):
                yield block


def _pieces(block: Block) -> Iterator[str]:
    """Yield the sentences of ``block``; of a table its cells; what an open box stands before is still to be done."""
    for line in block.text.split("\n"):
        if _OPEN_BOX.match(line):
            continue
        for cell in line.split("\t"):
            yield from sentences(cell)


def _names_a_need(block: Block) -> bool:
    return block.kind == "item" and "install" in block.topics and len(plain(block.text).split()) <= _NEEDED
