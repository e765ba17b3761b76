"""Leakage: what is learned from rows that are held out, and what only looks like it."""

from __future__ import annotations

import pytest

from evaluator.facts.flow import flow
from evaluator.facts.project_kind import ProjectKind, Trait
from evaluator.model import Answer, InFile, Measured, NotApplicable
from evaluator.signals.modelling.leakage import leakage_free
from tests.facts.programs import notebook, program

IMPORTS = """import numpy as np, pandas as pd, joblib
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, StandardScaler
"""
READ = IMPORTS + "df = pd.read_csv('x.csv')\nX, y = df.drop('y', axis=1), df['y']\n"
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)\n"
FIT = "m = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_test, y_test))\n"
AGENT = ProjectKind(tasks=(Trait(name="reinforcement-learning", why="an environment is stepped"),))


def asked(files: dict[str, str | bytes], kind: ProjectKind | None = None) -> Answer:
    made = program(files)
    found = flow(made.modules, made.code, made.reach)
    return leakage_free(found, made.work, made.tree, kind or ProjectKind())


@pytest.mark.parametrize(
    ("files", "level"),
    [
        pytest.param({"a.py": READ + "X = StandardScaler().fit_transform(X)\n" + SPLIT + FIT}, 0, id="scaler first"),
        pytest.param({"a.py": READ + "X = X.fillna(X.mean())\n" + SPLIT + FIT}, 0, id="mean first"),
        pytest.param({"a.ipynb": notebook(READ, "X = X.fillna(X.mean())", SPLIT, FIT)}, 0, id="in a notebook"),
        pytest.param({"a.py": READ + SPLIT + FIT, "b.ipynb": notebook(READ, "X = X.fillna(X.mean())", SPLIT, FIT)}, 0, id="taught beside a clean one"),
        pytest.param({"p.py": READ + "X = X.fillna(X.mean())\nX.to_csv('c.csv')\n", "t.py": IMPORTS + "X = pd.read_csv('c.csv')\ny = X.pop('z')\n" + SPLIT + FIT}, 0, id="through a file"),
        pytest.param({"a.py": READ + SPLIT + "m = RandomForestClassifier().fit(X, y)\nprint(m.score(X_test, y_test))\n"}, 0, id="fitted on all"),
        pytest.param({"a.py": READ + SPLIT + "s = {}\nfor n, m in [('a', LogisticRegression()), ('b', RandomForestClassifier())]:\n    s[n] = m.fit(X_train, y_train).score(X_test, y_test)\nprint(max(s, key=s.get))\n"}, 1, id="best on the test rows"),
        pytest.param({"a.py": READ + SPLIT + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.fit_transform(X_test)\n" + FIT}, 1, id="test rows by themselves"),
        pytest.param({"a.py": READ + SPLIT + FIT}, 2, id="clean"),
        pytest.param({"a.py": READ + SPLIT + "m = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train)\nprint(m.score(X_test, y_test))\n"}, 2, id="pipeline"),
        pytest.param({"a.py": READ + "print(cross_val_score(make_pipeline(StandardScaler(), LogisticRegression()), X, y))\n"}, 2, id="pipeline in folds"),
        pytest.param({"a.py": READ + "y = LabelEncoder().fit_transform(y)\nX = pd.get_dummies(X)\n" + SPLIT + FIT}, 2, id="codes of names"),
        pytest.param({"a.py": READ + SPLIT + FIT + "def old(X):\n    return StandardScaler().fit_transform(X)\n"}, 2, id="a helper that nothing calls"),
        pytest.param({"a.py": READ + SPLIT + FIT, "tests/test_a.py": READ + "def test_a():\n    X = StandardScaler().fit_transform(df)\n    assert len(train_test_split(X)) == 2\n"}, 2, id="in a test"),
        pytest.param({"a.py": READ + "print(X.mean(), X.describe())\n" + SPLIT + FIT}, 2, id="statistics that are shown"),
    ],
)  # fmt: skip
def test_leakage(files: dict[str, str | bytes], level: int) -> None:
    answer = asked(files)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert answer.evidence


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        pytest.param({"a.py": "print('no model')\n"}, None, id="no model"),
        pytest.param({"a.py": READ + "m = LogisticRegression().fit(X, y)\nprint(m.score(X, y))\n"}, None, id="nothing held out"),
        pytest.param({"a.py": READ + "X = StandardScaler().fit_transform(X)\nm = LogisticRegression().fit(X, y)\n"}, None, id="scaled, nothing held out"),
        pytest.param({"a.py": "import joblib\nm = joblib.load('m.pkl')\nprint(m.predict([[1]]))\n", "m.pkl": b"\x80"}, None, id="a model without its making"),
        pytest.param({"a.py": "import gymnasium as gym\nfrom stable_baselines3 import PPO\nm = PPO('MlpPolicy', gym.make('CartPole-v1'))\nm.learn(100)\n"}, AGENT, id="an agent"),
        pytest.param({"a.py": "from sklearn.cluster import KMeans\nimport pandas as pd\nprint(KMeans(3).fit(pd.read_csv('x.csv')).labels_)\n"}, None, id="clusters"),
    ],
)  # fmt: skip
def test_not_asked(files: dict[str, str | bytes], kind: ProjectKind | None) -> None:
    assert isinstance(asked(files, kind), NotApplicable)


def test_a_leak_is_shown_as_a_path() -> None:
    answer = asked({"a.py": READ + "X = StandardScaler().fit_transform(X)\n" + SPLIT + FIT})

    assert isinstance(answer, Measured)
    before = IMPORTS.count("\n")
    assert [e.at.start - before for e in answer.evidence if isinstance(e, InFile)] == [1, 3, 4]
