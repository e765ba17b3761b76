"""Which tests are collected, and how many of their assertions can fail?"""

from __future__ import annotations

import pytest

from tests.facts.programs import program

HEAD = "import unittest, pytest, numpy as np, contextlib\nfrom own import f\n"


def asserts(body: str, *, head: str = HEAD) -> int:
    """Return the assertions that are counted of a test with ``body``."""
    inner = "\n".join("    " + line for line in body.split("\n"))
    made = program({"own.py": "def f(): pass", "test_a.py": f"{head}def test_a(x=1):\n{inner}"})
    return next(d.asserts for d in made.module("test_a.py").definitions if d.qualname == "test_a")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("assert f() == 1", 1, id="comparison"),
        pytest.param("assert f()\nassert not f()", 2, id="two"),
        pytest.param("if x:\n    assert f()", 1, id="under a condition"),
        pytest.param("with pytest.raises(ValueError):\n    f()", 1, id="raises"),
        pytest.param("np.testing.assert_allclose(f(), 1)", 1, id="numpy"),
        pytest.param("import pandas.testing as t\nt.assert_frame_equal(f(), x)", 1, id="pandas"),
        pytest.param("import torch\ntorch.testing.assert_close(f(), x)", 1, id="torch"),
        pytest.param("x.assert_called_once()", 1, id="mock"),
        pytest.param("if f() != 1:\n    pytest.fail('no')", 1, id="fail"),
        pytest.param("try:\n    assert f()\nexcept ValueError:\n    pass", 1, id="another error is caught"),
        pytest.param("try:\n    assert f()\nexcept AssertionError:\n    raise", 1, id="raised again"),
        pytest.param("try:\n    f()\nexcept Exception:\n    pytest.fail('no')", 1, id="fails in the handler"),
        pytest.param("def inner():\n    assert f()\ninner()", 1, id="nested"),
        pytest.param("f()", 0, id="none"),
        pytest.param("assert True", 0, id="true"),
        pytest.param("assert 'text'", 0, id="text"),
        pytest.param("assert 1 == 1", 0, id="constants"),
        pytest.param("assert 1 + 1 == 2", 0, id="arithmetic of constants"),
        pytest.param("assert x == x", 0, id="itself"),
        pytest.param("assert (f() == 1, 'message')", 0, id="tuple"),
        pytest.param("assert f() or True", 0, id="or true"),
        pytest.param("assert True and True", 0, id="and"),
        pytest.param("assert len(f()) >= 0", 0, id="never negative"),
        pytest.param("assert not False", 0, id="not false"),
        pytest.param("assert [1]", 0, id="list"),
        pytest.param("assert f", 0, id="a function is there"),
        pytest.param("assert f is not None", 0, id="a function is not None"),
        pytest.param("assert callable(f)", 0, id="a function can be called"),
        pytest.param("import own\nassert hasattr(own, 'f')", 0, id="a module has a function"),
        pytest.param("import own\nassert own.f is not None", 0, id="a function of a module is not None"),
        pytest.param(
            "import unittest as u\nu.TestCase().assertIsNotNone(f)", 0, id="unittest asks whether it is there"
        ),
        pytest.param("assert f() is not None", 1, id="what a function gives is not None"),
        pytest.param("r = f()\nassert r", 1, id="what a function gives is true"),
        pytest.param("import own\nassert hasattr(own, 'g')", 1, id="a module has what is not there"),
        pytest.param("assert callable(x)", 1, id="a parameter can be called"),
        pytest.param("assert lambda: f()", 0, id="lambda"),
        pytest.param("try:\n    assert f()\nexcept Exception:\n    pass", 0, id="swallowed"),
        pytest.param("try:\n    assert f()\nexcept:\n    print('no')", 0, id="swallowed by a bare handler"),
        pytest.param("with contextlib.suppress(AssertionError):\n    assert f()", 0, id="suppressed"),
        pytest.param("if False:\n    assert f()", 0, id="dead"),
        pytest.param("return\nassert f()", 0, id="after return"),
        pytest.param("pytest.skip('no')\nassert f()", 0, id="after skip"),
        pytest.param("np.testing.assert_equal(1, 1)", 0, id="assertion on constants"),
        pytest.param("np.testing.assert_equal(x, x)", 0, id="assertion on itself"),
    ],
)
def test_assertions_that_can_fail(body: str, expected: int) -> None:
    assert asserts(body) == expected


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param("@pytest.mark.skip\n", id="skip"),
        pytest.param("@pytest.mark.skip(reason='x')\n", id="skip with a reason"),
        pytest.param("@pytest.mark.xfail\n", id="expected to fail"),
        pytest.param("@unittest.skip('x')\n", id="unittest"),
        pytest.param("pytestmark = pytest.mark.skip\n", id="whole module"),
        pytest.param("pytestmark = [pytest.mark.slow, pytest.mark.skip(reason='x')]\n", id="whole module, of several"),
    ],
)
def test_tests_that_are_switched_off(mark: str) -> None:
    assert asserts("assert f() == 1", head=HEAD + mark) == 0


