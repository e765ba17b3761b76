"""Every kind of manifest, by table: what it asks for, how firmly, and on which line."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from evaluator.facts.delivery import Command, Delivery, Dockerfile, Workflow
from evaluator.facts.manifests import reading
from evaluator.facts.manifests.following import followed
from evaluator.facts.manifests.reading import packaging
from evaluator.facts.packaging import Packaging
from evaluator.facts.prose import Block, Document, Link, Prose
from evaluator.facts.tree import File, Tree
from evaluator.model import Missing, Span
from evaluator.source.snapshot import Snapshot

NOTHING = Missing(fact="Delivery", cause="not-found")
NO_PROSE = Missing(fact="Prose", cause="not-found")


def read(
    files: dict[str, str | bytes],
    *,
    delivery: Delivery | Missing = NOTHING,
    prose: Prose | Missing = NO_PROSE,
    parts: dict[str, str] | None = None,
) -> Packaging:
    """Return the packaging of a project that consists of ``files``."""
    snapshot = Snapshot.of(files)
    tree = Tree(
        files=tuple(
            File(path=p, kind="file", size=1, here=True, lfs=False, part=(parts or {}).get(p, "own"))  # type: ignore[arg-type]
            for p in snapshot.entries
        )
    )
    found = packaging(snapshot=snapshot, tree=tree, delivery=delivery, prose=prose)
    assert isinstance(found, Packaging)
    return found


def asked(found: Packaging, path: str) -> list[tuple[str, str, int]]:
    """Return name, specifier and line of each requirement of one manifest."""
    [manifest] = [m for m in found.manifests if m.path == path]
    return [(r.name, r.specifier, r.at.start) for r in manifest.requirements]


PYPROJECT = """\
[build-system]
requires = ["setuptools"]

[project]
name = "demo"
license = {text = "MIT"}
requires-python = ">=3.10"
dependencies = [
    "numpy>=1.20,<2",  # arrays
    'pandas==2.0.0',
]
[project.optional-dependencies]
plots = ["matplotlib"]
[project.scripts]
train = "demo.train:main"
[dependency-groups]
test = ["pytest>=7", {include-group = "lint"}]
lint = ["ruff"]
[tool.uv]
dev-dependencies = ["mypy"]
"""
POETRY = """\
[tool.poetry]
name = "demo"
[tool.poetry.dependencies]
python = "^3.9"
numpy = "^1.21.3"
torch = {version = "~2.1", extras = ["opt"]}
pandas = "2.0.1"
scipy = "*"
mine = {git = "https://example.org/mine.git", rev = "0123456789"}
[tool.poetry.group.dev.dependencies]
pytest = "^0.0.3"
"""
ENVIRONMENT = """\
name: demo
channels: [conda-forge]
dependencies:
  - python=3.8
  - numpy=1.21
  - pytorch=1.9.0
  - conda-forge::opencv
  - pandas=1.3.4=py38h1
  - scikit-learn>=1.0
  - cudatoolkit=11.1
  - libgcc-ng=9.3
  - pip:
    - transformers==4.11.0
    - -r requirements.txt
"""
SETUP_PY = """\
from setuptools import setup, find_packages

EXTRA = ["pytest"]
setup(
    name="demo",
    license="Apache-2.0",
    python_requires=">=3.7",
    packages=find_packages(),
    install_requires=[
        "numpy>=1.19",
        "pandas==1.5.3",
    ] + ["scipy"],
    extras_require={"test": EXTRA},
    entry_points={"console_scripts": ["demo=demo.cli:main"]},
)
"""
SETUP_CFG = """\
[metadata]
name = demo
license = MIT
[options]
python_requires = >=3.8
install_requires =
    numpy>=1.19
    pandas==1.5.3
[options.extras_require]
test =
    pytest
[options.entry_points]
console_scripts =
    demo = demo.cli:main
