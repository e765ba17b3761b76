"""What does the project's R code load, fit, score, search, show, save and serve?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.notebooks import Notebooks
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot

Role = Literal[
    "load",
    "prepare",
    "split",
    "fit",
    "predict",
    "score",
    "seed",
    "chance",
    "search",
    "design",
    "leak",
    "error",
    "explanation",
    "record",
    "rule",
    "save",
    "restore",
    "app",
]


class Deed(Record):
    """One place in R that does something for a model.

    Attributes:
        name: The function that is called, without its package.
        scope: The function that it stands in; empty at top level.
        reached: It runs when its script, document or app does: not under ``if (FALSE)``, not in a function nothing calls.
        kind: By role. ``fit``: what is fitted, as a person would name it. ``score``: rows (``held-out``, ``training``,
            ``unclear``). ``chance``: ``seeded`` or ``free``. ``search``: ``runs``, or ``idle`` for one of a single
            candidate or by the library's own values. ``design`` and ``leak``: see ``facts.flow``. ``error`` and
            ``explanation``: see ``facts.analyses``. ``record``: see ``facts.experiments``. ``save``, ``restore``: ``model``
            or ``other``; of ``app``: what answers, see ``facts.serving``.
        why: One phrase for a person.
        settings: Of ``fit``: its arguments that set how it learns. names: what the author calls it.
        on: Of ``score``: see ``kind``. used: Of ``restore``: it is asked for predictions.
        scored, tuned, naive: Of ``fit``: see ``facts.experiments.Variant``.
        baseline: Of ``fit``: where and how the author names it as the one to beat.
        shown: Of ``error`` and ``explanation``: something shows the result.
        source: Of ``leak``: where something was learned. sure: It is plain, not only likely.
    """

    role: Role
    name: str
    at: Span
    scope: str = ""
    reached: bool = True
    kind: str = ""
    why: str = ""
    settings: str = ""
    names: tuple[str, ...] = ()
    used: bool = False
    scored: bool = False
    tuned: bool = False
    naive: bool = False
    baseline: str = ""
    shown: bool = True
    source: Span | None = None
    sure: bool = True


class RPackage(Record):
    """One package that R code loads or names, where it does first. ``tests_only``: only tests do."""

    name: str
    at: Span
    tests_only: bool = False


class RCall(Record):
    """The first call of a function, by its name without the package. ``reached``: see ``Deed``."""

    name: str
    at: Span
    reached: bool = True


class RTest(Record):
    """One test (``test_that`` and its like), or one file of bare checks.

    Attributes:
        asserts: Checks in it that can fail. own: A function of the project that it calls; empty where none.
        touches: See ``facts.tested.Case``.
    """

    name: str
    at: Span
    asserts: int = 0
    own: str = ""
    touches: Literal["model", "data", "other", "nothing"] = "nothing"


class RFile(Record):
    """One script, document or notebook with R code.

    Attributes:
        kind: ``script`` (``.R``), ``document`` (R Markdown, Quarto) or ``notebook``.
        top_statements, inner_statements: Statements at top level, without functions, packages and constants; and inside
            functions that bear a name.
        functions: How many functions bear a name in it.
        sources: Paths of the project's files that it sources.
    """

    path: str
    kind: Literal["script", "document", "notebook"]
    is_test: bool = False
    top_statements: int = 0
    inner_statements: int = 0
    functions: int = 0
    sources: tuple[str, ...] = ()


class RWork(Fact):
    """All of the project's R, by path and line.

    Attributes:
        deeds: What it does for a model. calls: The first call of each function, at most 3 000.
        installs: Packages that code installs itself: no manifest, but a hint.
    """

    files: tuple[RFile, ...] = ()
    deeds: tuple[Deed, ...] = ()
    packages: tuple[RPackage, ...] = ()
    installs: tuple[RPackage, ...] = ()
    calls: tuple[RCall, ...] = ()
    tests: tuple[RTest, ...] = ()

    def of(self, *roles: Role) -> tuple[Deed, ...]:
        """Return the deeds of these roles."""
        return tuple(d for d in self.deeds if d.role in roles)

    @property
    def has_code(self) -> bool:
        """Whether there is R code that is no test."""
        return any(not f.is_test and (f.top_statements or f.inner_statements) for f in self.files)


NONE = RWork()
"""A project without R."""


@provides()
def r_work(snapshot: Snapshot, tree: Tree, notebooks: Notebooks | Missing) -> RWork:
    """Read scripts, R Markdown, Quarto and notebooks with an R kernel by the table of calls; nothing is run."""
    from evaluator.facts.r.finding import find

    return find(snapshot, tree, notebooks)
