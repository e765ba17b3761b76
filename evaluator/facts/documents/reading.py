"""Which files does a reader read, and what stands in each?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Literal

from evaluator.facts.documents import links, topics
from evaluator.facts.documents.html import read_html
from evaluator.facts.documents.markdown import read_markdown
from evaluator.facts.documents.page import Page
from evaluator.facts.documents.rst import Unparsable, read_rst
from evaluator.facts.notebooks import Cell, Notebook
from evaluator.facts.prose import Block, Document, Link, Role
from evaluator.facts.python.parsing import parse
from evaluator.facts.tree import File, Tree
from evaluator.model import Record
from evaluator.source.snapshot import Snapshot, Unreadable

FILE_LIMIT = 2_000_000
# A forge shows the first 500 KiB of a README: docs.github.com, "About READMEs".
SHOWN_LIMIT = 512_000
DOCUMENT_LIMIT = 200
PARSE_BUDGET = 3_000_000
# What parsing costs is told by the signs that may mean something: up to 0.1 ms for each, whatever they come to.
MARKS = "[]!*_`<>|~&#\n"
DOCUMENT_MARKS = 40_000
MARKS_BUDGET = 120_000
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".qmd")
_RST = (".rst", ".rest")
_README = re.compile(
    r"_*read[ _-]?me_*(?:[._-][a-z]{2,3}(?:[-_][a-z]{2,4})?)?(?:\.(?P<ending>[a-z0-9]{1,8}))?", re.IGNORECASE
)
_README_ENDINGS = {
    "",
    "md",
    "markdown",
    "mdown",
    "mkd",
    "mkdn",
    "mdx",
    "rst",
    "rest",
    "txt",
    "text",
    "html",
    "htm",
    "org",
    "adoc",
    "asciidoc",
}
_FOLDERS = frozenset(
    {
        "docs",
        "doc",
        "documentation",
        "report",
        "reports",
        "paper",
        "papers",
        "wiki",
        "writeup",
        "write-up",
        "presentation",
    }
)
_COMMUNITY = re.compile(
    r"(?:changelog|changes|history|news|releases?(?:[-_ ]notes)?|licen[sc]es?|copying|notice|contributing|contributors|authors"
    r"|maintainers|governance|code[-_ ]of[-_ ]conduct|security|support|codeowners|pull[-_ ]request[-_ ]template|issue[-_ ]template"
    r"|bug[-_ ]report|feature[-_ ]request|agents|claude|gemini|copilot[-_ ]instructions|cursor[-_ ]?rules|skill|todo)(?:[._-].*)?",
    re.IGNORECASE,
)
# Plain text that is written to be read: how to run it, what the data are. Others (requirements, logs, word lists) are not.
_TEXT = re.compile(
    r"(?:.*[-_. ])?(?:walk ?-?through|how[-_ ]?to(?:[-_ ].*)?|instructions?|usage|user[-_ ]?guide|guide|setup[-_ ](?:guide|steps)|getting[-_ ]started"
    r"|(?:project|model|final)[-_ ]?(?:description|report|summary|overview)|about|overview|documentation"
    r"|(?:data|dataset|variables?|features?|columns?|fields?|attributes?)[-_ ]?(?:set)?[-_ ]?(?:descriptions?|dictionary|documentation|explanation|definitions?)"
    r"|code[-_ ]?book|data[-_ ]?card)(?:[-_. ].*)?",
    re.IGNORECASE,
)
_CODED = re.compile(
    r"^\s*(?:[#%!@]|import |from \w+ import |def |class |return\b|(?:for|if|while|with|else|try).*:\s*$)|\w+\([^)]*\)\s*$|^\s*[\w.\[\]]+\s*=[^=]|\w\.\w+\("
)
_PROSE_WORD = re.compile(r"(?<![\w.(])[^\W\d_]{2,}(?![\w(=\[])")
_PROSE_WORDS = 12
_ORDER: tuple[Role, ...] = ("readme", "readme-below", "docs", "notebook", "community")
Format = Literal["markdown", "rst", "text", "notebook"]


def read_all(
    snapshot: Snapshot, tree: Tree, notebooks: Iterable[Notebook]
) -> tuple[tuple[Document, ...], tuple[str, ...]]:
    """Return the documents of ``snapshot``, the README first, then by role and path; and the paths left out.

    At most 200 files and 3 MB are read: beyond that a file is left out; one that is too dense with signs is plain text. Markdown, rst and text that lies in no folder
    for documents is read when a document names it, by a link or by its path.
    """
    reader = _Reader(snapshot)
    places = {file.path: role for file in tree.files if (role := role_of(file))}
    if not any(role == "readme" for role in places.values()):
        places = _promoted(places)
    led = {path: role for path, role in places.items() if role != "docs" or _stands_open(path)}
    for path in sorted(led, key=lambda p: (_ORDER.index(led[p]), _rank(p))):
        reader.read(path, led[path])
    waiting = {path for path, role in places.items() if path not in led}
    while waiting and (named := _named(reader.made.values(), waiting)):
        waiting -= named
        for path in sorted(named):
            reader.read(path, "docs")
    for notebook in notebooks:
        reader.read_notebook(notebook)
    ordered = sorted(reader.made.values(), key=lambda d: (_ORDER.index(d.role), _rank(d.path)))
    return tuple(ordered), tuple(sorted(reader.skipped))


def role_of(file: File) -> Role | None:
    """Return the role that the name and folder of ``file`` give it; None where it is not for readers."""
    path = PurePosixPath(file.path)
    if file.kind not in {"file", "executable"} or file.part in {"vendored", "generated", "environment", "cache"}:
        return None
    written = path.suffix.lower() in (*_MARKDOWN, *_RST) or (
        path.suffix.lower() == ".txt" and file.part != "test" and bool(_TEXT.fullmatch(path.stem))
    )
    readme = _README.fullmatch(path.name)
    if readme and (readme["ending"] or "").lower() in _README_ENDINGS:
        return "readme" if len(path.parts) == 1 else "readme-below"
    if not written or any(part.startswith(".") for part in path.parts[:-1]):
        return "community" if written else None
    if _COMMUNITY.fullmatch(path.stem):
        return "community"
    return "docs"


def _promoted(places: Mapping[str, Role]) -> dict[str, Role]:
    """Let the README of ``.github`` or ``docs`` stand for a missing one, as forges do, then ``README_first.md``."""
    pure = {p: PurePosixPath(p) for p in places}
    for home in (".github", "docs"):
        found = {p for p in places if pure[p].parent.as_posix() == home and _README.fullmatch(pure[p].name)}
        if found:
            return {**places, **dict.fromkeys(found, "readme")}
    named = {p for p in places if len(pure[p].parts) == 1 and pure[p].stem.lower().startswith("readme")}
    return {**places, **dict.fromkeys(named, "readme")}


def _stands_open(path: str) -> bool:
    """Whether a reader comes upon the document by looking about: at the top, or in a folder for documents."""
    parts = PurePosixPath(path).parts
    return len(parts) == 1 or any(part.lower() in _FOLDERS for part in parts[:-1])


def _rank(path: str) -> tuple[int, int, int, str]:
    """Sort by depth; of READMEs in one folder, the one without a language and in Markdown first, as forges choose."""
    pure = PurePosixPath(path)
    return len(pure.parts), pure.name.count("."), 0 if pure.suffix.lower() in _MARKDOWN else 1, path


def _named(documents: Iterable[Document], waiting: set[str]) -> set[str]:
    """Return those of ``waiting`` that a document for readers links to, or names by path or unmistakable file name."""
    found: set[str] = set()
    names: dict[str, list[str]] = {}
    for path in waiting:
        names.setdefault(PurePosixPath(path).name, []).append(path)
    for document in documents:
        if document.role == "community":
            continue
        found |= {link.path for link in document.links if link.path in waiting}
        for block in document.blocks:
            words = re.findall(r"[^\s`\"'()<>,;|]+\.(?:md|rst|markdown|qmd|txt)\b", block.text, re.IGNORECASE)
            for word in words:
                clean = word.removeprefix("./")
                held = names.get(PurePosixPath(clean).name, [])
                found |= {p for p in held if p.endswith(clean) or len(held) == 1}
    return found


class _Told(Record):
    """What one document says, before anything else of the project is looked at; kept from one evaluation to the next."""

    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    form: Format
    parsed: bool


class _Reader:
    """Reads documents one after the other, within one budget."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.made: dict[str, Document] = {}
        self.skipped: set[str] = set()
        self.left = PARSE_BUDGET
        self.marks = MARKS_BUDGET

    def read(self, path: str, role: Role) -> None:
        """Read the file at ``path``, unless a limit is reached or its content is not here."""
        if len(self.made) >= DOCUMENT_LIMIT or self.left <= 0:
            self.skipped.add(path)
            return
        try:
            text = self.snapshot.text(path, limit=FILE_LIMIT)
        except Unreadable:
            self.skipped.add(path)
            return
        cut = text[: min(SHOWN_LIMIT, self.left)]
        self.left -= len(cut)
        plain = not self._affordable(cut)
        told = self.snapshot.known(
            path, _Told, partial(_told, cut.replace("\0", "\ufffd"), path, plain=plain), f"{len(cut)} {plain}"
        )
        page = Page(path=path, blocks=list(told.blocks), links=list(told.links))
        self._keep(page, role, told.form, told.parsed)

    def _affordable(self, text: str) -> bool:
        """Whether ``text`` may be parsed; then its cost is taken off."""
        marks = sum(map(text.count, MARKS))
        fits = marks <= min(DOCUMENT_MARKS, self.marks)
        self.marks -= marks if fits else 0
        return fits

    def read_notebook(self, notebook: Notebook) -> None:
        """Read the markdown cells of ``notebook``, cell by cell."""
        page = Page(path=notebook.path)
        for cell in notebook.cells:
            written = cell.kind == "markdown"
            if self.left <= 0 or not (written or _prose_in_code(cell)):
                continue
            text = cell.source[: self.left]
            self.left -= len(text)
            page.cell = cell.index
            if self._affordable(text):
                read_markdown(text, page, html=written)
            else:
                _plain(text, page)
        if page.blocks or page.links:
            self._keep(page, "notebook", "notebook", parsed=True)

    def _keep(self, page: Page, role: Role, form: Format, parsed: bool) -> None:
        blocks = topics.spoken_of(page.blocks)
        sections = topics.sections(blocks)
        blocks = topics.placed(blocks, sections)
        title = next((b.text for b in blocks if b.kind == "heading"), "")
        self.made[page.path] = Document(
            path=page.path,
            role=role,
            format=form,
            title=title[:300],
            blocks=blocks,
            links=tuple(links.finish(link, path=page.path, snapshot=self.snapshot) for link in page.links),
            sections=sections,
            parsed=parsed,
        )


