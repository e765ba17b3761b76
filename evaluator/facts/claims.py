"""Which results does the project claim in its documents, as numbers?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.prose import Prose
from evaluator.model import Fact, Record, Span
from evaluator.registry import provides

Standing = Literal["measured", "bound", "target", "change", "others"]


class Claim(Record):
    """A measure of quality with a number.

    Attributes:
        metric: Its canonical name in ``rubrics/metrics.yaml``. name: As written.
        value: As written, decimal comma and thousands separators resolved. percent: A per-cent sign follows.
        raw: The number as written.
        standing: ``measured`` is said to have been obtained; ``bound`` is a figure it exceeds; ``target`` is to be
            reached; ``change`` is a difference; ``others`` are not this project's.
        subject: The row or column it stands in (mostly a model's name), else empty.
        where: What kind of block it stands in.
        role: The role of its document.
    """

    metric: str
    name: str
    value: float
    raw: str
    at: Span
    percent: bool = False
    standing: Standing = "measured"
    subject: str = ""
    where: Literal["table", "text", "code"] = "text"
    role: Literal["readme", "readme-below", "docs", "notebook"] = "readme"


class Figure(Record):
    """A number in a part about results that names no measure."""

    raw: str
    at: Span
    role: Literal["readme", "readme-below", "docs", "notebook"] = "readme"


class Claims(Fact):
    """All that documents for readers claim, in their order; at most 2 000 claims and 200 figures."""

    items: tuple[Claim, ...] = ()
    figures: tuple[Figure, ...] = ()


@provides(how="parsed")
def claims(prose: Prose) -> Claims:
    """Read the numbers off tables, sentences and printed reports."""
    from evaluator.facts.claiming.found import find

    return find(prose)
