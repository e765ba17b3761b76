"""What of the project's own does each scope mention, and so keep in use?

Mentioning is more than calling: a function may be passed on, stored in a table or decorated, a class subclassed, a module
imported for what it does. Beside names these count: fixtures that a test asks for, scripts that are started as a child
process, and modules that are named in a string to what loads them.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from functools import cached_property

from evaluator.facts.code import Use
from evaluator.facts.python.expressions import arguments
from evaluator.facts.python.modules import Modules, Source
from evaluator.facts.python.scopes import GUARD, Binding, Mentions, Point, Scope, Site
from evaluator.facts.python.values import Known, Value

_STARTS = (
    "subprocess.",
    "os.system",
    "os.popen",
    "os.spawn",
    "os.exec",
    "runpy.",
    "papermill.",
    "testbook.",
    "asyncio.create_subprocess",
)
_LOADS = frozenset({"uvicorn.run", "importlib.import_module", "hypercorn.run", "granian.Granian"})
_WORDS = 40


class Uses:
    """Answers for one project. ``tests``: paths of its test modules."""

    def __init__(self, modules: Modules, tests: set[str]) -> None:
        self.modules = modules
        self.names = modules.names
        self.tests = tests
        self.methods = {
            scope.label.rpartition(".")[2]
            for source in modules.sources.values()
            for scope in source.walked.definitions()
            if scope.owner is not None
        }

    def of(self, source: Source) -> Iterator[Use]:
        """Yield what the scopes of ``source`` mention, each pair once, sorted."""
        found: set[tuple[str, str]] = set()
        for label, mentions in source.walked.mentions.items():
            found |= {(label, local) for local in self._mentioned(mentions)}
        for name, mentions in source.walked.variables.items():
            found |= {(name, local) for local in self._mentioned(mentions)}
        for site in source.walked.sites:
            found |= {(site.label, local) for local in self._called(source, site)}
        for made in source.walked.imports:
            finder = self.names.finder
            paths = {finder.file(made, source.path), finder.submodule(made, source.path) if made.name else None}
            found |= {(made.label, f"{path}::") for path in paths if path is not None}
            if not made.label and made.name not in {None, "*"} and not _is_replaced(source, made.bound):
                found |= {(made.bound, f"{path}::{made.name}") for path in paths if path is not None}
        found |= set(self._asked_for(source))
        yield from (
            Use(scope=label, local=local) for label, local in sorted(found) if local != f"{source.path}::{label}"
        )

    def _mentioned(self, mentions: Mentions) -> Iterator[str]:
        for name, point in mentions.names.items():
            for binding in self.names.bindings(name, point):
                yield from self._bound(binding)
            if point.scope.walked.stars:
                yield from self._starred(name, point)
        for (name, attr), point in mentions.pairs.items():
            yield from self._attribute(name, attr, point)
        yield from (f".{attr}" for attr in mentions.attributes if attr in self.methods)

    def _bound(self, binding: Binding) -> Iterator[str]:
        scope = binding.point.scope
        if binding.defined is not None:
            yield binding.defined.id
        elif binding.imported is not None and binding.imported.name is not None:
            path = self.names.finder.file(binding.imported, scope.walked.path)
            if path is not None:
                yield f"{path}::{binding.imported.name}"
        elif scope.kind == "module" and binding.how in {"value", "element"}:
            yield f"{scope.walked.path}::{binding.name}"
        yield from _targets(self.names.value_of(binding))

    def _starred(self, name: str, point: Point) -> Iterator[str]:
        walked = point.scope.walked
        if self.names.bindings(name, point):
            return
        for made in walked.stars:
            path = self.names.finder.file(made, walked.path)
            if path is not None and name in self.names.finder.scope(path).bindings:
                for binding in self.names.finder.scope(path).bindings[name]:
                    yield from self._bound(binding)

    def _attribute(self, name: str, attr: str, point: Point) -> Iterator[str]:
        for binding in self.names.bindings(name, point):
            for value in self.names.value_of(binding):
                if not isinstance(value, Known):
                    continue
                if value.folder is not None:
                    path = self.modules.at(value.folder, attr)
                    yield from [f"{path}::"] if path is not None else []
                elif value.target is not None and value.target.kind == "module":
                    yield f"{value.target.walked.path}::{attr}"
                    yield from (i for b in value.target.bindings.get(attr, []) for i in self._bound(b))

    def _called(self, source: Source, site: Site) -> Iterator[str]:
        named = self.names.called(site.node)
        if named.target is not None:
            yield named.target.id
        if named.name.startswith(_STARTS):
            yield from self._started(source, site)
        elif named.name in _LOADS and site.node.args:
            first = site.node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                module, _, attr = first.value.partition(":")
                path = self.names.finder.find(module, source.path)
                yield from [f"{path}::", f"{path}::{attr}"] if path is not None else []

    def _started(self, source: Source, site: Site) -> Iterator[str]:
        """Yield the scripts and modules that a child process is told to run."""
        said = [n.value for n in ast.walk(site.node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        words = [word.strip("\"'") for text in said for word in text[:2000].split()][:_WORDS]
        for before, word in zip(["", *words], words, strict=False):
            if before == "-m":
                path = self.names.finder.find(word, source.path)
            elif word.endswith((".py", ".ipynb")):
                near = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), word))
                path = next(
                    (p for p in (posixpath.normpath(word), near) if p in self.modules.sources), None
                ) or self._by_end(word)
            else:
                path = None
            if path is not None:
                yield f"{path}::{GUARD}"
                yield f"{path}::"

    def _by_end(self, word: str) -> str | None:
        ends = [p for p in self.modules.sources if p.endswith("/" + word.lstrip("./"))]
        return ends[0] if len(ends) == 1 else None

    @cached_property
    def _fixtures(self) -> dict[str, list[Scope]]:
        found: dict[str, list[Scope]] = {}
        for path in sorted(self.tests):
            for scope in self.modules.sources[path].walked.definitions():
                if scope.kind == "function" and scope.owner is None and _is_fixture(scope):
                    found.setdefault(scope.label, []).append(scope)
        return found

    def _asked_for(self, source: Source) -> Iterator[tuple[str, str]]:
        """Yield the fixtures that tests and other fixtures take as parameters."""
        if source.path not in self.tests:
            return
        for scope in source.walked.definitions():
            if not isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            for argument in arguments(scope.node.args):
                for fixture in self._fixtures.get(argument.arg, ()):
                    if _is_in_sight(fixture.walked.path, source.path):
                        yield scope.label, fixture.id


def _is_replaced(source: Source, name: str) -> bool:
    """Whether an imported name is surely given to something defined in the module itself afterwards."""
    bound = source.walked.module.bindings.get(name, [])
    return bool(bound) and bound[-1].how == "definition" and not bound[-1].branch


def _targets(values: tuple[Value, ...]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Known) and value.target is not None:
            yield value.target.id


def _is_fixture(scope: Scope) -> bool:
    node = scope.node
    for decorator in node.decorator_list if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else ():
        bare = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = bare.attr if isinstance(bare, ast.Attribute) else bare.id if isinstance(bare, ast.Name) else ""
        if name == "fixture":
            return True
    return False


def _is_in_sight(fixture: str, test: str) -> bool:
    """Whether ``test`` sees a fixture of the file ``fixture``: its own, or one of a conftest.py above it."""
    folder = posixpath.dirname(fixture)
    above = not folder or test.startswith(f"{folder}/")
    return fixture == test or (posixpath.basename(fixture) == "conftest.py" and above)
