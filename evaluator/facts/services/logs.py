"""Which lines of a log does the service keep, or write for each request?

A line that only goes to the console and tells of starting up or of an error is what every program has; one that is kept
in a file or as a record can be looked at afterwards, and so can one that tells of each request and its answer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from evaluator.facts.python import results
from evaluator.facts.python.graph import Graph
from evaluator.facts.python.modules import Source
from evaluator.facts.python.names import Named
from evaluator.facts.python.scopes import Scope, Site
from evaluator.facts.services.apps import Apps
from evaluator.facts.services.asking import Questions

_UNWATCHED = frozenset({"print", "rich.print", "pprint.pprint", "warnings.warn", "traceback.print_exc"})
_LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
_ABOUT_ERRORS = frozenset({"error", "exception", "critical"})
_WRITES = frozenset(
    {"insert_one", "insert_many", "put_item", "add", "execute", "writerow", "to_sql", "to_csv", "insert", "write"}
)
_STRUCTURED = ("loguru.", "structlog.")
_EVERY_REQUEST = frozenset({"middleware", "before_request", "after_request", "teardown_request", "log_request"})
_MIDDLEWARE = ("starlette.middleware.base.", "fastapi.middleware.", "django.utils.deprecation.")

_STEPS = 2
"""From a handler to the call that asks the model: through a service, and its wrapper of the model."""


class Logs:
    """Finds the log lines of one project's service. ``served``: the nodes that its handlers lead to."""

    def __init__(self, apps: Apps, questions: Questions, graph: Graph, served: set[str]) -> None:
        self.apps = apps
        self.questions = questions
        self.names = questions.names
        self.roles = questions.objects.roles
        self.graph = graph
        self.served = served

    def found(self) -> Iterator[tuple[Source, Site, Named]]:
        """Yield the calls that count, in the order of the modules."""
        for source, site, named in self.questions.calls:
            if f"{source.path}::{site.label}" not in self.served:
                continue
            if self._logs(site, named):
                if self._kept or named.name.startswith(_STRUCTURED) or self._tells_of_request(site, named):
                    yield source, site, named
            elif self._writes(site):
                yield source, site, named

    def _logs(self, site: Site, named: Named) -> bool:
        if "logs" in self.roles(named.name):
            return named.name not in _UNWATCHED
        func = site.node.func
        method = isinstance(func, ast.Attribute) and func.attr in _LEVELS
        own = named.target is None or named.target.owner is not None
        return method and own and "log" in root(site.node.func).lower()

    def _writes(self, site: Site) -> bool:
        """Whether what is written down is called a prediction: to a database, or to the end of a file."""
        func = site.node.func
        if not isinstance(func, ast.Attribute) or func.attr not in _WRITES:
            return False
        names = (n.id for g in site.node.args for n in ast.walk(g) if isinstance(n, ast.Name))
        return any(n.lower().startswith(("pred", "result", "prob")) or "prediction" in n.lower() for n in names)

    # kept in a file, or as records

    @cached_property
    def _kept(self) -> bool:
        """Whether something that the service runs has its log kept."""
        running = self.graph.reached(sorted({f"{node.partition('::')[0]}::" for node in self.served} | self.served))
        return any(
            f"{source.path}::{site.label}" in running and self._keeps(site, named)
            for source, site, named in self.questions.calls
        )

    def _keeps(self, site: Site, named: Named) -> bool:
        if "keeps-log" in self.roles(named.name):
            return self._is_given(site)
        if named.name == "logging.basicConfig":
            return any(k.arg in {"filename", "handlers"} and _is_no_stream(k) for k in site.node.keywords)
        made = named.target
        return made is not None and made.kind == "class" and self._is_formatter(made)

    def _is_given(self, site: Site) -> bool:
        """Whether the file is named, where that is left to a caller who may also do without a file."""
        first = next(iter(site.node.args), None)
        if not isinstance(first, ast.Name):
            return True
        bound = self.names.bindings(first.id, site.point)
        if not bound or any(b.how != "parameter" or not _is_none(b.expr) for b in bound):
            return True
        for binding in bound:
            for caller, method in self.names.callers.get(binding.point.scope, []):
                index = binding.index - 1 if method else binding.index
                given = results.argument(caller.node, binding.name, index)
                path = caller.point.scope.walked.path
                if given is not None and any(node.startswith(f"{path}::") for node in self.served):
                    return True
        return False

    def _is_formatter(self, made: Scope) -> bool:
        """Whether a class of the project writes the records of a log as JSON."""
        bases = [ast.unparse(base) for base in getattr(made.node, "bases", ())]
        parts = {n.attr for n in ast.walk(made.node) if isinstance(n, ast.Attribute)}
        return any(base.endswith("Formatter") for base in bases) and "dumps" in parts

    # for each request

    def _tells_of_request(self, site: Site, named: Named) -> bool:
        """Whether a line is written for a request that went well, and tells something of it."""
        level = named.name.rpartition(".")[2] or getattr(site.node.func, "attr", "")
        scope = site.point.scope
        if level in _ABOUT_ERRORS or scope not in self._answering or id(site.node) in self._rescued(scope):
            return False
        told = {n.id for given in _given(site.node) for n in ast.walk(given) if isinstance(n, ast.Name)}
        return bool(told & scope.bindings.keys())

    @cached_property
    def _answering(self) -> set[Scope]:
        """Where the model is asked for a request, what handles requests on the way there, and what sees every request."""
        asked = {q.scope for q in self.questions.found if f"{q.source.path}::{q.site.label}" in self.served}
        nodes = {f"{s.walked.path}::{s.label}" for s in asked}
        found = set(asked)
        for handler in self.apps.handlers:
            start = f"{handler.scope.walked.path}::{handler.label}"
            if handler.source.kind != "notebook" and (not nodes or nodes & self._near(start)):
                found.add(handler.scope)
        return found | {s for source in self.questions.sources for s in self._watching(source)}

    def _near(self, start: str) -> set[str]:
        """Return what a handler mentions, and what that mentions: further away, what loads a model may seem to ask it."""
        seen, last = {start}, {start}
        for _ in range(_STEPS):
            mentioned = [local for node in last for local in self.graph.uses.get(node, ())]
            last = {n for local in mentioned for n in self._meant(local)} - seen
            seen |= last
        return seen

    def _meant(self, local: str) -> list[str]:
        return [local] if "::" in local else [method for _, method in self.graph.methods.get(local[1:], ())]

    def _watching(self, source: Source) -> Iterator[Scope]:
        for scope in source.walked.definitions():
            decorators = getattr(scope.node, "decorator_list", ())
            calls = (d.func if isinstance(d, ast.Call) else d for d in decorators)
            if any(isinstance(c, ast.Attribute) and c.attr in _EVERY_REQUEST for c in calls):
                yield scope
            elif scope.owner is not None and scope.label.rpartition(".")[2] in {"dispatch", "__call__"}:
                bases = [ast.unparse(base) for base in getattr(scope.owner.node, "bases", ())]
                if any(base.endswith("Middleware") for base in bases):
                    yield scope

    def _rescued(self, scope: Scope) -> set[int]:
        """Return what runs only after something went wrong."""
        handlers = (n for n in ast.walk(scope.node) if isinstance(n, ast.ExceptHandler))
        return {id(n) for handler in handlers for n in ast.walk(handler)}


def root(expr: ast.expr) -> str:
    """Return the name that an expression of attributes, items and calls begins with; empty where there is none."""
    while isinstance(expr, (ast.Attribute, ast.Subscript, ast.Call)):
        expr = expr.func if isinstance(expr, ast.Call) else expr.value
    return expr.id if isinstance(expr, ast.Name) else ""


def _given(call: ast.Call) -> Iterable[ast.expr]:
    return (*call.args, *(k.value for k in call.keywords))


def _is_none(expr: ast.expr | None) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is None


def _is_no_stream(keyword: ast.keyword) -> bool:
    """Whether ``filename=`` or ``handlers=`` has something kept; the handlers themselves are calls, and counted as such."""
    return keyword.arg == "filename" and not _is_none(keyword.value)
