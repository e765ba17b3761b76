"""Does the tree hold only what belongs to the project?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from evaluator.facts.tree import File, Tree
from evaluator.model import Absence, Answer, InFile, Measured, Record, Span, Unit
from evaluator.registry import signal

_LARGE = 50_000_000
_SMALL_BYTES = 1_000_000
_SMALL_FILES = 10
_FEW = 2
_SERIES = 5
_LEFT_BY = {
    **dict.fromkeys(("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"), "a tool's cache"),
    **dict.fromkeys((".cache", ".tox", ".nox", "htmlcov", ".eggs"), "a tool's cache"),
    **dict.fromkeys((".ipynb_checkpoints", ".virtual_documents"), "a notebook's checkpoints"),
    **dict.fromkeys((".idea", ".vscode", ".vs", ".spyproject", ".spyderproject", ".settings"), "an editor's settings"),
    **dict.fromkeys(("__macosx", ".trash", ".trashes", ".fseventsd", ".spotlight-v100"), "an operating system's files"),
}
_FILE_LEFT_BY = (
    (re.compile(r"\.ds_store|\._.*|thumbs\.db|ehthumbs\.db|desktop\.ini|\.directory"), "an operating system's file"),
    (re.compile(r".*\.sw[op]|.*~|\.#.*|#.*#|.*\.(?:sublime-workspace|iml|orig|rej)"), "an editor's file"),
    (re.compile(r".*\.py[cod]|\.coverage(\..*)?|\.dmypy\.json|\.rhistory|\.rdata|\.python_history"), "a tool's cache"),
)
_BUILT = re.compile(r"(?:^|/)([^/]+\.egg-info)/")
_STEP = re.compile(r"checkpoint[-_]\d+")
_WEIGHTS = (".pth", ".pt", ".ckpt", ".h5", ".keras", ".hdf5", ".bin", ".safetensors", ".index", ".pkl", ".joblib")


_ENVIRONMENT = "an installed environment"
_RUN = "checkpoints of a training run"
_NEVER_SMALL = (_ENVIRONMENT, _RUN)


class Junk(Record):
    """One thing that does not belong: a file, or a folder with all that is in it. ``first``: a file of it."""

    path: str
    what: str
    first: str
    files: int
    size: int

    @property
    def is_small(self) -> bool:
        return self.files <= _SMALL_FILES and self.size <= _SMALL_BYTES and self.what not in _NEVER_SMALL


@signal(
    id="engineering.clean-tree",
    scope="repository",
    title="The tree is free of junk",
    question="Is the tree free of caches, environments, checkpoints, editor and system files, and of huge files?",
    looks_at="The names and sizes of all listed files; a file in Git LFS is as large as its pointer",
    remedy=(
        "Remove them with `git rm -r --cached PATH`, add them to .gitignore, and keep large files in Git LFS, DVC or a "
        "release."
    ),
    effort="minutes",
    sources=("gitignore-templates", "github-large-files"),
    limits=(
        "Names decide, not contents. A model that was committed on purpose is no junk; five or more numbered ones in a "
        "folder are taken for the checkpoints of a run. A file that this copy lacks counts only where its length is known."
    ),
    levels=("more, or something large", "one or two small things that do not belong", "nothing that does not belong"),
)
def clean_tree(tree: Tree) -> Answer:
    """Value: 2 without junk, 1 with one or two small things of it (a folder is one thing), else 0."""
    junk = sorted(_junk(tree.files), key=lambda j: (j.is_small, -j.size, j.path))
    level = 2 if not junk else 1 if len(junk) <= _FEW and all(j.is_small for j in junk) else 0
    listed = f"the {'first ' if tree.truncated else ''}{len(tree.files)} files"
    if level == 2:
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary=f"nothing that does not belong among {listed}",
            evidence=(Absence(note="no caches, environments, checkpoints, system or huge files", looked_at=(listed,)),),
            confidence="medium" if tree.truncated else "high",
        )
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=f"does not belong among {listed}: {_counted(junk)}",
        evidence=tuple(InFile(at=Span(path=j.first), note=_note(j)) for j in junk[:10]),
    )


def _counted(junk: list[Junk]) -> str:
    """Return the kinds of junk, each with how many of it there are when there is more than one."""
    kinds = sorted({j.what for j in junk})
    numbers = [sum(j.what == what for j in junk) for what in kinds]
    return ", ".join(f"{what} ({n} times)" if n > 1 else what for what, n in zip(kinds, numbers, strict=True))


def _note(junk: Junk) -> str:
    size = f", {junk.size / 1_000_000:.0f} MB" if junk.size >= _SMALL_BYTES else ""
    if junk.path == junk.first:
        return f"{junk.what}{size}"
    files = "1 file" if junk.files == 1 else f"{junk.files} files"
    return f"{junk.what}: {files} in {junk.path or 'the root'}/{size}"


def _junk(files: Iterable[File]) -> Iterator[Junk]:
    groups: dict[tuple[str, str], list[File]] = defaultdict(list)
    series: dict[tuple[str, str], list[File]] = defaultdict(list)
    for file in files:
        if file.kind == "submodule":
            continue
        if found := _group(file):
            groups[found].append(file)
        elif not file.lfs and _size(file) > _LARGE:
            groups[file.path, "a file over 50 MB outside Git LFS"].append(file)
        elif numbered := _numbered(file.path):
            series[numbered].append(file)
    for (folder, _), members in series.items():
        if len(members) >= _SERIES:
            groups[folder, _RUN] += members
    for (path, what), members in groups.items():
        yield Junk(path=path, what=what, first=members[0].path, files=len(members), size=sum(map(_size, members)))


def _group(file: File) -> tuple[str, str] | None:
    """Return the outermost folder of the junk that ``file`` is part of, and what left it; None for what belongs."""
    folders, name = file.path.lower().split("/")[:-1], file.path.lower().rpartition("/")[2]
    if file.part == "environment":
        return _upto(file.path, 1) if folders else file.path, _ENVIRONMENT
    for depth, folder in enumerate(folders, start=1):
        if what := _LEFT_BY.get(folder):
            return _upto(file.path, depth), what
        if _STEP.fullmatch(folder):
            return _upto(file.path, depth - 1), _RUN
    for pattern, what in _FILE_LEFT_BY:
        if pattern.fullmatch(name):
            return file.path, what
    if built := _BUILT.search(file.path):
        return file.path[: built.end(1)], "a build's files"
    return (_upto(file.path, len(folders)) or file.path, "a tool's cache") if file.part == "cache" else None


def _upto(path: str, depth: int) -> str:
    return "/".join(path.split("/")[:depth])


def _size(file: File) -> int:
    return max(file.size or 0, file.at_least)


def _numbered(path: str) -> tuple[str, str] | None:
    """Return folder and name without its numbers, for what may be one of a run's many checkpoints."""
    folder, _, name = path.rpartition("/")
    lower = name.lower()
    return (folder, re.sub(r"\d+", "#", lower)) if lower.endswith(_WEIGHTS) and re.search(r"\d", lower) else None
