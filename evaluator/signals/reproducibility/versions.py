"""Would the data be the same next year?"""

from __future__ import annotations

from evaluator.facts.data_sources import DataSource, DataSources
from evaluator.facts.data_versions import DataVersions, Fixation
from evaluator.facts.model_work import ModelWork
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Missing, NotApplicable, Unit
from evaluator.registry import signal

_SHOWN = 5
_SAID = {
    "dvc": "is tracked by DVC with its checksum",
    "lfs": "is kept by its checksum beside git",
    "checksum": "is checked by a checksum, version or revision",
    "release": "is one edition that stays as it is",
    "named-release": "is named as one edition that stays as it is",
    "library": "comes with a library that fixes or checks it",
    "unpinned-library": "comes with a library of whatever version",
    "seed": "is made from a fixed seed",
    "dated": "names its month or day, and nothing keeps it as it was",
}


@signal(
    id="reproducibility.data-versioned",
    title="The version of the data is fixed",
    question="Is the version of the data fixed?",
    looks_at=(
        "DVC pointers and locks with checksums, Git LFS, checksums and revisions that code states or compares, addresses of "
        "releases and DOIs, data that libraries hold; then data committed to git"
    ),
    remedy="Track the data with DVC or Git LFS, or compare a checksum after the download and fail when it differs.",
    effort="hour",
    sources=("turing-way", "pineau-2021"),
    limits=(
        "Whether a remote still holds what a pointer names is not known. That an address stands for one version is known of "
        "the usual archives only. Data in a library count as fixed where the library checks them or its version is pinned."
    ),
    levels=(
        "nothing fixes it",
        "simply committed, dated, or part of what the project uses is fixed",
        "a checksum, DVC, LFS or an edition that stays fixes it",
    ),
)
def data_versioned(data: DataSources, versions: DataVersions, work: ModelWork | Missing) -> Answer:
    """Value: 2 where the data are fixed by their content or edition, 1 where committed or in part, else 0."""
    reason = _unasked(data, versions, work)
    if reason is not None:
        return NotApplicable(reason=reason)
    committed = data.of("committed")
    firm = versions.by("dvc", "lfs")
    stated = versions.by("checksum", "release")
    held = versions.by("library", "seed")
    others = _loose(versions, stated)
    if firm or (stated and not others):
        return _answer(2, firm or stated)
    if held and not others and not committed and not _lost(data):
        return _answer(2, held)
    named = versions.by("named-release")
    if named and not (others or committed or held):
        return _answer(2, named)
    made_up = versions.by("seed") if others else ()  # numbers drawn beside it fix nothing of what is fetched
    part = [*stated, *(h for h in held if h not in made_up), *versions.by("unpinned-library", "dated"), *named]
    if part:
        return _answer(1, part, others[:_SHOWN])
    if committed:
        return Measured(
            value=1,
            unit=Unit.LEVEL,
            summary=f"{committed[0].what} is simply committed",
            evidence=tuple(_cite(s, "committed; its history alone tells its version") for s in committed[:_SHOWN]),
            confidence="high" if committed[0].sure else "medium",
        )
    made = data.of("generated")
    if made and not others:
        return Measured(
            value=1,
            unit=Unit.LEVEL,
            summary=f"{made[0].what} makes the data, and no seed fixes which",
            evidence=tuple(_cite(s, "made by chance, without a fixed seed") for s in made[:_SHOWN]),
        )
    return _nothing(data, others)


def _unasked(data: DataSources, versions: DataVersions, work: ModelWork | Missing) -> str | None:
    """Return why the question does not arise; None where it does."""
    if not data.used:
        return "experience comes from a simulation" if data.of("environment") else "the code uses no data"
    here = data.of("committed", "built-in", "fetched", "generated", "versioned", "described")
    if not here and not data.wanted and not versions.fixed and not isinstance(work, Missing) and not work.fits:
        return "the code reads only what its user gives it, and trains nothing"
    return None


def _loose(versions: DataVersions, stated: tuple[Fixation, ...]) -> list[Evidence]:
    """Return the sources without a version, those apart whose own file compares a checksum."""
    checked = {f.at.path for f in stated if f.how == "checksum"}
    return [
        InFile(at=u.at, note=f"nothing fixes the version of {u.what}")
        for u in versions.loose
        if u.at.path not in checked
    ]


def _lost(data: DataSources) -> bool:
    return any(w.path is None for w in data.wanted)


def _cite(source: DataSource, note: str) -> InFile:
    return InFile(at=source.at, note=note, excerpt=source.what)


def _answer(level: int, found: tuple[Fixation, ...] | list[Fixation], more: list[Evidence] | None = None) -> Answer:
    best = found[0]
    shown: list[Evidence] = [InFile(at=f.at, note=_SAID[f.how], excerpt=f.what) for f in found[:_SHOWN]]
    return Measured(
        value=level, unit=Unit.LEVEL, summary=f"{best.what} {_SAID[best.how]}", evidence=(*shown, *(more or ()))
    )


def _nothing(data: DataSources, loose: list[Evidence]) -> Answer:
    lost = [
        InFile(at=w.at, note=f"{w.name} is read, and nothing tells which version")
        for w in data.wanted
        if w.path is None
    ]
    absence = Absence(
        note="no pointer, lock, checksum, revision or lasting edition",
        looked_at=("*.dvc", "dvc.lock", "Git LFS", "calls that fetch data", "links"),
    )
    return Measured(
        value=0,
        unit=Unit.LEVEL,
        summary="nothing fixes the version of the data",
        evidence=(*loose[:_SHOWN], *lost[:_SHOWN], absence),
    )
