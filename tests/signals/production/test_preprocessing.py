"""Services that prepare rows as training did, that do it again, and that leave it out."""

from __future__ import annotations

import pytest

from evaluator.model import Measured, NotApplicable
from evaluator.signals.production.preprocessing import same_preprocessing
from tests.facts.services import service

LOAD = "import joblib\nimport pandas as pd\nfrom sklearn.svm import SVC\nfrom sklearn.preprocessing import StandardScaler\ndf = pd.read_csv('a.csv')\nX, y = df[['a']], df['y']\n"
SCALED = (
    LOAD
    + "scaler = StandardScaler()\nX = scaler.fit_transform(X)\nmodel = SVC().fit(X, y)\njoblib.dump(model, 'model.pkl')\n"
)
APP = "import joblib\nfrom fastapi import FastAPI\napp = FastAPI()\nmodel = joblib.load('model.pkl')\n"
PLAIN = APP + "@app.post('/p')\ndef p(a: float):\n    return {'y': int(model.predict([[a]])[0])}\n"
ENCODE = "import pandas as pd\n\ndef encode(df):\n    return pd.get_dummies(df)\n"

NET = {
    "steps.py": "from torchvision import transforms\nPLAIN = transforms.Compose([transforms.Resize(9), transforms.ToTensor()])\n",
    "net.py": "from torch import nn\n\nclass Net(nn.Module):\n    def forward(self, x):\n        return x\n",
    "train.py": """
import torch
from net import Net
from steps import PLAIN

net = Net()
optimizer = torch.optim.Adam(net.parameters())
for image, y in pictures:
    loss = torch.nn.functional.cross_entropy(net(PLAIN(image)), y)
    loss.backward()
    optimizer.step()
torch.save(net.state_dict(), "net.pt")
""",
}
IMAGES = """
import torch
import streamlit as st
from net import Net
{}
net = Net()
net.load_state_dict(torch.load("net.pt"))
st.write(net(prepare(st.file_uploader("image"))))
"""


