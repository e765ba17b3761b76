"""What is trained by gradients: a loss of which rows goes backward, and which models made it?"""

from __future__ import annotations

from evaluator.facts.flowing.calls import Call, passed_on
from evaluator.facts.flowing.events import Scoring, Training
from evaluator.facts.flowing.values import Value, few, gathered, join, nothing

_BACKWARD = frozenset({"backward", "apply_gradients", "apply_updates", "minimize", "train_on_batch"})
_STEPS = frozenset({"step", "minimize", "apply_gradients"})
_LOSSES = ("Loss.__call__", "cross_entropy", "mse_loss", "nll_loss", "l1_loss", "_loss")
_OFF = frozenset({"item", "cpu", "numpy", "tolist", "sum", "mean", "detach", "float", "eq"})


def handle(call: Call) -> Value | None:
    """Follow a step of training by gradients, a model's or a loss's call; None for every other call."""
    if call.last in _BACKWARD or "loop-apply" in call.roles or "loop-backward" in call.roles:
        return nothing() if _is_explained(call) else _stepped(call)
    if call.name.endswith(".__call__") or call.name == ".__call__" or call.callee.instance:
        return _called(call)
    if call.receiver is not None and call.receiver.scored and call.last in _OFF:
        return Value(scored=call.receiver.scored, rows=call.receiver.rows, inside=call.receiver.inside)
    return None


def _is_explained(call: Call) -> bool:
    """Whether a model's output goes backward to show what it looked at: it is set against nothing, and no step follows."""
    held = call.receiver
    if call.last != "backward" or held is None or not held.predicted or held.scored:
        return False
    walked, label = call.env.walked, call.env.label
    steps = any(getattr(s.node.func, "attr", "") in _STEPS for s in walked.sites if s.label == label)
    return not steps and not any(d.label == label for d in walked.descents)


def _stepped(call: Call) -> Value:
    given = [call.receiver] if call.receiver is not None else []
    found = [v if v.rows else gathered(v) for v in (*given, *call.args, *call.keywords.values())]
    rows = frozenset(r for f in found for r in f.rows)
    if rows:
        training = Training(
            call.spot,
            rows,
            few(frozenset(lesson for f in found for lesson in f.every_lesson)),
            series=frozenset(s for f in found for s in f.series),
        )
        call.machine.log.train(training)
        for value in found:
            for model in value.inside:
                model.trainings |= {training}
    return nothing()


def _called(call: Call) -> Value | None:
    """Return what a model gives for rows, or a loss for predictions."""
    given = call.rows_given()
    if not given:
        return None
    predicted = [g for g in given if g.predicted]
    if predicted:
        made = passed_on(call, with_receiver=False)
        if len(predicted) < len(given):
            trainings = frozenset(t for g in predicted for t in g.trainings)
            call.machine.log.score(Scoring(call.spot, made.rows, trainings, selecting=call.machine.selecting > 0))
            made.scored |= made.rows
        made.inside = tuple(dict.fromkeys(m for g in given for m in g.inside))
        return made
    if call.name.endswith(_LOSSES):
        return passed_on(call, with_receiver=False)
    model = call.callee if call.callee.instance or not call.receiver else call.receiver
    made = join(given)
    made = made.copy()
    made.lessons = few(made.every_lesson)
    made.columns, made.base, made.blurred = {}, None, True
    made.predicted, made.trainings, made.inside = True, model.trainings, (model,)
    made.scope, made.instance = None, False
    call.machine.log.score(Scoring(call.spot, made.rows, model.trainings, applied=True))
    return made
