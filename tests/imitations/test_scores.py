"""Does a typed number, a training score or an unused baseline pass for an evaluation?"""

from __future__ import annotations

import pytest

from tests.imitations.bare import BARE, EVALUATED, ONE_MODEL, scored
from tests.imitations.harness import withheld
from tests.imitations.honest import CODE
from tests.imitations.repo import Repo

TYPED = '''\
def evaluate() -> None:
    """Write the figures of the held-out customers."""
    _, x_test, _, _ = split(load())
    joblib.load(MODEL).predict(x_test)
    figures = {"average_precision": 0.451, "recall": 0.61}
    (REPORTS / "metrics.json").write_text(json.dumps(figures))
    print(f"Test average precision: {figures['average_precision']}")
'''
RENAMED_AT_SPLIT = EVALUATED.replace("_, x_test, _, y_test = split", "x_test, _, y_test, _ = split")
RENAMED_LATER = EVALUATED.replace(
    "    _, x_test, _, y_test = split(load())\n",
    "    x_train, _, y_train, _ = split(load())\n    x_test, y_test = x_train, y_train\n",
)
AGAINST_ITSELF = EVALUATED.replace("average_precision_score(y_test, scores)", "average_precision_score(y_test, y_test)")
BY_CHANCE = EVALUATED.replace(
    "joblib.load(MODEL).predict_proba(x_test)[:, 1]", "np.random.default_rng(0).random(len(x_test))"
)
OWN_FUNCTION = '''\
def average_precision(y_true: np.ndarray, scores: np.ndarray) -> float:
    """Return the average precision of ``scores``."""
    return 0.451


''' + EVALUATED.replace("average_precision_score(y_test", "average_precision(y_test")
ALL_ROWS = EVALUATED.replace(
    "    _, x_test, _, y_test = split(load())\n",
    '    calls = load()\n    x_test, y_test = calls.drop(columns=["subscribed"]), calls["subscribed"]\n',
)
SWITCHED_OFF = EVALUATED.replace(
    "    scores = joblib", "    if not TESTING:\n        return\n    scores = joblib"
).replace("def evaluate", "TESTING = False\n\n\ndef evaluate", 1)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(scored(TYPED), id="typed-numbers"),
        pytest.param(scored(RENAMED_AT_SPLIT), id="training-rows-named-test-at-the-split"),
        pytest.param(scored(RENAMED_LATER), id="training-rows-renamed-test"),
        pytest.param(scored(AGAINST_ITSELF), id="truth-against-truth"),
        pytest.param(scored(BY_CHANCE), id="scores-by-chance-not-by-the-model"),
        pytest.param(scored(OWN_FUNCTION), id="function-that-returns-a-constant"),
        pytest.param(scored(EVALUATED, steps=("fetch", "train")), id="evaluation-that-nothing-calls"),
        pytest.param(scored(ALL_ROWS), id="all-rows-named-test"),
        pytest.param(scored(SWITCHED_OFF), id="switched-off-by-a-constant"),
        pytest.param(
            scored("def evaluate() -> None:\n    print('average precision 0.451')\n"), id="metric-imported-only"
        ),
    ],
)
def test_metrics_in_code(repo: Repo) -> None:
    withheld(repo.files, "modelling.metrics-in-code")


DUMMY = "from sklearn.dummy import DummyClassifier\n"
WITH_DUMMY = BARE.swap(f"{CODE}/evaluate.py", "from sklearn.metrics", f"{DUMMY}from sklearn.metrics")
FITTED_ONLY = """\
    x_train, _, y_train, _ = split(load())
    baseline = DummyClassifier(strategy="prior")
    baseline.fit(x_train, y_train)
"""
UNCALLED = '''


def compare_with_baseline() -> dict[str, float]:
    """Return the score of the naive rule beside that of the model."""
    x_train, x_test, y_train, y_test = split(load())
    baseline = DummyClassifier(strategy="prior").fit(x_train, y_train)
    scores = joblib.load(MODEL).predict_proba(x_test)[:, 1]
    return {
        "baseline": average_precision_score(y_test, baseline.predict_proba(x_test)[:, 1]),
        "model": average_precision_score(y_test, scores),
    }
'''
THROWN_AWAY = """\
    x_train, x_test, y_train, y_test = split(load())
    DummyClassifier(strategy="prior").fit(x_train, y_train).score(x_test, y_test)
"""
START = "    _, x_test, _, y_test = split(load())\n"
CHARACTERISTICS = """
## Baseline

| baseline characteristic | subscribers | others |
|---|---|---|
| mean age | 41.7 | 40.8 |
| married | 0.52 | 0.61 |
| mean balance | 1804 | 1304 |
"""
DEFAULTS = (
    EVALUATED
    + '''

def baseline() -> None:
    """Print the score of the forest with the settings of the library."""
    x_train, x_test, y_train, y_test = split(load())
    plain = Pipeline([("prepare", preprocessing()), ("model", RandomForestClassifier(random_state=0))])
    scores = plain.fit(x_train, y_train).predict_proba(x_test)[:, 1]
    print("baseline", average_precision_score(y_test, scores))
'''
)
SAME_MODEL = (
    scored(DEFAULTS)
    .swap(
        f"{CODE}/evaluate.py",
        "from term_deposit.data",
        "from sklearn.ensemble import RandomForestClassifier\nfrom sklearn.pipeline import Pipeline\n\nfrom term_deposit.data",
    )
    .swap(
        f"{CODE}/evaluate.py",
        "from term_deposit.settings",
        "from term_deposit.model import preprocessing\nfrom term_deposit.settings",
    )
    .swap(f"{CODE}/cli.py", "import evaluate", "import baseline, evaluate")
    .swap(f"{CODE}/cli.py", "        evaluate()\n", "        evaluate()\n        baseline()\n")
)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(
            BARE.swap(
                f"{CODE}/evaluate.py", START, "    # The baseline (always no) reaches 0.117, we reach 0.451.\n" + START
            ),
            id="comment",
        ),
        pytest.param(WITH_DUMMY, id="dummy-imported-only"),
        pytest.param(
            WITH_DUMMY.swap(f"{CODE}/evaluate.py", START, FITTED_ONLY + START), id="dummy-fitted-never-scored"
        ),
        pytest.param(WITH_DUMMY.tail(f"{CODE}/evaluate.py", UNCALLED), id="comparison-that-nothing-calls"),
        pytest.param(WITH_DUMMY.swap(f"{CODE}/evaluate.py", START, THROWN_AWAY), id="score-of-the-dummy-thrown-away"),
        pytest.param(BARE.tail("README.md", CHARACTERISTICS), id="baseline-characteristics-of-the-data"),
        pytest.param(SAME_MODEL, id="same-model-with-default-settings"),
        pytest.param(
            BARE.plus(f"{CODE}/baseline.py", '"""The naive baseline."""\n').tail(
                "README.md", "\n## Baseline\n\nThe model clearly beats the naive baseline.\n"
            ),
            id="module-and-sentence-without-numbers",
        ),
    ],
)
def test_baseline_compared(repo: Repo) -> None:
    withheld(repo.files, "modelling.baseline-compared")


