"""Which lines did the newest commits add, as far as a fixed number of bytes reaches?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from evaluator.facts.commits.revisions import ask, below, relative, revision
from evaluator.source.names import shown
from evaluator.source.snapshot import Snapshot

COMMITS = 50
BYTES = 4_000_000
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class Added(NamedTuple):
    """One line that a commit added; ``line`` is its number in the new file, 1-based."""

    sha: str
    path: str
    line: int
    text: str


class Additions(NamedTuple):
    """``whole``: all of the newest ``COMMITS`` commits were read, or as many as there are."""

    lines: tuple[Added, ...]
    whole: bool


def additions(snapshot: Snapshot) -> Additions:
    """Return the lines that the newest ``COMMITS`` commits added, newest first; merges apart.

    Bounded by ``BYTES`` of ``git log -p``, from the newest; a file of more than 1 MB counts as binary. A commit of
    which this copy lacks a blob ends it.
    """
    if snapshot.git_dir is None:
        return Additions((), whole=False)
    outcome = ask(
        snapshot.git_dir,
        *("log", "-p", "-U0", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv", "--no-indent-heuristic"),
        *("--diff-algorithm=myers", "--src-prefix=", "--dst-prefix=", "--format=%x00%H", f"--max-count={COMMITS}"),
        *relative(snapshot),
        revision(snapshot),
        *below(snapshot),
        output_bytes=BYTES,
    )
    return Additions(tuple(_lines(outcome.stdout[:BYTES])), whole=outcome.exit_code == 0)


def _lines(log: bytes) -> Iterator[Added]:
    """Read a log of ``-U0`` patches: a hunk's header says how many lines are its own, whatever they look like."""
    sha, path, number, taken, put = "", "", 0, 0, 0
    for raw in log.split(b"\n"):
        if taken and raw.startswith(b"-"):
            taken -= 1
        elif put and raw.startswith(b"+"):
            yield Added(sha, path, number, raw[1:].decode(errors="replace"))
            number, put = number + 1, put - 1
        elif raw.startswith(b"\0"):
            sha, path, taken, put = raw[1:].decode("ascii", "replace"), "", 0, 0
        elif raw.startswith(b"+++ "):
            path = shown(raw[4:].rstrip(b"\t").strip(b'"'))
        elif hunk := _HUNK.match(raw):
            taken, number, put = int(hunk[1] or 1), int(hunk[2]), int(hunk[3] or 1)
