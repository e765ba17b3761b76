"""Do typed counts pass for a run, and named tools for versioned data?"""

from __future__ import annotations

import json

import pytest

from tests.imitations.bare import ONE
from tests.imitations.harness import withheld
from tests.imitations.honest import CODE, EXPLORATION, TABULAR
from tests.imitations.repo import Repo, notebook

PATH = "notebooks/exploration.ipynb"
DATA = f"{CODE}/data.py"
BLANK = tuple((kind, source, "") for kind, source, _ in EXPLORATION)


def failing() -> str:
    """Return the notebook with neat counts and a traceback in its last cell."""
    made = json.loads(notebook(*EXPLORATION))
    code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    code[-1]["outputs"] = [
        {"output_type": "error", "ename": "KeyError", "evalue": "'age'", "traceback": ["KeyError: 'age'"]}
    ]
    return json.dumps(made)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(TABULAR.plus(PATH, notebook(*BLANK)), id="counts-typed-without-outputs"),
        pytest.param(TABULAR.plus(PATH, failing()), id="neat-counts-over-an-error"),
        pytest.param(TABULAR.plus(PATH, notebook(*EXPLORATION, counts=(3, 1, 2, 5, 4, 6))), id="out-of-order"),
        pytest.param(TABULAR.plus(PATH, notebook(*EXPLORATION, counts=(1, 2, 7, 9, 23, 31))), id="ascending-with-gaps"),
        pytest.param(TABULAR.plus(PATH, notebook(*EXPLORATION, counts=(1, 1, 1, 1, 1, 1))), id="all-the-first"),
        pytest.param(TABULAR.plus(PATH, notebook(*EXPLORATION, counts=(None,) * 6)), id="outputs-without-counts"),
        pytest.param(
            TABULAR.plus("notebooks/training.ipynb", notebook(*BLANK, counts=(None,) * 6)), id="a-second-one-never-run"
        ),
        pytest.param(
            TABULAR.plus(PATH, notebook(*EXPLORATION[:3], *BLANK[3:], counts=(1, 2, None, None, None, None))),
            id="stopped-after-two-cells",
        ),
    ],
)
def test_notebooks_in_order(repo: Repo) -> None:
    withheld(repo.files, "reproducibility.notebooks-in-order")


CHECK = """\
    digest = hashlib.sha256(content).hexdigest()
    if digest != ARCHIVE_SHA256:
        raise ValueError(f"{url}: the archive has changed, its SHA-256 is {digest}")
"""
assert CHECK in ONE.text(DATA)
# The download without a check: what comes is taken. The constant stays, or goes where nothing would use it.
UNCHECKED = ONE.swap(DATA, CHECK, "")
DVC_IN_REQUIREMENTS = UNCHECKED.swap("pyproject.toml", '    "fastapi==', '    "dvc==3.58.0",\n    "fastapi==')
TABLE = "age;balance;day;job;duration;y\n" + "".join(
    f"{20 + n};{n * 10};{n % 28};services;{n};no\n" for n in range(200)
)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(UNCHECKED, id="hash-that-is-never-compared"),
        pytest.param(ONE.swap(DATA, "raise ValueError(", "print("), id="mismatch-only-printed"),
        pytest.param(
            ONE.swap(DATA, "if digest != ARCHIVE_SHA256:", "if digest != hashlib.sha256(content).hexdigest():"),
            id="compared-with-itself",
        ),
        pytest.param(
            UNCHECKED.plus("data/raw/bank-full.csv.dvc", "outs:\n- path: bank-full.csv\n"), id="dvc-file-without-a-hash"
        ),
        pytest.param(UNCHECKED.plus("data/raw/bank-full.csv.dvc", ""), id="empty-dvc-file"),
        pytest.param(DVC_IN_REQUIREMENTS.plus(".dvc/config", "[core]\n"), id="dvc-without-anything-tracked"),
        pytest.param(
            UNCHECKED.plus("data/raw/bank-full.csv", TABLE).plus(
                ".gitattributes", "*.parquet filter=lfs diff=lfs merge=lfs -text\n"
            ),
            id="lfs-rule-for-files-that-are-not-there",
        ),
        pytest.param(
            UNCHECKED.tail("README.md", "\nThe data are versioned with DVC and Git LFS (v1.0, SHA-256 checked).\n"),
            id="words",
        ),
    ],
)
def test_data_versioned(repo: Repo) -> None:
    withheld(repo.files, "reproducibility.data-versioned")
