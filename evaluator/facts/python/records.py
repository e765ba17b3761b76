"""How does what was found in a module become records, with every name resolved?"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator

from evaluator.facts.code import Argument, Call, Code, Definition, Import, Module, Text, Value
from evaluator.facts.python import members
from evaluator.facts.python.annotated import named_types
from evaluator.facts.python.asserts import asked_to_exist, is_literal
from evaluator.facts.python.finding import STDLIB
from evaluator.facts.python.modules import Modules, Source
from evaluator.facts.python.names import Names
from evaluator.facts.python.parsing import quietly
from evaluator.facts.python.scopes import Imported, Point, Scope, Site, Walked
from evaluator.facts.python.uses import Uses
from evaluator.facts.python.values import Known
from evaluator.model import Span

CALL_LIMIT = 60_000
"""Calls that are recorded, of all modules together; a record takes about 300 bytes in a file of facts."""
TEXT_LIMIT = 60_000
_NOT_WRITTEN_HERE = frozenset({"vendored", "generated"})


def record(modules: Modules) -> Code:
    """Return the records of every module, the project's own first where the limits on calls and texts cut off."""
    with quietly():
        return _record(modules)


def _record(modules: Modules) -> Code:
    recorder = _Recorder(modules)
    order = sorted(modules.sources.values(), key=lambda s: (s.part in _NOT_WRITTEN_HERE, s.part != "own", s.path))
    made = {source.path: recorder.module(source) for source in order}
    return Code(
        modules=tuple(made[path] for path in sorted(made)),
        skipped=tuple(modules.skipped),
        truncated=recorder.calls_left < 0 or recorder.texts_left < 0,
    )


