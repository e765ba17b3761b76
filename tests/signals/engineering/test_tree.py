"""Is junk told from what belongs, and little of it from much?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import pytest

from evaluator.facts.tree import Tree, tree
from evaluator.model import Absence, InFile, Measured
from evaluator.signals.engineering.tree import clean_tree
from evaluator.source.snapshot import Entry, Snapshot

OWN = ("README.md", "src/train.py", "models/model.pkl", "data/houses.csv", ".gitignore", ".pre-commit-config.yaml")


def listed(paths: Iterable[str], **entries: Entry) -> Tree:
    plain = {path: Entry(path=path, size=1_000) for path in (*OWN, *paths)}
    given = {e.path: e for e in entries.values()}
    both = dict(sorted((plain | given).items()))
    return tree(dataclasses.replace(Snapshot.of({}), entries=both))


def large(size: int | None, *, lfs: bool = False, here: bool = True, at_least: int = 0) -> Entry:
    return Entry(path="data/all.parquet", size=size, lfs=lfs, here=here, at_least=at_least)


@pytest.mark.parametrize(
    ("paths", "level"),
    [
        pytest.param([], 2, id="nothing"),
        pytest.param(
            ["models/v1.pkl", "models/v2.pkl", "notebooks/01.ipynb", "notebooks/02.ipynb"], 2, id="own numbers"
        ),
        pytest.param([f"data/part-{n}.csv" for n in range(9)], 2, id="data in parts"),
        pytest.param(["src/environment.py", "cache.py", "docs/venv.md", "checkpoint.py"], 2, id="words in names"),
        pytest.param(
            [".github/workflows/ci.yml", ".streamlit/config.toml", ".dvc/config"], 2, id="settings of the project"
        ),
        pytest.param([".DS_Store"], 1, id="a system file"),
        pytest.param([".vscode/settings.json"], 1, id="an editor's settings"),
        pytest.param([f".idea/{n}.xml" for n in "abcde"], 1, id="a folder is one thing"),
        pytest.param([".DS_Store", "data/.DS_Store"], 1, id="two"),
        pytest.param(["tests/__pycache__/test_a.cpython-311.pyc"], 1, id="one compiled file"),
        pytest.param(["notebooks/.ipynb_checkpoints/01-checkpoint.ipynb"], 1, id="a notebook's checkpoint"),
        pytest.param(["project.egg-info/PKG-INFO", "project.egg-info/SOURCES.txt"], 1, id="a build's files"),
        pytest.param([".DS_Store", "a/.DS_Store", "b/.DS_Store"], 0, id="three"),
        pytest.param([f"__pycache__/{n}.pyc" for n in range(20)], 0, id="a full cache"),
        pytest.param(
            ["venv/pyvenv.cfg", "venv/lib/python3.11/site-packages/numpy/__init__.py"], 0, id="an environment"
        ),
        pytest.param(["node_modules/d3/index.js"], 0, id="node modules"),
        pytest.param([f"models/epoch_{n}.pth" for n in range(5)], 0, id="a run's checkpoints"),
        pytest.param([f"out/checkpoint-{n}00/model.safetensors" for n in range(3)], 0, id="folders of checkpoints"),
    ],
)
def test_clean_tree(paths: list[str], level: int) -> None:
    answer = clean_tree(listed(paths))

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert [type(e) for e in answer.evidence] == ([Absence] if level == 2 else [InFile] * len(answer.evidence))
    assert answer.evidence


@pytest.mark.parametrize(
    ("entry", "level"),
    [
        pytest.param(large(50_000_001), 0, id="over 50 MB"),
        pytest.param(large(50_000_000), 2, id="50 MB"),
        pytest.param(large(130, lfs=True), 2, id="in Git LFS"),
        pytest.param(large(None, here=False, at_least=50_000_001), 0, id="left behind for its length"),
        pytest.param(large(None, here=False), 2, id="not here, length unknown"),
    ],
)
def test_huge_files(entry: Entry, level: int) -> None:
    answer = clean_tree(listed([], entry=entry))

    assert isinstance(answer, Measured)
    assert answer.value == level


def test_the_worst_comes_first() -> None:
    answer = clean_tree(listed([".DS_Store", "a/.DS_Store"], entry=large(80_000_000)))

    assert isinstance(answer, Measured)
    assert [(e.at.path, e.note) for e in answer.evidence if isinstance(e, InFile)] == [
        ("data/all.parquet", "a file over 50 MB outside Git LFS, 80 MB"),
        (".DS_Store", "an operating system's file"),
        ("a/.DS_Store", "an operating system's file"),
    ]
    assert answer.summary == (
        "does not belong among the 9 files: a file over 50 MB outside Git LFS, an operating system's file (2 times)"
    )


def test_a_tree_that_was_cut_lowers_the_confidence() -> None:
    whole = listed([])

    answer = clean_tree(Tree(files=whole.files, truncated=True))

    assert isinstance(answer, Measured)
    assert (answer.value, answer.confidence) == (2, "medium")