"""
PIPFILE = """\
[[source]]
url = "https://example.org/simple"
[packages]
numpy = "*"
pandas = "==1.5.3"
torch = {version = ">=2,<3", extras = ["opt"]}
[dev-packages]
pytest = "~=7.0"
[requires]
python_version = "3.9"
"""
PIPFILE_LOCK = """\
{
    "_meta": {"requires": {"python_version": "3.9"}},
    "default": {
        "numpy": {
            "version": "==1.21.0"
        }
    },
    "develop": {
        "pytest": {"version": "==7.0.0"}
    }
}
"""
UV_LOCK = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "demo"
version = "0.1.0"
source = { editable = "." }
dependencies = [{ name = "numpy" }]

[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://example.org/simple" }
"""
POETRY_LOCK = """\
[[package]]
name = "numpy"
version = "1.26.4"
optional = false

[package.dependencies]
name = "not this line"

[[package]]
name = "pytest"
version = "8.0.0"
groups = ["dev"]
"""
PYLOCK = """\
lock-version = "1.0"
[[packages]]
name = "numpy"
version = "1.26.4"
[[packages]]
name = "demo"
directory = { path = "." }
"""
CONDA_LOCK = """\
version: 1
package:
- name: numpy
  version: 1.21.0
  manager: conda
- name: libblas
  version: 3.9.0
  manager: conda
- name: pytorch
  version: 2.0.0
  manager: conda
- name: datasets
  version: 2.1.0
  manager: pip
"""


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        pytest.param(
            "requirements.txt",
            "# c\nnumpy==1.2.3\npandas>=1,<2  # why\n\nscikit_learn\nflask \\\n  ==2.0\n",
            [("numpy", "==1.2.3", 2), ("pandas", "<2,>=1", 3), ("scikit-learn", "", 5), ("flask", "==2.0", 6)],
            id="requirements",
        ),
        pytest.param(
            "requirements.txt", "﻿numpy==1.0\r\nscipy\r\n".encode(), [("numpy", "==1.0", 1), ("scipy", "", 2)], id="BOM"
        ),
        pytest.param(
            "requirements.txt",
            "numpy==1.0\nscipy\n".encode("utf-16"),
            [("numpy", "==1.0", 1), ("scipy", "", 2)],
            id="UTF-16",
        ),
        pytest.param(
            "pyproject.toml",
            PYPROJECT,
            [
                ("numpy", "<2,>=1.20", 9),
                ("pandas", "==2.0.0", 10),
                ("matplotlib", "", 13),
                ("pytest", ">=7", 17),
                ("ruff", "", 18),
                ("mypy", "", 20),
            ],
            id="pyproject",
        ),
        pytest.param(
            "pyproject.toml",
            POETRY,
            [
                ("numpy", "<2,>=1.21.3", 5),
                ("torch", "<2.2,>=2.1", 6),
                ("pandas", "==2.0.1", 7),
                ("scipy", "", 8),
                ("mine", "", 9),
                ("pytest", "<0.0.4,>=0.0.3", 11),
            ],
            id="poetry",
        ),
        pytest.param(
            "environment.yml",
            ENVIRONMENT,
            [
                ("numpy", "==1.21.*", 5),
                ("torch", "==1.9.0.*", 6),
                ("opencv-python", "", 7),
                ("pandas", "==1.3.4", 8),
                ("scikit-learn", ">=1.0", 9),
                ("transformers", "==4.11.0", 13),
            ],
            id="environment",
        ),
        pytest.param(
            "setup.py",
            SETUP_PY,
            [("numpy", ">=1.19", 10), ("pandas", "==1.5.3", 11), ("scipy", "", 12), ("pytest", "", 3)],
            id="setup.py",
        ),
        pytest.param(
            "setup.cfg",
            SETUP_CFG,
            [("numpy", ">=1.19", 7), ("pandas", "==1.5.3", 8), ("pytest", "", 11)],
            id="setup.cfg",
        ),
        pytest.param(
            "Pipfile",
            PIPFILE,
            [("numpy", "", 4), ("pandas", "==1.5.3", 5), ("torch", ">=2,<3", 6), ("pytest", "~=7.0", 8)],
            id="Pipfile",
        ),
        pytest.param(
            "Pipfile.lock", PIPFILE_LOCK, [("numpy", "==1.21.0", 4), ("pytest", "==7.0.0", 9)], id="Pipfile.lock"
        ),
        pytest.param("uv.lock", UV_LOCK, [("numpy", "==1.26.4", 11)], id="uv.lock"),
        pytest.param(
            "poetry.lock", POETRY_LOCK, [("numpy", "==1.26.4", 2), ("pytest", "==8.0.0", 10)], id="poetry.lock"
        ),
        pytest.param("pdm.lock", POETRY_LOCK, [("numpy", "==1.26.4", 2), ("pytest", "==8.0.0", 10)], id="pdm.lock"),
        pytest.param("pylock.toml", PYLOCK, [("numpy", "==1.26.4", 3)], id="pylock"),
        pytest.param(
            "conda-lock.yml",
            CONDA_LOCK,
            [("numpy", "==1.21.0", 3), ("torch", "==2.0.0", 9), ("datasets", "==2.1.0", 12)],
            id="conda-lock",
        ),
        pytest.param("backend/requirements/base.txt", "numpy\n", [("numpy", "", 1)], id="in a sub-folder"),
    ],
)
def test_what_each_kind_asks_for(path: str, content: str | bytes, expected: list[tuple[str, str, int]]) -> None:
    """Specifiers are compared as sets: their order is the library's business."""
    found = asked(read({path: content, "requirements.in": "x"}), path)

    assert [(n, set(s.split(",")), at) for n, s, at in expected] == [(n, set(s.split(",")), at) for n, s, at in found]


