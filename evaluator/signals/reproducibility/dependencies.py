"""Does the project say what it needs, in which versions, on which Python?"""

from __future__ import annotations

import re

from evaluator.facts.code import Code
from evaluator.facts.import_names import Need
from evaluator.facts.imported import Imported
from evaluator.facts.manifests.following import INSTALL_LINES, LOCKS, declaring, direct_of, followed, lock_of, unread
from evaluator.facts.packaging import Manifest, Packaging, PythonStated, Requirement
from evaluator.facts.r_scripts import RScripts
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Missing, NotApplicable, Span, Unit, Unknown
from evaluator.registry import signal
from evaluator.signals.reproducibility import r_projects

_COVERED = 0.9
_SOME = 0.3
_SHOWN = 8
_EXECUTED = frozenset({"dockerfile", "ci"})
_PLACES = (
    "requirements*.txt",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "environment.yml",
    "lock files",
)


@signal(
    id="reproducibility.dependencies-declared",
    title="Imported packages are declared",
    question="Does a manifest name what the code imports?",
    looks_at=(
        "Third-party imports of scripts, modules and notebooks against requirements files, pyproject.toml, setup.py, "
        "setup.cfg, Pipfile, environment.yml and lock files, taken together"
    ),
    remedy="Add each package that the code imports itself to requirements.txt or pyproject.toml.",
    effort="minutes",
    sources=("pimentel-2019", "pep-621", "turing-way"),
    limits=(
        "Imports of tests alone, imports whose absence the code provides for, and what comes with a hosted notebook are "
        "not asked for. Which distribution provides an import is known for some 500 packages; for others the names are "
        "taken to be equal. A setup.py that computes its requirements is not run."
    ),
    levels=(
        "no manifest, or none of what is imported in it",
        "a manifest covers fewer than 90 % of the imports, or only install lines of an image or of CI name them",
        "a manifest covers at least 90 % of the imports",
    ),
)
def dependencies_declared(imported: Imported, packaging: Packaging, r: RScripts | Missing) -> Answer:
    """Value: 2 where manifests name at least 90 % of the imported packages, 1 where they name some, else 0."""
    needs = [need for need in imported.needs if _matters(need)]
    if not needs:
        if imported.unread and not imported.read:
            return Unknown(cause="failed", reason="no file of its code could be parsed")
        if isinstance(r, RScripts):
            return r_projects.declared(r)
        return NotApplicable(reason="no third-party imports")
    manifests = _direct(packaging)
    names = {r.name for m in manifests for r in m.requirements}
    absent = [need for need in needs if names.isdisjoint(need.distributions)]
    covered = len(needs) - len(absent)
    unknown = unread(packaging)
    if unknown is not None and covered < _COVERED * len(needs):
        return Unknown(cause="not-found", reason=unknown)
    if not covered:
        return _from_lines(needs, manifests, packaging)
    share = covered / len(needs)
    files = ", ".join(dict.fromkeys(m.path for m in manifests))
    return Measured(
        value=2 if share >= _COVERED else 1,
        unit=Unit.LEVEL,
        summary=f"{covered} of {len(needs)} imported packages are declared ({files})",
        evidence=tuple(_undeclared(n) for n in absent[:_SHOWN]) or tuple(_first(m) for m in manifests[:3]),
        confidence="medium" if imported.unread else "high",
    )


def _matters(need: Need) -> bool:
    """Whether an install must provide it: a notebook brings its own IPython."""
    return not need.tests_only and not (need.name == "IPython" and need.at.cell is not None)


def _direct(packaging: Packaging) -> list[Manifest]:
    """Return the manifests that say what is asked for directly: a lock only where nothing beside it does."""
    return [m for m in declaring(packaging) if m.kind not in LOCKS or direct_of(m, packaging) is None]


