"""Where is trained, scored and left to chance, and on which rows?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator import codec
from evaluator.facts.model_work import ModelWork
from tests.facts.programs import notebook, program

IMPORTS = """
import numpy as np, pandas as pd, random, torch
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score, train_test_split
from sklearn.linear_model import LogisticRegression
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.metrics import accuracy_score, f1_score
"""
SPLIT = "df = pd.read_csv('x.csv')\nX, y = df.drop('y'), df['y']\nX_train, X_test, y_train, y_test = train_test_split(X, y)\n"
FIT = "m = LogisticRegression()\nm.fit(X_train, y_train)\n"


def work(source: str, **files: str) -> ModelWork:
    return program({"a.py": IMPORTS + source, **{f"{name}.py": text for name, text in files.items()}}).work


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        pytest.param("LogisticRegression().fit(X, y)", ["library"], id="estimator"),
        pytest.param("GridSearchCV(LogisticRegression(), {}).fit(X, y)", ["library"], id="search"),
        pytest.param("cross_val_score(LogisticRegression(), X, y)", ["library"], id="folds"),
        pytest.param("def f(m):\n    m.fit(X, y)\nf(LogisticRegression())", ["library"], id="passed to a function"),
        pytest.param("def f(m):\n    m.fit(X, y)", ["unknown"], id="of something unknown"),
        pytest.param("import xgboost as xgb\nxgb.train({}, d)", ["library"], id="function"),
        pytest.param("from transformers import Trainer\nTrainer(m).train()", ["library"], id="trainer"),
        pytest.param("import tensorflow as tf\nclass N(tf.keras.Model):\n    pass\nN().fit(X, y)", ["library"], id="own class of a framework"),
        pytest.param("net = torch.nn.Linear(1, 1)\nopt = torch.optim.SGD(net.parameters())\nfor x, y in rows:\n    loss = net(x)\n    loss.backward()\n    opt.step()", ["loop"], id="training loop"),
        pytest.param("import tensorflow as tf\nopt = tf.keras.optimizers.Adam()\nfor x in rows:\n    opt.apply_gradients(x)", ["loop"], id="gradient tape"),
        pytest.param("class M:\n    def fit(self, X, y):\n        self.w = X\n        self.b = y\n    def predict(self, X):\n        return X\nM().fit(X, y)", ["own"], id="own class"),
        pytest.param("def f(w, g, lr):\n    for i in r:\n        w -= lr * g\nf(1, 2, 3)", ["hand-written"], id="descent"),
        pytest.param("def f(self, learning_rate):\n    self.w = self.w - learning_rate * self.g\nf(1, 2)", ["hand-written"], id="descent by assignment"),
        pytest.param("def train_epoch(w, lr):\n    a = 1\n    b = 2\n    c = lr\n    w.update(a)\ntrain_epoch(1, 2)", ["own"], id="by its own name"),
        pytest.param("StandardScaler().fit(X)", [], id="scaler"),
        pytest.param("class M:\n    def fit(self, X):\n        self.x = X\n        return 1\nM().fit(X)", [], id="own class that predicts nothing"),
        pytest.param("def f(m):\n    m.fit(X)", [], id="unknown, without a target"),
        pytest.param("total = 0\nfor p in prices:\n    total -= p * q", [], id="sum of products"),
        pytest.param("loss.backward()", [], id="a gradient alone"),
        pytest.param("opt.step()", [], id="a step alone"),
        pytest.param("# LogisticRegression().fit(X, y)\n'model.fit(X, y)'", [], id="named in text"),
    ],
)  # fmt: skip
def test_fits(source: str, kinds: list[str]) -> None:
    assert [f.kind for f in work(source).fits] == kinds


def test_code_that_nothing_runs_is_told_apart() -> None:
    found = work("def f():\n    LogisticRegression().fit(X, y)").fits

    assert [(f.kind, f.place.reached) for f in found] == [("library", False)]


def test_tests_are_left_out() -> None:
    files = {"tests/test_a.py": f"{IMPORTS}def test_a():\n    assert LogisticRegression().fit(X, y)"}

    assert program(files).work == ModelWork()


@pytest.mark.parametrize(
    ("source", "on"),
    [
        pytest.param(f"{SPLIT}{FIT}accuracy_score(y_test, m.predict(X_test))", ["held-out"], id="split"),
        pytest.param(f"{SPLIT}{FIT}accuracy_score(y_train, m.predict(X_train))", ["training"], id="training part"),
        pytest.param(f"{SPLIT}{FIT}p = m.predict(X)\naccuracy_score(y, p)", ["training"], id="all rows"),
        pytest.param(f"{SPLIT}{FIT}m.score(X_test, y_test)", ["held-out"], id="score"),
        pytest.param(f"{SPLIT}X_test = X_train\ny_test = y_train\n{FIT}m.score(X_test, y_test)", ["training"], id="a name that lies"),
        pytest.param(f"{SPLIT}s = StandardScaler()\nA = s.fit_transform(X_train)\nB = s.transform(X_test)\nm = LogisticRegression().fit(A, y_train)\nm.score(B, y_test)", ["held-out"], id="transformed"),
        pytest.param(f"{SPLIT}{FIT}acc = (m.predict(X_test) == y_test).mean()", ["held-out"], id="compared by hand"),
        pytest.param(f"{SPLIT}{FIT}p = m.predict(X_test)\nmse = ((p - y_test) ** 2).mean()", ["held-out"], id="subtracted by hand"),
        pytest.param(f"{SPLIT}{FIT}def rmse(a, b):\n    return (a - b) ** 2\np = m.predict(X_test)\nrmse(y_test, p)", ["held-out"], id="own measure"),
        pytest.param(f"{SPLIT}{FIT}p = m.predict(X_test)\nprint(p)", [], id="predictions only"),
        pytest.param(f"{SPLIT}{FIT}def evaluate(model, a, b):\n    return f1_score(b, model.predict(a))\nevaluate(m, X_test, y_test)", ["held-out"], id="in a function"),
        pytest.param(f"{SPLIT}{FIT}def evaluate(model, a, b):\n    return f1_score(b, model.predict(a))\nevaluate(m, X_train, y_train)", ["training"], id="in a function, training part"),
        pytest.param("def load():\n    df = pd.read_csv('x.csv')\n    return train_test_split(df, df['y'])\nX_train, X_test, y_train, y_test = load()\n" + FIT + "m.score(X_test, y_test)", ["held-out"], id="split in a function"),
        pytest.param("X = pd.read_csv('x.csv')\nn = 100\nA, B = X[:n], X[n:]\nm = LogisticRegression().fit(A, A['y'])\nm.score(B, B['y'])", ["held-out"], id="slices"),
        pytest.param("X = pd.read_csv('x.csv')\nA, B = X[X.year < 2015], X[X.year >= 2015]\nm = LogisticRegression().fit(A, A['y'])\nm.score(B, B['y'])", ["held-out"], id="masks"),
        pytest.param("X = pd.read_csv('x.csv')\nA = X.sample(frac=0.8)\nB = X.drop(A.index)\nm = LogisticRegression().fit(A, A['y'])\nm.score(B, B['y'])", ["held-out"], id="sample and the rest"),
        pytest.param("A = pd.read_csv('train.csv')\nB = pd.read_csv('test.csv')\nm = LogisticRegression().fit(A, A['y'])\nm.score(B, B['y'])", ["held-out"], id="two files"),
        pytest.param("def load(n):\n    return pd.read_csv(f'{n}.csv')\nA, B = load('a'), load('b')\nm = LogisticRegression().fit(A, A['y'])\nm.score(B, B['y'])\nm.score(A, A['y'])", ["held-out", "training"], id="one function, two files"),
        pytest.param("X = pd.read_csv('x.csv')\nm = LogisticRegression().fit(X, X['y'])\nm.score(X, X['y'])", ["training"], id="no split"),
        pytest.param(f"{SPLIT}class T:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n    def run(self):\n        m = LogisticRegression().fit(self.a, 1)\n        return m.score(self.b, 1)\nprint(T(X_train, X_test).run())", ["held-out"], id="attributes"),
        pytest.param(f"{SPLIT}d = {{'train': X_train, 'test': X_test}}\nm = LogisticRegression().fit(d['train'], y_train)\nm.score(d['test'], y_test)", ["held-out"], id="dict of parts"),
        pytest.param(f"{SPLIT}parts = []\nparts.append(X_test)\nm = LogisticRegression().fit(X_train, y_train)\nm.score(np.concatenate(parts), y_test)", ["held-out"], id="list of parts"),
        pytest.param("from data import A, B\nm = LogisticRegression().fit(A, 1)\nm.score(B, 1)", ["unclear"], id="parts of a module that is not there"),
        pytest.param("from datasets import load_dataset\nd = load_dataset('x')\nm = LogisticRegression().fit(d['train'], 1)\nm.score(d['test'], 1)", ["held-out"], id="parts by their own names"),
        pytest.param("from torch.utils.data import random_split\nA, B = random_split(rows, [8, 2])\nm = LogisticRegression().fit(A, 1)\nm.score(B, 1)", ["held-out"], id="random parts"),
        pytest.param("s = train_test_split(X, y)\nm = LogisticRegression().fit(s[0], s[2])\nm.score(s[1], s[3])", ["held-out"], id="split by index"),
        pytest.param("X = pd.read_csv('x.csv')\nm = LogisticRegression().fit(X, 1)\nm.score(X.head(5), 1)", ["training"], id="a part of what was trained on"),
        pytest.param(f"{SPLIT}A, B = X_train[:9], X_train[9:]\nm = LogisticRegression().fit(A, 1)\nm.score(B, 1)", ["held-out"], id="a part of the training part"),
        pytest.param("cross_val_score(LogisticRegression(), X, y)", ["held-out"], id="folds"),
        pytest.param("s = GridSearchCV(LogisticRegression(), {})\ns.fit(X, y)", ["held-out"], id="search"),
        pytest.param("X = pd.read_csv('x.csv')\nk = KFold(5)\nfor i, j in k.split(X):\n    m = LogisticRegression().fit(X.iloc[i], X['y'])\n    m.score(X.iloc[j], 1)", ["held-out"], id="fold by hand"),
        pytest.param("import tensorflow as tf\n(a, b), (c, d) = tf.keras.datasets.mnist.load_data()\nm = tf.keras.Sequential([])\nm.fit(a, b)\nm.evaluate(c, d)", ["held-out"], id="keras data"),
        pytest.param("import tensorflow as tf\nm = tf.keras.Sequential([])\nm.fit(a, b, validation_split=0.1)", ["held-out"], id="while training"),
        pytest.param("import tensorflow as tf\nm = tf.keras.Sequential([])\nm.compile(metrics=['accuracy'])\nm.fit(a, b)", ["training"], id="shown while training"),
        pytest.param("def f(m, rows):\n    return m.score(rows)", ["unclear"], id="unknown rows"),
        pytest.param("def f(m, X_val):\n    return m.score(X_val)", ["held-out"], id="named for it"),
    ],
)  # fmt: skip
def test_scores(source: str, on: list[str]) -> None:
    assert [s.on for s in work(source).scores] == on


LOOP = """
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
net = torch.nn.Linear(1, 1)
opt = torch.optim.SGD(net.parameters())
def train(rows):
    for x, y in rows:
        loss = net(x)
        loss.backward()
        opt.step()
