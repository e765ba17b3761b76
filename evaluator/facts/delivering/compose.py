"""Which services does a compose file start, from which Dockerfiles, and by which commands?"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.facts.delivering import shell, yaml_tree
from evaluator.facts.delivering.expanding import Expander, Place
from evaluator.facts.delivering.yaml_tree import Text, Value, mapping, text, texts
from evaluator.facts.delivery import Command

_NAME = re.compile(r"(?:docker-)?compose(?:[._-][\w.-]{1,40})?\.ya?ml", re.IGNORECASE)
_SERVICES = 40


@dataclass(frozen=True)
class Service:
    """One service of the compose file at ``path``.

    ``dockerfile`` is empty where an image is only pulled, or where the file that it ``builds`` is not there.
    """

    path: str
    dockerfile: str
    context: str
    commands: tuple[Command, ...]
    builds: bool = False


def is_compose(path: str) -> bool:
    """Whether the file's name is one that compose takes up."""
    return bool(_NAME.fullmatch(posixpath.basename(path)))


def services(path: str, expander: Expander) -> Iterator[Service]:
    """Yield the services of one file, in order; never raises."""
    tree = mapping(yaml_tree.load(path, expander.text(path)))
    for value in list(mapping(tree.get("services")).values())[:_SERVICES]:
        service = mapping(value)
        dockerfile, context = _build(path, service.get("build"), expander)
        script = _script(service)
        place = Place(path=path, line=script.line, origin="compose", cwd=context)
        commands = tuple(expander.commands(script, place)) if script else ()
        yield Service(path, dockerfile, context, commands, builds=service.get("build") is not None)


def _build(path: str, build: Value, expander: Expander) -> tuple[str, str]:
    if build is None:
        return "", posixpath.dirname(path)
    named = text(build) or text(mapping(build).get("context")) or "."
    context = shell.moved(posixpath.dirname(path), named)
    if context is None:
        return "", posixpath.dirname(path)
    name = text(mapping(build).get("dockerfile")) or "Dockerfile"
    return expander.files.find(name, (context,)) or "", context


def _script(service: dict[str, Value]) -> Text:
    """Return what a service starts as one shell line; empty where the image decides."""
    words: list[str] = []
    line = 1
    for key in ("entrypoint", "command"):
        part = service.get(key)
        listed = list(texts(part))
        if not listed:
            continue
        line = line if words else listed[0].line
        words.append(str(part) if isinstance(part, Text) else shlex.join(listed))
    return Text(" ".join(words), line)
