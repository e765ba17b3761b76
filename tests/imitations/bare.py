"""What is left of the honest tabular project when one real thing is taken away? Imitations are built upon these."""

from __future__ import annotations

from tests.imitations.honest import CODE, TABULAR
from tests.imitations.repo import Repo

PURPOSE = """\
A bank's call centre phones customers to offer a term deposit; nine in ten decline. This project ranks customers by how
likely they are to subscribe, so that the team calls the promising ones first. It is written for campaign planners.
"""
INSTALL = """\
```bash
pip install -e ".[dev]"
```
"""
RUN = """\
```bash
term-deposit fetch
term-deposit train
term-deposit evaluate
```
"""


def readme(**sections: str) -> str:
    """Return a README with these sections under their names (``_`` reads as a space); purpose, install and run as usual."""
    usual = {"Purpose": PURPOSE, "Install": INSTALL, "Run": RUN}
    parts = [f"## {name.replace('_', ' ')}\n\n{body}" for name, body in {**usual, **sections}.items() if body]
    return "# Term deposit call lists\n\n" + "\n".join(parts)


def told(repo: Repo | None = None, **sections: str) -> Repo:
    """Return ``repo``, or the tabular project, with that README and no other document."""
    silent = repo or TABULAR.without("docs/", "notebooks/")
    return silent.plus("README.md", readme(**sections))


# One model with its settings, one split: no folds, no search, no baseline, no record of runs.
ONE_MODEL = '''\
"""The one model."""

from __future__ import annotations

from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from term_deposit.settings import CATEGORICAL, NUMERIC, SEED


def preprocessing() -> ColumnTransformer:
    """Return the unfitted treatment of the columns."""
    return ColumnTransformer(
        [
            ("numeric", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMERIC),
            ("categorical", OneHotEncoder(handle_unknown="ignore", sparse_output=False), CATEGORICAL),
        ]
    )


def forest() -> Pipeline:
    """Return the unfitted pipeline."""
    model = RandomForestClassifier(n_estimators=300, random_state=SEED)
    return Pipeline([("prepare", preprocessing()), ("model", model)])
'''
ONE_TRAIN = '''\
"""Fits the forest and saves it."""

from __future__ import annotations

import joblib

from term_deposit.data import load, split
from term_deposit.model import forest
from term_deposit.settings import MODEL


def train() -> None:
    """Fit on the training rows and save."""
    x_train, _, y_train, _ = split(load())
    pipeline = forest()
    pipeline.fit(x_train, y_train)
    MODEL.parent.mkdir(parents=True, exist_ok=True)
    joblib.dump(pipeline, MODEL)
'''
ONE_TEST = '''\
"""What the forest learns."""

from __future__ import annotations

import pandas as pd

from term_deposit.data import clean, split
from term_deposit.evaluate import found_first
from term_deposit.model import forest


def test_forest_finds_subscribers_first(raw: pd.DataFrame) -> None:
    x_train, x_test, y_train, y_test = split(clean(raw))

    scores = forest().fit(x_train, y_train).predict_proba(x_test)[:, 1]

    assert found_first(y_test.to_numpy(), scores) > 0.3
'''
ONE = (
    told()
    .plus(f"{CODE}/model.py", ONE_MODEL)
    .plus(f"{CODE}/train.py", ONE_TRAIN)
    .plus("tests/test_model.py", ONE_TEST)
    .swap("tests/test_service.py", "from term_deposit.model import candidates", "from term_deposit.model import forest")
    .swap("tests/test_service.py", 'candidates()["logistic regression"]', "forest()")
)


def command(*steps: str) -> str:
    """Return a command line with these steps; each is a function of the module of its name."""
    homes = {"fetch": "data"}
    imports = "".join(
        f"from term_deposit.{homes.get(step, step)} import {step}\n"
        for step in sorted(steps, key=lambda s: homes.get(s, s))
    )
    calls = "".join(
        f'    {"elif" if n else "if"} step == "{step}":\n        {step}()\n' for n, step in enumerate(steps)
    )
    return (
        f'"""The command line: one word a step."""\n\nfrom __future__ import annotations\n\nimport argparse\n\n{imports}\n\n'
        'def main() -> None:\n    """Run the step that the command line names."""\n'
        '    parser = argparse.ArgumentParser(prog="term-deposit")\n'
        f'    parser.add_argument("step", choices={list(steps)})\n    step = parser.parse_args().step\n{calls}\n\n'
        'if __name__ == "__main__":\n    main()\n'
    )


EVALUATE_HEAD = '''\
"""Measures the saved pipeline."""

from __future__ import annotations

import json

import joblib
import numpy as np
from sklearn.metrics import accuracy_score, average_precision_score, confusion_matrix, recall_score

from term_deposit.data import load, split
from term_deposit.settings import MODEL, REPORTS


'''


def scored(body: str, *, repo: Repo = ONE, steps: tuple[str, ...] = ("fetch", "train", "evaluate")) -> Repo:
    """Return the project of one model, without tests, with ``body`` as what evaluation does."""
    return (
        repo.without("tests/", f"{CODE}/explain.py", f"{CODE}/report.py")
        .plus(f"{CODE}/evaluate.py", EVALUATE_HEAD + body)
        .plus(f"{CODE}/cli.py", command(*steps))
        .plus("Makefile", "all:\n" + "".join(f"\tterm-deposit {step}\n" for step in steps))
        .swap(".github/workflows/ci.yml", "      - run: pytest\n", "")
    )


EVALUATED = '''\
def evaluate() -> None:
    """Print the average precision of the held-out customers."""
    _, x_test, _, y_test = split(load())
    scores = joblib.load(MODEL).predict_proba(x_test)[:, 1]
    print(json.dumps({"average_precision": average_precision_score(y_test, scores)}))
'''
BARE = scored(EVALUATED)
