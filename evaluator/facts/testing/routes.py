"""Which function answers a request that a test makes?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from evaluator.facts.modelling.places import Places
from evaluator.facts.python.scopes import Site

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "options", "head"})
_ROUTES = _VERBS | {"route", "api_route", "websocket"}


class Routes:
    """The addresses that the project answers."""

    def __init__(self, places: Places) -> None:
        self.places = places

    @cached_property
    def _known(self) -> list[tuple[str, str]]:
        """Return (address, node of the function that answers it)."""
        found: list[tuple[str, str]] = []
        for source in self.places.sources:
            for scope in source.walked.definitions():
                if isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    found += [(address, scope.id) for d in scope.node.decorator_list for address in _address(d)]
        return found

    @cached_property
    def apps(self) -> dict[str, frozenset[str]]:
        """By the function that answers: the variables that its routes are written at.

        A request does not set the application up; what its start loads is not what the function works with.
        """
        return {
            scope.id: frozenset(root for d in scope.node.decorator_list if (root := _routed_at(d)))
            for source in self.places.sources
            for scope in source.walked.definitions()
            if isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)) and scope.node.decorator_list
        }

    @cached_property
    def variables(self) -> frozenset[str]:
        """The applications and routers, as nodes of the modules where their routes are written."""
        return frozenset(f"{node.partition('::')[0]}::{name}" for node, names in self.apps.items() for name in names)

    def called(self, site: Site) -> Iterator[str]:
        """Yield the functions that answer what a test's client asks; a script that an application's test starts."""
        func = site.node.func
        if not isinstance(func, ast.Attribute) or not site.node.args:
            return
        asked = _text(site.node.args[0])
        if func.attr in _VERBS and asked is not None and asked.startswith(("/", "http", "{")):
            path = asked.partition("?")[0].rstrip("/") or "/"
            yield from (node for address, node in self._known if _answers(address, path))
        elif func.attr == "from_file" and asked is not None:
            name = asked.lstrip("./")
            yield from (f"{s.path}::" for s in self.places.sources if s.path == name or s.path.endswith("/" + name))


def _address(decorator: ast.expr) -> Iterator[str]:
    if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.func.attr in _ROUTES:
        given = decorator.args[:1] or [k.value for k in decorator.keywords if k.arg in {"path", "rule"}]
        for expr in given:
            text = _text(expr)
            if text is not None:
                yield text.rstrip("/") or "/"


def _routed_at(decorator: ast.expr) -> str:
    """Return the variable of the application or router that a route is written at; empty for other decorators."""
    match decorator:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) if attr in _ROUTES:
            return name
    return ""


def _text(expr: ast.expr) -> str | None:
    """Return a constant text; ``{}`` stands for a field."""
    if isinstance(expr, ast.Constant) and isinstance(expr.value, str):
        return expr.value
    if isinstance(expr, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in expr.values)
    return None


def _answers(address: str, asked: str) -> bool:
    """Whether a route answers an address: part by part from its end, for routers stand under prefixes."""
    if address == "/":
        return asked == "/"
    wanted, given = address.strip("/").split("/"), asked.strip("/").split("/")
    if len(wanted) > len(given):
        return False
    pairs = zip(wanted, given[-len(wanted) :], strict=True)
    return all(w == g or w.startswith(("{", "<")) or "{}" in g for w, g in pairs)
