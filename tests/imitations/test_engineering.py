"""Do idle packages, empty hints, repeated docstrings or a silent configuration pass for engineering?"""

from __future__ import annotations

import ast

import pytest

from tests.imitations.harness import withheld
from tests.imitations.honest import CODE, TABULAR
from tests.imitations.repo import Cell, Repo, notebook
from tests.imitations.rewriting import annotate, document, rewritten

STEPS = """\
import json

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, confusion_matrix
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

calls = pd.read_csv("data/raw/bank-full.csv", sep=";")
calls = calls.drop_duplicates()
calls = calls.drop(columns=["duration"])
target = (calls.pop("y") == "yes").astype(int)
numbers = calls.select_dtypes("number").columns
words = calls.columns.difference(numbers)
print(calls.describe())
print(calls[words].nunique())
for column in words:
    print(target.groupby(calls[column]).mean().sort_values())
x_train, x_test, y_train, y_test = train_test_split(calls, target, test_size=0.2, stratify=target, random_state=1)
prepare = ColumnTransformer(
    [("numbers", StandardScaler(), numbers), ("words", OneHotEncoder(handle_unknown="ignore"), words)],
    sparse_threshold=0,
)
naive = DummyClassifier(strategy="prior").fit(x_train, y_train)
print("naive", average_precision_score(y_test, naive.predict_proba(x_test)[:, 1]))
pipeline = Pipeline([("prepare", prepare), ("model", HistGradientBoostingClassifier(random_state=1))])
search = GridSearchCV(
    pipeline,
    {"model__learning_rate": [0.03, 0.1], "model__max_leaf_nodes": [15, 31]},
    scoring="average_precision",
    cv=5,
)
search.fit(x_train, y_train)
print(search.best_params_)
scores = search.predict_proba(x_test)[:, 1]
figures = {"average_precision": float(average_precision_score(y_test, scores))}
figures["confusion"] = confusion_matrix(y_test, search.predict(x_test)).tolist()
by_job = {}
for job in sorted(x_test["job"].unique()):
    rows = (x_test["job"] == job).to_numpy()
    by_job[job] = float(scores[rows].mean())
figures["by_job"] = by_job
with open("metrics.json", "w", encoding="utf-8") as file:
    json.dump(figures, file)
joblib.dump(search.best_estimator_, "model.joblib")
for name, value in figures.items():
    print(name, value)
"""
PAPERS = {
    "README.md": TABULAR.text("README.md"),
    "requirements.txt": "pandas==2.2.3\nscikit-learn==1.5.2\njoblib==1.4.2\n",
}
STUBS = '''\
"""Training."""


class Trainer:
    """Trains models."""

    def fit(self, data):
        """Fit."""
        pass

    def predict(self, data):
        """Predict."""
        pass


def load_data(path):
    """Load data."""
    pass
'''
IDLE = "".join(
    f'def {verb}_{noun}(values):\n    """Return the {noun} to {verb}."""\n    total = 0\n    for value in values:\n'
    "        if value is not None:\n            total += value\n    return total\n\n\n"
    for verb in ("clean", "load", "scale", "check")
    for noun in ("rows", "columns", "values")
)
SCRIPT = Repo({**PAPERS, "main.py": STEPS})
LINES = STEPS.splitlines(keepends=True)
WHOLE = [ast.unparse(statement) for statement in ast.parse(STEPS).body]
CELLS: tuple[Cell, ...] = tuple(("code", "\n".join(WHOLE[n : n + 6]), "done\n") for n in range(0, len(WHOLE), 6))
INDENTED = "".join(f"    {line}" if line.strip() else line for line in LINES)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(
            SCRIPT.plus("src/__init__.py", "")
            .plus("src/train.py", "")
            .plus("src/data.py", "")
            .plus("src/model.py", ""),
            id="empty-package-beside-a-script",
        ),
        pytest.param(
            SCRIPT.plus("src/trainer.py", STUBS).plus("src/loader.py", STUBS).plus("src/scorer.py", STUBS),
            id="classes-of-pass",
        ),
        pytest.param(SCRIPT.plus("src/helpers.py", IDLE), id="functions-that-nothing-calls"),
        pytest.param(
            Repo({**PAPERS, "notebooks/all.ipynb": notebook(*CELLS)})
            .plus("src/__init__.py", "")
            .plus("src/trainer.py", STUBS),
            id="notebook-beside-stubs",
        ),
        pytest.param(
            Repo({**PAPERS, "main.py": f'STEPS = """\n{STEPS}"""\n\n\ndef run():\n    exec(STEPS)\n\n\nrun()\n'}),
            id="code-in-a-string",
        ),
        pytest.param(Repo({**PAPERS, "main.py": f"class Project:\n{INDENTED}"}), id="script-indented-under-a-class"),
    ],
)
def test_modular_code(repo: Repo) -> None:
    withheld(repo.files, "engineering.modular-code")


