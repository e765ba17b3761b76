"""Which blocks and links does a page of text come to, however it was written?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from evaluator.facts.prose import Block, Link
from evaluator.model import Span

Kind = Literal["heading", "paragraph", "item", "code", "table", "quote"]
TEXT_LIMIT = 20_000
BLOCK_LIMIT = 6_000
LINK_LIMIT = 3_000
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]]{3,2000}")
_BOLD_HEADING = 80


@dataclass(kw_only=True)
class Page:
    """What was read of one document so far, in reading order. Blocks and links beyond the limits are left out."""

    path: str
    cell: int | None = None
    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def span(self, start: int, end: int) -> Span:
        """Return the lines from ``start`` to ``end``, at least one."""
        return Span(path=self.path, start=max(1, start), end=max(1, start, end), cell=self.cell)

    def add(self, kind: Kind, text: str, start: int, end: int, *, info: str = "", codes: tuple[str, ...] = ()) -> None:
        """Append a block, unless it holds no text."""
        clean = text.strip("\n")[:TEXT_LIMIT] if kind in {"code", "table"} else tidy(text)[:TEXT_LIMIT]
        if not clean.strip() or len(self.blocks) >= BLOCK_LIMIT:
            return
        at = self.span(start, end)
        self.blocks.append(Block(kind=kind, text=clean, at=at, info=info, inline_code=codes))
        if kind not in {"code", "heading"}:
            self._bare_links(clean, at)

    def link(self, text: str, target: str, line: int, *, image: bool = False, badge: bool = False) -> None:
        """Append a link, unless it leads nowhere at all."""
        if target.strip() and len(self.links) < LINK_LIMIT:
            at = self.span(line, line)
            named = tidy(text)[:300]
            self.links.append(Link(text=named, target=target.strip()[:2000], at=at, image=image, badge=badge))

    def _bare_links(self, text: str, at: Span) -> None:
        """Append the addresses that are written out in ``text``, which forges make clickable."""
        known = {link.target.rstrip("/") for link in self.links[-200:]}
        for found in _ADDRESS.finditer(text):
            target = found.group().rstrip(".,;:!?)*_'")
            if target.rstrip("/") not in known:
                known.add(target.rstrip("/"))
                before = text[max(0, found.start() - 120) : found.start()]
                self.link(before.rpartition("\n")[2], target, at.start)


def tidy(text: str) -> str:
    """Return ``text`` with runs of blanks as one, and without blank lines."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def bold_heading(text: str, bold: int) -> bool:
    """Whether a paragraph of which ``bold`` characters are set in bold does the work of a heading."""
    shown = tidy(text)
    letters = len("".join(shown.split()))
    return (
        0 < letters <= _BOLD_HEADING and bold >= letters and "\n" not in shown and not shown.endswith((".", "!", "?"))
    )
