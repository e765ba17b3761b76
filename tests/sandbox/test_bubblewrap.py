"""What a request says is what happens in the sandbox, and what comes back is what was left there."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import msgspec
import pytest

from evaluator.errors import SandboxError
from evaluator.sandbox.api import Limits, RunRequest
from evaluator.sandbox.bubblewrap import BASE_ENV, Bubblewrap
from tests.sandbox import real

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        pytest.param("pass", 0, id="nothing wrong"),
        pytest.param("raise SystemExit(3)", 3, id="a code of its own"),
        pytest.param("1 / 0", 1, id="an exception"),
        pytest.param("import os; os.kill(os.getpid(), 15)", -signal.SIGTERM, id="a signal"),
        pytest.param("import os; os.kill(os.getpid(), 9)", -signal.SIGKILL, id="killed by itself"),
        pytest.param("import os; os.abort()", -signal.SIGABRT, id="abort"),
        pytest.param("import os; os._exit(255)", 255, id="the largest code"),
    ],
)
def test_exit_codes(sandbox: Bubblewrap, project: Path, code: str, exit_code: int) -> None:
    outcome = real.run(sandbox, project, code)

    assert exit_code == outcome.exit_code
    assert outcome.stopped_by == "nothing"


@pytest.mark.parametrize(
    ("argv", "exit_code"),
    [
        pytest.param(("no-such-program",), 127, id="on no PATH"),
        pytest.param(("/work/missing",), 127, id="no such path"),
        pytest.param(("/work/a.txt",), 126, id="not executable"),
    ],
)
def test_a_command_that_cannot_be_started_is_an_outcome(
    sandbox: Bubblewrap, project: Path, argv: tuple[str, ...], exit_code: int
) -> None:
    """A fault of the request or the project, not of the sandbox."""
    outcome = sandbox.run(RunRequest(name="x", argv=argv, project=str(project), limits=real.SMALL))

    assert exit_code == outcome.exit_code
    assert outcome.tail.startswith(f"cannot start {argv[0]}: ")


def test_a_timeout_returns_what_was_written_so_far(sandbox: Bubblewrap, project: Path) -> None:
    limits = msgspec.structs.replace(real.SMALL, seconds=2)
    code = "import time; open('/out/part', 'w').write('so far'); print('hello', flush=True); time.sleep(60)"
    began = time.monotonic()
    outcome = real.run(sandbox, project, code, limits=limits, bring_back=("part", "never"))

    assert (outcome.exit_code, outcome.stopped_by) == (None, "seconds")
    assert outcome.files == {"part": b"so far"}
    assert outcome.tail.startswith("hello\n")
    assert 1.5 < outcome.usage.seconds < 2.5
    assert time.monotonic() - began < 8


def test_a_job_is_asked_to_end_shortly_before_it_is_killed(sandbox: Bubblewrap, project: Path) -> None:
    """So that a test runner can still say where it hung, within the limit and not beyond it."""
    code = """
import signal, time
try:
    time.sleep(60)
except KeyboardInterrupt:
    open('/out/last-words', 'w').write('interrupted')
time.sleep(60)
"""
    limits = msgspec.structs.replace(real.SMALL, seconds=2)
    outcome = real.run(sandbox, project, code, limits=limits, bring_back=("last-words",))

    assert outcome.stopped_by == "seconds"
    assert outcome.files == {"last-words": b"interrupted"}


def test_cpu_time_is_limited_and_counted(sandbox: Bubblewrap, project: Path) -> None:
    limits = msgspec.structs.replace(real.SMALL, cpu_seconds=1)
    outcome = real.run(sandbox, project, "while True: pass", limits=limits)

    assert outcome.stopped_by == "seconds"
    assert 0.5 < outcome.usage.cpu_seconds < 4


def test_usage_covers_orphans(sandbox: Bubblewrap, project: Path) -> None:
    """CPU time of a grandchild whose parent has gone is counted, because process 1 reaps it."""
    code = """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        end = time.process_time() + 0.7
        while time.process_time() < end: pass
    os._exit(0)
