"""Which model does a call take up again: what did the project put into the file that it reads?"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from evaluator.facts.python.names import Names
from evaluator.facts.python.scopes import Binding, Point, Site

if TYPE_CHECKING:
    from evaluator.facts.modelling.places import Places

_DEPTH = 6
_SUFFIX = 12
"""Characters of the longest suffix by which a text is taken for the name of a file."""


class Restoring:
    """Answers for one project."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.names: Names = places.names

    def saved(self, call: ast.Call, point: Point) -> list[tuple[ast.expr, Point]]:
        """Return what was saved under the file that ``call`` reads; the only thing saved where no name tells it apart."""
        if "restore" not in self.places.roles(self.names.called(call).name) or not self._saves:
            return []
        wanted = {name for given in _given(call) for name in self._files(given, point, _DEPTH)}
        fitting = [(what, at) for what, at, files in self._saves if files & wanted]
        untold = not wanted or not all(files for _, _, files in self._saves)
        return fitting or ([self._saves[0][:2]] if len(self._saves) == 1 and untold else [])

    @cached_property
    def _saves(self) -> list[tuple[ast.expr, Point, frozenset[str]]]:
        """What is saved by what runs, with the names of the files it goes to."""
        found = []
        for source, site, named in self.places.calls:
            if "save" in self.places.roles(named.name) and self.places.reach.has(source.path, site.label):
                what = _saved_by(site)
                files = {f for given in _given(site.node) for f in self._files(given, site.point, _DEPTH)}
                found += [(what, site.point, frozenset(files))] if what is not None else []
        return found

    def _files(self, expr: ast.expr, point: Point, depth: int) -> Iterator[str]:
        """Yield the names of files that a path, or an opened file, may be made of."""
        if depth <= 0:
            return
        for node in ast.walk(expr):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                name = posixpath.basename(node.value.replace("\\", "/"))
                suffix = posixpath.splitext(name)[1]
                yield from [name] if 1 < len(suffix) <= _SUFFIX else []
            elif isinstance(node, ast.Name):
                for binding in self.names.bindings(node.id, point):
                    for inner, at in self._value(binding):
                        yield from self._files(inner, at, depth - 1)

    def _value(self, binding: Binding, depth: int = 3) -> Iterator[tuple[ast.expr, Point]]:
        if binding.how in {"value", "parameter"} and binding.expr is not None and not binding.steps:
            yield binding.expr, binding.point
        made = binding.imported
        path = self.names.finder.file(made, binding.point.scope.walked.path) if made and made.name and depth else None
        for other in self.names.finder.scope(path).bindings.get(made.name or "", ()) if path and made else ():
            yield from self._value(other, depth - 1)


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(k.value for k in call.keywords)]


def _saved_by(site: Site) -> ast.expr | None:
    """Return what a call saves: the first argument of a function, the object of a method."""
    call = site.node
    last = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if last in {"dump", "dumps"} or not isinstance(call.func, ast.Attribute):
        return call.args[0] if call.args else None
    is_path = bool(call.args) and isinstance(call.args[0], (ast.Constant, ast.JoinedStr))
    return call.func.value if is_path or len(call.args) < 2 else call.args[0]
