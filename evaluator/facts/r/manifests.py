"""Which files declare the R packages that the project needs?"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from evaluator.facts.r_scripts import RManifest
from evaluator.facts.tree import Tree
from evaluator.source.snapshot import Snapshot, Unreadable

_SIZE = 1_000_000
_OWN = frozenset({"own", "example", "docs"})
_FILES = frozenset({"DESCRIPTION", "renv.lock", "packrat.lock"})
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9.]+")


def manifests(snapshot: Snapshot, tree: Tree) -> Iterator[RManifest]:
    """Yield the files among those of ``tree`` that name at least one package."""
    for file in tree.files:
        name = posixpath.basename(file.path)
        if name not in _FILES or file.part not in _OWN or file.kind not in {"file", "executable"}:
            continue
        try:
            text = snapshot.text(file.path, limit=_SIZE)
        except Unreadable:
            continue
        names = _described(text) if name == "DESCRIPTION" else _locked(text)
        if names:
            yield RManifest(path=file.path, names=tuple(sorted(names)), locked=name != "DESCRIPTION")


def _described(text: str) -> set[str]:
    """Return the packages of ``Imports`` and ``Depends``: Debian control format, continued lines are indented."""
    fields = re.findall(r"^(?:Imports|Depends):((?:.*)(?:\n[ \t].*)*)", text, re.MULTILINE)
    named = (part.strip().split("(")[0].strip() for field in fields for part in field.split(","))
    return {n for n in named if _WORD.fullmatch(n) and n != "R"}


def _locked(text: str) -> set[str]:
    """Return the packages of an ``renv.lock`` (JSON) or a ``packrat.lock`` (``Package: x``)."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return set(re.findall(r"^Package:\s*([\w.]+)", text, re.MULTILINE))
    held = tree.get("Packages") if isinstance(tree, dict) else None
    return {str(name) for name in held} if isinstance(held, dict) else set()