time.sleep(2.5)
"""
    outcome = real.run(sandbox, project, code)

    assert outcome.usage.cpu_seconds > 0.6


def test_the_environment_is_a_list(sandbox: Bubblewrap, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "of the caller")
    outcome = real.run(
        sandbox,
        project,
        "import json, os; json.dump(dict(os.environ), open('/out/env', 'w'))",
        env={"GIVEN": "ä = \udcff", "PATH": "/usr/bin"},
        bring_back=("env",),
    )
    found = json.loads(outcome.files["env"])
    found.pop("LC_CTYPE", None)  # set by the interpreter itself

    assert found == {**BASE_ENV, "PWD": "/work", "GIVEN": "ä = \udcff", "PATH": "/usr/bin"}


def test_arguments_arrive_as_they_are(sandbox: Bubblewrap, project: Path) -> None:
    words = ["", " ", "*", "$HOME", "a\nb", "é", "\udcff", "--", "'\"\\"]
    outcome = real.run(
        sandbox, project, "import json, sys; json.dump(sys.argv[1:], open('/out/a', 'w'))", *words, bring_back=("a",)
    )

    assert json.loads(outcome.files["a"]) == words


def test_the_working_folder(sandbox: Bubblewrap, project: Path) -> None:
    (project / "deep" / "er").mkdir(parents=True)
    request = RunRequest(name="x", argv=("pwd",), project=str(project), cwd="deep/er", limits=real.SMALL)

    assert sandbox.run(request).tail == "/work/deep/er\n"


def test_the_project_is_copied_whole(sandbox: Bubblewrap, project: Path) -> None:
    """Modes, times, links, odd names; no FIFO, which to copy would wait for ever."""
    program = project / "run.sh"
    program.write_text("#!/bin/sh\necho ran\n")
    program.chmod(0o755)
    os.utime(program, (1_600_000_000, 1_600_000_000))
    (project / "link").symlink_to("a.txt")
    (project / "dangling").symlink_to("../../etc/shadow")
    (project / "empty").mkdir()
    Path(os.fsdecode(os.fsencode(project) + b"/\xff\n-rf")).write_text("odd")
    os.mkfifo(project / "pipe")
    code = """
import os, subprocess
print(sorted(os.listdir(b'.')), os.readlink('link'), os.readlink('dangling'), int(os.stat('run.sh').st_mtime))
print(subprocess.run(['./run.sh'], capture_output=True).stdout, open(b'\\xff\\n-rf').read())
open('a.txt', 'a').write('changed'); os.chmod('run.sh', 0o600); os.remove('link')
"""
    outcome = real.run(sandbox, project, code)

    names = [b"a.txt", b"dangling", b"empty", b"link", b"run.sh", b"\xff\n-rf"]
    assert outcome.tail == f"{names} a.txt ../../etc/shadow 1600000000\nb'ran\\n' odd\n"
    assert (project / "a.txt").read_text() == "content\n"


def test_a_big_project(sandbox: Bubblewrap, project: Path) -> None:
    """Its copy is not charged to the job's memory."""
    for number in range(2000):
        folder = project / str(number % 50)
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").write_text("x" * 100)
    (project / "large.bin").write_bytes(bytes(150_000_000))
    limits = msgspec.structs.replace(real.SMALL, memory_mb=64, disk_mb=256)
    code = "import os; print(sum(len(f) for _, _, f in os.walk('.')), os.path.getsize('large.bin'))"
    outcome = real.run(sandbox, project, code, limits=limits)

    assert outcome.tail == "2002 150000000\n"


def test_a_project_that_does_not_fit_is_stopped_by_disk(sandbox: Bubblewrap, project: Path) -> None:
    (project / "large.bin").write_bytes(bytes(120_000_000))
    outcome = real.run(sandbox, project, "pass")

    assert (outcome.exit_code, outcome.stopped_by) == (None, "disk")
    assert "does not fit" in outcome.tail


