"""Which definitions does nothing lead to: no entry point, test, notebook, framework, setting or document?"""

from __future__ import annotations

from evaluator.facts.code import Code, Definition
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.packaging import Packaging
from evaluator.facts.project_kind import ProjectKind
from evaluator.facts.prose import Prose
from evaluator.facts.python.modules import Modules
from evaluator.facts.reach import Reach
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot


class DeadDefinition(Record):
    """One that nothing leads to. ``within``: qualified name of a dead definition around it; empty if it is the outermost."""

    qualname: str
    kind: str
    at: Span
    within: str = ""


class Unreached(Fact):
    """The definitions of the project's own modules and notebooks; tests, vendored and generated code left out.

    Attributes:
        total: How many there are; functions within functions and special methods left out.
        dead: Those that nothing leads to, by path and line.
        open: Why more may be reached than is seen: places that choose by a name made up while running.
    """

    total: int
    dead: tuple[DeadDefinition, ...] = ()
    open: tuple[Span, ...] = ()


@provides()
def unreached(
    snapshot: Snapshot,
    tree: Tree,
    modules: Modules,
    code: Code,
    reach: Reach,
    packaging: Packaging | Missing,
    kind: ProjectKind | Missing,
    prose: Prose | Missing,
    notebooks: Notebooks | Missing,
) -> Unreached:
    """Follow the mentions from everything that may lead somewhere, and return what is left."""
    from evaluator.facts.python.graph import graph_of
    from evaluator.facts.reaching.starts import Starts

    starts = Starts(code, reach, graph_of(code))
    starts.exported(packaging, kind)
    starts.named_in_files(snapshot, tree, prose)
    starts.run_by_magic(notebooks)
    starts.annotated(modules)
    seen = starts.reached()
    counted = [
        (m.path, d) for m in code.modules if m.part == "own" and not m.is_test for d in m.definitions if _counts(d)
    ]
    lost = {f"{path}::{d.qualname}" for path, d in counted} - seen
    dead = [
        DeadDefinition(qualname=d.qualname, kind=d.kind, at=d.at, within=_within(path, d.qualname, lost))
        for path, d in counted
        if f"{path}::{d.qualname}" in lost
    ]
    return Unreached(
        total=len(counted),
        dead=tuple(sorted(dead, key=lambda d: (d.at.path, d.at.cell or 0, d.at.start, d.qualname))),
        open=tuple(starts.open),
    )


def _counts(made: Definition) -> bool:
    name = made.qualname.rpartition(".")[2]
    return not (name.startswith("__") and name.endswith("__")) and name != "_"


def _within(path: str, qualname: str, lost: set[str]) -> str:
    """Return the outermost dead definition that holds this one."""
    parts = qualname.split(".")
    around = (".".join(parts[:length]) for length in range(1, len(parts)))
    return next((name for name in around if f"{path}::{name}" in lost), "")
