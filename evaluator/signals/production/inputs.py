"""Is what the service is given checked before the model sees it?"""

from __future__ import annotations

from evaluator.facts.serving import Input, Serving
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, NotApplicable, Unit
from evaluator.registry import signal

_LEVELS = ("raw", "typed", "bounded")
_SHOWN = 6


@signal(
    id="production.input-validated",
    title="The service checks its input",
    question="Is the service's input typed and bounded, or checked against a schema?",
    looks_at="Types and fields of what handlers take, widgets of pages, and conditions that refuse a request",
    remedy="Take the input as a schema with bounds and allowed values, and refuse everything else with a clear message.",
    effort="hour",
    sources=("breck-2017", "huyen-2022"),
    limits="Bounds are not compared with the data. Of a schema one bounded field is enough. What a browser checks is not seen.",
    levels=("not checked", "typed only", "typed and bounded, or checked against a schema"),
    stage="trial",
)
def input_validated(serving: Serving) -> Answer:
    """Value: the level of the handler that checks least, of those whose answer depends on the model."""
    if not serving.served:
        return NotApplicable(reason="nothing is served")
    if not serving.inputs:
        return NotApplicable(reason="no handler that answers takes any input")
    worst = min(serving.inputs, key=lambda i: _LEVELS.index(i.checked))
    level = _LEVELS.index(worst.checked)
    least = [i for i in serving.inputs if i.checked == worst.checked]
    evidence: list[Evidence] = [InFile(at=i.at, note=_note(i)) for i in least[:_SHOWN]]
    if level < 2:
        evidence.append(
            Absence(
                note="no bounds, allowed values or schema", looked_at=tuple(dict.fromkeys(i.at.path for i in least))
            )
        )
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=f"of {len(serving.inputs)} handlers, {len(least)} take input that is {_LEVELS[level]}: {worst.why}",
        evidence=tuple(evidence),
        confidence="medium",
    )


def _note(found: Input) -> str:
    return f"{found.checked}: {found.why}"
