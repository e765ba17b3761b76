"""Is a command that starts the main job told from one that starts a part of it?"""

from __future__ import annotations

import pytest

from evaluator.facts.delivery import Command, Delivery
from evaluator.facts.packaging import ConsoleScript, Packaging
from evaluator.model import Absence, InFile, Measured, Missing, NotApplicable, Span
from evaluator.signals.reproducibility.entry import run_entry_point
from tests.facts.programs import NOTHING, notebook, program

TRAIN = "from sklearn.svm import SVC\ndef train():\n    SVC().fit(X, y)\n"
GUARD = "if __name__ == '__main__':\n    train()\n"


def asked(
    files: dict[str, str], *, delivery: Delivery | Missing = NOTHING, packaging: Packaging | Missing = NOTHING
) -> object:
    made = program(files, delivery=delivery, packaging=packaging)
    return run_entry_point(made.code, made.reach, made.work, delivery, packaging, made.r)


def make(*argv: str, runs: str) -> Delivery:
    return Delivery(
        commands=(Command(argv=argv, raw=" ".join(argv), at=Span(path="Makefile"), origin="makefile", runs=runs),)
    )


@pytest.mark.parametrize(
    ("files", "level"),
    [
        pytest.param({"train.py": TRAIN + GUARD}, 2, id="main guard"),
        pytest.param({"train.py": "from sklearn.svm import SVC\nm = SVC()\nm.fit(X, y)"}, 2, id="top level"),
        pytest.param({"src/core.py": TRAIN, "run.py": "from src.core import train\ntrain()"}, 2, id="over a module"),
        pytest.param({"ask.py": "import openai\nprint(openai.chat('x'))"}, 2, id="a project without a model"),
        pytest.param({"app.py": "from fastapi import FastAPI\napp = FastAPI()"}, 2, id="a service without a model"),
        pytest.param({"job.py": "def job():\n    return 1\nprint(job())"}, 2, id="functions of the project"),
        pytest.param({"job.py": "".join(f"x{n} = len(str({n}))\nprint(x{n})\n" for n in range(5))}, 2, id="a script of plain Python"),
        pytest.param({"job.py": "open('x', 'w').write('y')"}, 1, id="one statement that writes a file"),
        pytest.param({"job.py": "import os\nos.system('true')"}, 1, id="one statement of the standard library"),
        pytest.param({"job.py": "if __name__ == '__main__':\n    print('trained')"}, 1, id="a guard that prints"),
        pytest.param({"n.ipynb": notebook(TRAIN, "train()"), "clean.py": "import pandas as pd\nprint(pd.read_csv('x'))"}, 1, id="trains in the notebook only"),
        pytest.param({"core.py": TRAIN, "app.py": "print('no')"}, 1, id="training that nothing starts"),
        pytest.param({"pkg/__init__.py": "", "pkg/core.py": f"from pkg.gone import x\n{TRAIN}{GUARD}"}, 1, id="a module is not there"),
        pytest.param({"train.R": "m <- lm(y ~ x, d)\nprint(m)\n"}, 2, id="one script in R"),
        pytest.param({"a.R": "x <- f(1)\n", "b.R": "y <- f(2)\n", "main.R": "source('a.R')\nsource('b.R')\n"}, 2, id="a script in R that sources the others"),
        pytest.param({"a.R": "x <- f(1)\n", "b.R": "y <- f(2)\n", "c.R": "z <- f(3)\n"}, 1, id="scripts in R, each for itself"),
        pytest.param({"a.R": "# nothing\n"}, 0, id="a comment in R"),
        pytest.param({"n.ipynb": notebook(TRAIN, "train()")}, 0, id="notebook only"),
        pytest.param({"n.ipynb": notebook(TRAIN, "train()"), "tools.py": "def f(): pass"}, 0, id="functions that nothing starts"),
        pytest.param({"train.py": "", "main.py": "# train()"}, 0, id="empty files of the right name"),
        pytest.param({"README.md": "Run `python train.py` to train."}, 0, id="in prose only"),
    ],
)  # fmt: skip
def test_run_entry_point(files: dict[str, str], level: int) -> None:
    answer = asked(files)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert [type(e) for e in answer.evidence[:1]] == ([Absence] if level == 0 else [InFile])


@pytest.mark.parametrize(
    ("delivery", "level"),
    [
        pytest.param(
            make("jupyter", "nbconvert", "--execute", "n.ipynb", runs="n.ipynb"), 2, id="executes the notebook"
        ),
        pytest.param(make("jupyter", "notebook", "n.ipynb", runs="n.ipynb"), 0, id="opens the notebook"),
        pytest.param(make("Rscript", "prepare.R", runs="prepare.R"), 1, id="a part in another language"),
    ],
)
def test_commands(delivery: Delivery, level: int) -> None:
    answer = asked({"n.ipynb": notebook(TRAIN, "train()"), "prepare.R": "x"}, delivery=delivery)

    assert isinstance(answer, Measured)
    assert answer.value == level


def test_projects_in_other_languages() -> None:
    answer = asked({"main.R": "x"}, delivery=make("Rscript", "main.R", runs="main.R"))

    assert isinstance(answer, Measured)
    assert answer.value == 2


def test_console_scripts() -> None:
    script = ConsoleScript(name="train", target="core:train", at=Span(path="pyproject.toml"))
    answer = asked({"core.py": TRAIN}, packaging=Packaging(manifests=(), scripts=(script,)))

    assert isinstance(answer, Measured)
    assert answer.value == 2


def test_libraries_are_not_asked() -> None:
    files = {"pkg/__init__.py": "from .core import f", "pkg/core.py": "def f(): pass"}

    assert isinstance(asked(files, packaging=Packaging(manifests=(), name="pkg")), NotApplicable)
