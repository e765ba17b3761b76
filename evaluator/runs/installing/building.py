"""How does a chosen set of versions become an environment that the sandbox can show?"""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from evaluator.facts.import_names import Need
from evaluator.model import Cause, Missing
from evaluator.runs.installing.contents import installed_in, unmet
from evaluator.runs.installing.indexes import Indexes
from evaluator.runs.installing.interpreters import Interpreter, opened, reachable
from evaluator.runs.installing.ladder import Climbed
from evaluator.runs.installing.own_wheels import repack
from evaluator.runs.installing.uv import Asked, Refusal, Resolution, Uv
from evaluator.runs.installing.wanted import Line, Wanted
from evaluator.runs.settings import RunSettings

# What the runs need and a project may not ask for. Plug-ins of ours rest on hooks that pytest 7 and coverage 7 brought.
ADDED = {"pytest": "pytest>=7", "coverage": "coverage>=7"}
WHEELS_MB = 3_500
_UNKNOWN_MB = 30
_UNPACKED = 4
_SPARE_MB = 500
_MB = 1_000_000
_ONE_BY_ONE = 25
_CAUSES: dict[str, Cause] = {"offline": "not-permitted", "timed-out": "timed-out"}


def missing(refusal: Refusal) -> Missing:
    """Return the gap that a refusal of uv's leaves: whose doing it is stays apart."""
    cause = _CAUSES.get(refusal.trouble, "failed")
    said = {
        "offline": "packages are not in the cache, and nothing may be downloaded",
        "timed-out": "the time for building the environment is used up",
        "unreachable": f"the package index cannot be reached: {refusal.reason}",
    }.get(refusal.trouble, f"no versions were found that can be installed together: {refusal.reason}")
    return Missing(fact="Environment", cause=cause, detail=said)


def too_large(resolution: Resolution, uv: Uv) -> str | None:
    """Return why the wheels are more than this machine or the limit bears; None where they are not.

    Where the disk is too full for them, the cache of earlier evaluations is given up first.
    """
    megabytes = sum(_UNKNOWN_MB if c.bytes is None else c.bytes // _MB for c in resolution.chosen)
    if megabytes > WHEELS_MB:
        return f"the packages come to {megabytes} MB; at most {WHEELS_MB} MB are installed"
    cache, wanted = uv.settings.cache, _UNPACKED * megabytes + _SPARE_MB
    if shutil.disk_usage(cache).free // _MB < wanted:
        uv.clean()
    free = shutil.disk_usage(cache).free // _MB
    return f"the packages need about {wanted} MB of disk; {free} MB are free" if free < wanted else None


def place(settings: RunSettings) -> Path:
    """Return where to build: in the scratch folder where its files can be shared with the cache, else below the cache.

    What earlier evaluations left below the cache is removed; a folder there bears the name of its scratch folder.
    """
    scratch = settings.scratch / "environment"
    below = settings.cache / "environments"
    settings.cache.mkdir(parents=True, exist_ok=True)
    if below.is_dir():
        for old in below.iterdir():
            if not (settings.scratch.parent / old.name).exists():
                shutil.rmtree(old, ignore_errors=True)
    shared = settings.scratch.stat().st_dev == settings.cache.stat().st_dev
    if (shared and reachable(settings.scratch)) or not reachable(settings.cache):
        return scratch
    target = below / settings.scratch.name
    atexit.register(shutil.rmtree, target, ignore_errors=True)
    below.mkdir(exist_ok=True)
    return target


@dataclass
class Building:
    """One environment while it is built.

    Attributes:
        copy: Files are copied from the cache, not linked: what runs might write to them.
        notes: What was added or left out on the way, one sentence each.
        own: Names of ours that were added.
    """

    uv: Uv
    python: Interpreter
    target: Path
    copy: bool
    notes: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)

    def make(self, climbed: Climbed) -> Missing | None:
        """Make the environment and install what was chosen; None when that is done."""
        trouble = self.uv.venv(self.target, self.python)
        if trouble is None and climbed.resolution.chosen:
            trouble = self.uv.install(climbed.resolution, self.target, copy=self.copy)
        return None if trouble is None else missing(trouble)

    def finish(self, wanted: Wanted, needs: Iterable[Need], newest: str | None) -> list[Need]:
        """Add what the tests ask for, what is imported and declared elsewhere, and our own; return what stays unmet."""
        tests = [line.text for line in wanted.tests]
        self._add(tests, newest)
        for need in unmet(needs, self.target):
            line = next((s for s in wanted.spare if s.name in need.distributions), None)
            if line is not None and self._add([line.text], newest):
                self.notes.append(f"`{line.raw}` was added{_from(line)}: `{need.name}` is imported")
        self._add_own(newest)
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            opened(self.target)
        return unmet(needs, self.target)

    def held(self) -> dict[str, str]:
        """Return what is installed by now, name → version."""
        return installed_in(self.target)

    def _add_own(self, newest: str | None) -> None:
        held = installed_in(self.target)
        lines = [line for name, line in ADDED.items() if name not in held]
        ours = [name for name in ADDED if name not in held]
        if lines and not (self._add(lines, newest) or self._add(lines, None)):
            links = repack(ours, self.uv.folder / "wheels")
            apart = Indexes(links=(str(links),), none=True, environment={})
            if not self._together(lines, None, apart):
                self.notes.append(f"{' and '.join(ours)} could not be added beside what the project asks for")
                return
        self.own = ours

    def _add(self, lines: list[str], newest: str | None) -> bool:
        """Install ``lines`` beside what is there, which stays as it is: all together, else those that can be."""
        if not lines or self._together(lines, newest):
            return True
        if len(lines) == 1 or set(lines) <= set(ADDED.values()):
            return False
        held = [line for line in lines[:_ONE_BY_ONE] if self._together([line], newest)]
        return bool(held)

    def _together(self, lines: list[str], newest: str | None, indexes: Indexes | None = None) -> bool:
        fixed = tuple(f"{name}=={version}" for name, version in installed_in(self.target).items())
        asked = Asked(lines=tuple(lines), constraints=fixed, newest=newest)
        answer = self.uv.resolve(asked, self.python, indexes=indexes)
        if isinstance(answer, Refusal) or too_large(answer, self.uv):
            return False
        return self.uv.install(answer, self.target, copy=self.copy, indexes=indexes) is None


def _from(line: Line) -> str:
    return f" ({line.at.path})" if line.at is not None else ""
