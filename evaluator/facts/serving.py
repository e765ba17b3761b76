"""How are trained models kept, taken up again, and put to use by apps: with what input, watched by what?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.code import Code
from evaluator.facts.model_work import ModelWork
from evaluator.facts.python.modules import Modules
from evaluator.facts.r_work import NONE, RWork
from evaluator.facts.reach import Reach
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Record, Span
from evaluator.registry import provides

Answers = Literal["model", "pretrained", "work", "hosted", "nothing"]
Checked = Literal["bounded", "typed", "raw"]
Prepared = Literal["same", "rewritten", "differs", "skipped"]
Watching = Literal["metrics", "drift", "tracing", "logging"]


class Kept(Record):
    """One place where a model is saved, or a saved one is taken up again.

    Attributes:
        name: The call. scope: See ``code.Call.scope``. file: The file's name where it is plain, else empty.
        what: ``model`` (or something that contains one), ``other`` (a transformer, rows, results), ``unknown``.
        reached: Something that runs, other than a test, leads there.
        used: For what is taken up: it answers something afterwards.
    """

    name: str
    at: Span
    scope: str = ""
    file: str = ""
    what: Literal["model", "other", "unknown"] = "model"
    reached: bool = True
    used: bool = True


class Fault(Record):
    """Something that keeps an app from running as it stands."""

    at: Span
    note: str


class App(Record):
    """What one framework serves from one module.

    Attributes:
        framework: The package that calls the project's functions (``fastapi``, ``streamlit``, ``tkinter``).
        at: The first handler: what decorates it, hands it over, or shows first.
        handlers: How many functions or pages it has.
        answers: What the answer of its best handler depends on: ``model`` (one that is fitted, or was saved, by this
            project), ``pretrained`` (other people's weights), ``work`` (some work of the project, without a model),
            ``hosted`` (a model behind somebody's service), ``nothing``.
        asked: Where the model is asked.
        reached: Something that runs leads to it.
        in_notebook: It is only there in a notebook.
    """

    framework: str
    at: Span
    handlers: int = 1
    answers: Answers = "nothing"
    asked: Span | None = None
    reached: bool = True
    in_notebook: bool = False
    faults: tuple[Fault, ...] = ()


class Input(Record):
    """What one handler that answers takes. ``checked``: by types with bounds or a schema, by types, or not at all."""

    at: Span
    checked: Checked
    why: str


class Watch(Record):
    """Something that observes the service.

    Attributes:
        kind: ``metrics``, ``drift`` or ``tracing``; ``logging``: what the service keeps of its log, or logs of each request.
        reached: Something that runs leads there. complete: It can be looked at (a counter that nothing exposes cannot).
    """

    kind: Watching
    name: str
    at: Span
    reached: bool = True
    complete: bool = True


class Preparation(Record):
    """One step that training applies before the model, and what serving does about it."""

    step: str
    at: Span
    prepared: Prepared
    why: str
    served: Span | None = None


class Serving(Fact):
    """All of it, by path and line. ``inputs`` and ``preparations`` are those of apps that use a model."""

    saves: tuple[Kept, ...] = ()
    restores: tuple[Kept, ...] = ()
    apps: tuple[App, ...] = ()
    inputs: tuple[Input, ...] = ()
    watches: tuple[Watch, ...] = ()
    preparations: tuple[Preparation, ...] = ()

    @property
    def served(self) -> tuple[App, ...]:
        """The apps that count: those outside notebooks to which something leads."""
        return tuple(a for a in self.apps if a.reached and not a.in_notebook)


@provides()
def serving(modules: Modules, code: Code, reach: Reach, work: ModelWork, tree: Tree, r: RWork = NONE) -> Serving:
    """Follow models from where they are made to where they are kept, taken up and asked, and answers to whom they are shown."""
    from evaluator.facts.r.adding import to_serving
    from evaluator.facts.services.finding import find

    return to_serving(find(modules, code, reach, work, tree), r)
