"""Which sandbox runs the candidate's code on this machine?"""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path
from typing import Literal, TypeAlias

from evaluator.errors import SandboxError, UsageError
from evaluator.model import Missing
from evaluator.sandbox import interpreter, remedy
from evaluator.sandbox.api import Limits, RunRequest, Sandbox
from evaluator.sandbox.bubblewrap import Bubblewrap
from evaluator.sandbox.off import Off

Wanted: TypeAlias = Literal["auto", "bwrap", "container", "landlock", "off"]

_SEALED = b"sealed"

# Each line is something that must not work. What does work is named in the answer.
_PROBE = """
import ctypes, os, socket, sys
leaks = []
def must_fail(name, act):
    try:
        act()
    except OSError:
        return
    leaks.append(name)
def reach():
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2):
        pass
def new_user_name_space():
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000) != 0:
        raise OSError
must_fail("the host's network can be reached", reach)
must_fail("/etc/shadow can be read", lambda: open("/etc/shadow").close())
must_fail("/ can be written", lambda: open("/written", "w").close())
must_fail("kernel settings can be written", lambda: os.close(os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY)))
must_fail("further user name spaces can be made", new_user_name_space)
if os.getuid() == 0:
    leaks.append("it runs as root")
if not os.path.isfile("/work/probe.txt"):
    leaks.append("the project is not there")
with open("/out/answer", "w") as answer:
    answer.write("; ".join(leaks) or "sealed")
"""


def choose(wanted: Wanted, scratch: Path) -> Sandbox | Missing:
    """Return a sandbox that was seen to hold, or why there is none. Never something weaker than was asked for.

    Args:
        wanted: ``auto`` is ``bwrap``, the only one of this version. ``off`` is the caller's own word.
        scratch: A private folder of this evaluation.

    Raises:
        UsageError: ``container`` or ``landlock``, which this version does not have.
    """
    if wanted in {"container", "landlock"}:
        raise UsageError(f"--sandbox {wanted} is not available in this version; it has: auto, bwrap, off")
    if wanted == "off":
        return Off(scratch)
    try:
        sandbox = Bubblewrap()
        problem = probe(sandbox, scratch)
    except SandboxError as error:
        problem = str(error)
    if not problem:
        return sandbox
    advice = remedy.advise(problem, remedy.host())
    return Missing(fact="Sandbox", cause="not-permitted", detail=f"{advice.sentence()}.")


def probe(sandbox: Sandbox, scratch: Path) -> str:
    """Run a small command the whole way and see that it is shut in; return what is wrong, or an empty string.

    Raises:
        SandboxError: The sandbox could not be set up at all.
    """
    with (
        tempfile.TemporaryDirectory(dir=scratch, prefix="probe-") as name,
        socket.create_server(("127.0.0.1", 0)) as door,
    ):
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "probe.txt").write_text("here", encoding="ascii")
        outcome = sandbox.run(
            RunRequest(
                name="probe",
                argv=(interpreter.for_request({}).path, "-I", "-S", "-c", _PROBE, str(door.getsockname()[1])),
                project=str(folder),
                limits=Limits(seconds=20, cpu_seconds=10, memory_mb=256, processes=32, disk_mb=64, back_bytes=100_000),
                bring_back=("answer",),
            )
        )
    answer = outcome.files.get("answer", b"")
    if answer == _SEALED:
        return ""
    if answer:
        return f"it does not shut in: {answer.decode(errors='replace')}"
    return f"a probe did not end well: {' '.join(outcome.tail.split())[-300:] or outcome.stopped_by}"
