"""Nothing of a run outlives it, whatever the run or the tool does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from evaluator.sandbox import cgroups, sampler
from evaluator.sandbox.bubblewrap import Bubblewrap
from tests.sandbox import real

pytestmark = pytest.mark.sandbox

SHORT = msgspec.structs.replace(real.SMALL, seconds=1)

STUBBORN = """
import os, signal, sys, time
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
"""

DAEMON = f"""{STUBBORN}
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(600)', sys.argv[1]])
        os._exit(0)
"""


@pytest.mark.parametrize("use_cgroups", [True, False], ids=["cgroups", "no cgroups"])
@pytest.mark.parametrize(
    ("code", "stopped"),
    [
        pytest.param(DAEMON + "time.sleep(0.5)", "nothing", id="daemons, and the job ends"),
        pytest.param(DAEMON + "time.sleep(600)", "seconds", id="daemons, and the job hangs"),
        pytest.param(STUBBORN + "time.sleep(600)", "seconds", id="deaf to signals"),
        pytest.param(STUBBORN + "os.kill(os.getpid(), signal.SIGSTOP)", "seconds", id="stopped"),
    ],
)
def test_no_process_survives(hostile: Path, marker: str, code: str, stopped: str, *, use_cgroups: bool) -> None:
    began = time.monotonic()
    outcome = real.run(real.sandbox(use_cgroups=use_cgroups), hostile, code, marker, limits=SHORT)

    assert outcome.stopped_by == stopped
    assert outcome.usage.seconds < 3
    assert time.monotonic() - began < 6
    assert real.alive(marker) == 0


def test_a_process_that_holds_the_output_open_does_not_hold_us_up(
    sandbox: Bubblewrap, hostile: Path, marker: str
) -> None:
    outcome = real.run(sandbox, hostile, DAEMON + "print('done')", marker)

    assert (outcome.exit_code, outcome.tail) == (0, "done\n")
    assert outcome.usage.seconds < 5
    assert real.alive(marker) == 0


def test_every_signal_to_process_1(sandbox: Bubblewrap, hostile: Path) -> None:
    """It ignores them all, and still reports."""
    code = """
import os
for number in range(1, 65):
    if number != 17:
        try: os.kill(1, number)
        except OSError as error: print(number, error)
for _ in range(5000): os.kill(1, 17)
try: os.killpg(os.getpgid(1), 9)
except OSError: pass
print('sent')
"""
    outcome = real.run(sandbox, hostile, code)

    assert outcome.tail.endswith("sent\n")
    assert (outcome.exit_code, outcome.stopped_by) == (0, "nothing")


def test_kill_everybody(sandbox: Bubblewrap, hostile: Path, marker: str) -> None:
    """``kill -9 -1`` reaches the job's own processes and nobody else."""
    beside = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", marker])
    try:
        outcome = real.run(
            sandbox, hostile, "import os, time; os.fork() or time.sleep(600); os.kill(-1, 9); print('here')"
        )
        assert (outcome.exit_code, outcome.tail) == (0, "here\n")
        assert real.alive(marker) == 1
    finally:
        beside.kill()
        beside.wait()


def test_starving_process_1_costs_the_limit_and_little_more(sandbox: Bubblewrap, hostile: Path) -> None:
    """It may be made to wait for the processor, but not for ever: the guard kills from outside."""
    code = """
import os
os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0))
os.setpriority(os.PRIO_PROCESS, 1, 19)
for _ in range(20):
    if os.fork() == 0: break
while True: pass
"""
    began = time.monotonic()
    outcome = real.run(sandbox, hostile, code, limits=SHORT)

    assert outcome.stopped_by == "seconds"
    assert time.monotonic() - began < 20


TOOL = """
import sys
from pathlib import Path
from tests.sandbox import real
print("begun", flush=True)
try:
    real.run(real.sandbox(use_cgroups={cgroups}), Path(sys.argv[1]), "import time; time.sleep(600)", sys.argv[2])
except KeyboardInterrupt:
    print("interrupted", flush=True)
    raise
"""


@pytest.mark.parametrize("use_cgroups", [True, False], ids=["cgroups", "no cgroups"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda n: n.name)
def test_the_run_dies_with_the_tool(
    sandbox: Bubblewrap, hostile: Path, marker: str, number: signal.Signals, *, use_cgroups: bool
) -> None:
    """However the tool ends; its cgroup goes too, and an interrupt is passed on."""
    tool = subprocess.Popen(
        [sys.executable, "-c", TOOL.format(cgroups=use_cgroups), str(hostile), marker],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    with tool:
        until = time.monotonic() + 20
        while real.alive(marker) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        family = sampler.descendants(tool.pid)
        tool.send_signal(number)
        said = tool.communicate(timeout=20)[0]

    assert family
    assert real.gone(marker)
    assert said.splitlines() == (["begun", "interrupted"] if number == signal.SIGINT else ["begun"])
    until = time.monotonic() + 5
    while _groups_of(family) and time.monotonic() < until:
        time.sleep(0.05)
    assert _groups_of(family) == []


def _groups_of(family: list[int]) -> list[str]:
    made = (path.name for place in cgroups.places() for path in place.folder.glob("evaluator-*"))
    return [name for name in made if int(name.split("-")[1]) in family]


def test_the_run_dies_with_its_guard(sandbox: Bubblewrap, hostile: Path, marker: str) -> None:
    """Even if somebody kills exactly the process that is there to clear up."""
    import threading

    from evaluator.errors import SandboxError

    def kill_the_guard() -> None:
        until = time.monotonic() + 20
        while not real.alive(marker) and time.monotonic() < until:
            time.sleep(0.05)
        for pid in sampler.descendants(os.getpid()):
            if b"evaluator.sandbox.guard" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)

    thread = threading.Thread(target=kill_the_guard)
    thread.start()
    with pytest.raises(SandboxError, match="did not report"):
        real.run(sandbox, hostile, "import time; time.sleep(600)", marker)
    thread.join()

    assert real.gone(marker)
