"""Which stages of a modelling project are there, in code that runs?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.code import Code
from evaluator.facts.data_sources import DataSources
from evaluator.facts.model_work import ModelWork
from evaluator.facts.r_work import NONE, RWork
from evaluator.facts.reach import Reach
from evaluator.facts.serving import Serving
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides

StageName = Literal["ingest", "prepare", "train", "evaluate", "persist", "serve"]


class Stage(Record):
    """One stage, where it shows first. ``why``: one phrase for a person."""

    name: StageName
    why: str
    at: Span


class Stages(Fact):
    """The stages in code that something other than a test leads to, in the order of ``StageName``, each once.

    Attributes:
        idle: Stages that are only in code to which nothing leads.
    """

    found: tuple[Stage, ...] = ()
    idle: tuple[Stage, ...] = ()

    def has(self, name: StageName) -> bool:
        """Whether the stage is among those found."""
        return any(s.name == name for s in self.found)


@provides()
def stages(
    code: Code,
    reach: Reach,
    work: ModelWork,
    serving: Serving,
    data: DataSources | Missing,
    r: RWork = NONE,
) -> Stages:
    """Take each stage from what establishes it: reads of data, calls that prepare, fits, scores, saves, services."""
    from evaluator.facts.services.stages import find

    return find(code, reach, work, serving=serving, data=data, r=r)
