"""What did one file that declares dependencies yield?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaluator.facts.packaging import ConsoleScript, PythonStated, Requirement
from evaluator.model import Span

RAW = 300
COMPUTED = "computed when the file is run, which is not done here"
NOT_READ = "its content is"


@dataclass(frozen=True)
class Include:
    """Another file that this one names. ``target`` as written, relative to the naming file."""

    target: str
    at: Span
    constraint: bool = False
    group: str = ""


@dataclass
class Found:
    """Filled by one parser, in the order of the file.

    Attributes:
        options: Lines for the installer (indexes, editable installs): seen, and never obeyed.
        locked: Every version is fixed, by a tool.
    """

    path: str
    requirements: list[Requirement] = field(default_factory=list)
    errors: list[tuple[Span, str]] = field(default_factory=list)
    options: list[tuple[Span, str]] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)
    python: list[PythonStated] = field(default_factory=list)
    scripts: list[ConsoleScript] = field(default_factory=list)
    name: str | None = None
    license: str | None = None
    locked: bool = False

    def line(self, number: int) -> Span:
        """Return the span of one line of this file."""
        return Span(path=self.path, start=max(number, 1), end=max(number, 1))

    def error(self, number: int, reason: str) -> None:
        """Record that a line, or from it on the file, could not be read."""
        self.errors.append((self.line(number), reason[:RAW]))

    def states(
        self, number: int, version: object, where: Literal["metadata", "version-file", "environment"] = "metadata"
    ) -> None:
        """Record a Python version, if ``version`` is one."""
        if isinstance(version, (str, int, float)) and any(c.isdigit() for c in str(version)):
            self.python.append(PythonStated(at=self.line(number), version=str(version).strip()[:60], where=where))


def table(value: object) -> Mapping[str, object]:
    """Return ``value`` if it is a table with text keys, else an empty one."""
    return {k: v for k, v in value.items() if isinstance(k, str)} if isinstance(value, dict) else {}


def within(value: object, *keys: str) -> object:
    """Return what ``keys`` lead to, step by step; None where a step is missing."""
    for key in keys:
        value = table(value).get(key)
    return value


def texts(value: object) -> Iterator[str]:
    """Yield the texts in ``value`` if it is a list; nothing for anything else."""
    if isinstance(value, list):
        yield from (v for v in value if isinstance(v, str))


def entries(value: object) -> Iterator[Mapping[str, object]]:
    """Yield the tables in ``value`` if it is a list; nothing for anything else."""
    if isinstance(value, list):
        yield from (table(v) for v in value if isinstance(v, dict))