@pytest.mark.parametrize(
    ("line", "pinned", "bounded"),
    [
        pytest.param("a==1.2", True, True, id="exact"),
        pytest.param("a===1.2", True, True, id="arbitrary equality"),
        pytest.param("a==1.2.*", False, True, id="wildcard"),
        pytest.param("a~=1.2", False, True, id="compatible"),
        pytest.param("a>=1,<2", False, True, id="both sides"),
        pytest.param("a>=1", False, False, id="below only"),
        pytest.param("a<2", False, False, id="above only"),
        pytest.param("a!=2", False, False, id="an exclusion"),
        pytest.param("a", False, False, id="open"),
        pytest.param("a==1.0+cu121", True, True, id="local version"),
        pytest.param("a @ git+https://example.org/a@0123456789abcdef0123456789abcdef01234567", True, True, id="commit"),
        pytest.param("a @ git+https://example.org/a@main", False, False, id="branch"),
        pytest.param("a @ https://example.org/a-1.0-py3-none-any.whl", True, True, id="a wheel"),
        pytest.param("a @ file:///home/me/a", False, False, id="a folder of somebody's machine"),
    ],
)
def test_pinned_and_bounded(line: str, pinned: bool, bounded: bool) -> None:
    [manifest] = read({"requirements.txt": line}).manifests

    assert [(pinned, bounded)] == [(r.pinned, r.bounded) for r in manifest.requirements]


@pytest.mark.parametrize(
    ("line", "name", "specifier", "error"),
    [
        pytest.param("numpy=1.12.0", "numpy", "==1.12.0", "`=` is no version operator", id="single equals"),
        pytest.param(
            "numpy=1.12.0=py36_0", "numpy", "==1.12.0", "`=` is no version operator", id="conda list --export"
        ),
        pytest.param("pip install numpy", None, "", "pip install numpy", id="a command"),
        pytest.param("python==3.8", None, "", "names the interpreter", id="the interpreter"),
        pytest.param("Install the packages below first", None, "", "Install the", id="prose"),
        pytest.param("numpy==", None, "", "numpy==", id="no version"),
        pytest.param("a" * 3000, None, "", "longer than any", id="absurd"),
    ],
)
def test_lines_that_no_installer_takes(line: str, name: str | None, specifier: str, error: str) -> None:
    """They are understood where their meaning is plain, and remembered as errors all the same."""
    [manifest] = read({"requirements.txt": line + "\n"}).manifests

    assert [(name, specifier)] * (name is not None) == [(r.name, r.specifier) for r in manifest.requirements]
    assert [at.start for at, _ in manifest.errors] == [1]
    assert error in manifest.errors[0][1]


