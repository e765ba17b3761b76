"""What do the install commands of delivery files and documents install, and from which files?"""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from evaluator.facts.delivery import Command, Delivery
from evaluator.facts.manifests.found import Found
from evaluator.facts.manifests.lines import add, from_conda
from evaluator.facts.packaging import Manifest, ManifestKind
from evaluator.model import Span

Tool = Literal["pip", "conda", "poetry", "pipenv", "uv", "pdm", "setup.py"]
_TAKES_VALUE = re.compile(
    r"-[tifcnp]|--(?:target|index(?:-url|-strategy)?|extra-index-url|find-links|constraint|root|prefix|python(?:-version)?"
    r"|platform|only-binary|no-binary|src|name|channel|trusted-host|timeout|cert|proxy|retries|progress-bar|log|cache-dir"
    r"|upgrade-strategy|implementation|abi|config-settings|torch-backend|default-index|link-mode|exclude-newer|mount)"
)
_BY_UV = re.compile(r"(?:^|[\s;&|(])uv run\s")
_UNSYNCED = re.compile(r"\s(?:--no-sync|--no-project|--isolated|--script)\b")
_FOLDERS = ("pyproject.toml", "setup.cfg", "setup.py")
_LOCKED: dict[Tool, tuple[str, ...]] = {
    "poetry": ("poetry.lock", "pyproject.toml"),
    "pipenv": ("Pipfile.lock", "Pipfile"),
    "uv": ("uv.lock", "pyproject.toml"),
    "pdm": ("pdm.lock", "pyproject.toml"),
    "setup.py": ("setup.py", "setup.cfg", "pyproject.toml"),
}


@dataclass(frozen=True)
class Install:
    """What one command installs: ``names`` as written, requirement or environment ``files``, project ``folders``."""

    tool: Tool
    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


def install(argv: tuple[str, ...]) -> Install | None:
    """Return what the command installs; None if it is no installation."""
    words = list(argv)
    if words[:1] and posixpath.basename(words[0]).startswith("python") and words[1:2] == ["-m"]:
        words = words[2:]
    if words[:1] and posixpath.basename(words[0]).startswith("python") and "setup.py" in words[1:2]:
        return Install("setup.py", folders=(".",)) if {"install", "develop"} & set(words[2:]) else None
    program, rest = posixpath.basename(words[0]) if words else "", words[1:]
    if program == "uv" and rest[:2] in (["pip", "install"], ["pip", "sync"]):
        return _pip(rest[2:], sync=rest[1] == "sync")
    if program in {"pip", "pip3"} or program.startswith("pip3."):
        return _pip(rest[1:]) if rest[:1] == ["install"] else None
    if program in {"conda", "mamba", "micromamba"}:
        return _conda(rest)
    if program in {"poetry", "pdm"} and rest[:1] in (["install"], ["sync"]):
        return Install("poetry" if program == "poetry" else "pdm", folders=(".",))
    if program == "pipenv" and rest[:1] in (["install"], ["sync"]):
        named = [w for w in rest[1:] if not w.startswith("-")]
        return Install("pipenv", names=tuple(named), folders=() if named else (".",))
    return Install("uv", folders=(".",)) if program == "uv" and rest[:1] == ["sync"] else None


def installed_by(command: Command) -> Install | None:
    """Return what ``command`` installs; ``uv run`` brings the environment to what the lock says before it runs."""
    asked = install(command.argv)
    if asked is None and _BY_UV.search(command.raw) and not _UNSYNCED.search(command.raw):
        return Install("uv", folders=(".",))
    return asked


def _pip(words: list[str], *, sync: bool = False) -> Install:
    names: list[str] = []
    files: list[str] = []
    folders: list[str] = []
    left = iter(words)
    for word in left:
        flag, equals, value = word.partition("=")
        if flag in {"-r", "--requirement", "--requirements"}:
            files.append(value if equals else next(left, ""))
        elif flag in {"-e", "--editable"}:
            folders.append(value if equals else next(left, ""))
        elif word.startswith("-r") and not word.startswith("--"):
            files.append(word[2:])
        elif _TAKES_VALUE.fullmatch(word):
            next(left, "")
        elif not word.startswith("-"):
            place = files if sync else (folders if word.startswith((".", "/")) else names)
            place.append(word)
    return Install(
        "pip",
        names=tuple(n for n in names if n),
        files=tuple(f for f in files if f),
        folders=tuple(f.partition("[")[0] or "." for f in folders if f and "://" not in f),
    )


