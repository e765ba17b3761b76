"""How is a text shown that may hold credentials?"""

from __future__ import annotations

import re

from evaluator.facts.credentials.detecting import LONGEST, Piece, pieces

_KEY_BLOCK = re.compile(
    r"(-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)(?:(?!-----).)*(?:-----END [A-Z0-9 ]{0,30}-----)?",
    re.DOTALL,
)

_UNMISTAKABLE = 10
_ROUNDS = 20


def mask(text: str) -> str:
    """Return ``text`` with each credential cut down to its first characters and ``…``; never raises.

    Pure and idempotent. What is only a stand-in (``your-api-key``) is left as it is.
    """
    if "PRIVATE KEY" in text:
        text = _KEY_BLOCK.sub(r"\1…", text)
    return "".join(_masked_line(line) for line in text.splitlines(keepends=True))


def cut(value: str) -> str:
    """Return what of a credential may be shown: its first four characters, or a quarter of a short one, and ``…``."""
    return f"{value[: min(4, len(value) // 4)]}…"


def masked(line: str, found: list[Piece]) -> str:
    """Return ``line`` with the pieces ``found`` in it cut down, wherever else in the line they stand."""
    values = [line[p.start : p.end] for p in found]
    for piece in sorted(found, key=lambda p: -p.start):
        line = line[: piece.start] + cut(line[piece.start : piece.end]) + line[piece.end :]
    for value in values:
        if len(value) >= _UNMISTAKABLE:
            line = line.replace(value, cut(value))
    return line


def _masked_line(line: str) -> str:
    if len(line) > LONGEST:
        return "".join(_masked_line(line[at : at + LONGEST]) for at in range(0, len(line), LONGEST))
    for _ in range(_ROUNDS):  # what was glued to a credential can be told only once that one is cut
        before = line
        for quoted in (True, False):
            line = masked(line, [p for p in pieces(line, quoted=quoted) if p.rank != "placeholder"])
        if line == before:
            break
    return line
