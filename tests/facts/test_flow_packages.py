"""Are rows followed through a packaged project: helpers, methods under other names, an outer part kept for the end?"""

from __future__ import annotations

import pytest

from evaluator.facts.flow import flow
from evaluator.facts.packaging import Packaging
from tests.facts.programs import program
from tests.facts.test_flow import FIT, IMPORTS, READ, REST, SPLIT, XY, followed, of, told

SEARCH = "g = GridSearchCV(LogisticRegression(), {'C': [1]}).fit(X_train, y_train)\nprint(g.score(X_test, y_test))\n"
NUMBERS = "n = ['a', 'b']\n"
PARTS = "from {} import load\ndef split(df):\n    return train_test_split(df.drop(columns=['y']), df['y'], test_size=0.2, random_state=1)\n"
TRAIN = "import joblib\nfrom data import load, split\nX_train, _, y_train, _ = split(load())\ng = GridSearchCV(LogisticRegression(), {'C': [1]})\ng.fit(X_train, y_train)\njoblib.dump(g.best_estimator_, 'm.joblib')\n"
SCORE = "import joblib\nfrom data import load, split\n_, X_test, _, y_test = split(load())\nprint(accuracy_score(y_test, joblib.load('m.joblib').predict(X_test)))\n"
LOAD = "def load():\n    return tidy(pd.read_csv('x.csv'))\n" + PARTS.removeprefix("from {} import load\n")


def packaged(tidy: str) -> dict[str, str]:
    """Return a project that loads, searches on the training part and scores the rest, each in a file of its own."""
    files = {"data": "def tidy(df):\n" + tidy + LOAD, "train": TRAIN, "score": SCORE}
    return {f"{name}.py": IMPORTS + text for name, text in files.items()}


@pytest.mark.parametrize(
    ("tidy", "expected"),
    [
        pytest.param("    df[['a', 'b']] = StandardScaler().fit_transform(df[['a', 'b']])\n    return df\n", [("scaling", "clear")], id="scaler in a helper"),
        pytest.param("    s = StandardScaler()\n    learn = s.fit\n    learn(df[['a']])\n    df[['a']] = s.transform(df[['a']])\n    return df\n", [("scaling", "clear")], id="fit under another name"),
        pytest.param("    df['a'] = df.groupby('g')['y'].transform('mean')\n    return df\n", [("group", "clear")], id="mean of the target by group"),
        pytest.param("    rates = dict(df.groupby('g')['y'].mean())\n    df['a'] = [rates[g] for g in df['g']]\n    return df\n", [("encoding", "clear")], id="mean of the target by a dictionary"),
        pytest.param("    rates = df.groupby('g')['y'].mean().to_dict()\n    df['a'] = df['g'].apply(lambda g: rates.get(g, 0))\n    return df\n", [("encoding", "clear")], id="mean of the target by get"),
        pytest.param("    sizes = df.groupby('g').size()\n    df['a'] = [sizes[g] for g in df['g']]\n    return df\n", [], id="sizes of groups by an index"),
        pytest.param("    x = df[['a', 'b', 'c']]\n    keep = x.columns[SelectKBest(k=1).fit(x, df['y']).get_support()]\n    df[x.columns.difference(keep)] = 0\n    return df\n", [("selection", "clear")], id="columns that were not selected set to nought"),
        pytest.param("    corr = df.corr()['y'].abs()\n    keep = [c for c in corr.index if c != 'y' and corr.loc[c] > 0.2]\n    return df[keep + ['y']]\n", [("selection", "clear")], id="a list of names by correlation with the target"),
        pytest.param("    x = df.drop(columns='y')\n    s = SelectKBest(k=1).fit(x, df['y'])\n    return df.drop(columns=x.columns[~s.get_support()])\n", [("selection", "clear")], id="columns that were not selected dropped"),
        pytest.param("    df['a'] = df['a'].clip(0, 100)\n    return df.dropna()\n", [], id="each row by itself"),
        pytest.param("    return df[[c for c in df.columns if df[c].isnull().mean() < 0.5]]\n", [], id="columns by what is missing"),
        pytest.param("    take = df.drop_duplicates\n    return take()\n", [], id="a method of a frame under another name"),
    ],
)  # fmt: skip
def test_what_all_rows_were_prepared_by(tidy: str, expected: list[tuple[str, str]]) -> None:
    assert told(of(packaged(tidy))) == expected


