"""Is each leak found, as a path, and no look-alike of one?"""

from __future__ import annotations

import pytest

from evaluator import codec
from evaluator.facts.flow import Flow, Leak, flow
from tests.facts.programs import notebook, program

IMPORTS = """
import numpy as np, pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.feature_selection import RFE, SelectKBest, mutual_info_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, mean_squared_error, precision_recall_curve
from sklearn.model_selection import GridSearchCV, KFold, StratifiedKFold, TimeSeriesSplit, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, OneHotEncoder, PolynomialFeatures, StandardScaler
from sklearn.utils import resample
"""
READ = "df = pd.read_csv('x.csv')\n"
XY = "X, y = df.drop(columns=['y']), df['y']\n"
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)\n"
FIT = "m = LogisticRegression()\nm.fit(X_train, y_train)\nprint(m.score(X_test, y_test))\n"
REST = XY + SPLIT + FIT
CV = "print(cross_val_score(LogisticRegression(), X, y, cv=5))\n"


def followed(source: str, **files: str) -> Flow:
    return of({"a.py": IMPORTS + source, **{f"{name}.py": IMPORTS + text for name, text in files.items()}})


def of(files: dict[str, str]) -> Flow:
    made = program(files)
    return flow(made.modules, made.code, made.reach)


def told(found: Flow) -> list[tuple[str, str]]:
    return sorted({(leak.kind, leak.severity) for leak in found.leaks if leak.reached})


def lines(leak: Leak) -> tuple[int | None, int, int]:
    before = IMPORTS.count("\n")
    source = leak.source.start - before if leak.source else None
    return source, leak.used.start - before, leak.held_out.start - before


