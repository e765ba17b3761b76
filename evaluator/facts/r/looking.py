"""Which calls of R look at errors, explain a model, show a result or keep a record of the run?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evaluator.facts.r.reading import Call
from evaluator.facts.r.scoring import is_difference
from evaluator.facts.r.states import State
from evaluator.facts.r.trees import written

if TYPE_CHECKING:
    from evaluator.facts.r.doing import Doing
    from evaluator.facts.r.machine import Machine

_EXPLAINS = ("attribution", "dependence", "importance", "coefficients", "coefficients-shown")
_TABLES = frozenset({"data.frame", "as.data.frame", "tibble", "as_tibble", "enframe", "cbind", "setNames", "names", "rownames_to_column", "barplot", "tidy"})  # fmt: skip
_LINEAR = frozenset({"lm", "glm", "rlm", "glm.nb", "gls", "lmer", "glmer", "polr", "multinom", "coxph", "nls", "aov", "gam", "loess", "lrm", "ols", "survreg", "lmrob", "glmmTMB"})  # fmt: skip


class Looking:
    """Takes note of looks at errors, of explanations, and of what shows them."""

    def __init__(self, doing: Doing) -> None:
        self.doing = doing

    def call(self, machine: Machine, call: Call, roles: frozenset[str], given: State, made: State) -> State:
        """Take note of a call; return what it gives with the analyses that are in it."""
        looks = set(made.looks)
        involved = bool(given.models or given.predicted or given.restored)
        if involved or "attribution" in roles:
            looks.update(self._explained(machine, call, roles, given))
        if involved:
            looks.update(self._errors(machine, call, roles, given))
        if {"shows", "draws"} & roles and self.doing.reached(machine, call):
            self.show(replace(given, looks=given.looks | frozenset(looks)))
        if "tracks" in roles:
            self.doing.note("record", machine, call, kind="tracker", why=f"{call.name}() records the run")
        elif "writes" in roles and given.score and (call.name != "cat" or call.given("file") is not None):
            self._written(machine, call, given)
        residual = made.residual or "residuals" in roles
        return replace(made, looks=frozenset(looks), residual=residual) if looks or residual else made

    def show(self, state: State) -> None:
        """Mark the analyses of a value as shown."""
        for number in sorted(state.looks):
            self.doing.deeds[number]["shown"] = True

    def _note(self, machine: Machine, call: Call, role: str, kind: str, *, named: bool = False) -> int:
        known = len(self.doing.deeds)
        number = self.doing.note(
            "error" if role == "error" else "explanation", machine, call, kind=kind, shown=False, why="", sure=named
        )
        deed = self.doing.deeds[number]
        if number == known or not deed["shown"]:
            deed["shown"] = self._is_shown(call)
            deed["sure"] = deed["sure"] or named
        deed["why"] = "printed or drawn" if deed["shown"] else "nothing shows it"
        return number

    def _is_shown(self, call: Call) -> bool:
        """Whether the result is printed or drawn at once: by the call around it, or because nothing takes it."""
        around: Call | None = call
        while around is not None:
            if self.doing.project.roles(around) & {"shows", "draws"}:
                return True
            around = around.outer
        first = written(call.step.value, 60)
        prints = not call.step.target and not call.step.loops
        return prints and not first.startswith(("library", "suppress"))

    def _explained(self, machine: Machine, call: Call, roles: frozenset[str], given: State) -> list[int]:
        found = []
        for role in _EXPLAINS:
            if role in roles:
                kind = {"importance": "built-in", "coefficients-shown": "coefficients"}.get(role, role)
                named = role == "coefficients-shown" or call.name == "tidy" or self._is_tabled(call)
                found.append(self._note(machine, call, "explanation", kind, named=named))
        if call.name == "summary" and self._is_linear(given) and not given.predicted:
            found.append(self._note(machine, call, "explanation", "fit-summary", named=True))
            if not given.control:
                self.doing.score(machine, call, given, "summary() gives the fit", "training")
        return found

    def _is_tabled(self, call: Call) -> bool:
        around = call.outer
        while around is not None:
            if around.name in _TABLES or self.doing.project.roles(around) & {"draws"}:
                return True
            around = around.outer
        return False

    def _is_linear(self, given: State) -> bool:
        kinds = {self.doing.deeds[number]["kind"] for number in given.models}
        return bool(kinds & _LINEAR) or bool(kinds & {"linear_reg", "logistic_reg"})

    def _errors(self, machine: Machine, call: Call, roles: frozenset[str], given: State) -> list[int]:
        found = []
        if "confusion" in roles or (
            call.name in {"table", "xtabs", "ftable"} and given.predicted and len(call.args) > 1
        ):
            found.append(self._note(machine, call, "error", "confusion"))
            if "score" not in roles and given.predicted:
                self.doing.score(machine, call, given, "predictions are counted against the truth")
        if "residuals" in roles:
            found.append(self._note(machine, call, "error", "residuals"))
        if "curve" in roles and given.predicted:
            found.append(self._note(machine, call, "error", "curve"))
        if "draws" in roles:
            found += self._drawn(machine, call, given)
        if (
            call.name in {"filter", "subset", "which"}
            and given.predicted
            and "!=" in written([i for a in call.args for i in a.items])
        ):
            found.append(self._note(machine, call, "error", "wrong-cases"))
        return found

    def _drawn(self, machine: Machine, call: Call, given: State) -> list[int]:
        text = written([i for a in call.args for i in a.items])
        apart = any(is_difference(a.items) and machine.argument(a).predicted for a in call.args)
        if given.residual or apart or "residual" in text:
            return [self._note(machine, call, "error", "residuals")]
        if call.name == "plot" and self._is_linear(given) and not given.predicted and len(call.args) <= 2:
            return [self._note(machine, call, "error", "residuals")]
        if given.predicted and call.name not in {"lines", "abline"}:
            return [self._note(machine, call, "error", "fit-plot")]
        return []

    def _written(self, machine: Machine, call: Call, given: State) -> None:
        grows = any(a.name == "append" and a.text in {"TRUE", "T"} for a in call.args)
        kind = "files" if given.stamp or grows else "file"
        why = (
            "scores are written to a file named after the time"
            if given.stamp
            else "scores are added to a file"
            if grows
            else "scores are written to a file"
        )
        self.doing.note("record", machine, call, kind=kind, why=why)
