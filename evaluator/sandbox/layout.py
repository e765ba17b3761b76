"""What does the file system of the sandbox look like, and how is bubblewrap told so?"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from evaluator.errors import SandboxError
from evaluator.sandbox.api import OUT, PLACED, WORK, Limits, RunRequest

MB = 1024 * 1024
USER_ID = 1000
HOME = "/home/user"
LAUNCHER = "/run/launcher"
SHARED_MEMORY = "/dev/shm"  # noqa: S108 (a place inside the sandbox)
TEMPORARY = "/tmp"  # noqa: S108 (a place inside the sandbox)
WRITABLE = (str(WORK), str(OUT), TEMPORARY, HOME, SHARED_MEMORY)

_HOST_NAME = "sandbox"
_PAGE = 4096
_SYSTEM_FOLDERS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = ("ld.so.cache", "alternatives", "fonts", "localtime", "protocols", "services", "mime.types")
_PROC_READ_ONLY = ("/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs")
_PROC_HIDDEN = ("/proc/keys", "/proc/key-users", "/proc/timer_list", "/proc/latency_stats", "/proc/sched_debug")
_RESERVED = ("/src", "/proc", "/dev", "/sys", "/etc", "/run", *_SYSTEM_FOLDERS)

ETC_FILES: dict[str, bytes] = {
    "/etc/passwd": f"user:x:{USER_ID}:{USER_ID}:user:{HOME}:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n".encode(),
    "/etc/group": f"user:x:{USER_ID}:\nnogroup:x:65534:\n".encode(),
    "/etc/hosts": f"127.0.0.1 localhost {_HOST_NAME}\n::1 localhost\n".encode(),
    "/etc/hostname": f"{_HOST_NAME}\n".encode(),
}


@dataclass(frozen=True)
class Size:
    """What a project takes up in a file system in memory."""

    bytes: int
    inodes: int


@dataclass(frozen=True)
class Layout:
    """Everything bubblewrap has to know.

    Attributes:
        rooms: Writable place → its size in bytes.
        read_only: Path inside → host path.
        files: Path inside → descriptor with the content; seen read-only.
        python: Path inside of the interpreter for process 1.
        seccomp, control, result, spec: Descriptors.
    """

    bwrap: str
    project: str
    rooms: dict[str, int]
    read_only: dict[str, str]
    files: dict[str, int]
    python: str
    seccomp: int
    control: int
    result: int
    spec: int
    system: tuple[str, ...] = field(default_factory=lambda: system_arguments(Path("/")))


def arguments(layout: Layout) -> list[str]:
    """Return the command line of bubblewrap, the launcher's included.

    Source: bwrap(1). ``/`` and ``/dev`` are made by bubblewrap as unlimited writable file systems in memory, hence the
    two remounts; ``--size`` counts for the next ``--tmpfs`` only.
    """
    argv = [layout.bwrap, "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-net"]
    argv += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--as-pid-1", "--disable-userns"]
    argv += ["--cap-drop", "ALL", "--clearenv", "--uid", str(USER_ID), "--gid", str(USER_ID)]
    argv += ["--hostname", _HOST_NAME, *layout.system]
    for place in sorted(layout.rooms):
        perms = "1777" if place in {TEMPORARY, SHARED_MEMORY} else "0755"
        argv += ["--perms", perms, "--size", str(layout.rooms[place]), "--tmpfs", place]
    argv += ["--symlink", TEMPORARY, "/var/tmp"]  # noqa: S108 (a place inside the sandbox)
    argv += ["--ro-bind", layout.project, "/src"]
    for inside in sorted(layout.read_only):
        if inside != layout.read_only[inside] or not _below(inside, "/usr"):
            argv += ["--ro-bind", layout.read_only[inside], inside]
    for inside in sorted(layout.files):
        argv += ["--perms", "0444", "--file", str(layout.files[inside]), inside]
    argv += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--seccomp", str(layout.seccomp), "--"]
    argv += [layout.python, "-X", "utf8", "-I", "-S", "-B", LAUNCHER]
    return [*argv, str(layout.control), str(layout.result), str(layout.spec)]


def system_arguments(root: Path) -> tuple[str, ...]:
    """Return the read-only system: ``/usr``, what points into it, a few files of ``/etc``, a private ``/proc``.

    Args:
        root: ``/``; tests show another one.
    """
    argv = ["--ro-bind", "/usr", "/usr"]
    for name in _SYSTEM_FOLDERS:
        host = root / name.lstrip("/")
        if host.is_symlink():
            argv += ["--symlink", str(host.readlink()), name]
        elif host.is_dir():
            argv += ["--ro-bind", name, name]
    for name in _ETC:
        argv += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    argv += ["--proc", "/proc", "--dev", "/dev"]
    for name in _PROC_READ_ONLY:
        argv += ["--ro-bind-try", name, name]
    for name in _PROC_HIDDEN:
        if (root / name.lstrip("/")).exists():
            argv += ["--ro-bind", "/dev/null", name]
    return tuple(argv)


def rooms(limits: Limits, project: Size) -> dict[str, int] | None:
    """Share ``disk_mb`` out among the writable places; None when the project leaves less than an eighth of it free.

    ``/out`` holds twice what may be brought back; of the rest ``/tmp`` gets a quarter, ``/dev/shm`` and the home an
    eighth each, ``/work`` the remainder and the project itself.
    """
    disk = limits.disk_mb * MB
    free = disk - project.bytes
    if free < disk // 8:
        return None
    out = min(2 * limits.back_bytes + MB, free // 8)
    rest = free - out
    sizes = {str(OUT): out, TEMPORARY: rest // 4, SHARED_MEMORY: rest // 8, HOME: rest // 8}
    sizes[str(WORK)] = disk - sum(sizes.values())
    return sizes


def measure(project: str) -> Size:
    """Return what a copy of ``project`` takes up, in whole pages.

    Raises:
        SandboxError: It is no folder, or cannot be read.
    """
    total = inodes = 0
    ahead = [project]
    try:
        while ahead:
            with os.scandir(ahead.pop()) as entries:
                for entry in entries:
                    found = entry.stat(follow_symlinks=False)
                    inodes += 1
                    if stat.S_ISDIR(found.st_mode):
                        ahead.append(entry.path)
                    elif stat.S_ISREG(found.st_mode):
                        total += -(-found.st_size // _PAGE) * _PAGE
    except OSError as error:
        raise SandboxError(f"The project's folder cannot be read: {error}") from error
    return Size(total, inodes)


def check(request: RunRequest) -> None:
    """Refuse what would not mean what it says.

    Raises:
        SandboxError: The request's name, what is wrong.
    """
    if wrong := next(_wrong(request), None):
        raise SandboxError(f"The request {request.name!r} cannot be run: {wrong}")


def below_out(wanted: str) -> str:
    """Return a wanted file's path below ``/out``, whether it was given with ``/out/`` or without."""
    return wanted.removeprefix(f"{OUT}/")


