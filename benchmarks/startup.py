"""How long does `evaluate --help` take, and a ten-file repository read and not run?

Each figure is the best of several runs of real processes, beside what it is made of, measured in the same minutes.
Usage: python -m benchmarks.startup
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.projects import HONEST
from tests.repositories import repository

IMPORTS = "import git, pydriller, radon.complexity, nbformat, jinja2, markdown_it, yaml, detect_secrets"


def best(argv: list[str], cwd: Path, times: int) -> float:
    """Return the shortest wall time of ``times`` runs, in seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run(argv, cwd=cwd, check=True, capture_output=True)
        found.append(time.perf_counter() - began)
    return min(found)


def main() -> None:
    """Measure and print a table."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repo = repository(folder / "repo", ("Begin", HONEST))
        files = sorted(str(p) for p in repo.rglob("*.py"))
        rows = {
            "python -c pass": best([python, "-c", "pass"], folder, 7),
            "evaluate --help": best([python, "-m", "evaluator", "--help"], folder, 7),
            "the imports alone": best([python, "-c", IMPORTS], folder, 5),
            "pylint alone on the same files": best(
                [python, "-I", "-m", "pylint", "--exit-zero", "--rcfile=/dev/null", *files], folder, 5
            ),
            "evaluate REPO --run none": best(
                [python, "-m", "evaluator", str(repo), "--run", "none", "-o", str(folder / "out")], folder, 5
            ),
        }
    width = max(map(len, rows))
    for what, seconds in rows.items():
        print(f"{what:{width}}  {seconds:6.2f} s")
    longer = max(rows["the imports alone"], rows["pylint alone on the same files"])
    print(f"\nwhole job / longer of the two: {rows['evaluate REPO --run none'] / longer:.2f}")


if __name__ == "__main__":
    main()