def test(rows):
    net.eval()
    for x, y in rows:
        n = (net(x).argmax() == y).sum()
train(DataLoader(MNIST('d', train=True)))
"""


@pytest.mark.parametrize(
    ("source", "on"),
    [
        pytest.param("test(DataLoader(MNIST('d', train=False)))", ["training", "held-out"], id="test set"),
        pytest.param("test(DataLoader(MNIST('d', train=True)))", ["training", "training"], id="training set"),
    ],
)
def test_evaluation_loops(source: str, on: list[str]) -> None:
    assert [s.on for s in work(LOOP + source).scores] == on


@pytest.mark.parametrize(
    ("source", "seeded"),
    [
        pytest.param("train_test_split(X, y)", [False], id="split"),
        pytest.param("train_test_split(X, y, random_state=0)", [True], id="split, seeded"),
        pytest.param("train_test_split(X, y, random_state=None)", [False], id="None is no seed"),
        pytest.param("S = None\ntrain_test_split(X, y, random_state=S)", [False], id="None by name"),
        pytest.param("train_test_split(X, y, random_state=cfg.seed)", [True], id="from a configuration"),
        pytest.param("train_test_split(X, y, shuffle=False)", [], id="not shuffled"),
        pytest.param("KFold(5)", [], id="folds in order"),
        pytest.param("KFold(5, shuffle=True)", [False], id="folds, shuffled"),
        pytest.param("RandomForestClassifier().fit(X, y)", [False], id="forest"),
        pytest.param("LogisticRegression().fit(X, y)", [], id="deterministic model"),
        pytest.param("np.random.seed(0)\nRandomForestClassifier().fit(X, y)", [True], id="global seed"),
        pytest.param("RandomForestClassifier().fit(X, y)\nnp.random.seed(0)", [False], id="global seed, too late"),
        pytest.param("random.seed(0)\nRandomForestClassifier().fit(X, y)", [False], id="seed of another generator"),
        pytest.param("np.random.seed()\nRandomForestClassifier().fit(X, y)", [False], id="seed without a value"),
        pytest.param("import time\nnp.random.seed(int(time.time()))\nRandomForestClassifier().fit(X, y)", [False], id="the clock is no seed"),
        pytest.param("import time\nS = int(time.time())\ntrain_test_split(X, y, random_state=S)", [False], id="the clock by name"),
        pytest.param("import time\ndef f(s):\n    train_test_split(X, y, random_state=s)\nf(int(time.time()))", [False], id="the clock as a parameter"),
        pytest.param("import time\ndef f(s=0):\n    train_test_split(X, y, random_state=s)\nf(time.time())\nf()", [True], id="the clock from one caller"),
        pytest.param("def fix():\n    np.random.seed(0)\ndef main():\n    fix()\n    RandomForestClassifier().fit(X, y)\nprint(main())", [True], id="seed in a function"),
        pytest.param("def fix():\n    np.random.seed(0)\nRandomForestClassifier().fit(X, y)", [False], id="seed that nothing calls"),
        pytest.param("def f(seed=None):\n    RandomForestClassifier(random_state=seed).fit(X, y)\nf()", [False], id="parameter, not given"),
        pytest.param("def f(seed=None):\n    RandomForestClassifier(random_state=seed).fit(X, y)\nf(1)", [True], id="parameter, given"),
        pytest.param("P = {'n_estimators': 3}\nRandomForestClassifier(**P).fit(X, y)", [False], id="unpacked, without"),
        pytest.param("P = {'random_state': 3}\nRandomForestClassifier(**P).fit(X, y)", [True], id="unpacked, with"),
        pytest.param("RandomForestClassifier(**load()).fit(X, y)", [None], id="unpacked from a run"),
        pytest.param("def f(p):\n    RandomForestClassifier(**p).fit(X, y)\nf(load())", [None], id="unpacked parameter from a run"),
        pytest.param("def f(p):\n    RandomForestClassifier(**p).fit(X, y)\nf({'n_jobs': 1})", [False], id="unpacked parameter, without"),
        pytest.param("def f(p):\n    RandomForestClassifier(**p).fit(X, y)\nf({'n_jobs': 1})\nf(load())", [None], id="unpacked parameter, one caller from a run"),
        pytest.param("def f(p=None):\n    p = p or {}\n    RandomForestClassifier(**p).fit(X, y)\nf(load())", [None], id="unpacked parameter or nothing"),
        pytest.param("P = {**load(), 'n_jobs': 1}\nRandomForestClassifier(**P).fit(X, y)", [None], id="a display with what a run knows"),
        pytest.param("B = {'random_state': 1}\nP = {**B, 'n_jobs': 1}\nRandomForestClassifier(**P).fit(X, y)", [True], id="a display in a display"),
        pytest.param("P = {'n_jobs': 1}\nP.update({'random_state': 1})\nRandomForestClassifier(**P).fit(X, y)", [True], id="unpacked, put in afterwards"),
        pytest.param("P = {'n_jobs': 1}\nP.setdefault('random_state', 1)\nRandomForestClassifier(**P).fit(X, y)", [True], id="unpacked, set as a default"),
        pytest.param("LogisticRegression().fit(X, y)\nrng = np.random.default_rng()", [False], id="generator"),
        pytest.param("LogisticRegression().fit(X, y)\nrng = np.random.default_rng(0)", [True], id="generator, seeded"),
        pytest.param("LogisticRegression().fit(X, y)\nrandom.shuffle(x)", [False], id="beside training"),
        pytest.param("random.shuffle(x)", [], id="far from training"),
        pytest.param("LogisticRegression().fit(X, y)\ndef f(b):\n    b.sample(3)\nf(z)", [], id="sample of something unknown"),
        pytest.param("LogisticRegression().fit(X, y)\ndef f(b):\n    b.sample(frac=1)\nf(z)", [False], id="sample of what can only be a table"),
        pytest.param("df = pd.read_csv('x')\nLogisticRegression().fit(df, df.y)\ndf.sample(frac=1)", [False], id="sample"),
        pytest.param("def f(rng=None):\n    if rng is None:\n        rng = np.random.default_rng()\n    LogisticRegression().fit(X, y)\nf(np.random.default_rng(0))", [True], id="default that no caller takes"),
    ],
)  # fmt: skip
def test_chance(source: str, seeded: list[bool | None]) -> None:
    assert [c.seeded for c in work(source + "\nprint(1)").chances] == seeded


SERVED = """
import joblib
def simulate():
    return [random.random() for _ in range(3)]
