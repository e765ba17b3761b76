"""A tool of our own is run within its bounds, and leaves nothing behind."""

from __future__ import annotations

import signal
import sys
import time
import uuid
from pathlib import Path

import pytest

from evaluator.sandbox.drain import HeadAndTail
from evaluator.sandbox.tools import ToolOutcome, run_tool
from tests.sandbox import real


def run(
    code: str, *words: str, seconds: float = 10, output_bytes: int = 100_000, memory_mb: int | None = None
) -> ToolOutcome:
    argv = [sys.executable, "-I", "-S", "-c", code, *words]
    return run_tool(argv, cwd="/", seconds=seconds, output_bytes=output_bytes, memory_mb=memory_mb)


def test_both_streams_and_the_exit_code() -> None:
    outcome = run("import sys; print(1); print(2, file=sys.stderr); sys.exit(3)")

    assert outcome == ToolOutcome(exit_code=3, stdout=b"1\n", stderr=b"2\n")


def test_both_streams_are_drained_together() -> None:
    """More than a pipe holds on each, written in turn: read one after the other, it would hang."""
    code = "import os\nfor _ in range(30):\n    os.write(1, b'x' * 9999); os.write(2, b'y' * 9999)"
    outcome = run(code, output_bytes=1_000_000)

    assert (len(outcome.stdout), len(outcome.stderr), outcome.stopped_by) == (299_970, 299_970, "nothing")


@pytest.mark.parametrize(
    ("code", "stopped"),
    [
        pytest.param("import time; time.sleep(60)", "seconds", id="hangs"),
        pytest.param("import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)", "seconds", id="is deaf"),
        pytest.param("while True: pass", "seconds", id="spins"),
        pytest.param("import os, time; os.close(1); os.close(2); time.sleep(60)", "seconds", id="closes its output"),
        pytest.param("while True: print('y' * 999)", "output", id="floods"),
    ],
)
def test_it_is_stopped(code: str, stopped: str) -> None:
    began = time.monotonic()
    outcome = run(code, seconds=1, output_bytes=50_000)

    assert (outcome.exit_code, outcome.stopped_by) == (None, stopped)
    assert time.monotonic() - began < 4


def test_what_was_said_before_the_limit_is_kept() -> None:
    assert run("import time; print(1, flush=True); time.sleep(60)", seconds=0.5).stdout == b"1\n"


@pytest.mark.parametrize("code", ["time.sleep(60)", "os._exit(0)"], ids=["stopped", "ended"])
def test_its_group_dies_with_it(code: str) -> None:
    """Also a child that holds the output open, and that does not wish to be ended."""
    marker = uuid.uuid4().hex
    child = (
        f"[sys.executable, '-c', 'import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)', {marker!r}]"
    )
    began = time.monotonic()
    run(f"import os, subprocess, sys, time; subprocess.Popen({child}); time.sleep(0.3); {code}", seconds=1.5)

    assert time.monotonic() - began < 5
    assert real.gone(marker)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold RLIMIT_DATA")
def test_memory_is_limited() -> None:
    outcome = run("b = bytearray(300 << 20)", memory_mb=100)

    assert outcome.exit_code == 1
    assert b"MemoryError" in outcome.stderr


def test_the_environment_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "x")
    monkeypatch.setenv("PYTHONPATH", "/x")
    outcome = run_tool(
        [sys.executable, "-S", "-c", "import os; print(sorted(os.environ))"],
        cwd="/",
        env={"GIVEN": "1", "LANG": "C"},
        seconds=10,
        output_bytes=10_000,
    )
    names = set(eval(outcome.stdout))

    assert "GIVEN" in names
    assert names <= {"GIVEN", "PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE"}


@pytest.mark.parametrize("argv", [["no-such-program"], ["/"], ["a\0b"]], ids=["unknown", "a folder", "NUL"])
def test_a_tool_that_cannot_be_started(argv: list[str]) -> None:
    outcome = run_tool(argv, cwd="/", seconds=5, output_bytes=100)

    assert outcome.exit_code == 127
    assert outcome.stderr


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert run_tool(["true"], cwd=tmp_path / "none", seconds=5, output_bytes=100).exit_code == 127


def test_killed_by_a_signal() -> None:
    assert run("import os; os.kill(os.getpid(), 11)").exit_code == -signal.SIGSEGV


def test_nothing_to_read() -> None:
    assert run("import sys; print(repr(sys.stdin.read()))").stdout == b"''\n"


@pytest.mark.parametrize(
    ("pieces", "value"),
    [
        pytest.param([], b"", id="nothing"),
        pytest.param([b"abcdefgh"], b"abcdefgh", id="fits exactly"),
        pytest.param([b"abc", b"de", b"fgh"], b"abcdefgh", id="in pieces"),
        pytest.param([b"abcdefghi"], b"abc\n[... 1 bytes left out ...]\nefghi", id="one too many"),
        pytest.param([b"a"] * 3 + [b"x"] * 1000 + [b"12345"], b"aaa\n[... 1000 bytes left out ...]\n12345", id="many"),
    ],
)
def test_head_and_tail(pieces: list[bytes], value: bytes) -> None:
    kept = HeadAndTail(3, 5, 10**9, lambda: True)
    for piece in pieces:
        assert kept.add(piece)

    assert value == kept.value()


def test_a_flood_is_told_once() -> None:
    told: list[int] = []
    kept = HeadAndTail(3, 5, 10, lambda: not told.append(1))
    answers = [kept.add(b"xxxx") for _ in range(5)]

    assert (told, answers, kept.flooded) == ([1], [True] * 5, True)