def _wrong(request: RunRequest) -> Iterator[str]:
    texts = (*request.argv, request.cwd, *request.bring_back, *request.read_only, *request.read_only.values())
    if not request.argv or not request.argv[0]:
        yield "there is no command"
    if any("\0" in text for text in (*texts, *request.env, *request.env.values(), *request.placed)):
        yield "a string holds a NUL character"
    if any(not name or "=" in name for name in request.env):
        yield "a variable's name is empty or holds '='"
    yield from _wrong_paths(request)


def _wrong_paths(request: RunRequest) -> Iterator[str]:
    if request.cwd and not _is_plain(request.cwd):
        yield f"{request.cwd!r} is no folder below {WORK}"
    for path in map(below_out, request.bring_back):
        if not _is_plain(path):
            yield f"{path!r} is no path below {OUT}"
    for path in request.placed:
        if not _below(path, str(PLACED)) or not _is_plain(path[1:]):
            yield f"{path!r} is no path below {PLACED}"
    for path in request.read_only:
        if not path.startswith("/") or not _is_plain(path[1:]) or path in WRITABLE:
            yield f"nothing can be shown at {path!r}"
        elif any(path == place or _below(path, place) for place in _RESERVED):
            yield f"nothing can be shown at {path!r}: the sandbox uses this place itself"


def _is_plain(path: str) -> bool:
    """Whether a relative path says the same however it is read: no ``..``, ``.`` or empty part."""
    return bool(path) and str(PurePosixPath(path)) == path and ".." not in path.split("/") and not path.startswith("/")


def _below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")
