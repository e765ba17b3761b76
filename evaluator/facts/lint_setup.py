"""Which linters and formatters does the project set up, for which of its languages, and would they do anything?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.code import Code
from evaluator.facts.delivery import Delivery
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.packaging import Packaging
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot

Aim = Literal["style", "types", "tidying"]
How = Literal["setting", "hook", "ci", "task", "dependency", "editor", "prose"]


class LintTool(Record):
    """One place that sets up, starts or names a tool.

    Attributes:
        tool: As it is called: ``ruff``, ``black``, ``eslint``.
        language: What it reads: ``python``, ``javascript``, ``r``, ``c``, … ; empty for any.
        aim: ``style`` for linters and formatters; ``types`` for type checkers; ``tidying`` for what only touches white
            space, spelling or the like.
        how: By a setting in a file; as a hook before a commit; by CI; by a task (make, tox, nox, package scripts, a shell
            script); as a dependency; in an editor's settings or a notebook; in prose.
        off: Why it does nothing (``its condition is never true``, an empty table, everything excluded); empty if it works.
    """

    tool: str
    language: str
    aim: Aim
    how: How
    at: Span
    off: str = ""


class LintSetup(Fact):
    """What is set up, by way and place.

    Attributes:
        languages: Languages of the project's own code with their share of its characters, 0–1, largest first.
        empty: Files named for the settings of a linter that hold none.
    """

    tools: tuple[LintTool, ...]
    languages: tuple[tuple[str, float], ...] = ()
    empty: tuple[str, ...] = ()


@provides(how="parsed")
def lint_setup(
    snapshot: Snapshot,
    tree: Tree,
    code: Code,
    notebooks: Notebooks,
    delivery: Delivery | Missing,
    packaging: Packaging | Missing,
) -> LintSetup:
    """Look through settings, hooks, CI, tasks, dependencies and editor settings."""
    from evaluator.facts.linting.gathering import gather

    return gather(
        snapshot,
        tree,
        code,
        notebooks,
        delivery if isinstance(delivery, Delivery) else Delivery(),
        packaging if isinstance(packaging, Packaging) else Packaging(manifests=()),
    )
