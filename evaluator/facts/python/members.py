"""What does a module, class or instance have under a name: by import, star import, definition or inheritance?"""

from __future__ import annotations

import ast
import builtins
import posixpath
from typing import TYPE_CHECKING

from evaluator.facts.python import results
from evaluator.facts.python.scopes import Binding, Imported, Scope, Walked, visible
from evaluator.facts.python.values import LENGTH, Known, Row, Value, instance_of, merged

if TYPE_CHECKING:
    from evaluator.facts.python.names import Names

_BASES = 50
_NO_BASES = frozenset({"object", "typing.Generic", "abc.ABC"})
_BUILTINS = frozenset(dir(builtins))


def imported(names: Names, made: Imported, walked: Walked, depth: int) -> tuple[Value, ...]:
    """Return what an import binds: the project's own module or definition, or a library's path."""
    if made.name is None:
        wanted = made.module if made.alias else made.module.partition(".")[0]
        return (_own(names, wanted, walked.path) or Known(wanted),)
    path = names.finder.file(made, walked.path)
    if path is not None and path != walked.path:
        scope = names.finder.scope(path)
        return member(names, Known(scope.name, target=scope), made.name, depth)
    below = names.finder.submodule(made, walked.path)
    return (_module_at(names, below) if below else Known(f"{made.module}.{made.name}"),)


def starred(names: Names, name: str, walked: Walked, depth: int) -> tuple[Value, ...]:
    """Return what ``name`` is by a star import: of the project's own module, or of a library as a best guess."""
    if depth <= 0:
        return ()
    outside = []
    for made in reversed(walked.stars):
        path = names.finder.file(made, walked.path)
        if path is None:
            outside.append(f"{made.module}.{name}")
        elif path != walked.path and not name.startswith("_"):
            scope = names.finder.scope(path)
            found = (
                _of_module(names, Known(scope.name, target=scope), scope, name, depth - 2)
                if _offers(scope, name)
                else ()
            )
            if found:
                return found
    if name in _BUILTINS or not outside:
        return ()
    tables = names.libraries
    likely = [p for p in outside if tables.roles(p) or tables.returns(p) or tables.chance(p) or tables.seeds(p)]
    return (Known((likely or outside)[0]),)


def _offers(scope: Scope, name: str) -> bool:
    return name in scope.bindings or bool(scope.walked.stars)


def _own(names: Names, dotted: str, importer: str) -> Known | None:
    path = names.finder.find(dotted, importer)
    if path is not None:
        return _module_at(names, path)
    folder = names.finder.folder(dotted, importer)
    return Known(dotted, folder=folder) if folder is not None else None


def _module_at(names: Names, path: str) -> Known:
    scope = names.finder.scope(path)
    return Known(scope.name, target=scope)


def member(names: Names, value: Value, attr: str, depth: int) -> tuple[Value, ...]:
    """Return what ``value.attr`` may stand for."""
    if isinstance(value, Row):
        return (Known(f"{value.kind}.{attr}", bound=value),)
    if depth <= 0 or len(value.path) + len(attr) > LENGTH:
        return ()
    if value.folder is not None:
        return _below(names, value.path, value.folder, attr)
    if value.target is None or value.target.kind == "function":
        return (Known(f"{value.path}.{attr}", bound=value),)
    if value.target.kind == "module":
        return _of_module(names, value, value.target, attr, depth) or (Known(f"{value.path}.{attr}"),)
    return _of_class(names, value, value.target, attr, depth)


def _below(names: Names, dotted: str, folder: str, attr: str) -> tuple[Value, ...]:
    path = names.modules.at(folder, attr)
    if path is not None:
        return (_module_at(names, path),)
    below = posixpath.join(folder, attr)
    return (Known(f"{dotted}.{attr}", folder=below if names.modules.is_folder(below) else None),)


def _of_module(names: Names, value: Known, scope: Scope, attr: str, depth: int) -> tuple[Value, ...]:
    """Return a module's global, what it imports, or the module below it of that name."""
    found = visible(scope.bindings.get(attr, []), scope.end, inside=False)
    if found:
        return merged(names.value_of(b, depth - 1) for b in found) or (Known(f"{value.path}.{attr}"),)
    folder, _, name = scope.walked.path.rpartition("/")
    path = names.modules.at(folder, attr) if name == "__init__.py" else None
    if path is not None:
        return (_module_at(names, path),)
    return starred(names, attr, scope.walked, depth - 1) if scope.walked.stars else ()


def _of_class(names: Names, value: Known, scope: Scope, attr: str, depth: int) -> tuple[Value, ...]:
    """Return what the class, the nearest base that has it, or else the first library's base has under ``attr``."""
    line = bases(names, scope)
    for base in line[1:] if value.above else line:
        if isinstance(base, str):
            return (Known(f"{base}.{attr}", bound=value),)
        found = visible(base.bindings.get(attr, []), base.end, inside=False) or base.attributes.get(attr, [])[::-1][:4]
        if found:
            made = merged(_by_binding(names, b, value, depth) for b in found)
            return made or (Known(f"{base.name}.{attr}", bound=value),)
    return (Known(f"{scope.name}.{attr}", bound=value),)


def _by_binding(names: Names, binding: Binding, value: Known, depth: int) -> tuple[Value, ...]:
    made = binding.defined
    if made is None or made.kind != "function":
        return names.value_of(binding, depth - 1)
    method = Known(made.name, target=made, bound=value)
    if value.instance and results.is_property(made):
        return results.returned(names, method, depth - 1) or instance_of(f"{method.path}()")
    return (method,)


def bases(names: Names, scope: Scope) -> tuple[Scope | str, ...]:
    """Return the class and its bases: the project's own as scopes, nearest first, then others by dotted name."""
    if scope not in names.lines:
        found: dict[Scope | str, None] = {}
        todo: list[Scope | str] = [scope]
        while todo and len(found) < _BASES:
            base = todo.pop(0)
            if base not in found:
                found[base] = None
                todo = [*(_direct(names, base) if isinstance(base, Scope) else ()), *todo]
        names.lines[scope] = tuple(sorted(found, key=lambda base: isinstance(base, str)))
    return names.lines[scope]


def _direct(names: Names, scope: Scope) -> list[Scope | str]:
    """Return the bases that a class names itself."""
    found: list[Scope | str] = []
    outside = scope.parent.end if scope.parent else scope.end
    for expr in scope.node.bases if isinstance(scope.node, ast.ClassDef) else ():
        inner = expr.value if isinstance(expr, ast.Subscript) else expr
        for value in names.values(inner, outside):
            if isinstance(value, Known) and value.target is not None and value.target.kind == "class":
                found.append(value.target)
                break
            if isinstance(value, Known) and value.path not in _NO_BASES:
                found.append(value.path)
                break
    return found


def method(names: Names, scope: Scope, name: str) -> Scope | None:
    """Return the project's own method ``name`` of a class or of its bases, or None."""
    for base in bases(names, scope):
        if isinstance(base, Scope):
            for binding in reversed(base.bindings.get(name, [])):
                if binding.defined is not None:
                    return binding.defined
    return None
