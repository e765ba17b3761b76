"""Where does each stage of a modelling project show first?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evaluator.facts.code import Code, Module
from evaluator.facts.data_sources import DataSources
from evaluator.facts.model_work import ModelWork, Place
from evaluator.facts.modelling.libraries import libraries
from evaluator.facts.r_work import RWork
from evaluator.facts.reach import Reach
from evaluator.facts.serving import Serving
from evaluator.facts.stages import Stage, StageName, Stages
from evaluator.model import Missing, Span

_PREPARES = frozenset(
    {
        "preprocess",
        "preprocessing",
        "clean",
        "cleaning",
        "prepare",
        "normalize",
        "normalise",
        "tokenize",
        "standardize",
        "impute",
        "encode",
        "transform",
        "augment",
        "featurize",
        "features",
    }
)
_STATEMENTS = 2
_OWN = frozenset({"own", "example", "docs"})
Seen = tuple[StageName, str, Span, bool]


def find(
    code: Code, reach: Reach, work: ModelWork, *, serving: Serving, data: DataSources | Missing, r: RWork
) -> Stages:
    """Return the fact."""
    own = [m for m in code.modules if m.part in _OWN and not m.is_test]
    seen: list[Seen] = [
        *_ingest(work, data),
        *_prepare(own, reach),
        *(("prepare", d.name, d.at, d.reached) for d in r.of("prepare")),
        *(("train", f.place.name, f.place.at, f.place.reached) for f in work.fits),
        *(("evaluate", s.place.name, s.place.at, s.place.reached) for s in work.scores),
        *(("persist", k.name, k.at, k.reached) for k in serving.saves if k.what != "other"),
        *(
            ("serve", a.framework, a.at, a.reached)
            for a in serving.apps
            if a.answers != "nothing" and not a.in_notebook
        ),
        *(("serve", a.framework, a.at, a.reached) for a in serving.apps if a.answers != "nothing" and a.in_notebook),
    ]
    found = _first(s for s in seen if s[3])
    names = {s.name for s in found}
    return Stages(found=found, idle=tuple(s for s in _first(s for s in seen if not s[3]) if s.name not in names))


def _first(seen: Iterable[Seen]) -> tuple[Stage, ...]:
    held: dict[str, Stage] = {}
    for name, why, at, _ in seen:
        held.setdefault(name, Stage(name=name, why=why[:120], at=at))
    return tuple(held.values())


def _ingest(work: ModelWork, data: DataSources | Missing) -> Iterator[Seen]:
    yield from (("ingest", p.name, p.at, p.reached) for p in (*work.loads, *_nested(work.splits)))
    if not isinstance(data, Missing):
        for source in data.of("committed", "fetched", "built-in", "generated", "environment"):
            if source.sure:
                yield "ingest", source.what, source.at, True
        yield from (("ingest", f"reads {w.name}", w.at, True) for w in data.wanted)


def _nested(splits: Iterable[Place]) -> Iterator[Place]:
    """Yield the splits that load as well: ``mnist.load_data()``."""
    return (p for p in splits if "split-nested" in libraries().roles(p.name))


def _prepare(own: list[Module], reach: Reach) -> Iterator[Seen]:
    """Yield calls that prepare rows, and own functions that are called so and do work."""
    roles = libraries().roles
    for module in own:
        made = {d.qualname: d for d in module.definitions}
        for call in module.calls:
            if any("prepares" in roles(n) for n in (call.name, *call.others)):
                yield "prepare", call.name, call.at, reach.has(module.path, call.scope)
        for name, definition in made.items():
            words = set(name.rpartition(".")[2].lower().strip("_").split("_"))
            if definition.kind != "class" and words & _PREPARES and definition.statements >= _STATEMENTS:
                yield "prepare", name, definition.at, reach.has(module.path, name)
