"""Where is it shown why a model answers as it does?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluator.facts.analyses import Look
from evaluator.facts.analysing import embedded
from evaluator.facts.analysing.looks import Looks, Told, whole
from evaluator.facts.analysing.predictions import is_variable
from evaluator.facts.analysing.showing import Sink
from evaluator.facts.analysing.trees import Grown
from evaluator.facts.python.modules import Source
from evaluator.facts.python.scopes import Point
from evaluator.facts.python.values import Known

_KINDS = {
    "explains-attribution": "attribution",
    "explains-dependence": "dependence",
    "explains-saliency": "saliency",
    "explains-attention": "attention",
    "explains-built-in": "built-in",
    "explains-fit": "fit-summary",
    "explains-coefficients": "coefficients",
}
_COEFFICIENTS = frozenset(
    {"coef_", "coefs_", "feature_log_prob_", "pvalues", "tvalues", "bse", "hazard_ratios_", "params_"}
)
_STATISTICS = frozenset({"params", "conf_int"})
_OWN_WEIGHTS = frozenset(
    {"weights", "w", "theta", "thetas", "beta", "betas", "coef", "coefs", "coefficients", "weights_"}
)
_BUILT_IN = frozenset({"feature_importances_", "feature_importance_", "cluster_centers_", "featureImportances"})
_CONTRIBUTIONS = frozenset({"pred_contribs", "pred_contrib", "pred_interactions"})
_NAMES_OF_FEATURES = ("column", "feature", "name", "cols", "predictor", "variable", "words", "vocab")
_ATTENTION = frozenset({"attention", "attentions", "attn", "attns", "alignment", "alignments"})
_PICTURES = frozenset({"imshow", "matshow", "heatmap", "pcolormesh"})
_HOOKS = frozenset({"register_full_backward_hook", "register_backward_hook", "register_hook"})
_TIME_SERIES = (
    "tsa",
    "statespace",
    "arima",
    "ARIMA",
    "SARIMAX",
    "sarimax",
    "ExponentialSmoothing",
    "holtwinters",
    "pmdarima",
)


def found(looks: Looks) -> Iterator[Look]:
    """Yield every place where a model is explained."""
    yield from looks.by_role(_KINDS, wanted=whole)
    yield from _contributions(looks)
    yield from _hooked(looks)
    for source in looks.places.sources:
        if _may_explain(source):
            grown = looks.showing.grown(source.path)
            for node in grown.nodes:
                match node:
                    case ast.Attribute(value=model, attr=attr, ctx=ast.Load()):
                        yield from _attribute(looks, source, grown, node, model, attr)
                    case ast.Call(func=ast.Name(id="getattr"), args=[model, ast.Constant(value=str(attr)), *_]):
                        yield from _attribute(looks, source, grown, node, model, attr)
    yield from embedded.found(looks)
    for source in looks.modelling:
        grown = looks.showing.grown(source.path)
        yield from _pictures(looks, source, grown)
        yield from _shuffled(looks, source, grown)


def _may_explain(source: Source) -> bool:
    wanted = _COEFFICIENTS | _STATISTICS | _BUILT_IN | _OWN_WEIGHTS
    said = {text for text, _, _, _ in source.walked.texts if text in wanted}
    return bool(said) or any(not wanted.isdisjoint(m.attributes) for m in source.walked.mentions.values())


def _contributions(looks: Looks) -> Iterator[Look]:
    """Yield predictions that are asked for with the share of each feature in them."""
    for source, site, named, roles in looks.calls:
        asked = any(k.arg in _CONTRIBUTIONS for k in site.node.keywords)
        typed = any(
            k.arg == "type" and isinstance(k.value, ast.Constant) and "Shap" in str(k.value.value)
            for k in site.node.keywords
        )
        if asked or (typed and "explains-built-in" in roles):
            yield looks.look("attribution", source, site.node, named.name, looks.told(source, site.node, wanted=whole))


def _hooked(looks: Looks) -> Iterator[Look]:
    """Yield gradients that a hook takes on their way back, as Grad-CAM by hand does, where they end in a picture."""
    for source, site, named, _ in looks.calls:
        hook = site.node.args[0] if site.node.args else None
        if hook is None or named.name.rpartition(".")[2] not in _HOOKS:
            continue
        for home, read in _reads_of_hook(looks, source, hook, site.point):
            told = looks.told(home, read, wanted=_is_drawn)
            if told.shown != "thrown-away":
                yield looks.look("saliency", source, site.node, "gradients that a hook takes", told)
                break


def _reads_of_hook(looks: Looks, source: Source, hook: ast.expr, point: Point) -> Iterator[tuple[Source, ast.AST]]:
    """Yield where a hook reads what it is given."""
    made: list[tuple[Source, ast.AST]] = [(source, hook)] if isinstance(hook, ast.Lambda) else []
    targets = (v.target for v in looks.names.values(hook, point) if isinstance(v, Known) and v.target is not None)
    made += [(looks.places.modules.sources[t.walked.path], t.node) for t in targets if t.kind == "function"]
    for home, node in made:
        if isinstance(node, (ast.Lambda, ast.FunctionDef)):
            given = {a.arg for a in node.args.args[1:] or node.args.args}
            yield from ((home, n) for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in given)


def _attribute(
    looks: Looks, source: Source, grown: Grown, node: ast.expr, model: ast.expr, attr: str
) -> Iterator[Look]:
    """Yield coefficients and importances that are read off a fitted model."""
    if attr in _BUILT_IN:
        yield looks.look("built-in", source, node, f".{attr}", looks.told(source, node, wanted=whole))
        return
    point = looks.predictions.point(grown, node)
    statistic = attr in _STATISTICS and _is_of(looks, model, point, ("statsmodels.", "linearmodels.", "lifelines."))
    if (attr in _COEFFICIENTS and not _is_self(model)) or statistic:
        if _is_of(looks, model, point, _TIME_SERIES, within=True):
            return
        yield looks.look("coefficients", source, node, f".{attr}", looks.told(source, node, wanted=whole))
    elif attr in _OWN_WEIGHTS and _is_own(looks, model, point):
        told = looks.told(source, node, wanted=_beside_names)
        if told.shown != "thrown-away":
            yield looks.look("coefficients", source, node, f".{attr}", told)


def _beside_names(sink: Sink) -> bool:
    """Whether weights are shown beside the names of something."""
    if "named" not in sink.notes or not whole(sink):
        return False
    said = {n.id for n in ast.walk(sink.node) if isinstance(n, ast.Name)}
    said |= {n.attr for n in ast.walk(sink.node) if isinstance(n, ast.Attribute)}
    return any(part in name.lower() for name in said for part in _NAMES_OF_FEATURES)


def _is_of(looks: Looks, expr: ast.expr, point: Point, roots: tuple[str, ...], *, within: bool = False) -> bool:
    """Whether ``expr`` is something of one of the libraries, or of a class whose path holds one of the words."""
    for value in looks.names.values(expr, point):
        if isinstance(value, Known) and (
            any(r in value.path for r in roots) if within else value.path.startswith(roots)
        ):
            return True
    return False


def _is_self(expr: ast.expr) -> bool:
    """Whether a model reads its own coefficients: that is how it predicts."""
    return isinstance(expr, ast.Name) and expr.id == "self"


def _is_own(looks: Looks, expr: ast.expr, point: Point) -> bool:
    """Whether ``expr`` is an instance of a class of the project's own."""
    values = looks.names.values(expr, point)
    return any(
        isinstance(v, Known) and v.instance and v.target is not None and v.target.kind == "class" for v in values
    )


