"""Does what the project declares lead to a working installation?"""

from __future__ import annotations

from evaluator.facts.manifests.following import INSTALL_LINES, declaring, unread
from evaluator.facts.packaging import Packaging
from evaluator.model import Answer, Evidence, InFile, InRun, Measured, NotApplicable, Unit, Unknown
from evaluator.registry import signal
from evaluator.runs.environment import Departure, Environment

_SHOWN = 8


@signal(
    id="reproducibility.installs",
    title="The environment can be built",
    question="Does what the project declares install?",
    looks_at=(
        "An installation from the manifest, wheels only: by its lock, as of the commit's date, or as of today; and what "
        "had to be changed in it"
    ),
    remedy="Install from your own manifest into an empty environment, and correct the lines at which it stops.",
    command="python -m venv /tmp/check && /tmp/check/bin/pip install -r requirements.txt",
    effort="hour",
    sources=("pimentel-2019", "turing-way"),
    limits=(
        "Nothing is built from source, and no address but the index is asked: what only such an installation could tell "
        "is left open. So is what needs an interpreter or a platform that this machine lacks. A build for processors in "
        "place of one for GPUs is no fault."
    ),
    levels=("it does not install, or lacks what the code imports", "after a repair of what is declared", "as declared"),
)
def installs(environment: Environment, packaging: Packaging) -> Answer:
    """Value: 2 as declared, 1 after a repair of the project's own lines, 0 where that leaves imports unmet or nothing."""
    if environment.strategy == "given":
        return Unknown(cause="not-permitted", reason="an existing environment was given; nothing was installed")
    if not environment.manifest:
        return _undeclared(packaging)
    theirs = [d for d in environment.departures if d.fault == "project"]
    ours = [d for d in environment.departures if d.fault != "project"]
    if not theirs and ours:
        return Unknown(
            cause="failed", reason=f"not everything could be installed as declared ({len(ours)} left): {ours[0].reason}"
        )
    lost = [d for d in theirs if d.missed]
    declared = {r.name for m in declaring(packaging) for r in m.requirements}
    empty = bool(theirs) and declared.isdisjoint(environment.installed)
    level = 0 if lost or empty else 1 if theirs else 2
    how = {"lock": "from its lock", "as-of-commit": "as of the commit's date", "as-of-today": "as of today"}
    summary = f"{environment.manifest} installs {how[environment.strategy]} on Python {environment.version}"
    if theirs:
        verb = "does not install" if level == 0 else "installs after a repair"
        summary = f"{environment.manifest} {verb}: {theirs[0].reason}"
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=summary,
        evidence=tuple(_evidence(d) for d in (lost or theirs)[:_SHOWN]) or (_installed(environment),),
    )


def _undeclared(packaging: Packaging) -> Answer:
    """Judge a project whose environment could be built from its imports only."""
    unknown = unread(packaging)
    if unknown is not None:
        return Unknown(cause="not-found", reason=unknown)
    broken = [m for m in packaging.manifests if m.kind not in INSTALL_LINES and m.errors]
    if not broken:
        return NotApplicable(reason="no dependencies are declared")
    return Measured(
        value=0,
        unit=Unit.LEVEL,
        summary=f"{broken[0].path} cannot be installed from",
        evidence=tuple(InFile(at=at, note=reason) for m in broken for at, reason in m.errors[:1])[:_SHOWN],
    )


def _evidence(departure: Departure) -> Evidence:
    if departure.at is None:
        return InRun(run="install", exit_code=None, note=departure.reason)
    return InFile(at=departure.at, note=departure.reason, excerpt=departure.requirement)


def _installed(environment: Environment) -> Evidence:
    return InRun(
        run="install", exit_code=0, note=f"{len(environment.installed)} packages on Python {environment.version}"
    )
