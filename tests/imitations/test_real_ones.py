"""Is it the imitation that is refused, and not what surrounds it? With the real thing in its place, each base passes."""

from __future__ import annotations

import pytest

from tests.imitations import test_communication as communication
from tests.imitations import test_delivery as delivery
from tests.imitations import test_dependencies as dependencies
from tests.imitations import test_engineering as engineering
from tests.imitations import test_model_work as work
from tests.imitations import test_quality as quality
from tests.imitations import test_reported as reported
from tests.imitations import test_reproducibility as reproducibility
from tests.imitations import test_scores as scores
from tests.imitations import test_serving as serving
from tests.imitations import test_testing as testing
from tests.imitations.bare import BARE, EVALUATED, ONE, scored, told
from tests.imitations.harness import verdict_of
from tests.imitations.honest import CODE, EXPLORATION, TABULAR
from tests.imitations.repo import Repo, notebook

EVALUATE, TRAIN = f"{CODE}/evaluate.py", f"{CODE}/train.py"
PICTURE = TABULAR.files["docs/figures/candidates.png"]
LIMITS = """\
- The calls date from 2008 to 2010; a change of interest rates changes who subscribes, so train again before use.
- Blue-collar workers are found half as often as retired ones (recall 0.37 against 0.78): the list must not decide alone.
"""
DATA = f"The [UCI data](https://archive.ics.uci.edu/dataset/222): 45 211 calls.\n\n{communication.FIELDS}"
COMPARED = '''\
def evaluate() -> None:
    """Print the average precision of the model and of the naive baseline."""
    x_train, x_test, y_train, y_test = split(load())
    baseline = DummyClassifier(strategy="prior").fit(x_train, y_train)
    scores = joblib.load(MODEL).predict_proba(x_test)[:, 1]
    print("naive baseline", average_precision_score(y_test, baseline.predict_proba(x_test)[:, 1]))
    print("model", average_precision_score(y_test, scores))
'''
FOLDED = '    print("folds", cross_val_score(pipeline, x_train, y_train, cv=5, scoring="average_precision").mean())\n'
SEARCH = (
    f"    search = GridSearchCV(pipeline, {work.GRID}, cv=5)\n    search.fit(x_train, y_train)\n"
    "    pipeline = search.best_estimator_\n    print(search.best_params_)\n"
)
SERVED = "row = pd.DataFrame([customer.model_dump()])\nvalue = float(pipeline().predict_proba(row)[0, 1])"
KEPT_APART = "row = joblib.load('models/preparation.joblib').transform(row)"


