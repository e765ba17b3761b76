"""A repository given by URL: a real git server on loopback, asked by the command that the README gives."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.program import evaluate, report
from tests.e2e.projects import HONEST
from tests.repositories import git, repository
from tests.source.servers import serving

ROOT = Path(__file__).parents[2]
PASSWORD = "open-" + "sesame"


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """A folder to serve, with one repository in it."""
    work = repository(tmp_path / "work" / "harbour", ("Forecast harbour traffic by weekday", HONEST))
    (tmp_path / "served").mkdir()
    git(tmp_path, "clone", "-q", "--bare", str(work), str(tmp_path / "served" / "harbour.git"))
    return tmp_path / "served"


def test_by_url(served: Path, tmp_path: Path) -> None:
    with serving(served) as server:
        done = evaluate(f"{server.url}/harbour.git", "--run", "none", "-o", tmp_path / "out", cwd=tmp_path)
        subject = report(tmp_path / "out")["subject"]

        assert done.code == 0, done.err
        assert (subject["source"], subject["name"], subject["ref"]) == (f"{server.url}/harbour.git", "harbour", "main")
        assert subject["dirty"] is False


def test_the_readmes_command(served: Path, tmp_path: Path) -> None:
    """Where this checkout has been set up; a fresh one sets itself up first, from the network."""
    if not (ROOT / ".venv" / "bin" / "evaluate").exists():
        pytest.skip("this checkout has no .venv of its own")
    with serving(served) as server:
        done = subprocess.run(
            [str(ROOT / "scripts" / "evaluate"), f"{server.url}/harbour.git", "--run", "none"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
        )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "evaluation" / "report.html").is_file()


def test_a_private_repository_is_one_line_without_its_password(served: Path, tmp_path: Path) -> None:
    with serving(served, password=PASSWORD) as server:
        done = evaluate(f"{server.url}/harbour.git", "--run", "none", cwd=tmp_path)
        told = evaluate(server.url.replace("//", f"//me:{PASSWORD}@") + "/harbour.git", "--run", "none", cwd=tmp_path)

    assert done.code == 3
    assert len(done.err.strip().splitlines()) == 2
    assert PASSWORD not in told.out + told.err
    assert list(tmp_path.glob("evaluation*")) == []


def test_no_such_repository(served: Path, tmp_path: Path) -> None:
    with serving(served) as server:
        done = evaluate(f"{server.url}/absent.git", "--run", "none", cwd=tmp_path)

    assert done.code == 3
    assert "absent" in done.err