def test_includes_are_followed_inside_the_tree_only() -> None:
    found = read(
        {
            "requirements.txt": "-r parts/base.txt\n-r ../../etc/passwd\n-c limits.txt\npandas\n-r requirements.txt\n",
            "parts/base.txt": "numpy\n-r more.txt\n",
            "parts/more.txt": "scipy\n",
            "limits.txt": "numpy==1.2\n",
        }
    )

    [manifest] = [m for m in found.manifests if m.path == "requirements.txt"]
    assert [(r.name, r.pinned) for r in manifest.requirements] == [("pandas", False), ("numpy", True), ("scipy", False)]
    assert [r.at.path for r in manifest.requirements if r.name == "numpy"] == ["parts/base.txt"]
    assert "not in the repository" in manifest.errors[0][1]


def test_options_are_seen_and_not_taken_for_requirements() -> None:
    [manifest] = read(
        {"requirements.txt": "--extra-index-url https://example.org/x\n-e .\nnumpy\n./wheels/x\n"}
    ).manifests

    assert [r.name for r in manifest.requirements] == ["numpy"]
    assert [o for _, o in manifest.options] == ["--extra-index-url https://example.org/x", "-e .", "./wheels/x"]


def test_setup_py_that_reads_a_file_is_followed_to_it() -> None:
    found = read(
        {
            "setup.py": "from setuptools import setup\nsetup(install_requires=open('requirements.txt').read().split())\n",
            "requirements.txt": "numpy\n",
        }
    )

    assert asked(found, "setup.py") == [("numpy", "", 1)]


def test_setuptools_dynamic_is_followed() -> None:
    found = read(
        {
            "pyproject.toml": '[project]\ndynamic=["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = ["r.txt"]}\n',
            "r.txt": "numpy\n",
        }
    )

    assert asked(found, "pyproject.toml") == [("numpy", "", 1)]


@pytest.mark.parametrize(
    ("path", "part", "group"),
    [
        pytest.param("requirements-dev.txt", "own", "dev", id="dev by name"),
        pytest.param("requirements/test.txt", "own", "test", id="test by name in a folder"),
        pytest.param("docs/requirements.txt", "docs", "docs", id="docs by folder"),
        pytest.param("requirements.txt", "own", "", id="plain"),
        pytest.param("api/requirements.txt", "own", "", id="plain in a folder"),
    ],
)
def test_groups(path: str, part: str, group: str) -> None:
    [manifest] = read({path: "numpy\n"}, parts={path: part}).manifests

    assert [group] == [r.group for r in manifest.requirements]


def test_metadata() -> None:
    found = read({"pyproject.toml": PYPROJECT, "sub/setup.py": SETUP_PY})

    assert (found.name, found.license) == ("demo", "MIT")
    assert [(s.name, s.target, s.at.start) for s in found.scripts] == [
        ("train", "demo.train:main", 15),
        ("demo", "demo.cli:main", 14),
    ]


def test_vendored_and_installed_manifests_are_not_the_projects() -> None:
    files = {"venv/lib/x/requirements.txt": "evil\n", "third_party/a/setup.py": SETUP_PY}
    parts = {"venv/lib/x/requirements.txt": "environment", "third_party/a/setup.py": "vendored"}

    assert read(files, parts=parts).manifests == ()


@pytest.mark.parametrize(
    ("path", "part", "paths"),
    [
        pytest.param("tests/requirements.txt", "test", ["tests/requirements.txt"], id="what tests need"),
        pytest.param(
            "tests/integration/requirements.txt", "test", ["tests/integration/requirements.txt"], id="some tests"
        ),
        pytest.param("tests/fixtures/a/requirements.txt", "test", [], id="what tests work on"),
        pytest.param("api/requirements.txt", "own", ["api/requirements.txt"], id="a part of the project"),
    ],
)
def test_manifests_that_tests_work_on_are_not_the_projects(path: str, part: str, paths: list[str]) -> None:
    found = read({path: "pandas\n"}, parts={path: part})

    assert [m.path for m in found.manifests] == paths


