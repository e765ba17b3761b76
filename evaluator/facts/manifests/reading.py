"""Which files declare dependencies, and what do they declare together?"""

from __future__ import annotations

import posixpath
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from evaluator.facts.credentials.masking import mask
from evaluator.facts.delivery import Command, Delivery
from evaluator.facts.documents.instructions import instructions
from evaluator.facts.manifests import commands, conda, locks, platforms, pyproject, pythons, requirements, setuptools
from evaluator.facts.manifests.found import NOT_READ, Found, Include
from evaluator.facts.manifests.lines import bounds
from evaluator.facts.packaging import ConsoleScript, Manifest, ManifestKind, Packaging, PythonStated, Requirement
from evaluator.facts.prose import Prose
from evaluator.facts.tree import Tree
from evaluator.model import Missing
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot, Unreadable

Reader = Callable[[str, str], Found]
_ORDER = typing.get_args(ManifestKind)
_NAMES: dict[str, tuple[ManifestKind, Reader]] = {
    "uv.lock": ("uv.lock", locks.read_toml),
    "poetry.lock": ("poetry.lock", locks.read_toml),
    "pdm.lock": ("pdm.lock", locks.read_toml),
    "pylock.toml": ("pylock", locks.read_toml),
    "pipfile.lock": ("pipfile.lock", locks.read_pipfile_lock),
    "conda-lock.yml": ("conda-lock", locks.read_conda_lock),
    "pipfile": ("pipfile", locks.read_pipfile),
    "pyproject.toml": ("pyproject", pyproject.read),
    "setup.cfg": ("setup.cfg", setuptools.read_cfg),
    "setup.py": ("setup.py", setuptools.read_py),
}
_REQUIREMENTS = re.compile(r"(?:.*[-_.])?(?:requirements?|reqs)(?:[-_.].*)?\.(?:txt|in|pip)", re.IGNORECASE)
_ENVIRONMENT = re.compile(r"(?:.*[-_.])?(?:conda|env|environment)(?:[-_.].*)?\.ya?ml", re.IGNORECASE)
_VERSION_FILES = frozenset({".python-version", "runtime.txt", ".tool-versions"})
_ASIDE = {
    "dev": r"dev|devel|develop|development|local",
    "test": r"test|tests|testing",
    "docs": r"doc|docs|rtd|mkdocs|sphinx",
    "lint": r"lint|linting|style|format|typing|mypy|ci|build|release",
}
_ASIDE_PARTS = {"test": "test", "docs": "docs", "example": "example"}
_LEFT_OUT = frozenset({"vendored", "environment", "cache"})
_USER = re.compile(r"://[^/\s@]+@")
_SIZE = 5_000_000
_TOGETHER = 15_000_000
_FILES = 100
_OF_TESTS = frozenset(
    {"", "test", "tests", "testing", "unittests", "unit", "integration", "e2e", "functional", "requirements"}
)
_MOST = 5_000
_INCLUDES = 30


class _Read(NamedTuple):
    kind: ManifestKind
    found: Found


@provides(how="parsed")
def packaging(snapshot: Snapshot, tree: Tree, delivery: Delivery | Missing, prose: Prose | Missing) -> Packaging:
    """Read every manifest outside committed environments, other people's code and what tests work on, at most 100, the
    shallowest first.

    The files beside an ``MLmodel`` are what MLflow wrote of a logged model, not what the project declares.
    """
    parts = {f.path: f.part for f in tree.files if f.kind in {"file", "executable"} and f.part not in _LEFT_OUT}
    logged = {posixpath.dirname(p) for p in parts if posixpath.basename(p) == "MLmodel"}
    paths = sorted((p for p in parts if posixpath.dirname(p) not in logged), key=lambda p: (p.count("/"), p))
    kinds = [(p, kind) for p in paths if (kind := _kind(p)) is not None and not _is_fixture(p, parts[p])]
    shelf = _Shelf(snapshot, parts)
    reads = [_Read(kind, shelf.read(path, kind)) for path, kind in kinds[:_FILES]]
    held = [m for read in reads if (m := _manifest(shelf, read)) is not None]
    told = _told(prose)
    installs = commands.in_order(told, delivery if isinstance(delivery, Delivery) else Delivery())
    declared = frozenset(m.path for m in held)
    listed = [_masked(m) for m in (*held, *commands.manifests(installs))]
    return Packaging(
        manifests=tuple(sorted(listed, key=lambda m: (_ORDER.index(m.kind), m.path.count("/"), m.path))),
        python=tuple(_pythons(shelf, paths, [r.found for r in reads], delivery, told, prose)),
        scripts=_scripts(reads),
        name=next((r.found.name for r in reads if r.found.name), None),
        license=next((r.found.license for r in reads if r.found.license), None),
        followed=tuple(dict.fromkeys(commands.located(installs, declared))),
    )


