"""How are facts written down, and read again to be judged anew?"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from evaluator import __version__, codec
from evaluator.errors import DecodeError
from evaluator.model import Fact, Missing, Record, Subject
from evaluator.registry import Catalogue

SCHEMA = 1


class StoredFacts(Record):
    """facts.json: everything that the signals are asked about.

    Attributes:
        facts: By name of the fact's type. missing: Those that could not be had.
    """

    schema: int
    tool: str
    subject: Subject
    facts: dict[str, msgspec.Raw]
    missing: tuple[Missing, ...]


def encode(subject: Subject, facts: Mapping[type[Fact], Fact | Missing]) -> bytes:
    """Return the bytes of facts.json: sorted keys, no place of this machine."""
    named = sorted((t.__name__, f) for t, f in facts.items())
    return codec.pretty(
        {
            "schema": SCHEMA,
            "tool": __version__,
            "subject": subject,
            "facts": {n: f.kept() for n, f in named if isinstance(f, Fact)},
            "missing": [f for _, f in named if isinstance(f, Missing)],
        }
    )


def decode(data: bytes, catalogue: Catalogue) -> tuple[Subject, dict[type[Fact], Fact | Missing]]:
    """Return what ``encode`` wrote, each fact strictly as its type.

    Raises:
        DecodeError: Not facts, of another schema, or with a fact that nothing installed here knows.
    """
    stored: StoredFacts = codec.decode(data, StoredFacts)
    if stored.schema != SCHEMA:
        raise DecodeError(f"facts of schema {stored.schema}, this copy reads {SCHEMA}; gather them again")
    facts: dict[type[Fact], Fact | Missing] = {}
    for name, raw in stored.facts.items():
        facts[_kind(name, catalogue)] = codec.decode(bytes(raw), _kind(name, catalogue))
    for gap in stored.missing:
        facts[_kind(gap.fact, catalogue)] = gap
    return stored.subject, facts


def _kind(name: str, catalogue: Catalogue) -> type[Fact]:
    if name not in catalogue.facts:
        raise DecodeError(f"fact {name} is not known here; install the plug-in or the version that gathered it")
    return catalogue.facts[name]
