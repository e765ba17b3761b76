"""How does the project's test suite come to be run in the sandbox, and what if it cannot be?"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib import resources

import msgspec

from evaluator.errors import SandboxError
from evaluator.facts.code import Code
from evaluator.facts.credentials.masking import mask
from evaluator.facts.import_names import canonical
from evaluator.facts.packaging import Packaging
from evaluator.model import Cause, Missing
from evaluator.registry import provides
from evaluator.runs.environment import Environment
from evaluator.runs.settings import RunSettings
from evaluator.runs.suite import SuiteRun
from evaluator.runs.testing.causes import Surroundings
from evaluator.runs.testing.meddling import expected, meddling
from evaluator.runs.testing.plan import Group, asks_git, groups, seen_tests, subjects
from evaluator.runs.testing.tally import Started, tally
from evaluator.runs.testing.testimony import (
    JOURNAL_LIMIT,
    LINES_LIMIT,
    Broken,
    End,
    LeftOut,
    NoPytest,
    Ran,
    Uncollected,
    clean,
    read_journal,
    read_lines,
)
from evaluator.sandbox.api import OUT, PLACED, WORK, Limits, RunRequest, Sandbox
from evaluator.source.snapshot import Snapshot, Unreadable
from evaluator.source.writing import write_tree

_PROBE = ("supervise.py", "children.py", "session.py", "watching.py", "lines.py")
_JOURNAL, _LINES = "journal", "lines.json"
_LEAST_SECONDS = 10
_LINES_SECONDS = 30
_RESERVED = 0.1  # the most of what is left that each of the steps after the tests may keep back
_AGAIN_SECONDS, _AGAIN_CASES = 60, 20
_CLOSING_SECONDS = 30
_START_SECONDS = 20
_PROJECT_BYTES = 500_000_000
_USAGE_ERROR, _NOTHING_COLLECTED = 4, 5
_OPTIONS = (
    *("-q", "--color=no", "--tb=short", "--continue-on-collection-errors"),
    *("-p", "no:randomly", "-p", "no:random_order"),
    *("-o", "addopts=", "-o", "required_plugins=", "-o", "enable_assertion_pass_hook=true"),
)
_ENV = {
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "Agg",
    "QT_QPA_PLATFORM": "offscreen",
    "SDL_VIDEODRIVER": "dummy",
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "WANDB_MODE": "offline",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "2",
}


@provides(executes_project=True)
def suite_run(
    environment: Environment,
    code: Code,
    packaging: Packaging | Missing,
    snapshot: Snapshot,
    sandbox: Sandbox,
    settings: RunSettings,
) -> SuiteRun | Missing:
    """Run the tests without network, under coverage. A suite that cannot start is ``Missing``, not a zero."""
    if not seen_tests(code):
        return _missing("not-found", "the code holds no tests")
    folder = settings.scratch / "suite"
    try:
        write_tree(snapshot, folder, limit_bytes=_PROJECT_BYTES)
    except OSError as error:
        return _missing("failed", f"the project could not be copied: {error.strerror}")
    plan = _Plan(
        environment=environment,
        settings=settings,
        folder=str(folder),
        measured=subjects(code),
        repository=asks_git(code),
        sandbox=sandbox,
    )
    started: list[Started] = []
    gaps: list[Missing] = []
    for group in groups(snapshot, code):
        if plan.seconds() < _LEAST_SECONDS:
            gaps.append(_missing("timed-out", _too_little(plan)))
            continue
        try:
            result = _try(plan, group)
        except SandboxError as error:
            result = _missing("failed", str(error))
        if isinstance(result, Missing):
            gaps.append(result)
        else:
            started.append(result)
    if not started:
        return gaps[0]
    around = _surroundings(snapshot, code, packaging, environment)
    return tally(
        started,
        code,
        around,
        _digests(snapshot, plan.measured),
        gaps,
        expected=expected(snapshot, seen_tests(code)),
        meddling=meddling(code),
    )


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What every start has in common. ``repository``: the code asks git about itself."""

    environment: Environment
    settings: RunSettings
    folder: str
    measured: tuple[str, ...]
    repository: bool
    sandbox: Sandbox

    def seconds(self) -> int:
        """Return what the tests may take now: what is left without what the steps after them need."""
        left = self.settings.budget.left()
        return min(
            self.settings.suite_seconds, left - _reserve(left, _LINES_SECONDS) - _reserve(left, _CLOSING_SECONDS)
        )


def _reserve(left: int, wanted: int) -> int:
    """Return the seconds of ``left`` to keep back for a step that may take ``wanted``."""
    return min(wanted, max(1, int(left * _RESERVED)))


def _too_little(plan: _Plan) -> str:
    left = plan.settings.budget.left()
    if not left:
        return "the budget for runs was spent before the tests"
    if plan.settings.suite_seconds < _LEAST_SECONDS:
        return f"the tests may take {plan.settings.suite_seconds} s; at least {_LEAST_SECONDS} s are needed"
    return f"{left} s were left of the budget for runs: too little to run the tests and count their lines"


def _try(plan: _Plan, group: Group) -> Started | Missing:
    """Start ``group``; where pytest refuses or finds nothing, once more without what could be the reason."""
    started = _start(plan, group)
    if _refused(started):
        bare = msgspec.structs.replace(group, options=(), bare=True)
        again = _start(plan, bare) if plan.seconds() >= _LEAST_SECONDS else started
        started = again if _ran(again) else started
    elif not _ran(started) and started.journal.of(End) and not group.paths:
        named = msgspec.structs.replace(group, paths=group.below(group.tests))
        started = _start(plan, named) if plan.seconds() >= _LEAST_SECONDS else started
    return started if _ran(started) else _gap(started)


