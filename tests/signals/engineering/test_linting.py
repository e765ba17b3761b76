"""Linters that are set up, ones that are only named, and files that only look like settings."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.facts.lint_setup import LintSetup, lint_setup
from evaluator.facts.manifests.reading import packaging
from evaluator.facts.tree import tree
from evaluator.model import Absence, InFile, Measured, Missing, NotApplicable
from evaluator.signals.engineering.linting import lint_configured
from evaluator.source.snapshot import Snapshot
from tests.facts.delivering.reading import read
from tests.facts.programs import notebook, program

CODE = {"a.py": "def f(x):\n    return x + 1\n\n\nprint(f(1))\n"}
PAGE = {"web/app.js": "const a = 1;\n" * 40}


def setup(files: Mapping[str, str]) -> LintSetup:
    snapshot = Snapshot.of(files)
    listed, found, made = tree(snapshot), read(files), program(files)
    nothing = Missing(fact="Prose", cause="not-found")
    return lint_setup(snapshot, listed, made.code, made.notebooks, found, packaging(snapshot, listed, found, nothing))


def workflow(*runs: str, job: str = "") -> dict[str, str]:
    steps = "".join(f"      - {run}\n" for run in runs)
    return {".github/workflows/ci.yml": f"on: [push]\njobs:\n  l:\n    runs-on: x\n{job}    steps:\n{steps}"}


def hooks(*lines: str, top: str = "") -> dict[str, str]:
    listed = "".join(f"      - {line}\n" for line in lines)
    return {
        ".pre-commit-config.yaml": f"{top}repos:\n  - repo: https://example.org/r\n    rev: v1\n    hooks:\n{listed}"
    }


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, id="ruff in pyproject"),
        pytest.param({"pyproject.toml": "[tool.ruff.lint]\nselect = ['E', 'F']\n"}, id="only its lint table"),
        pytest.param({"pyproject.toml": "[tool.black]\nline-length = 88\n"}, id="black"),
        pytest.param({"pyproject.toml": '[tool.pylint."messages control"]\ndisable = ["C0114"]\n'}, id="pylint"),
        pytest.param({"ruff.toml": "line-length = 100\n"}, id="ruff.toml"),
        pytest.param({".flake8": "[flake8]\nmax-line-length = 100\n"}, id="flake8 file"),
        pytest.param({"setup.cfg": "[metadata]\nname = x\n[flake8]\nexclude = build,.git\n"}, id="setup.cfg"),
        pytest.param({"tox.ini": "[pycodestyle]\nmax-line-length = 100\n"}, id="tox.ini"),
        pytest.param({".pylintrc": "[MASTER]\njobs=1\n[MESSAGES CONTROL]\ndisable=all\nenable=E\n"}, id="pylintrc"),
        pytest.param({".style.yapf": "[style]\nbased_on_style = google\n"}, id="yapf"),
        pytest.param({".isort.cfg": "[settings]\nprofile = black\n"}, id="isort"),
        pytest.param(hooks("id: ruff\n        args: [--fix]", "id: ruff-format"), id="hooks"),
        pytest.param(hooks("id: black-jupyter"), id="hook for notebooks"),
        pytest.param(hooks("id: style\n        entry: flake8 src\n        language: system"), id="local hook"),
        pytest.param(workflow("run: ruff check ."), id="CI"),
        pytest.param(workflow("run: pip install flake8 && python -m flake8 src"), id="CI, as a module"),
        pytest.param(workflow("run: pylint $(git ls-files '*.py')"), id="CI, over the listed files"),
        pytest.param(workflow("uses: psf/black@stable"), id="CI, a ready-made action"),
        pytest.param(workflow("uses: super-linter/super-linter@v6"), id="CI, a collection of linters"),
        pytest.param({".gitlab-ci.yml": "lint:\n  script:\n    - black --check .\n"}, id="GitLab"),
        pytest.param(workflow("run: make lint") | {"Makefile": "lint:\n\tuv run ruff check .\n"}, id="CI, by make"),
        pytest.param({"Makefile": "format:\n\tblack src\n"}, id="make target"),
        pytest.param({"tox.ini": "[testenv:lint]\ncommands = flake8 src\n"}, id="tox environment"),
        pytest.param(
            {"noxfile.py": "import nox\n\n\n@nox.session\ndef lint(s):\n    s.run('ruff', 'check', '.')\n"}, id="nox"
        ),
        pytest.param({"pyproject.toml": "[tool.poe.tasks]\nlint = 'flake8 src'\n"}, id="poe task"),
        pytest.param({"lint.sh": "set -e\nisort .\nblack .\n"}, id="script"),
    ],
)
def test_set_up(files: Mapping[str, str]) -> None:
    answer = lint_configured(setup(CODE | dict(files)))

    assert isinstance(answer, Measured)
    assert answer.value == 2
    assert all(isinstance(e, InFile) for e in answer.evidence)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"requirements-dev.txt": "black==24.1.0\npytest\n"}, id="a dependency"),
        pytest.param({"pyproject.toml": "[dependency-groups]\ndev = ['ruff', 'pytest']\n"}, id="a development group"),
        pytest.param({"pyproject.toml": "[tool.black]\n"}, id="an empty table"),
        pytest.param({"pyproject.toml": "[tool.ruff]\nexclude = ['*']\n"}, id="every file excluded"),
        pytest.param({"pyproject.toml": "[tool.ruff.lint]\nselect = []\n"}, id="no rule chosen"),
        pytest.param(
            {"pyproject.toml": "[tool.ruff.lint]\nselect = ['E']\nignore = ['ALL']\n"}, id="all rules ignored"
        ),
        pytest.param({".flake8": "[flake8]\nignore = E,W,F,C\n"}, id="flake8 without a rule"),
        pytest.param({".pylintrc": "[MESSAGES CONTROL]\ndisable=all\n"}, id="pylint without a message"),
        pytest.param({"setup.cfg": "[flake8]\n"}, id="an empty section"),
        pytest.param({"pyproject.toml": "[tool.mypy]\nstrict = true\n"}, id="a type checker alone"),
        pytest.param(hooks("id: trailing-whitespace", "id: end-of-file-fixer"), id="white space alone"),
        pytest.param(hooks("id: black\n        stages: [manual]"), id="a hook that runs by hand"),
        pytest.param(hooks("id: black\n        exclude: .*"), id="a hook for no file"),
        pytest.param(hooks("id: black", top="exclude: ^\n"), id="hooks for no file"),
        pytest.param(workflow("run: flake8 src || true"), id="failure ignored"),
        pytest.param(workflow("run: flake8 --exit-zero src"), id="exits with zero"),
        pytest.param(workflow("run: ruff check .\n        if: false"), id="a step that never runs"),
        pytest.param({".vscode/settings.json": '{"editor.formatOnSave": true}'}, id="one editor"),
        pytest.param({".editorconfig": "root = true\n[*]\nindent_size = 4\n"}, id="any editor"),
        pytest.param({"n.ipynb": notebook("%load_ext nb_black", "x = 1")}, id="a notebook's formatter"),
        pytest.param(
            {"a.py": CODE["a.py"] * 60, "web/a.js": "let a = 1;\n", "web/.eslintrc.json": '{"extends": "x"}'},
            id="a linter for a language that is hardly there",
        ),
        pytest.param(PAGE | {"web/package.json": '{"scripts": {"lint": "next lint"}}'}, id="eslint without settings"),
    ],
)
def test_only_named(files: Mapping[str, str]) -> None:
    answer = lint_configured(setup(CODE | dict(files)))

    assert isinstance(answer, Measured)
    assert answer.value == 1
    assert isinstance(answer.evidence[0], InFile)


FREEZE = "".join(f"package-{n}==1.0.{n}\n" for n in range(30)) + "black==25.1.0\nkaggle==1.8.2\n"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"n.ipynb": notebook("x = 1")}, id="notebook"),
        pytest.param({".flake8": ""}, id="an empty file"),
        pytest.param({".flake8": "# flake8 settings\n"}, id="a comment"),
        pytest.param({".eslintrc.json": "{}"}, id="an empty object"),
        pytest.param({"README.md": "We use black, flake8 and ruff.\n"}, id="prose"),
        pytest.param({".gitignore": ".ruff_cache/\n.mypy_cache/\n"}, id="ignored caches"),
        pytest.param(workflow("run: echo ruff check ."), id="an echo"),
        pytest.param(workflow("run: ruff --version"), id="a version"),
        pytest.param(workflow("uses: astral-sh/ruff-action@v3\n        if: false"), id="an action that never runs"),
        pytest.param(hooks("id: black\n        entry: echo black\n        language: system"), id="a hook that echoes"),
        pytest.param({"vendor/x/.flake8": "[flake8]\nmax-line-length = 90\n"}, id="someone else's settings"),
        pytest.param({"a.py": "# ruff: noqa\n# black\nx = 1\nprint(x)\n"}, id="comments"),
        pytest.param({"requirements.txt": FREEZE}, id="brought by another package"),
        pytest.param(
            {"pyproject.toml": "[project]\nname = 'x'\ndependencies = ['kaggle']\n", "requirements.txt": FREEZE},
            id="an export of what is installed",
        ),
        pytest.param({"setup.cfg": "[metadata]\nname = x\n"}, id="setup.cfg about something else"),
    ],
)
def test_none(files: Mapping[str, str]) -> None:
    answer = lint_configured(setup(CODE | dict(files)))

    assert isinstance(answer, Measured)
    assert answer.value == 0
    assert isinstance(answer.evidence[-1], Absence)


@pytest.mark.parametrize(
    ("files", "level"),
    [
        pytest.param({"a.R": "x <- 1\n", ".lintr": "linters: linters_with_defaults()\n"}, 2, id="lintr"),
        pytest.param(
            {"a.R": "x <- 1\n"} | workflow("run: Rscript -e 'lintr::lint_dir(\"R\")'"), 2, id="lintr, run by CI"
        ),
        pytest.param({"a.R": "x <- 1\n", "DESCRIPTION": "Package: x\nSuggests:\n    lintr\n"}, 1, id="lintr suggested"),
        pytest.param({"a.cpp": "int a;\n", ".clang-format": "BasedOnStyle: Google\n"}, 2, id="clang-format"),
        pytest.param({"a.rs": "fn a() {}\n"} | workflow("run: cargo clippy -- -D warnings"), 2, id="clippy"),
        pytest.param(PAGE | {"eslint.config.mjs": "export default [];\nconst x = 1;\n"}, 2, id="eslint"),
        pytest.param(
            PAGE | {"package.json": '{"scripts": {"format": "prettier --write src"}}'}, 2, id="prettier script"
        ),
        pytest.param(PAGE | {"package.json": '{"lint-staged": {"*.js": "prettier --write"}}'}, 2, id="lint-staged"),
        pytest.param(PAGE | {"package.json": '{"devDependencies": {"eslint": "^9"}}'}, 1, id="eslint declared"),
        pytest.param({"n.ipynb": notebook("x = 1"), "ruff.toml": "line-length = 99\n"}, 2, id="notebooks only"),
        pytest.param(
            {"n.ipynb": notebook("x <- 1", language="R"), "ruff.toml": "line-length = 99\n"}, 1, id="R notebook"
        ),
    ],
)
def test_other_languages(files: Mapping[str, str], level: int) -> None:
    answer = lint_configured(setup(files))

    assert isinstance(answer, Measured)
    assert answer.value == level


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"README.md": "# Hello\n"}, id="prose only"),
        pytest.param({"data.csv": "a,b\n1,2\n", ".flake8": "[flake8]\nmax-line-length = 9\n"}, id="data only"),
    ],
)
def test_not_asked(files: Mapping[str, str]) -> None:
    assert isinstance(lint_configured(setup(files)), NotApplicable)


@pytest.mark.parametrize(
    "text",
    [b"\xff\xfe\x00", "[" * 5000, "{" * 5000, "[tool.ruff", "repos: &a [*a]\n", "x" * 300_000, "\x00"],
    ids=["bytes", "brackets", "braces", "half a table", "an alias", "long", "zero"],
)
def test_settings_that_are_none_do_no_harm(text: str | bytes) -> None:
    names = (
        "pyproject.toml",
        "setup.cfg",
        ".flake8",
        "package.json",
        ".eslintrc",
        ".pre-commit-config.yaml",
        "DESCRIPTION",
    )
    content = text if isinstance(text, str) else text.decode("latin-1")

    assert isinstance(lint_configured(setup(CODE | dict.fromkeys(names, content))), Measured)
