"""What does the project say it needs in order to be installed?"""

from __future__ import annotations

from typing import Literal

from evaluator.model import Fact, Record, Span

ManifestKind = Literal[
    "uv.lock",
    "pylock",
    "poetry.lock",
    "pdm.lock",
    "pipfile.lock",
    "conda-lock",
    "pipfile",
    "environment",
    "requirements",
    "pyproject",
    "setup.cfg",
    "setup.py",
    "dockerfile",
    "ci",
    "script",
    "readme",
]


class Requirement(Record):
    """One declared dependency.

    Attributes:
        name: Normalised distribution name (PEP 503). raw: As written, at most 300 characters.
        specifier: PEP 440 specifier set, empty where open; conda's ``=1.2`` becomes ``==1.2.*``.
        marker: PEP 508 marker, empty where none.
        group: ``""`` for what a plain install takes; else the extra or group (``dev``, ``test``).
        pinned: Exactly one version can be chosen (``==1.2.3``, ``===``, a lock entry, a hash or commit).
        bounded: Bounded on both sides (or pinned).
        url: It is a direct reference (git, url, path) and no index is asked.
    """

    name: str
    raw: str
    at: Span
    specifier: str = ""
    marker: str = ""
    extras: tuple[str, ...] = ()
    group: str = ""
    pinned: bool = False
    bounded: bool = False
    url: bool = False


class Manifest(Record):
    """One file that declares dependencies, with what it includes from others.

    Attributes:
        locked: Every version in it was fixed by a tool.
        errors: Lines that could not be read, or that no installer takes, with the reason.
        options: Lines meant for the installer (indexes, the project's own folder): seen, and never obeyed.
    """

    path: str
    kind: ManifestKind
    requirements: tuple[Requirement, ...] = ()
    locked: bool = False
    errors: tuple[tuple[Span, str], ...] = ()
    options: tuple[tuple[Span, str], ...] = ()


class PythonStated(Record):
    """A place that states a Python version. ``version``: as written (``>=3.10``, ``3.11``, ``python-3.9.7``)."""

    at: Span
    version: str
    where: Literal["metadata", "version-file", "dockerfile", "environment", "ci", "prose"]


class ConsoleScript(Record):
    """``name`` starts ``target`` (``package.module:function``)."""

    name: str
    target: str
    at: Span


class Packaging(Fact):
    """All manifests, in order of authority (see ``ManifestKind``) and then by depth and path.

    Attributes:
        followed: Paths of the manifests that an install command names: those of documents first, then of Makefiles,
            images, CI and scripts.
        name: What the project calls itself in its metadata. license: As its metadata states it.
    """

    manifests: tuple[Manifest, ...]
    python: tuple[PythonStated, ...] = ()
    scripts: tuple[ConsoleScript, ...] = ()
    name: str | None = None
    license: str | None = None
    followed: tuple[str, ...] = ()
