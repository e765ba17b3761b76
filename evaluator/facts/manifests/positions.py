"""On which line of a TOML, JSON or INI text does a value stand?

Their parsers tell no positions. A value is looked for as it is written, below the header of its table.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

_HEADER = re.compile(r"^[ \t]*\[\[?[ \t]*([^\[\]\n]+?)[ \t]*\]\]?[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_PACKAGE = re.compile(r"^name[ \t]*=", re.MULTILINE)


class Positions:
    """Places in a text. Each line answers once per value, so equal values are told apart by their order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._headers = [(found.start(), found.end(), _keys(found[1])) for found in _HEADER.finditer(text)]
        self._given: set[tuple[str, int]] = set()

    def line(self, offset: int) -> int:
        """Return the 1-based line of a place in the text."""
        return bisect_right(self._starts, offset)

    def value(self, text: str, *table: str) -> int:
        """Return the 1-based line of the quoted or bare value ``text`` in ``table``; else of the table; else 1."""
        bare = re.escape(text)
        for pattern in (rf'"{bare}"|\'{bare}\'', bare):
            found = self._first(pattern, table) if text else None
            if found:
                return found
        return self.table(*table)

    def key(self, name: str, *table: str) -> int:
        """Return the 1-based line that gives ``name`` a value in ``table``; else of the table; else 1."""
        return self._first(rf"^[ \t]*[\"']?{re.escape(name)}[\"']?[ \t]*[=:]", table) or self.table(*table)

    def table(self, *table: str) -> int:
        """Return the 1-based line of the header of ``table``, or of the nearest one that encloses it; else 1."""
        for length in range(len(table), 0, -1):
            for start, _, keys in self._headers:
                if keys == table[:length]:
                    return self.line(start)
        return 1

    def packages(self) -> list[int]:
        """Return the 1-based lines at which the ``[[package]]`` tables of a lock file give their names, in order."""
        lines = []
        for start, end in self._within(("package",), ("packages",)):
            found = _PACKAGE.search(self._text, start, end)
            lines.append(self.line(found.start() if found else start))
        return lines

    def _first(self, pattern: str, table: tuple[str, ...]) -> int | None:
        compiled = re.compile(pattern, re.MULTILINE)
        for start, end in self._within(table):
            for found in compiled.finditer(self._text, start, end):
                line = self.line(found.start())
                if (pattern, line) not in self._given:
                    self._given.add((pattern, line))
                    return line
        return None

    def _within(self, *tables: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        """Yield the ranges below the headers of ``tables``; the whole text where none has a header of its own."""
        mine = [i for i, (_, _, keys) in enumerate(self._headers) if keys in tables]
        if not mine and tables != (("package",), ("packages",)):
            yield 0, len(self._text)
        for i in mine:
            yield self._headers[i][1], self._headers[i + 1][0] if i + 1 < len(self._headers) else len(self._text)


def _keys(header: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in header.split("."))
