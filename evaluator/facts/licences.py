"""Under which terms may others use the project, by its licence files?"""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import PurePosixPath

from evaluator import codec
from evaluator.facts.documents.topics import plain
from evaluator.model import Fact, Record
from evaluator.registry import provides
from evaluator.resources import folder
from evaluator.source.snapshot import Snapshot, Unreadable

SIZE_LIMIT = 400_000
_FILE = re.compile(r"(?:(?:un)?licen[sc]es?|copying|mit|apache)(?:[-_.].{1,40})?", re.IGNORECASE)
_ENDINGS = {"", ".md", ".txt", ".rst", ".markdown", ".html", ".mit", ".apache", ".apache2", ".gpl", ".bsd"}
_METADATA = ("package.json", "Cargo.toml", "CITATION.cff")
_EXPRESSION = re.compile(r"[A-Za-z0-9.+() -]{2,120}")


class Licence(Record):
    """One licence file.

    Attributes:
        spdx: Identifier of the licence that its text is; empty where it is none that we know.
        words: Words of its text; 0 for an empty one, None where the content is not here.
    """

    path: str
    spdx: str = ""
    words: int | None = 0


class Licences(Fact):
    """The licence files of the judged folder and of its ``LICENSES`` folder, by path.

    ``stated``: metadata of other languages than Python at the top that state a licence, by path.
    """

    files: tuple[Licence, ...] = ()
    stated: tuple[Licence, ...] = ()


class _Row(Record):
    spdx: str
    phrases: tuple[str, ...]


class _Table(Record):
    rows: tuple[_Row, ...]
    named: tuple[_Row, ...]
    metadata: dict[str, str]


@provides(how="read")
def licences(snapshot: Snapshot) -> Licences:
    """Find the licence files and say whose text each is."""
    found: list[Licence] = []
    for path in snapshot.paths():
        pure = PurePosixPath(path)
        apart = len(pure.parts) == 2 and pure.parts[0].lower() in {"licenses", "licences", "license", "licence"}
        if not (apart or len(pure.parts) == 1) or pure.suffix.lower() not in _ENDINGS | _versioned(pure):
            continue
        if apart or _FILE.fullmatch(pure.name):
            found.append(_read(snapshot, path))
    stated = (Licence(path=path, spdx=expression(_stated(snapshot, path)), words=None) for path in sorted(_METADATA))
    return Licences(files=tuple(found), stated=tuple(s for s in stated if s.spdx))


def _stated(snapshot: Snapshot, path: str) -> str:
    """Return what a file of metadata says of the licence; empty where it is not there or says nothing."""
    if not snapshot.exists(path):
        return ""
    try:
        text = snapshot.text(path, limit=SIZE_LIMIT)
        held = tomllib.loads(text) if path.endswith(".toml") else json.loads(text) if path.endswith(".json") else None
    except (Unreadable, ValueError, RecursionError):
        return ""
    if held is None:
        lines = (line.partition(":") for line in text.splitlines())
        return next((value.strip(" \"'") for key, _, value in lines if key.strip('"') == "license"), "")
    inner = held.get("package") if path.endswith(".toml") and isinstance(held, dict) else held
    said = inner.get("license") if isinstance(inner, dict) else None
    said = said.get("type") if isinstance(said, dict) else said
    return said if isinstance(said, str) else ""


def _versioned(pure: PurePosixPath) -> set[str]:
    """Let ``LICENSE-2.0`` have its ending."""
    return {pure.suffix.lower()} if pure.suffix[1:].isdigit() else set()


def _read(snapshot: Snapshot, path: str) -> Licence:
    try:
        text = snapshot.text(path, limit=SIZE_LIMIT)
    except Unreadable:
        return Licence(path=path, words=None)
    words = plain(text.replace(".", " "))
    return Licence(path=path, spdx=identify(words), words=len(words.split()))


def identify(words: str) -> str:
    """Return the SPDX identifier of a licence's text, made plain; empty where it is none we know."""
    rows = (*_table().rows, *(_table().named if len(words) < 1_500 else ()))
    return next((row.spdx for row in rows if all(phrase in words for phrase in row.phrases)), "")


def expression(stated: str) -> str:
    """Return the SPDX expression that a project's metadata state, or that their words mean; else an empty string."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    known = _table().metadata.get(plain(stated.replace(".", " ").rpartition("::")[2]))
    if known or not _EXPRESSION.fullmatch(stated.strip()):
        return known or (identify(plain(stated.replace(".", " "))) if len(stated) > 120 else "")
    try:
        return str(canonicalize_license_expression(stated.strip()))
    except (InvalidLicenseExpression, ValueError, SyntaxError, RecursionError, MemoryError):
        return ""


@cache
def _table() -> _Table:
    made: _Table = codec.decode_yaml((folder("rubrics") / "licences.yaml").read_bytes(), _Table)
    return made
