"""What is each answer worth, and for whom? Data, read from YAML; no behaviour beyond laying a role over it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from evaluator import codec
from evaluator.errors import DecodeError, RubricError
from evaluator.model import Record
from evaluator.resources import folder

Weight = Annotated[int, msgspec.Meta(ge=0, le=100)]
Points = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Text = Annotated[str, msgspec.Meta(min_length=1)]


_LIMIT = 2_000_000


class Scale(Record):
    """``zero`` earns nothing, ``full`` earns all, linear between; zero > full means less is better."""

    zero: float = 0.0
    full: float = 1.0


class Category(Record):
    """``weight`` is the category's share of the whole, however many items it has."""

    title: Text
    weight: Weight
    rationale: Text


class Item(Record):
    """One signal's share of its category.

    Attributes:
        deducts: Freedom from a fault: nothing is added when all is well, the weight is taken off when it is not.
    """

    weight: Weight
    rationale: Text
    scale: Scale = Scale()
    deducts: bool = False


class Gate(Record):
    """When ``signal`` earns less than ``below`` (basis points), the total is at most ``cap`` (basis points)."""

    signal: str
    below: Points
    cap: Points
    reason: Text


class Band(Record):
    """A score (0-100) of ``at_least`` or more bears this ``name``."""

    at_least: Annotated[float, msgspec.Meta(ge=0, le=100)]
    name: Text


class Role(Record):
    """What differs for a role: weights that replace the general ones."""

    title: Text
    rationale: Text
    categories: dict[str, Weight] = {}
    items: dict[str, Weight] = {}


class Rubric(Record):
    """All that turns findings into a score. ``roles`` are overlays; ``general`` is the rubric as it stands."""

    schema: Literal[1]
    id: Text
    version: Text
    categories: dict[str, Category]
    items: dict[str, Item]
    bands: tuple[Band, ...]
    gates: tuple[Gate, ...] = ()
    roles: dict[str, Role] = {}


def load(name: str = "recruiter-signals") -> Rubric:
    """Return the rubric that ships under ``name``, or the one in the file ``name``.

    Raises:
        RubricError: No such rubric or file, or not of the rubric's form.
    """
    shipped = {p.stem: p for p in sorted(folder("rubrics").glob("*.yaml")) if p.stem != "sources"}
    path = shipped.get(name) or Path(name)
    try:
        with path.open("rb") as stream:
            rubric: Rubric = codec.decode_yaml(stream.read(_LIMIT + 1), Rubric, limit=_LIMIT)
    except OSError as error:
        known = ", ".join(shipped)
        raise RubricError(f"no rubric {name!r}: it is neither a file nor one of {known}") from error
    except DecodeError as error:
        raise RubricError(f"{path}: not a rubric: {error}; see `rubrics/schema.json`") from error
    return _checked(rubric, path)


def for_role(rubric: Rubric, role: str) -> Rubric:
    """Return ``rubric`` with the weights of ``role`` laid over it.

    Raises:
        RubricError: The rubric has no such role.
    """
    if role == "general":
        return rubric
    if role not in rubric.roles:
        known = ", ".join(["general", *sorted(rubric.roles)])
        raise RubricError(f"no role {role!r} in rubric {rubric.id}; roles: {known}")
    overlay = rubric.roles[role]
    categories = {
        k: msgspec.structs.replace(c, weight=overlay.categories.get(k, c.weight)) for k, c in rubric.categories.items()
    }
    items = {k: msgspec.structs.replace(i, weight=overlay.items.get(k, i.weight)) for k, i in rubric.items.items()}
    return msgspec.structs.replace(rubric, categories=categories, items=items)


def check_against(rubric: Rubric, known: Collection[str]) -> None:
    """Raise :class:`RubricError` where the rubric weighs a signal that does not exist."""
    if strange := sorted(set(rubric.items) - set(known)):
        raise RubricError(f"rubric {rubric.id} weighs unknown signals: {', '.join(strange)}; see `evaluate signals`")


def _checked(rubric: Rubric, path: Path) -> Rubric:
    faults = [f"item {i} has no category" for i in rubric.items if i.partition(".")[0] not in rubric.categories]
    faults += [f"gate on {g.signal}, which is no item" for g in rubric.gates if g.signal not in rubric.items]
    for name, role in rubric.roles.items():
        faults += [f"role {name}: no category {c}" for c in role.categories if c not in rubric.categories]
        faults += [f"role {name}: no item {i}" for i in role.items if i not in rubric.items]
    if not rubric.bands or min(b.at_least for b in rubric.bands) > 0:
        faults.append("no band begins at 0")
    if faults:
        raise RubricError(f"{path}: {'; '.join(faults)}")
    return rubric