@pytest.mark.parametrize(
    ("code", "wanted", "files"),
    [
        pytest.param("pass", ("x",), {}, id="not there"),
        pytest.param("open('/out/x', 'w')", ("x",), {"x": b""}, id="empty"),
        pytest.param("open('/out/x', 'wb').write(b'\\0\\xff')", ("x",), {"x": b"\0\xff"}, id="any bytes"),
        pytest.param("open('/out/x', 'w').write('1')", ("/out/x",), {"/out/x": b"1"}, id="named from the root"),
        pytest.param(
            "import os; os.makedirs('/out/a/b'); open('/out/a/b/c', 'w').write('1')",
            ("a/b/c", "a/b"),
            {"a/b/c": b"1"},
            id="in folders",
        ),
        pytest.param(
            "open('/out/big', 'wb').write(bytes(900_000)); open('/out/next', 'wb').write(bytes(200_000));"
            "open('/out/fits', 'w').write('1')",
            ("big", "next", "fits"),
            {"big": bytes(900_000), "fits": b"1"},
            id="one that goes over the budget is left out",
        ),
        pytest.param("open('/out/x', 'w').write('1'); 1 / 0", ("x",), {"x": b"1"}, id="after a failure"),
    ],
)
def test_files_brought_back(
    sandbox: Bubblewrap, project: Path, code: str, wanted: tuple[str, ...], files: dict[str, bytes]
) -> None:
    assert real.run(sandbox, project, code, bring_back=wanted).files == files


def test_output_keeps_its_order_and_is_decoded_with_replacement(sandbox: Bubblewrap, project: Path) -> None:
    code = "import os; [os.write(n, b) for n, b in ((1, b'one '), (2, b'two '), (1, b'\\xff\\xc3\\xa9 three'))]"

    assert real.run(sandbox, project, code).tail == "one two \ufffdé three"


def test_long_output_keeps_its_beginning_and_its_end(sandbox: Bubblewrap, project: Path) -> None:
    code = "print('first'); print('x' * 300_000); print('last')"
    tail = real.run(sandbox, project, code).tail

    assert len(tail) <= 20_000
    assert tail.startswith("first\n")
    assert tail.endswith("x\nlast\n")
    assert "bytes left out ...]" in tail


def test_placed_files_and_folders_shown(sandbox: Bubblewrap, project: Path, outside: Path) -> None:
    """Also below a path whose parents do not exist, as an interpreter in a private home has it."""
    shown = outside / "shown"
    (shown / "lib").mkdir(parents=True)
    (shown / "lib" / "x.py").write_text("WORD = 'from the host'")
    shown.chmod(0o755)
    request = RunRequest(
        name="x",
        argv=(real.python(), "-B", "-c", "import plugin, x; print(plugin.WORD, x.WORD)"),
        project=str(project),
        read_only={"/root/.hidden/versions/3.9.1": str(shown), "/work/data": str(shown)},
        placed={"/run/evaluator/deep/plugin.py": b"WORD = 'placed'"},
        env={"PYTHONPATH": "/run/evaluator/deep:/root/.hidden/versions/3.9.1/lib"},
        limits=real.SMALL,
    )

    assert sandbox.run(request).tail == "placed from the host\n"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"argv": ()}, "no command", id="no command"),
        pytest.param({"argv": ("a\0b",)}, "NUL", id="NUL"),
        pytest.param({"cwd": "../.."}, "no folder below /work", id="cwd climbs"),
        pytest.param({"cwd": "/etc"}, "no folder below /work", id="cwd is absolute"),
        pytest.param({"bring_back": ("../etc/passwd",)}, "no path below /out", id="wanted file climbs"),
        pytest.param({"bring_back": ("/etc/passwd",)}, "no path below /out", id="wanted file elsewhere"),
        pytest.param({"placed": {"/work/conftest.py": b""}}, "no path below /run/evaluator", id="placed elsewhere"),
        pytest.param({"placed": {"/run/evaluator/../x": b""}}, "no path below", id="placed file climbs"),
        pytest.param({"read_only": {"/etc": "/etc"}}, "uses this place itself", id="shown over /etc"),
        pytest.param({"read_only": {"/proc/1": "/usr"}}, "uses this place itself", id="shown over /proc"),
        pytest.param({"read_only": {"relative": "/usr"}}, "nothing can be shown", id="shown at a relative path"),
        pytest.param({"read_only": {"/out": "/usr"}}, "nothing can be shown", id="shown over /out"),
        pytest.param({"env": {"A=B": "c"}}, "variable's name", id="name of a variable"),
        pytest.param({"project": "/nonexistent/folder"}, "cannot be read", id="no project"),
        pytest.param({"read_only": {"/x/y": "/nonexistent"}}, "cannot be read", id="nothing to show"),
    ],
)
def test_requests_that_cannot_be_meant(
    sandbox: Bubblewrap, project: Path, change: dict[str, object], words: str
) -> None:
    request = RunRequest(name="x", argv=("true",), project=str(project), limits=real.SMALL)

    with pytest.raises(SandboxError, match=words):
        sandbox.run(msgspec.structs.replace(request, **change))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is another user in the sandbox")
