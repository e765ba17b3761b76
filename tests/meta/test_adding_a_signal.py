"""The steps of CONTRIBUTING, followed to the letter: three files, and the new signal is asked, weighed and explained."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIGNAL_HEAD = '''"""Are changes written down?"""

from __future__ import annotations

from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, InFile, Measured, Span, Unit
from evaluator.registry import signal


'''
TEST_HEAD = '''"""Changelogs, from none to entries."""

import pytest

from evaluator.facts.tree import File, Tree
from evaluator.model import Measured
from evaluator.signals.communication.changes import changelog


def file(path: str, size: int) -> File:
    return File(path=path, kind="file", size=size, here=True, lfs=False, part="own")


'''


def blocks() -> list[str]:
    """The fenced blocks of the section, without their indentation."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## How to add a signal")[2]
    found = re.findall(r"^   ```\w+\n(.*?)^   ```$", text, flags=re.DOTALL | re.MULTILINE)
    return [re.sub(r"^   ", "", block, flags=re.MULTILINE) for block in found]


def test_three_files_are_enough(tmp_path: Path) -> None:
    for part in ("evaluator", "rubrics", "reports", "tests"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    code, test, weight = blocks()
    (tmp_path / "evaluator/signals/communication/changes.py").write_text(SIGNAL_HEAD + code, encoding="utf-8")
    (tmp_path / "tests/signals/communication/test_changes.py").write_text(TEST_HEAD + test, encoding="utf-8")
    rubric = tmp_path / "rubrics/recruiter-signals.yaml"
    text = rubric.read_text(encoding="utf-8")
    rubric.write_text(text.replace("items:\n", f"items:\n{weight}", 1), encoding="utf-8")

    def python(*args: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-P", *args], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )

    explained = python("-m", "evaluator", "explain", "communication.changelog")
    tested = python(
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "-p",
        "no:xdist",
        "-o",
        "addopts=",
        "tests/signals/communication/test_changes.py",
        "tests/test_rubric.py",
        "-k",
        "changelog or fit_each_other",
    )

    assert "Can a reader see what changed" in explained.stdout, explained.stderr
    assert "On trial" in explained.stdout
    assert "4 passed" in tested.stdout, tested.stdout + tested.stderr
