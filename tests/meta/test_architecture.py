"""The house stands as it was drawn: imports run one way, signals do no I/O, modules stay readable."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "evaluator"
MODULES = sorted(p for p in PACKAGE.rglob("*.py"))

# What a floor may import of the house; `*` stands for its own floor. Everything may import the ground.
GROUND = {"model", "errors", "codec", "registry", "resources", "places", "cache", "evaluator"}
FLOORS: dict[str, set[str]] = {
    "source": {"sandbox.tools"},
    "sandbox": set(),
    "facts": {"source", "sandbox.tools", "runs.settings"},
    "runs": {"facts", "source", "sandbox"},
    "signals": {"facts", "runs"},
    "report": {"facts", "runs", "rubric", "scoring", "titles", "plugins"},
    "cli": {"*"},
}
SUBPROCESS = {"source", "sandbox"}
# `runs.settings` holds the caller's word, no run; the probe and the launcher are never imported, they are placed.
PLACED = ("runs/probe/", "sandbox/launcher.py")


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def floor(path: Path) -> str:
    return relative(path).partition("/")[0].removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((a.name, node.lineno) for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((f"{node.module}.{a.name}", node.lineno) for a in node.names)


@pytest.mark.parametrize("path", [m for m in MODULES if floor(m) in FLOORS], ids=relative)
def test_imports_run_one_way(path: Path) -> None:
    here = floor(path)
    allowed = FLOORS[here]
    wrong = []
    for name, line in imported(path):
        if not name.startswith("evaluator."):
            continue
        inner = name.removeprefix("evaluator.")
        top = inner.partition(".")[0]
        fits = top in GROUND or top == here or "*" in allowed or inner == "__version__"
        if not fits and not any(inner == a or inner.startswith(f"{a}.") for a in allowed):
            wrong.append(f"line {line}: {name}")

    assert wrong == []


@pytest.mark.parametrize("path", [m for m in MODULES if floor(m) in {"signals", "scoring", "rubric"}], ids=relative)
def test_signals_do_no_io(path: Path) -> None:
    banned = {
        "os",
        "pathlib",
        "subprocess",
        "datetime",
        "time",
        "random",
        "socket",
        "urllib",
        "shutil",
        "tempfile",
        "io",
    }
    if floor(path) == "rubric":
        banned -= {"pathlib"}  # it reads the file that the user names
    wrong = [f"line {line}: {name}" for name, line in imported(path) if name.partition(".")[0] in banned]
    wrong += [
        f"line {node.lineno}: open()"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"open", "exec", "eval"}
    ]

    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_processes_are_started_in_two_places_only(path: Path) -> None:
    if floor(path) in SUBPROCESS or relative(path).startswith(PLACED):
        return
    wrong = [f"line {n}: {name}" for name, n in imported(path) if name.partition(".")[0] in {"subprocess", "pty"}]

    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_modules_can_be_read_in_one_go(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    tree = ast.parse("\n".join(lines))
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno + 1 > 60
    ]

    assert len(lines) <= 400
    assert long == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_each_module_says_which_question_it_answers(path: Path) -> None:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""

    assert "?" in doc.partition("\n\n")[0]


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_names_say_something(path: Path) -> None:
    empty = {"utils", "util", "helpers", "helper", "manager", "misc", "common", "data", "info"}

    assert not empty & {path.stem, *path.relative_to(PACKAGE).parent.parts}


def test_broad_catches_stand_where_they_are_allowed() -> None:
    """The engine, the edge of the program, plug-ins, and the rows of a list of targets."""
    found = set()
    for path in MODULES:
        if relative(path).startswith(PLACED):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                names = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else {"bare"}
                if names & {"Exception", "BaseException", "bare"}:
                    found.add(relative(path))

    assert found <= {"engine.py", "plugins.py", "cli/__init__.py", "cli/run.py"}


def test_no_place_of_a_machine_and_no_index_is_named() -> None:
    words = tuple("/".join(("", *w)) + "/" for w in (("work",), ("root",), ("opt",), ("home",)))
    hosts = ("pypi" + ".org", "files.python" + "hosted", "registry" + ".npmjs", "deb.debian" + ".org")
    allowed = ("/home/user", "/work/")  # paths inside the sandbox
    wrong = []
    for path in [*MODULES, *sorted((PACKAGE.parent / "rubrics").rglob("*")), PACKAGE.parent / "README.md"]:
        if not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            bare = line
            for word in allowed:
                bare = bare.replace(word, "")
            if any(w in bare for w in (*words[1:], *hosts)):
                wrong.append(f"{path.name}:{number}: {line.strip()}")

    assert wrong == []


def test_help_loads_no_heavy_package() -> None:
    """`evaluate --help` answers at once: none of the packages that take long to import is touched."""
    import subprocess

    heavy = (
        "git",
        "pydriller",
        "radon",
        "nbformat",
        "pylint",
        "coverage",
        "jinja2",
        "rich",
        "markdown_it",
        "yaml",
        "docutils",
    )
    code = (
        "import sys\nfrom evaluator.cli import code\nassert code(['--help']) == 0\n"
        f"print([m for m in {heavy!r} if m in sys.modules], file=sys.stderr)"
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith("COV")}  # a measured run loads coverage itself
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"
