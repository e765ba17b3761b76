"""Which test ran when, and how did it end? Starts pytest in a child, and outlives whatever the child does.

Placed into the sandbox and started there as ``python -I -S supervise.py WORK OUT``; never imported by us. It imports
nothing of the project and nothing installed, so that no code of theirs runs in this process. The child (``session.py``)
reports over a pipe; each line bears a key that only the two of them know, handed over before any code of the project is
imported. This process writes them down, ends a case that outlasts its limit, starts a new child after a crash, and at
the end, when every other process is dead, writes the whole journal anew.

All the same it is testimony: who searches the memory of the child finds the key.

Standard library only, Python 3.8 or later.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Dict, List, Set

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)  # isolated mode leaves it out

if TYPE_CHECKING:
    from evaluator.runs.probe.children import Child, Event, Output, end_all, fence, now_doing
else:
    from children import Child, Event, Output, end_all, fence, now_doing

READ = 1 << 18
EVENT_LIMIT = 250_000
STARTS = 25
STUCK = 3
GRACE = 5.0
BEGINNINGS = ("starting", "collecting", "running")
OWN_END = (0, 1, 4, 5)  # pytest's exit codes of a session that came to its end: neither interrupted nor broken


class Journal:
    """The events, in memory and, as they come, in a file for the case that this process is ended from outside."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.lines: List[bytes] = []
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        self.fd = os.open(path, flags, 0o644)

    def add(self, event: Event) -> None:
        """Keep one event; one write to the file."""
        if len(self.lines) >= EVENT_LIMIT:
            return
        line = json.dumps(event, sort_keys=True).encode() + b"\n"
        self.lines.append(line)
        with contextlib.suppress(OSError):
            os.write(self.fd, line)

    def write_anew(self) -> None:
        """Replace the file by what is in memory: by now nobody else is alive."""
        os.close(self.fd)
        clear(self.path)
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as stream:
            stream.writelines(self.lines)


def clear(path: str) -> None:
    """Take away whatever lies at ``path``, and see that its folder is there and writable."""
    folder = os.path.dirname(path)
    with contextlib.suppress(OSError):
        os.makedirs(folder, exist_ok=True)
        os.chmod(folder, 0o755)  # noqa: S103 - theirs may be anything
    try:
        os.unlink(path)
    except OSError as error:
        if error.errno != errno.ENOENT:
            os.rename(path, path + ".theirs")


