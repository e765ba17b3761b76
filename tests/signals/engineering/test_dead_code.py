"""Definitions that nothing leads to, and the many ways in which something does."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.facts.manifests.reading import packaging
from evaluator.facts.project_kind import ProjectKind, Trait
from evaluator.facts.prose import prose
from evaluator.facts.reach import reach
from evaluator.facts.unreached import Unreached, unreached
from evaluator.model import Absence, InFile, Measured, NotApplicable
from evaluator.signals.engineering.dead_code import no_dead_code
from evaluator.source.snapshot import Snapshot
from tests.facts.delivering.reading import read
from tests.facts.programs import notebook, program

USED = "".join(f"def used_{n}(x):\n    return x + {n}\n\n\n" for n in range(30))
CALLS = "".join(f"print(used_{n}(1))\n" for n in range(30))
LIBRARY = ProjectKind(kinds=(Trait(name="library", why="it is installed"),))


def found(files: Mapping[str, str], *, kind: ProjectKind | None = None) -> Unreached:
    snapshot = Snapshot.of(files)
    delivered, made = read(files), program(files)
    told = prose(snapshot, made.tree, made.notebooks)
    packed = packaging(snapshot, made.tree, delivered, told)
    reached = reach(made.code, packed, delivered)
    return unreached(
        snapshot, made.tree, made.modules, made.code, reached, packed, kind or ProjectKind(), told, made.notebooks
    )


def dead(files: Mapping[str, str], *, kind: ProjectKind | None = None) -> list[str]:
    return [d.qualname for d in found(files, kind=kind).dead]


def functions(count: int) -> str:
    return "".join(f"def unused_{n}(x):\n    return x * {n}\n\n\n" for n in range(count))


@pytest.mark.parametrize(
    ("count", "level"),
    [
        pytest.param(0, 2, id="none of 30"),
        pytest.param(1, 1, id="1 of 31"),
        pytest.param(3, 1, id="3 of 33"),
        pytest.param(4, 0, id="4 of 34"),
    ],
)
def test_share(count: int, level: int) -> None:
    answer = no_dead_code(found({"a.py": USED + functions(count) + CALLS}))

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert len(answer.evidence) == max(count, 1)
    assert isinstance(answer.evidence[0], InFile if count else Absence)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"a.py": "def f():\n    pass\n"}, id="one function"),
        pytest.param({"tests/test_a.py": USED + CALLS}, id="tests"),
        pytest.param({"vendor/a.py": USED + CALLS}, id="other people's code"),
    ],
)
def test_not_asked(files: Mapping[str, str]) -> None:
    assert isinstance(no_dead_code(found(files)), NotApplicable)


START = "if __name__ == '__main__':\n    "


@pytest.mark.parametrize(
    ("files", "names"),
    [
        pytest.param({"a.py": "def f():\n    pass\n"}, ["f"], id="never called"),
        pytest.param({"a.py": "def f():\n    return f()\n"}, ["f"], id="called by itself alone"),
        pytest.param(
            {"a.py": "def f():\n    return g()\n\ndef g():\n    return f()\n"}, ["f", "g"], id="by each other"
        ),
        pytest.param(
            {"a.py": "def f():\n    pass\n", "b.py": "from a import f\n" + START + "pass\n"}, ["f"], id="imported"
        ),
        pytest.param({"a.py": "# f()\ndef f():\n    'see f()'\n"}, ["f"], id="named in a comment"),
        pytest.param({"a.py": "def f():\n    pass\n", "README.md": "Call f to train.\n"}, ["f"], id="named in prose"),
        pytest.param(
            {"a.py": "class Net:\n    def grow(self):\n        pass\n"}, ["Net", "Net.grow"], id="class never made"
        ),
        pytest.param(
            {
                "a.py": "class Net:\n    def grow(self):\n        pass\n    def shrink(self):\n        pass\n\nNet().grow()\n"
            },
            ["Net.shrink"],
            id="method never called",
        ),
        pytest.param({"a.py": "def f():\n    pass\n\nif False:\n    f()\n"}, ["f"], id="under a condition never true"),
        pytest.param({"n.ipynb": notebook("def f():\n    pass", "x = 1")}, ["f"], id="notebook"),
        pytest.param(
            {"a.py": "def old():\n    pass\n\ndef new():\n    pass\n" + START + "new()\n"},
            ["old"],
            id="left from before",
        ),
        pytest.param(
            {"a.py": "import functools\n\n@functools.lru_cache\ndef cached():\n    pass\n"},
            ["cached"],
            id="only wrapped",
        ),
    ],
)
def test_dead(files: Mapping[str, str], names: list[str]) -> None:
    assert dead(files) == names


KERAS = "import keras\n\nclass Log(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n        pass\n"
LIGHTNING = "import lightning as L\n\nclass M(L.LightningModule):\n    def training_step(self, b, i):\n        pass\n"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "def f():\n    pass\n" + START + "f()\n"}, id="main guard"),
        pytest.param({"a.py": "def f():\n    pass\n", "n.ipynb": notebook("from a import f", "f()")}, id="notebook"),
        pytest.param({"src/a.py": "def f():\n    pass\n", "n.ipynb": notebook("from a import f\nf()")}, id="path not told"),
        pytest.param(
            {"lab/tools/a.py": "def f():\n    pass\n", "n.ipynb": notebook("import a\na.f()")}, id="a folder on some path"
        ),
        pytest.param({"a.py": "def f():\n    pass\n", "n.ipynb": notebook("%run a.py")}, id="a magic"),
        pytest.param({"a.py": "def f():\n    pass\n", "tests/test_a.py": "from a import f\ndef test_f():\n    f()\n"}, id="test"),
        pytest.param({"a.py": "def f():\n    pass\n\nJOBS = {'f': f}\n" + START + "JOBS['f']()\n"}, id="a table"),
        pytest.param({"a.py": "def f():\n    pass\n" + START + "map(f, [1])\n"}, id="passed on"),
        pytest.param({"a.py": "def f():\n    pass\n" + START + "globals()['f' + '']()\n"}, id="by globals"),
        pytest.param(
            {"a.py": "class A:\n    def f(self):\n        pass\n    def go(self, n):\n        getattr(self, n)()\n\nA().go('f')\n"},
            id="by getattr of itself",
        ),
        pytest.param(
            {"m.py": "def f():\n    pass\n", "a.py": "import sys\nimport m\n" + START + "getattr(m, sys.argv[1])()\n"},
            id="by getattr of a module",
        ),
        pytest.param({"a.py": "class A:\n    pass\n", "conf/a.yaml": "_target_: a.A\n"}, id="hydra"),
        pytest.param({"a.py": "def f():\n    pass\n", "b.py": "import m\nm.load('a:f')\n"}, id="a string that names it"),
        pytest.param({"a.py": "def f():\n    pass\n", "README.md": "```python\nfrom a import f\nf()\n```\n"}, id="documented"),
        pytest.param({"a.py": "import flask\napp = flask.Flask('a')\n@app.route('/')\ndef f():\n    pass\n"}, id="a route"),
        pytest.param(
            {"a.py": "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\nasync def f():\n    pass\n"}, id="FastAPI"
        ),
        pytest.param(
            {"a.py": "import click\n@click.group()\ndef cli():\n    pass\n@cli.command()\ndef f():\n    pass\n" + START + "cli()\n"},
            id="a command",
        ),
        pytest.param({"a.py": KERAS + START + "Log()\n"}, id="a callback"),
        pytest.param({"a.py": LIGHTNING + START + "M()\n"}, id="a step"),
        pytest.param(
            {"a.py": "class S:\n    def fit(self, X):\n        pass\n    def transform(self, X):\n        pass\n\nprint(S())\n"},
            id="an estimator by its shape",
        ),
        pytest.param(
            {"a.py": "class A:\n    @property\n    def size(self):\n        return 1\n    @size.setter\n    def size(self, n):\n        pass\n\nprint(A().size)\n"},
            id="a property and its setter",
        ),
        pytest.param(
            {"a.py": "from abc import ABC, abstractmethod\nclass A(ABC):\n    @abstractmethod\n    def f(self): ...\nclass B(A):\n    def f(self):\n        return 1\n\nprint(B().f())\n"},
            id="an abstract method and what fills it",
        ),
        pytest.param(
            {"a.py": "from typing import Protocol\nclass P(Protocol):\n    def f(self): ...\n\ndef g(p: P):\n    return p\n" + START + "g(1)\n"},
            id="a protocol",
        ),
        pytest.param(
            {"a.py": "from pydantic import BaseModel\nclass Part(BaseModel):\n    x: int\nclass Whole(BaseModel):\n    parts: list[Part]\n\nprint(Whole(parts=[]))\n"},
            id="the type of a field",
        ),
        pytest.param({"fn/a.py": "def lambda_handler(event, context):\n    return 1\n"}, id="a platform's handler"),
        pytest.param({"score.py": "def init():\n    pass\n\ndef run(raw):\n    pass\n"}, id="a scoring script"),
        pytest.param(
            {"manage.py": "import django.core.management\n", "shop/views.py": "def page(request):\n    pass\n"}, id="Django"
        ),
        pytest.param(
            {"pyproject.toml": "[project]\nname = 'x'\n[project.scripts]\nx = 'x.cli:main'\n", "x/cli.py": "def main():\n    pass\n", "x/__init__.py": ""},
            id="a console script",
        ),
        pytest.param(
            {"pyproject.toml": "[project]\nname = 'x'\n", "x/__init__.py": "from x.a import A\n", "x/a.py": "class A:\n    def f(self):\n        pass\n"},
            id="an export and its methods",
        ),
        pytest.param({"Makefile": "a:\n\tpython -c 'import a; a.job()'\n", "a.py": "def job():\n    pass\n"}, id="a make target"),
        pytest.param({".ci/a.py": "def f():\n    pass\n" + START + "f()\n"}, id="a hidden folder"),
        pytest.param(
            {"a.py": "import signal\ndef stop(n, f):\n    pass\n" + START + "signal.signal(2, stop)\n"}, id="a signal handler"
        ),
        pytest.param(
            {"p/one.py": "def f():\n    pass\n", "p/a.py": "import importlib, sys\n" + START + "importlib.import_module(sys.argv[1])\n"},
            id="a module by a name made up while running",
        ),
    ],
)  # fmt: skip
def test_reached(files: Mapping[str, str]) -> None:
    assert dead(files) == []


def test_what_a_library_offers_is_reached_and_its_inside_is_not() -> None:
    files = {
        "pyproject.toml": "[project]\nname = 'x'\n",
        "x/__init__.py": "",
        "x/a.py": "def offered():\n    return _kept()\n\n\ndef _kept():\n    return 1\n\n\ndef _left():\n    return 2\n",
    }

    assert dead(files, kind=LIBRARY) == ["_left"]


STARTED = {
    "a console script": {
        "pyproject.toml": "[project]\nname = 'x'\n[project.scripts]\nx = 'x.cli:run'\n",
        "x/cli.py": "from x.a import offered\n\n\ndef run():\n    offered()\n",
    },
    "a script": {"train.py": "from x.a import offered\nif __name__ == '__main__':\n    offered()\n"},
}


@pytest.mark.parametrize("more", STARTED.values(), ids=STARTED)
def test_a_package_with_a_job_of_its_own_offers_what_it_exports(more: dict[str, str]) -> None:
    """What its ``__init__`` does not export, no document names and the job does not need is used by nobody."""
    files = {
        "pyproject.toml": "[project]\nname = 'x'\n",
        "x/__init__.py": "from x.a import exported\n",
        "x/a.py": "".join(f"def {name}():\n    return 1\n\n\n" for name in ("offered", "exported", "told", "left")),
        "README.md": "```python\nfrom x.a import told\n```\n",
        **more,
    }

    assert dead(files, kind=LIBRARY) == ["left"]


@pytest.mark.parametrize("path", ["setup.py", "examples/show.py", "benchmarks/speed.py", "docs/conf.py"])
def test_what_builds_or_shows_a_library_is_no_job_of_its_own(path: str) -> None:
    files = {
        "pyproject.toml": "[project]\nname = 'x'\n",
        "x/__init__.py": "",
        "x/a.py": "def offered():\n    return 1\n\n\ndef other():\n    return 2\n",
        path: "from x.a import other\nprint(other())\n",
    }

    assert dead(files, kind=LIBRARY) == []


def test_what_is_put_aside_is_not_used() -> None:
    files = {"a.py": "def one():\n    pass\n\n\ndef two():\n    pass\n\n\n_ = (one,)\n_ = two()\n" + START + "_ = 1\n"}

    assert dead(files) == ["one"]


def test_what_a_dead_class_holds_is_named_once() -> None:
    answer = no_dead_code(found({"a.py": USED + "class Old:\n    def f(self):\n        pass\n\n\n" + CALLS}))

    assert isinstance(answer, Measured)
    assert [e.note for e in answer.evidence] == ["nothing leads to the class Old, and to 1 within it"]
