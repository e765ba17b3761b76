"""What do all searches for experiments share: the calls by place, what is reached, and where models come from?"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cached_property

from evaluator.facts.code import Code
from evaluator.facts.experimenting.models import Made
from evaluator.facts.experimenting.restoring import Restoring
from evaluator.facts.experimenting.tracing import Tracer
from evaluator.facts.model_work import ModelWork, Place, node_of
from evaluator.facts.modelling.places import Places
from evaluator.facts.notebooks import Notebook, Notebooks
from evaluator.facts.prose import Document, Prose
from evaluator.facts.python.modules import Modules, Source
from evaluator.facts.python.names import Named
from evaluator.facts.python.scopes import Binding, Site
from evaluator.facts.reach import Reach
from evaluator.model import Missing, Span

Call = tuple[Source, Site, Named]
Key = tuple[str, int, int, str]


class Workbench:
    """One project, ready to be asked."""

    def __init__(
        self,
        modules: Modules,
        code: Code,
        reach: Reach,
        work: ModelWork,
        prose: Prose | Missing,
        notebooks: Notebooks | Missing,
    ) -> None:
        self.modules = modules
        self.names = modules.names
        self.roles = self.names.libraries.roles
        self.reach = reach
        self.work = work
        self.places: Places = modules.shared(Places, code, reach)
        self.tracer = Tracer(self.names, Restoring(self.places))
        self._lost: dict[str, set[int]] = {}
        self._off: dict[str, dict[int, str]] = {}
        self.documents: tuple[Document, ...] = () if isinstance(prose, Missing) else prose.documents
        self.notebooks: tuple[Notebook, ...] = () if isinstance(notebooks, Missing) else notebooks.items

    @cached_property
    def calls(self) -> list[Call]:
        """Every call that something other than a test leads to."""
        return [(s, site, n) for s, site, n in self.places.calls if self.runs(s.path, site.label)]

    def runs(self, path: str, label: str) -> bool:
        """Whether a script or a notebook leads there; what a package merely offers counts where nothing else trains."""
        if not self.reach.has(path, label):
            return False
        node = f"{path}::{label}"
        return not self._trains or node in self._started

    @cached_property
    def _started(self) -> frozenset[str]:
        return frozenset(self.reach.by_scripts) | frozenset(self.reach.by_notebooks)

    @cached_property
    def _trains(self) -> bool:
        return any(node_of(f.place) in self._started for f in self.work.fits)

    @cached_property
    def by_place(self) -> dict[Key, list[Call]]:
        """The calls by where they stand and what they are called."""
        found: dict[Key, list[Call]] = {}
        for call in self.places.calls:
            source, site, named = call
            found.setdefault((source.path, site.cell or 0, site.node.lineno, named.name), []).append(call)
        return found

    @cached_property
    def by_node(self) -> dict[int, Call]:
        """The calls by the identity of their node."""
        return {id(call[1].node): call for call in self.places.calls}

    @cached_property
    def by_scope(self) -> dict[tuple[str, str], list[Call]]:
        """The reached calls by path and scope."""
        found: dict[tuple[str, str], list[Call]] = {}
        for call in self.calls:
            found.setdefault((call[0].path, call[1].label), []).append(call)
        return found

    @cached_property
    def in_loop(self) -> dict[tuple[str, int], list[Call]]:
        """The reached calls by path and number of each loop around them."""
        found: dict[tuple[str, int], list[Call]] = {}
        for call in self.calls:
            for number in call[1].loops:
                found.setdefault((call[0].path, number), []).append(call)
        return found

    def switched_off(self, source: Source) -> dict[int, str]:
        """Return the calls under ``if NAME:`` where the module binds NAME once, to a constant that is false."""
        if source.path not in self._off:
            found: dict[int, str] = {}
            for node in (n for unit in source.units for n in ast.walk(unit.tree) if isinstance(n, ast.If)):
                if isinstance(node.test, ast.Name) and _is_false(source.walked.module.bindings.get(node.test.id, [])):
                    inside = (n for statement in node.body for n in ast.walk(statement))
                    found |= {id(n): node.test.id for n in inside if isinstance(n, ast.Call)}
            self._off[source.path] = found
        return self._off[source.path]

    def is_lost(self, source: Source, site: Site) -> bool:
        """Whether nobody takes what a call gives: a statement of its own (in a notebook not the last of a cell), or a name
        that nothing reads."""
        if source.path not in self._lost:
            found: set[int] = set()
            for unit in source.units:
                last = unit.tree.body[-1] if source.kind == "notebook" and unit.tree.body else None
                found |= {id(n.value) for n in ast.walk(unit.tree) if isinstance(n, ast.Expr) and n is not last}
            self._lost[source.path] = found
        plain = bool(site.binds) and all(name.isidentifier() for name in site.binds)
        unread = plain and not any(name in source.walked.reads for name in site.binds)
        return unread or id(site.node) in self._lost[source.path]

    def at(self, place: Place) -> list[Call]:
        """Return the calls that a place of the model's work records."""
        return self.by_place.get((place.at.path, place.at.cell or 0, place.at.start, place.name), [])

    def span(self, source: Source, node: ast.AST, cell: int | None) -> Span:
        """Return where ``node`` stands."""
        start = getattr(node, "lineno", 1)
        return Span(
            path=source.path, start=start, end=max(start, getattr(node, "end_lineno", start) or start), cell=cell
        )

    @cached_property
    def scored_scopes(self) -> frozenset[tuple[str, str]]:
        """Path and scope of every score that something leads to."""
        return frozenset((s.place.at.path, s.place.scope) for s in self.work.scores if s.place.reached)

    @cached_property
    def scoring(self) -> frozenset[int]:
        """The identities of the calls that compute a score."""
        return frozenset(id(c[1].node) for s in self.work.scores for c in self.at(s.place))

    def models_of(self, call: Call) -> tuple[Made, ...]:
        """Return the models that a call fits, asks or scores: by its receiver and by what it is given."""
        _, site, _ = call
        found: list[Made] = []
        func = site.node.func
        if isinstance(func, ast.Attribute):
            found += self.tracer.makers(func.value, site.point)
        for given in arguments(site.node):
            found += self.tracer.makers(given, site.point)
            found += self.tracer.behind(given, site.point)
        return distinct(found)


def _is_false(bindings: list[Binding]) -> bool:
    made = bindings[0].expr if len(bindings) == 1 and bindings[0].how == "value" else None
    return isinstance(made, ast.Constant) and made.value in {False, None}


def arguments(call: ast.Call) -> list[ast.expr]:
    """Return what a call is given, unpacking aside."""
    given = [*call.args, *(k.value for k in call.keywords)]
    return [g.value if isinstance(g, ast.Starred) else g for g in given]


def distinct(found: Iterable[Made]) -> tuple[Made, ...]:
    """Return each model once, with all its names."""
    order: dict[tuple[int, tuple[int, ...]], Made] = {}
    for made in found:
        before = order.get(made.key)
        names = made.names if before is None else tuple(dict.fromkeys((*before.names, *made.names)))[:12]
        order[made.key] = made._replace(names=names, tuned=made.tuned or (before is not None and before.tuned))
    return tuple(order.values())
