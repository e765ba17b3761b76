"""How do the places found in R stand beside those found in Python, in each of the facts that tell of both?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, TypeVar

import msgspec

from evaluator.facts.analyses import Analyses, Look
from evaluator.facts.experiments import Experiments, Rule, Search, Variant
from evaluator.facts.experiments import Kept as Record
from evaluator.facts.flow import Design, Flow, Kind, Leak, Parting
from evaluator.facts.model_work import Chance, Fit, ModelWork, On, Place, Score
from evaluator.facts.r_work import Deed, RWork
from evaluator.facts.serving import App, Kept, Serving
from evaluator.facts.tested import Case, Tested

T = TypeVar("T")
_GROUP = "R"
_LEAKS: dict[str, Kind] = {
    "scaling": "scaling",
    "imputation": "imputation",
    "resampling": "resampling",
    "projection": "projection",
}
_FRAMEWORKS = {
    "shinyApp": "shiny",
    "shinyServer": "shiny",
    "runApp": "shiny",
    "shinyAppDir": "shiny",
    "vetiver_api": "plumber",
    "pr": "plumber",
    "pr_run": "plumber",
    "plumb": "plumber",
}


def _scripts(r: RWork) -> frozenset[str]:
    """Return the files that can be started from a terminal; documents and notebooks are opened."""
    return frozenset(f.path for f in r.files if f.kind == "script")


def place(deed: Deed, scripts: frozenset[str]) -> Place:
    """Return where a deed is done."""
    return Place(
        name=deed.name,
        at=deed.at,
        scope=deed.scope,
        reached=deed.reached,
        in_script=deed.reached and deed.at.path in scripts,
    )


def to_work(work: ModelWork, r: RWork) -> ModelWork:
    """Return ``work`` with what R does."""
    if not r.deeds:
        return work
    scripts = _scripts(r)

    def places(*roles: str) -> tuple[Place, ...]:
        return tuple(place(d, scripts) for d in r.deeds if d.role in roles)

    return ModelWork(
        loads=_joined(work.loads, places("load"), _order),
        splits=_joined(work.splits, places("split"), _order),
        builds=work.builds,
        fits=_joined(
            work.fits,
            (Fit(place=place(d, scripts), kind="library") for d in r.of("fit")),
            lambda f: _order(f.place),
        ),
        predicts=_joined(work.predicts, places("predict"), _order),
        scores=_joined(work.scores, (_score(d, scripts) for d in r.of("score")), lambda s: _order(s.place)),
        chances=_joined(
            work.chances,
            (Chance(place=place(d, scripts), family="R", seeded=d.kind == "seeded", how=d.why) for d in r.of("chance")),
            lambda c: _order(c.place),
        ),
        seeds=_joined(work.seeds, places("seed"), _order),
        saves=_joined(work.saves, (place(d, scripts) for d in r.of("save") if d.kind == "model"), _order),
        restores=_joined(work.restores, (place(d, scripts) for d in r.of("restore") if d.used), _order),
    )


def _score(deed: Deed, scripts: frozenset[str]) -> Score:
    on: On = "held-out" if deed.kind == "held-out" else "training" if deed.kind == "training" else "unclear"
    return Score(place=place(deed, scripts), on=on, why=deed.why, by_name=not deed.sure)


def to_flow(flow: Flow, r: RWork) -> Flow:
    """Return ``flow`` with the designs and leaks of R."""
    scripts = _scripts(r)
    splits = [place(d, scripts) for d in r.of("split")]
    scored = any(d.kind == "held-out" and d.reached for d in r.of("score"))
    designs = [
        Design(
            kind="folds" if d.kind == "folds" else "three-parts",
            place=place(d, scripts),
            why=d.why,
            ordered=d.settings == "ordered",
        )
        for d in r.of("design")
    ]
    designs += [Design(kind="one-part", place=p, why="one part of the rows is held out") for p in splits if scored]
    return msgspec.structs.replace(
        flow,
        splits=(*flow.splits, *(Parting(place=p, how="random") for p in splits)),
        designs=(*flow.designs, *designs),
        leaks=(*flow.leaks, *(_leak(d) for d in r.of("leak") if d.source is not None)),
    )


def _leak(deed: Deed) -> Leak:
    return Leak(
        kind=_LEAKS.get(deed.kind, "selection"),
        what=deed.why,
        severity="clear" if deed.sure else "suspicion",
        source=None,
        used=deed.at,
        held_out=deed.source or deed.at,
        reached=deed.reached,
    )


def to_experiments(found: Experiments, r: RWork) -> Experiments:
    """Return ``found`` with the models, rules, searches and records of R."""
    fits = [d for d in r.of("fit") if d.reached]
    if not fits:
        return found
    searches = [
        Search(
            how="loop" if d.kind == "loop" else "library",
            name=d.name,
            at=d.at,
            runs=d.reached and d.kind in {"runs", "loop"},
            halted=d.kind == "halted",
            why=d.why if d.reached else "nothing runs it",
        )
        for d in r.of("search")
    ]
    return msgspec.structs.replace(
        found,
        variants=(*found.variants, *(_variant(d) for d in fits)),
        rules=(*found.rules, *(Rule(why=d.why, at=d.at, reached=d.reached) for d in r.of("rule"))),
        searches=(*found.searches, *searches),
        records=(
            *found.records,
            *(Record(how=_how(d), name=d.name, at=d.at, wired=d.reached, why=d.why) for d in r.of("record")),
        ),
    )


def _how(deed: Deed) -> Literal["tracker", "files", "file"]:
    return "tracker" if deed.kind == "tracker" else "files" if deed.kind == "files" else "file"


def _variant(deed: Deed) -> Variant:
    return Variant(
        kind=deed.kind,
        at=deed.at,
        settings=deed.settings,
        names=deed.names,
        scored=deed.scored,
        naive=deed.naive,
        baseline="a rule that learns nothing" if deed.naive else deed.baseline,
        tuned=deed.tuned,
        group=_GROUP,
    )


def to_analyses(found: Analyses, r: RWork) -> Analyses:
    """Return ``found`` with the looks at errors and the explanations of R."""
    scripts = _scripts(r)
    return msgspec.structs.replace(
        found,
        errors=(*found.errors, *(_look(d, scripts) for d in r.of("error"))),
        explanations=(*found.explanations, *(_look(d, scripts) for d in r.of("explanation"))),
    )


def _look(deed: Deed, scripts: frozenset[str]) -> Look:
    return Look(
        place=place(deed, scripts),
        kind=deed.kind,
        shown="shown" if deed.shown else "thrown-away",
        how=deed.why,
        named=deed.sure,
    )


def to_serving(found: Serving, r: RWork) -> Serving:
    """Return ``found`` with the kept models and the apps of R."""
    return msgspec.structs.replace(
        found,
        saves=(*found.saves, *(_kept(d) for d in r.of("save"))),
        restores=(*found.restores, *(_kept(d) for d in r.of("restore"))),
        apps=(*found.apps, *(_app(d, r) for d in r.of("app"))),
    )


def _kept(deed: Deed) -> Kept:
    return Kept(
        name=deed.name,
        at=deed.at,
        scope=deed.scope,
        file=deed.why.rpartition("/")[2],
        what="model" if deed.kind == "model" else "other" if deed.kind == "other" else "unknown",
        reached=deed.reached,
        used=deed.used or deed.role == "save",
    )


def _app(deed: Deed, r: RWork) -> App:
    asked = next((d.at for d in r.of("predict") if d.reached and d.at.path == deed.at.path), None)
    opened = any(f.path == deed.at.path and f.kind == "notebook" for f in r.files)
    return App(
        framework=_FRAMEWORKS.get(deed.name, deed.name.lower()),
        at=deed.at,
        answers="model" if deed.kind == "model" else "work",
        asked=asked,
        reached=deed.reached,
        in_notebook=opened,
    )


def to_tested(found: Tested, r: RWork) -> Tested:
    """Return ``found`` with the tests of R, and with what of it handles data or a model."""
    if not r.has_code:
        return found
    subjects = [d.at for d in r.deeds if d.role in {"load", "prepare", "fit", "predict"}]
    read = {f.path for f in r.files}
    return Tested(
        cases=(*found.cases, *(Case(name=t.name, at=t.at, touches=t.touches, by=t.own) for t in r.tests if t.asserts)),
        subjects=(*found.subjects, *subjects)[:20],
        elsewhere=tuple(path for path in found.elsewhere if path not in read),
        tests_elsewhere=tuple(path for path in found.tests_elsewhere if path not in read),
    )


def _order(at: Place) -> tuple[str, int, int, str]:
    return (at.at.path, at.at.cell or 0, at.at.start, at.name)


def _joined(first: tuple[T, ...], second: Iterable[T], key: Callable[[T], tuple[str, int, int, str]]) -> tuple[T, ...]:
    return tuple(sorted((*first, *second), key=key))
