"""What do all parts of the search for experiments come to?"""

from __future__ import annotations

from evaluator.facts.code import Code
from evaluator.facts.delivery import Delivery
from evaluator.facts.experimenting import keeping, rules, searches, showing, speaking, spreads, variants
from evaluator.facts.experimenting.leading import Leading
from evaluator.facts.experimenting.looping import Loops
from evaluator.facts.experimenting.workbench import Workbench
from evaluator.facts.experiments import Experiments, Search
from evaluator.facts.model_work import ModelWork
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.prose import Prose
from evaluator.facts.python.graph import graph_of
from evaluator.facts.python.modules import Modules
from evaluator.facts.python.parsing import quietly
from evaluator.facts.reach import Reach
from evaluator.model import Missing

_LIMIT = 60


def find(
    modules: Modules,
    code: Code,
    reach: Reach,
    work: ModelWork,
    *,
    prose: Prose | Missing,
    notebooks: Notebooks | Missing,
    delivery: Delivery | Missing,
) -> Experiments:
    """Return what is found; nothing is looked for where no model is fitted."""
    if not work.fits:
        return Experiments()
    with quietly():
        bench = Workbench(modules, code, reach, work, prose, notebooks)
        leading = Leading(bench, graph_of(code))
        made = variants.find(bench, leading)
        loops = Loops(bench, leading)
        found = _distinct([*searches.by_library(bench), *loops.found(), *speaking.sweeps(bench, delivery)])
        return Experiments(
            variants=tuple(made),
            rules=tuple(rules.find(bench)),
            searches=tuple(found),
            records=tuple(keeping.find(bench, leading)),
            spreads=tuple(spreads.find(bench)),
            spoken=tuple(speaking.spoken(bench)),
            varied=(*speaking.varied(bench, delivery), *loops.by_hand()),
            shown=tuple(showing.Showing(bench, made, found).found()),
        )


def _distinct(found: list[Search]) -> list[Search]:
    """Return one search for each place, one that runs before one that does not, by place."""
    unique: dict[tuple[str, int, int, str], Search] = {}
    for search in found:
        key = (search.at.path, search.at.cell or 0, search.at.start, search.name)
        if key not in unique or search.runs:
            unique[key] = search
    return [unique[key] for key in sorted(unique)][:_LIMIT]
