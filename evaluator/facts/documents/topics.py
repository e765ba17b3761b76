"""What is a part of a document about, by the meaning of its words in any of the languages we know?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import msgspec

from evaluator import codec
from evaluator.facts.prose import Block, Section
from evaluator.model import Record
from evaluator.resources import folder

_MARKS = re.compile("[\u0300-\u036f]")
_EMOJI_NAME = re.compile(r":[a-z0-9_+-]{2,40}:")
_NUMBERED = re.compile(
    r"^\W*(?:(?:step|part|phase|section|chapter|paso|passo|etape|schritt|шаг)\s+)?[\divx]{1,4}(?:[.)]\d{1,3})*\s*[.):]\s*|^[\W\d]+",
    re.IGNORECASE,
)
_WORD = re.compile(r"\d[\d.,]*\d|[^\W_]+|_")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[^\Wa-zß-öø-ÿа-я])|(?<=[。！？])|\n")
_DRAWN = re.compile("[├└│]──|[├└]─|\\|--|\\+--|`--")
_NUMBER = re.compile(r"\d[\d.]*[km]?")
GAP = 3
SENTENCE_WORDS = 120
LABEL = 40


class Topic(Record):
    """The words for one topic; see ``rubrics/topics.yaml``."""

    whole: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


class Phrases:
    """Many phrases, looked for at once: by the first letters of their first word."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self.starting: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.anywhere: list[tuple[re.Pattern[str], str]] = []
        for phrase, topic in phrases:
            if _CJK.search(phrase):
                number = r"\d" if phrase.startswith("#") else ""
                self.anywhere.append((re.compile(number + re.escape(plain(phrase).replace(" ", ""))), topic))
                continue
            words = tuple(w if w in {"#", "_"} else plain(w) + "*" * w.endswith("*") for w in phrase.split())
            self.starting.setdefault(words[0][:2].rstrip("*"), []).append((words, topic))

    def found(self, text: str) -> set[str]:
        """Return the topics of the phrases that ``text``, made ``plain``, contains."""
        words = text.split()[:SENTENCE_WORDS]
        hits: set[str] = set()
        for at, word in enumerate(words):
            for key in {word[:2], word[:1], "#" if word[0].isdigit() else word[:2]}:
                hits |= {topic for phrase, topic in self.starting.get(key, ()) if _matches(phrase, words, at)}
        if _CJK.search(text):
            joined = text.replace(" ", "")
            hits |= {topic for phrase, topic in self.anywhere if phrase.search(joined)}
        return hits


@cache
def _topics() -> dict[str, Topic]:
    raw: dict[str, Topic] = codec.decode_yaml((folder("rubrics") / "topics.yaml").read_bytes(), dict[str, Topic])
    return raw


@cache
def _whole() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, topic in _topics().items():
        for phrase in topic.whole:
            found.setdefault(plain(phrase), []).append(name)
    return {phrase: tuple(names) for phrase, names in found.items()}


@cache
def _within() -> Phrases:
    return Phrases((p, name) for name, topic in _topics().items() for p in topic.within)


@cache
def _said() -> Phrases:
    return Phrases((p, name) for name, topic in _topics().items() for p in topic.says)


def plain(text: str) -> str:
    """Return the words of ``text`` in lower case, one blank between them: no accents, emoji or punctuation."""
    bare = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())))
    return " ".join(w.replace(",", "") if w[0].isdigit() else w for w in _WORD.findall(bare) if w != "_")


