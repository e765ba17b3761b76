"""Where are a model's errors looked at, beyond one number?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluator.facts.analyses import Look
from evaluator.facts.analysing import beside, slices
from evaluator.facts.analysing.looks import Looks, Told, whole
from evaluator.facts.analysing.predictions import is_variable
from evaluator.facts.analysing.trees import Grown
from evaluator.facts.python.modules import Source
from evaluator.facts.python.scopes import Point
from evaluator.facts.python.values import Known

_KINDS = {
    "errors-confusion": "confusion",
    "errors-residuals": "residuals",
    "errors-cases": "wrong-cases",
    "errors-slices": "slices",
    "errors-report": "report",
    "errors-curve": "curve",
}
_NOT_AVERAGED = frozenset(
    {"precision_score", "recall_score", "f1_score", "fbeta_score", "jaccard_score", "roc_auc_score"}
) | {"average_precision_score"}
_COUNTS = {
    "tp": ("tp", "true_pos", "true_positive", "true_positives", "truepos", "n_tp", "num_tp"),
    "fp": ("fp", "false_pos", "false_positive", "false_positives", "falsepos", "n_fp", "num_fp"),
    "tn": ("tn", "true_neg", "true_negative", "true_negatives", "trueneg", "n_tn", "num_tn"),
    "fn": ("fn", "false_neg", "false_negative", "false_negatives", "falseneg", "n_fn", "num_fn"),
}
_COUNTED = {name: which for which, names in _COUNTS.items() for name in names}
_TWO_WAYS = frozenset({"pandas.crosstab", "pandas.pivot_table"})
_DECOMPOSES = ("seasonal", "STL", "decompose", "decomposition")
_PLOTTED = {
    "confusion_matrix": "confusion",
    "roc": "curve",
    "precision_recall": "curve",
    "calibration": "curve",
    "det": "curve",
}
_RESIDUALS = frozenset(
    {"resid", "residuals", "resid_pearson", "resid_deviance", "resid_response", "wresid", "std_resid"}
)


def found(looks: Looks) -> Iterator[Look]:
    """Yield every place where errors are looked at."""
    yield from looks.by_role(_KINDS, wanted=whole)
    yield from _logged(looks)
    yield from _per_class(looks)
    yield from _two_ways(looks)
    for source in looks.modelling:
        grown = looks.showing.grown(source.path)
        training = {f.place.scope for f in looks.places.fits if f.kind != "library" and f.place.at.path == source.path}
        yield from _counts(looks, source)
        for node in grown.nodes:
            match node:
                case ast.BinOp(op=ast.Sub()) if grown.label(node) not in training - {""}:
                    yield from _residual(looks, source, grown, node)
                case ast.Attribute(attr=attr, ctx=ast.Load()) if attr in _RESIDUALS:
                    yield from _stored_residual(looks, source, grown, node)
                case ast.Compare(ops=[ast.Eq() | ast.NotEq()]):
                    yield from _wrong(looks, source, grown, node)
                case ast.AugAssign(op=ast.Add(), target=ast.Subscript()):
                    yield from _tallied(looks, source, grown, node)
                    yield from _tallied_by_class(looks, source, grown, node)
    yield from slices.found(looks)
    yield from beside.found(looks)


def _logged(looks: Looks) -> Iterator[Look]:
    """Yield plots that a tracker draws when told their name: ``live.log_sklearn_plot("confusion_matrix", ...)``."""
    for source, site, named, _ in looks.calls:
        first = site.node.args[0] if site.node.args else None
        if named.name.endswith(".log_sklearn_plot") and isinstance(first, ast.Constant) and first.value in _PLOTTED:
            name = f"{named.name} ({first.value})"
            yield looks.look(_PLOTTED[str(first.value)], source, site.node, name, looks.drawn(source, site.node))


def _per_class(looks: Looks) -> Iterator[Look]:
    """Yield measures that are asked for class by class: ``f1_score(..., average=None)``."""
    for source, site, named, roles in looks.calls:
        last = named.name.rpartition(".")[2]
        average = next((k.value for k in site.node.keywords if k.arg == "average"), None)
        written = average.value if isinstance(average, ast.Constant) else "unknown"
        every = last == "precision_recall_fscore_support" and (average is None or written is None)
        each = average is not None and written in {None, "none"} and (last in _NOT_AVERAGED or "metric" in roles)
        if (every or each) and not looks.vain.why(site):
            told = looks.told(source, site.node, wanted=whole)
            yield looks.look("per-class", source, site.node, named.name, told)


def _two_ways(looks: Looks) -> Iterator[Look]:
    """Yield cross tables of truth and prediction."""
    for source, site, named, _ in looks.calls:
        if named.name not in _TWO_WAYS or len(site.node.args) < 2:
            continue
        if looks.predictions.set_against(site.node.args[0], site.node.args[1], site.point):
            told = looks.told(source, site.node, wanted=whole)
            yield looks.look("confusion", source, site.node, named.name, told)


def _counts(looks: Looks, source: Source) -> Iterator[Look]:
    """Yield true and false positives and negatives that are counted by hand and shown as they are."""
    for scope in dict.fromkeys([*source.walked.scopes, source.walked.module]):
        which: dict[str, list[ast.AST]] = {}
        for name, bindings in scope.bindings.items():
            if name.lower() in _COUNTED:
                which.setdefault(_COUNTED[name.lower()], []).extend(b.node for b in bindings if b.how == "value")
        nodes = [node for kind in sorted(which) for node in which[kind][-2:]]
        if len(which) < 3 or not nodes:
            continue
        grown = looks.showing.grown(source.path)
        told = [_shown_count(looks, source, grown, node) for node in nodes]
        seen = [t for t in told if t.shown != "thrown-away"]
        best = seen[0] if len(seen) >= 2 else Told("thrown-away", "the counts themselves are not shown", frozenset())
        if _is_counting(grown, nodes, scope_nodes=scope.node):
            yield looks.look("confusion", source, nodes[0], "counts of true and false predictions", best)


def _shown_count(looks: Looks, source: Source, grown: Grown, node: ast.AST) -> Told:
    """Return how a count is shown itself, not a rate that is computed with it."""
    name = node.id if isinstance(node, ast.Name) else ""
    scope = grown.scope(node)
    for read in grown.reads_of(name, scope, node):
        told = looks.told(source, read, wanted=lambda s: not s.notes & {"computed"})
        if told.shown != "thrown-away":
            return told
    return Told("thrown-away", "nothing shows it", frozenset())


def _is_counting(grown: Grown, nodes: list[ast.AST], scope_nodes: ast.AST) -> bool:
    """Whether the counts come from comparing something, and are no constants."""
    scope = grown.scope(nodes[0])
    compared = (
        any(isinstance(n, (ast.Compare, ast.BitAnd)) for n in ast.walk(scope_nodes))
        if scope.kind == "function"
        else True
    )
    statements = [grown.statement(n) for n in nodes]
    constant = all(isinstance(x, ast.Assign) and _is_typed_in(x.value) for x in statements)
    added = any(
        isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name) and n.target.id.lower() in _COUNTED
        for n in (ast.walk(scope.node) if scope.kind == "function" else grown.nodes)
    )
    return compared and (added or not constant)


def _is_typed_in(expr: ast.expr) -> bool:
    """Whether a value is made of constants; an empty list is there to be filled."""
    return not is_variable(expr) and not (isinstance(expr, (ast.List, ast.Call)) and not getattr(expr, "elts", ()))


def _residual(looks: Looks, source: Source, grown: Grown, node: ast.BinOp) -> Iterator[Look]:
    """Yield differences between truth and prediction, where they are shown row by row or by their distribution."""
    point = looks.predictions.point(grown, node)
    if not looks.predictions.set_against(node.left, node.right, point):
        return
    told = looks.told(source, node, wanted=whole)
    if told.shown != "thrown-away":
        yield looks.look("residuals", source, node, "truth minus prediction", told)


def _stored_residual(looks: Looks, source: Source, grown: Grown, node: ast.Attribute) -> Iterator[Look]:
    """Yield the residuals that a fitted model keeps; those of a decomposition are no model's."""
    values = looks.names.values(node.value, looks.predictions.point(grown, node))
    if any(isinstance(v, Known) and any(part in v.path for part in _DECOMPOSES) for v in values):
        return
    told = looks.told(source, node, wanted=whole)
    if told.shown != "thrown-away":
        yield looks.look("residuals", source, node, f".{node.attr}", told)


