"""Small programs as files, and what is established about how their models are kept and served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.facts.delivering.reading import delivery
from evaluator.facts.delivery import Delivery
from evaluator.facts.prose import Prose, prose
from evaluator.facts.serving import Serving, serving
from evaluator.facts.stages import Stages, stages
from evaluator.model import Missing
from evaluator.source.snapshot import Snapshot
from tests.facts.programs import Program, program

NO_DATA = Missing(fact="DataSources", cause="not-found")


@dataclass(frozen=True, kw_only=True)
class Service:
    """The facts of one small program that may serve something."""

    program: Program
    serving: Serving
    stages: Stages
    delivery: Delivery
    prose: Prose


def service(files: Mapping[str, str | bytes]) -> Service:
    snapshot = Snapshot.of(files)
    first = program(files)
    written = prose(snapshot, first.tree, first.notebooks)
    delivered = delivery(snapshot, first.tree, written)
    made = program(files, delivery=delivered)
    served = serving(made.modules, made.code, made.reach, made.work, made.tree)
    return Service(
        program=made,
        serving=served,
        stages=stages(made.code, made.reach, made.work, served, NO_DATA),
        delivery=delivered,
        prose=written,
    )