LEAKING = [
    pytest.param(READ + XY + "X = StandardScaler().fit_transform(X)\n" + SPLIT + FIT, "scaling", id="scaler"),
    pytest.param(READ + XY + "s = MinMaxScaler()\ns.fit(X)\n" + SPLIT + "X_train = s.transform(X_train)\nX_test = s.transform(X_test)\n" + FIT, "scaling", id="scaler fitted on all, applied to the parts"),
    pytest.param(READ + XY + "c = ['a', 'b']\nX[c] = StandardScaler().fit_transform(X[c])\n" + SPLIT + FIT, "scaling", id="scaler, some columns in place"),
    pytest.param(READ + XY + "X = (X - X.mean()) / X.std()\n" + SPLIT + FIT, "scaling", id="z-score by hand"),
    pytest.param(READ + XY + "X = (X - X.min()) / (X.max() - X.min())\n" + SPLIT + FIT, "scaling", id="min-max by hand"),
    pytest.param(READ + "from sklearn.preprocessing import scale\n" + XY + "X = scale(X)\n" + SPLIT + FIT, "scaling", id="scale function"),
    pytest.param(READ + "from scipy.stats import zscore\ndf['a'] = zscore(df['a'])\n" + REST, "scaling", id="zscore function"),
    pytest.param(READ + XY + "X = X.to_numpy()\nmu = np.mean(X, axis=0)\nX -= mu\nX /= np.std(X, axis=0)\n" + SPLIT + FIT, "scaling", id="numpy, in place"),
    pytest.param(READ + "df = df.fillna(df.mean())\n" + REST, "imputation", id="fillna mean"),
    pytest.param(READ + "df['a'].fillna(df['a'].median(), inplace=True)\n" + REST, "imputation", id="fillna median in place"),
    pytest.param(READ + "df['a'] = df['a'].fillna(df['a'].mode()[0])\n" + REST, "imputation", id="fillna mode"),
    pytest.param(READ + "for c in df.columns:\n    if df[c].isnull().any():\n        df[c] = df[c].fillna(df[c].median())\n" + REST, "imputation", id="fillna over all columns"),
    pytest.param(READ + "df.fillna({'a': df['a'].mean()}, inplace=True)\n" + REST, "imputation", id="fillna by a dict"),
    pytest.param(READ + "df.loc[df['a'].isna(), 'a'] = df['a'].median()\n" + REST, "imputation", id="loc median"),
    pytest.param(READ + "df['a'] = np.where(df['a'].isna(), df['a'].mean(), df['a'])\n" + REST, "imputation", id="where mean"),
    pytest.param(READ + "df['a'] = df['a'].replace(0, df['a'].mean())\n" + REST, "imputation", id="replace by mean"),
    pytest.param(READ + "med = df['a'].median()\ndf['a'] = df['a'].apply(lambda v: med if pd.isnull(v) else v)\n" + REST, "imputation", id="lambda median"),
    pytest.param(READ + "df['a'] = df.groupby('g')['a'].transform(lambda s: s.fillna(s.median()))\n" + REST, "imputation", id="group median by lambda"),
    pytest.param(READ + "df['a'] = df['a'].fillna(df.groupby('g')['a'].transform('median'))\n" + REST, "group", id="group median"),
    pytest.param(READ + "df['a'] = df['a'].fillna(df['g'].map(df.groupby('g')['a'].mean()))\n" + REST, "imputation", id="group mean by map"),
    pytest.param(READ + XY + "X = SimpleImputer().fit_transform(X)\n" + SPLIT + FIT, "imputation", id="imputer"),
    pytest.param(READ + "q1, q3 = df['a'].quantile(0.25), df['a'].quantile(0.75)\niqr = q3 - q1\ndf['a'] = df['a'].clip(q1 - 1.5 * iqr, q3 + 1.5 * iqr)\n" + REST, "bounds", id="clip at quantiles"),
    pytest.param(READ + "q1, q3 = df['a'].quantile(0.25), df['a'].quantile(0.75)\ndf = df[(df['a'] >= q1) & (df['a'] <= q3)]\n" + REST, "outliers", id="outliers removed"),
    pytest.param(READ + "df['y_mean'] = df['city'].map(df.groupby('city')['y'].mean())\n" + REST, "encoding", id="target encoding by hand"),
    pytest.param(READ + "import category_encoders as ce\nX, y = df[['city']], df['y']\nX = ce.TargetEncoder().fit_transform(X, y)\n" + SPLIT + FIT, "encoding", id="target encoder"),
    pytest.param(READ + XY + "from imblearn.over_sampling import SMOTE\nX, y = SMOTE().fit_resample(X, y)\n" + SPLIT + FIT, "resampling", id="SMOTE"),
    pytest.param(READ + "a, b = df[df.y == 0], df[df.y == 1]\nb = resample(b, replace=True, n_samples=len(a))\ndf = pd.concat([a, b])\n" + REST, "resampling", id="upsampling"),
    pytest.param(READ + "v = TfidfVectorizer()\nX, y = v.fit_transform(df['text']), df['y']\n" + SPLIT + FIT, "vocabulary", id="tf-idf"),
    pytest.param(READ + "v = CountVectorizer().fit(df['text'])\nX, y = v.transform(df['text']), df['y']\n" + SPLIT + FIT, "vocabulary", id="counts"),
    pytest.param(READ + "from keras.preprocessing.text import Tokenizer\nfrom keras.preprocessing.sequence import pad_sequences\nt = Tokenizer(num_words=5000)\nt.fit_on_texts(df['text'])\nX = pad_sequences(t.texts_to_sequences(df['text']), maxlen=50)\ny = df['y'].values\n" + SPLIT + FIT, "vocabulary", id="keras tokenizer"),
    pytest.param(READ + XY + "X = SelectKBest(k=5).fit_transform(X, y)\n" + SPLIT + FIT, "selection", id="selector"),
    pytest.param(READ + XY + "r = RFE(LogisticRegression(), n_features_to_select=5).fit(X, y)\nX = r.transform(X)\n" + SPLIT + FIT, "selection", id="elimination"),
    pytest.param(READ + "c = df.corr()['y'].abs()\nkeep = c[c > 0.1].index\nX, y = df[keep], df['y']\n" + SPLIT + FIT, "selection", id="correlation with the target"),
    pytest.param(READ + XY + "f = RandomForestClassifier().fit(X, y)\ntop = X.columns[np.argsort(f.feature_importances_)[-5:]]\nX = X[top]\n" + SPLIT + FIT, "selection", id="importances of a model of all rows"),
    pytest.param(READ + XY + "X = PCA(2).fit_transform(X)\n" + SPLIT + FIT, "projection", id="PCA"),
    pytest.param(READ + XY + "p = Pipeline([('i', SimpleImputer()), ('s', StandardScaler())])\nX = p.fit_transform(X)\n" + SPLIT + FIT, "scaling", id="pipeline of transformers"),
    pytest.param(READ + XY + "t = ColumnTransformer([('n', StandardScaler(), ['a']), ('c', OneHotEncoder(), ['b'])])\nX = t.fit_transform(X)\n" + SPLIT + FIT, "scaling", id="column transformer"),
    pytest.param(READ + "df['per_area'] = df['y'] / df['area']\n" + REST, "target", id="computed from the target"),
    pytest.param(READ + "X, y = df, df['y']\n" + SPLIT + FIT, "target", id="target not dropped"),
    pytest.param(READ + "df['t'] = (df['num'] > 0).astype(int)\nX, y = df.drop('t', axis=1), df['t']\n" + SPLIT + FIT, "target", id="what the target was made of"),
    pytest.param(READ + XY + SPLIT + "m = LogisticRegression()\nm.fit(X, y)\nprint(m.score(X_test, y_test))\n", "fitted-on-held-out", id="model of all rows"),
    pytest.param(READ + XY + SPLIT + "A = pd.concat([X_train, X_test])\nb = pd.concat([y_train, y_test])\nm = LogisticRegression().fit(A, b)\nprint(accuracy_score(y_test, m.predict(X_test)))\n", "fitted-on-held-out", id="parts put together again"),
    pytest.param(READ + XY + "X = StandardScaler().fit_transform(X)\n" + CV, "scaling", id="scaler before folds"),
    pytest.param(READ + XY + "X = X.fillna(X.median())\nX_test = pd.read_csv('test.csv')\nfor i, j in KFold(5).split(X):\n    X_val, y_val = X.iloc[j], y.iloc[j]\n    m = LogisticRegression().fit(X.iloc[i], y.iloc[i])\n    print(m.score(X_val, y_val))\nprint(m.predict(X_test))\n", "imputation", id="medians before folds that are called validation"),
    pytest.param(READ + "df['a'] = df['a'].fillna(df['a'].mean())\n" + XY + "k = StratifiedKFold(5)\nfor i, j in k.split(X, y):\n    m = LogisticRegression().fit(X.iloc[i], y.iloc[i])\n    print(m.score(X.iloc[j], y.iloc[j]))\n", "imputation", id="mean before folds by hand"),
    pytest.param(READ + XY + "X = StandardScaler().fit_transform(X)\ng = GridSearchCV(LogisticRegression(), {'C': [1]})\ng.fit(X, y)\nprint(g.best_score_)\n", "scaling", id="scaler before a search"),
    pytest.param("def load():\n    return pd.read_csv('x.csv')\ndef clean(df):\n    df['a'] = df['a'].fillna(df['a'].mean())\n    return df\ndef split(df):\n    X, y = df.drop('y', axis=1), df['y']\n    return train_test_split(X, y)\ndef main():\n    df = clean(load())\n    a, b, c, d = split(df)\n    m = LogisticRegression()\n    m.fit(a, c)\n    print(m.score(b, d))\nif __name__ == '__main__':\n    main()\n", "imputation", id="through functions"),
    pytest.param("class Prep:\n    def __init__(self):\n        self.s = StandardScaler()\n    def run(self, df):\n        self.X = self.s.fit_transform(df.drop('y', axis=1))\n        self.y = df['y']\n        return train_test_split(self.X, self.y)\nclass Trainer:\n    def __init__(self):\n        self.m = LogisticRegression()\n    def train(self, a, c):\n        self.m.fit(a, c)\n    def test(self, b, d):\n        return self.m.score(b, d)\np = Prep()\na, b, c, d = p.run(pd.read_csv('x.csv'))\nt = Trainer()\nt.train(a, c)\nprint(t.test(b, d))\n", "scaling", id="through classes"),
    pytest.param("class Z:\n    def fit(self, X):\n        self.m, self.s = X.mean(), X.std()\n        return self\n    def transform(self, X):\n        return (X - self.m) / self.s\n" + READ + XY + "X = Z().fit(X).transform(X)\n" + SPLIT + FIT, "scaling", id="own scaler"),
    pytest.param("d = pd.read_csv('x.csv')['close'].values.reshape(-1, 1)\nd = MinMaxScaler().fit_transform(d)\nX, y = [], []\nfor i in range(60, len(d)):\n    X.append(d[i-60:i, 0])\n    y.append(d[i, 0])\nX, y = np.array(X), np.array(y)\nn = int(len(X) * 0.8)\nfrom keras.models import Sequential\nfrom keras.layers import LSTM, Dense\nm = Sequential([LSTM(5), Dense(1)])\nm.compile(loss='mse')\nm.fit(X[:n], y[:n], epochs=2)\np = m.predict(X[n:])\nprint(np.sqrt(mean_squared_error(y[n:], p)))\n", "scaling", id="series scaled before its windows are cut"),
    pytest.param("import torch\nfrom torch.utils.data import DataLoader, TensorDataset, random_split\n" + READ + "X = df.drop(columns='y').values\nX = (X - X.mean(axis=0)) / X.std(axis=0)\nds = TensorDataset(torch.tensor(X), torch.tensor(df['y'].values))\na, b = random_split(ds, [80, 20])\nnet = torch.nn.Linear(3, 1)\nopt = torch.optim.SGD(net.parameters())\nloss_fn = torch.nn.MSELoss()\nfor x, y in DataLoader(a):\n    loss = loss_fn(net(x), y)\n    loss.backward()\n    opt.step()\n", "scaling", id="torch"),
    pytest.param("class Data(torch.utils.data.Dataset):\n    def __init__(self, path):\n        d = pd.read_csv(path)\n        self.x = StandardScaler().fit_transform(d.drop('y', axis=1))\n        self.y = d['y']\n    def __getitem__(self, i):\n        return self.x[i], self.y[i]\n".replace("class", "import torch\nclass", 1) + "from torch.utils.data import DataLoader, random_split\na, b = random_split(Data('x.csv'), [80, 20])\nnet = torch.nn.Linear(3, 1)\nopt = torch.optim.SGD(net.parameters())\nfor x, y in DataLoader(a):\n    loss = torch.nn.functional.mse_loss(net(x), y)\n    opt.zero_grad()\n    loss.backward()\n    opt.step()\n", "scaling", id="torch data set of its own"),
    pytest.param(READ + XY + "import xgboost as xgb\nX = StandardScaler().fit_transform(X)\n" + SPLIT + "d = xgb.DMatrix(X_train, label=y_train)\nb = xgb.train({}, d)\nprint(accuracy_score(y_test, b.predict(xgb.DMatrix(X_test)) > 0.5))\n", "scaling", id="xgboost"),
    pytest.param("d = np.loadtxt('x.csv')\nX, y = d[:, :-1], d[:, -1]\nX = X / X.std(axis=0)\ni = np.random.permutation(len(X))\na, b = i[:80], i[80:]\nm = LinearRegression().fit(X[a], y[a])\nprint(mean_squared_error(y[b], m.predict(X[b])))\n", "scaling", id="numpy, permuted by hand"),
    pytest.param("import polars as pl\ndf = pl.read_csv('x.csv')\ndf = df.with_columns(pl.col('a').fill_null(pl.col('a').mean()))\nX, y = df.drop('y').to_numpy(), df['y'].to_numpy()\n" + SPLIT + FIT, "imputation", id="polars"),
    pytest.param("a = pd.read_csv('train.csv')\nb = pd.read_csv('test.csv')\ndf = pd.concat([a, b])\ndf['x'] = df['x'].fillna(df['x'].median())\ntrain = df[:len(a)]\nX, y = train.drop('y', axis=1), train['y']\n" + CV, "imputation", id="train and test files together"),
    pytest.param(READ + "from sklearn.cluster import KMeans\ndf['c'] = KMeans(3).fit_predict(df[['a', 'b']])\n" + REST, "model", id="clusters of all rows"),
    pytest.param(READ + "df['a'] = pd.qcut(df['a'], 4, labels=False)\n" + REST, "bounds", id="quantile bins"),
    pytest.param(READ + XY + "train, rest = X[:80], X[80:]\ns = StandardScaler().fit(X)\nm = LinearRegression().fit(s.transform(train), y[:80])\nprint(mean_squared_error(y[80:], m.predict(s.transform(rest))))\n", "scaling", id="cut by position"),
    pytest.param(READ + "df['next'] = df['y'].shift(-1)\nX, y = df[['a', 'next']], df['y']\nX_train, X_test, y_train, y_test = train_test_split(X, y, shuffle=False)\n" + FIT, "future", id="a later row's target as a feature"),
    pytest.param(READ + "df['avg'] = df['y'].rolling(7).mean()\nX, y = df[['a', 'avg']], df['y']\nX_train, X_test, y_train, y_test = train_test_split(X, y, shuffle=False)\n" + FIT, "target", id="rolling mean that holds the target itself"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "kind"), LEAKING)
