"""Which pointers, locks, checksums, addresses and libraries fix the version of the data?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from evaluator import codec
from evaluator.facts.code import Call, Code
from evaluator.facts.data_sources import DataSource, DataSources
from evaluator.facts.data_versions import DataVersions, Fixation, How, Unfixed
from evaluator.facts.datasets import calls
from evaluator.facts.datasets.checksums import Checksums
from evaluator.facts.datasets.pointers import pointers
from evaluator.facts.delivery import Delivery
from evaluator.facts.import_names import distributions_of
from evaluator.facts.imported import Imported
from evaluator.facts.model_work import ModelWork
from evaluator.facts.modelling.libraries import Patterns, libraries
from evaluator.facts.packaging import Packaging
from evaluator.facts.python.modules import Modules
from evaluator.facts.reach import Reach
from evaluator.facts.tree import Tree
from evaluator.model import Missing, Record, Span
from evaluator.resources import folder
from evaluator.source.snapshot import Snapshot

_LOOSE_LIMIT = 50


class Stated(Record):
    """Calls whose arguments fix a version; see ``rubrics/data_versions.yaml``."""

    calls: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    positions: tuple[int, ...] = ()
    holds: tuple[str, ...] = ()


class Versions(Record):
    """``rubrics/data_versions.yaml`` as it stands; see the comments there."""

    checked: tuple[str, ...]
    bundled: tuple[str, ...]
    stated: tuple[Stated, ...]
    moving: tuple[str, ...]
    checks: tuple[str, ...]
    releases: tuple[str, ...]
    dated: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """What was found out before."""

    tree: Tree
    code: Code
    reach: Reach
    sources: DataSources


@cache
def table() -> Versions:
    """Return the table that ships with the tool."""
    made: Versions = codec.decode_yaml((folder("rubrics") / "data_versions.yaml").read_bytes(), Versions)
    return made


@cache
def _stated() -> Patterns[Stated]:
    return Patterns((name, stated) for stated in table().stated for name in stated.calls)


@cache
def _libraries() -> Patterns[How]:
    checked: list[tuple[str, How]] = [(name, "library") for name in table().checked]
    return Patterns([*checked, *((name, "unpinned-library") for name in table().bundled)])


@cache
def _releases() -> re.Pattern[str]:
    return re.compile("|".join(table().releases))


def find(
    snapshot: Snapshot,
    modules: Modules,
    known: Known,
    *,
    work: ModelWork | Missing,
    imported: Imported | Missing,
    packaging: Packaging | Missing,
    delivery: Delivery | Missing,
) -> DataVersions:
    """Return what fixes versions, and the sources that nothing fixes; see the fact."""
    fixed = [*pointers(snapshot, known.tree, known.sources), *_in_calls(known), *_commands(delivery)]
    fixed += (
        Fixation(how="checksum", what="a digest is compared", at=at) for at in Checksums(modules, known.reach).found()
    )
    used = _used_libraries(imported)
    pinned = _pinned(packaging)
    at_calls = {(f.at.path, f.at.cell, f.at.start) for f in fixed}
    loose: list[Unfixed] = []
    for source in known.sources.sources:
        made = _of_source(source, work, pinned & used)
        if made is not None:
            fixed.append(made)
        elif _is_loose(source) and (source.at.path, source.at.cell, source.at.start) not in at_calls:
            loose.append(Unfixed(what=source.what, at=source.at))
    return DataVersions(
        fixed=tuple(sorted(dict.fromkeys(fixed), key=lambda f: (f.how, f.at.path, f.at.cell or 0, f.at.start, f.what))),
        loose=tuple(loose[:_LOOSE_LIMIT]),
    )


def _is_loose(source: DataSource) -> bool:
    return source.sure and source.origin in {"built-in", "fetched"}


def _of_source(source: DataSource, work: ModelWork | Missing, pinned: frozenset[str]) -> Fixation | None:
    """Return what fixes the version of ``source`` by its own kind or address; None where nothing does."""
    what, lower = source.what, source.what.lower()
    if source.origin == "built-in":
        name = what.partition("(")[0]
        how = next(iter(_libraries().matches(libraries().canonical(name))), None)
        if how == "unpinned-library" and pinned.intersection(distributions_of(name)[1]):
            how = "library"
        return Fixation(how=how, what=what, at=source.at) if how else None
    if source.origin == "generated" and source.sure and not isinstance(work, Missing):
        return Fixation(how="seed", what=what, at=source.at) if _is_seeded(source.at, work) else None
    if source.origin not in {"fetched", "described"}:
        return None
    if _releases().search(lower):
        how = "named-release" if source.origin == "described" else "release"
        return Fixation(how=how, what=what, at=source.at)
    if source.origin == "fetched" and re.search(table().dated, lower):
        return Fixation(how="dated", what=what, at=source.at)
    return None


def _is_seeded(at: Span, work: ModelWork) -> bool:
    here = [c for c in work.chances if c.place.at.path == at.path and c.place.at.start == at.start]
    return all(c.seeded for c in here) if here else bool(work.seeds)


def _in_calls(known: Known) -> Iterator[Fixation]:
    """Yield the calls that something runs and that state a version or checksum."""
    for module in calls.in_play(known.code):
        for call in module.calls:
            for stated in _stated().matches(libraries().canonical(call.name)):
                value = _value(call, stated)
                if value and known.reach.has(call.at.path, call.scope):
                    yield Fixation(how="checksum", what=f"{call.name}({value})"[:200], at=call.at)
                    break


def _value(call: Call, stated: Stated) -> str:
    """Return the argument that fixes something, as written; empty where none does."""
    given = [a for a in call.args if a.keyword is None]
    if stated.holds:
        first = calls.unquoted(given[0].value.text) if given and given[0].value.kind == "constant" else ""
        return first if any(piece in first for piece in stated.holds) else ""
    chosen = [(a.keyword or "", a.value) for a in call.args if a.keyword in stated.keywords]
    chosen += [("", given[n].value) for n in stated.positions if n < len(given)]
    for keyword, value in chosen:
        bare = calls.unquoted(value.text) or value.text.strip("'\"")
        if bare.lower() not in table().moving:
            return f"{keyword}={bare}".removeprefix("=")
    return ""


def _commands(delivery: Delivery | Missing) -> Iterator[Fixation]:
    """Yield the commands of the project's files that compare checksums, and those that fetch one edition for good."""
    for command in () if isinstance(delivery, Missing) else delivery.commands:
        if command.disarmed or not command.argv:
            continue
        head, rest = posixpath.basename(command.argv[0]), command.argv[1:]
        if head in table().checks and {"-c", "--check", "-c-"} & set(rest):
            yield Fixation(how="checksum", what=command.raw[:200], at=command.at)
        elif (calls.brings_data(command.argv) and _releases().search(command.raw.lower())) or head == "zenodo_get":
            yield Fixation(how="release", what=command.raw[:200], at=command.at)


def _used_libraries(imported: Imported | Missing) -> frozenset[str]:
    needs = () if isinstance(imported, Missing) else imported.needs
    return frozenset(name for need in needs for name in need.distributions)


def _pinned(packaging: Packaging | Missing) -> frozenset[str]:
    """Return the distributions of which a manifest fixes the version."""
    manifests = () if isinstance(packaging, Missing) else packaging.manifests
    return frozenset(r.name for m in manifests for r in m.requirements if r.pinned)
