"""Gives tests the real sandbox of this machine, or skips them with the reason why there is none."""

from __future__ import annotations

import functools
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from evaluator.model import Missing
from evaluator.sandbox import interpreter
from evaluator.sandbox.api import Limits, RunOutcome, RunRequest, Sandbox
from evaluator.sandbox.bubblewrap import Bubblewrap
from evaluator.sandbox.choose import choose

SMALL = Limits(
    seconds=20,
    cpu_seconds=20,
    memory_mb=256,
    processes=64,
    file_mb=64,
    disk_mb=128,
    output_bytes=1_000_000,
    back_bytes=1_000_000,
)


@functools.cache
def why_not() -> str:
    """Return why no sandbox works here; empty where one does."""
    with open_folder() as scratch:
        found = choose("auto", scratch)
    return found.detail if isinstance(found, Missing) else ""


def sandbox(*, use_cgroups: bool = True) -> Bubblewrap:
    """Return the sandbox, or skip the test with a visible reason."""
    if reason := why_not():
        pytest.skip(f"no sandbox works here: {reason}")
    return Bubblewrap(use_cgroups=use_cgroups)


@contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a folder that the user whom root becomes for the sandbox can enter.

    Not one of pytest's: those are closed to others again whenever another test run begins.
    """
    with tempfile.TemporaryDirectory(prefix="evaluator-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name).resolve()


def python() -> str:
    """Return the path, inside, of an interpreter that every run can use."""
    return interpreter.for_request({}).path


def run(
    where: Sandbox,
    project: Path,
    code: str,
    *arguments: str,
    limits: Limits = SMALL,
    bring_back: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
    placed: Mapping[str, bytes] | None = None,
) -> RunOutcome:
    """Run Python code in the sandbox."""
    return where.run(
        RunRequest(
            name="test",
            argv=(python(), "-I", "-B", "-c", code, *arguments),
            project=str(project),
            limits=limits,
            bring_back=bring_back,
            env=dict(env or {}),
            placed=dict(placed or {}),
        )
    )


def command_lines() -> list[bytes]:
    """Return the command lines of every process on this machine."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes())
        except OSError:
            continue
    return found


def alive(marker: str) -> int:
    """Return how many processes of this machine have the marker on their command line."""
    return sum(marker.encode() in line for line in command_lines())


def gone(marker: str, seconds: float = 5.0) -> bool:
    """Wait for the last of them to be gone; False when it does not go."""
    until = time.monotonic() + seconds
    while alive(marker) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(marker)
