"""What can an expression stand for, as far as reading shows: a named thing, an instance of one, or a display?"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from evaluator.facts.python.scopes import Point, Scope

LIMIT = 8
"""Candidates that are kept for one expression."""
LENGTH = 200
"""Characters of a dotted path; what would be longer is unknown."""


# Made by the ten thousand and never changed: `frozen` would more than double what making one costs.
@dataclass(slots=True, eq=False)
class Known:
    """A thing with a dotted path: a module, class, function, or an attribute of one; or an instance.

    The path of an instance is its class's (``sklearn.svm.SVC``); of a result whose type is unknown, the call with ``()``
    (``sklearn.datasets.load_iris()``); of an item, its container with ``[]``.

    Attributes:
        target: The project's own module, class or function that is meant (for an instance, its class).
        folder: For a folder of modules without ``__init__.py``, its path.
        bound: What a method or attribute was read from.
        above: It is ``super()``: the class itself is passed over.
    """

    path: str
    instance: bool = False
    target: Scope | None = None
    folder: str | None = None
    bound: Value | None = None
    above: bool = False


@dataclass(slots=True, eq=False)
class Later:
    """An expression that is looked at only when asked for."""

    expr: ast.expr
    point: Point


@dataclass(slots=True, eq=False)
class Row:
    """A display whose parts are known: ``(key, item)``; the key is a constant, or None."""

    kind: Literal["list", "tuple", "dict", "set"]
    items: tuple[tuple[object, Item], ...]


Value: TypeAlias = Known | Row
Item: TypeAlias = Later | tuple[Known | Row, ...]


def merged(groups: Iterable[Iterable[Value]]) -> tuple[Value, ...]:
    """Return the distinct values of ``groups``, in order, at most ``LIMIT``."""
    every = [value for group in groups for value in group]
    if len(every) < 2:
        return tuple(every)
    found: dict[tuple[object, ...], Value] = {}
    for value in every:
        key = (value.path, value.instance, value.above) if type(value) is Known else (id(value),)
        found.setdefault(key, value)
        if len(found) == LIMIT:
            break
    return tuple(found.values())


def instance_of(path: str) -> tuple[Value, ...]:
    """Return an unknown-but-named instance, or nothing where the path grew too long."""
    return (Known(path, instance=True),) if len(path) <= LENGTH else ()


def is_class(path: str) -> bool:
    """Whether the last component of a library's path is written as a class's name is (PEP 8)."""
    last = path.rpartition(".")[2].lstrip("_")
    return last[:1].isupper() and not last.endswith(("()", "[]"))
