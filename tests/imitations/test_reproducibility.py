"""Do unused seeds, empty data, idle entry points or disguised paths pass for something that can be repeated?"""

from __future__ import annotations

import pytest

from tests.imitations.bare import ONE
from tests.imitations.harness import withheld
from tests.imitations.honest import CODE, EXPLORATION, TABULAR, VISION
from tests.imitations.repo import Repo, notebook

SETTINGS, DATA, MODEL = f"{CODE}/settings.py", f"{CODE}/data.py", f"{CODE}/model.py"


def unseeded(repo: Repo = ONE) -> Repo:
    """Return the project of one model with the constant still there, and used nowhere."""
    return (
        repo.swap(DATA, ", random_state=SEED", "")
        .swap(MODEL, ", random_state=SEED", "")
        .swap(f"{CODE}/evaluate.py", "default_rng(SEED)", "default_rng()")
        .swap(f"{CODE}/explain.py", ", random_state=SEED", "")
    )


SEEDER = '''\
"""Makes everything repeatable."""

import random

import numpy as np

from term_deposit.settings import SEED


def seed_everything() -> None:
    """Fix every source of chance."""
    random.seed(SEED)
    np.random.seed(SEED)
'''


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(unseeded(), id="constant-that-nothing-uses"),
        pytest.param(unseeded().plus(f"{CODE}/seeding.py", SEEDER), id="seeding-function-never-called"),
        pytest.param(
            unseeded()
            .plus(f"{CODE}/seeding.py", SEEDER)
            .swap(
                f"{CODE}/train.py",
                "import joblib\n",
                "import joblib\n\nfrom term_deposit.seeding import seed_everything\n",
            ),
            id="seeding-function-imported-never-called",
        ),
        pytest.param(
            ONE.swap(SETTINGS, "from pathlib import Path", "import time\nfrom pathlib import Path").swap(
                SETTINGS, "SEED = 20240117", "SEED = int(time.time())"
            ),
            id="seed-from-the-clock",
        ),
        pytest.param(ONE.swap(SETTINGS, "SEED = 20240117", "SEED = None"), id="seed-none"),
        pytest.param(
            unseeded()
            .swap(f"{CODE}/train.py", "    pipeline = forest()\n", "    random.seed(42)\n    pipeline = forest()\n")
            .swap(f"{CODE}/train.py", "import joblib\n", "import random\n\nimport joblib\n"),
            id="seed-of-the-wrong-generator",
        ),
        pytest.param(
            unseeded().swap(MODEL, "n_estimators=300", "n_estimators=300,  # random_state=42\n       "),
            id="seed-in-a-comment",
        ),
        pytest.param(
            VISION.swap("train.py", "    seed_everything(given.seed)\n", "")
            .swap("train.py", "batches, seed_everything", "batches")
            .swap("tune.py", "    seed_everything(trial.number)\n", "")
            .swap("tune.py", "batches, seed_everything", "batches"),
            id="torch-never-seeded-by-the-function-that-could",
        ),
    ],
)
def test_seeds_fixed(repo: Repo) -> None:
    withheld(repo.files, "reproducibility.seeds-fixed")


TEXT = TABULAR.text(DATA)
_FETCH = TEXT[TEXT.index("def fetch") : TEXT.index("def clean")]
# No download: the table has to lie there. Nor does the README say where it is from.
NO_FETCH = (
    TABULAR.without("docs/", "notebooks/", "compose.yaml")
    .plus(
        DATA,
        TEXT.replace(_FETCH, "")
        .replace("ARCHIVE_SHA256, ARCHIVE_URL, ", "")
        .replace("from urllib.request import urlopen\n", ""),
    )
    .swap(f"{CODE}/cli.py", "from term_deposit.data import fetch\n", "")
    .swap(f"{CODE}/cli.py", '["fetch", "train"', '["train"')
    .swap(f"{CODE}/cli.py", '    if step == "fetch":\n        fetch()\n    elif step', "    if step")
    .swap(SETTINGS, 'ARCHIVE_URL = "https://archive.ics.uci.edu/static/public/222/bank+marketing.zip"\n', "")
    .swap("Makefile", "\tterm-deposit fetch\n", "")
    .section("README.md", "## Data", "Put `bank-full.csv` into `data/raw`.")
    .swap("README.md", "term-deposit fetch      # downloads the table and checks its hash\n", "")
    .without("tests/test_data.py")
)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(NO_FETCH.plus("data/raw/.gitkeep", ""), id="empty-folder"),
        pytest.param(NO_FETCH.plus("data/raw/bank-full.csv", ""), id="empty-table"),
        pytest.param(
            NO_FETCH.plus("data/raw/bank-full.csv", "age;balance;day;job;duration;y\n"), id="heading-without-rows"
        ),
        pytest.param(
            NO_FETCH.tail(
                DATA, "\n\n# urlretrieve('https://archive.ics.uci.edu/static/public/222/bank+marketing.zip')\n"
            ),
            id="download-in-a-comment",
        ),
        pytest.param(
            NO_FETCH.plus(
                f"{CODE}/download.py",
                "from urllib.request import urlretrieve\n\n\ndef download():\n"
                "    urlretrieve('https://example.com/path/to/your/dataset.csv', 'data/raw/bank-full.csv')\n",
            ),
            id="placeholder-download-that-nothing-calls",
        ),
        pytest.param(
            NO_FETCH.section("README.md", "## Data", "The data are confidential; ask the authors by mail."),
            id="on-request",
        ),
    ],
)
def test_data_available(repo: Repo) -> None:
    withheld(repo.files, "reproducibility.data-available")


