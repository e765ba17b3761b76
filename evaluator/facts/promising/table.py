"""Which words promise what, and by what would it show?"""

from __future__ import annotations

from functools import cache

from evaluator import codec
from evaluator.facts.documents.topics import Phrases
from evaluator.facts.modelling.libraries import Patterns
from evaluator.model import Record
from evaluator.resources import folder


class Sort(Record):
    """One sort of promise; see ``rubrics/promises.yaml``."""

    title: str
    says: tuple[str, ...]
    calls: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    tests: bool = False
    workflows: bool = False
    elsewhere: bool = False


class Table(Record, rename="kebab"):
    """``rubrics/promises.yaml`` as it stands; see the comments there."""

    promises: dict[str, Sort]
    unless: tuple[str, ...]
    planning: tuple[str, ...]
    aside: tuple[str, ...]
    made: tuple[str, ...]
    code_endings: tuple[str, ...]
    code_names: tuple[str, ...]
    not_promised: tuple[str, ...]
    measures: dict[str, tuple[str, ...]]


@cache
def table() -> Table:
    """Return the table that ships with the tool."""
    made: Table = codec.decode_yaml((folder("rubrics") / "promises.yaml").read_bytes(), Table)
    return made


@cache
def promising() -> Phrases:
    """Return the phrases that promise something, each with the sort of promise."""
    return Phrases((phrase, name) for name, sort in table().promises.items() for phrase in sort.says)


@cache
def hedging() -> Phrases:
    """Return the phrases of sentences that promise nothing for the present, and of those about files to be made."""
    unless = [(phrase, "unless") for phrase in table().unless]
    return Phrases([*unless, *((phrase, "made") for phrase in table().made)])


@cache
def calls() -> Patterns[str]:
    """Return the sorts of promise that calls by each name keep."""
    return Patterns((name, sort) for sort, held in table().promises.items() for name in held.calls)
