"""How are pieces of text laid out on a terminal of a given width, with or without colour?"""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Literal, TypeAlias

from evaluator.report import safe

if TYPE_CHECKING:
    from rich.text import Text

Align: TypeAlias = Literal["left", "right", "end"]
Piece: TypeAlias = tuple[str, str]
_ASCII = str.maketrans({"–": "-", "−": "-", "…": "...", "“": '"', "”": '"', "⟨": "<", "⟩": ">", "↵": " ", "·": "-"})
_NARROWEST = 40
_FLOOR = 10


class Pen:
    """Draws lines of at most ``width`` columns; a piece is a text and its style. Knows nothing of reports."""

    def __init__(self, *, width: int, color: bool, ascii_only: bool) -> None:
        from rich.console import Console

        self.width = max(_NARROWEST, width)
        self.ascii_only = ascii_only
        self._out = StringIO()
        # No setting of the environment may add to or take from what the caller decided.
        self._console = Console(
            file=self._out,
            width=self.width,
            color_system="standard" if color else None,
            force_terminal=color,
            no_color=not color,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            _environ={},
        )

    def say(self, text: str) -> str:
        """Return ``text`` in the characters that this terminal has, none of which acts."""
        shown = safe.visible(text)
        return shown.translate(_ASCII).encode("ascii", "backslashreplace").decode() if self.ascii_only else shown

    def wide(self, text: str) -> int:
        """Return how many columns ``text`` takes."""
        from rich.cells import cell_len

        return cell_len(text)

    def cell(self, text: str, width: int, align: Align = "left") -> str:
        """Return ``text`` in exactly ``width`` columns; a cut is marked.

        Args:
            text: Already said. width: Columns.
            align: Where it stands: ``left``, ``right``, or ``end``: left, and a cut leaves its end.
        """
        from rich.cells import set_cell_size

        if self.wide(text) <= width:
            gap = " " * (width - self.wide(text))
            return gap + text if align == "right" else text + gap
        mark = self.say(safe.CUT)
        room = width - len(mark)
        if room < 1:
            return set_cell_size(text, width)
        if align != "end":
            return set_cell_size(text, room) + mark
        while self.wide(text) > room:
            text = text[1:]
        return mark + set_cell_size(text, room)

    def fitted(self, rows: Sequence[Sequence[str]], *, shrink: Sequence[int]) -> list[int]:
        """Return the widths of the columns of ``rows``; of those in ``shrink`` the widest gives way, down to 10."""
        widths = [max(self.wide(text) for text in column) for column in zip(*rows, strict=True)]
        over = sum(widths) + 2 * (len(widths) - 1) - self.width
        for _ in range(max(0, over)):
            widest = max(shrink, key=lambda place: widths[place])
            if widths[widest] <= _FLOOR:
                break
            widths[widest] -= 1
        return widths

    def blank(self) -> None:
        """End a paragraph."""
        self._console.print()

    def line(self, *pieces: Piece) -> None:
        """Draw ``pieces`` on one line; what does not fit is cut, and the cut marked."""
        kept, room = [], self.width
        for text, style in pieces:
            said = self.say(text)
            wide = self.wide(said)
            kept.append((said if wide <= room else self.cell(said, room), style))
            room -= min(wide, room)
        self._draw(kept)

    def long(self, *pieces: Piece) -> None:
        """Draw ``pieces`` on as many lines as they need; none where there is no text."""
        if any(text for text, _ in pieces):
            self._draw([(self.say(text), style) for text, style in pieces])

    def hung(self, head: Sequence[Piece], text: str, *, rows: int = 2) -> None:
        """Draw ``text`` beside ``head`` on at most ``rows`` lines; what does not fit is cut, and the cut marked."""
        from rich.text import Text

        indent = sum(self.wide(self.say(piece)) for piece, _ in head)
        room = max(_FLOOR, self.width - indent)
        lines = [part.plain.rstrip() for part in Text(self.say(text)).wrap(self._console, room, overflow="fold")]
        kept = lines[:rows]
        if len(lines) > rows:
            kept[-1] = self.cell(" ".join(lines[rows - 1 :]), room)
        for place, part in enumerate(kept):
            self.line(*(head if place == 0 else [(" " * indent, "")]), (part, ""))

    def drawn(self) -> str:
        """Return everything drawn; no line ends in spaces, and the last has no line break."""
        return "\n".join(part.rstrip() for part in self._out.getvalue().split("\n")).rstrip("\n")

    def _draw(self, pieces: Sequence[Piece]) -> None:
        from rich.text import Text

        text: Text = Text.assemble(*(piece for piece in pieces if piece[0]))
        self._console.print(text, overflow="fold")
