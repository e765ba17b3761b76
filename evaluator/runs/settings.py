"""What may be executed, for how long, and where do tools and caches lie?"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Permitted = Literal["none", "tests", "all"]


@dataclass
class Budget:
    """Wall-clock seconds for all runs together; each step also has a limit of its own."""

    seconds: int = 600
    _end: float = field(default=0.0, repr=False)

    def start(self) -> None:
        """Begin to count; a second call changes nothing."""
        self._end = self._end or time.monotonic() + self.seconds

    def left(self) -> int:
        """Whole seconds that remain, at least 0."""
        self.start()
        return max(0, int(self._end - time.monotonic()))


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """The caller's word on runs. A port: providers that run something take it.

    Attributes:
        scratch: A private folder of this evaluation, removed at its end.
        cache: The user's cache folder of this tool.
        env: An existing environment to use instead of building one.
        offline: Nothing is downloaded.
        suite_seconds: Wall clock of the test suite, within the budget (a suite of 5 minutes is the longest worth waiting
            for in a screening). case_seconds: Of one test case, after which it counts as hanging.
    """

    permitted: Permitted
    scratch: Path
    cache: Path
    budget: Budget = field(default_factory=Budget)
    env: Path | None = None
    offline: bool = False
    suite_seconds: int = 300
    case_seconds: int = 60
