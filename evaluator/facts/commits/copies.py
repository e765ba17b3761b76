"""Which known templates and tutorials stand here as they came, by the marks of their sentences?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache

from evaluator import codec
from evaluator.facts.code import Module
from evaluator.facts.documents.topics import plain, sentences
from evaluator.facts.prose import Document
from evaluator.facts.provenance import Copied
from evaluator.facts.tree import Tree
from evaluator.model import Record, Span
from evaluator.resources import folder
from evaluator.source.snapshot import Snapshot, Unreadable

MARK = 16
"""Hexadecimal digits of a mark: the beginning of SHA-256 over the plain words."""
_LEAST_WORDS = 4
_SIZE = 40_000
_READ = ("*.github/workflows/*.yml", "*.github/workflows/*.yaml", "*makefile", "*.gitlab-ci.yml", "*dockerfile")
_FILES = 60


class Known(Record):
    """One template or tutorial.

    Attributes:
        kind: ``template`` or ``tutorial``. least: How many of its sentences must be found.
        marks: Of its sentences; see :func:`mark`.
    """

    kind: str
    least: int
    marks: tuple[str, ...]


@cache
def known() -> dict[str, Known]:
    """Return the table that ships with the tool, by name."""
    made: dict[str, Known] = codec.decode_yaml((folder("rubrics") / "copies.yaml").read_bytes(), dict[str, Known])
    return made


@cache
def _names() -> dict[str, str]:
    return {m: name for name, held in known().items() for m in held.marks}


def mark(sentence: str) -> str:
    """Return the mark of a sentence: it stays the same whatever its case, punctuation and spaces; empty if too short."""
    words = plain(sentence)
    if len(words.split()) < _LEAST_WORDS:
        return ""
    return hashlib.sha256(words.encode()).hexdigest()[:MARK]


def of_a_template(sentence: str) -> bool:
    """Whether a sentence is of a template as it came: it says nothing of the project that was begun with it."""
    name = _names().get(mark(sentence))
    return name is not None and known()[name].kind == "template"


def copies(
    snapshot: Snapshot, tree: Tree, documents: Iterable[Document], modules: Iterable[Module]
) -> tuple[Copied, ...]:
    """Return those of which enough sentences stand here: in documents, in strings of code, in comments of build files."""
    seen: dict[str, dict[str, Span]] = {}
    for text, at in (*_in_documents(documents), *_in_code(modules), *_in_files(snapshot, tree)):
        found = mark(text)
        name = _names().get(found)
        if name is not None:
            seen.setdefault(name, {}).setdefault(found, at)
    made = [
        Copied(
            name=name, kind=held.kind, pieces=len(seen[name]), of=len(held.marks), at=next(iter(seen[name].values()))
        )
        for name, held in known().items()
        if len(seen.get(name, ())) >= held.least
    ]
    return tuple(sorted(made, key=lambda c: (-c.pieces, c.name)))


def _in_documents(documents: Iterable[Document]) -> Iterator[tuple[str, Span]]:
    for document in documents:
        for block in document.blocks:
            for line in block.text.split("\n"):
                yield from ((sentence, block.at) for sentence in sentences(line))


def _in_code(modules: Iterable[Module]) -> Iterator[tuple[str, Span]]:
    for module in modules:
        yield from ((text.text, text.at) for text in module.texts)


def _in_files(snapshot: Snapshot, tree: Tree) -> Iterator[tuple[str, Span]]:
    paths = [f.path for f in tree.files if any(fnmatchcase(f.path.lower(), p) for p in _READ)]
    for path in paths[:_FILES]:
        try:
            content = snapshot.text(path, limit=_SIZE)
        except Unreadable:
            continue
        for number, line in enumerate(content.split("\n"), start=1):
            bare = line.strip()
            if bare.startswith("#"):
                yield bare, Span(path=path, start=number, end=number)
