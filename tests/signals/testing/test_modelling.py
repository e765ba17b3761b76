"""A test touches data or a model where it calls the project's own code that handles them, and the real thing answers."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.facts.tested import tested as look_at_tests
from evaluator.model import Answer, Measured, NotApplicable, Unknown
from evaluator.signals.testing.modelling import tests_cover_ml as judge
from tests.facts.programs import notebook, program

PREP = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

def load(path):
    return pd.read_csv(path)

def clean(df):
    return df.dropna().assign(age=df["age"] / 100)

def build():
    return LogisticRegression()

def train(df):
    model = build()
    model.fit(df[["age"]], df["y"])
    return model

def quality(model, df):
    return f1_score(df["y"], model.predict(df[["age"]]))

def settings():
    return {"seed": 1}

if __name__ == "__main__":
    data = clean(load("d.csv"))
    print(quality(train(data), data))
"""
COMMAND = """
import sys
from prep import clean, load, quality, train

def main():
    step = sys.argv[1]
    if step == "train":
        train(load("d.csv"))
    else:
        quality(None, load("d.csv"))

if __name__ == "__main__":
    main()
"""
API = """
from fastapi import FastAPI
import joblib
import pandas as pd
app = FastAPI()
model = joblib.load("m.joblib")

@app.get("/health")
def health():
    return {"ok": True}

@app.post("/predict")
def predict(body: dict):
    return {"y": float(model.predict(pd.DataFrame([body]))[0])}
"""
NET = """
import numpy as np

def relu(x):
    return np.maximum(x, 0)

class Net:
    def __init__(self, n):
        self.w = np.zeros((n, 1))

    def forward(self, x):
        return relu(x @ self.w)

    def backward(self, x, error):
        self.w -= 0.1 * x.T @ error
"""
TORCH = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 2)

    def forward(self, x):
        return self.layer(x)
"""
PURE = """
import re

def clean_text(text):
    return re.sub(r"[^a-z ]", "", text.lower())

def tokenize(text):
    return clean_text(text).split()
"""
MODEL_TESTS = "import pandas as pd\nfrom prep import clean, train, quality, settings, build, load\nDF = pd.DataFrame({'age': [1, 2], 'y': [0, 1]})\n"
CLIENT = "from fastapi.testclient import TestClient\nfrom api import app\nclient = TestClient(app)\n"


def answer(files: Mapping[str, str | bytes]) -> Answer:
    made = program(files)
    return judge(look_at_tests(made.modules.snapshot, made.modules, made.code, made.reach, made.tree, made.r_work))


def level(files: Mapping[str, str | bytes]) -> float:
    found = answer(files)
    assert isinstance(found, Measured)
    assert found.evidence
    return found.value


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        pytest.param(
            "def test_a():\n    assert len(clean(DF)) == 2\n\ndef test_b():\n    assert quality(train(DF), DF) > 0.5\n",
            2,
            id="two",
        ),
        pytest.param("def test_a():\n    assert len(clean(DF)) == 2\n", 1, id="one"),
        pytest.param(
            "def test_a():\n    assert settings()['seed'] == 1\n\ndef test_b():\n    assert settings()\n",
            0,
            id="settings only",
        ),
        pytest.param(
            "import pytest\n@pytest.fixture\ndef model():\n    return train(DF)\n\n"
            "def test_a(model):\n    assert model.coef_.shape == (1, 1)\n\ndef test_b(model):\n    assert quality(model, DF) > 0\n",
            2,
            id="through a fixture",
        ),
        pytest.param(
            "import unittest\nclass Tests(unittest.TestCase):\n    def setUp(self):\n        self.m = train(DF)\n"
            "    def test_a(self):\n        self.assertEqual(len(clean(DF)), 2)\n"
            "    def test_b(self):\n        self.assertGreater(quality(self.m, DF), 0)\n",
            2,
            id="unittest",
        ),
        pytest.param(
            "import subprocess\ndef test_a():\n    out = subprocess.run(['python', 'prep.py'])\n    assert out.returncode == 0\n",
            1,
            id="the script is run",
        ),
        pytest.param(
            "import pytest\n@pytest.mark.parametrize('step', [clean])\ndef test_a(step):\n    assert len(step(DF)) == 2\n"
            "def test_b():\n    with pytest.raises(KeyError):\n        assert clean(DF.drop(columns='age')) is None\n",
            2,
            id="as a parameter, and for its error",
        ),
    ],
)
def test_tests_cover_ml_through_functions(tests: str, expected: int) -> None:
    assert level({"prep.py": PREP, "tests/test_prep.py": MODEL_TESTS + tests}) == expected


LIFESPAN = """
import joblib
from contextlib import asynccontextmanager
from fastapi import FastAPI

@asynccontextmanager
async def lifespan(app):
    app.state.model = load_model()
    yield

app = FastAPI(lifespan=lifespan)

