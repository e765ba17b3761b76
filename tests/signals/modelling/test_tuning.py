"""Is a search that runs told from settings varied by hand, and from a search in name only?"""

from __future__ import annotations

import pytest

from evaluator.signals.modelling.tuning import hyperparameters_tuned
from tests.experiments import HEAD, ONE, level, project
from tests.facts.programs import cell, notebook

OPTUNA = "import optuna\ndef objective(trial):\n    m = SVC(C=trial.suggest_float('C', 0.1, 10))\n    return cross_val_score(m, X, y).mean()\n"
KERAS = "import tensorflow as tf\nfrom tensorflow import keras\n(x, y), (a, b) = keras.datasets.mnist.load_data()\n"
TORCH = """
import torch, torch.nn as nn
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
loader, test_loader = DataLoader(MNIST('.', train=True)), DataLoader(MNIST('.', train=False))
class Net(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.l = nn.Linear(1, hidden)
    def forward(self, x):
        return self.l(x)
def run(hidden, lr):
    net = Net(hidden)
    opt = torch.optim.SGD(net.parameters(), lr=lr)
    for epoch in range(3):
        for x, t in loader:
            loss = nn.functional.cross_entropy(net(x), t)
            loss.backward()
            opt.step()
    net.eval()
    hits = 0
    with torch.no_grad():
        for x, t in test_loader:
            hits += (net(x).argmax(1) == t).sum().item()
    return hits
"""
SWEEP = "program: train.py\nmethod: bayes\nmetric: {name: acc}\nparameters:\n  lr: {min: 0.001, max: 0.1}\n"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project("GridSearchCV(SVC(), {'C': [1, 10]}).fit(X, y)"), id="grid"),
        pytest.param(project("s = RandomizedSearchCV(SVC(), {'C': np.logspace(0, 1)}, n_iter=20)\ns.fit(X, y)\nprint(s.best_score_)"), id="random"),
        pytest.param(project("p = Pipeline([('s', StandardScaler()), ('m', SVC())])\ngrid = {'m__C': [1, 10]}\ns = GridSearchCV(estimator=p, param_grid=grid)\ns.fit(X, y)"), id="pipeline"),
        pytest.param(project("def tune(m, grid):\n    s = GridSearchCV(m, grid)\n    s.fit(X, y)\n    return s\ntune(SVC(), {'C': [1, 2]})"), id="in a function"),
        pytest.param(project("print(cross_val_score(GridSearchCV(SVC(), {'C': [1, 2]}), X, y).mean())"), id="nested"),
        pytest.param(project("from sklearn.experimental import enable_halving_search_cv\nfrom sklearn.model_selection import HalvingGridSearchCV\nHalvingGridSearchCV(SVC(), {'C': [1, 2]}).fit(X, y)"), id="halving"),
        pytest.param(project("from skopt import BayesSearchCV\nBayesSearchCV(SVC(), {'C': (1, 10)}).fit(X, y)"), id="skopt"),
        pytest.param(project("from sklearn.linear_model import LassoCV\nm = LassoCV(alphas=[0.1, 1]).fit(X_train, y_train)\nprint(m.score(X_test, y_test))"), id="its own search"),
        pytest.param(project("from sklearn.model_selection import validation_curve\na, b = validation_curve(SVC(), X, y, param_name='C', param_range=[1, 10])\nprint(b)"), id="validation curve"),
        pytest.param(project(f"{OPTUNA}study = optuna.create_study()\nstudy.optimize(objective, n_trials=50)"), id="optuna"),
        pytest.param(project("import optuna\ndef objective(trial):\n    return cross_val_score(build(trial), X, y).mean()\ndef build(t):\n    return SVC(C=t.suggest_float('C', 1, 2))\ns = optuna.create_study()\ns.optimize(objective, n_trials=9)"), id="optuna through a function"),
        pytest.param(project("from hyperopt import fmin, hp, tpe\ndef loss(p):\n    return -cross_val_score(SVC(**p), X, y).mean()\nfmin(loss, {'C': hp.uniform('C', 0, 1)}, algo=tpe.suggest, max_evals=20)"), id="hyperopt"),
        pytest.param({"t.py": KERAS + "import keras_tuner as kt\ndef build(hp):\n    m = keras.Sequential([keras.layers.Dense(hp.Int('u', 8, 64))])\n    m.compile(loss='mse')\n    return m\ntuner = kt.RandomSearch(build, objective='val_loss', max_trials=5)\ntuner.search(x, y, validation_data=(a, b))"}, id="keras tuner"),
        pytest.param(project(f"{ONE}from ray import tune\ndef f(config):\n    return cross_val_score(SVC(C=config['C']), X, y).mean()\ntuner = tune.Tuner(f, param_space={{'C': tune.uniform(0, 1)}})\ntuner.fit()"), id="ray tune"),
        pytest.param(project(f"{ONE}import wandb\ndef f():\n    cross_val_score(SVC(C=wandb.config.C), X, y)\nwandb.agent(wandb.sweep({{}}), function=f)"), id="sweep agent"),
        pytest.param(project("import pmdarima as pm\nm = pm.auto_arima(y_train)\nprint(mean_absolute_error(y_test, m.predict(9)))"), id="auto arima"),
        pytest.param(project("best = 0\nfor depth in range(1, 20):\n    m = DecisionTreeClassifier(max_depth=depth).fit(X_train, y_train)\n    best = max(best, m.score(X_test, y_test))\nprint(best)"), id="loop"),
        pytest.param(project("scores = []\nfor k in [1, 3, 5]:\n    m = KNeighborsClassifier(n_neighbors=k)\n    scores.append(cross_val_score(m, X, y).mean())\nprint(scores)"), id="loop over folds"),
        pytest.param(project("import itertools\nfor c, g in itertools.product([1, 10], [0.1, 1]):\n    m = SVC(C=c, gamma=g)\n    m.fit(X_train, y_train)\n    print(accuracy_score(y_test, m.predict(X_test)))"), id="product"),
        pytest.param(project("from sklearn.model_selection import ParameterGrid\nfor p in ParameterGrid({'C': [1, 2]}):\n    m = SVC(**p).fit(X_train, y_train)\n    print(m.score(X_test, y_test))"), id="parameter grid"),
        pytest.param(project("print({k: cross_val_score(KNeighborsClassifier(k), X, y).mean() for k in range(1, 9)})"), id="comprehension"),
        pytest.param(project("def evaluate(depth):\n    m = DecisionTreeClassifier(max_depth=depth).fit(X_train, y_train)\n    return m.score(X_test, y_test)\nfor d in [2, 4, 8]:\n    print(d, evaluate(d))"), id="loop over a function"),
        pytest.param(project("for _ in range(20):\n    c = 10 ** np.random.uniform(-2, 2)\n    m = SVC(C=c).fit(X_train, y_train)\n    print(c, m.score(X_test, y_test))"), id="random draws by hand"),
        pytest.param(project("from sklearn.cluster import KMeans\nw = []\nfor k in range(1, 11):\n    m = KMeans(n_clusters=k)\n    m.fit(X)\n    w.append(m.inertia_)\nplt.plot(w)"), id="elbow"),
        pytest.param(project("import xgboost as xgb\nd, e = xgb.DMatrix(X_train), xgb.DMatrix(X_test)\nfor eta in [0.1, 0.3]:\n    params = {'eta': eta}\n    m = xgb.train(params, d)\n    print(mean_absolute_error(y_test, m.predict(e)))"), id="parameters put together"),
        pytest.param({"t.py": KERAS + "def build(units):\n    m = keras.Sequential([keras.layers.Dense(units)])\n    m.compile(loss='mse', metrics=['mae'])\n    return m\nfor units in (8, 16, 32):\n    m = build(units)\n    m.fit(x, y, validation_split=0.1)\n    print(m.evaluate(a, b))"}, id="loop over networks"),
        pytest.param({"t.py": TORCH + "for hidden in [8, 16]:\n    for lr in [0.1, 0.01]:\n        print(run(hidden, lr))"}, id="loop over torch"),
        pytest.param({"t.py": "import pandas as pd\nfrom statsmodels.tsa.arima.model import ARIMA\nfrom sklearn.metrics import mean_squared_error\ns = pd.read_csv('x.csv')['y']\ntrain, test = s[:-9], s[-9:]\nfor p in range(3):\n    for q in range(3):\n        m = ARIMA(train, order=(p, 1, q)).fit()\n        print(p, q, mean_squared_error(test, m.forecast(9)))"}, id="orders of a model"),
        pytest.param(project(ONE, run_sh="for depth in 3 5 7; do\n  python train.py --depth $depth\ndone\n"), id="loop of a shell"),
        pytest.param(project(ONE, run_sh="python train.py -m model.depth=3,5,7\n"), id="multi-run"),
        pytest.param(project(ONE, sweep_yaml=SWEEP, Makefile_="sweep:\n\twandb sweep sweep.yaml\n") | {"Makefile": "sweep:\n\twandb sweep sweep.yaml\n"}, id="sweep file that is started"),
    ],
)  # fmt: skip
def test_a_search_runs(files: dict[str, str]) -> None:
    assert level(hyperparameters_tuned, files) == 2


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project("for m in [SVC(C=1), SVC(C=10)]:\n    m.fit(X_train, y_train)\n    print(m.score(X_test, y_test))"), id="two settings"),
        pytest.param(project("a = KNeighborsClassifier(3).fit(X_train, y_train)\nb = KNeighborsClassifier(7).fit(X_train, y_train)\nprint(a.score(X_test, y_test), b.score(X_test, y_test))"), id="two fits"),
        pytest.param({"t.py": TORCH.replace("def run(hidden, lr)", "def run(hidden=8, lr=0.1)") + "print(run(hidden=8, lr=0.1))\nprint(run(hidden=64, lr=0.01))"}, id="two calls"),
        pytest.param(project(ONE, run_sh="python train.py --lr 0.1\npython train.py --lr 0.01\n"), id="two commands"),
        pytest.param(project(ONE, run_sh="dvc exp run -S model.depth=3\ndvc exp run -S model.depth=9\n"), id="two experiments"),
        pytest.param(project(ONE, README_md="# A\n\n| n_estimators | max_depth | F1 |\n|---|---|---|\n| 100 | 3 | 0.71 |\n| 300 | 9 | 0.75 |\n"), id="rows of a table"),
        pytest.param(project(ONE, sweep_yaml=SWEEP), id="a sweep file that nothing starts"),
        pytest.param(project(ONE + "TUNE = False\nif TUNE:\n    GridSearchCV(SVC(), {'C': [1, 2]}).fit(X, y)"), id="switched off by a constant"),
        pytest.param({"n.ipynb": notebook(cell(HEAD + ONE, 1, printed="lr=0.1: 0.81\nlr=0.01: 0.84\n"))}, id="lines of an output"),
    ],
)  # fmt: skip
def test_varied_by_hand(files: dict[str, str]) -> None:
    assert level(hyperparameters_tuned, files) == 1


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project(ONE), id="defaults"),
        pytest.param(project(f"{ONE}GridSearchCV(SVC(), {{'C': [1, 10]}})"), id="imitation: never fitted"),
        pytest.param(project(f"{ONE}GridSearchCV(SVC(), {{'C': [1]}}).fit(X, y)"), id="imitation: one candidate"),
        pytest.param(project(f"{ONE}GridSearchCV(SVC(), {{}}).fit(X, y)"), id="imitation: an empty grid"),
        pytest.param(project(f"{ONE}RandomizedSearchCV(SVC(), {{'C': [1, 2]}}, n_iter=1).fit(X, y)"), id="imitation: one draw"),
        pytest.param(project(f"{ONE}if False:\n    GridSearchCV(SVC(), {{'C': [1, 2]}}).fit(X, y)"), id="imitation: switched off"),
        pytest.param(project(f"{ONE}def tune():\n    GridSearchCV(SVC(), {{'C': [1, 2]}}).fit(X, y)"), id="imitation: nothing calls it"),
        pytest.param(project(f"{ONE}# GridSearchCV(SVC(), grid).fit(X, y)\nbest_params = {{'C': 10}}"), id="imitation: a comment"),
        pytest.param(project(f"{ONE}import optuna\nstudy = optuna.create_study()"), id="imitation: a study without trials"),
        pytest.param(project(f"{ONE}import optuna\ndef objective(trial):\n    return cross_val_score(SVC(C=1), X, y).mean()\noptuna.create_study().optimize(objective, n_trials=5)\ns = optuna.create_study()\ns.optimize(objective, n_trials=5)"), id="imitation: an objective that asks for nothing"),
        pytest.param(project("for seed in range(5):\n    m = RandomForestClassifier(random_state=seed).fit(X_train, y_train)\n    print(m.score(X_test, y_test))"), id="seeds are no settings"),
        pytest.param(project("for m in [LogisticRegression(), SVC()]:\n    m.fit(X_train, y_train)\n    print(m.score(X_test, y_test))"), id="kinds are no settings"),
        pytest.param(project("for i, j in KFold(5).split(X):\n    m = SVC().fit(X.iloc[i], y.iloc[i])\n    print(m.score(X.iloc[j], y.iloc[j]))"), id="folds are no settings"),
        pytest.param({"t.py": "from transformers import AutoModelForSequenceClassification, Trainer\nfor name in ['bert-base-uncased', 'roberta-base']:\n    m = AutoModelForSequenceClassification.from_pretrained(name)\n    t = Trainer(model=m)\n    t.train()\n    print(t.evaluate())"}, id="checkpoints are no settings"),
        pytest.param(project("for c in ['a', 'b']:\n    m = SVC().fit(X_train[[c]], y_train)\n    print(m.score(X_test[[c]], y_test))"), id="columns are no settings"),
        pytest.param({"t.py": TORCH + "print(run(8, 0.1))"}, id="epochs are no settings"),
        pytest.param(project(ONE, README_md="# A\n\nHyper-parameters were tuned with GridSearchCV."), id="imitation: the word"),
        pytest.param(project(ONE, test_a_py="from train import *\ndef test_a():\n    assert GridSearchCV(SVC(), {'C': [1, 2]}).fit(X, y)"), id="imitation: in a test"),
        pytest.param(project(ONE, README_md="# A\n\n```bash\npython train.py --lr 0.1\npython train.py --lr 0.5\n```\n"), id="usage examples"),
    ],
)  # fmt: skip
def test_no_search(files: dict[str, str]) -> None:
    assert level(hyperparameters_tuned, files) == 0


def test_not_asked_without_a_model() -> None:
    assert level(hyperparameters_tuned, {"a.py": "print('GridSearchCV')"}) == "NotApplicable"
