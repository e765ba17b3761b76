"""What is read of notebooks, and what of files that only look like one?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator import codec
from evaluator.facts.notebooks import Cell, Notebook, Notebooks, notebooks
from evaluator.facts.tree import tree
from evaluator.source.snapshot import Entry, Snapshot
from tests.facts.programs import cell, notebook


def read(files: dict[str, str | bytes]) -> Notebooks:
    snapshot = Snapshot.of(files)
    return notebooks(snapshot, tree(snapshot))


def test_cells() -> None:
    markdown = {"cell_type": "markdown", "source": ["# Title\n", "![](a.png)"], "metadata": {}}
    raw = {"cell_type": "raw", "source": "x", "metadata": {}}
    picture = {"output_type": "display_data", "data": {"image/png": "AAAA", "text/plain": ["<Figure>"]}}
    drawn = {**cell("plot()", 2, printed="done\n"), "outputs": [*cell("", printed="a\x1b[31mb\n")["outputs"], picture]}  # type: ignore[list-item,misc]
    found = read({"a/n.ipynb": notebook(markdown, raw, cell("x = 1", 1), drawn, cell("x[", 3, error="NameError"))})

    assert found.unreadable == ()
    assert found.items == (
        Notebook(
            path="a/n.ipynb",
            kernel="python",
            cells=(
                Cell(index=0, kind="markdown", source="# Title\n![](a.png)", image=True),
                Cell(index=1, kind="raw", source="x"),
                Cell(index=2, kind="code", source="x = 1", count=1),
                Cell(index=3, kind="code", source="plot()", count=2, outputs=2, image=True, printed="ab\n<Figure>\n"),
                Cell(index=4, kind="code", source="x[", count=3, outputs=1, error="NameError: it failed"),
            ),
        ),
    )


OLD = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": "old", "language": "python"},
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "level": 2, "source": ["Title"]},
                {
                    "cell_type": "code",
                    "language": "python",
                    "collapsed": False,
                    "input": ["a = 1\n", "a"],
                    "prompt_number": 7,
                    "outputs": [{"output_type": "pyout", "prompt_number": 7, "text": ["1"]}],
                },
                {
                    "cell_type": "code",
                    "language": "python",
                    "collapsed": False,
                    "input": "b",
                    "prompt_number": 8,
                    "outputs": [{"output_type": "pyerr", "ename": "NameError", "evalue": "b", "traceback": ["b"]}],
                },
            ]
        }
    ],
}


def test_older_formats_are_brought_up_to_date() -> None:
    (found,) = read({"n.ipynb": json.dumps(OLD)}).items

    assert [(c.kind, c.source, c.count, c.error) for c in found.cells] == [
        ("markdown", "## Title", None, None),
        ("code", "a = 1\na", 7, None),
        ("code", "b", 8, "NameError: b"),
    ]


@pytest.mark.parametrize(
    ("metadata", "kernel"),
    [
        pytest.param({}, "", id="not stated"),
        pytest.param({"kernelspec": {"name": "python3"}}, "python", id="by name"),
        pytest.param({"kernelspec": {"name": "conda-base-py", "language": "python"}}, "python", id="an environment"),
        pytest.param({"kernelspec": {"name": "ir"}}, "r", id="R by name"),
        pytest.param({"language_info": {"name": "R"}, "kernelspec": {"name": "python3"}}, "r", id="the language wins"),
        pytest.param({"kernelspec": {"name": "julia-1.9", "language": "julia"}}, "julia", id="julia"),
        pytest.param([], "", id="no mapping"),
        pytest.param({"kernelspec": 5, "language_info": {"name": None}}, "", id="nonsense"),
    ],
)
def test_kernels(metadata: object, kernel: str) -> None:
    (found,) = read({"n.ipynb": json.dumps({"cells": [], "metadata": metadata, "nbformat": 4})}).items

    assert found.kernel == kernel


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param(" \n", "empty", id="blank"),
        pytest.param("{", "not JSON", id="broken"),
        pytest.param("<html>", "not JSON", id="a page"),
        pytest.param("[" * 100_000, "not JSON", id="nested"),
        pytest.param(b"\x80\x81", "not JSON", id="bytes"),
        pytest.param("version https://git-lfs.github.com/spec/v1\n", "not JSON", id="pointer"),
        pytest.param("[]", "no notebook: not a JSON object", id="list"),
        pytest.param("{}", "no notebook: it has no list of cells", id="no cells"),
        pytest.param('{"nbformat": 4, "cells": {}}', "no notebook: it has no list of cells", id="cells are no list"),
        pytest.param('{"nbformat": 3, "worksheets": 1}', "no notebook of format 3", id="worksheets are no list"),
        pytest.param('{"nbformat": -1}', "no notebook of format -1", id="unknown format"),
        pytest.param('{"nbformat": 1, "cells": [1]}', "no notebook of format 1", id="first format, broken"),
        pytest.param("9" * 5_000, "not JSON", id="long integer"),
    ],
)
def test_unreadable(data: str | bytes, reason: str) -> None:
    assert read({"n.ipynb": data}) == Notebooks(items=(), unreadable=(("n.ipynb", reason),))


def test_odd_cells_are_passed_over() -> None:
    """Only what is built as a cell is read; a wrong type within one is as if it were not there."""
    odd = [
        None,
        5,
        [],
        {"cell_type": "code", "source": 5, "outputs": {}, "execution_count": "1"},
        {"cell_type": "x", "source": [1, "a"]},
    ]
    (found,) = read({"n.ipynb": json.dumps({"cells": odd, "nbformat": 4})}).items

    assert found.cells == (Cell(index=3, kind="code", source=""), Cell(index=4, kind="raw", source="a"))


def test_what_is_not_here_and_what_is_not_theirs() -> None:
    snapshot = Snapshot.of({"a.ipynb": notebook("1"), ".ipynb_checkpoints/a-checkpoint.ipynb": notebook("1")})
    entries = {
        **snapshot.entries,
        "b.ipynb": Entry(path="b.ipynb", here=False),
        "c.ipynb": Entry(path="c.ipynb", size=31_000_000),
    }
    whole = Snapshot(subject=snapshot.subject, entries=entries, read_blob=snapshot.read_blob)
    found = notebooks(whole, tree(whole))

    assert [n.path for n in found.items] == ["a.ipynb"]
    assert found.unreadable == (("b.ipynb", "not-found"), ("c.ipynb", "too-large"))


def test_lone_surrogates_have_no_utf_8() -> None:
    found = read({"n.ipynb": json.dumps({"cells": [cell("x = '\ud800'", printed="\ud800")], "nbformat": 4})})

    assert codec.decode(codec.encode(found), Notebooks) == found


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
cells = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw", "x", 5])},
    optional={
        "source": json_values,
        "outputs": json_values,
        "execution_count": json_values,
        "attachments": json_values,
    },
)
files = st.fixed_dictionaries(
    {"nbformat": st.integers(-2, 6) | json_values},
    optional={
        "cells": st.lists(cells | json_values, max_size=4) | json_values,
        "worksheets": json_values,
        "metadata": json_values,
    },
)


@given(st.one_of(files.map(json.dumps), json_values.map(json.dumps), st.text(max_size=50), st.binary(max_size=50)))
def test_never_raises(data: str | bytes) -> None:
    found = read({"n.ipynb": data})

    assert len(found.items) + len(found.unreadable) == 1
    assert codec.decode(codec.encode(found), Notebooks) == found
