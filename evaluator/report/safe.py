"""How is text that the candidate chose shown, so that it can neither act nor hide?"""

from __future__ import annotations

import re
import unicodedata

# Control sequences of ECMA-48 (https://ecma-international.org/publications-and-standards/standards/ecma-48/). A string
# sequence without its terminator loses only its two opening characters: what follows stays readable.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]P^_X]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
# Letters and marks that take up no ink: Hangul fillers, the blank Braille pattern, Khmer inherent vowels, the grapheme
# joiner, and the variation selectors that can carry hidden bytes. Format characters are known by their category.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5\u034f")
_SELECTORS = range(0xE0100, 0xE01F0)
_STACK = 3
CUT = "…"


def visible(text: str, *, lines: bool = False) -> str:
    """Return ``text`` with nothing in it that acts or hides; a second pass changes nothing.

    Terminal sequences and control characters are taken out. Bidirectional, zero-width and other characters without
    ink are written as ``⟨U+202E⟩``, and so are combining marks beyond three on one letter and lone surrogates.

    Args:
        text: Any string.
        lines: Line breaks and tabs are kept; otherwise a break is shown as ``↵`` and a tab as a space.
    """
    if text.isascii() and text.isprintable():
        return text
    plain = _SEQUENCE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    shown, marks = [], 0
    for letter in plain:
        category = unicodedata.category(letter)
        if letter in "\n\t":
            marks = 0
            shown.append(letter if lines else {"\n": "↵", "\t": " "}[letter])
        elif category != "Cc":
            marks = marks + 1 if category in {"Mn", "Me"} else 0
            shown.append(_named(letter) if marks > _STACK or _hides(letter, category) else letter)
    return "".join(shown)


def shorten(text: str, limit: int) -> str:
    """Return ``text``, of at most ``limit`` characters; a cut is marked by an ellipsis."""
    return text if len(text) <= limit else text[: max(0, limit - len(CUT))].rstrip() + CUT


def line(text: str, limit: int = 400) -> str:
    """Return ``text`` as one visible line of at most ``limit`` characters."""
    shown = visible(text.strip()[: 4 * limit])
    return shorten(shown + CUT if len(text.strip()) > 4 * limit else shown, limit)


def block(text: str, *, rows: int, limit: int) -> str:
    """Return the first ``rows`` lines of ``text``, visible, at most ``limit`` characters; cuts are marked."""
    kept = visible(text[: 4 * limit], lines=True).strip("\n").split("\n")
    cut = "\n" + CUT if len(kept) > rows else ""
    return shorten("\n".join(kept[:rows]), limit) + cut


def tail(log: str, *, rows: int, width: int = 300) -> tuple[str, int]:
    """Return the last ``rows`` lines of ``log``, visible, and how many lines stand before them.

    Of a line that was drawn over and over (a progress bar) the last drawing is kept, as a terminal shows it.
    """
    drawn = [part.rstrip("\r").rpartition("\r")[2] for part in log.strip().split("\n")]
    kept = drawn[-rows:] if rows else []
    return "\n".join(shorten(visible(part[: 4 * width], lines=True), width) for part in kept), len(drawn) - len(kept)


def _hides(letter: str, category: str) -> bool:
    return category in {"Cf", "Zl", "Zp", "Cs"} or letter in _BLANK or ord(letter) in _SELECTORS


def _named(letter: str) -> str:
    return f"⟨U+{ord(letter):04X}⟩"
