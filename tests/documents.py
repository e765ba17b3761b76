"""Builds the facts about documents that tests start from, by the providers themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeVar

from evaluator.catalogue import catalogue
from evaluator.engine import gather
from evaluator.facts.notebooks import notebooks
from evaluator.facts.prose import Document, Prose, prose
from evaluator.facts.python.modules import Modules
from evaluator.facts.tree import tree
from evaluator.model import Answer, Fact, Measured, Subject
from evaluator.source.snapshot import Snapshot

F = TypeVar("F", bound=Fact)
Files = Mapping[str, str | bytes]


def prose_of(files: Files, *, source: str = "local") -> Prose:
    """Return what the documents among ``files`` tell."""
    snapshot = Snapshot.of(files, subject=Subject(source=source, name="project"))
    listed = tree(snapshot)
    return prose(snapshot, listed, notebooks(snapshot, listed))


def readme(text: str, **more: str) -> Document:
    """Return the README with this ``text``."""
    return prose_of({"README.md": text, **more}).documents[0]


def known(kind: type[F], files: Files) -> F:
    """Return the fact of this ``kind`` about ``files``, by way of all that it needs."""
    snapshot = Snapshot.of(files)
    providers = catalogue().providers
    graph: dict[type[Fact], set[type[Fact]]] = {}
    todo: list[type[Fact]] = [kind]
    while todo:
        fact = todo.pop()
        graph[fact] = {t for t, _ in providers[fact].needs.values() if issubclass(t, Fact)}
        todo += graph[fact] - graph.keys()
    found = gather(graph, providers, {Snapshot: snapshot, Modules: Modules(snapshot=snapshot)})[kind]
    assert isinstance(found, kind), found
    return found


def notebook(*cells: tuple[str, str]) -> str:
    """Return a notebook with cells of (kind, source), none of them run."""
    made = []
    for kind, source in cells:
        cell: dict[str, object] = {"cell_type": kind, "metadata": {}, "source": source}
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        made.append(cell)
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made})


def level(answer: Answer) -> int | str:
    """Return the level of ``answer``, or the kind of answer it is where it has none."""
    if isinstance(answer, Measured):
        assert answer.evidence
        return int(answer.value)
    return type(answer).__name__