def _wrong(looks: Looks, source: Source, grown: Grown, node: ast.Compare) -> Iterator[Look]:
    """Yield rows that are chosen for being predicted wrongly, where they are shown."""
    right = node.comparators[0]
    if not is_variable(right) or not is_variable(node.left):
        return
    point = looks.predictions.point(grown, node)
    if not looks.predictions.set_against(node.left, right, point):
        return
    unequal = isinstance(node.ops[0], ast.NotEq)
    told = looks.told(
        source, node, wanted=lambda s: whole(s) and "selected" in s.notes and ("inverted" in s.notes) != unequal
    )
    if told.shown == "thrown-away":
        told = _in_branch(looks, source, grown, node, unequal=unequal) or told
    if told.shown != "thrown-away":
        yield looks.look("wrong-cases", source, node, "rows predicted wrongly", told)


def _in_branch(looks: Looks, source: Source, grown: Grown, node: ast.Compare, *, unequal: bool) -> Told | None:
    """Return how a branch that runs for wrong predictions shows them."""
    branch = next((n for n in grown.above(node) if isinstance(n, (ast.If, ast.stmt))), None)
    if not isinstance(branch, ast.If) or not any(n is node for n in ast.walk(branch.test)):
        return None
    for statement in branch.body if unequal else branch.orelse:
        for call in (n for n in ast.walk(statement) if isinstance(n, ast.Call)):
            given = [*call.args, *(k.value for k in call.keywords)]
            varies = [a for a in given if is_variable(a)]
            last = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            how = looks.showing.shows(looks.names.called(call).name)
            if varies and how is not None and looks.names.called(call).target is None:
                told = looks.drawn(source, call, how)
                return told if told.shown != "thrown-away" else None
            if varies and last == "append":
                told = looks.told(source, varies[0], wanted=whole)
                if told.shown != "thrown-away":
                    return told
    return None