def _from_lines(needs: list[Need], manifests: list[Manifest], packaging: Packaging) -> Answer:
    """Judge a project no manifest of which names anything it imports; install lines that are executed count in part."""
    lines = [m for m in packaging.manifests if m.kind in _EXECUTED]
    names = {r.name for m in lines for r in m.requirements}
    covered = [need for need in needs if not names.isdisjoint(need.distributions)]
    said = "no manifest names what is imported" if manifests else "there is no manifest"
    absent: list[Evidence] = [_undeclared(n) for n in needs[:_SHOWN]]
    if covered:
        said = f"{said}; install lines name {len(covered)} of {len(needs)} packages"
        absent = [_first(m) for m in lines[:3]] + absent
    return Measured(
        value=1 if covered else 0,
        unit=Unit.LEVEL,
        summary=said if covered else f"{said}; {len(needs)} packages are imported",
        evidence=(Absence(note=said, looked_at=tuple(m.path for m in manifests) or _PLACES), *absent),
    )


def _undeclared(need: Need) -> Evidence:
    return InFile(at=need.at, note=f"imports {need.name} ({need.distributions[0]}), which no manifest names")


def _first(manifest: Manifest) -> Evidence:
    at = manifest.requirements[0].at
    return InFile(at=at, note=f"declares {len(manifest.requirements)} packages", excerpt=manifest.requirements[0].raw)


@signal(
    id="reproducibility.dependencies-pinned",
    title="Versions are fixed",
    question="Would an install next year give the same versions?",
    looks_at=(
        "The manifest that an install follows (the one that the README, an image or CI installs from; else a lock file, "
        "else the first in order of authority): a lock beside it, or exact versions in it"
    ),
    remedy="Commit a lock file (uv lock, poetry lock, pip-compile) or pin the versions that you have tested with ==.",
    effort="minutes",
    sources=("pimentel-2019", "pep-665-751", "turing-way"),
    limits=(
        "Whether a lock still fits its manifest is asked by names only. A tag of a repository can be moved and counts as "
        "open. Versions of the interpreter and of system packages are not looked at here."
    ),
    levels=(
        "fewer than 30 % of the direct dependencies are pinned or bounded on both sides",
        "at least 30 % are pinned or bounded on both sides",
        "a lock file, or at least 90 % pinned exactly",
    ),
)
def dependencies_pinned(imported: Imported, packaging: Packaging, r: RScripts | Missing) -> Answer:
    """Value: 2 for a lock or 90 % exact pins, 1 for 30 % pinned or bounded on both sides, else 0."""
    main, unknown = followed(packaging), unread(packaging)
    if main is None and unknown is not None:
        return Unknown(cause="not-found", reason=unknown)
    if main is None and not any(map(_matters, imported.needs)) and isinstance(r, RScripts) and r.needs:
        return r_projects.pinned(r)
    if main is None:
        return _unpinned_lines(imported, packaging)
    direct = _plain(direct_of(main, packaging) if main.kind in LOCKS else main, main)
    lock = lock_of(main, packaging)
    if lock is not None and _covers(lock, direct):
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary=f"{lock.path} fixes {len(lock.requirements)} packages",
            evidence=(_first(lock),),
        )
    if lock is not None and unknown is not None and unknown.startswith(lock.path):
        return Unknown(cause="not-found", reason=unknown)
    return _share(direct, main.path)


def _plain(manifest: Manifest | None, other: Manifest) -> list[Requirement]:
    """Return what a plain install takes of a manifest, each name once; all of it where everything is in groups."""
    held = (manifest or other).requirements
    plain = [r for r in held if not r.group] or list(held)
    return list({r.name: r for r in plain}.values())


def _covers(lock: Manifest, direct: list[Requirement]) -> bool:
    """Whether the lock holds what is asked for directly: an empty or foreign one locks nothing."""
    names = {r.name for r in lock.requirements}
    held = sum(r.name in names for r in direct)
    return bool(names) and held >= _COVERED * len(direct)


