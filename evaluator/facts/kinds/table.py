"""By which signs is told what a project is? ``rubrics/tasks.yaml``, read and indexed."""

from __future__ import annotations

from functools import cache
from typing import Literal

from evaluator import resources
from evaluator.codec import decode_yaml
from evaluator.facts.modelling.libraries import Patterns
from evaluator.model import Record


class Sign(Record):
    """One way in which a trait shows; see the comments in the file.

    Attributes:
        any: Entries of which one is met. all: Lists of entries; of each one is met.
        trained: Only where something is fitted. unless, needs: Traits found above that rule it out, or must be there.
    """

    why: str
    any: tuple[str, ...] = ()
    all: tuple[tuple[str, ...], ...] = ()
    trained: bool = False
    unless: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The lists of which each is to be met."""
        return (*((self.any,) if self.any else ()), *self.all)


class Named(Record):
    """A trait and its signs, the plainest first."""

    name: str
    signs: tuple[Sign, ...]


class RTable(Record):
    """What calls of R do, and which of its packages carry the work; names without their package."""

    tasks: dict[str, tuple[str, ...]]
    analysis: tuple[str, ...]
    reads: tuple[str, ...]
    frameworks: tuple[str, ...]


class Table(Record):
    """The file as it stands."""

    schema: Literal[1]
    tasks: tuple[Named, ...]
    kinds: tuple[Named, ...]
    frameworks: tuple[str, ...]
    r: RTable


@cache
def table() -> Table:
    """Return the table that ships with the tool.

    Raises:
        DecodeError: The file does not have the promised form.
    """
    made: Table = decode_yaml((resources.folder("rubrics") / "tasks.yaml").read_bytes(), Table)
    return made


@cache
def entries() -> Patterns[str]:
    """Return every entry of every sign as a pattern whose value is the entry itself."""
    named = (*table().tasks, *table().kinds)
    found = dict.fromkeys(e for trait in named for sign in trait.signs for group in sign.groups for e in group)
    return Patterns((entry, entry) for entry in found if not entry.startswith((":", "'")))


@cache
def texts() -> frozenset[str]:
    """Return the string constants that some sign asks for."""
    named = (*table().tasks, *table().kinds)
    found = (e for trait in named for sign in trait.signs for group in sign.groups for e in group)
    return frozenset(e.strip("'") for e in found if e.startswith("'"))
