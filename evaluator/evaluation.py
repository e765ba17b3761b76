"""What is the verdict on one target: known from an earlier evaluation, or to be found out now?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evaluator import codec, places
from evaluator.cache import Cache
from evaluator.errors import UsageError
from evaluator.model import Record
from evaluator.report.document import Measurements, Report
from evaluator.runs.settings import Permitted
from evaluator.source.snapshot import Snapshot

SandboxName = Literal["auto", "bwrap", "container", "landlock", "off"]
Said = Callable[[str], None]
_PASSING = frozenset({"timed-out", "failed"})
"""Causes of a gap that another try may fill."""
_OF_THE_DAY = frozenset({"network", "memory", "time", "hardware", "flaky", "tool-limit"})
"""Causes of a run's end that lie in the machine or the moment, not in the project."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The caller's word on one evaluation; see contract.md for the meaning of each."""

    run: Permitted = "all"
    sandbox: SandboxName = "auto"
    budget: int = 600
    env: Path | None = None
    subdir: str = ""
    offline: bool = False
    cached: bool = True


class Verdict(Record):
    """The report on a target, and what it cost to make when it was made."""

    report: Report
    measurements: Measurements


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """A verdict; ``interrupted``: it holds what was known when the user ended the work."""

    verdict: Verdict
    interrupted: bool = False


def evaluate(target: str, options: Options, *, rubric: str, role: str, said: Said = lambda _: None) -> Evaluated:
    """Return the verdict on ``target``.

    The same files with the same history, judged by the same copy of the tool under the same options, have the same
    verdict: it is looked up. What lies in the machine or the moment (a time limit, no network) is never kept.

    Raises:
        SourceError: The target cannot be had.
        UsageError: An option contradicts another, or the target is malformed.
        RubricError: No such rubric or role, or it weighs what does not exist.
    """
    with opened(target, options, said) as (snapshot, scratch):
        named = _named(snapshot, options, rubric, role)
        known = snapshot.cache.load(Verdict, *named) if named else None
        if known is not None:
            said("the same files were judged before (--no-cache judges afresh)")
            return Evaluated(verdict=known)
        from evaluator import pipeline

        gathered = pipeline.look(snapshot, options, scratch, said)
        report = pipeline.judge(gathered.subject, gathered.facts, gathered.projects, rubric=rubric, role=role)
        verdict = Verdict(report=report, measurements=gathered.measurements)
        if named and not gathered.interrupted and not gathered.refused and _lasts(report):
            snapshot.cache.keep(verdict, *named)
    return Evaluated(verdict=verdict, interrupted=gathered.interrupted)


@contextmanager
def opened(target: str, options: Options, said: Said) -> Iterator[tuple[Snapshot, Path]]:
    """Yield what ``target`` holds, and a folder for what is needed on disk meanwhile.

    Raises:
        SourceError: It cannot be had.
        UsageError: It is malformed.
    """
    from evaluator.source.address import parse
    from evaluator.source.opening import open_snapshot

    said(f"fetching {parse(target).shown}")
    with places.scratch() as scratch:
        kept = Cache(places.cache(otherwise=scratch / "cache") if options.cached else None)
        try:
            with open_snapshot(
                target, scratch=scratch, subdir=options.subdir, offline=options.offline, cache=kept
            ) as snapshot:
                yield snapshot, scratch
        finally:
            kept.close()


def _named(snapshot: Snapshot, options: Options, rubric: str, role: str) -> tuple[str, ...]:
    """Return everything that the verdict depends on, this copy of the tool apart.

    Empty where that cannot be told: contents that nobody has hashed, an environment that may change.
    """
    if options.env is not None or any(e.oid is None and e.here for e in snapshot.entries.values()):
        return ()
    cut_off = snapshot.git_dir / "shallow" if snapshot.git_dir else None
    return (
        codec.digest(snapshot.subject),
        codec.digest(tuple(snapshot.entries.values())),
        f"{snapshot.truncated} {cut_off.read_text() if cut_off and cut_off.is_file() else ''}",
        f"{options.run} {options.sandbox} {options.budget} {options.offline}",
        f"{rubric} {_content(rubric)} {role}",
    )


def _content(rubric: str) -> str:
    """Return what tells a rubric that is a file from what it was before; nothing for one that ships with the tool.

    Raises:
        UsageError: It cannot be read.
    """
    path = Path(rubric)
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError as error:
        raise UsageError(f"{rubric} cannot be read: {error.strerror}; see --rubric") from error


def _lasts(report: Report) -> bool:
    """Whether another try could not have ended otherwise for reasons that are not the project's."""
    return not (
        any(gap.cause in _PASSING for gap in report.missing)
        or any(run.status == "timed-out" or run.cause in _OF_THE_DAY for run in report.runs)
    )
