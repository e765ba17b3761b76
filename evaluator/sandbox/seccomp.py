"""Which system calls does the kernel refuse inside the sandbox?

A classic BPF program, assembled here: no library has to be installed for it. Everything is allowed but what is listed;
the list holds what reaches other processes, other name spaces, kernel keyrings, or rarely used parts of the kernel.
Source: seccomp(2), ``struct seccomp_data``; numbers from the kernel's ``unistd_64.h`` and ``asm-generic/unistd.h``.
"""

from __future__ import annotations

import errno
import platform
import struct
from dataclasses import dataclass

_LOAD = 0x20
_EQUAL = 0x15
_GREATER = 0x25
_AT_LEAST = 0x35
_ANY_BIT = 0x45
_RETURN = 0x06

ALLOW = 0x7FFF0000
KILL = 0x80000000
_ERRNO = 0x00050000

_NUMBER, _ARCHITECTURE = 0, 4
_CLONE_NEW = 0x7E020000
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_UNIX, _INET, _INET6, _NETLINK = 1, 2, 10, 16
_PROTOCOLS = (0, 1, 6, 17, 58)
_X32 = 0x40000000

NEWEST = 462
"""Last call of the tables below (``mseal``, Linux 6.10). Later ones get ENOSYS, as from an older kernel, until somebody
has judged them here. From 424 on the numbers are the same on both machines."""

# call: (x86_64, aarch64); None where the machine does not have it.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "setns": (308, 268),
    "unshare": (272, 97),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "ustat": (136, None),
    "sysfs": (139, None),
    "_sysctl": (156, None),
    "lookup_dcookie": (212, 18),
    "nfsservctl": (180, 42),
    "vhangup": (153, 58),
    "fanotify_init": (300, 262),
    "memfd_secret": (447, 447),
}

# Refused as well where no memory cgroup counts what they hold: memory that belongs to no process.
_UNCOUNTED: dict[str, tuple[int | None, int | None]] = {"memfd_create": (319, 279), "shmget": (29, 194)}


@dataclass(frozen=True)
class Machine:
    """What differs between processors: the audit number, and the column of the tables."""

    audit: int
    column: int
    clone: int
    clone3: int
    ioctl: int
    socket: int
    socketpair: int
    prlimit64: int


MACHINES = {
    "x86_64": Machine(0xC000003E, 0, clone=56, clone3=435, ioctl=16, socket=41, socketpair=53, prlimit64=302),
    "aarch64": Machine(0xC00000B7, 1, clone=220, clone3=435, ioctl=29, socket=198, socketpair=199, prlimit64=261),
}

_Step = tuple[int, int, int, int]


def program(machine: str | None = None, *, memory_counted: bool) -> bytes:
    """Return the filter for ``machine`` (default: this one), ready for ``bwrap --seccomp``.

    Args:
        machine: As ``platform.machine()`` names it.
        memory_counted: A memory cgroup holds; otherwise calls that make memory outside any process are refused too.

    Raises:
        KeyError: There is no table for this machine.
    """
    name = machine or platform.machine()
    known = MACHINES[{"arm64": "aarch64", "amd64": "x86_64"}.get(name, name)]
    return b"".join(struct.pack("=HBBI", *step) for step in _steps(known, memory_counted=memory_counted))


def _steps(machine: Machine, *, memory_counted: bool) -> list[_Step]:
    steps = [_load(_ARCHITECTURE), (_EQUAL, 1, 0, machine.audit), _give(KILL), _load(_NUMBER)]
    if machine.column == 0:
        steps += [(_AT_LEAST, 0, 1, _X32), _give(KILL)]
    steps += [(_GREATER, 0, 1, NEWEST), _refuse(errno.ENOSYS)]
    for numbers in (_REFUSED if memory_counted else _REFUSED | _UNCOUNTED).values():
        number = numbers[machine.column]
        if number is not None:
            steps += [(_EQUAL, 0, 1, number), _refuse(errno.EPERM)]
    # glibc falls back to clone, whose flags can be looked at; those of clone3 lie in memory.
    steps += _when(machine.clone3, [_refuse(errno.ENOSYS)])
    steps += _when(machine.clone, [_low(0), (_ANY_BIT, 0, 1, _CLONE_NEW), _refuse(errno.EPERM), _give(ALLOW)])
    steps += _when(machine.ioctl, _ioctl())
    steps += _when(machine.prlimit64, _prlimit())
    steps += _when(machine.socketpair, [_low(0), (_EQUAL, 0, 1, _UNIX), _give(ALLOW), _refuse(errno.EAFNOSUPPORT)])
    steps += _when(machine.socket, _socket())
    return [*steps, _give(ALLOW)]


def _ioctl() -> list[_Step]:
    """Refuse to type into a terminal. The kernel reads 32 bits of the command, and so does this (CVE-2019-10063)."""
    refused = [step for command in (_TIOCSTI, _TIOCLINUX) for step in ((_EQUAL, 0, 1, command), _refuse(errno.EPERM))]
    return [_low(1), *refused, _give(ALLOW)]


def _prlimit() -> list[_Step]:
    """Allow one's own limits, and reading: a job must not lower those of the launcher, which has the same user."""
    own = [_low(0), (_EQUAL, 0, 1, 0), _give(ALLOW)]
    reads = [_low(2), (_EQUAL, 0, 3, 0), _high(2), (_EQUAL, 0, 1, 0), _give(ALLOW)]
    return [*own, *reads, _refuse(errno.EPERM)]


def _socket() -> list[_Step]:
    """Allow local sockets, the own loopback, and the netlink family that lists interfaces.

    A network name space does not cover AF_VSOCK (it reaches a hypervisor); other families and protocols are seldom
    used parts of the kernel that a call would load.
    """
    protocols = [_low(2)]
    for number in _PROTOCOLS:
        protocols += [(_EQUAL, 0, 1, number), _give(ALLOW)]
    protocols.append(_refuse(errno.EPROTONOSUPPORT))
    netlink = [_low(2), (_EQUAL, 0, 1, 0), _give(ALLOW), _refuse(errno.EPROTONOSUPPORT)]
    return [
        _low(0),
        (_EQUAL, 0, 1, _UNIX),
        _give(ALLOW),
        *((_EQUAL, 0, len(netlink), _NETLINK), *netlink),
        (_EQUAL, 1, 0, _INET),
        (_EQUAL, 0, len(protocols), _INET6),
        *protocols,
        _refuse(errno.EAFNOSUPPORT),
    ]


def _when(number: int, body: list[_Step]) -> list[_Step]:
    """Do ``body``, which ends in a return, for one call; step over it for the others."""
    return [(_EQUAL, 0, len(body), number), *body]


def _load(offset: int) -> _Step:
    return (_LOAD, 0, 0, offset)


def _low(argument: int) -> _Step:
    return _load(16 + 8 * argument)


def _high(argument: int) -> _Step:
    return _load(20 + 8 * argument)


def _give(value: int) -> _Step:
    return (_RETURN, 0, 0, value)


def _refuse(code: int) -> _Step:
    return _give(_ERRNO | code)
