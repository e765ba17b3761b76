"""Which text does an expression make, where everything that it is made of is written out?

Followed are constants through names, imports and parameters, ``+``, ``%``, ``/`` between paths, f-strings, ``join``,
``format``, and what decodes Base64 or hexadecimals. Nothing is executed.
"""

from __future__ import annotations

import ast
import base64
import binascii
import posixpath
import re
from collections.abc import Callable
from typing import TypeAlias

from evaluator.facts.python.names import Names
from evaluator.facts.python.results import argument
from evaluator.facts.python.scopes import Binding, Point, Scope

UNKNOWN = "{}"
"""What stands for a part that only a run knows, as for the fields of f-strings in ``Walked.texts``."""
LENGTH = 4_000
"""Characters of a text; what would be longer is not made."""
_DEPTH = 12
_PARTS = 40
_CALLERS = 5
_BUDGET = 20_000
"""Expressions that are looked at for one project."""
_FIELD = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[sdifrx]|\{\w*\}")
_JOINS = frozenset({"os.path.join", "posixpath.join", "ntpath.join"})
_PATHS = ("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath")
_SAME = frozenset(
    {"str", "os.fspath", "os.path.normpath", "os.path.abspath", "os.path.expanduser", "os.path.realpath", "repr"}
)
_DECODES: dict[str, Callable[[str], bytes]] = {
    "base64.b64decode": base64.b64decode,
    "base64.standard_b64decode": base64.b64decode,
    "base64.urlsafe_b64decode": base64.urlsafe_b64decode,
    "binascii.a2b_base64": base64.b64decode,
    "base64.b32decode": base64.b32decode,
    "base64.b16decode": base64.b16decode,
    "bytes.fromhex": bytes.fromhex,
    "bytearray.fromhex": bytes.fromhex,
    "binascii.unhexlify": bytes.fromhex,
}
Found: TypeAlias = str | None


