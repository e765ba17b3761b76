"""Which variants of a model does a table, or a run of lines, set side by side with their scores?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from evaluator.facts.claiming.measures import Token, measures
from evaluator.facts.documents.topics import plain
from evaluator.facts.experimenting.wording import words

_ROWS = 80
_REPORT = frozenset({"precision", "recall", "f1"})
_COUNTED = re.compile(
    r"^(?:class|clase|classe|klasse|label|fold|epoch|step|iteration|iter|seed|run|batch|episode|cluster|top)?\s*[-#(]?\s*\d+\s*\)?$",
    re.IGNORECASE,
)
_NO_SCORES = frozenset(
    {
        "parameters",
        "params",
        "param",
        "size",
        "version",
        "year",
        "layers",
        "price",
        "cost",
        "weight",
        "importance",
        "coefficient",
    }
)
_SPLITS = re.compile(r"\b(?:train|test|valid|val|dev|hold)", re.IGNORECASE)
DECIMAL = re.compile(r"(?<![\w.])-?\d*[.,]\d+(?![\w.]*\d)|\d\s?%")
_ARGUMENTS = re.compile(r"\([^()]*=[^()]*\)|\{[^{}]*\}")
_SETTING = re.compile(r"^\W*([A-Za-z_][\w .-]{0,30}?)\s*[=:]\s*(-?[\d.]+(?:e-?\d+)?|None)\b")
_NAME = 40


def of_table(text: str, heading: str = "") -> tuple[str, ...]:
    """Return the variants of a table (a row per line, cells apart by tabs) that gives scores of each; else nothing.

    ``heading``: what the table stands under; one that names parts of the data tells that its rows are such parts.
    """
    rows = [[c.strip() for c in row.split("\t")] for row in text.split("\n")[:_ROWS]]
    if len(rows) < 3 or len(rows[0]) < 2:
        return ()
    head = rows[0]
    if any(plain(c) == "support" for c in head):
        return ()
    columns = [n for n, cell in enumerate(head) if n and _measure(cell)]
    if columns:
        return _by_row(rows, columns, head, sliced=bool(words().slices & set(plain(heading).split())))
    if any(_measure(row[0]) for row in rows[1:] if row):
        return _by_column(rows)
    return _by_model(rows, head)


def _measure(cell: str) -> str:
    """Return the measure that a cell names, or nothing."""
    if not cell or len(cell) > 60:
        return ""
    tokens = measures().tokens(cell)
    named = [t for t in tokens if t.kind == "metric"]
    others = sum(t.kind == "word" for t in tokens)
    return named[0].metric if named and others <= 4 else ""


def _is_number(cell: str) -> bool:
    tokens = measures().tokens(cell[:60])
    return any(t.kind == "number" for t in tokens) and sum(t.kind == "word" for t in tokens) <= 2


def _by_row(
    rows: Sequence[Sequence[str]], columns: Sequence[int], head: Sequence[str], *, sliced: bool
) -> tuple[str, ...]:
    named = {_measure(head[n]) for n in columns}
    found: dict[str, None] = {}
    kinds = 0
    for row in rows[1:]:
        if not any(n < len(row) and _is_number(row[n]) for n in columns):
            continue
        label = " ".join(c for n, c in enumerate(row) if n not in columns and c)[:120] or row[0]
        lead = row[0] or label
        if _is_part(lead) or (_COUNTED.match(lead.strip()) and plain(head[0]) not in words().settings):
            continue
        kinds += words().model(lead) is not None
        found[label] = None
    is_report = named <= _REPORT and len(named) >= 2 and kinds == 0
    if kinds == 0 and (is_report or sliced or plain(head[0]) in words().classes):
        return ()
    return tuple(found)


def _is_part(cell: str) -> bool:
    """Whether a cell names a part of the data, a total or a measure, and no variant."""
    shown = plain(cell)
    if shown in words().parts or not shown:
        return True
    split = bool(_SPLITS.search(shown)) and words().model(cell) is None and len(shown.split()) <= 3
    return split or (bool(_measure(cell)) and words().model(cell) is None)


def _by_column(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    scored = [row for row in rows[1:] if row and _measure(row[0])]
    found = []
    for n, cell in enumerate(rows[0]):
        if n and cell and not _is_part(cell) and any(n < len(row) and _is_number(row[n]) for row in scored):
            found.append(cell[:_NAME])
    return tuple(dict.fromkeys(found))


def _by_model(rows: Sequence[Sequence[str]], head: Sequence[str]) -> tuple[str, ...]:
    """Return the models of a table whose columns name no measure that we know, yet hold decimals."""
    columns = [n for n, cell in enumerate(head) if n and not set(plain(cell).split()) & _NO_SCORES]
    found: dict[str, None] = {}
    for row in rows[1:]:
        if row and words().model(row[0]) and any(n < len(row) and _is_score(row[n]) for n in columns):
            found[row[0][:_NAME]] = None
    return tuple(found) if len(found) >= 2 else ()


def _is_score(cell: str) -> bool:
    return len(cell) <= 20 and bool(DECIMAL.search(cell)) and _is_number(cell)


def of_lines(text: str, labels: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the models to which the lines of a text give scores: on their own line, or on those that follow it.

    ``labels``: further names of models, as the code gives them.
    """
    own = [label for label in dict.fromkeys(labels) if len(label) >= 2]
    found: dict[str, None] = {}
    current = ""
    for line in text.split("\n")[:400]:
        shown = _ARGUMENTS.sub(" ", line)
        named = _label(shown, own)
        if named:
            current = named
        if current and DECIMAL.search(shown) and (named or _says_a_measure(shown)):
            found[current] = None
    return tuple(found)


