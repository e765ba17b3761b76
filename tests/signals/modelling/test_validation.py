"""Validation: folds, three parts, one part, nothing held out, and order where it matters."""

from __future__ import annotations

import pytest

from evaluator.facts.flow import flow
from evaluator.facts.project_kind import ProjectKind, Trait
from evaluator.model import Answer, Measured, NotApplicable
from evaluator.signals.modelling.validation import validation_sound
from tests.facts.programs import notebook, program

IMPORTS = """import numpy as np, pandas as pd, joblib
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV, KFold, ShuffleSplit, TimeSeriesSplit, cross_val_score, train_test_split
from keras.models import Sequential
from keras.callbacks import EarlyStopping
"""
READ = IMPORTS + "df = pd.read_csv('x.csv')\nX, y = df.drop('y', axis=1), df['y']\n"
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)\n"
FIT = "m = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_test, y_test))\n"
THREE = "X_train, A, y_train, b = train_test_split(X, y)\nX_val, X_test, y_val, y_test = train_test_split(A, b)\n"
LAGS = IMPORTS + "df = pd.read_csv('x.csv')\ndf['lag'] = df['y'].shift(1)\nX, y = df[['lag']], df['y']\n"
AGENT = ProjectKind(tasks=(Trait(name="reinforcement-learning", why="an environment is stepped"),))
PPO = "import gymnasium as gym\nfrom stable_baselines3 import PPO\nfrom stable_baselines3.common.evaluation import evaluate_policy\nenv = gym.make('CartPole-v1')\nm = PPO('MlpPolicy', env)\n"
TORCH = """import torch
from torch.utils.data import DataLoader
from torchvision import datasets
a = DataLoader(datasets.MNIST('d', train=True))
b = DataLoader(datasets.MNIST('d', train=False))
net = torch.nn.Linear(1, 1)
opt = torch.optim.SGD(net.parameters())
for x, y in a:
    loss = torch.nn.functional.nll_loss(net(x), y)
    loss.backward()
    opt.step()
"""
PLAYS = "def play(agent):\n    s, done = env.reset(), False\n    while not done:\n        s, r, done, _, _ = env.step(agent.act(s))\nplay(m)\n"


def asked(files: dict[str, str | bytes], kind: ProjectKind | None = None) -> Answer:
    made = program(files)
    found = flow(made.modules, made.code, made.reach)
    return validation_sound(found, made.work, made.tree, kind or ProjectKind())