def _share(direct: list[Requirement], path: str, *, best: int = 2) -> Answer:
    pinned = [r for r in direct if r.pinned]
    bounded = [r for r in direct if r.bounded]
    level = 2 if len(pinned) >= _COVERED * len(direct) else 1 if len(bounded) >= _SOME * len(direct) else 0
    open_ = [r for r in direct if not r.pinned]
    shown = open_ if level < 2 and open_ else pinned
    return Measured(
        value=min(level, best),
        unit=Unit.LEVEL,
        summary=f"{len(pinned)} of {len(direct)} direct dependencies in {path} are pinned exactly",
        evidence=tuple(_pin(r) for r in shown[:_SHOWN]),
    )


def _pin(requirement: Requirement) -> Evidence:
    kind = "pinned" if requirement.pinned else "bounded on both sides" if requirement.bounded else "open"
    return InFile(at=requirement.at, note=f"{requirement.name}: {kind}", excerpt=requirement.raw)


def _unpinned_lines(imported: Imported, packaging: Packaging) -> Answer:
    """Judge a project without a manifest: install lines of an image or of CI can make it half way."""
    lines = [r for m in packaging.manifests if m.kind in _EXECUTED for r in m.requirements]
    if lines:
        return _share(list({r.name: r for r in lines}.values()), lines[0].at.path, best=1)
    if not any(_matters(need) for need in imported.needs):
        return NotApplicable(reason="no dependencies")
    written = [m for m in packaging.manifests if m.kind not in INSTALL_LINES and m.errors]
    return Measured(
        value=0,
        unit=Unit.LEVEL,
        summary="nothing that could be pinned is declared",
        evidence=(
            Absence(note="no manifest declares a version", looked_at=tuple(m.path for m in written) or _PLACES),
            *(InFile(at=at, note=reason) for m in written[:3] for at, reason in m.errors[:1]),
        ),
    )


_WHERE = {
    "metadata": "package metadata",
    "version-file": "a version file",
    "dockerfile": "an image",
    "environment": "an environment file",
    "ci": "CI",
    "prose": "prose",
}
_MINOR = re.compile(r"\d\.\d")


@signal(
    id="reproducibility.python-version-stated",
    title="The Python version is stated",
    question="Which Python is it written for?",
    looks_at=(
        "requires-python and its like, .python-version, runtime.txt, base images, environment files, versions that CI "
        "sets up; then documents and badges"
    ),
    remedy='State it where installers look: requires-python = ">=3.11" in pyproject.toml, or a .python-version file.',
    effort="minutes",
    sources=("pimentel-2019", "pep-621"),
    limits="Metadata of notebook kernels do not count: they tell what somebody happened to have. A bare 3 names no version.",
    levels=(
        "nowhere",
        "in prose only, or without a minor version",
        "in metadata, a version file, an image, an environment file or CI",
    ),
)
def python_version_stated(code: Code, packaging: Packaging) -> Answer:
    """Value: 2 where a file that tools read names it, 1 where only readers are told, else 0."""
    if not code.modules and not code.skipped:
        return NotApplicable(reason="no Python code")
    firm = [p for p in packaging.python if p.where != "prose" and _MINOR.search(p.version)]
    vague = [p for p in packaging.python if p not in firm]
    if not firm and not vague:
        return Measured(
            value=0,
            unit=Unit.LEVEL,
            summary="no Python version is stated",
            evidence=(
                Absence(
                    note="no Python version is stated",
                    looked_at=("metadata", "version files", "images", "environment files", "CI", "documents"),
                ),
            ),
        )
    shown = firm or vague
    return Measured(
        value=2 if firm else 1,
        unit=Unit.LEVEL,
        summary=f"Python {shown[0].version} in {_WHERE[shown[0].where]} ({shown[0].at.path})",
        evidence=tuple(_stated(p) for p in shown[:3]),
    )


def _stated(python: PythonStated) -> Evidence:
    at = Span(path=python.at.path, start=python.at.start, end=python.at.start, cell=python.at.cell)
    return InFile(at=at, note=f"{_WHERE[python.where]}: Python {python.version}")
