"""Which committed tables hold a heading and no row?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluator.facts.tree import File
from evaluator.source.snapshot import Snapshot, Unreadable

_SMALL = 4_000
"""Bytes up to which a table is looked into: no heading is longer."""
_LOOKED_AT = 300
_CELL = re.compile(r"[,;\t|]")
_NUMBER = re.compile(r"[-+]?\d[\d.,eE+-]*%?")


def without_rows(snapshot: Snapshot, files: list[File]) -> Iterator[str]:
    """Yield the paths of the tables in text that consist of one line with the names of their columns."""
    small = [
        f for f in files if f.path.lower().endswith((".csv", ".tsv")) and 0 < (f.size or 0) <= _SMALL and not f.lfs
    ]
    for file in small[:_LOOKED_AT]:
        try:
            lines = [line for line in snapshot.text(file.path, limit=_SMALL).splitlines() if line.strip()]
        except Unreadable:
            continue
        if not lines or (len(lines) == 1 and _is_heading(lines[0])):
            yield file.path


def _is_heading(line: str) -> bool:
    cells = [cell.strip().strip("\"'") for cell in _CELL.split(line)]
    return len(cells) > 1 and not any(_NUMBER.fullmatch(cell) for cell in cells)
