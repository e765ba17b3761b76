"""Is a cell's Python kept, line for line, and everything else left out?"""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.python.cells import python_of
from tests.facts.programs import cell, notebook, program


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("x = 1", "x = 1", id="plain"),
        pytest.param("", "", id="empty"),
        pytest.param("%matplotlib inline\nx = 1", "pass\nx = 1", id="line magic"),
        pytest.param("%%time\nx = 1", "x = 1", id="cell magic that runs Python"),
        pytest.param("\n%%timeit -n 3\nx = 1", "x = 1", id="after a blank line"),
        pytest.param("!pip install x\nx = 1", "pass\nx = 1", id="shell"),
        pytest.param("if x:\n    !pip install x", "if x:\n    pass", id="shell in a block"),
        pytest.param("%time m.fit(x)", "m.fit(x)", id="magic that runs a statement"),
        pytest.param("%timeit -n 10 -r3 m.fit(x)", "m.fit(x)", id="with options"),
        pytest.param("out = %time f(x)", "out = f(x)", id="its result"),
        pytest.param("files = !ls", "files = None", id="shell's result"),
        pytest.param("df?\n?df\ndf.head??", "pass\npass\npass", id="help"),
        pytest.param("pip install pandas\nx = 1", "pass\nx = 1", id="automagic"),
        pytest.param("ls = 1\nls", "ls = 1\nls", id="a name like a command"),
        pytest.param("x = (a\n% b)", "x = a % b", id="operator at a line's start"),
        pytest.param("x = '''\n!ls\n'''", "x = '\\n!ls\\n'", id="within a string"),
        pytest.param("await x", "await x", id="await at top level"),
    ],
)
def test_python_of_a_cell(source: str, expected: str) -> None:
    parsed = python_of(source)

    assert parsed is not None
    assert parsed.tree is not None
    assert ast.unparse(parsed.tree) == expected


@pytest.mark.parametrize(
    "magic", ["bash", "html", "javascript", "R", "sql", "writefile x.py", "latex", "script", "cython", ""]
)
def test_other_languages(magic: str) -> None:
    assert python_of(f"%%{magic}\nx = 1") is None


def test_line_numbers_are_kept() -> None:
    made = program({"n.ipynb": notebook("%%time\n!pip install x\n\ngo()")})

    assert [(c.at.cell, c.at.start) for c in made.module("n.ipynb").calls] == [(0, 4)]


def test_a_broken_cell_costs_only_itself() -> None:
    found = program({"n.ipynb": notebook("go()", "def (", "stop()")}).module("n.ipynb")

    assert [c.name for c in found.calls] == ["go", "stop"]
    assert found.broken == (1,)
    assert found.error is None


def test_a_notebook_without_any_python() -> None:
    found = program({"n.ipynb": notebook("def f((a, b)): pass", "def (")}).module("n.ipynb")

    assert (found.error or "").startswith("cell 0: python 2: ")
    assert found.broken == (0, 1)


def test_a_cell_in_python_2_is_read() -> None:
    found = program({"n.ipynb": notebook('print "a"', "def (")}).module("n.ipynb")

    assert [c.name for c in found.calls] == ["print"]
    assert found.broken == (1,)


def test_other_kernels_are_no_python() -> None:
    assert program({"n.ipynb": notebook("x <- 1", language="R")}).code.modules == ()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["x = 1", "print(x)"], [], id="in order"),
        pytest.param(["print(x)", "x = 1"], [(0, 1)], id="read before it is bound"),
        pytest.param(["print(x)"], [], id="bound nowhere"),
        pytest.param(["def f():\n    return x", "x = 1"], [], id="read when called"),
        pytest.param(["print(x)\nx = 1"], [], id="within one cell"),
        pytest.param(["x = 1", "y = 2\nprint(pd)", "import pandas as pd"], [(1, 2)], id="import too late"),
        pytest.param(["[q for q in [1]]", "q = 1"], [], id="comprehension"),
    ],
)
def test_early_cells(cells: list[str], expected: list[tuple[int, int]]) -> None:
    found = program({"n.ipynb": notebook(*cells)}).module("n.ipynb").early

    assert [(s.cell, s.start) for s in found] == expected


@given(st.text(st.sampled_from("%!?=ab1 \n\t'\"#()[]{}\\:pil"), max_size=60))
def test_never_raises(source: str) -> None:
    python_of(source)
    program({"n.ipynb": notebook(cell(source, 1, printed=source))})
