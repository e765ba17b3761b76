"""Which calls of R fit a model, how are they validated and tuned, and what did they see?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evaluator.facts.r.reading import Argument, Call, mentions, strings
from evaluator.facts.r.states import NOTHING, State, union
from evaluator.facts.r.tokens import Token
from evaluator.facts.r.trees import Group, Item, split

if TYPE_CHECKING:
    from evaluator.facts.r.doing import Doing
    from evaluator.facts.r.machine import Machine

_FOLDS = frozenset(
    {"cv", "repeatedcv", "loocv", "lgocv", "boot", "boot632", "optimism_boot", "boot_all", "timeslice"}
) | {
    *(
        "adaptive_cv",
        "adaptive_boot",
        "adaptive_lgocv",
        "repcv",
        "bootstrap",
        "subsample",
        "crossval",
        "growingcv",
        "holdout",
    )
}
_NOT_SETTINGS = frozenset(
    {
        "data",
        "x",
        "y",
        "formula",
        "form",
        "training_frame",
        "validation_frame",
        "subset",
        "weights",
        "trControl",
        "object",
    }
)
_BASELINES = ("baseline", "naive", "dummy", "null", "benchmark")
_WRAPPERS = frozenset({"fit", "fit_xy", "train", "last_fit", "fit_resamples", "fit_best", "tune_grid", "tune_bayes", "workflow_map", "resample", "benchmark", "tune", "tuneParams", "crossval", "model", "caretStack", "caretEnsemble", "caretList", "tune_race_anova"})  # fmt: skip
_UNTUNED = frozenset({"lm", "glm", "lmstepaic", "glmstepaic", "lda", "qda", "bayesglm", "nnls", "rlm", "treebag"})
_MANY = frozenset({"expand.grid", "expand_grid", "crossing", "grid_regular", "grid_random", "grid_latin_hypercube", "grid_max_entropy", "grid_space_filling", "makeParamSet", "ParamSet", "ps", "parameters", "list", "data.frame", "tibble", "c"})  # fmt: skip
_SHOWN = 80


class Fitting:
    """Takes note of fits, with their validation, search, and what they saw."""

    def __init__(self, doing: Doing) -> None:
        self.doing = doing

    def call(self, machine: Machine, call: Call, roles: frozenset[str], given: State) -> State | None:
        """Return what a call gives that specifies, resamples, fits or scores models; None for any other."""
        if call.name in {
            "trainControl",
            "rfeControl",
            "sbfControl",
            "makeResampleDesc",
            "makeResampleInstance",
            "rsmp",
        }:
            return State(control=_control(call, given))
        if call.name in _MANY and call.name not in {"list", "data.frame", "c", "tibble"}:
            return replace(given, grid="several" if any(_is_several(a) for a in call.args) else "one")
        if call.name in {"data.frame", "tibble"}:
            several = call.args and any(_is_several(a) for a in call.args if a.name and not a.text.startswith('"'))
            return replace(given, grid="several" if several else "one" if call.args else "")
        if "spec" in roles:
            said = (
                next((s for a in call.args for s in strings(a.items)), call.name)
                if call.name in {"makeLearner", "lrn"}
                else call.name
            )
            return replace(given, specs=given.specs | {said})
        if "fit" in roles or "naive" in roles:
            return self._fit(machine, call, roles, given)
        if "score" in roles:
            return self._score(machine, call, roles, given)
        if "score-folds" in roles:
            if "cross-validates" in roles and given.models:
                self.doing.note("design", machine, call, kind="folds", why=f"{call.name}() cross-validates")
            return self._score(machine, call, roles, given, on="held-out")
        return None

    def method(self, machine: Machine, call: Call) -> State:
        """Return what a method of an object gives (mlr3 and its like); what it is called on, for any other."""
        receiver = machine.value(call.step.value) if call.step.value else NOTHING
        given = union([machine.given(call), replace(receiver, learned=())])
        if "mlr3" not in self.doing.project.loaded or call.dead:
            return machine.given(call)
        if call.name == "train":
            return self._fit(machine, call, frozenset({"fit"}), given)
        if call.name == "predict":
            return self.doing.predicted(machine, call, given)
        if call.name in {"score", "aggregate"} and (given.models or given.predicted):
            return self._score(machine, call, frozenset(), given, on="held-out" if given.control else "")
        return given

    def _score(self, machine: Machine, call: Call, roles: frozenset[str], given: State, on: str = "") -> State:
        named = mentions([*call.left, *(i for a in call.args for i in a.items)])
        if named or given.models or given.predicted:
            if not on and given.control and not given.predicted and given.models:
                on = "held-out"
            if given.models or given.predicted or given.restored or given.sides or "score" in roles:
                self.doing.score(machine, call, given, f"{call.name}() measures", on if given.models else "")
        return replace(given, score=True)

    def _fit(self, machine: Machine, call: Call, roles: frozenset[str], given: State) -> State:
        kind = self._kind(call, given)
        names = tuple(n for n in (call.step.target, *_names(call.step.index)) if n)
        heading = machine.part.heading
        naive = "naive" in roles or "null_model" in given.specs or _is_intercept(call)
        number = self.doing.note(
            "fit",
            machine,
            call,
            kind=kind,
            why=f"{call.name}() fits {kind}" if kind != call.name else f"{call.name}()",
            settings=_settings(call),
            names=names,
            naive=naive,
            baseline=_baseline(names, heading),
        )
        control = self._validated(machine, call, roles, given, number)
        self._searched(machine, call, roles, given, number)
        self._saw(machine, call, given, control)
        made = State(models=frozenset({number}), control=control, specs=given.specs, looks=frozenset())
        if "fit-predicts" in roles:
            second = machine.argument(call.given("test", at=1))
            made = replace(made, predicted="held-out" if second.sides == {"held"} else "unclear")
        if call.name == "last_fit":
            self.doing.score(machine, call, made, "last_fit() scores on the test part", "held-out")
        return replace(made, models=made.models | (given.models if control else frozenset()))

    def _kind(self, call: Call, given: State) -> str:
        """Return what is fitted, by the models that it is given where only they tell."""
        kinds = sorted({self.doing.deeds[number]["kind"] for number in given.models})
        return _named_kind(call, given) or (kinds[0] if kinds else "model")

    def _validated(self, machine: Machine, call: Call, roles: frozenset[str], given: State, number: int) -> str:
        """Take note of how a fit is validated; return how it resamples, empty where it does not."""
        by_itself = "cross-validates" in roles
        control = given.control
        if by_itself and not control:
            control = "cv" if call.name not in {"fit_resamples", "tune_grid", "tune_bayes", "workflow_map"} else ""
        ordered = "ordered" if control in {"timeslice", "ordered", "growingcv"} or "folds-ordered" in roles else ""
        if (
            control
            and control != "none"
            and (by_itself or call.name in {"train", "rfe", "sbf", "tuneParams", "caretList"})
        ):
            self.doing.note(
                "design", machine, call, kind="folds", why=f"{call.name}() is validated by {control}", settings=ordered
            )
            given_models = replace(given, models=frozenset({number}))
            self.doing.score(machine, call, given_models, f"{call.name}() scores each fold", "held-out")
            return control
        if (
            call.name == "train"
            and not given.control
            and "caret" in self.doing.project.loaded
            and call.given("task") is None
        ):
            given_models = replace(given, models=frozenset({number}), by_name=True)
            self.doing.score(machine, call, given_models, "train() scores by its own bootstrap", "held-out")
            return "boot"
        return ""

    def _searched(self, machine: Machine, call: Call, roles: frozenset[str], given: State, number: int) -> None:
        """Take note of a search over settings: by a grid, by a length, by the library, or by a loop around the fit."""
        runs, why = "", ""
        grid, length = call.given("tuneGrid"), call.given("tuneLength")
        if call.name == "train" and grid is not None:
            several = machine.argument(grid).grid != "one"
            runs, why = (
                ("runs", "tries the settings of a grid") if several else ("idle", "its grid holds one candidate")
            )
        elif call.name == "train" and length is not None:
            runs, why = (
                ("runs", f"tries {length.text} values")
                if length.text not in {"1", "0"}
                else ("idle", "tries one value")
            )
        elif "search" in roles:
            runs, why = "runs", f"{call.name}() searches"
        elif (
            call.name == "train"
            and given.control
            and _named_kind(call, given).lower() not in _UNTUNED
            and strings_of(call, "method")
        ):
            runs, why = "halted", "three values of caret's own are tried; no grid is given"
        if runs:
            self.doing.note("search", machine, call, kind=runs, why=why)
            self.doing.deeds[number]["tuned"] = runs == "runs"
        varied = [
            a for a in call.args if a.name not in _NOT_SETTINGS and (a.name is not None or call.args.index(a) > 1)
        ]
        rounds = {line for a in varied for line in machine.argument(a).loops} & set(call.loops)
        if rounds and not runs:
            self.doing.note(
                "search",
                machine,
                call,
                kind="loop",
                why="a loop fits one model for each value",
                settings=str(min(rounds)),
            )

    def _saw(self, machine: Machine, call: Call, given: State, control: str) -> None:
        """Take note of what was learned from all rows and is in what a fit is given, where rows are held out from it."""
        parted = given.cut is not None and "train" in given.sides and not given.by_name
        for learned in given.learned:
            if parted or (control and control not in {"none", "boot"}):
                at = given.cut if parted and given.cut is not None else machine.at(call.line, call.end)
                number = self.doing.note_at(
                    "leak",
                    learned.what,
                    learned.at,
                    kind=learned.kind,
                    why=learned.what,
                    source=at,
                    sure=learned.sure,
                    reached=self.doing.project.reached(machine.source, call),
                )
                if learned.sure:
                    self.doing.deeds[number].update(sure=True, source=at)


def strings_of(call: Call, name: str) -> str:
    """Return the string that an argument is, empty where it is none."""
    given = call.given(name)
    return next(strings(given.items), "") if given is not None else ""


def _named_kind(call: Call, given: State) -> str:
    """Return what is fitted: the method that a wrapper is given, or the function itself; empty for a wrapper alone."""
    if call.name in {"train", "caretList", "rfe", "tune"} and strings_of(call, "method"):
        return strings_of(call, "method")
    if given.specs:
        return min(given.specs).rpartition(".")[2]
    return "" if call.name in _WRAPPERS else call.name.removeprefix("h2o.")


def _control(call: Call, given: State) -> str:
    said = strings_of(call, "method") or next((s for a in call.args for s in strings(a.items)), "")
    low = said.lower()
    if call.name in {"rfeControl", "sbfControl"}:
        return low or "boot"
    return (
        low
        if low in _FOLDS
        else "none"
        if low in {"none", "oob"}
        else given.control or ("boot" if call.name == "trainControl" else "cv")
    )


def _is_several(argument: Argument) -> bool:
    """Whether an argument gives more than one value."""
    items = argument.items
    if any(isinstance(i, Token) and i.kind == "sign" and i.text == ":" for i in items):
        return True
    first = items[0] if items else None
    group = items[1] if len(items) > 1 else None
    if isinstance(first, Token) and isinstance(group, Group) and group.opens == "(":
        if first.text in {"c", "list"}:
            return len(list(split(group.items))) > 1
        return first.text not in {"as.integer", "as.numeric", "round", "floor", "sqrt"}
    return (
        isinstance(first, Token)
        and first.kind == "name"
        and first.text not in {"TRUE", "FALSE", "T", "F", "NULL", "NA"}
    )


def _names(index: list[Item]) -> list[str]:
    return [i.text for i in index if isinstance(i, Token) and i.kind in {"name", "string"}][:3]


def _settings(call: Call) -> str:
    said = [f"{a.name}={a.text[:_SHOWN]}" for a in call.args if a.name is not None and a.name not in _NOT_SETTINGS]
    return ", ".join(said)[:200]


def _is_intercept(call: Call) -> bool:
    """Whether only the mean is fitted: ``y ~ 1``."""
    for argument in call.args:
        held = argument.items
        at = next((i for i, t in enumerate(held) if isinstance(t, Token) and t.text == "~" and t.kind == "sign"), None)
        if at is not None and call.name in {"lm", "glm", "rpart", "train"}:
            rest = held[at + 1 :]
            return len(rest) == 1 and isinstance(rest[0], Token) and rest[0].text == "1"
    return False


def _baseline(names: tuple[str, ...], heading: str) -> str:
    for name in names:
        if any(word in name.lower() for word in _BASELINES):
            return f"called {name}"
    return f"under the heading {heading}" if any(word in heading.lower() for word in ("baseline", "naive")) else ""
