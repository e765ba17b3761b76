"""As which user is the sandbox started, when the caller is root?

Never as uid 0: there, ``/proc/sys`` would be writable from inside, and with it the host's ``kernel.core_pattern``;
nor would RLIMIT_NPROC hold. Standard library only: it is also used by the guard, which runs without site-packages.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

# 0x70000000-0x7fffffff: ids that nobody hands out. Source: systemd, "Users, Groups, UIDs and GIDs on systemd systems".
_UNUSED = (0x70000000, 0x7FFFFFFF)
# In a container whose user name space maps only 65 536 ids: below those that Debian reserves (65 000 and up).
_SMALL = (61_184, 64_999)


def is_root() -> bool:
    """Whether any of this process's user ids is 0."""
    return hasattr(os, "getresuid") and 0 in os.getresuid()


def scratch_id(uid_map: str, seed: int, taken: Callable[[int], bool]) -> int | None:
    """Return an id that nobody has, different for different ``seed`` where there are enough; None if there is none.

    Args:
        uid_map: Content of ``/proc/self/uid_map``: only ids in it can be taken on.
        seed: Any number; the process id of who asks.
        taken: Whether an account has the id.
    """
    mapped = [(int(start), int(start) + int(size) - 1) for start, _, size in map(str.split, uid_map.splitlines())]
    for low, high in (_UNUSED, _SMALL):
        if any(start <= low and high <= end for start, end in mapped):
            span = high - low + 1
            free = (low + (seed + step) % span for step in range(1000))
            return next((number for number in free if not taken(number)), None)
    return None


def choose_scratch_id() -> int | None:
    """Return a user and group id for this process's child."""
    return scratch_id(Path("/proc/self/uid_map").read_text(encoding="ascii"), os.getpid(), _has_account)


def become(number: int) -> None:
    """Give up root for good: no supplementary groups, then group, then user, each of real, effective and saved."""
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)


def _has_account(number: int) -> bool:
    import grp
    import pwd

    for look in (pwd.getpwuid, grp.getgrgid):
        try:
            look(number)
        except KeyError:
            continue
        return True
    return False
