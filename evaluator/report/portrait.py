"""What is the project, in words and figures that are shown and never weighed?"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from evaluator.facts.code import Code, Module
from evaluator.facts.complexity import Complexity
from evaluator.facts.history import History
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.project_kind import ProjectKind, Trait
from evaluator.facts.projects import Projects
from evaluator.facts.provenance import Provenance
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing
from evaluator.report.document import ProjectSection

Facts: TypeAlias = Mapping[type[Fact], Fact | Missing]
SHOWN: tuple[type[Fact], ...] = (ProjectKind, Tree, Code, Notebooks, History, Provenance)
"""Facts of a project that are shown, whether a signal asks for them or not."""
SHOWN_OF_SEVERAL: tuple[type[Fact], ...] = (Projects, Tree, Notebooks, History)
"""Facts of a repository of several projects that are shown of the whole."""
Figures: TypeAlias = dict[str, int | float | str | bool]


def portrait(facts: Facts) -> ProjectSection:
    """Return what the facts that are there tell; a fact that could not be had adds nothing."""
    shown: Figures = {}
    match facts.get(Tree):
        case Tree(files=files, truncated=truncated):
            shown["files"] = len(files)
            shown["files-truncated"] = truncated
    match facts.get(Code):
        case Code(modules=modules):
            shown |= _of_code(modules)
    match facts.get(Complexity):
        case Complexity(modules=[_, *_] as measured):
            shown["maintainability-median"] = statistics.median_low(m.index for m in measured)
            shown["maintainability-lowest"] = min(m.index for m in measured)
    match facts.get(Notebooks):
        case Notebooks(items=items):
            shown["notebooks"] = len(items)
    match facts.get(History):
        case History(total=total):
            shown["commits"] = total
    match facts.get(Provenance):
        case Provenance() as made:
            shown |= _of_provenance(made)
    match facts.get(ProjectKind):
        case ProjectKind(kinds=kinds, tasks=tasks, stages=stages, frameworks=frameworks):
            return ProjectSection(
                kinds=_names(kinds),
                tasks=_names(tasks),
                stages=_names(stages),
                frameworks=_names(frameworks),
                facts=shown,
            )
    return ProjectSection(facts=shown)


def _of_code(modules: Sequence[Module]) -> Figures:
    """Return sizes, and how many lines of tests there are for each line of the code that they could test."""
    own = sum(m.lines for m in modules if m.kind == "module" and m.part == "own" and not m.is_test)
    tests = sum(m.lines for m in modules if m.is_test)
    shown: Figures = {
        "python-files": sum(m.kind == "module" for m in modules),
        "python-lines": sum(m.lines for m in modules),
    }
    if own:
        shown["test-lines-per-code-line"] = round(tests / own, 2)
    return shown


def _of_provenance(made: Provenance) -> Figures:
    """Return how many people, since when, with which signed help, from which template; for information only."""
    shown: Figures = {"people": made.people, "commits-by-bots": made.bots, "commits-with-named-ai": made.assisted}
    if made.main is not None:
        shown["main-author-share"] = made.main
    if made.assisted_share:
        shown["named-ai-share"] = made.assisted_share
        shown["named-ai"] = ", ".join(a.tool for a in made.assistance)
    if made.first is not None and made.last is not None:
        shown |= {"first-commit": made.first, "last-commit": made.last, "days-with-commits": made.days}
    if made.originals:
        shown["says-it-has-an-original"] = made.originals[0].what
    if made.copied:
        shown["copied-from"] = ", ".join(c.name for c in made.copied)
    return shown


def of_several(facts: Facts, found: Projects, parts: Sequence[ProjectSection]) -> ProjectSection:
    """Return what a repository of several projects is.

    Args:
        facts: Those of the whole repository.
        parts: What each project is, the main one first: its words come first.
    """
    whole = portrait(facts)
    shown: Figures = dict(whole.facts)
    for figure in ("python-files", "python-lines"):
        shown[figure] = sum(number for p in parts if isinstance(number := p.facts.get(figure), int))
    shown["projects"] = len(found.items) + found.more
    shown["main-project"] = found.main
    if found.more:
        shown["projects-not-judged"] = found.more
    return msgspec.structs.replace(
        whole,
        kinds=_union(p.kinds for p in parts),
        tasks=_union(p.tasks for p in parts),
        stages=_union(p.stages for p in parts),
        frameworks=_union(p.frameworks for p in parts),
        facts=dict(sorted(shown.items())),
    )


def _names(traits: Iterable[Trait]) -> tuple[str, ...]:
    return tuple(t.name for t in traits)


def _union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names))
