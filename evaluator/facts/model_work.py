"""Where in the code is data loaded and split, are models built, trained and scored, and does chance play a part?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.code import Code
from evaluator.facts.python.modules import Modules
from evaluator.facts.r_work import NONE, RWork
from evaluator.facts.reach import Reach
from evaluator.model import Fact, Record, Span
from evaluator.registry import provides

On = Literal["held-out", "training", "unclear"]


class Place(Record):
    """One call that does something for a model.

    Attributes:
        name: Dotted name of the call, see ``code.Call.name``.
        scope: The scope it stands in, see ``code.Call.scope``.
        reached: Something that runs, other than a test, leads there.
        in_script: Something that can be started from a terminal leads there.
    """

    name: str
    at: Span
    scope: str = ""
    reached: bool = True
    in_script: bool = True


def node_of(place: Place) -> str:
    """Return the node of the scope that a place stands in; see ``facts.graph``."""
    return f"{place.at.path}::{place.scope}"


class Fit(Record):
    """One place where a model is trained.

    Attributes:
        place: Where.
        kind: ``library`` (a library trains), ``loop`` (a training loop over a library's gradients), ``own`` (the project's
            own class is fitted), ``hand-written`` (steps of descent), ``unknown`` (``fit(X, y)`` of something unknown).
    """

    place: Place
    kind: Literal["library", "loop", "own", "hand-written", "unknown"]


class Score(Record):
    """One place where the quality of a model is computed.

    Attributes:
        on: The rows it is computed on, as far as reading shows. why: One sentence for a person.
        by_name: Only the name of a parameter tells.
        vain: No model has a part in what is scored: the truth is compared with itself, with constants or with chance.
    """

    place: Place
    on: On
    why: str
    by_name: bool = False
    vain: bool = False


class Chance(Record):
    """One place where chance plays a part in splitting, sampling or training.

    Attributes:
        family: The generator that is used; see ``facts.libraries.Chance``.
        seeded: None where that cannot be seen (arguments unpacked from something that only a run knows).
        how: What fixes it, or why it is free.
    """

    place: Place
    family: str
    seeded: bool | None
    how: str


class ModelWork(Fact):
    """All such places in code that is no test and was written here, by path and line.

    ``saves`` and ``restores``: a fitted model is kept, or taken up again.
    """

    loads: tuple[Place, ...] = ()
    splits: tuple[Place, ...] = ()
    builds: tuple[Place, ...] = ()
    fits: tuple[Fit, ...] = ()
    predicts: tuple[Place, ...] = ()
    scores: tuple[Score, ...] = ()
    chances: tuple[Chance, ...] = ()
    seeds: tuple[Place, ...] = ()
    saves: tuple[Place, ...] = ()
    restores: tuple[Place, ...] = ()


@provides()
def model_work(modules: Modules, code: Code, reach: Reach, r: RWork = NONE) -> ModelWork:
    """Find the places by the table of libraries, and follow what they are given back to splits and seeds; add those in R."""
    from evaluator.facts.modelling.places import find
    from evaluator.facts.r.adding import to_work

    return to_work(find(modules, code, reach), r)
