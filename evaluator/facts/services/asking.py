"""Where is a model asked for an answer, and which model is it?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from evaluator.facts.python import members
from evaluator.facts.python.modules import Source
from evaluator.facts.python.names import Named
from evaluator.facts.python.scopes import Scope, Site
from evaluator.facts.services.makers import Maker
from evaluator.facts.services.objects import OWN_PREDICTS, Kind, Objects

_PREDICTS = frozenset({"predict", "predict_proba", "predict_on_batch", "decision_function", "forecast", "get_forecast"})
_PASSED = _PREDICTS | {"generate", "recommend", "encode"}
_RUNS = frozenset({"run", "async_run", "remote"})
"""How runners and remote actors are told to call a method: ``runner.predict.run(rows)``."""
_LAYERS = ("torch.nn.", "keras.layers.")


@dataclass(frozen=True, eq=False)
class Question:
    """One call that asks a model.

    Attributes:
        node: The call, or the method that is handed to something that calls it.
        makers: What made the model; empty where that cannot be told.
        kinds: What it is; empty where that cannot be told.
        scores: The model is asked for its quality, not for an answer.
    """

    source: Source
    site: Site
    node: ast.expr
    name: str
    makers: tuple[Maker, ...]
    kinds: frozenset[Kind]
    scores: bool = False

    @property
    def scope(self) -> Scope:
        """The scope it stands in."""
        return self.site.point.scope


class Questions:
    """Finds the questions of one project. ``sources``: the modules that count."""

    def __init__(self, objects: Objects, sources: list[Source]) -> None:
        self.objects = objects
        self.names = objects.names
        self.sources = sources

    @cached_property
    def calls(self) -> list[tuple[Source, Site, Named]]:
        """Every call with what it calls."""
        return [(s, site, self.names.called(site.node)) for s in self.sources for site in s.walked.sites]

    @cached_property
    def found(self) -> list[Question]:
        """Every question."""
        return [q for source, site, named in self.calls for q in self._asked(source, site, named)]

    def _asked(self, source: Source, site: Site, named: Named) -> Iterator[Question]:
        func = site.node.func
        if (
            isinstance(func, ast.Attribute)
            and func.attr in _RUNS
            and isinstance(func.value, ast.Attribute)
            and func.value.attr in _PREDICTS
        ):
            yield self._question(source, site, site.node, func.value.value, named)
        elif self._asks(site, named):
            receiver = func.value if isinstance(func, ast.Attribute) and not named.name.endswith("__call__") else func
            yield self._question(source, site, site.node, receiver, named)
        elif "score" in self.objects.roles_of(named) or _scores(named):
            receiver = func.value if isinstance(func, ast.Attribute) else func
            if named.name.endswith("from_estimator") and site.node.args:
                receiver = site.node.args[0]
            yield self._question(source, site, site.node, receiver, named, scores=True)
        for given in (*site.node.args, *(k.value for k in site.node.keywords)):
            if isinstance(given, ast.Attribute) and given.attr in _PASSED and not self._is_own(given, site):
                yield self._question(source, site, site.node, given.value, named)

    def _is_own(self, method: ast.Attribute, site: Site) -> bool:
        values = self.names.values(method, site.point)
        return any(getattr(v, "target", None) is not None for v in values)

    def _question(
        self, source: Source, site: Site, node: ast.expr, receiver: ast.expr, named: Named, *, scores: bool = False
    ) -> Question:
        makers = self.objects.makers.of(receiver, site.point)
        makers = tuple(m for m in makers if m.expr is not receiver or isinstance(receiver, ast.Call))
        kinds = {k for maker in makers for k in self.objects.of(maker)}
        if not kinds - {"unknown"} and named.name.startswith("torch.nn.Module"):
            kinds = {"built"}
        return Question(source, site, node, named.name, makers, frozenset(kinds - {"unknown"}), scores)

    def _asks(self, site: Site, named: Named) -> bool:
        if named.target is not None:
            return self._is_own_answer(named.target)
        if self._within_model(site.point.scope):
            return False
        roles = self.objects.roles_of(named)
        if "infer" in roles:
            return not named.name.startswith(_LAYERS) or named.name.startswith(
                ("torch.nn.Module.", "torch.nn.Sequential.")
            )
        if "hosted" in roles and not named.name.rpartition(".")[2][:1].isupper():
            return True
        if "predict" in roles and not named.name.startswith(("re.", "str.")):
            return True
        return named.name == ".__call__" and self._calls_model(site)

    def _calls_model(self, site: Site) -> bool:
        """Whether an object of an unknown type is called that was made as a model."""
        kinds = self.objects.kinds(site.node.func, site.point)
        return bool(kinds & {"built", "restored", "pretrained"})

    def _is_own_answer(self, target: Scope) -> bool:
        """Whether a method of an own model, written by hand, is called."""
        owner = target.owner
        return (
            owner is not None and target.label.rpartition(".")[2] in OWN_PREDICTS and self.objects.is_own_model(owner)
        )

    def _within_model(self, scope: Scope | None) -> bool:
        """Whether code belongs to a library's kind of model itself, where calling parts of it asks nothing."""
        while scope is not None:
            owner = scope.owner
            if owner is not None:
                bases = members.bases(self.names, owner)
                return any(isinstance(b, str) and b.startswith(("torch.nn.", "keras.", "flax.")) for b in bases)
            scope = scope.parent
        return False


def _scores(named: Named) -> bool:
    """Whether something of unknown type is asked for its quality."""
    owner, _, last = named.name.rpartition(".")
    return last in {"score", "evaluate"} and named.target is None and (not owner or owner.endswith("()"))