def test_assertions_of_helpers_count() -> None:
    source = "from own import f\ndef check(x):\n    assert x\ndef test_a():\n    check(f())\ndef test_b():\n    try:\n        check(f())\n    except Exception:\n        pass\n"
    made = program({"own.py": "def f(): pass", "test_a.py": source}).module("test_a.py")

    assert {d.qualname: d.asserts for d in made.definitions} == {"check": 1, "test_a": 1, "test_b": 0}


def test_unittest_methods() -> None:
    source = (
        "import unittest\nfrom own import f\nclass Base(unittest.TestCase):\n    def setUp(self):\n        self.x = f()\n"
        "class Case(Base):\n    def test_a(self):\n        self.assertEqual(self.x, 1)\n    def test_b(self):\n        self.assertTrue(True)\n"
        "    def test_c(self):\n        self.assertEqual(2, 2)\n    @unittest.skip('x')\n    def test_d(self):\n        self.assertEqual(self.x, 1)\n"
    )
    made = program({"own.py": "def f(): pass", "test_a.py": source}).module("test_a.py")

    assert {d.qualname: d.asserts for d in made.definitions if d.collected and d.kind == "method"} == {
        "Case.test_a": 1,
        "Case.test_b": 0,
        "Case.test_c": 0,
        "Case.test_d": 0,
    }


@pytest.mark.parametrize(
    ("path", "source", "collected"),
    [
        pytest.param("test_a.py", "def test_a(): pass", ["test_a"], id="by prefix"),
        pytest.param("a_test.py", "def test_a(): pass", ["test_a"], id="by suffix"),
        pytest.param("tests/unit/test_a.py", "async def test_a(): pass", ["test_a"], id="coroutine"),
        pytest.param("tests/a.py", "def test_a(): pass", [], id="name of the file"),
        pytest.param("test_a.py", "def check_a(): pass", [], id="name of the function"),
        pytest.param("test_a.py", "class TestA:\n    def test_a(self): pass", ["TestA", "TestA.test_a"], id="class"),
        pytest.param("test_a.py", "class A:\n    def test_a(self): pass", [], id="name of the class"),
        pytest.param(
            "test_a.py",
            "class TestA:\n    def __init__(self): pass\n    def test_a(self): pass",
            [],
            id="class with __init__",
        ),
        pytest.param("test_a.py", "def f():\n    def test_a(): pass", [], id="nested"),
    ],
)
def test_collected(path: str, source: str, collected: list[str]) -> None:
    assert [d.qualname for d in program({path: source}).module(path).definitions if d.collected] == collected


@pytest.mark.parametrize(
    ("path", "source", "is_test"),
    [
        pytest.param("tests/test_a.py", "", True, id="among tests"),
        pytest.param("tests/conftest.py", "", True, id="conftest"),
        pytest.param("tests/tools.py", "", True, id="helper of tests"),
        pytest.param("src/test_a.py", "def test_a(): pass", True, id="with a test"),
        pytest.param(
            "src/test_model.py",
            "import joblib\nprint(joblib.load('m').score(1))",
            False,
            id="a script that tries the model",
        ),
        pytest.param("src/testing_grounds.py", "", False, id="name only"),
    ],
)
def test_test_modules(path: str, source: str, is_test: bool) -> None:
    assert (
        program({path: source, "src/a.py": "", "tests/test_z.py": "def test_z(): pass"}).module(path).is_test is is_test
    )
