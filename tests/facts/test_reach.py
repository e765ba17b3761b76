"""What does something that runs lead to, and what lies idle?"""

from __future__ import annotations

import pytest

from evaluator.facts.delivery import Command, Delivery
from evaluator.facts.packaging import ConsoleScript, Packaging
from evaluator.model import Span
from tests.facts.programs import notebook, program

MAIN = "\nif __name__ == '__main__':\n    main()\n"


@pytest.mark.parametrize(
    ("source", "reached", "idle"),
    [
        pytest.param(f"def main(): go()\ndef go(): pass\ndef no(): pass{MAIN}", ["main", "go"], ["no"], id="called"),
        pytest.param("def go(): pass\nprint(map(go, [1]))", ["go"], [], id="passed on"),
        pytest.param("def go(): pass\nTABLE = {'go': go}\nprint(TABLE)", ["go"], [], id="kept in a table"),
        pytest.param("def main(): pass", [], ["main"], id="never started"),
        pytest.param("def main(): pass\nX = 1", [], ["main"], id="constants are no work"),
        pytest.param("class A:\n    def __init__(self): pass\n    def go(self): pass\n    def no(self): pass\nprint(A().go())", ["A", "A.__init__", "A.go"], ["A.no"], id="class"),
        pytest.param("class A:\n    def go(self): pass", [], ["A", "A.go"], id="class that nobody makes"),
        pytest.param("class A:\n    def go(self): pass\nclass B(A):\n    pass\nprint(B().go())", ["A", "B", "A.go"], [], id="inherited method"),
        pytest.param("import torch\nclass N(torch.nn.Module):\n    def forward(self): self.go()\n    def go(self): pass\nprint(N())", ["N", "N.forward", "N.go"], [], id="a framework calls it"),
        pytest.param("from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef root(): go()\ndef go(): pass\ndef no(): pass", ["root", "go"], ["no"], id="route"),
        pytest.param("import functools\n@functools.cache\ndef go(): pass\nprint(1)", [], ["go"], id="decorator that registers nothing"),
        pytest.param("def go():\n    def inner(): pass\n    return inner\nprint(go())", ["go", "go.inner"], [], id="nested"),
        pytest.param("def go(): pass\nif False:\n    go()\nprint(1)", [], ["go"], id="called in dead code"),
        pytest.param("def go(x: 'A') -> None: pass\nclass A: pass\nprint(go)", ["go"], ["A"], id="an annotation makes nothing"),
        pytest.param("def go(): go()\nprint(1)", [], ["go"], id="called by itself only"),
        pytest.param("class A:\n    @property\n    def go(self): pass\na = A()\nprint(a.go)", ["A", "A.go"], [], id="property"),
        pytest.param("def go(): pass\n# go()\n'go()'\nprint('go')", [], ["go"], id="named in text"),
    ],
)  # fmt: skip
def test_definitions(source: str, reached: list[str], idle: list[str]) -> None:
    made = program({"a.py": source})
    found = {d.qualname: made.reach.has("a.py", d.qualname) for d in made.module("a.py").definitions}

    assert found == {**dict.fromkeys(reached, True), **dict.fromkeys(idle, False)}


FILES = {
    "pkg/__init__.py": "from .core import go\n",
    "pkg/core.py": "from . import data\ndef go(): data.load()\ndef no(): pass\n",
    "pkg/data.py": "def load(): pass\ndef save(): pass\n",
    "pkg/idle.py": "def idle(): pass\n",
}


@pytest.mark.parametrize(
    ("files", "reached"),
    [
        pytest.param({}, [], id="nothing starts"),
        pytest.param({"run.py": "import pkg\npkg.go()"}, ["pkg/core.py::go", "pkg/data.py::load"], id="re-export"),
        pytest.param({"run.py": "from pkg import *\ngo()"}, ["pkg/core.py::go", "pkg/data.py::load"], id="star import"),
        pytest.param({"run.py": "import pkg.core\nprint(1)"}, [], id="imported and not used"),
        pytest.param({"run.py": "def f():\n    from pkg.data import save\n    save()\nprint(1)"}, [], id="in a function that is not called"),
        pytest.param({"run.py": "def f():\n    from pkg.data import save\n    save()\nprint(f())"}, ["pkg/data.py::save"], id="in a function"),
        pytest.param({"n.ipynb": notebook("from pkg import go", "go()")}, ["pkg/core.py::go", "pkg/data.py::load"], id="notebook"),
        pytest.param({"run.py": "from pkg.data import load as f\nrun = f\nprint(run)"}, ["pkg/data.py::load"], id="alias"),
        pytest.param({"run.py": "import subprocess\nsubprocess.run(['python', 'job.py'])", "job.py": "from pkg.data import save\nif __name__ == '__main__':\n    save()"}, ["pkg/data.py::save"], id="child process"),
        pytest.param({"run.py": "import uvicorn\nuvicorn.run('app:app')", "app.py": "from pkg.data import save\napp = save()"}, ["pkg/data.py::save"], id="loaded by name"),
    ],
)  # fmt: skip
def test_across_modules(files: dict[str, str], reached: list[str]) -> None:
    made = program({**FILES, **files})
    found = [
        f"{m.path}::{d.qualname}"
        for m in made.code.modules
        for d in m.definitions
        if m.path.startswith("pkg/") and made.reach.has(m.path, d.qualname)
    ]

    assert found == reached


