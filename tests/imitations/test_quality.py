"""Can tangles, findings, copies and dead code hide behind padding, pragmas or a name that only looks used?"""

from __future__ import annotations

import pytest

from tests.imitations.harness import withheld
from tests.imitations.honest import CODE, TABULAR, VISION
from tests.imitations.repo import Repo

CLI = f"{CODE}/cli.py"
JOBS = ("admin", "retired", "student", "services", "blue", "white", "self", "house", "none", "other", "guest", "staff")


def branches(name: str, depth: str = "    ") -> str:
    """Return a function with 25 ways through it."""
    lines = [f"def {name}(row):", f'    """Return points of ``{name}``."""', "    points = 0"]
    for number, job in enumerate(JOBS):
        lines += [
            f'    if row["job"] == "{job}" and row["age"] > {20 + number}:',
            f"        points += {number + 1}",
        ]
    lines += ["    return points", ""]
    return "\n".join(depth[4:] + line if line else line for line in lines)


def wired(module: str, *names: str, text: str) -> Repo:
    """Return a small project whose main job calls the functions ``names`` of ``module``."""
    calls = "".join(f"    rows['{name}'] = rows.apply({name}, axis=1)\n" for name in names)
    main = (
        f'"""Scores the customers of a table."""\n\nimport pandas as pd\n\nfrom {module} import {", ".join(names)}\n\n\n'
        f'def main():\n    """Score every row."""\n    rows = pd.read_csv("customers.csv")\n{calls}'
        '    rows.to_csv("scored.csv")\n\n\nif __name__ == "__main__":\n    main()\n'
    )
    return Repo({"README.md": "# Scores\n\nScores customers.\n", "main.py": main, f"{module}.py": text})


TANGLED = "\n\n".join(branches(f"score_{n}") for n in range(4))
PADDED = TANGLED + "".join(f"\n\ndef constant_{n}():\n    return {n}\n" for n in range(60))
INNER = "".join(
    f'def score_{n}(row):\n    """Return points."""\n\n'
    + branches("inner", "        ").replace("def inner(row)", "    def inner(row)", 1).replace("        def", "    def")
    + "\n\n    return inner(row)\n\n\n"
    for n in range(4)
)
CHOICES = " else ".join(f'{n} if row["job"] == "{job}" and row["age"] > {20 + n}' for n, job in enumerate(JOBS))
TERNARIES = "".join(
    f'def score_{n}(row):\n    """Return points."""\n    return {CHOICES} else {n}\n\n\n' for n in range(4)
)
LAMBDAS = "".join(f"score_{n} = lambda row: {CHOICES} else {n}\n" for n in range(4))
METHODS = (
    "class Points:\n"
    + "".join(
        f"    def score_{n}(self, row):\n"
        + "\n".join(f"    {line}" if line else line for line in branches("x").splitlines()[1:])
        + "\n\n"
        for n in range(4)
    )
    + "\n_points = Points()\n"
    + "".join(f"score_{n} = _points.score_{n}\n" for n in range(4))
)
SCORES = tuple(f"score_{n}" for n in range(4))


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(wired("scores", *SCORES, text=PADDED), id="tangles-padded-with-constants-nobody-calls"),
        pytest.param(wired("scores", *SCORES, text=INNER), id="tangles-in-functions-within-functions"),
        pytest.param(wired("scores", *SCORES, text=TERNARIES), id="one-line-of-ternaries"),
        pytest.param(wired("scores", *SCORES, text=METHODS), id="tangled-methods-behind-plain-names"),
        pytest.param(
            wired("scores", *SCORES, text=f"# radon: noqa\n# ruff: noqa: C901\n{TANGLED}"),
            id="measure-told-to-look-away",
        ),
    ],
)
def test_complexity(repo: Repo) -> None:
    withheld(repo.files, "engineering.complexity")


UNTIDY = """\
import os, sys, json
import re
from math import *


def totals(rows, seen=[]):
    global last
    unused = 1
    for i in range(len(rows)):
        l = rows[i]
        if l == None:
            continue
        if type(l) == str:
            l = eval(l)
        try:
            seen.append(float(l))
        except:
            pass
    last = seen
    return undefined_total(seen)
    print("done")


class rows_reader():
    def read(this, path, format):
        f = open(path)
        list = [x for x in f]
        if not len(list) > 0 == True:
            assert (1, "empty")
        for x in list: x = x
        return list


def again(a, b):
    d = {"a": 1, "a": 2}
    b = b
    if a is "x":
        return d
    else:
        lambda: a
        return None
"""


def untidy(head: str = "", copies: int = 3) -> Repo:
    """Return a project of untidy modules, each with ``head`` before it."""
    names = [f"step_{n}" for n in range(copies)]
    imports = "".join(f"import {name}\n" for name in names)
    calls = "".join(f"print({name}.totals([1]), {name}.again(1, 2), {name}.rows_reader())\n" for name in names)
    files = {f"{name}.py": head + UNTIDY.replace("totals", f"totals_{name}") for name in names}
    return Repo({"README.md": "# Totals\n", "main.py": f'"""Adds rows."""\n\n{imports}\n{calls}', **files})


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(untidy("# pylint: disable=all\n"), id="pragma-for-one-linter"),
        pytest.param(untidy("# pylint: skip-file\n# ruff: noqa\n# flake8: noqa\n"), id="pragmas-for-all-linters"),
        pytest.param(
            untidy().plus(".pylintrc", "[MESSAGES CONTROL]\ndisable=all\n"), id="configuration-that-is-silent"
        ),
        pytest.param(
            untidy().plus(
                "pyproject.toml",
                '[tool.pylint.main]\nignore-patterns = [".*"]\n\n[tool.ruff]\nexclude = ["*.py"]\n\n[tool.ruff.lint]\nselect = []\n',
            ),
            id="configuration-that-leaves-everything-out",
        ),
        pytest.param(untidy("\n" * 900), id="padded-with-blank-lines"),
        pytest.param(untidy("# The steps of the sum, one after the other.\n" * 900), id="padded-with-comments"),
    ],
)
def test_lint(repo: Repo) -> None:
    withheld(repo.files, "engineering.lint")