BOTH = "s = StandardScaler().fit(np.concatenate([X_train, X_test]))\nX_train, X_test = s.transform(X_train), s.transform(X_test)\n"
OWN = "s = StandardScaler().fit(X_train)\nX_train, X_test = s.transform(X_train), s.transform(X_test)\n"
THREE = "X_train, A, y_train, b = train_test_split(X, y)\nX_val, X_test, y_val, y_test = train_test_split(A, b)\n"
WITH_VAL = "s = StandardScaler().fit(np.concatenate([X_train, X_val]))\nX_train, X_val, X_test = s.transform(X_train), s.transform(X_val), s.transform(X_test)\nm = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_val, y_val))\nprint(m.score(X_test, y_test))\n"
LOG = "df['log'] = np.log1p(df['y'])\nX, y = df.drop(columns='y'), np.log1p(df['y'])\n"
CODED = "c = {0}.select_dtypes(include=['object']).columns.tolist()\nn = {0}.select_dtypes(include=[np.number]).columns.tolist()\n{0} = pd.concat([{0}[n], pd.DataFrame(OneHotEncoder().fit_transform({0}[c]))], axis=1)\n"
NETWORK = "import torch\nfrom torch.utils.data import DataLoader\nfrom torchvision import datasets\na = DataLoader(datasets.MNIST('d', train=True))\nb = DataLoader(datasets.MNIST('d', train=False))\nnet = torch.nn.Linear(1, 1)\nopt = torch.optim.SGD(net.parameters())\nfor x, y in a:\n    loss = torch.nn.functional.nll_loss(net(x), y)\n    loss.backward()\n    opt.step()\nfor x, y in b:\n    print((net(x).argmax(1) == y).sum())\n"
HEAT = "def heat(net, image):\n    net.zero_grad()\n    out = net(image)\n    out[0, out.argmax()].backward()\n    return out\nfor x, y in b:\n    heat(net, x)\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(READ + XY + SPLIT + BOTH + SEARCH, [("scaling", "clear")], id="both parts joined, searched on one"),
        pytest.param(READ + XY + SPLIT + BOTH + FIT, [("scaling", "clear")], id="both parts joined, fitted on one"),
        pytest.param(READ + XY + SPLIT + OWN + SEARCH, [], id="scaled by the training part, searched on it"),
        pytest.param(READ + XY + THREE + WITH_VAL, [], id="validation rows seen, test rows not"),
        pytest.param(READ + LOG + SPLIT + CODED.format("X_train") + CODED.format("X_test") + FIT, [("target", "clear")], id="the target's logarithm among the numbers"),
        pytest.param(READ + LOG + "X = X.drop(columns='log')\n" + SPLIT + CODED.format("X_train") + CODED.format("X_test") + FIT, [], id="the target's logarithm dropped"),
        pytest.param(READ + LOG + SPLIT + "X_train, X_test = X_train.select_dtypes('object'), X_test.select_dtypes('object')\n" + FIT, [], id="the target's logarithm left out by its type"),
        pytest.param(READ + "df['y'] = (df['y'] == 'yes').astype(int)\nn = [c for c in df.select_dtypes('number').columns if c != 'target']\nX, y = df[n], df['y']\n" + SPLIT + FIT, [("target", "clear")], id="the target among the numbers"),
        pytest.param(READ + "df['y'] = (df['y'] == 'yes').astype(int)\nn = [c for c in df.select_dtypes('number').columns if c != 'y']\nX, y = df[n], df['y']\n" + SPLIT + FIT, [], id="the target taken out of the numbers"),
        pytest.param(READ + "df['high'] = df['price'] > 100\ny = df['high']\nX = df.drop(columns='price').select_dtypes('number')\n" + SPLIT + FIT, [], id="a class left out by its type"),
        pytest.param(READ + XY + SPLIT + "m = LogisticRegression().fit(X, y)\nfor part in np.array_split(X, 9):\n    print(accuracy_score(y, m.predict(part)))\n", [], id="predicted by chunks"),
        pytest.param(READ + XY + "for i, j in KFold(5).split(X):\n    m = LogisticRegression().fit(X, y)\n    print(accuracy_score(y.iloc[j], m.predict(X.iloc[j])))\n", [("fitted-on-held-out", "clear")], id="fitted on all rows in each fold"),
        pytest.param(NETWORK + HEAT, [], id="gradients of the test rows, to explain"),
    ],
)  # fmt: skip
def test_what_parts_were_prepared_by(source: str, expected: list[tuple[str, str]]) -> None:
    assert told(followed(source)) == expected


