"""What a test comes to is told by what it calls, asks for and starts."""

from __future__ import annotations

import pytest

from evaluator.facts.tested import Case, Tested
from evaluator.facts.tested import tested as look_at_tests
from tests.facts.programs import program

OWN = "import pandas as pd\ndef clean(df: pd.DataFrame):\n    return df.dropna()\n\ndef name():\n    return 'a'\n"
APP = (
    "from fastapi import APIRouter, FastAPI\nimport joblib\nm = joblib.load('m')\nrouter = APIRouter()\n"
    "@router.post('/predict/{kind}')\ndef predict(kind, body):\n    return m.predict([body])\n\n"
    "@router.get('/')\ndef home():\n    return 'hello'\n\napp = FastAPI()\napp.include_router(router, prefix='/api')\n"
)


def found(files: dict[str, str]) -> Tested:
    made = program(files)
    return look_at_tests(made.modules.snapshot, made.modules, made.code, made.reach, made.tree, made.r_work)


def only(files: dict[str, str]) -> Case:
    (case,) = found(files).cases
    return case


@pytest.mark.parametrize(
    ("body", "touches", "by"),
    [
        pytest.param("assert len(clean(d)) == 1", "data", "clean", id="data"),
        pytest.param("assert name() == 'a'", "other", "name", id="something else"),
        pytest.param("assert 1 + len('a') == 2", "nothing", "", id="nothing of the project"),
    ],
)
def test_cases_tell_what_they_touch(body: str, touches: str, by: str) -> None:
    case = only({"own.py": OWN, "tests/test_a.py": f"from own import clean, name\nd = []\ndef test_a():\n    {body}\n"})

    assert (case.name, case.touches, case.by) == ("test_a", touches, by)
    assert (case.at.path, case.at.start) == ("tests/test_a.py", 3)


@pytest.mark.parametrize(
    ("address", "touches"),
    [
        pytest.param("/api/predict/small", "model", id="under a prefix, with a field"),
        pytest.param("/api/predict/small?x=1", "model", id="with a query"),
        pytest.param("/", "other", id="home"),
    ],
)
def test_requests_lead_to_what_answers_them(address: str, touches: str) -> None:
    tests = (
        "from fastapi.testclient import TestClient\nfrom app import app\nclient = TestClient(app)\n"
        f"def test_a():\n    assert client.post('{address}').status_code == 200\n"
    )

    assert only({"app.py": APP, "tests/test_a.py": tests}).touches == touches


def test_a_double_is_told() -> None:
    tests = (
        "from unittest.mock import patch\nfrom app import predict\n"
        "def test_a():\n    with patch('app.m') as model:\n        model.predict.return_value = [1]\n"
        "        assert predict('a', 1) == [1]\n"
    )
    case = only({"app.py": APP, "tests/test_a.py": tests})

    assert case.double
    assert case.touches == "other"


def test_tests_that_cannot_fail_are_no_cases() -> None:
    assert (
        found({"own.py": OWN, "tests/test_a.py": "from own import clean\ndef test_a():\n    clean([])\n"}).cases == ()
    )


def test_subjects_are_told_in_other_languages_only_where_python_has_none() -> None:
    assert found({"a.jl": "fit(y ~ x)"}).elsewhere == ("a.jl",)
    assert found({"a.jl": "fit(y ~ x)", "own.py": OWN}).elsewhere == ()
    assert found({"a.js": "console.log(1)"}) == Tested()


def test_r_is_read_as_python_is() -> None:
    made = found(
        {
            "R/model.R": "f <- function(d) lm(y ~ x, d)",
            "tests/testthat/test-model.R": "test_that('it fits', { expect_s3_class(f(mtcars), 'lm') })",
        }
    )

    assert [(c.name, c.touches, c.by) for c in made.cases] == [("it fits", "model", "f")]
    assert [s.path for s in made.subjects] == ["R/model.R"]
    assert (made.elsewhere, made.tests_elsewhere) == ((), ())
