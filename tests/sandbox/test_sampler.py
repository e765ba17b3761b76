"""Memory of a tree is counted once, and all of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evaluator.sandbox import sampler

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux with smaps_rollup")

MB = 1 << 20
HOLD = """
import mmap, os, sys, time
{code}
print('ready', flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        pytest.param("b = bytearray(100 << 20)", 100, 130, id="private"),
        pytest.param(
            "b = bytearray(100 << 20)\nfor n in range(3):\n    if os.fork() == 0: break", 100, 150, id="shared by forks"
        ),
        pytest.param(
            "for n in range(3):\n    if os.fork() == 0: break\nb = bytearray(50 << 20)",
            200,
            250,
            id="one each, four times",
        ),
        pytest.param(
            "m = mmap.mmap(-1, 100 << 20)\nfor i in range(0, len(m), 4096): m[i] = 1", 100, 130, id="shared map"
        ),
    ],
)
def test_memory_of_a_tree(code: str, low: int, high: int) -> None:
    with subprocess.Popen([sys.executable, "-S", "-c", HOLD.format(code=code)], stdout=subprocess.PIPE) as child:
        assert child.stdout
        for _ in range(4 if "fork" in code else 1):
            child.stdout.readline()
        tree = [child.pid, *sampler.descendants(child.pid)]
        used = sampler.used_bytes(tree, inside=[], folders=())
        for pid in tree:
            os.kill(pid, 9)

    assert low * MB <= used <= high * MB


def test_descendants_of_descendants() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', 'import time; time.sleep(60)'])"
    with subprocess.Popen([sys.executable, "-S", "-c", code]) as child:
        until = time.monotonic() + 10
        while not (found := sampler.descendants(child.pid)) and time.monotonic() < until:
            time.sleep(0.02)
        for pid in (*found, child.pid):
            os.kill(pid, 9)

    assert len(found) == 1


def test_processes_that_are_gone_count_nothing() -> None:
    with subprocess.Popen([sys.executable, "-S", "-c", ""]) as child:
        child.wait()

    assert sampler.used_bytes([child.pid], inside=[child.pid], folders=("/tmp",)) == 0
    assert sampler.descendants(child.pid) == []


def test_tasks_of_a_user() -> None:
    assert sampler.tasks_of(os.getuid()) >= 1
    assert sampler.tasks_of(2_000_000_123) == 0