def heading_topics(heading: str) -> tuple[str, ...]:
    """Return what a section is about by its heading alone, sorted."""
    words = plain(_NUMBERED.sub("", _EMOJI_NAME.sub(" ", heading.casefold()), count=1))
    whole = _whole().get(words, ()) or _whole().get(words.removeprefix("the "), ())
    return tuple(sorted({*whole, *_within().found(words)}))


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of ``text`` in any of the languages we know; a set line break ends one too."""
    return tuple(s.strip() for s in _SENTENCE_END.split(text) if s and s.strip())


def sentence_topics(sentence: str) -> tuple[str, ...]:
    """Return what a sentence speaks of, sorted; a label before a colon ("Source: …") works as a heading does."""
    label, colon, _ = sentence[:LABEL].partition(":")
    labelled = _whole().get(plain(label), ()) if colon else ()
    return tuple(sorted({*labelled, *_said().found(plain(sentence))}))


def spoken_of(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return ``blocks`` with ``says`` filled in; code says nothing."""
    return tuple(
        block if block.kind == "code" else msgspec.structs.replace(block, says=tuple(_says(block.text)))
        for block in blocks
    )


def _says(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        yield from sentence_topics(sentence)


def sections(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """Return the sections that the headings of ``blocks`` make; one reaches to the next of its level or above."""
    found: list[Section] = []
    open_: list[tuple[int, int, int]] = []
    spans: dict[int, tuple[int, int]] = {}
    for at, block in enumerate(blocks):
        if block.kind != "heading":
            continue
        level = int(block.info) if block.info.isdecimal() else 6
        while open_ and open_[-1][0] >= level:
            _, first, _ = open_.pop()
            spans[first] = (first, at - 1)
        open_.append((level, at, at))
    for _, first, _ in open_:
        spans[first] = (first, len(blocks) - 1)
    title = _title(blocks, sorted(spans))
    for first, last in sorted(spans.values()):
        level = int(blocks[first].info) if blocks[first].info.isdecimal() else 6
        own = next((n for n in range(first + 1, last + 1) if blocks[n].kind == "heading"), last + 1)
        by_name = () if first == title else heading_topics(blocks[first].text)
        about = {*by_name, *_content_topics(blocks[first + 1 : own])}
        heading = blocks[first].text[:300]
        found.append(Section(heading=heading, level=level, topics=tuple(sorted(about)), first=first, last=last))
    return tuple(found)


def placed(blocks: Sequence[Block], found: Sequence[Section]) -> tuple[Block, ...]:
    """Return ``blocks`` with the topics of all sections that hold each; ``found`` nest, and stand in order."""
    made: list[Block] = []
    held: list[Section] = []
    opening = {section.first: section for section in found}
    about: tuple[str, ...] = ()
    for at, block in enumerate(blocks):
        if at in opening:
            held = [s for s in held if s.last >= at]
            held.append(opening[at])
            about = tuple(sorted({t for s in held for t in s.topics}))
        made.append(msgspec.structs.replace(block, topics=about))
    return tuple(made)


def _title(blocks: Sequence[Block], headings: Sequence[int]) -> int | None:
    """Return the index of the heading that names the whole document: the first, where it stands above all others."""
    levels = [blocks[at].info for at in headings]
    return headings[0] if len(levels) > 1 and levels[0] < min(levels[1:]) else None


def _content_topics(blocks: Sequence[Block]) -> set[str]:
    """Topics that show in what a section holds: a drawn tree of files is its structure, whatever the heading."""
    return {"structure" for b in blocks if drawn_tree(b)}


def drawn_tree(block: Block) -> bool:
    """Whether ``block`` is a listing of folders and files, drawn with lines."""
    boxed = all(corner in block.text for corner in "┌┐└┘")
    return block.kind in {"code", "paragraph"} and not boxed and len(_DRAWN.findall(block.text)) >= 2


def _matches(phrase: tuple[str, ...], words: Sequence[str], at: int) -> bool:
    """Whether ``phrase`` stands in ``words`` from ``at`` on."""
    for n, wanted in enumerate(phrase):
        if wanted == "_":
            rest = phrase[n + 1 :]
            return any(_matches(rest, words, skip) for skip in range(at, min(at + GAP, len(words) - 1) + 1))
        if at >= len(words) or not _word_matches(wanted, words[at]):
            return False
        at += 1
    return True


def _word_matches(wanted: str, word: str) -> bool:
    if wanted == "#":
        return _NUMBER.fullmatch(word) is not None
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
