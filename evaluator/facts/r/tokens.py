"""Into which words, strings and signs does a text of R fall?

Source: R Language Definition, section 10 (https://cran.r-project.org/doc/manuals/r-release/R-lang.html#Parser).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

TOKENS = 120_000
"""No more tokens are read of one text."""

Kind = Literal["name", "string", "number", "sign", "newline"]

_WORD = re.compile(
    r"""(?P<blank>[ \t\r\f\xa0]+|\#[^\n]*)
    |(?P<newline>\n)
    |(?P<string>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)
    |(?P<quoted>`[^`\n]*`?)
    |(?P<number>0[xX][0-9a-fA-F]+L?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[Li]?)
    |(?P<name>(?:[^\W\d_]|\.(?!\d))[\w.]*)
    |(?P<sign>%[^%\n]*%|<<-|->>|:::|<-|->|\|>|::|:=|==|!=|<=|>=|&&|\|\||\[\[|.)""",
    re.VERBOSE | re.DOTALL,
)
_RAW = re.compile(r"""[rR](?P<quote>["'])(?P<dashes>-{0,9})(?P<open>[(\[{])""")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word. ``text``: for a string its content as written, without quotes. ``line``: 1-based, where it begins."""

    kind: Kind
    text: str
    line: int


def tokens(text: str) -> list[Token]:
    """Return the tokens of ``text`` in order, comments and blanks left out; at most :data:`TOKENS`. Never raises."""
    found: list[Token] = []
    position, line = 0, 1
    while position < len(text) and len(found) < TOKENS:
        raw = _raw(text, position)
        if raw is not None:
            content, end = raw
            found.append(Token("string", content, line))
        else:
            match = _WORD.match(text, position)
            if match is None:  # not a character of R
                position += 1
                continue
            end = match.end()
            token = _token(match, line)
            if token is not None:
                found.append(token)
        line += text.count("\n", position, end)
        position = end
    return found


def _token(match: re.Match[str], line: int) -> Token | None:
    said = match[0]
    match match.lastgroup:
        case "blank":
            return None
        case "string":
            return Token("string", said[1:-1] if len(said) > 1 and said[-1] == said[0] else said[1:], line)
        case "quoted":
            return Token("name", said.strip("`"), line)
        case "newline":
            return Token("newline", said, line)
        case "number":
            return Token("number", said, line)
        case "name":
            return Token("name", said, line)
    return Token("sign", said, line)


def _raw(text: str, position: int) -> tuple[str, int] | None:
    """Return the content and the end of the raw string (``r"(...)"``) that begins at ``position``; None where none does."""
    if text[position] not in "rR" or (opened := _RAW.match(text, position)) is None:
        return None
    closing = _CLOSING[opened["open"]] + opened["dashes"] + opened["quote"]
    end = text.find(closing, opened.end())
    return (text[opened.end() :], len(text)) if end < 0 else (text[opened.end() : end], end + len(closing))
