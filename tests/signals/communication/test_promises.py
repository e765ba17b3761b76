"""Is what the documents promise there, and is nothing taken for a promise that is none?"""

from __future__ import annotations

import pytest

from evaluator.facts.promises import Promises
from evaluator.model import Absence, InFile, Measured
from evaluator.signals.communication.promises import promises_kept
from tests.documents import known, level

FIT = "from sklearn.svm import SVC\nSVC().fit(X, y)\n"
CV = "from sklearn.model_selection import cross_val_score\nprint(cross_val_score(SVC(), X, y))\n"
TEST = "from a import f\n\ndef test_f():\n    assert f(1) == 2\n"
CI = "on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n"
IMAGE = "FROM python:3.12\nCOPY . .\nCMD python a.py\n"
API = "from fastapi import FastAPI\napp = FastAPI()\n\n@app.get('/x')\ndef x():\n    return 1\n"


def asked(text: str, files: dict[str, str]) -> int | str:
    return level(promises_kept(known(Promises, {"README.md": f"# Title\n\n{text}\n", **files})))


@pytest.mark.parametrize(
    ("text", "files"),
    [
        pytest.param("Covered by unit tests.", {"a.py": FIT, "tests/test_a.py": TEST}, id="tests"),
        pytest.param("CI with GitHub Actions.", {"a.py": FIT, ".github/workflows/ci.yml": CI}, id="CI"),
        pytest.param("## Dockerized\n\nA Docker image is built.", {"a.py": FIT, "Dockerfile": IMAGE}, id="an image"),
        pytest.param("Scored by 5-fold cross-validation.", {"a.py": FIT + CV}, id="cross-validation"),
        pytest.param(
            "Scored by k-fold cross-validation.",
            {"a.py": f"{FIT}\ndef make_folds(X):\n    n = len(X)\n    return n // 5\n\nprint(make_folds(X))\n"},
            id="cross-validation by hand",
        ),
        pytest.param("Explained with SHAP.", {"a.py": f"{FIT}import shap\nprint(shap.Explainer(m)(X))\n"}, id="SHAP"),
        pytest.param("A REST API serves it.", {"a.py": API}, id="an API"),
        pytest.param(
            "Runs are tracked with MLflow.", {"a.py": f"{FIT}import mlflow\nmlflow.log_metric('a', 1)\n"}, id="tracking"
        ),
        pytest.param(
            "Feature importance is shown.", {"a.py": "m = SVC()\nm.fit(X)\nprint(m.feature_importances_)\n"}, id="an attribute"
        ),
        pytest.param("Linted with ruff.", {"a.py": FIT, "pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, id="a linter"),
        pytest.param("Start with `src/train.py`.", {"src/train.py": FIT}, id="a file"),
        pytest.param("```\nproject\n├── src\n│   └── train.py\n└── README.md\n```", {"src/train.py": FIT}, id="a drawn tree"),
        pytest.param("```bash\npython train.py\n```\n\nSee [it](train.py).", {"train.py": FIT}, id="a link"),
        pytest.param(
            "Accuracy on the test set is 0.91.", {"a.py": f"{FIT}from sklearn.metrics import accuracy_score\naccuracy_score(y, p)\n"},
            id="a measure",
        ),
        pytest.param("Validación cruzada de 5 particiones.", {"a.py": FIT + CV}, id="Spanish"),
        pytest.param("使用交叉验证评估。", {"a.py": FIT + CV}, id="Chinese"),
    ],
)  # fmt: skip
def test_promises_that_are_kept(text: str, files: dict[str, str]) -> None:
    assert asked(text, files) == 2


@pytest.mark.parametrize(
    ("text", "files"),
    [
        pytest.param("Covered by unit tests.", {"a.py": FIT}, id="tests"),
        pytest.param(
            "Covered by unit tests.", {"a.py": FIT, "test_a.py": "def test_a():\n    assert True\n"}, id="a test that cannot fail"
        ),
        pytest.param("CI with GitHub Actions.", {"a.py": FIT}, id="CI"),
        pytest.param("A Docker image is built.", {"a.py": FIT, "Dockerfile": ""}, id="an empty Dockerfile"),
        pytest.param("Scored by 5-fold cross-validation.", {"a.py": FIT}, id="cross-validation"),
        pytest.param(
            "Scored by cross-validation.",
            {"a.py": f"from sklearn.model_selection import cross_val_score\n{FIT}"},
            id="an import that is never used",
        ),
        pytest.param(
            "Scored by cross-validation.",
            {"a.py": f"{FIT}\ndef never():\n    from sklearn.model_selection import cross_val_score\n    cross_val_score(1, 2, 3)\n"},
            id="a helper that nothing calls",
        ),
        pytest.param("Explained with SHAP.", {"a.py": f"{FIT}# shap.Explainer(m)\n", "requirements.txt": "shap\n"}, id="a comment"),
        pytest.param("A REST API serves it.", {"a.py": FIT}, id="an API"),
        pytest.param("Drift detection with Evidently.", {"a.py": FIT}, id="drift"),
        pytest.param("Start with `src/train.py`.", {"a.py": FIT}, id="a file"),
        pytest.param("```bash\npython train.py\n```", {"a.py": FIT}, id="a command"),
        pytest.param("F1 on the test set is 0.91.", {"a.py": FIT}, id="a measure that nothing computes"),
        pytest.param("Оценено с помощью кросс-валидации.", {"a.py": FIT}, id="Russian"),
    ],
)  # fmt: skip
def test_promises_that_are_broken(text: str, files: dict[str, str]) -> None:
    answer = promises_kept(known(Promises, {"README.md": f"# Title\n\n{text}\n", **files}))

    assert isinstance(answer, Measured)
    assert answer.value == 0
    assert isinstance(answer.evidence[0], InFile)
    assert isinstance(answer.evidence[1], Absence)
    assert answer.evidence[1].looked_at


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("A classifier of flowers.", id="nothing of the sort"),
        pytest.param("## Future work\n\n- Add unit tests\n- Docker image", id="what is to come"),
        pytest.param("Unit tests will follow.", id="a plan in a sentence"),
        pytest.param("There are no unit tests and no CI/CD.", id="what is not there"),
        pytest.param("- [ ] Unit tests\n- [ ] Docker image", id="open boxes"),
        pytest.param("The test set has 30 rows; a t-test compares both.", id="other tests"),
        pytest.param("<!-- Unit tests, GitHub Actions -->\nA classifier.", id="a hidden comment"),
        pytest.param("Is SHAP needed here?", id="a question"),
        pytest.param("The model is saved to `models/model.pkl`.", id="what a run makes"),
        pytest.param("Create `config.yaml` with your key.", id="what the reader makes"),
        pytest.param("## Requirements\n\n- Docker images", id="what the reader needs"),
    ],
)
def test_no_promises(text: str) -> None:
    assert asked(text, {"a.py": FIT}) == "NotApplicable"


def test_most_are_kept() -> None:
    files = {"a.py": FIT + CV, "test_b.py": TEST}

    assert asked("Unit tests and cross-validation, run by GitHub Actions.", files) == 1


def test_code_that_cannot_be_read_leaves_it_open() -> None:
    assert (
        asked("Scored by cross-validation.", {"a.py": FIT, "b.R": "trainControl(method = 'cv')\n"}) == "NotApplicable"
    )
    assert asked("Scored by cross-validation.", {"a.py": "def f(:\n"}) == "NotApplicable"
