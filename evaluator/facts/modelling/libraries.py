"""What do the calls of well-known libraries do: seed, split, fit, score, load, save, serve?

The answers are data: ``rubrics/libraries.yaml``. A new library is lines there, not code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from typing import Generic, Literal, TypeVar

from evaluator import resources
from evaluator.codec import decode_yaml
from evaluator.model import Record

T = TypeVar("T")
_ORDER = itemgetter(0)
_KEPT = 20_000
"""Names whose answers are kept."""
Family = Literal["python", "numpy", "torch", "tensorflow", "mxnet", "cupy", "own"]


class Chance(Record):
    """Calls in which chance plays a part.

    Attributes:
        family: The generator that is used where no keyword gives another; ``own`` can be fixed by a keyword only.
        keywords: Arguments that fix it. positional: The index at which the first of them may stand, or None.
        when: Keyword → constant: random only with it. unless: not random with it. having: random only with one of these.
    """

    names: tuple[str, ...]
    family: Family
    keywords: tuple[str, ...] = ()
    positional: int | None = None
    when: dict[str, bool | str] = {}
    unless: dict[str, bool | str] = {}
    having: tuple[str, ...] = ()


class Table(Record, rename={"eval_keywords": "eval-keywords"}):
    """The file as it stands; see the comments there."""

    schema: Literal[1]
    aliases: dict[str, str]
    returns: dict[str, str]
    roles: dict[str, tuple[str, ...]]
    eval_keywords: tuple[str, ...]
    seeds: dict[str, tuple[Family, ...]]
    random: tuple[Chance, ...]


class Patterns(Generic[T]):
    """Dotted patterns, each with a value, asked by name.

    Few are tried for one name, by its first or last component, and only those are ever compiled.
    """

    def __init__(self, rows: Iterable[tuple[str, T]]) -> None:
        self._exact: dict[str, list[tuple[int, T]]] = {}
        self._by_root: dict[str, list[tuple[int, str, T]]] = {}
        self._by_end: dict[str, list[tuple[int, str, T]]] = {}
        for order, (pattern, value) in enumerate(rows):
            for plain in _alternatives(pattern):
                if "*" not in plain:
                    self._exact.setdefault(plain, []).append((order, value))
                    continue
                root, end = plain.partition(".")[0], plain.rpartition(".")[2]
                index, key = (self._by_end, "" if "*" in end else end) if "*" in root else (self._by_root, root)
                index.setdefault(key, []).append((order, plain, value))

    def matches(self, name: str) -> list[T]:
        """Return the values of all patterns that match ``name``, in the order of the file."""
        found = list(self._exact.get(name, ()))
        tried = (
            self._by_root.get(name.partition(".")[0]),
            self._by_end.get(name.rpartition(".")[2]),
            self._by_end.get(""),
        )
        for rows in tried:
            if rows is not None:
                found += [(order, value) for order, plain, value in rows if _compiled(plain).fullmatch(name)]
        if len(found) > 1:
            found.sort(key=_ORDER)
        return [value for _, value in found]


class Libraries:
    """The table, indexed. All questions take dotted names as they stand in ``Call.name``."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._roles = Patterns((name, role) for role, names in table.roles.items() for name in names)
        self._returns = Patterns(table.returns.items())
        self._seeds = Patterns(table.seeds.items())
        self._random = Patterns((name, chance) for chance in table.random for name in chance.names)
        self._aliased = {alias.partition(".")[0] for alias in table.aliases}
        self.canonical = lru_cache(maxsize=_KEPT)(self._canonical)
        self.roles = lru_cache(maxsize=_KEPT)(self._roles_of)
        self.returns = lru_cache(maxsize=_KEPT)(self._returns_of)
        self.seeds = lru_cache(maxsize=_KEPT)(self._seeds_of)
        self.chance = lru_cache(maxsize=_KEPT)(self._chance_of)

    def _canonical(self, name: str) -> str:
        """Return ``name`` without private components and with its library's alias applied."""
        if name.startswith("."):
            return name
        parts = name.split(".")
        if "_" in name:
            parts = [p for p in parts if not p.startswith("_") or p.startswith("__")]
        if parts and parts[0] in self._aliased:
            for end in range(min(3, len(parts)), 0, -1):
                head = self.table.aliases.get(".".join(parts[:end]))
                if head is not None:
                    return ".".join([head, *parts[end:]])
        return ".".join(parts)

    def _roles_of(self, name: str) -> frozenset[str]:
        """Return the roles of ``name``."""
        return frozenset(self._roles.matches(self.canonical(name)))

    def _returns_of(self, name: str) -> str | None:
        """Return the type that a call of ``name`` gives, ``self``, ``owner`` or ``argument``; None where unknown."""
        found = self._returns.matches(self.canonical(name))
        return found[0] if found else None

    def _seeds_of(self, name: str) -> tuple[Family, ...] | None:
        """Return the generators that a call of ``name`` fixes; None where it fixes none by its purpose."""
        found = self._seeds.matches(self.canonical(name))
        return found[0] if found else None

    def _chance_of(self, name: str) -> Chance | None:
        """Return how chance enters a call of ``name``, or None."""
        found = self._random.matches(self.canonical(name))
        return found[0] if found else None

    @cached_property
    def packages(self) -> frozenset[str]:
        """Top-level import names that the table knows: never mistaken for a project's own module of that name."""
        names = [*self.table.returns, *(n for names in self.table.roles.values() for n in names), *self.table.seeds]
        roots = {plain.partition(".")[0] for name in names for plain in _alternatives(name)}
        return frozenset(r for r in roots if r and "*" not in r)


@cache
def libraries() -> Libraries:
    """Return the table that ships with the tool.

    Raises:
        DecodeError: The file does not have the promised form.
    """
    data = (resources.folder("rubrics") / "libraries.yaml").read_bytes()
    table: Table = decode_yaml(data, Table)
    return Libraries(table)


def _alternatives(pattern: str) -> list[str]:
    """Return the patterns that ``a.{b,c}`` stands for."""
    found = re.search(r"\{([^{}]*)\}", pattern)
    if found is None:
        return [pattern]
    before, after = pattern[: found.start()], pattern[found.end() :]
    return [plain for part in found[1].split(",") for plain in _alternatives(f"{before}{part}{after}")]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_expression(pattern))


def _expression(pattern: str) -> str:
    """Return the regular expression for a pattern: ``**`` any number of components, ``*`` characters of one."""
    *heads, last = pattern.split(".")
    made = "".join(r"(?:[^.]*\.)*" if head == "**" else _component(head) + r"\." for head in heads)
    return made + (r"[^.]+(?:\.[^.]+)*" if last == "**" else _component(last))


def _component(text: str) -> str:
    return re.escape(text).replace(r"\*", "[^.]*")
