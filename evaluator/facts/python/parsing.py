"""How does foreign text become Python syntax trees, within bounds?

``ast.parse`` executes nothing, yet costs what its input wants it to. What bounds it here:

- size: ``SIZE_LIMIT`` characters of one text (its tree can take 900 times that in bytes: ``a;a;a;…``);
- nesting: CPython's own guards, on the main thread's stack, end 100 kB of ``-``, ``(`` or ``lambda:`` within 0.1 s as
  MemoryError, SyntaxError or RecursionError, and long chains (``a.b.b…``) within 1.5 s;
- f-strings: before CPython 3.12 their cost grows with the square of their fields (300 000 in one string: 78 s),
  so a text with an f-string and more than ``FIELD_LIMIT`` braces is not parsed.
"""

from __future__ import annotations

import ast
import gc
import io
import tokenize
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from evaluator.facts.python.python2 import modernised
from evaluator.source.snapshot import decode_text

SIZE_LIMIT = 1_000_000
FIELD_LIMIT = 10_000
_F_STRINGS = ('f"', "f'", 'F"', "F'", 'fr"', "fr'", 'rf"', "rf'")
_PYTHON_2 = (
    "missing parentheses in call to",
    "multiple exception types must be parenthesized",
    "leading zeros in decimal integer literals",
    "function parameters cannot be parenthesized",
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """``tree`` is None where ``error`` says why: the message, and ``line N`` where there is one.

    Text in Python 2 has both: its tree, as it reads today, and the error that Python 3 ends with.
    """

    tree: ast.Module | None
    error: str | None = None


@contextmanager
def quietly() -> Iterator[None]:
    """Keep the parser's SyntaxWarnings silent and the cycle collector off: many trees are built and none is garbage.

    With the collector on, parsing 340 000 lines took 7.2 s instead of 2.4 s.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if was_on:
            gc.enable()


def decode(data: bytes) -> str:
    """Return the source in ``data``, by its byte order mark or PEP 263 cookie, else as any text; never raises.

    Source: https://peps.python.org/pep-0263/
    """
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data[:2000]).readline)
            text = data.decode(encoding)
        except (SyntaxError, ValueError, LookupError):
            return decode_text(data)
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return decode_text(data)


def parse(text: str) -> Parsed:
    """Return the syntax tree of ``text``, or why there is none; never raises and runs nothing.

    ``error`` begins with ``python 2`` where the text is written for that language.
    """
    if len(text) > SIZE_LIMIT:
        return Parsed(None, "too large")
    if text.count("{") > FIELD_LIMIT and any(mark in text for mark in _F_STRINGS):
        return Parsed(None, "too many f-string fields")
    try:
        return Parsed(ast.parse(text))
    except SyntaxError as error:
        old = modernised(text)
        return Parsed(old, f"python 2: {_why(error).removeprefix('python 2: ')}" if old is not None else _why(error))
    except (ValueError, MemoryError, RecursionError) as error:
        return Parsed(None, "nested too deeply" if not isinstance(error, ValueError) else str(error))


def _why(error: SyntaxError) -> str:
    said = (error.msg or "not Python").splitlines()[0][:200]
    place = f", line {error.lineno}" if error.lineno else ""
    return f"python 2: {said}{place}" if _is_python_2(error) else f"{said}{place}"


def _is_python_2(error: SyntaxError) -> bool:
    said = (error.msg or "").lower()
    if said.startswith(_PYTHON_2) or "'<>'" in said:
        return True
    line, at = error.text or "", max(0, (error.offset or 1) - 1)
    if line[at:].startswith(("<>", "`")) or line[:at].endswith(("ur", "UR", "Ur", "uR")):
        return True
    if said.startswith(("invalid decimal literal", "invalid hexadecimal literal")):
        return "L" in line[at : at + 2].upper()
    return line[at : at + 1] == "," and line.lstrip().startswith("raise ")
