"""How is the project's test suite to be started: from which folder, with which import roots and options?"""

from __future__ import annotations

import configparser
import io
import shlex
import tomllib
from collections.abc import Iterable
from functools import lru_cache, partial

import msgspec

from evaluator.facts.code import Code, Definition, Import, Module
from evaluator.model import Record
from evaluator.source.snapshot import Snapshot, Unreadable

GROUPS = 6
ROOTS = 12
_CONFIG_LIMIT = 200_000
_PACKAGE_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
_NEEDS_FILES = ("requirements.txt", "environment.yml", "Pipfile")
_TAKES_VALUE = frozenset(
    {"-m", "-k", "--deselect", "--ignore", "--ignore-glob", "--import-mode", "--doctest-glob", "--confcutdir"}
)
_ALONE = frozenset({"--doctest-modules", "--doctest-continue-on-failure", "--strict-markers", "--pyargs"})
_GIT_LIBRARIES = frozenset({"git", "pygit2", "dulwich", "pydriller", "dvc", "setuptools_scm"})
_NO_SUBJECT = frozenset({"setup.py", "conftest.py", "noxfile.py", "conf.py"})


class Group(Record):
    """One start of pytest.

    Attributes:
        cwd: Folder it is started in and takes as its root, POSIX, relative; empty for the whole project.
        paths: Test files to name on the command line; none where pytest is to find them itself.
        tests: All test files of the group.
        front, back: Folders put before and after everything else on ``sys.path``.
        options: Of the project's own ``addopts``, those that are carried over.
        bare: The project's configuration of pytest is left out: pytest does not start with it.
    """

    cwd: str
    paths: tuple[str, ...]
    tests: tuple[str, ...]
    front: tuple[str, ...]
    back: tuple[str, ...]
    options: tuple[str, ...] = ()
    bare: bool = False

    def below(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Return ``paths`` of the project as seen from ``cwd``."""
        return tuple(p.removeprefix(f"{self.cwd}/") if self.cwd else p for p in paths)

    @property
    def command(self) -> str:
        """The command as a person would type it."""
        shown = shlex.join(("pytest", *self.options, *self.paths[:3])) + (" …" if len(self.paths) > 3 else "")
        return f"cd {shlex.quote(self.cwd)} && {shown}" if self.cwd else shown


def seen_tests(code: Code) -> dict[str, tuple[Definition, ...]]:
    """Return test file → the test functions and methods in it that pytest's default rules collect."""
    found = {}
    for module in code.modules:
        tests = tuple(d for d in module.definitions if d.collected and d.kind != "class")
        if tests and module.kind == "module":
            found[module.path] = tests
    return found


def groups(snapshot: Snapshot, code: Code) -> tuple[Group, ...]:
    """Return the starts that run every test file of the project once, the largest first, at most ``GROUPS``.

    A repository may hold several projects, each with its own configuration and folder to start in. Where the top
    folder configures pytest, it speaks for the whole.
    """
    seen = seen_tests(code)
    whole = pytest_settings(snapshot, "") is not None
    project = lru_cache(maxsize=None)(partial(_project_of, snapshot))
    found: dict[str, list[str]] = {}
    for path in sorted(seen):
        found.setdefault("" if whole else project(path.rpartition("/")[0]), []).append(path)
    order = sorted(found, key=lambda folder: (-len(found[folder]), folder))
    return tuple(_group(snapshot, code, folder, found[folder], alone=len(found) == 1) for folder in order[:GROUPS])


def _group(snapshot: Snapshot, code: Code, folder: str, tests: list[str], *, alone: bool) -> Group:
    front = list(dict.fromkeys([folder, *_sources(snapshot, folder), "", *_sources(snapshot, "")]))
    back = [root for root in _roots(code) if root not in front][:ROOTS]
    settings = pytest_settings(snapshot, folder) or {}
    group = Group(
        cwd=folder,
        paths=(),
        tests=tuple(tests),
        front=tuple(front),
        back=tuple(back),
        options=carried(settings.get("addopts", "")),
    )
    return group if alone else msgspec.structs.replace(group, paths=group.below(group.tests))


def _sources(snapshot: Snapshot, folder: str) -> tuple[str, ...]:
    source = f"{folder}/src" if folder else "src"
    return (source,) if source in snapshot.folders else ()


def _project_of(snapshot: Snapshot, folder: str) -> str:
    """Return ``folder`` or the nearest one above it that is a project of its own; empty for the top."""
    files: tuple[str, ...] = _PACKAGE_FILES
    if not any(name in snapshot.entries for name in (*_PACKAGE_FILES, *_NEEDS_FILES)):
        files = (*_PACKAGE_FILES, *_NEEDS_FILES)
    while folder:
        if (
            any(f"{folder}/{name}" in snapshot.entries for name in files)
            or pytest_settings(snapshot, folder) is not None
        ):
            return folder
        folder = folder.rpartition("/")[0]
    return ""


def _roots(code: Code) -> tuple[str, ...]:
    """Return the folders that the project's imports of its own modules start from, the shallowest first."""
    found = {root for m in code.modules for i in m.imports if (root := _root(i)) is not None}
    return tuple(sorted(found, key=lambda r: (r.count("/"), r)))


def _root(imported: Import) -> str | None:
    if imported.local is None or not imported.local.endswith(".py"):
        return None
    parts = imported.local.removesuffix(".py").removesuffix("/__init__").split("/")
    names = imported.name.split(".")
    for cut in range(len(parts)):
        if parts[cut:] == names[: len(parts) - cut]:
            return "/".join(parts[:cut])
    return None


def subjects(code: Code) -> tuple[str, ...]:
    """Return the files whose lines are to be covered: the project's own modules that are no tests or set-up."""
    return tuple(m.path for m in code.modules if _is_subject(m))


def _is_subject(module: Module) -> bool:
    name = module.path.rpartition("/")[2]
    return (
        module.kind == "module"
        and module.path.endswith(".py")
        and module.part == "own"
        and not module.is_test
        and module.error is None
        and name not in _NO_SUBJECT
    )


def asks_git(code: Code) -> bool:
    """Whether the code uses git: such tests expect to run in a clone."""
    return any(
        imported.name.partition(".")[0] in _GIT_LIBRARIES for module in code.modules for imported in module.imports
    ) or any(text.text == "git" or text.text.startswith("git ") for module in code.modules for text in module.texts)


def carried(addopts: str) -> tuple[str, ...]:
    """Return those of the project's own ``addopts`` that say *what* its suite is: selection, import mode, doctests.

    The rest is dropped: reports, coverage, parallel runs, early stops, and plug-ins that may not be installed. A case
    that a selection leaves out counts as skipped, as one with a skip mark does.
    """
    try:
        words = shlex.split(addopts[:2000])
    except ValueError:
        return ()
    kept: list[str] = []
    rest = iter(words)
    for word in rest:
        name, has_value, _ = word.partition("=")
        if word in _ALONE or (name in _TAKES_VALUE and has_value):
            kept.append(word)
        elif word in _TAKES_VALUE:
            value = next(rest, None)
            kept += [word, value] if value is not None else []
    return tuple(kept)


def pytest_settings(snapshot: Snapshot, folder: str) -> dict[str, str] | None:
    """Return pytest's settings for ``folder``, from the first file that pytest would take; None without any.

    Source: https://docs.pytest.org/en/stable/reference/customize.html (order of files)
    """
    base = f"{folder}/" if folder else ""
    for name in ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"):
        if f"{base}{name}" in snapshot.entries:
            text = _text(snapshot, f"{base}{name}")
            return _toml(text, ("pytest",)) or {} if name.endswith(".toml") else _ini(text, "pytest") or {}
    pyproject = _text(snapshot, f"{base}pyproject.toml")
    for keys in (("tool", "pytest"), ("tool", "pytest", "ini_options")):
        found = _toml(pyproject, keys)
        if found is not None and set(found) != {"ini_options"}:
            return found
    for name, section in (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        settings = _ini(_text(snapshot, f"{base}{name}"), section)
        if settings is not None:
            return settings
    return None


def _text(snapshot: Snapshot, path: str) -> str:
    try:
        return snapshot.text(path, limit=_CONFIG_LIMIT)
    except Unreadable:
        return ""


def _toml(text: str, keys: Iterable[str]) -> dict[str, str] | None:
    try:
        table: object = tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return {str(k): _plain(v) for k, v in table.items()} if isinstance(table, dict) else None


def _plain(value: object) -> str:
    return shlex.join(str(v) for v in value) if isinstance(value, list) else str(value)


def _ini(text: str, section: str) -> dict[str, str] | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_file(io.StringIO(text))
        return dict(parser[section]) if parser.has_section(section) else None
    except (configparser.Error, ValueError):
        return None
