"""How does one target become facts, and how do facts become a report?"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from evaluator import engine, places, several
from evaluator.catalogue import catalogue
from evaluator.evaluation import Options, Said, opened
from evaluator.facts.projects import Projects
from evaluator.model import Fact, Missing, Subject
from evaluator.registry import Catalogue, Provider
from evaluator.report.building import build
from evaluator.report.document import Measurements, Report, RunMeasurement
from evaluator.report.portrait import SHOWN
from evaluator.rubric import check_against, for_role
from evaluator.rubric import load as load_rubric
from evaluator.runs.settings import Budget, RunSettings
from evaluator.sandbox.api import RunOutcome, RunRequest, Sandbox
from evaluator.several import Facts, Providers
from evaluator.source.snapshot import Snapshot

Graph: TypeAlias = Mapping[type[Fact], set[type[Fact]]]
_NOT_MAIN = Missing(
    fact="Sandbox", cause="not-permitted", detail="of a repository of several projects only the main one is run"
)


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What was found out about one target, and what it cost.

    Attributes:
        projects: By path, the facts of each project of a repository that holds several; then ``facts`` are the whole's.
        refused: Something was to be executed, and there was no sandbox for it.
    """

    subject: Subject
    facts: Facts
    measurements: Measurements
    projects: Mapping[str, Facts] = field(default_factory=dict)
    interrupted: bool = False
    refused: bool = False


@dataclass
class Metered:
    """A sandbox that keeps count of what its runs cost."""

    inner: Sandbox
    runs: list[RunMeasurement] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def limits_held(self) -> tuple[str, ...]:
        return self.inner.limits_held

    def run(self, request: RunRequest) -> RunOutcome:
        """Pass ``request`` on and note the usage under its name."""
        outcome = self.inner.run(request)
        usage = outcome.usage
        self.runs.append(
            RunMeasurement(
                id=request.name, seconds=usage.seconds, cpu_seconds=usage.cpu_seconds, memory_mb=usage.memory_mb
            )
        )
        return outcome


def gather(target: str, options: Options, *, said: Said = lambda _: None) -> Gathered:
    """Look at ``target`` and run what may be run.

    Args:
        said: Told, in a few words, what is being done.

    Raises:
        SourceError: The target cannot be had.
        UsageError: An option contradicts another, or the target is malformed.
    """
    with opened(target, options, said) as (snapshot, scratch):
        return look(snapshot, options, scratch, said)


def look(snapshot: Snapshot, options: Options, scratch: Path, said: Said) -> Gathered:
    """Look at ``snapshot`` and run what may be run, with ``scratch`` for what is needed on disk."""
    began, started = time.monotonic(), datetime.now(UTC)
    sandbox, refusal = _sandbox(options, scratch)
    said(_where(sandbox, refusal, options))
    steps: dict[str, float] = {}
    looking = _Looking(options, scratch, sandbox, refusal, _timed(said, steps))
    looked = _look(snapshot, catalogue(), looking)
    return Gathered(
        subject=snapshot.subject,
        facts=looked.whole,
        projects=looked.projects,
        interrupted=looked.interrupted,
        refused=sandbox is None and options.run != "none",
        measurements=Measurements(
            started=started.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - began, 3),
            host=_host(),
            sandbox=sandbox.name if sandbox else (refusal.detail if refusal else ""),
            limits_held=sandbox.limits_held if sandbox else (),
            runs=tuple(sandbox.runs) if sandbox else (),
            steps=dict(sorted(steps.items())),
        ),
    )


def judge(
    subject: Subject,
    facts: Facts,
    projects: Mapping[str, Facts] = MappingProxyType({}),
    *,
    rubric: str = "recruiter-signals",
    role: str = "general",
) -> Report:
    """Return the report on ``facts``; see :class:`Gathered` for ``projects``.

    Raises:
        RubricError: No such rubric or role, or it weighs what does not exist.
    """
    known = catalogue()
    applied = for_role(load_rubric(rubric), role)
    check_against(applied, known.signals)
    if projects:
        return several.judge(subject, facts, projects, applied, role, known)
    return build(subject, facts, engine.judge(known.signals.values(), facts), applied, role, known)