def test_clear_leaks(source: str, kind: str) -> None:
    assert (kind, "clear") in told(followed(source))


DOUBTFUL = [
    pytest.param(READ + XY + "c = X.corr().abs()\nX = X.drop(columns=[n for n in c.columns if any(c[n] > 0.95)])\n" + SPLIT + FIT, [("selection", "suspicion")], id="features too alike are dropped by a loop over names"),
    pytest.param(READ + XY + SPLIT + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.fit_transform(X_test)\n" + FIT, [("held-out-by-itself", "suspicion")], id="held-out rows scaled by themselves"),
    pytest.param(READ + XY + "X['n'] = X['city'].map(X['city'].value_counts())\n" + SPLIT + FIT, [("encoding", "suspicion")], id="frequencies"),
    pytest.param(READ + "df['lag'] = df['y'].shift(1)\n" + XY + SPLIT + FIT, [("shuffled-series", "suspicion")], id="lags, shuffled"),
    pytest.param("d = np.loadtxt('x.csv')\nX, y = [], []\nfor i in range(60, len(d)):\n    X.append(d[i-60:i])\n    y.append(d[i])\nX, y = np.array(X), np.array(y)\n" + SPLIT + FIT, [("shuffled-series", "suspicion")], id="windows, shuffled"),
    pytest.param(READ + XY + SPLIT + "import xgboost as xgb\nm = xgb.XGBClassifier(early_stopping_rounds=10)\nm.fit(X_train, y_train, eval_set=[(X_test, y_test)])\nprint(m.score(X_test, y_test))\n", [("chosen-on-test", "selection")], id="stopped on test rows"),
    pytest.param(READ + XY + SPLIT + "m = LogisticRegression().fit(X_train, y_train)\np = m.predict_proba(X_test)[:, 1]\na, b, t = precision_recall_curve(y_test, p)\nbest = t[np.argmax(2 * a * b / (a + b))]\nprint(accuracy_score(y_test, p > best))\n", [("chosen-on-test", "selection")], id="threshold chosen on test rows"),
    pytest.param(READ + XY + SPLIT + "from keras.models import Sequential\nfrom keras.callbacks import EarlyStopping\nm = Sequential([])\nm.fit(X_train, y_train, validation_data=(X_test, y_test), callbacks=[EarlyStopping(patience=3)])\nprint(m.evaluate(X_test, y_test))\n", [("chosen-on-test", "selection")], id="epochs chosen on test rows"),
    pytest.param(READ + XY + SPLIT + "r = {}\nfor n, m in {'a': LogisticRegression(), 'b': RandomForestClassifier()}.items():\n    m.fit(X_train, y_train)\n    r[n] = m.score(X_test, y_test)\nbest = max(r, key=r.get)\nprint(best)\n", [("chosen-on-test", "selection")], id="model chosen on test rows"),
    pytest.param(READ + XY + SPLIT + "import optuna\ndef objective(trial):\n    m = RandomForestClassifier(max_depth=trial.suggest_int('d', 1, 9)).fit(X_train, y_train)\n    return m.score(X_test, y_test)\ns = optuna.create_study()\ns.optimize(objective, n_trials=9)\nm = RandomForestClassifier(**s.best_params).fit(X_train, y_train)\nprint(m.score(X_test, y_test))\n", [("chosen-on-test", "selection")], id="tuned on test rows"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), DOUBTFUL)
def test_what_is_not_clear(source: str, expected: list[tuple[str, str]]) -> None:
    assert told(followed(source)) == expected


CLEAN = [
    pytest.param(READ + REST, id="nothing prepared"),
    pytest.param(READ + XY + SPLIT + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.transform(X_test)\n" + FIT, id="scaler after the split"),
    pytest.param(READ + XY + SPLIT + "m = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression())\nm.fit(X_train, y_train)\nprint(m.score(X_test, y_test))\n", id="pipeline with a model"),
    pytest.param(READ + XY + "print(cross_val_score(Pipeline([('s', StandardScaler()), ('m', LogisticRegression())]), X, y))\n", id="pipeline in folds"),
    pytest.param(READ + XY + SPLIT + "g = GridSearchCV(Pipeline([('s', StandardScaler()), ('m', LogisticRegression())]), {'m__C': [1]})\ng.fit(X_train, y_train)\nprint(g.score(X_test, y_test))\n", id="pipeline in a search"),
    pytest.param(READ + XY + SPLIT + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.transform(X_test)\ng = GridSearchCV(LogisticRegression(), {'C': [1]})\ng.fit(X_train, y_train)\nprint(g.score(X_test, y_test))\n", id="search on a scaled training part"),
    pytest.param(READ + "df = pd.get_dummies(df, columns=['c'])\n" + REST, id="one-hot"),
    pytest.param(READ + "e = LabelEncoder()\nfor c in ['a', 'b']:\n    df[c] = e.fit_transform(df[c])\n" + REST, id="label codes"),
    pytest.param(READ + XY + "t = ColumnTransformer([('c', OneHotEncoder(), [0])], remainder='passthrough')\nX = np.array(t.fit_transform(X))\n" + SPLIT + FIT, id="one-hot in a column transformer"),
    pytest.param(READ + XY + "X = PolynomialFeatures(2).fit_transform(X)\n" + SPLIT + FIT, id="polynomials"),
    pytest.param(READ + "df = df.fillna(0)\ndf['b'] = df['b'].fillna('none')\n" + REST, id="constants"),
    pytest.param(READ + XY + "X = SimpleImputer(strategy='constant', fill_value=0).fit_transform(X)\n" + SPLIT + FIT, id="imputer of a constant"),
    pytest.param(READ + "df['a'] = np.log1p(df['a'])\ndf['r'] = df['a'] / df['b']\ndf['s'] = df['a'] + df['b'] + 1\n" + REST, id="each row by itself"),
    pytest.param(READ + "df['m'] = df[['a', 'b', 'c']].mean(axis=1)\ndf['z'] = df[['a', 'b']].max(axis=1)\n" + REST, id="means of each row"),
    pytest.param(READ + "print(df.describe(), df['a'].mean(), df.corr())\nm = df['a'].median()\nprint(m)\n" + REST, id="statistics that are shown"),
    pytest.param(READ + "import seaborn as sns\nz = (df['a'] - df['a'].mean()) / df['a'].std()\nsns.histplot(z)\nd2 = df.fillna(df.mean())\nsns.heatmap(d2.corr())\n" + REST, id="statistics for a plot"),
    pytest.param(READ + "df['z'] = (df['a'] - df['a'].mean()) / df['a'].std()\nprint(df['z'])\ndf = df.drop(columns=['z'])\n" + REST, id="a column that is dropped again"),
    pytest.param(READ + "df['b'] = df['b'].fillna(df['b'].mean())\nX, y = df[['a']], df['y']\n" + SPLIT + FIT, id="a column that is not used"),
    pytest.param(READ + XY + SPLIT + "med = X_train.median()\nX_train = X_train.fillna(med)\nX_test = X_test.fillna(med)\n" + FIT, id="median of the training part"),
    pytest.param(READ + XY + SPLIT + "lo, hi = X_train['a'].quantile(0.01), X_train['a'].quantile(0.99)\nX_train['a'] = X_train['a'].clip(lo, hi)\nX_test['a'] = X_test['a'].clip(lo, hi)\n" + FIT, id="bounds of the training part"),
    pytest.param(READ + XY + SPLIT + "from imblearn.over_sampling import SMOTE\nX_train, y_train = SMOTE().fit_resample(X_train, y_train)\n" + FIT, id="SMOTE after the split"),
    pytest.param(READ + XY + "from imblearn.pipeline import Pipeline as P\nfrom imblearn.over_sampling import SMOTE\nprint(cross_val_score(P([('s', SMOTE()), ('m', LogisticRegression())]), X, y))\n", id="SMOTE in folds"),
    pytest.param(READ + "X, y = df['text'], df['y']\n" + SPLIT + "v = TfidfVectorizer()\nX_train = v.fit_transform(X_train)\nX_test = v.transform(X_test)\n" + FIT, id="tf-idf after the split"),
    pytest.param(READ + "X, y = HashingVectorizer().fit_transform(df['text']), df['y']\n" + SPLIT + FIT, id="hashed words"),
    pytest.param(READ + "df['text'] = df['text'].str.lower().apply(lambda t: t.strip())\nX, y = df['text'], df['y']\nmaxlen = max(len(t) for t in X)\n" + SPLIT + "m = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(X_train, y_train)\nprint(m.score(X_test, y_test))\n", id="text cleaning"),
    pytest.param(READ + "from transformers import AutoTokenizer\nt = AutoTokenizer.from_pretrained('bert-base-uncased')\nX, y = t(list(df['text'])), df['y']\n" + SPLIT + FIT, id="tokenizer trained elsewhere"),
    pytest.param("import cv2, os\nX, y = [], []\nfor f in os.listdir('img'):\n    i = cv2.resize(cv2.imread(f), (64, 64)) / 255.0\n    i = (i - i.mean()) / i.std()\n    X.append(i)\n    y.append(f[0])\nX, y = np.array(X), np.array(y)\n" + SPLIT + FIT, id="each image by itself"),
    pytest.param("from keras.datasets import mnist\n(a, b), (c, d) = mnist.load_data()\na, c = a / 255.0, c / 255.0\nm = LogisticRegression().fit(a, b)\nprint(m.score(c, d))\n", id="published parts"),
    pytest.param("from keras.datasets import mnist\n(a, b), (c, d) = mnist.load_data()\nmu, sd = a.mean(), a.std()\na, c = (a - mu) / sd, (c - mu) / sd\nm = LogisticRegression().fit(a, b)\nprint(m.score(c, d))\n", id="statistics of the published training part"),
    pytest.param(READ + REST + "best = LogisticRegression().fit(X, y)\nimport joblib\njoblib.dump(best, 'm.pkl')\n", id="fitted again on all rows at the end"),
    pytest.param(READ + "df = df[df['a'] > 0]\ndf = df.dropna().drop_duplicates()\n" + REST, id="rows left out by constants"),
    pytest.param(READ + "df['y'] = (df['y'] > df['y'].median()).astype(int)\nX, y = df[['a', 'b']], df['y']\n" + SPLIT + FIT, id="classes by the median define the task"),
    pytest.param(READ + "df['days'] = (df['date'] - df['date'].min()).dt.days\ndf['age'] = df['year'].max() - df['year']\n" + REST, id="days since the first"),
    pytest.param(READ + "df['log_y'] = np.log(df['y'])\nX, y = df.drop(columns=['y', 'log_y']), df['log_y']\n" + SPLIT + FIT, id="target and its logarithm dropped"),
    pytest.param(READ + "t = 'y'\nf = [c for c in df.columns if c != t]\nX, y = df[f], df[t]\n" + SPLIT + FIT, id="target left out by a comprehension"),
    pytest.param(READ + "y = df.pop('y')\nX = df\n" + SPLIT + FIT, id="target popped"),
    pytest.param(READ + "X, y = df.iloc[:, :-1], df.iloc[:, -1]\n" + SPLIT + FIT, id="columns by position"),
    pytest.param(READ + "g = df.groupby('customer').agg({'amount': 'sum'}).reset_index()\ng['rich'] = g['amount'] > 100\nX, y = g[['customer']], g['rich']\n" + SPLIT + FIT, id="one row for each group"),
    pytest.param(READ + "df['n'] = df.groupby('ticket')['id'].transform('count')\n" + REST, id="sizes of groups"),
    pytest.param(READ + "df['lag'] = df['y'].shift(1)\ndf['avg'] = df['y'].shift(1).rolling(7).mean()\n" + XY + "X_train, X_test, y_train, y_test = train_test_split(X, y, shuffle=False)\n" + FIT, id="lags, in order"),
    pytest.param(READ + "df['target'] = df['close'].shift(-1)\nX, y = df[['close', 'volume']], df['target']\nX_train, X_test, y_train, y_test = train_test_split(X, y, shuffle=False)\n" + FIT, id="the next day's target"),
    pytest.param(READ + "df['lag'] = df['y'].shift(1)\n" + XY + "print(cross_val_score(LinearRegression(), X, y, cv=TimeSeriesSplit(5)))\n", id="lags in ordered folds"),
    pytest.param(READ + "s = df['close'].values\nn = int(len(s) * 0.8)\na, b = s[:n], s[n:]\nsc = MinMaxScaler()\na = sc.fit_transform(a)\nb = sc.transform(b)\nm = LinearRegression().fit(a[:-1], a[1:])\nprint(mean_squared_error(b[1:], m.predict(b[:-1])))\n", id="series scaled by its first part"),
    pytest.param("class Z:\n    def fit(self, X):\n        self.m = X.mean()\n        return self\n    def transform(self, X):\n        return X - self.m\n" + READ + XY + SPLIT + "z = Z().fit(X_train)\nX_train, X_test = z.transform(X_train), z.transform(X_test)\n" + FIT, id="own scaler after the split"),
    pytest.param(READ + XY + "def prepare(a, b):\n    s = StandardScaler()\n    return s.fit_transform(a), s.transform(b)\n" + SPLIT + "X_train, X_test = prepare(X_train, X_test)\n" + FIT, id="prepared in a function after the split"),
    pytest.param(READ + XY + "X_train, X_rest, y_train, y_rest = train_test_split(X, y)\nX_val, X_test, y_val, y_test = train_test_split(X_rest, y_rest)\nimport xgboost as xgb\nm = xgb.XGBClassifier(early_stopping_rounds=5)\nm.fit(X_train, y_train, eval_set=[(X_val, y_val)])\nprint(m.score(X_test, y_test))\n", id="stopped on validation rows"),
    pytest.param("tr, te = pd.read_csv('train.csv'), pd.read_csv('test.csv')\ns = StandardScaler()\nA, X_test = s.fit_transform(tr.drop('y', axis=1)), s.transform(te.drop('y', axis=1))\nX_train, X_val, y_train, y_val = train_test_split(A, tr['y'])\nm = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_val, y_val), m.score(X_test, te['y']))\n", id="validation rows seen by a scaler, test rows not"),
    pytest.param(READ + XY + SPLIT + "from keras.models import Sequential\nm = Sequential([])\nm.fit(X_train, y_train, validation_data=(X_test, y_test), epochs=5)\nprint(m.evaluate(X_test, y_test))\n", id="watched, and nothing chosen"),
    pytest.param(READ + XY + SPLIT + "from keras.models import Sequential\nfrom keras.callbacks import EarlyStopping\nm = Sequential([])\nm.fit(X_train, y_train, validation_split=0.1, callbacks=[EarlyStopping()])\nprint(m.evaluate(X_test, y_test))\n", id="stopped on a part of the training part"),
    pytest.param(READ + XY + SPLIT + "for m in [LogisticRegression(), RandomForestClassifier()]:\n    m.fit(X_train, y_train)\n    print(m.score(X_test, y_test))\n", id="several models shown"),
    pytest.param("other = pd.read_csv('other.csv')\nother = other.fillna(other.mean())\nprint(other)\n" + READ + REST, id="another frame"),
    pytest.param(READ + "from sklearn.cluster import KMeans\nX = StandardScaler().fit_transform(df)\nk = KMeans(3).fit(X)\nprint(k.labels_)\n", id="nothing held out"),
    pytest.param(READ + "def unused(df):\n    return StandardScaler().fit_transform(df)\n" + REST, id="a helper that nothing calls"),
    pytest.param(READ + "from sentence_transformers import SentenceTransformer\nm = SentenceTransformer('x')\nt = list(df['text'])\nX = []\nfor i in range(0, len(t), 32):\n    X.append(m.encode(t[i:i+32]))\nX, y = np.vstack(X), df['y']\n" + SPLIT + FIT, id="batches"),
    pytest.param(READ + XY + SPLIT + "m = RandomForestClassifier().fit(X_train, y_train)\na = accuracy_score(y_test, m.predict(X_test))\nif a > 0.8:\n    print('good enough')\n    saved = m\n", id="a bound for the score"),
    pytest.param(READ + "conf = {'features': ['a', 'b']}\nimport yaml\nconf = yaml.safe_load(open('c.yml'))\nX, y = df[conf['features']], df['y']\n" + SPLIT + FIT, id="columns by a setting"),
    pytest.param(READ + "SCALE = False\n" + XY + "if SCALE:\n    X = StandardScaler().fit_transform(X)\n" + SPLIT + FIT, id="switched off"),
    pytest.param(READ + "# X = StandardScaler().fit_transform(X)\n'''df.fillna(df.mean())'''\n" + REST, id="named in text"),
    pytest.param(READ + XY + SPLIT + "del X_test['b']\nX_train = X_train.drop(columns='b')\nm = RandomForestClassifier().fit(X_train, y_train)\ntop = X_train.columns[np.argsort(m.feature_importances_)[-5:]]\nm = RandomForestClassifier().fit(X_train[top], y_train)\nprint(m.score(X_test[top], y_test))\n", id="importances of the training part"),
    pytest.param("import torch\nfrom torchvision import datasets, transforms\nfrom torch.utils.data import DataLoader\nt = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])\na = DataLoader(datasets.MNIST('d', train=True, transform=t))\nb = DataLoader(datasets.MNIST('d', train=False, transform=t))\nnet = torch.nn.Linear(1, 1)\nopt = torch.optim.SGD(net.parameters())\nfor x, y in a:\n    loss = torch.nn.functional.nll_loss(net(x), y)\n    loss.backward()\n    opt.step()\nfor x, y in b:\n    print((net(x).argmax(1) == y).sum())\n", id="torchvision"),
    pytest.param("import polars as pl\ndf = pl.read_csv('x.csv').with_columns(pl.col('a').fill_null(0), (pl.col('a') / pl.col('b')).alias('r'))\nX, y = df.drop('y').to_numpy(), df['y'].to_numpy()\n" + SPLIT + FIT, id="polars, each row by itself"),
    pytest.param("text = open('t.txt').read()\nchars = sorted(set(text))\nstoi = {c: i for i, c in enumerate(chars)}\ndata = np.array([stoi[c] for c in text])\nn = int(0.9 * len(data))\na, b = data[:n], data[n:]\nm = LogisticRegression().fit(a[:-1], a[1:])\nprint(m.score(b[:-1], b[1:]))\n", id="codes of characters"),
]  # fmt: skip

LEFT_OUT = [
    pytest.param("X = df[list(set(df.columns) - {'y'})]", id="set of names"),
    pytest.param("X = df[df.columns.difference(['y'])]", id="difference"),
    pytest.param("X = df[df.columns.drop('y')]", id="names dropped"),
    pytest.param("X = df.loc[:, df.columns != 'y']", id="mask of names"),
    pytest.param("c = df.columns.tolist()\nc.remove('y')\nX = df[c]", id="name removed"),
    pytest.param("c = df.drop(['y'], axis=1).columns\nX = df[c]", id="names of another frame"),
    pytest.param("X = df.filter(['a', 'b'])", id="filter"),
    pytest.param("X = df.filter(like='a')", id="filter by a word"),
    pytest.param("X = np.delete(df.values, 3, axis=1)", id="deleted by position"),
    pytest.param("X = df[[c for c in df.columns if c not in ('y', 'id')]]", id="comprehension"),
    pytest.param("t = 'y'\nX = df.drop(t, axis=1) if t in df.columns else df", id="dropped where it is there"),
    pytest.param("X = df.copy()\nif 'y' in X.columns:\n    X = X.drop(columns='y')", id="dropped under a condition"),
    pytest.param("X = df.copy()\nX.drop(['y', 'id'], axis=1, inplace=True)", id="dropped in place"),
    pytest.param("X = df.copy()\ndel X['y']", id="deleted"),
    pytest.param("drop = ['id']\ndrop.append('y')\nX = df.drop(columns=drop)", id="list that grows"),
    pytest.param("def features(d, *gone):\n    return d.drop(columns=list(gone))\nX = features(df, 'y')", id="through a function"),
    pytest.param("X = df.select_dtypes('number')", id="by type"),
    pytest.param("X = df.rename(columns={'y': 'z'}).drop(columns='z')", id="renamed"),
    pytest.param("X = df.set_index('y')", id="as the index"),
    pytest.param("X = pd.get_dummies(df).drop(columns=['y_a', 'y_b'])", id="as its codes"),
    pytest.param("X = df.drop(columns=CONFIG['target'])", id="by a setting"),
]  # fmt: skip


@pytest.mark.parametrize("source", LEFT_OUT)
def test_a_target_that_is_left_out(source: str) -> None:
    assert told(followed(READ + "y = df['y']\n" + source + "\n" + SPLIT + FIT)) == []


@pytest.mark.parametrize("source", CLEAN)
def test_no_leak(source: str) -> None:
    assert told(followed(source)) == []


def test_a_leak_is_a_path() -> None:
    found = followed(READ + XY + "X = StandardScaler().fit_transform(X)\n" + SPLIT + FIT).leaks

    assert [lines(leak) for leak in found] == [(1, 3, 4)]
    assert found[0].what == "StandardScaler"


def test_cells_are_followed_in_order() -> None:
    cells = [IMPORTS, READ, "df['a'] = df['a'].fillna(df['a'].mean())", XY + SPLIT, FIT]
    found = of({"n.ipynb": notebook(*cells)}).leaks

    assert [(leak.used.cell, leak.held_out.cell) for leak in found] == [(2, 3)]


def test_a_later_cell_does_not_reach_back() -> None:
    cells = [IMPORTS, READ, XY + SPLIT, FIT, "df['a'] = df['a'].fillna(df['a'].mean())\nprint(df)"]

    assert of({"n.ipynb": notebook(*cells)}).leaks == ()


PREPARE = READ + "df['a'] = df['a'].fillna(df['a'].mean())\n"
TRAIN = "df = pd.read_csv('data/clean.csv')\n" + REST


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"prepare": PREPARE + "df.to_csv('data/clean.csv')", "train": TRAIN}, [("imputation", "clear")], id="same name"),
        pytest.param({"z_prepare": PREPARE + "df.to_csv('data/clean.csv')", "train": TRAIN}, [("imputation", "clear")], id="written by a later file"),
        pytest.param({"prepare": PREPARE + "df.to_csv('data/other.csv')", "train": TRAIN}, [], id="another name"),
        pytest.param({"config": "CLEAN = 'data/clean.csv'", "prepare": "from config import CLEAN\n" + PREPARE + "df.to_csv(CLEAN)", "train": TRAIN}, [("imputation", "clear")], id="name from a module"),
        pytest.param({"prepare": READ + "import os\na, b = train_test_split(df)\na.to_csv(os.path.join('data', 'train.csv'))\nb.to_csv('data/test.csv')", "train": "a, b = pd.read_csv('data/train.csv'), pd.read_csv('data/test.csv')\nm = LogisticRegression().fit(a.drop('y', axis=1), a['y'])\nprint(m.score(b.drop('y', axis=1), b['y']))"}, [], id="split in one, fitted in the other"),
    ],
)  # fmt: skip
def test_files_are_followed(files: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert told(followed("", **files)) == expected


def test_what_nothing_runs_is_told_apart() -> None:
    found = followed("def f(df):\n    X, y = StandardScaler().fit_transform(df), df['y']\n    return X\n")

    assert found.leaks == ()


DESIGNS = [
    pytest.param(READ + REST, {"one-part"}, id="one split"),
    pytest.param(READ + XY + CV, {"folds"}, id="folds"),
    pytest.param(READ + XY + SPLIT + "g = GridSearchCV(LogisticRegression(), {'C': [1]}).fit(X_train, y_train)\nprint(g.score(X_test, y_test))\n", {"folds", "one-part"}, id="search, test last"),
    pytest.param(READ + XY + "m = LogisticRegression().fit(X, y)\nprint(m.score(X, y))\n", set(), id="nothing held out"),
    pytest.param(READ + XY + "X_train, A, y_train, b = train_test_split(X, y)\nX_val, X_test, y_val, y_test = train_test_split(A, b)\nm = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_val, y_val))\nprint(m.score(X_test, y_test))\n", {"three-parts"}, id="three parts"),
    pytest.param(READ + XY + SPLIT + "from keras.models import Sequential\nm = Sequential([])\nm.fit(X_train, y_train, validation_split=0.2)\nprint(m.evaluate(X_test, y_test))\n", {"three-parts"}, id="a part set apart while training, test last"),
    pytest.param(READ + XY + "from keras.models import Sequential\nm = Sequential([])\nm.fit(X, y, validation_split=0.2)\n", {"one-part"}, id="a part set apart while training"),
    pytest.param(READ + XY + "k = KFold(5)\nfor i, j in k.split(X):\n    m = LogisticRegression().fit(X.iloc[i], y.iloc[i])\n    print(m.score(X.iloc[j], y.iloc[j]))\n", {"folds"}, id="folds by hand"),
    pytest.param(READ + XY + SPLIT + "m = LogisticRegression().fit(X_train, y_train)\nfor s in ['a', 'b']:\n    print(m.score(X_test[X_test.s == s], y_test[X_test.s == s]))\nprint(m.score(X_test[X_test.s == 'c'], y_test[X_test.s == 'c']))\n", {"one-part"}, id="slices of one part"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "kinds"), DESIGNS)
def test_designs(source: str, kinds: set[str]) -> None:
    assert {d.kind for d in followed(source).designs} == kinds


def test_the_record_survives_a_round_trip() -> None:
    found = followed(READ + XY + "X = StandardScaler().fit_transform(X)\n" + SPLIT + FIT)

    assert codec.decode(codec.encode(found), Flow) == found
