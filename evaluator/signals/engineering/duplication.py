"""How much of the code was copied instead of being called?"""

from __future__ import annotations

from evaluator.facts.duplication import Duplication
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, NotApplicable, Unit
from evaluator.registry import signal

_FEWEST = 200
_LITTLE, _MUCH = 0.03, 0.10
_SHOWN = 6


@signal(
    id="engineering.duplication",
    title="Code is written once",
    question="What share of the lines of code stands in the project more than once?",
    looks_at=(
        "Runs of at least six lines and fifty tokens in the project's own files and notebooks that are the same but for "
        "spaces and comments; imports, docstrings and tests are left out"
    ),
    remedy="Move what the two places named here share into a function, and call it from both.",
    effort="hour",
    sources=("fowler-refactoring", "sonar-duplication"),
    limits=(
        "A copy whose names were changed is not seen. A script that was exported from a notebook which is there as well "
        "does not count. Both places of a copy count as duplicated; of what a notebook "
        "and a module share, the notebook's."
    ),
    stage="trial",
    levels=("more than 10 %", "at most 10 %", "at most 3 %"),
)
def duplication(found: Duplication) -> Answer:
    """Value: 2 where at most 3 % of the lines stand in a copy, 1 where at most 10 % do, else 0."""
    if found.lines < _FEWEST:
        return NotApplicable(reason=f"{found.lines} lines of code; fewer than {_FEWEST} say nothing")
    share = found.duplicated / found.lines
    return Measured(
        value=2 if share <= _LITTLE else 1 if share <= _MUCH else 0,
        unit=Unit.LEVEL,
        summary=f"{found.duplicated} of {found.lines} lines stand in copies: {100 * share:.1f} %",
        evidence=_evidence(found),
        confidence="medium" if found.left_out else "high",
    )


def _evidence(found: Duplication) -> tuple[Evidence, ...]:
    shown = []
    for pair in found.pairs[:_SHOWN]:
        cell = "" if pair.first.cell is None else f", cell {pair.first.cell}"
        note = f"{pair.lines} lines that stand in {pair.first.path}{cell}, line {pair.first.start}, too"
        shown.append(InFile(at=pair.second, note=note))
    return tuple(shown) or (Absence(note="no run of six lines stands at two places"),)