BARE = rewritten(TABULAR, annotate(None, None))
PADDING = '"""Shapes."""\n\n' + "".join(f"\n\ndef _shape_{n}(a: int, b: int) -> int: ...\n" for n in range(120))


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(rewritten(TABULAR, annotate(None, "None")), id="only-none-as-every-result"),
        pytest.param(
            BARE.each(lambda path, text: text.replace("):\n", "):  # type: (Any) -> Any\n"), ".py"),
            id="hints-in-comments",
        ),
        pytest.param(BARE.plus(f"{CODE}/_shapes.py", PADDING), id="padded-with-annotated-stubs"),
        pytest.param(BARE.plus(f"{CODE}/py.typed", "").plus(f"{CODE}/data.pyi", ""), id="typed-marker-and-empty-stub"),
        pytest.param(
            rewritten(TABULAR, annotate("Any", "Any")).each(
                lambda path, text: text.replace(
                    "import annotations\n", "import annotations\nfrom typing import Any\n", 1
                ),
                ".py",
            ),
            id="any-for-everything",
        ),
        pytest.param(rewritten(TABULAR, annotate("'TODO'", "'TODO'")), id="to-be-done-as-annotation"),
    ],
)
def test_type_hints(repo: Repo) -> None:
    withheld(repo.files, "engineering.type-hints")


UNDOCUMENTED = rewritten(TABULAR, document(lambda _: None))


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(rewritten(TABULAR, document(lambda _: "TODO")), id="to-be-done"),
        pytest.param(rewritten(TABULAR, document(lambda _: ".")), id="full-stop"),
        pytest.param(rewritten(TABULAR, document(lambda _: "")), id="empty"),
        pytest.param(rewritten(TABULAR, document(lambda name: name)), id="the-name-again"),
        pytest.param(rewritten(TABULAR, document(lambda _: "Add your docstring here.")), id="template-left-in"),
        pytest.param(
            UNDOCUMENTED.each(
                lambda path, text: text.replace(
                    "\ndef ", "\n# Describes in full what the function below takes and returns.\ndef "
                ),
                ".py",
            ),
            id="comments-above",
        ),
        pytest.param(
            UNDOCUMENTED.each(lambda path, text: f'"""This module documents every function in it."""\n\n{text}', ".py"),
            id="modules-only",
        ),
    ],
)
def test_docstrings(repo: Repo) -> None:
    withheld(repo.files, "engineering.docstrings")


RUFF = '[tool.ruff]\nline-length = 120\n\n[tool.ruff.lint]\nselect = ["E", "F", "I", "B", "UP", "SIM"]\n'
UNLINTED = (
    TABULAR.without(".pre-commit-config.yaml")
    .swap("pyproject.toml", RUFF, "")
    .swap("pyproject.toml", '    "ruff==0.7.4",\n', "")
    .swap(".github/workflows/ci.yml", "      - run: ruff check .\n", "")
    .swap("Makefile", "\truff check .\n", "")
)
HOOKS = """\
repos:
  - repo: https://github.com/pre-commit/pre-commit-hooks
    rev: v5.0.0
    hooks:
      - id: check-added-large-files
      - id: check-merge-conflict
"""


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(UNLINTED.tail("pyproject.toml", "\n[tool.ruff]\n"), id="empty-table"),
        pytest.param(UNLINTED.plus(".pre-commit-config.yaml", "repos: []\n"), id="pre-commit-without-hooks"),
        pytest.param(UNLINTED.plus(".pre-commit-config.yaml", HOOKS), id="hooks-that-lint-nothing"),
        pytest.param(
            UNLINTED.swap(
                "pyproject.toml",
                '    "pytest==8.3.3",',
                '    "pytest==8.3.3",\n    "ruff==0.7.4",\n    "black==24.10.0",',
            ),
            id="dependency-only",
        ),
        pytest.param(
            UNLINTED.swap(
                ".github/workflows/ci.yml",
                "      - run: pytest\n",
                '      - run: echo "ruff check ."\n      - run: pytest\n',
            ),
            id="echo-in-ci",
        ),
        pytest.param(UNLINTED.plus(".flake8", "").plus(".pylintrc", ""), id="empty-files"),
        pytest.param(
            UNLINTED.tail("pyproject.toml", "\n# [tool.ruff]\n# line-length = 120\n# select = ['ALL']\n"),
            id="commented-table",
        ),
        pytest.param(
            UNLINTED.tail("README.md", "\n## Style\n\n![ruff](https://img.shields.io/badge/code%20style-ruff-black)\n"),
            id="badge",
        ),
    ],
)
def test_lint_configured(repo: Repo) -> None:
    withheld(repo.files, "engineering.lint-configured")
