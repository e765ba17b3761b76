"""Which runs of lines stand at more than one place?

Every window of ``WINDOW`` lines is entered into a table; where one comes again, the copy is followed as far as it goes and
the search continues behind it. The work grows with the number of lines; candidates for one window are bounded. A copy
counts that has at least ``WINDOW`` lines and ``TOKENS`` tokens, which are the bounds of common tools.
Sources: https://docs.sonarsource.com/sonarqube-server/user-guide/code-metrics/metrics-definition/ (which lines count),
https://pylint.readthedocs.io/en/stable/user_guide/configuration/all-options.html#similarities-checker (imports apart).
"""

from __future__ import annotations

import re

from evaluator.facts.cloning.lines import Line
from evaluator.facts.duplication import ClonePair, Duplication
from evaluator.model import Span

WINDOW = 6
TOKENS = 50
_NAMES = 12
_DISTINCT = 4
_CANDIDATES = 8
_PAIRS = 30
_TOKEN = re.compile(r"\w+|[^\w\s]")


def compare(files: list[tuple[str, list[Line]]], *, left_out: int = 0) -> Duplication:
    """Return what is found among ``files``: path and lines of each."""
    known: dict[str, int] = {}
    row: list[int] = []
    places: list[tuple[str, Line] | None] = []
    for path, lines in files:
        for line in lines:
            row.append(known.setdefault(line.text, len(known)))
            places.append((path, line))
        row.append(-len(places) - 1)  # equal to nothing, so that no copy runs from one file into the next
        places.append(None)
    copied, pairs = _search(row, places)
    pairs.sort(key=lambda p: (-p[2], p[0], p[1]))
    return Duplication(
        lines=sum(len(lines) for _, lines in files),
        duplicated=sum(copied),
        pairs=tuple(
            ClonePair(first=_span(places, first, length), second=_span(places, second, length), lines=length)
            for first, second, length in pairs[:_PAIRS]
        ),
        left_out=left_out,
    )


def _search(row: list[int], places: list[tuple[str, Line] | None]) -> tuple[bytearray, list[tuple[int, int, int]]]:
    """Return a mark for each line that stands in a copy, and (first, second, length) of the copies."""
    copied = bytearray(len(row))
    pairs: list[tuple[int, int, int]] = []
    seen: dict[int, list[int]] = {}
    keys = [hash(tuple(row[at : at + WINDOW])) for at in range(len(row) - WINDOW + 1)]
    at = 0
    while at < len(keys):
        earlier = seen.setdefault(keys[at], [])
        first, length = max(((e, _length(row, e, at)) for e in earlier), key=lambda found: found[1], default=(0, 0))
        if length >= WINDOW and _is_code(places, at, length):
            for start in _counted(places, first, at):
                copied[start : start + length] = b"\x01" * length
            pairs.append((first, at, length))
        else:
            length = max(1, length - WINDOW + 1)  # no part of it is a copy that counts, either
        for position in range(at, min(at + length, len(keys))):
            entered = seen.setdefault(keys[position], [])
            if len(entered) < _CANDIDATES:
                entered.append(position)
        at += length
    return copied, pairs


def _counted(places: list[tuple[str, Line] | None], first: int, second: int) -> list[int]:
    """Return which of two places counts: both, but of a notebook and a module the notebook, for it could have imported."""
    books = [at for at in (first, second) if (place := places[at]) is not None and place[0].endswith(".ipynb")]
    return books or [first, second]


def _length(row: list[int], first: int, second: int) -> int:
    """Return how many lines are the same from ``first`` and ``second`` on, without running into each other."""
    length, most = 0, min(second - first, len(row) - second)
    while length < most and row[first + length] == row[second + length]:
        length += 1
    return length


def _is_code(places: list[tuple[str, Line] | None], at: int, length: int) -> bool:
    """Whether there is enough of it, and it is more than a table of values or the same line again."""
    texts = [place[1].text for place in places[at : at + length] if place is not None]
    if len(dict.fromkeys(texts)) < _DISTINCT:
        return False
    tokens = [token for text in texts for token in _TOKEN.findall(text)]
    return len(tokens) >= TOKENS and sum(t.isidentifier() for t in tokens) >= _NAMES


def _span(places: list[tuple[str, Line] | None], at: int, length: int) -> Span:
    """Return where the copy begins; in a notebook, up to the end of it in the same cell."""
    there = [place for place in places[at : at + length] if place is not None]
    path, first = there[0]
    last = max(line.number for _, line in there if line.cell == first.cell)
    return Span(path=path, start=first.number, end=last, cell=first.cell)
