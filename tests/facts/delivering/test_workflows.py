"""What do CI files run, when, and would a failure be noticed?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.facts.delivering.reading import pipeline, read, shown

CI = ".github/workflows/ci.yml"


def github(body: str, on: str = "push", **others: str) -> list[str]:
    return shown(pipeline(CI, f"on: {on}\n{body}", **others).commands)


STEPS = "jobs:\n  a:\n    steps:\n"


@pytest.mark.parametrize(
    ("body", "commands"),
    [
        pytest.param(STEPS + "      - run: pytest -q\n", ["pytest -q"], id="one step"),
        pytest.param(
            STEPS + "      - run: |\n          pip install .\n          pytest\n",
            ["pip install .", "pytest"],
            id="lines",
        ),
        pytest.param(
            STEPS + "      - if: false\n        run: pytest\n", ["pytest [its condition is never true]"], id="if false"
        ),
        pytest.param(
            STEPS + "      - if: ${{ false }}\n        run: pytest\n",
            ["pytest [its condition is never true]"],
            id="expr",
        ),
        pytest.param(
            STEPS + "      - continue-on-error: true\n        run: pytest\n",
            ["pytest [continue-on-error]"],
            id="tolerated",
        ),
        pytest.param(
            STEPS + "      - run: pytest || true\n", ["pytest [its failure is ignored]", "true"], id="or true"
        ),
        pytest.param(
            STEPS + "      - if: failure()\n        run: pytest\n",
            ["pytest [only after a failure]"],
            id="after failure",
        ),
        pytest.param(
            STEPS + "      - if: github.event_name == 'workflow_dispatch'\n        run: pytest\n",
            ["pytest [only on workflow_dispatch]"],
            id="by hand only",
        ),
        pytest.param(
            STEPS + "      - if: github.ref == 'refs/heads/main'\n        run: pytest\n", ["pytest"], id="on main"
        ),
        pytest.param(
            "jobs:\n  a:\n    if: false\n    steps:\n      - run: pytest\n",
            ["pytest [its condition is never true]"],
            id="job off",
        ),
        pytest.param(
            "jobs:\n  a:\n    if: false\n    steps: [{run: x}]\n  b:\n    needs: a\n    steps:\n      - run: pytest\n",
            ["x [its condition is never true]", "pytest [its condition is never true]"],
            id="needs a job that is off",
        ),
        pytest.param(
            "jobs:\n  a:\n    strategy:\n      matrix: {cmd: ['pytest', 'ruff check'], include: [{cmd: mypy x}]}\n"
            "    steps:\n      - run: ${{ matrix.cmd }}\n",
            ["pytest", "ruff check", "mypy x"],
            id="matrix",
        ),
        pytest.param("jobs: {}\n", [], id="no jobs"),
        pytest.param("", [], id="nothing"),
        pytest.param("jobs: [a, b]\n", [], id="jobs of another form"),
        pytest.param("jobs: &a\n  x: *a\n", [], id="an alias to itself"),
    ],
)
def test_github(body: str, commands: list[str]) -> None:
    assert commands == github(body)


@pytest.mark.parametrize(
    ("on", "triggers"),
    [
        pytest.param("push", ("push",), id="one"),
        pytest.param("[push, pull_request]", ("push", "pull_request"), id="list"),
        pytest.param("{push: {branches: [main]}}", ("push",), id="branches"),
        pytest.param("{push: {branches: [release/**]}}", ("push of other branches",), id="branches that nobody uses"),
        pytest.param("{push: {branches: ['**']}}", ("push",), id="every branch"),
        pytest.param("{push: {branches: [work]}}", ("push",), id="the judged branch"),
        pytest.param("{push: {tags: [v*]}}", ("push of tags",), id="tags"),
        pytest.param("{push: {branches-ignore: ['**']}}", ("push of no branch",), id="no branch"),
        pytest.param("{workflow_dispatch: , schedule: [{cron: x}]}", ("workflow_dispatch", "schedule"), id="by hand"),
    ],
)
def test_github_triggers(on: str, triggers: tuple[str, ...]) -> None:
    assert triggers == pipeline(CI, f"on: {on}\n", ref="work").triggers


def test_what_a_step_names_is_followed() -> None:
    """Make targets, scripts, composite actions and local workflows; each command where it stands."""
    body = (
        STEPS
        + "      - run: make check\n      - run: ./run.sh\n      - uses: ./.github/actions/x\n  b:\n    uses: ./.github/workflows/called.yml\n"
    )
    files = {
        CI: f"on: push\n{body}",
        ".github/workflows/called.yml": "on: workflow_call\njobs:\n  t:\n    steps:\n      - run: tox\n",
        ".github/actions/x/action.yml": "runs:\n  using: composite\n  steps:\n    - run: mypy .\n",
        "Makefile": "check: lint\n\tpytest -q\nlint:\n\truff check\n",
        "run.sh": "#!/bin/bash\ncd sub\npython go.py\n",
        "sub/go.py": "",
        "tox.ini": "[testenv]\ncommands =\n    pytest {posargs:tests}\n    ruff check\n",
    }

    found = next(w for w in read(files).workflows if w.path == CI)

    assert [(" ".join(c.argv), c.at.path, c.at.start, c.runs) for c in found.commands] == [
        ("make check", CI, 5, None),
        ("ruff check", "Makefile", 4, None),
        ("pytest -q", "Makefile", 2, None),
        ("./run.sh", CI, 6, "run.sh"),
        ("python go.py", "run.sh", 3, "sub/go.py"),
        ("mypy .", ".github/actions/x/action.yml", 4, None),
        ("tox", ".github/workflows/called.yml", 5, None),
        ("pytest tests", "tox.ini", 3, None),
        ("ruff check", "tox.ini", 4, None),
    ]
    assert (found.jobs, found.actions) == (2, ())


def test_scripts_that_name_each_other_end() -> None:
    files = {
        CI: "on: push\n" + STEPS + "      - run: bash a.sh\n",
        "a.sh": "bash b.sh\nmake a\n",
        "b.sh": "bash a.sh\n",
        "Makefile": "a: b\n\tmake a\n\tbash a.sh\nb: a\n\ttrue\n",
    }

    assert len(next(w for w in read(files).workflows if w.path == CI).commands) < 20


def test_working_directory() -> None:
    body = (
        "defaults:\n  run:\n    working-directory: app\n"
        + STEPS
        + "      - run: python a.py\n      - run: python a.py\n        working-directory: lib\n"
    )

    found = pipeline(CI, body, app__a_py="", **{"app/a.py": "", "lib/a.py": ""})

    assert [c.runs for c in found.commands] == ["app/a.py", "lib/a.py"]


def test_only_workflows_that_github_takes_up() -> None:
    text = "on: push\njobs: {a: {steps: [{run: pytest}]}}\n"

    found = read({"sub/.github/workflows/ci.yml": text, ".github/workflows/deep/ci.yml": text, ".github/ci.yml": text})

    assert found.workflows == ()


@pytest.mark.parametrize(
    ("path", "text", "commands", "triggers"),
    [
        pytest.param(
            ".gitlab-ci.yml",
            "stages: [test]\n.base:\n  script: [no]\ntest:\n  before_script: [pip install .]\n  script:\n    - cd sub\n    - pytest\n",
            ["pip install .", "pytest"],
            ("push",),
            id="gitlab",
        ),
        pytest.param(
            ".gitlab-ci.yml",
            "t:\n  extends: .b\n  allow_failure: true\n.b:\n  script: pytest\n",
            ["pytest [allow_failure]"],
            ("push",),
            id="gitlab extends",
        ),
        pytest.param(
            ".gitlab-ci.yml", "t:\n  when: manual\n  script: pytest\n", ["pytest"], ("manual",), id="gitlab by hand"
        ),
        pytest.param(
            ".gitlab-ci.yml",
            "t:\n  script: pytest\n  rules: [{when: never}]\n",
            ["pytest [its rules say never]"],
            ("never",),
            id="never",
        ),
        pytest.param(
            ".circleci/config.yml",
            "version: 2.1\ncommands:\n  t:\n    steps:\n      - run: pytest\njobs:\n  a:\n    steps:\n      - checkout\n      - t\n"
            "      - run: {command: make, name: x}\n  unused:\n    steps: [{run: no}]\nworkflows:\n  w:\n    jobs: [a]\n",
            ["pytest", "make"],
            ("push",),
            id="circle",
        ),
        pytest.param(
            "azure-pipelines.yml",
            "trigger: none\npr: [main]\nstages:\n  - jobs:\n      - steps:\n          - script: pytest\n          - bash: mypy .\n            condition: false\n",
            ["pytest", "mypy . [its condition is never true]"],
            ("pull_request",),
            id="azure",
        ),
        pytest.param(
            ".travis.yml",
            "install: pip install .\nscript:\n  - pytest\n",
            ["pip install .", "pytest"],
            ("push",),
            id="travis",
        ),
        pytest.param(
            "bitbucket-pipelines.yml",
            "pipelines:\n  default:\n    - step:\n        script: [pytest]\n  custom:\n    x:\n      - step:\n          script: [make]\n",
            ["pytest", "make [started by hand]"],
            ("manual", "push"),
            id="bitbucket",
        ),
        pytest.param(
            ".drone.yml",
            "steps:\n  - name: t\n    commands: [pytest, mypy .]\n",
            ["pytest", "mypy ."],
            ("push",),
            id="drone",
        ),
        pytest.param(
            "Jenkinsfile",
            "pipeline { stages { stage('T') { steps {\n sh 'pytest -q' // sh 'no'\n sh \"\"\"\n  make\n  mypy .\n \"\"\"\n"
            " sh(script: 'ruff check', returnStatus: true)\n echo 'sh pytest'\n} } } }",
            ["pytest -q", "make", "mypy .", "ruff check"],
            ("push",),
            id="jenkins",
        ),
    ],
)
def test_other_systems(path: str, text: str, commands: list[str], triggers: tuple[str, ...]) -> None:
    found = pipeline(path, text)

    assert (commands, triggers) == (shown(found.commands), found.triggers)


PATHS = [
    CI,
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    "azure-pipelines.yml",
    ".travis.yml",
    "Jenkinsfile",
    ".drone.yml",
    "bitbucket-pipelines.yml",
]
PIECES = [
    "on:",
    "jobs:",
    "steps:",
    "- run:",
    "script:",
    "|",
    " ",
    "\n",
    "  ",
    "pytest",
    "[",
    "]",
    "{",
    "}",
    "&a",
    "*a",
    "<<:",
    "'",
    "sh 'x'",
    "%",
    "\t",
]


@given(st.sampled_from(PATHS), st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.binary(max_size=200))
def test_never_raises(path: str, text: str | bytes) -> None:
    assert len(read({path: text}).workflows) == 1


def test_a_yaml_bomb_costs_nothing() -> None:
    """Nine levels of ten aliases each would be a billion values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]

    found = pipeline(CI, "\n".join(lines) + "\njobs: *a9\non: *a9\n")

    assert found.commands == ()


def test_deep_and_long_files_cost_nothing() -> None:
    for text in (
        "[" * 100_000,
        "a:\n" * 100_000,
        "- " * 100_000,
        "x: &a\n  <<: *a\n" * 1000,
        "jobs:" + " {a:" * 50_000,
    ):
        assert pipeline(CI, text).jobs == 0
