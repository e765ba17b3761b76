"""On which rows is a model trained, which does it watch, and does it stop by them?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluator.facts.flowing import targets
from evaluator.facts.flowing.calls import Call
from evaluator.facts.flowing.events import Training
from evaluator.facts.flowing.fitted import data
from evaluator.facts.flowing.parting import keeps_order
from evaluator.facts.flowing.values import Lesson, Spot, Value, few, gathered, nothing

if TYPE_CHECKING:
    from evaluator.facts.flowing.state import State

_OPTIONS = frozenset({"callbacks", "sample_weight", "eval_metric", "verbose", "batch_size", "epochs", "params"})
_STOPS = frozenset({"early_stopping_rounds", "use_best_model", "load_best_model_at_end", "early_stopping"})
_STOPPING = ("EarlyStopping", "ModelCheckpoint", "early_stopping", "ReduceLROnPlateau", "EarlyStoppingCallback")


def training_of(call: Call, receiver: Value) -> Training:
    """Note the training that a call is, with the rows it is given, and those it watches."""
    watching = call.machine.names.libraries.table.eval_keywords
    x, y = data(call, 0, "X", "x"), data(call, 1, "y")
    if call.name.startswith("lightning"):
        x, y = data(call, 1, "train_dataloaders", "train_dataloader"), nothing()
    given = [x, y, *(data(call, -1, k) for k in call.keywords if k not in {*watching, *_OPTIONS, "X", "x", "y"})]
    given += [a if a.rows else gathered(a) for a in call.args[2:4]] if not call.name.startswith("lightning") else []
    given += held_by(receiver, ("train_dataset", "train_data", "train_loader"))
    if not any(g.rows for g in given):
        call.machine.rooted(x, call.spot)
        if call.given(1, "y") is not None:
            call.machine.rooted(y, call.spot)
    roles = call.machine.roles(receiver.path) if receiver.path else frozenset()
    search = "search" in roles or "search" in call.roles
    folds = search and receiver.path.endswith("CV") and not _is_fixed(receiver)
    cv = receiver.items.get("cv") if receiver.items else None
    watched = [data(call, -1, k) for k in call.keywords if k in watching and k != "validation_split"]
    watched += [data(call, 2)] if call.name.startswith("lightning") and len(call.args) > 2 else []
    watched += held_by(receiver, ("eval_dataset", "valid_dataset", "validation_data"))
    training = Training(
        call.spot,
        frozenset(r for g in given for r in g.rows),
        few(frozenset(lesson for g in given for lesson in of_features(g, y))),
        targets.uses(x, y, call.spot),
        next(iter(y.columns), ""),
        folds=folds,
        search=search,
        watched=frozenset(r for w in watched for r in w.rows),
        stops=_stops(call, receiver) or (search and not folds),
        own_part="validation_split" in call.keywords or _sets_apart(receiver) or "flaml" in receiver.path,
        supervised=bool(y.rows) or not call.name.startswith("sklearn"),
        series=frozenset(s for g in given for s in g.series),
        ordered=keeps_order(cv),
    )
    return call.machine.log.train(training)


def of_features(value: Value, target: Value) -> frozenset[Lesson]:
    """Return what sits in the rows; bounds that only part the target into classes define the task."""
    if value is target:
        return frozenset(lesson for lesson in value.every_lesson if lesson.kind != "bounds")
    return value.every_lesson


def held_by(receiver: Value, names: tuple[str, ...]) -> list[Value]:
    """Return the rows that a library's object was given under ``names``."""
    found = [receiver.items[n] for n in names if receiver.items and n in receiver.items and not receiver.instance]
    return [f if f.rows else gathered(f) for f in found]


def _is_fixed(receiver: Value) -> bool:
    """Whether a search scores candidates on one part that it was given."""
    cv = receiver.items.get("cv") if receiver.items else None
    return cv is not None and "PredefinedSplit" in cv.path


def _sets_apart(receiver: Value) -> bool:
    """Whether a model sets a part of its rows apart for early stopping."""
    said = receiver.items.get("early_stopping") if receiver.items else None
    return said is not None and said.constants == (True,)


def _stops(call: Call, receiver: Value) -> bool:
    """Whether training ends, or a state is kept, by the score on what is watched."""
    if call.name.startswith("catboost") or "CatBoost" in receiver.path:
        return not call.is_("use_best_model", value=False)
    said = [call.keywords.get(k) for k in _STOPS]
    said += [receiver.items.get(k) for k in _STOPS] if receiver.items else []
    for value in said:
        if value is not None and value.constants not in {(None,), (False,), (0,)}:
            return True
    held = [call.keywords[k] for k in ("callbacks",) if k in call.keywords]
    held += [receiver.items["callbacks"]] if receiver.items and "callbacks" in receiver.items else []
    return any(_is_stopping(h) for h in held)


def _is_stopping(value: Value, depth: int = 3) -> bool:
    if value.path.rpartition(".")[2].removesuffix("()").endswith(_STOPPING):
        return not (
            value.items and "monitor" in value.items and value.items["monitor"].constants in {("loss",), ("accuracy",)}
        )
    return depth > 0 and any(_is_stopping(p, depth - 1) for p in value.parts())


def own_training(call: Call) -> Training:
    """Note that an own model was fitted on what its method was given."""
    given = [a if a.rows else gathered(a) for a in call.every()]
    if call.receiver is not None and not any(g.rows for g in given):
        given += [gathered(call.receiver)]
    rows = frozenset(r for g in given for r in g.rows)
    return call.machine.log.train(
        Training(
            call.spot,
            rows,
            few(frozenset(lesson for g in given for lesson in g.every_lesson)),
            series=frozenset(s for g in given for s in g.series),
        )
    )


def descended(machine: State, value: Value, spot: Spot) -> None:
    """Note a step of descent written by hand: the rows of its gradient are trained on."""
    if value.rows:
        machine.log.train(Training(spot, value.rows, few(value.every_lesson), series=value.series))
