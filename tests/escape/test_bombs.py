"""No limit can be passed: memory, processes, disk, inodes, files, output, time."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest

from evaluator.sandbox.api import Limits
from evaluator.sandbox.bubblewrap import Bubblewrap
from tests.sandbox import real

pytestmark = pytest.mark.sandbox

MB = 1024 * 1024
LIMITS = Limits(
    seconds=8,
    cpu_seconds=20,
    memory_mb=200,
    processes=48,
    file_mb=32,
    disk_mb=96,
    output_bytes=1_000_000,
    back_bytes=500_000,
)

PRIVATE = "b = bytearray(600 << 20)"
GROWING = """
held = []
while True: held.append(bytearray(5 << 20))
"""
FORKED = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        b = bytearray(100 << 20)
        for i in range(0, len(b), 4096): b[i] = 1
        time.sleep(60)
os.wait()
raise SystemExit(9)
"""
MAPPED = """
import mmap
m = mmap.mmap(-1, 600 << 20)
for i in range(0, len(m), 4096): m[i] = 1
print('held 600')
"""
MAPPED_SLOWLY = """
import mmap, time
m = mmap.mmap(-1, 3000 << 20)
for i in range(0, len(m), 4096):
    m[i] = 1
    if i % (4 << 20) == 0: time.sleep(0.01)
print('held 3000')
"""
NAMELESS = """
import os
held = []
for n in range(40):
    held.append(os.memfd_create(str(n)))
    for _ in range(20): os.write(held[-1], bytes(1 << 20))
print('held 800')
"""
SEGMENTS = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
for n in range(30):
    number = libc.shmget(0, 20 << 20, 0o1600)
    if number < 0: raise OSError(ctypes.get_errno(), 'shmget')
    where = libc.shmat(number, None, 0)
    ctypes.memset(where, 1, 20 << 20)
    libc.shmdt(ctypes.c_void_p(where))
print('held 600')
"""


@pytest.mark.parametrize("use_cgroups", [True, False], ids=["cgroups", "no cgroups"])
@pytest.mark.parametrize(
    "code",
    [
        pytest.param(PRIVATE, id="at once"),
        pytest.param(GROWING, id="growing"),
        pytest.param(FORKED, id="shared out to children"),
        pytest.param(MAPPED_SLOWLY, id="shared mapping"),
        pytest.param(NAMELESS, id="files without a name"),
        pytest.param(SEGMENTS, id="segments that nobody is attached to"),
    ],
)
def test_memory(hostile: Path, code: str, *, use_cgroups: bool) -> None:
    """Ended by the kernel or by the guard, or refused; in no way had."""
    sandbox = real.sandbox(use_cgroups=use_cgroups)
    if use_cgroups and "cgroup" not in sandbox.limits_held[1]:
        pytest.skip("no memory cgroup can be made here: " + sandbox.limits_held[1])
    outcome = real.run(sandbox, hostile, code, limits=LIMITS)

    assert "held" not in outcome.tail
    assert outcome.exit_code != 0
    assert outcome.stopped_by == "memory" or (not use_cgroups and outcome.exit_code == 1)
    assert not use_cgroups or (outcome.usage.memory_mb or 0) < 400


def test_the_launcher_outlives_a_memory_bomb(sandbox: Bubblewrap, hostile: Path) -> None:
    """What was written before it is brought back."""
    if "cgroup" not in sandbox.limits_held[1]:
        pytest.skip("no memory cgroup can be made here: " + sandbox.limits_held[1])
    outcome = real.run(sandbox, hostile, "open('/out/x', 'w').write('1')\n" + GROWING, limits=LIMITS, bring_back=("x",))

    assert outcome.stopped_by == "memory"
    assert outcome.files == {"x": b"1"}


@pytest.mark.parametrize("use_cgroups", [True, False], ids=["cgroups", "no cgroups"])
def test_fork_bomb(hostile: Path, *, use_cgroups: bool) -> None:
    code = """
import os, time
made = 0
try:
    while True:
        if os.fork() == 0: time.sleep(600)
        made += 1
except OSError as error:
    print(made, error.strerror)
"""
    outcome = real.run(real.sandbox(use_cgroups=use_cgroups), hostile, code, limits=LIMITS)
    made, _, why = outcome.tail.partition(" ")

    assert 30 <= int(made) <= LIMITS.processes
    assert why == "Resource temporarily unavailable\n"


def test_real_fork_bomb(sandbox: Bubblewrap, hostile: Path) -> None:
    """One that never stops trying ends at the wall."""
    code = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass\n"
    limits = msgspec.structs.replace(LIMITS, seconds=2)
    began = time.monotonic()
    outcome = real.run(sandbox, hostile, code, limits=limits)

    assert outcome.stopped_by == "seconds"
    assert time.monotonic() - began < 15


def test_threads_count(sandbox: Bubblewrap, hostile: Path) -> None:
    code = """
import threading, time
threading.stack_size(65536)
try:
    for n in range(10_000): threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
