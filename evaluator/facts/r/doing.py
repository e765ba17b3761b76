"""What does each call of R do with what it is given: part rows, fit, predict, score, keep?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from evaluator.facts.r import table
from evaluator.facts.r.fitting import Fitting
from evaluator.facts.r.looking import Looking
from evaluator.facts.r.machine import Machine
from evaluator.facts.r.parting import Parting, side_of_name
from evaluator.facts.r.project import Project
from evaluator.facts.r.reading import Argument, Call, Step, mentions, strings
from evaluator.facts.r.scoring import constant, is_difference, is_measure, is_range
from evaluator.facts.r.states import NOTHING, Learned, State, union
from evaluator.facts.r_work import Deed, Role
from evaluator.model import Span

_SEED_ARGUMENTS = frozenset({"seed", "random_state", "rng.seed", "rngseed"})
_NEW = ("newdata", "new_data", "newx", "newmx", "data", "test", "n.ahead", "h", "x_test", "new")
_AHEAD = frozenset({"h", "n.ahead", "x_test", "test"})
_LEARNS = ("scaling", "imputation", "resampling", "projection", "selection")
_STATISTICS = frozenset({"mean", "median", "Mode", "mode", "getmode", "quantile"})
_FILLS = frozenset({"is.na", "replace_na", "coalesce", "is.nan"})
_MAPS = frozenset(
    {"lapply", "sapply", "apply", "vapply", "map", "map_df", "mutate_at", "mutate_if", "mutate_all", "across"}
)
_ROWS = {
    "held-out": "on rows that were held out",
    "training": "on the rows of the training",
    "unclear": "on rows that are not told apart",
}
_SAYS = tuple(_ROWS)
_TIMES = frozenset({"Sys.time", "Sys.Date", "now", "today", "date"})
_MODELS = ("model", "fit", "clf", "classifier", "forest", "xgb", "lasso", "ridge", "glm", "svm", "tree", "final")
_ALWAYS_MODELS = frozenset({"save_model_hdf5", "save_model_tf", "h2o.saveModel", "xgb.save", "lgb.save", "vetiver_pin_write", "mlflow_log_model", "mlflow_save_model", "h2o.save_mojo", "h2o.download_mojo", "load_model_hdf5", "load_model_tf", "h2o.loadModel", "xgb.load", "lgb.load", "catboost.save_model", "catboost.load_model", "vetiver_pin_read", "mlflow_load_model"})  # fmt: skip


@dataclass
class Doing:
    """Everything that was found, in the order of reading; deeds may be filled in until the end."""

    project: Project
    deeds: list[dict[str, Any]] = field(default_factory=list)
    known: dict[tuple[str, str, Span], int] = field(default_factory=dict)
    opened: int | None = None

    def __post_init__(self) -> None:
        self.fitting = Fitting(self)
        self.looking = Looking(self)
        self.parting = Parting(self)

    def note(self, role: Role, machine: Machine, call: Call, **more: Any) -> int:
        """Note a deed, once for each place; return its number."""
        at = machine.at(call.line, call.end)
        return self.note_at(role, call.name, at, scope=call.scope, reached=self.reached(machine, call), **more)

    def note_at(self, role: Role, name: str, at: Span, **more: Any) -> int:
        """Note a deed at a place; what is said of it again adds to what is known."""
        number = self.known.setdefault((role, name, at), len(self.deeds))
        if number == len(self.deeds):
            self.deeds.append({"role": role, "name": name, "at": at, **more})
        return number

    def reached(self, machine: Machine, call: Call) -> bool:
        """Whether something that runs leads to a call."""
        return self.project.reached(machine.source, call)

    def found(self) -> Iterator[Deed]:
        """Yield what was noted."""
        return (Deed(**deed) for deed in self.deeds)

    # what the machine tells

    def call(self, machine: Machine, call: Call) -> State:
        """Take note of one call; return what it gives."""
        roles = self.project.roles(call)
        if call.package == "$":
            return self.fitting.method(machine, call)
        given = machine.given(call)
        if call.dead:
            return NOTHING
        if "seed" in roles:
            self.note("seed", machine, call)
            machine.seeded = True
            return NOTHING
        if "random" in roles or ("draw" in roles and (given.rows or mentions([i for a in call.args for i in a.items]))):
            self._chance(machine, call)
        made = self.parting.call(machine, call, roles, given)
        if made is None:
            made = self.fitting.call(machine, call, roles, given)
        if made is None:
            made = self._kept(machine, call, roles, given)
        if made is None:
            made = self._plain(machine, call, roles, given)
        return self.looking.call(machine, call, roles, given, made)

    def own(self, machine: Machine, call: Call, made: State) -> State:
        """Take note of a call of an own function, read already; return what it gives."""
        given = machine.given(call)
        whole = not given.sides or given.by_name
        learned = made.learned if whole else ()
        return replace(union([made, replace(given, learned=())]), learned=(*learned, *given.learned)[:4])

    def assigned(self, machine: Machine, step: Step, state: State) -> State:
        """Return what an assigned value is besides: gaps filled by a statistic, a difference, a constant."""
        names = {c.name for c in step.calls}
        if names & _FILLS and names & _STATISTICS and not step.dead:
            rows = union([state, machine.lookup(step.target) if step.partial else NOTHING])
            if not rows.sides or rows.by_name:
                what = min(names & _STATISTICS)
                learned = Learned("imputation", f"{what}()", machine.at(step.line))
                state = replace(state, learned=(*state.learned, learned)[:4])
        if state.predicted and is_difference(step.value):
            state = replace(state, residual=True)
        side = side_of_name(step.target)
        if side and is_range(step.value) and not state.models and not state.predicted:
            state = State(rows="index" if side == "train" else "held-index", cut=machine.at(step.line))
        said = constant(step)
        return replace(state, naive=said) if said else state

    def evaluated(self, step: Step, state: State) -> None:
        """Take note of a value that is assigned to nothing, and so is shown at top level."""
        if state.looks and not step.loops and self.project.runs(step.scope):
            self.looking.show(state)

    def drawn(self, machine: Machine, parting: State) -> None:
        """Take note of rows that are drawn, now that the others are kept as well."""
        if parting.cut is not None:
            machine.confirm(parting.cut)
            self.note_at("split", "sample", parting.cut, why="rows are drawn, and the others are kept apart")

    def _chance(self, machine: Machine, call: Call) -> None:
        seeded = machine.seeded or any(a.name in _SEED_ARGUMENTS for a in call.args)
        how = "set.seed() comes before" if seeded else "no set.seed() comes before"
        self.note("chance", machine, call, kind="seeded" if seeded else "free", why=how)

    # keeping

    def _kept(self, machine: Machine, call: Call, roles: frozenset[str], given: State) -> State | None:
        if "save" in roles:
            names = " ".join([*mentions([i for a in call.args for i in a.items]), *_texts(call)]).lower()
            said = any(word in names for word in _MODELS)
            model = bool(given.models) or call.name in _ALWAYS_MODELS
            kind = "model" if model or (said and not given.sides and not given.score) else "other"
            if call.name == "save.image":
                kind = "other"
            self.note("save", machine, call, kind=kind, sure=model, why=next(_texts(call), ""))
            return NOTHING
        if "restore" in roles:
            names = " ".join([call.step.target, *_texts(call)]).lower()
            said = call.name in _ALWAYS_MODELS or any(word in names for word in _MODELS)
            number = self.note(
                "restore", machine, call, kind="model" if said else "unknown", why=next(_texts(call), "")
            )
            if call.name == "load":
                self.opened = number
            return State(restored=frozenset({number}))
        if "app" in roles:
            self.note("app", machine, call)
        return None

    def _plain(self, machine: Machine, call: Call, roles: frozenset[str], given: State) -> State:
        """Return what any other call gives: what it is given, and what it learned from all of it."""
        if "predict" in roles:
            if given.learned and not (given.models or given.restored) and call.name == "predict":
                return given
            return self.predicted(machine, call, given)
        if is_measure(call) and given.predicted:
            self.score(machine, call, given, "predictions are compared with the truth by hand")
            return State(score=True, models=given.models)
        if call.name == "cor" and given.predicted:
            self.score(machine, call, given, "predictions are correlated with the truth")
        if call.name in _TIMES:
            return State(stamp=True)
        learned = list(self._learned(machine, call, roles, given))
        if learned:
            return replace(given, learned=(*given.learned, *learned)[:4], rows="", models=frozenset())
        return (
            given
            if call.name not in {"nrow", "ncol", "length", "names", "colnames", "dim", "levels", "rm"}
            else NOTHING
        )

    def _learned(self, machine: Machine, call: Call, roles: frozenset[str], given: State) -> Iterator[Learned]:
        """Yield what a call learns from rows of which none are set apart yet."""
        if (given.sides and not given.by_name) or given.predicted or given.models:
            return
        every = roles
        if call.name in _MAPS:
            passed = [m for a in call.args for m in mentions(a.items) if m not in self.project.own]
            every = frozenset(r for name in passed for r in table.roles_of(name, self.project.loaded))
        if call.name in {"impute", "scale"} and len(call.args) > 1 and not _is_statistic(call.args[1]):
            return
        for kind in _LEARNS:
            if f"learn-{kind}" in every:
                yield Learned(kind, f"{call.name}()", machine.at(call.line, call.end))

    def predicted(self, machine: Machine, call: Call, given: State) -> State:
        """Return predictions: by the rows that are asked for; without any, those of the training."""
        self.note("predict", machine, call)
        if self.reached(machine, call):
            self._use(given)
        if not given.models and not given.restored and self.opened is not None and self.reached(machine, call):
            self.deeds[self.opened].update(used=True, kind="model")
        new = call.given(*_NEW) or call.given(at=1)
        ahead = call.name == "forecast" or any(a.name in _AHEAD for a in call.args)
        rows = machine.argument(new) if new is not None else NOTHING
        if new is not None and new.text == "." and call.outer is not None:
            rows = machine.piped(call.outer)
        if call.name in {"augment", "add_predictions"} or call.left:
            rows = union([rows, given])
        if rows.sides == {"held"} or ahead:
            on = "held-out"
        elif rows.sides == {"train"} or (new is None and not rows.sides):
            on = "training"
        else:
            on = "unclear"
        return replace(given, predicted=on, sides=frozenset(), by_name=rows.by_name, rows="", learned=(), control="")

    def _use(self, given: State) -> None:
        for number in sorted(given.restored):
            self.deeds[number].update(used=True, kind="model")

    def score(self, machine: Machine, call: Call, given: State, why: str, on: str = "") -> None:
        """Take note of a measure of quality: of held-out rows where its predictions or its rows are."""
        if not on:
            held = given.predicted == "held-out" or (given.sides == {"held"} and given.predicted in {"", "unclear"})
            on = "held-out" if held else "training" if given.predicted == "training" else "unclear"
        rows = _ROWS[on]
        number = self.note("score", machine, call, kind=on, why=f"{why}, {rows}", sure=not given.by_name)
        if _SAYS.index(on) < _SAYS.index(self.deeds[number]["kind"]):
            self.deeds[number].update(kind=on, why=f"{why}, {rows}", sure=not given.by_name)
        if not self.reached(machine, call):
            return
        for fit in sorted(given.models):
            self.deeds[fit]["scored"] = True
        if given.naive:
            self.note("rule", machine, call, why=f"a constant ({given.naive}) is scored")


def _texts(call: Call) -> Iterator[str]:
    return (text for a in call.args for text in strings(a.items))


def _is_statistic(argument: Argument) -> bool:
    """Whether gaps are filled by what the rows tell, not by a constant; or rows are scaled by themselves."""
    named = argument.name in {"fun", "method", "center", "scale", "FUN"} and argument.text[:1] not in "0123456789"
    return named or argument.text in {"mean", "median", "mode", "TRUE", "T"} or '"' in argument.text
