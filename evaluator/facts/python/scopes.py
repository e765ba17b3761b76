"""What does one walk over a module leave behind: who binds which name, where, and what is called?

These are working values that refer to syntax nodes; they stay within a run and never enter a fact. ``walk`` fills them,
``names`` resolves with them.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal, NamedTuple, TypeAlias

GUARD = "__main__"
"""The scope of what stands under ``if __name__ == "__main__"``: it runs when the file is started, not when imported."""
OFF = "__off__"
"""The last part of the label of what a constant switches off (``if TRACK:`` after ``TRACK = False``): nothing leads there."""
SCANNED = 200
"""Bindings of one name that are looked at for one use, back from it."""
END = 1 << 60
"""A position after everything in a scope."""

Branch: TypeAlias = tuple[tuple[int, int], ...]
"""Which arm of which compound statement, outermost first. A negative first number closes the arm to the outside: the
targets of a comprehension and the parameters of a lambda are seen only within."""
Step: TypeAlias = int | str
"""One step into what is unpacked: an index from the left, or ``*``."""
How = Literal["value", "element", "import", "definition", "parameter", "annotation", "unknown"]


class Point(NamedTuple):
    """A position from which a name is looked up: ``order`` counts bindings in the order in which they are executed."""

    scope: Scope
    order: int
    branch: Branch


@dataclass(slots=True, eq=False)
class Binding:
    """One place that gives a name (or ``self.name``) a value.

    Attributes:
        how: ``value`` of ``expr``; an ``element`` of it (``for``); an ``import`` of ``imported``; the ``definition`` of
            ``defined``; a ``parameter`` (``expr`` is its default); an ``annotation`` without a value; ``unknown``.
        steps: Where in the value the name stands, for ``a, (b, c) = …``.
        point: From where ``expr`` is to be read.
        order, branch: When, and on which arm, it holds in the scope of its name.
        index: Position of a parameter; -1 for ``*``, ``**`` and keyword-only ones.
    """

    name: str
    how: How
    point: Point
    node: ast.AST
    expr: ast.expr | None = None
    steps: tuple[Step, ...] = ()
    annotation: ast.expr | None = None
    imported: Imported | None = None
    defined: Scope | None = None
    index: int = -1
    cell: int | None = None
    order: int = 0
    branch: Branch = ()


@dataclass(slots=True, eq=False)
class Imported:
    """One imported name. ``module`` is absolute; ``name`` is None for ``import module``; ``bound`` is the local name."""

    module: str
    name: str | None
    bound: str
    level: int
    node: ast.stmt
    label: str
    cell: int | None
    optional: bool
    alias: bool = False


@dataclass(slots=True, eq=False)
class Site:
    """One call.

    Attributes:
        label: The scope it is reported under.
        binds: Names (as written) that the result is assigned to.
        swallowed: A handler hides its failure.
        loops: Numbers of the loops around it, outermost first; see ``Walked.loops``.
    """

    node: ast.Call
    point: Point
    label: str
    cell: int | None
    binds: tuple[str, ...]
    swallowed: bool
    loops: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Descent:
    """One update ``w -= a * g``. ``label``, ``loops``: as for ``Site``."""

    node: ast.stmt
    point: Point
    label: str
    cell: int | None
    loops: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Mentions:
    """What one scope reads: names, ``name.attribute`` pairs and attribute names, in order of appearance."""

    names: dict[str, Point] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Point] = field(default_factory=dict)
    attributes: dict[str, None] = field(default_factory=dict)

    def update(self, other: Mentions) -> None:
        """Add what ``other`` reads."""
        for name, point in other.names.items():
            self.names.setdefault(name, point)
        for pair, point in other.pairs.items():
            self.pairs.setdefault(pair, point)
        self.attributes.update(other.attributes)


@dataclass(slots=True, eq=False)
class Scope:
    """A module, class or function.

    Attributes:
        label: Qualified name within the module; empty for the module.
        attributes: For a class: what its methods assign to ``self``.
        contents: What is put into a named container afterwards: ``d[k] = v``, ``l.append(v)``.
        outer: Names declared ``global`` or ``nonlocal``.
        results: What a function returns, each with the point it is read from. yields: what it yields.
        statements: Executable statements, those of nested definitions included.
        asserts: ``assert`` statements that can fail, those of nested definitions included.
    """

    kind: Literal["module", "class", "function"]
    label: str
    node: ast.AST
    parent: Scope | None
    walked: Walked
    cell: int | None = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    attributes: dict[str, list[Binding]] = field(default_factory=dict)
    contents: dict[str, list[tuple[ast.expr | None, ast.expr, Point]]] = field(default_factory=dict)
    outer: set[str] = field(default_factory=set)
    results: list[tuple[ast.expr, Point]] = field(default_factory=list)
    yields: list[tuple[ast.expr, Point]] = field(default_factory=list)
    statements: int = 0
    asserts: int = 0
    docstring: bool = False

    @property
    def name(self) -> str:
        """The dotted name under which the project knows it."""
        return f"{self.walked.name}.{self.label}" if self.label else self.walked.name

    @property
    def id(self) -> str:
        """``path::qualname``."""
        return f"{self.walked.path}::{self.label}"

    @property
    def owner(self) -> Scope | None:
        """The class whose method this function is."""
        return self.parent if self.kind == "function" and self.parent and self.parent.kind == "class" else None

    @property
    def end(self) -> Point:
        """The point after everything in it."""
        return Point(self, END, ())


@dataclass(slots=True, eq=False)
class Walked:
    """What one walk over a module found.

    Attributes:
        mentions: By label: what each scope reads. variables: The same by name of a global variable's assignment.
        inner: The point within each comprehension or lambda.
        stars: Modules whose public names are imported, in order.
        paths: Arguments of ``sys.path.insert`` and ``append``.
        early: Cells that read a name which only a later cell binds: (cell, line, name).
        descents: Updates of the form ``w -= a * g``: a step of an optimiser written by hand.
        works: Calls that are whole statements at top level, guard apart: what running the file does.
        reads: Names that are read anywhere, annotations and ``__all__`` included.
        annotated: Names and attributes that stand in annotations.
        loops: ``for`` and ``while`` statements by number.
        altered: Names that ``+=`` and the like change in place.
        asserted: What ``assert`` statements that can fail ask.
        glued: Strings that ``+``, ``%`` or ``/`` puts together, outermost operators only.
        off: Identities of the statements and expressions that never run: after a return, below what is never true.
        nodes: Number of statements and expressions seen.
    """

    path: str
    name: str
    module: Scope = field(init=False)
    scopes: list[Scope] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    imports: list[Imported] = field(default_factory=list)
    texts: list[tuple[str, ast.expr, str, int | None]] = field(default_factory=list)
    mentions: dict[str, Mentions] = field(default_factory=dict)
    variables: dict[str, Mentions] = field(default_factory=dict)
    inner: dict[int, Point] = field(default_factory=dict)
    stars: list[Imported] = field(default_factory=list)
    paths: list[tuple[ast.expr, Point]] = field(default_factory=list)
    early: list[tuple[int, int, str]] = field(default_factory=list)
    descents: list[Descent] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    annotated: set[str] = field(default_factory=set)
    loops: dict[int, ast.stmt] = field(default_factory=dict)
    altered: set[str] = field(default_factory=set)
    asserted: list[tuple[ast.expr, Point]] = field(default_factory=list)
    glued: list[tuple[ast.BinOp, Point, int | None]] = field(default_factory=list)
    off: set[int] = field(default_factory=set)
    top_statements: int = 0
    lines: int = 0
    guard: bool = False
    works: list[ast.Call] = field(default_factory=list)
    nodes: int = 0

    def definitions(self) -> Iterator[Scope]:
        """Yield classes and functions in order of appearance."""
        return (scope for scope in self.scopes if scope.kind != "module")


def off(label: str) -> str:
    """Return the label of what is switched off within ``label``."""
    return label if is_off(label) else f"{label}.{OFF}" if label else OFF


def is_off(label: str) -> bool:
    """Whether ``label`` is that of something that is switched off."""
    return label.endswith(OFF)


def switched_on(label: str) -> str:
    """Return the label of the scope that something which is switched off stands in."""
    return label.removesuffix(OFF).removesuffix(".")


def visible(found: list[Binding], point: Point, *, inside: bool) -> list[Binding]:
    """Return those of a name's bindings that may hold at ``point``, the most recent first, at most 8.

    ``inside``: the point lies in the scope that binds the name, so that order and branches count; from a nested function
    the last ones hold. A binding on every way to the point ends the search; one on another arm of the same statement does
    not count.
    """
    if len(found) == 1 and not found[0].branch:
        return [found[0]]
    held: list[Binding] = []
    arms = dict(point.branch) if inside else {}
    end = bisect_left(found, point.order, key=_ORDER) if inside else len(found)
    for binding in reversed(found[max(0, end - SCANNED) : end]):
        branch = binding.branch
        if any(_elsewhere(number, arm, arms) for number, arm in branch):
            continue
        held.append(binding)
        if len(held) == 8 or all(number in arms for number, _ in branch):
            return held
    if held or not inside:
        return held
    return [b for b in found[:SCANNED] if not any(n < 0 for n, _ in b.branch)][:1]


_ORDER = attrgetter("order")


def _elsewhere(number: int, arm: int, arms: dict[int, int]) -> bool:
    return number not in arms if number < 0 else arms.get(number, arm) != arm