@pytest.mark.parametrize(
    ("source", "level"),
    [
        pytest.param(READ + "m = LogisticRegression().fit(X, y)\nprint(m.score(X, y))\n", 0, id="nothing held out"),
        pytest.param(READ + "m = LogisticRegression().fit(X, y)\nt = pd.read_csv('test.csv')\npd.DataFrame(m.predict(t)).to_csv('submission.csv')\n", 0, id="a test file without answers"),
        pytest.param(READ + "m = Sequential([])\nm.fit(X, y, epochs=3)\n", 0, id="keras, nothing held out"),
        pytest.param(READ + "m = LogisticRegression().fit(X, y)\ndef check():\n    print(cross_val_score(m, X, y))\n", 0, id="folds in a helper that nothing calls"),
        pytest.param(READ + "m = LogisticRegression().fit(X, y)\n# cross_val_score(m, X, y)\nprint('5-fold cross-validation')\n", 0, id="folds in words"),
        pytest.param(READ + SPLIT + "m = LogisticRegression().fit(X_train, y_train)\njoblib.dump(m, 'm.pkl')\n", 0, id="a split that nothing is scored on"),
        pytest.param(LAGS + "print(cross_val_score(Ridge(), X, y, cv=KFold(5, shuffle=True)))\n", 1, id="days shuffled into cross-validation"),
        pytest.param(READ + SPLIT + "m = LogisticRegression().fit(X_train, y_train)\nprint((m.predict(X_test) == y_test).mean())\n", 1, id="one split, scored by hand"),
        pytest.param(READ + SPLIT + FIT, 1, id="one split"),
        pytest.param(READ + "m = Sequential([])\nm.fit(X, y, validation_split=0.2)\n", 1, id="a part set apart"),
        pytest.param(READ + SPLIT + "m = Sequential([])\nm.fit(X_train, y_train, validation_data=(X_test, y_test), callbacks=[EarlyStopping()])\nprint(m.evaluate(X_test, y_test))\n", 1, id="test rows are the validation rows"),
        pytest.param(READ + THREE + "m = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_test, y_test))\n", 1, id="validation rows that nothing uses"),
        pytest.param(READ + SPLIT + "KFold(5)\nk = KFold(5)\n" + FIT, 1, id="folds that nothing uses"),
        pytest.param(READ + "s = ShuffleSplit(n_splits=1, test_size=0.2)\nfor i, j in s.split(X):\n    a, b = X.loc[i], X.loc[j]\n    c, d = y.loc[i], y.loc[j]\nm = LogisticRegression().fit(a, c)\nprint(m.score(b, d))\n", 1, id="a splitter that splits once"),
        pytest.param(IMPORTS + "a, b = pd.read_csv('train.csv'), pd.read_csv('test.csv')\nm = LogisticRegression().fit(a[['x']], a['y'])\nprint(m.score(b[['x']], b['y']))\n", 1, id="a test file with answers"),
        pytest.param(TORCH + "for x, y in b:\n    print((net(x).argmax(1) == y).sum())\n", 1, id="torch, published parts"),
        pytest.param(LAGS + SPLIT + FIT, 1, id="lags, shuffled"),
        pytest.param(LAGS + "print(cross_val_score(Ridge(), X, y, cv=KFold(5, shuffle=True)))\n" + SPLIT + FIT, 1, id="lags, shuffled beside shuffled folds"),
        pytest.param(READ + "print(cross_val_score(LogisticRegression(), X, y))\n", 2, id="folds"),
        pytest.param(READ + SPLIT + "g = GridSearchCV(LogisticRegression(), {'C': [1]}).fit(X_train, y_train)\nprint(g.score(X_test, y_test))\n", 2, id="search, test rows last"),
        pytest.param(READ + "k = KFold(5)\nfor i, j in k.split(X):\n    m = LogisticRegression().fit(X.iloc[i], y.iloc[i])\n    print(accuracy_score(y.iloc[j], m.predict(X.iloc[j])))\n", 2, id="folds in a loop"),
        pytest.param(READ + "X, y = X.values, y.values\nxs, ys = np.array_split(X, 5), np.array_split(y, 5)\nfor i in range(5):\n    a = np.concatenate(xs[:i] + xs[i + 1:])\n    b = np.concatenate(ys[:i] + ys[i + 1:])\n    m = LogisticRegression().fit(a, b)\n    print(m.score(xs[i], ys[i]))\n", 2, id="folds by numpy"),
        pytest.param(READ + THREE + "m = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_val, y_val))\nprint(m.score(X_test, y_test))\n", 2, id="three parts"),
        pytest.param(READ + SPLIT + "m = Sequential([])\nm.fit(X_train, y_train, validation_split=0.1, callbacks=[EarlyStopping()])\nprint(m.evaluate(X_test, y_test))\n", 2, id="keras, a part set apart and test rows last"),
        pytest.param(LAGS + "print(cross_val_score(Ridge(), X, y, cv=TimeSeriesSplit(5)))\n", 2, id="lags in ordered folds"),
        pytest.param("import polars as pl\n" + IMPORTS + "df = pl.read_csv('x.csv')\nn = 80\nt, v, e = df[:n], df[n:90], df[90:]\nm = Ridge().fit(t.drop('y'), t['y'])\nprint(m.score(v.drop('y'), v['y']))\nprint(m.score(e.drop('y'), e['y']))\n", 2, id="polars, three slices"),
        pytest.param("import xgboost as xgb\n" + READ + "d = xgb.DMatrix(X, label=y)\nprint(xgb.cv({}, d, nfold=5))\n", 2, id="xgboost folds"),
        pytest.param(TORCH.replace("a = Data", "t, v = torch.utils.data.random_split(datasets.MNIST('d', train=True), [9, 1])\na = Data", 1).replace("datasets.MNIST('d', train=True))\nb", "t)\nb", 1) + "for x, y in DataLoader(v):\n    print((net(x).argmax(1) == y).sum())\nfor x, y in b:\n    print((net(x).argmax(1) == y).sum())\n", 2, id="torch, three parts"),
    ],
)  # fmt: skip
def test_validation(source: str, level: int) -> None:
    answer = asked({"a.py": source})

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert answer.evidence


@pytest.mark.parametrize(
    ("source", "level"),
    [
        pytest.param(PPO + "m.learn(1000)\n", 0, id="trained, never tried"),
        pytest.param(PPO + "m.learn(1000)\nprint(evaluate_policy(m, env))\n", 1, id="tried once"),
        pytest.param(PPO + "m.learn(1000)\n" + PLAYS, 1, id="played by hand"),
        pytest.param(PPO + "m.learn(1000)\nfor seed in range(5):\n    print(evaluate_policy(m, gym.make('CartPole-v1')))\n", 2, id="over seeds"),
        pytest.param(PPO + "from stable_baselines3.common.callbacks import EvalCallback\nm.learn(1000, callback=EvalCallback(gym.make('CartPole-v1')))\nprint(evaluate_policy(m, env))\n", 2, id="while and after training"),
    ],
)  # fmt: skip
def test_an_agent(source: str, level: int) -> None:
    answer = asked({"a.py": source}, AGENT)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert answer.evidence


def test_in_cells() -> None:
    answer = asked({"a.ipynb": notebook(READ, SPLIT, FIT, "print(cross_val_score(m, X_train, y_train))")})

    assert isinstance(answer, Measured)
    assert answer.value == 2


def test_a_model_without_its_making() -> None:
    source = "import joblib\nm = joblib.load('m.pkl')\nprint(m.predict([[1]]))\n"
    answer = asked({"a.py": source, "m.pkl": b"\x80"})

    assert isinstance(answer, Measured)
    assert answer.value == 0


def test_not_asked() -> None:
    assert isinstance(asked({"a.py": "print('no model')\n"}), NotApplicable)
