"""What leads to a place of the code: which entry points, and which of the project's own functions come to model with it?"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from functools import cached_property

from evaluator.facts.experimenting.workbench import Workbench
from evaluator.facts.model_work import Place, node_of
from evaluator.facts.python.graph import Graph
from evaluator.facts.python.scopes import Scope

_ALIKE = 4
"""A method that is mentioned by its name alone may be any of so many; where there are more, none is followed."""


class Leading:
    """Answers for one project: mentions are followed backwards, once for each question."""

    def __init__(self, bench: Workbench, graph: Graph) -> None:
        self.bench = bench
        self.graph = graph

    # the project's own functions

    def makes(self, target: Scope) -> bool:
        """Whether ``target`` comes to make a model."""
        return target.id in self._making

    def fits(self, target: Scope) -> bool:
        """Whether ``target`` comes to fit a model."""
        return target.id in self._fitting

    def scores(self, target: Scope) -> bool:
        """Whether ``target`` comes to score one, other than by the loss of its own training loop."""
        return target.id in self._scoring

    @cached_property
    def told(self) -> tuple[Place, ...]:
        """The places of scores that are no training loop's own loss."""
        training = {(f.place.at.path, f.place.at.cell, f.place.at.start) for f in self.bench.work.fits}
        return tuple(
            s.place
            for s in self.bench.work.scores
            if s.on == "held-out" or (s.place.at.path, s.place.at.cell, s.place.at.start) not in training
        )

    @cached_property
    def _making(self) -> set[str]:
        calls = self.bench.places.calls
        built = {f"{s.path}::{c.label}" for s, c, n in calls if self.bench.tracer.is_model(n.name, n.target)}
        return self._functions(built | {node_of(p) for p in self.bench.work.builds})

    @cached_property
    def _fitting(self) -> set[str]:
        return self._functions(node_of(f.place) for f in self.bench.work.fits)

    @cached_property
    def _scoring(self) -> set[str]:
        return self._functions(node_of(p) for p in self.told)

    def _functions(self, starts: Iterable[str]) -> set[str]:
        """Return the definitions that lead to ``starts``, themselves included; importing a module runs none of them."""
        return self._backwards((node for node in starts if not node.endswith("::")), bodies=False)

    # entry points

    def entries(self, nodes: Iterable[str]) -> set[str]:
        """Return the entry points, tests apart, that lead to one of ``nodes``."""
        seen = self._backwards(nodes, bodies=True)
        return {e.node for e in self.bench.reach.entries if e.kind != "test" and e.node in seen}

    def reached(self, entries: Iterable[str]) -> set[str]:
        """Return every node that ``entries`` lead to."""
        return self.graph.reached(sorted(entries))

    def _backwards(self, starts: Iterable[str], *, bodies: bool) -> set[str]:
        """Return the nodes that lead to ``starts``, themselves included.

        ``bodies``: modules count too; whatever lies in one runs its body, and that of the packages above it.
        """
        seen: set[str] = set()
        todo = list(starts)
        while todo:
            node = todo.pop()
            if node in seen:
                continue
            seen.add(node)
            todo += [n for n in self._mentioned_by.get(node, ()) if bodies or not n.endswith("::")]
            if bodies:
                todo += self._within.get(node, ())
                todo += self._offered_by.get(node, ())
        return seen

    @cached_property
    def _mentioned_by(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for node, locals_ in self.graph.uses.items():
            for local in locals_:
                if not local.startswith("."):
                    found.setdefault(local, []).append(node)
                    continue
                methods = self.graph.methods.get(local[1:], ())
                for _, method in methods if len(methods) <= _ALIKE else ():
                    found.setdefault(method, []).append(node)
        for owner, method in self.graph.methods.get("__init__", ()):
            found.setdefault(method, []).append(owner)
        return found

    @cached_property
    def _within(self) -> dict[str, list[str]]:
        """By module body: what lies in the module, and the bodies below a package's."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.graph.modules):
            folder = posixpath.dirname(path)
            while folder:
                found.setdefault(f"{folder}/__init__.py::", []).append(f"{path}::")
                folder = posixpath.dirname(folder)
        for node in sorted({*self.graph.uses, *self.graph.definitions}):
            found.setdefault(f"{node.partition('::')[0]}::", []).append(node)
        return found

    @cached_property
    def _offered_by(self) -> dict[str, list[str]]:
        """By definition: the class or module that runs it unmentioned: a method of a class, a decorated function."""
        found: dict[str, list[str]] = {}
        for owner, members in self.graph.members.items():
            for member in members:
                made = self.graph.definitions[member]
                if made.kind == "method" or made.decorators:
                    found.setdefault(member, []).append(owner)
        return found