def _is_fixture(path: str, part: str) -> bool:
    """Whether a manifest is what tests work on: it lies deeper among them than what they need themselves does."""
    folder = posixpath.basename(posixpath.dirname(path)).lower()
    return part == "test" and folder not in _OF_TESTS


def _told(prose: Prose | Missing) -> list[Command]:
    """Return the commands that documents give their readers."""
    documents = prose.documents if isinstance(prose, Prose) else ()
    return [
        Command(argv=told.argv, raw=told.raw, at=told.at, origin="readme")
        for document in documents
        if document.role in {"readme", "readme-below", "docs"}
        for told in instructions(document)
    ]


def _masked(manifest: Manifest) -> Manifest:
    """Return ``manifest`` fit to be shown: an address may hold a password."""
    held = tuple(
        msgspec.structs.replace(r, raw=_shown(r.raw)) if "://" in r.raw or "@" in r.raw else r
        for r in manifest.requirements
    )
    errors = tuple((at, _shown(reason)) for at, reason in manifest.errors)
    options = tuple((at, _shown(text)) for at, text in manifest.options)
    return msgspec.structs.replace(manifest, requirements=held, errors=errors, options=options)


def _shown(text: str) -> str:
    return mask(_USER.sub("://…@", text))


def _kind(path: str) -> ManifestKind | None:
    name = posixpath.basename(path)
    if name.lower() in _NAMES:
        return _NAMES[name.lower()][0]
    if re.fullmatch(r"pylock\..{1,60}\.toml", name):
        return "pylock"
    folder = posixpath.basename(posixpath.dirname(path)).lower()
    if _REQUIREMENTS.fullmatch(name) or (folder == "requirements" and name.endswith((".txt", ".in"))):
        return None if name.lower().startswith("constraint") else "requirements"
    if re.fullmatch(r".*conda-lock.*\.ya?ml", name):
        return "conda-lock"
    return "environment" if _ENVIRONMENT.fullmatch(name) else None


def _reader(kind: ManifestKind) -> Reader:
    return dict(_NAMES.values()).get(kind, conda.read if kind == "environment" else requirements.read)


class _Shelf:
    """Reads files, each once, and all together no more than a bounded number of characters."""

    def __init__(self, snapshot: Snapshot, parts: Mapping[str, str]) -> None:
        self.snapshot, self._parts = snapshot, parts
        self._read: dict[tuple[str, str], Found] = {}
        self._left = _TOGETHER

    def text(self, path: str) -> str:
        """Return the text at ``path``; nothing where it cannot be had."""
        try:
            return self._text(path)
        except Unreadable:
            return ""

    def _text(self, path: str) -> str:
        text = self.snapshot.text(path, limit=min(_SIZE, self._left))
        self._left -= len(text)
        return text.removeprefix("\ufeff")

    def read(self, path: str, kind: ManifestKind) -> Found:
        """Read one file; what it declares belongs to the group that its name or folder tells."""
        known = self._read.get((path, kind))
        if known is not None:
            return known
        part = self._parts.get(path, "own")
        try:
            found = _reader(kind)(path, self._text(path))
        except Unreadable as error:
            found = Found(path)
            found.error(1, f"{NOT_READ} {'too large' if error.cause == 'too-large' else 'not here'}")
        group = _aside(path, part) if kind in {"requirements", "environment"} else _ASIDE_PARTS.get(part, "")
        if group:
            found.requirements = [r if r.group else msgspec.structs.replace(r, group=group) for r in found.requirements]
            found.includes = [Include(i.target, i.at, i.constraint, i.group or group) for i in found.includes]
        self._read[path, kind] = found
        return found


