"""What is the project: which tasks, stages and frameworks does its code show?"""

from __future__ import annotations

from evaluator.facts.code import Code
from evaluator.facts.model_work import ModelWork
from evaluator.facts.packaging import Packaging
from evaluator.facts.python.modules import Modules
from evaluator.facts.r_work import NONE, RWork
from evaluator.facts.reach import Reach
from evaluator.facts.stages import Stages
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides

_FROM_STEPS = "reinforcement-learning"


class Trait(Record):
    """One thing that the project is, does or uses.

    Attributes:
        name: A word of the lists in :class:`ProjectKind`.
        why: One phrase for a person.
        at: Where it shows first; None where no single place does.
    """

    name: str
    why: str
    at: Span | None = None


class ProjectKind(Fact):
    """What the project is. It decides which questions are not asked.

    Told by ``rubrics/tasks.yaml`` from calls, base classes, constants and shapes of code that something other than a test
    runs; where nothing is seen to run, from all code. Words in documents, names of files and declared dependencies tell
    nothing.

    Attributes:
        kinds: ``modelling``, ``analysis``, ``data-engineering``, ``library``, ``service``, ``application``, in this order.
        tasks: ``classification``, ``regression``, ``clustering``, ``tabular``, ``nlp``, ``vision``, ``audio``,
            ``time-series``, ``recommendation``, ``reinforcement-learning``, ``generative``, ``representation``,
            ``anomaly-detection``, ``survival``: first what the data are, then what is done with them.
        stages: ``ingest``, ``prepare``, ``train``, ``evaluate``, ``persist``, ``serve``, in this order: in code that
            something runs.
        frameworks: Libraries that do the modelling, by the name under which they are imported; the most used first.
        on_rows: Rows of data are split, or read and something is fitted to them; experience from a simulation is no rows.
    """

    kinds: tuple[Trait, ...] = ()
    tasks: tuple[Trait, ...] = ()
    stages: tuple[Trait, ...] = ()
    frameworks: tuple[Trait, ...] = ()
    on_rows: bool = False

    def does(self, task: str) -> bool:
        """Whether ``task`` is what the project is about.

        For ``reinforcement-learning`` that means by steps alone: an agent that is rewarded for classifying rows, or one
        project of a repository among others that fit models to rows, leaves every question about rows to be asked.
        """
        return any(t.name == task for t in self.tasks) and not (task == _FROM_STEPS and self.on_rows)

    def has(self, kind: str) -> bool:
        """Whether ``kind`` is among the kinds."""
        return any(t.name == kind for t in self.kinds)


@provides()
def project_kind(
    tree: Tree,
    modules: Modules,
    code: Code,
    reach: Reach,
    work: ModelWork,
    packaging: Packaging | Missing,
    stages: Stages | Missing,
    r: RWork = NONE,
) -> ProjectKind:
    """Tell by resolved calls, base classes, constants and shapes of code."""
    from evaluator.facts.kinds.deciding import decide

    return decide(tree, modules, code, reach, work, packaging=packaging, stages=stages, r=r)
