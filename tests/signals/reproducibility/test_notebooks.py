"""Is one run from top to bottom told from anything else?"""

from __future__ import annotations

import pytest

from evaluator.model import InFile, Measured, NotApplicable
from evaluator.signals.reproducibility.notebooks import notebooks_in_order
from tests.facts.programs import cell, notebook, program

RUN = notebook(cell("a = 1", 1), cell("print(a)", 2, printed="1"))
STRIPPED = notebook("a = 1", "print(a)")


def asked(*books: str) -> object:
    made = program({f"n{i}.ipynb": book for i, book in enumerate(books)})
    return notebooks_in_order(made.notebooks, made.code, made.tree)


@pytest.mark.parametrize(
    ("books", "level", "cells"),
    [
        pytest.param([RUN], 2, [None], id="one run"),
        pytest.param([notebook(cell("a", 1), cell("", None), "# only a comment")], 2, [None], id="nothing left to run"),
        pytest.param([notebook(cell("a <- 1", 1), cell("b", 2), language="R")], 2, [None], id="another language"),
        pytest.param([notebook(cell("a = 1", 1), cell("def f():\n    print(1)", 2))], 2, [None], id="nothing to print"),
        pytest.param([notebook(cell("a = 1", 1), cell("print(a)", 2))], 1, [1], id="prints, and has no output"),
        pytest.param([notebook(cell("a", 1), cell("b", 3))], 1, [1], id="a gap"),
        pytest.param([notebook(cell("a", 2), cell("b", 3))], 1, [0], id="does not begin at one"),
        pytest.param([notebook(cell("a", 1), cell("b"), cell("c", 2))], 1, [1], id="a cell that was not run"),
        pytest.param([notebook(cell("a", 1), cell("b", printed="x"), cell("c", 2))], 1, [1], id="an output without a count"),
        pytest.param([notebook(cell("a", printed="x"), cell("b"))], 1, [None], id="counts stripped"),
        pytest.param([RUN, STRIPPED], 1, [None, None], id="one without outputs"),
        pytest.param([RUN, ""], 1, [None, None], id="one that cannot be read"),
        pytest.param([notebook(cell("a", 2), cell("b", 1))], 0, [1], id="out of order"),
        pytest.param([notebook(cell("a", 3), cell("b"), cell("c", 3))], 0, [2], id="a count twice"),
        pytest.param([notebook(cell("a", 1), cell("b", 2, error="ValueError"))], 0, [1], id="ends in an error"),
        pytest.param([notebook(cell("a", 1, error="E"), cell("b", 2))], 0, [0], id="goes on after an error"),
        pytest.param([RUN, notebook(cell("a", 2), cell("b", 1))], 0, [1], id="the worst one decides"),
        pytest.param([notebook(cell("print(a)", printed="1"), cell("a = 1"))], 0, [0], id="counts stripped, outputs too early"),
    ],
)  # fmt: skip
def test_notebooks_in_order(books: list[str], level: int, cells: list[int | None]) -> None:
    answer = asked(*books)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert [e.at.cell for e in answer.evidence if isinstance(e, InFile)] == cells


@pytest.mark.parametrize(
    "books",
    [
        pytest.param([], id="no notebooks"),
        pytest.param([STRIPPED], id="stripped on commit"),
        pytest.param([notebook()], id="no cells"),
        pytest.param([""], id="an empty file"),
    ],
)
def test_notebooks_in_order_not_asked(books: list[str]) -> None:
    assert isinstance(asked(*books), NotApplicable)


def test_other_peoples_notebooks_do_not_count() -> None:
    made = program({"third_party/n.ipynb": notebook(cell("a", 2), cell("b", 1)), "n.ipynb": RUN})
    answer = notebooks_in_order(made.notebooks, made.code, made.tree)

    assert isinstance(answer, Measured)
    assert answer.value == 2
