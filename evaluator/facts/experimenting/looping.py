"""Does a loop fit and score a model for each of several values of a setting, or do calls do so with other constants?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from evaluator.facts.experimenting.leading import Leading
from evaluator.facts.experimenting.wording import parts, words
from evaluator.facts.experimenting.workbench import Call, Workbench
from evaluator.facts.experiments import Search, Shown
from evaluator.facts.python.modules import Source
from evaluator.facts.python.scopes import Point, Scope

_NO_SETTING = frozenset(
    {"epoch", "epochs", "ep", "e", "i", "j", "idx", "index", "fold", "folds", "seed", "seeds", "run", "runs", "rep", "repeat", "repeats", "trial", "batch", "step", "steps",
     "iter", "iteration", "episode", "episodes", "train", "test", "val", "split", "column", "col", "feature", "features", "target", "label", "dataset", "file", "path",
     "ticker", "symbol", "store", "country", "city", "group", "name", "model", "clf", "x", "y", "data", "df"}
)  # fmt: skip
_NO_SETTINGS = frozenset(
    {"random_state", "seed", "random_seed", "n_jobs", "verbose", "device", "name", "cv", "scoring"}
)
_ROWS = frozenset({"X", "y", "x", "sample_weight", "validation_data", "eval_set", "groups"})
_BY_NAME = frozenset({"from_pretrained", "create_model", "get_model"})
_FITS = frozenset({"fit", "score-folds"})
_SCORES = frozenset({"metric", "score", "score-folds"})
_RANDOM = ("random.", "numpy.random.", "scipy.stats.")
_PASSED_ON = frozenset({"enumerate", "zip", "list", "sorted", "tuple", "tqdm", "reversed", "trange"})
_SEVERAL = (
    "range",
    "trange",
    "tqdm.trange",
    "numpy.arange",
    "numpy.linspace",
    "numpy.logspace",
    "numpy.geomspace",
    "itertools.product",
    "sklearn.model_selection.ParameterGrid",
    "sklearn.model_selection.ParameterSampler",
)
_SCORED_BY = frozenset(
    {"inertia_", "score_", "best_score_", "oob_score_", "aic", "bic", "history", "loss_", "rsquared", "aic_", "bic_"}
)
_LAYERS = (
    "keras.layers.",
    "tensorflow.keras.layers.",
    "torch.optim.",
    "keras.optimizers.",
    "tensorflow.keras.optimizers.",
)
_DEPTH = 5
_ELEMENTS = 20


class Loops:
    """Looks through the loops, comprehensions and calls of one project."""

    def __init__(self, bench: Workbench, leading: Leading) -> None:
        self.bench = bench
        self.leading = leading

    def found(self) -> Iterator[Search]:
        """Yield every search that a loop or a comprehension makes."""
        for source in self.bench.places.sources:
            for number, loop in sorted(source.walked.loops.items()):
                inside = self.bench.in_loop.get((source.path, number), [])
                if inside and isinstance(loop, (ast.For, ast.AsyncFor)):
                    yield from self._loop(source, loop, inside)
        for call in self.bench.calls:
            yield from self._comprehension(call)

    def by_hand(self) -> list[Shown]:
        """Return the project's own functions that train, and are called several times with other constants."""
        groups: dict[Scope, dict[str, Call]] = {}
        for call in self.bench.calls:
            target = call[2].target
            given = _constants(call[1].node) if target is not None and target.kind == "function" else ""
            if given and target is not None and self.leading.fits(target):
                groups.setdefault(target, {}).setdefault(given, call)
        found = []
        for target, calls in groups.items():
            if len(calls) >= 2:
                source, site, _ = next(iter(calls.values()))
                told = tuple(f"{target.label}({given})"[:100] for given in calls)
                found.append(Shown(form="list", variants=told, at=self.bench.span(source, site.node, site.cell)))
        return sorted(found, key=lambda s: (s.at.path, s.at.cell or 0, s.at.start))[:10]

    def _loop(self, source: Source, loop: ast.For | ast.AsyncFor, inside: list[Call]) -> Iterator[Search]:
        if not self._varies(loop.iter, inside[0][1].point, _DEPTH):
            return
        names = {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
        drawn = self._drawn(loop.body)
        names |= _put_together(loop.body, names | drawn)
        takes = any(self._takes(c, names) or (self._makes(c) and _is_given(c, drawn | names)) for c in inside)
        fits, scores = self._does(inside)
        scores = scores or any(isinstance(n, ast.Attribute) and n.attr in _SCORED_BY for n in ast.walk(loop))
        if takes and fits and scores:
            at = self.bench.span(source, loop, inside[0][1].cell)
            why = f"each round fits and scores a model with other values of {', '.join(sorted(names)[:3])}"
            yield Search(how="loop", name="loop", at=at, why=why)

    def _comprehension(self, call: Call) -> Iterator[Search]:
        """Yield ``[score(Model(n).fit(...)) for n in ...]``: told by a fit whose point lies within a comprehension."""
        source, site, named = call
        closed = {number for number, _ in site.point.branch if number < 0}
        if not closed or not (self.bench.roles(named.name) & _FITS or self._does([call])[0]):
            return
        for name, bindings in site.point.scope.bindings.items():
            for binding in bindings:
                within = binding.how == "element" and any(number in closed for number, _ in binding.branch)
                if not within or binding.expr is None or not self._varies(binding.expr, binding.point, _DEPTH):
                    continue
                inner = [self.bench.by_node[id(n)] for n in ast.walk(site.node) if id(n) in self.bench.by_node]
                if all(self._does(inner)) and any(self._takes(c, {name}) for c in inner):
                    at = self.bench.span(source, site.node, site.cell)
                    why = f"a model is fitted and scored for each {name}"
                    yield Search(how="loop", name="comprehension", at=at, why=why)

    # what is looped over

    def _varies(self, expr: ast.expr, point: Point, depth: int) -> bool:
        """Whether ``expr`` gives several values of settings: numbers, texts or groups of them."""
        if depth <= 0:
            return False
        match expr:
            case ast.Call():
                return self._gives_values(expr, point, depth)
            case ast.List(elts=values) | ast.Tuple(elts=values) | ast.Set(elts=values) | ast.Dict(values=values):
                return len(values) >= 2 and all(self._is_value(e, point) for e in values[:_ELEMENTS])
            case ast.ListComp(elt=elt):
                return self._is_value(elt, point) or isinstance(elt, ast.Name)
            case ast.Name(id=name):
                bindings = self.bench.names.bindings(name, point)
                if bindings and all(b.how == "parameter" for b in bindings):
                    return True
                written = [b for b in bindings if b.how == "value" and b.expr is not None]
                return any(b.expr is not None and self._varies(b.expr, b.point, depth - 1) for b in written)
            case ast.Subscript(value=value) | ast.Attribute(value=value):
                return isinstance(value, (ast.Name, ast.Subscript, ast.Attribute))
        return False

    def _gives_values(self, call: ast.Call, point: Point, depth: int) -> bool:
        name = self.bench.names.called(call).name
        if name in _SEVERAL:
            return True
        if name.rpartition(".")[2] in _PASSED_ON:
            return any(self._varies(a, point, depth - 1) for a in call.args)
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"items", "values"}:
            return self._varies(call.func.value, point, depth - 1)
        return False

    def _is_value(self, expr: ast.expr, point: Point) -> bool:
        """Whether an element is a setting or a group of settings, and no model."""
        match expr:
            case ast.Constant() | ast.BinOp():
                return True
            case ast.UnaryOp(operand=inner):
                return self._is_value(inner, point)
            case ast.Tuple(elts=values) | ast.List(elts=values) | ast.Dict(values=values):
                return all(self._is_value(e, point) for e in values[:_ELEMENTS])
            case ast.Call():
                plain = self.bench.names.called(expr).name in {"dict", "range"}
                return plain and not self.bench.tracer.makers(expr, point)
        return False

    def _drawn(self, body: list[ast.stmt]) -> set[str]:
        """Return the names that take a random value in each round: a random search by hand."""
        found: set[str] = set()
        for statement in body:
            if isinstance(statement, ast.Assign):
                calls = (n for n in ast.walk(statement.value) if isinstance(n, ast.Call))
                if any(self.bench.names.called(n).name.startswith(_RANDOM) for n in calls):
                    found |= {t.id for t in statement.targets if isinstance(t, ast.Name)}
        return found

    # what is done in a round

    def _does(self, inside: Iterable[Call]) -> tuple[bool, bool]:
        """Whether calls fit, and whether they score, by themselves or by what they lead to."""
        fits = scores = False
        for source, site, named in inside:
            roles = self.bench.roles(named.name)
            fits = fits or bool(roles & _FITS) or id(site.node) in self._fitting
            scores = scores or bool(roles & _SCORES) or id(site.node) in self._scoring
            scores = scores or ("predict" in roles and (source.path, site.label) in self._scored)
            if named.target is not None:
                fits = fits or self.leading.fits(named.target)
                scores = scores or self.leading.scores(named.target)
        return fits, scores

    @cached_property
    def _fitting(self) -> frozenset[int]:
        return frozenset(id(c[1].node) for f in self.bench.work.fits for c in self.bench.at(f.place))

    @cached_property
    def _scoring(self) -> frozenset[int]:
        return frozenset(id(c[1].node) for p in self.leading.told for c in self.bench.at(p))

    @cached_property
    def _scored(self) -> frozenset[tuple[str, str]]:
        return frozenset((p.at.path, p.scope) for p in self.leading.told)

    def _makes(self, call: Call) -> bool:
        """Whether a call makes a model, by its class and not by the name of a checkpoint."""
        _, _, named = call
        return named.name.rpartition(".")[2] not in _BY_NAME and self.bench.tracer.is_model(named.name, named.target)

    def _takes(self, call: Call, names: set[str]) -> bool:
        """Whether a call makes a model, or sets it up, with one of ``names`` as a setting."""
        name, target = call[2].name, call[2].target
        last = name.rpartition(".")[2]
        if last in _BY_NAME or last == "set_params" or self._makes(call):
            return last not in _BY_NAME and _is_given(call, names)
        settings = {n for n in names if not set(parts(n).split()) & _NO_SETTING}
        if target is not None and target.kind == "function":
            leads = self.leading.makes(target) or (self.leading.fits(target) and target.owner is None)
            return leads and _is_given(call, settings)
        trains = "fit" in self.bench.roles(name) and last in {"train", "cv", "fit"} and "." in name
        return (trains or name.startswith(_LAYERS)) and _is_given(call, settings)


