"""Which blocks and links does a reader see of a reStructuredText document?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

from evaluator.facts.documents.page import Page, bold_heading

if TYPE_CHECKING:
    from docutils import nodes

RST_LIMIT = 200_000
_PARAGRAPH = 10_000


class Unparsable(Exception):  # noqa: N818 - an outcome to be handled, like KeyError
    """The document is beyond what is parsed."""


def read_rst(text: str, page: Page) -> None:
    """Add what a reader sees of ``text`` to ``page``.

    Nothing is included from files, no configuration is read, and no substitution is expanded but images: the parser
    runs without its transforms, since nested substitutions grow without bound. Its time is quadratic in the length of
    a paragraph (26 s for 80 kB of unclosed emphasis), hence the limit.

    Raises:
        Unparsable: Longer than ``RST_LIMIT``, with a paragraph over 10 000 characters, or the parser gave up.
    """
    if len(text) > RST_LIMIT or any(len(p) > _PARAGRAPH for p in text.split("\n\n")):
        raise Unparsable("too long")
    from docutils import nodes
    from docutils.utils import SystemMessage

    try:
        document = _parse(text)
        _Reading(document, page).all()
    except (
        SystemMessage,
        nodes.NodeFound,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
        AssertionError,
    ) as error:
        raise Unparsable(type(error).__name__) from error
    except (RecursionError, MemoryError, NotImplementedError) as error:
        raise Unparsable(type(error).__name__) from error


def _parse(text: str) -> nodes.document:
    from docutils.frontend import get_default_settings
    from docutils.parsers.rst import Parser, roles
    from docutils.utils import new_document

    settings = get_default_settings(Parser)
    settings.file_insertion_enabled = False
    settings.raw_enabled = False
    settings._disable_config = True  # noqa: SLF001 - docutils' documented name for it
    settings.report_level = settings.halt_level = 5
    settings.syntax_highlight = "none"
    settings.warning_stream = io.StringIO()
    document = new_document("document", settings)
    registered: dict[str, object] = vars(roles)["_roles"]
    known = dict(registered)
    try:
        Parser().parse(text, document)
    finally:  # a document's own roles would outlive it
        registered.clear()
        registered.update(known)
    return document


class _Reading:
    """A walk over one document tree, in reading order and without recursion."""

    def __init__(self, document: nodes.document, page: Page) -> None:
        self.document = document
        self.page = page
        self.targets: dict[str, str] = {}
        self.line = 1

    def all(self) -> None:
        """Read every node."""
        from docutils import nodes

        for target in self.document.findall(nodes.target):
            names: tuple[str, ...] = tuple(target.get("names", ()))
            for name in names:
                self.targets[str(name)] = str(target.get("refuri", ""))
        todo: list[tuple[nodes.Node, int]] = [(child, 0) for child in reversed(self.document.children)]
        while todo:
            node, depth = todo.pop()
            self.line = node.line or self.line
            if not self._read(node, depth):
                deeper = depth + isinstance(node, nodes.section)
                todo.extend((child, deeper) for child in reversed(node.children))

    def _read(self, node: nodes.Node, depth: int) -> bool:
        """Add what ``node`` shows; return whether its children are dealt with."""
        from docutils import nodes

        if isinstance(node, nodes.comment | nodes.system_message | nodes.substitution_definition | nodes.pending):
            return True
        if isinstance(node, nodes.title | nodes.subtitle | nodes.rubric):
            self._block("heading", node, info=str(min(6, max(1, depth))))
        elif isinstance(node, nodes.literal_block | nodes.doctest_block | nodes.math_block):
            self._code(node)
        elif isinstance(node, nodes.table):
            self._table(node)
        elif isinstance(node, nodes.image):
            self._image(node)
        elif isinstance(node, nodes.TextElement):
            self._text(node)
        else:
            return False
        return True

    def _text(self, node: nodes.TextElement) -> None:
        from docutils import nodes

        parent, text = node.parent, node.astext()
        strong = sum(len("".join(s.astext().split())) for s in node.findall(nodes.strong))
        if isinstance(parent, nodes.list_item | nodes.definition | nodes.field_body) or isinstance(node, nodes.term):
            self._block("item", node)
        elif isinstance(parent, nodes.block_quote | nodes.Admonition):
            self._block("quote", node)
        elif bold_heading(text, strong):
            self._block("heading", node, info="6")
        else:
            self._block("paragraph", node)

    def _block(
        self, kind: Literal["heading", "item", "quote", "paragraph"], node: nodes.Element, *, info: str = ""
    ) -> None:
        from docutils import nodes

        text = "".join(
            " " if isinstance(t.parent, nodes.substitution_reference) else t.astext() for t in node.findall(nodes.Text)
        )
        height = node.astext().count("\n")
        start = max(1, self.line - (height if isinstance(node, nodes.paragraph) else 0))
        codes = tuple(c.astext() for c in node.findall(nodes.literal))
        self.page.add(kind, text.replace("\n", " "), start, start + height, info=info, codes=codes)
        self._links(node)

    def _code(self, node: nodes.Element) -> None:
        text = node.astext()
        classes: tuple[str, ...] = tuple(node.get("classes", ()))
        language = next((c for c in classes if c != "code"), "")
        self.page.add("code", text, self.line, self.line + text.count("\n"), info=str(language).lower())

    def _table(self, node: nodes.Element) -> None:
        from docutils import nodes

        start = self.line
        rows = ["\t".join(" ".join(e.astext().split()) for e in r.children) for r in node.findall(nodes.row)]
        codes = tuple(c.astext() for c in node.findall(nodes.literal))
        self.page.add("table", "\n".join(rows), start, start + len(rows), codes=codes)
        self._links(node)

    def _links(self, node: nodes.Element) -> None:
        from docutils import nodes

        for found in node.findall(
            lambda n: isinstance(n, nodes.reference | nodes.image | nodes.substitution_reference)
        ):
            if isinstance(found, nodes.reference):
                target = found.get("refuri") or self.targets.get(str(found.get("refname", "")), "")
                self.page.link(found.astext(), str(target), self.line)
            elif isinstance(found, nodes.image):
                self._image(found)
            elif isinstance(found, nodes.substitution_reference):
                defined = self.document.substitution_defs.get(str(found.get("refname", "")))
                for image in defined.findall(nodes.image) if defined is not None else ():
                    self._image(image)

    def _image(self, node: nodes.Element) -> None:
        target = str(node.parent.get("refuri", "")) if node.parent is not None else ""
        shown = str(node.get("uri", ""))
        alternative = str(node.get("alt", ""))
        self.page.link(alternative, shown, self.line, image=True)
        if target:
            self.page.link(alternative, target, self.line)
