"""What is recorded of each module, and what of broken, foreign and hostile ones?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator import codec
from evaluator.facts.code import Code, Definition, code
from evaluator.facts.python import modules as limits
from evaluator.facts.python.modules import Modules
from evaluator.source.snapshot import Entry, Snapshot
from tests.facts.programs import notebook, program


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import numpy as np\nnp.a()", ("numpy", None, False, False, True), id="third party"),
        pytest.param("import numpy", ("numpy", None, False, False, False), id="never read"),
        pytest.param("from os import path\npath.a()", ("os.path", None, False, True, True), id="standard library"),
        pytest.param("import distutils\ndistutils.a()", ("distutils", None, False, True, True), id="removed from it"),
        pytest.param("import pkg\npkg.a()", ("pkg", "pkg/__init__.py", False, False, True), id="own package"),
        pytest.param("from pkg import core\ncore.a()", ("pkg.core", "pkg/core.py", False, False, True), id="own module"),
        pytest.param("from pkg.core import go\ngo()", ("pkg.core.go", "pkg/core.py", False, False, True), id="own function"),
        pytest.param("from pkg.core import no\nno()", ("pkg.core.no", "pkg/core.py", True, False, True), id="own, not defined"),
        pytest.param("from pkg.gone import a\na()", ("pkg.gone.a", "pkg", True, False, True), id="own, not there"),
        pytest.param("from .gone import a\na()", ("gone.a", "", True, False, True), id="relative, not there"),
        pytest.param("from datasets import load\nload()", ("datasets.load", None, False, False, True), id="library, folder of that name"),
        pytest.param("from typing import Any\nx: 'Any' = 1", ("typing.Any", None, False, True, True), id="read in a text annotation"),
        pytest.param("from os import path\n__all__ = ['path']", ("os.path", None, False, True, True), id="named in __all__"),
        pytest.param("from os import *", ("os", None, False, True, True), id="star"),
    ],
)  # fmt: skip
def test_imports(source: str, expected: tuple[str, str | None, bool, bool, bool]) -> None:
    files = {"pkg/__init__.py": "", "pkg/core.py": "def go(): pass", "datasets/own.py": "x = 1", "a.py": source}
    (found,) = program(files).module("a.py").imports

    assert (found.name, found.local, found.missing, found.stdlib, found.used) == expected


def test_a_module_shadows_the_standard_library_only_for_scripts_beside_it() -> None:
    files = {
        "tools/statistics.py": "def mean(): pass",
        "tools/run.py": "import statistics",
        "other/run.py": "import statistics",
    }
    made = program(files)

    assert made.module("tools/run.py").imports[0].local == "tools/statistics.py"
    assert made.module("other/run.py").imports[0].local is None


def test_a_module_named_as_a_library_is_not_that_library() -> None:
    """``models/xgboost.py`` in a package does not shadow xgboost, unless it has what is imported."""
    files = {
        "models/__init__.py": "",
        "models/xgboost.py": "import xgboost\nxgboost.train(1)",
        "models/a.py": "import xgboost as x\nx.train(1)",
        "models/b.py": "from xgboost import own",
    }
    files["models/xgboost.py"] += "\ndef own(): pass"
    made = program(files)

    assert [c.name for c in made.module("models/xgboost.py").calls] == ["xgboost.train"]
    assert [c.name for c in made.module("models/a.py").calls] == ["xgboost.train"]
    assert made.module("models/b.py").imports[0].local == "models/xgboost.py"


def test_an_import_that_no_way_of_starting_finds_is_missing() -> None:
    """Beside a relative import, which needs the package, the sibling is not on the path."""
    files = {"src/a.py": "from .b import x\nfrom c import y", "src/b.py": "x = 1", "src/c.py": "y = 1"}
    found = program(files).module("src/a.py").imports

    assert [(i.name, i.missing) for i in found] == [("b.x", False), ("c.y", True)]


@pytest.mark.parametrize(
    ("source", "optional"),
    [
        pytest.param("try:\n    import x\nexcept ImportError:\n    x = None", True, id="caught"),
        pytest.param("try:\n    import x\nexcept ValueError:\n    x = None", False, id="not caught"),
        pytest.param("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import x", True, id="for type checkers"),
        pytest.param("if a:\n    import x", False, id="under a condition"),
    ],
)
def test_optional_imports(source: str, optional: bool) -> None:
    found = {i.name: i.optional for i in program({"a.py": source}).module("a.py").imports}

    assert found["x"] is optional


DEFINED = '''
class Model(Base, metaclass=M):
    """A model."""

    def __init__(self, a: int, b, *rest: str, c: int = 1, **more):
        """Make one."""
        self.a = a
        if b:
            self.b = b

    @staticmethod
    def add(x: int, y: int) -> int:
        pass

    def _hidden(self) -> None:
        def inner(q):
            return q
        return inner
'''


def test_definitions() -> None:
    made = program({"a.py": "from lib import Base, M\n" + DEFINED}).module("a.py").definitions

    assert made == (
        Definition(qualname="Model", kind="class", at=made[0].at, docstring=True, bases=("lib.Base",), statements=5),
        Definition(
            qualname="Model.__init__",
            kind="method",
            at=made[1].at,
            public=False,
            parameters=5,
            annotated=3,
            docstring=True,
            statements=3,
        ),
        Definition(
            qualname="Model.add",
            kind="method",
            at=made[2].at,
            parameters=2,
            annotated=2,
            returns_annotated=True,
            decorators=("staticmethod",),
        ),
        Definition(
            qualname="Model._hidden", kind="method", at=made[3].at, public=False, returns_annotated=True, statements=2
        ),
        Definition(
            qualname="Model._hidden.inner", kind="function", at=made[4].at, public=False, parameters=1, statements=1
        ),
    )
    assert [(d.at.start, d.at.end) for d in made] == [(3, 19), (6, 10), (13, 14), (16, 19), (17, 18)]


@pytest.mark.parametrize(
    ("source", "top", "inner", "works"),
    [
        pytest.param("", 0, 0, False, id="empty"),
        pytest.param(
            '"""Doc."""\nimport os\nX = [1, -2, {"a": ()}]\ndef f(): pass',
            0,
            0,
            False,
            id="imports, constants, definitions",
        ),
        pytest.param("def f():\n    x = 1\n    return x", 0, 2, False, id="function"),
        pytest.param("x = load()\nprint(x)", 2, 0, True, id="script"),
        pytest.param("for x in y:\n    if x:\n        print(x)", 3, 0, True, id="nested"),
        pytest.param("if __name__ == '__main__':\n    a()\n    b()", 1, 0, False, id="main guard"),
        pytest.param(
            "import logging, warnings\nlogging.basicConfig()\nwarnings.filterwarnings('x')",
            2,
            0,
            False,
            id="set-up only",
        ),
        pytest.param("from fastapi import FastAPI\napp = FastAPI()", 1, 0, True, id="application"),
        pytest.param("if False:\n    print(1)", 1, 0, False, id="dead code"),
        pytest.param("import sys\nsys.exit()\nprint(1)", 1, 0, True, id="after the end"),
    ],
)
def test_statements(source: str, top: int, inner: int, works: bool) -> None:
    made = program({"a.py": source}).module("a.py")

    assert (made.top_statements, made.inner_statements, made.works) == (top, inner, works)


def test_lines_that_hold_code() -> None:
    source = '"""Two\nlines."""\n\n# comment\nx = (\n    1,\n)\n\ndef f(a,\n      b):\n    return a\n'

    assert program({"a.py": source}).module("a.py").lines == 6


def test_texts_are_strings_that_are_no_docstrings() -> None:
    source = '"""Doc."""\ndef f(x):\n    """Doc."""\n    return "a" + f"b{x}c" + b"d".decode() + "" + "e" * 2\n'

    assert [(t.text, t.scope, t.at.start) for t in program({"a.py": source}).module("a.py").texts] == [
        ("a", "f", 4),
        ("b{}c", "f", 4),
        ("e", "f", 4),
    ]


def test_names_of_modules() -> None:
    files = {
        "src/a.py": "",
        "a.py": "",
        "src/b.py": "",
        "pkg/__init__.py": "",
        "lib/__init__.py": "",
        "lib/c.py": "",
        "x-y.py": "",
        "n.ipynb": notebook("1"),
    }

    assert {m.path: m.name for m in program(files).code.modules} == {
        "a.py": "a",
        "lib/__init__.py": "lib",
        "lib/c.py": "lib.c",
        "n.ipynb": "n.ipynb",
        "pkg/__init__.py": "pkg",
        "src/a.py": "src.a",
        "src/b.py": "b",
        "x-y.py": "x-y",
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"caf\xc3\xa9()", "café", id="utf-8"),
        pytest.param(b"\xef\xbb\xbfgo()", "go", id="byte order mark"),
        pytest.param("go()".encode("utf-16"), "go", id="utf-16"),
        pytest.param("# -*- coding: cp1251 -*-\nпуск()".encode("cp1251"), "пуск", id="cookie"),
        pytest.param(b"# coding: no-such\ngo()", "go", id="unknown cookie"),
        pytest.param(b"# caf\xe9\ngo()", "go", id="latin-1 without a cookie"),
        pytest.param(b"a = 1\r\ngo()\r\n", "go", id="crlf"),
    ],
)
def test_encodings(data: bytes, expected: str) -> None:
    assert [c.name for c in program({"a.py": data}).module("a.py").calls] == [expected]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('print "a"', id="print"),
        pytest.param("try:\n    pass\nexcept E, e:\n    pass", id="except"),
        pytest.param("x = 0777", id="octal"),
        pytest.param("x = 10L", id="long"),
        pytest.param("if a <> b:\n    pass", id="unequal"),
        pytest.param("x = `a`", id="backticks"),
        pytest.param('raise E, "x"', id="raise"),
        pytest.param('exec "x"', id="exec"),
        pytest.param('x = ur"a"', id="raw unicode"),
        pytest.param("def f((a, b)):\n    pass", id="unpacked parameter"),
    ],
)
def test_python_2(source: str) -> None:
    made = program({"a.py": source}).module("a.py")

    assert (made.error or "").startswith("python 2: ")


@pytest.mark.parametrize(
    ("source", "error"),
    [
        pytest.param("def f(:\n    pass", "invalid syntax, line 1", id="syntax"),
        pytest.param(">>> x = 1", "invalid syntax, line 1", id="prompt"),
        pytest.param("x = 1\n<<<<<<< HEAD\n", "invalid syntax, line 2", id="conflict"),
        pytest.param("-" * 100_000, "nested too deeply", id="minus"),
        pytest.param("(" * 100_000, "too many nested parentheses, line 1", id="parentheses"),
        pytest.param("x" + ".y" * 300_000, "nested too deeply", id="attributes"),
        pytest.param("x" + "()" * 100_000, "nested too deeply", id="calls"),
        pytest.param("1" + "+1" * 200_000, "nested too deeply", id="additions"),
        pytest.param("lambda: " * 50_000 + "1", "nested too deeply", id="lambdas"),
        pytest.param("if 1:\n pass\n" + "elif 1:\n pass\n" * 60_000, "nested too deeply", id="elif"),
        pytest.param('f"' + "{x}" * 300_000 + '"', "too many f-string fields", id="f-string"),
        pytest.param("x = 1\0", None, id="null byte"),
        pytest.param("x = " + "9" * 5_000, None, id="long integer"),
    ],
)  # fmt: skip
def test_broken_and_hostile_sources(source: str, error: str | None) -> None:
    """Each ends within the suite's time limit, with its reason; where the wording is the interpreter's, any will do."""
    made = program({"a.py": source, "b.py": "go()"})

    assert made.module("a.py").error
    assert error is None or made.module("a.py").error == error
    assert [c.name for c in made.module("b.py").calls] == ["go"]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("1" + "+1" * 900, id="additions"),
        pytest.param("x" + ".y()" * 400, id="chain"),
        pytest.param("if 1:\n pass\n" + "elif 1:\n pass\n" * 900, id="elif"),
        pytest.param("[" * 90 + "]" * 90, id="brackets"),
        pytest.param("".join(" " * i + "if x:\n" for i in range(95)) + " " * 95 + "go()", id="indentation"),
        pytest.param("\n".join(f"def f{i}(): return f{i + 1}()" for i in range(500)), id="chain of functions"),
        pytest.param("\n".join(f"class C{i}(C{i + 1}): pass" for i in range(500)) + "\nC0().go()", id="chain of classes"),
        pytest.param("\n".join(f"x{i + 1} = x{i}" for i in range(2000)) + "\nx2000.go()", id="chain of aliases"),
        pytest.param("x = " + "[" + "1," * 200_000 + "]", id="long list"),
        pytest.param("a;" * 100_000, id="many statements"),
        pytest.param("\n".join("x = f(x)" for _ in range(5_000)), id="one name, many times"),
        pytest.param("[x() for x in y]\n" * 20_000, id="many comprehensions"),
        pytest.param("def f(" + ", ".join(f"a{i}" for i in range(5_000)) + "): pass\n" + "f(1)\n" * 2_000, id="many parameters"),
        pytest.param("class C:\n" + "\n".join(f" def m{i}(self): self.m{i + 1}()" for i in range(3_000)), id="many methods"),
        pytest.param("from a import *\n" * 50 + "b()", id="imports all of itself"),
    ],
)  # fmt: skip
def test_dense_sources_are_read(source: str) -> None:
    assert program({"a.py": source}).module("a.py").error is None


def test_circles_between_modules() -> None:
    files = {"a.py": "from b import *\nfrom b import x\nx()", "b.py": "from a import *\nfrom a import x\nx()"}
    made = program(files)

    assert [c.name.rpartition(".")[2] for m in made.code.modules for c in m.calls] == ["x", "x"]


def test_a_long_chain_of_modules() -> None:
    """What is imported through hundreds of modules is unknown, and costs no recursion."""
    files = {f"m{i}.py": f"from m{i + 1} import x\nfrom m{i + 2} import *\nx()\ny()" for i in range(300)}
    made = program({**files, "m300.py": "from sklearn.svm import SVC as x", "m301.py": ""})

    assert [c.name for c in made.module("m299.py").calls] == ["sklearn.svm.SVC", "y"]


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is beyond a limit is named as skipped; the project's own code comes first."""
    monkeypatch.setattr(limits, "FILE_LIMIT", 2)
    big = "x = 1\n" * 200_000
    found = program({"tests/test_a.py": "x = 1", "b.py": "x = 1", "c.py": big, "d.py": "x = 1"}).code

    assert [m.path for m in found.modules] == ["b.py", "d.py"]
    assert found.skipped == ("c.py", "tests/test_a.py")


