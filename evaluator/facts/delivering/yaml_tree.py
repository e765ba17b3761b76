"""What does a YAML file hold, with the line of every value, however it abuses aliases?

Composing costs little: aliases share their nodes. Turning nodes into values is what a bomb aims at, so that is done
within a budget of values, and what lies beyond is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self, TypeAlias

from evaluator.facts.manifests.conda import Place, compose
from evaluator.facts.manifests.found import Found

SIZE_LIMIT = 400_000
_VALUES = 30_000
_DEPTH = 30


class Text(str):
    """A scalar as it is written; ``line`` is that of its first line, 1-based."""

    __slots__ = ("line",)
    line: int

    def __new__(cls, value: str, line: int = 1) -> Self:
        made = super().__new__(cls, value)
        made.line = line
        return made


Value: TypeAlias = "dict[str, Value] | list[Value] | Text | None"


@dataclass
class _Budget:
    left: int = _VALUES


def load(path: str, text: str) -> Value:
    """Return the first document of ``text``; None where it cannot be read. Never raises.

    Merge keys (``<<``) are merged; keys that are no scalars are left out; scalars stay text (``on`` is no boolean).
    """
    if len(text) > SIZE_LIMIT:
        return None
    return _value(compose(Found(path), text), _Budget(), 0)


def mapping(value: Value) -> dict[str, Value]:
    """Return a mapping; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def sequence(value: Value) -> list[Value]:
    """Return the items of a list; a lone value as a list of one; nothing as an empty one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def text(value: Value) -> Text:
    """Return a scalar; an empty one for anything else."""
    return value if isinstance(value, Text) else Text("")


def texts(value: Value) -> Iterator[Text]:
    """Yield the scalars of a list, or a lone one, those of lists in it included."""
    for item in sequence(value):
        if isinstance(item, Text):
            yield item
        elif isinstance(item, list):
            yield from texts(item)


def _value(place: Place, budget: _Budget, depth: int) -> Value:
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    budget.left -= 1
    if budget.left < 0 or depth > _DEPTH:
        return None
    match place.node:
        case ScalarNode():
            block = place.node.style in {"|", ">"}
            return Text(str(place.node.value), place.line + block)
        case SequenceNode():
            return [_value(item, budget, depth + 1) for item in place.items()[: max(budget.left, 0)]]
        case MappingNode():
            return _mapping(place, budget, depth)
    return None


def _mapping(place: Place, budget: _Budget, depth: int) -> dict[str, Value]:
    own: dict[str, Value] = {}
    merged: dict[str, Value] = {}
    for key, child in place.pairs():
        if budget.left <= 0:
            break
        value = _value(child, budget, depth + 1)
        if key == "<<":
            for part in sequence(value):
                merged.update({k: v for k, v in mapping(part).items() if k not in merged})
        else:
            own[key] = value
    return merged | own
