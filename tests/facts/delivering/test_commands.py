"""What do the other delivery files and the documents give, and which file of the project does each command start?"""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.delivering import makefiles
from evaluator.facts.delivering.expanding import project_tasks, tox_commands, tox_in_pyproject
from evaluator.facts.delivering.resolving import Files, Started, started
from tests.facts.delivering.reading import read, shown

PATHS = (
    "app.py",
    "train.py",
    "pkg/__init__.py",
    "pkg/__main__.py",
    "pkg/core.py",
    "src/own/cli.py",
    "nb/a.ipynb",
    "run.sh",
    "deep/er/only.py",
    "requirements.txt",
    "tests/test_a.py",
)
FILES = Files.of(PATHS, {posixpath.dirname(p) for p in PATHS} | {"deep"} - {""})


@pytest.mark.parametrize(
    ("command", "runs"),
    [
        pytest.param("python train.py --epochs 3", "train.py", id="script"),
        pytest.param("python3.11 -u -W ignore train.py", "train.py", id="options"),
        pytest.param("python -m pkg", "pkg/__main__.py", id="package"),
        pytest.param("python -m pkg.core --x", "pkg/core.py", id="module"),
        pytest.param("python -m own.cli", "src/own/cli.py", id="below src"),
        pytest.param("python -c 'import train'", None, id="inline"),
        pytest.param("python -m pytest tests", None, id="somebody's module"),
        pytest.param("streamlit run app.py --server.port 80", "app.py", id="streamlit"),
        pytest.param("python -m streamlit run app.py", "app.py", id="streamlit as module"),
        pytest.param("uvicorn pkg.core:app --reload", "pkg/core.py", id="uvicorn"),
        pytest.param("gunicorn -w 4 -b 0.0.0.0:80 app:app", "app.py", id="gunicorn"),
        pytest.param("fastapi dev app.py", "app.py", id="fastapi"),
        pytest.param("flask --app pkg.core run", "pkg/core.py", id="flask"),
        pytest.param("flask run", "app.py", id="flask by its default"),
        pytest.param("jupyter nbconvert --to html --execute nb/a.ipynb", "nb/a.ipynb", id="notebook"),
        pytest.param("papermill nb/a.ipynb out.ipynb", "nb/a.ipynb", id="papermill"),
        pytest.param("torchrun --nproc_per_node 2 train.py", "train.py", id="torchrun"),
        pytest.param("python -m torch.distributed.launch --nproc 2 train.py", "train.py", id="launch module"),
        pytest.param("accelerate launch --mixed_precision fp16 train.py", "train.py", id="accelerate"),
        pytest.param("coverage run -m pkg.core", "pkg/core.py", id="coverage"),
        pytest.param("bash run.sh fast", "run.sh", id="shell"),
        pytest.param("./run.sh", "run.sh", id="executable"),
        pytest.param("python .\\pkg\\core.py", "pkg/core.py", id="backslashes"),
        pytest.param("python $SCRIPT", None, id="variable"),
        pytest.param("python <script>.py", None, id="placeholder"),
        pytest.param("pip install -r requirements.txt", None, id="starts nothing"),
        pytest.param("echo train.py", None, id="a word"),
    ],
)
def test_runs(command: str, runs: str | None) -> None:
    assert Started(runs=runs) == started(tuple(command.split()), FILES, ("",))


@pytest.mark.parametrize(
    ("command", "missing", "runs"),
    [
        pytest.param("python gone.py", "gone.py", None, id="script"),
        pytest.param("python only.py", "only.py", "deep/er/only.py", id="the only one of that name lies elsewhere"),
        pytest.param("python -m pkg.gone", "pkg/gone.py", None, id="module of an own package"),
        pytest.param("python -m other.gone", None, None, id="module of somebody's"),
        pytest.param("pip install -r gone.txt", "gone.txt", None, id="requirements"),
        pytest.param("pytest gone/", "gone/", None, id="tests"),
        pytest.param("pytest tests/test_a.py::test_x", None, None, id="tests that are there"),
        pytest.param("pytest tests", None, None, id="folder that is there"),
        pytest.param("docker build -f gone/Dockerfile .", "gone/Dockerfile", None, id="Dockerfile"),
        pytest.param("make train", "Makefile", None, id="Makefile"),
        pytest.param("streamlit run gone.py", "gone.py", None, id="application"),
    ],
)
def test_missing(command: str, missing: str | None, runs: str | None) -> None:
    assert Started(runs=runs, missing=missing) == started(tuple(command.split()), FILES, ("",))


@given(
    st.lists(
        st.sampled_from(
            [
                "python",
                "-m",
                "pkg",
                "-c",
                "",
                "a:b",
                "run",
                "flask",
                "--app",
                "-r",
                "pip",
                "install",
                "uvicorn",
                "../..",
                "\\",
                "x.py",
            ]
        ),
        min_size=1,
    )
)
def test_started_never_raises(words: list[str]) -> None:
    argv = tuple(w for w in words if w) or ("x",)

    assert isinstance(started(argv, FILES, ("", "pkg")), Started)


MAKE = """PYTHON ?= python
RUN = $(PYTHON) -m
.PHONY: all test
all: data train  # both
data:
\t@$(RUN) pkg.data
train: data
\t-$(PYTHON) train.py \\
\t\t--epochs 3
test: ; pytest -q
%.o: %.c
\tcc $<
ifdef X
include other.mk
endif
"""


