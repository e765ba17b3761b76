"""The edge of the program: what a user hears of faults, of what this machine can do, and of mistyped words."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from evaluator import cli
from evaluator.cli import faults, progress
from evaluator.errors import EmptyError, UsageError
from tests.e2e.program import evaluate


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        pytest.param(UsageError("the option is wrong"), 2, "evaluate: the option is wrong", id="usage"),
        pytest.param(EmptyError("nothing is there"), 5, "evaluate: nothing is there", id="nothing to evaluate"),
        pytest.param(click.UsageError("no such option"), 2, "no such option", id="click's own"),
        pytest.param(click.Abort(), 130, "interrupted", id="abort"),
        pytest.param(KeyboardInterrupt(), 130, "interrupted", id="interrupt"),
        pytest.param(ZeroDivisionError("x"), 70, "a fault of ours: ZeroDivisionError", id="a fault of ours"),
    ],
)
def test_every_end_has_its_code(
    error: BaseException, code: int, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def end(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli.program, "main", end)

    assert cli.code(["x"]) == code
    assert says in capsys.readouterr().err


def test_a_fault_is_one_line_and_details_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0
    line = faults.explain(caught.value)
    monkeypatch.setenv("EVALUATE_DEBUG", "1")
    more = faults.explain(caught.value)

    assert "\n" not in line
    assert "test_edges.py" in line
    assert "Traceback" in more


def test_doctor_says_what_works_and_how_to_mend_the_rest(tmp_path: Path) -> None:
    done = evaluate("doctor", cwd=tmp_path)

    assert done.code == 0
    assert "sandbox" in done.out
    assert "Python versions" in done.out
    assert all(line[:4] in {"ok  ", "no  ", "    "} for line in done.out.splitlines())


def test_signals_for_a_program(tmp_path: Path) -> None:
    done = evaluate("signals", "--format", "json", cwd=tmp_path)

    assert '"id": "testing.suite-passes"' in done.out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        pytest.param(("explain", "suite-pases"), "did you mean suite-passes?", id="a signal, nearly"),
        pytest.param(("explain", "zzz"), "see `evaluate signals`", id="no signal at all"),
        pytest.param(("judge", "absent.json"), "absent.json cannot be read", id="no facts"),
        pytest.param(("render", "absent.json"), "absent.json cannot be read", id="no report"),
        pytest.param(("render", "x.json"), "x.json: ", id="no report in it"),
    ],
)
def test_mistakes_are_told_in_one_line(tmp_path: Path, args: tuple[str, ...], says: str) -> None:
    (tmp_path / "x.json").write_text("{}")
    done = evaluate(*args, cwd=tmp_path)

    assert done.code == 2
    assert says in done.err
    assert len(done.err.splitlines()) == 1


def test_plain_progress_shows_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress(quiet=False, plain=True) as said:
        said("reading \x1b[31m red")
    with progress.progress(quiet=True, plain=True) as said:
        said("nothing")

    assert capsys.readouterr().err == "evaluate: reading ?[31m red\n"
