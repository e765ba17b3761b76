"""Where in a document does a number stand for a measure of quality, and in which sense?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluator.facts.claiming.measures import Token, contains, measures, starts
from evaluator.facts.claims import Claim, Claims, Figure, Standing
from evaluator.facts.documents.topics import sentences
from evaluator.facts.prose import Block, Document, Prose
from evaluator.model import Span

CLAIM_LIMIT = 2_000
FIGURE_LIMIT = 200
_AHEAD = 9
_BEHIND = 3
_NEAR = 7
_PRINTED = frozenset(
    {
        "",
        "text",
        "txt",
        "console",
        "output",
        "log",
        "plaintext",
        "plain",
        "none",
        "json",
        "shell-session",
        "bash",
        "sh",
        "shell",
    }
)
_JOINING = frozenset(
    {":", "=", "-", "–", "—", "(", "→", "⇒", ">", "<", "≥", "≤", "$", "€", "£", "₹", "¥", "：", "（", "[", "±"}
)
_BREAKING = frozenset({";", "•", "|", "?", "!", "/"})
_BOUND_SIGNS = frozenset({">", "≥"})
_DATA_WORDS = frozenset({"data", "dataset", "training", "samples", "rows", "labels", "parameters"})
_ROWS = 60
Where = Literal["table", "text", "code"]
Role = Literal["readme", "readme-below", "docs", "notebook"]


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A measure and a number that belong together."""

    metric: str
    name: str
    number: Token
    standing: Standing = "measured"
    subject: str = ""


def find(prose: Prose) -> Claims:
    """Return the claims and the unnamed figures of all documents for readers."""
    claims: list[Claim] = []
    figures: list[Figure] = []
    for document in prose.documents:
        if document.role == "community":
            continue
        for at, block in enumerate(document.blocks):
            topics = document.topics_at(at)
            found = list(_in_block(block))
            if found and (_invented(document, at) or "references" in topics):
                continue
            if found:
                claims += (_claim(f, block, document.role, "future" in topics) for f in found)
            elif "results" in topics and not topics & {"install", "data", "development", "structure"}:
                figures += _figures(block, document)
    return Claims(items=tuple(claims[:CLAIM_LIMIT]), figures=tuple(figures[:FIGURE_LIMIT]))


def _invented(document: Document, at: int) -> bool:
    """Whether the block or one beside it says that the numbers are made up for show."""
    known = measures()
    near = document.blocks[max(0, at - 1) : at + 2]
    return any(contains(known.tokens(block.text), known.invented) for block in near)


def _claim(found: _Found, block: Block, role: Role, planned: bool) -> Claim:
    where: Where = "table" if block.kind == "table" else "code" if block.kind == "code" else "text"
    return Claim(
        metric=found.metric,
        name=found.name,
        value=found.number.value,
        raw=found.number.text[:60],
        percent=found.number.percent,
        at=block.at,
        standing="target" if planned and found.standing == "measured" else found.standing,
        subject=found.subject[:120],
        where=where,
        role=role,
    )


def _in_block(block: Block) -> Iterator[_Found]:
    if block.kind == "table":
        yield from _in_table(block.text)
    elif block.kind != "code":
        for sentence in sentences(block.text):
            yield from in_sentence(sentence)
    elif block.info in _PRINTED:
        yield from _in_report(block.text)


def in_sentence(sentence: str, *, strict: bool = False) -> Iterator[_Found]:
    """Yield the measures of ``sentence`` with their numbers, each number once."""
    known = measures()
    tokens = known.tokens(sentence)
    others = contains(tokens, known.others)
    changed = contains(tokens, known.changes)
    taken: set[int] = set()
    for at, token in enumerate(tokens):
        if token.kind != "metric":
            continue
        where = _number_for(tokens, at, taken, strict=strict)
        if where is None:
            continue
        taken.add(where)
        standing: Standing = "others" if others else "change" if changed else _standing(tokens, at, where)
        yield _Found(metric=token.metric, name=token.text, number=tokens[where], standing=standing)


def _number_for(tokens: Sequence[Token], at: int, taken: set[int], *, strict: bool) -> int | None:
    """Return the index of the number that the measure at ``at`` has as its value, or None.

    A percentage right before it ("92 % accuracy") wins over a number after a comma.
    """
    before = None if strict else _before(tokens, at, taken)
    if before is not None and at - before <= 2:
        return before
    after = _after(tokens, at, taken, strict=strict)
    return before if after is None else after


def _after(tokens: Sequence[Token], at: int, taken: set[int], *, strict: bool) -> int | None:
    known = measures()
    plain = True
    for here in range(at + 1, min(at + 1 + _AHEAD, len(tokens))):
        token = tokens[here]
        if token.kind == "number" and here not in taken:
            return here if _plausible(tokens[at], token, plain=plain) and not _unit_follows(tokens, here) else None
        if token.kind == "metric" or token.text in _BREAKING or starts(tokens, here, known.settings):
            return None
        if token.kind == "word" and token.text not in known.glue:
            plain = False
        elif token.kind == "sign" and token.text not in _JOINING:
            plain = plain and token.text in {",", ")"}
        if strict and not plain:
            return None
    return None


