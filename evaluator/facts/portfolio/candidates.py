"""Which folders look like projects of their own, by names and places alone?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from evaluator.facts.portfolio.folder_names import is_closed, is_numbered_project, own_words
from evaluator.facts.tree import File, Tree

CODE = (
    ".py",
    ".ipynb",
    ".r",
    ".rmd",
    ".qmd",
    ".jl",
    ".cpp",
    ".cc",
    ".cxx",
    ".java",
    ".scala",
    ".sql",
    ".m",
    ".rs",
    ".go",
)
_DATA = (
    ".csv",
    ".tsv",
    ".xlsx",
    ".xls",
    ".parquet",
    ".json",
    ".jsonl",
    ".zip",
    ".gz",
    ".arff",
    ".db",
    ".sqlite",
    ".feather",
)
_README = re.compile(r"readme(?:[._-].{0,20})?", re.IGNORECASE)
_MANIFEST = re.compile(
    r"requirements[\w.-]*\.txt|pyproject\.toml|setup\.(?:py|cfg)|pipfile|environment[\w.-]*\.ya?ml|conda[\w.-]*\.ya?ml"
    r"|mlproject|description|renv\.lock|project\.toml",
    re.IGNORECASE,
)
_DEPTH = 3


@dataclass
class Folder:
    """One folder with what lies directly in it, and below."""

    path: str
    readme: bool = False
    manifest: bool = False
    package: bool = False
    data: bool = False
    code: list[str] = field(default_factory=list)
    children: dict[str, Folder] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its last component."""
        return posixpath.basename(self.path)

    def all_code(self) -> Iterator[str]:
        """Yield the code in it and below."""
        yield from self.code
        for child in self.children.values():
            yield from child.all_code()

    def has_data(self) -> bool:
        """Whether data lie in it or below."""
        return self.data or any(child.has_data() for child in self.children.values())


@dataclass(frozen=True)
class Candidate:
    """A folder that looks like a project; ``why`` in a phrase."""

    path: str
    why: str
    code: tuple[str, ...]


def grown(tree: Tree) -> Folder:
    """Return the root of the folders that hold what the author wrote."""
    root = Folder(path="")
    for file in tree.files:
        if file.kind in {"file", "executable"} and file.part in {"own", "docs"}:
            _hang(root, file)
    return root


def _hang(root: Folder, file: File) -> None:
    *folders, name = file.path.split("/")
    here = root
    for depth, folder in enumerate(folders):
        if folder not in here.children:
            here.children[folder] = Folder(path="/".join(folders[: depth + 1]))
        here = here.children[folder]
    here.readme |= bool(_README.fullmatch(name))
    here.manifest |= bool(_MANIFEST.fullmatch(name))
    here.package |= name == "__init__.py"
    if file.part == "own":
        here.data |= name.lower().endswith(_DATA)
        if name.lower().endswith(CODE) and (file.size or 0) > 0:
            here.code.append(file.path)


def candidates(root: Folder, presented: str) -> list[Candidate]:
    """Return the folders that look like projects, by path.

    Args:
        presented: Text of the repository's README.
    """
    return sorted(_below(root, presented, 0), key=lambda c: c.path)


def _below(folder: Folder, presented: str, depth: int) -> Iterator[Candidate]:
    if depth >= _DEPTH:
        return
    for child in folder.children.values():
        if is_closed(child.name):
            continue
        inner = list(_below(child, presented, depth + 1))
        found = _candidate(child, presented) or _of_parts(child, inner)
        if found is None or (len(inner) > 1 and _is_shelf(found, inner) and _of_parts(child, inner) is None):
            yield from inner
        else:
            yield found


def _candidate(folder: Folder, presented: str) -> Candidate | None:
    code = tuple(folder.all_code())
    named = bool(own_words(folder.name)) or is_numbered_project(folder.name)
    if not code or not named or (folder.package and not folder.manifest):
        return None
    if folder.readme and folder.manifest:
        return Candidate(folder.path, "it has a README and a manifest of its own", code)
    if folder.readme or folder.manifest:
        return Candidate(folder.path, f"it has a {'README' if folder.readme else 'manifest'} of its own", code)
    own = folder.has_data() or any(path.endswith(".ipynb") for path in code)
    if own and _is_presented(folder, presented):
        return Candidate(
            folder.path, "the repository's README presents it, and it has data or notebooks of its own", code
        )
    return None


def _of_parts(folder: Folder, inner: list[Candidate]) -> Candidate | None:
    """Return a folder whose parts alone have documents: all of them are named for what it is named for."""
    own = own_words(folder.name)
    parts = [own_words(posixpath.basename(one.path)) for one in inner]
    if len(parts) < 2 or not all(own & part for part in parts):
        return None
    return Candidate(folder.path, "its parts have documents or manifests of their own", tuple(folder.all_code()))


def _is_presented(folder: Folder, text: str) -> bool:
    """Whether the README leads to the folder, or names it as it is called."""
    if len(folder.name) < 4:
        return False
    return any(
        written in text for written in {folder.path, quote(folder.path), f"`{folder.name}`", f"**{folder.name}**"}
    )


def _is_shelf(folder: Candidate, inner: Iterable[Candidate]) -> bool:
    """Whether a folder is where projects are kept, and holds little else."""
    within = {path for one in inner for path in one.code}
    return 5 * sum(path not in within for path in folder.code) <= len(folder.code)
