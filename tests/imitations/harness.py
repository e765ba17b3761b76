"""What does one signal say of a repository that is only read?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evaluator import engine
from evaluator.catalogue import catalogue
from evaluator.facts.python.modules import Modules
from evaluator.model import Finding, Missing
from evaluator.report.building import default_scale, verdict
from evaluator.rubric import Rubric, load
from evaluator.runs.settings import RunSettings
from evaluator.source.opening import open_snapshot
from evaluator.source.snapshot import Snapshot

STATIC = Missing(fact="Sandbox", cause="not-permitted", detail="static")


@cache
def _rubric() -> Rubric:
    return load()


def findings(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, Finding]:
    """Return what the signals of ``ids`` find, from the facts that they need and no other."""
    known = catalogue()
    asked = [known.signals[name] for name in ids]
    graph = engine.plan(asked, known.providers)
    with TemporaryDirectory() as scratch:
        settings = RunSettings(permitted="none", scratch=Path(scratch), cache=Path(scratch) / "cache", offline=True)
        ports: dict[type[Any], Any] = {Snapshot: snapshot, Modules: Modules(snapshot), RunSettings: settings}
        facts = engine.gather(graph, known.providers, ports, refusal=STATIC)
    return {f.signal: f for f in engine.judge(asked, facts)}


def verdicts(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, str]:
    """Return the verdict of each of ``ids``, as a report has it."""
    made = {}
    for name, finding in findings(snapshot, ids).items():
        item = _rubric().items.get(name)
        scale = item.scale if item else default_scale(catalogue().signals[name])
        made[name] = str(verdict(finding, scale))
    return made


def verdict_of(files: Mapping[str, str | bytes], signal_id: str) -> str:
    """Return the verdict of one signal on ``files``."""
    return verdicts(Snapshot.of(files), [signal_id])[signal_id]


def verdict_at(folder: Path, signal_id: str, scratch: Path) -> str:
    """Return the verdict of one signal on the repository at ``folder``, its history included."""
    with open_snapshot(str(folder), scratch=scratch, offline=True) as snapshot:
        return verdicts(snapshot, [signal_id])[signal_id]


def withheld(files: Mapping[str, str | bytes], signal_id: str) -> None:
    """Fail where the signal gives ``files`` the pass, or does not ask."""
    said = verdict_of(files, signal_id)
    assert said in {"partial", "fail"}, f"{signal_id} says {said}"
