"""Does the project itself show that some classes are rare?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluator.facts.analysing.looks import Looks
from evaluator.facts.model_work import Place
from evaluator.facts.notebooks import Notebooks

_WEIGHTS = frozenset({"class_weight", "scale_pos_weight", "is_unbalance", "auto_class_weights", "class_weights"})
_RESAMPLES = ("imblearn.over_sampling.", "imblearn.under_sampling.", "imblearn.combine.", "imblearn.ensemble.")
_COUNT = re.compile(r"^\s*(\S[^\n]*?)\s{2,}(\d+(?:\.\d+)?)\s*$", re.MULTILINE)
_CLASSES = 10
RARE = 0.2
"""Share of the smaller of two classes below which accuracy alone is taken to say little. Our own choice: a rule that always
names the larger class is then right four times in five. With more classes it shrinks in proportion."""


def found(looks: Looks, notebooks: Notebooks | None) -> Iterator[tuple[Place, str]]:
    """Yield the places that show it, each with the reason."""
    for source, site, named, _ in looks.calls:
        given = next((k for k in site.node.keywords if k.arg in _WEIGHTS and not _is_none(k.value)), None)
        if given is not None:
            yield looks.place(source, site.node, named.name), f"classes are weighted ({given.arg})"
        elif named.name.startswith(_RESAMPLES) and named.name.rpartition(".")[2][:1].isupper():
            yield looks.place(source, site.node, named.name), "classes are resampled"
    printed = {(n.path, c.index): c.printed for n in (notebooks.items if notebooks else ()) for c in n.cells}
    for source, site, named, _ in looks.calls:
        said = printed.get((source.path, site.cell if site.cell is not None else -1), "")
        func = site.node.func
        if not said or not isinstance(func, ast.Attribute) or func.attr != "value_counts":
            continue
        counts: list[float] = [float(count) for _, count in _COUNT.findall(said)]
        total = sum(counts)
        share = min(counts) / total if 2 <= len(counts) <= _CLASSES and total > 0 else 1.0
        if share < RARE * 2 / len(counts or [1]) and looks.predictions.is_truth(func.value, site.point):
            yield looks.place(source, site.node, named.name), f"the smallest class holds {share:.1%} of the rows"


def _is_none(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Constant) and expr.value in {None, 1, False}
