"""How many of the six stages a project has in code that runs."""

from __future__ import annotations

import pytest

from evaluator.model import Absence, Measured, NotApplicable
from evaluator.signals.production.stages import end_to_end
from tests.facts.programs import notebook
from tests.facts.services import service
from tests.signals.production.programs import API, TRAIN, TRAINED

LOAD = "import pandas as pd\nfrom sklearn.svm import SVC\ndf = pd.read_csv('a.csv')\nX, y = df[['a']], df['y']\n"
FIT = "model = SVC()\nmodel.fit(X, y)\n"
PREPARE = "df = df.fillna(0)\n"
SCORE = (
    "from sklearn.model_selection import train_test_split\nfrom sklearn.metrics import f1_score\n"
    "X_train, X_test, y_train, y_test = train_test_split(X, y)\nmodel.fit(X_train, y_train)\n"
    "print(f1_score(y_test, model.predict(X_test)))\n"
)


def answer(files: dict[str, str]) -> object:
    made = service(files)
    return end_to_end(made.stages, made.program.work, made.program.tree)


@pytest.mark.parametrize(
    ("files", "level"),
    [
        pytest.param({**TRAINED, "app.py": API}, 2, id="all six"),
        pytest.param(TRAINED, 2, id="five, without a service"),
        pytest.param({"a.ipynb": notebook(TRAIN)}, 2, id="five, in a notebook"),
        pytest.param({"train.py": LOAD + PREPARE + FIT + SCORE}, 1, id="four"),
        pytest.param({"train.py": LOAD + FIT + SCORE}, 1, id="three"),
        pytest.param(
            {
                "train.py": "import torchvision\nfrom tensorflow import keras\n(x, y), (xt, yt) = keras.datasets.mnist.load_data()\n"
                "m = keras.Sequential()\nm.fit(x, y)\nm.evaluate(xt, yt)\nm.save('m.h5')\n"
            },
            1,
            id="four, data of a library",
        ),
        pytest.param({"train.py": LOAD + FIT}, 0, id="two"),
        pytest.param(
            {"train.py": LOAD + FIT + "def evaluate():\n    " + SCORE.replace("\n", "\n    ") + "\n"},
            0,
            id="the others in a function that nothing calls",
        ),
        pytest.param(
            {
                "train.py": LOAD
                + FIT
                + "# df.dropna(); f1_score(y, p); joblib.dump(model, 'm')\nimport joblib\nimport fastapi\n"
            },
            0,
            id="the others in comments and imports",
        ),
        pytest.param(
            {
                "train.py": LOAD + FIT,
                "tests/test_it.py": "def test_it():\n    " + (PREPARE + SCORE).replace("\n", "\n    "),
            },
            0,
            id="the others in a test",
        ),
        pytest.param(
            {"train.py": LOAD + FIT + SCORE, "app.py": "import streamlit as st\nst.write('hello')\n"},
            1,
            id="an app that answers nothing is no service",
        ),
    ],
)
def test_end_to_end(files: dict[str, str], level: float) -> None:
    found = answer(files)

    assert isinstance(found, Measured)
    assert found.value == level


def test_says_what_is_missing() -> None:
    found = answer({"train.py": LOAD + FIT})

    assert isinstance(found, Measured)
    assert any(isinstance(e, Absence) and "prepare, evaluate, persist, serve" in e.note for e in found.evidence)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "import pandas as pd\nprint(pd.read_csv('a.csv').describe())\n"}, id="an analysis"),
        pytest.param({"app.py": "import streamlit as st\nst.write('hello')\n"}, id="an app"),
    ],
)
def test_not_asked(files: dict[str, str]) -> None:
    assert isinstance(answer(files), NotApplicable)