def _before(tokens: Sequence[Token], at: int, taken: set[int]) -> int | None:
    known = measures()
    for here in range(at - 1, max(-1, at - 1 - _BEHIND), -1):
        token = tokens[here]
        if token.kind == "number":
            share = known.kinds[tokens[at].metric] == "share"
            fits = here not in taken and share and (token.percent or 0 < abs(token.value) < 1)
            return here if fits else None
        if token.kind != "word" or token.text not in known.glue:
            return None
    return None


def _plausible(metric: Token, number: Token, *, plain: bool) -> bool:
    """Whether ``number`` can be a value of ``metric``; after other words than "is" or "of" it must look like one."""
    if not math.isfinite(number.value):
        return False
    decimal = "." in number.text or "," in number.text
    if measures().kinds[metric.metric] != "share":
        return plain or decimal
    if number.percent:
        return -100 <= number.value <= 100
    if abs(number.value) <= 1:
        return decimal or plain
    return plain and number.value <= 100


def _unit_follows(tokens: Sequence[Token], here: int) -> bool:
    """Whether the number counts something ("accuracy on 300 images", "accuracy with 80 % of the data")."""
    following = [t.text for t in tokens[here + 1 : here + 5] if t.kind == "word"]
    if not following:
        return False
    if tokens[here].percent:
        return following[0] == "of" and not _DATA_WORDS.isdisjoint((*following[1:3],))
    return (following[0],) in measures().settings.get(following[0], ())


def _standing(tokens: tuple[Token, ...], at: int, where: int) -> Standing:
    """Return in which sense the number stands, by the words before the measure and the number."""
    known = measures()
    first, last = min(at, where), max(at, where)
    lead = tokens[max(0, first - _NEAR) : last]
    bounded = tokens[max(0, where - 3) : where]
    if contains(lead, known.targets) and not contains(lead, _NAMES):
        return "target"
    if contains(bounded, known.bounds) or any(t.text in _BOUND_SIGNS for t in bounded):
        return "bound"
    return "measured"


_NAMES = {"target": (("target", "variable"), ("target", "column"), ("target", "class"), ("target", "label"))}


def _in_table(text: str) -> Iterator[_Found]:
    """Yield measures of a table, named in its head, in its first column, or in a cell beside the number."""
    rows = [row.split("\t") for row in text.split("\n")[:_ROWS]]
    heads = [_measure_of(cell) for cell in rows[0]]
    for row in rows[1:] if any(heads) else rows:
        label = _measure_of(row[0]) if row else None
        for n, cell in enumerate(row):
            head = heads[n] if n < len(heads) else None
            named, subject = (head, row[0]) if head and n else (label, rows[0][n] if n < len(rows[0]) else "")
            value = _value_of(cell)
            if named and value and n and _fits(named, value):
                yield _Found(
                    metric=named.metric,
                    name=named.text,
                    number=value,
                    subject=subject,
                    standing=_told(row[0], rows[0], n),
                )
            elif n and not value:
                yield from in_sentence(cell)


def _told(label: str, heads: Sequence[str], column: int) -> Standing:
    """Return in which sense a cell's number stands, by its row's and its column's name."""
    known = measures()
    words = known.tokens(f"{label} . {heads[column] if column < len(heads) else ''}")
    if contains(words, known.targets) and not contains(words, _NAMES):
        return "target"
    return "others" if contains(words, known.others) else "measured"


def _measure_of(cell: str) -> Token | None:
    """Return the measure that a cell names, if that is what it does."""
    if not cell or len(cell) > 60:
        return None
    tokens = measures().tokens(cell)
    named = [t for t in tokens if t.kind == "metric"]
    words = sum(t.kind == "word" for t in tokens)
    return named[0] if named and words <= 4 else None


def _value_of(cell: str) -> Token | None:
    """Return the number that a cell consists of: signs, a spread and a unit may stand around it."""
    if not cell or len(cell) > 40:
        return None
    tokens = measures().tokens(cell)
    numbers = [t for t in tokens if t.kind == "number"]
    words = sum(t.kind == "word" for t in tokens)
    alone = words <= 1 and not any(t.kind == "metric" for t in tokens)
    return numbers[0] if numbers and alone and math.isfinite(numbers[0].value) else None


def _fits(metric: Token, value: Token) -> bool:
    return measures().kinds[metric.metric] != "share" or value.percent or abs(value.value) <= 100


def _in_report(text: str) -> Iterator[_Found]:
    """Yield measures of a printed report: lines that say them, and columns below a line of their names."""
    known = measures()
    heads: list[Token] = []
    for line in text.split("\n")[:400]:
        tokens = known.tokens(line)
        named = [t for t in tokens if t.kind == "metric"]
        numbers = [t for t in tokens if t.kind == "number" and ("." in t.text or t.percent)]
        if len(named) >= 2 and not numbers:
            heads = named
        elif heads and numbers and not named and len(numbers) <= len(heads) + 1:
            yield from (_Found(metric=m.metric, name=m.text, number=n) for m, n in zip(heads, numbers, strict=False))
        else:
            yield from in_sentence(line, strict=True)


def _figures(block: Block, document: Document) -> Iterator[Figure]:
    """Yield the first number that could be a result, of a block in a part about results."""
    if block.kind in {"heading", "code"} or document.role == "community":
        return
    for token in measures().tokens(block.text):
        if token.kind == "number" and (token.percent or "." in token.text) and math.isfinite(token.value):
            at = Span(path=block.at.path, start=block.at.start, end=block.at.end, cell=block.at.cell)
            yield Figure(raw=token.text[:60], at=at, role=document.role)
            return
