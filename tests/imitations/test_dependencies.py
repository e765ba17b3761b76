"""Do comments, other projects' locks or unfollowed files pass for declared and pinned dependencies?"""

from __future__ import annotations

import re

import pytest

from tests.imitations.harness import withheld
from tests.imitations.honest import TABULAR
from tests.imitations.repo import Repo

PYPROJECT = TABULAR.text("pyproject.toml")
_START, _END = PYPROJECT.index("dependencies = ["), PYPROJECT.index("[project.scripts]")
DECLARED = PYPROJECT[_START:_END]
NAMES = re.findall(r'"([a-z-]+)==', DECLARED)
# Nothing is declared: neither what the code imports nor what the tests do. The image installs from no list either.
UNDECLARED = TABULAR.plus("pyproject.toml", PYPROJECT.replace(DECLARED, ""))
ANOTHER_PROJECT = (
    "django==5.1.3\ncelery==5.4.0\nredis==5.2.0\npsycopg2-binary==2.9.10\ngunicorn==23.0.0\nrequests==2.32.3\n"
)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(UNDECLARED.plus("requirements.txt", ""), id="empty-requirements"),
        pytest.param(
            UNDECLARED.plus("requirements.txt", "".join(f"# {name}\n" for name in NAMES)), id="commented-requirements"
        ),
        pytest.param(UNDECLARED.plus("requirements.txt", ANOTHER_PROJECT), id="requirements-of-another-project"),
        pytest.param(
            UNDECLARED.swap(
                "pyproject.toml", "[project.scripts]", f"[tool.term-deposit]\n{DECLARED}\n[project.scripts]"
            ),
            id="list-in-a-table-that-nothing-reads",
        ),
        pytest.param(
            UNDECLARED.swap("Dockerfile", "RUN pip install --no-cache-dir .", f"RUN pip install {' '.join(NAMES)} ."),
            id="install-line-of-the-image-only",
        ),
        pytest.param(
            UNDECLARED.swap("README.md", 'pip install -e ".[dev]"', f"pip install {' '.join(NAMES)}"), id="prose-only"
        ),
        pytest.param(
            UNDECLARED.plus("tests/fixtures/sample/requirements.txt", "".join(f"{name}\n" for name in NAMES)),
            id="manifest-among-the-fixtures",
        ),
    ],
)
def test_dependencies_declared(repo: Repo) -> None:
    withheld(repo.files, "reproducibility.dependencies-declared")


def loose(mark: str = "") -> Repo:
    """Return the project with ``mark`` in the place of each exact version; {version} is what it was."""
    made = re.sub(
        r'"([a-z-]+)==([\d.]+)"', lambda m: f'"{m[1]}{mark.format(version=m[2], major=m[2].split(".")[0])}"', PYPROJECT
    )
    return TABULAR.plus("pyproject.toml", made)


POETRY_OF_ANOTHER = """\
[[package]]
name = "django"
version = "5.1.3"
description = "A high-level Python web framework."
optional = false
python-versions = ">=3.10"
files = []

[metadata]
lock-version = "2.0"
python-versions = "^3.11"
content-hash = "0000000000000000000000000000000000000000000000000000000000000000"
"""


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(loose().plus("uv.lock", ""), id="empty-lock"),
        pytest.param(loose().plus("uv.lock", 'version = 1\nrequires-python = ">=3.11"\n'), id="lock-without-packages"),
        pytest.param(loose().plus("poetry.lock", POETRY_OF_ANOTHER), id="lock-of-another-project"),
        pytest.param(
            loose().swap("pyproject.toml", '"pandas",', '"pandas",  # ==2.2.3, like all the others: pinned exactly'),
            id="version-in-a-comment",
        ),
        pytest.param(loose(">={version}"), id="lower-bounds"),
        pytest.param(loose("=={major}.*"), id="wildcards-that-look-exact"),
        pytest.param(
            loose().plus("archive/frozen.txt", "\n".join(re.findall(r'"([a-z-]+==[\d.]+)"', DECLARED)) + "\n"),
            id="frozen-list-that-no-install-follows",
        ),
        pytest.param(loose(">={version},!=99.0"), id="bound-that-excludes-nothing"),
    ],
)
def test_dependencies_pinned(repo: Repo) -> None:
    withheld(repo.files, "reproducibility.dependencies-pinned")


ANY_PYTHON = (
    TABULAR.without(".python-version", "notebooks/")
    .swap("pyproject.toml", 'requires-python = ">=3.11,<3.12"\n', "")
    .swap("Dockerfile", "python:3.11.10-slim", "python:latest")
    .swap(".github/workflows/ci.yml", '        with:\n          python-version: "3.11"\n', "")
    .swap("README.md", "You need Python 3.11.\n", "")
)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(ANY_PYTHON.head("pyproject.toml", '# requires-python = ">=3.11"\n'), id="comment-in-the-metadata"),
        pytest.param(ANY_PYTHON.plus(".python-version", ""), id="empty-version-file"),
        pytest.param(
            ANY_PYTHON.swap("README.md", "## Install\n", "## Install\n\nWorks with Python 3.11.\n"), id="prose-only"
        ),
        pytest.param(
            ANY_PYTHON.plus("notebooks/exploration.ipynb", TABULAR.files["notebooks/exploration.ipynb"]),
            id="metadata-of-a-notebook",
        ),
        pytest.param(
            ANY_PYTHON.swap("pyproject.toml", 'version = "1.2.0"', 'version = "1.2.0"\nrequires-python = ""'),
            id="empty-bound",
        ),
        pytest.param(
            ANY_PYTHON.plus("setup.py", "from setuptools import setup\n\n# python_requires='>=3.11'\nsetup()\n"),
            id="comment-in-setup",
        ),
        pytest.param(
            ANY_PYTHON.swap(
                "pyproject.toml",
                'version = "1.2.0"',
                'version = "1.2.0"\nclassifiers = ["Programming Language :: Python"]',
            ),
            id="classifier-without-a-version",
        ),
        pytest.param(
            ANY_PYTHON.head("README.md", "![python](https://img.shields.io/badge/python-3.11-blue)\n\n"), id="badge"
        ),
    ],
)
def test_python_version_stated(repo: Repo) -> None:
    withheld(repo.files, "reproducibility.python-version-stated")
