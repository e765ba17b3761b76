"""Is a baseline that is named and scored told from several models, from one, and from the word alone?"""

from __future__ import annotations

import pytest

from evaluator.signals.modelling.baselines import baseline_compared
from tests.experiments import HEAD, ONE, level, project
from tests.facts.programs import cell, notebook

TWO = (
    "baseline = LogisticRegression().fit(X_train, y_train)\nprint(baseline.score(X_test, y_test))\n"
    "forest = RandomForestClassifier().fit(X_train, y_train)\nprint(forest.score(X_test, y_test))\n"
)
KERAS = (
    "import tensorflow as tf\nimport numpy as np\nfrom tensorflow import keras\n(x, y), (a, b) = keras.datasets.mnist.load_data()\n"
    "def build_baseline():\n    m = keras.Sequential([keras.layers.Dense(10)])\n    m.compile(loss='mse', metrics=['accuracy'])\n    return m\n"
    "def build_cnn():\n    m = keras.Sequential([keras.layers.Conv2D(8, 3), keras.layers.Dense(10)])\n    m.compile(loss='mse', metrics=['accuracy'])\n    return m\n"
)
TORCH = """
import torch, torch.nn as nn
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
class Linear(nn.Module):
    def forward(self, x):
        return x
class Net(nn.Module):
    def forward(self, x):
        return x
loader, test_loader = DataLoader(MNIST('.', train=True)), DataLoader(MNIST('.', train=False))
def train(model):
    opt = torch.optim.SGD(model.parameters())
    for x, t in loader:
        loss = nn.functional.cross_entropy(model(x), t)
        loss.backward()
        opt.step()
def evaluate(model):
    model.eval()
    hits = 0
    with torch.no_grad():
        for x, t in test_loader:
            hits += (model(x).argmax(1) == t).sum().item()
    return hits
"""
RL = """
import gymnasium as gym
from stable_baselines3 import PPO
from stable_baselines3.common.evaluation import evaluate_policy
env = gym.make('CartPole-v1')
model = PPO('MlpPolicy', env)
model.learn(1000)
mean, std = evaluate_policy(model, env)
print(mean)
"""
SWITCH = (
    "def make(name):\n    if name == 'forest':\n        return RandomForestClassifier()\n    elif name == 'linear':\n"
    "        return LogisticRegression()\n    raise ValueError(name)\n"
    "def run(name):\n    m = make(name)\n    m.fit(X_train, y_train)\n    print(m.score(X_test, y_test))\n"
)
ARGS = (
    "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--model')\nargs = parser.parse_args()\n"
)
WRAPPED = {
    "forest.py": "from sklearn.ensemble import RandomForestClassifier\nclass Forest:\n    def __init__(self):\n        self.inner = RandomForestClassifier()\n"
    "    def train(self, X, y):\n        self.inner.fit(X, y)\n    def rate(self, X, y):\n        return self.inner.score(X, y)\n",
    "linear.py": "from sklearn.linear_model import LogisticRegression\nclass Linear:\n    def __init__(self):\n        self.inner = LogisticRegression()\n"
    "    def train(self, X, y):\n        self.inner.fit(X, y)\n    def rate(self, X, y):\n        return self.inner.score(X, y)\n",
    "factory.py": "from forest import Forest\nfrom linear import Linear\nclass Factory:\n    @staticmethod\n    def make(name):\n"
    "        if name == 'forest':\n            return Forest()\n        elif name == 'linear':\n            return Linear()\n        raise ValueError(name)\n",
}
CHOSEN = "from factory import Factory\ndef run(name):\n    m = Factory.make(name)\n    m.train(X_train, y_train)\n    print(m.rate(X_test, y_test))\n"
TABLE = (
    "| Model | Accuracy |\n|---|---|\n| Logistic Regression | 0.81 |\n| Random Forest | 0.86 |\n| XGBoost | 0.87 |\n"
)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project(f"{ONE}d = DummyClassifier(strategy='most_frequent').fit(X_train, y_train)\nprint(d.score(X_test, y_test))"), id="dummy"),
        pytest.param(project(f"{ONE}print(cross_val_score(DummyClassifier(), X, y).mean())\nprint(cross_val_score(RandomForestClassifier(), X, y).mean())"), id="dummy over folds"),
        pytest.param(project("for name, m in {'Dummy': DummyClassifier(), 'RF': RandomForestClassifier()}.items():\n    m.fit(X_train, y_train)\n    print(name, m.score(X_test, y_test))"), id="dummy in a dict of models"),
        pytest.param(project("for m in [make_pipeline(StandardScaler(), DummyClassifier()), make_pipeline(StandardScaler(), SVC())]:\n    m.fit(X_train, y_train)\n    print(m.score(X_test, y_test))"), id="dummy in a pipeline"),
        pytest.param(project(f"{ONE}guess = np.full(len(y_test), y_train.mode()[0])\nprint(accuracy_score(y_test, guess))"), id="majority by hand"),
        pytest.param(project(f"{ONE}majority = y_train.mode()[0]\nprint(accuracy_score(y_test, [majority] * len(y_test)))"), id="majority as a list"),
        pytest.param(project(f"{ONE}m = y_train.mean()\nprint(mean_absolute_error(y_test, [m for _ in y_test]))"), id="mean by a comprehension"),
        pytest.param(project(f"{ONE}print(mean_absolute_error(y_test[1:], y_test.shift(1)[1:]))"), id="last value"),
        pytest.param(project(f"{ONE}naive = df['y'].rolling(7).mean()\nprint(mean_absolute_error(y_test, naive[-10:]))"), id="moving average"),
        pytest.param(project(f"{ONE}print(mean_absolute_error(y_test, X_test['lag_1']))"), id="a lag as the forecast"),
        pytest.param(project(f"{ONE}print(accuracy_score(y_test, np.random.choice([0, 1], size=len(y_test))))"), id="coin"),
        pytest.param(project(f"{ONE}baseline_accuracy = y_test.value_counts(normalize=True).max()\nprint(baseline_accuracy)"), id="share of the majority"),
        pytest.param(project(f"{ONE}baseline = max(y_test.mean(), 1 - y_test.mean())\nprint('baseline', baseline)"), id="share of the majority by hand"),
        pytest.param(project(f"{ONE}def naive_forecast(s):\n    return s.values\nprint(mean_absolute_error(y_test, naive_forecast(X_test)))"), id="own naive function"),
        pytest.param(project("import joblib\n" + ONE + "joblib.dump(m, 'm.joblib')\n", evaluate_py=HEAD + "import joblib\nm = joblib.load('m.joblib')\nprint(m.score(X_test, y_test))\nd = DummyClassifier().fit(X_train, y_train)\nprint(d.score(X_test, y_test))\n"), id="dummy beside the model that was kept"),
        pytest.param(project("lr = LogisticRegression().fit(X_train, y_train)\nprint(lr.score(X_test, y_test))\n" + ONE, README_md="# A\n\n## Baseline model\n\n```\nLogistic Regression\nROC-AUC: 0.842\n```\n\n## Comparison\n\nRandom forest: 0.9\n"), id="named by the heading above it"),
        pytest.param(project(TWO), id="named by a variable"),
        pytest.param(project("for name, m in {'Baseline (LR)': LogisticRegression(), 'RF': RandomForestClassifier()}.items():\n    m.fit(X_train, y_train)\n    print(name, m.score(X_test, y_test))"), id="named by a key"),
        pytest.param(project("for name, m in [('baseline', LogisticRegression()), ('forest', RandomForestClassifier())]:\n    m.fit(X_train, y_train)\n    print(name, m.score(X_test, y_test))"), id="named in a list of pairs"),
        pytest.param(project("lr = LogisticRegression().fit(X_train, y_train)\np = lr.predict(X_test)\nprint('Baseline accuracy:', accuracy_score(y_test, p))\n" + ONE), id="named where it is printed"),
        pytest.param(project("lr = LogisticRegression().fit(X_train, y_train)\nprint(f'Baseline model: {lr.score(X_test, y_test):.3f}')\n" + ONE), id="named in an f-string"),
        pytest.param(project("results = {}\nlr = LogisticRegression().fit(X_train, y_train)\nresults['baseline'] = lr.score(X_test, y_test)\n" + ONE + "print(results)"), id="named where it is kept"),
        pytest.param(project("lr = LogisticRegression().fit(X_train, y_train)\nbaseline_acc = accuracy_score(y_test, lr.predict(X_test))\nprint(baseline_acc)\n" + ONE), id="named by its score"),
        pytest.param(project("def train_baseline():\n    m = LogisticRegression().fit(X_train, y_train)\n    return m.score(X_test, y_test)\nprint(train_baseline())\n" + ONE), id="named by a function"),
        pytest.param(project("lr = LogisticRegression().fit(X_train, y_train)\nprint(lr.score(X_test, y_test))\n" + ONE, README_md="# A\n\nLogistic Regression serves as our baseline."), id="named in the README"),
        pytest.param(project("lr = LogisticRegression().fit(X_train, y_train)\nprint(lr.score(X_test, y_test))\n" + ONE, README_md="# A\n\n| Model | Accuracy |\n|---|---|\n| Logistic Regression (baseline) | 0.8 |\n| Random Forest | 0.9 |\n"), id="named in a table"),
        pytest.param(project("lr = LogisticRegression().fit(X_train, y_train)\nprint(lr.score(X_test, y_test))\n" + ONE, README_md="# A\n\nFirst we fit a logistic regression. It serves as a baseline."), id="named by what is said of it"),
        pytest.param(project("import timm\n" + ONE + "from lazypredict.Supervised import LazyClassifier\nd = DummyClassifier().fit(X_train, y_train)\nprint(d.score(X_test, y_test))\nLazyClassifier().fit(X_train, X_test, y_train, y_test)"), id="dummy beside many"),
        pytest.param(project("lr = LinearRegression().fit(X_train, y_train)\nprint(lr.score(X_test, y_test))\n" + ONE, README_md="# A\n\nUsamos la regresión lineal como modelo base."), id="named in Spanish"),
        pytest.param(project("lr = LogisticRegression().fit(X_train, y_train)\nprint(lr.score(X_test, y_test))\n" + ONE, README_md="# A\n\n我们使用逻辑回归作为基准模型。"), id="named in Chinese"),
        pytest.param({"n.ipynb": notebook({"cell_type": "markdown", "source": "## Baseline model", "metadata": {}}, HEAD + "lr = LogisticRegression().fit(X_train, y_train)\nprint(lr.score(X_test, y_test))", {"cell_type": "markdown", "source": "## Random forest", "metadata": {}}, ONE)}, id="under a heading"),
        pytest.param(project("lr = LogisticRegression().fit(X_train, y_train)\nprint(lr.score(X_test, y_test))\n" + "import xgboost as xgb\nm = xgb.XGBClassifier().fit(X_train, y_train)\nprint(m.score(X_test, y_test))", README_md="# A\n\n- Baseline: Logistic Regression\n- Main: XGBoost"), id="xgboost against a linear model"),
        pytest.param({"t.py": KERAS + "for m in [build_baseline(), build_cnn()]:\n    m.fit(x, y)\n    print(m.evaluate(a, b))"}, id="networks of keras"),
        pytest.param({"t.py": TORCH + "baseline, net = Linear(), Net()\nfor m in (baseline, net):\n    train(m)\n    print(evaluate(m))"}, id="networks of torch"),
        pytest.param({"t.py": RL + "def random_agent(env):\n    total = 0\n    env.reset()\n    for _ in range(100):\n        _, r, *_ = env.step(env.action_space.sample())\n        total += r\n    return total\nprint(random_agent(env))"}, id="random agent"),
        pytest.param({"t.py": "import pandas as pd\nfrom statsmodels.tsa.arima.model import ARIMA\nfrom sklearn.metrics import mean_absolute_error\ns = pd.read_csv('x.csv')['y']\ntrain, test = s[:-12], s[-12:]\nfit = ARIMA(train, order=(1, 1, 1)).fit()\nprint(mean_absolute_error(test, fit.forecast(12)))\nnaive = pd.Series(train.iloc[-1], index=test.index)\nprint(mean_absolute_error(test, naive))"}, id="forecast against the last value"),
        pytest.param({"t.py": "import numpy as np\nclass Perceptron:\n    def fit(self, X, y):\n        self.w = X\n        self.b = y\n    def predict(self, X):\n        return X\nX, y = np.load('a.npy'), np.load('b.npy')\nA, B, a, b = X[:9], X[9:], y[:9], y[9:]\nm = Perceptron()\nm.fit(A, a)\nprint((m.predict(B) == b).mean())\nbaseline_acc = np.mean(b == 0)\nprint(baseline_acc)"}, id="hand-written model and share"),
    ],
)  # fmt: skip
def test_a_baseline_is_scored(files: dict[str, str]) -> None:
    assert level(baseline_compared, files) == 2


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project(f"{ONE}s = SVC().fit(X_train, y_train)\nprint(s.score(X_test, y_test))"), id="two kinds"),
        pytest.param(project(f"{SWITCH}for name in ['forest', 'linear']:\n    run(name)"), id="a switch in a loop"),
        pytest.param(project(f"{SWITCH}run('forest')\nrun('linear')"), id="a switch that is set to both"),
        pytest.param(project(f"{SWITCH}made = [make(name) for name in ['forest', 'linear']]\nfor m in made:\n    m.fit(X_train, y_train)\n    print(m.score(X_test, y_test))"), id="a switch in a comprehension"),
        pytest.param({**project(f"{CHOSEN}for name in ['forest', 'linear']:\n    run(name)"), **WRAPPED}, id="a factory in a loop"),
        pytest.param(project(ARGS + SWITCH + "run(args.model)", README_md=f"# A\n\n{TABLE}"), id="a switch, and a table of what came of it"),
        pytest.param(project("for m in [LogisticRegression(), SVC(), RandomForestClassifier()]:\n    print(cross_val_score(m, X, y).mean())"), id="a list of models"),
        pytest.param(project("baseline = RandomForestClassifier().fit(X_train, y_train)\nprint(baseline.score(X_test, y_test))\ntuned = GridSearchCV(RandomForestClassifier(), {'max_depth': [1, 2]}).fit(X_train, y_train)\nprint(tuned.score(X_test, y_test))"), id="the same model untuned"),
        pytest.param(project(f"{ONE}baseline = DummyClassifier()\nbaseline.fit(X_train, y_train)"), id="a baseline without a score"),
        pytest.param(project(f"{ONE}baseline = DummyClassifier().fit(X_train, y_train)\nbaseline.score(X_test, y_test)"), id="imitation: a score that nobody reads"),
        pytest.param(project(ONE, README_md="# A\n\n| Model | Accuracy |\n|---|---|\n| Baseline | 0.61 |\n| Random Forest | 0.86 |\n"), id="a row that no code computes"),
        pytest.param(project(ONE, README_md="# A\n\nThe baseline reaches an accuracy of 61.5 %."), id="a sentence that no code computes"),
        pytest.param(project(ONE, README_md=f"# A\n\n{TABLE}"), id="kinds compared in a table"),
        pytest.param(project(f"{ONE}from sklearn.naive_bayes import GaussianNB\nnaive_bayes = GaussianNB().fit(X_train, y_train)\nprint(naive_bayes.score(X_test, y_test))"), id="naive Bayes is no naive rule"),
        pytest.param(project("from pycaret.classification import setup, compare_models\nsetup(df)\nbest = compare_models()\n" + ONE + "s = SVC().fit(X_train, y_train)\nprint(s.score(X_test, y_test))"), id="a library compares"),
        pytest.param(project("from lazypredict.Supervised import LazyClassifier\nm = LazyClassifier()\nprint(m.fit(X_train, X_test, y_train, y_test))"), id="a library fits many"),
        pytest.param(project(ONE + "lr = LogisticRegression().fit(X_train, y_train)\nprint(lr.score(X_test, y_test))", README_md="# A\n\nThe random forest outperforms the baseline. It is better than a baseline. We show the baseline/logistic regression/random forest comparison."), id="set against the word"),
        pytest.param(project(ONE + "benchmark_results = {}\nmajority_vote = SVC().fit(X_train, y_train)\nbenchmark_results['svc'] = majority_vote.score(X_test, y_test)\nprint(benchmark_results)"), id="a benchmark of all, a vote"),
        pytest.param({"t.py": "from transformers import AutoModelForSequenceClassification, Trainer\nfor name in ['bert-base-uncased', 'roberta-base']:\n    m = AutoModelForSequenceClassification.from_pretrained(name)\n    t = Trainer(model=m)\n    t.train()\n    print(t.evaluate())"}, id="two checkpoints"),
        pytest.param({"t.py": KERAS.replace("def build_baseline()", "def build(base)").replace("[keras.layers.Dense(10)]", "[base]") + "for base in [1]:\n    m = build(keras.applications.VGG16())\n    m.fit(x, y)\n    n = build(keras.applications.ResNet50())\n    n.fit(x, y)\n    print(m.evaluate(a, b), n.evaluate(a, b))"}, id="two backbones"),
        pytest.param({"t.py": KERAS.replace("build_baseline", "build_mlp") + "for m in [build_mlp(), build_cnn()]:\n    m.fit(x, y)\n    print(m.evaluate(a, b))"}, id="two networks"),
    ],
)  # fmt: skip
def test_something_is_compared(files: dict[str, str]) -> None:
    assert level(baseline_compared, files) == 1


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project(ONE), id="one model"),
        pytest.param(project(ARGS + SWITCH + "run(args.model)"), id="one model in a run, by a setting"),
        pytest.param(project(ARGS + "if args.model == 'forest':\n    m = RandomForestClassifier()\nelse:\n    m = LogisticRegression()\nm.fit(X_train, y_train)\nprint(m.score(X_test, y_test))"), id="one model in a run, by an option"),
        pytest.param({**project(ARGS + CHOSEN + "run(args.model)"), **WRAPPED}, id="one model in a run, by a factory"),
        pytest.param(project(f"{ONE}# baseline: DummyClassifier, accuracy 0.5"), id="imitation: a comment"),
        pytest.param(project(f"{ONE}baseline_accuracy = 0.5\nprint(baseline_accuracy)"), id="imitation: a number written out"),
        pytest.param(project(f"{ONE}def baseline():\n    d = DummyClassifier().fit(X_train, y_train)\n    return d.score(X_test, y_test)"), id="imitation: a function that nothing calls"),
        pytest.param(project(f"{ONE}if False:\n    d = DummyClassifier().fit(X_train, y_train)\n    print(d.score(X_test, y_test))"), id="imitation: switched off"),
        pytest.param(project(f"{ONE}plt.plot([0, 1], [0, 1], label='Baseline')"), id="imitation: a diagonal"),
        pytest.param(project(ONE, README_md="# A\n\nThe model is compared with a strong baseline."), id="imitation: the word"),
        pytest.param(project(ONE, test_baseline_py="from train import *\ndef test_baseline():\n    d = DummyClassifier().fit(X_train, y_train)\n    assert d.score(X_test, y_test) > 0"), id="imitation: in a test"),
        pytest.param(project("baseline = LogisticRegression().fit(X_train, y_train)\nprint(baseline.score(X_test, y_test))"), id="one model that is called a baseline"),
        pytest.param(project(ONE.replace("RandomForestClassifier()", "DummyClassifier()") + "rf = RandomForestClassifier()"), id="imitation: the model is never fitted"),
        pytest.param(project(ONE + "baseline_mean = df['baseline'].mean()\nprint(baseline_mean)"), id="a column that is called so"),
        pytest.param({"a/baseline.py": HEAD + "m = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_test, y_test))", "b/baseline.py": HEAD + "m = SVC().fit(X_train, y_train)\nprint(m.score(X_test, y_test))"}, id="two projects, one model each"),
        pytest.param({"t.py": RL}, id="one agent"),
        pytest.param({"t.py": RL.replace("model.learn", "env.step(env.action_space.sample())\nmodel.learn")}, id="random actions are exploration"),
        pytest.param({"t.py": TORCH + "net = Net()\ntrain(net)\nprint(evaluate(net))"}, id="one network"),
        pytest.param({"t.py": "from tensorflow import keras\n(x, y), (a, b) = keras.datasets.mnist.load_data()\nbase_model = keras.applications.VGG16()\nm = keras.Sequential([base_model])\nm.fit(x, y)\nprint(m.evaluate(a, b))"}, id="a backbone is no baseline"),
        pytest.param(project(f"{ONE}dummies = pd.get_dummies(df)\nprint(dummies.mean())"), id="dummy columns are no baseline"),
    ],
)  # fmt: skip
def test_nothing_is_compared(files: dict[str, str]) -> None:
    assert level(baseline_compared, files) == 0


def test_not_asked_without_a_model() -> None:
    assert level(baseline_compared, {"a.py": "print('baseline')"}) == "NotApplicable"


def test_outputs_of_a_notebook_name_no_kind_twice() -> None:
    files = {"n.ipynb": notebook(cell(HEAD + ONE, 1, printed="accuracy 0.9"))}

    assert level(baseline_compared, files) == 0