FOLDS = READ + XY + "for i, j in KFold(5).split(X):\n    m = LogisticRegression().fit(X.iloc[i], y.iloc[i])\n"
PHOTOS = "from torch.utils.data import DataLoader\nfrom torchvision.datasets import Flowers102\ndef batches(split, size=8):\n    return DataLoader(Flowers102('d', split=split), batch_size=size)\n"
EPOCHS = "import torch\nfrom photos import batches\nnet = torch.nn.Linear(1, 1)\nopt = torch.optim.SGD(net.parameters())\nbest = 0\nfor x, y in batches('train'):\n    loss = torch.nn.functional.nll_loss(net(x), y)\n    loss.backward()\n    opt.step()\n    good = 0\n    for x, y in batches('val'):\n        good += (net(x).argmax(1) == y).sum().item()\n    if good > best:\n        best = good\n        torch.save(net.state_dict(), 'm.pt')\n"
NAIVE = "import torch\nfrom sklearn.dummy import DummyClassifier\nfrom photos import batches\nnet = torch.nn.Linear(1, 1)\nnet.load_state_dict(torch.load('m.pt'))\ntruth, said = [], []\nfor x, y in batches('test'):\n    said.append(net(x).argmax(1))\n    truth.append(y)\nprint(accuracy_score(np.concatenate(truth), np.concatenate(said)))\nseen = np.concatenate([y for _, y in batches('train')])\nz = np.zeros((9, 1))\nprint(DummyClassifier().fit(z, seen).score(z, np.concatenate(truth)))\n"
DESCENT = "class Line:\n    def fit(self, X, y):\n        self.w = 0\n        for k in range(9):\n            index = np.random.permutation(len(X))[:self.batch_size]\n            g = X[index] * (X[index] * self.w - y[index])\n            g = g.mean()\n            self.w -= self.rate * g\n        return self\n    def predict(self, X):\n        return X * self.w\n"
CUT = "p = np.random.permutation(len(X))\nn = int(0.8 * len(X))\n"
ONCE = "m = Line().fit(X[p[:n]], y[p[:n]])\n"
CHECK = "print(np.mean((y[p[n:]] - m.predict(X[p[n:]])) ** 2))\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a": FOLDS + "    print(m.score(X.iloc[j], y.iloc[j]))\n"}, {"folds"}, id="folds that are scored"),
        pytest.param({"a": FOLDS + "    print(m.predict(X.iloc[j]))\n"}, {"folds"}, id="folds that are predicted"),
        pytest.param({"a": FOLDS + "    print(m.score(X.iloc[i], y.iloc[i]))\n"}, set(), id="folds scored on their training rows"),
        pytest.param({"a": FOLDS + "    held = X.iloc[j]\n    print(m.score(X.iloc[i], y.iloc[i]), len(held))\n"}, set(), id="folds scored on their training rows, the others taken"),
        pytest.param({"a": FOLDS + "    import other\n    other.check(m, X.iloc[j], y.iloc[j])\n"}, {"folds"}, id="folds that another's function looks at"),
        pytest.param({"a": READ + XY + "for part in np.array_split(X, 9):\n    m = LogisticRegression().fit(part, y)\n    print(m.score(part, y))\n"}, set(), id="chunks are no folds"),
        pytest.param({"photos": PHOTOS, "train": EPOCHS, "evaluate": NAIVE}, {"three-parts", "one-part"}, id="parts by a parameter, tested beside a naive rule"),
        pytest.param({"a": READ + XY + "print(LogisticRegression().fit(X, y))\n", "b": READ.replace("x.csv", "other.csv") + REST + "print(accuracy_score(y_test, [0] * 9))\n"}, {"one-part"}, id="another program's data"),
        pytest.param({"a": DESCENT + READ + XY + CUT + ONCE + CHECK}, {"one-part"}, id="batches of the first rows, scored on the others"),
        pytest.param({"a": DESCENT + READ + XY + CUT + ONCE + "m = Line().fit(X, y)\n" + CHECK}, set(), id="batches of all rows, before the score"),
        pytest.param({"a": READ + XY + "from sklearn.linear_model import SGDClassifier\nm = SGDClassifier()\nfor k in range(0, len(X), 32):\n    m.partial_fit(X[k:k + 32], y[k:k + 32])\nfor k in range(0, len(X), 64):\n    print(m.score(X[k:k + 64], y[k:k + 64]))\n"}, set(), id="strides are no part"),
    ],
)  # fmt: skip
def test_designs(files: dict[str, str], expected: set[str]) -> None:
    found = of({f"{name}.py": IMPORTS + text for name, text in files.items()})

    assert {d.kind for d in found.designs if d.place.reached} == expected


