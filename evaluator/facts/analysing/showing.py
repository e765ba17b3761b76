"""Is the result of an analysis shown to anybody: printed, plotted, saved, logged, or left as a cell's output?

A value is followed forward from the expression that makes it: through names, containers, attributes, arguments and results of
the project's own functions. Notes are taken on the way, for a mean of residuals is a number and the residuals are not.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from evaluator.facts.analysing import methods
from evaluator.facts.analysing.trees import Grown
from evaluator.facts.notebooks import Notebook, Notebooks
from evaluator.facts.python import members
from evaluator.facts.python.modules import Source
from evaluator.facts.python.scopes import Scope, Site, is_off

if TYPE_CHECKING:
    from evaluator.facts.modelling.places import Places

How: TypeAlias = Literal["printed", "plotted", "saved", "displayed", "returned"]
Note: TypeAlias = Literal["reduced", "computed", "named", "selected", "inverted", "described"]
"""``reduced`` to a single number; ``computed`` with; put beside names (``named``); used to choose rows (``selected``);
``inverted``; ``described`` by its distribution."""
STEPS = 600
DEEP = 8
BUDGET = 200_000


class Sink(NamedTuple):
    """Where a value ends up.

    Attributes:
        node: The call or statement that shows it.
        notes: What happened on the way.
        name: The name of the showing call; empty for a cell's last expression.
    """

    how: How
    node: ast.AST
    source: Source
    name: str
    notes: frozenset[Note]


class _At(NamedTuple):
    source: Source
    node: ast.AST
    notes: frozenset[Note]
    key: object
    depth: int


class Showing:
    """Answers for one project."""

    def __init__(self, places: Places, notebooks: Notebooks | None) -> None:
        self.places = places
        self.names = places.names
        self.roles = places.roles
        self._grown: dict[str, Grown] = {}
        self._left = BUDGET
        self._run = {n.path: _run_cells(n) for n in notebooks.items} if notebooks is not None else {}

    def grown(self, path: str) -> Grown:
        """Return the trees of the source at ``path`` with a way up."""
        if path not in self._grown:
            self._grown[path] = Grown(self.places.modules.sources[path])
        return self._grown[path]

    def sinks(self, source: Source, node: ast.AST, notes: frozenset[Note] = frozenset()) -> Iterator[Sink]:
        """Yield where the value of ``node`` is shown by something that runs, the nearest first."""
        todo = deque([_At(source, node, notes, None, 0)])
        seen: set[tuple[int, frozenset[Note]]] = set()
        steps = 0
        while todo and steps < STEPS and self._left > 0:
            at = todo.popleft()
            if (id(at.node), at.notes) in seen:
                continue
            seen.add((id(at.node), at.notes))
            steps += 1
            self._left -= 1
            if at.source.walked.off and is_off(self.grown(at.source.path).label(at.node)):
                continue
            for found in self._step(at):
                if isinstance(found, _At):
                    todo.append(found)
                elif self._runs(found):
                    yield found

    def was_run(self, sink: Sink) -> bool:
        """Whether a notebook that keeps a run keeps one of the cell that shows the value."""
        return self.cell_was_run(sink.source, sink.node)

    def cell_was_run(self, source: Source, node: ast.AST) -> bool:
        """Whether the cell of ``node`` keeps a count or an output, where any cell of its notebook does."""
        run = self._run.get(source.path)
        number = self.grown(source.path).cell(node)
        return run is None or number is None or number in run

    def _runs(self, sink: Sink) -> bool:
        grown = self.grown(sink.source.path)
        if not self.places.reach.has(sink.source.path, grown.label(sink.node)):
            return False
        return sink.how != "plotted" or sink.source.kind == "notebook" or self._figures_are_shown

    @cached_property
    def _figures_are_shown(self) -> bool:
        """Whether a script shows or saves what is drawn: without that, no plot of a script is ever seen."""
        return any(
            named.target is None and named.name.rpartition(".")[2] in methods.SHOWS_FIGURES
            for source, site, named in self.places.calls
            if self.places.reach.has(source.path, site.label)
        )

    def drawn(self, source: Source, node: ast.AST, how: How = "plotted") -> bool:
        """Whether a call that draws or prints by itself is seen by somebody."""
        return self._runs(Sink(how, node, source, "", frozenset()))

    # one step on the way

    def _step(self, at: _At) -> Iterator[_At | Sink]:
        grown = self.grown(at.source.path)
        parent = grown.parents.get(id(at.node))
        match parent:
            case ast.keyword():
                yield at._replace(node=parent)
            case ast.Call(func=func):
                yield from self._given(parent, at) if func is not at.node else (at._replace(node=parent),)
            case ast.Attribute():
                yield from self._part(grown, parent, at)
            case ast.Subscript():
                yield from self._indexed(parent, at)
            case ast.NamedExpr(target=target):
                yield from self._assigned(grown, target, parent, at)
                yield at._replace(node=parent)
            case ast.Yield() | ast.YieldFrom():
                yield from self._returned(grown, parent, at)
            case ast.IfExp(test=test) if test is at.node:
                return
            case ast.expr():
                yield from self._within(parent, at)
            case ast.stmt() | ast.comprehension() | ast.withitem():
                yield from self._ended(grown, parent, at)

    def _ended(self, grown: Grown, parent: ast.AST, at: _At) -> Iterator[_At | Sink]:
        """Follow a value out of the whole expression."""
        match parent:
            case ast.Assign(targets=targets, value=value) if value is at.node:
                for target in targets:
                    yield from self._assigned(grown, target, parent, at)
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                yield from self._assigned(grown, target, parent, at)
            case ast.For(iter=iterated, target=target) | ast.AsyncFor(iter=iterated, target=target):
                if iterated is at.node:
                    yield from self._assigned(grown, target, parent, at._replace(key=None))
            case ast.comprehension(iter=iterated, target=target) if iterated is at.node:
                yield from self._assigned(grown, target, grown.parents[id(parent)], at._replace(key=None))
            case ast.withitem(optional_vars=ast.expr() as target):
                yield from self._assigned(grown, target, grown.parents[id(parent)], at)
            case ast.Return():
                yield from self._returned(grown, parent, at)
            case ast.Expr():
                yield from self._left_over(grown, parent, at)

    def _within(self, parent: ast.expr, at: _At) -> Iterator[_At]:
        """Climb into an expression that holds the value."""
        notes, key = at.notes, at.key
        match parent:
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
                pass
            case ast.BinOp(op=ast.Mod(), left=ast.Constant() | ast.JoinedStr()):
                pass
            case ast.BinOp(op=ast.MatMult()):
                notes = notes | {"reduced"}
            case ast.BinOp():
                notes = notes | {"computed"}
            case ast.UnaryOp(op=ast.Invert() | ast.Not()):
                notes = notes ^ {"inverted"}
            case ast.Compare(ops=[ast.Eq() | ast.Is()], comparators=[ast.Constant(value=value)]):
                notes = notes ^ {"inverted"} if value is not None and value == 0 else notes
            case ast.Compare(ops=[ast.NotEq() | ast.IsNot()], comparators=[ast.Constant(value=value)]):
                notes = notes ^ {"inverted"} if value == 1 else notes
            case ast.Dict(keys=keys, values=values):
                index = next((i for i, v in enumerate(values) if v is at.node), None)
                given = keys[index] if index is not None else None
                key = given.value if isinstance(given, ast.Constant) else None
            case ast.Tuple(elts=parts):
                key = next((i for i, part in enumerate(parts) if part is at.node), None)
        yield at._replace(node=parent, notes=notes, key=key)

    def _given(self, call: ast.Call, at: _At) -> Iterator[_At | Sink]:
        """Follow a value into a call that takes it as an argument."""
        named = self.names.called(call)
        last = named.name.rpartition(".")[2]
        notes = at.notes
        if (named.target.label.rpartition(".")[2] if named.target is not None else last) in methods.LEARNS:
            return
        if named.target is not None:
            inside = self._into(named.target, call, at)
            yield from inside if inside is not None else (at._replace(node=call, key=_named_by(at.node)),)
            return
        how = self.shows(named.name)
        if how is not None:
            several = len(call.args) + len([k for k in call.keywords if k.arg in {"x", "y"}]) >= 2
            yield Sink(
                how,
                call,
                at.source,
                named.name,
                notes | {"named"} if several and last in methods.PLOTS_PAIRS else notes,
            )
        if last in methods.PUTS and isinstance(call.func, ast.Attribute):
            yield from self._put(call.func.value, at)
            return
        single = last in methods.REDUCES or methods.is_one_quantile(last, call.args[1:], call.keywords)
        if single and not any(k.arg in {"axis", "dim"} for k in call.keywords):
            notes = notes | {"reduced"}
        if last in methods.FRAMES:
            notes = notes | {"named"}
        if last in methods.SELECTS:
            notes = notes | {"selected"}
        key = at.key if last in methods.KEEPS_KEYS else None
        yield at._replace(node=call, notes=notes, key=_named_by(at.node) if last == "dict" and key is None else key)

    def _part(self, grown: Grown, parent: ast.Attribute, at: _At) -> Iterator[_At | Sink]:
        """Follow a value to one of its attributes or methods."""
        last, notes = parent.attr, at.notes
        holder = grown.parents.get(id(parent))
        if not isinstance(holder, ast.Call) or holder.func is not parent:
            if isinstance(at.key, str) and at.key != last and at.key.isidentifier():
                return
            yield at._replace(node=parent, notes=notes | {"reduced"} if last in methods.REDUCES else notes)
            return
        single = last in methods.REDUCES and not holder.args
        single = single or methods.is_one_quantile(last, holder.args, holder.keywords)
        if single and not any(k.arg in {"axis", "dim"} for k in holder.keywords):
            notes = notes | {"reduced"}
        if last == "describe":
            notes = notes | {"described"}
        if last in methods.FRAMES:
            notes = notes | {"named"}
        plots = isinstance(parent.value, ast.Attribute) and parent.value.attr == "plot"
        how = self.shows("." + ("plot" if plots else last))
        if how is not None and self.names.called(holder).target is None:
            yield Sink(how, holder, at.source, last, notes)
        yield at._replace(node=parent, notes=notes)

    def _indexed(self, parent: ast.Subscript, at: _At) -> Iterator[_At]:
        """Follow a value that is indexed, or that is an index and chooses rows."""
        if at.node is parent.slice:
            yield at._replace(node=parent, notes=at.notes | {"selected"}, key=None)
            return
        wanted = parent.slice.value if isinstance(parent.slice, ast.Constant) else None
        if at.key is not None and wanted is not None and wanted != at.key:
            return
        yield at._replace(node=parent, key=None)

    def _assigned(self, grown: Grown, target: ast.expr, statement: ast.AST, at: _At) -> Iterator[_At]:
        """Follow a value to where the name it is given is read."""
        match target:
            case ast.Name(id=name):
                scope = grown.scope(statement)
                yield from (at._replace(node=n) for n in grown.reads_of(name, self.home(scope, name), statement))
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                chosen = parts
                if isinstance(at.key, int) and not isinstance(at.key, bool) and at.key < len(parts):
                    chosen = parts[at.key : at.key + 1]
                for part in chosen:
                    yield from self._assigned(grown, part, statement, at._replace(key=None))
            case ast.Starred(value=inner):
                yield from self._assigned(grown, inner, statement, at)
            case ast.Attribute(attr=attr):
                yield from (at._replace(node=n) for n in grown.reads_of_attribute(attr))
            case ast.Subscript(value=inner, slice=index):
                key = index.value if isinstance(index, ast.Constant) else None
                yield from self._put(inner, at._replace(key=key))

    def _put(self, container: ast.expr, at: _At) -> Iterator[_At]:
        """Follow a value that is put into a container: to where that is read afterwards."""
        grown = self.grown(at.source.path)
        inner = container
        while isinstance(inner, (ast.Subscript, ast.Call)) or (
            isinstance(inner, ast.Attribute) and not (isinstance(inner.value, ast.Name) and inner.value.id == "self")
        ):
            inner = inner.func if isinstance(inner, ast.Call) else inner.value
        match inner:
            case ast.Name(id=name):
                statement = grown.statement(container)
                scope = self.home(grown.scope(container), name)
                yield from (at._replace(node=n) for n in grown.reads_of(name, scope, statement) if n is not inner)
            case ast.Attribute(attr=attr):
                yield from (at._replace(node=n) for n in grown.reads_of_attribute(attr) if n is not inner)

    @staticmethod
    def home(scope: Scope, name: str) -> Scope:
        """Return the scope that ``name`` belongs to, seen from ``scope``."""
        around: Scope | None = scope
        while around is not None:
            if name in around.bindings and name not in around.outer:
                return around
            around = around.parent
        return scope

    def _into(self, target: Scope, call: ast.Call, at: _At) -> list[_At] | None:
        """Follow an argument into one of the project's own functions; None where it is not told which parameter takes it."""
        found = members.method(self.names, target, "__init__") if target.kind == "class" else target
        if found is None or at.depth >= DEEP or found.walked.path not in self.places.modules.sources:
            return None
        node = found.node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        positional = [a.arg for a in [*node.args.posonlyargs, *node.args.args]]
        if found.owner is not None and positional[:1] in (["self"], ["cls"]):
            positional = positional[1:]
        index = next((i for i, a in enumerate(call.args) if a is at.node), len(positional))
        name = at.node.arg if isinstance(at.node, ast.keyword) else next(iter(positional[index:]), None)
        if name is None:
            return None
        home = self.places.modules.sources[found.walked.path]
        reads = self.grown(home.path).reads_of(name, found, None)
        return [_At(home, read, at.notes, at.key, at.depth + 1) for read in reads]

    def _returned(self, grown: Grown, statement: ast.AST, at: _At) -> Iterator[_At | Sink]:
        """Follow a result to those who call the function; one that a framework calls hands it out."""
        scope = grown.scope(statement)
        if scope.kind != "function" or at.depth >= DEEP:
            return
        if self._is_called_by_others(scope):
            yield Sink("returned", statement, at.source, scope.label, at.notes)
        for site in self._callers(scope)[:20]:
            home = self.places.modules.sources[site.point.scope.walked.path]
            yield _At(home, site.node, at.notes, at.key, at.depth + 1)

    def _callers(self, scope: Scope) -> list[Site]:
        """Return who calls ``scope``; for a method that nothing but tests calls by its class, who calls its name on anything."""
        found = [site for site, _ in self.names.callers.get(scope, [])]
        told = any(self.places.reach.has(site.point.scope.walked.path, site.label) for site in found)
        if not told and scope.owner is not None:
            found = [*self._by_method.get(scope.label.rpartition(".")[2], []), *found]
        return found

    @cached_property
    def _by_method(self) -> dict[str, list[Site]]:
        """Calls of methods of something unknown, by the method's name."""
        found: dict[str, list[Site]] = {}
        for _, site, named in self.places.calls:
            if named.target is None and isinstance(site.node.func, ast.Attribute):
                found.setdefault(site.node.func.attr, []).append(site)
        return found

    def _is_called_by_others(self, scope: Scope) -> bool:
        """Whether a service hands the result out: the function answers requests."""
        node = scope.node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or scope.parent is None:
            return False
        called = [self.names.called(d).name for d in node.decorator_list if isinstance(d, ast.Call)]
        return any(name.rpartition(".")[2] in methods.ROUTES for name in called)

    def _left_over(self, grown: Grown, statement: ast.Expr, at: _At) -> Iterator[Sink]:
        """Yield a cell's output: the value of the last statement of a notebook's cell."""
        root = grown.parents.get(id(statement))
        if at.source.kind == "notebook" and isinstance(root, ast.Module) and root.body[-1] is statement:
            yield Sink("displayed", statement, at.source, "", at.notes)

    def shows(self, name: str) -> How | None:
        """Return how a library's call of ``name`` shows what it is given, or None."""
        last = name.rpartition(".")[2]
        root = name.partition(".")[0]
        if last in methods.PRINTS or root == "streamlit":
            return "printed"
        logs = last == "log" and name.startswith(methods.LOGGERS)
        if (
            logs
            or (last in methods.SAVES and not (last in {"save", "dump"} and root in methods.KEEPS_OBJECTS))
            or "track" in self.roles(name)
        ):
            return "saved"
        if last in methods.PLOTS or root in methods.DRAWING_LIBRARIES or "draws" in self.roles(name):
            return "plotted"
        return None


def _run_cells(notebook: Notebook) -> frozenset[int] | None:
    """Return the cells that keep a count or an output; None where the notebook keeps no outputs at all."""
    if not any(c.outputs for c in notebook.cells):
        return None
    return frozenset(c.index for c in notebook.cells if c.outputs or c.count is not None)


def _named_by(node: ast.AST) -> str | None:
    """Return the name under which a keyword argument is kept."""
    return node.arg if isinstance(node, ast.keyword) else None
