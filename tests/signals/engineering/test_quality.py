"""Do the measuring tools' figures come out at the right level?"""

from __future__ import annotations

import pytest

from evaluator.facts.complexity import Complexity, Function, Maintained
from evaluator.facts.lint import Lint, LintFinding
from evaluator.facts.ruff_findings import RuffFindings
from evaluator.facts.unreached import DeadDefinition, Unreached
from evaluator.model import Absence, InFile, Measured, Missing, NotApplicable, Span
from evaluator.signals.engineering.quality import complexity, lint

NOTHING = Missing(fact="Lint", cause="timed-out")


def functions(*values: int) -> Complexity:
    return Complexity(
        functions=tuple(
            Function(name=f"f{n}", at=Span(path="a.py", start=n + 1, end=n + 1), complexity=value)
            for n, value in enumerate(values)
        ),
        modules=(Maintained(path="a.py", index=64),),
    )


@pytest.mark.parametrize(
    ("values", "level"),
    [
        pytest.param((1, 2, 3), 2, id="simple"),
        pytest.param((10, 10, 10), 2, id="just simple"),
        pytest.param((*(2,) * 9, 60), 2, id="one of ten may be tangled"),
        pytest.param((*(2,) * 8, 60, 60), 0, id="two of ten may not"),
        pytest.param((1, 2, 11), 1, id="middling"),
        pytest.param((20, 20, 20), 1, id="just middling"),
        pytest.param((1, 2, 21), 0, id="tangled"),
    ],
)
def test_complexity(values: tuple[int, ...], level: int) -> None:
    answer = complexity(functions(*values), NOTHING)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert all(isinstance(e, InFile) for e in answer.evidence)
    assert f"complexity {max(values)}" in answer.evidence[0].note


@pytest.mark.parametrize("values", [(), (5,), (30, 40)], ids=["none", "one", "two"])
def test_complexity_not_asked(values: tuple[int, ...]) -> None:
    assert isinstance(complexity(functions(*values), NOTHING), NotApplicable)


@pytest.mark.parametrize(
    ("values", "dead", "level"),
    [
        pytest.param((*(1,) * 30, 30, 30, 30), 30, 0, id="tangles among functions that nothing calls"),
        pytest.param((*(1,) * 30, 30, 30, 30), 0, 2, id="tangles among functions that are called"),
        pytest.param((1, 1, 30), 2, 0, id="too few would be left"),
    ],
)
def test_complexity_of_what_is_used(values: tuple[int, ...], dead: int, level: int) -> None:
    at = [f.at for f in functions(*values).functions[:dead]]
    idle = Unreached(
        total=len(values), dead=tuple(DeadDefinition(qualname=f"f{n}", kind="function", at=a) for n, a in enumerate(at))
    )

    answer = complexity(functions(*values), idle)

    assert isinstance(answer, Measured)
    assert answer.value == level


def linted(lines: int, total: int, *, broken_lines: int = 0) -> RuffFindings:
    finding = LintFinding(at=Span(path="a.py", start=2, end=2), symbol="F401", message="`os` imported but unused")
    return RuffFindings(
        lines=lines,
        findings=(finding,) * min(total, 200),
        total=total,
        by_code=(("F401", total),) if total else (),
        broken=("b.py",) if broken_lines else (),
        broken_lines=broken_lines,
    )


@pytest.mark.parametrize(
    ("found", "level"),
    [
        pytest.param(linted(300, 0), 2, id="none"),
        pytest.param(linted(300, 3), 2, id="one per hundred"),
        pytest.param(linted(300, 4), 1, id="more than one"),
        pytest.param(linted(300, 15), 1, id="five per hundred"),
        pytest.param(linted(300, 16), 0, id="more than five"),
        pytest.param(linted(300, 0, broken_lines=40), 1, id="a file that does not parse"),
        pytest.param(linted(30, 0, broken_lines=40), 0, id="most does not parse"),
        pytest.param(linted(0, 0, broken_lines=40), 0, id="nothing parses"),
    ],
)
def test_lint(found: RuffFindings, level: int) -> None:
    answer = lint(found, NOTHING)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert answer.evidence


def test_what_pylint_finds_is_shown_and_does_not_count() -> None:
    finding = LintFinding(at=Span(path="a.py", start=7, end=7), symbol="unreachable", message="Unreachable code")

    alone, beside = (
        lint(linted(300, 0), NOTHING),
        lint(linted(300, 0), Lint(lines=90, findings=(finding,) * 90, total=90)),
    )

    assert isinstance(alone, Measured)
    assert isinstance(beside, Measured)
    assert alone.value == beside.value == 2
    assert beside.summary == alone.summary + "; pylint has 90 findings in 90 lines"
    assert beside.evidence[0] == InFile(at=finding.at, note="pylint: unreachable: Unreachable code")


def test_lint_not_asked() -> None:
    assert isinstance(lint(linted(0, 0), NOTHING), NotApplicable)


def test_lint_names_what_it_found_and_what_would_have_hidden_it() -> None:
    clean, hidden = (
        lint(linted(300, 0), NOTHING),
        lint(RuffFindings(lines=100, findings=(), total=0, suppressed=2), NOTHING),
    )

    assert isinstance(clean, Measured)
    assert isinstance(hidden, Measured)
    assert clean.evidence == (Absence(note="no finding of the selection", looked_at=("ruff", "pylint")),)
    assert hidden.summary == "0 findings in 100 lines: 0.0 per 100; 2 comments that silence a linter were not heeded"
