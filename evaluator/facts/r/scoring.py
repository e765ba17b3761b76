"""Does an expression of R compute a measure of quality by hand, a difference, a constant?"""

from __future__ import annotations

from evaluator.facts.r.reading import Call, Step
from evaluator.facts.r.tokens import Token
from evaluator.facts.r.trees import Group, Item

_OVER_ROWS = frozenset({"mean", "sum", "median"})
_CONSTANT = frozenset(
    {"mean", "median", "rep", "nrow", "length", "rep_len", "NROW", "names", "which.max", "sort", "table"}
)


def is_measure(call: Call) -> bool:
    """Whether a call takes the mean or sum of differences of two values, of their being equal, or of a table's diagonal."""
    if call.name == "diag":
        return True
    if call.name not in _OVER_ROWS or not call.args:
        return False
    signs = _signs(call.args[0].items)
    inner = {t.text for t in _tokens(call.args[0].items) if t.kind == "name"}
    powers = "^" in signs or "**" in signs
    return bool(signs & {"==", "!="}) or ("-" in signs and (powers or bool(inner & {"abs", "sq", "square"})))


def is_difference(items: list[Item]) -> bool:
    """Whether a value is plainly one thing less another."""
    return len(items) >= 3 and any(isinstance(i, Token) and i.kind == "sign" and i.text == "-" for i in items[1:])


def is_range(items: list[Item]) -> bool:
    """Whether a value is plainly the numbers from one to another."""
    return any(isinstance(i, Token) and i.kind == "sign" and i.text == ":" for i in items) and not any(
        isinstance(i, Group) and i.opens == "[" for i in items
    )


def constant(step: Step) -> str:
    """Return the function by which one value is made for all rows; empty where none is."""
    names = {c.name for c in step.calls}
    if step.partial or not names or names - _CONSTANT:
        return ""
    found = names & {"mean", "median", "which.max"}
    return f"{min(found)}()" if found else ""


def _signs(items: list[Item]) -> set[str]:
    return {t.text for t in _tokens(items) if t.kind == "sign"}


def _tokens(items: list[Item]) -> list[Token]:
    found: list[Token] = []
    todo: list[Item] = list(items)
    while todo and len(found) < 300:
        item = todo.pop()
        if isinstance(item, Group):
            todo += item.items
        else:
            found.append(item)
    return found
