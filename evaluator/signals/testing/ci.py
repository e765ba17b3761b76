"""Does anybody but the author notice when a test fails?"""

from __future__ import annotations

import posixpath

from evaluator.facts.code import Code, Module
from evaluator.facts.delivery import Command, Delivery, Workflow
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Record, Span, Unit
from evaluator.registry import signal
from evaluator.runs.testing.plan import seen_tests

_ON_CHANGE = frozenset({"push", "pull_request", "pull_request_target", "merge_group"})
_PYTEST = frozenset({"pytest", "py.test", "pytest-3"})
_OTHER_RUNNERS = frozenset({"nosetests", "nose2", "green", "stestr", "ward", "trial"})
_NOT_RUNNING = frozenset({"--collect-only", "--co", "--version", "-V", "--help", "-h", "--fixtures", "--markers"})
_CONTAINERS = frozenset({"docker", "docker-compose", "podman", "podman-compose"})
_NOTHING = frozenset(
    {"echo", "printf", "true", ":", "ls", "pwd", "date", "sleep", "exit", "cat", "env", "whoami", "uname"}
)
_PREPARING = ("actions/checkout", "actions/setup-", "actions/cache", "astral-sh/setup-uv", "snok/install-poetry")
_LOOKED_AT = (
    ".github/workflows",
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    "azure-pipelines.yml",
    "Jenkinsfile",
    ".travis.yml",
)


class Judged(Record):
    """One workflow's part. ``level``: as the signal's; ``command``: the one that decided; ``note``: what it does."""

    level: int
    note: str
    path: str
    command: Command | None = None


@signal(
    id="testing.ci-runs-tests",
    title="CI runs the tests",
    question="Does continuous integration run the tests on every push or pull request, and would a failure be seen?",
    looks_at="The commands of CI files, through the make targets, tox and task definitions and scripts that they name",
    remedy="Add a workflow that installs the project and runs `pytest` on push and pull request.",
    effort="hour",
    sources=("openssf-scorecard", "fowler-ci", "breck-2017"),
    limits=(
        "Files are read, not the service's history: whether a run ever succeeded is not seen. Steps of ready-made actions "
        "and of workflows in other repositories are not followed."
    ),
    levels=("no CI that does anything", "CI that does not run the tests, or hides their failure", "CI runs the tests"),
)
def ci_runs_tests(delivery: Delivery, code: Code) -> Answer:
    """Value: 2 if a workflow runs the tests on push or pull request, 1 if there is a working CI without that, else 0."""
    found = [_judged(workflow, code) for workflow in delivery.workflows]
    if not found:
        return Measured(
            value=0, unit=Unit.LEVEL, summary="no CI", evidence=(Absence(note="no CI file", looked_at=_LOOKED_AT),)
        )
    best = max(found, key=lambda j: j.level)
    shown = [best] if best.level == 2 else found[:5]
    return Measured(
        value=best.level,
        unit=Unit.LEVEL,
        summary=f"{best.path}: {best.note}",
        evidence=tuple(_evidence(j) for j in shown),
        confidence="high" if code.modules else "medium",
    )


def _evidence(judged: Judged) -> Evidence:
    if judged.command is None:
        return InFile(at=Span(path=judged.path), note=judged.note)
    return InFile(at=judged.command.at, note=judged.note, excerpt=judged.command.raw)


def _judged(workflow: Workflow, code: Code) -> Judged:
    if not _does_something(workflow):
        return Judged(level=0, note="it has no job that does anything", path=workflow.path)
    tests = [c for c in workflow.commands if runs_tests(c, code)]
    if not tests:
        first = workflow.commands[0] if workflow.commands else None
        return Judged(level=1, note="it runs no tests", path=workflow.path, command=first)
    events = _ON_CHANGE & set(workflow.triggers)
    armed = [c for c in tests if not c.disarmed and c.names_missing is None]
    if not seen_tests(code):
        return Judged(
            level=1, note="it runs a test command, and there are no tests", path=workflow.path, command=tests[0]
        )
    if not armed:
        why = tests[0].disarmed or f"{tests[0].names_missing} is not there"
        return Judged(level=1, note=f"its tests cannot fail or run: {why}", path=workflow.path, command=tests[0])
    if not events:
        when = ", ".join(workflow.triggers) or "no event"
        note = f"it runs the tests on {when}, not on push or pull request"
        return Judged(level=1, note=note, path=workflow.path, command=armed[0])
    note = f"it runs the tests on {' and '.join(sorted(events))}"
    return Judged(level=2, note=note, path=workflow.path, command=armed[0])


def _does_something(workflow: Workflow) -> bool:
    working = any(posixpath.basename(c.argv[0]) not in _NOTHING for c in workflow.commands)
    return workflow.jobs > 0 and (working or any(not a.startswith(_PREPARING) for a in workflow.actions))


def runs_tests(command: Command, code: Code) -> bool:
    """Whether ``command`` runs a test suite: a test runner that is asked to run, or a file of the project that does."""
    words = list(command.argv)
    program = posixpath.basename(words[0])
    if program.startswith("python") and words[1:2] == ["-m"]:
        words, program = words[2:], words[2] if len(words) > 2 else ""
    if program == "coverage" and words[1:2] == ["run"] and "-m" in words:
        words = words[words.index("-m") + 1 :]
        program = words[0] if words else ""
    if program in _CONTAINERS:
        return _in_container(words)
    if _NOT_RUNNING & set(words[1:]):
        return False
    if program in _PYTEST | _OTHER_RUNNERS | {"unittest"}:
        return True
    if program == "hatch":
        return words[1:2] == ["test"]
    if "setup.py" in words[:2]:
        return any(w in {"test", "pytest"} for w in words[1:3])
    if "manage.py" in " ".join(words[:2]):
        return "test" in words[1:3]
    if program == "nox":
        return any(_calls_runner(m) for m in code.modules if posixpath.basename(m.path) == "noxfile.py")
    started = next((m for m in code.modules if m.path == command.runs), None)
    return started is not None and (started.is_test or _calls_runner(started))


def _in_container(words: list[str]) -> bool:
    """Whether a container is started with a test runner as its command."""
    if not {"run", "exec"} & set(words[1:4]):
        return False
    return any(posixpath.basename(w) in _PYTEST for w in words[2:])


def _calls_runner(module: Module) -> bool:
    """Whether a script or a nox session starts a test runner."""
    for call in module.calls:
        if call.name in {"pytest.main", "unittest.main"}:
            return True
        first = [a.value.text.strip("'\"") for a in call.args if a.keyword is None and a.value.kind == "constant"][:3]
        if call.name.endswith(".run") and ("pytest" in first or first[:2] == ["-m", "pytest"] or "unittest" in first):
            return True
    return False
