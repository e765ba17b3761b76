"""Which blocks and links does a reader see of a page of HTML?"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from evaluator.facts.documents.links import kinds
from evaluator.facts.documents.page import TEXT_LIMIT, Page, bold_heading

LINE = "data-source-line"
_HEADINGS = {"h1": "1", "h2": "2", "h3": "3", "h4": "4", "h5": "5", "h6": "6", "summary": "6"}
_UNSEEN = frozenset({"script", "style", "template", "title", "textarea", "svg", "noembed", "noframes"})
_STRUCK = frozenset({"s", "del", "strike"})
_BOLD = frozenset({"b", "strong"})
_LISTED = frozenset({"li", "dt", "dd"})
_LISTS = ("ul", "ol", "menu", "dl")
_BLOCKS = {
    *("address", "article", "aside", "body", "center", "details", "div", "dl", "fieldset", "figcaption", "figure"),
    *(
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "section",
        "ul",
        "dt",
        "dd",
        "picture",
    ),
    *("li", "blockquote", "pre", *_HEADINGS),
}
_TAG = re.compile(
    r"</?[A-Za-z][A-Za-z0-9:-]{0,60}+"
    r"(?>\s++[^\s\"'<>/=]++(?:\s*+=\s*+(?:\"[^\"]{0,4000}+\"|'[^']{0,4000}+'|[^\s\"'<>`]++))?+|\s*+/){0,60}+\s*+>"
)


def read_html(html: str, page: Page) -> None:
    """Add what a reader sees of ``html`` to ``page``. Time and memory are linear in its length."""
    reader = PageReader(page)
    reader.feed(well_formed(html))
    reader.close()


def well_formed(html: str) -> str:
    """Return ``html`` with only complete tags as tags: comments and declarations gone, any other ``<`` as text.

    The standard library's parser needs quadratic time for constructs that are never closed (112 s for 100 kB of
    ``<a`` on Python 3.11); it is fed none.
    """
    made: list[str] = []
    at = 0
    while (opening := html.find("<", at)) >= 0:
        made.append(html[at:opening])
        if html.startswith("<!--", opening):
            closing = html.find("-->", opening + 2)
            at = len(html) if closing < 0 else closing + 3
            made.append("\n" * html.count("\n", opening, at))
        elif tag := _TAG.match(html, opening):
            made.append(tag.group())
            at = tag.end()
        elif html.startswith(("<!", "<?"), opening) and (closing := html.find(">", opening, opening + 1000)) >= 0:
            made.append("\n" * html.count("\n", opening, closing))
            at = closing + 1
        else:
            made.append("&lt;")
            at = opening + 1
    return "".join((*made, html[at:]))


class PageReader(HTMLParser):
    """Feeds a :class:`Page` from HTML whose tags are complete (see ``well_formed``); never raises on such.

    An element that bears ``LINE`` states its line in the source; between those, line breaks are counted.
    """

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self._shift = 0
        self._text: list[str] = []
        self._length = 0
        self._start = self._end = 1
        self._codes: list[str] = []
        self._code: list[str] | None = None
        self._bold = 0
        self._depth: dict[str, int] = {}
        self._heading = ""
        self._language = ""
        self._tables = 0
        self._rows: list[list[str]] = []
        self._table_at = 1
        self._anchor: tuple[str, int] | None = None
        self._anchor_text: list[str] = []
        self._anchor_images: list[bool] = []

    @property
    def line(self) -> int:
        """Line of the source that is being read, 1-based."""
        return self.getpos()[0] + self._shift

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element: a new block begins, or the way of reading changes."""
        given = {k: v or "" for k, v in attrs}
        stated = given.get(LINE, "")
        if stated.isdecimal() and len(stated) < 8:
            self._shift = int(stated) - self.getpos()[0]
        if tag in _UNSEEN or tag in _STRUCK or tag in _BOLD:
            self._enter(tag)
        elif not self._in(_UNSEEN):
            self._open(tag, given)

    def set_cdata_mode(self, elem: str, **_: bool) -> None:
        """Read on as before: what is in a script is told by its tags, so that one never closed costs no time."""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treat ``<p/>`` as browsers do: as an opening, except for what has no content."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, if it is open."""
        if tag in _UNSEEN or tag in _STRUCK or tag in _BOLD:
            self._leave(tag)
        elif not self._in(_UNSEEN):
            self._close(tag)

    def handle_data(self, data: str) -> None:
        """Take in text that is seen."""
        preformatted = self._inside("pre")
        if self._in(_UNSEEN) or self._in(_STRUCK) or (not data.strip() and not self._length and not preformatted):
            return
        if not self._length:
            self._start = self.line + (0 if preformatted else data[: -len(data.lstrip())].count("\n"))
        self._end = self.line + data.rstrip("\n").count("\n")
        if self._length < 2 * TEXT_LIMIT:
            self._put(data if preformatted else data.replace("\n", " "))
        if self._in(_BOLD):
            self._bold += len("".join(data.split()))

    def close(self) -> None:
        """End the page: what is still open ends with it."""
        super().close()
        self._end_anchor()
        if self._tables:
            self._tables = 1
            self._close("table")
        self._flush()

    def _put(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)
        if self._code is not None:
            self._code.append(text)
        if self._anchor:
            self._anchor_text.append(text)

    def _open(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            if self._length:
                self._put("\n" if not self._tables else " ")
        elif tag in {"img", "video", "embed"} or (tag == "source" and self._inside("video")):
            self._picture(tag, given)
        elif tag == "a":
            self._end_anchor()
            self._anchor = given.get("href", ""), self.line
        elif tag == "code" and not self._inside("pre"):
            self._code = []
        elif self._tables or tag == "table":
            self._open_in_table(tag)
        elif tag in _BLOCKS:
            self._flush()
            self._heading = _HEADINGS.get(tag, self._heading if tag in {"div", "center"} else "")
            self._enter(tag)
            if tag == "li":
                self._depth[tag] = min(self._depth[tag], max(1, self._lists()))
        if tag in {"div", "pre"} or (tag == "code" and self._inside("pre")):
            self._language = _language(given) or self._language

    def _close(self, tag: str) -> None:
        if tag == "a":
            self._end_anchor()
        elif tag == "code" and self._code is not None:
            self._codes.append("".join(self._code).strip())
            self._code = None
        elif self._tables:
            self._close_in_table(tag)
        elif tag in _BLOCKS:
            self._flush()
            self._leave(tag)
            self._heading = "" if tag in _HEADINGS else self._heading
            self._language = "" if tag in {"pre", "div"} else self._language
            if tag in _LISTS:
                for listed in _LISTED:
                    self._depth[listed] = min(self._depth.get(listed, 0), self._lists())
        elif tag == "video":
            self._leave(tag)

    def _lists(self) -> int:
        return sum(self._depth.get(t, 0) for t in _LISTS)

    def _picture(self, tag: str, given: dict[str, str]) -> None:
        if tag == "video":
            self._enter(tag)
        source = given.get("src", "")
        alternative = given.get("alt", "") or given.get("title", "")
        self.page.link(alternative, source, self.line, image=True)
        if self._anchor and source:
            self._anchor_images.append("badge" in kinds(source))

    def _end_anchor(self) -> None:
        """Record the link that is open, if any; one that shows nothing but a badge is called by its address."""
        if self._anchor:
            target, line = self._anchor
            text, images = "".join(self._anchor_text), self._anchor_images
            self.page.link(text, target, line, badge=bool(images) and all(images) and not text.strip())
        self._anchor, self._anchor_text, self._anchor_images = None, [], []

    def _open_in_table(self, tag: str) -> None:
        if tag == "table":
            if not self._tables:
                self._flush()
                self._rows, self._table_at = [], self.line
            self._tables += 1
        elif tag == "tr" and self._tables == 1:
            self._end_cell()
            self._rows.append([])
        elif tag in {"td", "th"} and self._tables == 1:
            self._end_cell()
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append("")
        elif tag in _BLOCKS or tag in {"tr", "td", "th"}:
            self._put(" ")

    def _close_in_table(self, tag: str) -> None:
        if tag == "table":
            self._tables -= 1
            if not self._tables:
                self._end_cell()
                rows = ["\t".join(row).rstrip() for row in self._rows if any(row)]
                codes = tuple(self._codes)
                self._codes = []
                self.page.add("table", "\n".join(rows), self._table_at, self.line, codes=codes)
                self._rows = []
        elif tag in {"td", "th", "tr"} and self._tables == 1:
            self._end_cell()
        elif tag in _BLOCKS or tag in {"td", "th"}:
            self._put(" ")

    def _end_cell(self) -> None:
        text = " ".join("".join(self._text).split())
        self._text, self._length, self._bold = [], 0, 0
        if text and not (self._rows and self._rows[-1]):
            self._rows = self._rows or [[]]
            self._rows[-1].append("")
        if text:
            self._rows[-1][-1] = f"{self._rows[-1][-1]} {text}".strip()

    def _flush(self) -> None:
        """End the block that is being read."""
        text, codes, bold = "".join(self._text), tuple(self._codes), self._bold
        self._text, self._length, self._codes, self._code, self._bold = [], 0, [], None, 0
        for tag in (*_STRUCK, *_BOLD):
            self._depth[tag] = 0
        if not text.strip():
            return
        if self._inside("pre"):
            lead = len(text) - len(text.lstrip("\n"))
            self.page.add("code", text, self._start + lead, self._end, info=self._language)
        elif self._heading:
            self.page.add("heading", text.replace("\n", " "), self._start, self._end, info=self._heading, codes=codes)
        elif self._in(_LISTED):
            self.page.add("item", text, self._start, self._end, codes=codes)
        elif self._inside("blockquote"):
            self.page.add("quote", text, self._start, self._end, codes=codes)
        elif bold_heading(text, bold):
            self.page.add("heading", text, self._start, self._end, info="6", codes=codes)
        else:
            self.page.add("paragraph", text, self._start, self._end, codes=codes)

    def _enter(self, tag: str) -> None:
        if tag != "hr":
            self._depth[tag] = self._depth.get(tag, 0) + 1

    def _leave(self, tag: str) -> None:
        self._depth[tag] = max(0, self._depth.get(tag, 0) - 1)

    def _in(self, tags: frozenset[str]) -> bool:
        return any(self._depth.get(t) for t in tags)

    def _inside(self, tag: str) -> bool:
        return bool(self._depth.get(tag))


def _language(given: dict[str, str]) -> str:
    """Language of a code block, from the class that the forge or the author gave it."""
    for name in (given.get("class") or "").split():
        for lead in ("language-", "lang-", "highlight-source-", "src-"):
            if name.startswith(lead):
                return name.removeprefix(lead).strip("{}.").lower()[:40]
    return given.get("lang", "").lower()[:40]
