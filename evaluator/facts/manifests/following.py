"""Which of several manifests does an install follow?"""

from __future__ import annotations

import posixpath

from evaluator.facts.manifests.found import COMPUTED, NOT_READ
from evaluator.facts.packaging import Manifest, ManifestKind, Packaging

INSTALL_LINES: frozenset[ManifestKind] = frozenset({"dockerfile", "ci", "script", "readme"})
LOCKS: frozenset[ManifestKind] = frozenset(
    {"uv.lock", "pylock", "poetry.lock", "pdm.lock", "pipfile.lock", "conda-lock"}
)


def declaring(packaging: Packaging) -> tuple[Manifest, ...]:
    """Return the manifests proper: files whose purpose is to declare dependencies, with any in them."""
    return tuple(m for m in packaging.manifests if m.kind not in INSTALL_LINES and m.requirements)


def unread(packaging: Packaging) -> str | None:
    """Return why a manifest's content is not known, with its path, where that is not the project's doing; else None."""
    for manifest in packaging.manifests:
        for _, reason in manifest.errors:
            if reason == COMPUTED or reason.startswith(NOT_READ):
                return f"{manifest.path}: {reason}"
    return None


def followed(packaging: Packaging) -> Manifest | None:
    """Return the manifest that an install follows.

    Of those that a command of the project's names and that a plain install takes, the shallowest (a deeper one is for a
    part), a lock before what it locks, then the first named; without such a command the one of most authority in the
    shallowest folder that has any. None where nothing is declared.
    """
    held = declaring(packaging)
    by_path = {m.path: m for m in held}
    named = [by_path[path] for path in packaging.followed if path in by_path]
    plain = [m for m in named if any(not r.group for r in m.requirements)]
    if plain:
        return min(plain, key=lambda m: (m.path.count("/"), m.kind not in LOCKS))
    wide = [m for m in held if any(not r.group for r in m.requirements)] or list(held)
    return min(wide, key=lambda m: m.path.count("/"), default=None)


def lock_of(manifest: Manifest, packaging: Packaging) -> Manifest | None:
    """Return the lock file in the manifest's folder whose tool reads that manifest; itself if it is one."""
    if manifest.kind in LOCKS:
        return manifest
    readers: dict[str, frozenset[str]] = {
        "pyproject": frozenset({"uv.lock", "poetry.lock", "pdm.lock", "pylock"}),
        "pipfile": frozenset({"pipfile.lock"}),
        "environment": frozenset({"conda-lock"}),
    }
    kinds = readers.get(manifest.kind, frozenset())
    folder = posixpath.dirname(manifest.path)
    beside = [m for m in packaging.manifests if m.kind in kinds and posixpath.dirname(m.path) == folder]
    return beside[0] if beside else None


def direct_of(lock: Manifest, packaging: Packaging) -> Manifest | None:
    """Return the manifest beside ``lock`` that states what the project asks for directly."""
    return next((m for m in declaring(packaging) if m.kind not in LOCKS and lock_of(m, packaging) == lock), None)
