"""Where does the code stand, and are its functions annotated and documented?"""

from __future__ import annotations

import pytest

from evaluator.model import Measured, NotApplicable
from evaluator.signals.engineering.structure import docstrings, modular_code, type_hints
from tests.facts.programs import notebook, program

FUNCTIONS = "".join(f"def f{n}(x):\n    y = f{n + 1}(x)\n    z = y\n    return z\n" for n in range(4))
R_FUNCTIONS = "".join(f"f{n} <- function(x) {{\n  y <- x\n  y + 1\n}}\n" for n in range(4))
JAVA = "package a;\npublic class A {\n  private int n;\n" + "".join(f"  public int f{n}(int x) {{\n    int y = x + {n};\n    return y;\n  }}\n" for n in range(4)) + "}\n"  # fmt: skip
JAVA_MAIN = (
    "public class M {\n  public static void main(String[] a) {\n" + "    System.out.println(1);\n" * 60 + "  }\n}\n"
)
GO = "package a\n" + "".join(f"func f{n}(x int) int {{\n\ty := x\n\treturn y\n}}\n" for n in range(4))
JULIA = "".join(
    f"function f{n}(x)\n    y = x\n    if y > 1\n        y = 2\n    end\n    return y\nend\n" for n in range(4)
)
REACT = "import React from 'react';\n" + "".join(f"export function F{n}() {{\n  const x = {n};\n  return <p>{{x}}</p>;\n}}\n" for n in range(30))  # fmt: skip
SCRIPT = "".join(f"x{n} = load({n})\nprint(x{n})\n" for n in range(12))

USED = "if __name__ == '__main__':\n    for f in (f0, f1, f2, f3):\n        f(1)\n"
FIT = "from sklearn.svm import SVC\nm = SVC().fit(x, y)"
TRAINED = "def train(x, y):\n    from sklearn.svm import SVC\n    return SVC().fit(x, y)\nif __name__ == '__main__':\n    train(1, 2)\n"


