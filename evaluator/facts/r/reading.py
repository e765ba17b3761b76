"""Which calls, assignments, functions and loops stand in a text of R, and inside of what?

A reading of calls, not of meaning: what a name stands for is asked by the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from evaluator.facts.r.tokens import Token, tokens
from evaluator.facts.r.trees import Group, Item, nested, split, statements, written

DEEP = 80
STEPS = 20_000
_WORDS = frozenset({"if", "else", "for", "while", "repeat", "function", "in", "next", "break", "TRUE", "FALSE", "NULL", "NA", "T", "F", "Inf"})  # fmt: skip
_ASSIGNS = frozenset({"<-", "<<-", "=", ":="})
_PIPES = frozenset({"|>", "%>%", "%<>%", "%T>%", "%$%", "+"})
_FALSE = frozenset({"FALSE", "F", "0"})
_LEFT = 400


@dataclass(slots=True)
class Argument:
    """One argument of a call. ``name``: None for one that is given by its position."""

    name: str | None
    items: list[Item]

    @property
    def text(self) -> str:
        """The value as written, see ``trees.written``."""
        return written(self.items)


@dataclass(slots=True)
class Call:
    """One call of a function by its name.

    Attributes:
        package: Where it is written (``caret::train``), else empty.
        outer: The call among whose arguments it stands. step: The statement that it is a part of.
        left: What is piped or added into it from the left; empty where nothing is. group: The bracket of its arguments.
        scope: Name of the function it stands in, empty at top level. loops: Lines of the loops it stands in.
        dead: It stands under ``if (FALSE)`` or in a chunk that is not evaluated.
    """

    name: str
    package: str
    line: int
    end: int
    args: list[Argument]
    step: Step
    left: list[Item] = field(default_factory=list)
    outer: Call | None = None
    group: Group | None = None

    @property
    def scope(self) -> str:
        """See the class."""
        return self.step.scope

    @property
    def loops(self) -> tuple[int, ...]:
        """See the class."""
        return self.step.loops

    @property
    def dead(self) -> bool:
        """See the class."""
        return self.step.dead

    def given(self, *names: str, at: int | None = None) -> Argument | None:
        """Return the argument with one of these names, else the one at a position among those without a name."""
        named = next((a for a in self.args if a.name in names), None)
        if named is not None or at is None:
            return named
        at -= 1 if self.left else 0
        plain = [a for a in self.args if a.name is None]
        return plain[at] if 0 <= at < len(plain) else None


@dataclass(slots=True)
class Step:
    """One statement, or the head of a loop or condition.

    Attributes:
        target: The variable that it assigns to; empty where none. partial: Only to a part of it (``x$a <- 1``).
        value: What is assigned or evaluated. index: What stands between the target's name and the arrow.
    """

    line: int
    scope: str
    loops: tuple[int, ...]
    dead: bool
    target: str = ""
    partial: bool = False
    index: list[Item] = field(default_factory=list)
    value: list[Item] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)


@dataclass(slots=True)
class Function:
    """One function that bears a name. ``steps``: statements in it."""

    name: str
    line: int
    end: int
    scope: str
    parameters: tuple[str, ...]
    steps: int = 0


@dataclass(slots=True)
class Program:
    """One text, read once: its statements in order, and its functions."""

    steps: list[Step] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)

    @property
    def calls(self) -> Iterator[Call]:
        """Every call, in order."""
        return (call for step in self.steps for call in step.calls)


@dataclass(frozen=True, slots=True)
class _Around:
    scope: str = ""
    loops: tuple[int, ...] = ()
    dead: bool = False
    depth: int = 0

    def inside(self, *, scope: str | None = None, loop: int | None = None, dead: bool = False) -> _Around:
        return replace(
            self,
            scope=self.scope if scope is None else scope,
            loops=self.loops if loop is None else (*self.loops, loop)[:8],
            dead=self.dead or dead,
            depth=self.depth + 1,
        )


def read(text: str, *, dead: bool = False) -> Program:
    """Return what stands in ``text``; never raises. ``dead``: it is not evaluated."""
    reader = _Reader()
    reader.block(nested(tokens(text)), _Around(dead=dead))
    return reader.program


class _Reader:
    def __init__(self) -> None:
        self.program = Program()

    def block(self, items: list[Item], around: _Around) -> None:
        if around.depth < DEEP:
            for held in statements(items):
                self.statement(held, around)

    def statement(self, items: list[Item], around: _Around) -> None:
        if around.depth >= DEEP or len(self.program.steps) >= STEPS:
            return
        step = Step(_line(items), around.scope, around.loops, around.dead)
        step.target, step.partial, step.index, step.value = _assignment(items)
        self.program.steps.append(step)
        if step.target:
            self.expression(step.index, around, step, None)
        self.expression(step.value, around, step, None)

    def expression(self, items: list[Item], around: _Around, step: Step, outer: Call | None) -> None:
        """Read a list of items: calls are noted, blocks and bodies are statements of their own."""
        if around.depth >= DEEP:
            return
        at = 0
        while at < len(items):
            item, after = items[at], items[at + 1] if at + 1 < len(items) else None
            word = item.text if isinstance(item, Token) and item.kind in {"name", "sign"} else ""
            if isinstance(item, Group):
                self.bracket(item, around, step, outer)
            elif isinstance(after, Group) and after.opens == "(" and word in {"if", "for", "while", "function", "\\"}:
                at = self.headed(items, at, around, step, outer)
                continue
            elif word == "repeat":
                at = self.body(items, at + 1, around.inside(loop=item.line))
                continue
            elif (
                isinstance(after, Group)
                and after.opens == "("
                and item.kind in {"name", "string"}
                and word not in _WORDS
            ):
                self.call((item, after), items, at, around, step, outer)
                at += 1
            at += 1

    def bracket(self, group: Group, around: _Around, step: Step, outer: Call | None) -> None:
        if group.opens == "{":
            self.block(group.items, around.inside())
        else:
            for part in split(group.items):
                self.expression(part, around.inside(), step, outer)

    def headed(self, items: list[Item], at: int, around: _Around, step: Step, outer: Call | None) -> int:
        """Read a condition, loop or function with its body; return where it ends."""
        word, head = items[at], items[at + 1]
        if not isinstance(word, Token) or not isinstance(head, Group):
            return at + 1
        if word.text in {"function", "\\"}:
            return self.function(head, items, at, around, step)
        self.expression(head.items, around.inside(), step, outer)
        if word.text != "if":
            if word.text == "for":
                self.variable(head, around)
            return self.body(items, at + 2, around.inside(loop=word.line))
        never = written(head.items, 10) in _FALSE
        end = self.body(items, at + 2, around.inside(dead=never), stop="else")
        following = items[end] if end < len(items) else None
        if isinstance(following, Token) and following.text == "else":
            after = items[end + 1] if end + 1 < len(items) else None
            if isinstance(after, Token) and after.text == "if":
                return end + 1
            return self.body(items, end + 1, around.inside())
        return end

    def variable(self, head: Group, around: _Around) -> None:
        """Note what a loop's variable goes through, as an assignment."""
        first = head.items[0] if head.items else None
        if isinstance(first, Token) and first.kind == "name":
            inside = around.inside(loop=head.line)
            self.program.steps.append(
                Step(head.line, inside.scope, inside.loops, inside.dead, target=first.text, value=head.items[2:])
            )

    def body(self, items: list[Item], at: int, around: _Around, stop: str = "") -> int:
        """Read the body that begins at ``at``, in braces or a single statement; return where it ends."""
        first = items[at] if at < len(items) else None
        if isinstance(first, Group) and first.opens == "{":
            self.block(first.items, around)
            return at + 1
        end = next((i for i in range(at, len(items)) if stop and _is(items[i], stop)), len(items))
        if end > at:
            self.statement(items[at:end], around)
        return end

    def function(self, head: Group, items: list[Item], at: int, around: _Around, step: Step) -> int:
        """Read a function, whose parameters are ``head``; return where it ends."""
        named = step.target if items is step.value and at == 0 and not step.partial else ""
        inside = around.inside(scope=named or None)
        before = len(self.program.steps)
        for part in split(head.items):
            self.expression(part, inside, step, None)
        end = self.body(items, at + 2, inside)
        if named:
            last = items[end - 1] if end else head
            parameters = tuple(p[0].text for p in split(head.items) if p and isinstance(p[0], Token))
            made = Function(named, step.line, _end(last), around.scope, parameters, len(self.program.steps) - before)
            self.program.functions.append(made)
        return end

    def call(
        self, called: tuple[Token, Group], items: list[Item], at: int, around: _Around, step: Step, outer: Call | None
    ) -> None:
        """Note one call: its name and its bracket, which stand at ``at``."""
        name, group = called
        package, start = "", at
        if at >= 2 and _is(items[at - 1], "::", ":::"):
            owner = items[at - 2]
            package, start = (owner.text if isinstance(owner, Token) else ""), at - 2
        elif at >= 1 and _is(items[at - 1], "$", "@"):
            package = "$"
        piped = start >= 1 and _is(items[start - 1], *_PIPES)
        call = Call(
            name.text,
            package,
            name.line,
            max(name.line, group.end),
            [_argument(part) for part in split(group.items)],
            step,
            left=items[max(0, start - 1 - _LEFT) : start - 1] if piped else [],
            outer=outer,
            group=group,
        )
        step.calls.append(call)
        for argument in call.args:
            self.expression(argument.items, around.inside(), step, call)


