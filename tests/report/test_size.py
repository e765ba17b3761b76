"""A page can be opened, however much was found: small as a rule, and never above its limit."""

from __future__ import annotations

from typing import cast

import msgspec
import pytest

from evaluator.report import html
from evaluator.report.document import EvidenceSection, MissingSection, Report, SubProjectSection
from tests.report import pages, samples
from tests.report.hostile import poisoned
from tests.report.signals_of_a_project import at, signal

_CODE = "\n".join(f"value_{n} = compute(value_{n - 1}, <{n}>)" for n in range(12))


def many(signals: int, evidence: int) -> Report:
    found = tuple(
        signal(
            f"testing.check-{n}",
            ("fail", "partial", "pass", "not-measured")[n % 4],
            "told " * 20,
            1.0,
            *(at(f"src/module_{m}.py", m + 1, m + 12, "here", _CODE) for m in range(evidence)),
            remedy="mend it " * 20,
        )
        for n in range(signals)
    )
    return msgspec.structs.replace(samples.rich(), signals=found)


def test_a_usual_page_is_small() -> None:
    page = html.render(samples.rich(), samples.measured())

    assert len(page.encode()) < 250_000
    assert "This page was cut" not in page


def test_five_thousand_places_in_one_check() -> None:
    page = html.render(many(1, 5_000))

    assert len(page.encode()) < 250_000
    assert "and 4,992 more places, listed in the JSON form of this report" in page


def test_five_thousand_places_in_many_checks() -> None:
    """What had to be left out is said at the top."""
    page = html.render(many(110, 20))

    assert len(page.encode()) <= html.LIMIT
    assert "This page was cut to stay under 1 MB" in pages.read(page).text[:2_500]


@pytest.mark.parametrize(
    "text", ["W" * 5_000, "<" * 5_000, "\u202e" * 5_000, "\U0001f98b" * 5_000], ids=["long", "escaped", "named", "wide"]
)
def test_no_report_is_too_large_to_open(text: str) -> None:
    """Every list and every string far beyond what a project would fill."""
    full = many(300, 2)
    project = SubProjectSection(
        path="x", project=full.project, score=full.score, categories=full.categories, signals=full.signals[:40]
    )
    report = msgspec.structs.replace(
        full,
        categories=full.categories * 100,
        projects=(project,) * 60,
        runs=tuple(
            msgspec.structs.replace(r, id=f"{r.id}{n}", repairs=("x",) * 60, outputs=("x",) * 60)
            for n in range(20)
            for r in full.runs
        ),
        missing=(MissingSection(fact="x", cause="not-permitted", detail="x"),) * 300,
    )
    page = html.render(cast("Report", poisoned(report, lambda: text)), samples.measured())

    assert len(page.encode()) <= html.LIMIT
    pages.read(page)


def test_long_logs_are_cut_at_their_beginning() -> None:
    log = "\n".join(f"line {n}" for n in range(500))
    runs = (msgspec.structs.replace(samples.rich().runs[2], log=log),)

    text = pages.read(html.render(msgspec.structs.replace(samples.rich(), runs=runs))).text

    assert "line 499" in text
    assert "line 460" in text
    assert "line 459 " not in text
    assert "460 lines before these" in text


def test_an_excerpt_is_cut_and_says_so() -> None:
    place = EvidenceSection(kind="file", path="a.txt", start=1, excerpt="\n".join(f"row {n}" for n in range(30)))
    found = signal("testing.x", "fail", "x", 1.0, place)

    text = pages.read(html.render(msgspec.structs.replace(samples.rich(), signals=(found,)))).text

    assert "row 11 …" in text
    assert "row 12" not in text