def _pictures(looks: Looks, source: Source, grown: Grown) -> Iterator[Look]:
    """Yield attention weights, and gradients with respect to the input, that are drawn as pictures."""
    for site in source.walked.sites:
        if looks.names.called(site.node).name.rpartition(".")[2] not in _PICTURES or not site.node.args:
            continue
        names = {n.id for n in ast.walk(site.node.args[0]) if isinstance(n, ast.Name)}
        names |= {n.attr for n in ast.walk(site.node.args[0]) if isinstance(n, ast.Attribute)}
        if any(not _ATTENTION.isdisjoint(name.lower().split("_")) for name in names):
            yield looks.look("attention", source, site.node, "attention drawn", looks.drawn(source, site.node))
    for node in grown.nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr="gradient"), args=[_, sources, *_]) if not _are_weights(sources):
                told = looks.told(source, node, wanted=_is_drawn)
            case ast.Call(func=ast.Attribute(attr="grad"), args=[_, sources, *_]) if not _are_weights(sources):
                told = looks.told(source, node, wanted=_is_drawn)
            case ast.Attribute(attr="grad", ctx=ast.Load()):
                told = looks.told(source, node, wanted=_is_drawn)
            case _:
                continue
        if told.shown != "thrown-away":
            yield looks.look("saliency", source, node, "gradients with respect to the input", told)


def _is_drawn(sink: Sink) -> bool:
    """Whether a value is drawn as a picture; means over channels are part of the method (Selvaraju et al. 2017)."""
    return sink.name.rpartition(".")[2] in _PICTURES


def _are_weights(expr: ast.expr) -> bool:
    said = {n.attr for n in ast.walk(expr) if isinstance(n, ast.Attribute)} | {
        n.id for n in ast.walk(expr) if isinstance(n, ast.Name)
    }
    return any(part in name for name in said for part in ("trainable", "weights", "variables", "parameters", "params"))


def _shuffled(looks: Looks, source: Source, grown: Grown) -> Iterator[Look]:
    """Yield permutation importance by hand: in a loop, one column is shuffled and the model asked or scored again."""
    by_loop: dict[int, list[tuple[ast.Call, frozenset[str], str]]] = {}
    for site in source.walked.sites:
        named = looks.names.called(site.node)
        asks = frozenset({"predict"}) if looks.places.predicts(named) else frozenset()
        for number in site.loops:
            by_loop.setdefault(number, []).append((site.node, looks.roles(named.name) | asks, named.name))
    for number, inside in sorted(by_loop.items()):
        roles = {role for _, found_, _ in inside for role in found_}
        if "fit" in roles or not roles & {"predict", "score", "metric"}:
            continue
        shuffles = [c for c, _, name in inside if name.rpartition(".")[2] in {"permutation", "shuffle", "sample"}]
        columns = [c for c in shuffles if _is_of_a_column(grown, c)]
        if columns:
            told = _scores_shown(looks, source, inside)
            loop = source.walked.loops[number]
            yield looks.look("attribution", source, loop, "permutation importance by hand", told)


def _is_of_a_column(grown: Grown, call: ast.Call) -> bool:
    """Whether what is shuffled is one column, or is put back into one."""
    statement = grown.statement(call)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    put = any(isinstance(t, ast.Subscript) for t in targets)
    return put or any(isinstance(a, ast.Subscript) and is_variable(a.slice) for a in call.args[:1])


def _scores_shown(looks: Looks, source: Source, inside: list[tuple[ast.Call, frozenset[str], str]]) -> Told:
    best = Told("thrown-away", "nothing shows it", frozenset())
    for call, roles, _ in inside:
        if roles & {"score", "metric", "predict"}:
            told = looks.told(source, call, wanted=lambda _: True)
            if told.shown != "thrown-away":
                return told
    return best
