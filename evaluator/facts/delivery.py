"""How is the project built, tested, started and served, by its own delivery files?"""

from __future__ import annotations

from typing import Literal

from evaluator.model import Fact, Record, Span


class Command(Record):
    """One shell command that a delivery file or document gives, split as a shell would.

    Attributes:
        argv: Without prefixes such as ``uv run``, ``poetry run``, ``sudo``, ``time`` and variable assignments.
        raw: As written, at most 500 characters.
        origin: What kind of file gives it.
        disarmed: Why its failure or its run cannot matter (``|| true``, ``if: false``, ``continue-on-error``); empty if it can.
        runs: Path of the project's own file it starts, where it names one that exists; else None.
        names_missing: A path it names that the tree lacks.
        cwd: The folder it is run in, as far as the file says; empty for the top, and for a command of a document.
    """

    argv: tuple[str, ...]
    raw: str
    at: Span
    origin: Literal["readme", "makefile", "dockerfile", "compose", "ci", "dvc", "procfile", "script", "tox", "other"]
    disarmed: str = ""
    runs: str | None = None
    names_missing: str | None = None
    cwd: str = ""


class Dockerfile(Record):
    """One Dockerfile's final stage.

    Attributes:
        copies: Sources of COPY/ADD that exist in the build context. lost: Sources that do not.
        installs: It installs dependencies. starts: What CMD/ENTRYPOINT runs, or None.
        dev_only: Lies in ``.devcontainer`` or only prepares a shell, or a notebook server, to work in.
        starts_by_base: The base image starts by itself what is copied into it.
    """

    path: str
    base: str
    copies: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    installs: tuple[Command, ...] = ()
    starts: Command | None = None
    dev_only: bool = False
    starts_by_base: bool = False


class Workflow(Record):
    """One CI file.

    Attributes:
        triggers: push, pull_request, schedule, manual … as far as the file says; a push that its filters keep from
            ever happening has a name of its own (``push of tags``).
        commands: What its jobs run, and what the targets, tasks and scripts run that those name.
        jobs: How many have something to do.
        actions: Ready-made steps that it uses (``actions/checkout``), without their version.
    """

    path: str
    system: Literal["github", "gitlab", "circle", "azure", "jenkins", "travis", "other"]
    triggers: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()
    jobs: int = 0
    actions: tuple[str, ...] = ()


class Deployment(Record):
    """One way by which the project gets to where it is used.

    Attributes:
        kind: ``manifest`` (a platform reads the file), ``compose``, ``workflow`` (a pipeline does it), ``script`` (a
            Makefile or script does it), ``prose`` (a document gives the command).
        what: The platform, or the command's first words.
        lacks: What it names that is not here; empty where nothing is seen to be missing.
    """

    kind: Literal["manifest", "compose", "workflow", "script", "prose"]
    what: str
    at: Span
    lacks: str = ""


class Delivery(Fact):
    """Everything found, by path. ``commands``: those of the README, Makefiles, dvc.yaml, Procfile, compose, scripts."""

    dockerfiles: tuple[Dockerfile, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    commands: tuple[Command, ...] = ()
    compose: tuple[str, ...] = ()
    deployments: tuple[Deployment, ...] = ()
