"""Do tests that cannot fail, or that CI never sees fail, pass for tests?"""

from __future__ import annotations

import pytest

from tests.imitations.harness import withheld
from tests.imitations.honest import TABULAR
from tests.imitations.repo import Repo

CI = ".github/workflows/ci.yml"


def suite(body: str, path: str = "tests/test_model.py") -> Repo:
    """Return the project with this module as its only tests, beside the fixture of made-up calls."""
    return TABULAR.without("tests/").plus("tests/conftest.py", TABULAR.text("tests/conftest.py")).plus(path, body)


TRUE = "".join(f"def test_{name}():\n    assert True\n\n\n" for name in ("load", "clean", "split", "train", "score"))
IMPORTS = "".join(
    f"def test_{name}_imports():\n    import term_deposit.{name}\n\n\n"
    for name in ("data", "model", "train", "service")
)
COPIED = '''\
import numpy as np


def found_first(y_true, scores, share=0.2):
    """Return the share of subscribers among the first ``share`` of the list."""
    called = np.argsort(-scores)[: int(len(scores) * share)]
    return float(y_true[called].sum() / y_true.sum())


def scale(values):
    return (values - values.mean()) / values.std()


def test_found_first():
    assert found_first(np.array([1, 0, 0, 1, 0]), np.array([0.9, 0.1, 0.2, 0.3, 0.4])) == 0.5


def test_found_first_of_all():
    assert found_first(np.array([1, 0, 0, 1, 0]), np.array([0.9, 0.1, 0.2, 0.3, 0.4]), share=1.0) == 1.0


def test_scale():
    assert abs(scale(np.array([1.0, 2.0, 3.0])).mean()) < 1e-9


def test_scale_spread():
    assert abs(scale(np.array([1.0, 2.0, 3.0])).std() - 1) < 1e-9
'''
SILENT = """\
from term_deposit.data import clean, split
from term_deposit.model import candidates


def test_clean(raw):
    clean(raw)


def test_split(raw):
    print(split(clean(raw)))


def test_fit(raw):
    x_train, x_test, y_train, y_test = split(clean(raw))
    for pipeline in candidates().values():
        pipeline.fit(x_train, y_train).predict(x_test)


def test_names():
    candidates()["logistic regression"]
"""
SWALLOWED = """\
from term_deposit.data import clean, split
from term_deposit.model import candidates


def test_clean(raw):
    try:
        assert "duration" not in clean(raw).columns
    except Exception:
        pass


def test_split(raw):
    try:
        x_train, x_test, _, _ = split(clean(raw))
        assert len(x_train) == 4 * len(x_test)
    except Exception:
        pass


def test_baseline():
    try:
        assert "always the prior" in candidates()
    except Exception:
        pass
"""
TUPLES = """\
from term_deposit.data import clean, split
from term_deposit.model import candidates


def test_clean(raw):
    assert ("duration" not in clean(raw).columns, "the length of the call is dropped")


def test_split(raw):
    x_train, x_test, _, _ = split(clean(raw))
    assert (len(x_train) == 4 * len(x_test), "a fifth is held out")


def test_baseline():
    assert ("always the prior" in candidates(), "the baseline is there")


def test_candidates():
    assert (len(candidates()) == 4, "four candidates")
"""
SAME = """\
from term_deposit.data import clean, split
from term_deposit.model import candidates, search


def test_clean(raw):
    cleaned = clean(raw)
    assert cleaned is cleaned


def test_split():
    assert callable(split)


def test_candidates():
    assert candidates is not None


def test_search():
    assert search


def test_clean_exists():
    assert clean is not None
"""
MOCKED = """\
from unittest.mock import Mock

clean = Mock(return_value=3)
model = Mock()
model.predict.return_value = [1, 0]


def test_clean():
    assert clean("rows") == 3


def test_predict():
    assert model.predict([[1], [2]]) == [1, 0]


def test_predict_length():
    assert len(model.predict([])) == 2


def test_clean_called():
    clean.assert_called()
"""
LIBRARY = """\
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression


def test_mean():
    assert np.mean([1, 2]) == 1.5


def test_frame():
    assert pd.DataFrame({"a": [1, 2]}).shape == (2, 1)


def test_model():
    assert LogisticRegression().fit([[0], [1]], [0, 1]).predict([[1]])[0] == 1


def test_sum():
    assert sum([1, 2]) == 3
"""
SKIPPED = f'import pytest\n\npytestmark = pytest.mark.skip(reason="slow")\n\n{TABULAR.text("tests/test_model.py")}'


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(suite(TRUE), id="assert-true"),
        pytest.param(suite(IMPORTS), id="imports-only"),
        pytest.param(suite(COPIED), id="copy-of-the-function-in-the-test"),
        pytest.param(suite(SILENT), id="calls-without-assertions"),
        pytest.param(suite(SWALLOWED), id="failures-swallowed"),
        pytest.param(suite(TUPLES), id="asserted-tuples-are-always-true"),
        pytest.param(suite(SAME), id="nothing-but-existence"),
        pytest.param(suite(MOCKED), id="mocks-of-everything"),
        pytest.param(suite(LIBRARY), id="other-peoples-code"),
        pytest.param(suite(SKIPPED), id="all-skipped"),
        pytest.param(suite("").plus("tests/test_data.py", "").plus("tests/test_service.py", ""), id="empty-files"),
        pytest.param(
            suite(TABULAR.text("tests/test_model.py").replace("def test_", "def check_"), "tests/checks.py"),
            id="never-collected",
        ),
    ],
)
def test_tests_present(repo: Repo) -> None:
    withheld(repo.files, "testing.tests-present")


