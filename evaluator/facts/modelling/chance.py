"""Where does chance play a part, and is it fixed?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from evaluator.facts.model_work import Chance, Place, node_of
from evaluator.facts.modelling import libraries
from evaluator.facts.python import results
from evaluator.facts.python.modules import Source
from evaluator.facts.python.names import Named
from evaluator.facts.python.scopes import Binding, Point, Site
from evaluator.facts.python.values import Row

if TYPE_CHECKING:
    from evaluator.facts.modelling.places import Places

Given: TypeAlias = Literal["none", "value", "unknown"]
_CLOCKS = frozenset(
    {"time.time", "time.time_ns", "datetime.datetime.now", "os.urandom", "secrets.randbelow", "os.getpid"}
)
_DEPTH = 6
_CALLERS = 8


class Chances:
    """Finds the random places of one project, and what seeds them."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.names = places.names
        self.tables = places.names.libraries

    @cached_property
    def seedings(self) -> list[tuple[Source, Site, Named]]:
        """Calls that fix the state of a generator by a value that does not change from run to run."""
        found = [(s, site, n) for s, site, n in self.places.calls if self.tables.seeds(n.name)]
        return [(s, site, n) for s, site, n in found if self._fixes(site)]

    def _fixes(self, site: Site) -> bool:
        args = [*site.node.args, *(k.value for k in site.node.keywords)]
        if not args:
            return False
        return self.given(args[0], site.point) != "none"

    def found(self) -> Iterator[Chance]:
        """Yield every place where chance plays a part."""
        for source, site, named in self.places.calls:
            for name in (named.name, *named.others):
                row = self.tables.chance(name)
                if row is None or not self._is_random(row, site):
                    continue
                place = msgspec.structs.replace(self.places.place(source, site, named), name=name)
                if row.keywords or self._is_near(place):
                    if not self._is_default(site):
                        yield self._chance(site, place, row)
                    break
        for fit in self.places.fits:
            if fit.kind == "loop":
                source = self.places.modules.sources[fit.place.at.path]
                family = self._family_of_loop(source)
                seed = self._seed_for(fit.place, family)
                yield Chance(place=fit.place, family=family, seeded=seed is not None, how=_said(seed, family))

    def _is_default(self, site: Site) -> bool:
        """Whether a generator is made only for callers that pass none, and every caller passes one."""
        scope = site.point.scope
        made = [b for name in site.binds for b in scope.bindings.get(name, []) if b.how == "parameter"]
        own = {source.path for source in self.places.sources}
        callers = [(c, m) for c, m in self.names.callers.get(scope, []) if c.point.scope.walked.path in own]
        for binding in made:
            passed = [
                results.argument(caller.node, binding.name, binding.index - 1 if method else binding.index)
                for caller, method in callers
            ]
            if passed and all(p is not None for p in passed):
                return True
        return False

    @staticmethod
    def _family_of_loop(source: Source) -> str:
        tensorflow = any(i.module.partition(".")[0] in {"tensorflow", "keras"} for i in source.walked.imports)
        torch = any(
            i.module.partition(".")[0] in {"torch", "lightning", "pytorch_lightning"} for i in source.walked.imports
        )
        return "tensorflow" if tensorflow and not torch else "torch"

    def _chance(self, site: Site, place: Place, row: libraries.Chance) -> Chance:
        passed = self._passed(site, row)
        if passed is not None:
            keyword, given = passed
            if given == "value":
                return Chance(place=place, family=row.family, seeded=True, how=f"{keyword} is given")
            if given == "unknown":
                return Chance(
                    place=place, family=row.family, seeded=None, how="arguments are unpacked from what a run knows"
                )
        seed = self._seed_for(place, row.family) if row.family != "own" else None
        return Chance(place=place, family=row.family, seeded=seed is not None, how=_said(seed, row.family))

    def _is_random(self, row: libraries.Chance, site: Site) -> bool:
        keywords = {k.arg: k.value for k in site.node.keywords if k.arg}
        if row.having and not keywords.keys() & set(row.having):
            return False
        if any(self._is(keywords.get(name), value, site.point) for name, value in row.unless.items()):
            return False
        return all(self._is(keywords.get(name), value, site.point) for name, value in row.when.items())

    def _is(self, expr: ast.expr | None, value: bool | str, point: Point) -> bool:
        """Whether an argument is given as ``value``; for True also where it is given and not known."""
        if expr is None:
            return False
        constants = [c.value for c in self._constants(expr, point, _DEPTH)]
        return value in constants if constants else value is True

    def _passed(self, site: Site, row: libraries.Chance) -> tuple[str, Given] | None:
        """Return the argument that fixes a call, and what it is; None where none is given."""
        for keyword in site.node.keywords:
            if keyword.arg in row.keywords:
                return str(keyword.arg), self.given(keyword.value, site.point)
        if row.positional is not None and len(site.node.args) > row.positional:
            return row.keywords[0], self.given(site.node.args[row.positional], site.point)
        unpacked = [k.value for k in site.node.keywords if k.arg is None]
        if not unpacked or not row.keywords:
            return None
        found = [self._rows(e, site.point, _DEPTH) for e in unpacked]
        if any(key in row.keywords for rows, _ in found for r in rows for key, _ in r.items):
            return row.keywords[0], "value"
        return None if all(whole for _, whole in found) else (row.keywords[0], "unknown")

    def _rows(self, expr: ast.expr, point: Point, depth: int) -> tuple[list[Row], bool]:
        """Return the displays that an unpacked ``expr`` may be or holds, and whether it can be nothing else."""
        parts: list[tuple[list[Row], bool]] = []
        if depth > 0 and isinstance(expr, ast.Name):
            bindings = self.names.bindings(expr.id, point)
            parts = [self._rows_bound(b, depth - 1) for b in bindings] or [([], False)]
        elif depth > 0 and isinstance(expr, (ast.BoolOp, ast.IfExp, ast.BinOp)):
            parts = [self._rows(e, point, depth - 1) for e in _sides(expr) if not _is_nothing(e)]
        else:
            found = self.names.values(expr, point)
            rows = [v for v in found if isinstance(v, Row)]
            spread = (
                [v for k, v in zip(expr.keys, expr.values, strict=True) if k is None]
                if isinstance(expr, ast.Dict)
                else []
            )
            parts = [(rows, bool(rows) and len(rows) == len(found)), *(self._rows(e, point, depth - 1) for e in spread)]
        return [r for rows, _ in parts for r in rows], all(whole for _, whole in parts)

    def _rows_bound(self, binding: Binding, depth: int) -> tuple[list[Row], bool]:
        """Return the same of what a name is bound to; a parameter is what the project's own callers pass, tests left out."""
        if binding.how == "parameter":
            passed = self._arguments(binding)
            parts = [self._rows(e, p, depth) for e, p in passed if not _is_nothing(e)]
            return [r for rows, _ in parts for r in rows], bool(parts) and all(whole for _, whole in parts)
        found = self.names.value_of(binding)
        rows = [v for v in found if isinstance(v, Row)]
        if binding.how == "value" and binding.expr is not None and not binding.steps:
            more, whole = self._rows(binding.expr, binding.point, depth)
            return [*rows, *more], whole
        return rows, bool(rows) and len(rows) == len(found)

    def _arguments(self, binding: Binding) -> list[tuple[ast.expr, Point]]:
        """Return what the project's own calls pass for a parameter, or its default."""
        scope = binding.point.scope
        own = {source.path for source in self.places.sources}
        default = [(binding.expr, scope.end)] if binding.expr is not None else []
        passed: list[tuple[ast.expr, Point]] = []
        callers = [(c, m) for c, m in self.names.callers.get(scope, []) if c.point.scope.walked.path in own]
        for caller, method in callers[:_CALLERS]:
            expr = results.argument(caller.node, binding.name, binding.index - 1 if method else binding.index)
            passed += [(expr, caller.point)] if expr is not None else default
        return passed if callers else default

    def given(self, expr: ast.expr, point: Point) -> Given:
        """Return whether an argument is None or the time of day, as far as reading shows; a parameter is what callers pass."""
        if self._is_clock(expr, point, _DEPTH):
            return "none"
        constants = self._constants(expr, point, _DEPTH)
        if constants and all(c.value is None for c in constants):
            return "none"
        return "value"

    def _is_clock(self, expr: ast.expr, point: Point, depth: int) -> bool:
        """Whether a value is made from what differs at each start: the time, the process, the system's own chance."""
        if any(isinstance(c, ast.Call) and self.names.called(c).name in _CLOCKS for c in ast.walk(expr)):
            return True
        if not isinstance(expr, ast.Name) or depth == 0:
            return False
        found = self.names.bindings(expr.id, point)
        return bool(found) and all(self._is_clocked(b, depth - 1) for b in found)

    def _is_clocked(self, binding: Binding, depth: int) -> bool:
        if binding.how == "import" and binding.imported is not None and binding.imported.name and depth > 0:
            path = self.names.finder.file(binding.imported, binding.point.scope.walked.path)
            others = self.names.finder.scope(path).bindings.get(binding.imported.name, []) if path else []
            return bool(others) and self._is_clocked(others[-1], depth - 1)
        if binding.how == "parameter":
            passed = self._arguments(binding)
            return bool(passed) and all(self._is_clock(e, p, depth) for e, p in passed)
        return (
            binding.how == "value" and binding.expr is not None and self._is_clock(binding.expr, binding.point, depth)
        )

    def _constants(self, expr: ast.expr, point: Point, depth: int) -> list[ast.Constant]:
        """Return the constants that ``expr`` may be; empty as soon as it may be something else."""
        if isinstance(expr, ast.Constant):
            return [expr]
        if not isinstance(expr, ast.Name) or depth == 0:
            return []
        found: list[ast.Constant] = []
        for binding in self.names.bindings(expr.id, point):
            made = self._bound(binding, depth - 1)
            if not made:
                return []
            found += made
        return found

    def _bound(self, binding: Binding, depth: int) -> list[ast.Constant]:
        scope = binding.point.scope
        if binding.how == "parameter":
            passed = []
            for site, method in self.names.callers.get(scope, []):
                expr = results.argument(site.node, binding.name, binding.index - 1 if method else binding.index)
                if expr is not None:
                    passed.append((expr, site.point))
                elif binding.expr is not None:
                    passed.append((binding.expr, scope.end))
            if not passed and binding.expr is not None:
                passed = [(binding.expr, scope.end)]
            made = [self._constants(e, p, depth) for e, p in passed]
            return [c for group in made for c in group] if all(made) else []
        if binding.how == "import" and binding.imported is not None and binding.imported.name:
            path = self.names.finder.file(binding.imported, scope.walked.path)
            others = self.names.finder.scope(path).bindings.get(binding.imported.name, []) if path else []
            return [c for b in others[-1:] for c in self._bound(b, depth - 1)] if depth > 0 else []
        if binding.how == "value" and binding.expr is not None and not binding.steps:
            return self._constants(binding.expr, binding.point, depth)
        return []

    # what a global seed covers

    @cached_property
    def _near(self) -> set[str]:
        """What an entry point leads to that also leads to training or to a split: chance elsewhere is of no concern."""
        work = {node_of(fit.place) for fit in self.places.fits} | {node_of(place) for place in self.places.splits}
        return {node for closure in self.places.closures if closure & work for node in closure}

    def _is_near(self, place: Place) -> bool:
        return node_of(place) in self._near and not self._only_predicts(node_of(place))

    @cached_property
    def _callers(self) -> dict[str, set[str]]:
        """Which scopes call each of the project's functions, tests apart."""
        found: dict[str, set[str]] = {}
        own = {source.path for source in self.places.sources}
        for module in self.places.code.modules:
            for call in module.calls if module.path in own else ():
                if call.local is not None:
                    found.setdefault(call.local, set()).add(f"{module.path}::{call.scope}")
        return found

    def _leading(self, nodes: Iterable[str]) -> set[str]:
        """Return ``nodes`` and all that call them, at whatever distance."""
        seen: set[str] = set()
        todo = list(nodes)
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo += self._callers.get(node, ())
        return seen

    @cached_property
    def _training(self) -> set[str]:
        work = [*(fit.place for fit in self.places.fits), *self.places.splits]
        return self._leading(node_of(place) for place in work)

    @cached_property
    def _predicting(self) -> set[str]:
        """What leads to a prediction, or takes up a kept model, and not to training."""
        sites = [self.places.place(s, site, n) for s, site, n in self.places.calls if self.places.predicts(n)]
        return self._leading(node_of(place) for place in (*sites, *self.places.restores)) - self._training

    def _only_predicts(self, node: str) -> bool:
        """Whether all that calls ``node``, up to what trains, predicts with a model that is there already."""
        seen: set[str] = set()
        stopped = False
        todo = [node]
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            if at in self._training:
                return False
            if at in self._predicting:
                stopped = True
            else:
                todo += self._callers.get(at, ())
        return stopped

    def _seed_for(self, place: Place, family: str) -> Place | None:
        """Return the seeding call that covers ``place``: before it in the same scope, or on the way of the same entry."""
        for source, site, named in self.seedings:
            if family not in (self.tables.seeds(named.name) or ()):
                continue
            seed = self.places.place(source, site, named)
            same = seed.at.path == place.at.path and seed.scope == place.scope
            if same:
                if (seed.at.cell or 0, seed.at.start) <= (place.at.cell or 0, place.at.start):
                    return seed
            elif self.places.together(seed, place):
                return seed
        return None


def _sides(expr: ast.BoolOp | ast.IfExp | ast.BinOp) -> list[ast.expr]:
    """Return the expressions that one of several, or of two put together, consists of."""
    if isinstance(expr, ast.BoolOp):
        return expr.values
    return [expr.body, expr.orelse] if isinstance(expr, ast.IfExp) else [expr.left, expr.right]


def _is_nothing(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is None


def _said(seed: Place | None, family: str) -> str:
    if seed is not None:
        return f"{seed.name} at {seed.at.path}:{seed.at.start}"
    return "no argument fixes it" if family == "own" else f"no argument and no global seed of {family} fixes it"
