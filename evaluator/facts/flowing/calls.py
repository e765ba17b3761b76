"""What is one call: by which names, on what, with which arguments?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluator.facts.flowing.state import Env
from evaluator.facts.flowing.values import Spot, Value, gathered, join, nothing

if TYPE_CHECKING:
    from evaluator.facts.flowing.calling import Calling


@dataclass(slots=True, eq=False)
class Call:
    """A call whose arguments were evaluated.

    Attributes:
        machine: What follows the program.
        names: Dotted names it may have, the likeliest first. last: the name that is written before the parenthesis.
        receiver: What a method is called on; None for a function.
        callee: What is called.
    """

    machine: Calling
    node: ast.Call
    env: Env
    names: tuple[str, ...]
    last: str
    receiver: Value | None
    callee: Value
    args: list[Value]
    keywords: dict[str, Value]
    spot: Spot
    roles: frozenset[str]

    @property
    def name(self) -> str:
        """The likeliest name."""
        return self.names[0]

    def given(self, index: int, *keywords: str) -> Value | None:
        """Return an argument by its position or one of its names."""
        for keyword in keywords:
            if keyword in self.keywords:
                return self.keywords[keyword]
        return self.args[index] if 0 <= index < len(self.args) else None

    def says(self, keyword: str, index: int = -1) -> tuple[object, ...]:
        """Return the constants that an argument may be; empty where it is not given, or unknown."""
        found = self.given(index, keyword)
        return found.constants if found is not None else ()

    def is_(self, keyword: str, value: object) -> bool:
        """Whether an argument is given as a constant."""
        return any(c is value or (c == value and type(c) is type(value)) for c in self.says(keyword))

    def every(self) -> Iterator[Value]:
        """Yield all arguments."""
        yield from self.args
        yield from self.keywords.values()

    def rows_given(self) -> list[Value]:
        """Return the arguments that hold rows, containers gathered."""
        found = [a if a.rows else gathered(a) for a in self.every()]
        return [f for f in found if f.rows]


def passed_on(call: Call, *, with_receiver: bool = True) -> Value:
    """Return what a call of something unknown gives: rows of what it was given, with all that was learned in them."""
    given = [call.receiver] if call.receiver is not None and with_receiver else []
    given += [*call.args, *call.keywords.values()]
    found = [v if v.rows else gathered(v) for v in given]
    rows = [f for f in found if f.rows]
    numbers = [f for f in found if f.statistics or f.scored]
    if len(rows) == 1:
        made = rows[0].copy()
        made.statistics = frozenset()
        made.blurred = made.blurred or made.base is not None
    elif rows:
        made = join(rows)
        made = made.copy() if any(made is r for r in rows) else made
        made.statistics = frozenset()
    elif numbers:
        made = Value(
            statistics=frozenset().union(*(n.statistics for n in numbers)),
            scored=frozenset().union(*(n.scored for n in numbers)),
        )
    else:
        made = nothing()
    made.inside = tuple(dict.fromkeys(p for f in found for p in f.inside))[:20]
    if call.receiver is not None and not rows:
        made.trainings |= call.receiver.trainings
    picks = next((v.picks for v in given if v.picks is not None), None)
    if picks is not None:
        call.machine.log.taken.add(picks)
    if picks is not None and rows:
        made.rows = frozenset(r.part(*picks) for r in made.rows)
    elif picks is not None:
        made.picks = picks
    return made
