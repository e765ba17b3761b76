"""Are predictions shown beside the truth: as a plot, as a table, or case by case?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from evaluator.facts.analyses import Look
from evaluator.facts.analysing.looks import Looks, Told, whole
from evaluator.facts.analysing.predictions import is_variable
from evaluator.facts.analysing.trees import Grown
from evaluator.facts.python.modules import Source
from evaluator.facts.python.scopes import Point

_POINTS = frozenset(
    {"plot", "scatter", "scatterplot", "lineplot", "regplot", "jointplot", "Scatter", "add_scatter", "line"}
) | {
    "lmplot",
    "plot_predictions",
    "plot_series",
}
_TITLES = frozenset({"title", "set_title", "xlabel", "set_xlabel", "suptitle"})
_PICTURES = frozenset({"imshow", "matshow"})
_TABLES = frozenset({"DataFrame", "concat", "column_stack", "dict", "zip"})
_Group: TypeAlias = dict[tuple[str, int | None], list[tuple[ast.Call, str, bool, bool]]]


def found(looks: Looks) -> Iterator[Look]:
    """Yield plots and tables of predictions beside the truth, and cases that are shown with both."""
    for source in looks.modelling:
        grown = looks.showing.grown(source.path)
        yield from _plots(looks, source, grown)
        for node in grown.nodes:
            if isinstance(node, ast.Call):
                yield from _table(looks, source, grown, node)
                yield from _titled(looks, source, grown, node)
            elif isinstance(node, ast.Dict):
                yield from _pairs(looks, source, grown, node)


def _plots(looks: Looks, source: Source, grown: Grown) -> Iterator[Look]:
    """Yield plots of truth and prediction: in one call, or drawn over each other."""
    groups: _Group = {}
    for site in source.walked.sites:
        name = looks.names.called(site.node).name.rpartition(".")[2]
        if name not in _POINTS:
            continue
        point = looks.predictions.point(grown, site.node)
        given = [
            a
            for a in [*site.node.args, *(k.value for k in site.node.keywords if k.arg in {"x", "y"})]
            if is_variable(a)
        ]
        held = [looks.predictions.hold(a, point) for a in given]
        true = any(looks.predictions.is_truth(a, point) for a, h in zip(given, held, strict=True) if not h)
        mixed = any(_mixes(looks, a, point) for a in [*given, *_receiver(site.node)])
        groups.setdefault((site.label, site.cell), []).append((site.node, name, any(held) or mixed, true or mixed))
    for _, drawn in sorted(groups.items(), key=lambda pair: (pair[0][1] or 0, pair[0][0])):
        said = next((d for d in drawn if d[2]), None)
        if said is None or not any(true for _, _, _, true in drawn):
            continue
        told = looks.drawn(source, said[0])
        if told.shown != "thrown-away":
            yield looks.look("fit-plot", source, said[0], said[1], told)


def _receiver(call: ast.Call) -> list[ast.expr]:
    return [call.func.value] if isinstance(call.func, ast.Attribute) else []


def _mixes(looks: Looks, expr: ast.expr, point: Point) -> bool:
    """Whether columns are picked of which some are predictions: ``df[["Close", "Predicted"]]``."""
    if not isinstance(expr, ast.Subscript) or not isinstance(expr.slice, (ast.List, ast.Tuple)):
        return False
    columns = [c for c in expr.slice.elts if isinstance(c, ast.Constant)]
    held = [looks.predictions.hold_column(expr.value, c, point) for c in columns]
    return any(held) and not all(held)


def _table(looks: Looks, source: Source, grown: Grown, call: ast.Call) -> Iterator[Look]:
    """Yield tables that are put together from truth and predictions."""
    last = looks.names.called(call).name.rpartition(".")[2]
    if last not in _TABLES:
        return
    parts = call.args[0].elts if len(call.args) == 1 and isinstance(call.args[0], (ast.List, ast.Tuple)) else call.args
    yield from _beside(looks, source, grown, call, list(parts))


def _pairs(looks: Looks, source: Source, grown: Grown, node: ast.Dict) -> Iterator[Look]:
    """Yield tables whose columns are truth and prediction."""
    if len(node.values) <= 12:
        yield from _beside(looks, source, grown, node, node.values)


def _beside(looks: Looks, source: Source, grown: Grown, node: ast.expr, parts: list[ast.expr]) -> Iterator[Look]:
    varies = [p for p in parts if is_variable(p)]
    if len(varies) < 2:
        return
    point = looks.predictions.point(grown, node)
    held = [looks.predictions.hold(p, point) for p in varies]
    others = [p for p, h in zip(varies, held, strict=True) if not h]
    if any(held) and any(looks.predictions.is_truth(p, point) for p in others):
        told = looks.told(source, node, wanted=whole)
        if told.shown != "thrown-away":
            yield looks.look("cases", source, node, "truth beside prediction", told)


def _titled(looks: Looks, source: Source, grown: Grown, call: ast.Call) -> Iterator[Look]:
    """Yield pictures that are shown with their prediction and their label."""
    last = looks.names.called(call).name.rpartition(".")[2]
    if last not in _TITLES or not call.args:
        return
    fields = [n for n in ast.walk(call.args[0]) if isinstance(n, (ast.Name, ast.Subscript)) and not _inner(grown, n)]
    point = looks.predictions.point(grown, call)
    held = [looks.predictions.hold(f, point) for f in fields]
    if not any(held) or all(held):
        return
    label = grown.label(call)
    pictures = (
        looks.names.called(s.node).name.rpartition(".")[2] in _PICTURES for s in source.walked.sites if s.label == label
    )
    if any(pictures):
        told: Told = looks.drawn(source, call)
        yield looks.look("cases", source, call, "a picture with its label and its prediction", told)


def _inner(grown: Grown, node: ast.AST) -> bool:
    """Whether a name is only a part of an item that is looked at itself."""
    return isinstance(grown.parents.get(id(node)), ast.Subscript)
