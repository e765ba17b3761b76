"""What an honest project does works in the sandbox."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from evaluator.sandbox.api import RunRequest
from evaluator.sandbox.bubblewrap import Bubblewrap
from tests.sandbox import real

pytestmark = pytest.mark.sandbox

SPAWN = """
import multiprocessing
def double(x): return 2 * x
if __name__ == '__main__':
    context = multiprocessing.get_context('{method}')
    with context.Pool(3) as pool: print(pool.map(double, range(5)))
    queue = context.Queue(); worker = context.Process(target=queue.put, args=('put',))
    worker.start(); print(queue.get()); worker.join()
    print(worker.exitcode)
"""

SERVER = """
import http.server, socket, threading, urllib.request
server = http.server.ThreadingHTTPServer(('localhost', 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(urllib.request.urlopen('http://localhost:%d/a.txt' % server.server_port).read())
print(socket.gethostbyname(socket.gethostname()))
print(socket.create_server(('::1', 0), family=socket.AF_INET6).getsockname()[0])
"""

SUBPROCESS = """
import asyncio, subprocess, sys
async def main():
    child = await asyncio.create_subprocess_exec(sys.executable, '-c', 'print(1)', stdout=asyncio.subprocess.PIPE)
    print(await child.communicate(), child.returncode)
    try: await asyncio.wait_for(asyncio.create_subprocess_exec('sleep', '60'), 5)
    finally: pass
asyncio.run(main())
print(subprocess.run('echo $0 && echo two', shell=True, capture_output=True, text=True).stdout.split())
"""

FILES = """
import os, pathlib, shutil, sqlite3, tempfile
with tempfile.NamedTemporaryFile() as stream: stream.write(b'x'); print(os.path.dirname(stream.name))
with tempfile.TemporaryDirectory() as folder: pathlib.Path(folder, 'a').write_text('1')
with sqlite3.connect('/work/db.sqlite') as db:
    db.execute('pragma journal_mode=wal'); db.execute('create table t (x)'); db.execute('insert into t values (7)')
    print(db.execute('select x from t').fetchall())
db.close()
pathlib.Path.home().joinpath('.cache').mkdir(); print(pathlib.Path.home())
os.symlink('a.txt', 'l'); os.link('a.txt', 'h'); os.chmod('a.txt', 0o600); shutil.copytree('/src', 'copy')
os.mkfifo('p'); print(sorted(os.listdir('.')))
"""

THREADS = """
import concurrent.futures, multiprocessing.shared_memory as m, os, signal, threading, time
with concurrent.futures.ThreadPoolExecutor(8) as pool: print(sum(pool.map(lambda x: x * x, range(50))))
with concurrent.futures.ProcessPoolExecutor(2) as pool: print(list(pool.map(abs, [-1, -2])))
block = m.SharedMemory(create=True, size=1000); block.buf[0] = 7
other = m.SharedMemory(block.name); print(other.buf[0]); other.close(); block.close(); block.unlink()
signal.signal(signal.SIGALRM, lambda *_: print('alarm')); signal.setitimer(signal.ITIMER_REAL, 0.05); time.sleep(0.2)
print(os.cpu_count() >= 1, len(os.sched_getaffinity(0)) >= 1)
"""

SYSTEM = """
import getpass, locale, os, platform, pwd, random, resource, secrets, ssl, sys, time, uuid, zoneinfo
print(getpass.getuser(), pwd.getpwuid(os.getuid()).pw_dir, sys.getfilesystemencoding(), locale.getpreferredencoding())
resource.setrlimit(resource.RLIMIT_NOFILE, (2048, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)
secrets.token_bytes(8); uuid.uuid1(); time.monotonic(); platform.platform()
import pty; print(os.isatty(pty.openpty()[1]))
print(open('/dev/null').read() == '', len(open('/dev/urandom', 'rb').read(4)))
"""


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        pytest.param(SPAWN.replace("{method}", "spawn"), "[0, 2, 4, 6, 8]\nput\n0\n", id="multiprocessing, spawn"),
        pytest.param(SPAWN.replace("{method}", "fork"), "[0, 2, 4, 6, 8]\nput\n0\n", id="multiprocessing, fork"),
        pytest.param(
            SPAWN.replace("{method}", "forkserver"), "[0, 2, 4, 6, 8]\nput\n0\n", id="multiprocessing, server"
        ),
        pytest.param(SERVER, "b'content\\n'\n127.0.0.1\n::1\n", id="a server on loopback"),
        pytest.param(SUBPROCESS, "(b'1\\n', None) 0\n['/bin/sh', 'two']\n", id="subprocesses"),
        pytest.param(
            FILES,
            "/tmp\n[(7,)]\n/home/user\n['a.txt', 'copy', 'db.sqlite', 'h', 'l', 'p', 'program.py']\n",
            id="files",
        ),
        pytest.param(THREADS, "40425\n[1, 2]\n7\nalarm\nTrue True\n", id="threads, pools, shared memory, alarms"),
        pytest.param(SYSTEM, "user /home/user utf-8 UTF-8\nTrue\nTrue 4\n", id="the system"),
    ],
)
@pytest.mark.parametrize("use_cgroups", [True, False], ids=["cgroups", "no cgroups"])
def test_it_works(project: Path, program: str, expected: str, *, use_cgroups: bool) -> None:
    (project / "program.py").write_text(program)
    request = RunRequest(
        name="x",
        argv=(real.python(), "program.py"),
        project=str(project),
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        limits=real.SMALL,
    )
    outcome = real.sandbox(use_cgroups=use_cgroups).run(request)
    text = "\n".join(line for line in outcome.tail.splitlines() if "GET /a.txt" not in line) + "\n"

    assert (text, outcome.exit_code, outcome.stopped_by) == (expected, 0, "nothing")


def test_memory_within_the_limit_can_be_had(project: Path, sandbox: Bubblewrap) -> None:
    limits = msgspec.structs.replace(real.SMALL, memory_mb=300)

    assert real.run(sandbox, project, "b = bytearray(250 << 20); print(len(b))", limits=limits).tail == "262144000\n"
