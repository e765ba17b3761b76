"""Which code does something that runs lead to: a script, a service, a notebook, or a test?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Literal

from evaluator.facts.code import Code, Module
from evaluator.facts.delivery import Command, Delivery
from evaluator.facts.packaging import Packaging
from evaluator.facts.python.graph import Graph, graph_of
from evaluator.facts.python.scopes import GUARD
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides

_FOREIGN = frozenset({"vendored", "generated"})
_EXECUTES = frozenset({"--execute", "papermill", "runipy", "execute"})
"""Words of commands that run a notebook from top to bottom without opening it."""


class EntryPoint(Record):
    """A place where something starts to run.

    Attributes:
        node: ``path::scope`` of what runs first.
        kind: ``script`` (a main guard, or work at top level), ``notebook``, ``console`` (a declared console script),
            ``command`` (a Makefile, pipeline, compose or CI file, a Dockerfile or the README starts it, or executes it
            without opening it), ``export`` (a package offers it), ``test``.
        by: What says so, where it is not the file itself.
    """

    node: str
    kind: Literal["script", "notebook", "console", "command", "export", "test"]
    at: Span
    by: str = ""


class Reach(Fact):
    """What the project's entry points lead to, as sorted nodes ``path::scope``; see ``facts.graph``.

    Attributes:
        by_scripts: From everything that can be started from a terminal.
        by_notebooks: From notebooks. by_exports: From what a package offers. by_tests: From what pytest collects.
        touching: Collected tests that come to code of the project which is itself no test.
    """

    entries: tuple[EntryPoint, ...]
    by_scripts: tuple[str, ...]
    by_notebooks: tuple[str, ...]
    by_tests: tuple[str, ...]
    by_exports: tuple[str, ...] = ()
    touching: tuple[str, ...] = ()

    def has(self, path: str, scope: str = "") -> bool:
        """Whether something other than a test leads to ``scope`` of the module at ``path``."""
        node = f"{path}::{scope}"
        return _in(self.by_scripts, node) or _in(self.by_notebooks, node) or _in(self.by_exports, node)

    def from_scripts(self, path: str, scope: str = "") -> bool:
        """Whether something that can be started from a terminal leads there."""
        return _in(self.by_scripts, f"{path}::{scope}")

    def from_notebooks(self, path: str, scope: str = "") -> bool:
        """Whether a notebook leads there."""
        return _in(self.by_notebooks, f"{path}::{scope}")

    def from_tests(self, path: str, scope: str = "") -> bool:
        """Whether a test leads there."""
        return _in(self.by_tests, f"{path}::{scope}")


def _in(nodes: tuple[str, ...], node: str) -> bool:
    index = bisect_left(nodes, node)
    return index < len(nodes) and nodes[index] == node


@provides()
def reach(code: Code, packaging: Packaging | Missing, delivery: Delivery | Missing) -> Reach:
    """Follow the mentions in the code from every entry point."""
    graph = graph_of(code)
    entries = [*_of_code(code)]
    entries += _of_packaging(code, packaging) if isinstance(packaging, Packaging) else ()
    entries += _of_delivery(graph, delivery) if isinstance(delivery, Delivery) else ()
    starts: dict[str, list[str]] = {"scripts": [], "notebook": [], "export": [], "test": []}
    for entry in entries:
        starts[entry.kind if entry.kind in starts else "scripts"].append(entry.node)
    return Reach(
        entries=tuple(sorted(entries, key=lambda e: (e.node, e.kind, e.by))),
        by_scripts=tuple(sorted(graph.reached(starts["scripts"]))),
        by_notebooks=tuple(sorted(graph.reached(starts["notebook"]))),
        by_exports=tuple(sorted(graph.reached(starts["export"]))),
        by_tests=tuple(sorted(graph.reached(starts["test"]))),
        touching=tuple(sorted(e.node for e in entries if e.kind == "test" and graph.touches(e.node))),
    )


def _of_code(code: Code) -> Iterator[EntryPoint]:
    for module in code.modules:
        if module.part in _FOREIGN:
            continue
        here = Span(path=module.path)
        if module.kind == "notebook":
            yield EntryPoint(node=f"{module.path}::", kind="notebook", at=here)
        elif module.is_test:
            yield from _tests(module)
        else:
            if module.main_guard:
                yield EntryPoint(node=f"{module.path}::{GUARD}", kind="script", at=_guard(module))
            if module.works or module.path.endswith("__main__.py"):
                yield EntryPoint(node=f"{module.path}::", kind="script", at=here)


def _guard(module: Module) -> Span:
    lines = [call.at.start for call in module.calls if call.scope == GUARD]
    return Span(path=module.path, start=min(lines, default=1), end=max(lines, default=1))


def _tests(module: Module) -> Iterator[EntryPoint]:
    for made in module.definitions:
        if made.collected and made.kind != "class":
            yield EntryPoint(node=f"{module.path}::{made.qualname}", kind="test", at=made.at)


def _of_packaging(code: Code, packaging: Packaging) -> Iterator[EntryPoint]:
    for script in packaging.scripts:
        name, _, attr = script.target.partition(":")
        module = _named(code, name)
        if module is not None:
            node = f"{module.path}::{attr.partition('.')[0] if attr else GUARD}"
            yield EntryPoint(node=node, kind="console", at=script.at, by=script.name)
    if packaging.name is None:
        return
    for module in code.modules:
        if module.path.endswith("__init__.py") and module.part == "own" and not module.is_test:
            for offered in module.imports:
                if offered.local is not None and not offered.missing and not offered.scope:
                    name = offered.name.rpartition(".")[2]
                    yield EntryPoint(node=f"{offered.local}::{name}", kind="export", at=offered.at, by=packaging.name)


def _named(code: Code, name: str) -> Module | None:
    """Return the module that an installed package has under the dotted ``name``."""
    fitting = [m for m in code.modules if m.kind == "module" and (m.name == name or m.name.endswith(f".{name}"))]
    return min(fitting, key=lambda m: (len(m.name), m.path), default=None)


def _of_delivery(graph: Graph, delivery: Delivery) -> Iterator[EntryPoint]:
    for command in _commands(delivery):
        module = graph.modules.get(command.runs or "")
        if module is None or module.is_test or module.part in _FOREIGN or command.disarmed:
            continue
        opened = module.kind == "notebook" and not _EXECUTES.intersection(command.argv)
        kind: Literal["notebook", "command"] = "notebook" if opened else "command"
        for scope in (GUARD, ""):
            yield EntryPoint(node=f"{module.path}::{scope}", kind=kind, at=command.at, by=command.raw[:100])


def _commands(delivery: Delivery) -> Iterator[Command]:
    yield from delivery.commands
    for workflow in delivery.workflows:
        yield from workflow.commands
    for dockerfile in delivery.dockerfiles:
        if dockerfile.starts is not None:
            yield dockerfile.starts
