"""What is known at one point of the program that is followed: names, the place, what was written to files?"""

from __future__ import annotations

import ast
import posixpath
from dataclasses import dataclass, field

from evaluator.facts.flowing.events import Log
from evaluator.facts.flowing.values import RowSet, Spot, Value
from evaluator.facts.python.names import Names
from evaluator.facts.python.scopes import Imported, Scope, Walked
from evaluator.model import Span

BUDGET = 250_000
"""Expressions that are followed in one project; what would take more stays unknown."""
DEPTH = 14
"""Calls of own functions within one another that are followed."""
NESTED = 60
"""Expressions within one another that are followed."""
TIMES = 80
"""Calls of one function that are followed one by one."""
_UNKNOWN = "*"
_PLACES = 20


@dataclass(slots=True, eq=False)
class Env:
    """The names of a module's body, or of one call of a function.

    ``label``: the scope that calls are reported under. ``results``: what was returned so far. ``weak``: how many
    conditions surround the current statement, so that what a name held may still hold.
    """

    walked: Walked
    parent: Env | None = None
    label: str = ""
    cell: int | None = None
    names: dict[str, Value] = field(default_factory=dict)
    outer: set[str] = field(default_factory=set)
    results: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    this: Value | None = None
    weak: int = 0

    def get(self, name: str) -> Value | None:
        """Return what ``name`` holds, looking outwards."""
        env: Env | None = self
        while env is not None:
            found = env.names.get(name)
            if found is not None:
                return found
            env = env.parent
        return None

    def set(self, name: str, value: Value) -> None:
        """Bind ``name``."""
        env = self
        if name in self.outer:
            while env.parent is not None and (env is self or (name not in env.names and env.parent.parent is not None)):
                env = env.parent
        env.names[name] = value


@dataclass(eq=False)
class State:
    """What all parts of the machine share."""

    names: Names
    log: Log = field(default_factory=Log)
    left: int = BUDGET
    stack: list[Scope] = field(default_factory=list)
    entered: dict[Scope, int] = field(default_factory=dict)
    files: dict[str, Value] = field(default_factory=dict)
    earlier: dict[str, Value] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    selecting: int = 0
    made: int = 0
    closures: dict[Scope, Env] = field(default_factory=dict)
    lambdas: dict[int, Env] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.roles = self.names.libraries.roles
        self.scopes: dict[int, Scope] = {}
        self.imports: dict[int, list[Imported]] = {}
        self.descents: set[int] = set()
        for walked in self.names.walked:
            self.scopes.update((id(s.node), s) for s in walked.scopes)
            self.descents |= {id(d.node) for d in walked.descents}
            for made in walked.imports:
                self.imports.setdefault(id(made.node), []).append(made)

    def spot(self, node: ast.AST, env: Env, name: str = "") -> Spot:
        """Return where ``node`` stands."""
        line = getattr(node, "lineno", 1)
        end = max(line, getattr(node, "end_lineno", line) or line)
        return Spot(Span(path=env.walked.path, start=line, end=end, cell=env.cell), env.label, name)

    def root(self, spot: Spot, said: str = "") -> RowSet:
        """Return rows that come from ``spot``; ``said`` tells them from others that are read there."""
        at = spot.at
        key = said or f"{at.path}:{at.cell or 0}:{at.start}:{spot.name}"
        places = self.log.reads.setdefault(key, [])
        if spot not in places and len(places) < _PLACES:
            places.append(spot)
        return RowSet(key)

    def rooted(self, value: Value, spot: Spot) -> Value:
        """Return the value; where it is not known to be rows, it is from now on."""
        known = value.rows or value.statistics or value.scored or value.constants or value.parts()
        if not known and value.scope is None and value.function is None:
            self.made += 1
            value.rows = frozenset({self.root(spot, f"{spot.at.path}:{spot.at.cell or 0}:{spot.at.start}:{self.made}")})
        return value

    # files

    def written(self, path: str, value: Value) -> None:
        """Note what was written to a file."""
        if path and path not in self.files:
            self.files[path] = value.copy()

    def read(self, path: str) -> Value | None:
        """Return what was written to the file that ``path`` means, by this or an earlier pass."""
        if not path:
            return None
        for store in (self.files, self.earlier):
            found = store.get(path) or next((v for k, v in sorted(store.items()) if _same(k, path)), None)
            if found is not None:
                return found.copy()
        self.wanted.add(path)
        return None

    @property
    def lacked(self) -> bool:
        """Whether something was read that was only written later on: another pass would know it."""
        return any(path in self.files or any(_same(file, path) for file in self.files) for path in self.wanted)


def path_of(value: Value) -> str:
    """Return the path that a value says, normalised; empty where it says none."""
    for text in (*value.texts(), value.path.removeprefix("path:") if value.path.startswith("path:") else ""):
        low = text.strip()
        if low and "\n" not in low and len(low) < 200:
            parts = [p for p in posixpath.normpath(low.replace("\\", "/")).split("/") if p not in {"", ".", ".."}]
            return "/".join(parts)
    return ""


def _same(one: str, other: str) -> bool:
    """Whether two paths are one, as far as they are known: an unknown folder at the front may be any."""
    a, b = one.split("/"), other.split("/")
    if a[0] != _UNKNOWN and b[0] != _UNKNOWN:
        return a == b
    known = list(zip(reversed(a), reversed(b), strict=False))
    same = all(x == y or _UNKNOWN in {x, y} for x, y in known)
    return same and a[-1] != _UNKNOWN and b[-1] != _UNKNOWN
