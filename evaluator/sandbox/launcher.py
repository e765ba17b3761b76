"""What is process 1 of the sandbox, and how does it bring results out?

Runs INSIDE, by whatever interpreter is there (3.8 or newer), as ``python -I -S -B launcher.py CONTROL RESULT SPEC``: standard
library only, nothing imported from the tool. It copies the project, starts the job with limits, ends everything at
the deadline, and then sends the wanted files over a descriptor that the job never had.

The job has the same user id as this process. What keeps them apart: process 1 ignores signals from inside, is not
dumpable (so its memory, descriptors and environment cannot be reached), and ``prlimit`` on others is refused.

Result stream: ``EVR1``, then frames of (kind, index, size) and ``size`` bytes; kinds are B (the job is about to begin),
F (a wanted file, by its index in the request: no name crosses the border), S (status, JSON). A format of our own and
not tar, because there is nothing in it to be forged or misread: no names, types, links, sparse maps or padding.
"""

# Bytes paths and descriptors, which pathlib does not take:
# ruff: noqa: PTH101, PTH102, PTH112, PTH115, PTH123, PTH211
from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import resource
import select
import signal
import stat
import struct
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    class Spec(TypedDict):
        """The request, as ``bubblewrap`` writes it. Paths as Python decodes them; sizes in bytes."""

        argv: list[str]
        env: dict[str, str]
        cwd: str
        seconds: float
        rlimits: dict[str, tuple[int, int]]
        folders: list[str]
        inodes: int
        mounted: list[str]
        bring_back: list[str]
        back_bytes: int

    class Status(TypedDict):
        """What is reported, as ``results.Status`` reads it."""

        exit: int | None
        stopped: str
        seconds: float
        cpu: float
        full: bool
        trouble: str
        kind: str


FRAME = struct.Struct(">cIQ")
MAGIC = b"EVR1"
TICK = 0.1
PIECE = 65536
NEARLY_FULL = 65536
PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4


class NotBegunError(Exception):
    """Why the job could not be begun: ``kind`` is "disk" or "broken"."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


def main() -> None:
    control, result = int(sys.argv[1]), int(sys.argv[2])
    shield(control, result)
    with open(int(sys.argv[3]), "rb") as stream:
        spec: Spec = json.loads(stream.read().decode("ascii"))
    send(result, MAGIC)
    status: Status = {
        "exit": None,
        "stopped": "nothing",
        "seconds": 0.0,
        "cpu": 0.0,
        "full": False,
        "trouble": "",
        "kind": "",
    }
    try:
        copy_tree(b"/src", b"/work", {os.fsencode(path) for path in spec["mounted"]})
        frame(result, b"B", 0, b"")
        supervise(spec, control, result, status)
        send_files(result, spec["bring_back"], spec["back_bytes"])
    except NotBegunError as trouble:
        status["trouble"], status["kind"] = str(trouble), trouble.kind
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    status["cpu"] = used.ru_utime + used.ru_stime
    frame(result, b"S", 0, json.dumps(status).encode("ascii"))


def shield(control: int, result: int) -> None:
    """Put what the job must not reach out of its reach, or do not go on."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    os.set_inheritable(control, False)
    os.set_inheritable(result, False)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0 or os.getpid() != 1:
        os._exit(125)


def copy_tree(source: bytes, target: bytes, mounted: set[bytes]) -> None:
    """Copy folders, regular files and symbolic links; what else there may be is no part of a project.

    ``mounted``: paths below ``target`` that are mounts of their own and stay as they are.
    """
    ahead = [(source, target)]
    while ahead:
        here, there = ahead.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as error:
            raise NotBegunError("broken", f"the project's folder cannot be read: {error}") from error
        for entry in entries:
            new = there + b"/" + entry.name
            if new in mounted:
                continue
            try:
                copy_entry(entry, new, ahead)
            except OSError as error:
                full = error.errno in (errno.ENOSPC, errno.EDQUOT)
                raise NotBegunError("disk" if full else "broken", f"the project cannot be copied: {error}") from error


def copy_entry(entry: os.DirEntry[bytes], new: bytes, ahead: list[tuple[bytes, bytes]]) -> None:
    if entry.is_symlink():
        os.symlink(os.readlink(entry.path), new)
        return
    found = entry.stat(follow_symlinks=False)
    if stat.S_ISDIR(found.st_mode):
        if not os.path.isdir(new):
            os.mkdir(new, 0o755)
        ahead.append((entry.path, new))
    elif stat.S_ISREG(found.st_mode):
        with open(entry.path, "rb", buffering=0) as origin, open(new, "xb", buffering=0) as copy:
            while os.sendfile(copy.fileno(), origin.fileno(), None, 1 << 30):
                pass
        os.chmod(new, found.st_mode & 0o777 | 0o600)
        os.utime(new, ns=(found.st_atime_ns, found.st_mtime_ns))


