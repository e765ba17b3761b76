"""Which distribution does an import need, and may it be installed on the word of an import alone?"""

from __future__ import annotations

from functools import lru_cache

from evaluator import codec
from evaluator.facts.code import Code, Import
from evaluator.model import Record, Span
from evaluator.resources import folder

_NOT_THE_PROJECTS = frozenset({"vendored", "environment", "cache", "generated", "docs"})


class Distributions(Record):
    """The kept tables of ``rubrics/distributions.yaml``; see the comments there.

    Attributes:
        provides: Import name, possibly dotted → distributions, the one to install first; empty: cannot be installed.
        known: Distributions named as their import, which may be installed from an import alone.
        conda: Conda's name → the index's name, empty for what is no Python distribution.
        conda_only: Conda packages that are no Python distributions; ``*`` at the end of a beginning.
        renamed: Names on the index that refuse to install → what to use instead.
        windows_only, backports: See there.
    """

    provides: dict[str, tuple[str, ...]]
    known: tuple[str, ...]
    conda: dict[str, str]
    conda_only: tuple[str, ...]
    renamed: dict[str, str]
    windows_only: tuple[str, ...]
    backports: tuple[str, ...]


class Need(Record):
    """One third-party package that the project's code imports.

    Attributes:
        name: The import, as deep as it takes to tell the distribution (``numpy``, ``google.cloud.storage``).
        at: The first place that imports it.
        distributions: Those that provide it, the usual one first; never empty.
        tests_only: Only tests import it.
    """

    name: str
    at: Span
    distributions: tuple[str, ...]
    tests_only: bool = False


@lru_cache(maxsize=1)
def table() -> Distributions:
    """Return the kept tables."""
    found: Distributions = codec.decode_yaml((folder("rubrics") / "distributions.yaml").read_bytes(), Distributions)
    return found


def canonical(name: str) -> str:
    """Return ``name`` normalised as PEP 503 has it."""
    from packaging.utils import canonicalize_name

    return str(canonicalize_name(name))


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(canonical(n) for n in table().known)


def distributions_of(name: str) -> tuple[str, tuple[str, ...]]:
    """Return the part of the dotted import ``name`` that tells the distribution, and those that provide it.

    An import that the table lacks is taken to be named as its distribution. No distribution: it comes with a hosted
    notebook or an application, and nobody could declare it.
    """
    provides = table().provides
    parts = name.split(".")
    for length in range(min(len(parts), 4), 0, -1):
        key = ".".join(parts[:length])
        if key in provides:
            return key, provides[key]
    return parts[0], (canonical(parts[0]),)


def installable(name: str) -> str | None:
    """Return the distribution to install for the import ``name``; None unless the tables vouch for it.

    An unknown import name is never installed: anybody may have registered it.
    """
    key, found = distributions_of(name)
    if key in table().provides:
        return found[0] if found else None
    return found[0] if found[0] in _known() else None


def vouched_for(distribution: str) -> bool:
    """Whether the tables know ``distribution``, a normalised name."""
    return distribution in _known() or distribution in _provided()


@lru_cache(maxsize=1)
def _provided() -> frozenset[str]:
    return frozenset(d for found in table().provides.values() for d in found)


def needs(code: Code) -> tuple[Need, ...]:
    """Return what the project's code imports from elsewhere, by name.

    Left out: the standard library, the project's own modules (also those that only a changed path would find),
    imports whose absence the code provides for, other people's code, documentation and set-up scripts, and what comes
    with a hosted notebook.
    """
    own = own_names(code)
    found: dict[str, Need] = {}
    for module in code.modules:
        if module.part in _NOT_THE_PROJECTS or module.path.rpartition("/")[2] == "setup.py":
            continue
        tests_only = module.is_test or module.part == "test"
        for imported in module.imports:
            key, distributions = _from_elsewhere(imported, own)
            before = found.get(key)
            if distributions and (before is None or (before.tests_only and not tests_only)):
                found[key] = Need(name=key, at=imported.at, distributions=distributions, tests_only=tests_only)
    return tuple(found[key] for key in sorted(found))


def _from_elsewhere(imported: Import, own: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    if imported.stdlib or imported.optional or imported.missing or imported.local is not None:
        return "", ()
    if (
        not imported.name
        or imported.name.startswith(".")
        or (imported.name.split(".")[0] in own and installable(imported.name) is None)
    ):
        return "", ()
    return distributions_of(imported.name)


def own_names(code: Code) -> frozenset[str]:
    """Return the names of the project's modules, and of the folders that hold them."""
    names: set[str] = set()
    for module in code.modules:
        if module.part not in _NOT_THE_PROJECTS and module.kind == "module":
            names.update(part.removesuffix(".py") for part in module.path.split("/"))
    return frozenset(names)
