"""Is it told how far a score varies: over folds, seeds or samples?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluator.facts.claiming.measures import measures
from evaluator.facts.experimenting.holding import Holding
from evaluator.facts.experimenting.workbench import Call, Workbench, arguments
from evaluator.facts.experiments import Spread
from evaluator.facts.python.results import argument
from evaluator.facts.python.scopes import Point, Site
from evaluator.model import Span

_SPREADS = frozenset(
    {
        "std",
        "stdev",
        "pstdev",
        "sem",
        "nanstd",
        "iqr",
        "interval",
        "percentile",
        "quantile",
        "nanpercentile",
        "bootstrap",
        "ttest_rel",
        "describe",
    }
)
_DRAWS = frozenset({"boxplot", "violinplot", "errorbar"})
_TELLS = frozenset({"print", "display", "pprint", "info", "write"})
_COLUMNS = re.compile(r"std_test_\w+|std_score|\w+-std")
_BETWEEN = re.compile(r"\d\s*%?\s*[()]?\s*(?:±|\+\s?/\s?-|\+-|∓)\s*\(?\s*\d|\bpm\s*\d")
_INTERVAL = re.compile(
    r"\b(?:9[059]\s?%\s*(?:ci\b|confidence|c\.i\.)|confidence interval|standard deviation of the (?:scores|accurac\w+)|credible interval|intervalo de confianza|intervalo de confianca|intervalle de confiance|konfidenzintervall|доверительн)|置信区间|信頼区間",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[.,]\d|\d\s?%")
_LIMIT = 40


def find(bench: Workbench) -> list[Spread]:
    """Return where a spread is given, or fold scores are listed, by place."""
    found = [*_computed(bench), *_columns(bench), *_listed(bench), *_told(bench), *_printed(bench)]
    unique: dict[tuple[str, int, int, str], Spread] = {}
    for spread in found:
        unique.setdefault((spread.at.path, spread.at.cell or 0, spread.at.start, spread.how), spread)
    return [unique[key] for key in sorted(unique)][:_LIMIT]


def _several(bench: Workbench) -> Holding:
    """Return what tells expressions that hold several scores of one kind: of folds, or gathered one by one."""
    return Holding(bench, lambda call: "score-folds" in bench.roles(bench.names.called(call).name))


def _computed(bench: Workbench) -> Iterator[Spread]:
    folds, scores = _several(bench), Holding(bench)
    for source, site, named in bench.calls:
        last = named.name.rpartition(".")[2]
        if named.name.endswith("evaluate_policy") and any(n in source.walked.reads for n in site.binds[1:2]):
            at = bench.span(source, site.node, site.cell)
            yield Spread(how="spread", why="the spread of the reward over episodes", at=at)
        if last not in _SPREADS | _DRAWS or (last in _SPREADS and bench.is_lost(source, site)):
            continue
        exprs = _measured(site, last)
        by_folds = any(folds.holds(e, site.point) for e in exprs)
        if by_folds or any(_gathered(bench, scores, e, site.point) for e in exprs):
            why = f"{last} over the scores of {'folds' if by_folds else 'several fits'}"
            yield Spread(how="spread", why=why, at=bench.span(source, site.node, site.cell))


def _measured(site: Site, last: str) -> list[ast.expr]:
    node = site.node
    own = [node.func.value] if isinstance(node.func, ast.Attribute) else []
    if last == "interval":
        return [*own, *arguments(node)]
    return [*own, *node.args[:1], *(k.value for k in node.keywords if k.arg in {"yerr", "data", "a", "x"})]


def _gathered(bench: Workbench, scores: Holding, expr: ast.expr, point: Point) -> bool:
    """Whether ``expr`` is a list to which scores were added one by one, or made by a comprehension."""
    match expr:
        case ast.ListComp(elt=elt):
            return scores.holds(elt, point.scope.walked.inner.get(id(expr), point))
        case ast.Name(id=name):
            for binding in bench.names.bindings(name, point):
                put = binding.point.scope.contents.get(name, ())
                if any(key is None and scores.holds(e, p) for key, e, p in put[:20]):
                    return True
                if (
                    binding.expr is not None
                    and binding.how == "value"
                    and _gathered_value(bench, scores, binding.expr, binding.point)
                ):
                    return True
            if any(b.how == "parameter" for b in bench.names.bindings(name, point)):
                return _passed(bench, scores, name, point)
        case ast.Subscript(value=inner) | ast.Attribute(value=inner):
            return _gathered(bench, scores, inner, point)
        case ast.Call():
            target = bench.names.called(expr).target
            if target is not None and target.kind == "function":
                return any(_gathered(bench, scores, e, p) for e, p in target.results[-3:])
            return bool(expr.args) and _gathered(bench, scores, expr.args[0], point)
    return False


def _gathered_value(bench: Workbench, scores: Holding, expr: ast.expr, point: Point) -> bool:
    if isinstance(expr, (ast.ListComp, ast.Call)):
        return _gathered(bench, scores, expr, point)
    return isinstance(expr, ast.List) and len(expr.elts) >= 2 and all(scores.holds(e, point) for e in expr.elts)


def _passed(bench: Workbench, scores: Holding, name: str, point: Point) -> bool:
    for binding in bench.names.bindings(name, point):
        for site, method in bench.names.callers.get(binding.point.scope, [])[:6]:
            given = argument(site.node, binding.name, binding.index - 1 if method else binding.index)
            own = bench.names.bindings(given.id, site.point) if isinstance(given, ast.Name) else []
            if (
                given is not None
                and any(b.how != "parameter" for b in own)
                and _gathered(bench, scores, given, site.point)
            ):
                return True
    return False


def _columns(bench: Workbench) -> Iterator[Spread]:
    """Yield reads of the spread that a search or a library's cross-validation computes."""
    for source in bench.places.sources:
        for text, node, label, cell in source.walked.texts:
            if len(text) < 40 and _COLUMNS.fullmatch(text) and bench.runs(source.path, label):
                yield Spread(how="spread", why=f"the column {text!r}", at=bench.span(source, node, cell))


