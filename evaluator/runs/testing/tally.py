"""What do the recorded events of a test run add up to, and where do they disagree with the code?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from evaluator.facts.code import Code, Definition, Module
from evaluator.facts.credentials.masking import mask
from evaluator.model import Missing
from evaluator.runs.suite import Case, Covered, SuiteRun
from evaluator.runs.testing.causes import Surroundings, cause_of, cause_of_end
from evaluator.runs.testing.plan import Group, seen_tests
from evaluator.runs.testing.testimony import (
    Broken,
    Collected,
    End,
    Flaky,
    Journal,
    LeftOut,
    Lines,
    Over,
    Ran,
    Uncollected,
    Unsigned,
    told,
)
from evaluator.sandbox.api import RunOutcome

CASES = 200
_TOLERATED = 0.1
_ORDER = {"error": 0, "failed": 1, "hanging": 2}


@dataclass(frozen=True, kw_only=True)
class Started:
    """One start of a group, and what it brought back."""

    group: Group
    outcome: RunOutcome
    journal: Journal
    lines: Lines | None

    @property
    def closed(self) -> bool:
        """Whether the record has its last line and the process that wrote it ended by itself."""
        return bool(self.journal.of(Over)) and self.outcome.exit_code == 0


@dataclass
class _Sum:
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    hanging: int = 0
    not_run: int = 0
    flaky: int = 0
    causes: Counter[str] = field(default_factory=Counter)
    cases: list[Case] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def add(self, case: Case) -> None:
        """Count a case that did not pass."""
        self.cases.append(case)
        if case.outcome == "hanging":
            self.hanging += case.count
            return
        self.causes[case.cause] += case.count
        if case.outcome == "failed":
            self.failed += case.count
        else:
            self.errors += case.count


def tally(
    started: Iterable[Started],
    code: Code,
    around: Surroundings,
    digests: Mapping[str, str],
    gaps: Iterable[Missing] = (),
    expected: Collection[tuple[str, str]] = (),
    meddling: Iterable[str] = (),
) -> SuiteRun:
    """Return the sum of all starts.

    Args:
        gaps: Why parts of the suite did not start; their tests count as not run.
        digests: Measured file → SHA-256 of its content in the snapshot: a file that was another one when its lines
            were counted earns nothing.
        expected: Path and qualified name of the tests that cannot pass without an assertion of theirs holding.
        meddling: Doubts that the code itself gives rise to.
    """
    runs = tuple(started)
    total = _Sum(doubts=list(meddling))
    for run in runs:
        _count(run, code, around, total, expected)
    begun = {path for run in runs for path in run.group.tests}
    total.not_run += sum(len(tests) for path, tests in seen_tests(code).items() if path not in begun)
    coverage = _coverage(runs, digests, total.doubts)
    stops = [r.outcome.stopped_by for r in runs if r.outcome.stopped_by != "nothing"]
    codes = [e.exit for r in runs for e in r.journal.of(End)[-1:]]
    return SuiteRun(
        command="; ".join(r.group.command for r in runs),
        passed=total.passed,
        failed=total.failed,
        errors=total.errors,
        skipped=total.skipped,
        hanging=total.hanging,
        not_run=total.not_run,
        flaky=total.flaky,
        complete=not stops and not total.not_run and all(_finished(r) for r in runs),
        exit_code=max((c for c in codes if c is not None), default=None),
        stopped_by=stops[0] if stops else "nothing",
        causes=dict(sorted(total.causes.items())),
        cases=tuple(_shown(total.cases)),
        coverage=coverage,
        doubts=tuple(dict.fromkeys(total.doubts)),
        gaps=tuple(dict.fromkeys(gap.detail for gap in gaps)),
        repairs=tuple(r for run in runs if (r := _repair(run.group))),
    )


def _shown(cases: list[Case]) -> Iterator[Case]:
    first = sorted(cases, key=lambda c: (_ORDER[c.outcome], c.path, c.line, c.id))[:CASES]
    return (msgspec.structs.replace(case, message=mask(case.message)) for case in first)


def _repair(group: Group) -> str:
    return f"{group.cwd or 'the project'}: pytest does not start with its configuration; left out" if group.bare else ""


def _finished(run: Started) -> bool:
    return any(e.finished for e in run.journal.of(Over))


def _count(run: Started, code: Code, around: Surroundings, total: _Sum, expected: Collection[tuple[str, str]]) -> None:
    seen = {path: tests for path, tests in seen_tests(code).items() if path in run.group.tests}
    flaky = {e.id for e in run.journal.of(Flaky)}
    cases: dict[str, Ran] = {}
    for event in run.journal.of(Ran):
        cases.setdefault(event.id, event)
    for ran in cases.values():
        _add_ran(ran, run.group, around, total, again=ran.id in flaky)
    modules = {m.path: m for m in code.modules}
    ended = _add_files(run, seen, modules, around, total, set(cases))
    collected = run.journal.of(Collected)
    if collected:
        dropped = max(e.dropped for e in collected)
        total.skipped += dropped
        total.not_run += max(0, max(e.n for e in collected) - dropped - len(cases) - ended)
    passed = [c for c in cases.values() if c.o == "passed"]
    total.doubts += _doubts(run, cases.values())
    total.doubts += _untested(passed, expected)
    total.doubts += _unknown(passed, modules)
    total.doubts += _not_executed(run, passed, seen)


def _add_ran(ran: Ran, group: Group, around: Surroundings, total: _Sum, *, again: bool) -> None:
    total.flaky += again or (ran.o == "passed" and ran.attempts > 1)
    if ran.o == "passed":
        total.passed += 1
    elif ran.o == "skipped":
        total.skipped += 1
    else:
        cause = "time" if ran.o == "hanging" else "flaky" if again else cause_of(ran.why, around)
        total.add(
            Case(
                id=_under(group, ran.id),
                outcome=ran.o,
                path=ran.path or _under(group, ran.id.partition("::")[0]),
                line=max(1, ran.line),
                message=told(ran.why),
                cause=cause,
            )
        )


def _add_files(
    run: Started,
    seen: Mapping[str, tuple[Definition, ...]],
    modules: Mapping[str, Module],
    around: Surroundings,
    total: _Sum,
    ran: set[str],
) -> int:
    """Add what stands for more than one case, and cases that ended their process; return how many of the latter."""
    told_of: set[str] = set()
    ended = 0
    for event in run.journal.events:
        if not isinstance(event, Uncollected | LeftOut | Broken) or event.id in told_of or event.id in ran:
            continue
        path = _under(run.group, event.id.partition("::")[0])
        stands_for = _stands_for(path, seen, modules)
        if isinstance(event, LeftOut):
            total.skipped += stands_for
        elif isinstance(event, Uncollected):
            total.add(_uncollected(event, path, stands_for, around))
        elif event.how != "over" and event.kind in {"collecting", "running"} and event.id:
            ended += event.kind == "running"
            total.add(_ended(event, run.group, path, stands_for, seen))
        else:
            continue
        told_of.add(event.id)
    return ended


def _uncollected(event: Uncollected, path: str, stands_for: int, around: Surroundings) -> Case:
    where = next((r.at for r in reversed(event.why) if r.at and r.at[0] == path), None)
    return Case(
        id=path or "conftest",
        outcome="hanging" if event.hanging else "error",
        path=path,
        line=max(1, where[1]) if where else 1,
        message=told(event.why),
        cause="time" if event.hanging else cause_of(event.why, around),
        count=stands_for,
    )


def _ended(event: Broken, group: Group, path: str, stands_for: int, seen: Mapping[str, tuple[Definition, ...]]) -> Case:
    name = event.id.partition("[")[0].partition("::")[2].replace("::", ".")
    line = next((d.at.start for d in seen.get(path, ()) if d.qualname == name), 1)
    late = event.how == "late"
    how = f"exit status {event.status}" if (event.status or 0) >= 0 else f"signal {-(event.status or 0)}"
    return Case(
        id=_under(group, event.id),
        outcome="hanging" if late else "error",
        path=path,
        line=line,
        message="cut off at the time limit of one case" if late else f"the process ended within it ({how})",
        cause="time" if late else cause_of_end(event.status, starved=event.starved),
        count=stands_for if event.kind == "collecting" else 1,
    )


def _under(group: Group, name: str) -> str:
    return f"{group.cwd}/{name}" if group.cwd and name else name


def _stands_for(path: str, seen: Mapping[str, tuple[Definition, ...]], modules: Mapping[str, Module]) -> int:
    """Return how many tests could not be had with ``path``: those in it; for a conftest or a folder, those below it.

    A script that only bears a test's name stands for none.
    """
    if path in seen:
        return len(seen[path])
    name = path.rpartition("/")[2]
    if name.endswith(".py") and name != "conftest.py":
        return 0 if path in modules and modules[path].error is None else 1
    folder = path.rpartition("/")[0] if name == "conftest.py" else path
    return max(1, sum(len(tests) for file, tests in seen.items() if not folder or file.startswith(f"{folder}/")))


def _doubts(run: Started, cases: Iterable[Ran]) -> list[str]:
    """Return where the record contradicts itself."""
    found = []
    strange = run.journal.garbled + sum(e.n for e in run.journal.of(Unsigned))
    if strange:
        found.append(f"{strange} lines of the run's record were written by something else than our plug-in")
    if not run.closed and run.outcome.stopped_by == "nothing":
        found.append("the process that keeps the run's record was ended from within the run")
    listed = tuple(cases)
    hidden = sum(c.hidden for c in listed)
    if hidden:
        found.append(f"{hidden} cases failed and were reported otherwise")
    unseen = _unseen_by_exit_code(run.journal)
    if unseen:
        found.append(
            f"pytest ended with exit code 0 although {unseen} {'case' if unseen == 1 else 'cases'} did not pass"
        )
    return found


def _unseen_by_exit_code(journal: Journal) -> int:
    """Return how many cases failed in sessions that ended as if none had; one that a test ended itself is no such."""
    unseen = bad = 0
    for event in journal.events:
        if isinstance(event, Ran) and event.o in {"failed", "error"}:
            bad += not any(r.type.endswith("outcomes.Exit") for r in event.why)
        elif isinstance(event, End) and event.exit == 0:
            unseen += bad
        if isinstance(event, End | Broken):
            bad = 0
    return unseen


def _untested(passed: list[Ran], expected: Collection[tuple[str, str]]) -> list[str]:
    """Return doubts where cases passed without one assertion of theirs holding, or by another function than the test."""
    found = []
    unchecked = [c.id for c in passed if c.unchecked and _named(c) in expected]
    if unchecked:
        found.append(f"{len(unchecked)} passed without any of their assertions holding: {', '.join(unchecked[:3])}")
    replaced = [c.id for c in passed if c.replaced]
    if replaced:
        found.append(f"the project replaced the functions of {len(replaced)} tests: {', '.join(replaced[:3])}")
    return found


def _named(case: Ran) -> tuple[str, str]:
    return case.path, case.id.partition("[")[0].partition("::")[2].replace("::", ".")


def _unknown(passed: list[Ran], modules: Mapping[str, Module]) -> list[str]:
    """Return a doubt where cases passed that no test in the code explains."""
    strange = sum(not _is_known(c, modules) for c in passed)
    if strange > _TOLERATED * len(passed):
        return [f"{strange} of {len(passed)} passed cases come from no test that the code holds"]
    return []


def _is_known(case: Ran, modules: Mapping[str, Module]) -> bool:
    module = modules.get(case.path)
    if module is None:
        return False
    name = case.id.partition("[")[0].partition("::")[2].replace("::", ".")
    names = {d.qualname: d for d in module.definitions}
    owner = names.get(name.rpartition(".")[0])
    return name in names or not module.is_test or (owner is not None and bool(owner.bases))


def _not_executed(run: Started, passed: list[Ran], seen: Mapping[str, tuple[Definition, ...]]) -> list[str]:
    """Return a doubt where tests passed without a line of their bodies having been executed."""
    if run.lines is None or not run.lines.tests:
        return []
    names = {_named(c) for c in passed}
    asked = idle = 0
    for path, tests in seen.items():
        executed = run.lines.tests.get(path, ())
        for test in tests:
            if (path, test.qualname) not in names:
                continue
            asked += 1
            idle += not any(test.at.start <= line <= test.at.end for line in executed)
    if idle > _TOLERATED * asked:
        return [f"{idle} of {asked} passed tests were never executed, as the line coverage has it"]
    return []


def _coverage(runs: Iterable[Started], digests: Mapping[str, str], doubts: list[str]) -> tuple[Covered, ...]:
    """Return the lines of each measured file; of several starts the one that reached most of it."""
    found: dict[str, Covered] = {}
    changed: set[str] = set()
    for run in runs:
        for row in run.lines.files if run.lines else ():
            if row.path not in digests:
                continue
            same = row.digest == digests[row.path]
            if not same:
                changed.add(row.path)
            covered = Covered(path=row.path, lines=row.lines, hit=row.hit if same else 0)
            before = found.get(row.path)
            found[row.path] = covered if before is None or covered.hit > before.hit else before
    if changed:
        doubts.append(f"{len(changed)} source files were changed during the run: {', '.join(sorted(changed)[:3])}")
    return tuple(found[path] for path in sorted(found))
