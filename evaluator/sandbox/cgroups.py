"""Can the kernel count memory and processes of a whole tree here, and hold them?

Standard library only: the guard uses it, and it runs without site-packages.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

_PREFIX = "evaluator-"
_OWN = Path("/proc/self/cgroup")
_MOUNTS = Path("/proc/self/mountinfo")
_WAIT_EMPTY = 2.0


@dataclass(frozen=True)
class Place:
    """A folder of the cgroup tree in which a group can be made, and what such a group holds."""

    version: int
    folder: Path
    controllers: frozenset[str]


@dataclass
class Group:
    """One run's group: one folder (version 2), or one for each controller (version 1)."""

    folders: dict[str, Path]
    version: int
    memory_bytes: int
    held: frozenset[str] = field(default_factory=frozenset)

    def join(self, pid: int) -> None:
        """Put a process into the group; its children will be in it too.

        Raises:
            OSError: The kernel refuses.
        """
        for folder in sorted(set(self.folders.values())):
            (folder / "cgroup.procs").write_text(str(pid), encoding="ascii")

    def kills_for_memory(self) -> int:
        """Return how many processes the kernel has ended for want of memory."""
        names = {1: "memory.oom_control", 2: "memory.events"}
        for line in _read(self._memory() / names[self.version]).splitlines():
            key, _, value = line.partition(" ")
            if key == "oom_kill":
                return int(value)
        return 0

    def peak(self) -> int | None:
        """Return the most bytes that were in use at one time (with page cache); None before Linux 5.19 on version 2."""
        names = {1: "memory.max_usage_in_bytes", 2: "memory.peak"}
        value = _read(self._memory() / names[self.version]).strip()
        return int(value) if value.isdigit() else None

    def grant(self, extra: int) -> None:
        """Raise the limit: once the job is dead of it, the launcher still has to report."""
        with contextlib.suppress(OSError):
            _limit_memory(self._memory(), self.version, self.memory_bytes + extra, up=True)

    def kill(self) -> None:
        """Kill every process in it."""
        for folder in set(self.folders.values()):
            for line in _read(folder / "cgroup.procs").split():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(int(line), signal.SIGKILL)

    def remove(self) -> None:
        """Remove the folders, waiting a little for the last process to be gone."""
        until = time.monotonic() + _WAIT_EMPTY
        for folder in set(self.folders.values()):
            while not _remove(folder) and time.monotonic() < until:
                self.kill()
                time.sleep(0.01)

    def _memory(self) -> Path:
        return self.folders.get("memory", Path("/nonexistent"))


def places(own: str | None = None, mounts: str | None = None) -> tuple[Place, ...]:
    """Return where groups may be made: at most one place per controller, only places that can be written to.

    Args:
        own: Content of ``/proc/self/cgroup``. mounts: Content of ``/proc/self/mountinfo``. Default: of this process.
    """
    groups = [line.split(":", 2) for line in (_read(_OWN) if own is None else own).splitlines() if line.count(":") > 1]
    found: list[Place] = []
    for kind, options, root, point in _mounts(_read(_MOUNTS) if mounts is None else mounts):
        for number, names, path in groups:
            below = _relative(path, root)
            if below is None:
                continue
            if kind == "cgroup2" and number == "0":
                found += _second(point, below)
            wanted = {"memory", "pids"} & set(names.split(",")) & options
            if kind == "cgroup" and wanted and _can_write(point / below):
                found.append(Place(1, point / below, frozenset(wanted)))
    return tuple(found)


def make(name: str, *, memory_bytes: int, tasks: int) -> Group | None:
    """Make a group with these limits, or return None where it cannot be made. Clears up after dead predecessors."""
    group = Group({}, 0, memory_bytes)
    for place in places():
        new = place.controllers - group.folders.keys()
        folder = place.folder / f"{_PREFIX}{name}"
        if not new or (group.version and group.version != place.version):
            continue
        try:
            _sweep(place.folder)
            folder.mkdir()
            if "memory" in new:
                _limit_memory(folder, place.version, memory_bytes, up=False)
            if "pids" in new:
                (folder / "pids.max").write_text(str(tasks), encoding="ascii")
        except OSError:
            _remove(folder)
            continue
        group.version = place.version
        group.folders |= dict.fromkeys(new, folder)
    group.held = frozenset(group.folders)
    return group if group.held else None


def controllers() -> frozenset[str]:
    """Return what a group can hold here, found out by making one and removing it."""
    group = make(f"{os.getpid()}-{time.monotonic_ns()}", memory_bytes=64 << 20, tasks=16)
    if group is None:
        return frozenset()
    group.remove()
    return group.held


def _second(point: Path, below: str) -> list[Place]:
    """Climb from the own group of version 2 to one that hands its controllers down and that we may write to.

    A process can be moved only below a common ancestor that the mover may write to, so the first such one is taken.
    """
    folder = point / below
    while folder.is_relative_to(point):
        handed = {"memory", "pids"} & set(_read(folder / "cgroup.subtree_control").split())
        if handed and _can_write(folder):
            return [Place(2, folder, frozenset(handed))]
        if folder == point:
            break
        folder = folder.parent
    return []


def _mounts(text: str) -> list[tuple[str, set[str], str, Path]]:
    """Return (kind, super options, root, mount point) of each mounted cgroup tree. Source: proc_pid_mountinfo(5)."""
    found = []
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        fields, rest = left.split(" "), right.split(" ")
        if len(fields) > 4 and len(rest) > 2 and rest[0] in {"cgroup", "cgroup2"}:
            found.append((rest[0], set(rest[2].split(",")), fields[3], Path(fields[4])))
    return found


def _relative(path: str, root: str) -> str | None:
    """Return the group's path below the mounted root; a container sees only its own part of the tree."""
    if ".." in path.split("/"):
        return None
    if root == "/":
        return path.lstrip("/")
    if path in {"/", root} or path.startswith(f"{root}/"):
        return path.removeprefix(root).lstrip("/")
    return None


def _limit_memory(folder: Path, version: int, size: int, *, up: bool) -> None:
    """Limit memory, and swap with it. On version 1 the sum with swap may never lie below the limit of memory alone."""
    if version == 2:
        (folder / "memory.max").write_text(str(size), encoding="ascii")
        swap = [(folder / "memory.swap.max", 0)]
    else:
        swap = [(folder / "memory.memsw.limit_in_bytes", size)]
        plain = (folder / "memory.limit_in_bytes", size)
        swap = [*swap, plain] if up else [plain, *swap]
    for path, value in swap:
        if path.exists():
            path.write_text(str(value), encoding="ascii")


def _sweep(parent: Path) -> None:
    """Remove empty groups whose guard was killed before it could."""
    for folder in parent.glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if not Path(f"/proc/{pid}").exists():
            _remove(folder)


def _can_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK)


def _remove(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
