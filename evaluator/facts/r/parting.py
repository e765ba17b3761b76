"""How do calls of R load, part and prepare rows, and which rows are left?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evaluator.facts.r.reading import Argument, Call, strings
from evaluator.facts.r.states import NOTHING, Rows, State
from evaluator.facts.r.tokens import Token
from evaluator.facts.r.trees import Item
from evaluator.model import Span

if TYPE_CHECKING:
    from evaluator.facts.r.doing import Doing
    from evaluator.facts.r.machine import Machine

_PARTS: dict[str, Rows] = {
    "split-rows": "index",
    "split-mask": "mask",
    "split-object": "object",
    "split-parts": "parts",
}
HELD = ("test", "valid", "holdout", "hold_out", "eval", "oos", "unseen")


class Parting:
    """Takes note of rows that are loaded, split and drawn."""

    def __init__(self, doing: Doing) -> None:
        self.doing = doing

    def call(self, machine: Machine, call: Call, roles: frozenset[str], given: State) -> State | None:
        """Return what a call gives that loads, parts or prepares rows; None for any other."""
        if "prepare" in roles:
            self.doing.note("prepare", machine, call)
        if "load" in roles:
            self.doing.note("load", machine, call)
        split = next((rows for role, rows in _PARTS.items() if role in roles), None)
        if split is not None:
            return self._split(machine, call, given, split)
        if "load" in roles:
            side = side_of_file(call)
            return State(sides=frozenset({side} if side else ()), by_name=bool(side))
        if "part-held" in roles or "part-train" in roles:
            return self._part(machine, call, roles, given)
        if "folds" in roles:
            ordered = "ordered" if "folds-ordered" in roles else "cv"
            rows: Rows = "held-index" if call.name.startswith("create") else ""
            return replace(given, control=ordered, rows=rows, cut=machine.at(call.line, call.end))
        if "draw" in roles:
            return _draw(call, given, machine.at(call.line, call.end))
        if call.name in {"subset", "filter", "which", "slice"} and call.args:
            return _chosen(machine, call)
        return None

    def _split(self, machine: Machine, call: Call, given: State, rows: Rows) -> State:
        self.doing.note("split", machine, call, why="rows are split")
        again = bool(given.sides) and not given.by_name
        if again or call.name == "initial_validation_split":
            self.doing.note("design", machine, call, kind="three-parts", why="rows are split a second time")
        at = machine.at(call.line, call.end)
        return replace(given, rows=rows, cut=at, sides=frozenset(), by_name=False, models=frozenset())

    def _part(self, machine: Machine, call: Call, roles: frozenset[str], given: State) -> State | None:
        """Return one part of a split, or the rows that are left when those of another are taken away."""
        if call.name in {"anti_join", "setdiff"}:
            return self._others(machine, call, given)
        if given.rows != "object":
            return None
        return replace(given, rows="", sides=frozenset({"train" if "part-train" in roles else "held"}))

    def _others(self, machine: Machine, call: Call, given: State) -> State:
        """Return the rows that are left when those of a part are taken away."""
        plain = [a for a in call.args if a.name in {None, "y"}]
        last = machine.argument(plain[-1]) if plain else NOTHING
        if last.cut is not None and (last.rows == "draw" or not last.sides or last.by_name):
            self.doing.drawn(machine, last)
        if last.rows in {"index", "draw"}:
            return State(rows="held-index", cut=last.cut)
        if last.cut is not None or last.sides:
            return replace(given, sides=frozenset({"held"}), by_name=False, cut=last.cut)
        return given


def _draw(call: Call, given: State, at: Span) -> State:
    """Return what is drawn: numbers of some rows, a value for each, or some of the rows themselves.

    That is a split only once the others are kept as well; see ``Machine.confirm``.
    """
    if call.name in {"sample_frac", "sample_n", "slice_sample"}:
        return replace(given, cut=at)
    if call.name in {"runif", "rbinom"}:
        return State(rows="draw", cut=at)
    some = len([a for a in call.args if a.name in {None, "size", "prob"}]) >= 2
    return State(rows="draw", cut=at) if some else given


def _chosen(machine: Machine, call: Call) -> State | None:
    """Return the rows that ``subset`` or ``filter`` leaves by a parting."""
    base = machine.piped(call) if call.left else machine.argument(call.args[0])
    conditions = call.args if call.left or call.name == "which" else call.args[1:]
    for argument in conditions:
        state = machine.chosen(base, _columns_known(machine, argument))
        if state is not base:
            return state
    return None


def _columns_known(machine: Machine, argument: Argument) -> list[Item]:
    """Return a condition; a column that parts rows stands for its parting."""
    made: list[Item] = []
    for item in argument.items:
        if isinstance(item, Token) and item.kind == "name" and "$" + item.text in machine.frames[-1]:
            made += [Token("name", "$", item.line), Token("sign", "$", item.line)]
        made.append(item)
    return made


def side_of_name(name: str) -> str:
    """Return the part of a split that a name means, empty where it means none or both."""
    words = name.lower().replace(".", "_").split("_")
    low = name.lower()
    if any(w.startswith(HELD) for w in words) or low.startswith(("x_test", "xtest", "y_test", "ytest")):
        return "" if any(w.startswith("train") for w in words) else "held"
    return "train" if any(w.startswith("train") for w in words) or low.startswith(("xtrain", "ytrain")) else ""


def side_of_file(call: Call) -> str:
    """Return the side that the name of a read file tells: ``held`` for ``test.csv``."""
    said = [s for a in call.args for s in strings(a.items)]
    name = said[0].replace("\\", "/").rpartition("/")[2].lower() if said else ""
    return "held" if name.startswith(HELD) or "_test" in name or "-test" in name else ""
