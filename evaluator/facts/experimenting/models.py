"""Which calls make a model, which only hold one, and with which settings is it made?"""

from __future__ import annotations

import ast
from typing import NamedTuple

from evaluator.facts.experimenting.wording import parts
from evaluator.facts.python import members
from evaluator.facts.python.names import Names
from evaluator.facts.python.scopes import Point, Scope
from evaluator.facts.python.values import is_class

HELD_BY = ("estimator", "model", "base_estimator", "regressor", "classifier", "forecaster", "steps")
_NO_SETTINGS = frozenset({"random_state", "seed", "n_jobs", "verbose", "verbosity", "silent", "name", "random_seed"})
_NOT_MADE = ("Loss", "Scaler", "Encoder", "Vectorizer", "Imputer", "Error")
_NO_MODEL = frozenset(
    {"loss", "losses", "criterion", "entropy", "metric", "metrics", "meter", "dataset", "loader", "scaler", "logger", "scheduler", "optimizer", "callback"}
)  # fmt: skip
_TRAINS = (".train", ".auto_arima", ".svm_train")
_OWN = ("fit", "train", "learn", "predict")


class Made(NamedTuple):
    """A model, by the call that makes it.

    Attributes:
        path: Dotted name of what is called: a class, or a function that trains (``xgboost.train``).
        ways: Calls of the project's own functions that lead to it, by which one place makes several models.
        settings: The arguments as written, seeds and the like left out.
        names: What it is called on the way: variables, keys, functions.
        tuned: A search chooses its settings.
        chosen: What the call of the project's own function that makes it is given in words or in models: ``make("lstm")``.
    """

    path: str
    call: ast.Call
    point: Point
    ways: tuple[int, ...] = ()
    settings: str = ""
    names: tuple[str, ...] = ()
    tuned: bool = False
    chosen: str = ""

    @property
    def kind(self) -> str:
        """The last component of its dotted name."""
        return self.path.rpartition(".")[2]

    @property
    def key(self) -> tuple[int, tuple[int, ...]]:
        """What tells it from every other."""
        return id(self.call), self.ways


def is_model(names: Names, name: str, target: Scope | None = None) -> bool:
    """Whether calling ``name`` makes a model."""
    if target is not None:
        return _is_own_model(names, target)
    last = name.rpartition(".")[2]
    if name.startswith("torch.nn.") and last[:1].isupper():
        return not last.endswith(_NOT_MADE)
    roles = names.libraries.roles(name)
    if "fit" in roles and name.endswith(_TRAINS) and not is_class(name.rpartition(".")[0]):
        return True
    made = last[:1].isupper() or "estimator" in roles
    return made and bool(roles & {"model", "estimator"}) and not last.endswith(_NOT_MADE)


def _is_own_model(names: Names, target: Scope) -> bool:
    """Whether a class of the project's own is a model: by a base that is one, or by what it can do."""
    if target.kind != "class" or set(parts(target.label).split()) & _NO_MODEL:
        return False
    foreign = any(isinstance(b, str) and is_model(names, b) for b in members.bases(names, target))
    return foreign or any(members.method(names, target, m) is not None for m in _OWN)


def held(names: Names, name: str, call: ast.Call) -> list[ast.expr] | None:
    """Return the models that a wrapper holds, or None for what is no wrapper."""
    if name.endswith("pipeline.make_pipeline"):
        return call.args[-1:]
    if name.endswith("pipeline.Pipeline"):
        given = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "steps"), None)
        return [_last_step(given)] if given is not None else []
    if "holds-a-model" in names.libraries.roles(name):
        named = [k.value for k in call.keywords if k.arg in HELD_BY]
        return named or call.args[:1]
    return None


def _last_step(given: ast.expr) -> ast.expr:
    if isinstance(given, ast.List) and given.elts:
        last = given.elts[-1]
        return last.elts[-1] if isinstance(last, ast.Tuple) and last.elts else last
    return given


def given(names: Names, call: ast.Call) -> tuple[str, str]:
    """Return what the call of a function that makes a model is given: texts and models, and numbers; rows are neither."""
    words: list[str] = []
    numbers: list[str] = []
    for label, expr in [*(("", a) for a in call.args), *((k.arg or "", k.value) for k in call.keywords)]:
        if isinstance(expr, ast.Constant) and isinstance(expr.value, str):
            words.append(expr.value[:40])
        elif isinstance(expr, ast.Call):
            named = names.called(expr)
            words += [named.name.rpartition(".")[2]] if is_model(names, named.name, named.target) else []
        elif isinstance(expr, ast.Constant) and label not in _NO_SETTINGS and expr.value is not None:
            numbers.append(f"{label}={expr.value!r}" if label else repr(expr.value))
    return ", ".join(words)[:80], ", ".join(numbers)[:80]


def settings(call: ast.Call) -> str:
    """Return the arguments that tell one model from another of its kind."""
    given = [ast.unparse(a)[:80] for a in call.args[:6]]
    given += sorted(
        f"{k.arg or '**'}={ast.unparse(k.value)[:80]}" for k in call.keywords[:30] if k.arg not in _NO_SETTINGS
    )
    return ", ".join(given)[:300]
