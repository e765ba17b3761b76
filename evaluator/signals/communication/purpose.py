"""Does the README say what this is about?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evaluator.facts.commits.copies import of_a_template
from evaluator.facts.documents.general_words import own_words
from evaluator.facts.documents.instructions import is_command
from evaluator.facts.documents.topics import sentence_topics, sentences
from evaluator.facts.prose import Block, Document, Prose
from evaluator.model import Absence, Answer, Evidence, Measured, Unit
from evaluator.registry import signal
from evaluator.signals.communication.reading import cite, nothing

# A short paragraph: one full sentence of a paper has 20 to 25 words; three short ones do as well.
PARAGRAPH_WORDS = 22
SHORT_SENTENCES, SHORT_WORDS = 3, 15
SENTENCE_WORDS = 4
TAG_LINE_WORDS = 3
# Two words that would not fit any other project: what is done, and to what.
OWN_WORDS = 2
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_CJK_PER_WORD = 2
_WORD = re.compile(r"[^\W\d_]{2,}")
_LISTING = re.compile(r"^https?://|^\d|[│├└]")
_PATH = re.compile(r"[\w-]+/[\w./-]*\.\w{2,5}\b")
_PASSING_WORDS = 12
_SEARCHED = 2000
_TAG = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_PRINTABLE = range(0x09, 0x7F)
_MISREAD = 0.7
_OPENING_WORDS = 40
_DISTINCT = 0.5
_TITLE_AND_TAG = re.compile(r"\s[-–—|]\s|:\s")
_ASIDE = frozenset(
    {"install", "run", "license", "structure", "references", "people", "contents", "development", "future", "demo"}
    | {"deployment"}
)
_DATA = frozenset({"data", "fields"})
_INSTRUCTION = frozenset({"install", "run", "demo", "license", "deployment"})
_INSTRUCTION_WORDS = 12
_FIRST_HEADINGS = 3
# What a generator writes of itself; its version differs, so that no mark of the sentence would hold.
_GENERATED = re.compile(
    r"\b(?:this|your new|your) (?:[\w.-]+ ){0,3}(?:project|app|application|repository|repo|readme|package|site)(?:,? (?:which|that))?(?: (?:was|is|has been))?"
    r" (?:bootstrapped|scaffolded|generated) (?:by using|with|using|by|from|after)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What describes the project: its words, its sentences, each once, and the first block that does."""

    words: int = 0
    sentences: int = 0
    first: Block | None = None


@signal(
    id="communication.readme-purpose",
    title="The README says what it is about",
    question="Does the README say what problem is solved, with what data or for whom?",
    looks_at="The README's opening and its sections about purpose, problem and data; hidden comments and badges do not count",
    remedy="Open the README with three sentences: the problem, the data or the users, and what the project does about it.",
    sources=("make-a-readme",),
    limits="It tells a description from labels and instructions by its place and length, not whether it is well said.",
    effort="minutes",
    levels=("nothing of the sort", "one sentence, or a title with a tag line", "at least a short paragraph"),
)
def readme_purpose(prose: Prose) -> Answer:
    """Value: how much the README says of what the project is about."""
    readmes = prose.of("readme")
    if not readmes:
        looked = tuple(d.path for d in prose.documents)[:10]
        return _level(0, "there is no README", Absence(note="no README at the top", looked_at=looked or ("README*",)))
    told = max((_told(d) for d in readmes), key=lambda t: (t.words, t.sentences))
    if told.first is not None:
        enough = _enough(told)
        summary = f"the README describes the project in {told.words} words"
        note = "what it says of its purpose" if enough else "all it says of its purpose"
        return _level(2 if enough else 1, summary, cite(told.first.at, note, told.first.text))
    tagged = next((b for d in readmes for b in _tag_line(d)), None)
    if tagged:
        return _level(1, "a title with a tag line is all", cite(tagged.at, "all it says of its purpose", tagged.text))
    note = "the README does not say what the project is about"
    return _level(0, note, cite(readmes[0].blocks[0].at, note) if readmes[0].blocks else nothing(prose, note))


def _told(document: Document) -> _Told:
    """Read the opening and the sections about the purpose; where these say little, the first sections as well."""
    where: list[str] = []
    headings = 0
    for block in document.blocks:
        where.append(_place(frozenset(block.topics), headings))
        headings += block.kind == "heading"
    told = _described([b for b, place in zip(document.blocks, where, strict=True) if place in {"opening", "purpose"}])
    return told if _enough(told) else _described([b for b, place in zip(document.blocks, where, strict=True) if place])