def _is_given(call: Call, names: set[str]) -> bool:
    """Whether one of ``names`` stands among the settings that a call is given; rows to fit on are none."""
    node = call[1].node
    rows = call[2].name.rpartition(".")[2] == "fit"
    given = [] if rows else list(node.args)
    given += [k.value for k in node.keywords if k.arg not in _NO_SETTINGS and not (rows and k.arg in _ROWS)]
    return any(isinstance(n, ast.Name) and n.id in names for g in given for n in ast.walk(g))


def _constants(call: ast.Call) -> str:
    """Return the settings of a model that a call writes out as numbers."""
    found = []
    for keyword in call.keywords:
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            continue
        if parts(keyword.arg or "") in words().settings:
            found.append(f"{keyword.arg}={value}")
    return ", ".join(sorted(found))


def _put_together(body: list[ast.stmt], names: set[str]) -> set[str]:
    """Return the names that hold settings which are put together in the loop: ``params = {"max_depth": depth}``."""
    found: set[str] = set()
    for statement in body:
        if not isinstance(statement, ast.Assign):
            continue
        value = statement.value
        is_call = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in {"dict", "zip"}
        if is_call or isinstance(value, (ast.Dict, ast.Tuple, ast.List)):
            read = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
            if read & (names | found):
                found |= {t.id for t in statement.targets if isinstance(t, ast.Name)}
    return found
