"""Where does the project look at its model's errors and explain its model, and is the result shown to anybody?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.code import Code
from evaluator.facts.model_work import Place
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.prose import Prose
from evaluator.facts.python.modules import Modules
from evaluator.facts.r_work import NONE, RWork
from evaluator.facts.reach import Reach
from evaluator.model import Fact, Missing, Record
from evaluator.registry import provides

Shown = Literal["shown", "not-run", "thrown-away"]


class Look(Record):
    """One place where errors are looked at, or a model is explained.

    Attributes:
        kind: Of errors: ``confusion`` counts, measures ``per-class`` or of ``slices``, ``residuals``, ``wrong-cases``; a
            ``report`` of standard measures, a ``curve`` over thresholds, a ``fit-plot`` of predictions beside the truth,
            some ``cases`` with prediction and truth. Of explanations: ``attribution``
            to features, ``dependence`` on one of them, ``saliency`` of the input, ``attention``, ``coefficients``,
            importances or a picture that is ``built-in``, the ``fit-summary`` of a statistics library.
        shown: ``shown`` to a reader by something that runs; ``not-run``: by a cell that was left out of the run which the
            notebook keeps; ``thrown-away``: computed, and shown by nothing.
        how: What shows it, for a person.
        named: It is put beside names, as coefficients beside those of the features.
    """

    place: Place
    kind: str
    shown: Shown
    how: str
    named: bool = False


class Measure(Record):
    """One place where a quality measure is computed.

    Attributes:
        metric: Canonical name of what is computed (``mse``, ``r2``, ``accuracy``).
        said: Words under which the value is kept or shown that name a measure, canonical and sorted.
        averaged: How classes are averaged, where that is written.
        task: What the measured model does, where its type tells: ``classification`` or ``regression``.
        fault: What is wrong with it, as a sentence; empty where nothing is seen.
    """

    place: Place
    metric: str
    said: tuple[str, ...] = ()
    averaged: str = ""
    task: Literal["classification", "regression", ""] = ""
    fault: str = ""


class Analyses(Fact):
    """All such places in code that is no test and was written here, by path and line.

    ``rare_classes``: why classes are seen to be of unequal size, with the place; empty where nothing says so.
    """

    errors: tuple[Look, ...] = ()
    explanations: tuple[Look, ...] = ()
    measures: tuple[Measure, ...] = ()
    rare_classes: tuple[tuple[Place, str], ...] = ()


@provides()
def analyses(
    modules: Modules,
    code: Code,
    reach: Reach,
    notebooks: Notebooks | Missing,
    prose: Prose | Missing,
    r: RWork = NONE,
) -> Analyses:
    """Find the places by the table of libraries and by their form, and follow each result to where it is shown."""
    from evaluator.facts.analysing.found import find
    from evaluator.facts.r.adding import to_analyses

    return to_analyses(find(modules, code, reach, notebooks, prose), r)