class Literals:
    """Answers for one project."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._left = _BUDGET

    def text(self, expr: ast.expr, point: Point, depth: int = _DEPTH) -> Found:
        """Return the text that ``expr``, read at ``point``, makes; None where nothing of it is known.

        Unknown parts of a known whole are ``UNKNOWN``. Bytes are text in Latin-1.
        """
        self._left -= 1
        if depth <= 0 or self._left < 0:
            return None
        made = self._text(expr, point, depth - 1)
        return made if made is None or len(made) <= LENGTH else None

    def _text(self, expr: ast.expr, point: Point, depth: int) -> Found:
        match expr:
            case ast.Constant(value=value):
                return _written(value)
            case ast.JoinedStr(values=parts):
                return self._joined("", parts, point, depth)
            case ast.FormattedValue(value=inner):
                return self.text(inner, point, depth)
            case ast.BinOp():
                return self._glued(expr, point, depth)
            case ast.Subscript(value=inner, slice=ast.Slice(lower=None, upper=None, step=ast.UnaryOp())):
                made = self.text(inner, point, depth)
                return made[::-1] if made is not None else None
            case ast.Call():
                return self._called(expr, point, depth)
            case ast.Name(id=name):
                return self._named(name, point, depth)
            case ast.Attribute(value=ast.Name(id=owner), attr=attr):
                return self._member(owner, attr, point, depth)
        return None

    def _glued(self, expr: ast.BinOp, point: Point, depth: int) -> Found:
        parts = _chain(expr)
        if isinstance(expr.op, ast.Add):
            return self._joined("", parts, point, depth)
        if isinstance(expr.op, ast.Div):
            return self._path(parts, point, depth)
        if isinstance(expr.op, ast.Mod):
            given = expr.right.elts if isinstance(expr.right, ast.Tuple) else [expr.right]
            return self._filled(expr.left, list(given), point, depth)
        return None

    def _joined(self, between: str, parts: list[ast.expr], point: Point, depth: int) -> Found:
        made = [self.text(part, point, depth) for part in parts[:_PARTS]]
        if not any(text is not None for text in made):
            return None
        return between.join(UNKNOWN if text is None else text for text in made)

    def _path(self, parts: list[ast.expr], point: Point, depth: int) -> Found:
        """Join the parts of a path; a part that is itself absolute begins it anew, as for every join."""
        made = [self.text(part, point, depth) for part in parts[:_PARTS]]
        if not made or made[0] is None:
            return None
        known = [UNKNOWN if text is None else text for text in made]
        return posixpath.join(*known)

    def _filled(self, template: ast.expr, given: list[ast.expr], point: Point, depth: int) -> Found:
        whole = self.text(template, point, depth)
        if whole is None:
            return None
        parts = iter([self.text(value, point, depth) for value in given[:_PARTS]])
        return _FIELD.sub(lambda _: next(parts, None) or UNKNOWN, whole)

    def _called(self, call: ast.Call, point: Point, depth: int) -> Found:
        name = self.names.called(call).name
        args = [arg for arg in call.args if not isinstance(arg, ast.Starred)]
        if name in _JOINS or name in _PATHS:
            return self._path(args, point, depth)
        if name in _SAME and args:
            return self.text(args[0], point, depth)
        if name in _DECODES and args:
            return _decoded(_DECODES[name], self.text(args[0], point, depth))
        if not isinstance(call.func, ast.Attribute):
            return None
        match call.func.attr:
            case "join" if args and isinstance(args[0], ast.List | ast.Tuple):
                between = self.text(call.func.value, point, depth)
                return self._joined(between, args[0].elts, point, depth) if between is not None else None
            case "joinpath":
                return self._path([call.func.value, *args], point, depth)
            case "format":
                return self._filled(call.func.value, args, point, depth)
            case "decode" | "encode" | "strip" | "expanduser" | "resolve" | "absolute" | "as_posix":
                return self.text(call.func.value, point, depth)
        return None

    def _named(self, name: str, point: Point, depth: int) -> Found:
        found = self.names.bindings(name, point)
        return self._bound(found[0], depth) if len(found) == 1 else None

    def _member(self, owner: str, attr: str, point: Point, depth: int) -> Found:
        """Return what a module of the project's own holds under ``attr``, for ``settings.RAW``."""
        for binding in self.names.bindings(owner, point)[:1]:
            for value in self.names.value_of(binding)[:1]:
                target = getattr(value, "target", None)
                if isinstance(target, Scope) and target.kind in {"module", "class"}:
                    return self._last(target, attr, depth)
        return None

    def _last(self, scope: Scope, name: str, depth: int) -> Found:
        bound = scope.bindings.get(name, [])
        return self._bound(bound[0], depth) if len(bound) == 1 else None

    def _bound(self, binding: Binding, depth: int) -> Found:
        if binding.steps:
            return None
        if binding.how == "value" and binding.expr is not None:
            return self.text(binding.expr, binding.point, depth)
        if binding.how == "import" and binding.imported is not None and binding.imported.name is not None:
            path = self.names.finder.file(binding.imported, binding.point.scope.walked.path)
            return self._last(self.names.finder.scope(path), binding.imported.name, depth) if path else None
        if binding.how == "parameter":
            return self._passed(binding, depth)
        return None

    def _passed(self, binding: Binding, depth: int) -> Found:
        """Return what a parameter is by default, else what the first caller passes whose text is known."""
        scope = binding.point.scope
        if binding.expr is not None:
            made = self.text(binding.expr, scope.parent.end if scope.parent is not None else scope.end, depth)
            if made is not None:
                return made
        for site, method in self.names.callers.get(scope, [])[:_CALLERS]:
            passed = argument(site.node, binding.name, binding.index - 1 if method else binding.index)
            made = self.text(passed, site.point, depth) if passed is not None else None
            if made is not None:
                return made
        return None


def _written(value: object) -> Found:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return str(value) if isinstance(value, int | float) else None


def _chain(expr: ast.BinOp) -> list[ast.expr]:
    """Return what one operator puts together, from left to right: three parts for ``a + b + c``."""
    parts: list[ast.expr] = []
    left: ast.expr = expr
    while isinstance(left, ast.BinOp) and type(left.op) is type(expr.op):
        parts.append(left.right)
        left = left.left
    return [left, *reversed(parts)]


def _decoded(decode: Callable[[str], bytes], text: Found) -> Found:
    try:
        return decode(text).decode("latin-1") if text is not None else None
    except (ValueError, binascii.Error):
        return None