def _label(line: str, own: Sequence[str]) -> str:
    """Return the model that a line is about: the one that it names; nothing where it names several."""
    hits = [label for label in own if _stands(label, line)]
    if hits:
        return max(hits, key=len)
    lead = re.split(r"[:=|\t]|\s{2,}|\d[.,]", line.strip(" -*>#0123456789."))[0].strip()
    kinds = words().models(line)
    if lead and len(lead) <= _NAME and (kind := words().model(lead)):
        return lead if len(kinds) <= 1 or kind else ""
    return kinds[0] if len(kinds) == 1 else ""


def _stands(label: str, line: str) -> bool:
    at = line.find(label)
    if at < 0:
        return False
    before, after = line[at - 1 : at] if at else " ", line[at + len(label) : at + len(label) + 1] or " "
    return not (before.isalnum() or after.isalnum())


def _says_a_measure(line: str) -> bool:
    return any(t.kind == "metric" for t in measures().tokens(line[:200]))


def of_settings(text: str) -> tuple[str, ...]:
    """Return the values of one setting to which the lines of a text give scores: ``k=3: 0.91``."""
    found: dict[str, dict[str, None]] = {}
    for line in text.split("\n")[:400]:
        hit = _SETTING.match(line.strip())
        if hit and DECIMAL.search(line[hit.end() :]) and plain(hit[1]) in words().settings:
            found.setdefault(plain(hit[1]), {})[f"{hit[1].strip()}={hit[2]}"] = None
    most: dict[str, None] = max(found.values(), key=_size, default={})
    return tuple(most)


def in_sentence(text: str) -> tuple[str, ...]:
    """Return the models to which a sentence or list item gives scores, one number or more for each."""
    if len(text) > 600:
        return ()
    kinds = [k for k in words().models(text) if k != "naive rule"]
    tokens: tuple[Token, ...] = measures().tokens(text)
    scores = [t for t in tokens if t.kind == "number" and (t.percent or "." in t.text)]
    told = any(t.kind == "metric" for t in tokens) or any(t.percent for t in scores)
    return tuple(kinds) if kinds and told and len(scores) >= len(kinds) else ()


def scores(text: str) -> bool:
    """Whether a sentence gives a measure of quality a number."""
    tokens = measures().tokens(text)
    told = any(t.kind == "metric" for t in tokens)
    return told and any(t.kind == "number" and (t.percent or "." in t.text) for t in tokens)


def settings_of(text: str) -> tuple[str, ...]:
    """Return the different settings of the rows of a table that scores them; at least two, else nothing."""
    rows = [[c.strip() for c in row.split("\t")] for row in text.split("\n")[:_ROWS]]
    if len(rows) < 3:
        return ()
    scored = [n for n, cell in enumerate(rows[0]) if n and _measure(cell)]
    chosen = [n for n, cell in enumerate(rows[0]) if n not in scored and _is_setting(cell)]
    found: dict[str, None] = {}
    for row in rows[1:]:
        if not any(n < len(row) and _is_number(row[n]) for n in scored):
            continue
        told = [f"{rows[0][n]}={row[n]}" for n in chosen if n < len(row) and row[n]]
        hit = _SETTING.match(row[0]) if row else None
        if hit and plain(hit[1]) in words().settings:
            told.append(row[0][:_NAME])
        if told:
            found[", ".join(told)[:100]] = None
    return tuple(found) if len(found) >= 2 else ()


_NO_SETTING = frozenset(
    {
        "experiment",
        "variant",
        "config",
        "configuration",
        "setting",
        "setup",
        "features",
        "n",
        "p",
        "d",
        "q",
        "c",
        "architecture",
        "backbone",
    }
)


def _is_setting(cell: str) -> bool:
    shown = plain(cell)
    return shown in words().settings - _NO_SETTING


def _size(values: dict[str, None]) -> int:
    return len(values)
