"""What do all of the services of a project amount to: apps, kept models, inputs, watches, preparations?"""

from __future__ import annotations

import msgspec

from evaluator.facts.code import Code
from evaluator.facts.model_work import ModelWork
from evaluator.facts.python.modules import Modules
from evaluator.facts.python.parsing import quietly
from evaluator.facts.python.scopes import Site
from evaluator.facts.reach import Reach
from evaluator.facts.services.answering import Answering
from evaluator.facts.services.apps import Apps
from evaluator.facts.services.asking import Questions
from evaluator.facts.services.flow import Flow
from evaluator.facts.services.inputs import Inputs
from evaluator.facts.services.makers import Makers
from evaluator.facts.services.objects import Objects
from evaluator.facts.services.persisting import Persisting
from evaluator.facts.services.preparing import Preparing
from evaluator.facts.services.watching import Watching
from evaluator.facts.serving import Kept, Serving
from evaluator.facts.tree import Tree

_NOT_WRITTEN_HERE = frozenset({"vendored", "generated", "environment", "cache"})


def find(modules: Modules, code: Code, reach: Reach, work: ModelWork, tree: Tree) -> Serving:
    """Return the fact."""
    tests = {m.path for m in code.modules if m.is_test}
    sources = [s for s in modules.sources.values() if s.path not in tests and s.part not in _NOT_WRITTEN_HERE]
    with quietly():
        names = modules.names
        makers = Makers(names)
        objects = Objects(names, makers, (f.path for f in tree.files))
        questions = Questions(objects, sources)
        by_hand = any(f.kind in {"hand-written", "own", "loop"} for f in work.fits)
        persisting = Persisting(questions, reach, by_hand=by_hand)
        saves, taken = _sorted(persisting.saves), persisting.restores
        flow = Flow(names)
        apps = Apps(names, makers, reach, sources)
        answering = Answering(apps, questions, flow, code, work, saves=saves, restores=[k for _, k in taken])
        found = answering.apps
        return Serving(
            saves=saves,
            restores=_sorted([_as_served(site, kept, answering) for site, kept in taken]),
            apps=found,
            inputs=Inputs(answering, questions).found(),
            watches=Watching(apps, questions, reach, code).found(),
            preparations=Preparing(answering, persisting, reach, code).found(saves) if found else (),
        )


def _as_served(site: Site, kept: Kept, answering: Answering) -> Kept:
    """Return the record of what an app takes up to answer with: a framework that starts by itself leads there."""
    if id(site.node) not in answering.taken_up or kept.what == "other":
        return kept
    return msgspec.structs.replace(kept, what="model", reached=True, used=True)


def _sorted(found: list[Kept]) -> tuple[Kept, ...]:
    return tuple(sorted(found, key=lambda k: (k.at.path, k.at.cell or 0, k.at.start, k.name)))
