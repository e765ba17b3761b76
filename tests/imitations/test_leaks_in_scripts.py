"""Can a leak hide in one flat script? The table, the model and the score are the same each time."""

from __future__ import annotations

import pytest

from tests.imitations.harness import verdict_of, withheld
from tests.imitations.repo import Repo

HEAD = """\
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

calls = pd.read_csv("bank.csv")
calls["y"] = (calls["y"] == "yes").astype(int)
numbers = ["age", "balance", "campaign"]
"""
SPLIT = """\
x_train, x_test, y_train, y_test = train_test_split(calls.drop(columns="y"), calls["y"], random_state=0)
"""
FIT = """\
model = LogisticRegression().fit(x_train[numbers], y_train)
"""
SCORE = """\
print("average precision", average_precision_score(y_test, model.predict_proba(x_test[numbers])[:, 1]))
"""


def script(*, before: str = "", after: str = "", fit: str = FIT, split: str = SPLIT, score: str = SCORE) -> Repo:
    """Return a script with ``before`` its split and ``after`` it."""
    return Repo(
        {"README.md": "# Calls\n\nFinds who subscribes.\n", "calls.py": HEAD + before + split + after + fit + score}
    )


HELPER = """\


def scaled(table):
    scaler = StandardScaler()
    table[numbers] = scaler.fit_transform(table[numbers])
    return table


calls = scaled(calls)
"""
ALIAS = """\
scaler = StandardScaler()
learn, apply = scaler.fit, scaler.transform
learn(calls[numbers])
calls[numbers] = apply(calls[numbers])
"""
LAMBDA = """\
tame = lambda column: column.clip(column.quantile(0.01), column.quantile(0.99))
calls["balance"] = tame(calls["balance"])
"""
CLASS = """\


class Scaler:
    def learn(self, table):
        self.middle, self.spread = table.mean(), table.std()
        return self

    def apply(self, table):
        return (table - self.middle) / self.spread


calls[numbers] = Scaler().learn(calls[numbers]).apply(calls[numbers])
"""
JOINED = """\
scaler = StandardScaler().fit(np.concatenate([x_train[numbers].to_numpy(), x_test[numbers].to_numpy()]))
x_train[numbers], x_test[numbers] = scaler.transform(x_train[numbers]), scaler.transform(x_test[numbers])
"""
RATES = """\
rates = dict(calls.groupby("job")["y"].mean())
calls["campaign"] = [rates[job] for job in calls["job"]]
"""
LOOPED = """\
for column in numbers:
    middle = np.nanmedian(calls[column].values)
    calls.loc[calls[column].isna(), column] = middle
"""
OVERSAMPLED = """\
from imblearn.over_sampling import SMOTE

rows, target = SMOTE(random_state=0).fit_resample(calls[numbers], calls["y"])
calls = pd.DataFrame(rows, columns=numbers).assign(y=target)
"""
BY_HAND = """\
calls[numbers] = (calls[numbers] - calls[numbers].min()) / (calls[numbers].max() - calls[numbers].min())
"""
SLICES = """\
calls = calls.sample(frac=1, random_state=0)
train, test = calls[:30000], calls[30000:]
x_train, y_train, x_test, y_test = train, train["y"], test, test["y"]
"""
TARGET_LEFT_IN = """\
numbers = [column for column in calls.select_dtypes("number").columns if column != "target"]
x_train, x_test, y_train, y_test = train_test_split(calls, calls["y"], random_state=0)
"""
THRESHOLD = """\
from sklearn.metrics import f1_score

chances = model.predict_proba(x_test[numbers])[:, 1]
best = max(np.linspace(0.05, 0.95, 19), key=lambda t: f1_score(y_test, chances > t))
print("F1", f1_score(y_test, chances > best))
"""
STOPPED = """\
from xgboost import XGBClassifier

model = XGBClassifier(n_estimators=2000, early_stopping_rounds=20)
model.fit(x_train[numbers], y_train, eval_set=[(x_test[numbers], y_test)], verbose=False)
"""
CHOSEN = """\
models = [LogisticRegression(C=c).fit(x_train[numbers], y_train) for c in (0.01, 0.1, 1, 10)]
model = max(models, key=lambda m: average_precision_score(y_test, m.predict_proba(x_test[numbers])[:, 1]))
"""
ONE_HOT = """\
calls = pd.get_dummies(calls, columns=["job", "marital"])
"""
HONEST_SCALING = """\
scaler = StandardScaler().fit(x_train[numbers])
x_train[numbers], x_test[numbers] = scaler.transform(x_train[numbers]), scaler.transform(x_test[numbers])
"""


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(script(before=HELPER), id="scaler-in-a-helper"),
        pytest.param(script(before=ALIAS), id="fit-under-another-name"),
        pytest.param(script(before=LAMBDA), id="clip-bounds-in-a-lambda"),
        pytest.param(script(before=CLASS), id="own-class-with-means"),
        pytest.param(script(after=JOINED), id="both-sides-joined-by-numpy"),
        pytest.param(script(before=RATES), id="target-rates-through-a-dictionary"),
        pytest.param(script(before=LOOPED), id="medians-in-a-loop"),
        pytest.param(script(before=OVERSAMPLED), id="synthetic-rows-before-the-split"),
        pytest.param(script(before=BY_HAND), id="scaled-by-hand"),
        pytest.param(script(before=BY_HAND, split=SLICES), id="scaled-by-hand-then-sliced"),
        pytest.param(script(split=TARGET_LEFT_IN), id="target-left-among-the-features"),
        pytest.param(script(score=THRESHOLD), id="threshold-chosen-on-the-test"),
        pytest.param(script(fit=STOPPED), id="stopped-early-on-the-test"),
        pytest.param(script(fit=CHOSEN), id="model-chosen-on-the-test"),
    ],
)
def test_leakage_free(repo: Repo) -> None:
    withheld(repo.files, "modelling.leakage-free")


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(script(), id="as-it-is"),
        pytest.param(script(before=ONE_HOT), id="one-hot-columns-of-category-names"),
        pytest.param(script(after=HONEST_SCALING), id="scaler-of-the-training-rows"),
    ],
)
def test_honest_scripts_pass(repo: Repo) -> None:
    assert verdict_of(repo.files, "modelling.leakage-free") == "pass"