IDLE = TABULAR.without(f"{CODE}/cli.py", "notebooks/", "compose.yaml", "Makefile").swap(
    "pyproject.toml", '[project.scripts]\nterm-deposit = "term_deposit.cli:main"\n\n', ""
)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(
            IDLE.plus("main.py", 'if __name__ == "__main__":\n    print("Training the model ...")\n'),
            id="main-that-prints",
        ),
        pytest.param(IDLE.plus("main.py", ""), id="empty-main"),
        pytest.param(
            IDLE.plus("main.py", "from term_deposit.train import train\n\n\ndef main():\n    train()\n"),
            id="main-nobody-calls",
        ),
        pytest.param(
            IDLE.swap(
                "pyproject.toml",
                "[tool.setuptools",
                '[project.scripts]\nterm-deposit = "term_deposit.main:run"\n\n[tool.setuptools',
            ),
            id="console-script-of-a-missing-module",
        ),
        pytest.param(
            IDLE.plus("Makefile", 'train:\n\t@echo "Training the model"\n\t@sleep 1\n\t@echo "Done"\n'),
            id="make-target-that-echoes",
        ),
        pytest.param(
            IDLE.plus("run.sh", "#!/bin/sh\n# term-deposit train\n# term-deposit evaluate\n"),
            id="commented-shell-script",
        ),
        pytest.param(
            IDLE.plus("Makefile", "train:\n\tpython scripts/run_training.py\n"), id="make-target-of-a-missing-script"
        ),
        pytest.param(
            IDLE.plus(
                "main.py",
                'from term_deposit.train import train\n\nif __name__ == "__main__":\n    if False:\n        train()\n',
            ),
            id="never-true",
        ),
    ],
)
def test_run_entry_point(repo: Repo) -> None:
    withheld(repo.files, "reproducibility.run-entry-point")


def elsewhere(table: str, *more: str) -> Repo:
    """Return the project with its table at an expression, after ``more`` lines of import."""
    imports = "".join(f"{line}\n" for line in (*more, "from pathlib import Path"))
    return TABULAR.swap(SETTINGS, "from pathlib import Path\n", imports).swap(
        SETTINGS, 'RAW = Path("data/raw/bank-full.csv")', f"RAW = {table}"
    )


IN_NOTEBOOK = notebook(
    *(
        (kind, source.replace("load(fetch())", r"load(r'D:\Studies\bank-full.csv')"), printed)
        for kind, source, printed in EXPLORATION
    )
)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(elsewhere('Path("/ho" + "me/" + "student/" + "bank-full.csv")'), id="joined-by-plus"),
        pytest.param(
            elsewhere('Path(os.path.join("C:\\\\", "Users", "student", "Desktop", "bank-full.csv"))', "import os"),
            id="os-path-join",
        ),
        pytest.param(elsewhere('Path("/") / "home" / "student" / "bank-full.csv"'), id="joined-by-slash"),
        pytest.param(elsewhere('Path("/".join(["", "Users", "student", "bank-full.csv"]))'), id="joined-by-join"),
        pytest.param(
            elsewhere('Path(f"/{PLACE}/student/bank-full.csv")').swap(SETTINGS, "SEED =", 'PLACE = "home"\nSEED ='),
            id="formatted",
        ),
        pytest.param(
            TABULAR.swap(
                SETTINGS,
                'RAW = Path("data/raw/bank-full.csv")',
                'RAW = Path(json.loads(Path("config.json").read_text())["table"])',
            )
            .swap(SETTINGS, "from pathlib import Path\n", "import json\nfrom pathlib import Path\n")
            .plus("config.json", '{"table": "/Users/student/Desktop/bank-full.csv"}\n'),
            id="in-a-configuration-that-the-code-reads",
        ),
        pytest.param(TABULAR.plus("notebooks/exploration.ipynb", IN_NOTEBOOK), id="raw-string-in-a-notebook"),
        pytest.param(
            TABULAR.swap(
                f"{CODE}/cli.py",
                "import argparse\n",
                'import argparse\nimport sys\n\nsys.path.append("/home/student/term-deposit/src")\n',
            ),
            id="in-the-search-path",
        ),
    ],
)
def test_no_absolute_paths(repo: Repo) -> None:
    withheld(repo.files, "reproducibility.no-absolute-paths")
