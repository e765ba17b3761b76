"""Where is something chosen by a score: the best of several, or by a search?"""

from __future__ import annotations

from evaluator.facts.flowing.calls import Call
from evaluator.facts.flowing.events import Choice
from evaluator.facts.flowing.operations import element
from evaluator.facts.flowing.values import Value, gathered, join

_BEST = frozenset({"max", "min", "argmax", "argmin", "idxmax", "idxmin", "nanargmax", "nlargest"})


def handle(call: Call) -> Value | None:
    """Follow a choice by score; None for every other call."""
    if call.last in _BEST:
        key = call.keywords.get("key")
        if key is not None and key.function is not None and call.args:
            scored = call.machine.apply(key, [element(call.args[0])]).scored
            if scored:
                call.machine.log.choose(Choice(call.spot, scored, f"the best is taken by {call.last}"))
        given = [v for v in (call.receiver, *call.args) if v is not None]
        found = [v if v.scored else gathered(v) for v in given]
        rows = frozenset(r for f in found if not f.rows for r in f.scored)
        chosen = call.last not in {"max", "min"} or "key" in call.keywords
        if rows:
            if chosen:
                call.machine.log.choose(Choice(call.spot, rows, f"the best is taken by {call.last}"))
            return Value(scored=rows, items=None)
    if "search" in call.roles and call.args and call.last in {"optimize", "fmin", "run", "minimize"}:
        objective = next((a for a in call.every() if a.scope is not None or a.function is not None), None)
        if objective is not None:
            _searched(call, objective)
            return join([Value(path=call.name)])
    return None


def _searched(call: Call, objective: Value) -> None:
    """Run the objective of a search: what it scores on, the parameters are chosen by."""
    before, folds = len(call.machine.log.scorings), len(call.machine.log.trainings)
    call.machine.selecting += 1
    call.machine.apply(objective, [])
    call.machine.selecting -= 1
    scored = [s for s in call.machine.log.scorings[before:] if not s.applied]
    rows = frozenset(r for s in scored for r in s.rows)
    if rows and not any(t.folds for t in call.machine.log.trainings[folds:]):
        call.machine.log.choose(Choice(call.spot, rows, "a search chooses parameters by the score"))