def test_what_is_not_here_and_what_is_not_theirs() -> None:
    snapshot = Snapshot.of({"a.py": "x = 1", "venv/lib/python3.11/site-packages/b/c.py": "x = 1"})
    entries = {**snapshot.entries, "z.py": Entry(path="z.py", here=False)}
    found = code(Modules(Snapshot(subject=snapshot.subject, entries=entries, read_blob=snapshot.read_blob)))

    assert [(m.path, m.error) for m in found.modules] == [("a.py", None), ("z.py", "content not here")]


def test_vendored_code_keeps_its_definitions_only() -> None:
    made = program({"third_party/x.py": "def f(): g('text')\nf()"}).module("third_party/x.py")

    assert [d.qualname for d in made.definitions] == ["f"]
    assert (made.calls, made.texts, made.uses) == ((), (), ())


def test_records_survive_the_codec() -> None:
    """Lone surrogates, which a source may write as escapes, have no UTF-8."""
    made = program({"a.py": "f('\\ud800', x='\\ud800' + y, **{'\\udfff': 1})\n", "é/ü.py": "ä = 'ö'"}).code

    assert codec.decode(codec.encode(made), Code) == made


words = st.sampled_from(
    ["x", "y", "self", "f", "C", "import ", "from ", " as ", "def ", "class ", "lambda ", "for ", " in ", "if ", "else", "try", "except", "return ", "with ", "yield ", "await ", "match ", "case ", "*", "**", "(", ")", "[", "]", "{", "}", ":", ",", ".", "=", ":=", "\n", "    ", "'a'", "1", "%time ", "!ls", "?", "@", "global ", "assert ", "sys.path.append", "\\", "\t", "#", "f'{x}'", "print "]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(words, max_size=60).map("".join), st.binary(max_size=100))
def test_never_raises(text: str, data: bytes) -> None:
    files = {"a.py": text, "b.py": data, "tests/test_c.py": text, "n.ipynb": notebook(text, text)}
    made = program(files)

    assert {m.path for m in made.code.modules} | set(made.code.skipped) == set(files)
    assert codec.decode(codec.encode(made.code), Code) == made.code
