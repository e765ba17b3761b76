"""Which files does the project consist of, and which of them are its own?"""

from __future__ import annotations

from typing import Literal

from evaluator.model import Fact, Record

Part = Literal["own", "test", "example", "docs", "vendored", "generated", "environment", "cache"]


class File(Record):
    """One listed path (see ``source.snapshot.Entry``); ``part`` is the role its folder and name give it."""

    path: str
    kind: Literal["file", "executable", "symlink", "submodule"]
    size: int | None
    here: bool
    lfs: bool
    part: Part


class Tree(Fact):
    """All listed files, by path. ``truncated``: there were more than are listed."""

    files: tuple[File, ...]
    truncated: bool = False
