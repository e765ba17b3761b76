"""How do the tokens of R nest in brackets, and where does one statement end and the next begin?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from evaluator.facts.r.tokens import Token

DEPTH = 60
"""Brackets that nest deeper are taken for empty."""

_CLOSES = {")": "(", "]": "[", "}": "{"}
_PREFIX = frozenset({"if", "else", "for", "while", "repeat", "function", "in", "\\"})
_JOINS = frozenset(
    {
        "<-",
        "<<-",
        "->",
        "->>",
        "=",
        ":=",
        "+",
        "-",
        "*",
        "/",
        "^",
        "~",
        "|>",
        "&",
        "&&",
        "|",
        "||",
        "==",
        "!=",
        "<",
        ">",
    }
    | {"<=", ">=", "!", "::", ":::", "$", "@", ":", ",", "?"}
)


@dataclass(slots=True)
class Group:
    """A bracket with what it holds. ``opens``: ``(``, ``[`` or ``{``; ``double``: it is ``[[``. Lines are 1-based."""

    opens: str
    line: int
    end: int = 0
    double: bool = False
    items: list[Item] = field(default_factory=list)


Item: TypeAlias = Token | Group


def nested(found: list[Token]) -> list[Item]:
    """Return the tokens as a tree. A bracket without its counterpart ends with what holds it; never raises."""
    root = Group("{", 1)
    stack = [root]
    too_deep = 0
    for token in found:
        opens = token.text[0] if token.kind == "sign" and token.text in {"(", "[", "[[", "{"} else ""
        if opens:
            if len(stack) > DEPTH:
                too_deep += 1
                continue
            group = Group(opens, token.line, token.line, double=token.text == "[[")
            stack[-1].items.append(group)
            stack.append(group)
            if group.double:  # closed by two signs, so the inner one is opened as well
                inner = Group(opens, token.line, token.line)
                group.items.append(inner)
                stack.append(inner)
        elif token.kind == "sign" and token.text in _CLOSES:
            if too_deep:
                too_deep -= 1
                continue
            _close(stack, _CLOSES[token.text], token.line)
        elif not too_deep and (token.kind != "newline" or stack[-1].opens == "{"):
            stack[-1].items.append(token)
    return root.items


def _close(stack: list[Group], opens: str, line: int) -> None:
    """Close the innermost bracket of this kind; a closing one that nothing opened is passed over."""
    at = next((i for i in range(len(stack) - 1, 0, -1) if stack[i].opens == opens), 0)
    if at:
        for group in stack[at:]:
            group.end = line
        del stack[at:]


def statements(items: list[Item]) -> Iterator[list[Item]]:
    """Yield the statements of a block: a line goes on where it cannot end, and where ``else`` follows."""
    held: list[Item] = []
    for at, item in enumerate(items):
        if isinstance(item, Token) and item.kind == "sign" and item.text == ";":
            if held:
                yield held
            held = []
        elif isinstance(item, Token) and item.kind == "newline":
            if held and not _goes_on(held) and not _else_follows(items, at):
                yield held
                held = []
        else:
            held.append(item)
    if held:
        yield held


def _goes_on(held: list[Item]) -> bool:
    """Whether a statement cannot end here: after an operator, or a head that still wants its body."""
    last = held[-1]
    if isinstance(last, Token):
        if last.kind == "sign":
            return last.text in _JOINS or last.text.startswith("%")
        return last.kind == "name" and last.text in _PREFIX
    before = held[-2] if len(held) > 1 else None
    return (
        last.opens == "("
        and isinstance(before, Token)
        and before.text in {"if", "for", "while", "function", "\\"}
        and before.kind in {"name", "sign"}
    )


def _else_follows(items: list[Item], at: int) -> bool:
    for item in items[at : at + 50]:
        if not (isinstance(item, Token) and item.kind == "newline"):
            return isinstance(item, Token) and item.kind == "name" and item.text == "else"
    return False


def split(items: list[Item]) -> Iterator[list[Item]]:
    """Yield the arguments that commas part; an empty one as an empty list."""
    held: list[Item] = []
    for item in items:
        if isinstance(item, Token) and item.kind == "sign" and item.text == ",":
            yield held
            held = []
        else:
            held.append(item)
    if held:
        yield held


def written(items: list[Item], limit: int = 200) -> str:
    """Return the items as text again, blanks and comments left out, at most ``limit`` characters."""
    said: list[str] = []
    length = 0
    todo: list[Item | str] = list(reversed(items))
    while todo and length < limit:
        item = todo.pop()
        if isinstance(item, Group):
            closing = {"(": ")", "[": "]", "{": "}"}[item.opens]
            todo.append(closing)
            todo += reversed(item.items)
            text = item.opens
        else:
            text = item if isinstance(item, str) else f'"{item.text}"' if item.kind == "string" else item.text
        said.append(text)
        length += len(text)
    return "".join(said)[:limit]
