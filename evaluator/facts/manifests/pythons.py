"""Which Python does the project say it wants, and where does it say so?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from evaluator.facts.delivery import Command, Dockerfile
from evaluator.facts.manifests import platforms
from evaluator.facts.manifests.conda import compose
from evaluator.facts.manifests.found import Found
from evaluator.facts.packaging import PythonStated
from evaluator.facts.prose import Document

_SAID = re.compile(
    r"\bpython[ \t]*(?:version)?[ \t:(*]*(?P<version>(?:>=|≥|==|~=|>)?[ \t]*v?[23](?!\d)(?:\.(?:\d{1,2}|x)){0,2}\+?)",
    re.IGNORECASE,
)
_BADGE = re.compile(r"/python-v?(?P<version>[23](?:[.\w]|%2B|%20|%7C|\||\+|,|--)*)", re.IGNORECASE)
_PACKAGE = re.compile(r"python=*(?P<version>[23]\.\d{1,2}(?:\.\d{1,2})?)")
_BARE = re.compile(r"[23]\.\d{1,2}(?:\.\d{1,2})?")
_EACH = 20


def version_file(path: str, text: str) -> list[PythonStated]:
    """Read ``.python-version``, ``runtime.txt`` or ``.tool-versions``: the first line that names a Python."""
    name = path.rpartition("/")[2]
    for number, line in enumerate(text.split("\n")[:200], 1):
        stated = line.partition("#")[0].strip()
        if name == ".tool-versions":
            tool, _, stated = stated.partition(" ")
            stated = stated.strip().partition(" ")[0] if tool == "python" else ""
        if re.fullmatch(r"(?:c?python-?)?[23](?:\.\d{1,2}){0,2}\w{0,8}", stated):
            return [platforms.said(path, number, stated, "version-file")]
    return []


def image(dockerfile: Dockerfile, text: str) -> Iterator[PythonStated]:
    """Yield what the base image's name and the installed interpreter tell."""
    base = platforms.IMAGE.search(dockerfile.base)
    if base:
        lines = text.split("\n")
        tag = dockerfile.base.rpartition("/")[2].partition(":")[0]
        number = next(
            (n for n, line in enumerate(lines, 1) if line.lstrip().lower().startswith("from") and tag in line), 1
        )
        yield platforms.said(dockerfile.path, number, base["version"], "dockerfile")
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
    platforms.walk(compose(found, text), path, "ci", stated)
    return stated[:_EACH]


def prose(document: Document) -> Iterator[PythonStated]:
    """Yield what a document tells its readers: sentences, table cells and badges; no commands."""
    if document.role == "readme":
        yield from _front_matter(document)
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


def _front_matter(document: Document) -> Iterator[PythonStated]:
    """Yield the Python that the settings on top of a README ask a host of demos for (``python_version``)."""
    first = document.blocks[0] if document.blocks else None
    if first is None or first.kind != "table" or first.at.start != 1:
        return
    for line in first.text.split("\n"):
        name, _, version = line.partition("\t")
        if name == "python_version" and _BARE.fullmatch(version.strip(" \"'")):
            yield platforms.said(document.path, first.at.start, version.strip(" \"'"), "environment")
