"""Can held-out rows be seen in training without the leak being seen by the reader of a report?"""

from __future__ import annotations

import pytest

from tests.imitations.harness import withheld
from tests.imitations.honest import CODE, TABULAR
from tests.imitations.repo import Cell, Repo, notebook

DATA, MODEL, TRAIN = f"{CODE}/data.py", f"{CODE}/model.py", f"{CODE}/train.py"
LOADED = 'clean(pd.read_csv(path, sep=";"))'
IMPORTS = "from sklearn.model_selection import train_test_split\n"


def before_split(definition: str, call: str, imports: str = "") -> Repo:
    """Return the project whose ``load`` passes all rows through ``call``; the honest pipeline stays as it is."""
    return (
        TABULAR.swap(DATA, IMPORTS, f"{IMPORTS}{imports}")
        .swap(DATA, "def load(", f"{definition}\n\ndef load(")
        .swap(DATA, f"return {LOADED}", f"return {call.format(calls=LOADED)}")
    )


HELPER = '''\
def tidy(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the calls with numbers on one scale."""
    numbers = ["age", "balance", "campaign"]
    calls[numbers] = StandardScaler().fit_transform(calls[numbers])
    return calls

'''
ALIAS = '''\
def tidy(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the calls with numbers on one scale."""
    scaler = S()
    learn = scaler.fit
    learn(calls[["age", "balance"]])
    calls[["age", "balance"]] = scaler.transform(calls[["age", "balance"]])
    return calls

'''
LAMBDA = "fill = lambda calls: calls.assign(balance=calls['balance'].clip(upper=calls['balance'].quantile(0.99)))\n"
CLASS = '''\
class Tidier:
    """Keeps middle and spread of the numbers."""

    def learn(self, calls: pd.DataFrame) -> "Tidier":
        """Look at the calls."""
        self.middle = calls[["age", "balance"]].mean()
        self.spread = calls[["age", "balance"]].std()
        return self

    def apply(self, calls: pd.DataFrame) -> pd.DataFrame:
        """Return the calls on one scale."""
        calls[["age", "balance"]] = (calls[["age", "balance"]] - self.middle) / self.spread
        return calls


def tidy(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the calls with numbers on one scale."""
    return Tidier().learn(calls).apply(calls)

'''
TARGET_RATE = '''\
def tidy(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the calls with what is usual for the job."""
    calls["balance"] = calls.groupby("job")[TARGET].transform("mean") * 1000
    return calls

'''
TARGET_COPY = '''\
def tidy(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the calls with a better count of earlier contacts."""
    calls["previous"] = calls["previous"] + 3 * calls[TARGET]
    return calls

'''
BALANCED = '''\
def tidy(calls: pd.DataFrame) -> pd.DataFrame:
    """Return as many subscribers as others."""
    rare = calls[calls[TARGET] == 1]
    more = rare.sample(n=len(calls) - 2 * len(rare), replace=True, random_state=SEED)
    return pd.concat([calls, more], ignore_index=True)

'''
SELECTED = '''\
def tidy(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the calls with the numbers that matter."""
    numbers = calls[["age", "balance", "day", "campaign", "previous"]]
    kept = numbers.columns[SelectKBest(k=3).fit(numbers, calls[TARGET]).get_support()]
    calls[numbers.columns.difference(kept)] = 0
    return calls

'''
TOGETHER = """\
    x_train, x_test, y_train, _ = split(load())
    numbers = ["age", "balance"]
    scaler = StandardScaler().fit(np.concatenate([x_train[numbers], x_test[numbers]]))
    x_train[numbers] = scaler.transform(x_train[numbers])
"""
FIT_ON_BOTH = """\
        searched.fit(pd.concat([x_train, x_test]), pd.concat([y_train, y_test]))
"""
DECOY = """\
    calls = load()
    x_train, _, y_train, _ = split(calls)
    scaler = StandardScaler().fit(x_train[["age", "balance"]])
    scaler = scaler.fit(calls[["age", "balance"]])
    x_train[["age", "balance"]] = scaler.transform(x_train[["age", "balance"]])
"""
SPLIT = "    x_train, _, y_train, _ = split(load())\n"
WITH_SCALER = TABULAR.swap(
    TRAIN,
    "from sklearn.model_selection import cross_val_score\n",
    "from sklearn.model_selection import cross_val_score\nfrom sklearn.preprocessing import StandardScaler\n",
)
CELLS: tuple[Cell, ...] = (
    ("code", "import pandas as pd\nfrom sklearn.feature_extraction.text import TfidfVectorizer", ""),
    ("code", "reviews = pd.read_csv('reviews.csv')\nprint(len(reviews))", "2000\n"),
    ("code", "vectorizer = TfidfVectorizer(max_features=5000)\nmatrix = vectorizer.fit_transform(reviews['text'])", ""),
    ("markdown", "We hold out a fifth of the reviews so that the test is fair and nothing leaks.", ""),
    ("code", "half = matrix[:, :2500]\nlabels = reviews['stars'] > 3", ""),
    (
        "code",
        "from sklearn.model_selection import train_test_split\nx_train, x_test, y_train, y_test = train_test_split(half, labels, test_size=0.2, random_state=0)",
        "",
    ),
    (
        "code",
        "from sklearn.linear_model import LogisticRegression\nmodel = LogisticRegression().fit(x_train, y_train)\nprint(model.score(x_test, y_test))",
        "0.91\n",
    ),
)
LATE_SPLIT = """\
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split

sales = pd.read_csv("daily_sales.csv", parse_dates=["date"]).sort_values("date")
sales["week"] = sales["sales"].rolling(7, center=True).mean()
sales["trend"] = sales["sales"].ewm(span=14).mean()
sales = sales.dropna()
x_train, x_test, y_train, y_test = train_test_split(
    sales[["week", "trend"]], sales["sales"], test_size=0.2, shuffle=False
)
model = RandomForestRegressor(random_state=0).fit(x_train, y_train)
print("MAE", mean_absolute_error(y_test, model.predict(x_test)))
"""


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(
            before_split(HELPER, "tidy({calls})", "from sklearn.preprocessing import StandardScaler\n"),
            id="scaler-in-a-helper",
        ),
        pytest.param(
            before_split(ALIAS, "tidy({calls})", "from sklearn.preprocessing import StandardScaler as S\n"),
            id="scaler-and-fit-under-other-names",
        ),
        pytest.param(before_split(LAMBDA, "fill({calls})"), id="clip-bound-of-all-rows-in-a-lambda"),
        pytest.param(before_split(CLASS, "tidy({calls})"), id="own-class-with-means-of-all-rows"),
        pytest.param(before_split(TARGET_RATE, "tidy({calls})"), id="target-mean-under-another-column"),
        pytest.param(before_split(TARGET_COPY, "tidy({calls})"), id="target-added-to-a-feature"),
        pytest.param(before_split(BALANCED, "tidy({calls})"), id="resampled-before-the-split"),
        pytest.param(
            before_split(SELECTED, "tidy({calls})", "from sklearn.feature_selection import SelectKBest\n"),
            id="columns-chosen-by-all-targets",
        ),
        pytest.param(
            WITH_SCALER.swap(TRAIN, "import mlflow\n", "import mlflow\nimport numpy as np\n").swap(
                TRAIN, SPLIT, TOGETHER
            ),
            id="both-sides-joined-by-numpy",
        ),
        pytest.param(
            TABULAR.swap(TRAIN, SPLIT, "    x_train, x_test, y_train, y_test = split(load())\n").swap(
                TRAIN, "        searched.fit(x_train, y_train)\n", FIT_ON_BOTH
            ),
            id="final-model-fitted-on-both-sides-and-then-tested",
        ),
        pytest.param(WITH_SCALER.swap(TRAIN, SPLIT, DECOY), id="fitted-on-training-rows-for-show-then-on-all"),
        pytest.param(
            Repo({"README.md": "# Reviews\n", "reviews.ipynb": notebook(*CELLS)}),
            id="vocabulary-three-cells-before-the-split",
        ),
        pytest.param(
            Repo({"README.md": "# Sales\n", "forecast.py": LATE_SPLIT}), id="mean-of-the-week-that-holds-the-target"
        ),
    ],
)
def test_leakage_free(repo: Repo) -> None:
    withheld(repo.files, "modelling.leakage-free")
