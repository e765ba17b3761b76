"""Which words of a text name a measure of quality, and which of its numbers could be its value?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from evaluator import codec
from evaluator.model import Record
from evaluator.resources import folder

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
Kind = Literal["share", "error", "amount"]
_MARKS = re.compile("[\u0300-\u036f]")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_AT = re.compile(r"@\s*(?:threshold|conf|iou|k)?\s*=?\s*\[?[\d.:,k-]*\]?", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?P<word>[^\W\d_][^\W_]*(?:'s)?)"
    r"|(?P<number>(?<![\w.])[-+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:e[-+]?\d{1,3})?)(?P<percent>\s?[%٪％])?"
    r"|(?P<sign>[^\s\w])"
)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NOISE = frozenset("*`_\"'~≈|’“”‘")


class Measure(Record):
    """One measure. ``share`` lies between 0 and 1 or is given per cent; ``error`` is 0 or more; ``amount`` is any number."""

    kind: Kind
    names: tuple[str, ...]


class Vocabulary(Record):
    """``rubrics/metrics.yaml`` as it stands; see the comments there."""

    metrics: dict[str, Measure]
    glue: tuple[str, ...]
    settings: tuple[str, ...]
    targets: tuple[str, ...]
    bounds: tuple[str, ...]
    changes: tuple[str, ...]
    others: tuple[str, ...]
    invented: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Token:
    """A word, number, sign or the name of a measure. ``text``: lower case, no accents; of a measure: as written."""

    kind: Literal["word", "number", "sign", "metric"]
    text: str
    value: float = 0.0
    percent: bool = False
    metric: str = ""


class Measures:
    """The vocabulary, indexed."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.kinds: dict[str, Kind] = {name: m.kind for name, m in vocabulary.metrics.items()}
        self._names: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        spaced: list[str] = []
        for metric, measure in vocabulary.metrics.items():
            for name in measure.names:
                words = tuple(fold(name).split())
                self._names.setdefault(words[0], []).append((words, metric))
                if _CJK.search(name):
                    spaced.append(fold(name))
        for known in self._names.values():
            known.sort(key=lambda pair: -len(pair[0]))
        spaced += [w for w in vocabulary.glue if _CJK.search(w)]
        spaced += [w for w in (*vocabulary.targets, *vocabulary.bounds, *vocabulary.settings) if _CJK.search(w)]
        self._spaced = re.compile("|".join(re.escape(w) for w in sorted(set(spaced), key=lambda w: (-len(w), w))))
        self.glue = frozenset(fold(w) for w in vocabulary.glue)
        self.settings = _phrases(vocabulary.settings)
        self.targets = _phrases(vocabulary.targets)
        self.bounds = _phrases(vocabulary.bounds)
        self.changes = _phrases(vocabulary.changes)
        self.others = _phrases(vocabulary.others)
        self.invented = _phrases(vocabulary.invented)

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Return the tokens of ``text``, names of measures joined, longest name first."""
        raw = list(self._raw(text[:4000]))
        made: list[Token] = []
        at = 0
        while at < len(raw):
            length, metric = self._name_at(raw, at)
            if length:
                made.append(Token(kind="metric", text=" ".join(t.text for t in raw[at : at + length]), metric=metric))
            else:
                made.append(raw[at])
            at += length or 1
        return tuple(made)

    def _raw(self, text: str) -> list[Token]:
        shown = _AT.sub(" ", fold(text))
        if _CJK.search(shown):
            shown = self._spaced.sub(lambda m: f" {m.group()} ", shown)
        found: list[Token] = []
        for match in _TOKEN.finditer(shown):
            if match["word"]:
                found.append(Token(kind="word", text=match["word"].removesuffix("'s")))
            elif match["number"]:
                value = number(match["number"])
                found.append(Token(kind="number", text=match["number"], value=value, percent=bool(match["percent"])))
            elif match["sign"] not in _NOISE:
                found.append(Token(kind="sign", text=match["sign"]))
        return found

    def _name_at(self, raw: list[Token], at: int) -> tuple[int, str]:
        """Return how many tokens from ``at`` on name a measure, hyphens between its words left out, and which."""
        if raw[at].kind == "sign":
            return 0, ""
        for words, metric in self._names.get(raw[at].text, ()):
            here = at
            for n, word in enumerate(words):
                while (
                    n and here < len(raw) and raw[here].text in {"-", "^", "/", "‑", "–"} and raw[here].kind == "sign"
                ):
                    here += 1
                if here >= len(raw) or raw[here].text.lstrip("-+") != word:
                    break
                here += 1
            else:
                return here - at, metric
        return 0, ""


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, compatibility forms resolved (``R²`` is ``r2``)."""
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())))


def number(raw: str) -> float:
    """Return the value of a number as people write it: ``1,234.5``, ``0,93`` and ``92,5`` included.

    Never raises; what has no value is not a number.
    """
    clean = raw
    if _THOUSANDS.fullmatch(raw) and not raw.lstrip("+-").startswith("0"):
        clean = raw.replace(",", "")
    elif raw.count(",") == 1 and "." not in raw:
        clean = raw.replace(",", ".")
    try:
        return float(clean.replace(",", ""))
    except ValueError:
        return float("nan")


def contains(tokens: Sequence[Token], phrases: Phrases) -> bool:
    """Whether one of ``phrases`` stands among ``tokens``."""
    return any(starts(tokens, at, phrases) for at in range(len(tokens)))


def starts(tokens: Sequence[Token], at: int, phrases: Phrases) -> bool:
    """Whether one of ``phrases`` stands among ``tokens`` from ``at`` on."""
    return any(
        tuple(t.text for t in tokens[at : at + len(phrase)]) == phrase for phrase in phrases.get(tokens[at].text, ())
    )


@cache
def measures() -> Measures:
    """Return the vocabulary that ships with the tool."""
    data = (folder("rubrics") / "metrics.yaml").read_bytes()
    vocabulary: Vocabulary = codec.decode_yaml(data, Vocabulary)
    return Measures(vocabulary)


def _phrases(texts: Iterable[str]) -> Phrases:
    found: dict[str, list[tuple[str, ...]]] = {}
    for text in texts:
        words = tuple(fold(text).split())
        found.setdefault(words[0], []).append(words)
    return {first: tuple(rest) for first, rest in found.items()}
