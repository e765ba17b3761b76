"""How are facts written down, and read again to be judged anew?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

import msgspec

from evaluator import __version__, codec
from evaluator.errors import DecodeError
from evaluator.model import Fact, Missing, Record, Subject
from evaluator.registry import Catalogue

SCHEMA = 1
Facts: TypeAlias = Mapping[type[Fact], Fact | Missing]


class StoredProject(Record):
    """The facts of one of several projects; see :class:`StoredFacts`."""

    facts: dict[str, msgspec.Raw]
    missing: tuple[Missing, ...]


class StoredFacts(Record):
    """facts.json: everything that the signals are asked about.

    Attributes:
        facts: By name of the fact's type. missing: Those that could not be had.
        projects: By path, those of each project where the repository holds several; then ``facts`` are those of the whole
            that belong to no single project. Left out where there is one.
    """

    schema: int
    tool: str
    subject: Subject
    facts: dict[str, msgspec.Raw]
    missing: tuple[Missing, ...]
    projects: dict[str, StoredProject] = {}


@dataclass(frozen=True)
class Known:
    """What was stored, each fact as its type."""

    subject: Subject
    facts: dict[type[Fact], Fact | Missing]
    projects: dict[str, dict[type[Fact], Fact | Missing]] = field(default_factory=dict)


def encode(subject: Subject, facts: Facts, projects: Mapping[str, Facts] = MappingProxyType({})) -> bytes:
    """Return the bytes of facts.json: sorted keys, no place of this machine."""
    whole = {"schema": SCHEMA, "tool": __version__, "subject": subject, **_kept(facts)}
    apart = {"projects": {path: _kept(own) for path, own in sorted(projects.items())}} if projects else {}
    return codec.pretty({**whole, **apart})


def decode(data: bytes, catalogue: Catalogue) -> Known:
    """Return what ``encode`` wrote, each fact strictly as its type.

    Raises:
        DecodeError: Not facts, of another schema, or with a fact that nothing installed here knows.
    """
    stored: StoredFacts = codec.decode(data, StoredFacts)
    if stored.schema != SCHEMA:
        raise DecodeError(f"facts of schema {stored.schema}, this copy reads {SCHEMA}; gather them again")
    return Known(
        subject=stored.subject,
        facts=_typed(stored, catalogue),
        projects={path: _typed(own, catalogue) for path, own in sorted(stored.projects.items())},
    )


def _kept(facts: Facts) -> dict[str, object]:
    named = sorted((t.__name__, f) for t, f in facts.items())
    return {
        "facts": {n: f.kept() for n, f in named if isinstance(f, Fact)},
        "missing": [f for _, f in named if isinstance(f, Missing)],
    }


def _typed(stored: StoredFacts | StoredProject, catalogue: Catalogue) -> dict[type[Fact], Fact | Missing]:
    facts: dict[type[Fact], Fact | Missing] = {}
    for name, raw in stored.facts.items():
        facts[_kind(name, catalogue)] = codec.decode(bytes(raw), _kind(name, catalogue))
    for gap in stored.missing:
        facts[_kind(gap.fact, catalogue)] = gap
    return facts


def _kind(name: str, catalogue: Catalogue) -> type[Fact]:
    if name not in catalogue.facts:
        raise DecodeError(f"fact {name} is not known here; install the plug-in or the version that gathered it")
    return catalogue.facts[name]