def _tallied(looks: Looks, source: Source, grown: Grown, node: ast.AugAssign) -> Iterator[Look]:
    """Yield matrices that are counted by hand: ``m[truth][prediction] += 1``."""
    target = node.target
    if not isinstance(target, ast.Subscript) or not isinstance(node.value, ast.Constant) or node.value.value != 1:
        return
    match target:
        case ast.Subscript(value=ast.Subscript(value=base, slice=first), slice=second):
            pass
        case ast.Subscript(value=base, slice=ast.Tuple(elts=[first, second])):
            pass
        case _:
            return
    point = looks.predictions.point(grown, node)
    if not looks.predictions.set_against(first, second, point):
        return
    told = _told_of(looks, source, grown, base, node)
    yield looks.look("confusion", source, node, "a matrix counted by hand", told)


def _tallied_by_class(looks: Looks, source: Source, grown: Grown, node: ast.AugAssign) -> Iterator[Look]:
    """Yield hits that are counted class by class: ``right[label] += (prediction == label)``."""
    target = node.target
    if not isinstance(target, ast.Subscript) or isinstance(target.slice, (ast.Constant, ast.Slice, ast.Tuple)):
        return
    point = looks.predictions.point(grown, node)
    tests = [n.test for n in grown.above(node) if isinstance(n, ast.If)][:2]
    compared = any(_compares(looks, e, point) for e in (node.value, *tests))
    if compared and looks.predictions.is_truth(target.slice, point):
        told = _told_of(looks, source, grown, target.value, node)
        yield looks.look("per-class", source, node, "hits counted class by class", told)


def _compares(looks: Looks, expr: ast.expr, point: Point, depth: int = 3) -> bool:
    """Whether ``expr`` holds, or is made of, a comparison of predictions with the truth."""
    for node in ast.walk(expr):
        match node:
            case ast.Compare(left=left, comparators=[right]) if looks.predictions.set_against(left, right, point):
                return True
            case ast.Name(id=name) if depth:
                bound = looks.names.bindings(name, point)[:2]
                if any(
                    b.how == "value" and b.expr is not None and _compares(looks, b.expr, b.point, depth - 1)
                    for b in bound
                ):
                    return True
    return False


def _told_of(looks: Looks, source: Source, grown: Grown, base: ast.expr, node: ast.AST) -> Told:
    """Return how a container is shown after ``node`` has put something into it."""
    name = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
    home = looks.showing.home(grown.scope(node), name)
    reads = grown.reads_of(name, home, node) if isinstance(base, ast.Name) else grown.reads_of_attribute(name)
    for read in reads:
        told = looks.told(source, read, wanted=whole)
        if told.shown != "thrown-away":
            return told
    return Told("thrown-away", "nothing shows it", frozenset())