@pytest.mark.parametrize(
    ("files", "level"),
    [
        pytest.param({"pkg/a.py": FUNCTIONS}, 2, id="functions"),
        pytest.param({"a.py": FUNCTIONS + "if __name__ == '__main__':\n    f0(1)\n"}, 2, id="functions and a guard"),
        pytest.param(
            {"a.py": FUNCTIONS, "n.ipynb": notebook("from a import f0\nf0(1)", SCRIPT[:200])},
            2,
            id="a notebook beside them",
        ),
        pytest.param(
            {"a.py": FUNCTIONS + TRAINED, "n.ipynb": notebook("from a import f0\nf0(1)", SCRIPT[:240], FIT)},
            2,
            id="a notebook beside modules that train",
        ),
        pytest.param(
            {"a.py": FUNCTIONS + USED, "n.ipynb": notebook(SCRIPT[:160], FIT)},
            1,
            id="the training in a notebook alone",
        ),
        pytest.param(
            {"a.py": FUNCTIONS + USED, "n.ipynb": notebook("from a import f0", SCRIPT[:160], FIT)},
            2,
            id="the training in a notebook that uses the modules",
        ),
        pytest.param(
            {"a.py": FUNCTIONS, "tests/test_a.py": "def test_a():\n" + "    assert 1\n" * 50},
            2,
            id="tests are not counted",
        ),
        pytest.param({"a.py": FUNCTIONS, "b.py": SCRIPT}, 1, id="a script carries most"),
        pytest.param({"a.py": FUNCTIONS * 9, "b.py": SCRIPT}, 1, id="a script beside functions that nothing calls"),
        pytest.param(
            {"a.py": FUNCTIONS, "b.py": "from a import f0\nprint(f0(1))\n"}, 2, id="functions that a script calls"
        ),
        pytest.param({"a-b.py": FUNCTIONS}, 1, id="a name that cannot be imported"),
        pytest.param({"a.py": FUNCTIONS + "f0(1)\n"}, 1, id="starts its work when imported"),
        pytest.param(
            {"a.py": "def f(x):\n    return x\n" + SCRIPT[:100]}, 1, id="one function beside a few statements"
        ),
        pytest.param({"a.py": FUNCTIONS + SCRIPT * 5}, 1, id="a few functions in a long script"),
        pytest.param({"a.py": "def f(x):\n    return x\n" + SCRIPT * 100}, 0, id="one function among thousands"),
        pytest.param({"a.py": FUNCTIONS + SCRIPT * 100}, 0, id="a few functions among thousands"),
        pytest.param({"a.py": "x=1"}, 0, id="a constant"),
        pytest.param({"n.ipynb": notebook(FUNCTIONS, SCRIPT[:60])}, 1, id="functions in a notebook"),
        pytest.param({"n.ipynb": notebook("def f(x):\n    return x", SCRIPT)}, 0, id="a notebook with one helper"),
        pytest.param({"a.py": SCRIPT}, 0, id="a script"),
        pytest.param({"R/a.R": R_FUNCTIONS, "main.R": "source('R/a.R')\nf1(1)\n"}, 2, id="functions in R"),
        pytest.param({"a.R": R_FUNCTIONS + "x <- f(1)\n" * 40}, 1, id="a script in R with functions"),
        pytest.param({"a.R": "x <- f(1)\n" * 40}, 0, id="a script in R"),
        pytest.param({"src/main/java/a/A.java": JAVA}, 2, id="methods of Java"),
        pytest.param({"a/A.java": JAVA, "M.java": JAVA_MAIN}, 1, id="Java, most of it in main"),
        pytest.param({"M.java": JAVA_MAIN}, 0, id="Java, all of it in main"),
        pytest.param({"a/a.go": GO}, 2, id="functions of Go"),
        pytest.param(
            {
                "src/a.cpp": GO.replace("package a\n", "")
                .replace("func ", "int ")
                .replace("x int) int", "int x)")
                .replace("y := x", "int y = x;")
                .replace("return y", "return y;")
            },
            2,
            id="functions of C++",
        ),
        pytest.param({"src/A.jl": JULIA}, 2, id="functions of Julia"),
        pytest.param({"run.jl": JULIA + "x = f1(2)\n" * 60}, 1, id="Julia, a script with functions"),
        pytest.param({"run.jl": "x = load(2)\n" * 60}, 0, id="Julia, a script"),
        pytest.param({"package.json": "{}", "src/App.jsx": REACT}, 2, id="components of React"),
        pytest.param(
            {"package.json": "{}", "src/App.jsx": REACT, "n.ipynb": notebook(SCRIPT, FIT)},
            1,
            id="components beside a notebook that does the work",
        ),
        pytest.param(
            {"package.json": "{}", "src/App.jsx": REACT, "a.py": FUNCTIONS, "b.py": SCRIPT},
            2,
            id="components beside Python in part",
        ),
        pytest.param({"static/page.js": REACT, "a.py": SCRIPT}, 0, id="the script of a page, in no package"),
        pytest.param({"package.json": "{}", "node_modules/x/a.js": REACT, "a.py": SCRIPT}, 0, id="installed packages"),
        pytest.param({"package.json": "{}", "index.js": "load(1);\n" * 50}, 0, id="JavaScript at top level"),
        pytest.param(
            {"a.py": SCRIPT, "A.java": "// public int f0(int x) { return 1; }\n" * 50}, 0, id="methods in comments"
        ),
        pytest.param({"a.py": SCRIPT, "b.py": "", "c/__init__.py": ""}, 0, id="empty modules beside it"),
        pytest.param({"a.py": SCRIPT, "third_party/b.py": FUNCTIONS * 9}, 0, id="other people's functions"),
    ],
)
def test_modular_code(files: dict[str, str], level: int) -> None:
    made = program(files)
    answer = modular_code(made.code, made.work, made.unreached, made.r, made.other)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert answer.evidence


@pytest.mark.parametrize("files", [{}, {"a.py": ""}, {"a.py": "# x"}], ids=["nothing", "empty", "comments"])
def test_modular_code_not_asked(files: dict[str, str]) -> None:
    made = program(files)

    assert isinstance(modular_code(made.code, made.work, made.unreached, made.r, made.other), NotApplicable)


