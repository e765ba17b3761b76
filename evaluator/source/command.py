"""How is git started, so that it runs nothing and obeys nothing of a repository?

GitPython's command wrapper starts every process, with a list of arguments and never a shell. Its ``Repo.clone_from``
is not used: it inherits every ``GIT_*`` variable, cannot watch bytes and seconds, and ends one process where a
transfer is a group of them. Its object database is not used either: it reads 40-digit object ids only.
Git itself is given a configuration by environment that nothing in a repository can override, no hooks, no monitors,
no lazy fetches, and no transport but the one that the target names.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self, cast

from evaluator.errors import SourceError

Setting = tuple[str, str]
Stopped = Literal["nothing", "time", "bytes"]

_SETTINGS: tuple[Setting, ...] = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("core.commitGraph", "false"),  # a stored graph may contradict the commits
    ("core.attributesFile", os.devnull),
    ("core.excludesFile", os.devnull),
    ("core.bigFileThreshold", "16m"),  # longer files are streamed, not held in memory
    ("safe.bareRepository", "explicit"),  # a repository committed inside another is never entered
    ("protocol.allow", "never"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("submodule.recurse", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("transfer.bundleURI", "false"),
    ("log.showSignature", "false"),
)
_ENVIRON = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_ALLOC_LIMIT": "1g",
    "GIT_DEFAULT_HASH": "sha1",
    "GIT_DEFAULT_REF_FORMAT": "files",
    "GIT_ALLOW_PROTOCOL": "none",
    "GCM_INTERACTIVE": "never",
    "SSH_ASKPASS_REQUIRE": "never",
}
_TAIL = 20_000


@dataclass
class Running:
    """One git process in a session of its own: use it in a ``with``, read ``out`` to its end, then ``finish``.

    Attributes:
        args: After ``git``.
        git_dir: The private repository to work in; None for a command that needs none.
        folder: Where it is started; holds nothing of a candidate.
        settings: Added to those that hold for every command, which are stronger.
        environ: Added to the environment; the place for secrets, which must not be on a command line.
        seconds: After so long the whole session is killed; None for no limit.
        too_much: Asked every tenth of a second; True kills the session as well.
        feed: Written to its standard input, which is then closed; None leaves ``into`` to the caller.
        asks_user: The user's and the system's configuration is read and ours is not: to ask what stands in it.
    """

    args: Sequence[str]
    folder: Path
    git_dir: Path | None = None
    settings: Sequence[Setting] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None
    too_much: Callable[[], bool] | None = None
    feed: bytes | None = b""
    asks_user: bool = False
    stopped: Stopped = field(default="nothing", init=False)
    _errors: bytearray = field(default_factory=bytearray, init=False, repr=False)
    _threads: list[threading.Thread] = field(default_factory=list, init=False, repr=False)
    _ended: threading.Event = field(default_factory=threading.Event, init=False, repr=False)
    _process: subprocess.Popen[bytes] = field(init=False, repr=False)

    def __enter__(self) -> Self:
        self._process = _start(self)
        self._spawn(self._drain)
        if self.seconds is not None or self.too_much is not None:
            self._spawn(self._watch)
        if self.feed:
            self._spawn(self._write)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.kill()
        self._ended.set()
        self._join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError):
                if stream and not any(thread.is_alive() for thread in self._threads):
                    stream.close()

    @property
    def into(self) -> IO[bytes]:
        """Its standard input."""
        return cast("IO[bytes]", self._process.stdin)

    @property
    def out(self) -> IO[bytes]:
        """Its standard output."""
        return cast("IO[bytes]", self._process.stdout)

    @property
    def errors(self) -> str:
        """The last of what it wrote to standard error."""
        return bytes(self._errors).decode(errors="replace")

    def finish(self) -> int:
        """Wait until it has ended and return its exit status; call it when ``out`` is read."""
        code = self._process.wait()
        self._ended.set()
        self._join()
        return code

    def kill(self, why: Stopped = "nothing") -> None:
        """End it and all that it started; do nothing when it has ended."""
        if self._process.poll() is not None:
            return
        if why != "nothing":
            self.stopped = why
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _join(self) -> None:
        # A connection that ssh keeps open for later calls holds standard error for ever: it is not waited for.
        for thread in self._threads:
            thread.join(timeout=2)

    def _spawn(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _drain(self) -> None:
        stream = cast("io.BufferedReader", self._process.stderr)
        with contextlib.suppress(OSError, ValueError):
            while chunk := stream.read1(65_536):
                self._errors += chunk
                del self._errors[:-_TAIL]

    def _watch(self) -> None:
        end = None if self.seconds is None else time.monotonic() + self.seconds
        while not self._ended.wait(0.1) and self._process.poll() is None:
            if end is not None and time.monotonic() >= end:
                self.kill("time")
            elif self.too_much is not None and self.too_much():
                self.kill("bytes")

    def _write(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self.into.write(self.feed or b"")
            self.into.close()


def output(args: Sequence[str], *, git_dir: Path, seconds: float = 60, limit: int = 1_000_000) -> bytes | None:
    """Return what git wrote, at most ``limit`` bytes of it; None if it failed or took longer than ``seconds``."""
    with Running(args, folder=git_dir, git_dir=git_dir, seconds=seconds) as running:
        found = running.out.read(limit)
        if len(found) == limit:
            return found
        return found if running.finish() == 0 else None


def _start(wanted: Running) -> subprocess.Popen[bytes]:
    """Start the process.

    Raises:
        SourceError: There is no git on this machine.
    """
    try:
        from git import Git
        from git.exc import GitCommandNotFound
    except ImportError as fault:
        raise SourceError("git is not installed on this machine; install it (on Debian: apt install git)") from fault
    environ = _environ(wanted)
    # GitPython hands every variable on and can only set, not unset: env(1) takes away those that would redirect git.
    foreign = [n for n in sorted(os.environ) if n.startswith("GIT_") and n not in environ and n != "GIT_EXEC_PATH"]
    command = ["env", *(part for name in foreign for part in ("-u", name))]
    command += [Git.GIT_PYTHON_GIT_EXECUTABLE or "git", *wanted.args]
    stdin = subprocess.PIPE if wanted.feed != b"" else None
    try:
        wrapper = Git(str(wanted.folder)).execute(
            command, istream=stdin, as_process=True, env=environ, start_new_session=True
        )
    except (GitCommandNotFound, OSError) as fault:
        raise SourceError(f"git cannot be started on this machine: {type(fault).__name__}") from fault
    process = cast("subprocess.Popen[bytes]", wrapper.proc)
    wrapper.proc = None  # else the process ends with the wrapper, which nobody keeps
    return process


def _environ(wanted: Running) -> dict[str, str]:
    if wanted.asks_user:
        theirs = {name: value for name, value in os.environ.items() if name.startswith("GIT_CONFIG")}
        return {**theirs, "GIT_DIR": os.devnull}
    settings = [*wanted.settings, *_SETTINGS]
    environ = {**_ENVIRON, **wanted.environ, "GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings):
        environ[f"GIT_CONFIG_KEY_{number}"] = key
        environ[f"GIT_CONFIG_VALUE_{number}"] = value
    if wanted.git_dir is not None:
        environ["GIT_DIR"] = str(wanted.git_dir)
    return environ
