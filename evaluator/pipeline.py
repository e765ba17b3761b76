"""How does one target become facts, and how do facts become a report?"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from evaluator import engine, places
from evaluator.catalogue import catalogue
from evaluator.model import Fact, Missing, Subject
from evaluator.registry import Provider
from evaluator.report.building import build
from evaluator.report.document import Measurements, Report, RunMeasurement
from evaluator.rubric import check_against, for_role
from evaluator.rubric import load as load_rubric
from evaluator.runs.settings import Budget, Permitted, RunSettings
from evaluator.sandbox.api import RunOutcome, RunRequest, Sandbox

SandboxName = Literal["auto", "bwrap", "container", "landlock", "off"]
Said = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Options:
    """The caller's word on one evaluation; see contract.md for the meaning of each."""

    run: Permitted = "all"
    sandbox: SandboxName = "auto"
    budget: int = 600
    env: Path | None = None
    subdir: str = ""
    offline: bool = False


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What was found out about one target, and what it cost."""

    subject: Subject
    facts: Mapping[type[Fact], Fact | Missing]
    measurements: Measurements
    interrupted: bool = False


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
    from evaluator.source.address import parse
    from evaluator.source.opening import open_snapshot

    shown = parse(target).shown
    began, started = time.monotonic(), datetime.now(UTC)
    known = catalogue()
    with places.scratch() as scratch:
        said(f"fetching {shown}")
        with open_snapshot(target, scratch=scratch, subdir=options.subdir, offline=options.offline) as snapshot:
            sandbox, refusal = _sandbox(options, scratch)
            said(_where(sandbox, refusal, options))
            steps: dict[str, float] = {}
            ports = _ports(snapshot, options, scratch, sandbox)
            graph = engine.plan(known.signals.values(), known.providers)
            interrupted = False
            try:
                facts = engine.gather(graph, known.providers, ports, refusal=refusal, told=_timed(said, steps))
            except engine.Interrupted as stop:
                facts, interrupted = stop.facts, True
            subject = snapshot.subject
    return Gathered(
        subject=subject,
        facts=facts,
        interrupted=interrupted,
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
    facts: Mapping[type[Fact], Fact | Missing],
    *,
    rubric: str = "recruiter-signals",
    role: str = "general",
) -> Report:
    """Return the report on ``facts``.

    Raises:
        RubricError: No such rubric or role, or it weighs what does not exist.
    """
    known = catalogue()
    applied = for_role(load_rubric(rubric), role)
    check_against(applied, known.signals)
    return build(subject, facts, engine.judge(known.signals.values(), facts), applied, role, known)


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


def _ports(snapshot: Any, options: Options, scratch: Path, sandbox: Metered | None) -> dict[type[Any], Any]:
    from evaluator.facts.python.modules import Modules
    from evaluator.source.snapshot import Snapshot

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
            steps[name] = round(time.monotonic() - began, 3)

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
