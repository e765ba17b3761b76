"""What do operators, loops and conditions make of rows and of what was computed from them?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from evaluator.facts.flowing import columns
from evaluator.facts.flowing.events import Scoring
from evaluator.facts.flowing.values import (
    Column,
    Spot,
    Statistic,
    Value,
    constant,
    container,
    few,
    gathered,
    join,
    keyed,
    nothing,
)
from evaluator.facts.python import members, results

if TYPE_CHECKING:
    from evaluator.facts.flowing.evaluating import Evaluating
    from evaluator.facts.flowing.state import Env, State
    from evaluator.facts.python.names import Names
    from evaluator.facts.python.scopes import Scope

_Callable: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_ROUNDS = 8
SHIFTS_ONLY = frozenset({"min", "max", "nanmin", "nanmax", "amin", "amax", "sum", "first", "last"})
"""Statistics that, added or subtracted alone, only shift all rows alike: days since the first date."""


def is_property(scope: Scope) -> bool:
    """Whether reading a method gives its result."""
    return results.is_property(scope)


def is_static(scope: Scope) -> bool:
    """Whether a method takes neither ``self`` nor ``cls``."""
    return results.is_static(scope)


def decorators(scope: Scope) -> set[str]:
    """Return the last names of a definition's decorators."""
    found = getattr(scope.node, "decorator_list", [])
    bare = [d.func if isinstance(d, ast.Call) else d for d in found]
    return {d.attr if isinstance(d, ast.Attribute) else d.id for d in bare if isinstance(d, (ast.Attribute, ast.Name))}


def foreign(names: Names, scope: Scope) -> str:
    """Return the name of the library's class that an own class extends; empty where there is none."""
    return next((b for b in members.bases(names, scope) if isinstance(b, str)), "")


def bound(machine: Evaluating, node: _Callable, args: list[Value], keywords: dict[str, Value], env: Env) -> None:
    """Give the parameters of a function what a call passes: an argument, a default, or something unknown."""
    every = [*node.args.posonlyargs, *node.args.args]
    rest = dict(keywords)
    for index, parameter in enumerate(every):
        if index < len(args):
            env.names[parameter.arg] = args[index]
        elif parameter.arg in rest:
            env.names[parameter.arg] = rest.pop(parameter.arg)
    defaults = zip(reversed(every), reversed(node.args.defaults), strict=False)
    only = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    for parameter, default in [*defaults, *only]:
        if parameter.arg in rest:
            env.names[parameter.arg] = rest.pop(parameter.arg)
        elif parameter.arg not in env.names and default is not None and env.parent is not None:
            env.names[parameter.arg] = machine.eval(default, env.parent)
    if node.args.vararg is not None:
        env.names[node.args.vararg.arg] = container(args[len(every) :])
    if node.args.kwarg is not None:
        env.names[node.args.kwarg.arg] = keyed(rest)
    for parameter in (*every, *node.args.kwonlyargs):
        env.names.setdefault(parameter.arg, nothing())


def truth(value: Value) -> bool | None:
    """Return whether a condition holds, where it is a constant."""
    said = {bool(c) for c in value.constants}
    known = len(said) == 1 and not value.rows and not value.parts() and not value.path
    return said.pop() if known else None


def element(value: Value) -> Value:
    """Return what one round of a loop over ``value`` gets."""
    if value.rows and value.rest is None and value.items is None:
        made = value.copy()
        made.single = True
        return made
    if value.names_of is not None:
        return Value(names_of=value.names_of)
    parts = value.parts()
    if parts:
        return join(parts)
    if value.picks:
        return nothing()
    return Value(
        statistics=value.statistics, scored=value.scored, path=value.path if value.path.startswith("index") else ""
    )


def rounds(value: Value) -> list[Value]:
    """Return what each round of a loop gets, where the parts are few and things of their own; else one for all."""
    parts = list(value.items.values()) if value.items and value.rest is None and not value.rows else []
    if 1 < len(parts) <= _ROUNDS and not value.instance and not all(_is_plain(p) for p in parts):
        return parts
    return [element(value)]


def _is_plain(value: Value) -> bool:
    return bool(value.constants) and not value.rows and not value.parts()


def update(held: Value, more: Value) -> None:
    """Put the parts of one container into another."""
    held.items = {**(held.items or {}), **(more.items or {})}
    if more.rest is not None:
        held.rest = join([held.rest, more.rest]) if held.rest is not None else more.rest
    if more.rows and not more.items:
        held.rest = join([held.rest, more]) if held.rest is not None else more


