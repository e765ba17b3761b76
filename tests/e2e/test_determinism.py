"""Same commit, same bytes: whatever the hash seed, the time zone, the language or the folder."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.program import evaluate
from tests.e2e.projects import HONEST
from tests.repositories import git, repository


def test_same_bytes_everywhere(tmp_path: Path) -> None:
    here = repository(tmp_path / "here" / "harbour", ("Forecast harbour traffic", HONEST))
    there = tmp_path / "there" / "harbour"
    there.parent.mkdir()
    git(tmp_path, "clone", "-q", str(here), str(there))
    seen = set()
    for n, (folder, world) in enumerate(
        (
            (here, {"PYTHONHASHSEED": "1", "TZ": "UTC", "LANG": "C.UTF-8"}),
            (here, {"PYTHONHASHSEED": "2", "TZ": "Asia/Kathmandu", "LANG": "C"}),
            (there, {"PYTHONHASHSEED": "3", "TZ": "America/St_Johns", "LANG": "C.UTF-8"}),
        )
    ):
        out = tmp_path / f"out{n}"
        assert evaluate(folder, "--run", "none", "-o", out, cwd=tmp_path, **world).code == 0
        seen.add((out / "report.json").read_bytes())

    assert len(seen) == 1
