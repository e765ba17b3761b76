"""Small programs as files, and the facts that are established from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.facts.code import Code, Module, code
from evaluator.facts.delivery import Delivery
from evaluator.facts.model_work import ModelWork, model_work
from evaluator.facts.notebooks import Notebooks, notebooks
from evaluator.facts.other_code import OtherCode, other_code
from evaluator.facts.packaging import Packaging
from evaluator.facts.python.modules import Modules
from evaluator.facts.r_scripts import RScripts, r_scripts
from evaluator.facts.r_work import RWork, r_work
from evaluator.facts.reach import Reach, reach
from evaluator.facts.tree import Tree, tree
from evaluator.facts.unreached import Unreached, unreached
from evaluator.model import Missing
from evaluator.source.snapshot import Snapshot

NOTHING = Missing(fact="Delivery", cause="not-found")


@dataclass(frozen=True, kw_only=True)
class Program:
    """The facts of one small program."""

    tree: Tree
    modules: Modules
    code: Code
    notebooks: Notebooks
    reach: Reach
    work: ModelWork
    unreached: Unreached
    r: RScripts
    r_work: RWork
    other: OtherCode

    def module(self, path: str) -> Module:
        return next(m for m in self.code.modules if m.path == path)


def program(
    files: Mapping[str, str | bytes],
    *,
    packaging: Packaging | Missing = NOTHING,
    delivery: Delivery | Missing = NOTHING,
) -> Program:
    snapshot = Snapshot.of(files)
    listed = tree(snapshot)
    modules = Modules(snapshot)
    found = code(modules)
    reached = reach(found, packaging, delivery)
    books = notebooks(snapshot, listed)
    unasked = Missing(fact="Prose", cause="not-found")
    in_r = r_work(snapshot, listed, books)
    return Program(
        tree=listed,
        modules=modules,
        code=found,
        notebooks=books,
        reach=reached,
        work=model_work(modules, found, reached, in_r),
        r=r_scripts(snapshot, listed, in_r),
        r_work=in_r,
        other=other_code(snapshot, listed),
        unreached=unreached(snapshot, listed, modules, found, reached, packaging, unasked, unasked, books),
    )


def names(*sources: str, **files: str) -> list[str]:
    """Return the names of all calls of ``a.py`` (the only source), in order."""
    made = program({"a.py": sources[0], **{f"{name}.py": text for name, text in files.items()}})
    return [c.name for c in made.module("a.py").calls]


def cell(source: str, count: int | None = None, *, printed: str = "", error: str = "") -> dict[str, object]:
    """Return a code cell as format 4 stores it."""
    outputs: list[dict[str, object]] = []
    if printed:
        outputs.append({"output_type": "stream", "name": "stdout", "text": [printed]})
    if error:
        outputs.append({"output_type": "error", "ename": error, "evalue": "it failed", "traceback": []})
    return {"cell_type": "code", "source": source, "execution_count": count, "outputs": outputs, "metadata": {}}


def notebook(*cells: dict[str, object] | str, language: str = "python") -> str:
    """Return a notebook of format 4; a plain string is a code cell that was never run."""
    made = [cell(c) if isinstance(c, str) else c for c in cells]
    spec = {"name": language, "language": language, "display_name": language}
    return json.dumps({"cells": made, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5})