def today():
    return simulate()
def predict():
    return joblib.load('m.pkl').predict(today())
def train():
    rows = pd.read_csv('x.csv')
    LogisticRegression().fit(rows, rows)
def main():
    train()
    predict()
main()
"""


@pytest.mark.parametrize(
    ("more", "seeded"),
    [
        pytest.param("", [], id="rows for a prediction"),
        pytest.param("def again():\n    rows = today()\n    LogisticRegression().fit(rows, rows)\nagain()\n", [False], id="rows for training too"),
    ],
)  # fmt: skip
def test_chance_on_the_way_to_a_prediction(more: str, seeded: list[bool]) -> None:
    assert [c.seeded for c in work(SERVED + more).chances] == seeded


NAMED = """
KINDS = {'linear': LogisticRegression, 'forest': RandomForestClassifier}
def build(name, params):
    return KINDS[name](**params)
def main(config):
    build(config['model'], config['params']).fit(X, y)
main(load())
"""


@pytest.mark.parametrize(
    ("call", "chances"),
    [
        pytest.param("(**params)", [("sklearn.ensemble.RandomForestClassifier", None)], id="from a configuration"),
        pytest.param("(random_state=1)", [("sklearn.ensemble.RandomForestClassifier", True)], id="seeded"),
        pytest.param("()", [("sklearn.ensemble.RandomForestClassifier", False)], id="without"),
    ],
)
def test_chance_of_a_class_chosen_by_name(call: str, chances: list[tuple[str, bool | None]]) -> None:
    """The random one of the candidates is named; what the tests pass says nothing of the project's runs."""
    found = program(
        {
            "a.py": IMPORTS + NAMED.replace("(**params)", call),
            "tests/test_a.py": "from a import build\ndef test_build():\n    assert build('linear', {})\n",
        }
    ).work.chances

    assert [(c.place.name, c.seeded) for c in found] == chances