def add(held: Value, part: Value) -> None:
    """Append to a list."""
    if part.rows and part.copies and held.rest is not None and held.rest.rows and not held.rest.copies:
        part = part.copy()
        part.learn(part.copies)
    elif held.rest is not None and held.rest.copies and part.rows and not part.copies:
        part = part.copy()
        part.learn(held.rest.copies)
    held.rest = join([held.rest, part]) if held.rest is not None else part
    if held.items is None:
        held.items = {}


def unpacked(value: Value, index: int, count: int, starred: int | None) -> Value:
    """Return one part of what is unpacked into ``count`` names."""
    if value.items is not None and not value.rows:
        if starred is None or index < starred:
            found = value.items.get(index)
        else:
            found = value.items.get(len(value.items) - count + index)
        if found is not None:
            return found
        return value.rest if value.rest is not None else nothing()
    if value.rest is not None:
        return value.rest
    if value.rows:
        made = value.copy()
        made.lessons = few(value.every_lesson)
        if value.base is not None or len(value.columns) != 1:
            made.columns, made.base, made.blurred = {}, None, True
        return made
    if value.statistics or value.scored or value.trainings:
        return value
    return nothing()


def binary(state: State, left: Value, op: ast.operator, right: Value, spot: Spot) -> Value:
    """Return the result of ``left op right``."""
    if left.rows or right.rows:
        return columns.computed(_of_rows(state, left, op, right, spot))
    texts = _texts(left, op, right)
    if texts is not None:
        return texts
    if isinstance(op, ast.Add) and (left.items is not None or right.items is not None) and not left.statistics:
        return _added(left, right)
    if left.names_of is not None:
        return _names(left, op, right)
    made = Value(
        statistics=left.statistics | right.statistics,
        scored=left.scored | right.scored,
        trainings=left.trainings | right.trainings,
    )
    if left.path == "index":
        made.path = "index"
    made.inside = tuple(dict.fromkeys((*left.inside, *right.inside)))
    return made


def _names(left: Value, op: ast.operator, right: Value) -> Value:
    """Return a frame's names without others, or with some that are not its own."""
    made = left.copy()
    gone = frozenset(right.texts()) if isinstance(op, ast.Sub) else frozenset()
    made.dropped |= gone
    if not gone and made.names_of is not None:
        made.names_of = columns.blur(made.names_of)
    return made


def _added(left: Value, right: Value) -> Value:
    """Return two lists one after the other."""
    if left.rest is None and right.rest is None and left.items is not None and right.items is not None:
        return container([*left.items.values(), *right.items.values()])
    made = Value(items={}, path=left.path if left.path.startswith("parts:") else "")
    for part in (*left.parts(), *right.parts()):
        add(made, part)
    return made


def _texts(left: Value, op: ast.operator, right: Value) -> Value | None:
    """Return text put together, or a path below another; None for other operands."""
    if isinstance(op, ast.Div) and any(isinstance(c, str) for c in (*left.constants, *right.constants)):
        heads = [c for c in left.constants if isinstance(c, str)] or ["*"]
        tails = [c for c in right.constants if isinstance(c, str)] or ["*"]
        return Value(constants=tuple(f"{h}/{t}" for h in heads[:6] for t in tails[:6]), path="pathlib.Path")
    strings = [c for c in (*left.constants, *right.constants) if isinstance(c, str)]
    if isinstance(op, ast.Add) and strings:
        heads = [str(c) for c in left.constants] or ["*"]
        tails = [str(c) for c in right.constants] or ["*"]
        return constant(*dict.fromkeys((h + t)[:300] for h in heads[:6] for t in tails[:6]))
    return None


def _of_rows(state: State, left: Value, op: ast.operator, right: Value, spot: Spot) -> Value:
    left, right = _flat(left), _flat(right)
    scored = _is_judged(left, right)
    frame, other = (left, right) if left.rows else (right, left)
    made = frame.copy()
    made.rows = left.rows | right.rows
    made.lessons = few(left.lessons | right.lessons)
    made.series = left.series | right.series
    made.copies = left.copies | right.copies
    made.inside = tuple(dict.fromkeys((*left.inside, *right.inside)))
    made.trainings = left.trainings | right.trainings
    made.predicted = left.predicted or right.predicted
    made.scored = left.scored | right.scored
    made.single = all(v.single for v in (left, right) if v.rows)
    made.statistics = frozenset()
    _combine_columns(made, frame, other)
    loose = frozenset().union(*(v.statistics for v in (left, right) if not v.rows))
    if loose and not scored and not made.predicted:
        shifts = isinstance(op, (ast.Sub, ast.Add)) and all(s.name in SHIFTS_ONLY for s in loose)
        if not shifts:
            made.learn(
                columns.lessons_of(
                    loose, "scaling", mild=all(s.name in SHIFTS_ONLY for s in loose) and not _ranges(loose)
                )
            )
    if scored:
        made.scored |= made.rows
        state.log.score(Scoring(spot, made.rows, made.trainings, selecting=state.selecting > 0))
    return made


