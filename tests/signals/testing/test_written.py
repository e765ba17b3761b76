"""Are tests that can fail told from such as cannot?"""

from __future__ import annotations

import pytest

from evaluator.facts.testing.found import find as look_at_tests
from evaluator.model import Absence, InFile, Measured, NotApplicable, Unknown
from evaluator.signals.testing.written import tests_present as present
from tests.facts.programs import program

OWN = {"own.py": "def f(x): return x\n"}
HEAD = "from own import f\n"
REAL = "".join(f"def test_{n}():\n    assert f({n}) == {n}\n" for n in "123")


def asked(files: dict[str, str]) -> object:
    made = program(files)
    tested = look_at_tests(made.modules.snapshot, made.modules, made.code, made.reach, made.tree)
    return present(made.code, made.reach, made.tree, tested, made.r_work)


@pytest.mark.parametrize(
    ("source", "level"),
    [
        pytest.param(HEAD + REAL, 2, id="three"),
        pytest.param(f"{HEAD}import unittest\nclass A(unittest.TestCase):\n" + "".join(f"    def test_{n}(self):\n        self.assertEqual(f({n}), {n})\n" for n in "123"), 2, id="unittest"),
        pytest.param(f"{HEAD}import numpy as np, pytest\ndef test_a():\n    np.testing.assert_equal(f(1), 1)\ndef test_b():\n    with pytest.raises(ValueError):\n        f(1)\ndef test_c():\n    assert f(2)\n", 2, id="other assertions"),
        pytest.param(HEAD + REAL + "def test_4():\n    assert True\n", 2, id="one idle among them"),
        pytest.param(HEAD + "def test_1():\n    assert f(1)\ndef test_2():\n    assert f(2)\n", 1, id="two"),
        pytest.param(HEAD + REAL + "".join(f"def test_x{n}():\n    assert True\n" for n in range(4)), 1, id="mostly idle"),
        pytest.param("".join(f"def test_{n}():\n    assert True\n" for n in "1234"), 1, id="assert True"),
        pytest.param("".join(f"def test_{n}():\n    import own\n" for n in "1234"), 1, id="import only"),
        pytest.param(HEAD + "".join(f"def test_{n}():\n    f({n})\n" for n in "1234"), 1, id="no assertion"),
        pytest.param("def f(x): return x\n" + REAL, 1, id="of functions copied into the test"),
        pytest.param(HEAD + REAL.replace("def ", "@pytest.mark.skip\ndef "), 1, id="skipped"),
        pytest.param(HEAD + "".join(f"def test_{n}():\n    try:\n        assert f({n}) == 0\n    except Exception:\n        pass\n" for n in "123"), 1, id="swallowed"),
        pytest.param("", 0, id="an empty file"),
        pytest.param("def check():\n    assert f(1)\n", 0, id="not collected"),
        pytest.param("# def test_a(): assert f(1) == 1\n'''\ndef test_b(): assert f(1)\n'''\n", 0, id="in comments and text"),
    ],
)  # fmt: skip
def test_tests_present(source: str, level: int) -> None:
    answer = asked({**OWN, "tests/test_own.py": f"import pytest\n{source}"})

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert [type(e) for e in answer.evidence[:1]] == ([Absence] if level == 0 else [InFile])


@pytest.mark.parametrize(
    ("address", "level"),
    [
        pytest.param('f"{BASE}/health"', 2, id="of the project"),
        pytest.param('"http://localhost:8000/health"', 2, id="of the project, in full"),
        pytest.param('"http://localhost:8000/other"', 1, id="that it does not answer"),
    ],
)
def test_requests_to_an_address(address: str, level: int) -> None:
    app = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef health():\n    return {'ok': True}\n"
    tests = "import requests\nBASE = 'http://localhost:8000'\n" + "".join(
        f"def test_{n}():\n    assert requests.get({address}).status_code == 200\n" for n in "123"
    )
    answer = asked({"app.py": app, "test_api.py": tests})

    assert isinstance(answer, Measured)
    assert answer.value == level


@pytest.mark.parametrize("files", [pytest.param(OWN, id="a function"), pytest.param({"a.py": "x=1"}, id="a constant")])
def test_a_project_without_tests(files: dict[str, str]) -> None:
    answer = asked(files)

    assert isinstance(answer, Measured)
    assert answer.value == 0


@pytest.mark.parametrize(
    "files", [pytest.param({}, id="nothing"), pytest.param({"README.md": "x", "a.py": ""}, id="no code")]
)
def test_tests_present_not_asked(files: dict[str, str]) -> None:
    assert isinstance(asked(files), NotApplicable)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"main.R": "x <- 1"}, id="R"),
        pytest.param({"src/main.cpp": "int main() {}", "src/net.cpp": ""}, id="C++"),
    ],
)
def test_no_file_of_another_language_is_named_for_tests(files: dict[str, str]) -> None:
    answer = asked(files)

    assert isinstance(answer, Measured)
    assert answer.value == 0


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"net.cpp": "", "net_test.cpp": ""}, id="C++"),
        pytest.param({"src/NetTest.java": ""}, id="Java"),
        pytest.param({"a.py": "def f((a, b)):\n    print 'x'"}, id="Python 2 that cannot be read"),
    ],
)
def test_other_languages(files: dict[str, str]) -> None:
    assert isinstance(asked(files), Unknown)


CHECK = "test_that('f of {0}', {{\n  expect_equal(f({0}), {0})\n}})\n"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        pytest.param("".join(CHECK.format(n) for n in "123"), 2, id="three"),
        pytest.param(CHECK.format(1), 1, id="one"),
        pytest.param("test_that('it is true', {\n  expect_true(TRUE)\n})\n" * 3, 1, id="constants"),
        pytest.param("test_that('sums', {\n  expect_equal(sum(c(1, 2)), 3)\n})\n" * 3, 1, id="nothing of its own"),
        pytest.param("# test_that('f', { expect_equal(f(1), 1) })\nx <- f(1)\n", 0, id="in a comment"),
    ],
)
def test_tests_of_r(text: str, level: int) -> None:
    answer = asked({"R/f.R": "f <- function(x) x * 1\n", "tests/testthat/test-f.R": text})

    assert isinstance(answer, Measured)
    assert answer.value == level
