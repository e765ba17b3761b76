"""How much memory does a tree of processes use, where no cgroup counts it? (Linux; standard library only.)"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_PROC = Path("/proc")
_PAGE = 4096


def descendants(root: int) -> list[int]:
    """Return the processes below ``root``, parents before children, without ``root`` itself."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir(_PROC):  # noqa: PTH208 (names only: a tenth of the time)
        if entry.isdigit() and (parent := _parent(entry)) is not None:
            children.setdefault(parent, []).append(int(entry))
    found: list[int] = []
    ahead = [root]
    while ahead:
        below = children.get(ahead.pop(), [])
        found += below
        ahead += below
    return found


def used_bytes(pids: list[int], *, inside: list[int], folders: tuple[str, ...]) -> int:
    """Return what the processes hold together, with what lies in the sandbox's file systems in memory.

    Proportional shares (PSS), so that pages shared by forked workers count once. Pages of mapped files can be dropped
    at any time and are left out. Shared memory and files in memory are partly the same pages: the larger one counts.

    Args:
        pids: The processes.
        inside: Those of them that see the sandbox's files, best first.
        folders: Writable folders as seen from there.
    """
    private = shared = 0
    for pid in pids:
        own, common = _shares(pid)
        private += own
        shared += common
    return private + max(shared, _in_folders(inside, folders))


def tasks_of(user: int) -> int:
    """Return how many processes and threads a user has."""
    count = 0
    for folder in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == user:
                count += sum(1 for _ in (folder / "task").iterdir())
    return count


def _shares(pid: int) -> tuple[int, int]:
    """Return (private, shared memory) in bytes; resident size for a process that may not be looked into."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return _resident(pid), 0
    sizes = {line.partition(":")[0]: int(line.split()[1]) for line in lines[1:] if line.endswith("kB")}
    private = sizes.get("Pss_Anon", sizes.get("Pss", 0)) + sizes.get("SwapPss", 0)
    return 1024 * private, 1024 * sizes.get("Pss_Shmem", 0)


def _resident(pid: int) -> int:
    try:
        return _PAGE * int((_PROC / str(pid) / "statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _in_folders(pids: list[int], folders: tuple[str, ...]) -> int:
    for pid in pids:
        used = 0
        try:
            for folder in folders:
                room = os.statvfs(_PROC / str(pid) / "root" / folder.lstrip("/"))
                used += (room.f_blocks - room.f_bfree) * room.f_frsize
        except OSError:
            continue
        return used
    return 0


def _parent(entry: str) -> int | None:
    """Return the parent's id: second field after the name, which stands in brackets and may hold anything."""
    try:
        stat = (_PROC / entry / "stat").read_bytes()
        return int(stat[stat.rindex(b")") + 2 :].split()[1])
    except (OSError, ValueError, IndexError):
        return None
