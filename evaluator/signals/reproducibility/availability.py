"""Can somebody else have the data?"""

from __future__ import annotations

from evaluator.facts.data_sources import DataSource, DataSources
from evaluator.facts.model_work import ModelWork
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Missing, NotApplicable, Unit
from evaluator.registry import signal

_PLAIN = ("committed", "built-in", "fetched", "generated")
_LESSER: dict[str, str] = {
    "versioned": "kept at a remote that may need rights",
    "described": "where to get the data by hand",
}
_SAID = {
    "committed": "is committed and read",
    "built-in": "brings the data with a library",
    "fetched": "fetches the data",
    "generated": "gives the data",
}


@signal(
    id="reproducibility.data-available",
    title="The data can be had",
    question="Can somebody else have the data that the code works on?",
    looks_at="What the code reads, compared with the tree; loaders of libraries; downloads in code, notebooks and delivery files; links",
    remedy="Commit a small sample, or add a script that downloads the data and checks them; at the least give the link and the folder.",
    sources=("pineau-2021", "turing-way"),
    limits="Nothing is downloaded: whether an address still answers is not known. Names that only a run knows are guessed from the tree.",
    effort="hour",
    levels=(
        "nowhere",
        "described with a link, kept where one needs rights, or brought by code that nothing calls",
        "committed, built into a library, or fetched by code",
    ),
)
def data_available(data: DataSources, work: ModelWork | Missing) -> Answer:
    """Value: the easiest way to the data that the project offers."""
    if not data.used:
        if data.of("environment"):
            return NotApplicable(reason="experience comes from a simulation")
        if not data.of("described"):
            return NotApplicable(reason="the code uses no data")
        return NotApplicable(reason="documents link to data, but no code uses any")
    offered = data.of("committed", "built-in", "fetched", "generated")
    # Where code reads nothing else, what a function that nothing calls would bring is what the project is about.
    counted = [s for s in offered if s.wired or not (data.wanted or data.reads)]
    plain = sorted(counted, key=lambda s: (not s.sure, _PLAIN.index(s.origin)))
    if plain:
        best = plain[0]
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary=f"{best.what} {_SAID[best.origin]}",
            evidence=(_cite(best, _SAID[best.origin]),),
            confidence="high" if best.sure else "medium",
        )
    lesser = data.of("versioned") or data.of("described") or offered
    lost = _missing(data)
    if lesser:
        note = _LESSER.get(lesser[0].origin, "nothing calls what would bring the data")
        return Measured(
            value=1, unit=Unit.LEVEL, summary=f"{note}: {lesser[0].what}", evidence=(_cite(lesser[0], note), *lost)
        )
    if not data.wanted and not isinstance(work, Missing) and not work.fits:
        return NotApplicable(reason="the code reads only what its user gives it, and trains nothing")
    nowhere = Absence(
        note="no data in the tree, no download in code or commands, no link", looked_at=("tree", "code", "documents")
    )
    return Measured(value=0, unit=Unit.LEVEL, summary="the data are nowhere to be had", evidence=lost or (nowhere,))


def _cite(source: DataSource, note: str) -> InFile:
    return InFile(at=source.at, note=note, excerpt=source.what)


def _missing(data: DataSources) -> tuple[Evidence, ...]:
    return tuple(
        InFile(at=w.at, note=f"{w.name} is read and is not in the tree") for w in data.wanted if w.path is None
    )[:3]
