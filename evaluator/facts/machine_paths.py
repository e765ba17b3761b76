"""Where does code name a path that only one machine, or one notebook service, has?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.code import Code
from evaluator.facts.delivery import Delivery
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.python.modules import Modules
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot


class MachinePath(Record):
    """One line that names one.

    Attributes:
        path: As written, at most 200 characters.
        kind: ``machine``: a home folder, drive or disk that one machine has; ``hosted``: the mount of a notebook service,
            which is the same for all its users.
    """

    path: str
    at: Span
    kind: Literal["machine", "hosted"]


class MachinePaths(Fact):
    """All such lines in code that is the project's own and no test, and in settings that it reads; by place.

    Attributes:
        files: Files of code that were looked at, in any language; 0 where there is none.
    """

    items: tuple[MachinePath, ...] = ()
    files: int = 0


@provides()
def machine_paths(
    snapshot: Snapshot,
    tree: Tree,
    modules: Modules,
    code: Code,
    notebooks: Notebooks | Missing,
    delivery: Delivery | Missing,
) -> MachinePaths:
    """Look at strings of Python where they serve as paths, at lines for a shell, at other languages, and at settings."""
    from evaluator.facts.local_paths.found import find

    return find(snapshot, tree, modules, code, notebooks=notebooks, delivery=delivery)