class _Recorder:
    def __init__(self, modules: Modules) -> None:
        self.names: Names = modules.names
        self.tests = {s.path for s in modules.sources.values() if _is_test(self.names, s)}
        self.uses = Uses(modules, self.tests)
        self.sites = {path: _by_label(modules.sources[path].walked.sites) for path in sorted(self.tests)}
        idle = _idle(self.names, [modules.sources[path].walked for path in sorted(self.tests)])
        self.asserts = {
            scope: scope.asserts
            - idle.get(scope, 0)
            + sum(_asserts(self.names, site) for site in by_label.get(scope.label, ()))
            for path, by_label in self.sites.items()
            for scope in modules.sources[path].walked.definitions()
        }
        self.calls_left, self.texts_left = CALL_LIMIT, TEXT_LIMIT

    def module(self, source: Source) -> Module:
        """Return the record of one module."""
        walked = source.walked
        written = source.part not in _NOT_WRITTEN_HERE
        calls = tuple(self.call(source, site) for site in self._within(walked.sites, written)) if written else ()
        return Module(
            path=source.path,
            name=source.name,
            kind=source.kind,
            part=source.part,
            lines=walked.lines,
            top_statements=walked.top_statements,
            inner_statements=walked.module.statements,
            main_guard=walked.guard,
            works=_works(self.names, source),
            is_test=source.path in self.tests,
            imports=tuple(self.imported(source, made) for made in walked.imports),
            definitions=tuple(self.definition(source, scope) for scope in walked.definitions()),
            calls=calls,
            texts=tuple(self.texts(source)) if written else (),
            uses=tuple(self.uses.of(source)) if written else (),
            early=tuple(Span(path=source.path, start=line, end=line, cell=cell) for cell, line, _ in walked.early),
            broken=source.broken,
            error=source.error,
        )

    def _within(self, sites: list[Site], written: bool) -> list[Site]:
        chosen = sorted(sites, key=_position)[: max(0, self.calls_left)] if written else []
        self.calls_left -= len(sites) if written else 0
        return chosen

    def call(self, source: Source, site: Site) -> Call:
        """Return the record of one call."""
        named = self.names.called(site.node)
        return Call(
            name=named.name,
            at=_span(source, site.node, site.cell),
            others=named.others,
            local=named.target.id if named.target is not None else None,
            receiver=_receiver(source, site),
            scope=site.label,
            args=tuple(self.arguments(source, site)),
            binds=site.binds,
        )

    def arguments(self, source: Source, site: Site) -> Iterator[Argument]:
        """Yield the arguments of a call, in order."""
        for arg in site.node.args[:30]:
            star = isinstance(arg, ast.Starred)
            inner = arg.value if isinstance(arg, ast.Starred) else arg
            yield Argument(keyword="*" if star else None, value=self.value(source, inner, site))
        for keyword in site.node.keywords[:30]:
            yield Argument(keyword=keyword.arg or "**", value=self.value(source, keyword.value, site))

    def value(self, source: Source, expr: ast.expr, site: Site) -> Value:
        """Return an expression as far as reading shows it."""
        kind = type(expr)
        if kind is ast.Name or kind is ast.Attribute:
            return Value(kind="name", text=self.dotted(source, expr, site.point, site.cell))
        match expr:
            case ast.Constant(value=value):
                return Value(
                    kind="constant", text=_clean(repr(value[:200] if isinstance(value, (str, bytes)) else value))
                )
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return Value(kind="constant", text=repr(-value))
            case ast.Call():
                return Value(kind="call", text=self.names.called(expr).name)
        return Value(kind="other", text=_written(source, expr, site.cell, 200))

    def dotted(self, source: Source, expr: ast.expr, point: Point, cell: int | None) -> str:
        """Return the path of a module, class or function that ``expr`` names, else the expression as written."""
        for value in self.names.values(expr, point)[:1]:
            if (
                isinstance(value, Known)
                and not value.instance
                and not (value.bound and isinstance(expr, ast.Attribute))
            ):
                return value.path
        return _written(source, expr, cell, 200)

    def imported(self, source: Source, made: Imported) -> Import:
        """Return the record of one imported name."""
        finder = self.names.finder
        path = (finder.submodule(made, source.path) if made.name else None) or finder.file(made, source.path)
        owner = finder.owner(made, source.path) if path is None else None
        missing = path is None and owner is not None
        if path is not None and made.name not in {None, "*"}:
            missing = not self._offered(path, made, source)
        if path is not None and not made.level and any(other.level for other in source.walked.imports):
            missing = missing or finder.is_only_beside(made.module, source.path)
        top = made.module.partition(".")[0]
        exported = made.name == "*" or source.package or (made.alias and made.bound == made.name)
        return Import(
            name=".".join(part for part in (made.module, made.name if made.name != "*" else None) if part),
            at=_span(source, made.node, made.cell),
            scope=made.label,
            local=path if path is not None else owner,
            missing=missing,
            stdlib=path is None and not made.level and top in STDLIB,
            used=exported or made.bound in source.walked.reads,
            optional=made.optional,
        )

    def _offered(self, path: str, made: Imported, source: Source) -> bool:
        """Whether the file has what is imported from it, or is itself what is imported."""
        if self.names.finder.submodule(made, source.path) == path:
            return True
        target = self.names.modules.sources[path]
        scope = target.walked.module
        return (
            made.name in scope.bindings
            or bool(scope.walked.stars)
            or "__getattr__" in scope.bindings
            or target.error is not None
        )

    def definition(self, source: Source, scope: Scope) -> Definition:
        """Return the record of one function, method or class."""
        node = scope.node
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))  # noqa: S101 - for the type checker
        outside = scope.parent.end if scope.parent is not None else scope.end
        decorators = tuple(self.decorator(source, d, outside, scope.cell) for d in node.decorator_list)
        arguments = _parameters(scope)
        annotated, returns_annotated = named_types(scope, arguments)
        return Definition(
            qualname=scope.label,
            kind="class" if scope.kind == "class" else "method" if scope.owner is not None else "function",
            at=_span(source, node, scope.cell),
            public=_is_public(scope),
            parameters=len(arguments),
            annotated=annotated,
            returns_annotated=returns_annotated,
            docstring=scope.docstring,
            decorators=decorators,
            bases=tuple(_bases(self.names, scope)),
            statements=scope.statements,
            asserts=self.asserted(source, scope),
            collected=source.path in self.tests and _is_collected(self.names, source, scope),
        )

    def decorator(self, source: Source, expr: ast.expr, point: Point, cell: int | None) -> str:
        """Return the dotted name of a decorator, without its arguments."""
        if isinstance(expr, ast.Call):
            return self.names.called(expr).name
        for value in self.names.values(expr, point)[:1]:
            if isinstance(value, Known):
                return value.path
        return _written(source, expr, cell, 200)

    def asserted(self, source: Source, scope: Scope) -> int:
        """Return how many assertions of a test can fail: its own, else those of the test helpers that it calls."""
        if scope.kind != "function" or self._is_off(source, scope):
            return 0
        own = self.asserts.get(scope, 0)
        if own:
            return own
        sites = (site for site in self.sites.get(source.path, {}).get(scope.label, ()) if not site.swallowed)
        helpers = {self.names.called(site.node).target for site in sites} - {scope}
        return sum(self.asserts.get(helper, 0) for helper in helpers if helper is not None)

    def _is_off(self, source: Source, scope: Scope) -> bool:
        marks = [b.expr for b in source.walked.module.bindings.get("pytestmark", []) if b.expr is not None]
        exprs = [
            (e, source.walked.module.end)
            for m in marks
            for e in (m.elts if isinstance(m, (ast.List, ast.Tuple)) else [m])
        ]
        around: Scope | None = scope
        while around is not None:
            if (
                isinstance(around.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
                and around.parent is not None
            ):
                exprs += [(d, around.parent.end) for d in around.node.decorator_list]
            around = around.parent
        found = [self.decorator(source, expr, point, scope.cell) for expr, point in exprs]
        return any("test-off" in self.names.libraries.roles(name) for name in found)

    def texts(self, source: Source) -> Iterator[Text]:
        """Yield the strings that a module says."""
        for text, node, label, cell in sorted(source.walked.texts, key=_place):
            if text.strip() and self.texts_left > 0:
                yield Text(text=_clean(text[:300]), at=_span(source, node, cell), scope=label)
            self.texts_left -= bool(text.strip())


def _by_label(sites: list[Site]) -> dict[str, list[Site]]:
    found: dict[str, list[Site]] = {}
    for site in sites:
        found.setdefault(site.label, []).append(site)
    return found


def _position(site: Site) -> tuple[int, int, int, int, int]:
    node = site.node
    return (site.cell or 0, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)


def _place(text: tuple[str, ast.expr, str, int | None]) -> tuple[int, int, int, int]:
    _, node, _, cell = text
    return (cell or 0, node.lineno, node.col_offset, -(node.end_col_offset or 0))


def _span(source: Source, node: ast.AST, cell: int | None) -> Span:
    start = getattr(node, "lineno", 1)
    return Span(path=source.path, start=start, end=max(start, getattr(node, "end_lineno", None) or start), cell=cell)


def _clean(text: str) -> str:
    """Return ``text`` fit for UTF-8: lone surrogates, which a source may write as escapes, are replaced."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _written(source: Source, expr: ast.expr, cell: int | None, limit: int) -> str:
    """Return the source of ``expr`` on one line, at most ``limit`` characters."""
    lines = source.lines_of(cell)
    first, last = expr.lineno - 1, (expr.end_lineno or expr.lineno) - 1
    if first == last < len(lines) and lines[first].isascii():
        return " ".join(lines[first][expr.col_offset : expr.end_col_offset].split())[:limit]
    parts = []
    for number in range(first, min(last + 1, first + 5, len(lines))):
        line = lines[number].encode() if not lines[number].isascii() else lines[number]
        begin = expr.col_offset if number == first else 0
        end = expr.end_col_offset if number == last else None
        piece = line[begin:end]
        parts.append(piece.decode("utf-8", "replace") if isinstance(piece, bytes) else piece)
    return " ".join(" ".join(parts).split())[:limit]


def _receiver(source: Source, site: Site) -> str | None:
    func = site.node.func
    return _written(source, func.value, site.cell, 100) if isinstance(func, ast.Attribute) else None


def _parameters(scope: Scope) -> list[ast.arg]:
    node = scope.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return []
    rest = [a for a in (node.args.vararg, node.args.kwarg) if a is not None]
    positional = [*node.args.posonlyargs, *node.args.args]
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)
    return [*(positional[1:] if scope.owner is not None and not static else positional), *node.args.kwonlyargs, *rest]


def _is_public(scope: Scope) -> bool:
    """Whether no part of the name is private and it is not hidden within a function."""
    parts = scope.label.split(".")
    around: Scope | None = scope.parent
    while around is not None:
        if around.kind == "function":
            return False
        around = around.parent
    return not any(part.startswith("_") for part in parts)


def _bases(names: Names, scope: Scope) -> list[str]:
    if scope.kind != "class":
        return []
    line = members.bases(names, scope)
    return [base if isinstance(base, str) else base.name for base in line if base is not scope]


def _works(names: Names, source: Source) -> bool:
    roles = names.libraries.roles
    if any(not _is_set_up(names, node) for node in source.walked.works):
        return True
    return any("application" in roles(names.called(s.node).name) for s in source.walked.sites if not s.label)


def _is_set_up(names: Names, node: ast.Call) -> bool:
    return "set-up" in names.libraries.roles(names.called(node).name)


def _is_test(names: Names, source: Source) -> bool:
    """Whether pytest collects the module and it has tests, or it lies among tests."""
    if source.kind != "module" or source.part != "test":
        return False
    name = posixpath.basename(source.path)
    if name == "conftest.py" or not (name.startswith("test_") or name.endswith("_test.py") or name == "tests.py"):
        return True
    folders = source.path.lower().split("/")[:-1]
    return bool({"tests", "test", "testing"} & set(folders)) or any(
        _is_collected(names, source, scope) for scope in source.walked.definitions()
    )


def _is_collected(names: Names, source: Source, scope: Scope) -> bool:
    """Whether pytest's default rules collect a definition. Source: https://docs.pytest.org/en/stable/explanation/goodpractices.html"""
    file = posixpath.basename(source.path)
    if not (file.startswith("test_") or file.endswith("_test.py") or file == "tests.py"):
        return False
    if scope.kind == "class":
        unit = any(
            str(base).startswith(("unittest.", "django.test.", "absl.testing.", "tensorflow.test."))
            for base in _bases(names, scope)
        )
        return unit or (scope.label.startswith("Test") and "__init__" not in scope.bindings)
    name = scope.label.rpartition(".")[2]
    if not name.startswith("test") or scope.parent is None or scope.parent.kind == "function":
        return False
    return scope.owner is None or _is_collected(names, source, scope.owner)


def _idle(names: Names, tests: list[Walked]) -> dict[Scope, int]:
    """Return how many assertions of each scope, those within it included, ask only whether a definition is there."""
    found: dict[Scope, int] = {}
    for test, point in (asked for walked in tests for asked in walked.asserted):
        scope: Scope | None = point.scope if _is_there(names, test, point) else None
        while scope is not None:
            found[scope] = found.get(scope, 0) + 1
            scope = scope.parent
    return found


def _is_there(names: Names, test: ast.expr, point: Point) -> bool:
    """Whether ``test`` asks for no more than that a function, class or module of the project's is there: imported, it is."""
    asked = asked_to_exist(test)
    found = names.values(asked, point) if asked is not None else ()
    return bool(found) and all(isinstance(v, Known) and not v.instance and v.target is not None for v in found)


def _asserts(names: Names, site: Site) -> int:
    """Return 1 for a call of an assertion function that can fail, else 0."""
    named = names.called(site.node)
    if site.swallowed or named.target is not None or "assertion" not in names.libraries.roles(named.name):
        return 0
    args = [a for a in site.node.args if not isinstance(a, ast.Starred)]
    if named.name in {"pytest.raises", "pytest.fail", "pytest.warns"}:
        return 1
    if args and (all(is_literal(a) for a in args) or _is_there(names, args[0], site.point)):
        return 0
    same = len(args) >= 2 and isinstance(args[0], (ast.Name, ast.Attribute)) and ast.dump(args[0]) == ast.dump(args[1])
    return 0 if same and not named.name.endswith(("NotEqual", "IsNot", "Less", "Greater")) else 1
