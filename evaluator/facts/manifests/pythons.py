"""Which Python does the project say it wants, and where does it say so?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from evaluator.facts.delivery import Command, Dockerfile
from evaluator.facts.manifests.conda import Place, compose
from evaluator.facts.manifests.found import Found
from evaluator.facts.packaging import PythonStated
from evaluator.facts.prose import Document
from evaluator.model import Span

_IMAGE = re.compile(r"(?:^|[/:-])python[:-]?(?P<version>\d(?:\.\d{1,2}){0,2})(?![\d.])")
_KEY = re.compile(r"py(?:thon)?(?:[-_ ]?versions?)?|versionspec", re.IGNORECASE)
_VERSION = re.compile(r"(?:pypy)?[23](?:\.(?:\d{1,2}|x|\*)){1,2}(?:-dev|[abrc]+\d*)?")
_SAID = re.compile(
    r"\bpython[ \t]*(?:version)?[ \t:(*]*(?P<version>(?:>=|≥|==|~=|>)?[ \t]*v?[23](?!\d)(?:\.(?:\d{1,2}|x)){0,2}\+?)",
    re.IGNORECASE,
)
_BADGE = re.compile(r"/python-v?(?P<version>[23](?:[.\w]|%2B|%20|%7C|\||\+|,|--)*)", re.IGNORECASE)
_PACKAGE = re.compile(r"python=*(?P<version>[23]\.\d{1,2}(?:\.\d{1,2})?)")
_DEEPEST = 14
_EACH = 20


def version_file(path: str, text: str) -> list[PythonStated]:
    """Read ``.python-version``, ``runtime.txt`` or ``.tool-versions``: the first line that names a Python."""
    name = path.rpartition("/")[2]
    for number, line in enumerate(text.split("\n")[:200], 1):
        stated = line.partition("#")[0].strip()
        if name == ".tool-versions":
            tool, _, stated = stated.partition(" ")
            stated = stated.strip() if tool == "python" else ""
        if re.fullmatch(r"(?:c?python-?)?[23](?:\.\d{1,2}){0,2}\w{0,8}", stated):
            return [_stated(path, number, stated, "version-file")]
    return []


def image(dockerfile: Dockerfile, text: str) -> Iterator[PythonStated]:
    """Yield what the base image's name and the installed interpreter tell."""
    base = _IMAGE.search(dockerfile.base)
    if base:
        lines = text.split("\n")
        tag = dockerfile.base.rpartition("/")[2].partition(":")[0]
        number = next(
            (n for n, line in enumerate(lines, 1) if line.lstrip().lower().startswith("from") and tag in line), 1
        )
        yield _stated(dockerfile.path, number, base["version"], "dockerfile")
    for command in dockerfile.installs:
        yield from command_python(command, "dockerfile")


def command_python(command: Command, where: Literal["dockerfile", "ci", "prose"]) -> Iterator[PythonStated]:
    """Yield the interpreter that a command installs (``python3.9``, ``python=3.9``)."""
    for word in command.argv[1:]:
        named = _PACKAGE.fullmatch(word)
        if named:
            yield PythonStated(at=command.at, version=named["version"], where=where)


def workflow(path: str, text: str) -> list[PythonStated]:
    """Return the versions that a CI file names: steps that set Python up, matrices, variables, images."""
    found = Found(path)
    stated: list[PythonStated] = []
    _walk(compose(found, text), path, stated, 0, set())
    return stated[:_EACH]


def _walk(place: Place, path: str, stated: list[PythonStated], depth: int, seen: set[int]) -> None:
    """Add what ``place`` states. An alias is the same node again, and is not walked again: nested ones multiply."""
    if depth > _DEEPEST or len(stated) >= _EACH or id(place.node) in seen:
        return
    seen.add(id(place.node))
    for key, value in place.pairs()[:1_000]:
        if _KEY.fullmatch(key):
            for one in [value, *value.items()]:
                text = one.scalar() or ""
                if _VERSION.fullmatch(text.strip()):
                    stated.append(_stated(path, one.line, text.strip(), "ci"))
        if key in {"image", "container"}:
            base = _IMAGE.search(value.scalar() or "")
            if base:
                stated.append(_stated(path, value.line, base["version"], "ci"))
        _walk(value, path, stated, depth + 1, seen)
    for item in place.items()[:1_000]:
        _walk(item, path, stated, depth + 1, seen)


def prose(document: Document) -> Iterator[PythonStated]:
    """Yield what a document tells its readers: sentences, table cells and badges; no commands."""
    for block in document.blocks:
        text = block.text[:5_000]
        for piece in block.inline_code:
            text = text.replace(piece, "") if ".py" in piece or " -m" in piece else text
        for said in _SAID.finditer(text) if block.kind != "code" else ():
            yield PythonStated(at=block.at, version=said["version"].strip(), where="prose")
    for link in document.links:
        badge = _BADGE.search(link.target) if link.badge or link.image else None
        if badge:
            yield PythonStated(at=link.at, version=badge["version"].replace("%2B", "+"), where="prose")


def _stated(path: str, line: int, version: str, where: Literal["version-file", "dockerfile", "ci"]) -> PythonStated:
    return PythonStated(at=Span(path=path, start=line, end=line), version=version[:60], where=where)
