"""How does the project's environment come to be built, and what if it cannot be?

Nothing of the candidate's is executed here: wheels are unpacked, and nothing else. It is asked only where runs are
permitted all the same, for it serves them alone.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from evaluator.facts.code import Code
from evaluator.facts.import_names import Need, canonical
from evaluator.facts.imported import Imported
from evaluator.facts.packaging import Packaging
from evaluator.model import Missing
from evaluator.registry import provides
from evaluator.runs.environment import Departure, Environment
from evaluator.runs.installing.building import Building, missing, place, too_large
from evaluator.runs.installing.cpu_builds import even, heavy, lighten, uneven
from evaluator.runs.installing.given import given
from evaluator.runs.installing.indexes import indexes
from evaluator.runs.installing.interpreters import Installed, Interpreter, installed, shown
from evaluator.runs.installing.ladder import Climbed, Ladder, Rung, Stuck
from evaluator.runs.installing.python_choice import Choice, choose
from evaluator.runs.installing.uv import Uv
from evaluator.runs.installing.wanted import Wanted, wanted
from evaluator.runs.settings import RunSettings
from evaluator.sandbox.api import Sandbox
from evaluator.source.snapshot import Snapshot

_EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
_LATE = 9999
_LIKENESS = 0.85


@provides(executes_project=True)
def environment(
    snapshot: Snapshot, packaging: Packaging, code: Code, imported: Imported, settings: RunSettings, sandbox: Sandbox
) -> Environment | Missing:
    """Build the environment from the project's own manifests, or take the one that the caller gave."""
    if not code.modules:
        return Missing(fact="Environment", cause="not-found", detail="the project has no Python code")
    if settings.env is not None:
        return given(settings.env, imported.needs, settings, confined=sandbox.name != "off")
    if settings.budget.left() == 0:
        return Missing(fact="Environment", cause="timed-out", detail="the time for all runs together is used up")
    settings.cache.mkdir(parents=True, exist_ok=True)
    when = moment(snapshot.subject.as_of)
    have = installed()
    choice = choose(packaging, int(when[:4]) if when else _LATE, have.minors())
    pythons = _working(have, choice)
    if not pythons:
        return Missing(fact="Environment", cause="not-permitted", detail="no CPython 3.8 or newer is installed here")
    uv = Uv(settings=settings, indexes=indexes(), folder=settings.scratch / "uv")
    ladder = Ladder(uv=uv, wanted=wanted(packaging, code, imported.needs), moment=when, pythons=pythons)
    climbed = _chosen(ladder)
    if isinstance(climbed, Missing):
        return climbed
    return _built(ladder, climbed, choice, imported.needs, copy=sandbox.name == "off")


def moment(as_of: str | None) -> str | None:
    """Return the commit's date in UTC, not before 2015 and not after now: its author may have written anything."""
    if as_of is None:
        return None
    try:
        stated = datetime.fromisoformat(as_of)
    except ValueError:
        return None
    stated = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
    return min(max(stated, _EARLIEST), datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _working(have: Installed, choice: Choice) -> tuple[Interpreter, ...]:
    found = [have.get(minor) for minor in choice.minors]
    return tuple(python for python in found if python is not None)


def _chosen(ladder: Ladder) -> tuple[Climbed, tuple[str, ...]] | Missing:
    """Return the versions to install, with what was done to keep them small."""
    climbed = ladder.climb()
    if isinstance(climbed, Stuck):
        return missing(climbed.refusal)
    if uneven(climbed.resolution):
        climbed = even(ladder.uv, climbed)
    if not heavy(climbed.resolution):
        return _bearable(climbed, ladder.uv, ())
    lighter = lighten(ladder.uv, climbed)
    if lighter is None and too_large(climbed.resolution, ladder.uv):
        lighter = lighten(ladder.uv, climbed, without_companions=True)
    return (
        _bearable(climbed, ladder.uv, ())
        if lighter is None
        else _bearable(lighter.climbed, ladder.uv, (lighter.repair,))
    )


def _bearable(found: Climbed, uv: Uv, repairs: tuple[str, ...]) -> tuple[Climbed, tuple[str, ...]] | Missing:
    reason = too_large(found.resolution, uv)
    return (found, repairs) if reason is None else Missing(fact="Environment", cause="too-large", detail=reason)


def _built(
    ladder: Ladder, chosen: tuple[Climbed, tuple[str, ...]], choice: Choice, asked: tuple[Need, ...], *, copy: bool
) -> Environment | Missing:
    climbed, lightened = chosen
    uv, python = ladder.uv, climbed.rung.python
    folders = shown(python, uv.settings.cache / "pythons")
    if folders is None:
        return Missing(fact="Environment", cause="failed", detail="the interpreter cannot be shown to the sandbox")
    target = place(uv.settings)
    building = Building(uv=uv, python=python, target=target, copy=copy)
    trouble = building.make(climbed)
    if trouble is not None:
        return trouble
    left = building.finish(ladder.wanted, asked, climbed.rung.newest)
    made = Environment(
        python=str(target / "bin" / "python"),
        version=python.version,
        folders={**folders, str(target): str(target)},
        strategy=climbed.rung.strategy,
        installed=building.held(),
        attempts=climbed.attempts,
        unmet=tuple(need.name for need in left),
        manifest=ladder.wanted.lock if climbed.rung.strategy == "lock" else ladder.wanted.manifest,
        own=tuple(building.own),
    )
    return _told(made, ladder.wanted, climbed, choice, left, (*lightened, *building.notes))


def _told(
    made: Environment, asked: Wanted, climbed: Climbed, choice: Choice, left: list[Need], others: tuple[str, ...]
) -> Environment:
    """Return ``made`` with an account of every repair: the interpreter, the requirements, and what we added."""
    departures = tuple(_missed(d, left) for d in (*asked.departures, *climbed.departures))
    aloud = [choice.compromise] if choice.compromise and climbed.rung.python.minor == choice.minors[0] else []
    aloud += [_other_python(choice, climbed.rung)] if climbed.rung.python.minor != choice.minors[0] else []
    repairs = (*aloud, *asked.notes, *(d.reason for d in departures), *others)
    return msgspec.structs.replace(
        made,
        departures=departures,
        repairs=tuple(dict.fromkeys(repairs)),
        repaired_for_candidate=sum(d.fault == "project" for d in departures),
    )


def _missed(departure: Departure, left: list[Need]) -> Departure:
    """Return ``departure`` with the imports that want it; a slip of the pen is known by its likeness to a known name."""
    if departure.what != "left-out" or not departure.name:
        return departure
    names = [need.name for need in left if any(_alike(departure.name, d) for d in (*need.distributions, need.name))]
    return msgspec.structs.replace(departure, missed=tuple(names))


def _alike(declared: str, meant: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, canonical(declared), canonical(meant)).ratio() >= _LIKENESS


def _other_python(choice: Choice, rung: Rung) -> str:
    first, taken = (".".join(str(n) for n in minor) for minor in (choice.minors[0], rung.python.minor))
    return f"Python {taken} was taken: on {first} no wheels were found for what is asked for"