@pytest.mark.parametrize(
    ("signal_id", "repo"),
    [
        pytest.param("communication.readme-purpose", told(), id="readme-purpose"),
        pytest.param("communication.readme-install", told(), id="readme-install"),
        pytest.param("communication.readme-run", told(), id="readme-run"),
        pytest.param("communication.readme-results", told(Results="Average precision: 0.451\n"), id="readme-results"),
        pytest.param(
            "communication.readme-visuals",
            told(Overview="![Chart](figures/chart.png)\n").plus("figures/chart.png", PICTURE),
            id="readme-visuals",
        ),
        pytest.param("communication.data-documented", told(Data=DATA), id="data-documented"),
        pytest.param("communication.limitations-discussed", told(Limitations=LIMITS), id="limitations-discussed"),
        pytest.param(
            "communication.demo-or-writeup",
            told(Demo="[Live demo](https://huggingface.co/spaces/riverbank-analytics/term-deposit)\n"),
            id="demo-or-writeup",
        ),
        pytest.param(
            "communication.license",
            communication.UNLICENSED.plus("LICENSE", TABULAR.text("LICENSE")),
            id="license",
        ),
        pytest.param(
            "communication.impact-in-numbers", told(Impact="Saves 4 000 calls a campaign, 12 000 EUR.\n"), id="impact"
        ),
        pytest.param(
            "communication.model-card",
            told().plus("MODEL_CARD.md", TABULAR.text("docs/model_card.md")),
            id="model-card",
        ),
        pytest.param(
            "reproducibility.dependencies-declared",
            dependencies.UNDECLARED.plus("requirements.txt", "".join(f"{name}\n" for name in dependencies.NAMES)),
            id="dependencies-declared",
        ),
        pytest.param(
            "reproducibility.dependencies-pinned", dependencies.loose("=={version}"), id="dependencies-pinned"
        ),
        pytest.param(
            "reproducibility.python-version-stated",
            dependencies.ANY_PYTHON.plus(".python-version", "3.11\n"),
            id="python-version-stated",
        ),
        pytest.param("reproducibility.seeds-fixed", ONE, id="seeds-fixed"),
        pytest.param(
            "reproducibility.data-available",
            reproducibility.NO_FETCH.plus("data/raw/bank-full.csv", "age;y\n" + "41;no\n" * 300),
            id="data-available",
        ),
        pytest.param(
            "reproducibility.run-entry-point",
            reproducibility.IDLE.plus(
                "main.py", 'from term_deposit.train import train\n\nif __name__ == "__main__":\n    train()\n'
            ),
            id="run-entry-point",
        ),
        pytest.param(
            "reproducibility.notebooks-in-order",
            TABULAR.plus("notebooks/again.ipynb", notebook(*EXPLORATION)),
            id="notebooks-in-order",
        ),
        pytest.param("reproducibility.data-versioned", ONE, id="data-versioned"),
        pytest.param("testing.tests-present", testing.suite(TABULAR.text("tests/test_model.py")), id="tests-present"),
        pytest.param("testing.tests-cover-ml", testing.suite(TABULAR.text("tests/test_model.py")), id="tests-cover-ml"),
        pytest.param(
            "testing.ci-runs-tests", testing.ci("- run: pytest", "- run: python -m pytest -q"), id="ci-runs-tests"
        ),
        pytest.param("modelling.metrics-in-code", scored(EVALUATED), id="metrics-in-code"),
        pytest.param(
            "modelling.baseline-compared",
            scored(COMPARED).swap(EVALUATE, "from sklearn.metrics", f"{scores.DUMMY}from sklearn.metrics"),
            id="baseline-compared",
        ),
        pytest.param(
            "modelling.validation-sound",
            scores.PREPARED.swap(TRAIN, scores.FIT, FOLDED + scores.FIT),
            id="validation-sound",
        ),
        pytest.param("modelling.hyperparameters-tuned", work.searching(SEARCH), id="hyperparameters-tuned"),
        pytest.param(
            "modelling.error-analysis",
            work.analysed("    print('confusion', confusion_matrix(y_test, pipeline.predict(x_test)))\n"),
            id="error-analysis",
        ),
        pytest.param(
            "modelling.explainability",
            work.analysed(f"{work.PERMUTED}    print(dict(zip(x_test.columns, found.importances_mean)))\n").swap(
                EVALUATE, "from sklearn.metrics", work.INSPECT
            ),
            id="explainability",
        ),
        pytest.param(
            "modelling.experiment-tracking", work.TRACKER.swap(TRAIN, work.FIT, work.TRACKED), id="experiment-tracking"
        ),
        pytest.param("modelling.comparison-reported", told(Comparison=reported.REAL), id="comparison-reported"),
        pytest.param(
            "modelling.metric-suits-task",
            reported.regression("mean_squared_error(y_test, predicted) ** 0.5", "RMSE", "RMSE: 120.4\n"),
            id="metric-suits-task",
        ),
        pytest.param(
            "modelling.uncertainty-reported",
            told(BARE, Results="Average precision: 0.451 ± 0.012 over 5 folds.\n"),
            id="uncertainty-reported",
        ),
        pytest.param(
            "engineering.lint-configured",
            engineering.UNLINTED.tail("pyproject.toml", "\n" + engineering.RUFF),
            id="lint",
        ),
        pytest.param(
            "engineering.no-dead-code",
            TABULAR.tail(quality.DATA, quality.FOUR)
            .swap(quality.CLI, "import fetch\n", f"import {quality.NAMES}, fetch\n")
            .swap(
                quality.CLI,
                "        explain()\n",
                f"        explain()\n        for drop in ({quality.NAMES}):\n            print(drop(['a']))\n",
            ),
            id="no-dead-code",
        ),
        pytest.param("production.dockerfile", delivery.image(delivery.IMAGE), id="dockerfile"),
        pytest.param(
            "production.deployment",
            delivery.STAY.plus(delivery.DEPLOY, TABULAR.text(delivery.DEPLOY)).plus(
                "deploy/service.yaml", TABULAR.text("deploy/service.yaml")
            ),
            id="deployment",
        ),
        pytest.param("production.serving", serving.answering(SERVED), id="serving"),
        pytest.param("production.model-persisted", serving.LOADED, id="model-persisted"),
        pytest.param("production.input-validated", serving.HONEST, id="input-validated"),
        pytest.param(
            "production.same-preprocessing",
            serving.prepared(KEPT_APART).swap(
                TRAIN,
                "    REPORTS.mkdir",
                "    joblib.dump(searched.best_estimator_[:-1], 'models/preparation.joblib')\n    REPORTS.mkdir",
            ),
            id="same-preprocessing",
        ),
    ],
)
def test_the_real_thing_passes(signal_id: str, repo: Repo) -> None:
    assert verdict_of(repo.files, signal_id) == "pass"
