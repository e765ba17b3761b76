"""With what is the model compared, how were its settings chosen, and what of it is recorded and shown?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.code import Code
from evaluator.facts.delivery import Delivery
from evaluator.facts.model_work import ModelWork
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.prose import Prose
from evaluator.facts.python.modules import Modules
from evaluator.facts.r_work import NONE, RWork
from evaluator.facts.reach import Reach
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides


class Variant(Record):
    """One model as code that something runs makes, fits and scores it.

    Attributes:
        kind: What is fitted: a class of a library or of the project's own, by its last name; a network that is put together
            from layers bears the name of its function or variable too.
        settings: Its arguments as written, seeds and the like left out.
        names: What the author calls it: variables, keys, functions.
        scored: Its quality is computed.
        naive: It is a rule that learns nothing (``DummyClassifier``).
        baseline: Where and how the author names it as the one to beat; empty otherwise.
        tuned: A search chooses its settings.
        many: It stands for many kinds, which a library fits and scores at once.
        group: Models of one group are fitted for one problem: they lie in one folder, or one entry point leads to them.
    """

    kind: str
    at: Span
    settings: str = ""
    names: tuple[str, ...] = ()
    scored: bool = False
    naive: bool = False
    baseline: str = ""
    tuned: bool = False
    many: bool = False
    group: str = ""


class Rule(Record):
    """A naive rule that is written by hand, and scored: a constant, the last value, a random choice.

    ``reached``: something that runs leads there.
    """

    why: str
    at: Span
    reached: bool = True


class Search(Record):
    """A search over settings of a model.

    Attributes:
        how: ``library`` runs it, a ``loop`` fits and scores each value, ``command`` starts it from a shell or sweep file.
        runs: Something that runs leads there, and it tries more than one candidate.
        halted: It could run, and is switched off by a constant, or waits for a command that is nowhere given.
        why: One sentence for a person; where it does not run, the reason.
    """

    how: Literal["library", "loop", "command"]
    name: str
    at: Span
    runs: bool = True
    halted: bool = False
    why: str = ""


class Kept(Record):
    """A record of runs.

    Attributes:
        how: ``tracker``; ``files`` of its own for each run (or a file that grows); ``file`` that the next run overwrites.
        wired: Training that something runs leads there.
    """

    how: Literal["tracker", "files", "file"]
    name: str
    at: Span
    wired: bool = True
    why: str = ""


class Shown(Record):
    """Variants side by side, where a reader sees them.

    Attributes:
        form: ``table`` (drawn or printed together), ``list``, ``chart``, ``scattered`` (scores in outputs of several cells).
        variants: What is told apart, by the names given there.
        kinds: Different kinds of model among them (a random forest, a network), by canonical names.
    """

    form: Literal["table", "list", "chart", "scattered"]
    variants: tuple[str, ...]
    at: Span
    kinds: tuple[str, ...] = ()


class Spread(Record):
    """How far a score varies: its ``spread`` over folds, seeds or samples is given, or ``folds`` are listed.

    ``seen``: a reader finds it in a document or an output; otherwise code computes and prints it.
    """

    how: Literal["spread", "folds"]
    why: str
    at: Span
    seen: bool = False


class Experiments(Fact):
    """All of it, by path and line.

    Attributes:
        spoken: Baselines of which documents give a number, while no code here computes one.
        varied: Places where settings are varied by hand: commands, rows of a table.
    """

    variants: tuple[Variant, ...] = ()
    rules: tuple[Rule, ...] = ()
    searches: tuple[Search, ...] = ()
    records: tuple[Kept, ...] = ()
    shown: tuple[Shown, ...] = ()
    spreads: tuple[Spread, ...] = ()
    spoken: tuple[Shown, ...] = ()
    varied: tuple[Shown, ...] = ()


@provides()
def experiments(
    modules: Modules,
    code: Code,
    reach: Reach,
    work: ModelWork,
    prose: Prose | Missing,
    notebooks: Notebooks | Missing,
    delivery: Delivery | Missing,
    r: RWork = NONE,
) -> Experiments:
    """Follow models from where they are made to where they are scored, and read what documents and outputs show."""
    from evaluator.facts.experimenting.found import find
    from evaluator.facts.r.adding import to_experiments

    return to_experiments(find(modules, code, reach, work, prose=prose, notebooks=notebooks, delivery=delivery), r)
