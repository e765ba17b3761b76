"""A person at a terminal takes the verdict in within thirty seconds, whatever the terminal can show."""

from __future__ import annotations

import re

import msgspec
import pytest
from rich.cells import cell_len

from evaluator.report import terminal
from evaluator.report.document import Report, SubProjectSection
from tests.report import samples

every_width = pytest.mark.parametrize("width", [40, 60, 80, 120])


def lines(report: Report, **how: object) -> list[str]:
    return terminal.summary(report, samples.measured(), path="evaluation/report.html", **how).split("\n")


@every_width
@pytest.mark.parametrize("ascii_only", [False, True], ids=["unicode", "ascii"])
def test_no_line_is_wider_than_the_terminal(width: int, ascii_only: bool) -> None:
    for report in (samples.rich(), samples.not_run(), samples.empty()):
        assert max(map(cell_len, lines(report, width=width, ascii_only=ascii_only))) <= width


def test_it_fits_on_a_screen() -> None:
    assert len(lines(samples.rich(), width=80)) <= 30
    assert len(lines(samples.not_run(), width=80)) <= 30


def test_it_answers_what_a_person_asks() -> None:
    """What, how ready, how sure, what is worst, what ran, what to do next, where the rest is."""
    told = " ".join(" ".join(lines(samples.rich(), width=80)).split())

    for part in (
        "harbour-delays 4be1f2a (main) role general",
        "63.8–70.8 / 100 Getting there to Almost ready 93% of the rubric measured",
        "Strongest on “History shows work in steps”",
        "loses most on “Training does not see held-out data”",
        "33 checks settled, 3 of them by running the project.",
        "Run, 1 min 12 s: ● Install passed",
        "▲ Tests failed (45 passed, 1 failed, 1 skipped, 71% of lines covered)",
        "3. +6.0 about an hour, src/harbour/train.py:41-46: Put the imputer and the scaler into a pipeline",
    ):
        assert part in told


@every_width
def test_the_last_line_is_the_most_useful_one(width: int) -> None:
    assert lines(samples.rich(), width=width)[-1] == "Report: evaluation/report.html"


def test_a_path_is_never_cut() -> None:
    """It is there to be copied."""
    path = "/home/somebody/" + "deep/" * 30 + "report.html"

    shown = terminal.summary(samples.empty(), width=60, path=path)

    assert path in shown.replace("\n", "")


def test_colours_come_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller has read the environment; it is not read again."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    plain = terminal.summary(samples.rich(), color=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    coloured = terminal.summary(samples.rich(), color=True)

    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_a_plain_terminal_gets_plain_characters() -> None:
    shown = terminal.summary(samples.rich(), ascii_only=True, path="évaluation/report.html")

    assert shown.isascii()
    assert "Reproducibility  ##################??????......" in shown
    assert 'Strongest on "History' in shown


def test_bars_add_up_to_one_length() -> None:
    bars = [re.sub(r"[^█▒·]", "", line) for line in lines(samples.rich(), width=80)]

    assert {len(bar) for bar in bars if bar} == {30}


def test_a_machine_without_a_sandbox_is_told_with_its_cure() -> None:
    told = " ".join(lines(samples.not_run(), width=80))

    assert "Nothing was run: no sandbox works on this machine: bwrap is not installed" in told
    assert "apt-get install bubblewrap" in told
    assert "Run:" not in told


def test_without_measurements_no_time_is_told() -> None:
    assert "Run: ● Install passed" in terminal.summary(samples.rich())


def test_wide_letters_take_two_columns() -> None:
    subject = msgspec.structs.replace(samples.rich().subject, name="港の遅延" * 30)

    shown = terminal.summary(msgspec.structs.replace(samples.rich(), subject=subject), width=60)

    assert max(map(cell_len, shown.split("\n"))) <= 60


def test_several_targets_stand_in_a_table() -> None:
    rows: list[terminal.TargetRow] = [
        ("https://github.com/quayside-example/harbour-delays", samples.rich(), "evaluated", "out/001-harbour-delays"),
        ("quayside-example/gone", None, "not found; check the address, or sign in with git", ""),
        ("./notes", samples.empty(), "evaluated", "out/003-notes"),
    ]

    assert terminal.table(rows, width=80) == (
        "Target              Score  Band             Measured  Ended      Folder\n"
        "…arbour-delays  63.8–70.8  Getting there …       93%  evaluated  out/001-harbou…\n"
        "…-example/gone                                        see below\n"
        "./notes          no score                             evaluated  out/003-notes\n"
        "\n"
        "- quayside-example/gone: not found; check the address, or sign in with git"
    )


@every_width
def test_a_table_is_as_wide_as_it_may_be(width: int) -> None:
    rows: list[terminal.TargetRow] = [("x" * 90, samples.rich(), "y" * 200, "z" * 90)]

    shown = terminal.table(rows, width=width, ascii_only=True)

    assert max(map(cell_len, shown.split("\n"))) <= width


def test_several_projects_have_a_line_each() -> None:
    whole = samples.rich()
    figures = {**whole.project.facts, "main-project": "wine", "projects": 12}
    parts = tuple(
        SubProjectSection(path=path, project=whole.project, score=whole.score, categories=(), signals=whole.signals)
        for path in (*(f"other-{n:02}" for n in range(11)), "wine")
    )
    report = msgspec.structs.replace(
        whole, project=msgspec.structs.replace(whole.project, facts=figures), projects=parts
    )

    told = terminal.summary(report, width=80)
    rows = [line for line in told.split("\n") if line.startswith(("other-", "wine "))]

    assert "12 projects, judged apart. The whole is judged by wine" in told.replace("\n", " ")
    assert [row.split()[0] for row in rows] == ["wine", *(f"other-{n:02}" for n in range(7))]
    assert all("63.8–70.8" in row and len(row) <= 80 for row in rows)
    assert "and 4 more in the full report" in told