def _listed(bench: Workbench) -> Iterator[Spread]:
    """Yield where the scores of folds are told one by one."""
    last_of_cells = {
        id(u.tree.body[-1].value)
        for s in bench.places.sources
        if s.kind == "notebook"
        for u in s.units
        if u.tree.body and isinstance(u.tree.body[-1], ast.Expr)
    }
    for source, site, named in bench.calls:
        node = site.node
        if id(node) in last_of_cells and "score-folds" in bench.roles(named.name):
            yield Spread(how="folds", why="the scores of the folds are shown", at=bench.span(source, node, site.cell))
        if named.name.rpartition(".")[2] not in _TELLS:
            continue
        if any(_is_folds(bench, a, site.point) for a in arguments(node)) or _tells_in_fold(
            bench, (source, site, named)
        ):
            yield Spread(how="folds", why="the scores of the folds are printed", at=bench.span(source, node, site.cell))


def _is_folds(bench: Workbench, expr: ast.expr, point: Point) -> bool:
    """Whether ``expr`` is the whole result of a cross-validation."""
    match expr:
        case ast.JoinedStr(values=values):
            return any(isinstance(v, ast.FormattedValue) and _is_folds(bench, v.value, point) for v in values)
        case ast.Call():
            return "score-folds" in bench.roles(bench.names.called(expr).name)
        case ast.Name(id=name):
            return any(
                b.how == "value"
                and b.expr is not None
                and not b.steps
                and isinstance(b.expr, ast.Call)
                and _is_folds(bench, b.expr, b.point)
                for b in bench.names.bindings(name, point)
            )
        case ast.Subscript(value=inner):
            return _is_folds(bench, inner, point)
    return False


def _tells_in_fold(bench: Workbench, call: Call) -> bool:
    """Whether a score is printed in a loop over folds."""
    source, site, _ = call
    over_folds = False
    for number in site.loops:
        loop = source.walked.loops[number]
        for inner in ast.walk(loop.iter) if isinstance(loop, ast.For) else ():
            name = bench.names.called(inner).name if isinstance(inner, ast.Call) else ""
            over_folds = over_folds or (
                name.endswith(".split") and "split-folds" in bench.roles(name.removesuffix(".split"))
            )
    return over_folds and any(Holding(bench).holds(a, site.point) for a in arguments(site.node))


def _told(bench: Workbench) -> Iterator[Spread]:
    """Yield the documents' own words: a measure with its spread."""
    for document in bench.documents:
        if document.role == "community":
            continue
        for block in document.blocks:
            if block.kind == "heading" or not _gives(block.text) or "references" in block.topics:
                continue
            yield Spread(how="spread", why="a document gives the spread", at=block.at, seen=True)


def _gives(text: str) -> bool:
    if not _NUMBER.search(text) or not (_BETWEEN.search(text) or _INTERVAL.search(text)):
        return False
    return any(t.kind == "metric" for t in measures().tokens(text))


def _printed(bench: Workbench) -> Iterator[Spread]:
    """Yield outputs of notebooks that show a measure with its spread."""
    for notebook in bench.notebooks:
        for cell in notebook.cells:
            if cell.printed and _BETWEEN.search(cell.printed) and _gives(f"{cell.printed} {cell.source[:2000]}"):
                yield Spread(
                    how="spread",
                    why="an output gives the spread",
                    at=Span(path=notebook.path, cell=cell.index),
                    seen=True,
                )
