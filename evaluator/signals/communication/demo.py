"""Is there a demo, a talk or an article about this project?"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterator

from evaluator.facts.documents.topics import heading_topics, sentence_topics
from evaluator.facts.prose import Block, Document, Link, Prose
from evaluator.facts.tree import Tree
from evaluator.model import Answer, InFile, Measured, Missing, Span, Unit
from evaluator.registry import signal
from evaluator.signals.communication.reading import blocks, cite, for_readers, nothing

_SHOWING = frozenset({"demo", "video", "slides"})
_SLIDES = (".pptx", ".ppt", ".odp", ".key")
_PAPER = (".pdf", ".docx", ".doc", ".odt", ".html", ".tex", ".pptx", ".ppt", ".odp", ".key")
_WRITTEN = (".pdf", ".docx", ".doc", ".odt")
_WRITTEN_IN = frozenset({"report", "paper", "presentation", "presentations", "slides", "poster", "thesis"})
_WRITE_UP = re.compile(
    r"report|presentation|slides?|deck|poster|paper|thesis|write[-_ ]?up|article|case[-_ ]?study|informe|presentaci|relat[oó]rio|rapport|bericht|pr[aä]sentation|отч[её]т|презентац|报告|論文|报告书|答辩",
    re.IGNORECASE,
)
# Called a paper and no more, it may as well be the one that the project follows: a document must say that it is its own.
_SOME_PAPER = re.compile(
    r"(?:research|base|original|reference|ref|main|source|ieee|conference|journal|final|the)?[-_ ]*(?:papers?|articles?)[-_ ()\d]*",
    re.IGNORECASE,
)
_NOT_A_WRITE_UP = re.compile(
    r"template|classification[-_ ]?report|drift|coverage|lint|test|profil|data[-_ ]?quality|evidently|reference|htmlcov|eda_report"
    r"|sweetviz|assignment|instructions|requirements|guidelines|rubric|plot|fig(?:ure)?s?[-_.\d]|curve|matrix|importance|arxiv"
    r"|literature|papers/|r[eé]sum[eé]|\bcv\b",
    re.IGNORECASE,
)
_LOCAL = re.compile(r"^https?://(?:localhost|127\.|0\.0\.0\.0|192\.168\.|\[::1?\])", re.IGNORECASE)
# A platform's own front door, or the pages about how to use it, hold nobody's demo.
_HOME = re.compile(
    r"(?:https?:)?//(?:(?:www|share)\.)?[\w-]+\.\w+/?(?:[?#].*)?|(?:https?:)?//(?:docs(?!\.google)|dashboard|console|api|status|help)\.[\w-]+\.\w+(?:/.*)?",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"linkedin\.com/in/|medium\.com/@[^/]+/?$|youtube\.com/(?:@|c/|channel/|user/)[^/]*/?$|github\.io/?$"
)
_OTHERS_CITED = re.compile(r"arxiv\.org|doi\.org|openreview\.net|ieeexplore|researchgate|biorxiv|ssrn", re.IGNORECASE)
_BORROWED = re.compile(
    r"tutorial|course|inspired by|based on|credits?\b|playlist|lecture|followed|adapted from|learned from|curso|cours\b|Kurs\b|教程|курс",
    re.IGNORECASE,
)
_PENDING = re.compile(
    r"coming soon|to be added|\btba\b|\btbd\b|link here|add (?:your )?link|pr[oó]ximamente|em breve|bientôt|demnächst|скоро|敬请期待|準備中",
    re.IGNORECASE,
)


@signal(
    id="communication.demo-or-writeup",
    title="There is a demo or a write-up",
    question="Is there a live demo, a video, slides or an article about this project?",
    looks_at="Links of README and docs by what they call themselves and where they lead; committed slides and reports",
    remedy="Link a running demo, a two-minute recording or a short article at the top of the README.",
    sources=("make-a-readme",),
    limits="Links are not followed: whether a demo still answers, or shows what it says, is not known.",
    effort="day",
    levels=("none", "a placeholder, or a link about something else", "a link to one, or a committed report or deck"),
)
def demo_or_writeup(prose: Prose, tree: Tree | Missing) -> Answer:
    """Value: the best that is offered beside the code."""
    lesser: Link | None = None
    for document in for_readers(prose):
        starts = [(b.at.cell or 0, b.at.start) for b in document.blocks]
        for link in document.links:
            level = _level_of(link, document, _block_of(link, document, starts))
            if level == 2:
                return Measured(
                    value=2,
                    unit=Unit.LEVEL,
                    summary=f"{link.target[:120]} is linked",
                    evidence=(cite(link.at, "a demo or write-up", link.text),),
                )
            lesser = lesser or (link if level == 1 else None)
    committed = next(_committed(prose, tree), None)
    if committed:
        note = "a committed report or deck"
        return Measured(
            value=2, unit=Unit.LEVEL, summary=f"{committed} is committed", evidence=(cite(Span(path=committed), note),)
        )
    if lesser:
        note = "a placeholder, or about something else"
        return Measured(
            value=1,
            unit=Unit.LEVEL,
            summary=f"{lesser.target[:120]}: {note}",
            evidence=(cite(lesser.at, note, lesser.text),),
        )
    pending = next(_pending(prose), None)
    if pending:
        return Measured(value=1, unit=Unit.LEVEL, summary="a demo is announced only", evidence=(pending,))
    note = "no link to a demo, video, slides or article"
    return Measured(value=0, unit=Unit.LEVEL, summary=note, evidence=(nothing(prose, note),))


def _level_of(link: Link, document: Document, block: Block | None) -> int:
    """Return 2 for a demo or write-up of this project, 1 for a placeholder or something else by that name, 0 for neither."""
    topics = frozenset(block.topics if block else ())
    called = "demo" in heading_topics(link.text) or "demo" in sentence_topics(link.text)
    if _LOCAL.match(link.target) or _PROFILE.search(link.target.lower()):
        return 0
    if "placeholder" in link.kinds or link.target in {"#", "#/"}:
        return 1 if called or "demo" in topics or set(link.kinds) & _SHOWING else 0
    if link.image and "video" not in link.kinds and not link.target.lower().endswith((".mp4", ".webm", ".mov")):
        return 0
    if _shows(link, called=called):
        aside = (
            topics & {"references", "people"} or document.role == "notebook" or (block and _BORROWED.search(block.text))
        )
        return 2 if called or not aside else 0
    if "article" in link.kinds and not _OTHERS_CITED.search(link.target):
        return (2 if called or "demo" in topics else 1) if "references" not in topics else 0
    if link.path and link.path.lower().endswith(_PAPER) and not _NOT_A_WRITE_UP.search(link.path):
        if _is_some_paper(link.path) and ("references" in topics or (block and _BORROWED.search(block.text))):
            return 0
        return 2 if _WRITE_UP.search(f"{link.path} {link.text}") or called else 0
    return 0


def _shows(link: Link, *, called: bool) -> bool:
    """Whether the address is one where applications, videos or slides are looked at; a user's page must say that it is."""
    if _HOME.fullmatch(link.target.strip()):
        return False
    return bool(set(link.kinds) & _SHOWING) or ("pages" in link.kinds and ("own" in link.kinds or called))


