"""How much of the project's code stands in it more than once?"""

from __future__ import annotations

from evaluator.facts.notebooks import Notebooks
from evaluator.facts.python.modules import Modules
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot


class ClonePair(Record):
    """The same ``lines`` lines of code at two places, as long as they go on being the same."""

    first: Span
    second: Span
    lines: int


class Duplication(Fact):
    """Copies in the project's own code, notebooks included; tests, vendored and generated code left out.

    Attributes:
        lines: Lines of code: without comments, empty lines, imports and docstrings.
        duplicated: Those of them that stand in a copy, or in what it was copied from; of what a notebook and a module
            share, those of the notebook.
        pairs: The longest ones, longest first; at most 30.
        left_out: Files beyond the limit on lines, the last ones by path.
    """

    lines: int
    duplicated: int = 0
    pairs: tuple[ClonePair, ...] = ()
    left_out: int = 0


@provides(how="parsed")
def duplication(snapshot: Snapshot, tree: Tree, modules: Modules, notebooks: Notebooks) -> Duplication:
    """Compare all lines with each other, within and across files."""
    from evaluator.facts.cloning.comparing import compare
    from evaluator.facts.cloning.lines import lines_of

    texts, left_out = lines_of(snapshot, tree, modules, notebooks)
    return compare(texts, left_out=left_out)
