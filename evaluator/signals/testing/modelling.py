"""Would the tests notice if the data or the model went wrong?"""

from __future__ import annotations

from evaluator.facts.tested import Case, Tested
from evaluator.model import Absence, Answer, InFile, Measured, NotApplicable, Unit, Unknown
from evaluator.registry import signal

_SHOWN = 8


@signal(
    id="testing.tests-cover-ml",
    title="Tests touch the data and the model",
    question="Do tests touch data transforms or model behaviour?",
    looks_at="Collected tests that can fail, what of the project they call, and whether that handles rows or a model",
    remedy=(
        "Test one transformation on a small table with a known result, and one property of the model: shapes, a score above "
        "the naive one, the same answer for the same row."
    ),
    effort="hour",
    sources=("breck-2017", "ribeiro-2020"),
    limits=(
        "A test is followed through calls, fixtures and the addresses of a service. Where something stands in for the model, "
        "only the data's part of the test counts. Whether its expectations are right is not judged."
    ),
    levels=("no test touches data or a model", "one test does", "two tests or more do"),
)
def tests_cover_ml(tested: Tested) -> Answer:
    """Value: 2 where two tests or more come to code that handles data or a model, 1 for one, else 0."""
    if not tested.subjects and not tested.elsewhere:
        return NotApplicable(reason="nothing in the code handles data or a model")
    if not tested.subjects and tested.tests_elsewhere:
        return Unknown(cause="not-found", reason="data or models are handled and tested in languages that are not read")
    touching = [c for c in tested.cases if c.touches in {"model", "data"}]
    total = len(tested.cases)
    if touching:
        models = sum(c.touches == "model" for c in touching)
        return Measured(
            value=min(2, len(touching)),
            unit=Unit.LEVEL,
            summary=f"{len(touching)} of {total} tests touch data or the model, {models} the model",
            evidence=tuple(InFile(at=c.at, note=f"{c.name}: {c.by}") for c in touching[:_SHOWN]),
        )
    looked = (*dict.fromkeys(s.path for s in tested.subjects), *tested.elsewhere)[:_SHOWN]
    if total:
        note = f"{total} tests, and none comes to what handles data or a model"
        return Measured(
            value=0,
            unit=Unit.LEVEL,
            summary=note,
            evidence=tuple(InFile(at=c.at, note=_why(c)) for c in tested.cases[:_SHOWN]),
        )
    note = "no test that pytest collects and that can fail"
    return Measured(value=0, unit=Unit.LEVEL, summary=note, evidence=(Absence(note=note, looked_at=looked),))


def _why(case: Case) -> str:
    if case.double:
        return f"{case.name}: {case.double} stands in for the model"
    if case.touches == "nothing":
        return f"{case.name}: calls nothing of the project's own"
    return f"{case.name}: comes to {case.by}"
