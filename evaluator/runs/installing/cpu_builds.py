"""Can a framework that comes with gigabytes of GPU libraries be had in a build for the processor alone?

The plain wheels of torch for Linux bring some twenty CUDA packages. Where the user's indexes offer a ``+cpu`` build, it
is taken, if need be in another version than the project pins: that is our doing, and no fault of the project's.
"""

from __future__ import annotations

import dataclasses

import msgspec

from evaluator.model import Record
from evaluator.runs.environment import Departure
from evaluator.runs.installing.indexes import Indexes
from evaluator.runs.installing.interpreters import Interpreter
from evaluator.runs.installing.ladder import Climbed
from evaluator.runs.installing.uv import Asked, Resolution, Uv

_TORCH = "torch"
_COMPANIONS = frozenset({"torchvision", "torchaudio", "torchtext"})
_GPU = ("nvidia-", "cuda-", "triton")


class Lightened(Record):
    """The same environment with a processor build. ``repair``: what was done, in one sentence."""

    climbed: Climbed
    repair: str


def heavy(resolution: Resolution) -> bool:
    """Whether torch was chosen in a build that brings GPU libraries."""
    names = [c.name for c in resolution.chosen]
    torch = next((c for c in resolution.chosen if c.name == _TORCH), None)
    return torch is not None and "+" not in torch.version and any(n.startswith(_GPU) for n in names)


def uneven(resolution: Resolution) -> bool:
    """Whether torch was chosen for processors, and something that must match it was not: importing that would fail."""
    versions = {c.name: c.version for c in resolution.chosen}
    return "+" in versions.get(_TORCH, "") and not _matching(resolution)


def even(uv: Uv, climbed: Climbed) -> Climbed:
    """Return ``climbed`` with the GPU build of both, from the indexes alone; else without what does not match."""
    found = uv.resolve(climbed.asked, climbed.rung.python, indexes=dataclasses.replace(uv.indexes, links=()))
    if isinstance(found, Resolution) and not uneven(found):
        return msgspec.structs.replace(climbed, resolution=found)
    slim = _slim(climbed)
    asked = msgspec.structs.replace(climbed.asked, lines=tuple(line.text for line in slim.lines))
    less = uv.resolve(asked, climbed.rung.python)
    return _departed(slim, climbed, less, asked) if isinstance(less, Resolution) else climbed


def _slim(climbed: Climbed) -> Climbed:
    return msgspec.structs.replace(climbed, lines=tuple(n for n in climbed.lines if n.name not in _COMPANIONS))


def lighten(uv: Uv, climbed: Climbed, *, without_companions: bool = False) -> Lightened | None:
    """Return ``climbed`` with a processor build of torch; None where none is offered, or none fits.

    torchvision and its like must be built for the same torch: where only their GPU builds are offered, importing them
    would fail, so nothing is changed. ``without_companions`` leaves them out instead.
    """
    python = climbed.rung.python
    chosen = next(c.version for c in climbed.resolution.chosen if c.name == _TORCH)
    exact = _offered(uv, f"{_TORCH}=={chosen}+cpu", python, uv.indexes)
    builds = [exact] if exact else [b for source in _sources(uv.indexes) if (b := _offered(uv, _TORCH, python, source))]
    slim = _slim(climbed) if without_companions else climbed
    for build in dict.fromkeys(builds):
        for question in _questions(uv, slim, build):
            answer = uv.resolve(question, python)
            if isinstance(answer, Resolution) and not heavy(answer) and _matching(answer):
                told = _told(climbed.resolution, answer, exact=bool(exact))
                return Lightened(climbed=_departed(slim, climbed, answer, question), repair=told)
    return None


def _matching(found: Resolution) -> bool:
    return all("+" in c.version for c in found.chosen if c.name in _COMPANIONS)


def _departed(slim: Climbed, before: Climbed, answer: Resolution, question: Asked) -> Climbed:
    """Return ``slim`` as answered, with a record of the companions that it lacks."""
    gone = [
        Departure(
            requirement=line.raw,
            name=line.name,
            what="left-out",
            fault="tool",
            reason=f"`{line.raw}` is offered here for GPUs alone, and was left out",
            at=line.at,
        )
        for line in before.lines
        if line not in slim.lines
    ]
    departures = (*slim.departures, *gone)
    return msgspec.structs.replace(slim, resolution=answer, asked=question, departures=departures)


def _questions(uv: Uv, climbed: Climbed, build: str) -> list[Asked]:
    """Return what to ask: first torch in that build and its companions in any version, then the build by force.

    What torch itself needs may be newer than the project's date: an old one would not carry the newer build.
    """
    pin = f"{_TORCH}=={build}"
    alone = uv.resolve(Asked(lines=(pin,)), climbed.rung.python)
    carried = [c.name for c in alone.chosen] if isinstance(alone, Resolution) else [_TORCH]
    undated = tuple(sorted({*carried, *_COMPANIONS}))
    others = [line for line in climbed.lines if line.name != _TORCH]
    lines = [line.open_text if line.name in _COMPANIONS else line.text for line in others]
    limits = tuple(c for c in climbed.asked.constraints if c.partition("=")[0] not in {_TORCH, *_COMPANIONS})
    gentle = msgspec.structs.replace(climbed.asked, lines=(pin, *lines), constraints=limits, undated=undated)
    whole = tuple(line.text for line in climbed.lines)
    forced = msgspec.structs.replace(climbed.asked, lines=whole, constraints=limits, overrides=(pin,), undated=undated)
    return [gentle, forced]


def _told(before: Resolution, after: Resolution, *, exact: bool) -> str:
    names = {_TORCH, *_COMPANIONS}
    old = {c.name: c.version for c in before.chosen if c.name in names}
    new = {c.name: c.version for c in after.chosen if c.name in names}
    changed = [f"{n} {old[n]} was replaced by {v}" for n, v in sorted(new.items()) if n in old and old[n] != v]
    why = "the same without GPU libraries" if exact else "the build for processors that is offered here"
    return f"for this machine {', '.join(changed)} ({why})"


def _sources(indexes: Indexes) -> list[Indexes]:
    """Return each of the user's own places alone: which of them has processor builds is asked one by one."""
    links = [_only(indexes, links=indexes.links)] if indexes.links else []
    return links + [_only(indexes, default=url) for url in indexes.extra]


def _only(indexes: Indexes, *, default: str | None = None, links: tuple[str, ...] = ()) -> Indexes:
    return Indexes(default=default, links=links, none=default is None, environment=indexes.environment)


def _offered(uv: Uv, line: str, python: Interpreter, indexes: Indexes) -> str | None:
    """Return the newest ``+cpu`` version of torch that fits ``line`` there; None if the newest is none."""
    answer = uv.resolve(Asked(lines=(line,), alone=True), python, indexes=indexes)
    if not isinstance(answer, Resolution):
        return None
    version = next((c.version for c in answer.chosen if c.name == _TORCH), "")
    return version if version.endswith("+cpu") else None
