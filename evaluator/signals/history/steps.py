"""Was the project made in steps that a reader can follow?"""

from __future__ import annotations

import re

from evaluator.facts.history import Commit, History
from evaluator.facts.process import ProcessMetrics
from evaluator.model import Absence, Answer, Evidence, InCommit, Measured, Missing, NotApplicable, Unit, Unknown
from evaluator.registry import signal
from evaluator.signals.history.messages import is_telling

_STEPS = 10
_BUILDING = 5
_LARGEST = 0.8
_PAIR = 2
_CODE_LINES = 3


@signal(
    id="history.commit-hygiene",
    scope="repository",
    title="History shows work in steps",
    question="Does the history show work in steps, with messages that tell what each one does?",
    looks_at="The commits that the judged one reaches, merges and automata apart: what each changes, and its message",
    remedy=(
        "Commit each finished piece of work by itself, and say in the message what it changes and why. A past dump is "
        "best left as it is: honest small commits from now on count."
    ),
    effort="day",
    sources=("git-commit-messages", "pydriller-2018"),
    limits=(
        "Squash merges and a work that was first done elsewhere look like dumps. Sizes are known of the newest 200 "
        "commits only. Whether a message is true is not checked; hours, days and people are not looked at."
    ),
    levels=(
        "one dump, or uploads through a web page",
        "some steps, or most messages say little",
        "ten or more steps, most with telling messages",
    ),
)
def commit_hygiene(history: History | Missing, process: ProcessMetrics | Missing) -> Answer:
    """Value: 2 for ten or more steps, five of them in code and none with nearly all of it, most with telling messages; 0
    for fewer than two steps, or two of which one is nearly all of it; else 1."""
    if isinstance(history, Missing):
        gone = history.cause == "not-found"
        return NotApplicable(reason=history.detail) if gone else Unknown(cause=history.cause, reason=history.detail)
    work = [c for c in history.commits if c.parents < 2 and not c.bot]
    if not work:
        return NotApplicable(reason="the history holds merges and automated commits only")
    steps = [c for c in work if not c.web_upload and c.files != 0]
    has_code = any(c.code for c in work)
    building = [c for c in steps if _builds(c, has_code=has_code)]
    told: dict[str, Commit] = {}
    for commit in steps:
        if is_telling(commit.subject):
            told.setdefault(re.sub(r"[\W\d_]+", " ", commit.subject.lower()), commit)
    telling = list(told.values())
    largest, share = _largest(work)
    wanted = len(steps) >= _STEPS and len(building) >= _BUILDING and share <= _LARGEST and 2 * len(telling) > len(steps)
    dumped = len(steps) <= _PAIR and share > _LARGEST
    level = 2 if wanted else 1 if len(building) > 1 and not dumped else 0
    if history.shallow and level < 2:
        return NotApplicable(reason="this copy holds only the newest commits; the history is cut off")
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=_summary(len(work), steps, building, telling, share, process),
        evidence=_shown(telling) if wanted else _withheld(work, steps, telling, largest, share),
        confidence="high" if all(c.code is not None for c in work[:200]) else "medium",
    )


def _builds(commit: Commit, *, has_code: bool) -> bool:
    """Whether the commit adds to what the project is; where there is no code at all, any text counts."""
    if commit.code is None:
        return True
    return commit.code >= _CODE_LINES if has_code else (commit.added or 0) + (commit.deleted or 0) >= _CODE_LINES


def _largest(work: list[Commit]) -> tuple[Commit, float]:
    """Return the commit with the most code, and its share of the code of all whose size is known."""
    largest = max(work, key=lambda c: c.code or 0)
    whole = sum(c.code or 0 for c in work)
    return largest, (largest.code or 0) / whole if whole else 0.0


def _summary(
    work: int,
    steps: list[Commit],
    building: list[Commit],
    telling: list[Commit],
    share: float,
    process: ProcessMetrics | Missing,
) -> str:
    said = (
        f"{len(steps)} of {work} commits are steps (no uploads, nothing empty), {len(building)} of them in the code; "
        f"{len(telling)} have a telling message of their own; the largest holds {share:.0%} of the code"
    )
    if isinstance(process, ProcessMetrics) and process.commits:
        said += f"; a commit changes {process.files_together} files on average, at most {process.most_together}"
    return said


def _shown(telling: list[Commit]) -> tuple[Evidence, ...]:
    return tuple(InCommit(sha=c.sha, note=c.subject) for c in telling[:3])


def _withheld(
    work: list[Commit], steps: list[Commit], telling: list[Commit], largest: Commit, share: float
) -> tuple[Evidence, ...]:
    found: list[Evidence] = []
    if share > _LARGEST:
        found.append(InCommit(sha=largest.sha, note=f"{share:.0%} of the code came in this one: {largest.subject}"))
    found += [InCommit(sha=c.sha, note=f"an upload through a web page: {c.subject}") for c in work if c.web_upload][:3]
    if len(steps) < _STEPS:
        found.append(Absence(note=f"{len(steps)} commits that change something, merges, automata and uploads apart"))
    if 2 * len(telling) <= len(steps):
        told = {c.sha for c in telling}
        found += [InCommit(sha=c.sha, note=f"says little: {c.subject}") for c in steps if c.sha not in told][:5]
    return tuple(found) or (Absence(note="fewer than five commits change the code"),)
