"""Errors are laid open where a reader is shown them by class, group, residual or case; a number is no analysis."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.facts.analyses import analyses
from evaluator.facts.prose import prose
from evaluator.model import Answer, Measured, NotApplicable
from evaluator.signals.modelling.errors import error_analysis
from tests.facts.programs import NOTHING, cell, notebook, program

START = """
import pandas as pd
import numpy as np
import matplotlib.pyplot as plt
import seaborn as sns
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split
from sklearn.metrics import *
df = pd.read_csv("d.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"])
model = RandomForestClassifier()
model.fit(X_train, y_train)
y_pred = model.predict(X_test)
print(accuracy_score(y_test, y_pred))
"""
REGRESSION = START.replace("RandomForestClassifier()", "LinearRegression()").replace(
    "accuracy_score", "mean_absolute_error"
)
TORCH = """
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchmetrics import ConfusionMatrix
net = nn.Sequential(nn.Linear(4, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
loss_fn = nn.CrossEntropyLoss()
for x, y in DataLoader(train):
    loss = loss_fn(net(x), y)
    loss.backward()
    optimizer.step()
"""


def answer(files: Mapping[str, str | bytes]) -> Answer:
    made = program(files)
    found = analyses(made.modules, made.code, made.reach, made.notebooks, NOTHING)
    return error_analysis(made.work, found, prose(made.modules.snapshot, made.tree, made.notebooks), made.tree)


def level(files: Mapping[str, str | bytes]) -> float:
    found = answer(files)
    assert isinstance(found, Measured)
    assert found.evidence
    return found.value


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("print(confusion_matrix(y_test, y_pred))", 2, id="matrix printed"),
        pytest.param(
            "cm = confusion_matrix(y_test, y_pred)\nsns.heatmap(cm, annot=True)\nplt.savefig('cm.png')",
            2,
            id="matrix drawn and saved",
        ),
        pytest.param(
            "ConfusionMatrixDisplay.from_predictions(y_test, y_pred)\nplt.show()", 2, id="display draws by itself"
        ),
        pytest.param(
            "disp = ConfusionMatrixDisplay(confusion_matrix(y_test, y_pred))\ndisp.plot()\nplt.show()",
            2,
            id="display, then plot",
        ),
        pytest.param("print(pd.crosstab(y_test, y_pred))", 2, id="cross table of truth and prediction"),
        pytest.param(
            "tn, fp, fn, tp = confusion_matrix(y_test, y_pred).ravel()\nprint(f'{fp} false alarms, {fn} missed')",
            2,
            id="unpacked",
        ),
        pytest.param(
            "def plot_cm(cm, path):\n    sns.heatmap(cm)\n    plt.savefig(path)\n"
            "def evaluate(m):\n    return {'cm': confusion_matrix(y_test, m.predict(X_test)), 'acc': 1}\n"
            "scores = evaluate(model)\nplot_cm(scores['cm'], 'a.png')",
            2,
            id="through a dict, a result and a parameter",
        ),
        pytest.param(
            "import mlflow\nmlflow.log_dict({'cm': confusion_matrix(y_test, y_pred).tolist()}, 'cm.json')",
            2,
            id="logged",
        ),
        pytest.param(
            "import json\nout = {'cm': confusion_matrix(y_test, y_pred).tolist()}\njson.dump(out, open('m.json', 'w'))",
            2,
            id="kept",
        ),
        pytest.param("print(f1_score(y_test, y_pred, average=None))", 2, id="a score for each class"),
        pytest.param("print(precision_recall_fscore_support(y_test, y_pred))", 2, id="all scores for each class"),
        pytest.param(
            "for c in df['region'].unique():\n    m = X_test['region'] == c\n    print(c, accuracy_score(y_test[m], y_pred[m]))",
            2,
            id="a score for each group",
        ),
        pytest.param(
            "X_test['y'] = y_test\nX_test['pred'] = y_pred\n"
            "print(X_test.groupby('sex').apply(lambda g: recall_score(g['y'], g['pred'])))",
            2,
            id="groupby and apply",
        ),
        pytest.param(
            "X_test['error'] = np.abs(y_test - y_pred)\nprint(X_test.groupby('region')['error'].mean())",
            2,
            id="errors by group",
        ),
        pytest.param("wrong = X_test[y_test != y_pred]\nprint(wrong.head())", 2, id="wrong rows printed"),
        pytest.param(
            "idx = np.where(y_pred != y_test)[0]\nfor i in idx[:5]:\n    print(X_test.iloc[i])",
            2,
            id="wrong rows by index",
        ),
        pytest.param(
            "X_test['y'] = y_test\nX_test['ok'] = y_test == y_pred\nprint(X_test[~X_test['ok']].head())",
            2,
            id="wrong rows by a flag",
        ),
        pytest.param(
            "for row, truth, said in zip(X_test.values, y_test, y_pred):\n    if truth != said:\n        print(row, truth, said)",
            2,
            id="wrong rows one by one",
        ),
        pytest.param(
            "tp = fp = fn = tn = 0\nfor t, p in zip(y_test, y_pred):\n    if t == 1 and p == 1: tp += 1\n"
            "    elif t == 0 and p == 1: fp += 1\n    elif t == 1: fn += 1\n    else: tn += 1\nprint('TP', tp, 'FP', fp, 'FN', fn, 'TN', tn)",
            2,
            id="counted by hand",
        ),
        pytest.param(
            "m = np.zeros((3, 3))\nfor t, p in zip(y_test, y_pred):\n    m[t][p] += 1\nprint(m)",
            2,
            id="matrix filled by hand",
        ),
        pytest.param(
            "from yellowbrick.classifier import ConfusionMatrix\nv = ConfusionMatrix(model)\nv.show()",
            2,
            id="yellowbrick",
        ),
        pytest.param("print(classification_report(y_test, y_pred))", 1, id="report without comment"),
        pytest.param("RocCurveDisplay.from_estimator(model, X_test, y_test)\nplt.show()", 1, id="curve alone"),
        pytest.param("pass", 0, id="accuracy alone"),
        pytest.param(
            "print(precision_score(y_test, y_pred), recall_score(y_test, y_pred))", 0, id="several single numbers"
        ),
    ],
)
def test_error_analysis_of_classifiers(code: str, expected: int) -> None:
    assert level({"a.py": START + code}) == expected
    assert level({"a.ipynb": notebook(START, code)}) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(
            "residuals = y_test - y_pred\nplt.scatter(y_pred, residuals)\nplt.show()", 2, id="residuals drawn"
        ),
        pytest.param("sns.histplot(y_test - y_pred)\nplt.savefig('r.png')", 2, id="histogram of residuals"),
        pytest.param("print((y_test - y_pred).describe())", 2, id="residuals described"),
        pytest.param(
            "out = X_test.copy()\nout['error'] = abs(y_test - y_pred)\nprint(out.nlargest(5, 'error'))",
            2,
            id="worst cases",
        ),
        pytest.param("sns.residplot(x=y_pred, y=y_test)\nplt.show()", 2, id="residual plot of a library"),
        pytest.param("PredictionErrorDisplay.from_predictions(y_test, y_pred)\nplt.show()", 2, id="display of errors"),
        pytest.param("plt.scatter(y_test, y_pred)\nplt.show()", 1, id="predictions against the truth"),
        pytest.param("plt.plot(y_test.values)\nplt.plot(y_pred)\nplt.show()", 1, id="predictions beside the truth"),
        pytest.param(
            "print(pd.DataFrame({'Actual': y_test, 'Predicted': y_pred}).head())", 1, id="a few rows with both"
        ),
        pytest.param(
            "residuals = y_test - y_pred\nprint(np.mean(residuals ** 2))", 0, id="an error measure by hand is a number"
        ),
        pytest.param(
            "def scores(truth, said):\n    return np.abs(truth - said)\n\ndef bound(values, alpha=0.05):\n"
            "    level = 100 * (1 - alpha)\n    return np.percentile(values, level)\n\nprint(bound(scores(y_test, y_pred)))",
            0,
            id="residuals for the width of an interval only",
        ),
        pytest.param("print(np.abs(y_test - y_pred).quantile(0.9))", 0, id="one quantile of the residuals"),
        pytest.param("print(np.percentile(y_test - y_pred, [5, 50, 95]))", 2, id="quantiles of the residuals"),
        pytest.param(
            "out = pd.DataFrame({'pred': y_pred})\nout['asked'] = 0.9 * out['pred'] + np.random.normal(size=len(out))\n"
            "out['gain'] = out['pred'] - out['asked']\nplt.scatter(out['pred'], out['gain'])\nplt.show()",
            0,
            id="a gain over prices that are made of predictions",
        ),
        pytest.param(
            "test = pd.read_csv('test.csv')\npd.DataFrame({'Id': test['Id'], 'y': model.predict(test)}).to_csv('s.csv')",
            0,
            id="a submission",
        ),
        pytest.param(
            "test_ids = X_test.index\nout = pd.DataFrame({'row': test_ids, 'y': y_pred})\nout.to_csv('s.csv')",
            0,
            id="predictions with the number of their row",
        ),
        pytest.param(
            "import json\nscore = r2_score(y_test, y_pred)\nkept = {'r2': score, 'n': len(y_test), 'predictions': y_pred.tolist()}\n"
            "json.dump(kept, open('kept.json', 'w'))",
            0,
            id="a measure kept beside predictions",
        ),
        pytest.param(
            "print(np.sqrt(mean_squared_error(y_test, y_pred)), r2_score(y_test, y_pred))", 0, id="several measures"
        ),
    ],
)
def test_error_analysis_of_regressors(code: str, expected: int) -> None:
    assert level({"a.py": REGRESSION + code}) == expected
    assert level({"a.ipynb": notebook(REGRESSION, code)}) == expected


STATSMODELS = """
import statsmodels.api as sm
import pandas as pd
import matplotlib.pyplot as plt
fit = sm.OLS(y, sm.add_constant(x)).fit()
print(fit.rsquared)
"""
ARIMA = """
from statsmodels.tsa.arima.model import ARIMA
import matplotlib.pyplot as plt
fit = ARIMA(series, order=(1, 1, 1)).fit()
print(fit.aic)
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(STATSMODELS + "sm.qqplot(fit.resid)\nplt.show()", 2, id="Q-Q plot of residuals"),
        pytest.param(ARIMA + "fit.plot_diagnostics()\nplt.show()", 2, id="diagnostics"),
        pytest.param(
            ARIMA + "from statsmodels.stats.diagnostic import acorr_ljungbox\nprint(acorr_ljungbox(fit.resid))",
            2,
            id="Ljung-Box",
        ),
        pytest.param(
            ARIMA + "from statsmodels.tsa.seasonal import seasonal_decompose\n"
            "parts = seasonal_decompose(series)\nplt.plot(parts.resid)\nplt.show()",
            0,
            id="the rest of a decomposition is no model's error",
        ),
        pytest.param(
            TORCH
            + "cm = ConfusionMatrix(task='multiclass', num_classes=3)\nfor x, y in test:\n    cm.update(net(x).argmax(1), y)\n"
            "print(cm.compute())",
            2,
            id="torchmetrics",
        ),
        pytest.param(
            TORCH + "wrong = []\nnet.eval()\nfor x, labels in test:\n    _, predicted = torch.max(net(x), 1)\n"
            "    for i in range(len(labels)):\n        if predicted[i] != labels[i]:\n            wrong.append(x[i])\n"
            "import matplotlib.pyplot as plt\nfor image in wrong[:9]:\n    plt.imshow(image)\nplt.show()",
            2,
            id="wrong images collected and drawn",
        ),
        pytest.param(
            TORCH + "import matplotlib.pyplot as plt\nfor x, labels in test:\n    predicted = net(x).argmax(1)\n"
            "    plt.imshow(x[0])\n    plt.title(f'{predicted[0]} / {labels[0]}')\n    plt.show()",
            1,
            id="some images with both labels",
        ),
        pytest.param(
            TORCH + "right, total = [0] * 3, [0] * 3\nfor x, labels in test:\n    _, predicted = torch.max(net(x), 1)\n"
            "    c = (predicted == labels).squeeze()\n    for i in range(4):\n        right[labels[i]] += c[i].item()\n"
            "        total[labels[i]] += 1\nfor i in range(3):\n    print(i, right[i] / total[i])",
            2,
            id="hits counted class by class",
        ),
        pytest.param(
            "from tensorflow import keras\nimport matplotlib.pyplot as plt\nm = keras.Sequential([keras.layers.LSTM(5)])\n"
            "m.compile('adam', 'mse')\nm.fit(x, y)\nvalid = data[50:]\nvalid['Predictions'] = m.predict(xt)\n"
            "plt.plot(valid[['Close', 'Predictions']])\nplt.show()",
            1,
            id="prices drawn beside their forecast",
        ),
        pytest.param(
            TORCH
            + "correct = 0\nfor x, labels in test:\n    predicted = net(x).argmax(1)\n    correct += (predicted == labels).sum()\n"
            "print(correct)",
            0,
            id="right ones counted",
        ),
        pytest.param(
            "from tensorflow import keras\nimport tensorflow as tf\nimport numpy as np\nm = keras.Sequential([keras.layers.Dense(3)])\n"
            "m.compile(loss='mse', metrics=['accuracy'])\nm.fit(x, y)\np = np.argmax(m.predict(xt), axis=1)\n"
            "print(tf.math.confusion_matrix(yt, p))",
            2,
            id="tensorflow",
        ),
        pytest.param(
            "import xgboost as xgb\nfrom sklearn.metrics import confusion_matrix\nb = xgb.train({}, d)\np = b.predict(t) > 0.5\n"
            "import wandb\nwandb.log({'cm': confusion_matrix(y, p)})",
            2,
            id="xgboost, logged",
        ),
        pytest.param(
            "import numpy as np\nclass Net:\n    def fit(self, X, y):\n        for i in range(9):\n"
            "            error = self.forward(X) - y\n            self.w -= self.lr * X.T.dot(error)\n            self.losses.append(error)\n"
            "    def forward(self, X):\n        return X.dot(self.w)\n    def predict(self, X):\n        return self.forward(X) > 0\n"
            "import matplotlib.pyplot as plt\nn = Net()\nn.fit(X, y)\nplt.plot(n.losses)\nplt.show()",
            0,
            id="errors of training steps are a learning curve",
        ),
        pytest.param(
            "from stable_baselines3 import PPO\nfrom stable_baselines3.common.evaluation import evaluate_policy\n"
            "m = PPO('MlpPolicy', 'CartPole-v1')\nm.learn(1000)\nprint(evaluate_policy(m, m.env))",
            0,
            id="mean reward of an agent",
        ),
    ],
)
def test_error_analysis_of_other_libraries(code: str, expected: int) -> None:
    assert level({"a.py": code}) == expected


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("cm = confusion_matrix(y_test, y_pred)", id="thrown away"),
        pytest.param("cm = confusion_matrix(y_test, y_pred)\nprint('Confusion matrix computed')", id="announced only"),
        pytest.param("cm = confusion_matrix(y_test, y_pred)\nprint(cm.shape, len(cm))", id="its shape"),
        pytest.param(
            "cm = confusion_matrix(y_test, y_pred)\nprint(np.trace(cm) / cm.sum())", id="accuracy out of a matrix"
        ),
        pytest.param("def show():\n    print(confusion_matrix(y_test, y_pred))", id="in a function that nothing calls"),
        pytest.param(
            "def show():\n    cm = confusion_matrix(y_test, y_pred)\n    return cm\nshow()", id="returned into nothing"
        ),
        pytest.param("# confusion matrix\nprint('Confusion matrix: looks fine')", id="words"),
        pytest.param("cm = np.array([[50, 2], [3, 45]])\nsns.heatmap(cm)\nplt.show()", id="typed in"),
        pytest.param("tp, fp, fn, tn = 50, 2, 3, 45\nprint(tp, fp, fn, tn)", id="counts typed in"),
        pytest.param("print(pd.crosstab(df['sex'], df['y']))", id="a cross table of the data"),
        pytest.param("if False:\n    print(confusion_matrix(y_test, y_pred))", id="under a false condition"),
        pytest.param("print((y_pred != y_test).sum())", id="the number of wrong ones"),
        pytest.param("print(X_test[y_pred == y_test].head())", id="the right ones"),
        pytest.param(
            "preds = np.linspace(0, 1, 9)\nactual = [1, 2, 3]\nplt.plot(preds)\nplt.plot(actual)\nplt.show()",
            id="invented",
        ),
        pytest.param("sns.heatmap(df.corr())\nplt.show()", id="correlations"),
        pytest.param(
            "from sklearn.model_selection import learning_curve\nplt.plot(learning_curve(model, X_train, y_train)[1])\nplt.show()",
            id="learning curve",
        ),
    ],
)
def test_imitations_are_no_error_analysis(code: str) -> None:
    assert level({"a.py": START + code}) == 0


