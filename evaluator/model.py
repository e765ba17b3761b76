"""Which values cross a boundary: between layers, to disk, or out of the sandbox?"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self, TypeAlias, dataclass_transform

import msgspec

Cause: TypeAlias = Literal["not-permitted", "not-found", "failed", "timed-out", "too-large"]
Confidence: TypeAlias = Literal["low", "medium", "high"]


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An immutable value; equal when its fields are equal, encodable as it stands."""


class Fact(Record):
    """Something that is true of one snapshot. Holds data only: no handles, no clocks, no AST."""

    def kept(self) -> Self:
        """Return what is worth storing: a fact that names places of this machine leaves them out."""
        return self


class Missing(Record):
    """Why a fact could not be had. Takes the place of the fact; is never an exception.

    Attributes:
        fact: Name of the fact's type.
        cause: ``not-permitted`` (the caller or the machine forbids it), ``not-found`` (there is nothing it could be
            read from), ``failed``, ``timed-out`` or ``too-large``.
        detail: One sentence for a person.
    """

    fact: str
    cause: Cause
    detail: str = ""


class Span(Record):
    """Lines ``start`` to ``end`` of ``path``: POSIX, relative, 1-based, inclusive; ``cell`` is 0-based.

    In a notebook, lines count from the first line of the cell's source.
    """

    path: str
    start: int = 1
    end: int = 1
    cell: int | None = None


class InFile(Record, tag="file", tag_field="kind"):
    """Evidence that a reader can open."""

    at: Span
    note: str
    excerpt: str = ""


class InCommit(Record, tag="commit", tag_field="kind"):
    """Evidence in the history."""

    sha: str
    note: str


class InRun(Record, tag="run", tag_field="kind"):
    """Evidence from something that was executed in the sandbox."""

    run: str
    exit_code: int | None
    note: str
    excerpt: str = ""


class Absence(Record, tag="absence", tag_field="kind"):
    """Evidence that something is not there: where it was looked for."""

    note: str
    looked_at: tuple[str, ...] = ()


Evidence: TypeAlias = InFile | InCommit | InRun | Absence


class Unit(StrEnum):
    """What ``Measured.value`` counts."""

    LEVEL = "level"
    RATIO = "ratio"
    COUNT = "count"


class Measured(Record, tag="measured", tag_field="answer"):
    """The signal's question has an answer. Says how much, never how good.

    Attributes:
        value: For ``Unit.LEVEL`` the 0-based index into the signal's ``levels``, worst first.
        summary: One sentence with the figures behind the value.
        evidence: Required wherever points can be withheld.
    """

    value: float
    unit: Unit
    summary: str
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence = "high"


class NotApplicable(Record, tag="not-applicable", tag_field="answer"):
    """The question does not arise for this project."""

    reason: str


class Unknown(Record, tag="unknown", tag_field="answer"):
    """The question arises, but could not be answered."""

    cause: Cause
    reason: str


Answer: TypeAlias = Measured | NotApplicable | Unknown


class Finding(Record):
    """One signal's answer for one snapshot."""

    signal: str
    answer: Answer


class Subject(Record):
    """What was looked at.

    Attributes:
        source: URL without credentials, or ``local``.
        name: Last component of the address, without ``.git``.
        commit: 40 (or 64) hexadecimal digits; None without git.
        ref: The branch, tag or commit that was asked for, or that HEAD names; None without git.
        as_of: The commit's date, ISO 8601 in UTC; None without git.
        dirty: Whether a local folder differs from its commit.
        path: The judged sub-folder, POSIX; empty for the whole.
    """

    source: str
    name: str
    commit: str | None = None
    ref: str | None = None
    as_of: str | None = None
    dirty: bool = False
    path: str = ""


Share: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=1)]
