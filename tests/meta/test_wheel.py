"""The wheel holds everything: it is built, installed apart, and does the main job with the source out of reach."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.e2e.projects import HONEST
from tests.repositories import repository

ROOT = Path(__file__).parents[2]


def run(*argv: str | Path, cwd: Path) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run([str(a) for a in argv], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_works_without_the_source(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    apart = tmp_path / "apart"
    run(sys.executable, "-m", "venv", "--without-pip", apart, cwd=tmp_path)
    (site,) = apart.glob("lib/python*/site-packages")
    run(sys.executable, "-m", "zipfile", "-e", wheel, site, cwd=tmp_path)
    # Path lines of a .pth file are not searched for further .pth files: the editable install of the source stays out.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = apart / "bin" / "python"
    repo = repository(tmp_path / "repo", ("Begin", HONEST))

    where = run(python, "-c", "import evaluator; print(evaluator.__file__)", cwd=tmp_path).strip()
    assert where.startswith(str(apart))
    assert "testing.suite-passes" in run(python, "-m", "evaluator", "signals", cwd=tmp_path)
    run(python, "-m", "evaluator", repo, "--run", "none", "-q", "-o", "out", cwd=tmp_path)
    assert (tmp_path / "out" / "report.html").is_file()
