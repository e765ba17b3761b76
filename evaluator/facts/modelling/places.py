"""Which calls load, split, build, train, predict and score, once every name is resolved?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal, TypeAlias

from evaluator.facts.code import Code
from evaluator.facts.model_work import Fit, ModelWork, On, Place, Score, node_of
from evaluator.facts.modelling.chance import Chances
from evaluator.facts.modelling.scores import Scores
from evaluator.facts.python import members
from evaluator.facts.python.graph import graph_of
from evaluator.facts.python.modules import Modules, Source
from evaluator.facts.python.names import Named, Names
from evaluator.facts.python.parsing import quietly
from evaluator.facts.python.scopes import Scope, Site
from evaluator.facts.reach import Reach
from evaluator.model import Span

FitKind: TypeAlias = Literal["library", "own", "unknown"]
_NOT_WRITTEN_HERE = frozenset({"vendored", "generated", "environment", "cache"})
_OWN_FITS = frozenset({"fit", "train", "fit_predict", "learn"})
_OF_TRAINING = frozenset({"lr", "loss", "losses", "epoch", "epochs", "grad", "grads", "gradient", "gradients"})
_TRAINING_STATEMENTS = 4
_ROOTS = 200
_SAYS: tuple[On, ...] = ("held-out", "training", "unclear")
_OWN_PREDICTS = ("predict", "predict_proba", "forward", "act", "choose_action", "select_action")
_SPLITS = frozenset({"split-pairs", "split-parts", "split-nested", "split-folds"})


def find(modules: Modules, code: Code, reach: Reach) -> ModelWork:
    """Return every place of the project, sorted."""
    with quietly():
        return modules.shared(Places, code, reach).work()


class Places:
    """The places of one project."""

    def __init__(self, modules: Modules, code: Code, reach: Reach) -> None:
        self.modules = modules
        self.code = code
        self.reach = reach
        self.names: Names = modules.names
        self.roles = self.names.libraries.roles
        tests = {m.path for m in code.modules if m.is_test}
        self.sources = [s for s in modules.sources.values() if s.path not in tests and s.part not in _NOT_WRITTEN_HERE]

    def work(self) -> ModelWork:
        """Return the fact."""
        chances = Chances(self)
        return ModelWork(
            loads=_sorted(self.place(s, site, n) for s, site, n in self.telling if "load" in self.roles(n.name)),
            splits=_sorted(self.splits),
            builds=_sorted(self.place(s, site, n) for s, site, n in self.calls if self._builds(n)),
            fits=tuple(sorted(self.fits, key=lambda f: _order(f.place))),
            predicts=_sorted(self.place(s, site, n) for s, site, n in self.calls if self.predicts(n)),
            scores=tuple(sorted(_distinct(Scores(self).found()), key=lambda s: _order(s.place))),
            chances=tuple(sorted(chances.found(), key=lambda c: _order(c.place))),
            saves=_sorted(self.place(s, site, n) for s, site, n in self.telling if "save" in self.roles(n.name)),
            restores=_sorted(self.restores),
            seeds=_sorted(self.place(s, site, n) for s, site, n in chances.seedings),
        )

    @cached_property
    def calls(self) -> list[tuple[Source, Site, Named]]:
        """Every call with what it calls."""
        return [(s, site, self.names.called(site.node)) for s in self.sources for site in s.walked.sites]

    @cached_property
    def telling(self) -> list[tuple[Source, Site, Named]]:
        """Those of them of whose names, candidates included, the table of libraries knows a role: few, as a rule."""
        return [call for call in self.calls if call[2].roles]

    def place(self, source: Source, site: Site, named: Named) -> Place:
        """Return where a call stands."""
        return self.place_at(source, site.node, site.label, site.cell, named.name)

    def place_at(self, source: Source, node: ast.AST, label: str, cell: int | None, name: str) -> Place:
        """Return where something stands that is named ``name``."""
        line = getattr(node, "lineno", 1)
        return Place(
            name=name,
            at=Span(path=source.path, start=line, end=max(line, getattr(node, "end_lineno", line) or line), cell=cell),
            scope=label,
            reached=self.reach.has(source.path, label),
            in_script=self.reach.from_scripts(source.path, label),
        )

    def _builds(self, named: Named) -> bool:
        if named.target is not None and named.target.kind == "class":
            bases = members.bases(self.names, named.target)
            return any(isinstance(b, str) and "model" in self.roles(b) for b in bases)
        last = named.name.rpartition(".")[2]
        return (
            "model" in self.roles(named.name)
            and not self.roles(named.name) & {"fit", "predict", "score"}
            and last[:1].isupper()
        )

    def predicts(self, named: Named) -> bool:
        """Whether a call asks a model for predictions."""
        if named.target is not None:
            return named.target.owner is not None and named.target.label.rpartition(".")[2] in _OWN_PREDICTS
        return "predict" in self.roles(named.name) and not named.name.startswith(("re.", "str."))

    @cached_property
    def closures(self) -> list[set[str]]:
        """What each entry point leads to, tests apart."""
        graph = graph_of(self.code)
        roots = sorted({e.node for e in self.reach.entries if e.kind != "test"})[:_ROOTS]
        return [graph.reached([root]) for root in roots]

    def together(self, place: Place, other: Place) -> bool:
        """Whether some entry point leads to both."""
        nodes = {node_of(place), node_of(other)}
        return any(nodes <= closure for closure in self.closures)

    @cached_property
    def restores(self) -> list[Place]:
        """Every call that takes up a model which was kept."""
        return [self.place(s, site, n) for s, site, n in self.telling if "restore" in self.roles(n.name)]

    @cached_property
    def splits(self) -> list[Place]:
        """Every call that splits rows."""
        return [self.place(s, site, n) for s, site, n in self.telling if self.roles(n.name) & _SPLITS]

    @cached_property
    def fits(self) -> list[Fit]:
        """Every place where a model is trained."""
        found = [*self._library_fits(), *self._loops(), *self._descents()]
        return found if any(f.place.reached for f in found) else [*found, *self._so_called()]

    @cached_property
    def fitted(self) -> list[tuple[Source, Site]]:
        """The calls among them, whose arguments are what was trained on."""
        return [(source, site) for source, site, _, _ in self._fitting]

    @cached_property
    def _fitting(self) -> list[tuple[Source, Site, Named, FitKind]]:
        kinds = ((source, site, named, self.fit_kind(site, named)) for source, site, named in self.calls)
        return [(source, site, named, kind) for source, site, named, kind in kinds if kind is not None]

    def _library_fits(self) -> Iterator[Fit]:
        for source, site, named, kind in self._fitting:
            yield Fit(place=self.place(source, site, named), kind=kind)

    def fit_kind(self, site: Site, named: Named) -> FitKind | None:
        """Return how a call trains a model, or None for a call that does not."""
        for name in (named.name, *named.others) if named.roles else ():
            owner = name.rpartition(".")[0]
            roles = self.roles(name)
            if ("fit" in roles and "transformer" not in self.roles(owner)) or "score-folds" in roles:
                return "library"
        if named.target is not None:
            return "own" if self._is_own_fit(named.target) else None
        given = len(site.node.args) + sum(k.arg in {"y", "X"} for k in site.node.keywords)
        return "unknown" if named.name in {".fit", ".partial_fit"} and given >= 2 else None

    def _is_own_fit(self, target: Scope) -> bool:
        """Whether a method trains an own model: its class also predicts, and the method does work."""
        owner = target.owner
        if owner is None or target.label.rpartition(".")[2] not in _OWN_FITS or target.statements < 2:
            return False
        return any(members.method(self.names, owner, name) is not None for name in _OWN_PREDICTS)

    def _loops(self) -> Iterator[Fit]:
        """Yield training loops written over a library's gradients: once for each scope that takes the steps."""
        for source in self.sources:
            steps: dict[str, dict[str, Site]] = {}
            for site in source.walked.sites:
                for role in self._step(self.names.called(site.node)):
                    steps.setdefault(site.label, {}).setdefault(role, site)
            for found in steps.values():
                taken = found.get("apply") or (found.get("backward") if "step" in found else None)
                if taken is not None:
                    place = self.place_at(source, taken.node, taken.label, taken.cell, "training loop")
                    yield Fit(place=place, kind="loop")

    def _so_called(self) -> Iterator[Fit]:
        """Yield calls of the project's own functions that are called training and work with losses or learning rates."""
        for source, site, named in self.calls:
            target = named.target
            if target is None or target.kind != "function" or target.statements < _TRAINING_STATEMENTS:
                continue
            if _words(target.label.rpartition(".")[2]) & _OWN_FITS:
                mentions = target.walked.mentions.get(target.label)
                read = {*mentions.names, *mentions.attributes, *target.bindings} if mentions is not None else set()
                if any(_words(name) & _OF_TRAINING for name in read):
                    yield Fit(place=self.place(source, site, named), kind="own")

    def _step(self, named: Named) -> Iterator[str]:
        roles = self.roles(named.name)
        last = named.name.rpartition(".")[2]
        if "loop-apply" in roles or named.name in {".apply_gradients", ".apply_updates"}:
            yield "apply"
        if "loop-backward" in roles or (last == "backward" and named.target is None):
            yield "backward"
        if "loop-step" in roles or named.name in {".step", ".zero_grad"}:
            yield "step"

    def _descents(self) -> Iterator[Fit]:
        seen: set[tuple[str, str]] = set()
        for source in self.sources:
            for step in source.walked.descents:
                if (source.path, step.label) not in seen and (step.loops or step.point.scope.kind == "function"):
                    seen.add((source.path, step.label))
                    place = self.place_at(source, step.node, step.label, step.cell, "gradient step")
                    yield Fit(place=place, kind="hand-written")


def _order(place: Place) -> tuple[str, int, int, str]:
    return (place.at.path, place.at.cell or 0, place.at.start, place.name)


def _distinct(scores: Iterable[Score]) -> Iterator[Score]:
    """Yield one score for each place, the one that says most."""
    order: dict[tuple[str, int, int, str], Score] = {}
    for score in scores:
        before = order.setdefault(_order(score.place), score)
        if _SAYS.index(score.on) < _SAYS.index(before.on):
            order[_order(score.place)] = score
    yield from order.values()


def _words(name: str) -> set[str]:
    return set(name.lower().strip("_").split("_"))


def _sorted(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=_order))
