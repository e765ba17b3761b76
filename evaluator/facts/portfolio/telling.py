"""Does the repository hold several projects, and which of them stands for it?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluator.facts.notebooks import NotANotebook, read
from evaluator.facts.portfolio.candidates import CODE, Candidate, candidates, grown
from evaluator.facts.portfolio.ties import Looked, borrowed, tied
from evaluator.facts.projects import MOST, Project, Projects
from evaluator.facts.python.modules import Modules
from evaluator.facts.tree import Tree
from evaluator.source.snapshot import Snapshot, Unreadable

_README = re.compile(r"readme(?:\.(?:md|rst|txt|markdown))?", re.IGNORECASE)
_MANIFEST = re.compile(r"setup\.py|conftest\.py|noxfile\.py")
_LEAST_CODE = 300
"""Characters of code below which a folder is a remark, not a project."""
_BESIDE = 4
"""What stands beside the projects is at most the fourth part of all code."""
_NOTEBOOKS = 400
_NOTEBOOK_BYTES = 10_000_000
_UNREAD = 5_000


def tell(snapshot: Snapshot, tree: Tree, modules: Modules) -> Projects:
    """Return the projects; empty where there is one, or where it is not plain that there are several."""
    root = grown(tree)
    found = candidates(root, _presented(snapshot))
    if len(found) < 2:
        return Projects()
    sizes = _sizes(snapshot, list(root.all_code()))
    found = [c for c in found if _code(c, sizes) >= _LEAST_CODE]
    joined = tied(Looked(snapshot, modules, found)) if len(found) > 1 else frozenset()
    found = [c for c in found if c.path not in joined]
    inside = sum(_code(c, sizes) for c in found)
    total = sum(sizes.values())
    if len(found) < 2 or _BESIDE * (total - inside) > total:
        return Projects()
    looked = Looked(snapshot, modules, found)
    lent = borrowed(looked)
    made = [Project(path=c.path, why=c.why, code=_code(c, sizes), borrows=lent.get(c.path, ())) for c in found]
    largest = sorted(made, key=lambda p: (-p.code, p.path))[:MOST]
    return Projects(
        items=tuple(sorted(largest, key=lambda p: p.path)),
        main=largest[0].path,
        more=len(made) - len(largest),
        apart=tuple(sorted(p.path for p in made)),
        shared=tuple(_shared(tree, looked)),
    )


def _shared(tree: Tree, looked: Looked) -> Iterator[str]:
    """Yield what lies at the top beside the projects and holds no code: a licence, CI, manifests, documents, data."""
    tops: dict[str, bool] = {}
    for file in tree.files:
        if looked.owner(file.path) is None:
            top, _, rest = file.path.partition("/")
            coded = file.path.lower().endswith(CODE) and not (rest == "" and _MANIFEST.fullmatch(file.path))
            tops[top] = tops.get(top, False) or coded
    yield from (top for top, coded in sorted(tops.items()) if not coded or top.startswith("."))


def _presented(snapshot: Snapshot) -> str:
    """Return the text of the repository's README; empty where there is none."""
    for path in snapshot.paths():
        if "/" not in path and _README.fullmatch(path):
            try:
                return snapshot.text(path, limit=1_000_000)
            except Unreadable:
                return ""
    return ""


def _code(candidate: Candidate, sizes: dict[str, int]) -> int:
    return sum(sizes[path] for path in candidate.code)


def _sizes(snapshot: Snapshot, paths: list[str]) -> dict[str, int]:
    """Return the characters of code in each file: of a notebook its code cells, for its outputs nobody wrote."""
    sizes: dict[str, int] = {}
    opened = 0
    for path in paths:
        if not path.endswith(".ipynb"):
            sizes[path] = snapshot.entries[path].size or 0
            continue
        opened += 1
        sizes[path] = _notebook(snapshot, path) if opened <= _NOTEBOOKS else _UNREAD
    return sizes


def _notebook(snapshot: Snapshot, path: str) -> int:
    try:
        made = read(path, snapshot.read(path, limit=_NOTEBOOK_BYTES))
    except (Unreadable, NotANotebook):
        return _UNREAD
    return sum(len(cell.source) for cell in made.cells if cell.kind == "code")