class Overseer:
    """Runs the suite to its end, by as many children as that takes."""

    def __init__(self, spec: Event, journal: str) -> None:
        self.spec = spec
        self.journal = Journal(journal)
        self.output = Output()
        self.until = time.monotonic() + float(spec["total_seconds"])
        self.data = tempfile.mkdtemp()
        self.done: Set[str] = set()
        self.bad: Dict[str, str] = {}
        self.failed_contexts: List[str] = []
        self.ignored: List[str] = []
        self.started = 0

    def left(self) -> float:
        """Return the seconds that remain for all children."""
        return self.until - time.monotonic()

    def suite(self) -> bool:
        """Run until a child comes to its own end; False if the time was up, or children do not get on."""
        stuck = 0
        while self.started < STARTS and self.left() > 1 and stuck < STUCK:
            before = len(self.done) + len(self.ignored)
            child = self.one({"skip": sorted(self.done), "only": None, "data": self.data})
            if child.ended and child.waiting <= 0:
                return True
            if child.doing.kind == "starting":
                break
            stuck = 0 if len(self.done) + len(self.ignored) > before else stuck + 1
        return False

    def again(self) -> None:
        """Run the failed cases once more: what passes now is flaky. Nothing of it counts as passed."""
        names = sorted(name for name, outcome in self.bad.items() if outcome in ("failed", "error"))
        seconds = min(self.left(), self.spec["again_seconds"])
        if names and len(names) <= self.spec["again_cases"] and seconds >= 5:
            self.until = time.monotonic() + seconds
            self.one({"skip": [], "only": names, "data": ""})

    def one(self, orders: Event) -> Child:
        """Start one child, watch it to its end, and leave nothing of it alive."""
        self.started += 1
        own = {"ignore": self.ignored, "number": self.started, "scratch": self.data}
        child = Child({**self.spec, **orders, **own})
        try:
            self.watch(child)
        finally:
            end_all(child.process.pid)
            self.close(child, child.process.wait())
        return child

    def watch(self, child: Child) -> None:
        """Read what the child says and prints until it ends, or has to be ended."""
        with selectors.DefaultSelector() as selector:
            for fd in (child.events, child.out):
                os.set_blocking(fd, False)
                selector.register(fd, selectors.EVENT_READ)
            while selector.get_map():
                over = child.process.poll() is not None
                for key, _ in selector.select(0 if over else 0.1):
                    if self.take(child, key.fd) == 0:
                        selector.unregister(key.fd)
                if over:
                    self.drain(child)
                    return
                if self.overdue(child):
                    return

    def drain(self, child: Child) -> None:
        """After the child's end: read what it still left in the pipes; a stray descendant may go on writing."""
        until = time.monotonic() + GRACE
        for fd in (child.events, child.out):
            while self.take(child, fd) and time.monotonic() < until:
                pass

    def take(self, child: Child, fd: int) -> int:
        """Read once from ``fd``; return how many bytes came, 0 at its end or where nothing waits."""
        try:
            piece = os.read(fd, READ)
        except BlockingIOError:
            return 0
        if fd == child.out:
            self.output.add(piece)
        else:
            for event in child.read(piece):
                self.note(child, event)
        return len(piece)

    def note(self, child: Child, event: Event) -> None:
        """Take one event in."""
        kind, name = event["e"], str(event.get("id", ""))
        if kind in BEGINNINGS:
            child.doing, child.told_at = now_doing(kind, name, str(event.get("c", ""))), None
            return
        if kind == "end":
            child.ended = event.get("exit") in OWN_END
        elif not event.get("fatal"):
            child.doing, child.told_at = now_doing("between"), None
        if kind == "collected":
            child.waiting = int(event.get("left", 0))
        if kind == "uncollected" and event.get("kind") == "module":
            self.leave_out(name)
        if kind == "case":
            child.waiting -= 1
            if not child.again and not self.is_new(name, event):
                return
        if not child.again:
            self.journal.add(event)
        elif kind == "case" and event.get("o") == "passed":
            self.journal.add({"e": "flaky", "id": name})

    def is_new(self, name: str, case: Event) -> bool:
        """Whether this is the first we hear of the case; remember how it ended."""
        if name in self.done:
            return False
        self.done.add(name)
        if case.get("o") in ("failed", "error", "hanging"):
            self.bad[name] = str(case["o"])
            self.failed_contexts.append(str(case.get("c")))
        return True

    def starved(self) -> bool:
        """Whether a child came so near to the limit on memory that the system may well have ended it."""
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        return bool(peak > 0.4 * self.spec["memory_mb"])

    def leave_out(self, name: str) -> None:
        """Collect this file, or folder, no more."""
        name = name.partition("::")[0]
        if name and name not in self.ignored:
            self.ignored.append(name)

    def overdue(self, child: Child) -> bool:
        """Whether the child has to be ended. One that outlasts its limit is told first: it can go on with the next."""
        now = time.monotonic()
        if now >= self.until:
            return True
        limit = self.spec["case_seconds" if child.doing.kind == "running" else "idle_seconds"]
        if now - child.doing.since <= limit:
            return False
        if child.told_at is not None:
            return now - child.told_at > GRACE
        child.told_at = now
        if child.doing.kind not in ("running", "collecting"):
            return True
        with contextlib.suppress(OSError):
            child.process.send_signal(signal.SIGUSR2)
        return False

    def close(self, child: Child, status: int) -> None:
        """Note how the child ended, and what it was doing if it did not end by itself."""
        os.close(child.events)
        os.close(child.out)
        if child.forged:
            self.journal.add({"e": "unsigned", "n": child.forged})
        if child.again or child.ended:
            return
        doing, late = child.doing, child.told_at is not None
        how = "late" if late else "over" if self.left() <= 0 else "crashed"
        event = {"e": "broken", "how": how, "kind": doing.kind, "id": doing.name, "status": status}
        self.journal.add(dict(event, starved=status == -signal.SIGKILL and self.starved()))
        if doing.kind == "running" and how != "over":
            self.done.add(doing.name)
            self.bad[doing.name] = "hanging" if late else "error"
            self.failed_contexts.append(doing.context)
        elif doing.kind == "collecting" and how != "over":
            self.leave_out(doing.name)


def commit(work: str) -> None:
    """Make the copy a repository with one commit, as a clone would be one; a test may ask git about its project."""
    git = ["git", "-c", "user.name=user", "-c", "user.email=user@localhost", "-c", "commit.gpgsign=false"]
    for args in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "snapshot"]):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                [*git, *args], cwd=work, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False
            )


def measure(overseer: Overseer, target: str) -> str:
    """Have the lines counted in a process of its own, now that nothing of the project is alive; return what failed."""
    clear(target)
    orders = {**overseer.spec, "failed": overseer.failed_contexts, "data": overseer.data, "target": target}
    try:
        done = subprocess.run(
            [sys.executable, "-I", os.path.join(HERE, "lines.py")],
            input=json.dumps(orders).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=overseer.spec["lines_seconds"],
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    return "" if done.returncode == 0 else done.stdout[-300:].decode("utf-8", "replace")


def main(work: str, out: str) -> int:
    """Run everything; the exit code is 0 however the tests ended."""
    with open(os.path.join(HERE, "spec.json"), "rb") as stream:
        spec = dict(json.loads(stream.read()), work=work)
    fence()
    if spec["repository"]:
        commit(work)
    overseer = Overseer(spec, os.path.join(out, "journal"))
    finished = overseer.suite()
    if finished:
        overseer.again()
    overseer.output.show()
    trouble = measure(overseer, os.path.join(out, "lines.json"))
    overseer.journal.add({"e": "over", "finished": finished, "starts": overseer.started, "lines": trouble})
    overseer.journal.write_anew()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