@pytest.mark.parametrize("what", ["project", "read_only"])
def test_a_folder_that_the_scratch_user_cannot_reach(
    sandbox: Bubblewrap, project: Path, outside: Path, what: str
) -> None:
    """Said as such, and not taken for a fault of the project."""
    private = outside / "private"
    (private / "inner").mkdir(parents=True)
    private.chmod(0o700)
    change = {"project": str(private / "inner")} if what == "project" else {"read_only": {"/x": str(private / "inner")}}
    request = RunRequest(name="x", argv=("true",), project=str(project), limits=real.SMALL)

    with pytest.raises(SandboxError, match=r"private/inner cannot be read by user \d+"):
        sandbox.run(msgspec.structs.replace(request, **change))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is another user in the sandbox")
def test_a_file_that_the_scratch_user_cannot_read(sandbox: Bubblewrap, project: Path) -> None:
    """A run on half a project would say something false about it."""
    (project / "a.txt").chmod(0o600)

    with pytest.raises(SandboxError, match=r"cannot be copied: .*Permission denied"):
        real.run(sandbox, project, "pass")


def test_two_runs_at_once(sandbox: Bubblewrap, project: Path) -> None:
    """From threads, as the engine does; neither sees the other."""
    from concurrent.futures import ThreadPoolExecutor

    code = "import os, time; open('/tmp/x', 'x'); time.sleep(0.5); print(len([p for p in os.listdir('/proc') if p.isdigit()]))"
    with ThreadPoolExecutor(4) as pool:
        tails = list(pool.map(lambda _: real.run(sandbox, project, code).tail, range(4)))

    assert tails == ["2\n"] * 4


def test_no_cgroup_is_left(sandbox: Bubblewrap, project: Path) -> None:
    from evaluator.sandbox import cgroups

    real.run(sandbox, project, "pass")
    guards = [p.name.split("-")[1] for place in cgroups.places() for p in place.folder.glob("evaluator-*")]

    assert [pid for pid in guards if not Path(f"/proc/{pid}").exists()] == []


def test_no_descriptor_is_left(sandbox: Bubblewrap, project: Path) -> None:
    real.run(sandbox, project, "pass")
    before = len(list(Path("/proc/self/fd").iterdir()))
    real.run(sandbox, project, "pass", placed={"/run/evaluator/x": b"1"}, bring_back=("x",))

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_an_interpreter_is_found_even_if_the_system_has_none(
    sandbox: Bubblewrap, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evaluator.sandbox import interpreter

    real_one = Path(os.path.realpath("/usr/bin/python3"))
    if not real_one.name.startswith("python3."):
        pytest.skip("no /usr/bin/python3 to show elsewhere")
    monkeypatch.setattr(interpreter, "standing", lambda: None)
    request = RunRequest(
        name="x",
        argv=("sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline"),
        project=str(project),
        read_only={"/elsewhere/python": "/usr"},
        limits=real.SMALL,
    )

    assert sandbox.run(request).tail.startswith("/elsewhere/python/bin/python3.")
    with pytest.raises(SandboxError, match="python3 package"):
        sandbox.run(msgspec.structs.replace(request, read_only={}))


def test_the_launcher_needs_no_new_python() -> None:
    """It may be run by the project's interpreter, where the system has none."""
    import ast

    text = (Path(sys.modules[Bubblewrap.__module__].__file__ or "").with_name("launcher.py")).read_text()

    assert ast.parse(text, feature_version=(3, 8))


def test_defaults_are_limits_that_a_run_can_have(sandbox: Bubblewrap, project: Path) -> None:
    outcome = real.run(sandbox, project, "print(1)", limits=Limits())

    assert (outcome.exit_code, outcome.tail) == (0, "1\n")
