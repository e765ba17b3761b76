"""Is a piece of text an absolute path, and whose: one machine's, a hosted notebook's, or any system's?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

from evaluator import codec
from evaluator.model import Record
from evaluator.resources import folder

Kind = Literal["machine", "hosted", "anywhere", "unknown"]
LENGTH = 300
_SCHEME = re.compile(
    r"(?:jdbc:)?(?:sqlite(?:\+\w+)?|duckdb|file)(?::///?(?=[A-Za-z]:[\\/])|:///(?=/)|://(?=/)|:(?=/[^/]))",
    re.IGNORECASE,
)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]+[\w.(~%][\w .()~%{},&@'-]+")
_ROOT = re.compile(r"[A-Za-z]:[\\/]*")
_SHARE = re.compile(r"\\\\[\w.-]+\\[\w$ .-]{2,}")
_SEPARATORS = re.compile(r"[\\/]+")
_SENTENCE = re.compile(r"[?!;:]\s|(?<!\.)[.?!:;,]$|(?:\s[^\s/\\.]+){4,}$")


class Steps(Record, rename="kebab"):
    """``rubrics/machine_paths.yaml`` as it stands; see the comments there."""

    machine: tuple[str, ...]
    hosted: tuple[str, ...]
    anywhere: tuple[str, ...]
    stand_ins: tuple[str, ...]
    shown: tuple[str, ...]
    routes: tuple[str, ...]
    texts: tuple[str, ...]
    commands: tuple[str, ...]
    opening: tuple[str, ...]


@cache
def steps() -> Steps:
    """Return the table that ships with the tool."""
    made: Steps = codec.decode_yaml((folder("rubrics") / "machine_paths.yaml").read_bytes(), Steps)
    return made


@cache
def _entries() -> tuple[tuple[tuple[str, ...], Kind], ...]:
    """Every entry, the one that decides first."""
    kinds: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("anywhere", steps().anywhere),
        ("hosted", steps().hosted),
        ("machine", steps().machine),
    )
    rows = [(tuple(entry.split()), kind) for kind, entries in kinds for entry in entries]
    return tuple(sorted(rows, key=lambda row: (-sum("*" not in step for step in row[0]), -len(row[0]))))


def kind_of(text: str) -> Kind | None:
    """Return whose path ``text`` is as a whole; ``unknown`` for a folder at the root that no table names, None for no path.

    A folder to be filled in (``path/to``, ``your_name``, a field of an f-string) makes it no path of anyone.
    """
    bare = _SCHEME.sub("", text.strip(), count=1)
    if not bare or len(bare) > LENGTH or "\n" in bare:
        return None
    if _DRIVE.match(bare):
        return None if _is_sentence(bare[2:]) or _is_stand_in(bare[2:]) else "machine"
    if _ROOT.fullmatch(bare) and len(bare) > 2:
        return "unknown"
    if _SHARE.match(bare):
        return None if _is_stand_in(bare) else "unknown"
    if bare.startswith("dbfs:/"):
        return "hosted"
    if not bare.startswith("/") or bare.startswith("//") or "<" in bare or _is_sentence(bare):
        return None
    return _rooted(bare)


def _rooted(path: str) -> Kind | None:
    parts = [p for p in path.split("/") if p]
    if not parts or "\\" in path:
        return None
    for entry, kind in _entries():
        fits = len(parts) >= len(entry) and all(map(fnmatchcase, parts, entry))
        if fits and (kind != "machine" or len(parts) > len(entry) or len(entry) > 1):
            return None if kind == "machine" and _is_stand_in(path) else kind
    return None if _is_stand_in(path) else "unknown"


def _is_sentence(text: str) -> bool:
    return _SENTENCE.search(text) is not None


def _is_stand_in(path: str) -> bool:
    """Whether one of the first steps is to be filled in."""
    first = [part.lower() for part in _SEPARATORS.split(path) if part][:3]
    return any(fnmatchcase(part, pattern) for part in first for pattern in steps().stand_ins)


def worst(texts: Iterable[str]) -> tuple[str, Kind] | None:
    """Return the first of ``texts`` that is a path of one machine, else the first of a hosted notebook, else None."""
    found = [(text, kind) for text in texts if (kind := kind_of(text)) in {"machine", "hosted"}]
    ranked = sorted(found, key=lambda pair: pair[1] != "machine")
    return ranked[0] if ranked else None
