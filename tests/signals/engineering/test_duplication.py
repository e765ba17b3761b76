"""Copies within and across files and notebooks, and what only looks like one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.facts.cloning.comparing import compare
from evaluator.facts.cloning.lines import Line
from evaluator.facts.duplication import Duplication
from evaluator.facts.duplication import duplication as provider
from evaluator.model import Absence, InFile, Measured, NotApplicable, Span
from evaluator.signals.engineering.duplication import duplication
from evaluator.source.snapshot import Snapshot
from tests.facts.programs import notebook, program


def found(files: Mapping[str, str]) -> Duplication:
    made = program(files)
    return provider(Snapshot.of(files), made.tree, made.modules, made.notebooks)


def lines(count: int, word: str) -> str:
    """Return ``count`` statements of seven tokens each; no two are the same, nor the same as with another word."""
    return "".join(f"{word}_{n} = compute({word}, {n})\n" for n in range(count))


def function(word: str, size: int = 20) -> str:
    return f"def {word}({word}):\n" + "".join(f"    {line}\n" for line in lines(size, word).splitlines())


PLAIN = lines(300, "plain")
COPY = lines(20, "copy")


@pytest.mark.parametrize(
    ("files", "duplicated", "level"),
    [
        pytest.param({"a.py": PLAIN}, 0, 2, id="none"),
        pytest.param({"a.py": PLAIN + lines(8, "copy"), "b.py": lines(8, "copy")}, 16, 1, id="some: 16 of 316"),
        pytest.param({"a.py": PLAIN + COPY, "b.py": COPY}, 40, 0, id="across files: 40 of 340"),
        pytest.param({"a.py": COPY + PLAIN + COPY}, 40, 0, id="within a file"),
        pytest.param({"a.py": PLAIN + COPY, "b.py": COPY, "c.py": COPY}, 60, 0, id="three times"),
        pytest.param({"a.py": PLAIN, "n.ipynb": notebook(COPY, COPY)}, 40, 0, id="cells of a notebook"),
        pytest.param({"n.ipynb": notebook(PLAIN, COPY), "o.ipynb": notebook(COPY)}, 40, 0, id="two notebooks"),
        pytest.param({"a.py": PLAIN + COPY, "n.ipynb": notebook(COPY)}, 20, 1, id="a notebook that could import"),
        pytest.param(
            {
                "a.py": PLAIN + function("copy"),
                "b.py": function("copy").replace("    ", "\t").replace("\n", "  # why\n"),
            },
            42,
            0,
            id="with other spaces and comments",
        ),
        pytest.param({"a.js": PLAIN + COPY, "b.js": COPY}, 40, 0, id="another language"),
        pytest.param({"a.R": PLAIN, "b.R": lines(5, "copy") * 2}, 0, 2, id="too short"),
        pytest.param({"a.py": PLAIN + "x = 1\n" * 60}, 0, 2, id="short lines said again"),
        pytest.param(
            {"a.py": PLAIN, "b.py": "x = [\n" + "    0.1, 0.2, 0.3,\n" * 60 + "]\n"}, 0, 2, id="a table of values"
        ),
        pytest.param(
            {f"{n}.py": "".join(f"from pkg.module_{m} import a, b, c, d, e, f\n" for m in range(20)) for n in "ab"}
            | {"c.py": PLAIN},
            0,
            2,
            id="the same imports",
        ),
        pytest.param(
            {f"{n}.py": '"""' + "Words that say the same as before.\n" * 30 + '"""\n' for n in "ab"} | {"c.py": PLAIN},
            0,
            2,
            id="the same docstring",
        ),
        pytest.param({"a.py": PLAIN + COPY, "tests/test_a.py": COPY}, 0, 2, id="tests"),
        pytest.param({"a.py": PLAIN + COPY, "vendor/b.py": COPY}, 0, 2, id="other people's code"),
        pytest.param(
            {"n.ipynb": notebook(PLAIN), "n.py": "#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n" + PLAIN},
            0,
            2,
            id="the export of a notebook",
        ),
    ],
)
def test_duplication(files: Mapping[str, str], duplicated: int, level: int) -> None:
    fact = found(files)
    answer = duplication(fact)

    assert fact.duplicated == duplicated
    assert isinstance(answer, Measured)
    assert answer.value == level
    assert all(isinstance(e, InFile) for e in answer.evidence) == (duplicated > 0)


def test_both_places_are_named() -> None:
    answer = duplication(found({"a.py": "import os\n" + COPY + PLAIN, "n.ipynb": notebook("x = 1", COPY)}))

    assert isinstance(answer, Measured)
    assert answer.evidence == (
        InFile(at=Span(path="n.ipynb", start=1, end=20, cell=1), note="20 lines that stand in a.py, line 2, too"),
    )


def test_nothing_found_says_so() -> None:
    answer = duplication(found({"a.py": PLAIN}))

    assert isinstance(answer, Measured)
    assert answer.evidence == (Absence(note="no run of six lines stands at two places"),)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"a.py": lines(90, "x") * 2}, id="199 lines at most"),
        pytest.param({"README.md": PLAIN}, id="prose"),
        pytest.param({"a.py": "# a comment that is no code\n" * 500}, id="comments"),
    ],
)
def test_not_asked(files: Mapping[str, str]) -> None:
    assert isinstance(duplication(found(files)), NotApplicable)


def test_the_same_line_over_and_over_costs_no_more_than_others() -> None:
    same = [Line("name = other(third, fourth)", n) for n in range(100_000)]
    turns = [Line(f"name_{n % 9} = other(third, fourth)", n) for n in range(100_000)]

    assert compare([("a.py", same)]).duplicated == 0
    assert compare([("a.py", turns)]).duplicated > 99_990
