"""Do the measuring tools' figures come out at the right level?"""

from __future__ import annotations

import pytest

from evaluator.facts.complexity import Complexity, Function, Maintained
from evaluator.facts.lint import Lint, LintFinding
from evaluator.model import Absence, InFile, Measured, NotApplicable, Span
from evaluator.signals.engineering.quality import complexity, lint


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
    answer = complexity(functions(*values))

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert all(isinstance(e, InFile) for e in answer.evidence)
    assert f"complexity {max(values)}" in answer.evidence[0].note


@pytest.mark.parametrize("values", [(), (5,), (30, 40)], ids=["none", "one", "two"])
def test_complexity_not_asked(values: tuple[int, ...]) -> None:
    assert isinstance(complexity(functions(*values)), NotApplicable)


def linted(lines: int, total: int, *, broken_lines: int = 0) -> Lint:
    finding = LintFinding(at=Span(path="a.py", start=2, end=2), symbol="unused-import", message="Unused import os")
    return Lint(
        lines=lines,
        findings=(finding,) * min(total, 200),
        total=total,
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
def test_lint(found: Lint, level: int) -> None:
    answer = lint(found)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert answer.evidence


def test_lint_not_asked() -> None:
    assert isinstance(lint(linted(0, 0)), NotApplicable)


def test_lint_names_what_it_found_and_what_would_have_hidden_it() -> None:
    clean, hidden = lint(linted(300, 0)), lint(Lint(lines=100, findings=(), total=0, suppressed=2))

    assert isinstance(clean, Measured)
    assert isinstance(hidden, Measured)
    assert clean.evidence == (Absence(note="no finding of the selection", looked_at=("pylint",)),)
    assert hidden.summary == "0 findings in 100 lines: 0.0 per 100; 2 comments that silence the linter were not heeded"
