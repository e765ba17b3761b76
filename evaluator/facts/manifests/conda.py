"""What does a conda environment file ask for?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluator.facts.manifests.found import RAW, Found, Include
from evaluator.facts.manifests.lines import add, from_conda
from evaluator.facts.manifests.requirements import direct

if TYPE_CHECKING:
    from yaml.nodes import Node

_MOST = 3_000
_PYTHON = re.compile(r"(?:[\w.-]+::)?python(?![\w-])[ =<>!~]*(?P<version>[^=\s]*)")
_DEEPEST = 50


@dataclass(frozen=True)
class Place:
    """One value of a YAML text and its 1-based line. Aliases are not followed twice: no value is ever built from it."""

    node: Node | None
    line: int = 1

    def child(self, name: str) -> Place:
        """Return the value of the key ``name``; an empty place where this is no mapping or lacks it."""
        from yaml.nodes import MappingNode, ScalarNode

        if isinstance(self.node, MappingNode):
            for key, value in self.node.value:
                if isinstance(key, ScalarNode) and key.value == name:
                    return _place(value)
        return Place(None, self.line)

    def items(self) -> list[Place]:
        """Return the items of a sequence; nothing for anything else."""
        from yaml.nodes import SequenceNode

        return [_place(item) for item in self.node.value] if isinstance(self.node, SequenceNode) else []

    def pairs(self) -> list[tuple[str, Place]]:
        """Return the keys, those that are plain, and values of a mapping; nothing for anything else."""
        from yaml.nodes import MappingNode, ScalarNode

        held = self.node.value if isinstance(self.node, MappingNode) else []
        return [(str(k.value), _place(v)) for k, v in held if isinstance(k, ScalarNode)]

    def scalar(self) -> str | None:
        """Return a plain value as it is written."""
        from yaml.nodes import ScalarNode

        return str(self.node.value) if isinstance(self.node, ScalarNode) else None


def _place(node: Node) -> Place:
    return Place(node, node.start_mark.line + 1)


def compose(found: Found, text: str) -> Place:
    """Return the root of ``text``, YAML; an empty place, with an error recorded, where it cannot be read."""
    import yaml

    if _too_deep(text):
        found.error(1, "not YAML: nested too deeply")
        return Place(None)
    try:
        return Place(yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, ValueError, RecursionError, MemoryError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error) or type(error).__name__
        found.error(mark.line + 1 if mark else 1, f"not YAML: {problem}")
        return Place(None)


def _too_deep(text: str) -> bool:
    """Whether flow collections or indentation nest deeper than any real file: the loader would recurse."""
    depth = deepest = 0
    for character in text:
        depth += (character in "[{") - (character in "]}" and depth > 0)
        deepest = max(deepest, depth)
    return deepest > _DEEPEST or any(len(line) - len(line.lstrip(" -?:")) > 400 for line in text.split("\n"))


def read(path: str, text: str) -> Found:
    """Read ``dependencies``: conda's own match specifications, and the ``pip`` list among them."""
    found = Found(path)
    for item in compose(found, text).child("dependencies").items()[:_MOST]:
        stated = item.scalar()
        if stated is not None:
            _conda(found, stated, item.line)
        for line in item.child("pip").items()[:_MOST]:
            _pip(found, line.scalar() or "", line.line)
    return found


def _conda(found: Found, stated: str, number: int) -> None:
    python = _PYTHON.match(stated)
    if python:
        found.states(number, _version(stated, python["version"]), "environment")
        return
    try:
        asked = from_conda(stated, found.line(number))
    except ValueError as error:
        found.error(number, f"`{stated[:80]}`: {error}")
        return
    if asked is not None:
        found.requirements.append(asked)


def _version(stated: str, bare: str) -> str:
    """Return the version with its operator where it is more than conda's ``=``."""
    operator = re.search(r"[<>!~]=?[^=]*$", stated)
    return operator[0].strip() if operator else bare


def _pip(found: Found, stated: str, number: int) -> None:
    included = re.match(r"(?:-r|--requirement)[= ]\s*(\S+)", stated)
    if included:
        found.includes.append(Include(included[1], found.line(number)))
    elif stated.startswith(("-", ".", "/")):
        found.options.append((found.line(number), stated[:RAW]))
    elif "://" in stated.partition("@")[0] or stated.startswith("git+"):
        direct(found, stated, number, "")
    else:
        add(found, stated, number)