@dataclass(frozen=True)
class _Looking:
    """How one target is looked at, whatever part of it."""

    options: Options
    scratch: Path
    sandbox: Metered | None
    refusal: Missing | None
    told: engine.Told

    def ask(self, graph: Graph, providers: Providers, snapshot: Snapshot, given: Facts, *, runs: bool) -> Facts:
        """Return the facts of ``graph`` about ``snapshot``; of it is executed what may be, and nothing without ``runs``."""
        refusal = self.refusal or (None if runs else _NOT_MAIN)
        ports = _ports(snapshot, self.options, self.scratch, self.sandbox if runs else None)
        return self.ask_by(ports, graph, providers, given, refusal)

    def ask_by(
        self, ports: Mapping[type[Any], Any], graph: Graph, providers: Providers, given: Facts, refusal: Missing | None
    ) -> Facts:
        """Return the facts of ``graph`` by way of ``ports``."""
        return engine.gather(graph, providers, ports, refusal=refusal, told=self.told, given=given)


def _look(snapshot: Snapshot, known: Catalogue, looking: _Looking) -> several.Looked:
    """Return the facts of the target: of one project, or of each of several."""
    graph = engine.plan(known.signals.values(), known.providers, also=(*SHOWN, Projects))
    ports = _ports(snapshot, looking.options, looking.scratch, looking.sandbox)
    first: Facts = {}
    try:
        beginning = engine.plan((), known.providers, also=(Projects,))
        first = looking.ask_by(ports, beginning, known.providers, {}, looking.refusal)
        found = first[Projects]
        if isinstance(found, Projects) and found.items:
            return several.look(snapshot, first, found, known, looking.ask)
        return several.Looked(looking.ask_by(ports, graph, known.providers, first, looking.refusal), {})
    except engine.Interrupted as stop:
        gaps = {f: Missing(fact=f.__name__, cause="not-permitted", detail="interrupted") for f in graph}
        return several.Looked({**gaps, **stop.facts}, {}, interrupted=True)


def _sandbox(options: Options, scratch: Path) -> tuple[Metered | None, Missing | None]:
    """Return the sandbox to use, or why nothing may be executed."""
    if options.run == "none":
        return None, Missing(fact="Sandbox", cause="not-permitted", detail="the caller asked for --run none")
    from evaluator.sandbox.choose import choose

    chosen = choose(options.sandbox, scratch)
    return (None, chosen) if isinstance(chosen, Missing) else (Metered(chosen), None)


def _where(sandbox: Metered | None, refusal: Missing | None, options: Options) -> str:
    """Return what is going to be executed, where and within which limits: said before anything is."""
    if sandbox is None:
        return f"nothing of the project will be executed: {refusal.detail if refusal else 'no sandbox'}"
    if sandbox.name == "off":
        return "the project's code runs without isolation, with your own rights, as you asked (--sandbox off)"
    return f"the project's code runs in {sandbox.name}, without network, for at most {options.budget} s in all"


def _ports(snapshot: Snapshot, options: Options, scratch: Path, sandbox: Metered | None) -> dict[type[Any], Any]:
    from evaluator.facts.python.modules import Modules

    settings = RunSettings(
        permitted=options.run,
        scratch=scratch,
        cache=places.cache(otherwise=scratch / "cache"),
        budget=Budget(seconds=options.budget),
        # One hanging case must leave time for the others, and for a second start without it.
        case_seconds=max(5, min(60, options.budget // 8)),
        env=options.env,
        offline=options.offline,
    )
    ports: dict[type[Any], Any] = {Snapshot: snapshot, Modules: Modules(snapshot), RunSettings: settings}
    return ports if sandbox is None else {**ports, Sandbox: sandbox}


def _timed(said: Said, steps: dict[str, float]) -> Callable[[Provider[..., Any]], AbstractContextManager[None]]:
    @contextmanager
    def around(provider: Provider[..., Any]) -> Iterator[None]:
        name = provider.makes.__name__
        said(f"{'running' if provider.executes_project else 'reading'}: {provider.about}")
        began = time.monotonic()
        try:
            yield
        finally:
            steps[name] = round(steps.get(name, 0.0) + time.monotonic() - began, 3)

    return around


def _host() -> dict[str, str | int]:
    import os

    return {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "processors": os.cpu_count() or 1,
    }
