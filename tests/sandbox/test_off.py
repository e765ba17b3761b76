"""Without a sandbox there is still order: a copy, a short environment, limits, nothing left behind."""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from pathlib import Path

import msgspec
import pytest

from evaluator.sandbox.api import Limits, RunOutcome, RunRequest
from evaluator.sandbox.off import Off, translated
from tests.sandbox import real

LIMITS = msgspec.structs.replace(real.SMALL, seconds=10)
PLACES = {
    "/work": "/s/work",
    "/out": "/s/out",
    "/home/user": "/s/home",
    "/run/evaluator": "/s/placed",
    "/p/3": "/h/3",
    "/work/own": "/work/own",
}


def run(outside: Path, project: Path, code: str, *words: str, limits: Limits = LIMITS, **fields: object) -> RunOutcome:
    prefix = str(Path(sys.executable).parents[1])  # may lie below a real /work
    request = RunRequest(
        name="x",
        argv=(sys.executable, "-I", "-S", "-c", code, *words),
        project=str(project),
        read_only={prefix: prefix},
        limits=limits,
    )
    return Off(outside).run(msgspec.structs.replace(request, **fields))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("/work", "/s/work", id="a place"),
        pytest.param("/work/tests", "/s/work/tests", id="below it"),
        pytest.param("/workshop/x", "/workshop/x", id="another place"),
        pytest.param("/home/work/x", "/home/work/x", id="not at the beginning"),
        pytest.param("--out=/out/x.json", "--out=/s/out/x.json", id="after ="),
        pytest.param("/work:/work/src:/run/evaluator", "/s/work:/s/work/src:/s/placed", id="a search path"),
        pytest.param("a,/out/b;/out", "a,/s/out/b;/s/out", id="lists"),
        pytest.param("/p/3/bin/python", "/h/3/bin/python", id="an interpreter shown elsewhere"),
        pytest.param("/p/37/bin", "/p/37/bin", id="its neighbour"),
        pytest.param("print('/out')", "print('/out')", id="inside a program"),
        pytest.param("/work/own/bin/python", "/work/own/bin/python", id="a host folder that is called so"),
        pytest.param("", "", id="empty"),
    ],
)
def test_places_are_translated(text: str, expected: str) -> None:
    assert expected == translated(text, PLACES)


def test_a_run(outside: Path, project: Path) -> None:
    """Everything that a request can hold, at once; the host's copy stays as it was."""
    (project / "sub").mkdir()
    os.mkfifo(project / "pipe")
    code = """
import json, os, sys
sys.path.append(os.environ['PLUGINS'])
import plugin
here = sorted(os.listdir('..'))
open('../a.txt', 'w').write('changed')
json.dump([here, os.getcwd().endswith('work/sub'), plugin.X, sorted(os.environ)], open(sys.argv[1], 'w'))
print('said')
sys.exit(3)
"""
    outcome = run(
        outside,
        project,
        code,
        "/out/result",
        cwd="sub",
        env={"PLUGINS": "/run/evaluator/deep"},
        placed={"/run/evaluator/deep/plugin.py": b"X = 7"},
        bring_back=("result", "/out/result", "other"),
    )

    assert (outcome.exit_code, outcome.stopped_by, outcome.tail) == (3, "nothing", "said\n")
    assert set(outcome.files) == {"result", "/out/result"}
    here, below, word, names = json.loads(outcome.files["result"])
    assert (here, below, word) == (["a.txt", "sub"], True, 7)
    assert set(names) - {"LC_CTYPE"} == {"HOME", "LANG", "LOGNAME", "PATH", "PLUGINS", "PWD", "SHELL", "TMPDIR", "USER"}
    assert (project / "a.txt").read_text() == "content\n"
    assert sorted(p.name for p in outside.iterdir()) == ["project"]


@pytest.mark.parametrize(
    ("code", "stopped"),
    [
        pytest.param("import time; time.sleep(60)", "seconds", id="hangs"),
        pytest.param(
            "import signal, time\nfor n in (1, 2, 15): signal.signal(n, 1)\ntime.sleep(60)", "seconds", id="is deaf"
        ),
        pytest.param("while True: print('y' * 999)", "output", id="floods"),
    ],
)
def test_limits(outside: Path, project: Path, code: str, stopped: str) -> None:
    began = time.monotonic()
    limits = msgspec.structs.replace(LIMITS, seconds=2)
    outcome = run(outside, project, f"open({str(outside / 'o')!r}, 'w')\n{code}", limits=limits)

    assert (outcome.exit_code, outcome.stopped_by) == (None, stopped)
    assert time.monotonic() - began < 8


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold these limits")
@pytest.mark.parametrize(
    ("code", "stopped", "words"),
    [
        pytest.param("b = bytearray(500 << 20)", "nothing", "MemoryError", id="private memory"),
        pytest.param("while True: pass", "seconds", "", id="CPU time"),
        pytest.param(
            "import signal; signal.signal(25, 0); open('x', 'wb').write(bytes(99 << 20))",
            "disk",
            "",
            id="size of a file",
        ),
    ],
)
def test_limits_of_the_system(outside: Path, project: Path, code: str, stopped: str, words: str) -> None:
    outcome = run(outside, project, code, limits=msgspec.structs.replace(LIMITS, cpu_seconds=1))

    assert outcome.stopped_by == stopped
    assert words in outcome.tail


@pytest.mark.skipif(sys.platform != "linux", reason="processes that left their group are found through /proc")
def test_daemons_die_too(outside: Path, project: Path) -> None:
    marker = uuid.uuid4().hex
    code = f"""
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(60)', {marker!r}])
    os._exit(0)
import time; time.sleep(0.5)
"""
    assert run(outside, project, code).exit_code == 0
    assert real.gone(marker)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("os.symlink('/etc/passwd', out)", id="link"),
        pytest.param("os.mkfifo(out)", id="FIFO"),
        pytest.param("os.mkdir(out)", id="folder"),
        pytest.param("open(out, 'wb').truncate(10 << 20)", id="over the budget"),
        pytest.param("pass", id="nothing"),
    ],
)
def test_other_things_than_files_do_not_come_back(outside: Path, project: Path, code: str) -> None:
    outcome = run(outside, project, f"import os, sys; out = sys.argv[1]\n{code}", "/out/x", bring_back=("x",))

    assert (outcome.exit_code, outcome.files) == (0, {})


def test_a_link_as_a_folder(outside: Path, project: Path) -> None:
    code = "import os, sys; os.symlink('/etc', sys.argv[1])"

    assert run(outside, project, code, "/out/folder", bring_back=("folder/passwd",)).files == {}


@pytest.mark.parametrize(
    "argv", [("no-such-program",), ("/nonexistent",), ("./a.txt",)], ids=["name", "path", "no program"]
)
def test_a_command_that_cannot_be_started(outside: Path, project: Path, argv: tuple[str, ...]) -> None:
    outcome = run(outside, project, "", argv=argv)

    assert outcome.exit_code == 127
    assert outcome.tail.startswith(f"cannot start {argv[0]}")


def test_a_program_of_the_project(outside: Path, project: Path) -> None:
    (project / "run.sh").write_text("#!/bin/sh\necho $1 $HOME\n")
    (project / "run.sh").chmod(0o755)
    outcome = run(outside, project, "", argv=("/work/run.sh", "word"))

    assert outcome.tail.startswith("word /")


def test_its_limits_are_named_honestly() -> None:
    assert not any("disk" in words or "network" in words for words in Off.limits_held)
