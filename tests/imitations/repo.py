"""How does one repository become another, edit by edit? Held in memory; an edit that finds nothing is an error."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

Content = str | bytes
Cell = tuple[Literal["code", "markdown"], str, str]


@dataclass(frozen=True)
class Repo:
    """Files by POSIX path. Every edit returns another one."""

    files: dict[str, Content]

    def text(self, path: str) -> str:
        """Return the text at ``path``."""
        found = self.files[path]
        assert isinstance(found, str), f"{path} is no text"
        return found

    def without(self, *paths: str) -> Self:
        """Drop files, and folders where a path ends in a slash."""
        gone = {f for f in self.files for p in paths if f == p or (p.endswith("/") and f.startswith(p))}
        for path in paths:
            assert any(f == path or (path.endswith("/") and f.startswith(path)) for f in gone), f"no {path}"
        return type(self)({f: c for f, c in self.files.items() if f not in gone})

    def plus(self, path: str, content: Content) -> Self:
        """Add the file, or put it in the place of the one that is there."""
        return type(self)({**self.files, path: content})

    def swap(self, path: str, old: str, new: str) -> Self:
        """Replace every ``old`` in the text at ``path``."""
        text = self.text(path)
        assert old in text, f"{path} does not hold {old!r}"
        return self.plus(path, text.replace(old, new))

    def tail(self, path: str, more: str) -> Self:
        """Write ``more`` after the text at ``path``."""
        return self.plus(path, self.text(path) + more)

    def head(self, path: str, more: str) -> Self:
        """Write ``more`` before the text at ``path``."""
        return self.plus(path, more + self.text(path))

    def section(self, path: str, heading: str, body: str | None) -> Self:
        """Give the Markdown section under ``heading`` another body; None takes it away with its heading."""
        lines = self.text(path).splitlines()
        start = lines.index(heading)
        level = heading.partition(" ")[0]
        fenced = False
        end = len(lines)
        for number, line in enumerate(lines[start + 1 :], start + 1):
            fenced ^= line.startswith("```")
            mark = line.partition(" ")[0]
            if not fenced and mark and set(mark) == {"#"} and len(mark) <= len(level):
                end = number
                break
        kept = [] if body is None else [heading, "", *body.strip("\n").splitlines(), ""]
        return self.plus(path, "\n".join([*lines[:start], *kept, *lines[end:]]) + "\n")

    def each(self, change: Callable[[str, str], str], *suffixes: str) -> Self:
        """Rewrite every text whose path ends in one of ``suffixes``: ``change`` is given path and text."""
        return type(self)(
            {p: change(p, c) if isinstance(c, str) and p.endswith(suffixes) else c for p, c in self.files.items()}
        )


def archive(path: Path) -> dict[str, Content]:
    """Return the files of a text archive: ``-- path --`` on a line of its own begins one."""
    files: dict[str, Content] = {}
    name, lines = "", list[str]()
    for line in [*path.read_text(encoding="utf-8").splitlines(keepends=True), "-- --\n"]:
        if line.startswith("-- ") and line.endswith(" --\n"):
            if name:
                files[name] = "".join(lines)
            name, lines = line[3:-4], []
        else:
            lines.append(line)
    return files


def picture(width: int = 320, height: int = 200, bars: Sequence[int] = (20, 120, 150, 170)) -> bytes:
    """Return a bar chart as a PNG."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            inside = height - y < bars[x * len(bars) // width] and x * len(bars) % width > width // 4
            rows.append(90 if inside else 250)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")


def notebook(*cells: Cell, counts: Sequence[int | None] | None = None) -> str:
    """Return a notebook of (kind, source, printed); code cells bear ``counts``, or 1 to n."""
    made, number = [], 0
    for kind, source, printed in cells:
        cell: dict[str, object] = {"cell_type": kind, "metadata": {}, "source": source.strip("\n")}
        if kind == "code":
            cell["execution_count"] = counts[number] if counts is not None else number + 1
            stream = {"output_type": "stream", "name": "stdout", "text": printed}
            cell["outputs"] = [stream] if printed else []
            number += 1
        made.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python", "version": "3.11.10"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": made}, indent=1)
