"""What is the project, in figures that are shown and never weighed?"""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.facts.code import Code
from evaluator.facts.history import History
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing
from evaluator.report.document import ProjectSection


def portrait(facts: Mapping[type[Fact], Fact | Missing]) -> ProjectSection:
    """Return the figures of the facts that are there; a fact that could not be had adds none."""
    shown: dict[str, int | float | str | bool] = {}
    match facts.get(Tree):
        case Tree(files=files, truncated=truncated):
            shown["files"] = len(files)
            shown["files-truncated"] = truncated
    match facts.get(Code):
        case Code(modules=modules):
            shown["python-files"] = sum(m.kind == "module" for m in modules)
            shown["python-lines"] = sum(m.lines for m in modules)
    match facts.get(Notebooks):
        case Notebooks(items=items):
            shown["notebooks"] = len(items)
    match facts.get(History):
        case History(total=total):
            shown["commits"] = total
    return ProjectSection(facts=shown)