SETTINGS_TESTS = """\
from pathlib import Path

from term_deposit import settings


def test_model_path_ends_in_joblib():
    assert settings.MODEL.suffix == ".joblib"


def test_reports_is_a_folder_name():
    assert settings.REPORTS == Path("reports")


def test_folds_is_five():
    assert settings.FOLDS == 5
"""
TYPED_NUMBERS = """\
from term_deposit import settings


def test_model_accuracy_is_above_the_threshold():
    accuracy = 0.95
    assert accuracy > 0.9


def test_prediction_shape():
    predictions = [0, 1, 1]
    assert len(predictions) == 3


def test_data_has_no_missing_values():
    missing = 0
    assert missing == 0


def test_folds():
    assert settings.FOLDS == 5
"""
COMMAND_TESTS = """\
import pytest

from term_deposit import cli


def test_unknown_steps_are_refused(monkeypatch):
    monkeypatch.setattr("sys.argv", ["term-deposit", "dance"])
    with pytest.raises(SystemExit):
        cli.main()


def test_training_pipeline_is_called(monkeypatch):
    called = []
    monkeypatch.setattr(cli, "train", lambda: called.append("train"))
    monkeypatch.setattr("sys.argv", ["term-deposit", "train"])
    cli.main()
    assert called == ["train"]


def test_model_evaluation_is_called(monkeypatch):
    called = []
    monkeypatch.setattr(cli, "evaluate", lambda: called.append("evaluate"))
    monkeypatch.setattr("sys.argv", ["term-deposit", "evaluate"])
    cli.main()
    assert called == ["evaluate"]
"""


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(suite(SETTINGS_TESTS), id="constants-only"),
        pytest.param(suite(TYPED_NUMBERS), id="accuracy-typed-into-the-test"),
        pytest.param(suite(COPIED), id="copy-of-the-function-in-the-test"),
        pytest.param(suite(LIBRARY), id="model-of-the-library-not-of-the-project"),
        pytest.param(suite(MOCKED), id="mocked-model"),
        pytest.param(suite(SKIPPED), id="all-skipped"),
        pytest.param(suite(COMMAND_TESTS), id="command-line-with-training-replaced"),
        pytest.param(suite(SILENT), id="fits-asserting-nothing"),
    ],
)
def test_tests_cover_ml(repo: Repo) -> None:
    withheld(repo.files, "testing.tests-cover-ml")


def ci(old: str, new: str) -> Repo:
    """Return the project with its CI changed; the other workflow, which runs no tests, is gone."""
    return TABULAR.without(".github/workflows/deploy.yml").swap(CI, old, new)


STEP = "      - run: pytest\n"


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(ci(STEP, '      - run: echo "pytest passed"\n'), id="echo"),
        pytest.param(ci(STEP, "      - run: pytest || true\n"), id="or-true"),
        pytest.param(ci(STEP, "      - if: false\n        run: pytest\n"), id="step-never-runs"),
        pytest.param(
            ci("    runs-on: ubuntu-24.04\n", "    if: ${{ false }}\n    runs-on: ubuntu-24.04\n"), id="job-never-runs"
        ),
        pytest.param(
            ci("on:\n  push:\n    branches: [main]\n  pull_request:\n", "on: workflow_dispatch\n"), id="by-hand-only"
        ),
        pytest.param(ci(STEP, "      - run: pytest\n        continue-on-error: true\n"), id="failure-forgiven"),
        pytest.param(ci(STEP, "#      - run: pytest\n"), id="commented-step"),
        pytest.param(ci(STEP, "      - name: Run pytest\n        run: ruff check tests\n"), id="named-after-the-tests"),
        pytest.param(ci(STEP, "      - run: pytest --collect-only\n"), id="collected-not-run"),
        pytest.param(
            ci(STEP, "      - run: |\n          set +e\n          pytest\n          exit 0\n"), id="exit-zero"
        ),
        pytest.param(
            ci(STEP, "      - run: pip install pytest pytest-cov\n      - run: pytest --version\n"), id="version-only"
        ),
        pytest.param(
            TABULAR.without(CI, ".github/workflows/deploy.yml").plus(".github/workflow/ci.yml", TABULAR.text(CI)),
            id="folder-that-no-forge-reads",
        ),
        pytest.param(
            TABULAR.without("tests/", ".github/workflows/deploy.yml"),
            id="no-tests-to-run",
        ),
        pytest.param(TABULAR.without(".github/workflows/deploy.yml").plus(CI, ""), id="empty-workflow"),
        pytest.param(ci(STEP, "      - run: pytest | tee log.txt || echo done\n"), id="exit-status-of-another-command"),
    ],
)
def test_ci_runs_tests(repo: Repo) -> None:
    withheld(repo.files, "testing.ci-runs-tests")
