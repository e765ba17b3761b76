"""Do a table of columns, a wrong name or a stray plus-minus pass for what a reader is owed about the numbers?"""

from __future__ import annotations

import pytest

from tests.imitations.bare import BARE, EVALUATED, scored, told
from tests.imitations.harness import withheld
from tests.imitations.honest import CODE
from tests.imitations.repo import Repo

COLUMNS = """\
| column | type | missing |
|---|---|---|
| age | number | 0.0 |
| balance | number | 0.0 |
| job | category | 0.6 |
| month | category | 0.0 |
"""
TO_BE_DONE = """\
| model | average precision |
|---|---|
| logistic regression | TBD |
| random forest | TBD |
| gradient boosting | TBD |
"""
MERITS = """\
| model | advantages | disadvantages |
|---|---|---|
| logistic regression | simple, fast | linear |
| random forest | robust | large |
| gradient boosting | accurate | needs tuning |
"""
TWO = """\
| model | average precision |
|---|---|
| logistic regression | 0.401 |
| gradient boosting | 0.448 |
"""
REAL = """\
| model | average precision |
|---|---|
| logistic regression | 0.401 |
| random forest | 0.432 |
| gradient boosting | 0.448 |
"""
METRICS_OF_ONE = """\
| metric of the forest | value |
|---|---|
| accuracy | 0.90 |
| precision | 0.64 |
| recall | 0.40 |
| F1 | 0.49 |
"""


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(told(Data=COLUMNS), id="columns-of-the-data"),
        pytest.param(told(Comparison=TO_BE_DONE), id="values-to-be-done"),
        pytest.param(told(Comparison=MERITS), id="merits-from-a-textbook"),
        pytest.param(told(Comparison=TWO), id="two-variants"),
        pytest.param(told(Comparison=f"<!--\n{REAL}-->\nSee the code.\n"), id="hidden-comment"),
        pytest.param(told(Results=METRICS_OF_ONE), id="four-metrics-of-one-model"),
        pytest.param(
            told(Comparison="Four models were compared systematically and the best one was chosen.\n"), id="words"
        ),
        pytest.param(told(Comparison="![Comparison](docs/comparison.png)\n"), id="chart-that-is-not-there"),
    ],
)
def test_comparison_reported(repo: Repo) -> None:
    withheld(repo.files, "modelling.comparison-reported")


RARE = "Only 11.7 % of the 45 211 customers subscribe.\n"


def headline(score: str, label: str, said: str) -> Repo:
    """Return the project of one model, whose evaluation prints ``score`` as ``label`` and whose README says ``said``."""
    body = f'''\
def evaluate() -> None:
    """Print the figure of the held-out customers."""
    _, x_test, _, y_test = split(load())
    predicted = joblib.load(MODEL).predict(x_test)
    print("{label}:", {score})
'''
    return told(scored(body), Data=RARE, Results=said)


def regression(score: str, label: str, said: str) -> Repo:
    """Return a forecast of rents, whose script prints ``score`` as ``label``."""
    script = f"""\
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

flats = pd.read_csv("flats.csv")
x_train, x_test, y_train, y_test = train_test_split(flats.drop(columns="rent"), flats["rent"], random_state=0)
model = RandomForestRegressor(random_state=0).fit(x_train, y_train)
predicted = model.predict(x_test)
print("{label}:", {score})
"""
    return Repo(
        {"README.md": f"# Rents\n\nForecasts the monthly rent of a flat.\n\n## Results\n\n{said}", "rents.py": script}
    )


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(
            headline("accuracy_score(y_test, predicted)", "accuracy", "Accuracy: 0.89\n"),
            id="accuracy-alone-on-rare-classes",
        ),
        pytest.param(headline("accuracy_score(y_test, predicted)", "F1", "F1: 0.89\n"), id="accuracy-called-f1"),
        pytest.param(
            regression("mean_squared_error(y_test, predicted)", "RMSE", "RMSE: 120.4\n"), id="mse-called-rmse"
        ),
        pytest.param(
            regression("model.score(x_test, y_test)", "Accuracy", "Accuracy: 0.93\n"), id="r2-of-score-called-accuracy"
        ),
        pytest.param(
            regression("r2_score(y_test, predicted) * 100", "Accuracy in %", "Accuracy: 93 %\n"),
            id="r2-score-called-accuracy",
        ),
        pytest.param(
            regression("mean_absolute_error(y_test, predicted)", "MAPE", "MAPE: 4.1\n"),
            id="absolute-error-called-percentage",
        ),
    ],
)
def test_metric_suits_task(repo: Repo) -> None:
    withheld(repo.files, "modelling.metric-suits-task")


FOLDS = """\
def evaluate() -> None:
    \"\"\"Print the average precision of the held-out customers, and that of each fold.\"\"\"
    x_train, x_test, y_train, y_test = split(load())
    pipeline = joblib.load(MODEL)
    print(cross_val_score(pipeline, x_train, y_train, cv=5, scoring="average_precision"))
    print("average precision", average_precision_score(y_test, pipeline.predict_proba(x_test)[:, 1]))
"""
INTERVAL_UNCALLED = '''

def interval(y_true: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return the 95 % bootstrap interval of the average precision."""
    chance = np.random.default_rng(0)
    drawn = []
    for _ in range(1000):
        rows = chance.integers(0, len(y_true), len(y_true))
        drawn.append(average_precision_score(y_true[rows], scores[rows]))
    return np.percentile(drawn, [2.5, 97.5])
'''
PLAIN = told(BARE, Results="Average precision on the held-out customers: 0.451.\n")


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(PLAIN.tail(f"{CODE}/evaluate.py", INTERVAL_UNCALLED), id="interval-that-nothing-calls"),
        pytest.param(
            told(scored(FOLDS), Results="Average precision: 0.451.\n\nFolds: 0.44, 0.46, 0.45, 0.43, 0.47.\n").swap(
                f"{CODE}/evaluate.py",
                "from term_deposit.data",
                "from sklearn.model_selection import cross_val_score\n\nfrom term_deposit.data",
            ),
            id="fold-scores-listed",
        ),
        pytest.param(
            told(
                BARE,
                Data="Age is 40.9 ± 10.6 years, the balance 1362 ± 3045 euros.\n",
                Results="Average precision: 0.451.\n",
            ),
            id="spread-of-the-columns",
        ),
        pytest.param(told(BARE, Results="Average precision: 0.451 (± TBD).\n"), id="spread-to-be-done"),
        pytest.param(
            told(BARE, Results="Average precision: 0.451 <!-- ± 0.012 over 5 folds -->\n"), id="hidden-comment"
        ),
        pytest.param(
            told(BARE, Results="Average precision: 0.451. The results are stable and statistically significant.\n"),
            id="words",
        ),
        pytest.param(
            told(
                scored(EVALUATED.replace("    print(", "    np.std(scores)\n    print(")),
                Results="Average precision: 0.451.\n",
            ),
            id="spread-of-the-scores-thrown-away",
        ),
    ],
)
def test_uncertainty_reported(repo: Repo) -> None:
    withheld(repo.files, "modelling.uncertainty-reported")
