"""What the tests of the source stand on."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """An empty folder for what opening a target leaves behind."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder
