"""Is randomness fixed where models are fitted or data is split?"""

from __future__ import annotations

from evaluator.facts.model_work import Chance, ModelWork
from evaluator.model import Answer, InFile, Measured, NotApplicable, Unit, Unknown
from evaluator.registry import signal

_SHOWN = 10


@signal(
    id="reproducibility.seeds-fixed",
    title="Randomness is fixed",
    question="Is every place seeded where chance plays a part in splitting, sampling or training?",
    looks_at=(
        "Calls that split, sample, shuffle or train at random, in code that something runs: their random_state or seed, "
        "and the global seeds that come before them"
    ),
    remedy="Pass random_state= (or seed=, generator=) at the places named here, or set the seeds once where the run starts.",
    effort="minutes",
    sources=("pineau-2021", "turing-way"),
    limits=(
        "Models whose defaults are deterministic are no such places. Threads and GPU kernels can differ in spite of seeds. A "
        "seed that only a configuration file holds is taken for one. Libraries outside the table of libraries are not seen."
    ),
    levels=("no place is seeded", "some places are seeded", "every place found is seeded"),
)
def seeds_fixed(work: ModelWork) -> Answer:
    """Value: 2 where every random place that something runs is seeded, 1 where some are, 0 where none is."""
    if not work.fits and not work.splits:
        return NotApplicable(reason="no model is fitted and no data is split")
    found = [c for c in work.chances if c.place.reached]
    if not found:
        return NotApplicable(reason="no randomness where models are fitted or data is split")
    decided = [c for c in found if c.seeded is not None]
    if not decided:
        return Unknown(
            cause="not-found", reason=f"{len(found)} random places take their arguments from what only a run knows"
        )
    free = [c for c in decided if not c.seeded]
    level = 2 if not free else 0 if len(free) == len(decided) else 1
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=f"{len(decided) - len(free)} of {len(decided)} random places are seeded",
        evidence=tuple(_evidence(c) for c in (free or decided)[:_SHOWN]),
        confidence="high" if len(decided) == len(found) else "medium",
    )


def _evidence(chance: Chance) -> InFile:
    state = "seeded" if chance.seeded else "not seeded"
    return InFile(at=chance.place.at, note=f"{chance.place.name}: {state}, {chance.how}")