finally:
    print('threads:', threading.active_count(), flush=True)
    import os; os._exit(0)
"""
    outcome = real.run(sandbox, hostile, code, limits=LIMITS)

    assert int(outcome.tail.rpartition("threads: ")[2]) <= LIMITS.processes


FILL = """
import os, sys
piece, total = bytes(1 << 20), 0
for place in sys.argv[1:]:
    for number in range(1000):
        try:
            with open('%s/fill%d' % (place, number), 'wb', buffering=0) as stream:
                for _ in range(16):
                    total += stream.write(piece)
        except OSError as error:
            why = error.strerror
            break
print(total >> 20, why)
"""


@pytest.mark.parametrize("place", ["/work", "/out", "/tmp", "/home/user", "/dev/shm", "/var/tmp"])
def test_each_writable_place_is_limited(sandbox: Bubblewrap, hostile: Path, place: str) -> None:
    outcome = real.run(sandbox, hostile, FILL, place, limits=LIMITS)
    filled, _, why = outcome.tail.partition(" ")

    assert int(filled) < LIMITS.disk_mb
    assert why == "No space left on device\n"


@pytest.mark.timeout(330)
def test_every_place_that_can_be_written_together(sandbox: Bubblewrap, hostile: Path) -> None:
    """They are looked for, and not only those that we know of are filled."""
    search = """
found = []
for folder, folders, _ in os.walk('/'):
    if folder == '/': folders.remove('proc')
    if os.access(folder, os.W_OK): found.append(folder)
sys.argv[1:] = found
"""
    patient = msgspec.structs.replace(LIMITS, seconds=300, cpu_seconds=300)  # /usr may be large, and its disk slow
    outcome = real.run(sandbox, hostile, f"import os, sys\n{search}\n{FILL}", limits=patient)
    filled, _, why = outcome.tail.partition(" ")

    assert LIMITS.disk_mb - 16 < int(filled) <= LIMITS.disk_mb
    assert why == "No space left on device\n"


def test_a_job_that_fails_on_a_full_disk_was_stopped_by_it(sandbox: Bubblewrap, hostile: Path) -> None:
    code = "for n in range(99): open('/tmp/%d' % n, 'wb').write(bytes(5 << 20))"
    outcome = real.run(sandbox, hostile, code, limits=LIMITS)

    assert (outcome.exit_code, outcome.stopped_by) == (None, "disk")
    assert "No space left on device" in outcome.tail


def test_size_of_one_file(sandbox: Bubblewrap, hostile: Path) -> None:
    code = """
import os, signal
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
with open('/work/big', 'wb') as stream:
    for n in range(40):
        stream.write(bytes(1 << 20)); stream.flush(); print(os.path.getsize('/work/big') >> 20, flush=True)
"""
    outcome = real.run(sandbox, hostile, code, limits=LIMITS)

    assert outcome.stopped_by == "disk"
    assert outcome.tail.split()[-1] == str(LIMITS.file_mb)


@pytest.mark.parametrize("use_cgroups", [True, False], ids=["cgroups", "no cgroups"])
def test_inode_bomb(hostile: Path, *, use_cgroups: bool) -> None:
    """Empty files take memory too; the job is ended long before it is noticed elsewhere."""
    code = """
import os
open('/out/x', 'w').write('1')
for n in range(10_000_000): os.mknod('/tmp/%d' % n)
"""
    outcome = real.run(real.sandbox(use_cgroups=use_cgroups), hostile, code, limits=LIMITS, bring_back=("x",))

    assert outcome.stopped_by == "disk"
    assert outcome.files == {"x": b"1"}
    assert outcome.usage.seconds < 6


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import os\nwhile True: os.write(1, b'y' * 65536)", id="standard output"),
        pytest.param("import os\nwhile True: os.write(2, b'y' * 65536)", id="standard error"),
        pytest.param("import os\nos.execvp('yes', ['yes'])", id="yes"),
        pytest.param("import os\nos.fork()\nos.fork()\nwhile True: os.write(1, b'y')", id="small pieces, four writers"),
    ],
)
def test_output_flood(sandbox: Bubblewrap, hostile: Path, code: str) -> None:
    """Cut off, with the files that were there; our own memory stays small."""
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome = real.run(sandbox, hostile, f"open('/out/x', 'w').write('1')\n{code}", limits=LIMITS, bring_back=("x",))

    assert (outcome.exit_code, outcome.stopped_by) == (None, "output")
    assert outcome.files == {"x": b"1"}
    assert len(outcome.tail) <= 20_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_time_is_limited_for_the_tree(sandbox: Bubblewrap, hostile: Path) -> None:
    code = "import os\nfor _ in range(3): os.fork()\nwhile True: pass"
    outcome = real.run(sandbox, hostile, code, limits=msgspec.structs.replace(LIMITS, seconds=2))

    assert outcome.stopped_by == "seconds"
    assert outcome.usage.seconds < 3
