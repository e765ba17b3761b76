"""Does something stand in for the model while a test runs?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from evaluator.facts.modelling.places import Places
from evaluator.facts.python.graph import Graph
from evaluator.facts.python.scopes import Scope
from evaluator.facts.python.values import Known

_PATCHES = ("unittest.mock.patch", "mock.patch", "patch", ".patch", ".setattr", ".setitem")
_MOCKS = frozenset({"MagicMock", "Mock", "AsyncMock", "create_autospec", "PropertyMock", "SimpleNamespace"})
_ANSWERS = frozenset({"return_value", "side_effect"})
_ASKS = frozenset({"predict", "predict_proba", "transform", "generate", "forward", "infer"})
_STANDS_IN = ("fake", "dummy", "stub", "mock", "double")
_OF_MODEL = (
    *("model", "predict", "pipeline", "classifier", "regressor", "estimator", "clf"),
    *("artifact", "joblib", "pickle", "torch.load", "tokenizer", "llm", "bundle"),
)


Edge: TypeAlias = tuple[str, str]


class Doubles:
    """What replaces models in the tests of one project."""

    def __init__(self, places: Places, graph: Graph) -> None:
        self.places = places
        self.graph = graph
        self._scopes: dict[str, Scope] = {
            scope.id: scope for source in places.modules.sources.values() for scope in source.walked.definitions()
        }

    def of(self, around: Iterable[str]) -> str:
        """Return what stands in for a model in a test with its fixtures and helpers; empty where nothing does."""
        for node in around:
            scope = self._scopes.get(node)
            if scope is None:
                continue
            found = next(self._in(scope), None)
            if found is not None:
                return found
        return ""

    def replaced(self, around: Iterable[str]) -> frozenset[Edge]:
        """Return what a test with its fixtures and helpers puts something else in the place of.

        Each with the module that no longer comes to it; for a definition of that module's own, empty: nothing does.
        """
        return frozenset(edge for node in around if (scope := self._scopes.get(node)) for edge in self._edges(scope))

    def _edges(self, scope: Scope) -> Iterator[Edge]:
        for site in (s for s in scope.walked.sites if s.label == scope.label or _decorates(scope, s.node)):
            name = self.places.names.called(site.node).name
            first, second = (*site.node.args[:2], None, None)[:2]
            if not name.endswith(_PATCHES) and not name.endswith("patch.object"):
                continue
            match (first, second):
                case (ast.Constant(value=str(dotted)), _):
                    yield from self._named(dotted, scope.walked.path)
                case (ast.expr(), ast.Constant(value=str(attr))):
                    for value in self.places.names.values(first, site.point):
                        if isinstance(value, Known) and value.target is not None and value.target.kind != "function":
                            yield from self._attribute(value.target, attr)

    def _named(self, dotted: str, importer: str) -> Iterator[Edge]:
        """Yield what a dotted name means: of a module, or of a class in it."""
        parts = dotted.split(".")
        for end in range(len(parts) - 1, 0, -1):
            path = self.places.names.finder.find(".".join(parts[:end]), importer)
            if path is not None:
                yield from self._attribute(self.places.names.finder.scope(path), ".".join(parts[end:]))
                return

    def _attribute(self, owner: Scope, attr: str) -> Iterator[Edge]:
        path = owner.walked.path
        yield "", f"{path}::{owner.label}.{attr}" if owner.label else f"{path}::{attr}"
        for binding in owner.bindings.get(attr, ()):
            made = binding.imported
            home = self.places.names.finder.file(made, path) if made is not None and made.name else None
            if made is not None and home is not None:
                yield path, f"{home}::{made.name}"

    def _in(self, scope: Scope) -> Iterator[str]:
        last = scope.label.rpartition(".")[2]
        if scope.kind == "class" and last.lower().startswith(_STANDS_IN) and _of_model(_said(scope.node)):
            yield last
        for node in ast.walk(scope.node):
            if isinstance(node, ast.Attribute) and node.attr in _ANSWERS and _ASKS.intersection(_said(node).split()):
                yield f"a double whose {node.attr} is set"
            if not isinstance(node, ast.Call):
                continue
            name = self.places.names.called(node).name
            end = name.rpartition(".")[2]
            text = _said(node)
            if name.endswith(_PATCHES) or ".patch." in name or "patch.object" in name:
                if _of_model(text):
                    yield f"{end} of {_first(node)}"
            elif end in _MOCKS:
                statement = _bound(scope.node, node)
                if _of_model(text) or (statement is not None and _of_model(_said(statement))):
                    yield end
            elif end.lower().strip("_").startswith(_STANDS_IN) and _of_model(end.lower()):
                yield end


def _decorates(scope: Scope, call: ast.Call) -> bool:
    """Whether ``call`` is a decorator of the function."""
    return isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)) and call in scope.node.decorator_list


def _of_model(text: str) -> bool:
    return any(word in text for word in _OF_MODEL)


def _said(node: ast.AST) -> str:
    """Return the names and texts in ``node``, in lower case."""
    parts: list[str] = []
    for inner in ast.walk(node):
        match inner:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                parts.append(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                parts.append(name)
            case ast.Constant(value=str(text)) if len(text) <= 200:
                parts.append(text)
    return " ".join(parts).lower()


def _first(call: ast.Call) -> str:
    """Return what is replaced, as written."""
    return ast.unparse(call.args[0])[:80] if call.args else "something"


def _bound(holder: ast.AST, call: ast.Call) -> ast.AST | None:
    """Return the targets of the assignment that the double stands in."""
    for node in ast.walk(holder):
        if isinstance(node, ast.Assign) and any(n is call for n in ast.walk(node.value)):
            return ast.Tuple(elts=list(node.targets), ctx=ast.Load())
    return None
