"""Which tests cannot pass without an assertion holding, and which code is held to meddle with the record?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.runs.testing.meddling import expected, invented, meddling
from evaluator.source.snapshot import Snapshot
from tests.runs.suites import code_of


@pytest.mark.parametrize(
    ("source", "names"),
    [
        pytest.param("def test_a():\n    x = 1\n    assert x", {"test_a"}, id="plain"),
        pytest.param("class TestA:\n    def test_b(self):\n        assert 1", {"TestA.test_b"}, id="method"),
        pytest.param("@pytest.mark.parametrize('n', [1])\ndef test_a(n):\n    assert n", {"test_a"}, id="marked"),
        pytest.param("@retry(3)\ndef test_a():\n    assert 1", set(), id="a decorator may do anything"),
        pytest.param("def test_a():\n    if x:\n        assert 1", set(), id="in a branch"),
        pytest.param("def test_a():\n    with pytest.raises(E):\n        assert 0", set(), id="in a block"),
        pytest.param("def test_a():\n    if x:\n        return\n    assert 1", set(), id="after a way out"),
        pytest.param("async def test_a():\n    assert 1", set(), id="a plug-in has to run it"),
        pytest.param("def test_a():\n    yield\n    assert 1", set(), id="a generator"),
        pytest.param("def test_a(:", set(), id="broken"),
    ],
)
def test_expected(source: str, names: set[str]) -> None:
    found = expected(Snapshot.of({"test_a.py": source}), ["test_a.py", "absent.py"])

    assert {("test_a.py", name) for name in names} == found


@given(st.binary(max_size=200))
def test_expected_never_raises(content: bytes) -> None:
    assert not expected(Snapshot.of({"test_a.py": content}), ["test_a.py"])


@pytest.mark.parametrize(
    ("files", "doubts"),
    [
        pytest.param(
            {"conftest.py": "def pytest_runtest_protocol(item):\n    return True\n"},
            ["the project's own pytest_runtest_protocol decides how a test is run (conftest.py:1)"],
            id="a protocol of its own",
        ),
        pytest.param(
            {"pkg/plugin.py": "class Soft:\n    def pytest_pyfunc_call(self, pyfuncitem):\n        return True\n"},
            ["the project's own pytest_pyfunc_call decides how a test is run (pkg/plugin.py:2)"],
            id="a method of a plug-in",
        ),
        pytest.param(
            {
                "conftest.py": "import pytest\n@pytest.hookimpl(hookwrapper=True)\n"
                "def pytest_runtest_call(item):\n    yield\n"
            },
            [],
            id="a wrapper that is seen from beneath",
        ),
        pytest.param(
            {"tests/conftest.py": "import gc\ndef pytest_sessionfinish():\n    gc.get_objects()\n"},
            ["the tests reach for what records them, by gc.get_objects (tests/conftest.py:3)"],
            id="searches the memory",
        ),
        pytest.param(
            {"conftest.py": "def pytest_configure(config):\n    config.pluginmanager.get_plugins()\n"},
            ["the tests reach for what records them, by get_plugins (conftest.py:2)"],
            id="searches the plug-ins",
        ),
        pytest.param({"pkg/leaks.py": "import gc\ngc.get_objects()\n"}, [], id="code that is no test"),
        pytest.param({"conftest.py": "def pytest_configure(config):\n    config.x = 1\n"}, [], id="another hook"),
    ],
)
def test_meddling(files: dict[str, str], doubts: list[str]) -> None:
    assert doubts == meddling(code_of(files))


def test_invented() -> None:
    source = "import pkg\n\ndef test_a():\n    exec(compile('x', pkg.__file__, 'exec'))\n"

    assert invented(code_of({"tests/test_a.py": source})).endswith("(tests/test_a.py:4)")
    assert not invented(code_of({"pkg/a.py": source.replace("test_a", "a")}))
