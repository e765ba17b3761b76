"""What happens where something is fitted, transforms, predicts or is scored?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluator.facts.flowing import columns, parting, targets
from evaluator.facts.flowing.calls import Call, passed_on
from evaluator.facts.flowing.events import Scoring
from evaluator.facts.flowing.fitted import KINDS, MAKES, built, chosen_by, data, fitted_lessons, is_model
from evaluator.facts.flowing.trainings import held_by, of_features, training_of
from evaluator.facts.flowing.values import Lesson, Statistic, Value, container, few, gathered, nothing
from evaluator.facts.python import members
from evaluator.facts.python.values import is_class

if TYPE_CHECKING:
    from evaluator.facts.flowing.calling import Calling

_FITS = frozenset(
    {"fit", "fit_transform", "partial_fit", "adapt", "fit_on_texts", "build_vocab", "train_from_iterator"}
)
_RESAMPLES = frozenset({"fit_resample", "fit_sample"})
_TRANSFORMS = frozenset(
    {"transform", "fit_transform", "texts_to_sequences", "texts_to_matrix", "inverse_transform", "encode", "__call__"}
)
_PREDICTS = frozenset({"predict", "predict_proba", "decision_function", "predict_log_proba", "predict_classes"}) | {
    "predict_on_batch",
    "predict_generator",
    "score_samples",
    "forecast",
    "get_forecast",
    "fit_predict",
    "staged_predict",
}
_SCORES = frozenset({"score", "evaluate", "evaluate_generator", "test_on_batch"})


def handle(call: Call) -> Value | None:
    """Follow a call that fits, transforms, predicts or scores; None for every other call."""
    made = _score(call) or _function(call) or _model_function(call)
    if made is not None:
        return made
    receiver = call.receiver
    if receiver is None:
        known = call.roles & {"transformer", "model", "search", "composed"}
        return built(call) if known and (is_class(call.name) or call.last in MAKES) else None
    if receiver.rows and not receiver.inside and not receiver.trainings:
        return None
    return _prepared(call, receiver) or _applied(call, receiver)


def _prepared(call: Call, receiver: Value) -> Value | None:
    """Follow a method by which something is fitted, or a fitted transformer is used."""
    if call.last == "get_support" and receiver.learned:
        return chosen_by(receiver)
    if call.last in _RESAMPLES:
        return _resampled(call)
    is_fit = call.last in _FITS or "fit" in call.roles or (call.last == "train" and receiver.inside)
    if is_fit and is_model(call.machine, receiver, call):
        return _trained(call, receiver)
    if call.last in _FITS and receiver.scope is None:
        return _transformer(call, receiver)
    if call.last in _TRANSFORMS and (receiver.learned or receiver.path or receiver.inside):
        return _transformed(call, receiver)
    return None


def _applied(call: Call, receiver: Value) -> Value | None:
    """Follow a method by which a fitted model is used."""
    if call.last in _PREDICTS or (call.last == "predict" and receiver.trainings):
        return predictions(call, receiver, None)
    known = call.last in _SCORES or "score" in call.roles
    if known and (receiver.trainings or "score" in call.roles or call.name == f".{call.last}"):
        return _scored(call, receiver)
    return None


def _transformer(call: Call, receiver: Value) -> Value:
    """Fit a transformer of a library, or of an unknown kind."""
    given = call.machine.rooted(data(call, 0, "X", "raw_documents", "texts", "y", "data"), call.spot)
    own = [e for e in (receiver, *receiver.inside) if e.instance and e.scope is not None]
    known = receiver.path or receiver.inside
    if known:
        learned = fitted_lessons(call.machine, receiver, given.rows, call.spot)
    else:
        learned = frozenset({Lesson(call.spot, "transformation", "an unknown transformer", given.rows, "suspicion")})
    receiver.learned = learned | (receiver.learned if call.last == "partial_fit" else frozenset())
    for inner in own:
        _fit_own(call.machine, inner, given)
    if call.last in {"fit", "adapt", "fit_on_texts", "partial_fit", "build_vocab"}:
        return receiver
    return _transformed(call, receiver, given)


def _fit_own(machine: Calling, own: Value, given: Value) -> None:
    """Follow ``fit`` and ``transform`` of an own transformer within a pipeline; what it puts into the rows is learned."""
    fit = members.method(machine.names, own.scope, "fit") if own.scope else None
    transform = members.method(machine.names, own.scope, "transform") if own.scope else None
    if fit is not None:
        machine.enter(fit, [given.copy(), nothing()], {}, own)
    if transform is not None:
        made = gathered(machine.enter(transform, [given.copy()], {}, own))
        own.learned |= made.every_lesson - given.every_lesson


def _transformed(call: Call, receiver: Value, given: Value | None = None) -> Value:
    """Return transformed rows: with all that the transformer has learned."""
    source = given if given is not None else data(call, 0, "X", "raw_documents", "texts", "y")
    made = source.copy()
    found: set[Lesson] = set(receiver.learned)
    todo = list(receiver.inside)
    while todo:
        inner = todo.pop()
        found |= inner.learned
        todo += inner.inside[:10]
    made.learn(found)
    made.trainings |= receiver.trainings if made.rows else frozenset()
    made.view = None
    return made


def _resampled(call: Call) -> Value:
    given = [call.machine.rooted(data(call, i, k), call.spot) for i, k in ((0, "X"), (1, "y"))]
    name = (call.receiver.path if call.receiver is not None else "").rpartition(".")[2] or "resampling"
    out = []
    for value in given:
        made = value.copy()
        made.learn([Lesson(call.spot, "resampling", name, given[0].rows | given[1].rows)])
        out.append(made)
    return container(out)


def _trained(call: Call, receiver: Value) -> Value:
    """Fit a model."""
    training = training_of(call, receiver)
    again = call.name.startswith("keras") or call.last in {"partial_fit", "train_on_batch"}
    receiver.trainings = frozenset({training, *(receiver.trainings if again else ())})
    if call.last == "fit_predict":
        made = predictions(call, receiver, None)
        made.predicted = False
        made.learn(columns.lessons_of({Statistic(call.spot, "cluster labels", training.rows)}, "model"))
        return made
    return Value(path="keras.callbacks.History") if call.name.startswith("keras") else receiver


def predictions(call: Call, receiver: Value, made: Value | None) -> Value:
    """Return what a model says of the rows it is given."""
    given = made if made is not None and made.rows else data(call, 0, "X", "x", "data")
    if not given.rows:
        given = next(iter(call.rows_given()), given)
    if not given.rows and call.args and receiver.scope is None:
        given = call.machine.rooted(given, call.spot)
    out = given.copy()
    out.lessons = few(given.every_lesson)
    out.columns, out.base, out.blurred = {}, None, True
    out.predicted, out.single, out.statistics = True, given.single, frozenset()
    out.items = out.rest = out.view = None
    out.scope, out.instance, out.path = None, False, ""
    out.trainings = receiver.trainings
    out.inside = (receiver,)
    if out.rows:
        lessons = frozenset(lesson for lesson in given.lessons)
        call.machine.log.score(Scoring(call.spot, out.rows, out.trainings, applied=True, lessons=lessons))
    return out


def _scored(call: Call, receiver: Value) -> Value | None:
    given = call.rows_given()
    held = held_by(receiver, ("eval_dataset", "test_dataset"))
    rows = frozenset(r for g in given or held for r in g.rows)
    if not rows:
        return None
    lessons = frozenset(lesson for g in given for lesson in g.lessons)
    selecting = call.machine.selecting > 0
    call.machine.log.score(Scoring(call.spot, rows, receiver.trainings, selecting=selecting, lessons=lessons))
    return Value(scored=rows)


def _score(call: Call) -> Value | None:
    """Follow a measure of predictions, or cross-validation."""
    if "score-folds" in call.roles:
        arrays = [a if a.rows else gathered(a) for a in call.args[1:3]]
        arrays += [data(call, -1, k) for k in ("X", "y", "dtrain", "train_set", "data") if k in call.keywords]
        if not any(a.rows for a in arrays):
            arrays += call.rows_given()
        arrays = [call.machine.rooted(a, call.spot) for a in arrays]
        training = parting.folded_on(call, arrays, search=False)
        if len(arrays) > 1:
            training.target_use = targets.uses(arrays[0], arrays[1], call.spot)
            training.lessons = few(frozenset(lesson for a in arrays for lesson in of_features(a, arrays[1])))
            training.target = next(iter(arrays[1].columns), "")
        return Value(scored=frozenset())
    if "metric" in call.roles and not is_class(call.name):
        given = [a if a.rows else gathered(a) for a in call.every()]
        rows = frozenset(r for g in given for r in (g.rows or g.scored))
        trainings = frozenset(t for g in given for t in g.trainings)
        if rows:
            call.machine.log.score(Scoring(call.spot, rows, trainings, selecting=call.machine.selecting > 0))
        return Value(scored=rows)
    return None


def _function(call: Call) -> Value | None:
    """Follow a function that learns from the rows it is given and puts that into them."""
    kind = next((k for role, k in KINDS if role in call.roles), None)
    if kind is None or is_class(call.name) or call.receiver is not None:
        return None
    given = call.rows_given()
    if not given:
        return None
    made = passed_on(call)
    mild = "mild" in call.roles
    if kind == "resampling":
        if not call.is_("replace", value=True) and "replace" in call.keywords:
            return made
        made.learn([Lesson(call.spot, kind, call.last, made.rows)])
        return made
    if kind == "selection":
        number = Statistic(call.spot, call.last, made.rows, one_column=True)
        return Value(statistics=frozenset({number}))
    if not made.single and not call.is_("axis", value=1):
        made.learn([Lesson(call.spot, kind, call.last, made.rows, "suspicion" if mild else "clear")])
    return made


def _model_function(call: Call) -> Value | None:
    """Follow a function that fits a model: ``xgboost.train(parameters, rows)``."""
    if call.receiver is not None or "fit" not in call.roles or is_class(call.name):
        return None
    model = Value(path=f"{call.name}()")
    model.trainings = frozenset({training_of(call, model)})
    return model
