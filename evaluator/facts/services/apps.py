"""Which apps does the project have, and which of its functions do they call for a user?

An app is known by the library that calls the project's functions back: through decorators, through functions that are
handed over, through classes that are derived, or, for pages, because the statements themselves are the page.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from evaluator.facts.python import members
from evaluator.facts.python.modules import Source
from evaluator.facts.python.names import Names
from evaluator.facts.python.scopes import Imported, Scope, Site
from evaluator.facts.python.values import Known
from evaluator.facts.reach import Reach
from evaluator.facts.services.makers import Makers

How = Literal["route", "callback", "class", "page", "convention"]
_PLUMBING_METHODS = frozenset(
    {
        "__init__",
        "setup",
        "initialize",
        "load",
        "load_context",
        "load_model",
        "unload",
        "close",
        "__enter__",
        "__exit__",
    }
)
_BY_CONVENTION: dict[str, tuple[str, ...]] = {
    "lambda_handler": ("aws lambda",),
    "predict_fn": ("sagemaker", "model_fn"),
    "run": ("azure ml", "init"),
}
"""Functions that a platform calls by their name, and what must stand beside them."""
_STARTED_BY_NAME = ("django", "rest_framework", "chainlit", "ts", "bentoml", "litserve", "azure", "functions_framework")
"""Frameworks whose own program imports the modules, without a line in the project that does."""


@dataclass(frozen=True, eq=False)
class Handler:
    """A scope that runs for a user.

    Attributes:
        framework: The package that calls it. how: What makes it a handler.
        reached: Something that runs leads there.
        node: The decorator, call or class that says so.
    """

    source: Source
    scope: Scope
    framework: str
    how: How
    node: ast.AST
    label: str
    reached: bool


class Apps:
    """Finds the handlers of one project."""

    def __init__(self, names: Names, makers: Makers, reach: Reach, sources: list[Source]) -> None:
        self.names = names
        self.makers = makers
        self.reach = reach
        self.sources = sources
        self.roles = names.libraries.roles

    @cached_property
    def handlers(self) -> list[Handler]:
        """Every handler once, the way that says most first."""
        found: dict[tuple[Scope, str], Handler] = {}
        for source in self.sources:
            if not self._is_about(source):
                continue
            for handler in (
                *self._decorated(source),
                *self._handed(source),
                *self._derived(source),
                *self._pages(source),
            ):
                found.setdefault((handler.scope, handler.label), handler)
        for source in self.sources:
            for handler in self._conventional(source):
                found.setdefault((handler.scope, handler.label), handler)
        return list(found.values())

    def _is_about(self, source: Source) -> bool:
        """Whether a module can have to do with an app: it imports such a library, or something of the project's own."""
        return any(
            self._framework(f"{made.module}.{made.name or 'x'}.x") or self._is_local(made, source)
            for made in source.walked.imports
        )

    def _is_local(self, made: Imported, source: Source) -> bool:
        return (
            self.names.finder.file(made, source.path) is not None
            or self.names.finder.submodule(made, source.path) is not None
        )

    def _framework(self, name: str) -> str:
        """Return the package that ``name`` belongs to, where it is one that calls back or shows; else nothing."""
        roles = self.roles(name)
        return name.partition(".")[0] if "app" in roles and "app-plumbing" not in roles else ""

    def _has(self, scope: Scope, label: str | None = None) -> bool:
        return self.reach.has(scope.walked.path, scope.label if label is None else label)

    def _of(
        self, source: Source, scope: Scope, framework: str, how: How, node: ast.AST, *, wired: bool = True
    ) -> Handler:
        """Return the handler; what a framework's own program starts needs nothing that leads there."""
        reached = wired and (self._has(scope) or framework in _STARTED_BY_NAME)
        return Handler(source, scope, framework, how, node, scope.label, reached)

    # decorators

    def _decorated(self, source: Source) -> Iterator[Handler]:
        for scope in source.walked.definitions():
            for decorator in getattr(scope.node, "decorator_list", ()):
                framework = self._decorates(decorator, scope)
                if not framework:
                    continue
                wired = self._is_included(decorator, scope)
                if scope.kind == "class":
                    yield from self._methods(scope, framework, decorator, wired=wired)
                else:
                    yield self._of(source, scope, framework, "route", decorator, wired=wired)

    def _decorates(self, decorator: ast.expr, scope: Scope) -> str:
        outside = scope.parent.end if scope.parent is not None else scope.end
        func = decorator.func if isinstance(decorator, ast.Call) else decorator
        values = self.names.values(func, outside)
        names = [v.path for v in values if isinstance(v, Known) and v.target is None]
        return next((f for name in names if (f := self._framework(name))), "")

    def _is_included(self, decorator: ast.expr, scope: Scope) -> bool:
        """Whether the group of routes that a decorator adds to is part of some app."""
        func = decorator.func if isinstance(decorator, ast.Call) else decorator
        if not isinstance(func, ast.Attribute):
            return True
        outside = scope.parent.end if scope.parent is not None else scope.end
        made = [m.expr for m in self.makers.of(func.value, outside) if isinstance(m.expr, ast.Call)]
        groups = [c for c in made if self.names.called(c).name.rpartition(".")[2] in _GROUPS]
        return not groups or len(groups) < len(made) or any(id(c) in self._included for c in groups)

    @cached_property
    def _included(self) -> frozenset[int]:
        """The groups of routes that are handed to an app or to another group."""
        found: set[int] = set()
        for walked in self.names.walked:
            for site in walked.sites:
                func = site.node.func
                if isinstance(func, ast.Attribute) and func.attr in _INCLUDES:
                    for given in (*site.node.args, *(k.value for k in site.node.keywords)):
                        found |= {id(m.expr) for m in self.makers.of(given, site.point)}
        return frozenset(found)

    # functions and classes that are handed over

    def _handed(self, source: Source) -> Iterator[Handler]:
        for site in source.walked.sites:
            named = self.names.called(site.node)
            framework = self._framework(named.name) or self._event(site)
            if framework:
                for given in (*site.node.args, *(k.value for k in site.node.keywords if k.arg != "lifespan")):
                    yield from self._given(site, given, framework)

    def _event(self, site: Site) -> str:
        """Return the framework of a component, kept under a name of unknown type, that is told what to call on a click."""
        func = site.node.func
        if isinstance(func, ast.Attribute) and func.attr in _EVENTS:
            for maker in self.makers.of(func.value, site.point):
                if isinstance(maker.expr, ast.Call) and (f := self._framework(self.names.called(maker.expr).name)):
                    return f
        return ""

    def _given(self, site: Site, given: ast.expr, framework: str) -> Iterator[Handler]:
        for part in _callables(given):
            for value in self.names.values(part, site.point):
                if not isinstance(value, Known) or value.target is None or value.target.kind == "module":
                    continue
                if value.target.kind == "class":
                    yield from self._methods(value.target, framework, site.node, wired=True)
                elif not value.instance:
                    wired = self._has(site.point.scope, site.label) or framework in _STARTED_BY_NAME
                    made = value.target
                    yield Handler(self._source(made), made, framework, "callback", site.node, made.label, wired)

    def _source(self, scope: Scope) -> Source:
        return self.names.modules.sources[scope.walked.path]

    # classes

    def _derived(self, source: Source) -> Iterator[Handler]:
        for scope in source.walked.definitions():
            if scope.kind != "class":
                continue
            bases = [b for b in members.bases(self.names, scope) if isinstance(b, str)]
            framework = next((f for b in bases if (f := self._framework(b))), "")
            if framework:
                yield from self._methods(scope, framework, scope.node, wired=True)

    def _methods(self, scope: Scope, framework: str, node: ast.AST, *, wired: bool) -> Iterator[Handler]:
        reached = wired and (self._has(scope) or framework in _STARTED_BY_NAME)
        for bindings in scope.bindings.values():
            made = bindings[-1].defined if bindings else None
            if made is not None and made.kind == "function" and made.label.rpartition(".")[2] not in _PLUMBING_METHODS:
                yield Handler(self._source(made), made, framework, "class", node, made.label, reached)

    # pages, and what platforms call by name

    def _pages(self, source: Source) -> Iterator[Handler]:
        seen: set[tuple[Scope, str]] = set()
        for site in source.walked.sites:
            scope = site.point.scope
            name = self.names.called(site.node).name
            roles = self.roles(name)
            if "page" not in roles or "app-plumbing" in roles or (scope, site.label) in seen:
                continue
            seen.add((scope, site.label))
            reached = self._has(scope, site.label)
            yield Handler(source, scope, name.partition(".")[0], "page", site.node, site.label, reached)

    def _conventional(self, source: Source) -> Iterator[Handler]:
        if source.kind == "notebook":
            return
        functions = {s.label: s for s in source.walked.definitions() if s.kind == "function" and s.owner is None}
        for name, (framework, *beside) in _BY_CONVENTION.items():
            made = functions.get(name)
            if made is not None and all(b in functions for b in beside):
                fits = name != "run" or posixpath.basename(source.path).startswith(
                    ("score", "main", "entry", "inference")
                )
                if fits:
                    yield Handler(source, made, framework, "convention", made.node, made.label, reached=True)


