"""Which folder does an expression name that is put on ``sys.path``?"""

from __future__ import annotations

import ast
import posixpath

from evaluator.facts.python.scopes import Point, Walked, visible

_SAME = frozenset({"abspath", "realpath", "normpath", "expanduser", "str", "Path", "PurePath", "fspath"})
_DEPTH = 12


def folder(walked: Walked, expr: ast.expr, point: Point) -> str | None:
    """Return the folder, POSIX and relative to the project's root (``""``), or None where it cannot be told.

    Understood: constants, ``__file__``, ``os.path`` and ``pathlib`` as they are used for this, and names bound to such. A
    relative constant counts from the file's own folder, where scripts and notebooks are commonly started.
    """
    path = _path(walked, expr, point, _DEPTH)
    if path is None:
        return None
    base = posixpath.dirname(walked.path)
    whole = posixpath.normpath(path[1:] if path.startswith("/") else posixpath.join(base, path))
    return None if whole.startswith("..") else "" if whole == "." else whole


def _path(walked: Walked, expr: ast.expr, point: Point, depth: int) -> str | None:
    """Return a path relative to the file's folder, or with a leading slash to the root; absolute host paths are None."""
    if depth == 0:
        return None
    match expr:
        case ast.Constant(value=str(text)):
            return None if text.startswith(("/", "~")) or ":" in text else text or "."
        case ast.Name(id="__file__"):
            return "/" + walked.path
        case ast.Name(id=name):
            found = visible(walked.module.bindings.get(name, []), point, inside=point.scope is walked.module)
            values = [b for b in found if b.how == "value" and b.expr is not None and not b.steps]
            return _path(walked, values[0].expr, values[0].point, depth - 1) if values and values[0].expr else None
        case ast.Call():
            return _call(walked, expr, point, depth)
        case ast.BinOp(left=left, op=ast.Div() | ast.Add(), right=right):
            return _joined(walked, [left, right], point, depth)
        case ast.Attribute(value=inner, attr="parent"):
            return _up(_path(walked, inner, point, depth - 1), 1)
        case ast.Subscript(value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int(count))) if (
            count >= 0
        ):
            return _up(_path(walked, inner, point, depth - 1), count + 1)
    return None


def _call(walked: Walked, call: ast.Call, point: Point, depth: int) -> str | None:
    name = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
    if name == "dirname" and call.args:
        return _up(_path(walked, call.args[0], point, depth - 1), 1)
    if name in _SAME and call.args:
        return _joined(walked, call.args, point, depth)
    if name == "join":
        return _joined(walked, call.args, point, depth)
    if name in {"resolve", "absolute", "as_posix"} and isinstance(call.func, ast.Attribute):
        return _path(walked, call.func.value, point, depth - 1)
    if name == "joinpath" and isinstance(call.func, ast.Attribute):
        return _joined(walked, [call.func.value, *call.args], point, depth)
    return "." if name in {"getcwd", "cwd"} else None


def _joined(walked: Walked, parts: list[ast.expr], point: Point, depth: int) -> str | None:
    made = [_path(walked, part, point, depth - 1) for part in parts]
    known = [part for part in made if part is not None]
    if len(known) != len(made) or not known:
        return None
    return posixpath.normpath(posixpath.join(known[0], *(part.lstrip("/") for part in known[1:])))


def _up(path: str | None, levels: int) -> str | None:
    if path is None:
        return None
    for _ in range(min(levels, 50)):
        path = (
            posixpath.normpath(posixpath.join(path, ".."))
            if not path.startswith("/")
            else posixpath.dirname(path) or "/"
        )
    return path
