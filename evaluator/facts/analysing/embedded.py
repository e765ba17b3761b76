"""Are vectors that a model learned, or the groups that it found, laid open to a reader?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluator.facts.analyses import Look
from evaluator.facts.analysing.looks import Looks, whole
from evaluator.facts.analysing.trees import Grown
from evaluator.facts.python.modules import Source
from evaluator.facts.python.scopes import Point, Scope

_MAPS = ("sklearn.manifold.TSNE", "sklearn.manifold.", "umap.", "openTSNE.", "sklearn.decomposition.PCA")
_VECTORS = frozenset({"wv", "embedding", "embeddings", "embed", "embeds", "weight", "get_weights", "vectors", "layers"})
_CLUSTERS = frozenset({"labels_", "cluster", "clusters", "cluster_label", "cluster_labels", "segment", "segments"})
_GROUPS = frozenset({"groupby", "group_by"})


def found(looks: Looks) -> Iterator[Look]:
    """Yield maps of learned vectors, and profiles of the clusters that were found."""
    for source, site, named, _ in looks.calls:
        last = named.name.rpartition(".")[2]
        if last != "fit_transform" or not named.name.startswith(_MAPS) or not site.node.args:
            continue
        if _is_learned(looks, site.node.args[0], site.point):
            told = looks.told(source, site.node, wanted=whole)
            yield looks.look("built-in", source, site.node, f"{named.name} of learned vectors", told)
    clusters = [s for s, _, named, roles in looks.calls if "fit" in roles and named.name.startswith("sklearn.cluster.")]
    for source in dict.fromkeys(clusters):
        yield from _profiles(looks, source, looks.showing.grown(source.path))


def _is_learned(looks: Looks, expr: ast.expr, point: Point, depth: int = 5) -> bool:
    """Whether ``expr`` holds vectors that come out of a model's layers."""
    if depth <= 0:
        return False
    if looks.predictions.hold(expr, point):
        return True
    for node in ast.walk(expr):
        if isinstance(node, ast.Attribute) and node.attr in _VECTORS:
            return True
        if isinstance(node, ast.Name) and any(
            b.how == "value" and b.expr is not None and _is_learned(looks, b.expr, b.point, depth - 1)
            for b in looks.names.bindings(node.id, point)
        ):
            return True
    return False


def _profiles(looks: Looks, source: Source, grown: Grown) -> Iterator[Look]:
    """Yield the means of each cluster: ``df.groupby("cluster").mean()``."""
    for node in grown.nodes:
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _GROUPS
            and node.args
        ):
            continue
        by = node.args[0]
        key = by.value if isinstance(by, ast.Constant) else None
        point = looks.predictions.point(grown, node)
        frame = node.func.value
        put = isinstance(frame, ast.Name) and isinstance(key, str) and _is_put(looks, frame.id, key, point)
        if put or looks.predictions.hold(by, point) or (isinstance(by, ast.Attribute) and by.attr in _CLUSTERS):
            told = looks.told(source, node, wanted=lambda _: True)
            yield looks.look("built-in", source, node, "profiles of the clusters", told)


def _is_put(looks: Looks, frame: str, key: str, point: Point) -> bool:
    """Whether the column ``key`` holds the clusters that a model found."""
    scope: Scope | None = point.scope
    while scope is not None:
        for at, value, where in scope.contents.get(frame, ())[:60]:
            if isinstance(at, ast.Constant) and at.value == key:
                labels = any(isinstance(n, ast.Attribute) and n.attr == "labels_" for n in ast.walk(value))
                return labels or looks.predictions.hold(value, where)
        scope = scope.parent
    return False
