"""A project folder, and the sandbox of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluator.sandbox.bubblewrap import Bubblewrap
from tests.sandbox import real


@pytest.fixture(scope="session")
def sandbox() -> Bubblewrap:
    return real.sandbox()


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder of the host that a run may be shown."""
    with real.open_folder() as folder:
        yield folder


@pytest.fixture
def project(outside: Path) -> Path:
    folder = outside / "project"
    folder.mkdir()
    (folder / "a.txt").write_text("content\n")
    return folder
