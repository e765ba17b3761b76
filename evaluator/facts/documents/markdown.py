"""Which blocks and links does a reader see of a Markdown document?"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from evaluator.facts.documents.html import LINE, read_html
from evaluator.facts.documents.page import Page
from evaluator.facts.prose import Block
from evaluator.model import Span

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_NESTING = 40
_FRONT_MATTER = 6_000
_HEADING = re.compile(r"^(#{1,4}) \W*\w", re.MULTILINE)


def read_markdown(text: str, page: Page, *, html: bool = True) -> None:
    """Add what a reader sees of ``text`` to ``page``: CommonMark with tables and strikethrough, as forges render it.

    The document is rendered, and what is seen is read off the rendered page: so HTML within Markdown, Markdown within
    HTML, and comments over several blocks are met as a browser meets them. Without ``html``, tags are text.
    """
    parser = _parser(html)
    tokens = parser.parse(_without_front_matter(text, page))
    for token in tokens:
        if token.map and token.nesting >= 0 and token.type != "html_block":
            token.attrSet(LINE, str(token.map[0] + (2 if token.type == "fence" else 1)))
    first = len(page.blocks)
    read_html(parser.renderer.render(tokens, parser.options, {}), page)
    if html:
        _open_fences(page, first)


def _open_fences(page: Page, first: int) -> None:
    """Read the Markdown that stands in a fence by mistake: a README pasted with the fence around it.

    A reader sees it all the same, without its pictures.
    """
    read, page.blocks[first:] = page.blocks[first:], []
    for block in read:
        if not _pasted(block):
            page.blocks.append(block)
            continue
        inner = Page(path=page.path, cell=page.cell)
        read_markdown(block.text, inner, html=False)
        down = block.at.start - 1
        page.blocks += (msgspec.structs.replace(b, at=_moved(b.at, down)) for b in inner.blocks)
        page.links += (msgspec.structs.replace(k, at=_moved(k.at, down)) for k in inner.links if not k.image)


def _pasted(block: Block) -> bool:
    """Whether a block of code is a document: it says so, or has sub-headings, which are no comments of a shell."""
    marks = _HEADING.findall(block.text) if block.kind == "code" else []
    return bool(marks) if block.info in {"markdown", "md"} else block.info == "" and sum(len(m) > 1 for m in marks) >= 2


def _moved(at: Span, down: int) -> Span:
    return Span(path=at.path, start=at.start + down, end=at.end + down, cell=at.cell)


@cache
def _parser(html: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": html, "maxNesting": _NESTING}).enable(["table", "strikethrough"])
    made.add_render_rule("html_block", _html_block)
    return made


def _html_block(
    _: RendererProtocol,
    tokens: Sequence[Token],
    at: int,
    __: OptionsDict,
    ___: MutableMapping[str, object],
) -> str:
    lines = tokens[at].map
    return f'<x-at {LINE}="{lines[0] + 1}"></x-at>{tokens[at].content}' if lines else tokens[at].content


def _without_front_matter(text: str, page: Page) -> str:
    """Blank out YAML front matter and give it to ``page`` as the table that forges show it as."""
    if not text.startswith("---\n"):
        return text
    end = text.find("\n---\n", 0, _FRONT_MATTER)
    lines = text[4 : max(end, 4)].split("\n")
    pairs = [line.split(":", 1) for line in lines if ":" in line and not line.startswith((" ", "#", "-"))]
    if end < 0 or not pairs:
        return text
    page.add("table", "\n".join(f"{k.strip()}\t{v.strip()}" for k, v in pairs), 1, len(lines) + 2)
    return "\n" * (len(lines) + 2) + text[end + 5 :]
