"""What do the project's notebooks hold, and what run do they keep?"""

from __future__ import annotations

from enum import IntEnum
from typing import Literal

from evaluator.model import Fact, Record


class Order(IntEnum):
    """What the stored counts and outputs of a notebook tell of its last run."""

    BROKEN = 0
    GAPS = 1
    ONE_RUN = 2


class Cell(Record):
    """One cell, by its position in the file.

    Attributes:
        source: At most 100 000 characters. For code: magics and shell lines as written.
        count: Stored execution count; None where none is stored.
        outputs: Number of stored outputs. error: First line of a stored traceback, else None.
        image: An output or the Markdown itself shows an image. printed: First 2 000 characters of stored text outputs.
    """

    index: int
    kind: Literal["code", "markdown", "raw"]
    source: str
    count: int | None = None
    outputs: int = 0
    error: str | None = None
    image: bool = False
    printed: str = ""


class Notebook(Record):
    """One ``.ipynb``. ``kernel``: language of its metadata, lower case; empty where not stated."""

    path: str
    kernel: str
    cells: tuple[Cell, ...]


class Notebooks(Fact):
    """All notebooks, by path; ``unreadable``: path and reason of those that are not valid notebooks."""

    items: tuple[Notebook, ...]
    unreadable: tuple[tuple[str, str], ...] = ()
