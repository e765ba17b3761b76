"""What stands in a module? One pass over its syntax trees, in the order of execution, that notes everything once."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, TypeAlias

from evaluator.facts.python.annotated import says_something
from evaluator.facts.python.asserts import can_fail, is_descent, only_names, suppresses, swallows
from evaluator.facts.python.expressions import Expressions, arguments
from evaluator.facts.python.scopes import GUARD, Binding, Descent, How, Imported, Mentions, Scope, Walked
from evaluator.facts.python.statements import (
    catches_import,
    ends,
    is_constant,
    is_guard,
    last,
    switches_of,
    written,
)

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_UNCOUNTED: frozenset[type[ast.AST]] = frozenset(
    (
        ast.Import,
        ast.ImportFrom,
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.ClassDef,
        ast.Pass,
        ast.Global,
        ast.Nonlocal,
    )
)
_NOTHING = nullcontext()


def walk(path: str, name: str, units: Sequence[tuple[ast.Module, int | None]], *, package: bool = False) -> Walked:
    """Return what stands in the module at ``path``: its trees, in order, each with its cell's number or None.

    Raises:
        RecursionError: Definitions are nested more deeply than Python would run them.
    """
    return _Walker(path, name, package=package).run(units)


class _Walker(Expressions):
    def run(self, units: Sequence[tuple[ast.Module, int | None]]) -> Walked:
        if units and units[0][1] is None:  # cells are run again with other values: their outputs tell what ran
            self.switches = switches_of(units[0][0])
        for tree, cell in units:
            self.cell = cell
            self.body(tree.body, docstring=cell is None)
        early = self.out.early
        bound = self.scope.bindings
        self.out.early = [e for e in early if e[2] in bound and (bound[e[2]][0].cell or 0) > e[0]]
        return self.out

    def body(self, statements: Sequence[ast.stmt], *, docstring: bool = False) -> None:
        """Walk ``statements``; what stands after one that ends the block never runs."""
        for position, statement in enumerate(statements):
            self.out.nodes += 1
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                if docstring and position == 0 and isinstance(statement.value.value, str):
                    self.scope.docstring = says_something(statement.value.value, self.scope.label)
                continue
            self.count(statement)
            _STATEMENTS.get(type(statement), _Walker.other)(self, statement)
            if ends(statement):
                self.out.off.update(id(s) for s in statements[position + 1 :])
                return
            if isinstance(statement, ast.If) and self.leaves(statement):
                rest = statements[position + 1 :]
                with self.off(*rest):
                    self.body(rest)
                return

    def leaves(self, statement: ast.If) -> bool:
        """Whether a condition that is always true leads out of the block."""
        return ends(statement.body[-1]) and self.known(statement.test) is True

    def count(self, statement: ast.stmt) -> None:
        inner = getattr(statement, "body", None)
        last = inner[0].lineno - 1 if inner and not isinstance(inner, ast.expr) else statement.end_lineno or 0
        self.out.lines += max(1, last - statement.lineno + 1)
        if type(statement) in _UNCOUNTED or self.label == GUARD or is_guard(statement):
            return
        if self.scope.kind == "function":
            self.scope.statements += 1
        elif self.scope.kind == "module" and not is_constant(statement):
            self.out.top_statements += 1

    def other(self, statement: ast.stmt) -> None:
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.expr):
                self.expression(child)

    def expr(self, statement: ast.Expr) -> None:
        value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
        if isinstance(value, ast.Call) and self.scope.kind == "module" and not self.label:
            self.out.works.append(value)
        self.expression(statement.value)

    def assign(self, statement: ast.Assign) -> None:
        names = tuple(n for target in statement.targets for n in written(target))
        globals_ = [n for n in names if "." not in n] if self.scope.kind == "module" else ()
        used = names != ("_",) or not only_names(statement.value)  # to put things into `_` is no use of them
        with self.variable(globals_, used=used) if globals_ else _NOTHING:
            self.expression(statement.value, binds=names)
            for target in statement.targets:
                self.bind(target, statement.value)
        if names == ("__all__",):
            self.out.reads |= {
                c.value for c in ast.walk(statement.value) if isinstance(c, ast.Constant) and isinstance(c.value, str)
            }
        self.descent(statement)

    @contextmanager
    def variable(self, names: Sequence[str], *, used: bool = True) -> Iterator[None]:
        """Note what a global variable is made of as its own, too; only as its own where making it is no use of that."""
        outer, self.mentions = self.mentions, Mentions()
        yield
        outer.update(self.mentions if used else Mentions())
        for name in names:
            self.out.variables.setdefault(name, Mentions()).update(self.mentions)
        self.mentions = outer

    def ann_assign(self, statement: ast.AnnAssign) -> None:
        self.annotation(statement.annotation)
        if statement.value is not None:
            self.expression(statement.value, binds=tuple(written(statement.target)))
        how: How = "value" if statement.value is not None else "annotation"
        self.bind(statement.target, statement.value, how=how, annotation=statement.annotation)

    def aug_assign(self, statement: ast.AugAssign) -> None:
        self.expression(statement.value)
        self.expression(statement.target)
        self.out.altered.update(written(statement.target))
        self.descent(statement)

    def descent(self, statement: ast.Assign | ast.AugAssign) -> None:
        if is_descent(statement):
            self.out.descents.append(Descent(statement, self.point, self.label, self.cell, self.loops))

    def for_(self, statement: ast.For | ast.AsyncFor) -> None:
        self.expression(statement.iter)
        with self.loop(statement):
            self.bind(statement.target, statement.iter, how="element")
            self.body(statement.body)
        self.body(statement.orelse)

    def while_(self, statement: ast.While) -> None:
        self.expression(statement.test)
        never = self.known(statement.test) is False
        with self.loop(statement), self.off(*statement.body) if never else _NOTHING:
            self.body(statement.body)
        self.body(statement.orelse)

    @contextmanager
    def loop(self, statement: ast.stmt) -> Iterator[None]:
        number = self.next()
        self.out.loops[number] = statement
        before, self.loops = self.loops, (*self.loops, number)
        with self.arm(number, 0):
            yield
        self.loops = before

    def if_(self, statement: ast.If) -> None:
        """Walk a whole if/elif chain as arms of one statement."""
        number, arm = self.next(), 0
        rest: list[ast.stmt] = [statement]
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            link = rest[0]
            if arm:
                self.count(link)
            self.expression(link.test)
            known = self.known(link.test)
            if known is not False:
                with self.arm(number, arm), self.under(link):
                    self.body(link.body)
            elif isinstance(link.test, ast.Constant):
                self.out.off.update(map(id, link.body))
            else:
                self.switched(link, number, arm)
            if known is True and isinstance(link.test, ast.Constant):
                self.out.off.update(map(id, link.orelse))
                return
            rest, arm = link.orelse, arm + 1
        if rest:
            with self.arm(number, arm):
                self.body(rest)

    def switched(self, link: ast.If, number: int, arm: int) -> None:
        """Walk what a constant switches off. Where there is another way beside it, a reader chooses, and both count."""
        with self.arm(number, arm), _NOTHING if link.orelse else self.off(*link.body):
            self.body(link.body)

    @contextmanager
    def under(self, statement: ast.If) -> Iterator[None]:
        """Apply what a condition says of its body: the main guard, or imports for type checkers only."""
        label, mentions, optional = self.label, self.mentions, self.optional
        if self.scope.kind == "module" and is_guard(statement):
            self.out.guard = True
            self.out.top_statements += 1
            self.label = GUARD
            self.mentions = self.out.mentions.setdefault(GUARD, Mentions())
        elif last(statement.test) == "TYPE_CHECKING":
            self.optional = True
        yield
        self.label, self.mentions, self.optional = label, mentions, optional

    def try_(self, statement: ast.Try) -> None:
        optional, swallowed = self.optional, self.swallowed
        self.optional = optional or any(catches_import(h) for h in statement.handlers)
        self.swallowed = swallowed or swallows(statement.handlers)
        self.body(statement.body)
        self.swallowed = swallowed
        number = self.next()
        for position, handler in enumerate(statement.handlers):
            if handler.type is not None:
                self.expression(handler.type)
            with self.arm(number, position):
                if handler.name:
                    self.note(Binding(handler.name, "annotation", self.point, handler, annotation=handler.type))
                self.body(handler.body)
        self.optional = optional
        self.body(statement.orelse)
        self.body(statement.finalbody)

    def with_(self, statement: ast.With | ast.AsyncWith) -> None:
        swallowed = self.swallowed
        for item in statement.items:
            self.expression(item.context_expr, binds=tuple(written(item.optional_vars)) if item.optional_vars else ())
            self.swallowed = self.swallowed or suppresses(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, item.context_expr)
        self.body(statement.body)
        self.swallowed = swallowed

    def match(self, statement: ast.Match) -> None:
        self.expression(statement.subject)
        number = self.next()
        for position, case in enumerate(statement.cases):
            with self.arm(number, position):
                for node in ast.walk(case.pattern):
                    if isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
                        self.note(Binding(node.name, "unknown", self.point, node))
                if case.guard is not None:
                    self.expression(case.guard)
                self.body(case.body)

    def return_(self, statement: ast.Return) -> None:
        if statement.value is not None:
            self.expression(statement.value)
            self.scope.results.append((statement.value, self.point))

    def assert_(self, statement: ast.Assert) -> None:
        self.expression(statement.test)
        if not self.swallowed and can_fail(statement.test):
            self.scope.asserts += 1
            self.out.asserted.append((statement.test, self.point))

    def outer(self, statement: ast.Global | ast.Nonlocal) -> None:
        self.scope.outer |= set(statement.names)

    def import_(self, statement: ast.Import) -> None:
        for alias in statement.names:
            bound = alias.asname or alias.name.partition(".")[0]
            self.imported(
                Imported(
                    alias.name, None, bound, 0, statement, self.label, self.cell, self.optional, bool(alias.asname)
                )
            )

    def import_from(self, statement: ast.ImportFrom) -> None:
        module = statement.module or ""
        if statement.level:
            kept = self.base[: len(self.base) - statement.level + 1]
            module = ".".join([*kept, module] if module else kept)
        for alias in statement.names:
            bound = alias.asname or alias.name
            made = Imported(
                module,
                alias.name,
                bound,
                statement.level,
                statement,
                self.label,
                self.cell,
                self.optional,
                bool(alias.asname),
            )
            self.imported(made)

    def imported(self, made: Imported) -> None:
        self.out.imports.append(made)
        if made.name == "*":
            self.out.stars.append(made)
        else:
            self.note(Binding(made.bound, "import", self.point, made.node, imported=made))

    def function(self, node: _Function) -> None:
        self.decorators(node)
        self.defaults(node.args)
        for argument in arguments(node.args):
            self.annotation(argument.annotation)
        self.annotation(node.returns)
        with self.definition(node, "function"):
            self.parameters(node.args)
            self.body(node.body, docstring=True)

    def decorators(self, node: _Function | ast.ClassDef) -> None:
        """Walk the decorators; what they mention (the cases of a parametrised test) is the definition's too."""
        outer, self.mentions = self.mentions, Mentions()
        for decorator in node.decorator_list:
            self.expression(decorator)
        outer.update(self.mentions)
        label = f"{self.scope.label}.{node.name}" if self.scope.label else node.name
        self.out.mentions.setdefault(label, Mentions()).update(self.mentions)
        self.mentions = outer

    def class_(self, node: ast.ClassDef) -> None:
        self.decorators(node)
        for expr in [*node.bases, *(k.value for k in node.keywords)]:
            self.expression(expr)
        with self.definition(node, "class"):
            self.body(node.body, docstring=True)

    @contextmanager
    def definition(self, node: _Function | ast.ClassDef, kind: str) -> Iterator[None]:
        """Bind the name in the enclosing scope and walk the body in one of its own."""
        label = f"{self.scope.label}.{node.name}" if self.scope.label else node.name
        made = Scope(
            kind="class" if kind == "class" else "function",
            label=label,
            node=node,
            parent=self.scope,
            walked=self.out,
            cell=self.cell,
        )
        self.note(Binding(node.name, "definition", self.point, node, defined=made))
        self.out.scopes.append(made)
        before = (self.scope, self.label, self.branch, self.loops, self.order, self.swallowed, self.mentions)
        self.scope, self.label, self.branch, self.loops, self.order, self.swallowed = made, label, (), (), 0, False
        self.mentions = self.out.mentions.setdefault(label, Mentions())
        self._point = None
        yield
        self.scope, self.label, self.branch, self.loops, self.order, self.swallowed, self.mentions = before
        self._point = None
        self.scope.statements += made.statements
        self.scope.asserts += made.asserts

    def defaults(self, node: ast.arguments) -> None:
        for default in [*node.defaults, *(d for d in node.kw_defaults if d is not None)]:
            self.expression(default)

    def parameters(self, node: ast.arguments) -> None:
        positional = [*node.posonlyargs, *node.args]
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(node.defaults)) + list(node.defaults)
        for index, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
            self.parameter(argument, default, index)
        for argument, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
            self.parameter(argument, default, -1)
        for rest in (node.vararg, node.kwarg):
            if rest is not None:
                self.note(Binding(rest.arg, "unknown", self.point, rest))

    def parameter(self, argument: ast.arg, default: ast.expr | None, index: int) -> None:
        annotation = argument.annotation
        self.note(
            Binding(argument.arg, "parameter", self.point, argument, expr=default, annotation=annotation, index=index)
        )


_STATEMENTS: dict[type[ast.AST], Callable[[_Walker, Any], None]] = {
    ast.Expr: _Walker.expr,
    ast.Assign: _Walker.assign,
    ast.AnnAssign: _Walker.ann_assign,
    ast.AugAssign: _Walker.aug_assign,
    ast.For: _Walker.for_,
    ast.AsyncFor: _Walker.for_,
    ast.While: _Walker.while_,
    ast.If: _Walker.if_,
    ast.Try: _Walker.try_,
    ast.TryStar: _Walker.try_,
    ast.With: _Walker.with_,
    ast.AsyncWith: _Walker.with_,
    ast.Match: _Walker.match,
    ast.Return: _Walker.return_,
    ast.Assert: _Walker.assert_,
    ast.Global: _Walker.outer,
    ast.Nonlocal: _Walker.outer,
    ast.Import: _Walker.import_,
    ast.ImportFrom: _Walker.import_from,
    ast.FunctionDef: _Walker.function,
    ast.AsyncFunctionDef: _Walker.function,
    ast.ClassDef: _Walker.class_,
}
