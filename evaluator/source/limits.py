"""How long may it take to get a target, and how much of it is taken?"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from evaluator.errors import SourceError

MEGABYTE = 1_000_000
RULES_LIMIT = MEGABYTE
"""Bytes of one file of ignore rules that are read."""


@dataclass(frozen=True, kw_only=True)
class FetchLimits:
    """What one target may cost.

    Attributes:
        seconds: Wall-clock time until the snapshot stands.
        total_bytes: On disk for a clone; unpacked for an archive.
        blob_bytes: Longer files are left behind where the server or the archive can do so: they are listed, their
            content is not here. 50 MB is also where forges warn and where a file counts as junk in a repository.
            Source: https://docs.github.com/en/repositories/working-with-files/managing-large-files
        files: Listed files; see ``listing.fair_share`` for which.
        names: Names looked at in order to choose the listed ones.
        depth: Folders within each other; what lies deeper is not listed.
    """

    seconds: float = 600
    total_bytes: int = 2_000 * MEGABYTE
    blob_bytes: int = 50 * MEGABYTE
    files: int = 50_000
    names: int = 500_000
    depth: int = 100


@dataclass
class Deadline:
    """The moment until which the target must be had; ``what`` names it in the message."""

    what: str
    seconds: float
    _end: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.seconds

    def left(self) -> float:
        """Seconds that remain, 0 or more."""
        return max(0.0, self._end - time.monotonic())

    def check(self) -> None:
        """Do nothing while time remains.

        Raises:
            SourceError: It is over.
        """
        if not self.left():
            raise SourceError(f"{self.what}: not read within {self.seconds:g} s; judge a part of it with --path")


def too_big(what: str, limit: int) -> SourceError:
    """Return the error for a target over ``limit`` bytes."""
    return SourceError(
        f"{what}: larger than {limit // MEGABYTE} MB, the most that is taken; judge a smaller copy of it"
    )
