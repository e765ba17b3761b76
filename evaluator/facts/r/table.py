"""What do the calls of R's packages do? ``rubrics/r_calls.yaml``, read and indexed."""

from __future__ import annotations

from functools import cache
from typing import Literal

from evaluator import resources
from evaluator.codec import decode_yaml
from evaluator.facts.r.reading import Call
from evaluator.model import Record

BASE = "base"


class Table(Record):
    """The file as it stands; see the comments there."""

    schema: Literal[1]
    attaches: dict[str, tuple[str, ...]]
    roles: dict[str, dict[str, tuple[str, ...]]]


@cache
def table() -> Table:
    """Return the table that ships with the tool.

    Raises:
        DecodeError: The file does not have the promised form.
    """
    made: Table = decode_yaml((resources.folder("rubrics") / "r_calls.yaml").read_bytes(), Table)
    return made


@cache
def _index() -> dict[str, tuple[tuple[str, str], ...]]:
    """Return package and role for each function."""
    found: dict[str, list[tuple[str, str]]] = {}
    for role, packages in table().roles.items():
        for package, names in packages.items():
            for name in names:
                found.setdefault(name, []).append((package, role))
    return {name: tuple(ways) for name, ways in found.items()}


@cache
def packages() -> frozenset[str]:
    """Return every package that the table knows."""
    known = {p for ways in table().roles.values() for p in ways} | set(table().attaches)
    return frozenset(known - {BASE})


def attached(loaded: set[str]) -> frozenset[str]:
    """Return ``loaded`` with the packages that those attach."""
    further = {p for name in loaded for p in table().attaches.get(name, ())}
    return frozenset(loaded | further | {p for name in further for p in table().attaches.get(name, ())})


def roles_of(name: str, loaded: frozenset[str]) -> frozenset[str]:
    """Return what a function does that is named without a call, as ``scale`` in ``lapply(x, scale)``."""
    return frozenset(role for package, role in _index().get(name, ()) if package == BASE or package in loaded)


def roles(call: Call, loaded: frozenset[str]) -> frozenset[str]:
    """Return what ``call`` does where the packages ``loaded`` are; nothing for what is not in the table."""
    if not call.package:
        return roles_of(call.name, loaded)
    wide = {call.package, *table().attaches.get(call.package, ())}
    base = call.package in {"base", "stats", "utils", "graphics"}
    return frozenset(role for p, role in _index().get(call.name, ()) if p in wide or (base and p == BASE))
