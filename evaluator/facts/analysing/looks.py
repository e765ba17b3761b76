"""What is there to be seen of an analysis, once it is made?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from evaluator.facts.analyses import Look, Shown
from evaluator.facts.analysing.predictions import Predictions
from evaluator.facts.analysing.showing import How, Note, Showing, Sink
from evaluator.facts.model_work import Place
from evaluator.facts.modelling.places import Places
from evaluator.facts.modelling.vain import Vain
from evaluator.facts.python.modules import Source
from evaluator.facts.python.names import Named
from evaluator.facts.python.scopes import Site
from evaluator.facts.reach import Reach

_SAYS: tuple[Shown, ...] = ("shown", "not-run", "thrown-away")
SINKS = 40
_HOW = {
    "printed": "printed",
    "plotted": "plotted",
    "saved": "saved or logged",
    "displayed": "left as the output of its cell",
    "returned": "handed to whoever calls the service",
}


class Told(NamedTuple):
    """What is shown of a value: how surely, by what, and what happened to it on the way."""

    shown: Shown
    how: str
    notes: frozenset[Note]


class Looks:
    """The project's code, ready to be searched for analyses."""

    def __init__(self, places: Places, showing: Showing) -> None:
        self.places = places
        self.showing = showing
        self.names = places.names
        self.roles = places.roles
        self.reach: Reach = places.reach
        self.predictions = Predictions(places)
        self.vain = Vain(places.names)

    @cached_property
    def calls(self) -> list[tuple[Source, Site, Named, frozenset[str]]]:
        """Every call with what it calls and the roles of that."""
        return [(source, site, named, named.roles) for source, site, named in self.places.calls]

    @cached_property
    def modelling(self) -> list[Source]:
        """Sources in which a model is trained, asked or scored: only there can its errors be compared by hand."""
        work = {"fit", "predict", "metric", "score", "model", "restore"}
        paths = {s.path for s, _, _, roles in self.calls if roles & work}
        return [
            s
            for s in self.places.sources
            if s.path in paths or any("pred" in n.lower() or "resid" in n.lower() for n in s.walked.reads)
        ]

    def place(self, source: Source, node: ast.AST, name: str) -> Place:
        """Return where ``node`` stands, called ``name``."""
        grown = self.showing.grown(source.path)
        return self.places.place_at(source, node, grown.label(node), grown.cell(node), name)

    def told(
        self, source: Source, node: ast.AST, *, wanted: Callable[[Sink], bool], notes: Iterable[Note] = ()
    ) -> Told:
        """Return how the value of ``node`` is shown, by the first sink that is ``wanted``."""
        best = Told("thrown-away", "nothing shows it", frozenset())
        for count, sink in enumerate(self.showing.sinks(source, node, frozenset(notes))):
            if count >= SINKS:
                break
            if not wanted(sink):
                continue
            shown: Shown = "shown" if self.showing.was_run(sink) else "not-run"
            if _SAYS.index(shown) < _SAYS.index(best.shown):
                line = getattr(sink.node, "lineno", 1)
                best = Told(shown, f"{_HOW[sink.how]} ({sink.name or 'its value'}, line {line})", sink.notes)
            if best.shown == "shown" and "named" in best.notes:
                break
        return best

    def drawn(self, source: Source, node: ast.AST, how: How = "plotted") -> Told:
        """Return how a call that draws or prints by itself is shown."""
        if not self.showing.drawn(source, node, how):
            return Told("thrown-away", "drawn in code that nothing runs, or never shown or saved", frozenset())
        shown: Shown = "shown" if self.showing.cell_was_run(source, node) else "not-run"
        return Told(shown, "shown by the call itself", frozenset({"named"}))

    def look(self, kind: str, source: Source, node: ast.AST, name: str, told: Told) -> Look:
        """Return the record of one analysis."""
        return Look(
            place=self.place(source, node, name),
            kind=kind,
            shown=told.shown,
            how=told.how,
            named="named" in told.notes,
        )

    def by_role(self, kinds: dict[str, str], *, wanted: Callable[[Sink], bool]) -> Iterator[Look]:
        """Yield the calls of libraries that make an analysis: those of each role as its kind."""
        for source, site, named, roles in self.calls:
            kind = next((kinds[role] for role in sorted(roles) if role in kinds), None)
            if kind is None or named.target is not None or self.vain.why(site):
                continue
            told = self.drawn(source, site.node) if "draws" in roles else None
            if told is None or told.shown == "thrown-away":
                told = self.told(source, site.node, wanted=wanted)
            yield self.look(kind, source, site.node, named.name, told)


def whole(sink: Sink) -> bool:
    """Whether what is shown is more than one number."""
    return "reduced" not in sink.notes