def test_a_broken_file_is_recorded() -> None:
    found = read(
        {"pyproject.toml": "[project\n", "environment.yml": "a: [\n", "Pipfile.lock": "{", "setup.py": "print 'x'\n"}
    )

    assert {"pyproject.toml", "environment.yml", "Pipfile.lock", "setup.py"} == {m.path for m in found.manifests}
    assert all(m.errors and not m.requirements for m in found.manifests)


def test_a_yaml_bomb_costs_nothing() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12)
    )

    assert read({"environment.yml": bomb + "dependencies: *m\n"}).manifests == ()
    [deep] = read({"environment.yml": "dependencies: " + "[" * 100_000}).manifests
    assert "nested too deeply" in deep.errors[0][1]


def test_a_setup_py_bomb_costs_nothing() -> None:
    """Names that stand for lists of names double at every step."""
    doubling = "".join(f"a{i} = [a{i + 1}, a{i + 1}]\n" for i in range(60))

    found = read({"setup.py": doubling + "a60 = []\nsetup(name='demo', install_requires=a0)\n"})

    assert (found.name, found.manifests) == ("demo", ())


# Python versions


def stated(found: Packaging) -> list[tuple[str, str, str, int]]:
    return [(p.version, p.where, p.at.path, p.at.start) for p in found.python]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"pyproject.toml": PYPROJECT}, [(">=3.10", "metadata", "pyproject.toml", 7)], id="PEP 621"),
        pytest.param({"pyproject.toml": POETRY}, [("^3.9", "metadata", "pyproject.toml", 4)], id="poetry"),
        pytest.param({"setup.py": SETUP_PY}, [(">=3.7", "metadata", "setup.py", 7)], id="setup.py"),
        pytest.param({"setup.cfg": SETUP_CFG}, [(">=3.8", "metadata", "setup.cfg", 5)], id="setup.cfg"),
        pytest.param({"Pipfile": PIPFILE}, [("3.9", "metadata", "Pipfile", 10)], id="Pipfile"),
        pytest.param(
            {"environment.yml": ENVIRONMENT, "requirements.txt": ""},
            [("3.8", "environment", "environment.yml", 4)],
            id="conda",
        ),
        pytest.param(
            {".python-version": "# c\n3.11.4\n"}, [("3.11.4", "version-file", ".python-version", 2)], id="pyenv"
        ),
        pytest.param(
            {"runtime.txt": "python-3.9.7\n"}, [("python-3.9.7", "version-file", "runtime.txt", 1)], id="runtime.txt"
        ),
        pytest.param(
            {".tool-versions": "nodejs 18\npython 3.10.2\n"},
            [("3.10.2", "version-file", ".tool-versions", 2)],
            id="asdf",
        ),
        pytest.param(
            {".tool-versions": "python 3.10.2 3.9.1\n"},
            [("3.10.2", "version-file", ".tool-versions", 1)],
            id="asdf, several",
        ),
        pytest.param({".python-version": "\n"}, [], id="an empty version file"),
        pytest.param({"runtime.txt": "see the README\n"}, [], id="prose in a version file"),
        pytest.param(
            {
                "setup.py": "setup(classifiers=[\n'Programming Language :: Python :: 3',\n'Programming Language :: Python :: 3.9'])\n"
            },
            [("3.9", "metadata", "setup.py", 3)],
            id="classifiers",
        ),
        pytest.param({"pyproject.toml": "[project]\nrequires-python = ''\n"}, [], id="an empty requires-python"),
    ],
)
def test_python_stated_in_files(files: dict[str, str | bytes], expected: list[tuple[str, str, str, int]]) -> None:
    assert expected == stated(read(files))


