"""What do GitHub's workflows run, on which events, and would a failure be noticed?"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.facts.delivering import yaml_tree
from evaluator.facts.delivering.expanding import Expander, Place
from evaluator.facts.delivering.yaml_tree import Text, Value, mapping, sequence, text, texts
from evaluator.facts.delivery import Command, Workflow

FOLDER = ".github/workflows/"
_ENDINGS = (".yml", ".yaml")
_NESTED = 3
_COMBINATIONS = 8
_MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w.-]+)\s*\}\}")
_NEVER = re.compile(r"^(?:\$\{\{)?\s*(?:false|''|0|null|always\(\)\s*&&\s*false)\s*(?:\}\})?$")
_EVENT = re.compile(r"github\.event_name\s*==\s*['\"](\w+)['\"]")
_USUAL_BRANCHES = ("main", "master", "develop", "dev", "trunk")


@dataclass(frozen=True)
class _Step:
    script: Text
    cwd: str | None
    disarmed: str


def workflows(expander: Expander) -> Iterator[Workflow]:
    """Yield the workflows that GitHub would take up: those directly in the one folder, by path."""
    for path in expander.snapshot.paths(*_ENDINGS):
        if posixpath.dirname(path) + "/" == FOLDER:
            yield _workflow(path, expander)


def _workflow(path: str, expander: Expander) -> Workflow:
    tree = mapping(yaml_tree.load(path, expander.text(path)))
    jobs, commands = _jobs(path, tree, expander, "", _NESTED)
    return Workflow(
        path=path,
        system="github",
        triggers=triggers(tree.get("on"), expander.snapshot.subject.ref),
        commands=tuple(commands),
        jobs=jobs,
        actions=tuple(dict.fromkeys(_actions(tree))),
    )


def _actions(tree: dict[str, Value]) -> Iterator[str]:
    for job in mapping(tree.get("jobs")).values():
        if _condition(mapping(job).get("if")) == _OFF:
            continue
        for item in (job, *sequence(mapping(job).get("steps"))):
            if _condition(mapping(item).get("if")) == _OFF:
                continue
            name = text(mapping(item).get("uses")).partition("@")[0]
            if name and not name.startswith("./"):
                yield name[:200]


def triggers(events: Value, ref: str | None) -> tuple[str, ...]:
    """Return the events that start a workflow; a push of tags or of branches that nobody uses has a name of its own."""
    if isinstance(events, dict):
        return tuple(_event(name, mapping(filters), ref) for name, filters in events.items())
    return tuple(str(name) for name in texts(events))


def _event(name: str, filters: dict[str, Value], ref: str | None) -> str:
    if name not in {"push", "pull_request"}:
        return name
    branches = [str(b) for b in texts(filters.get("branches"))]
    ignored = [str(b) for b in texts(filters.get("branches-ignore"))]
    if "branches" in filters and not _meets(branches, ref):
        return f"{name} of other branches"
    if any(b in {"**", "*"} for b in ignored):
        return f"{name} of no branch"
    tags_only = "branches" not in filters and not ignored and ("tags" in filters or "tags-ignore" in filters)
    return "push of tags" if name == "push" and tags_only else name


def _meets(branches: list[str], ref: str | None) -> bool:
    names = (*_USUAL_BRANCHES, *([ref] if ref else []))
    return any(fnmatch.fnmatchcase(name, branch) for branch in branches for name in names) or any(
        "$" in branch for branch in branches
    )


def _jobs(
    path: str, tree: dict[str, Value], expander: Expander, disarmed: str, depth: int
) -> tuple[int, list[Command]]:
    """Return how many jobs have something to do, and what."""
    jobs = {name: mapping(job) for name, job in mapping(tree.get("jobs")).items()}
    never = {name for name, job in jobs.items() if _condition(job.get("if")) == _OFF}
    for _ in jobs:  # a job that needs one which never runs does not run either
        never |= {n for n, job in jobs.items() if any(need in never for need in texts(job.get("needs")))}
    count, found = 0, list[Command]()
    folder = text(mapping(mapping(tree.get("defaults")).get("run")).get("working-directory"))
    for name, job in jobs.items():
        why = disarmed or (_OFF if name in never else _condition(job.get("if")) or _tolerated(job))
        commands = _job(path, job, expander, why, folder, depth)
        count += bool(commands or sequence(job.get("steps")) or job.get("uses"))
        found += commands
    return count, found


def _job(path: str, job: dict[str, Value], expander: Expander, disarmed: str, folder: str, depth: int) -> list[Command]:
    called = text(job.get("uses"))
    if called.startswith("./") and depth > 0:
        target = posixpath.normpath(called.partition("@")[0])
        tree = mapping(yaml_tree.load(target, expander.text(target)))
        return _jobs(target, tree, expander, disarmed, depth - 1)[1]
    folder = text(mapping(mapping(job.get("defaults")).get("run")).get("working-directory")) or folder
    matrix = _matrix(mapping(mapping(job.get("strategy")).get("matrix")))
    found: list[Command] = []
    for step in _steps(path, sequence(job.get("steps")), expander, disarmed, folder, depth):
        for script in _filled(step[1].script, matrix):
            place = Place(path=step[0], line=script.line, origin="ci", cwd=step[1].cwd, disarmed=step[1].disarmed)
            found += expander.commands(script, place)
    return list(dict.fromkeys(found))


def _steps(
    path: str, steps: list[Value], expander: Expander, disarmed: str, folder: str, depth: int
) -> Iterator[tuple[str, _Step]]:
    for item in steps:
        step = mapping(item)
        why = disarmed or _condition(step.get("if")) or _tolerated(step)
        script, action = text(step.get("run")), text(step.get("uses"))
        if script:
            cwd = text(step.get("working-directory")) or folder
            yield path, _Step(script, _folder(cwd), why)
        elif action.startswith("./") and depth > 0:
            for name in ("action.yml", "action.yaml"):
                target = posixpath.normpath(posixpath.join(action, name))
                runs = mapping(mapping(yaml_tree.load(target, expander.text(target))).get("runs"))
                yield from _steps(target, sequence(runs.get("steps")), expander, why, "", depth - 1)


def _folder(name: str) -> str | None:
    if "$" in name or name.startswith(("/", "..")):
        return None
    clean = posixpath.normpath(name) if name else ""
    return "" if clean == "." else clean


_OFF = "its condition is never true"


def _condition(value: Value) -> str:
    """Return why a job or step is not run on a push; empty where it is, or nobody can tell."""
    if value is None:
        return ""
    condition = str(text(value)).strip()
    if _NEVER.match(condition):
        return _OFF
    if re.fullmatch(r"(?:\$\{\{)?\s*(?:failure|cancelled)\(\)\s*(?:\}\})?", condition):
        return "only after a failure"
    events = set(_EVENT.findall(condition))
    if events and not events & {"push", "pull_request"} and "||" not in condition and "!" not in condition:
        return f"only on {', '.join(sorted(events))}"
    return ""


def _tolerated(step: dict[str, Value]) -> str:
    return "continue-on-error" if text(step.get("continue-on-error")).strip(" ${}") == "true" else ""


def _matrix(matrix: dict[str, Value]) -> dict[str, list[str]]:
    """Return the values of each matrix variable, those of ``include`` as well."""
    found: dict[str, list[str]] = {}
    for name, value in matrix.items():
        if name in {"include", "exclude"}:
            continue
        found[name] = [str(v) for v in texts(value)]
    for item in sequence(matrix.get("include")):
        for name, value in mapping(item).items():
            if isinstance(value, Text):
                found.setdefault(name, []).append(str(value))
    return found


def _filled(script: Text, matrix: dict[str, list[str]]) -> list[Text]:
    """Return ``script`` for each value of the matrix variables that it uses, one variable at a time."""
    filled = [script]
    for name in dict.fromkeys(_MATRIX.findall(script)):
        values = matrix.get(name, [])[:_COMBINATIONS]
        filled = [Text(_with(s, name, v), script.line) for s in filled for v in values][:_COMBINATIONS] or filled
    return filled


def _with(script: str, name: str, value: str) -> str:
    return _MATRIX.sub(lambda use: value if use[1] == name else use[0], script)