KEPT = {
    "train.py": REGRESSION + "pd.DataFrame({'actual': y_test, 'tree_forecast': y_pred}).to_csv('forecasts.csv')\n",
    "look.py": """
import pandas as pd
import matplotlib.pyplot as plt
MODELS = ["tree_forecast", "linear_forecast"]

def residuals(df, name):
    y = df["actual"]
    for m in MODELS:
        if m in df.columns:
            rest = y - df[m]
            plt.hist(rest.dropna(), bins=50)
            plt.savefig(f"{name}_{m}.png")

if __name__ == "__main__":
    residuals(pd.read_csv("forecasts.csv"), "north")
""",
}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({}, 2, id="drawn model by model"),
        pytest.param({"look.py": KEPT["look.py"].replace("plt.hist(rest.dropna(), bins=50)", "rest.mean()")}, 1, id="not drawn"),
        pytest.param({"look.py": KEPT["look.py"].replace("_forecast", "_price")}, 1, id="columns that are no forecasts"),
    ],
)  # fmt: skip
def test_residuals_of_forecasts_that_another_script_kept(more: dict[str, str], expected: int) -> None:
    assert level({**KEPT, **more}) == expected


WRAPPED = {
    "wrapped.py": """
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report, confusion_matrix

class Wrapped:
    def __init__(self):
        self.classifier = LogisticRegression()

    def train(self, X, y):
        self.classifier.fit(X, y)

    def evaluate(self, X, y):
        found = self.classifier.predict(X)
        return {"matrix": confusion_matrix(y, found), "report": classification_report(y, found)}
""",
    "pipeline.py": """
class Pipeline:
    def set_model(self, model):
        self.model = model

    def evaluate(self, X, y):
        return self.model.evaluate(X, y)
""",
    "evaluation.py": """
def evaluate(pipeline, X, y):
    found = pipeline.evaluate(X, y)
    with open("metrics.txt", "w") as file:
        file.write(str(found["matrix"]))
        file.write(found["report"])
""",
    "main.py": """
import pandas as pd
from sklearn.model_selection import train_test_split
from evaluation import evaluate
from pipeline import Pipeline
from wrapped import Wrapped
df = pd.read_csv("d.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"])
model = Wrapped()
model.train(X_train, y_train)
made = Pipeline()
made.set_model(model)
evaluate(made, X_test, y_test)
""",
    "tests/test_wrapped.py": """
from wrapped import Wrapped

def test_evaluate():
    assert "matrix" in Wrapped().evaluate([[1]], [1])
""",
}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({}, 2, id="written to a file by a function that is given the pipeline"),
        pytest.param({"evaluation.py": "def evaluate(pipeline, X, y):\n    pipeline.evaluate(X, y)\n"}, 0, id="thrown away"),
        pytest.param({"main.py": WRAPPED["main.py"].replace("evaluate(made", "print(made")}, 0, id="only a test asks for it"),
    ],
)  # fmt: skip
def test_error_analysis_behind_methods(more: dict[str, str], expected: int) -> None:
    assert level({**WRAPPED, **more}) == expected