def _block_of(link: Link, document: Document, starts: list[tuple[int, int]]) -> Block | None:
    """Return the block that ``link`` stands in or after; ``starts``: where each block begins (cell, line)."""
    at = bisect_right(starts, (link.at.cell or 0, link.at.start)) - 1
    return document.blocks[at] if at >= 0 else None


def _committed(prose: Prose, tree: Tree | Missing) -> Iterator[str]:
    """Yield committed slides, and reports that are named for what they are: at the top, in a folder for them, or in a document."""
    if isinstance(tree, Missing):
        return
    told = "\n".join(_said(document, at, block) for document, at, block in blocks(for_readers(prose)))
    for file in tree.files:
        if file.part not in {"own", "docs"} or file.size == 0 or not file.path.lower().endswith(_PAPER):
            continue
        base = posixpath.basename(file.path).lower()
        folders = set(posixpath.dirname(file.path).lower().split("/"))
        if _NOT_A_WRITE_UP.search(file.path) or (_is_some_paper(file.path) and base not in told):
            continue
        deck = base.endswith(_SLIDES)
        named = bool(_WRITE_UP.search(base)) or bool(folders & _WRITTEN_IN)
        if deck or (base.endswith(_WRITTEN) and named) or (base in told and _WRITE_UP.search(base)):
            yield file.path


def _said(document: Document, at: int, block: Block) -> str:
    """Return what a block tells of the project's own files: not what a drawn tree lists, nor what is named as others' work."""
    borrowed = "references" in document.topics_at(at) or _BORROWED.search(block.text)
    return "" if block.kind == "code" or borrowed else block.text.lower()


def _is_some_paper(path: str) -> bool:
    stem = posixpath.basename(path).rpartition(".")[0]
    return bool(_SOME_PAPER.fullmatch(stem))


def _pending(prose: Prose) -> Iterator[InFile]:
    for document, at, block in blocks(for_readers(prose)):
        if "demo" in document.topics_at(at) and block.kind != "heading" and _PENDING.search(block.text):
            yield cite(block.at, "announced only", block.text)