def test_makefile() -> None:
    made = makefiles.read(MAKE)

    assert [(r.text, r.line, r.ignores_failure) for r in made.recipes("all")] == [
        ("python -m pkg.data", 6, False),
        ("python train.py --epochs 3", 8, True),
    ]
    assert [r.text for r in made.recipes("test")] == ["pytest -q"]
    assert made.default == "all"
    assert made.recipes("unknown") == []


@given(
    st.lists(
        st.sampled_from(["a", ":", "=", "\t", "\n", "$(a)", "${b}", "\\\n", ";", "#", "%", "@", "-", " "]), max_size=60
    ).map("".join)
)
def test_makefiles_never_raise(text: str) -> None:
    made = makefiles.read(text)

    for name in made.targets:
        assert isinstance(made.recipes(name), list)


def test_makefiles_are_bounded() -> None:
    doubling = "A0 = xx\n" + "".join(f"A{n} = $(A{n - 1})$(A{n - 1})\n" for n in range(1, 60)) + "t:\n\t$(A59)\n"

    assert all(len(r.text) <= 2000 for r in makefiles.read(doubling).recipes("t"))
    assert len(makefiles.read("".join(f"t{n}:\n\tx\n" for n in range(3000))).targets) == 500


def test_tox() -> None:
    text = "[tox]\nenvlist = py\n[testenv]\ncommands =\n    pytest {posargs}\n    - ruff check\n[testenv:docs]\ncommands = sphinx-build\n"

    assert tox_commands(text) == [(5, "pytest"), (6, "ruff check"), (8, "sphinx-build")]
    assert tox_in_pyproject('[tool.tox.env_run_base]\ncommands = [["pytest", "-q"]]\n') == ["pytest -q"]
    assert tox_in_pyproject('[tool.tox]\nlegacy_tox_ini = """\n[testenv]\ncommands = pytest\n"""\n') == ["pytest"]


def test_project_tasks() -> None:
    text = '[tool.poe.tasks]\na = "pytest"\nb = {cmd = "mypy ."}\nc = ["a", "b"]\n[tool.pdm.scripts]\nd = {shell = "make"}\n'

    assert project_tasks(text) == {"a": ["pytest"], "b": ["mypy ."], "c": ["a", "b"], "d": ["make"]}


@given(st.binary(max_size=200).map(lambda b: b.decode("latin-1")))
def test_configurations_never_raise(text: str) -> None:
    assert isinstance(tox_commands(text), list)
    assert isinstance(tox_in_pyproject(text), list)
    assert isinstance(project_tasks(text), dict)


README = """# X

Run `python train.py`.

```bash
git clone https://example.org/x && cd x
pip install -r requirements.txt
cd pkg
python core.py   # trains
cd ..
streamlit run app.py
```

## Elsewhere

```
$ python core.py
accuracy 0.9
├── data
```

```python
python = 3
```
"""


def test_documents() -> None:
    """A ``cd`` holds until the next heading; output, trees and other languages are no commands."""
    found = read({"README.md": README, "train.py": "", "pkg/core.py": "", "app.py": "", "requirements.txt": ""})

    assert [(" ".join(c.argv), c.at.start, c.runs, c.names_missing) for c in found.commands] == [
        ("python train.py", 3, "train.py", None),
        ("git clone https://example.org/x", 6, None, None),
        ("pip install -r requirements.txt", 7, None, None),
        ("python core.py", 9, "pkg/core.py", None),
        ("streamlit run app.py", 11, "app.py", None),
        ("python core.py", 17, "pkg/core.py", "core.py"),
    ]


@pytest.mark.parametrize(
    ("files", "commands"),
    [
        pytest.param(
            {"dvc.yaml": "stages:\n  a:\n    wdir: x\n    cmd: python a.py\n  b:\n    cmd: [make b]\n"},
            ["python a.py", "make b"],
            id="dvc",
        ),
        pytest.param(
            {"Procfile": "web: gunicorn app:app\nrelease: python m.py\nno process\n"},
            ["gunicorn app:app", "python m.py"],
            id="Procfile",
        ),
        pytest.param(
            {"MLproject": "entry_points:\n  main:\n    command: python train.py\n"}, ["python train.py"], id="MLproject"
        ),
        pytest.param({"scripts/go.sh": "python a.py\n"}, ["python a.py"], id="script"),
        pytest.param({"justfile": "test:\n    pytest -q\n"}, ["pytest -q"], id="justfile"),
        pytest.param(
            {"docker-compose.yml": "services:\n  a:\n    image: x\n    command: [python, a.py]\n"},
            ["python a.py"],
            id="compose",
        ),
        pytest.param(
            {"venv/lib/python3.11/site-packages/x.sh": "rm x\n", "node_modules/a/Makefile": "a:\n\tb\n"},
            [],
            id="not the project's own",
        ),
        pytest.param(
            {"Procfile": b"\xff\xfe\x00", "dvc.yaml": b"\x00", "Makefile": b"\x80:\n\t\x81"}, ["\x81"], id="binary"
        ),
    ],
)
def test_files(files: dict[str, str | bytes], commands: list[str]) -> None:
    assert commands == shown(read(files).commands)
