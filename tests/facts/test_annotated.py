"""Does a docstring say something, and does an annotation name a type?"""

from __future__ import annotations

import pytest

from evaluator.facts.code import Definition
from evaluator.facts.python.annotated import says_something
from tests.facts.programs import program


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Return the share of rows.", True, id="a sentence"),
        pytest.param("Load data from disk.", True, id="more than the name"),
        pytest.param("Gibt die Daten zurück.", True, id="another language"),
        pytest.param("返回数据", True, id="another script"),
        pytest.param("TODO: make it faster.\n\nReturn the rows.", True, id="a task beside what it does"),
        pytest.param("Summary of the rows.", True, id="a word of templates"),
        pytest.param(":param path: the table", True, id="a parameter alone"),
        pytest.param("", False, id="empty"),
        pytest.param(" \n ", False, id="blank"),
        pytest.param(".", False, id="a full stop"),
        pytest.param("---", False, id="a line"),
        pytest.param("load_data", False, id="the name"),
        pytest.param("Load data.", False, id="the name as words"),
        pytest.param("LoadData", False, id="the name in another case"),
        pytest.param("TODO", False, id="to be done"),
        pytest.param("TODO: write a docstring", False, id="to be written"),
        pytest.param("FIXME later", False, id="to be mended"),
        pytest.param("Add your docstring here.", False, id="a template"),
        pytest.param("_summary_", False, id="an editor's template"),
        pytest.param("[summary]\n", False, id="another editor's template"),
        pytest.param("Description goes here", False, id="a place for a description"),
        pytest.param("...", False, id="three stops"),
    ],
)
def test_docstrings(text: str, expected: bool) -> None:
    assert says_something(text, "Rows.load_data") is expected


def definition(source: str) -> Definition:
    """Return the first definition of a module with ``source``."""
    return program({"a.py": source}).module("a.py").definitions[0]


@pytest.mark.parametrize(
    ("source", "annotated", "result"),
    [
        pytest.param("def f(x: int) -> str: ...", 1, True, id="builtins"),
        pytest.param("import numpy as np\ndef f(x: np.ndarray) -> 'np.ndarray': ...", 1, True, id="a module's class, quoted"),
        pytest.param("def f(x: 'A | None') -> None: ...\nclass A: ...", 1, True, id="a class that comes later"),
        pytest.param("def f(x: dict[str, int]) -> list[str]: ...", 1, True, id="with parameters"),
        pytest.param("from typing import *\ndef f(x: List[int]) -> Dict: ...", 1, True, id="from everywhere"),
        pytest.param("from typing import Any\ndef f(x: Any, n: int) -> None: ...", 2, True, id="one of them anything"),
        pytest.param("from typing import Any\ndef f(**x: Any) -> int: ...", 1, True, id="anything, and a result"),
        pytest.param("from typing import Any\ndef f(x: Any) -> Any: ...", 0, False, id="anything for everything"),
        pytest.param("import typing as t\ndef f(x: t.Any) -> object: ...", 0, False, id="anything by other names"),
        pytest.param("def f(x: 'TODO') -> 'TODO': ...", 0, False, id="to be done"),
        pytest.param("from __future__ import annotations\ndef f(x: Thing) -> int: ...", 0, True, id="a name of nothing"),
        pytest.param("def f(x: 'the rows to keep') -> int: ...", 0, True, id="words"),
        pytest.param("def f(x: ...) -> 3: ...", 0, False, id="constants"),
        pytest.param("def f(x): ...", 0, False, id="none"),
    ],
)  # fmt: skip
def test_annotations(source: str, annotated: int, result: bool) -> None:
    made = definition(source)

    assert (made.annotated, made.returns_annotated) == (annotated, result)


def test_a_type_parameter_is_a_type() -> None:
    assert definition("T = 1\ndef f(x: T) -> T: ...").annotated == 1
