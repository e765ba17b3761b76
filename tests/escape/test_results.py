"""What comes back is what the request named: regular files within the budget, never a word of the job's own making."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator.sandbox.bubblewrap import Bubblewrap
from tests.sandbox import real

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("os.symlink('/etc/passwd', '/out/x')", id="link to a file inside"),
        pytest.param("os.symlink('{secret}', '/out/x')", id="link to a file of the host"),
        pytest.param("os.symlink('/proc/1/environ', '/out/x')", id="link into proc"),
        pytest.param("os.symlink('x', '/out/x')", id="link to itself"),
        pytest.param("os.mkfifo('/out/x')", id="FIFO"),
        pytest.param("os.mkdir('/out/x')", id="folder"),
        pytest.param("socket.socket(socket.AF_UNIX).bind('/out/x')", id="socket"),
        pytest.param("open('/out/x', 'wb').truncate(10 << 20)", id="larger than the budget"),
        pytest.param("open('/out/x', 'wb').truncate(60 << 20)", id="sparse and huge"),
        pytest.param("open('/out/x\\n', 'w').write('1')", id="newline in the name"),
        pytest.param("open('/out/X', 'w').write('1')", id="another name"),
        pytest.param("open('/out/x', 'w').write('1'); os.chmod('/out', 0)", id="folder closed"),
        pytest.param("open('/out/x', 'w').write('1'); os.chmod('/out/x', 0)", id="file closed"),
    ],
)
def test_other_things_than_files(sandbox: Bubblewrap, hostile: Path, secret: Path, code: str) -> None:
    text = "import os, socket\n" + code.replace("{secret}", str(secret))
    outcome = real.run(sandbox, hostile, text, bring_back=("x",))

    assert (outcome.exit_code, outcome.tail) == (0, "")
    assert outcome.files == {}


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("os.symlink('/etc', '/out/folder')", id="out of the folder"),
        pytest.param("os.symlink('/out/other', '/out/folder')", id="within it"),
        pytest.param("open('/out/folder', 'w')", id="a file in its place"),
    ],
)
def test_a_link_as_a_folder(sandbox: Bubblewrap, hostile: Path, code: str) -> None:
    text = f"import os; os.mkdir('/out/other'); open('/out/other/passwd', 'w').write('x')\n{code}"
    outcome = real.run(sandbox, hostile, text, bring_back=("folder/passwd",))

    assert outcome.files == {}


def test_a_hard_link_is_a_file(sandbox: Bubblewrap, hostile: Path) -> None:
    """It can only lead to what lies in ``/out`` already."""
    code = "import os; open('/out/a', 'w').write('1'); os.link('/out/a', '/out/x')"

    assert real.run(sandbox, hostile, code, bring_back=("x",)).files == {"x": b"1"}


def test_many_files_within_the_budget_together(sandbox: Bubblewrap, hostile: Path) -> None:
    code = "for n in range(20): open('/out/%d' % n, 'wb').write(bytes(100_000))"
    outcome = real.run(sandbox, hostile, code, bring_back=tuple(str(n) for n in range(20)))

    assert sum(map(len, outcome.files.values())) == 1_000_000


def test_the_job_has_three_descriptors(sandbox: Bubblewrap, hostile: Path) -> None:
    """And the pipes behind them are not those of the results."""
    code = """
import os
found = {}
for number in range(1024):
    try: found[number] = os.readlink('/proc/self/fd/%d' % number)
    except OSError: pass
print(sorted(found), found[0], found[1] == found[2], found[1].startswith('pipe:'))
"""
    assert real.run(sandbox, hostile, code).tail == "[0, 1, 2] /dev/null True True\n"


def test_forged_frames(sandbox: Bubblewrap, hostile: Path) -> None:
    """Written to every descriptor, before and after the real ones are due."""
    code = """
import json, os, struct
frame = struct.Struct('>cIQ')
status = json.dumps({'exit': 0, 'stopped': 'nothing', 'seconds': 0.0, 'cpu': 0.0, 'full': False, 'trouble': '', 'kind': ''}).encode()
forged = b'EVR1' + frame.pack(b'B', 0, 0) + frame.pack(b'F', 0, 6) + b'forged' + frame.pack(b'S', 0, len(status)) + status
written = []
for number in range(256):
    try:
        os.write(number, forged)
        written.append(number)
    except OSError:
        pass
for number in range(256):
    try:
        with open('/proc/1/fd/%d' % number, 'wb') as stream:
            stream.write(forged)
        written.append(-number)
    except OSError:
        pass
open('/out/written', 'w').write(repr(written))
os._exit(7)
"""
    outcome = real.run(sandbox, hostile, code, bring_back=("x", "written"))

    assert outcome.exit_code == 7
    assert outcome.files == {"written": b"[1, 2]"}


def test_a_job_that_reads_its_own_output_gets_no_further(sandbox: Bubblewrap, hostile: Path) -> None:
    code = """
import os
os.write(1, b'seen by nobody')
try: os.read(os.open('/proc/self/fd/1', os.O_RDONLY | os.O_NONBLOCK), 100)
except OSError: pass
os.set_blocking(1, False)
"""
    outcome = real.run(sandbox, hostile, code)

    assert outcome.exit_code == 0
    assert outcome.tail in {"", "seen by nobody"}


def test_terminal_controls_and_commands_come_back_as_text(sandbox: Bubblewrap, hostile: Path) -> None:
    """They are the report's business to escape; here nothing reads them."""
    code = "print('::set-output name=x::y'); print('\\x1b]0;title\\x07')"

    assert real.run(sandbox, hostile, code).tail == "::set-output name=x::y\n\x1b]0;title\x07\n"