def _argument(part: list[Item]) -> Argument:
    first = part[0] if part else None
    if len(part) > 1 and isinstance(first, Token) and first.kind in {"name", "string"} and _is(part[1], "="):
        return Argument(first.text, part[2:])
    return Argument(None, part)


def _assignment(items: list[Item]) -> tuple[str, bool, list[Item], list[Item]]:
    """Return the assigned variable, whether only a part of it is, the rest of the left side, and the value."""
    first = items[0]
    if not isinstance(first, Token) or (first.kind == "name" and first.text in _WORDS):
        return "", False, [], items
    for at, item in enumerate(items):
        if isinstance(item, Token) and item.kind == "sign":
            if item.text in _ASSIGNS and 0 < at < len(items) - 1 and first.kind in {"name", "string"}:
                return first.text, at > 1, items[1:at], items[at + 1 :]
            if item.text in {"->", "->>"} and at + 1 < len(items):
                target = items[at + 1]
                if isinstance(target, Token) and target.kind == "name":
                    return target.text, len(items) > at + 2, items[at + 2 :], items[:at]
            if item.text == "%<>%" and first.kind == "name":
                return first.text, True, [], items
    if first.kind == "name" and first.text == "assign" and len(items) == 2 and isinstance(items[1], Group):
        parts = list(split(items[1].items))
        if len(parts) >= 2 and len(parts[0]) == 1 and isinstance(parts[0][0], Token) and parts[0][0].kind == "string":
            return parts[0][0].text, False, [], parts[1]
    return "", False, [], items