def _told(text: str, path: str, *, plain: bool) -> _Told:
    page = Page(path=path)
    form, parsed = _fill(page, text, path, plain=plain)
    return _Told(blocks=tuple(page.blocks), links=tuple(page.links), form=form, parsed=parsed)


def _fill(page: Page, text: str, path: str, *, plain: bool) -> tuple[Format, bool]:
    """Read ``text`` onto ``page`` by the form that the ending of ``path`` names; return that form, and whether it could."""
    ending = PurePosixPath(path).suffix.lower()
    if plain:
        _plain(text, page)
        return "markdown" if ending in _MARKDOWN else "rst" if ending in _RST else "text", False
    if ending in _RST:
        try:
            read_rst(text, page)
        except Unparsable:
            page.blocks, page.links = [], []
            _plain(text, page)
            return "rst", False
        return "rst", True
    if ending in {".html", ".htm"}:
        read_html(text, page)
        return "text", True
    if ending in _MARKDOWN:
        read_markdown(text, page)
        return "markdown", True
    # A README without an ending is shown as it stands, and mostly written as Markdown all the same.
    read_markdown(text, page, html=False)
    page.links = [link for link in page.links if not link.image]
    return "text", ending in {"", ".txt", ".text"}


def _prose_in_code(cell: Cell) -> bool:
    """Whether a code cell that was never run holds sentences: text that its author left in a cell of the wrong kind."""
    if cell.kind != "code" or cell.count is not None or cell.outputs or len(cell.source) > 20_000:
        return False
    lines = [line for line in cell.source.split("\n") if line.strip()]
    coded = sum(bool(_CODED.search(line)) for line in lines)
    words = len(_PROSE_WORD.findall(cell.source))
    if words < _PROSE_WORDS or 4 * coded > len(lines):
        return False
    return parse(cell.source).tree is None


def _plain(text: str, page: Page) -> None:
    """Add the paragraphs of ``text``, blank lines between them, to ``page``."""
    line = 1
    for part in text.split("\n\n"):
        lead = len(part) - len(part.lstrip("\n"))
        page.add("paragraph", part, line + lead, line + part.rstrip("\n").count("\n"))
        line += part.count("\n") + 2
