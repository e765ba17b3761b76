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
# Blocks of marks that stack on a letter, enough of which paint over the lines around them.
_MARK = "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0e34-\u0e3a\u0e47-\u0e4e"
_MARK += "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACK = re.compile(f"({_MARK}{{3}})({_MARK}+)")
CUT = "…"


class _Shown(dict[int, str]):
    """Code point → how it is shown, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        category = unicodedata.category(letter)
        gone = category == "Cc" and letter not in "\n\t"
        hides = category in {"Cf", "Zl", "Zp", "Cs"} or letter in _BLANK or code in _SELECTORS
        self[code] = "" if gone else _named(letter) if hides else letter
        return self[code]


_SHOWN = _Shown()


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
    shown = _STACK.sub(_unstacked, plain.translate(_SHOWN))
    return shown if lines else shown.replace("\n", "↵").replace("\t", " ")


def shorten(text: str, limit: int) -> str:
    """Return ``text``, of at most ``limit`` characters; a cut is marked by an ellipsis."""
    return text if len(text) <= limit else text[: max(0, limit - len(CUT))].rstrip() + CUT


def line(text: str, limit: int = 400) -> str:
    """Return ``text`` as one visible line of at most ``limit`` characters."""
    whole = text.strip()
    shown = visible(whole[: 2 * limit])
    return shorten(shown + CUT if len(whole) > 2 * limit else shown, limit)


def block(text: str, *, rows: int, limit: int) -> str:
    """Return the first ``rows`` lines of ``text``, visible, at most ``limit`` characters; cuts are marked."""
    kept = visible(text[: 2 * limit], lines=True).strip("\n").split("\n")
    cut = "\n" + CUT if len(kept) > rows else ""
    return shorten("\n".join(kept[:rows]), limit) + cut


def tail(log: str, *, rows: int, width: int = 300) -> tuple[str, int]:
    """Return the last ``rows`` lines of ``log``, visible, and how many lines stand before them.

    Of a line that was drawn over and over (a progress bar) the last drawing is kept, as a terminal shows it.
    """
    drawn = [part.rstrip("\r").rpartition("\r")[2] for part in log.strip().split("\n")]
    kept = drawn[-rows:] if rows else []
    return "\n".join(shorten(visible(part[: 2 * width], lines=True), width) for part in kept), len(drawn) - len(kept)


def _unstacked(found: re.Match[str]) -> str:
    return found.group(1) + "".join(map(_named, found.group(2)))


def _named(letter: str) -> str:
    return f"⟨U+{ord(letter):04X}⟩"