RENDER = """\
services:
  - type: web
    startCommand: uvicorn app:app
    envVars:
      - key: PORT
        value: "3.12"
      - key: PYTHON_VERSION
        value: "3.12.6"
"""
DEVCONTAINER = """\
{
  "name": "Python 3",
  // Or use a Dockerfile
  "image": "mcr.example.com/devcontainers/python:1-3.11-bullseye",
}
"""


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("render.yaml", RENDER, [("3.12.6", "environment", 8)], id="variable of a service"),
        pytest.param("app.json", '{"env": {"PYTHON_VERSION": "3.9.1"}}', [("3.9.1", "environment", 1)], id="variable"),
        pytest.param(
            "netlify.toml", '[build.environment]\nPYTHON_VERSION = "3.8"\n', [("3.8", "environment", 2)], id="netlify"
        ),
        pytest.param("app.yaml", "runtime: python39\n", [("3.9", "environment", 1)], id="App Engine"),
        pytest.param(
            "serverless.yml", "provider:\n  runtime: python3.11\n", [("3.11", "environment", 2)], id="functions"
        ),
        pytest.param(
            ".readthedocs.yaml", "build:\n  tools:\n    python: '3.12'\n", [("3.12", "environment", 3)], id="docs host"
        ),
        pytest.param("cog.yaml", "build:\n  python_version: '3.10'\n", [("3.10", "environment", 2)], id="cog"),
        pytest.param("python_env.yaml", "python: 3.10.4\n", [("3.10.4", "environment", 1)], id="MLflow project"),
        pytest.param("mise.toml", '[tools]\npython = "3.11"\n', [("3.11", "version-file", 2)], id="mise"),
        pytest.param(
            ".mise.toml", '[tools]\npython = {version = "3.11"}\n', [("3.11", "version-file", 2)], id="mise table"
        ),
        pytest.param(
            "pixi.toml", '[dependencies]\npython = ">=3.11,<3.13"\n', [(">=3.11,<3.13", "environment", 2)], id="pixi"
        ),
        pytest.param(
            "pyproject.toml",
            '[tool.pixi.dependencies]\npython = "3.12.*"\n',
            [("3.12.*", "metadata", 2)],
            id="pixi in pyproject",
        ),
        pytest.param(".replit", 'modules = ["python-3.11"]\n', [("3.11", "environment", 1)], id="replit"),
        pytest.param(
            ".devcontainer/devcontainer.json", DEVCONTAINER, [("3.11", "dockerfile", 4)], id="container to work in"
        ),
        pytest.param(
            "docker-compose.yml",
            "services:\n  app:\n    image: python:3.9-slim\n",
            [("3.9", "dockerfile", 3)],
            id="image of a service",
        ),
        pytest.param("render.yaml", "# PYTHON_VERSION: 3.12\nservices: []\n", [], id="in a comment"),
        pytest.param("render.yaml", RENDER.replace("3.12.6", "${PYTHON}"), [], id="a variable of a variable"),
        pytest.param("app.json", "{", [], id="no JSON"),
        pytest.param("mise.toml", '[tools]\nnode = "3.11"\n', [], id="another tool"),
        pytest.param("mlflow/MLmodel.yaml", "python: 3.9\n", [], id="a file that no platform reads"),
    ],
)
def test_python_stated_to_a_platform(path: str, text: str, expected: list[tuple[str, str, int]]) -> None:
    assert [(v, w, path, line) for v, w, line in expected] == stated(read({path: text}))


def test_python_stated_in_the_settings_of_a_demo() -> None:
    settings = Block(
        kind="table", text='sdk\tgradio\npython_version\t"3.10"', at=Span(path="README.md", start=1, end=4)
    )
    document = Document(path="README.md", role="readme", format="markdown", blocks=(settings,))

    assert stated(read({}, prose=Prose(documents=(document,)))) == [("3.10", "environment", "README.md", 1)]


WORKFLOW = """\
on: push
env:
  PYTHON_VERSION: 3.10
jobs:
  test:
    strategy:
      matrix:
        python-version: ["3.8", '3.12']
    steps:
      - uses: actions/setup-python@v5
        with:
          python-version: ${{ matrix.python-version }}
      - run: echo python-version 3.5
"""


