"""What does each variable of an R session hold, statement by statement?

A reading, not a run: branches are taken one after the other, loops once, own functions where they are called. Files that
another sources are read in its place; a name that a session does not define is looked up in the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from evaluator.facts.r.files import Part, Source
from evaluator.facts.r.parting import HELD, side_of_name
from evaluator.facts.r.project import Project
from evaluator.facts.r.reading import Argument, Call, Program, Step
from evaluator.facts.r.states import NOTHING, Learned, State, union
from evaluator.facts.r.tokens import Token
from evaluator.facts.r.trees import Group, Item, split, statements
from evaluator.model import Span

if TYPE_CHECKING:
    from evaluator.facts.r.doing import Doing

STEPS = 60_000
CALLS = 6
ROUNDS = 3
"""At most this many statements are read in all sessions together, own functions this deep, and all sessions this often."""

_NEGATIVE = frozenset({"-", "!", "!="})
_FALSE = frozenset({"FALSE", "F", "0", "2"})
_PARTS_BY_NAME = frozenset(
    {"head", "tail", "window", "subset", "filter", "slice", "slice_head", "slice_tail", "sample_frac", "sample_n"}
    | {"slice_sample", "sample"}
)
_PARTS = {"resample": "score", "results": "score", "residuals": "residual"}


class Machine:
    """Reads the sessions of one project and tells ``doing`` of every call.

    ``elsewhere``: what each variable holds at the end of any session; ``agreed``: what is learned from all rows in it in
    every session that makes it anew.
    """

    def __init__(self, project: Project, doing: Doing) -> None:
        self.project = project
        self.doing = doing
        self.elsewhere: dict[str, State] = {}
        self.agreed: dict[str, frozenset[Learned]] = {}
        self.frames: list[dict[str, State]] = [{}]
        self.results: dict[int, State] = {}
        self.left = STEPS
        self.seeded = False
        self.source = Source("", "script")
        self.part = Part(Program())
        self._entered: list[str] = []
        self._borrowed: set[str] = set()
        self._seen: set[str] = set()
        self._confirmed: set[Span] = set()
        self._made: dict[tuple[str, frozenset[tuple[str, State]]], State] = {}

    def run(self) -> None:
        """Read every session, again while what the others hold still changes."""
        for _ in range(ROUNDS):
            before = self.elsewhere, self.agreed
            self._round()
            if (self.elsewhere, self.agreed) == before or len(self.project.sources) < 2:
                return

    def _round(self) -> None:
        """Read every session: each file that no other sources, in order of paths."""
        within = {path for paths in self.project.sourced.values() for path in paths}
        every = [s for s in self.project.sources if not s.is_test]
        by_path = {s.path: s for s in every}
        ended: dict[str, State] = {}
        agreed: dict[str, frozenset[Learned]] = {}
        self._made.clear()
        for source in [s for s in every if s.path not in within] + [s for s in every if s.path in within]:
            self.frames, self.seeded, self._borrowed = [{}], False, set()
            self._session(source, by_path, set())
            for name, state in self.frames[0].items():
                ended[name] = union([ended[name], state]) if name in ended else state
                if name not in self._borrowed:
                    agreed[name] = agreed.get(name, frozenset(state.learned)) & frozenset(state.learned)
        self.elsewhere, self.agreed = ended, agreed

    def _session(self, source: Source, by_path: dict[str, Source], seen: set[str]) -> None:
        if source.path in seen:
            return
        seen.add(source.path)
        before = self.source, self.part
        waiting = list(self.project.sourced.get(source.path, ()))
        for part in source.parts:
            self.source, self.part = source, part
            for step in part.program.steps:
                if waiting and any(c.name in {"source", "sys.source"} for c in step.calls):
                    self._session(by_path.get(waiting[0], source), by_path, seen)
                    del waiting[0]
                    self.source, self.part = source, part
                if not self._is_within(step):
                    self.step(step)
        for name, (owner, _, _) in sorted(self.project.own.items(), key=lambda one: one[0]):
            if owner is source and name not in self._seen:
                self._enter(name, {})
        self.source, self.part = before

    def _is_within(self, step: Step) -> bool:
        return step.scope in self.project.own

    def step(self, step: Step) -> State:
        """Read one statement; return what it gives."""
        if self.left <= 0:
            return NOTHING
        self.left -= 1
        for call in _in_order(step.calls):
            if call.group is not None:
                self.results[id(call.group)] = self._call(call)
        state = self.value(step.value)
        if step.loops and step.target and not step.calls and _is_loop_head(step):
            state = replace(state, loops=frozenset({step.loops[-1]}))
        if step.target:
            self._assign(step, self.doing.assigned(self, step, state))
        else:
            self.doing.evaluated(step, state)
        return state

    def _assign(self, step: Step, state: State) -> None:
        frame = self.frames[-1]
        named = side_of_name(step.target)
        if named and not (state.sides and not state.by_name) and not state.models and _is_part(step):
            state = replace(state, sides=frozenset({named}), by_name=True)
        if step.partial:
            column = next((i.text for i in step.index if isinstance(i, Token) and i.kind in {"name", "string"}), "")
            if state.rows and column:
                frame["$" + column] = state
            chosen = union(self.value(part) for g in step.index if isinstance(g, Group) for part in split(g.items))
            if chosen.predicted and not state.predicted:  # classes are set where a prediction passes a threshold
                state = replace(state, predicted=chosen.predicted, models=chosen.models)
            before = self.lookup(step.target)
            kept = replace(state, rows="", sides=frozenset(), cut=None, specs=frozenset())
            frame[step.target] = union([before, kept])
        else:
            frame[step.target] = state

    def lookup(self, name: str) -> State:
        """Return what a variable holds: in the function, in the session, else in another session."""
        for frame in (self.frames[-1], self.frames[0]):
            if name in frame:
                return frame[name]
        self._borrowed.add(name)
        state = self.elsewhere.get(name, NOTHING)
        if state.learned:
            agreed = self.agreed.get(name, frozenset())
            learned = tuple(one if one in agreed else replace(one, sure=False) for one in state.learned)
            return replace(state, learned=learned)
        return state

    def confirm(self, cut: Span) -> None:
        """Take rows that were drawn at ``cut`` for the training part: the others are kept apart."""
        self._confirmed.add(cut)
        for frame in self.frames:
            for name, state in frame.items():
                if state.cut == cut and not state.rows and (not state.sides or state.by_name):
                    frame[name] = replace(state, sides=frozenset({"train"}), by_name=False)

    def at(self, line: int, end: int | None = None) -> Span:
        """Return a place in what is being read."""
        return self.source.at(self.part, line, end)

    # values

    def value(self, items: list[Item]) -> State:
        """Return what an expression holds; results of calls in it must be known."""
        if any(isinstance(i, Token) and i.text == "~" and i.kind == "sign" for i in items):
            return NOTHING
        return union(self._parts(items))

    def _parts(self, items: list[Item]) -> Iterator[State]:
        at = 0
        while at < len(items):
            item = items[at]
            after = items[at + 1] if at + 1 < len(items) else None
            if isinstance(item, Group):
                if item.opens == "{":
                    yield from (self.value(_plain(held)) for held in statements(item.items))
                elif item.opens == "(":
                    yield from (self.value(part) for part in split(item.items))
            elif item.kind in {"name", "string"} and isinstance(after, Group) and after.opens == "(":
                yield self.results.get(id(after), NOTHING)
                at += 1
            elif item.kind == "name" and not _is_column(items, at):
                yield self._variable(item, items, at)
            at += 1

    def _variable(self, name: Token, items: list[Item], at: int) -> State:
        """Return what a variable holds with the index or part after it."""
        state = self.lookup(name.text)
        after = items[at + 1] if at + 1 < len(items) else None
        if isinstance(after, Group) and after.opens == "[":
            if state.rows == "parts":
                said = written_index(after)
                return replace(state, rows="", sides=frozenset({"train" if said == "1" else "held"}))
            if not after.double and (state.rows == "" or state.models):
                return self._indexed(state, after)
            return state
        if isinstance(after, Token) and after.text in {"$", "@"} and at + 2 < len(items):
            part = items[at + 2]
            return self._part(state, part.text if isinstance(part, Token) else "")
        return state

    def _part(self, state: State, part: str) -> State:
        masked = self.frames[-1].get("$" + part) or self.frames[0].get("$" + part)
        if masked is not None:
            return masked
        if state.rows == "parts":
            side = side_of_name(part) or "held"
            return replace(state, rows="", sides=frozenset({side}))
        if state.models and part in _PARTS:
            return replace(state, score=state.score or part != "residuals", residual=part == "residuals")
        if state.models and part in {"fitted.values", "fitted", "predicted"}:
            return replace(state, predicted="training")
        return state

    def _indexed(self, state: State, index: Group) -> State:
        first = next(iter(split(index.items)), [])
        return self.chosen(state, first)

    def chosen(self, state: State, condition: list[Item]) -> State:
        """Return the rows of ``state`` that a condition or an index leaves."""
        parting = self.value(_bare(condition))
        if parting.rows in {"", "object", "parts"}:
            return state
        turned = _is_turned(condition)
        held = turned != (parting.rows == "held-index")
        if parting.rows == "draw" and held:
            self.doing.drawn(self, parting)
        if parting.rows == "draw" and parting.cut not in self._confirmed:
            return replace(state, rows="", cut=parting.cut)
        learned = state.learned if not state.sides or state.by_name else ()
        side = "held" if held else "train"
        return replace(state, sides=frozenset({side}), by_name=False, rows="", cut=parting.cut, learned=learned)

    # calls

    def _call(self, call: Call) -> State:
        if not call.package and call.name in self.project.own and call.name not in self._entered:
            given = self._bound(call)
            key = (call.name, frozenset(given.items()))
            made = self._made.get(key) or self._enter(call.name, given)
            if made is not None:
                self._made[key] = made
                return self.doing.own(self, call, made)
        return self.doing.call(self, call)

    def argument(self, argument: Argument | None) -> State:
        """Return what an argument holds; nothing where it is not given."""
        return self.value(argument.items) if argument is not None else NOTHING

    def piped(self, call: Call) -> State:
        """Return what is piped into a call: the result of the last call before it, else all that stands there."""
        if not call.left:
            return NOTHING
        last = call.left[-1]
        if isinstance(last, Group) and id(last) in self.results:
            return self.results[id(last)]
        return self.value(call.left)

    def given(self, call: Call) -> State:
        """Return what all arguments of a call hold together, and what is piped into it."""
        return union([self.piped(call), *(self.argument(a) for a in call.args)])

    def _bound(self, call: Call) -> dict[str, State]:
        _, _, function = self.project.own[call.name]
        names = list(function.parameters)
        bound = {a.name: self.argument(a) for a in call.args if a.name is not None}
        plain = [self.piped(call)] if call.left else []
        plain += [self.argument(a) for a in call.args if a.name is None]
        bound.update(zip((n for n in names if n not in bound), plain, strict=False))
        return bound

    def _enter(self, name: str, bound: dict[str, State]) -> State | None:
        """Read the body of an own function with its parameters bound; None where that goes too deep."""
        if len(self._entered) >= CALLS or self.left <= 0:
            return None
        source, part, _ = self.project.own[name]
        before = self.source, self.part
        self.source, self.part = source, part
        self._entered.append(name)
        self._seen.add(name)
        self.frames.append(dict(bound))
        last = NOTHING
        given: list[State] = []
        for step in part.program.steps:
            if step.scope == name:
                last = self.step(step)
                if any(c.name == "return" for c in step.calls):
                    given.append(last)
        self.frames.pop()
        self._entered.pop()
        self.source, self.part = before
        return union([*given, last])


def _in_order(calls: list[Call]) -> Iterator[Call]:
    """Yield calls as they are evaluated: those among the arguments before the call itself, and from left to right."""
    waiting: list[Call] = []
    for call in calls:
        while waiting and waiting[-1] is not call.outer:
            yield waiting.pop()
        waiting.append(call)
    yield from reversed(waiting)


def written_index(group: Group) -> str:
    """Return what stands in an index, as far as it is one word."""
    held = group.items
    while len(held) == 1 and isinstance(held[0], Group):
        held = held[0].items
    return held[0].text if len(held) == 1 and isinstance(held[0], Token) else ""


def _bare(condition: list[Item]) -> list[Item]:
    return [i for i in condition if not (isinstance(i, Token) and i.kind == "sign" and i.text in {"-", "!"})]


def _is_turned(condition: list[Item]) -> bool:
    """Whether the other rows are meant: ``-i``, ``!i``, ``i == FALSE``, ``i == 2``, ``i != 1``."""
    words = [i for i in condition if isinstance(i, Token)]
    inner = [i for g in condition if isinstance(g, Group) and g.opens == "(" for i in g.items if isinstance(i, Token)]
    every = [*words, *inner]
    if any(w.kind == "sign" and w.text in _NEGATIVE for w in every):
        return True
    said = [w.text.lower() for w in every if w.kind == "string"]
    if any(s.startswith(HELD) for s in said):
        return True
    return any(w.text == "==" for w in every) and any(w.text in _FALSE and w.kind in {"name", "number"} for w in every)


def _is_column(items: list[Item], at: int) -> bool:
    before = items[at - 1] if at else None
    return isinstance(before, Token) and before.kind == "sign" and before.text in {"$", "@", "::", ":::"}


def _is_loop_head(step: Step) -> bool:
    return bool(step.value) and not step.partial and step.line == step.loops[-1]


def _plain(held: list[Item]) -> list[Item]:
    """Return the value of a statement in a block."""
    for at, item in enumerate(held):
        if isinstance(item, Token) and item.kind == "sign" and item.text in {"<-", "="}:
            return held[at + 1 :]
    return held


def _is_part(step: Step) -> bool:
    """Whether a value is a part of rows that only its new name tells: a range of them, the first or last, some drawn."""
    if any(c.name in _PARTS_BY_NAME for c in step.calls):
        return True
    held = [i for i in step.value if isinstance(i, Group) and i.opens == "["]
    return any(isinstance(t, Token) and t.text == ":" for g in held for t in next(iter(split(g.items)), []))
