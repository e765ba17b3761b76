"""Do an unfitted search, an uncalled explanation or a named tracker pass for the work?"""

from __future__ import annotations

import pytest

from tests.imitations.bare import BARE, ONE_MODEL, scored
from tests.imitations.harness import withheld
from tests.imitations.honest import CODE, TABULAR, VISION
from tests.imitations.repo import Repo

MODEL, TRAIN, EVALUATE = f"{CODE}/model.py", f"{CODE}/train.py", f"{CODE}/evaluate.py"
FIT = "    pipeline.fit(x_train, y_train)\n"
GRID = '{"model__max_depth": [4, 8, None], "model__min_samples_leaf": [1, 5]}'
SEARCHER = BARE.swap(TRAIN, "import joblib\n", "import joblib\nfrom sklearn.model_selection import GridSearchCV\n")
TUNE = f'''


def tune() -> dict[str, object]:
    """Return the best settings of the grid."""
    x_train, _, y_train, _ = split(load())
    search = GridSearchCV(forest(), {GRID}, cv=5)
    search.fit(x_train, y_train)
    return search.best_params_
'''


def searching(lines: str) -> Repo:
    """Return the project of one model with ``lines`` before the fit of the forest."""
    return SEARCHER.swap(TRAIN, FIT, lines + FIT)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(SEARCHER, id="imported-only"),
        pytest.param(searching(f"    search = GridSearchCV(pipeline, {GRID}, cv=5)\n"), id="never-fitted"),
        pytest.param(
            searching(f"    if False:\n        GridSearchCV(pipeline, {GRID}, cv=5).fit(x_train, y_train)\n"),
            id="never-true",
        ),
        pytest.param(SEARCHER.tail(TRAIN, TUNE), id="function-that-nothing-calls"),
        pytest.param(
            searching(
                "    search = GridSearchCV(pipeline, {'model__max_depth': [8]}, cv=5)\n"
                "    search.fit(x_train, y_train)\n    pipeline = search.best_estimator_\n"
            ),
            id="grid-of-one-setting",
        ),
        pytest.param(
            BARE.swap(
                TRAIN, FIT, f"    # GridSearchCV over {GRID} found n_estimators=300\n    param_grid = {GRID}\n" + FIT
            ),
            id="grid-that-nothing-searches",
        ),
        pytest.param(
            BARE.swap("pyproject.toml", '    "pandas==2.2.3",', '    "optuna==4.1.0",\n    "pandas==2.2.3",').tail(
                "README.md", "\n## Tuning\n\nHyper-parameters were tuned with Optuna over 200 trials.\n"
            ),
            id="requirement-and-a-sentence",
        ),
        pytest.param(
            VISION.swap("tune.py", "    study.optimize(objective, n_trials=parser.parse_args().trials)\n", "").swap(
                "tune.py", "print(study.best_params)", "print(study, parser.parse_args().trials)"
            ),
            id="study-never-optimised",
        ),
    ],
)
def test_hyperparameters_tuned(repo: Repo) -> None:
    withheld(repo.files, "modelling.hyperparameters-tuned")


def analysed(lines: str, *, after: str = "") -> Repo:
    """Return the project of one model; evaluation has ``lines`` before it prints its one number."""
    return scored(
        '''\
def evaluate() -> None:
    """Print the average precision of the held-out customers."""
    _, x_test, _, y_test = split(load())
    pipeline = joblib.load(MODEL)
    scores = pipeline.predict_proba(x_test)[:, 1]
'''
        + lines
        + '    print(json.dumps({"average_precision": average_precision_score(y_test, scores)}))\n'
        + after
    )


ERRORS_UNCALLED = '''

def error_analysis() -> None:
    """Write the worst misses and the confusion matrix."""
    _, x_test, _, y_test = split(load())
    predicted = joblib.load(MODEL).predict(x_test)
    print(confusion_matrix(y_test, predicted))
    x_test[predicted != y_test].to_csv(REPORTS / "errors.csv")
'''


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(analysed(""), id="confusion-matrix-imported-only"),
        pytest.param(analysed("", after=ERRORS_UNCALLED), id="function-that-nothing-calls"),
        pytest.param(analysed("    confusion_matrix(y_test, pipeline.predict(x_test))\n"), id="result-thrown-away"),
        pytest.param(
            analysed("    print('confusion', np.array([[7803, 182], [402, 656]]))\n"), id="matrix-typed-by-hand"
        ),
        pytest.param(
            analysed("").tail(
                "README.md", "\n## Error analysis\n\nThe errors were analysed in depth and are acceptable.\n"
            ),
            id="heading-without-an-analysis",
        ),
        pytest.param(
            analysed("    print(classification_report(y_test, pipeline.predict(x_test)))\n").swap(
                EVALUATE, "average_precision_score, confusion_matrix", "average_precision_score, classification_report"
            ),
            id="classification-report-without-a-word",
        ),
        pytest.param(analysed("    print('confusion', confusion_matrix(y_test, y_test))\n"), id="truth-against-truth"),
    ],
)
def test_error_analysis(repo: Repo) -> None:
    withheld(repo.files, "modelling.error-analysis")