def _conda(words: list[str]) -> Install | None:
    if words[:2] in (["env", "create"], ["env", "update"]):
        files = [w for flag, w in itertools.pairwise(words) if flag in {"-f", "--file"}]
        files += [w.partition("=")[2] for w in words if w.startswith("--file=")]
        return Install("conda", files=tuple(files or ["environment.yml"]))
    if words[:1] not in (["install"], ["create"]):
        return None
    names: list[str] = []
    files = []
    left = iter(words[1:])
    for word in left:
        if word in {"-f", "--file"}:
            files.append(next(left, ""))
        elif _TAKES_VALUE.fullmatch(word):
            next(left, "")
        elif not word.startswith("-"):
            names.append(word)
    return Install("conda", names=tuple(names), files=tuple(f for f in files if f))


def located(commands: Iterable[Command], paths: frozenset[str]) -> Iterator[str]:
    """Yield the paths of the manifests that ``commands`` install from, in order, possibly more than once."""
    for command in commands:
        asked = installed_by(command)
        if asked is None:
            continue
        base = posixpath.dirname(command.at.path)
        for target in asked.files:
            yield from _path(target, base, paths)
        for folder in asked.folders:
            wanted = _LOCKED.get(asked.tool, _FOLDERS)
            found = [path for name in wanted for path in _path(posixpath.join(folder, name), base, paths)]
            yield from found if asked.tool == "pip" else found[:1]


def _path(target: str, base: str, paths: frozenset[str]) -> list[str]:
    """Return the one file that ``target`` means: beside the command's file, at the root, or the only one so named."""
    for folder in (base, ""):
        path = posixpath.normpath(posixpath.join(folder, target.replace("\\", "/")))
        if path in paths:
            return [path]
    named = [p for p in paths if posixpath.basename(p) == posixpath.basename(target)]
    return named if len(named) == 1 else []


def in_order(told: Iterable[Command], delivery: Delivery) -> list[Command]:
    """Return the commands that install: ``told``, those of documents, first; then Makefiles, images, CI and scripts."""
    rank = {"readme": 0, "makefile": 1, "dockerfile": 2, "compose": 2, "ci": 3}
    given = [c for c in delivery.commands if c.origin != "readme"]
    images = [c for d in delivery.dockerfiles for c in d.installs]
    pipelines = [c for w in delivery.workflows for c in w.commands]
    every = [c for c in (*told, *given, *images, *pipelines) if installed_by(c) is not None]
    return sorted(every, key=lambda c: (rank.get(c.origin, 4), c.at.path.count("/"), c.at.path, c.at.start))


def manifests(commands: Iterable[Command]) -> Iterator[Manifest]:
    """Yield one manifest per file whose commands install packages by name."""
    kinds: dict[str, ManifestKind] = {"readme": "readme", "dockerfile": "dockerfile", "ci": "ci"}
    found: dict[tuple[str, ManifestKind], Found] = {}
    for command in commands:
        asked = install(command.argv)
        kind = kinds.get(command.origin, "script")
        if asked is None or not asked.names:
            continue
        into = found.setdefault((command.at.path, kind), Found(command.at.path))
        for name in asked.names:
            _name(into, name, asked.tool, command.at)
    for (path, kind), into in sorted(found.items()):
        if into.requirements:
            yield Manifest(path=path, kind=kind, requirements=tuple(into.requirements), errors=tuple(into.errors))


def _name(found: Found, name: str, tool: Tool, at: Span) -> None:
    if "/" in name or "$" in name or "<" in name[:1] or name in {"pip", "setuptools", "wheel", "uv", "poetry"}:
        return
    if tool != "conda":
        add(found, name, at.start)
        return
    try:
        asked = from_conda(name, at)
    except ValueError:
        return
    if asked is not None:
        found.requirements.append(asked)
