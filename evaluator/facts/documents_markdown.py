"""Which blocks and links does a reader see of a Markdown document?"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from evaluator.facts.documents_html import LINE, read_html
from evaluator.facts.documents_page import Page

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_NESTING = 40
_FRONT_MATTER = 6_000


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
    read_html(parser.renderer.render(tokens, parser.options, {}), page)


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
