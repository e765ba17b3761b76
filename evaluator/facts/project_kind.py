"""What is the project: which tasks, stages and frameworks does its code show?"""

from __future__ import annotations

from evaluator.facts.model_work import ModelWork
from evaluator.model import Fact, Record, Span
from evaluator.registry import provides


class Trait(Record):
    """One thing that the project is, does or uses.

    Attributes:
        name: A word of the lists in :class:`ProjectKind`.
        why: One sentence for a person.
        at: Where it shows first; None where no single place does.
    """

    name: str
    why: str
    at: Span | None = None


class ProjectKind(Fact):
    """What the project is. It decides which questions are not asked.

    Attributes:
        kinds: ``modelling``, ``analysis``, ``data-engineering``, ``library``, ``service``, ``application``.
        tasks: ``classification``, ``regression``, ``clustering``, ``tabular``, ``nlp``, ``vision``, ``audio``,
            ``time-series``, ``recommendation``, ``reinforcement-learning``, ``generative``, ``representation``,
            ``anomaly-detection``, ``survival``.
        stages: ``ingest``, ``prepare``, ``train``, ``evaluate``, ``persist``, ``serve``, in this order: in code that
            something runs.
        frameworks: Libraries that do the modelling, by the name under which they are imported.
    """

    kinds: tuple[Trait, ...] = ()
    tasks: tuple[Trait, ...] = ()
    stages: tuple[Trait, ...] = ()
    frameworks: tuple[Trait, ...] = ()

    def does(self, task: str) -> bool:
        """Whether ``task`` is among the tasks."""
        return any(t.name == task for t in self.tasks)

    def has(self, kind: str) -> bool:
        """Whether ``kind`` is among the kinds."""
        return any(t.name == kind for t in self.kinds)


@provides()
def project_kind(work: ModelWork) -> ProjectKind:
    """Tell by resolved calls."""
    return ProjectKind(kinds=(Trait(name="modelling", why="a model is fitted"),) if work.fits else ())
