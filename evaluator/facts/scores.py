"""Where is the quality of a model computed, and on which rows?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from evaluator.facts.model_work import On, Score
from evaluator.facts.modules import Source
from evaluator.facts.names import Named
from evaluator.facts.origins import Origin, Origins, Rows
from evaluator.facts.scopes import Point, Scope, Site

if TYPE_CHECKING:
    from evaluator.facts.model_places import Places

_ASKS_NO_ROWS = frozenset({"lightning", "transformers", "trl", "ultralytics", "fastai", "autogluon", "pycaret"})
"""Libraries whose scoring calls take the rows that were set apart for it before, not an argument."""
_HELD_OUT_NAMES = ("test", "val", "valid", "validation", "dev", "eval", "holdout", "held_out", "oos")
_TRAINING_NAMES = ("train", "training", "tr")
_LOSSES = ("Loss.__call__", "_loss", "cross_entropy", "mse_loss")
_CALLED_OFF = frozenset({"eval", "no_grad", "inference_mode"})


class Scores:
    """Finds the scores of one project's places."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.names = places.names
        self.roles = places.roles
        self.origins = Origins(places.names)
        self._compared: dict[Scope, list[tuple[ast.expr, _Side, _Side]]] = {}

    @cached_property
    def trained_on(self) -> Origin:
        """Rows that some model was fitted on."""
        found = [self._given(site.node, site.point, first=2) for _, site in self.places.fitted]
        return frozenset(row for rows in found for row in rows)

    def found(self) -> Iterator[Score]:
        """Yield every score, one for each place."""
        for source, site, named in self.places.calls:
            judged = self._judged(site, named)
            if judged is not None:
                on, why, by_name = judged
                yield Score(place=self.places.place(source, site, named), on=on, why=why, by_name=by_name)
            elif self.places.predicts(named):
                yield from self._by_hand(source, site)
        for source in self.places.sources:
            yield from self._loops(source)

    def _judged(self, site: Site, named: Named) -> tuple[On, str, bool] | None:
        roles = frozenset(role for name in (named.name, *named.others) for role in self.roles(name))
        if "score-folds" in roles:
            return "held-out", "each fold is scored by a model that did not see it", False
        if "search" in roles and named.name.rpartition(".")[2][:1].isupper():
            return "held-out", "a search scores every candidate on folds it was not fitted on", False
        evaluated = [k for k in site.node.keywords if k.arg in self.names.libraries.table.eval_keywords]
        if "fit" in roles or named.name == ".fit":
            return self._while_training(evaluated, site) if evaluated else None
        if "score" in roles and named.name.partition(".")[0] in _ASKS_NO_ROWS and not site.node.args:
            return "held-out", "scored on the rows that were set apart for it", False
        if "metric" in roles and named.name.startswith("stable_baselines3."):
            return "held-out", "scored in episodes of its own", False
        if roles & {"metric", "score"} or (named.name in {".score", ".evaluate"} and site.node.args):
            return self._on(self._given(site.node, site.point, first=2))
        return None

    def _while_training(self, evaluated: list[ast.keyword], site: Site) -> tuple[On, str, bool]:
        rows = frozenset(r for k in evaluated for r in self.origins.of(k.value, site.point))
        split = any(k.arg == "validation_split" for k in evaluated)
        on, why, by_name = self._on(rows)
        if split or on == "unclear":
            return "held-out", f"scored while training on what is passed as {evaluated[0].arg}", False
        return on, why, by_name

    def _given(self, call: ast.Call, point: Point, *, first: int) -> Origin:
        every = [*call.args[:first], *(k.value for k in call.keywords)]
        found = [self.origins.of(a.value if isinstance(a, ast.Starred) else a, point) for a in every]
        return frozenset(row for rows in found for row in rows)

    def _on(self, rows: Origin) -> tuple[On, str, bool]:
        """Say which rows a score is computed on."""
        sides = {row.side for row in rows}
        if "held-out" in sides:
            return "held-out", "computed on rows that were split off", False
        if "train" in sides:
            return "training", "computed on the rows that were trained on", False
        told = frozenset(r for r in rows if r.side in {"part", "whole"})
        if told and self.trained_on:
            seen = self.origins.ancestors(self.trained_on)
            if told & seen:
                return "training", "computed on rows that include those trained on", False
            return "held-out", "computed on other rows than those trained on", False
        return self._by_parameter(rows)

    @staticmethod
    def _by_parameter(rows: Iterable[Rows]) -> tuple[On, str, bool]:
        words = [set(r.which.lower().split("_")) | {r.which.lower()} for r in rows if r.side == "parameter"]
        if any(w & set(_HELD_OUT_NAMES) for w in words):
            return "held-out", "its parameter is named for held-out rows; no call of it was found", True
        if any(w & set(_TRAINING_NAMES) for w in words):
            return "training", "its parameter is named for training rows; no call of it was found", True
        return "unclear", "the rows it is computed on cannot be told from the code", False

    def _by_hand(self, source: Source, site: Site) -> Iterator[Score]:
        """Yield a score where predictions are compared with, or subtracted from, something else in the same scope."""
        names = {n.rpartition(".")[2] for n in site.binds}
        for node, left, right in self._comparisons(source, site.point.scope):
            if left.mentions(site.node, names) != right.mentions(site.node, names):
                on, why, by_name = self._on(self._given(site.node, site.point, first=1))
                place = self.places.place_at(source, node, site.label, site.cell, "comparison with predictions")
                yield Score(place=place, on=on, why=why, by_name=by_name)
                return

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
        for number, loop in source.walked.loops.items():
            if not isinstance(loop, (ast.For, ast.AsyncFor)):
                continue
            inside = [s for s in source.walked.sites if number in s.loops]
            called = [self.names.called(s.node).name for s in inside]
            lasts = {name.rpartition(".")[2] for name in called}
            if (
                not inside
                or lasts & {"backward", "step", "apply_gradients", "zero_grad"}
                or not self._is_off(source, inside[0])
            ):
                continue
            predicts = any(n.endswith("__call__") or "predict" in self.roles(n) for n in called)
            measures = any(n.endswith(_LOSSES) for n in called) or any(
                isinstance(c, ast.Compare) for c in ast.walk(loop)
            )
            if predicts and measures:
                first = inside[0]
                on, why, by_name = self._on(self.origins.of(loop.iter, first.point))
                place = self.places.place_at(source, loop, first.label, first.cell, "evaluation loop")
                yield Score(place=place, on=on, why=why, by_name=by_name)

    def _is_off(self, source: Source, site: Site) -> bool:
        """Whether the scope switches training off: ``model.eval()``, ``torch.no_grad()``."""
        names = (
            self.names.called(s.node).name.rpartition(".")[2] for s in source.walked.sites if s.label == site.label
        )
        return not _CALLED_OFF.isdisjoint(names)


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
