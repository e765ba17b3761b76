"""A measure suits where it says something of this task, and is named after what is computed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.facts.analyses import analyses
from evaluator.facts.claims import claims
from evaluator.facts.prose import prose
from evaluator.model import Answer, Measured, NotApplicable
from evaluator.signals.modelling.metrics import metric_suits_task
from tests.facts.programs import cell, notebook, program

START = """
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import *
from sklearn.model_selection import train_test_split
df = pd.read_csv("d.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"])
reg = LinearRegression().fit(X_train, y_train)
clf = LogisticRegression().fit(X_train, y_train)
"""


def answer(files: Mapping[str, str | bytes]) -> Answer:
    made = program(files)
    read = prose(made.modules.snapshot, made.tree, made.notebooks)
    return metric_suits_task(analyses(made.modules, made.code, made.reach, made.notebooks, read), claims(read))


def level(files: Mapping[str, str | bytes]) -> float:
    found = answer(files)
    assert isinstance(found, Measured)
    assert found.evidence
    return found.value


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(
            "p = reg.predict(X_test)\nmse = mean_squared_error(y_test, p)\nprint('MSE:', mse)", 2, id="mse is mse"
        ),
        pytest.param(
            "rmse = np.sqrt(mean_squared_error(y_test, reg.predict(X_test)))\nprint(f'RMSE: {rmse}')",
            2,
            id="root taken",
        ),
        pytest.param(
            "mse = mean_squared_error(y_test, reg.predict(X_test))\nrmse = mse ** 0.5\nprint('MSE', mse, 'RMSE', rmse)",
            2,
            id="both",
        ),
        pytest.param(
            "rmse = mean_squared_error(y_test, reg.predict(X_test), squared=False)\nprint('RMSE', rmse)",
            2,
            id="root by a keyword",
        ),
        pytest.param(
            "rmse = mean_squared_error(y_test, reg.predict(X_test))\nprint('RMSE:', rmse)", 0, id="mse called rmse"
        ),
        pytest.param(
            "print(f'RMSE: {mean_squared_error(y_test, reg.predict(X_test)):.2f}')", 0, id="called so in the text only"
        ),
        pytest.param("print({'rmse': mean_squared_error(y_test, reg.predict(X_test))})", 0, id="called so by its key"),
        pytest.param("accuracy = reg.score(X_test, y_test)\nprint(accuracy)", 0, id="R2 called accuracy"),
        pytest.param("print('Accuracy: %.2f' % r2_score(y_test, reg.predict(X_test)))", 0, id="R2 printed as accuracy"),
        pytest.param("print('R2', reg.score(X_test, y_test))", 2, id="R2 is R2"),
        pytest.param("print('Accuracy', clf.score(X_test, y_test))", 2, id="score of a classifier is accuracy"),
        pytest.param(
            "p = np.round(reg.predict(X_test))\nprint(accuracy_score(y_test, p))", 0, id="accuracy of a regressor"
        ),
        pytest.param(
            "precision = accuracy_score(y_test, clf.predict(X_test))\nprint(precision)",
            0,
            id="accuracy called precision",
        ),
        pytest.param("print(roc_auc_score(y_test, clf.predict(X_test)))", 1, id="area from hard labels"),
        pytest.param("print(roc_auc_score(y_test, clf.predict_proba(X_test)[:, 1]))", 2, id="area from probabilities"),
        pytest.param(
            "print(accuracy_score(y_test, clf.predict(X_test)))", 2, id="accuracy, nothing said of the classes"
        ),
        pytest.param(
            "c = LogisticRegression(class_weight='balanced').fit(X_train, y_train)\nprint(accuracy_score(y_test, c.predict(X_test)))",
            1,
            id="accuracy alone on weighted classes",
        ),
        pytest.param(
            "from imblearn.over_sampling import SMOTE\na, b = SMOTE().fit_resample(X_train, y_train)\nclf.fit(a, b)\n"
            "p = clf.predict(X_test)\nprint(accuracy_score(y_test, p), recall_score(y_test, p))",
            2,
            id="recall beside it",
        ),
        pytest.param(
            "from tensorflow import keras\nm = keras.Sequential([keras.layers.Dense(1)])\nm.compile(loss='mse', metrics=['accuracy'])\n"
            "m.fit(X_train, y_train)",
            0,
            id="accuracy of a network that fits numbers",
        ),
        pytest.param(
            "from tensorflow import keras\nm = keras.Sequential([keras.layers.Dense(1, activation='sigmoid')])\n"
            "m.compile(loss='binary_crossentropy', metrics=['accuracy'])\nm.fit(X_train, y_train)",
            2,
            id="accuracy of a network that tells classes",
        ),
    ],
)
def test_metric_suits_task(code: str, expected: int) -> None:
    assert level({"a.py": START + code}) == expected
    assert level({"a.ipynb": notebook(START, code)}) == expected


def test_counts_that_a_notebook_keeps_show_rare_classes() -> None:
    counts = cell("df['y'].value_counts()", 2, printed="0    284315\n1       492\nName: y, dtype: int64")
    even = cell("df['y'].value_counts()", 2, printed="0    500\n1    480\nName: y, dtype: int64")
    score = cell("print(accuracy_score(y_test, clf.predict(X_test)))", 3, printed="0.99")

    assert level({"a.ipynb": notebook(cell(START, 1), counts, score)}) == 1
    assert level({"a.ipynb": notebook(cell(START, 1), even, score)}) == 2


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param("Only 11.7 % of the 45 211 customers subscribe.", 1, id="a share"),
        pytest.param("Fraud makes up 0.2% of all transactions.", 1, id="a share without a verb"),
        pytest.param("The classes are highly imbalanced.", 1, id="in words"),
        pytest.param("Las clases están desbalanceadas.", 1, id="in Spanish"),
        pytest.param("The classes are not imbalanced.", 2, id="denied"),
        pytest.param("48 % of the customers subscribe.", 2, id="even"),
        pytest.param("We hold out 15 % of the customers as test rows.", 2, id="a split"),
        pytest.param("2 % of the rows are missing.", 2, id="missing rows"),
    ],
)
def test_rare_classes_in_words(said: str, expected: int) -> None:
    code = START + "print(accuracy_score(y_test, clf.predict(X_test)))"

    assert level({"a.py": code, "README.md": f"# T\n\n{said}\n"}) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("print('F1:', accuracy_score(y_test, p))", 0, id="accuracy called f1"),
        pytest.param("print('micro F1:', accuracy_score(y_test, p))", 2, id="accuracy is the micro average of f1"),
        pytest.param("print('accuracy:', f1_score(y_test, p, average='micro'))", 2, id="and the other way round"),
        pytest.param("print('accuracy:', f1_score(y_test, p))", 0, id="f1 called accuracy"),
        pytest.param(
            "s = {'mean_recall': balanced_accuracy_score(y_test, p)}\nprint(s)",
            2,
            id="balanced accuracy is mean recall",
        ),
        pytest.param(
            "s = {'recall': balanced_accuracy_score(y_test, p)}\nprint(s)", 0, id="balanced accuracy called recall"
        ),
    ],
)
def test_averages_that_are_the_same(code: str, expected: int) -> None:
    assert level({"a.py": f"{START}p = clf.predict(X_test)\n{code}"}) == expected


def test_a_readme_that_calls_r2_accuracy() -> None:
    files = {
        "a.py": START + "print('R2', r2_score(y_test, reg.predict(X_test)))",
        "README.md": "# T\n\n## Results\n\nAccuracy: 0.87\n",
    }

    assert level(files) == 0


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import pandas as pd\nprint(pd.read_csv('d.csv').describe())", id="no model"),
        pytest.param(START, id="no measure"),
        pytest.param(
            START + "def f():\n    rmse = mean_squared_error(y_test, reg.predict(X_test))\n    return rmse",
            id="nothing runs it",
        ),
    ],
)
def test_metric_suits_task_not_asked(code: str) -> None:
    assert isinstance(answer({"a.py": code}), NotApplicable)
