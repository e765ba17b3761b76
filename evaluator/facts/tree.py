"""Which files does the project consist of, and which of them are its own?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from evaluator.model import Fact, Record
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot

Part = Literal["own", "test", "example", "docs", "vendored", "generated", "environment", "cache"]


class File(Record):
    """One listed path (see ``source.snapshot.Entry``); ``part`` is the role its folder and name give it.

    Attributes:
        part: The first that fits of ``environment`` (installed packages: virtual and conda environments,
            ``node_modules``), ``cache`` (left by tools, editors and operating systems), ``vendored`` (other people's
            code, submodules), ``generated`` (built, minified, compiled from a schema, migrations, logs of runs),
            ``test``, ``example``, ``docs`` (prose and what lies in a folder for it) and ``own``.
    """

    path: str
    kind: Literal["file", "executable", "symlink", "submodule"]
    size: int | None
    here: bool
    lfs: bool
    part: Part
    at_least: int = 0


class Tree(Fact):
    """All listed files, by path. ``truncated``: there were more than are listed."""

    files: tuple[File, ...]
    truncated: bool = False


@provides(how="read")
def tree(snapshot: Snapshot) -> Tree:
    """Say of every listed path what role it has. Names decide, never contents: a comment cannot hide a file."""
    roles = _Roles.of(snapshot.entries)
    return Tree(
        files=tuple(
            File(
                path=entry.path,
                kind=entry.kind,
                size=entry.size,
                here=entry.here,
                lfs=entry.lfs,
                at_least=entry.at_least,
                part="vendored" if entry.kind == "submodule" else roles.part(entry.path),
            )
            for entry in snapshot.entries.values()
        ),
        truncated=snapshot.truncated,
    )


_ENVIRONMENT = frozenset({"site-packages", "dist-packages", "node_modules", "conda-meta", ".tox", ".nox", ".pixi"})
_INSTALLED = re.compile(r"(bin|Scripts|[Ii]nclude|lib(64)?/python[\d.]*|Lib|DLLs|share|conda-meta|pkgs)/|pyvenv\.cfg$")
_PACKAGES = re.compile(r"(?:^|(.*?)/)(?:lib(?:64)?/python[\d.]*|Lib)/site-packages/")
_ACTIVATION = frozenset({"activate.csh", "activate.fish", "activate.bat", "activate.ps1", "activate.nu"})
_CACHE = frozenset(
    {
        "__pycache__", ".ipynb_checkpoints", ".virtual_documents", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".cache",
        ".hypothesis", ".eggs", ".idea", ".vs", ".spyproject", ".spyderproject", ".rproj.user", ".gradle", ".terraform",
        ".parcel-cache", ".sass-cache", ".ropeproject", ".pytype", ".pyre", "htmlcov", "__macosx", ".trash",
    }
)  # fmt: skip
_CACHE_FILE = re.compile(
    r"\.ds_store|\._.*|thumbs\.db|desktop\.ini|\.coverage(\..*)?|\.rhistory|\.python_history|.*\.py[cod]|.*\.sw[op]|.*~"
)
_VENDORED = frozenset(
    {
        "vendor", "vendors", "vendored", "_vendor", "_vendored", "third_party", "third-party", "thirdparty", "3rdparty",
        "3rd_party", "bower_components",
    }
)  # fmt: skip
_GENERATED = frozenset({"mlruns", "wandb", "lightning_logs", "catboost_info", ".neptune", "_build", "_site"})
_GENERATED_FILE = re.compile(
    r".*_pb2(_grpc)?\.pyi?|.*\.pb\.(go|cc|h)|.*_generated\.\w+|.*\.min\.(js|css)|.*\.bundle\.js|.*\.(js|css)\.map"
)
_MIGRATION = re.compile(r"(^|/)(migrations/\d{4}_\w+\.py|(migrations|alembic)/versions/[^/]+\.py)$")
_BUILT = re.compile(r"(^|/)(build/(lib|bdist)[^/]*/|dist/[^/]+\.(whl|tar\.gz|egg)$|[^/]+\.(egg|dist)-info(/|$))")
_TEST_FILE = re.compile(r"test_.*\.py|.*_test\.py|tests\.py|conftest\.py")
_CODE = (".py", ".r", ".jl", ".js", ".ts", ".tsx", ".java", ".scala", ".go", ".rs", ".c", ".cc", ".cpp", ".cs", ".sh")
_DATA = frozenset(
    {"data", "dataset", "datasets", "input", "inputs", "images", "raw", "train", "val", "valid", "assets"}
)
_EXAMPLE = frozenset({"example", "examples", "sample", "samples", "tutorial", "tutorials"})
_DOCS = frozenset({"doc", "docs", "documentation"})
_PROSE = (".md", ".markdown", ".rst", ".adoc")


@dataclass(frozen=True, kw_only=True)
class _Roles:
    """What the tree as a whole says about its folders.

    Attributes:
        environments: Folders that hold an installed environment; the root as an empty string.
        tests: Folders named for tests that hold tests: ``data/test`` with images is none, nor is a ``test/`` in
            which the whole project lies.
    """

    environments: frozenset[str]
    tests: frozenset[str]

    @classmethod
    def of(cls, paths: Iterable[str]) -> _Roles:
        environments: set[str] = set()
        tests: set[str] = set()
        for path in paths:
            environments.update(_environment_at(path))
            tests.update(_tests_around(path))
        return cls(environments=frozenset(environments), tests=frozenset(tests))

    def part(self, path: str) -> Part:
        *folders, name = path.lower().split("/")
        around = frozenset(folders)
        if around & _ENVIRONMENT or ".venv" in around or self._is_installed(path):
            return "environment"
        if around & _CACHE or _CACHE_FILE.fullmatch(name):
            return "cache"
        if around & _VENDORED or name == "versioneer.py":
            return "vendored"
        if around & _GENERATED or _is_generated(path.lower(), name):
            return "generated"
        if _TEST_FILE.fullmatch(name) or any(folder in self.tests for folder in _folders(path)):
            return "test"
        if around & _EXAMPLE and not around & _DATA:
            return "example"
        return "docs" if around & _DOCS or name.endswith(_PROSE) else "own"

    def _is_installed(self, path: str) -> bool:
        """Whether ``path`` is in the part of an environment that tools fill; beside it a project may go on."""
        for root in ("", *_folders(path)):
            if root in self.environments and _INSTALLED.match(path[len(root) + 1 :] if root else path):
                return True
        return False


def _is_generated(path: str, name: str) -> bool:
    return bool(_GENERATED_FILE.fullmatch(name) or _MIGRATION.search(path) or _BUILT.search(path))


def _environment_at(path: str) -> Iterator[str]:
    """Yield the folder that ``path`` shows to be an installed environment."""
    folder, _, name = path.rpartition("/")
    if name == "pyvenv.cfg":
        yield folder
    above, _, last = folder.rpartition("/")
    if name.lower() in _ACTIVATION and last.lower() in {"bin", "scripts"}:
        yield above
    if last == "conda-meta" and name == "history":
        yield above
    if (packages := _PACKAGES.match(path)) is not None:
        yield packages[1] or ""


def _tests_around(path: str) -> Iterator[str]:
    """Yield the folders named for tests that ``path`` shows to hold some."""
    *folders, name = path.lower().split("/")
    for folder, own_name in zip(_folders(path), folders, strict=True):
        if own_name in _DATA:
            return
        if _TEST_FILE.fullmatch(name):
            holds_some = own_name in {"test", "tests", "unittests"}
        else:
            holds_some = own_name == "tests" and name.endswith(_CODE) and name != "__init__.py"
        if holds_some:
            yield folder


def _folders(path: str) -> list[str]:
    """Return the folders that ``path`` lies in, outermost first, without the root."""
    return [path[:at] for at, char in enumerate(path) if char == "/"]
