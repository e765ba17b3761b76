"""What does the record that the test run brought back say, and where does it contradict itself?

Every byte of it was written in reach of the candidate's code. It is decoded strictly and within bounds; a line that
does not have the promised form is counted, not believed.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec

from evaluator import codec
from evaluator.errors import DecodeError
from evaluator.model import Record
from evaluator.runs.testing.causes import Raised

JOURNAL_LIMIT = 48_000_000
LINES_LIMIT = 16_000_000
_LINE_LIMIT = 300_000
_Count = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
_Outcome = Literal["passed", "failed", "error", "skipped", "hanging"]
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{4,}\b")
_TEMPORARY = re.compile(r"/tmp/[\w./-]*")  # noqa: S108 - a pattern to hide, not a place to write to
_OVERRUN = ".Overrun"  # of our own making, see probe/session.py
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


class _Event(Record, tag_field="e"):
    pass


class Collected(_Event, tag="collected"):
    """``n`` cases were collected; ``dropped`` of them were taken out again; ``left`` were to be run by this start."""

    n: _Count
    dropped: _Count
    left: _Count


class Uncollected(_Event, tag="uncollected"):
    """A file could not be collected, or a ``conftest`` not be loaded."""

    id: str
    kind: Literal["module", "conftest"]
    hanging: bool
    fatal: bool
    why: tuple[Raised, ...]


class LeftOut(_Event, tag="left-out"):
    """A file that skips itself as a whole."""

    id: str
    message: str


class Ran(_Event, tag="case"):
    """One case, as the plug-in saw it end.

    Attributes:
        hidden: What it raised was kept from the report.
        unchecked: It passed, holds assertions that can be counted, and none of them held.
        replaced: The project put another function in the place of the one that was collected.
    """

    id: str
    o: _Outcome
    c: str
    path: str
    line: int
    why: tuple[Raised, ...] = ()
    hidden: bool = False
    unchecked: bool = False
    replaced: bool = False
    attempts: _Count = 1


class Broken(_Event, tag="broken"):
    """A start of pytest that did not come to its own end, and what it was doing. ``starved``: killed near the limit on memory."""

    how: Literal["late", "over", "crashed"]
    kind: Literal["starting", "collecting", "running", "between"]
    id: str
    status: int | None
    starved: bool = False


class Unsigned(_Event, tag="unsigned"):
    """``n`` lines arrived that our plug-in did not write."""

    n: _Count


class Flaky(_Event, tag="flaky"):
    """A case that failed and, run once more, passed."""

    id: str


class NoPytest(_Event, tag="no-pytest"):
    """The environment has no pytest, or one that cannot be imported."""

    message: str


class End(_Event, tag="end"):
    """pytest's own exit code of one start."""

    exit: int | None


class Over(_Event, tag="over"):
    """The last line. ``finished``: the suite came to its end; ``lines``: why there is no coverage."""

    finished: bool
    starts: _Count
    lines: str


Event: TypeAlias = Collected | Uncollected | LeftOut | Ran | Broken | Unsigned | Flaky | NoPytest | End | Over
_Kind = TypeVar("_Kind", bound=_Event)


class Journal(Record):
    """The events in order; ``garbled`` lines had another form (the last one may be torn without being counted)."""

    events: tuple[Event, ...]
    garbled: int = 0

    def of(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """Return the events of one kind."""
        return tuple(e for e in self.events if isinstance(e, kind))


class FileLines(Record):
    """``digest``: SHA-256 of the bytes that were counted."""

    path: str
    digest: str
    lines: _Count
    hit: _Count


class Lines(Record):
    """What ``lines.py`` counted. ``tests``: test file → its lines that passing cases executed."""

    files: tuple[FileLines, ...]
    tests: dict[str, tuple[_Count, ...]]


def read_journal(data: bytes) -> Journal:
    """Return what ``data`` holds; never raises. A last line without its newline is torn and left out."""
    whole, _, _ = data[:JOURNAL_LIMIT].rpartition(b"\n")
    events: list[Event] = []
    garbled = 0
    for line in whole.split(b"\n") if whole else ():
        try:
            event: Event = codec.decode(line, Event, limit=_LINE_LIMIT)
        except DecodeError:
            garbled += 1
            continue
        events.append(event)
    return Journal(events=tuple(events), garbled=garbled)


def read_lines(data: bytes | None) -> Lines | None:
    """Return the coverage in ``data``; None where there is none that can be used."""
    if data is None:
        return None
    try:
        lines: Lines = codec.decode(data, Lines, limit=LINES_LIMIT)
    except DecodeError:
        return None
    return lines if all(f.hit <= f.lines for f in lines.files) else None


def told(chain: tuple[Raised, ...], *, limit: int = 1200) -> str:
    """Return what was raised as one text for a reader: the innermost exception first, then where it passed.

    See :func:`clean` for what is taken out.
    """
    if not chain:
        return ""
    first = chain[-1]
    where = next((r.at for r in reversed(chain) if r.at), None)
    kind = "" if first.type.endswith(_OVERRUN) else f"{first.type.removeprefix('builtins.')}: "
    parts = [f"{kind}{first.message}".strip().rstrip(":")]
    parts += [f"at {where[0]}:{where[1]}"] if where else []
    text = clean("\n".join(parts))
    lines = text.splitlines()
    return "\n".join([*lines[:9], "[…]", *lines[-2:]] if len(lines) > 12 else lines)[:limit]


def clean(text: str) -> str:
    """Return ``text`` without control characters and without what differs between two equal runs: addresses, temporary folders."""
    return _TEMPORARY.sub("<temporary>", _ADDRESS.sub("0x…", _CONTROL.sub("", text).replace("/work/", "")))