MODEL = IMPORTS + "def search(X, y):\n    return GridSearchCV(LogisticRegression(), {'C': [1]}).fit(X, y)\n"
PACKAGE = {"calls/__init__.py": "from calls.model import search\n", "calls/model.py": MODEL}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(PACKAGE, {"folds"}, id="a library"),
        pytest.param({**PACKAGE, "train.py": IMPORTS + READ + XY + SPLIT + FIT}, {"one-part"}, id="offered, and never called by what trains"),
        pytest.param({**PACKAGE, "train.py": IMPORTS + "from calls import search\n" + READ + XY + SPLIT + "print(search(X_train, y_train).score(X_test, y_test))\n"}, {"folds", "one-part"}, id="called"),
    ],
)  # fmt: skip
def test_what_is_only_offered_is_not_run(files: dict[str, str], expected: set[str]) -> None:
    made = program(files, packaging=Packaging(manifests=(), name="calls"))
    found = flow(made.modules, made.code, made.reach)

    assert {d.kind for d in found.designs if d.place.reached} == expected


def test_one_fit_that_two_programs_run_is_scored_in_each() -> None:
    """Each program reads the same table by a path of its own; the rows of one are no further part for the other."""
    model = "def train(df):\n" + "".join(f"    {line}\n" for line in (XY + SPLIT + FIT).splitlines())
    starts = {
        "page.py": "df = pd.read_csv('data/x.csv')\n",
        "main.py": "import sys\nfrom pathlib import Path\ndf = pd.read_csv(Path(sys.argv[1]) / 'x.csv')\n",
    }
    files = {name: IMPORTS + "from model import train\n" + text + "train(df)\n" for name, text in starts.items()}

    assert {d.kind for d in of({"model.py": IMPORTS + model, **files}).designs} == {"one-part"}


LAGS = READ + "df['lag'] = df['y'].shift(1)\nX, y = df[['lag']], df['y']\n"
LATER = "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, shuffle=False)\n"


@pytest.mark.parametrize(
    ("source", "broken"),
    [
        pytest.param(LAGS + "print(cross_val_score(LinearRegression(), X, y, cv=KFold(5, shuffle=True)))\n", True, id="lags shuffled into folds"),
        pytest.param(LAGS + "print(cross_val_score(LinearRegression(), X, y, cv=TimeSeriesSplit(5)))\n", False, id="lags in ordered folds"),
        pytest.param(LAGS + LATER + SEARCH, False, id="searched on the earlier part, scored on the later"),
        pytest.param(READ + XY + "print(cross_val_score(LinearRegression(), X, y, cv=KFold(5, shuffle=True)))\n", False, id="rows by themselves"),
    ],
)  # fmt: skip
def test_order_in_folds(source: str, broken: bool) -> None:
    assert bool(followed(source).shuffled) == broken
