"""CI that runs the tests, CI that does not, and files that only look like CI."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.facts.code import Code, code
from evaluator.facts.python.modules import Modules
from evaluator.model import Absence, InFile, Measured
from evaluator.signals.testing.ci import ci_runs_tests
from evaluator.source.snapshot import Snapshot
from tests.facts.delivering.reading import read

GITHUB = ".github/workflows/ci.yml"
TESTS = {
    "tests/test_a.py": "from pkg import f\n\ndef test_f():\n    assert f(1) == 2\n",
    "pkg/__init__.py": "def f(x):\n    return x + 1\n",
}


def github(*steps: str, on: str = "[push, pull_request]", job: str = "") -> dict[str, str]:
    listed = "".join(f"      - {step}\n" for step in steps)
    return {
        GITHUB: f"on: {on}\njobs:\n  t:\n    runs-on: x\n{job}    steps:\n      - uses: actions/checkout@v4\n{listed}"
    }


def of(files: Mapping[str, str]) -> Code:
    return code(Modules(Snapshot.of(files)))


@pytest.mark.parametrize(
    ("files", "level"),
    [
        pytest.param(github("run: pytest -q"), 2, id="pytest"),
        pytest.param(github("run: python -m pytest tests"), 2, id="as a module"),
        pytest.param(github("run: uv run --extra dev pytest"), 2, id="uv run"),
        pytest.param(github("run: coverage run -m pytest"), 2, id="under coverage"),
        pytest.param(github("run: python -m unittest discover -s tests"), 2, id="unittest"),
        pytest.param(github("run: docker compose run --rm app pytest"), 2, id="in a container"),
        pytest.param(github("run: make test") | {"Makefile": "test:\n\tpytest\n"}, 2, id="make target"),
        pytest.param(github("run: tox") | {"tox.ini": "[testenv]\ncommands = pytest\n"}, 2, id="tox"),
        pytest.param(
            github("run: nox")
            | {"noxfile.py": "import nox\n@nox.session\ndef t(session):\n    session.run('pytest')\n"},
            2,
            id="nox",
        ),
        pytest.param(github("run: bash ci.sh") | {"ci.sh": "set -e\npytest\n"}, 2, id="script"),
        pytest.param(
            github("run: python check.py") | {"check.py": "import pytest\nraise SystemExit(pytest.main())\n"},
            2,
            id="own runner",
        ),
        pytest.param(github("run: poe test") | {"pyproject.toml": "[tool.poe.tasks]\ntest = 'pytest'\n"}, 2, id="task"),
        pytest.param(github("run: pytest", on="pull_request"), 2, id="on pull request alone"),
        pytest.param(github("run: pytest", on="{push: {branches: [main]}}"), 2, id="on main"),
        pytest.param({".gitlab-ci.yml": "t:\n  script:\n    - pytest\n"}, 2, id="gitlab"),
        pytest.param({"Jenkinsfile": "pipeline { stages { stage('t') { steps { sh 'pytest' } } } }"}, 2, id="jenkins"),
        pytest.param(github("run: ruff check"), 1, id="only lint"),
        pytest.param(github("uses: docker/build-push-action@v5"), 1, id="only builds"),
        pytest.param(github("run: pytest || true"), 1, id="failure ignored"),
        pytest.param(github("{run: pytest, continue-on-error: true}"), 1, id="failure tolerated"),
        pytest.param(github("run: pytest", job="    if: false\n"), 1, id="switched off"),
        pytest.param(github("run: pytest", on="workflow_dispatch"), 1, id="by hand"),
        pytest.param(github("run: pytest", on="{schedule: [{cron: '0 0 * * *'}]}"), 1, id="by the clock"),
        pytest.param(github("run: pytest", on="{push: {tags: [v*]}}"), 1, id="on tags"),
        pytest.param(github("run: pytest --collect-only"), 1, id="collects only"),
        pytest.param(github("run: pip install pytest"), 1, id="only installs a runner"),
        pytest.param(github("run: pytest gone/"), 1, id="tests that are not there"),
        pytest.param(github("run: make test") | {"Makefile": "test:\n\techo tested\n"}, 1, id="a target that says so"),
        pytest.param(github("run: tox") | {"tox.ini": "[testenv]\ncommands = ruff check\n"}, 1, id="tox without tests"),
        pytest.param({}, 0, id="none"),
        pytest.param({GITHUB: ""}, 0, id="an empty file"),
        pytest.param({GITHUB: "on: push\njobs: {}\n"}, 0, id="no jobs"),
        pytest.param(github(), 0, id="only a checkout"),
        pytest.param(github("run: echo pytest"), 0, id="a word"),
        pytest.param({GITHUB: "# on: push\n# jobs: {t: {steps: [{run: pytest}]}}\n"}, 0, id="commented out"),
        pytest.param({"docs/.github/workflows/ci.yml": github("run: pytest")[GITHUB]}, 0, id="where nobody looks"),
        pytest.param({"README.md": "CI runs `pytest` on every push.\n"}, 0, id="in prose"),
    ],
)
def test_ci_runs_tests(files: dict[str, str], level: int) -> None:
    files = {**TESTS, **files}

    answer = ci_runs_tests(read(files), of(files))

    assert isinstance(answer, Measured)
    assert level == answer.value
    assert answer.evidence


def test_a_test_command_without_tests() -> None:
    """What it starts would find nothing."""
    answer = ci_runs_tests(read(github("run: pytest")), of({"pkg.py": "x = 1\n"}))

    assert isinstance(answer, Measured)
    assert answer.value == 1
    assert "there are no tests" in answer.summary


def test_evidence_is_the_line() -> None:
    files = {**TESTS, **github("run: pip install .", "run: pytest -q")}

    answer = ci_runs_tests(read(files), of(files))

    assert isinstance(answer, Measured)
    (found,) = answer.evidence
    assert isinstance(found, InFile)
    assert (found.at.path, found.at.start, found.excerpt) == (GITHUB, 8, "pytest -q")


def test_absence_says_where_it_was_looked_for() -> None:
    answer = ci_runs_tests(read({}), of({}))

    assert isinstance(answer, Measured)
    (found,) = answer.evidence
    assert isinstance(found, Absence)
    assert ".github/workflows" in found.looked_at
