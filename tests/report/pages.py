"""What does a page hold, as a browser would read it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "use", "rect", "path", "br", "img"}
_BLOCKS = {"p", "div", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "summary", "caption"}
_SILENT = {"style", "title", "script", "head"}


@dataclass
class Node:
    """One element: its tag, its attributes, the tags around it from the outside in, and the text in it."""

    tag: str
    attributes: dict[str, str]
    around: tuple[str, ...]
    text: str = ""


@dataclass
class Page:
    """All elements in the order of the document, and the text that a reader sees, in that order."""

    nodes: list[Node] = field(default_factory=list)
    text: str = ""

    def all(self, *tags: str) -> list[Node]:
        """Return the elements with one of ``tags``."""
        return [n for n in self.nodes if n.tag in tags]

    def one(self, tag: str) -> Node:
        """Return the only element with ``tag``."""
        (node,) = self.all(tag)
        return node


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[Node] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {k: v or "" for k, v in attrs}, tuple(n.tag for n in self._open))
        self.page.nodes.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> inside <{self._open[-1].tag}>"
        self._open.pop()
        self.page.text += " " if tag in _BLOCKS else ""

    def handle_data(self, data: str) -> None:
        for node in self._open:
            node.text += data
        if not {n.tag for n in self._open} & _SILENT:
            self.page.text += data


def read(html: str) -> Page:
    """Return the page in ``html``.

    Raises:
        AssertionError: An element is closed that is not open, or is left open.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert [n.tag for n in reader._open] == []
    reader.page.text = " ".join(reader.page.text.split())
    return reader.page