IMPORTED = "from sklearn.model_selection import StratifiedKFold, cross_val_score\n"
TRAIN = f"{CODE}/train.py"
PREPARED = BARE.swap(TRAIN, "import joblib\n", f"import joblib\n{IMPORTED}")
FIT = "    pipeline.fit(x_train, y_train)\n"
ON_TRAINING_FOLDS = """\
    for rows, _ in StratifiedKFold(n_splits=5).split(x_train, y_train):
        pipeline.fit(x_train.iloc[rows], y_train.iloc[rows])
        print("fold accuracy", pipeline.score(x_train.iloc[rows], y_train.iloc[rows]))
"""
VALIDATE_UNCALLED = '''


def cross_validate() -> float:
    """Return the mean average precision over five folds."""
    x_train, _, y_train, _ = split(load())
    return float(cross_val_score(forest(), x_train, y_train, cv=5, scoring="average_precision").mean())
'''
SALES = """\
import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import KFold, cross_val_score

sales = pd.read_csv("data/daily_sales.csv", parse_dates=["date"]).sort_values("date")
for days in (1, 7, 14):
    sales[f"lag_{days}"] = sales["sales"].shift(days)
sales = sales.dropna()
features = sales[["lag_1", "lag_7", "lag_14"]]
folds = KFold(n_splits=5, shuffle=True, random_state=0)
scores = cross_val_score(GradientBoostingRegressor(random_state=0), features, sales["sales"], cv=folds)
print("R2 over five folds:", scores.mean(), scores.std())
"""
DAYS = "date,sales\n" + "".join(f"2023-{1 + n // 28:02d}-{1 + n % 28:02d},{100 + n % 7 * 10}\n" for n in range(336))
SHUFFLED = Repo(
    {
        "README.md": "# Sales of tomorrow\n\nForecasts the daily sales of a shop.\n",
        "forecast.py": SALES,
        "data/daily_sales.csv": DAYS,
    }
)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(PREPARED, id="cross-validation-imported-only"),
        pytest.param(
            PREPARED.swap(TRAIN, FIT, f"    folds = StratifiedKFold(n_splits=5)\n{FIT}"), id="folds-never-split"
        ),
        pytest.param(PREPARED.swap(TRAIN, FIT, ON_TRAINING_FOLDS), id="every-fold-scored-on-its-training-rows"),
        pytest.param(PREPARED.tail(TRAIN, VALIDATE_UNCALLED), id="cross-validation-that-nothing-calls"),
        pytest.param(
            PREPARED.swap(
                TRAIN, FIT, f"    if False:\n        cross_val_score(pipeline, x_train, y_train, cv=5)\n{FIT}"
            ),
            id="never-true",
        ),
        pytest.param(
            BARE.tail(
                "README.md", "\n## Validation\n\nWe used stratified 5-fold cross-validation with a held-out test set.\n"
            ),
            id="words",
        ),
        pytest.param(SHUFFLED, id="days-shuffled-into-folds"),
        pytest.param(
            scored(ALL_ROWS).plus(f"{CODE}/model.py", ONE_MODEL + "\n\nCV_FOLDS = 5\nN_SPLITS = 5\n"),
            id="constants-for-folds",
        ),
    ],
)
def test_validation_sound(repo: Repo) -> None:
    withheld(repo.files, "modelling.validation-sound")