@pytest.mark.parametrize(("seed", "seeded"), [("torch.manual_seed(0)", True), ("", False)])
def test_chance_in_training_loops(seed: str, seeded: bool) -> None:
    found = work(f"{seed}\n{LOOP}").chances

    assert [(c.place.name, c.seeded) for c in found] == [("training loop", seeded)]


def test_seeds_reach_from_the_entry_into_modules() -> None:
    source = "import model\nif __name__ == '__main__':\n    np.random.seed(0)\n    model.train()"
    found = work(source, model=f"{IMPORTS}def train():\n    RandomForestClassifier().fit(X, y)").chances

    assert [(c.seeded, c.how) for c in found] == [(True, "numpy.random.seed at a.py:10")]


def test_rows_of_another_module() -> None:
    data = f"{IMPORTS}X_train, X_test = train_test_split(pd.read_csv('x.csv'))\n"
    found = work(
        "from data import X_train, X_test\nm = LogisticRegression().fit(X_train, 1)\nm.score(X_test, 1)", data=data
    )

    assert [s.on for s in found.scores] == ["held-out"]


def test_a_script_that_takes_up_a_kept_model() -> None:
    """What another script was trained on counts where the model comes from a file."""
    train = f"{IMPORTS}LogisticRegression().fit(pd.read_csv('train.csv'), 1)\nprint(1)"
    source = "import joblib\nm = joblib.load('m')\nm.score(pd.read_csv('{}.csv'), 1)\nprint(1)"

    assert [s.on for s in work(source.format("test"), train=train).scores] == ["held-out"]
    assert [s.on for s in work(source.format("train"), train=train).scores] == ["training"]