def load_model():
    model = joblib.load("m.joblib")
    model.predict([[0]])
    return model

@app.get("/")
async def home():
    return {"said": "welcome"}

@app.post("/predict")
def predict(a: float):
    return {"y": float(app.state.model.predict([[a]])[0])}
"""


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("get('/')", 0, id="that has nothing to do with it"),
        pytest.param("post('/predict', params={'a': 1})", 1, id="that asks it"),
    ],
)
def test_tests_of_an_address_of_a_service_that_loads_the_model_at_its_start(address: str, expected: int) -> None:
    test = CLIENT + f"def test_a():\n    assert client.{address}.status_code == 200\n"
    assert level({"api.py": LIFESPAN, "m.joblib": b"x", "tests/test_api.py": test}) == expected


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        pytest.param(
            CLIENT + "def test_a():\n    assert client.post('/predict', json={'a': 1}).json()['y'] > 0\n\n"
            "def test_b():\n    assert client.post('/predict', json={'a': 2}).status_code == 200\n",
            2,
            id="the model is asked twice",
        ),
        pytest.param(
            CLIENT + "def test_a():\n    assert client.get('/health').status_code == 200\n", 0, id="health only"
        ),
        pytest.param(
            CLIENT + "def test_a():\n    assert client.post('/predict', json={}).status_code == 422\n\n"
            "def test_b():\n    assert client.post('/predict').status_code == 422\n",
            0,
            id="refused requests only",
        ),
        pytest.param(
            CLIENT + "from unittest.mock import MagicMock, patch\n"
            "@patch('api.model', MagicMock())\ndef test_a():\n    assert client.post('/predict', json={'a': 1}).status_code == 200\n",
            0,
            id="the model is patched away by a decorator",
        ),
        pytest.param(
            CLIENT + "import api\nclass FakeModel:\n    def predict(self, x):\n        return [1]\n"
            "def test_a(monkeypatch):\n    monkeypatch.setattr(api, 'model', FakeModel())\n"
            "    assert client.post('/predict', json={'a': 1}).status_code == 200\n",
            0,
            id="a fake model",
        ),
        pytest.param(
            "import pytest\nfrom unittest.mock import MagicMock\nfrom fastapi.testclient import TestClient\nimport api\n"
            "@pytest.fixture\ndef client(monkeypatch):\n    model = MagicMock()\n    model.predict.return_value = [1]\n"
            "    monkeypatch.setattr(api, 'model', model)\n    return TestClient(api.app)\n"
            "def test_a(client):\n    assert client.post('/predict', json={'a': 1}).json()['y'] == 1\n",
            0,
            id="a mock in a fixture",
        ),
    ],
)
def test_tests_cover_ml_through_a_service(tests: str, expected: int) -> None:
    assert level({"api.py": API, "m.joblib": b"x", "tests/test_api.py": tests}) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "net.py": NET,
                "test_net.py": "import numpy as np\nfrom net import Net, relu\n"
                "def test_a():\n    assert relu(np.array([-1.0]))[0] == 0\n\n"
                "def test_b():\n    assert Net(3).forward(np.ones((2, 3))).shape == (2, 1)\n",
            },
            2,
            id="written by hand with numpy",
        ),
        pytest.param(
            {
                "net.py": TORCH,
                "tests/test_net.py": "import torch\nfrom net import Net\n"
                "def test_shape():\n    assert Net()(torch.zeros(3, 4)).shape == (3, 2)\n\n"
                "def test_learns():\n    net = Net()\n    net(torch.zeros(1, 4)).sum().backward()\n"
                "    assert net.layer.weight.grad is not None\n",
            },
            2,
            id="shapes and gradients of a network",
        ),
        pytest.param(
            {
                "text.py": PURE,
                "train.py": "import pandas as pd\nfrom text import tokenize\nprint(pd.read_csv('d.csv').text.map(tokenize))",
                "tests/test_text.py": "from text import clean_text, tokenize\n"
                "def test_a():\n    assert clean_text('A!') == 'a'\n\ndef test_b():\n    assert tokenize('A b') == ['a', 'b']\n",
            },
            2,
            id="text cleaned without a library",
        ),
        pytest.param(
            {
                "prep.py": PREP,
                "tests/test_data.py": "import pandas as pd\ndef test_a():\n    df = pd.read_csv('data/d.csv')\n    assert df.age.notna().all()\n",
                "data/d.csv": "age,y\n1,0\n",
            },
            1,
            id="the committed data are checked",
        ),
        pytest.param(
            {
                "prep.py": PREP,
                "tests/test_model.py": "import joblib\ndef test_a():\n    m = joblib.load('model.joblib')\n    assert m.predict([[1]])[0] == 1\n",
                "model.joblib": b"x",
            },
            1,
            id="the kept model is asked",
        ),
        pytest.param({"a.ipynb": notebook(PREP)}, 0, id="a notebook without tests"),
        pytest.param({"a.R": "d <- read.csv('d.csv')\nm <- lm(y ~ x, d)\n"}, 0, id="R without tests"),
    ],
)
def test_tests_cover_ml_of_other_kinds(files: dict[str, str | bytes], expected: int) -> None:
    assert level(files) == expected


@pytest.mark.parametrize(
    "tests",
    [
        pytest.param("def test_a():\n    assert True\n\ndef test_b():\n    clean(DF)\n", id="nothing can fail"),
        pytest.param(
            "def clean(df):\n    return df\n\ndef test_a():\n    assert len(clean(DF)) == 2\n", id="a copy is tested"
        ),
        pytest.param(
            "from sklearn.linear_model import LogisticRegression\nfrom sklearn.datasets import load_iris\n"
            "def test_a():\n    X, y = load_iris(return_X_y=True)\n    assert LogisticRegression().fit(X, y).score(X, y) > 0.9\n",
            id="the library is tested",
        ),
        pytest.param("def test_model_prediction():\n    '''Tests the model.'''\n    assert 1 + 1 == 2\n", id="a name"),
        pytest.param("import pytest\n@pytest.mark.skip\ndef test_a():\n    assert len(clean(DF)) == 2\n", id="skipped"),
        pytest.param("def check_clean():\n    assert len(clean(DF)) == 2\n", id="not collected"),
        pytest.param(
            "def test_a():\n    assert callable(clean)\n\ndef test_b():\n    assert train is not None\n",
            id="only looked for",
        ),
        pytest.param("import os\ndef test_a():\n    assert os.path.exists('prep.py')\n", id="a file exists"),
        pytest.param("def test_a():\n    import prep\n    assert prep is not None\n", id="imported only"),
    ],
)
def test_imitations_touch_nothing(tests: str) -> None:
    assert level({"prep.py": PREP, "tests/test_prep.py": MODEL_TESTS + tests}) == 0


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "import argparse\nprint(argparse.ArgumentParser().parse_args())"}, id="a tool"),
        pytest.param(
            {"score.py": "def score(line):\n    return len(line)\n\nprint(score('a'))"}, id="a word is no model"
        ),
        pytest.param({"index.js": "console.log(1)"}, id="a page"),
    ],
)
def test_tests_cover_ml_not_asked(files: dict[str, str | bytes]) -> None:
    assert isinstance(answer(files), NotApplicable)


def test_tests_in_other_languages_are_not_judged() -> None:
    files = {"src/model.jl": "f(d) = lm(y ~ x, d)", "test/runtests.jl": "@testset begin\n@test f(1) == 1\nend"}

    assert isinstance(answer(files), Unknown)


@pytest.mark.parametrize(
    ("checks", "level"),
    [
        pytest.param("test_that('f', { expect_true(TRUE) })", 0, id="constants"),
        pytest.param("test_that('f', { expect_s3_class(f(mtcars), 'lm') })", 1, id="one"),
        pytest.param("test_that('f', { expect_s3_class(f(mtcars), 'lm') })\n" * 2, 2, id="two"),
    ],
)
def test_tests_of_r(checks: str, level: int) -> None:
    found = answer({"R/model.R": "f <- function(d) lm(y ~ x, d)", "tests/testthat/test-model.R": checks})

    assert isinstance(found, Measured)
    assert found.value == level


REPLACING = "import cli, prep, pytest, sys\nfrom unittest import mock\n"


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        pytest.param("def test_a(monkeypatch):\n    monkeypatch.setattr(cli, 'train', lambda d: 1)\n    monkeypatch.setattr(cli, 'load', lambda p: 1)\n    assert cli.main() is None\n", 0, id="training is replaced"),
        pytest.param("def test_a():\n    with mock.patch('cli.train') as t, mock.patch('cli.load'):\n        assert cli.main() is None\n", 0, id="by a dotted name"),
        pytest.param("@mock.patch.object(cli, 'load')\n@mock.patch.object(cli, 'train')\ndef test_a(t, l):\n    assert cli.main() is None\n", 0, id="by decorators"),
        pytest.param("def test_a(monkeypatch):\n    monkeypatch.setattr(sys, 'argv', ['x'])\n    with pytest.raises(SystemExit):\n        cli.main()\n    assert sys\n", 0, id="sent away"),
        pytest.param("def test_a(monkeypatch):\n    monkeypatch.setattr(cli, 'load', lambda p: 1)\n    assert cli.main() is None\n", 1, id="only the reading is replaced"),
        pytest.param("def test_a(monkeypatch):\n    monkeypatch.setattr(cli, 'train', lambda d: 1)\n    assert prep.train(1) is not None\n", 1, id="elsewhere"),
    ],
)  # fmt: skip
def test_what_a_test_replaces_is_not_run(tests: str, expected: int) -> None:
    assert level({"prep.py": PREP, "cli.py": COMMAND, "test_cli.py": REPLACING + tests}) == expected