_GROUPS = frozenset({"APIRouter", "Blueprint", "Router", "RouteTableDef", "Namespace"})
_INCLUDES = frozenset(
    {
        "include_router",
        "register_blueprint",
        "add_router",
        "add_routes",
        "mount",
        "add_namespace",
        "blueprint",
        "include",
        "route",
    }
)
_EVENTS = frozenset(
    {
        "click",
        "submit",
        "change",
        "upload",
        "on_click",
        "observe",
        "then",
        "load",
        "connect",
        "bind",
        "select",
        "input",
        "release",
    }
)


def _callables(given: ast.expr, depth: int = 3) -> Iterator[ast.expr]:
    """Yield the names in what is handed over: alone, in displays, called by a lambda, bound, or as a view."""
    match given:
        case ast.Name() | ast.Attribute():
            yield given
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Dict(values=parts) if depth > 0:
            for part in parts:
                yield from _callables(part, depth - 1)
        case ast.Lambda(body=inner):
            yield from (n.func for n in ast.walk(inner) if isinstance(n, ast.Call))
        case ast.Call(func=ast.Attribute(value=inner, attr="as_view" | "as_asgi" | "bind")):
            yield from _callables(inner, depth - 1)
        case ast.Call(func=ast.Name(id="partial") | ast.Attribute(attr="partial"), args=[first, *_]):
            yield from _callables(first, depth - 1)
