"""Does the score put projects in the order in which people put them, and would it for projects that set no weight?

    python -m benchmarks.ranking REPORTS OVERALL.tsv

REPORTS holds ``<name>/report.json`` as ``evaluate`` writes it; OVERALL.tsv has the columns ``repo`` (``owner/name`` or
``owner+name``) and ``overall(0-100)``. Prints the rank correlation (Spearman) of the score's midpoint with the
overall: as scored; with equal category weights; with the category weights that fit best; and leave-one-out: each project
placed by the weights that fit the others best. Only the weights of categories are tried, in steps of five, within half
and twice what the rubric says: what is fitted on few projects must be coarse to hold on others.
"""

from __future__ import annotations

import csv
import itertools
import json
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from evaluator.rubric import load

Weights: TypeAlias = Mapping[str, int]
Marks: TypeAlias = Mapping[str, float]
"""Category → its midpoint, 0 to 100; categories with nothing that applies left out."""
_STEP = 5


def ranks(values: Sequence[float]) -> list[float]:
    """Return the rank of each value, ties averaged."""
    return [sum(v < w for v in values) + (sum(v == w for v in values) - 1) / 2 for w in values]


def correlation(scores: Sequence[float], overall: Sequence[float]) -> float:
    """Return Spearman's rank correlation; NaN where one side is constant."""
    try:
        return statistics.correlation(ranks(scores), ranks(overall))
    except statistics.StatisticsError:
        return float("nan")


def total(marks: Marks, weights: Weights) -> float:
    """Return the mean of ``marks`` by ``weights``, as the scoring has it, gates apart."""
    applied = {name: weights[name] for name in marks if weights.get(name)}
    return sum(marks[n] * w for n, w in applied.items()) / sum(applied.values()) if applied else 0.0


def around(weights: Weights) -> Iterator[Weights]:
    """Yield every choice of weights that sums to as much, each within half and twice its own, in steps of five."""
    choices = [range(max(_STEP, _STEP * round(w / 2 / _STEP)), 2 * w + 1, _STEP) for w in weights.values()]
    for chosen in itertools.product(*choices):
        if sum(chosen) == sum(weights.values()):
            yield dict(zip(weights, chosen, strict=True))


def fitted(marks: Sequence[Marks], overall: Sequence[float], choices: Sequence[Weights]) -> list[Weights]:
    """Return the choices with the highest rank correlation."""
    found = [correlation([total(m, w) for m in marks], overall) for w in choices]
    best = max(found)
    return [w for w, r in zip(choices, found, strict=True) if r >= best - 1e-9]


def left_out(marks: Sequence[Marks], overall: Sequence[float], choices: Sequence[Weights]) -> float:
    """Return the rank correlation where each project is scored by weights that were fitted without it."""
    placed = []
    for n, own in enumerate(marks):
        rest = [*marks[:n], *marks[n + 1 :]]
        best = fitted(rest, [*overall[:n], *overall[n + 1 :]], choices)
        placed.append(statistics.fmean(total(own, w) for w in best))
    return correlation(placed, overall)


def _read(reports: Path, table: Path) -> Iterator[tuple[float, Marks, float]]:
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        path = reports / row["repo"].replace("/", "+") / "report.json"
        if path.is_file():
            report = json.loads(path.read_text(encoding="utf-8"))
            known = [c for c in report["categories"] if c["low"] is not None]
            marks = {c["id"]: (c["low"] + c["high"]) / 2 for c in known}
            middle = (report["score"]["low"] + report["score"]["high"]) / 2
            yield float(row["overall(0-100)"]), marks, middle


def main() -> None:
    """Print the four figures."""
    found = list(_read(Path(sys.argv[1]), Path(sys.argv[2])))
    overall = [o for o, *_ in found]
    marks = [m for _, m, _ in found]
    weights = {name: category.weight for name, category in load().categories.items()}
    choices = list(around(weights))
    even = dict.fromkeys(weights, 1)
    best = fitted(marks, overall, choices)
    print(f"projects               {len(found)}")
    print(f"as scored              {correlation([middle for *_, middle in found], overall):.3f}")
    print(f"categories alike       {correlation([total(m, even) for m in marks], overall):.3f}")
    print(
        f"best of {len(choices):<6} choices {correlation([total(m, best[0]) for m in marks], overall):.3f}  {best[0]}"
    )
    print(f"leave one out          {left_out(marks, overall, choices):.3f}")


if __name__ == "__main__":
    main()
