"""Models that are kept and taken up again, by several libraries, and what is saved that is no model."""

from __future__ import annotations

import pytest

from evaluator.model import InFile, Measured, NotApplicable
from evaluator.signals.production.persistence import model_persisted
from tests.facts.programs import notebook
from tests.facts.services import service

FIT = "from sklearn.svm import SVC\nimport joblib\nimport pickle\nmodel = SVC()\nmodel.fit(X, y)\n"
USE = "import joblib\nm = joblib.load('model.pkl')\nprint(m.predict(rows))\n"
NET = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)
"""
LOOP = """
import torch
from net import Net
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in batches:
    loss = torch.nn.functional.mse_loss(net(x), y)
    loss.backward()
    optimizer.step()
"""
KERAS = """
from tensorflow import keras
model = keras.Sequential([keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, y)
"""


DAGSTER = {
    "jobs/train.py": """
import dagster as dg
import joblib
from sklearn.svm import SVC

@dg.asset
def model(rows):
    made = SVC()
    made.fit(rows, rows)
    return made

@dg.asset
def kept(model):
    joblib.dump(model, "model.joblib")
""",
    "jobs/store.py": """
from dataclasses import dataclass
import dagster as dg
import joblib

@dataclass(frozen=True)
class Bundle:
    version: str
    model: object

def fetch(path):
    return joblib.load(path)

class Store(dg.ConfigurableResource):
    root: str

    def artifact(self, name):
        return fetch(name)

    def champion_bundle(self):
        found = self.artifact("model.joblib")
        return Bundle(version="1", model=getattr(found, "model", found))
""",
    "jobs/score.py": """
import dagster as dg

@dg.asset(required_resource_keys={"store"})
def scored(context: dg.AssetExecutionContext, rows):
    store = context.resources.store
    bundle = store.champion_bundle()
    return bundle.model.predict(rows)
""",
    "jobs/__init__.py": "",
    "definitions.py": """
import dagster as dg
from jobs import score, train
from jobs.store import Store

defs = dg.Definitions(
    assets=dg.load_assets_from_modules([train, score]), resources={"store": Store(root="models")}
)
""",
}


def answer(files: dict[str, str | bytes]) -> object:
    made = service(files)
    return model_persisted(made.serving, made.program.work, made.program.tree)


def level(files: dict[str, str | bytes]) -> float:
    found = answer(files)
    assert isinstance(found, Measured)
    assert found.evidence
    return found.value


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"train.py": FIT + "joblib.dump(model, 'model.pkl')\n", "use.py": USE}, id="joblib"),
        pytest.param(
            {
                "train.py": FIT + "with open('model.pkl', 'wb') as f:\n    pickle.dump(model, f)\n",
                "use.py": "import pickle\nwith open('model.pkl', 'rb') as f:\n    m = pickle.load(f)\nprint(m.predict([[1]]))\n",
            },
            id="pickle",
        ),
        pytest.param(
            {
                "a.ipynb": notebook(
                    FIT, "joblib.dump(model, 'model.pkl')", "again = joblib.load('model.pkl')", "again.score(X, y)"
                )
            },
            id="in one notebook",
        ),
        pytest.param(
            {
                "train.py": FIT + "joblib.dump({'model': model, 'columns': list(X)}, 'bundle.pkl')\n",
                "use.py": "import joblib\nbundle = joblib.load('bundle.pkl')\nprint(bundle['model'].predict(rows))\n",
            },
            id="in a bundle",
        ),
        pytest.param(
            {
                "utils.py": "import dill\ndef save_object(path, obj):\n    with open(path, 'wb') as f:\n        dill.dump(obj, f)\n"
                "def load_object(path):\n    with open(path, 'rb') as f:\n        return dill.load(f)\n",
                "train.py": FIT + "from utils import save_object\nsave_object(path='artifacts/model.pkl', obj=model)\n",
                "use.py": "from utils import load_object\nmodel = load_object('artifacts/model.pkl')\nprint(model.predict(rows))\n",
            },
            id="through helpers",
        ),
        pytest.param(
            {
                "net.py": NET,
                "train.py": LOOP + "torch.save(net.state_dict(), 'net.pt')\n",
                "use.py": "import torch\nfrom net import Net\nnet = Net()\nnet.load_state_dict(torch.load('net.pt'))\nprint(net(rows))\n",
            },
            id="torch state",
        ),
        pytest.param(
            {
                "net.py": NET,
                "train.py": LOOP + "torch.save({'epoch': 1, 'model_state_dict': net.state_dict()}, 'checkpoint.pth')\n"
                "state = torch.load('checkpoint.pth')\nnet.load_state_dict(state['model_state_dict'])\nprint(net(held_out))\n",
            },
            id="torch checkpoint, taken up to score",
        ),
        pytest.param(
            {
                "train.py": KERAS + "model.save('model.keras')\n",
                "use.py": "from keras.models import load_model\nprint(load_model('model.keras').predict(rows))\n",
            },
            id="keras",
        ),
        pytest.param(
            {
                "train.py": KERAS.replace(
                    "model.fit(x, y)", "model.fit(x, y, callbacks=[keras.callbacks.ModelCheckpoint('best.keras')])"
                )
                + "best = keras.models.load_model('best.keras')\nbest.evaluate(x_test, y_test)\n"
            },
            id="keras checkpoint",
        ),
        pytest.param(
            {
                "train.py": FIT + "import mlflow\nmlflow.sklearn.log_model(model, 'model')\n",
                "use.py": "import mlflow\nm = mlflow.pyfunc.load_model('models:/m/1')\nprint(m.predict(rows))\n",
            },
            id="mlflow",
        ),
        pytest.param(
            {
                "train.py": "import lightgbm as lgb\nb = lgb.train({}, lgb.Dataset(X, y))\nb.save_model('m.txt')\n",
                "use.py": "import lightgbm as lgb\nprint(lgb.Booster(model_file='m.txt').predict(rows))\n",
            },
            id="lightgbm",
        ),
        pytest.param(
            {
                "train.py": "from catboost import CatBoostClassifier\nm = CatBoostClassifier()\nm.fit(X, y)\nm.save_model('m.cbm')\n",
                "use.py": "from catboost import CatBoostClassifier\nm = CatBoostClassifier()\nm.load_model('m.cbm')\nprint(m.predict(r))\n",
            },
            id="catboost",
        ),
        pytest.param(
            {
                "train.py": "from stable_baselines3 import PPO\nm = PPO('MlpPolicy', 'CartPole-v1')\nm.learn(1000)\nm.save('ppo')\n",
                "play.py": "from stable_baselines3 import PPO\nm = PPO.load('ppo')\naction, _ = m.predict(obs)\nprint(action)\n",
            },
            id="stable baselines",
        ),
        pytest.param(
            {
                "train.py": "from transformers import AutoModelForCausalLM, Trainer\n"
                "m = AutoModelForCausalLM.from_pretrained('gpt2')\nt = Trainer(model=m)\nt.train()\nm.save_pretrained('./out')\n",
                "use.py": "from transformers import AutoModelForCausalLM\n"
                "m = AutoModelForCausalLM.from_pretrained('./out')\nprint(m.generate(ids))\n",
            },
            id="transformers",
        ),
        pytest.param(
            {
                "model.py": """
import numpy as np

class Net:
    def __init__(self):
        self.W = np.zeros((3, 2))

    def fit(self, X, y):
        for _ in range(9):
            error = X @ self.W - y
            self.W -= 0.1 * X.T @ error

    def predict(self, X):
        return X @ self.W

    def save(self, path):
        np.savez(path, W=self.W)

    def load(self, path):
        data = np.load(path)
        self.W = data["W"]
""",
                "main.py": "from model import Net\nnet = Net()\nnet.fit(X, y)\nnet.save('w.npz')\n"
                "other = Net()\nother.load('w.npz')\nprint(other.predict(rows))\n",
            },
            id="weights written by hand",
        ),
        pytest.param(DAGSTER, id="one asset of a pipeline saves it, another asks what a resource loads"),
        pytest.param({"use.py": USE, "model.pkl": b"\x80\x04"}, id="committed, and asked; the training is elsewhere"),
    ],
)
def test_saved_and_loaded(files: dict[str, str | bytes]) -> None:
    assert level(files) == 2


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"train.py": FIT + "joblib.dump(model, 'model.pkl')\n"}, id="never loaded"),
        pytest.param(
            {
                "train.py": FIT + "joblib.dump(model, 'model.pkl')\n",
                "use.py": "import joblib\nm = joblib.load('model.pkl')\n",
            },
            id="loaded, never asked",
        ),
        pytest.param(
            {
                "train.py": FIT + "joblib.dump(model, 'model.pkl')\n",
                "use.py": "import joblib\ndef ask(rows):\n    return joblib.load('model.pkl').predict(rows)\n",
            },
            id="loaded by a function that nothing calls",
        ),
        pytest.param(
            {
                "train.py": FIT + "joblib.dump(model, 'model.pkl')\n",
                "test_use.py": "def test_it():\n    " + USE.replace("\n", "\n    "),
            },
            id="loaded by a test only",
        ),
        pytest.param({"train.py": FIT + "import mlflow\nmlflow.sklearn.log_model(model, 'm')\n"}, id="logged only"),
        pytest.param({"train.py": "import mlflow\nmlflow.autolog()\n" + FIT}, id="logged by itself"),
        pytest.param({"train.py": FIT, "use.py": USE}, id="loaded from a file that nothing makes"),
        pytest.param({"train.py": FIT, "models/model.joblib": b"\x80"}, id="committed only"),
    ],
)
def test_one_of_both(files: dict[str, str | bytes]) -> None:
    assert level(files) == 1


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"train.py": FIT}, id="neither"),
        pytest.param(
            {
                "train.py": FIT
                + "from sklearn.preprocessing import StandardScaler\ns = StandardScaler().fit(X)\njoblib.dump(s, 'scaler.pkl')\n"
            },
            id="a scaler only",
        ),
        pytest.param(
            {"train.py": FIT + "import json\njson.dump({'accuracy': 0.9}, open('r.json', 'w'))\n"}, id="results only"
        ),
        pytest.param(
            {"train.py": FIT + "pickle.dump({'accuracy': 0.9}, open('model.pkl', 'wb'))\n"}, id="results called a model"
        ),
        pytest.param(
            {"train.py": FIT + "def save():\n    joblib.dump(model, 'model.pkl')\n"}, id="saved by what nothing calls"
        ),
        pytest.param({"train.py": FIT + "# joblib.dump(model, 'model.pkl')\n"}, id="commented out"),
        pytest.param(
            {"train.py": FIT + "history = model.fit(X, y)\n", "README.md": "The model is saved.\n"}, id="in prose"
        ),
        pytest.param(
            {"train.py": KERAS + "import pickle\nh = model.fit(x, y)\npickle.dump(h.history, open('h', 'wb'))\n"},
            id="a history",
        ),
        pytest.param({"train.py": FIT + "X.to_pickle('rows.pkl')\n"}, id="rows"),
    ],
)
def test_neither(files: dict[str, str | bytes]) -> None:
    assert level(files) == 0


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "import pandas as pd\nprint(pd.read_csv('a.csv'))\n"}, id="no model"),
        pytest.param(
            {"a.py": "from transformers import pipeline\nprint(pipeline('sentiment-analysis')('good'))\n"},
            id="somebody else's",
        ),
    ],
)
def test_not_asked(files: dict[str, str | bytes]) -> None:
    assert isinstance(answer(files), NotApplicable)


def test_a_pipeline_that_nothing_defines_keeps_nothing() -> None:
    idle = DAGSTER | {
        "definitions.py": "import dagster as dg\nfrom jobs import score, train\nfrom jobs.store import Store\n"
    }
    found = answer(idle)

    assert not isinstance(found, Measured) or found.value < 2


def test_evidence_names_both_places() -> None:
    found = answer({"train.py": FIT + "joblib.dump(model, 'model.pkl')\n", "use.py": USE})

    assert isinstance(found, Measured)
    assert [(e.at.path, e.at.start) for e in found.evidence if isinstance(e, InFile)] == [
        ("train.py", 6),
        ("use.py", 2),
    ]