PERMUTED = "    found = permutation_importance(pipeline, x_test, y_test, n_repeats=5, random_state=0)\n"
INSPECT = "from sklearn.inspection import permutation_importance\nfrom sklearn.metrics"
EXPLAIN_UNCALLED = '''

def explain() -> None:
    """Draw what each column adds."""
    _, x_test, _, _ = split(load())
    pipeline = joblib.load(MODEL)
    values = shap.TreeExplainer(pipeline[-1])(pipeline[:-1].transform(x_test))
    shap.plots.beeswarm(values)
'''
SHAP = ("import joblib\nimport numpy as np\n", "import joblib\nimport numpy as np\nimport shap\n")


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(analysed("").swap(EVALUATE, *SHAP), id="shap-imported-only"),
        pytest.param(analysed("", after=EXPLAIN_UNCALLED).swap(EVALUATE, *SHAP), id="shap-in-a-function-nothing-calls"),
        pytest.param(
            analysed("").swap("pyproject.toml", '    "uvicorn', '    "shap==0.46.0",\n    "uvicorn'),
            id="shap-in-the-requirements",
        ),
        pytest.param(analysed("    print(pipeline[-1].feature_importances_)\n"), id="built-in-importances-printed"),
        pytest.param(analysed(PERMUTED).swap(EVALUATE, "from sklearn.metrics", INSPECT), id="computed-and-never-shown"),
        pytest.param(
            analysed("    print({'age': 0.31, 'job': 0.22, 'month': 0.18})  # SHAP importances\n"),
            id="importances-typed-by-hand",
        ),
        pytest.param(
            analysed(
                "    if False:\n        shap.summary_plot(shap.TreeExplainer(pipeline[-1]).shap_values(x_test), x_test)\n"
            ).swap(EVALUATE, *SHAP),
            id="never-true",
        ),
        pytest.param(
            analysed("").tail(
                "README.md", "\n## Explainability\n\nSHAP values explain each score.\n\n![SHAP](docs/shap.png)\n"
            ),
            id="sentence-and-a-missing-picture",
        ),
        pytest.param(
            analysed("    explainer = shap.TreeExplainer(pipeline[-1])\n").swap(EVALUATE, *SHAP),
            id="explainer-that-explains-nothing",
        ),
    ],
)
def test_explainability(repo: Repo) -> None:
    withheld(repo.files, "modelling.explainability")


TRACKER = BARE.swap(TRAIN, "import joblib\n", "import joblib\nimport mlflow\n")
TRACK_UNCALLED = '''


def log_run(parameters: dict[str, float], score: float) -> None:
    """Record one run."""
    with mlflow.start_run():
        mlflow.log_params(parameters)
        mlflow.log_metric("average_precision", score)
'''
TRACKED = """\
    with mlflow.start_run():
        mlflow.log_param("n_estimators", 300)
        pipeline.fit(x_train, y_train)
"""
UNTRACKED = BARE.swap("pyproject.toml", '    "mlflow==2.17.2",\n', "")


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(BARE, id="requirement-only"),
        pytest.param(TRACKER, id="imported-only"),
        pytest.param(TRACKER.tail(TRAIN, TRACK_UNCALLED), id="function-that-nothing-calls"),
        pytest.param(
            BARE.swap(TRAIN, FIT, "".join(f"    # {line[4:]}\n" for line in TRACKED.splitlines()) + FIT), id="commented"
        ),
        pytest.param(
            TRACKER.swap(
                TRAIN, FIT, "    if TRACKING:\n" + "".join(f"    {line}\n" for line in TRACKED.splitlines()) + FIT
            ).swap(TRAIN, "def train", "TRACKING = False\n\n\ndef train"),
            id="switched-off-by-a-constant",
        ),
        pytest.param(
            UNTRACKED.plus(
                f"{CODE}/mlflow.py",
                "class start_run:\n    def __enter__(self):\n        return self\n\n    def __exit__(self, *error):\n        return None\n\n\n"
                "def log_param(name, value):\n    return None\n",
            )
            .swap(TRAIN, "import joblib\n", "import joblib\n\nfrom term_deposit import mlflow\n")
            .swap(TRAIN, FIT, TRACKED),
            id="own-module-of-that-name-that-does-nothing",
        ),
        pytest.param(
            BARE.plus(
                "compose.yaml",
                BARE.text("compose.yaml").replace(
                    "  prometheus:\n",
                    "  mlflow:\n    image: ghcr.io/mlflow/mlflow:v2.17.2\n    command: mlflow server\n\n  prometheus:\n",
                ),
            ),
            id="server-that-nobody-writes-to",
        ),
        pytest.param(
            TRACKER.swap(f"{CODE}/service.py", "import joblib\n", "import joblib\nimport mlflow\n").swap(
                f"{CODE}/service.py",
                "    advice = Advice",
                '    print("MLflow tracking at", mlflow.get_tracking_uri())\n    advice = Advice',
            ),
            id="address-printed-by-the-service",
        ),
    ],
)
def test_experiment_tracking(repo: Repo) -> None:
    withheld(repo.files, "modelling.experiment-tracking")


def test_the_bare_project_is_one() -> None:
    """What the imitations are built upon holds none of the real things."""
    words = ("GridSearchCV(", "DummyClassifier(", "cross_val", "mlflow.", "permutation_importance(", "shap.")
    code = "".join(text for path, text in BARE.files.items() if isinstance(text, str) and path.endswith(".py"))
    assert [word for word in words if word in code] == []
    assert ONE_MODEL in code
    assert TABULAR.text(MODEL) not in code