def _ranges(loose: frozenset[Statistic]) -> bool:
    """Whether a lowest and a highest value are among the statistics; one of them alone only fixes a unit."""
    names = {s.name.removeprefix("nan").removeprefix("a") for s in loose}
    return {"min", "max"} <= names


def _flat(value: Value) -> Value:
    return gathered(value) if not value.rows and value.parts() else value


def _is_judged(left: Value, right: Value) -> bool:
    """Whether predictions are set against rows that are none."""
    return bool(left.rows and right.rows) and left.predicted != right.predicted


def _combine_columns(made: Value, frame: Value, other: Value) -> None:
    """Give the result of an operation its columns: one for two series, the frame's own for a frame."""
    if not other.rows:
        return
    if columns.is_series(frame) and columns.is_series(other):
        one, two = next(iter(frame.columns.values())), next(iter(other.columns.values()))
        made.columns = {"": Column(one.lessons | two.lessons, one.deps | two.deps)}
    elif columns.is_series(other):
        column = next(iter(other.columns.values()))
        made.learn(column.lessons)
        made.columns = {n: Column(c.lessons, c.deps | column.deps) for n, c in made.columns.items()}
    else:
        made.learn(other.every_lesson)


def compared(state: State, node: ast.Compare, sides: list[Value], spot: Spot) -> Value:
    """Return the result of a comparison: of constants, of predictions with the truth, of rows with bounds."""
    left, right = _flat(sides[0]), _flat(sides[-1])
    if len(sides) == 2 and len(left.constants) == 1 and not left.rows and not right.rows:
        known = _constants(node.ops[0], left.constants[0], sides[1])
        if known is not None:
            return constant(known)
    if not left.rows and not right.rows:
        scored = left.scored | right.scored
        if left.names_of is not None and isinstance(node.ops[0], ast.NotEq) and right.texts():
            made = left.copy()
            made.dropped |= frozenset(right.texts())
            return made
        return Value(scored=scored, statistics=left.statistics | right.statistics, path="mask")
    if _is_judged(left, right) and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        return _of_rows(state, left, ast.Sub(), right, spot)
    made = _of_rows(state, _only_rows(left), ast.Sub(), _only_rows(right), spot)
    loose = frozenset().union(*(v.statistics for v in (left, right) if not v.rows))
    made.learn(columns.lessons_of(loose, "bounds"))
    return made


def _only_rows(value: Value) -> Value:
    return value if value.rows else nothing()


def _constants(op: ast.cmpop, one: object, other: Value) -> bool | None:
    """Return what comparing two constants gives; None where that is not known."""
    if isinstance(op, (ast.In, ast.NotIn)):
        parts = other.parts()
        if not parts or other.rest is not None or any(len(p.constants) != 1 for p in parts):
            return None
        inside = any(one == p.constants[0] for p in parts)
        return inside if isinstance(op, ast.In) else not inside
    if len(other.constants) != 1:
        return None
    if isinstance(op, (ast.Eq, ast.Is)):
        return bool(one == other.constants[0])
    if isinstance(op, (ast.NotEq, ast.IsNot)):
        return bool(one != other.constants[0])
    return None


def of_a_model(value: Value, attr: str, spot: Spot) -> Value:
    """Return what a fitted model says of itself: its importances are computed from the rows it was fitted on."""
    if attr in {"best_estimator_", "estimator_", "named_steps_"}:
        return value
    if attr in {"best_params_", "best_score_", "classes_", "n_features_in_", "cv_results_", "best_iteration_"}:
        return nothing()
    rows = frozenset(r for t in value.trainings for r in t.rows)
    if attr == "labels_":
        made = Value(rows=rows)
        made.learn(columns.lessons_of({Statistic(spot, "cluster labels", rows)}, "model"))
        return made
    supervised = any(t.supervised for t in value.trainings)
    return Value(statistics=frozenset({Statistic(spot, f"{attr} of a model", rows, one_column=supervised)}))
