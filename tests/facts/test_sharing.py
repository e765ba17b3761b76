"""Whose are the commands of files that several projects share?"""

from __future__ import annotations

import pytest

from evaluator.facts.delivery import Command, Delivery, Dockerfile, Workflow
from evaluator.facts.portfolio.sharing import Share
from evaluator.model import Span

SHARE = Share("work/churn", ("work/churn", "work/wine"), hidden=("Makefile",))


def command(*argv: str, cwd: str = "", runs: str | None = None, path: str = ".github/workflows/ci.yml") -> Command:
    return Command(argv=argv, raw=" ".join(argv), at=Span(path=path), origin="ci", cwd=cwd, runs=runs)


def shared(*commands: Command) -> tuple[Workflow, ...]:
    whole = Delivery(workflows=(Workflow(path=".github/workflows/ci.yml", system="github", commands=commands),))
    return SHARE.delivery(Delivery(), whole).workflows


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param(command("pytest"), True, id="names no project"),
        pytest.param(command("pytest", cwd="work/churn"), True, id="in its folder"),
        pytest.param(command("pytest", cwd="work/churn/tests"), True, id="below its folder"),
        pytest.param(command("pytest", "work/churn/tests"), True, id="names it"),
        pytest.param(command("python", "x.py", runs="work/churn/x.py"), True, id="starts its file"),
        pytest.param(command("pytest", cwd="work/wine"), False, id="in another's folder"),
        pytest.param(command("pytest", "./work/wine/"), False, id="names another"),
        pytest.param(command("python", "x.py", runs="work/wine/x.py"), False, id="starts another's file"),
        pytest.param(command("pytest", "work/wine", "work/churn"), True, id="names both"),
        pytest.param(command("pytest", cwd="work/churning"), True, id="a folder that only begins like it"),
    ],
)
def test_a_command(given: Command, kept: bool) -> None:
    found = shared(given, command("ruff", "check", "work/churn"))

    assert len(found[0].commands) == (2 if kept else 1)


def test_places_are_as_the_project_sees_them() -> None:
    found = shared(
        command("python", "a.py", cwd="work/churn/src", runs="work/churn/src/a.py"), command("ls", cwd="work/churn")
    )

    assert [(c.cwd, c.runs) for c in found[0].commands] == [("src", "src/a.py"), ("", None)]


def test_a_workflow_of_another_project_is_not_its_own() -> None:
    """Setting up Python is in both; what is tested is the other."""
    assert shared(command("pip", "install", "pytest"), command("pytest", "work/wine")) == ()


def test_ci_files_count_at_the_top_only() -> None:
    own = Workflow(path=".github/workflows/own.yml", system="github", commands=(command("pytest"),))

    assert SHARE.delivery(Delivery(workflows=(own,)), Delivery()).workflows == ()


def test_its_own_files_say_more_than_common_ones_of_that_name() -> None:
    mine = command("make", path="Makefile")
    common = command("make", "all", path="Makefile")

    assert SHARE.delivery(Delivery(commands=(mine,)), Delivery(commands=(common,))).commands == (mine,)


@pytest.mark.parametrize(
    ("starts", "kept"), [("work/churn/app.py", True), ("work/wine/app.py", False)], ids=["its own", "another's"]
)
def test_an_image_at_the_top_belongs_to_what_it_starts(starts: str, kept: bool) -> None:
    start = command("python", "app.py", runs=starts, path="Dockerfile")
    image = Dockerfile(path="Dockerfile", base="python:3.12", copies=("work/churn", "LICENSE"), starts=start)
    found = SHARE.delivery(Delivery(), Delivery(dockerfiles=(image,))).dockerfiles

    assert [(d.copies, d.starts.runs if d.starts else None) for d in found] == (
        [((".", "LICENSE"), "app.py")] if kept else []
    )
