"""Is there code that nothing uses?"""

from __future__ import annotations

from evaluator.facts.unreached import DeadDefinition, Unreached
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, NotApplicable, Span, Unit
from evaluator.registry import signal

_FEWEST = 10
_LITTLE, _SOME = 0.02, 0.10
_SHOWN = 15


@signal(
    id="engineering.no-dead-code",
    title="Everything that is defined is used",
    question="What share of the functions, methods and classes does nothing lead to?",
    looks_at=(
        "Definitions in the project's own modules and notebooks, against what scripts, notebooks, tests, services, a "
        "library's exports, frameworks, settings files and documents lead to"
    ),
    remedy="Delete the definitions named here, or call them; git keeps what was once needed.",
    effort="hour",
    sources=("fowler-refactoring",),
    limits=(
        "Who is in doubt counts as used: a name that stands in a settings file, a string or a document's code keeps every "
        "definition of that name, and so does a choice by a name made up while running. Special methods are not counted."
    ),
    stage="trial",
    levels=("more than 10 %", "at most 10 %", "at most 2 %"),
)
def no_dead_code(unreached: Unreached) -> Answer:
    """Value: 2 where nothing leads to at most 2 % of the definitions, 1 where to at most 10 %, else 0."""
    if unreached.total < _FEWEST:
        return NotApplicable(reason=f"{unreached.total} definitions; fewer than {_FEWEST} say nothing")
    share = len(unreached.dead) / unreached.total
    return Measured(
        value=2 if share <= _LITTLE else 1 if share <= _SOME else 0,
        unit=Unit.LEVEL,
        summary=f"nothing leads to {len(unreached.dead)} of {unreached.total} definitions: {100 * share:.1f} %",
        evidence=_evidence(unreached),
        confidence="medium",
    )


def _evidence(unreached: Unreached) -> tuple[Evidence, ...]:
    outermost = [d for d in unreached.dead if not d.within]
    held = {d: sum(o.within == d.qualname and o.at.path == d.at.path for o in unreached.dead) for d in outermost}
    return tuple(InFile(at=_first_line(d.at), note=_note(d, held[d])) for d in outermost[:_SHOWN]) or (
        Absence(note="no definition that nothing leads to", looked_at=("functions", "methods", "classes")),
    )


def _note(dead: DeadDefinition, held: int) -> str:
    more = f", and to {held} within it" if held else ""
    return f"nothing leads to the {dead.kind} {dead.qualname}{more}"


def _first_line(span: Span) -> Span:
    return Span(path=span.path, start=span.start, end=span.start, cell=span.cell)
