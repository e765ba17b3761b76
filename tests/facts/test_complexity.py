"""Is complexity measured of the own functions only, and does nothing that is thrown at it end the run?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts import complexity as subject
from evaluator.facts.complexity import Complexity, Function, complexity
from evaluator.facts.tree import tree
from evaluator.model import Span
from evaluator.source.snapshot import Snapshot

BRANCHES = (
    "def f(x):\n    if x:\n        return 1\n    for i in x:\n        if i and x:\n            return 2\n    return 3\n"
)


def measure(files: dict[str, bytes | str]) -> Complexity:
    snapshot = Snapshot.of(files)
    return complexity(snapshot, tree(snapshot))


def test_functions_and_methods_are_counted_as_mccabe_does() -> None:
    found = measure({"pkg/a.py": BRANCHES + "\nclass C:\n    def g(self):\n        return 0\n"})

    assert found.functions == (
        Function(name="f", at=Span(path="pkg/a.py", start=1, end=7), complexity=5),
        Function(name="C.g", at=Span(path="pkg/a.py", start=10, end=11), complexity=1),
    )
    assert [m.path for m in found.modules] == ["pkg/a.py"]
    assert all(0 <= m.index <= 100 for m in found.modules)


INNER = "".join(f"    {line}\n" for line in BRANCHES.splitlines())
WITHIN = {
    "in a function": f"def outer():\n{INNER}    return f\n",
    "in a method": "class C:\n    def outer(self):\n" + "".join(f"    {line}\n" for line in INNER.splitlines()),
    "in two functions": "def a():\n    def b():\n" + "".join(f"    {line}\n" for line in INNER.splitlines()),
    "a method of a class in a function": "def outer():\n    class C:\n        def g(self):\n"
    + "".join(f"            {line}\n" for line in BRANCHES.splitlines()[1:]),
    "in a class in a branch of a function": "def outer(x):\n    if x:\n        class C:\n            def g(self):\n"
    + "".join(f"                {line}\n" for line in BRANCHES.splitlines()[1:]),
}


@pytest.mark.parametrize("source", WITHIN.values(), ids=WITHIN)
def test_functions_within_others_are_counted_by_themselves(source: str) -> None:
    counted = [f.complexity for f in measure({"a.py": source}).functions]

    assert max(counted) == 5
    assert counted.count(5) == 1


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("tests/test_a.py", id="a test"),
        pytest.param("vendor/a.py", id="other people's"),
        pytest.param("a_pb2.py", id="generated"),
        pytest.param("venv/lib/python3.11/site-packages/a.py", id="installed"),
        pytest.param("a.txt", id="no code"),
    ],
)
def test_what_is_not_the_projects_own_is_left_out(path: str) -> None:
    assert measure({path: BRANCHES, "own.py": "x = 1\n"}).functions == ()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("print 'python 2'\n", id="python 2"),
        pytest.param("def f(:\n", id="a syntax error"),
        pytest.param("x = " + "-" * 100_000 + "1\n", id="a deep expression"),
        pytest.param("x = " + "(" * 5_000 + ")" * 5_000, id="deep parentheses"),
        pytest.param(b"x = 1\0\n", id="a NUL"),
        pytest.param("# -*- coding: klingon -*-\nx = 1\n\x00", id="an encoding that does not exist"),
    ],
)
def test_what_cannot_be_parsed_is_named(content: bytes | str) -> None:
    found = measure({"bad.py": content, "fine.py": BRANCHES})

    assert found.unreadable == ("bad.py",)
    assert [f.name for f in found.functions] == ["f"]


def test_an_invalid_escape_is_no_error() -> None:
    assert measure({"a.py": 'def f():\n    return "\\d"\n'}).unreadable == ()


def test_lines_and_files_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "LINES", 20)
    monkeypatch.setattr(subject, "INDEXED_LINES", 10)

    found = measure({f"{n}.py": BRANCHES for n in "abcd"})

    assert [f.at.path for f in found.functions] == ["a.py", "b.py"]
    assert ([m.path for m in found.modules], found.left_out) == (["a.py"], 2)


@given(st.one_of(st.binary(max_size=200), st.text(alphabet="def if:()\n \t#x=1'\"\\", max_size=200)))
def test_measuring_never_raises(content: bytes | str) -> None:
    assert len(measure({"a.py": content}).unreadable) <= 1
