"""Starts the program as a person would, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ended:
    """How one call of the program ended."""

    code: int
    out: str
    err: str

    def __post_init__(self) -> None:
        """No traceback ever reaches a user."""
        assert "Traceback (most recent call last)" not in self.out + self.err, self.err


def evaluate(*args: str | Path, cwd: Path, stdin: str | None = None, **env: str) -> Ended:
    """Run ``evaluate`` with ``args`` in ``cwd``; ``env`` is laid over the environment."""
    done = subprocess.run(
        [sys.executable, "-m", "evaluator", *map(str, args)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env={**os.environ, "COLUMNS": "100", "PYTHONSAFEPATH": "1", **env},
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def report(folder: Path) -> dict[str, Any]:
    """Return report.json of ``folder``."""
    read: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return read


def verdicts(read: dict[str, Any]) -> dict[str, str]:
    """Return signal id → verdict."""
    return {s["id"]: s["verdict"] for s in read["signals"]}
