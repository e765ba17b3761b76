"""Which analyses of its models does a project make?"""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.facts.analyses import Analyses, Look
from evaluator.facts.analysing import errors, explanations, measures, rarity
from evaluator.facts.analysing.looks import Looks
from evaluator.facts.analysing.showing import Showing
from evaluator.facts.code import Code
from evaluator.facts.model_work import Place
from evaluator.facts.modelling.places import Places
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.prose import Prose
from evaluator.facts.python.modules import Modules
from evaluator.facts.python.parsing import quietly
from evaluator.facts.reach import Reach
from evaluator.model import Missing


def find(
    modules: Modules, code: Code, reach: Reach, notebooks: Notebooks | Missing, prose: Prose | Missing
) -> Analyses:
    """Return every analysis of the project, sorted."""
    kept = notebooks if isinstance(notebooks, Notebooks) else None
    read = prose.documents if isinstance(prose, Prose) else ()
    with quietly():
        places = modules.shared(Places, code, reach)
        looks = Looks(places, Showing(places, kept))
        return Analyses(
            errors=_sorted(errors.found(looks)),
            explanations=_sorted(explanations.found(looks)),
            measures=tuple(sorted(measures.found(looks), key=lambda m: (*order(m.place), m.metric))),
            rare_classes=tuple(
                sorted([*rarity.found(looks, kept), *rarity.told(read)], key=lambda pair: order(pair[0]))
            ),
        )


def order(place: Place) -> tuple[str, int, int, str]:
    """Return what places are sorted by."""
    return (place.at.path, place.at.cell or 0, place.at.start, place.name)


def _sorted(looks: Iterable[Look]) -> tuple[Look, ...]:
    """Return distinct ``looks`` by path, cell and line."""
    kept = {(*order(x.place), x.kind): x for x in looks}
    return tuple(kept[key] for key in sorted(kept))
