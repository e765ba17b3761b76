"""Which measures are computed, and do the names under which they are kept and shown tell the truth?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Literal

from evaluator.facts.analyses import Measure
from evaluator.facts.analysing.looks import Looks
from evaluator.facts.analysing.trees import Grown
from evaluator.facts.python.modules import Source
from evaluator.facts.python.names import Named
from evaluator.facts.python.scopes import Point, Site

Task = Literal["classification", "regression", ""]
_COMPUTES = {
    "accuracy_score": "accuracy",
    "balanced_accuracy_score": "balanced accuracy",
    "precision_score": "precision",
    "recall_score": "recall",
    "f1_score": "f1",
    "fbeta_score": "f1",
    "roc_auc_score": "auc",
    "average_precision_score": "average precision",
    "r2_score": "r2",
    "mean_squared_error": "mse",
    "root_mean_squared_error": "rmse",
    "mean_absolute_error": "mae",
    "median_absolute_error": "mae",
    "mean_absolute_percentage_error": "mape",
    "mean_squared_log_error": "msle",
    "matthews_corrcoef": "mcc",
    "cohen_kappa_score": "kappa",
    "log_loss": "log loss",
    "silhouette_score": "silhouette",
    "classification_report": "report",
    "confusion_matrix": "confusion matrix",
    "precision_recall_fscore_support": "report",
    "brier_score_loss": "brier",
}
_NAMES = (
    ("rmse", ("rmse", "root_mean_squared", "root mean squared", "root mean square")),
    ("mse", ("mse", "mean_squared_error", "mean squared error", "mean square error")),
    ("mae", ("mae", "mean_absolute_error", "mean absolute error")),
    ("mape", ("mape",)),
    ("r2", ("r2", "r²", "r^2", "r_squared", "r-squared", "r squared", "r2_score", "rsquared")),
    ("balanced accuracy", ("balanced accuracy", "balanced_accuracy", "balanced_acc")),
    (
        "accuracy",
        ("accuracy", "acc", "exactitud", "acurácia", "acuracia", "genauigkeit", "точность модели", "准确率", "正解率"),
    ),
    ("precision", ("precision", "prec")),
    ("recall", ("recall", "sensitivity")),
    ("f1", ("f1", "f1_score", "f1-score", "fscore", "f-score")),
    ("auc", ("auc", "roc_auc", "roc-auc", "auroc")),
)
_REGRESSORS = re.compile(
    r"\.(\w*Regressor|LinearRegression|Ridge(CV)?|Lasso(CV)?|LassoLars|ElasticNet(CV)?|(Linear|Nu)?SVR|BayesianRidge|ARDRegression|Lars)$"
)
_CLASSIFIERS = re.compile(
    r"\.(\w*Classifier(CV)?|LogisticRegression(CV)?|(Linear|Nu)?SVC|\w+NB|Perceptron|(Linear|Quadratic)DiscriminantAnalysis|NearestCentroid)$"
)
_HARD = ("sklearn.", "xgboost.XGB", "lightgbm.LGBM", "catboost.", "imblearn.")
_SAME = frozenset({frozenset({"recall", "accuracy"})})
_QUALIFIED = {
    "recall": frozenset({"mean", "macro", "average", "averaged", "avg", "balanced", "unweighted"}),
    "f1": frozenset({"micro"}),
}
"""Words by which a name means another measure: the mean recall of the classes is balanced accuracy, the micro average of F1
is accuracy where each row has one class (scikit-learn, User Guide 3.4.4)."""
_ERRORS = frozenset({"mse", "mae", "mean_squared_error", "mean_absolute_error", "rmse", "msle", "huber", "logcosh"})
_ROUNDS = frozenset({"round", "rint", "astype"})
_STEPS = 40


def found(looks: Looks) -> Iterator[Measure]:
    """Yield the measures of known libraries."""
    for source, site, named, roles in looks.calls:
        if not roles & {"metric", "score"} and named.name.rpartition(".")[2] != "compile":
            continue
        if named.target is not None:
            continue
        grown = looks.showing.grown(source.path)
        metric, task = _computed(site, named)
        if metric:
            said = tuple(sorted(set(_said(looks, grown, site.node, metric))))
            fault = _misnamed(metric, said, _averaged(site)) or _misused(looks, metric, site)
            yield Measure(
                place=looks.place(source, site.node, named.name),
                metric=metric,
                said=said,
                averaged=_averaged(site),
                task=task,
                fault=fault,
            )
        elif named.name.rpartition(".")[2] == "compile":
            yield from _compiled(looks, source, site, named)


def _computed(site: Site, named: Named) -> tuple[str, Task]:
    """Return what a call computes, canonically, and the task that the type of the model tells."""
    owner, _, last = named.name.rpartition(".")
    if last == "score" and owner:
        if _REGRESSORS.search(f".{owner}"):
            return "r2", "regression"
        return ("accuracy", "classification") if _CLASSIFIERS.search(f".{owner}") else ("", "")
    metric = _COMPUTES.get(last, "")
    if metric == "mse" and any(
        k.arg == "squared" and isinstance(k.value, ast.Constant) and k.value.value is False for k in site.node.keywords
    ):
        metric = "rmse"
    return metric, ""


def _averaged(site: Site) -> str:
    given = next((k.value for k in site.node.keywords if k.arg == "average"), None)
    return str(given.value) if isinstance(given, ast.Constant) else ""


def _said(looks: Looks, grown: Grown, call: ast.Call, metric: str) -> Iterator[str]:
    """Yield what the value is called: the names it is given, keys, and the words before it where it is printed.

    A root taken on the way makes the mean of squares its root, so a name after that is another measure's.
    """
    todo: list[ast.AST] = [call]
    seen: set[int] = set()
    while todo and len(seen) < _STEPS:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        parent = grown.parents.get(id(node))
        if metric == "mse" and _takes_root(looks, parent, node):
            continue
        yield from _called(parent, node)
        match parent:
            case ast.FormattedValue() | ast.BinOp(op=ast.Mult()):
                todo.append(parent)
            case ast.Call(func=func) if node is not func and _keeps(looks, parent):
                todo.append(parent)
            case ast.Assign(targets=[ast.Name(id=name)]):
                todo += grown.reads_of(name, looks.showing.home(grown.scope(parent), name), parent)


def _keeps(looks: Looks, call: ast.Call) -> bool:
    """Whether a call gives the number that it is given."""
    return looks.names.called(call).name.rpartition(".")[2] in {"round", "float", "abs"}


def _called(parent: ast.AST | None, node: ast.AST) -> Iterator[str]:
    """Yield what ``parent`` calls the value of ``node``."""
    match parent:
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            yield from _only(text)
        case ast.Call(func=func, args=parts) if node is not func:
            yield from _before(parts, node)
        case (
            ast.Assign(targets=[ast.Name(id=text)])
            | ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=str(text)))])
        ):
            yield from _only(text)
        case ast.Dict(keys=keys, values=values):
            key = next((k for k, v in zip(keys, values, strict=True) if v is node), None)
            yield from _only(str(key.value)) if isinstance(key, ast.Constant) else ()
        case ast.JoinedStr(values=parts):
            yield from _before(parts, node)
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text))):
            yield from _only(text)


def _takes_root(looks: Looks, parent: ast.AST | None, node: ast.AST) -> bool:
    match parent:
        case ast.Call(args=[first, *_]) if first is node:
            return looks.names.called(parent).name.rpartition(".")[2] == "sqrt"
        case ast.BinOp(op=ast.Pow(), left=left):
            return left is node
    return False


def _before(parts: list[ast.expr], node: ast.AST) -> Iterator[str]:
    """Yield the measure that the text right before a value names."""
    at = next((i for i, p in enumerate(parts) if p is node), 0)
    before = parts[at - 1] if at else None
    if isinstance(before, ast.Constant) and isinstance(before.value, str):
        yield from _only(before.value)


def _only(text: str) -> Iterator[str]:
    """Yield the measure that ``text`` names, where it is one only."""
    low = text.lower()
    words = set(re.findall(r"[^\W_]+(?:[²^]\d?)?", low)) | {low}
    named = [metric for metric, names in _NAMES if any(n in words if len(n) <= 4 else n in low for n in names)]
    if "balanced accuracy" in named and "accuracy" in named:
        named.remove("accuracy")
    if "rmse" in named and "mse" in named and "mse" not in words:
        named.remove("mse")
    if _QUALIFIED.get(next(iter(named), ""), frozenset()).isdisjoint(words) and len(named) == 1:
        yield named[0]


def _misnamed(metric: str, said: tuple[str, ...], averaged: str) -> str:
    """Return what is wrong with a name; measures that only names of averages could tell apart are let be."""
    if metric in {
        "report",
        "confusion matrix",
        "silhouette",
        "average precision",
        "kappa",
        "mcc",
        "log loss",
        "brier",
        "msle",
    }:
        return ""
    for name in said:
        if averaged == "micro" and name == "accuracy":
            continue
        if name != metric and metric in dict(_NAMES) and frozenset({name, metric}) not in _SAME:
            return f"computes {metric} and calls it {name}"
    return ""


def _misused(looks: Looks, metric: str, site: Site) -> str:
    """Return what is wrong with the arguments of a measure."""
    given = site.node.args[1] if len(site.node.args) > 1 else None
    if given is None:
        return ""
    asked = _asked(looks, given, site.point)
    if (
        metric == "auc"
        and asked.endswith(".predict")
        and asked.startswith(_HARD)
        and not _REGRESSORS.search(asked[:-8])
    ):
        return "the area under the curve is computed from hard labels"
    rounded = any(
        isinstance(n, ast.Call) and looks.names.called(n).name.rpartition(".")[2] in _ROUNDS for n in ast.walk(given)
    )
    if metric == "accuracy" and asked.endswith(".predict") and _REGRESSORS.search(asked[:-8]):
        return "accuracy is computed of a regressor's answers" + (", rounded" if rounded else "")
    return ""


def _asked(looks: Looks, expr: ast.expr, point: Point, depth: int = 4) -> str:
    """Return the call by which a model gave what ``expr`` holds as it is, or rounded."""
    match expr:
        case ast.Call():
            named = looks.names.called(expr)
            if looks.places.predicts(named):
                return named.name
            if named.name.rpartition(".")[2] in _ROUNDS and depth:
                inner = expr.args[0] if expr.args and named.name.rpartition(".")[2] != "astype" else None
                inner = expr.func.value if inner is None and isinstance(expr.func, ast.Attribute) else inner
                return _asked(looks, inner, point, depth - 1) if inner is not None else ""
        case ast.Name(id=name) if depth:
            bound = [b for b in looks.names.bindings(name, point)[:1] if b.how == "value" and not b.steps]
            return next((_asked(looks, b.expr, b.point, depth - 1) for b in bound if b.expr is not None), "")
    return ""


def _compiled(looks: Looks, source: Source, site: Site, named: Named) -> Iterator[Measure]:
    """Yield measures that a network shows while it trains; accuracy of a network that fits numbers means nothing."""
    given = {k.arg: k.value for k in site.node.keywords}
    shown = [c.value for c in ast.walk(given["metrics"]) if isinstance(c, ast.Constant)] if "metrics" in given else []
    if not {"accuracy", "acc"}.intersection(str(s) for s in shown):
        return
    loss = given.get("loss")
    is_error = isinstance(loss, ast.Constant) and str(loss.value) in _ERRORS
    scope = [s for s in source.walked.sites if s.label == site.label]
    ends = {
        str(k.value.value)
        for s in scope
        for k in s.node.keywords
        if k.arg == "activation" and isinstance(k.value, ast.Constant) and "keras" in looks.names.called(s.node).name
    }
    fault = "shows accuracy of a network that fits numbers" if is_error and not ends & {"sigmoid", "softmax"} else ""
    yield Measure(place=looks.place(source, site.node, named.name), metric="accuracy", said=("accuracy",), fault=fault)