def supervise(spec: Spec, control: int, result: int, status: Status) -> None:
    """Start the job, wait for its end or a reason to end it, kill what is left of it."""
    places = [place for place in spec["folders"] if os.path.isdir(place)]
    inodes = used_inodes(places) + spec["inodes"]
    bell = listen()
    began = time.monotonic()
    job = start(spec, (control, result))
    end = began + spec["seconds"]
    grace = min(3.0, spec["seconds"] / 10.0)
    asks = [(end - grace, signal.SIGINT), (end - grace / 3, signal.SIGTERM)]
    try:
        while not reaped(job, status):
            now = time.monotonic()
            while asks and now >= asks[0][0]:
                status["stopped"] = "seconds"
                kill_group(job, asks.pop(0)[1])
            if now >= end:
                status["stopped"] = "seconds"
                break
            if used_inodes(places) > inodes:
                status["stopped"] = "disk"
                break
            ready = select.select([control, bell], [], [], max(0.0, min(TICK, end - now)))[0]
            if control in ready:
                status["stopped"] = "output"
                break
            if bell in ready:
                os.read(bell, 4096)
        status["full"] = any(is_full(place) for place in places)
    finally:
        status["seconds"] = time.monotonic() - began
        kill_everything()


def listen() -> int:
    """Return a descriptor that can be read when a child has ended."""
    ear, mouth = os.pipe()
    os.set_blocking(ear, False)
    os.set_blocking(mouth, False)
    signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return ear


def start(spec: Spec, private: tuple[int, int]) -> int:
    """Fork and exec the job in a session of its own; return its process id."""
    job = os.fork()
    if job:
        return job
    code = 127
    try:
        for number in private:
            os.close(number)
        prepare(spec)
        os.execvpe(spec["argv"][0], spec["argv"], spec["env"])  # noqa: S606 (no shell is what is wanted)
    except BaseException as error:  # noqa: BLE001 (this side of a fork must end here, whatever happens)
        code = 126 if isinstance(error, PermissionError) else 127
        os.write(2, f"cannot start {spec['argv'][0]}: {error}\n".encode("utf-8", "replace"))
    finally:
        os._exit(code)


def prepare(spec: Spec) -> None:
    """Become the job: session, limits, folder, signals as a program expects them."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    prefer_to_kill()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGCHLD, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    for name, value in spec["rlimits"].items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        soft, most = (size if hard == resource.RLIM_INFINITY else min(size, hard) for size in value)
        resource.setrlimit(kind, (soft, most))
    os.umask(0o022)
    os.chdir(spec["cwd"])


def prefer_to_kill() -> None:
    """When memory runs out, the kernel is to end the job and not this launcher."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as stream:
        stream.write("1000")


def reaped(job: int, status: Status) -> bool:
    """Reap whoever has ended, orphans too; True once the job is among them."""
    while True:
        try:
            pid, how = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if pid == 0:
            return False
        if pid == job:
            status["exit"] = -os.WTERMSIG(how) if os.WIFSIGNALED(how) else os.WEXITSTATUS(how)
            return True


def kill_everything() -> None:
    """Kill and reap until nobody is left, so that the usage of every descendant is counted."""
    while True:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def used_inodes(places: list[str]) -> int:
    rooms = [os.statvfs(place) for place in places]
    return sum(room.f_files - room.f_ffree for room in rooms)


def is_full(place: str) -> bool:
    room = os.statvfs(place)
    return room.f_bavail * room.f_frsize < NEARLY_FULL or room.f_ffree < 1


def send_files(result: int, wanted: list[str], budget: int) -> None:
    """Send the wanted files that are regular files and fit. Nobody is left alive who could change them meanwhile."""
    for index, path in enumerate(wanted):
        number = open_below(b"/out", os.fsencode(path))
        if number is None:
            continue
        try:
            found = os.fstat(number)
            if stat.S_ISREG(found.st_mode) and found.st_size <= budget:
                budget -= found.st_size
                send_file(result, index, number, found.st_size)
        finally:
            os.close(number)


def send_file(result: int, index: int, number: int, size: int) -> None:
    send(result, FRAME.pack(b"F", index, size))
    while size > 0:
        piece = os.read(number, min(PIECE, size))
        if not piece:
            os._exit(123)
        send(result, piece)
        size -= len(piece)


def open_below(folder: bytes, path: bytes) -> int | None:
    """Open ``path`` below ``folder``, following no link at any step; None where that cannot be done."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    parts = path.split(b"/")
    opened = []
    try:
        opened.append(os.open(folder, flags | os.O_DIRECTORY))
        for part in parts[:-1]:
            opened.append(os.open(part, flags | os.O_DIRECTORY, dir_fd=opened[-1]))
        return os.open(parts[-1], flags, dir_fd=opened[-1])
    except OSError:
        return None
    finally:
        for number in opened:
            os.close(number)


def frame(result: int, kind: bytes, index: int, content: bytes) -> None:
    send(result, FRAME.pack(kind, index, len(content)) + content)


def send(result: int, content: bytes) -> None:
    while content:
        content = content[os.write(result, content) :]


def kill_group(leader: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(leader, number)


if __name__ == "__main__":
    main()
