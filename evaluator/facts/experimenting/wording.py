"""Which words of a text or of an identifier tell of a baseline, a comparison or a kind of model?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from evaluator import codec
from evaluator.facts.claiming.measures import measures
from evaluator.facts.documents.topics import plain
from evaluator.model import Record
from evaluator.resources import folder

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
TEXT_LIMIT = 4_000
_GAP = 5


class Vocabulary(Record):
    """``rubrics/experiments.yaml`` as it stands; see the comments there."""

    baseline: tuple[str, ...]
    naive: tuple[str, ...]
    named: tuple[str, ...]
    compared: tuple[str, ...]
    models: dict[str, tuple[str, ...]]
    short: dict[str, str]
    parts: tuple[str, ...]
    classes: tuple[str, ...]
    about: tuple[str, ...]
    settings: tuple[str, ...]
    slices: tuple[str, ...]
    links: tuple[str, ...]
    against: tuple[str, ...]
    articles: tuple[str, ...]


class Phrases:
    """Phrases with a meaning each, looked for at once, the longest first."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._spaced: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._joined: list[tuple[str, str]] = []
        for phrase, meaning in pairs:
            words = tuple(plain(phrase).split())
            if _CJK.search(phrase):
                self._joined.append(("".join(words), meaning))
            else:
                self._spaced.setdefault(words[0], []).append((words, meaning))
        for known in self._spaced.values():
            known.sort(key=lambda pair: -len(pair[0]))

    def found(self, text: str) -> list[str]:
        """Return the meanings of the phrases in ``text``, in order, each once."""
        hits = dict.fromkeys(meaning for _, _, meaning in self.spots(text))
        if self._joined and _CJK.search(text):
            solid = plain(text[:TEXT_LIMIT]).replace(" ", "")
            hits.update((meaning, None) for phrase, meaning in self._joined if phrase in solid)
        return list(hits)

    def spots(self, text: str) -> list[tuple[int, int, str]]:
        """Return (index of the first word, index after the last, meaning) of the phrases made of words, in order."""
        every = plain(text[:TEXT_LIMIT]).split()
        found: list[tuple[int, int, str]] = []
        at = 0
        while at < len(every):
            length, meaning = self._at(every, at)
            if length:
                found.append((at, at + length, meaning))
            at += length or 1
        return found

    def _at(self, words: Sequence[str], at: int) -> tuple[int, str]:
        for phrase, meaning in self._spaced.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return len(phrase), meaning
        return 0, ""


class Words:
    """The vocabulary, indexed."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._baseline = Phrases((p, "baseline") for p in vocabulary.baseline)
        self._naive = Phrases((p, "naive") for p in vocabulary.naive)
        self._named = Phrases((p, p) for p in vocabulary.named)
        self._compared = Phrases((p, p) for p in vocabulary.compared)
        self._models = Phrases((p, name) for name, every in vocabulary.models.items() for p in every)
        self._short = dict(vocabulary.short)
        self.parts = frozenset(plain(p) for p in vocabulary.parts)
        self.classes = frozenset(plain(p) for p in vocabulary.classes)
        self.settings = frozenset(plain(p) for p in vocabulary.settings)
        self._links = frozenset(plain(p) for p in vocabulary.links)
        self._against = frozenset(plain(p) for p in vocabulary.against)
        self._articles = frozenset(plain(p) for p in vocabulary.articles)
        self.slices = frozenset(plain(p) for p in vocabulary.slices)
        self._about = Phrases((p, p) for p in vocabulary.about)

    def baseline(self, text: str) -> bool:
        """Whether a text for readers speaks of a baseline or of a naive rule ("naive Bayes" is none)."""
        return bool(self._baseline.found(text)) or self.naive(text)

    def naive(self, text: str) -> bool:
        """Whether a text for readers speaks of a rule that learns nothing."""
        shown = plain(text[:TEXT_LIMIT]).replace("naive bayes", " ").replace("dummy variable", " ")
        return bool(self._naive.found(shown))

    def named(self, identifier: str) -> bool:
        """Whether a name in code means the thing to be beaten."""
        spelt = parts(identifier).replace("naive bayes", " ").replace("get dummies", " ").replace("naive nb", " ")
        return bool(self._named.found(spelt))

    def compared(self, text: str) -> bool:
        """Whether a heading, caption or file name announces a comparison of models, and of nothing else."""
        shown = parts(text)
        if not self._compared.found(shown):
            return False
        return bool(self._about.found(shown) or self._models.found(shown)) or measured(shown)

    def called_baseline(self, text: str) -> str | None:
        """Return the kind of model that a sentence calls the baseline: the one beside the word, by no more than linking words."""
        text = text[:TEXT_LIMIT].replace("/", " or ")
        text = text.replace(", ", " or ") if text.count(", ") > 1 else text
        every = plain(text).split()
        marks = [(a, b) for a, b, _ in self._baseline.spots(text)]
        models = [(a, b, kind) for a, b, kind in self._models.spots(text) if kind != "naive rule"]
        best: tuple[int, str] | None = None
        for start, end in marks:
            for first, last, kind in models:
                gap = every[end:first] if first >= end else every[last:start]
                if len(gap) <= _GAP and self._links.issuperset(gap) and (best is None or len(gap) < best[0]):
                    best = (len(gap), kind)
        if best is None and self._baseline.found(text) and len(self.models(text)) == 1 and _CJK.search(text):
            return self.models(text)[0]
        return best[1] if best is not None else None

    def refers_to_baseline(self, text: str) -> bool:
        """Whether a sentence without a model says of something before that it is a baseline, and sets nothing against one."""
        every = plain(text[:TEXT_LIMIT]).split()
        if (self._models.spots(text) and self.models(text) != ["naive rule"]) or self._against.intersection(every):
            return False
        return any(start and every[start - 1] in self._articles for start, _, _ in self._baseline.spots(text))

    def sets_against(self, text: str) -> bool:
        """Whether a heading announces a comparison with a baseline, rather than the baseline itself."""
        return bool(self._compared.found(parts(text)))

    def models(self, text: str) -> list[str]:
        """Return the kinds of model that a text names, in order."""
        return self._models.found(text)

    def leading_model(self, text: str) -> str | None:
        """Return the kind of model that a text begins with, or None."""
        first = next(iter(self._models.spots(text[:80])), None)
        return first[2] if first is not None and first[0] == 0 else None

    def model(self, label: str) -> str | None:
        """Return the kind of model that a label (a cell, a key, a class name) stands for, or None."""
        words = plain(label)
        if words in self._short:
            return self._short[words]
        found = self._models.found(label) or self._models.found(parts(label))
        return found[0] if found else None


def measured(text: str) -> bool:
    """Whether a text names a measure of quality."""
    return any(token.kind == "metric" for token in measures().tokens(text))


def parts(identifier: str) -> str:
    """Return the words of an identifier or file name: ``baselineModel_v2`` is ``baseline model v2``."""
    return plain(" ".join(_HUMP.sub(" ", identifier[:400]).replace("_", " ").split()))


@cache
def words() -> Words:
    """Return the vocabulary that ships with the tool.

    Raises:
        DecodeError: The file does not have the promised form.
    """
    data = (folder("rubrics") / "experiments.yaml").read_bytes()
    vocabulary: Vocabulary = codec.decode_yaml(data, Vocabulary)
    return Words(vocabulary)