WORK = TABULAR.text(f"{CODE}/evaluate.py")
TRAINING = TABULAR.text(f"{CODE}/train.py")


def copied(text: str, name: str = "evaluate_v2.py") -> Repo:
    """Return the project with another version of its evaluation, started by a second command."""
    return (
        TABULAR.plus(f"{CODE}/{name}", text)
        .swap(
            CLI,
            "from term_deposit.train import train\n",
            f"from term_deposit import {name[:-3]}\nfrom term_deposit.train import train\n",
        )
        .swap(CLI, "        evaluate()\n", f"        evaluate()\n        {name[:-3]}.evaluate()\n")
    )


def spread(text: str) -> str:
    """Return ``text`` with a remark of its own after every second line that ends a statement."""
    lines = []
    for number, line in enumerate(text.splitlines()):
        lines.append(line)
        if number % 2 and line.startswith("    ") and line.endswith(")") and not line.rstrip().endswith(","):
            lines.append(f"    # step {number}" if line.startswith("    ") else "")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(copied(WORK), id="copy-under-another-name"),
        pytest.param(copied(spread(WORK)), id="copy-with-remarks-between"),
        pytest.param(
            copied(
                "\n".join(f"{line}  # v2" if line.strip() and '"""' not in line else line for line in WORK.splitlines())
                + "\n"
            ),
            id="copy-with-a-remark-on-every-line",
        ),
        pytest.param(copied(WORK.replace("    ", "  ")), id="copy-with-another-indent"),
        pytest.param(copied("# jscpd:ignore-start\n# pylint: disable=duplicate-code\n" + WORK), id="copy-with-pragmas"),
        pytest.param(
            copied(
                WORK.replace('"""Return the', '"""Give back the')
                .replace("def found_first", "def early_share")
                .replace("found_first(truth", "early_share(truth")
                .replace("def interval", "def bounds")
                .replace("interval(truth", "bounds(truth")
            ),
            id="copy-with-functions-renamed",
        ),
    ],
)
def test_duplication(repo: Repo) -> None:
    withheld(repo.files, "engineering.duplication")


def dead(name: str, body: str = "    return [row for row in rows if row]\n") -> str:
    """Return a function that the project does not need."""
    return f'\n\ndef {name}(rows: list[str]) -> list[str]:\n    """Return the rows that {name.replace("_", " ")} keeps."""\n{body}'


FOUR = "".join(dead(name) for name in ("drop_empty", "drop_short", "drop_long", "drop_odd"))
NAMES = "drop_empty, drop_short, drop_long, drop_odd"
CHAIN = (
    dead("drop_empty", "    return drop_short(rows)\n")
    + dead("drop_short", "    return drop_long(rows)\n")
    + dead("drop_long", "    return drop_odd(rows)\n")
    + dead("drop_odd", "    return drop_empty(rows)\n")
)
DATA = f"{CODE}/data.py"
CONFUSIONS = "flores/confusions.py"


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(TABULAR.tail(DATA, CHAIN), id="dead-functions-that-call-each-other"),
        pytest.param(
            TABULAR.tail(DATA, FOUR)
            .swap(DATA, "import hashlib\n", f"import hashlib  # {NAMES}\n")
            .tail(DATA, f"\n\n_ = ({NAMES})\n"),
            id="dead-functions-named-in-a-tuple",
        ),
        pytest.param(
            TABULAR.tail(DATA, FOUR).tail(DATA, f"\n\nif False:\n    for drop in ({NAMES}):\n        drop([])\n"),
            id="never-true",
        ),
        pytest.param(
            TABULAR.tail(DATA, FOUR)
            .swap(CLI, "import fetch\n", f"import {NAMES}, fetch\n")
            .swap(
                CLI,
                "        explain()\n",
                f"        explain()\n        return\n        for drop in ({NAMES}):\n            drop([])\n",
            ),
            id="called-after-the-return",
        ),
        pytest.param(
            TABULAR.tail(DATA, FOUR).swap(CLI, "import fetch\n", f"import {NAMES}, fetch  # noqa: F401\n"),
            id="imported-and-not-used",
        ),
        pytest.param(
            TABULAR.plus(f"{CODE}/legacy.py", f'"""What was tried before."""\n{FOUR}'), id="module-that-nothing-imports"
        ),
        pytest.param(VISION.tail(CONFUSIONS, CHAIN), id="dead-functions-of-scripts-that-call-each-other"),
        pytest.param(
            VISION.tail(CONFUSIONS, FOUR).tail(
                CONFUSIONS, f"\n\nif False:\n    for drop in ({NAMES}):\n        drop([])\n"
            ),
            id="dead-functions-of-scripts-never-true",
        ),
    ],
)
def test_no_dead_code(repo: Repo) -> None:
    withheld(repo.files, "engineering.no-dead-code")