def _is(item: Item, *texts: str) -> bool:
    return isinstance(item, Token) and item.kind in {"sign", "name"} and item.text in texts


def _line(items: list[Item]) -> int:
    return items[0].line


def _end(item: Item) -> int:
    return item.end if isinstance(item, Group) else item.line


def mentions(items: list[Item]) -> list[str]:
    """Return the variables that are read in ``items``, each once: no functions, argument names, columns after ``$``."""
    found: dict[str, None] = {}
    todo: list[list[Item]] = [items]
    while todo:
        held = todo.pop()
        if any(_is(i, "~") for i in held):
            held = [i for i in held if isinstance(i, Group)] if len(held) < 3 else []
        for at, item in enumerate(held):
            if isinstance(item, Group):
                todo += split(item.items) if item.opens != "{" else statements(item.items)
            elif item.kind == "name" and item.text not in _WORDS:
                after = held[at + 1] if at + 1 < len(held) else None
                called = isinstance(after, Group) and after.opens == "("
                named = at == 0 and after is not None and _is(after, "=")
                column = at >= 1 and _is(held[at - 1], "$", "@", "::", ":::")
                package = after is not None and _is(after, "::", ":::")
                if not (called or named or column or package):
                    found.setdefault(item.text)
    return list(found)


def strings(items: list[Item]) -> Iterator[str]:
    """Yield the string constants in ``items``, in order."""
    todo: list[Item] = list(reversed(items))
    while todo:
        item = todo.pop()
        if isinstance(item, Group):
            todo += reversed(item.items)
        elif item.kind == "string":
            yield item.text
