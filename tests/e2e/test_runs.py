"""The main job with runs: real environments, real pytest, the real sandbox."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.program import evaluate, report, verdicts
from tests.e2e.projects import HONEST, MIXED, SHELL
from tests.repositories import repository, write
from tests.sandbox.real import why_not

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(300)]
OURS = ("--env", sys.prefix)


@pytest.fixture(autouse=True)
def working_sandbox() -> None:
    if reason := why_not():
        pytest.skip(f"no sandbox works here: {reason}")


def test_passing_failing_and_hanging_are_told_apart(tmp_path: Path) -> None:
    """The hang costs its limit and no more; what conftest prints changes nothing."""
    repo = repository(tmp_path / "three", ("Add three tests", MIXED))
    done = evaluate(repo, "--run", "tests", "--budget", "240s", *OURS, "-o", tmp_path / "out", cwd=tmp_path)
    read = report(tmp_path / "out")
    (tests,) = [r for r in read["runs"] if r["kind"] == "tests"]

    assert done.code == 0, done.err
    assert tests["counts"] == {"passed": 1, "failed": 1, "errors": 1, "skipped": 0}
    assert "test_wrong" in tests["log"]
    assert "hanging: tests/test_thing.py::test_hangs" in tests["log"]
    assert tests["coverage"] == pytest.approx(3 / 5)
    assert verdicts(read)["testing.suite-passes"] == "fail"
    assert "500 passed" not in (tmp_path / "out" / "report.json").read_text(encoding="utf-8")


def test_an_honest_suite_passes_and_is_covered(tmp_path: Path) -> None:
    repo = repository(tmp_path / "harbour", ("Forecast harbour traffic", HONEST))
    seen = set()
    for n in range(2):
        done = evaluate(repo, *OURS, "-o", tmp_path / f"out{n}", cwd=tmp_path)
        assert done.code == 0, done.err
        seen.add((tmp_path / f"out{n}" / "report.json").read_bytes())
    read = report(tmp_path / "out0")
    (tests,) = [r for r in read["runs"] if r["kind"] == "tests"]

    assert tests["counts"] == {"passed": 4, "failed": 0, "errors": 0, "skipped": 0}
    assert tests["coverage"] == pytest.approx(0.85, abs=0.1)
    assert verdicts(read)["testing.suite-passes"] == "pass"
    assert [s["id"] for s in read["signals"] if s["verdict"] == "not-measured"] == ["reproducibility.installs"]
    assert len(seen) == 1
    measured = json.loads((tmp_path / "out0" / "measurements.json").read_text(encoding="utf-8"))
    assert measured["sandbox"] == "bwrap"
    assert measured["runs"]


def test_an_empty_shell_earns_nothing_at_either_end(tmp_path: Path) -> None:
    repo = repository(tmp_path / "shell", ("Add files", SHELL))
    done = evaluate(repo, "-o", tmp_path / "out", "--offline", cwd=tmp_path)
    score = report(tmp_path / "out")["score"]

    assert done.code == 0, done.err
    assert score["low"] <= 5
    assert score["high"] <= 5


def test_without_a_sandbox_nothing_is_run_and_all_say_so(tmp_path: Path) -> None:
    write(tmp_path, {"bin/bwrap": "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"})
    (tmp_path / "bin" / "bwrap").chmod(0o755)
    canary = tmp_path / "canary"
    repo = repository(
        tmp_path / "repo",
        ("Add", {"test_a.py": f"open({str(canary)!r}, 'w')\n\n\ndef test_a():\n    assert 1 + 1 == 2\n"}),
    )
    done = evaluate(repo, *OURS, "-o", tmp_path / "out", cwd=tmp_path, PATH=f"{tmp_path}/bin:{os.environ['PATH']}")

    assert done.code == 0, done.err
    for told in (done.out, done.err, (tmp_path / "out" / "report.html").read_text(encoding="utf-8")):
        assert "to mend it" in " ".join(told.split())
    assert {r["cause"] for r in report(tmp_path / "out")["runs"]} == {"not-permitted"}
    assert not canary.exists()


def test_the_sandbox_is_off_only_on_the_callers_word(tmp_path: Path) -> None:
    repo = repository(tmp_path / "harbour", ("Forecast harbour traffic", HONEST))
    done = evaluate(repo, "--sandbox", "off", *OURS, "-o", tmp_path / "out", cwd=tmp_path)
    measured = json.loads((tmp_path / "out" / "measurements.json").read_text(encoding="utf-8"))

    assert done.code == 0, done.err
    assert verdicts(report(tmp_path / "out"))["testing.suite-passes"] == "pass"
    assert measured["sandbox"] == "off"
    assert "without isolation" in done.err


def test_an_interrupt_leaves_what_is_known(tmp_path: Path) -> None:
    """The run in progress is ended with all it started; the report holds the rest."""
    repo = repository(tmp_path / "three", ("Add three tests", MIXED))
    argv = [sys.executable, "-m", "evaluator", str(repo), *OURS, "-o", str(tmp_path / "out")]
    env = {**os.environ, "PYTHONSAFEPATH": "1"}
    with subprocess.Popen(
        argv, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "suite run" in line:
                break
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err
    assert {"fact": "SuiteRun", "cause": "not-permitted", "detail": "interrupted"} in report(tmp_path / "out")[
        "missing"
    ]