def _enough(told: _Told) -> bool:
    return told.words >= PARAGRAPH_WORDS or (told.sentences >= SHORT_SENTENCES and told.words >= SHORT_WORDS)


def _place(topics: frozenset[str], headings: int) -> str:
    """Return ``opening``, ``purpose``, ``first`` (one of the first sections, of no other topic) or nothing.

    ``headings``: how many stand before.
    """
    if topics & _ASIDE and "purpose" not in topics:
        return ""
    if headings <= 1 and not topics:
        return "opening"
    if "purpose" in topics and not topics & _DATA:
        return "purpose"
    return "first" if headings <= _FIRST_HEADINGS and not topics & _DATA else ""


def _described(blocks: list[Block]) -> _Told:
    said: set[tuple[str, ...]] = set()
    spoken: list[str] = []
    words, first = 0, None
    for block in blocks:
        if block.kind not in {"paragraph", "quote", "item"} or any(map(of_a_template, sentences(block.text))):
            continue
        for sentence in filter(_describes, sentences(block.text)):
            tokens = tuple(_tokens(sentence))
            if tokens in said:
                continue
            said.add(tokens)
            spoken += tokens[:_OPENING_WORDS]
            words += _words(sentence)
            first = first or block
    return _Told(words=words, sentences=len(said), first=first) if _is_varied(spoken) else _Told()


def _describes(sentence: str) -> bool:
    topics = set(sentence_topics(sentence))
    words = _words(sentence)
    if words < SENTENCE_WORDS or "placeholder" in topics or _LISTING.search(sentence):
        return False
    if _is_garbled(sentence) or not _is_varied(_tokens(sentence)):
        return False
    if is_command(sentence) or _of_a_template(sentence) or len(own_words(_tokens(sentence))) < OWN_WORDS:
        return False
    paths = len(_PATH.findall(sentence[:_SEARCHED]))
    if paths > 1 or (paths and words <= _PASSING_WORDS):
        return False
    return not (topics and topics <= _INSTRUCTION and words <= _INSTRUCTION_WORDS)


def _of_a_template(text: str) -> bool:
    return of_a_template(text) or (_words(text) <= PARAGRAPH_WORDS and bool(_GENERATED.search(text[:_SEARCHED])))


def _tokens(text: str) -> list[str]:
    """Return the words of ``text`` in lower case, and its CJK characters one by one."""
    plain = _TAG.sub(" ", text).lower()
    return [*_CJK.findall(plain), *_WORD.findall(_CJK.sub(" ", plain))]


def _is_varied(tokens: list[str]) -> bool:
    """Whether words differ as those of prose do: filler says the same few again and again."""
    opening = tokens[:_OPENING_WORDS]
    return len(set(opening)) >= _DISTINCT * len(opening)


def _is_garbled(text: str) -> bool:
    """Whether ``text`` holds control characters, or is ASCII that was read as UTF-16: CJK signs made of two letters."""
    if _CONTROL.search(text):
        return True
    signs = [ord(sign) for sign in _CJK.findall(text)]
    paired = sum((s >> 8) in _PRINTABLE and (s & 0xFF) in _PRINTABLE for s in signs)
    return bool(signs) and paired > _MISREAD * len(signs)


def _words(text: str) -> int:
    text = _TAG.sub(" ", text)
    cjk = len(_CJK.findall(text))
    return cjk // _CJK_PER_WORD + len(_WORD.findall(_CJK.sub(" ", text)))


def _tag_line(document: Document) -> list[Block]:
    """Return the title, where a tag line follows within it, or the short line after it."""
    shown = document.blocks[:2]
    if not shown or shown[0].kind != "heading":
        return []
    if any(_words(part) >= TAG_LINE_WORDS for part in _TITLE_AND_TAG.split(shown[0].text)[1:]):
        return [shown[0]]
    line = next((b for b in shown[1:] if b.kind in {"paragraph", "quote", "heading"}), None)
    known = line is not None and (document.topics_at(1) & _ASIDE or "placeholder" in line.says)
    if line is None or known or _is_garbled(line.text) or _words(line.text) < TAG_LINE_WORDS:
        return []
    opening = sentences(line.text)[0]
    instructs = set(sentence_topics(opening))
    if (
        is_command(line.text)
        or _of_a_template(opening)
        or (instructs and instructs <= _INSTRUCTION and _words(opening) <= _INSTRUCTION_WORDS)
    ):
        return []
    return [line] if _is_varied(_tokens(opening)) else []


def _level(value: int, summary: str, evidence: Evidence) -> Measured:
    return Measured(value=value, unit=Unit.LEVEL, summary=summary, evidence=(evidence,))
