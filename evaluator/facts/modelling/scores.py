"""Where is the quality of a model computed, and on which rows?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from evaluator.facts.model_work import On, Place, Score
from evaluator.facts.modelling.origins import Origin, Origins, overlap
from evaluator.facts.modelling.vain import Vain
from evaluator.facts.python.modules import Source
from evaluator.facts.python.names import Named
from evaluator.facts.python.scopes import Point, Scope, Site
from evaluator.facts.python.values import is_class

if TYPE_CHECKING:
    from evaluator.facts.modelling.places import Places

_ASKS = frozenset({"fit", "score", "evaluate", "compile"})
"""What a call may be named that scores a model although the table knows no role of it."""
_ASKS_NO_ROWS = frozenset({"lightning", "transformers", "trl", "ultralytics", "fastai", "autogluon", "pycaret"})
"""Libraries whose scoring calls take the rows that were set apart for it before, not an argument."""
_HELD_OUT_NAMES = frozenset(
    {"test", "val", "valid", "validation", "dev", "eval", "holdout", "xtest", "ytest", "oos", "xval", "yval"}
)
_TRAINING_NAMES = frozenset({"train", "training", "xtrain", "ytrain"})
_LOSSES = ("Loss.__call__", "_loss", "cross_entropy", "mse_loss")
_LOSS_NAMES = frozenset({"loss", "losses", "cost", "costs", "reward", "rewards", "mse", "error", "errors"})
_TRAINS = frozenset({"backward", "step", "apply_gradients", "zero_grad", "minimize"})
_CALLED_OFF = frozenset({"eval", "no_grad", "inference_mode"})


class Scores:
    """Finds the scores of one project's places."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.names = places.names
        self.roles = places.roles
        self.origins = Origins(places.names)
        self.vain = Vain(places.names)
        self._compared: dict[Scope, list[tuple[ast.expr, _Side, _Side]]] = {}
        self._measured: dict[Scope, list[Site]] = {}

    def trained_on(self, place: Place) -> Origin:
        """Return the rows that models were fitted on by what the same entry points lead to.

        Where those only take up a model that was kept, any model's rows count.
        """
        near = [rows for other, rows in self._trained if self.places.together(other, place)]
        if not near and any(self.places.together(other, place) for other in self.places.restores):
            near = [rows for _, rows in self._trained]
        return frozenset(row for rows in near for row in rows)

    @cached_property
    def _trained(self) -> list[tuple[Place, Origin]]:
        found = []
        for source, site in self.places.fitted:
            place = self.places.place(source, site, self.names.called(site.node))
            found.append((place, self._rows([*site.node.args[:2], *self._asked(site.node)], site.point)))
        for fit in self.places.fits:
            if fit.kind == "loop":
                walked = self.places.modules.sources[fit.place.at.path].walked
                models = self._model_calls(s for s in walked.sites if s.label == fit.place.scope and s.loops)
                rows = [self._rows(s.node.args, s.point) for s in models]
                found.append((fit.place, frozenset(row for group in rows for row in group)))
        return found

    def _asked(self, call: ast.Call) -> list[ast.expr]:
        keywords = self.names.libraries.table.eval_keywords
        return [k.value for k in call.keywords if k.arg not in keywords]

    def found(self) -> Iterator[Score]:
        """Yield every score."""
        for source, site, named in self.places.calls:
            vain = self.vain.why(site)
            judged = self._judged(source, site, named) if not vain else None
            if vain:
                yield Score(place=self.places.place(source, site, named), on="unclear", why=vain, vain=True)
            elif judged is not None:
                on, why, by_name = judged
                place = self.places.place(source, site, named)
                yield Score(place=place, on=on, why=why, by_name=by_name)
            elif self.places.predicts(named):
                yield from self._by_hand(source, site)
        for source in self.places.sources:
            yield from self._loops(source)
        for fit in self.places.fits:
            if fit.kind in {"loop", "hand-written", "own"} and self._has_loss(fit.place):
                why = "its own loop shows the loss on the rows it trains on"
                yield Score(place=fit.place, on="training", why=why, by_name=True)

    def _has_loss(self, place: Place) -> bool:
        """Whether the scope of a training step, or one that calls it, reads a value that is called a loss."""
        walked = self.places.modules.sources[place.at.path].walked
        scopes = [s for s in walked.definitions() if s.label == place.scope]
        scopes += [s.point.scope for scope in scopes for s, _ in self.names.callers.get(scope, [])]
        scopes += [s for w in self.names.walked for s in w.definitions() if s.name == place.name]
        read = [walked.mentions.get(place.scope), *(s.walked.mentions.get(s.label) for s in scopes)]
        names = {name for mentions in read if mentions is not None for name in (*mentions.names, *mentions.attributes)}
        return any(word in _LOSS_NAMES for name in names for word in name.lower().split("_"))

    def _judged(self, source: Source, site: Site, named: Named) -> tuple[On, str, bool] | None:
        roles = named.roles
        last = named.name.rpartition(".")[2]
        if not roles and last not in _ASKS:
            return None
        place = self.places.place(source, site, named)
        if "score-folds" in roles:
            return "held-out", "each fold is scored by a model that did not see it", False
        if "search" in roles and (last[:1].isupper() or last in {"optimize", "search"}):
            return "held-out", "a search scores every candidate on rows it was not fitted on", False
        evaluated = [k for k in site.node.keywords if k.arg in self.names.libraries.table.eval_keywords]
        if "fit" in roles or named.name == ".fit":
            return self._while_training(evaluated, site, place) if evaluated else self._shown(site)
        if "score" in roles and named.name.partition(".")[0] in _ASKS_NO_ROWS and not site.node.args:
            return "held-out", "scored on the rows that were set apart for it", False
        if "metric" in roles and named.name.startswith("stable_baselines3."):
            return "held-out", "scored in episodes of its own", False
        if last == "compile" and any(k.arg == "metrics" for k in site.node.keywords):
            return "training", "a measure that is shown while training", False
        if roles & {"metric", "score"} and not is_class(named.name):
            return self._on(site.node.args[:2] or [k.value for k in site.node.keywords], site.point, place)
        of_a_model = self._is_of_a_model(named.name, last) and site.node.args
        return self._on(site.node.args[:2], site.point, place) if of_a_model else None

    def _is_of_a_model(self, name: str, last: str) -> bool:
        """Whether ``score`` or ``evaluate`` is called on something unknown, or on a model that was kept."""
        owner = name.rpartition(".")[0]
        return last in {"score", "evaluate"} and (not owner or "restore" in self.roles(owner.removesuffix("()")))

    @staticmethod
    def _shown(site: Site) -> tuple[On, str, bool] | None:
        shown = any(
            k.arg == "show_metric" and isinstance(k.value, ast.Constant) and k.value.value for k in site.node.keywords
        )
        return ("training", "a measure that is shown while training", False) if shown else None

    def _while_training(self, evaluated: list[ast.keyword], site: Site, place: Place) -> tuple[On, str, bool]:
        on, why, by_name = self._on([k.value for k in evaluated], site.point, place)
        if on == "unclear" or any(k.arg == "validation_split" for k in evaluated):
            return "held-out", f"scored while training on what is passed as {evaluated[0].arg}", False
        return on, why, by_name

    def _rows(self, exprs: Iterable[ast.expr], point: Point) -> Origin:
        found = [self.origins.of(e.value if isinstance(e, ast.Starred) else e, point) for e in exprs]
        return frozenset(row for rows in found for row in rows)

    def _on(self, exprs: Sequence[ast.expr], point: Point, place: Place) -> tuple[On, str, bool]:
        """Say which rows a score is computed on that takes ``exprs``."""
        rows = self._rows(exprs, point)
        if any(row.side == "held-out" for row in rows):
            return "held-out", "computed on rows that were split off", False
        told = [r for r in rows if r.side != "parameter"]
        trained = self.trained_on(place) if told else frozenset()
        if trained:
            seen = self.origins.ancestors(trained)
            if all(any(overlap(row, other) for other in seen) for row in told):
                return "training", "computed on rows that are, or include, those trained on", False
            return "held-out", "computed on other rows than those trained on", False
        if any(row.side == "train" for row in told):
            return "training", "computed on the training part of a split", False
        called = {n.id for e in exprs for n in ast.walk(e) if isinstance(n, ast.Name)}
        return _by_name([*sorted(r.which for r in rows if r.side == "parameter"), *sorted(called)])

    def _by_hand(self, source: Source, site: Site) -> Iterator[Score]:
        """Yield a score where predictions are compared with something else: here, or by a function of the project's."""
        names = {n.rpartition(".")[2] for n in site.binds}
        scope = site.point.scope
        found = (
            node
            for node, left, right in self._comparisons(source, scope)
            if left.mentions(site.node, names) != right.mentions(site.node, names)
        )
        measures = (
            other.node for other in self._measures(source, scope) if _sets_against(other.node, site.node, names)
        )
        node = next(found, None) or next(measures, None)
        if node is not None:
            exprs = site.node.args[:1] or [k.value for k in site.node.keywords]
            place = self.places.place_at(source, node, site.label, site.cell, "comparison with predictions")
            on, why, by_name = self._on(exprs, site.point, place)
            yield Score(place=place, on=on, why=why, by_name=by_name)

    def _measures(self, source: Source, scope: Scope) -> list[Site]:
        """Return the calls in ``scope`` of the project's own functions that compare their arguments."""
        if scope not in self._measured:
            found = []
            for site in source.walked.sites:
                target = self.names.called(site.node).target if site.point.scope is scope else None
                if target is not None and target.kind == "function" and len(site.node.args) >= 2:
                    home = self.places.modules.sources[target.walked.path]
                    found += [site] if self._comparisons(home, target) else []
            self._measured[scope] = found
        return self._measured[scope]

    def _comparisons(self, source: Source, scope: Scope) -> list[tuple[ast.expr, _Side, _Side]]:
        if scope not in self._compared:
            trees = [scope.node] if scope.kind == "function" else [u.tree for u in source.units]
            pairs = (
                (n, _compared(n)) for tree in trees for n in ast.walk(tree) if isinstance(n, (ast.Compare, ast.BinOp))
            )
            self._compared[scope] = [
                (n, _Side.of(sides[0]), _Side.of(sides[1])) for n, sides in pairs if sides is not None
            ]
        return self._compared[scope]

    def _loops(self, source: Source) -> Iterator[Score]:
        """Yield evaluation loops: a model is called, its output compared or its loss taken, and nothing is trained."""
        by_loop: dict[int, list[Site]] = {}
        for site in source.walked.sites:
            for number in site.loops:
                by_loop.setdefault(number, []).append(site)
        for number, inside in sorted(by_loop.items()):
            loop, first = source.walked.loops[number], inside[0]
            lasts = {self.names.called(s.node).name.rpartition(".")[2] for s in inside}
            models = self._model_calls(inside)
            if not models or lasts & _TRAINS or not self._is_off(source, first):
                continue
            losses = any(self.names.called(s.node).name.endswith(_LOSSES) for s in inside) or "item" in lasts
            if losses or any(isinstance(c, ast.Compare) for c in ast.walk(loop)):
                place = self.places.place_at(source, loop, first.label, first.cell, "evaluation loop")
                exprs = [a for s in models for a in s.node.args]
                on, why, by_name = self._on(
                    [*exprs, *([loop.iter] if isinstance(loop, ast.For) else [])], first.point, place
                )
                if on == "unclear":
                    on, why, by_name = _by_name(_strings(first.point.scope))
                yield Score(place=place, on=on, why=why, by_name=by_name)

    def _model_calls(self, sites: Iterable[Site]) -> list[Site]:
        """Return the calls among ``sites`` of a model, by which it gives its output."""
        named = ((s, self.names.called(s.node).name) for s in sites)
        return [
            s for s, n in named if (n.endswith(".__call__") and not n.endswith(_LOSSES)) or "predict" in self.roles(n)
        ]

    def _is_off(self, source: Source, site: Site) -> bool:
        """Whether the scope switches training off: ``model.eval()``, ``torch.no_grad()``."""
        names = (
            self.names.called(s.node).name.rpartition(".")[2] for s in source.walked.sites if s.label == site.label
        )
        return not _CALLED_OFF.isdisjoint(names)


