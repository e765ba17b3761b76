"""Which strings of a Python module serve as paths, and which are routes, messages, patterns or parts of other strings?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.facts.datasets.calls import kinds_of
from evaluator.facts.local_paths.kinds import Kind, kind_of, steps, worst
from evaluator.facts.local_paths.typed import words
from evaluator.facts.modelling.libraries import Patterns
from evaluator.facts.python.literals import Literals
from evaluator.facts.python.modules import Modules, Source
from evaluator.facts.python.scopes import Point
from evaluator.model import Span

_PUTS_TOGETHER = frozenset({"join", "joinpath", "format"})
_TYPED = re.compile(r"[\s=\"'](?:/|[A-Za-z]:[\\/])")
"""A word within a line that begins as an absolute path."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A path that code names, and whose it is."""

    path: str
    kind: Kind
    at: Span


class Strings:
    """Asks of every string of a project whether it is a path, and what is done with it.

    ``images``: the project builds images, so that a folder at the root may be one of theirs.
    """

    def __init__(self, modules: Modules, *, images: bool) -> None:
        self.names = modules.names
        self.literals = Literals(modules.names)
        self.images = images
        self.opening = Patterns((name, True) for name in steps().opening)
        self.commands = Patterns((name, True) for name in steps().commands)

    def of(self, source: Source) -> Iterator[Named]:
        """Yield what the strings of ``source`` name. Trees are walked only where a string looks like a path."""
        looked = [(text, node, cell) for text, node, _, cell in source.walked.texts if self._may_name(text)]
        looked += [made for made in self._made(source) if kind_of(made[0]) in {"machine", "hosted"}]
        if not looked:
            return
        parents = source.nesting.parents
        for text, node, cell in looked:
            found = self._meant(text, node, parents)
            if found is not None:
                start = node.lineno
                at = Span(path=source.path, start=start, end=max(start, node.end_lineno or start), cell=cell)
                yield Named(path=found[0][:200], kind=found[1], at=at)

    def _made(self, source: Source) -> Iterator[tuple[str, ast.expr, int | None]]:
        """Yield the strings that are put together from parts which are all written out."""
        walked = source.walked
        parts: list[tuple[ast.expr, Point, int | None]] = list(walked.glued)
        for site in walked.sites:
            func = site.node.func
            named = isinstance(func, ast.Attribute) and func.attr in _PUTS_TOGETHER
            inner = [a for a in site.node.args[:3] if isinstance(a, ast.JoinedStr)]
            parts += [(node, site.point, site.cell) for node in ([site.node] if named else [])]
            parts += [(node, site.point, site.cell) for node in inner]
        for bindings in walked.module.bindings.values():
            for bound in bindings[:1]:
                if isinstance(bound.expr, ast.JoinedStr):
                    parts.append((bound.expr, bound.point, bound.cell))
        for node, point, cell in parts:
            text = self.literals.text(node, point)
            if text is not None:
                yield text, node, cell

    def _may_name(self, text: str) -> bool:
        """Whether it is worth looking at what is done with ``text``: a path, or a line that may hold one."""
        if text == "/" or kind_of(text) in {"machine", "hosted", "unknown"}:
            return True
        return len(text) < 2_000 and _TYPED.search(text) is not None and worst(words(text)) is not None

    def _meant(self, text: str, node: ast.AST, parents: dict[int, ast.AST]) -> tuple[str, Kind] | None:
        """Return the path that ``text`` names by what is done with it, or None."""
        call, place = None, node
        while (above := parents.get(id(place))) is not None:
            if not _stays_a_path(above, place):
                return None
            if isinstance(above, ast.Call):
                call = above
                break
            if isinstance(above, ast.stmt):
                break
            place = above
        name = self.names.called(call).name if call is not None else ""
        if call is not None and self.commands.matches(name):
            return worst(words(text))
        if call is not None and _is_shown(call, place, name):
            return None
        kind = kind_of(text)
        joined = kind == "unknown" or text == "/"
        if joined and call is not None and self._opens(name) and place in call.args[:1]:
            text = "/".join([text.rstrip("/\\"), *_constants(call)])
            kind = kind_of(text)
        if kind == "unknown":
            used = call is not None and place in call.args[:1] and self._opens(name)
            kind = "machine" if used and not self.images else None
        return (text, kind) if kind in {"machine", "hosted"} else None

    def _opens(self, name: str) -> bool:
        return bool(self.opening.matches(name) or kinds_of(name) & {"read", "write"})


def _constants(call: ast.Call) -> Iterator[str]:
    """Yield the texts that follow a call's first argument, as far as they are written out: parts of one path."""
    for argument in call.args[1:]:
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            return
        yield argument.value


def _stays_a_path(above: ast.AST, place: ast.AST) -> bool:
    """Whether a string at ``place`` can still be a path as a whole in ``above``."""
    match above:
        case ast.BinOp(op=ast.Add(), right=right):
            return right is not place
        case ast.Compare() | ast.Raise() | ast.Assert():
            return False
        case ast.Dict(keys=keys):
            return not any(key is place for key in keys)
        case ast.Subscript(slice=index):
            return index is not place
        case ast.keyword(arg=name):
            return name not in steps().texts
        case ast.Expr():
            return not isinstance(place, ast.Constant | ast.JoinedStr)
    return True


def _is_shown(call: ast.Call, place: ast.AST, name: str) -> bool:
    """Whether ``call`` shows, compares or routes what stands at ``place`` among its arguments."""
    if place is call.func:
        return False
    last = name.rpartition(".")[2]
    if last in steps().routes:
        return bool(call.args) and call.args[0] is place and not name.startswith(("os.environ", "os.get"))
    raised = last.endswith(("Error", "Exception", "Warning"))
    return raised or name.startswith(("re.", "regex.")) or last in steps().shown
