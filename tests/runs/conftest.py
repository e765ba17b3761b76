"""An environment with pytest in it, and the sandbox of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluator.runs.environment import Environment
from evaluator.sandbox.api import Sandbox
from tests.runs import suites
from tests.sandbox import real


@pytest.fixture(scope="session")
def sandbox() -> Sandbox:
    return real.sandbox()


@pytest.fixture(scope="session")
def outside() -> Iterator[Path]:
    """A folder of the host that a run may be shown."""
    with real.open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def environment(outside: Path) -> Environment:
    return suites.environment_at(outside)