def _start(plan: _Plan, group: Group) -> Started:
    outcome = plan.sandbox.run(_request(plan, group, plan.seconds()))
    return Started(
        group=group,
        outcome=outcome,
        journal=read_journal(outcome.files.get(_JOURNAL, b"")),
        lines=read_lines(outcome.files.get(_LINES)),
    )


def _request(plan: _Plan, group: Group, seconds: int) -> RunRequest:
    left = plan.settings.budget.left()
    lines, closing = _reserve(left, _LINES_SECONDS), _reserve(left, _CLOSING_SECONDS)
    probe = resources.files("evaluator.runs") / "probe"
    placed = {f"{PLACED}/{name}": (probe / name).read_bytes() for name in _PROBE}
    placed[f"{PLACED}/spec.json"] = json.dumps(_spec(plan, group, seconds, lines), sort_keys=True).encode()
    placed[f"{PLACED}/empty.ini"] = b"[pytest]\n"
    return RunRequest(
        name="tests",
        argv=(plan.environment.python, "-I", "-S", f"{PLACED}/supervise.py", str(WORK), str(OUT)),
        project=plan.folder,
        read_only=plan.environment.folders,
        placed=placed,
        env=_ENV,
        limits=Limits(
            seconds=seconds + lines + closing,
            cpu_seconds=4 * seconds,
            back_bytes=JOURNAL_LIMIT + LINES_LIMIT,
        ),
        bring_back=(_JOURNAL, _LINES),
    )


def _spec(plan: _Plan, group: Group, seconds: int, lines: int) -> dict[str, object]:
    """Return what ``supervise.py`` is told, and tells ``session.py`` and ``lines.py``; paths relative to the project."""
    case = min(plan.settings.case_seconds, seconds)
    idle = min(max(case, _START_SECONDS), seconds)
    return {
        "cwd": group.cwd,
        "front": group.front,
        "back": group.back,
        "args": (*_OPTIONS, *group.options),
        "bare": group.bare,
        "paths": group.paths,
        "case_seconds": case,
        "idle_seconds": idle,
        "total_seconds": seconds,
        "memory_mb": Limits().memory_mb,
        "lines_seconds": lines,
        "again_seconds": _AGAIN_SECONDS,
        "again_cases": _AGAIN_CASES,
        "repository": plan.repository,
        "measure": plan.measured,
        "tests": group.tests,
    }


def _ran(started: Started) -> bool:
    """Whether at least one case ran, or one file could not be collected."""
    journal = started.journal
    broken = any(e.id and e.kind in {"collecting", "running"} for e in journal.of(Broken))
    return bool(journal.of(Ran) or journal.of(Uncollected) or journal.of(LeftOut)) or broken


def _refused(started: Started) -> bool:
    """Whether pytest did not like its own configuration or options."""
    ends = [e.exit for e in started.journal.of(End)]
    return not _ran(started) and ends[-1:] == [_USAGE_ERROR] and not started.journal.of(NoPytest)


def _gap(started: Started) -> Missing:
    for event in started.journal.of(NoPytest):
        return _missing("failed", f"pytest cannot be imported: {event.message[:200]}")
    if started.outcome.stopped_by != "nothing":
        cause: Cause = "timed-out" if started.outcome.stopped_by == "seconds" else "too-large"
        return _missing(cause, f"stopped by the limit on {started.outcome.stopped_by} before any test ran")
    if any(e.how in {"late", "over"} for e in started.journal.of(Broken)):
        return _missing("timed-out", "pytest did not get to the first test within its time")
    ends = [e.exit for e in started.journal.of(End)]
    if ends[-1:] in ([_NOTHING_COLLECTED], [0]):
        return _missing("not-found", "pytest finds no case in the files that hold tests")
    last = next(
        (line.strip() for line in reversed(started.outcome.tail.splitlines()) if line.strip()), "it said nothing"
    )
    return _missing("failed", f"pytest could not be started: {mask(clean(last))[:200]}")


def _missing(cause: Cause, detail: str) -> Missing:
    return Missing(fact="SuiteRun", cause=cause, detail=detail)


def _surroundings(
    snapshot: Snapshot, code: Code, packaging: Packaging | Missing, environment: Environment
) -> Surroundings:
    manifests = () if isinstance(packaging, Missing) else packaging.manifests
    files = [path for path in snapshot.entries if path.endswith(".py")]
    modules = {part.removesuffix(".py") for path in files for part in path.split("/")}
    return Surroundings(
        paths=snapshot.entries.keys(),
        names=frozenset(path.rpartition("/")[2] for path in snapshot.entries),
        modules=frozenset(modules),
        imports=frozenset(
            (i.at.path, i.at.start) for m in code.modules for i in m.imports if i.local is None and not i.stdlib
        ),
        declared=frozenset(canonical(r.name) for m in manifests for r in m.requirements),
        installed=frozenset(canonical(name) for name in environment.installed),
    )


def _digests(snapshot: Snapshot, paths: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for path in paths:
        try:
            found[path] = hashlib.sha256(snapshot.read(path)).hexdigest()
        except Unreadable:
            continue
    return found
