"""How are several projects in one repository looked at and judged apart, and what then holds for the whole?

Each project is seen through a portion of the one snapshot: its own files at the top, beside them what all projects share
(see ``source.portion``), and the same providers and signals are asked. What belongs to the repository is not looked at
twice: the history is the whole's, and of CI, compose files and the like each project gets its share (``facts.portfolio.
sharing``). Executed is the main project alone, for which the whole budget is meant; for the others, what a run would have
shown is not measured, and the reason is given.

For the whole, a question about a project takes the main project's answer, and one about the repository (licence, history,
junk, credentials: ``Signal.scope``) is asked of the whole tree, so that a key in any of the projects counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import msgspec

from evaluator import engine
from evaluator.facts.delivery import Delivery
from evaluator.facts.history import History
from evaluator.facts.portfolio.sharing import Share
from evaluator.facts.process import ProcessMetrics
from evaluator.facts.projects import Project, Projects
from evaluator.facts.prose import Prose
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Evidence, Fact, Finding, InFile, Measured, Missing, Subject
from evaluator.registry import Catalogue, Provider
from evaluator.report.building import build, part
from evaluator.report.document import Report, SubProjectSection
from evaluator.report.portrait import SHOWN, SHOWN_OF_SEVERAL, of_several
from evaluator.rubric import Rubric
from evaluator.source.portion import portion
from evaluator.source.snapshot import Snapshot

Facts: TypeAlias = Mapping[type[Fact], Fact | Missing]
Providers: TypeAlias = Mapping[type[Fact], Provider[..., Any]]
Ask: TypeAlias = Callable[..., Facts]
"""Asks providers about a snapshot: ``(graph, providers, snapshot, given, runs)``; ``runs``: whether it may be executed."""
_OF_THE_REPOSITORY: tuple[type[Fact], ...] = (History, ProcessMetrics)


@dataclass(frozen=True)
class Looked:
    """The facts of the whole, and by path those of the projects that were looked at before an interrupt."""

    whole: Facts
    projects: Mapping[str, Facts]
    interrupted: bool = False


def look(snapshot: Snapshot, first: Facts, found: Projects, known: Catalogue, ask: Ask) -> Looked:
    """Return the facts of each of the projects ``found``, the main one's first, and those of the whole.

    Args:
        first: Facts of the whole that are known already.
    """
    wide = [s for s in known.signals.values() if s.scope == "repository"]
    graph = engine.plan(known.signals.values(), known.providers, also=SHOWN)
    also = (*SHOWN_OF_SEVERAL, *(f for f in (*_OF_THE_REPOSITORY, Delivery) if f in graph))
    projects: dict[str, Facts] = {}
    whole: Facts = first
    try:
        whole = ask(engine.plan(wide, known.providers, also=also), known.providers, snapshot, first, runs=False)
        given = {f: whole[f] for f in _OF_THE_REPOSITORY if f in whole}
        for project in _in_order(found):
            path = project.path
            view = portion(snapshot, path, found.apart, (*found.shared, *project.borrows))
            providers = _sharing(known.providers, Share(path, found.apart, _hidden(snapshot, path)), whole)
            projects[path] = ask(graph, providers, view, given, runs=path == found.main)
    except engine.Interrupted as stop:
        if whole is first:
            return Looked(stop.facts, {}, interrupted=True)
        path = next(p.path for p in _in_order(found) if p.path not in projects)
        return Looked(whole, {**projects, path: stop.facts}, interrupted=True)
    return Looked(whole, projects)


def _in_order(found: Projects) -> list[Project]:
    """Return the main project first, then the others by path."""
    return sorted(found.items, key=lambda p: (p.path != found.main, p.path))


def _hidden(snapshot: Snapshot, folder: str) -> frozenset[str]:
    inner = f"{folder}/"
    return frozenset(path.removeprefix(inner) for path in snapshot.entries if path.startswith(inner))


def _sharing(providers: Providers, share: Share, whole: Facts) -> Providers:
    """Return ``providers`` with the one of delivery files giving the project its share of the common ones."""
    common = whole.get(Delivery)
    if not isinstance(common, Delivery) or Delivery not in providers:
        return providers
    inner = providers[Delivery]

    def delivery(snapshot: Snapshot, tree: Tree, prose: Prose | Missing) -> Delivery | Missing:
        own = inner(snapshot=snapshot, tree=tree, prose=prose)
        return share.delivery(own, common) if isinstance(own, Delivery) else own

    return {**providers, Delivery: replace(inner, run=delivery)}


def judge(
    subject: Subject, facts: Facts, projects: Mapping[str, Facts], rubric: Rubric, role: str, known: Catalogue
) -> Report:
    """Return the report on a repository of several projects.

    Args:
        facts: Those of the whole. projects: Those of each project, by path.
    """
    found = facts.get(Projects)
    listed = found if isinstance(found, Projects) else Projects(main=next(iter(projects)))
    main = listed.main if listed.main in projects else next(iter(projects))
    tree = facts.get(Tree)
    paths = frozenset(f.path for f in tree.files) if isinstance(tree, Tree) else frozenset()
    findings = {
        path: tuple(_lifted(f, path, paths) for f in engine.judge(known.signals.values(), own))
        for path, own in projects.items()
    }
    wide = [s for s in known.signals.values() if s.scope == "repository"]
    answers = {f.signal: f for f in (*findings[main], *engine.judge(wide, facts))}
    sections = [
        part(subject, path, projects[path], findings[path], rubric, known)
        for path in (main, *(p for p in projects if p != main))
    ]
    whole = build(subject, projects[main], (answers[name] for name in sorted(answers)), rubric, role, known)
    return msgspec.structs.replace(
        whole,
        project=of_several(facts, listed, [s.project for s in sections]),
        projects=_by_path(sections),
    )


def _by_path(sections: list[SubProjectSection]) -> tuple[SubProjectSection, ...]:
    return tuple(sorted(sections, key=lambda s: s.path))


def _lifted(finding: Finding, folder: str, paths: Collection[str]) -> Finding:
    """Return ``finding`` with the places of its evidence as they are called from the top of the repository."""
    if not isinstance(finding.answer, Measured):
        return finding
    evidence = tuple(_placed(e, folder, paths) for e in finding.answer.evidence)
    return Finding(signal=finding.signal, answer=msgspec.structs.replace(finding.answer, evidence=evidence))


def _placed(evidence: Evidence, folder: str, paths: Collection[str]) -> Evidence:
    match evidence:
        case InFile(at=at):
            return msgspec.structs.replace(
                evidence, at=msgspec.structs.replace(at, path=_from_the_top(at.path, folder, paths))
            )
        case Absence(looked_at=looked_at):
            return msgspec.structs.replace(evidence, looked_at=tuple(_searched(looked_at, folder, paths)))
    return evidence


def _searched(places: tuple[str, ...], folder: str, paths: Collection[str]) -> Iterator[str]:
    """Yield where was looked: a file of the project by its path, a pattern as it is."""
    for place in places:
        yield f"{folder}/{place}" if f"{folder}/{place}" in paths else place


def _from_the_top(path: str, folder: str, paths: Collection[str]) -> str:
    """Return a path of the project as the repository calls it; what all projects share keeps its own."""
    below = f"{folder}/{path}"
    return path if below not in paths and path in paths else below