def level(files: dict[str, str]) -> float:
    answer = same_preprocessing(service(files).serving)
    assert isinstance(answer, Measured)
    assert answer.evidence
    return answer.value


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "train.py": LOAD
                + "from sklearn.pipeline import make_pipeline\nmodel = make_pipeline(StandardScaler(), SVC())\nmodel.fit(X, y)\n"
                "joblib.dump(model, 'model.pkl')\n",
                "app.py": PLAIN,
            },
            2,
            id="one pipeline",
        ),
        pytest.param(
            {
                "train.py": LOAD
                + "from sklearn.pipeline import Pipeline\npipe = Pipeline([('s', StandardScaler()), ('m', SVC())])\npipe.fit(X, y)\n"
                "joblib.dump({'model': pipe}, 'model.pkl')\n",
                "app.py": PLAIN.replace("model.predict", "model['model'].predict"),
            },
            2,
            id="one pipeline in a bundle",
        ),
        pytest.param(
            {
                "train.py": SCALED + "joblib.dump(scaler, 'scaler.pkl')\n",
                "app.py": (APP + "scaler = joblib.load('scaler.pkl')\n" + PLAIN.removeprefix(APP)).replace(
                    "model.predict([[a]])", "model.predict(scaler.transform([[a]]))"
                ),
            },
            2,
            id="the scaler is saved and loaded",
        ),
        pytest.param(
            {
                "steps.py": ENCODE.replace(
                    "get_dummies(df)", "get_dummies(df).reindex(columns=['a_x', 'a_y'], fill_value=0)"
                ),
                "train.py": LOAD
                + "from steps import encode\nmodel = SVC()\nmodel.fit(encode(df[['a']]), y)\njoblib.dump(model, 'model.pkl')\n",
                "app.py": APP + "import pandas as pd\nfrom steps import encode\n@app.post('/p')\ndef p(a: str):\n"
                "    return {'y': int(model.predict(encode(pd.DataFrame([{'a': a}])))[0])}\n",
            },
            2,
            id="one function for both",
        ),
        pytest.param(
            {
                "train.py": LOAD + "X = pd.get_dummies(X)\nmodel = SVC().fit(X, y)\njoblib.dump(model, 'model.pkl')\n",
                "app.py": APP
                + "@app.post('/p')\ndef p(a: str):\n    codes = {'x': 0, 'y': 1}\n    return {'y': int(model.predict([[codes[a]]])[0])}\n",
            },
            1,
            id="encoded again by hand",
        ),
        pytest.param(
            {
                "train.py": LOAD + "X = pd.get_dummies(X)\nmodel = SVC().fit(X, y)\njoblib.dump(model, 'model.pkl')\n",
                "app.py": APP
                + "import pandas as pd\ncolumns = joblib.load('columns.pkl')\n@app.post('/p')\ndef p(a: str):\n"
                "    row = pd.get_dummies(pd.DataFrame([{'a': a}])).reindex(columns=columns, fill_value=0)\n"
                "    return {'y': int(model.predict(row)[0])}\n",
            },
            1,
            id="encoded again, columns aligned",
        ),
        pytest.param(
            {**NET, "app.py": IMAGES.format("from steps import PLAIN as prepare")}, 2, id="one transformation of images"
        ),
        pytest.param(
            {
                **NET,
                "app.py": IMAGES.format(
                    "from torchvision import transforms\nprepare = transforms.Compose([transforms.Resize(9), transforms.ToTensor()])"
                ),
            },
            1,
            id="images, composed again",
        ),
        pytest.param(
            {
                **NET,
                "app.py": IMAGES.format(
                    "from torchvision import transforms\nprepare = transforms.Compose([transforms.ToTensor()])"
                ),
            },
            0,
            id="images, composed of other parts",
        ),
        pytest.param(
            {
                "train.py": LOAD
                + "from sklearn.pipeline import make_pipeline\nmodel = make_pipeline(StandardScaler(), SVC())\nmodel.fit(X, y)\n"
                "joblib.dump(model[-1], 'model.pkl')\n",
                "app.py": PLAIN,
            },
            0,
            id="only the last step of a pipeline is saved",
        ),
        pytest.param({"train.py": SCALED, "app.py": PLAIN}, 0, id="the scaler is left out"),
        pytest.param(
            {"train.py": SCALED + "joblib.dump(scaler, 'scaler.pkl')\n", "app.py": PLAIN},
            0,
            id="the scaler is saved, and left out",
        ),
        pytest.param(
            {
                "train.py": SCALED,
                "app.py": APP + "from sklearn.preprocessing import StandardScaler\n@app.post('/p')\ndef p(a: float):\n"
                "    row = StandardScaler().fit_transform([[a]])\n    return {'y': int(model.predict(row)[0])}\n",
            },
            0,
            id="another scaler is fitted on the request",
        ),
        pytest.param(
            {
                "train.py": LOAD + "X = pd.get_dummies(X)\nmodel = SVC().fit(X, y)\njoblib.dump(model, 'model.pkl')\n",
                "app.py": APP + "import pandas as pd\n@app.post('/p')\ndef p(a: str):\n"
                "    row = pd.get_dummies(pd.DataFrame([{'a': a}]))\n    return {'y': int(model.predict(row)[0])}\n",
            },
            0,
            id="one row is encoded by itself",
        ),
    ],
)
def test_same_preprocessing(files: dict[str, str], expected: float) -> None:
    assert level(files) == expected


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"train.py": SCALED}, id="nothing served"),
        pytest.param(
            {"train.py": LOAD + "model = SVC().fit(X, y)\njoblib.dump(model, 'model.pkl')\n", "app.py": PLAIN},
            id="nothing prepared",
        ),
        pytest.param(
            {
                "train.py": LOAD
                + "from sklearn.preprocessing import LabelEncoder\ny = LabelEncoder().fit_transform(y)\nmodel = SVC().fit(X, y)\n"
                "joblib.dump(model, 'model.pkl')\n",
                "app.py": PLAIN,
            },
            id="only the target is encoded",
        ),
    ],
)
def test_not_asked(files: dict[str, str]) -> None:
    assert isinstance(same_preprocessing(service(files).serving), NotApplicable)
