"""By which manifests, pipelines and scripts does the project get to where it is used, and could they work?"""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Iterable, Iterator
from typing import Literal

from evaluator.facts.delivering import compose, yaml_tree
from evaluator.facts.delivering.deploying import deploys, docker_pushes, published_by
from evaluator.facts.delivering.expanding import Expander
from evaluator.facts.delivering.manifests import manifests
from evaluator.facts.delivering.yaml_tree import Value, mapping, sequence, text
from evaluator.facts.delivery import Command, Deployment, Dockerfile, Workflow
from evaluator.model import Span

_MOST = 60
Found = Iterator[Deployment]


def deployments(
    own: list[str],
    expander: Expander,
    composed: list[compose.Service],
    commands: Iterable[Command],
    workflows: Iterable[Workflow],
    images: Iterable[Dockerfile],
) -> tuple[Deployment, ...]:
    """Return every way, by path and line; never raises."""
    starting = {i.path: i for i in images}
    found = [
        *manifests(own, expander),
        *_procfiles(commands),
        *_composed(composed, starting),
        *_published(workflows, commands, expander),
        *_actions(expander),
    ]
    distinct: dict[tuple[str, str, str, int], Deployment] = {}
    for way in sorted(found, key=lambda d: bool(d.lacks)):
        distinct.setdefault((way.kind, way.what, way.at.path, way.at.start), way)
    return tuple(sorted(distinct.values(), key=lambda d: (d.at.path, d.at.start, d.what))[:_MOST])


def _procfiles(commands: Iterable[Command]) -> Found:
    given = [c for c in commands if c.origin == "procfile"]
    for _, group in itertools.groupby(sorted(given, key=lambda c: c.at.path), key=lambda c: c.at.path):
        listed = list(group)
        works = next((c for c in listed if c.runs is not None and c.names_missing is None), None)
        lost = next((c.names_missing for c in listed if c.names_missing is not None), None)
        lacks = "" if works else f"{lost} is not here" if lost else "it starts nothing of the project"
        yield Deployment(kind="manifest", what="Procfile", at=(works or listed[0]).at, lacks=lacks)


def _composed(composed: list[compose.Service], images: dict[str, Dockerfile]) -> Found:
    """Yield compose files that start something of the project: built here, or by a command that runs a file of it."""
    for service in composed:
        image = images.get(service.dockerfile)
        started = next((c for c in service.commands if c.runs is not None and c.names_missing is None), None)
        if image is not None and not image.dev_only and (image.starts is not None or image.starts_by_base or started):
            at = started.at if started is not None else Span(path=service.path)
            yield Deployment(kind="compose", what=f"compose service built from {service.dockerfile}", at=at)
        elif started is not None:
            yield Deployment(kind="compose", what="compose service", at=started.at)
        elif service.builds and image is None:
            at = Span(path=service.path)
            yield Deployment(
                kind="compose", what="compose service", at=at, lacks="the Dockerfile it builds is not here"
            )


def _published(workflows: Iterable[Workflow], commands: Iterable[Command], expander: Expander) -> Found:
    """Yield what pipelines and scripts deploy or publish by a command that runs."""
    for workflow in workflows:
        for command in workflow.commands:
            yield from _by_command(command, "workflow", expander)
    for command in commands:
        if command.origin != "readme":
            yield from _by_command(command, "script", expander)
        else:
            yield from _by_command(command, "prose", expander)


def _by_command(command: Command, kind: Literal["workflow", "script", "prose"], expander: Expander) -> Found:
    what = deploys(command.argv)
    if not what or (command.disarmed and "failure" not in command.disarmed and command.disarmed != "|| true"):
        return
    lost = [a for a, b in itertools.pairwise(command.argv) if a == "-f" and _is_lost(b, command, expander)]
    lacks = "the file it names is not here" if lost and what.startswith("kubectl") else ""
    yield Deployment(kind=kind, what=what, at=command.at, lacks=lacks)


def _is_lost(name: str, command: Command, expander: Expander) -> bool:
    if "$" in name or "*" in name or "://" in name or name == "-":
        return False
    bases = (command.cwd, posixpath.dirname(command.at.path), "")
    wanted = [posixpath.normpath(posixpath.join(base, name)) for base in bases]
    return not any(w in expander.files.paths or w in expander.files.folders or w == "." for w in wanted)


def _actions(expander: Expander) -> Found:
    """Yield the ready-made steps of GitHub's workflows that deploy or publish."""
    for path in expander.snapshot.paths(".yml", ".yaml"):
        if posixpath.dirname(path) != ".github/workflows":
            continue
        for job in mapping(mapping(yaml_tree.load(path, expander.text(path))).get("jobs")).values():
            body = mapping(job)
            if _never(body):
                continue
            for item in sequence(body.get("steps")):
                step = mapping(item)
                name = text(step.get("uses"))
                what = published_by(name.partition("@")[0])
                if what and _pushes(name, step) and not _never(step):
                    at = Span(path=path, start=name.line, end=name.line)
                    yield Deployment(kind="workflow", what=what, at=at)


def _pushes(action: str, step: dict[str, Value]) -> bool:
    given = text(mapping(step.get("with")).get("push")).strip()
    return not docker_pushes(action) or given not in {"", "false"}


def _never(item: dict[str, Value]) -> bool:
    said = str(text(item.get("if"))).strip().removeprefix("${{").removesuffix("}}").strip()
    return said in {"false", "'false'", "''", "0"} or "&& false" in said