def functions(
    full: int, bare: int, *, full_as: str = "def {}(x: int) -> int: pass\n", bare_as: str = "def {}(x): pass\n"
) -> str:
    return "".join(full_as.format(f"f{n}") for n in range(full)) + "".join(bare_as.format(f"g{n}") for n in range(bare))


USED = "print(" + ", ".join(f"g{n}(1)" for n in range(9)) + ")\n"
PADDING = "".join(f"def h{n}(x: int) -> int: return x\n" for n in range(50))


@pytest.mark.parametrize(
    ("source", "level"),
    [
        pytest.param(functions(7, 3), 2, id="70 %"),
        pytest.param(functions(1, 0), 2, id="all"),
        pytest.param("class A:\n    def __init__(self, x: int): pass\n", 2, id="__init__ without a result"),
        pytest.param("def f(x: int, *a: int, k: int = 1, **b: int) -> None: pass", 2, id="every kind of parameter"),
        pytest.param("def f() -> None: pass", 2, id="no parameters"),
        pytest.param(functions(6, 4), 1, id="60 %"),
        pytest.param(functions(2, 8), 1, id="20 %"),
        pytest.param(functions(1, 9), 0, id="10 %"),
        pytest.param(functions(0, 9) + USED + PADDING, 0, id="padded with lines that nothing calls"),
        pytest.param("from typing import Any\ndef f(x: Any) -> Any: pass", 0, id="anything for everything"),
        pytest.param("def f(x: 'TODO') -> 'TODO': pass", 0, id="to be done"),
        pytest.param("def f(x: int, y) -> int: pass", 0, id="one parameter is not"),
        pytest.param("def f(x: int): pass", 0, id="the result is not"),
        pytest.param("def f(x): pass  # type: (int) -> int\n", 0, id="in a comment"),
        pytest.param("from typing import List, Optional\ndef f(x): pass", 0, id="an import that is never used"),
    ],
)
def test_type_hints(source: str, level: int) -> None:
    made = program({"a.py": source})
    answer = type_hints(made.code, made.unreached)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert answer.evidence


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "x = 1"}, id="no functions"),
        pytest.param({"n.ipynb": notebook("def f(x): pass")}, id="in a notebook"),
        pytest.param({"tests/test_a.py": "def test_a(): pass"}, id="in tests"),
        pytest.param({"app/migrations/0001_initial.py": "def f(x): pass"}, id="in migrations"),
    ],
)
def test_type_hints_not_asked(files: dict[str, str]) -> None:
    made = program(files)

    assert isinstance(type_hints(made.code, made.unreached), NotApplicable)


TOLD, UNTOLD = 'def {}(x):\n    """Say."""\n', "def {}(x):\n    # say\n    pass\n"


@pytest.mark.parametrize(
    ("source", "level"),
    [
        pytest.param(functions(6, 4, full_as=TOLD, bare_as=UNTOLD), 2, id="60 %"),
        pytest.param(
            'class A:\n    """Say."""\n    def __init__(self): pass\n    def _f(self): pass\n',
            2,
            id="private ones are not asked",
        ),
        pytest.param(functions(5, 5, full_as=TOLD, bare_as=UNTOLD), 1, id="50 %"),
        pytest.param(functions(1, 9, full_as=TOLD, bare_as=UNTOLD), 0, id="10 %"),
        pytest.param(functions(9, 1, full_as='def {0}(x):\n    """{0}"""\n'), 0, id="their names again"),
        pytest.param(functions(9, 1, full_as='def {}(x):\n    """TODO"""\n'), 0, id="to be done"),
        pytest.param(functions(9, 1, full_as='def {}(x):\n    """."""\n'), 0, id="full stops"),
        pytest.param("def f():\n    x = 1\n    '''Too late.'''", 0, id="not at the start"),
    ],
)
def test_docstrings(source: str, level: int) -> None:
    made = program({"a.py": source})
    answer = docstrings(made.code, made.unreached)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert answer.evidence


def test_docstrings_not_asked() -> None:
    made = program({"a.py": "def _f(): pass"})

    assert isinstance(docstrings(made.code, made.unreached), NotApplicable)