def test_python_stated_by_ci() -> None:
    delivery = Delivery(workflows=(Workflow(path=".github/workflows/ci.yml", system="github"),))

    found = stated(read({".github/workflows/ci.yml": WORKFLOW}, delivery=delivery))

    assert [(version, line) for version, _, _, line in found] == [("3.10", 3), ("3.8", 8), ("3.12", 8)]


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        pytest.param("python:3.11-slim", ["3.11"], id="official"),
        pytest.param("registry.example.org/library/python:3.9.7", ["3.9.7"], id="another registry"),
        pytest.param("tiangolo/uvicorn-gunicorn:python3.8", ["3.8"], id="in the tag"),
        pytest.param("python:latest", [], id="latest"),
        pytest.param("nvidia/cuda:11.8.0-base", [], id="no Python in the name"),
    ],
)
def test_python_stated_by_an_image(base: str, expected: list[str]) -> None:
    delivery = Delivery(dockerfiles=(Dockerfile(path="Dockerfile", base=base),))

    found = stated(read({"Dockerfile": f"# x\nFROM {base}\n"}, delivery=delivery))

    assert [(v, "dockerfile", "Dockerfile", 2) for v in expected] == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Requires Python 3.8+ and pip.", ["3.8+"], id="plus"),
        pytest.param("Python >= 3.10 is needed", [">= 3.10"], id="operator"),
        pytest.param("Tested with Python version 3.x", ["3.x"], id="no minor"),
        pytest.param("Make sure you have python3", ["3"], id="three"),
        pytest.param("Python 2023 edition", [], id="a year"),
        pytest.param("A Python project", [], id="no version"),
    ],
)
def test_python_stated_in_prose(text: str, expected: list[str]) -> None:
    at = Span(path="README.md", start=3, end=3)
    document = Document(
        path="README.md", role="readme", format="markdown", blocks=(Block(kind="paragraph", text=text, at=at),)
    )

    found = stated(read({"README.md": text}, prose=Prose(documents=(document,))))

    assert [(v, "prose", "README.md", 3) for v in expected] == found


def test_python_in_a_badge_is_prose_and_in_a_command_is_nothing() -> None:
    at = Span(path="README.md")
    document = Document(
        path="README.md",
        role="readme",
        format="markdown",
        blocks=(
            Block(kind="code", text="python3.9 train.py", at=at),
            Block(kind="paragraph", text="Run python3 train.py", inline_code=("python3 train.py",), at=at),
        ),
        links=(
            Link(text="", target="https://img.shields.io/badge/python-3.10%2B-blue", at=at, image=True, badge=True),
        ),
    )

    assert [(v, w) for v, w, _, _ in stated(read({}, prose=Prose(documents=(document,))))] == [("3.10+", "prose")]


# Install commands


def told(*lines: str) -> Prose:
    """Return the prose of a project whose README gives these commands."""
    at = Span(path="README.md", start=1, end=len(lines) + 1)
    block = Block(kind="code", text="\n".join(lines), at=at, info="bash")
    return Prose(documents=(Document(path="README.md", role="readme", format="markdown", blocks=(block,)),))


def command(line: str, origin: str, path: str) -> Command:
    return Command(argv=tuple(line.split()), raw=line, at=Span(path=path), origin=origin)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("pip install -r requirements.txt", "requirements.txt", id="pip"),
        pytest.param("python3 -m pip install --upgrade -r requirements.txt", "requirements.txt", id="module"),
        pytest.param("pip install -q -i https://example.org/x -rrequirements.txt", "requirements.txt", id="glued"),
        pytest.param("uv pip sync requirements.txt", "requirements.txt", id="uv pip sync"),
        pytest.param("pip install -e .[dev]", "pyproject.toml", id="the project"),
        pytest.param("uv sync --frozen", "uv.lock", id="uv"),
        pytest.param("poetry install --no-root", "pyproject.toml", id="poetry without a lock"),
        pytest.param("conda env create -f environment.yml", "environment.yml", id="conda"),
        pytest.param("pip install -r /app/api-requirements.txt", "api/api-requirements.txt", id="by its only name"),
        pytest.param("pip install numpy", "uv.lock", id="names follow no file: authority decides"),
        pytest.param("pip freeze", "uv.lock", id="not an installation"),
    ],
)
def test_the_manifest_an_install_follows(line: str, expected: str) -> None:
    files = {
        "uv.lock": UV_LOCK,
        "pyproject.toml": PYPROJECT,
        "requirements.txt": "numpy\n",
        "environment.yml": ENVIRONMENT,
        "api/api-requirements.txt": "flask\n",
    }

    chosen = followed(read(files, prose=told(line)))

    assert chosen is not None
    assert expected == chosen.path


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("uv run python train.py", ("uv.lock",), id="synced before it runs"),
        pytest.param("cd src && uv run python train.py", ("uv.lock",), id="after another command"),
        pytest.param("uv run --no-sync python train.py", (), id="not synced"),
        pytest.param("uv run --no-project python train.py", (), id="without the project"),
        pytest.param("poetry run python train.py", (), id="a runner that installs nothing"),
    ],
)
def test_what_a_runner_installs(line: str, expected: tuple[str, ...]) -> None:
    assert read({"uv.lock": UV_LOCK, "poetry.lock": ""}, prose=told(line)).followed == expected


