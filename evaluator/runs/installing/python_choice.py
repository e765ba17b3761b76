"""Which of the installed Python versions does the project want, in which order?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from evaluator.facts.manifests.lines import poetry_specifier
from evaluator.facts.packaging import Packaging, PythonStated
from evaluator.model import Record
from evaluator.runs.installing.interpreters import Minor, nearest

_MOST = 3
_EXACT = ("version-file", "environment", "dockerfile", "ci")
_WRITTEN = re.compile(r"3\.(\d{1,2})")
# By the year of the commit: the versions for which the packages of that year had wheels, the likelier one first.
# Measured on 60 requirements files: too new an interpreter finds fewer wheels of old versions than none pinned at all.
_YEARS: tuple[tuple[int, tuple[Minor, ...]], ...] = (
    (2019, ((3, 7),)),
    (2021, ((3, 8),)),
    (2022, ((3, 9), (3, 10))),
    (2023, ((3, 10), (3, 11))),
    (9999, ((3, 11), (3, 12))),
)


class Choice(Record):
    """Versions to try, in order.

    Attributes:
        stated: Where the project itself says so; None where only the year of its commit speaks.
        compromise: Said aloud where what it asks for is not installed; empty otherwise.
    """

    minors: tuple[Minor, ...]
    stated: PythonStated | None = None
    compromise: str = ""


def choose(packaging: Packaging, year: int, available: Iterable[Minor]) -> Choice:
    """Return up to three of ``available``: what the project names, what its metadata allows, what its time suggests."""
    held = tuple(sorted(available))
    bound = next((p for p in packaging.python if p.where == "metadata" and _allowed(p.version, held) is not None), None)
    allowed = (_allowed(bound.version, held) if bound else held) or ()
    named = [p for where in _EXACT for p in packaging.python if p.where == where and _minor(p.version)]
    era = next(minors for last, minors in _YEARS if year <= last)
    exact = _pick(named, allowed or held, era)
    stated = exact or bound
    wanted = _minor(exact.version) if exact else None
    wanted = wanted or (_lowest(bound.version) if bound and not allowed else None) or era[0]
    pool = allowed or held
    asked = exact is not None or not allowed
    first = nearest(wanted, pool) if asked else None
    order = list(dict.fromkeys(m for m in (first, wanted, *era) if m in pool))
    order += sorted((m for m in pool if m not in order), key=lambda m: (abs(m[1] - (first or wanted)[1]), -m[1]))
    compromise = ""
    if stated is not None and asked and order and order[0] != wanted:
        place = f"{_dotted(wanted)} is asked for ({stated.at.path})"
        compromise = f"Python {place}; the nearest installed, {_dotted(order[0])}, is used"
    return Choice(minors=tuple(order[:_MOST]), stated=stated, compromise=compromise)


def _pick(named: list[PythonStated], pool: tuple[Minor, ...], era: tuple[Minor, ...]) -> PythonStated | None:
    """Return the statement to go by: of the first kind of place that names one; in a matrix an installed version."""
    first = [p for p in named if p.where == named[0].where and p.at.path == named[0].at.path] if named else []
    usable = [p for p in first if _minor(p.version) in pool]
    of_its_time = [p for p in usable if _minor(p.version) in era]
    return next(
        iter(of_its_time or sorted(usable, key=lambda p: _minor(p.version) or (0, 0), reverse=True) or first), None
    )


def _minor(version: str) -> Minor | None:
    found = _WRITTEN.search(version)
    return (3, int(found[1])) if found else None


def _lowest(version: str) -> Minor | None:
    found = sorted(int(n) for n in _WRITTEN.findall(version))
    return (3, found[0]) if found else None


def _allowed(version: str, held: tuple[Minor, ...]) -> tuple[Minor, ...] | None:
    """Return which of ``held`` satisfy ``requires-python``; None where it cannot be read."""
    from packaging.specifiers import SpecifierSet

    bare = re.fullmatch(r"3\.\d{1,2}(?:\.\d{1,2})?", version.strip())
    try:
        asked = SpecifierSet(f"=={'.'.join(version.strip().split('.')[:2])}.*" if bare else poetry_specifier(version))
    except ValueError:
        return None
    return tuple(m for m in held if any(f"{m[0]}.{m[1]}.{patch}" in asked for patch in range(40)))


def _dotted(minor: Minor) -> str:
    return f"{minor[0]}.{minor[1]}"
