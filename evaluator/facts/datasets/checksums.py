"""Is a checksum of what was read or fetched compared with one that is kept?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluator.facts.datasets.calls import kinds_of
from evaluator.facts.python.modules import Modules
from evaluator.facts.python.scopes import Site
from evaluator.facts.reach import Reach
from evaluator.model import Span

_DEPTH = 3
_LOOKED_AT = 300
"""Digests and calls that pass one on which are followed, in all: a project has a handful."""
_DIGESTS = frozenset({"hexdigest", "digest", "file_digest"})
_MAKERS = frozenset({"hashlib", "xxhash", "blake3", ""})
_SHOWS = frozenset({"print", "warn", "warning", "info", "debug", "log", "echo", "secho", "write", "display", "rule"})
_OPENS = frozenset({"open", "read", "read_bytes", "iter_content", "iter_bytes", "file_digest"})


class Checksums:
    """Follows each digest of a file to a comparison, through variables and the project's own functions."""

    def __init__(self, modules: Modules, reach: Reach) -> None:
        self.modules = modules
        self.names = modules.names
        self.reach = reach
        self.left = _LOOKED_AT

    def found(self) -> Iterator[Span]:
        """Yield where a digest of a file's content is compared with something, in code that something runs."""
        for source in self.modules.sources.values():
            if source.part in {"own", "example"}:
                for site in source.walked.sites:
                    if self._is_digest(site.node):
                        yield from self._compared(site, _DEPTH, opens=False)

    def _is_digest(self, call: ast.Call) -> bool:
        named = self.names.called(call).name
        made = call.func.value if isinstance(call.func, ast.Attribute) else None
        of_text = isinstance(made, ast.Call) and bool(made.args) and _is_text(made.args[0])
        return named.rpartition(".")[2] in _DIGESTS and named.partition(".")[0] in _MAKERS and not of_text

    def _compared(self, site: Site, depth: int, *, opens: bool) -> Iterator[Span]:
        """Yield the comparisons that the result of ``site`` comes to. ``opens``: it is made from a file for certain."""
        self.left -= 1
        if self.left < 0:
            return
        scope = site.point.scope
        path = scope.walked.path
        inner = list(self._around(site))
        held = _held(site.node, inner)
        opens = opens or any(isinstance(n, ast.Call) and self._opens(n) for n in inner)
        if opens and self.reach.has(path, site.label):
            decisive = _decisive(inner)
            for node in inner:
                if not isinstance(node, ast.Compare) or id(node) not in decisive or not _tells(node, site.node, held):
                    continue
                if not self._is_of_the_same(node, site.node, inner):
                    yield Span(path=path, start=node.lineno, end=node.end_lineno or node.lineno, cell=site.cell)
        if depth and scope.kind == "function" and _returns(inner, site.node, held):
            for caller, _ in self.names.callers.get(scope, ()):
                yield from self._compared(caller, depth - 1, opens=opens)

    def _is_of_the_same(self, compared: ast.Compare, made: ast.Call, inner: list[ast.AST]) -> bool:
        """Whether both sides are digests of one content, so that they are always equal."""
        content = _content(made)
        if content is None:
            return False
        asked = [node for side in (compared.left, *compared.comparators) for node in ast.walk(side)]
        names = {node.id for node in asked if isinstance(node, ast.Name)}
        for node in inner:
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id in names for t in node.targets):
                asked += ast.walk(node.value)
        others = (n for n in asked if isinstance(n, ast.Call) and n is not made and self._is_digest(n))
        return any(_content(other) == content for other in others)

    def _around(self, site: Site) -> Iterator[ast.AST]:
        """Yield the nodes of the function, module or cell that ``site`` stands in."""
        scope = site.point.scope
        if scope.kind == "function":
            yield from ast.walk(scope.node)
            return
        source = self.modules.sources[scope.walked.path]
        for unit in source.units:
            if unit.cell == site.cell:
                yield from ast.walk(unit.tree)

    def _opens(self, call: ast.Call) -> bool:
        name = self.names.called(call).name
        return name.rpartition(".")[2] in _OPENS or bool(kinds_of(name) & {"read", "fetched", "asked", "built_in"})


def _content(made: ast.Call) -> str | None:
    """Return what a digest is of, as ``dump`` has it, where it is made in one expression."""
    hasher = made.func.value if isinstance(made.func, ast.Attribute) else None
    given = hasher.args if isinstance(hasher, ast.Call) else []
    return ast.dump(given[0]) if given else None


def _is_text(node: ast.expr) -> bool:
    """Whether ``node`` is a literal or an encoded string, as passwords are, and no content of a file."""
    encoded = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "encode"
    return encoded or isinstance(node, ast.Constant)


def _held(made: ast.AST, inner: list[ast.AST]) -> frozenset[str]:
    """Return the variables that what ``made`` gives is assigned to."""
    found: set[str] = set()
    for node in inner:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value and _within(made, node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(found)


def _decisive(inner: list[ast.AST]) -> frozenset[int]:
    """Return the nodes on which something hangs: in a test or a returned value, or held in a variable that is in one.

    Nothing hangs on a test that decides only what is shown.
    """
    tests = [n.test for n in inner if isinstance(n, ast.While | ast.IfExp | ast.Assert)]
    tests += [n.test for n in inner if isinstance(n, ast.If) and not all(map(_only_shows, (*n.body, *n.orelse)))]
    tests += [n.value for n in inner if isinstance(n, ast.Return) and n.value is not None]
    asked = [node for test in tests for node in ast.walk(test)]
    names = {node.id for node in asked if isinstance(node, ast.Name)}
    found = {id(node) for node in asked}
    for node in inner:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id in names for t in node.targets):
            found |= {id(part) for part in ast.walk(node.value)}
    return frozenset(found)


def _only_shows(statement: ast.stmt) -> bool:
    """Whether a statement does nothing but say something."""
    if isinstance(statement, ast.Pass):
        return True
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Constant):
        return True
    func = call.func if isinstance(call, ast.Call) else None
    last = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    return last in _SHOWS


def _tells(node: ast.Compare, made: ast.AST, held: frozenset[str]) -> bool:
    """Whether ``node`` asks whether the digest equals something else."""
    if not isinstance(node.ops[0], ast.Eq | ast.NotEq):
        return False
    return sum(_is_ours(side, made, held) for side in (node.left, *node.comparators)) == 1


def _returns(inner: list[ast.AST], made: ast.AST, held: frozenset[str]) -> bool:
    return any(
        isinstance(node, ast.Return) and node.value is not None and _is_ours(node.value, made, held) for node in inner
    )


def _is_ours(node: ast.expr, made: ast.AST, held: frozenset[str]) -> bool:
    return (isinstance(node, ast.Name) and node.id in held) or _within(made, node)


def _within(inner: ast.AST, outer: ast.expr) -> bool:
    """Whether ``inner`` is ``outer`` or a part of it."""
    return any(node is inner for node in ast.walk(outer))
