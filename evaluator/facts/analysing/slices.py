"""Is quality measured on parts of the rows: group by group, class by class, under a condition?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluator.facts.analyses import Look
from evaluator.facts.analysing.looks import Looks
from evaluator.facts.analysing.predictions import is_variable
from evaluator.facts.analysing.trees import Grown
from evaluator.facts.python.modules import Source
from evaluator.facts.python.scopes import Point, Site

_AROUND = (ast.For, ast.AsyncFor, ast.ListComp, ast.DictComp, ast.GeneratorExp, ast.SetComp, ast.Lambda)
_CONDITIONS = frozenset(
    {"isin", "between", "eq", "ne", "gt", "lt", "ge", "le", "startswith", "contains", "isna", "isnull"}
)
_GROUPS = frozenset({"groupby", "group_by"})


def found(looks: Looks) -> Iterator[Look]:
    """Yield the measures of parts of the rows that are shown."""
    by_scope: dict[tuple[str, str], list[tuple[Source, Site, str]]] = {}
    for source, site, named, roles in looks.calls:
        if not roles & {"metric", "score"} or named.target is not None:
            continue
        grown = looks.showing.grown(source.path)
        if _is_grouped(looks, grown, site) or (_is_masked(looks, grown, site) and _repeats(grown, site.node)):
            told = looks.told(source, site.node, wanted=lambda _: True)
            yield looks.look("slices", source, site.node, named.name, told)
        elif _is_masked(looks, grown, site):
            by_scope.setdefault((source.path, site.label), []).append((source, site, named.name))
    for _, several in sorted(by_scope.items()):
        masks = {ast.dump(i) for _, site, _ in several for i in _indices(site)}
        if len(masks) >= 2:
            source, site, name = several[0]
            told = looks.told(source, site.node, wanted=lambda _: True)
            yield looks.look("slices", source, site.node, name, told)
    yield from _beginnings(looks)
    yield from _errors_by_group(looks)


def _beginnings(looks: Looks) -> Iterator[Look]:
    """Yield measures of a stretch of rows that are also measured as a whole: ``mae(y[:n], pred[:n])``."""
    seen: dict[tuple[str, str, str], dict[bool, tuple[Source, Site, str]]] = {}
    for source, site, named, roles in looks.calls:
        if "metric" not in roles or len(site.node.args) < 2:
            continue
        pair = [ast.dump(_unsliced(a)) for a in site.node.args[:2]]
        sliced = any(isinstance(n, ast.Slice) for a in site.node.args[:2] for n in ast.walk(a))
        seen.setdefault((source.path, named.name, " ".join(pair)), {}).setdefault(sliced, (source, site, named.name))
    for _, both in sorted(seen.items()):
        if len(both) == 2:
            source, site, name = both[True]
            yield looks.look("slices", source, site.node, name, looks.told(source, site.node, wanted=lambda _: True))


def _unsliced(expr: ast.expr) -> ast.expr:
    """Return what ``expr`` is a stretch of."""
    while isinstance(expr, ast.Subscript) and isinstance(expr.slice, ast.Slice):
        inner = expr.value
        expr = inner.value if isinstance(inner, ast.Attribute) and inner.attr in {"iloc", "loc"} else inner
    return expr


def _indices(site: Site) -> Iterator[ast.expr]:
    """Yield what the rows of a measure are chosen by."""
    for argument in [*site.node.args[:2], *(k.value for k in site.node.keywords if k.arg in {"y_true", "y_pred"})]:
        for node in ast.walk(argument):
            if isinstance(node, ast.Subscript) and not isinstance(node.slice, (ast.Constant, ast.Slice)):
                yield node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice


def _is_masked(looks: Looks, grown: Grown, site: Site) -> bool:
    return any(_is_condition(looks, index, looks.predictions.point(grown, site.node)) for index in _indices(site))


def _is_condition(looks: Looks, expr: ast.expr, point: Point, depth: int = 4) -> bool:
    """Whether ``expr`` chooses rows by what they are, and not by chance or by position."""
    match expr:
        case ast.Compare():
            return is_variable(expr)
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()) | ast.UnaryOp(op=ast.Invert()):
            return True
        case ast.Call(func=ast.Attribute(attr=attr)) if attr in _CONDITIONS:
            return True
        case ast.Call(args=[first, *_]):
            return _is_condition(looks, first, point, depth - 1) if depth else False
        case ast.Subscript(value=inner) | ast.Attribute(value=inner):
            return _is_condition(looks, inner, point, depth - 1) if depth else False
        case ast.Name(id=name) if depth:
            return any(
                b.expr is not None and b.how == "value" and _is_condition(looks, b.expr, b.point, depth - 1)
                for b in looks.names.bindings(name, point)
            )
    return False


def _repeats(grown: Grown, node: ast.AST) -> bool:
    """Whether something is done for one part after the other."""
    for holder in grown.above(node):
        if isinstance(holder, _AROUND):
            return True
        if isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
    return False


def _is_grouped(looks: Looks, grown: Grown, site: Site) -> bool:
    """Whether a measure is computed for each group of a ``groupby``: in its loop, or by what is applied to it."""
    inner: ast.AST = site.node
    for holder in grown.above(site.node):
        match holder:
            case ast.Lambda():
                call = grown.parents.get(id(holder))
                if isinstance(call, ast.Call) and _groups(call.func):
                    return True
            case ast.For(iter=iterated, target=target) if iterated is not inner:
                read = {n.id for n in ast.walk(site.node) if isinstance(n, ast.Name)}
                bound = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
                if _groups(iterated) and read & bound:
                    return True
            case ast.FunctionDef(name=name):
                scope = looks.showing.grown(grown.source.path).scopes.get(id(holder))
                home = scope.parent if scope is not None and scope.parent is not None else grown.source.walked.module
                for use in grown.reads_of(name, home, None):
                    call = grown.parents.get(id(use))
                    if isinstance(call, ast.Call) and use is not call.func and _groups(call.func):
                        return True
                return False
        inner = holder
    return False


def _groups(expr: ast.AST) -> bool:
    """Whether ``expr`` is made of a ``groupby``."""
    return any(isinstance(n, ast.Attribute) and n.attr in _GROUPS for n in ast.walk(expr))


def _errors_by_group(looks: Looks) -> Iterator[Look]:
    """Yield errors that are averaged group by group: ``df.groupby("region")["error"].mean()``."""
    for source in looks.modelling:
        grown = looks.showing.grown(source.path)
        for node in grown.nodes:
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _GROUPS):
                continue
            column = _column(grown, node)
            if column is None or not isinstance(node.func.value, ast.Name):
                continue
            point = looks.predictions.point(grown, node)
            if _holds_errors(looks, node.func.value.id, column, point):
                told = looks.told(source, node, wanted=lambda _: True)
                yield looks.look("slices", source, node, "errors by group", told)


def _column(grown: Grown, node: ast.Call) -> str | None:
    """Return the column that is picked from the groups."""
    match grown.parents.get(id(node)):
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Attribute(attr=name):
            return name
    return None


def _holds_errors(looks: Looks, frame: str, column: str, point: Point) -> bool:
    """Whether truth and prediction were compared into a column of a table."""
    for key, value, where in point.scope.contents.get(frame, ())[:60]:
        if not isinstance(key, ast.Constant) or key.value != column:
            continue
        for node in ast.walk(value):
            match node:
                case ast.BinOp(op=ast.Sub(), left=left, right=right) | ast.Compare(left=left, comparators=[right]):
                    if looks.predictions.set_against(left, right, where):
                        return True
    return False