def test_cells_run_in_order() -> None:
    late = program({"n.ipynb": notebook(IMPORTS, "RandomForestClassifier().fit(X, y)", "np.random.seed(0)")}).work
    soon = program({"n.ipynb": notebook(IMPORTS, "np.random.seed(0)", "RandomForestClassifier().fit(X, y)")}).work

    assert [c.seeded for c in (*late.chances, *soon.chances)] == [False, True]


def test_other_places() -> None:
    source = f"import joblib\n{SPLIT}{FIT}joblib.dump(m, 'm')\nk = joblib.load('m')\nnp.random.seed(0)"
    found = work(source)

    assert [p.name for p in found.loads] == ["pandas.read_csv"]
    assert [p.name for p in found.splits] == ["sklearn.model_selection.train_test_split"]
    assert [p.name for p in found.builds] == ["sklearn.linear_model.LogisticRegression"]
    assert [p.name for p in (*found.saves, *found.restores, *found.seeds)] == [
        "joblib.dump",
        "joblib.load",
        "numpy.random.seed",
    ]


pieces = st.sampled_from(
    [
        SPLIT,
        FIT,
        LOOP,
        "def f(X, y):\n    ",
        "for i in X:\n    ",
        "X = X[y:]\n",
        "X, y = y, X\n",
        "y = f(X, y)\n",
        "return X\n",
        "m.score(X, y)\n",
        "X = [X]\n",
        "y = {'a': X}['a']\n",
        "self.X = X\n",
        "class A:\n  def f(self): ",
        "m = m.fit(X, m.predict(X))\n",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(pieces, max_size=20).map("".join))
def test_never_raises(source: str) -> None:
    found = work(source)

    assert codec.decode(codec.encode(found), ModelWork) == found
