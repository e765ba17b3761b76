"""What do the methods of the program's own lists and dicts, and of a frame's list of names, do?"""

from __future__ import annotations

from evaluator.facts.flowing import columns, operations
from evaluator.facts.flowing.calls import Call
from evaluator.facts.flowing.values import Value, constant, container, gathered, join, nothing

_ADDS = frozenset({"append", "add", "insert", "extend", "appendleft"})
_KEYS = 40
_FEW = 12


def handle(call: Call) -> Value | None:
    """Follow a method of names, of a list or of a dict; None for every other call."""
    receiver = call.receiver
    if receiver is None or receiver.rows:
        return None
    if receiver.names_of is not None:
        return _of_names(call, receiver)
    if receiver.items is not None or receiver.rest is not None:
        return _of_list(call, receiver)
    return None


def _of_names(call: Call, names: Value) -> Value:
    """Return a frame's names after some were taken out."""
    made = Value(names_of=names.names_of, dropped=names.dropped, statistics=names.statistics)
    gone = [t for a in call.args[:1] for t in a.texts()]
    if call.last in {"drop", "difference"}:
        made.dropped |= frozenset(gone)
        made.statistics |= frozenset(s for a in call.args[:1] for s in gathered(a).statistics)
        if not gone and made.names_of is not None:
            made.names_of = columns.blur(made.names_of)
        return made
    if call.last in {"remove", "discard"}:
        names.dropped |= frozenset(gone)
        return nothing()
    if call.last in {"tolist", "to_list", "copy", "to_series", "values", "append", "extend"}:
        if call.last in {"append", "extend"}:
            return nothing()
        return made
    return nothing()


def _of_list(call: Call, held: Value) -> Value | None:
    """Follow a method of a list or dict of the program; None for one that is none."""
    if call.last in _ADDS and call.args:
        part = operations.element(call.args[-1]) if call.last == "extend" else call.args[-1]
        operations.add(held, part)
        return nothing()
    if call.last == "update" and call.args:
        operations.update(held, call.args[0])
        return nothing()
    if call.last in {"items", "values", "keys"}:
        return _pairs(held, call.last)
    if call.last in {"get", "pop", "setdefault"}:
        keys = call.args[0].constants if call.args else ()
        found = [held.items[k] for k in keys if held.items and k in held.items]
        return join(found or held.parts() or [nothing()])
    if call.last == "remove" and held.items is not None and call.args:
        gone = call.args[0].constants
        held.items = {k: v for k, v in held.items.items() if v.constants != gone}
        return nothing()
    return held.copy() if call.last == "copy" else None


def _pairs(held: Value, which: str) -> Value:
    """Return the keys, the parts, or both: one by one where they are few and known."""
    if which == "keys":
        return container([constant(k) for k in list(held.items or ())[:_KEYS]])
    if held.items and held.rest is None and len(held.items) <= _FEW:
        every = held.items.items()
        return container([v if which == "values" else container([constant(k), v]) for k, v in every])
    part = join(held.parts()) if held.parts() else nothing()
    keys = Value(constants=tuple(held.items or ())[:_KEYS])
    return Value(items={}, rest=part if which == "values" else container([keys, part]))