def test_module_bodies() -> None:
    made = program({**FILES, "run.py": "import pkg.data\nprint(1)"})

    assert [m.path for m in made.code.modules if made.reach.has(m.path)] == [
        "pkg/__init__.py",
        "pkg/core.py",
        "pkg/data.py",
        "run.py",
    ]


def command(*argv: str, runs: str, origin: str = "makefile", disarmed: str = "") -> Delivery:
    raw = " ".join(argv)
    made = Command(argv=argv, raw=raw, at=Span(path="Makefile"), origin=origin, runs=runs, disarmed=disarmed)  # type: ignore[arg-type]
    return Delivery(commands=(made,))


def test_console_scripts() -> None:
    script = ConsoleScript(name="go", target="pkg.data:save", at=Span(path="pyproject.toml", start=3, end=3))
    made = program(FILES, packaging=Packaging(manifests=(), scripts=(script,)))

    assert made.reach.from_scripts("pkg/data.py", "save")
    assert not made.reach.from_scripts("pkg/data.py", "load")
    assert [(e.node, e.kind, e.by) for e in made.reach.entries] == [("pkg/data.py::save", "console", "go")]


def test_exports_of_a_package() -> None:
    """What a distribution offers is in use, though nothing here starts it."""
    made = program(FILES, packaging=Packaging(manifests=(), name="pkg"))

    assert made.reach.has("pkg/core.py", "go")
    assert not made.reach.has("pkg/core.py", "no")
    assert not made.reach.from_scripts("pkg/core.py", "go")


@pytest.mark.parametrize(
    ("delivery", "started"),
    [
        pytest.param(command("python", "job.py", runs="job.py"), True, id="script without work of its own"),
        pytest.param(command("python", "job.py", runs="job.py", disarmed="|| true"), False, id="disarmed"),
        pytest.param(command("python", "gone.py", runs="gone.py"), False, id="not there"),
    ],
)
def test_commands(delivery: Delivery, started: bool) -> None:
    made = program({"job.py": "from pkg.data import save\nx = save()", **FILES}, delivery=delivery)

    assert made.reach.from_scripts("pkg/data.py", "save") is started


def test_a_notebook_that_a_command_executes_is_startable() -> None:
    files = {"n.ipynb": notebook("def go(): pass", "go()")}
    opened = program(files, delivery=command("jupyter", "notebook", "n.ipynb", runs="n.ipynb"))
    executed = program(files, delivery=command("jupyter", "nbconvert", "--execute", "n.ipynb", runs="n.ipynb"))

    assert not opened.reach.from_scripts("n.ipynb", "go")
    assert executed.reach.from_scripts("n.ipynb", "go")


TESTED = {
    "own.py": "app = object()\nCONSTANT = 1\ndef go(): pass\nclass Model:\n    def fit(self): pass\n",
    "data.csv": "a,b\n",
}


@pytest.mark.parametrize(
    ("source", "touches"),
    [
        pytest.param("from own import go\ndef test_a(): assert go()", True, id="calls"),
        pytest.param("import own\ndef test_a(): assert own.go()", True, id="through the module"),
        pytest.param("import pytest, own\n@pytest.fixture\ndef x(): return own.go()\ndef test_a(x): assert x", True, id="fixture"),
        pytest.param("from own import app\nclient = wrap(app)\ndef test_a(): assert client.get('/')", True, id="through a global"),
        pytest.param("from own import go\ndef helper(): return go()\ndef test_a(): assert helper()", True, id="helper"),
        pytest.param("import pytest, own\n@pytest.mark.parametrize('f', [own.go])\ndef test_a(f): assert f()", True, id="parameter"),
        pytest.param("import unittest\nfrom own import Model\nclass TestA(unittest.TestCase):\n    def setUp(self): self.m = Model()\n    def test_a(self): self.assertTrue(self.m.fit())", True, id="set-up"),
        pytest.param("import subprocess, sys\ndef test_a(): assert subprocess.run([sys.executable, 'own.py']).returncode == 0", True, id="started as a script"),
        pytest.param("def go(): return 1\ndef test_a(): assert go()", False, id="copied into the test"),
        pytest.param("import own\ndef test_a(): assert True", False, id="imported only"),
        pytest.param("import own\ndef test_a(): assert own", False, id="the module itself"),
        pytest.param("from own import go\ndef test_a(): assert 1 + 1 == x", False, id="imported and not used"),
        pytest.param("import pandas as pd\ndef test_a(): assert len(pd.read_csv('data.csv'))", False, id="data only"),
        pytest.param("from own import go\nx = go()\ndef test_a(): assert 1 == y", False, id="used by the module, not by the test"),
    ],
)  # fmt: skip
def test_tests_that_come_to_own_code(source: str, touches: bool) -> None:
    assert bool(program({**TESTED, "test_a.py": source}).reach.touching) is touches


def test_what_tests_lead_to() -> None:
    made = program({**TESTED, "test_a.py": "from own import go\ndef test_a(): assert go()"})

    assert made.reach.from_tests("own.py", "go")
    assert not made.reach.has("own.py", "go")