def _aside(path: str, part: str) -> str:
    """Return the group of a file that a plain install would not follow; empty for one that it would."""
    stem = posixpath.basename(path).lower().rpartition(".")[0]
    words = set(re.split(r"[-_.]", stem))
    for group, names in _ASIDE.items():
        if any(re.fullmatch(names, word) for word in words):
            return group
    return _ASIDE_PARTS.get(part, "")


def _manifest(shelf: _Shelf, read: _Read) -> Manifest | None:
    """Return the manifest with what it includes; None for a file that declares nothing and has no fault."""
    found = read.found
    held = list(found.requirements)
    errors = list(found.errors)
    constraints: list[Requirement] = []
    todo, seen = [(i, found.path) for i in found.includes], {found.path}
    while todo and len(seen) <= _INCLUDES:
        include, source = todo.pop(0)
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), include.target.replace("\\", "/")))
        if path in seen:
            continue
        seen.add(path)
        if path.startswith("../") or path not in shelf.snapshot.entries:
            errors.append((include.at, f"names `{include.target[:80]}`, which is not in the repository"))
            continue
        other = shelf.read(path, "requirements")
        errors += other.errors
        constrains = include.constraint
        (constraints if constrains else held).extend(_grouped(other.requirements, include.group))
        todo += [(Include(i.target, i.at, constrains or i.constraint, include.group), path) for i in other.includes]
    prose = read.kind == "requirements" and not held and posixpath.basename(found.path).lower() != "requirements.txt"
    if not held and (prose or not (errors or found.options)):
        return None
    return Manifest(
        path=found.path,
        kind=read.kind,
        requirements=tuple(_constrained(held[:_MOST], constraints)),
        locked=found.locked,
        errors=tuple(errors[:_MOST]),
        options=tuple(found.options[:_MOST]),
    )


def _grouped(held: list[Requirement], group: str) -> list[Requirement]:
    return [msgspec.structs.replace(r, group=group) if group and not r.group else r for r in held]


def _constrained(held: list[Requirement], constraints: list[Requirement]) -> Iterator[Requirement]:
    """Yield ``held``, each with the versions that a constraints file allows it."""
    limits = {c.name: c for c in constraints if not c.url}
    for one in held:
        limit = limits.get(one.name)
        if limit is None or one.url:
            yield one
            continue
        specifier = ",".join(filter(None, (one.specifier, limit.specifier)))
        exact, bounded = bounds(specifier)
        yield msgspec.structs.replace(one, specifier=specifier, pinned=exact, bounded=bounded)


def _pythons(
    shelf: _Shelf,
    paths: list[str],
    reads: list[Found],
    delivery: Delivery | Missing,
    told: list[Command],
    prose: Prose | Missing,
) -> Iterator[PythonStated]:
    """Yield what is said about Python: metadata, version files, platforms, images, CI, prose; each the shallowest first."""
    for found in reads:
        yield from found.python
    for path in [p for p in paths if posixpath.basename(p) in _VERSION_FILES][:_INCLUDES]:
        yield from pythons.version_file(path, shelf.text(path))
    for path in [p for p in paths if platforms.is_read(p)][:_INCLUDES]:
        yield from platforms.platform(path, shelf.text(path))
    if isinstance(delivery, Delivery):
        for dockerfile in delivery.dockerfiles:
            yield from pythons.image(dockerfile, shelf.text(dockerfile.path))
        for workflow in delivery.workflows:
            yield from pythons.workflow(workflow.path, shelf.text(workflow.path))
    for command in told:
        yield from pythons.command_python(command, "prose")
    if isinstance(prose, Prose):
        for document in prose.documents:
            yield from pythons.prose(document) if document.role != "community" else ()


def _scripts(reads: list[_Read]) -> tuple[ConsoleScript, ...]:
    found = [script for read in reads for script in read.found.scripts]
    return tuple(sorted(found, key=lambda s: (s.at.path.count("/"), s.at.path, s.at.start, s.name)))
