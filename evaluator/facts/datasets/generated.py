"""Does the project make the rows itself that its training works on?"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from evaluator.facts.code import Call, Code, Module
from evaluator.facts.datasets import calls
from evaluator.facts.modelling.libraries import libraries
from evaluator.model import Span

_FRAME = "pandas.DataFrame"
_LISTS = ("os.", "glob.", "csv.")
_DRAWS = 2
"""Draws that a table of invented rows takes at the least: one for a feature, and one for the target or for noise."""


def generated(code: Code, reached: Callable[[Call], bool]) -> Iterator[tuple[str, Span]]:
    """Yield the file and the call where a table is made of drawn numbers and a training then works on it.

    The training stands in the same file, or in what a caller of the maker imports, and none of these reads other data; or
    what is made is written to a file that is read again.
    """
    modules = {m.path: m for m in calls.in_play(code)}
    makers = [(path, frame) for path, m in sorted(modules.items()) for frame in _frames(m) if reached(frame)]
    if not makers:
        return
    written = {name for m in modules.values() for name in _named(m, "write")}
    foreign = {path for path, m in modules.items() if _reads_others(m, written)}
    trains = {path for path, m in modules.items() if any("fit" in libraries().roles(c.name) for c in m.calls)}
    for path, frame in makers:
        users = [(path, frame.scope), *_callers(modules, path, frame.scope)]
        plain = [(p, scope) for p, scope in users if p not in foreign]
        kept = {n for p, scope in plain for n in _named(modules[p], "write", scope=scope) if calls.is_data_name(n)}
        again = any(kept & _read(m, besides=m.path == path) for m in modules.values())
        near = [_with_imports(p, modules) for p in dict.fromkeys(p for p, _ in users)]
        if again or any(n & trains and not n & foreign for n in near):
            yield path, frame.at


def _frames(module: Module) -> Iterator[Call]:
    """Yield the calls that make a table in a scope that has drawn numbers for it."""
    drawn: dict[str, list[tuple[int, int]]] = {}
    for call in module.calls:
        if "drawn" in calls.kinds_of(call.name) and not call.name.endswith((".linspace", ".arange")):
            drawn.setdefault(call.scope, []).append((call.at.cell or 0, call.at.start))
    for call in module.calls:
        end = (call.at.cell or 0, call.at.end)
        if call.name == _FRAME and sum(at <= end for at in drawn.get(call.scope, ())) >= _DRAWS:
            yield call


def _named(module: Module, kind: str, *, scope: str | None = None) -> Iterator[str]:
    """Yield the bare names of files that calls of ``kind`` name, within ``scope`` where one is given."""
    for call in module.calls:
        if kind in calls.kinds_of(call.name) and scope in {None, call.scope}:
            yield from (posixpath.basename(t) for t in calls.texts_in(call, module) if calls.has_data_ending(t))


def _read(module: Module, *, besides: bool) -> set[str]:
    """Return the bare names of files that a module reads; where a read names none, all that it names, unless ``besides``."""
    found = set(_named(module, "read"))
    if not besides and any(_is_nameless(call, module) for call in module.calls):
        found |= {posixpath.basename(t.text) for t in module.texts if calls.has_data_ending(t.text)}
    return found


def _reads_others(module: Module, written: set[str]) -> bool:
    """Whether a module reads data that nothing of the project writes, or of an unknown name."""
    return bool(set(_named(module, "read")) - written) or any(_is_nameless(c, module) for c in module.calls)


def _is_nameless(call: Call, module: Module) -> bool:
    if "read" not in calls.kinds_of(call.name) or call.name.startswith(_LISTS):
        return False
    return not any(calls.has_data_ending(t) or calls.is_address(t) for t in calls.texts_in(call, module))


def _callers(modules: dict[str, Module], path: str, scope: str) -> Iterator[tuple[str, str]]:
    """Yield file and scope of what calls the function ``scope`` of the file ``path``."""
    if scope not in {"", "__main__"}:
        for module in modules.values():
            yield from ((module.path, call.scope) for call in module.calls if call.local == f"{path}::{scope}")


def _with_imports(path: str, modules: dict[str, Module]) -> set[str]:
    """Return a file and those of the project that it imports, and these import in turn."""
    seen = {path}
    todo = [path]
    while todo:
        for item in modules[todo.pop()].imports:
            if item.local in modules and item.local not in seen:
                seen.add(item.local)
                todo.append(item.local)
    return seen
