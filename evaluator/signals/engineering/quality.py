"""What do measuring tools say of the code: how tangled is it, and how much do they object to?"""

from __future__ import annotations

from evaluator.facts.complexity import Complexity
from evaluator.facts.lint import Lint
from evaluator.facts.ruff_findings import RuffFindings
from evaluator.facts.unreached import Unreached
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Missing, NotApplicable, Span, Unit
from evaluator.registry import signal

_SHOWN = 5
_FUNCTIONS = 3
_SIMPLE, _TANGLED = 10, 20
_CLEAN, _LITTERED = 1, 5


@signal(
    id="engineering.complexity",
    title="Functions are simple enough to follow",
    question="How tangled are the functions, most of them and not only the average one?",
    looks_at="The cyclomatic complexity of each function in the project's own .py files, as radon counts it",
    remedy="Split the functions named here: one task each, early returns instead of nested conditions.",
    effort="day",
    sources=("mccabe-1976",),
    limits=(
        "Notebooks, top-level script code and functions that nothing leads to are not measured, nor files that no Python 3 parser takes. Of a large "
        "project the first 200 files or 20 000 lines count."
    ),
    levels=("above 20", "11 to 20", "at most 10"),
)
def complexity(measured: Complexity, unreached: Unreached | Missing) -> Answer:
    """Value: 2 where the 90th percentile of the functions' complexity is at most 10, 1 where it is at most 20, else 0.

    Functions that nothing leads to are left out, unless too few others are left.
    """
    dead = () if isinstance(unreached, Missing) else unreached.dead
    idle = {(d.at.path, d.at.start) for d in dead}
    used = [f for f in measured.functions if (f.at.path, f.at.start) not in idle]
    counted = used if len(used) >= _FUNCTIONS else measured.functions
    functions = sorted(counted, key=lambda f: (f.complexity, f.at.path, f.at.start))
    if len(functions) < _FUNCTIONS:
        return NotApplicable(reason=f"{len(functions)} functions; fewer than {_FUNCTIONS} say nothing")
    at = (9 * len(functions) + 9) // 10
    high = functions[at - 1].complexity
    most = functions[::-1][:_SHOWN]
    index = sorted(m.index for m in measured.modules)
    said = f"90 % of {len(functions)} functions have a complexity of {high} or less; the most is {most[0].complexity}"
    if index:
        said += f"; the lowest maintainability index of a module is {index[0]} of 100"
    return Measured(
        value=2 if high <= _SIMPLE else 1 if high <= _TANGLED else 0,
        unit=Unit.LEVEL,
        summary=said,
        evidence=tuple(InFile(at=f.at, note=f"{f.name}: complexity {f.complexity}") for f in most),
        confidence="medium" if measured.left_out or measured.unreadable else "high",
    )


@signal(
    id="engineering.lint",
    title="A linter finds little",
    question="How many findings does ruff have per 100 lines, with a fixed selection of rules?",
    looks_at=(
        "All of the project's own .py files and notebooks, by ruff; comments that silence a linter are not heeded. What "
        "pylint has to say of a share of them is shown beside it"
    ),
    remedy="Run `ruff check --fix` on the code and mend what is left; most of it is a line each.",
    effort="hour",
    sources=("ruff", "pylint"),
    limits=(
        "Layout, naming and docstrings are not looked at. Pylint reads some 3 000 lines, chosen by a hash of the path, each "
        "file by itself; its findings do not count, for code made to be slow may keep it from its end."
    ),
    levels=("more than 5 per 100 lines, or most of the code does not parse", "at most 5", "at most 1"),
)
def lint(findings: RuffFindings, share: Lint | Missing) -> Answer:
    """Value: 2 for at most one finding per 100 lines, 1 for at most five, else 0; a file that does not parse allows 1 at
    most, and 0 where such files hold more than half of the lines."""
    whole = findings.lines + findings.broken_lines
    if not whole:
        return NotApplicable(reason="no Python code of its own")
    per_hundred = 100 * findings.total / findings.lines if findings.lines else 0.0
    level = 2 if per_hundred <= _CLEAN else 1 if per_hundred <= _LITTERED else 0
    if findings.broken:
        level = 0 if 2 * findings.broken_lines > whole else min(level, 1)
    said = f"{findings.total} findings in {findings.lines} lines: {per_hundred:.1f} per 100"
    if findings.broken:
        said += f"; {len(findings.broken)} files do not parse"
    if findings.suppressed:
        said += f"; {findings.suppressed} comments that silence a linter were not heeded"
    if isinstance(share, Lint) and share.lines:
        said += f"; pylint has {share.total} findings in {share.lines} lines"
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=said,
        evidence=_evidence(findings, share),
        confidence="medium" if findings.left_out else "high",
    )


def _evidence(findings: RuffFindings, share: Lint | Missing) -> tuple[Evidence, ...]:
    """Name the files that do not parse, the commonest findings, one place each, and what pylint adds."""
    broken = [InFile(at=Span(path=path), note="does not parse") for path in findings.broken[:_SHOWN]]
    often = sorted(findings.by_code, key=lambda pair: (-pair[1], pair[0]))
    first = {f.symbol: f for f in reversed(findings.findings)}
    named = [
        InFile(at=first[code].at, note=f"{code}: {first[code].message}" + (f" ({count} times)" if count > 1 else ""))
        for code, count in often
        if code in first
    ]
    added = [f for f in share.findings if f.symbol != "syntax-error"] if isinstance(share, Lint) else []
    pylint = [InFile(at=f.at, note=f"pylint: {f.symbol}: {f.message}") for f in added[: _SHOWN - 2]]
    return tuple((broken + named)[: 2 * _SHOWN] + pylint) or (
        Absence(note="no finding of the selection", looked_at=("ruff", "pylint")),
    )