def _by_name(names: Iterable[str]) -> tuple[On, str, bool]:
    """Say what the names of the rows promise, where nothing else tells."""
    words = [set(name.lower().split("_")) for name in names]
    if any(w & _HELD_OUT_NAMES for w in words):
        return "held-out", "named for held-out rows; where they come from cannot be told from the code", True
    if any(w & _TRAINING_NAMES for w in words):
        return "training", "named for training rows; where they come from cannot be told from the code", True
    return "unclear", "the rows it is computed on cannot be told from the code", False


def _strings(scope: Scope) -> list[str]:
    """Return the short strings that a function says, which name the parts of data it works on."""
    if scope.kind != "function":
        return []
    found = {n.value for n in ast.walk(scope.node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return sorted(text for text in found if len(text) <= 12)


def _sets_against(call: ast.Call, predicting: ast.Call, names: set[str]) -> bool:
    """Whether one argument of ``call`` holds the predictions and another something else that is no constant."""
    sides = [_Side.of(a).mentions(predicting, names) for a in call.args if not isinstance(a, ast.Constant)]
    return any(sides) and not all(sides)


def _compared(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    match node:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            return left, right
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return left, right
    return None


class _Side(NamedTuple):
    """One side of a comparison: the names it reads, and the calls it makes."""

    names: frozenset[str]
    calls: frozenset[int]

    @classmethod
    def of(cls, expr: ast.expr) -> _Side:
        nodes = list(ast.walk(expr))
        names = frozenset(n.id for n in nodes if isinstance(n, ast.Name))
        return cls(names, frozenset(id(n) for n in nodes if isinstance(n, ast.Call)))

    def mentions(self, call: ast.Call, names: set[str]) -> bool:
        """Whether the call, or a name that holds its result, stands here."""
        return id(call) in self.calls or not self.names.isdisjoint(names)
