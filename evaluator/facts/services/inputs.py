"""Is what a service is given checked: by types and bounds, by types alone, or not at all?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from evaluator.facts.python import members, results
from evaluator.facts.python.scopes import Point, Scope
from evaluator.facts.python.values import Known
from evaluator.facts.services.answering import Answering
from evaluator.facts.services.apps import Handler
from evaluator.facts.services.asking import Questions
from evaluator.facts.services.persisting import place
from evaluator.facts.services.widgets import checked_widget
from evaluator.facts.serving import Checked, Input

_RANKS: tuple[Checked, ...] = ("raw", "typed", "bounded")
_SCHEMAS = (
    "pydantic.",
    "sqlmodel.",
    "marshmallow.",
    "rest_framework.serializers.",
    "django.forms.",
    "wtforms.",
    "flask_wtf.",
    "ninja.",
    "msgspec.",
    "attrs.",
    "typing.TypedDict",
    "typing.NamedTuple",
)
_VALIDATES = (
    "pandera.",
    "jsonschema.",
    "cerberus.",
    "great_expectations.",
    "voluptuous.",
    "marshmallow.",
    "fastjsonschema.",
)
_BOUNDS = frozenset(
    {
        "ge",
        "gt",
        "le",
        "lt",
        "min_length",
        "max_length",
        "pattern",
        "regex",
        "multiple_of",
        "min_value",
        "max_value",
        "choices",
        "validators",
        "validate",
        "max_digits",
        "min_items",
        "max_items",
    }
)
_BOUNDED_TYPES = frozenset(
    {
        "Literal",
        "conint",
        "confloat",
        "constr",
        "conlist",
        "EmailStr",
        "PositiveInt",
        "PositiveFloat",
        "NonNegativeInt",
        "NonNegativeFloat",
        "NegativeFloat",
        "NegativeInt",
        "HttpUrl",
        "Interval",
        "Ge",
        "Gt",
        "Le",
        "Lt",
    }
)
_VALIDATORS = frozenset(
    {"validator", "field_validator", "model_validator", "root_validator", "validates", "validates_schema", "clean"}
)
_RAW_TYPES = frozenset({"dict", "Dict", "Any", "Request", "object", "HttpRequest", "bytes", "list", "List"})
_NOT_GIVEN = ("Depends", "Security", "BackgroundTasks", "Response", "Session", "Context", "Header", "Cookie")
_READS = frozenset(
    {"get_json", "json", "form", "args", "values", "data", "files", "body", "query_params", "POST", "GET", "FILES"}
)
_CONVERTS = frozenset({"float", "int", "numpy.float64", "numpy.float32"})


class Told(NamedTuple):
    """How far something is checked, and why."""

    checked: Checked
    why: str


class Inputs:
    """Finds the inputs of one project."""

    def __init__(self, answering: Answering, questions: Questions) -> None:
        self.answering = answering
        self.questions = questions
        self.names = questions.names

    def found(self) -> tuple[Input, ...]:
        """Return the inputs of handlers whose answers depend on a model or on some work, by path and line."""
        every: list[Input] = []
        for handler in self.answering.handlers:
            if not handler.reached or handler.source.kind == "notebook" or self.answering.answers(handler) == "nothing":
                continue
            told = self._told(handler)
            if told is not None:
                at = place(handler.source, handler.node if handler.how == "page" else handler.scope.node, None)
                every.append(Input(at=at, checked=told.checked, why=told.why))
        return tuple(sorted(every, key=lambda i: (i.at.path, i.at.start)))

    def _told(self, handler: Handler) -> Told | None:
        """Return how the input of one handler is checked; None for one that takes none."""
        widgets = self._widgets(handler)
        if widgets is not None:
            return widgets
        given = [t for t in (self._parameter(a, handler.scope) for a in _parameters(handler.scope)) if t is not None]
        near = [handler.scope, *self._called(handler.scope)]
        reads = [told for told in (self._read(scope) for scope in near) if told is not None]
        read = reads[0] if reads else None
        if read is not None and (not given or max(_RANKS.index(t.checked) for t in given) == 0):
            given = [read]
        checks = [told for told in (self._by_hand(scope) for scope in near) if told is not None]
        by_hand = max(checks, key=lambda t: _RANKS.index(t.checked), default=None)
        if not given:
            return by_hand if reads else None
        best = (
            max(given, key=lambda t: _RANKS.index(t.checked))
            if handler.how == "class"
            else min(given, key=lambda t: _RANKS.index(t.checked))
        )
        if by_hand is not None and _RANKS.index(by_hand.checked) > _RANKS.index(best.checked):
            return by_hand
        return best

    def _called(self, scope: Scope) -> list[Scope]:
        """Return the project's own functions that a handler calls itself."""
        found = [self.names.called(s.node).target for s in scope.walked.sites if s.point.scope is scope]
        return list(dict.fromkeys(t for t in found if t is not None and t.kind == "function"))

    # parameters with types

    def _parameter(self, argument: ast.arg, scope: Scope) -> Told | None:
        annotation = argument.annotation
        outside = scope.parent.end if scope.parent is not None else scope.end
        if annotation is None:
            default = _default(scope, argument.arg)
            if default is not None and any(name in ast.dump(default) for name in _NOT_GIVEN):
                return None
            return Told("raw", f"{argument.arg} has no type")
        said = ast.unparse(annotation)[:200]
        if any(name in said for name in _NOT_GIVEN):
            return None
        default = _default(scope, argument.arg)
        if default is not None and any(name in ast.dump(default) for name in _NOT_GIVEN):
            return None
        if _is_bounded(annotation) or (isinstance(default, ast.Call) and _has_bounds(default)):
            return Told("bounded", f"{argument.arg} is {said}")
        inner = annotation.slice if isinstance(annotation, ast.Subscript) else annotation
        for part in (*results.annotation_parts(self.names, annotation), inner):
            for value in self.names.values(part, outside):
                if isinstance(value, Known) and value.target is not None and value.target.kind == "class":
                    return self._schema(value.target)
        root = said.partition("[")[0].rpartition(".")[2]
        if root in _RAW_TYPES:
            return Told("raw", f"{argument.arg} is any {root}")
        return Told("typed", f"{argument.arg} is {said}")

    def _schema(self, scope: Scope) -> Told:
        """Return how far a class of the project's own bounds its fields."""
        bases = [b for b in members.bases(self.names, scope) if isinstance(b, str)]
        if any(b.startswith("enum.") or b == "Enum" for b in bases):
            return Told("bounded", f"{scope.label} is an enumeration")
        own = [b for b in members.bases(self.names, scope) if isinstance(b, Scope)]
        for line in own:
            for statement in getattr(line.node, "body", []):
                bound = self._bounds(statement, line)
                if bound:
                    return Told("bounded", f"{scope.label} bounds {bound}")
        if any(b.startswith(_SCHEMAS) for b in bases) or any(_is_dataclass(line) for line in own):
            return Told("typed", f"{scope.label} gives types, and no bounds")
        return Told("raw", f"{scope.label} checks nothing")

    def _bounds(self, statement: ast.stmt, scope: Scope) -> str:
        """Return what a statement of a schema bounds: a field, or what a validator checks."""
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                if (
                    _is_bounded(annotation)
                    or (isinstance(value, ast.Call) and _has_bounds(value))
                    or self._is_enum(annotation, scope)
                ):
                    return name
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if _has_bounds(call):
                return name
            case ast.FunctionDef(name=name, decorator_list=decorators) if _can_refuse(statement):
                called = {_last(d.func if isinstance(d, ast.Call) else d) for d in decorators}
                if called & _VALIDATORS or name in {"validate", "clean"} or name.startswith(("validate_", "clean_")):
                    return name
        return ""

    def _is_enum(self, annotation: ast.expr, scope: Scope) -> bool:
        outside = scope.parent.end if scope.parent is not None else scope.end
        for part in results.annotation_parts(self.names, annotation):
            for value in self.names.values(part, outside):
                if isinstance(value, Known) and value.target is not None and value.target.kind == "class":
                    bases = members.bases(self.names, value.target)
                    if any(isinstance(b, str) and b.startswith("enum.") for b in bases):
                        return True
                    if any(isinstance(b, str) and b.startswith(_SCHEMAS) for b in bases) and value.target is not scope:
                        return self._schema(value.target).checked == "bounded"
        return False

    # what a handler reads and checks by itself

    def _read(self, scope: Scope) -> Told | None:
        """Return what becomes of ``request.json`` and the like; None where none is read."""
        nodes = list(ast.walk(scope.node))
        reads = [
            n
            for n in nodes
            if isinstance(n, ast.Attribute) and n.attr in _READS and "request" in ast.unparse(n.value)[-40:].lower()
        ]
        if not reads:
            return None
        for call in (n for n in nodes if isinstance(n, ast.Call)):
            named = self.names.called(call)
            if named.target is not None and named.target.kind == "class" and (call.keywords or call.args):
                told = self._schema(named.target)
                if told.checked != "raw":
                    return told
            if named.name.startswith(_VALIDATES):
                return Told("bounded", f"checked by {named.name}")
        if any(self.names.called(n).name in _CONVERTS for n in nodes if isinstance(n, ast.Call)):
            return Told("typed", "converted to numbers, without bounds")
        return Told("raw", "read from the request as it comes")

    def _by_hand(self, scope: Scope) -> Told | None:
        """Return the check that refuses input out of bounds, or that names what is missing."""
        for node in ast.walk(scope.node):
            if isinstance(node, ast.If) and _refuses(node):
                orders = [c for c in ast.walk(node.test) if isinstance(c, ast.Compare)]
                if any(isinstance(op, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for c in orders for op in c.ops):
                    return Told("bounded", "refuses what is out of bounds")
                if any(isinstance(op, (ast.In, ast.NotIn)) for c in orders for op in c.ops):
                    return Told("typed", "refuses what lacks a field or is not among the known")
        for call in (n for n in ast.walk(scope.node) if isinstance(n, ast.Call)):
            if self.names.called(call).name.startswith(_VALIDATES):
                return Told("bounded", f"checked by {self.names.called(call).name}")
        return None

    # pages

    def _widgets(self, handler: Handler) -> Told | None:
        """Return how the widgets bound what a user can enter; None where there are none."""
        found: list[Checked] = []
        for call, point in self._widget_calls(handler):
            checked = checked_widget(self.names.called(call).name, call)
            del point
            if checked is not None:
                found.append(checked)
        if not found:
            return None
        bounded, raw = found.count("bounded"), found.count("raw")
        said = f"{bounded} of {len(found)} widgets bound what can be entered"
        if bounded * 2 > len(found) and not raw * 2 > len(found):
            return Told("bounded", said)
        return Told("raw" if raw * 2 > len(found) else "typed", said)

    def _widget_calls(self, handler: Handler) -> Iterator[tuple[ast.Call, Point]]:
        if handler.how == "page":
            for other in self.answering.handlers:
                if other.how == "page" and other.source is handler.source:
                    yield from ((s.node, s.point) for s in other.source.walked.sites if s.label == other.label)
        elif isinstance(handler.node, ast.Call) and handler.how == "callback":
            point = handler.scope.end
            yield from ((n, point) for n in ast.walk(handler.node) if isinstance(n, ast.Call))
            yield from (
                (s.node, s.point) for s in handler.source.walked.sites if s.node is not handler.node and s.label == ""
            )


def _parameters(scope: Scope) -> list[ast.arg]:
    arguments = getattr(scope.node, "args", None)
    if arguments is None:
        return []
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return every[1:] if scope.owner is not None and not results.is_static(scope) else every


def _default(scope: Scope, name: str) -> ast.expr | None:
    found = [b.expr for b in scope.bindings.get(name, []) if b.how == "parameter"]
    return found[0] if found else None


def _last(expr: ast.expr) -> str:
    return expr.attr if isinstance(expr, ast.Attribute) else expr.id if isinstance(expr, ast.Name) else ""


def _has_bounds(call: ast.Call) -> bool:
    if any(k.arg in _BOUNDS for k in call.keywords) or _last(call.func) in _BOUNDED_TYPES:
        return True
    return any(isinstance(a, ast.Call) and _has_bounds(a) for a in (*call.args, *(k.value for k in call.keywords)))


def _is_bounded(annotation: ast.expr) -> bool:
    for node in ast.walk(annotation):
        if isinstance(node, ast.Call) and _has_bounds(node):
            return True
        if isinstance(node, (ast.Name, ast.Attribute)) and _last(node) in _BOUNDED_TYPES:
            return True
    return False


def _is_dataclass(scope: Scope) -> bool:
    return any(
        _last(d.func if isinstance(d, ast.Call) else d) == "dataclass"
        for d in getattr(scope.node, "decorator_list", [])
    )


def _can_refuse(node: ast.AST) -> bool:
    """Whether a validator refuses anything, or brings it within bounds."""
    return any(
        isinstance(n, (ast.Raise, ast.Assert)) or (isinstance(n, ast.Call) and _last(n.func) in {"min", "max", "clip"})
        for n in ast.walk(node)
    )


def _refuses(node: ast.If) -> bool:
    """Whether a condition's body turns the caller away: an exception, an error status, or a message that ends it."""
    for statement in node.body:
        if isinstance(statement, ast.Raise):
            return True
        called = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(called, ast.Call) and _last(called.func) == "abort":
            return True
        if isinstance(statement, ast.Return) and statement.value is not None:
            codes = [n.value for n in ast.walk(statement.value) if isinstance(n, ast.Constant)]
            if any(isinstance(c, int) and not isinstance(c, bool) and 400 <= c < 500 for c in codes):
                return True
            if any(isinstance(c, str) and c.lower() in {"error", "detail"} for c in codes):
                return True
    return False