def test_documents_are_followed_before_images_and_ci() -> None:
    delivery = Delivery(
        dockerfiles=(
            Dockerfile(
                path="Dockerfile",
                base="x",
                installs=(command("pip install -r b.reqs.txt", "dockerfile", "Dockerfile"),),
            ),
        ),
    )
    files = {"b.reqs.txt": "numpy\n", "a.reqs.txt": "pandas\n"}

    assert read(files, delivery=delivery, prose=told("pip install -r a.reqs.txt")).followed == (
        "a.reqs.txt",
        "b.reqs.txt",
    )


def test_install_lines_are_manifests_of_their_own_kind() -> None:
    docker = command("pip install --no-cache-dir numpy==1.0 pandas", "dockerfile", "Dockerfile")
    delivery = Delivery(
        dockerfiles=(Dockerfile(path="Dockerfile", base="x", installs=(docker,)),),
        workflows=(
            Workflow(path="ci.yml", system="github", commands=(command("pip install pytest", "ci", "ci.yml"),)),
        ),
    )

    found = read({}, delivery=delivery, prose=told("conda install -c conda-forge pytorch", "pip install -U pip"))

    assert [(m.kind, [r.name for r in m.requirements]) for m in found.manifests] == [
        ("dockerfile", ["numpy", "pandas"]),
        ("ci", ["pytest"]),
        ("readme", ["torch"]),
    ]
    assert followed(found) is None


def test_passwords_in_addresses_are_not_kept() -> None:
    line = (
        "demo @ git+https://me:k3Xq9vT2mZ8w@example.org/demo.git\n--index-url https://me:k3Xq9vT2mZ8w@example.org/x\n"
    )

    [manifest] = read({"requirements.txt": line}).manifests

    assert "k3Xq9vT2mZ8w" not in str(manifest)


def test_what_mlflow_logged_of_a_model_is_no_manifest() -> None:
    folder = "mlruns/0/abc/artifacts/model"

    assert (
        read(
            {f"{folder}/MLmodel": "", f"{folder}/conda.yaml": ENVIRONMENT, f"{folder}/requirements.txt": "a\n"}
        ).manifests
        == ()
    )


def test_a_text_about_requirements_is_no_manifest() -> None:
    text = "The system shall be fast.\nUsers want a button.\n"

    assert read({"functional-requirements.txt": text}).manifests == ()
    assert read({"requirements.txt": text}).manifests[0].errors


def test_files_are_read_up_to_a_bound_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_TOGETHER", 10)

    found = read({"requirements.txt": "numpy\n", "sub/requirements.txt": "pandas\n"})

    assert [(m.path, [r.name for r in m.requirements]) for m in found.manifests if m.requirements] == [
        ("requirements.txt", ["numpy"])
    ]


def test_what_is_not_here_is_told_apart_from_what_is_broken() -> None:
    snapshot = Snapshot.of({"pyproject.toml": PYPROJECT})
    gone = {"pyproject.toml": msgspec.structs.replace(snapshot.entries["pyproject.toml"], here=False)}
    tree = Tree(files=(File(path="pyproject.toml", kind="file", size=1, here=False, lfs=False, part="own"),))

    found = packaging(snapshot=dataclasses.replace(snapshot, entries=gone), tree=tree, delivery=NOTHING, prose=NO_PROSE)

    assert isinstance(found, Packaging)
    assert [reason for m in found.manifests for _, reason in m.errors] == ["its content is not here"]
