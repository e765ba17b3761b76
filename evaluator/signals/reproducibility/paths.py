"""Does the code work from another folder, on another machine?"""

from __future__ import annotations

from evaluator.facts.machine_paths import MachinePath, MachinePaths
from evaluator.model import Absence, Answer, InFile, Measured, NotApplicable, Unit
from evaluator.registry import signal

_FEW = 2
_SHOWN = 10


@signal(
    id="reproducibility.no-absolute-paths",
    title="The code names no path of one machine",
    question="Does the code avoid paths of one machine?",
    looks_at=(
        "Strings that serve as paths in scripts, modules and code cells, lines for a shell, scripts in other languages, and "
        "settings that code reads: home folders, drives, disks; mounts of hosted notebooks apart"
    ),
    remedy="Build paths from the project's folder: Path(__file__).parent / 'data', or take them from an argument.",
    effort="minutes",
    sources=("turing-way", "pimentel-2019"),
    limits=(
        "Places that every system or image has (/tmp, /usr, /app, /data) are none, nor are stand-ins to be filled in. Tests, "
        "comments, outputs and committed results are not looked at. Parts of a path that only a run knows are not seen."
    ),
    levels=(
        "more than two places name a path of one machine",
        "one or two places do, or only the mount of a hosted notebook",
        "none",
    ),
)
def no_absolute_paths(paths: MachinePaths) -> Answer:
    """Value: 2 without any, 1 for one or two places or a hosted notebook's mount, 0 for more."""
    if not paths.files:
        return NotApplicable(reason="no code")
    machine = [p for p in paths.items if p.kind == "machine"]
    if not paths.items:
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary=f"no path of one machine in {paths.files} files of code",
            evidence=(
                Absence(
                    note="no string that serves as a path begins at a home folder, drive or disk",
                    looked_at=("code", "shell lines", "settings that code reads"),
                ),
            ),
        )
    shown = machine or list(paths.items)
    said = (
        f"{len(machine)} places name a path of one machine"
        if machine
        else f"{len(shown)} places name the mount of a hosted notebook"
    )
    return Measured(
        value=0 if len(machine) > _FEW else 1,
        unit=Unit.LEVEL,
        summary=said.replace("1 places name", "1 place names") if len(shown) == 1 else said,
        evidence=tuple(_cite(p) for p in shown[:_SHOWN]),
    )


def _cite(path: MachinePath) -> InFile:
    whose = "a path of one machine" if path.kind == "machine" else "the mount of a hosted notebook"
    return InFile(at=path.at, note=whose, excerpt=path.path)