def test_a_plot_that_a_script_never_shows_is_not_seen() -> None:
    assert level({"a.py": START + "sns.heatmap(confusion_matrix(y_test, y_pred))"}) == 0
    assert level({"a.ipynb": notebook(START, "sns.heatmap(confusion_matrix(y_test, y_pred))")}) == 2


def test_a_cell_that_the_kept_run_left_out_counts_half() -> None:
    ran = notebook(cell(START, 1, printed="0.9"), cell("confusion_matrix(y_test, y_pred)"))
    shown = notebook(
        cell(START, 1, printed="0.9"), cell("confusion_matrix(y_test, y_pred)", 2, printed="[[5 1] [2 4]]")
    )
    stripped = notebook(START, "confusion_matrix(y_test, y_pred)")

    assert [level({"a.ipynb": n}) for n in (ran, shown, stripped)] == [1, 2, 2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The model misses every second case: false negatives are mostly young patients.", 2, id="comment"),
        pytest.param("Die meisten Fehler sind falsch negative: junge Patienten werden übersehen.", 2, id="in German"),
        pytest.param("This notebook was written in 2021.", 1, id="no comment"),
    ],
)
def test_a_report_counts_fully_with_a_comment(text: str, expected: int) -> None:
    files = {
        "a.py": START + "print(classification_report(y_test, y_pred))",
        "README.md": f"# T\n\n## Results\n\n{text}\n",
    }

    assert level(files) == expected


def test_pictures_of_errors_without_their_code_count_half() -> None:
    readme = "# T\n\n## Results\n\n![Confusion matrix](cm.png)\n"

    assert level({"a.py": START, "README.md": readme, "cm.png": b"\x89PNG"}) == 1
    assert level({"a.py": START, "README.md": readme}) == 0


def test_error_analysis_not_asked() -> None:
    assert isinstance(answer({"a.py": "import pandas as pd\nprint(pd.read_csv('d.csv').describe())"}), NotApplicable)


def test_a_kept_model_without_its_training_has_no_error_analysis() -> None:
    assert (
        level({"app.py": "import joblib\nm = joblib.load('m.joblib')\nprint(m.predict([[1]]))", "m.joblib": b"x"}) == 0
    )
