"""Does the project itself show, or say, that some classes are rare?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from evaluator.facts.analysing.looks import Looks
from evaluator.facts.documents.topics import sentences
from evaluator.facts.model_work import Place
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.prose import Document

_WEIGHTS = frozenset({"class_weight", "scale_pos_weight", "is_unbalance", "auto_class_weights", "class_weights"})
_RESAMPLES = ("imblearn.over_sampling.", "imblearn.under_sampling.", "imblearn.combine.", "imblearn.ensemble.")
_COUNT = re.compile(r"^\s*(\S[^\n]*?)\s{2,}(\d+(?:\.\d+)?)\s*$", re.MULTILINE)
_SHARE = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
_OF_ROWS = re.compile(
    r"%\s*(of|der|des|de|di|из|от)\s+(?:\S+\s+){0,4}?(customers?|clients?|users?|people|patients?|persons?|cases|rows|samples|records|"
    r"transactions?|observations|examples|instances|applicants?|employees|passengers|loans|images|messages|emails?|accounts|"
    r"kunden|fälle|patienten|clientes?|pacientes?|casos|transacciones|transações|transactions|cas|клиентов|случаев|транзакций)\b"
)
_NOT_CLASSES = re.compile(
    r"\b(test|train|training|validation|hold|held|split|missing|null|empty|duplicates?|outliers?|removed|dropped|kept|sampled?|"
    r"accuracy|precision|recall|error|correct\w*|misclassified|predicted|detect\w*|caught|finds?|found|confidence)\b"
)
_UNEVEN = re.compile(
    r"\b(im|un)balanced?\b|\bclass imbalance\b|\bminority class|\brare (class|event|positive)|desbalance\w*|desequilibr\w*|"
    r"déséquilibr\w*|unausgewogen\w*|sbilanciat\w*|несбаланс\w*|dengesiz|不平衡|不均衡"
)
_DENIED = re.compile(r"\b(not|no|never|without|isn.t|aren.t|nicht|kein|sans|sin|non|нет|не)\b")
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


def told(documents: Iterable[Document]) -> Iterator[tuple[Place, str]]:
    """Yield the sentences of documents that say so: in words, or by the share of rows that a class holds."""
    for document in documents:
        for block in document.blocks if document.role != "community" else ():
            for sentence in sentences(block.text) if block.kind in {"paragraph", "item", "quote"} else ():
                why = _said(sentence.lower())
                if why:
                    yield Place(name="", at=block.at), why


def _said(sentence: str) -> str:
    if _OF_ROWS.search(sentence) and not _NOT_CLASSES.search(sentence):
        shares = [float(share.replace(",", ".")) / 100 for share in _SHARE.findall(sentence)]
        small = min((s for s in shares if s > 0), default=1.0)
        if small < RARE:
            return f"the text says that a class holds {small:.1%} of the rows"
    denied = _DENIED.search(sentence)
    return "the text says that the classes are uneven" if _UNEVEN.search(sentence) and not denied else ""


def _is_none(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Constant) and expr.value in {None, 1, False}
