"""The filter lets through what programs need, and nothing that reaches out."""

from __future__ import annotations

import errno
import struct
from collections.abc import Mapping

import pytest

from evaluator.sandbox import seccomp

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
EPERM, ENOSYS = errno.EPERM, errno.ENOSYS
NUMBERS: Mapping[str, tuple[int, int]] = {
    "read": (0, 63),
    "openat": (257, 56),
    "execve": (59, 221),
    "clone": (56, 220),
    "clone3": (435, 435),
    "ioctl": (16, 29),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "prlimit64": (302, 261),
    "futex": (202, 98),
    "seccomp": (317, 277),
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "close_range": (436, 436),
    "pidfd_open": (434, 434),
    "landlock_create_ruleset": (444, 444),
    "unshare": (272, 97),
    "mount": (165, 40),
    "ptrace": (101, 117),
    "open_tree_attr": (467, 467),
}


def judge(program: bytes, machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """Interpret the program as the kernel does; return 0 for allowed, the errno, or -1 for killed."""
    words = [*arguments, *[0] * (6 - len(arguments))]
    subject = struct.pack("<iIQ6Q", number, audit or AUDIT[machine], 0, *(w & (2**64 - 1) for w in words))
    steps = list(struct.iter_unpack("=HBBI", program))
    at = value = 0
    while True:
        code, yes, no, k = steps[at]
        at += 1
        match code:
            case 0x20:
                (value,) = struct.unpack_from("<I", subject, k)
            case 0x15:
                at += yes if value == k else no
            case 0x25:
                at += yes if value > k else no
            case 0x35:
                at += yes if value >= k else no
            case 0x45:
                at += yes if value & k else no
            case 0x06:
                return {0x7FFF0000: 0, 0x80000000: -1}.get(k, k & 0xFFFF)
            case _:
                raise AssertionError(code)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize(
    ("call", "arguments", "expected"),
    [
        pytest.param("read", (), 0, id="read"),
        pytest.param("openat", (), 0, id="open"),
        pytest.param("execve", (), 0, id="exec"),
        pytest.param("futex", (), 0, id="futex"),
        pytest.param("seccomp", (), 0, id="a filter of its own"),
        pytest.param("close_range", (), 0, id="close_range"),
        pytest.param("pidfd_open", (), 0, id="pidfd_open"),
        pytest.param("landlock_create_ruleset", (), 0, id="landlock"),
        pytest.param("clone", (0x11,), 0, id="fork"),
        pytest.param("clone", (0x3D0F00,), 0, id="thread"),
        pytest.param("clone", (0x10000011,), EPERM, id="clone, user name space"),
        pytest.param("clone", (0x40000011,), EPERM, id="clone, network name space"),
        pytest.param("clone", (0x00020011,), EPERM, id="clone, mount name space"),
        pytest.param("clone", (0x02000000,), EPERM, id="clone, cgroup name space"),
        pytest.param("clone3", (), ENOSYS, id="clone3"),
        pytest.param("ioctl", (1, 0x5401), 0, id="terminal settings"),
        pytest.param("ioctl", (1, 0x5412), EPERM, id="TIOCSTI"),
        pytest.param("ioctl", (1, 0x541C), EPERM, id="TIOCLINUX"),
        pytest.param("ioctl", (1, 0xFFFFFFFF_00005412), EPERM, id="TIOCSTI, high bits set"),
        pytest.param("socket", (1, 1, 0), 0, id="local socket"),
        pytest.param("socket", (2, 1, 0), 0, id="TCP"),
        pytest.param("socket", (2, 1, 6), 0, id="TCP by number"),
        pytest.param("socket", (10, 2, 17), 0, id="UDP, version 6"),
        pytest.param("socket", (10, 0x80803, 58), 0, id="ICMP, version 6"),
        pytest.param("socket", (2, 5, 132), errno.EPROTONOSUPPORT, id="SCTP"),
        pytest.param("socket", (16, 3, 0), 0, id="netlink route"),
        pytest.param("socket", (16, 3, 12), errno.EPROTONOSUPPORT, id="netlink netfilter"),
        pytest.param("socket", (17, 3, 0), errno.EAFNOSUPPORT, id="AF_PACKET"),
        pytest.param("socket", (38, 5, 0), errno.EAFNOSUPPORT, id="AF_ALG"),
        pytest.param("socket", (40, 1, 0), errno.EAFNOSUPPORT, id="AF_VSOCK"),
        pytest.param("socket", (0x1_00000028, 1, 0), errno.EAFNOSUPPORT, id="AF_VSOCK, high bits set"),
        pytest.param("socket", (0, 1, 0), errno.EAFNOSUPPORT, id="AF_UNSPEC"),
        pytest.param("socketpair", (1, 1, 0), 0, id="pair of local sockets"),
        pytest.param("socketpair", (40, 1, 0), errno.EAFNOSUPPORT, id="pair of others"),
        pytest.param("prlimit64", (0, 7, 123), 0, id="own limit"),
        pytest.param("prlimit64", (5, 7, 0, 99), 0, id="another's limit, to read"),
        pytest.param("prlimit64", (1, 7, 123), EPERM, id="another's limit, to set"),
        pytest.param("prlimit64", (1, 7, 0x7F00_00000000), EPERM, id="another's limit, low address bits zero"),
        pytest.param("unshare", (0x10000000,), EPERM, id="unshare"),
        pytest.param("mount", (), EPERM, id="mount"),
        pytest.param("ptrace", (), EPERM, id="ptrace"),
        pytest.param("open_tree_attr", (), ENOSYS, id="newer than the table"),
    ],
)
def test_decisions(machine: str, call: str, arguments: tuple[int, ...], expected: int) -> None:
    program = seccomp.program(machine, memory_counted=True)

    assert expected == judge(program, machine, NUMBERS[call][machine == "aarch64"], *arguments)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize(("counted", "expected"), [(True, 0), (False, EPERM)], ids=["cgroup", "no cgroup"])
@pytest.mark.parametrize("call", ["memfd_create", "shmget"])
def test_memory_of_no_process(machine: str, call: str, expected: int, *, counted: bool) -> None:
    """It can be had only where it is counted."""
    program = seccomp.program(machine, memory_counted=counted)

    assert expected == judge(program, machine, NUMBERS[call][machine == "aarch64"])


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_refused_call_is_refused(machine: str) -> None:
    program = seccomp.program(machine, memory_counted=False)
    column = machine == "aarch64"
    numbers = [both[column] for both in (seccomp._REFUSED | seccomp._UNCOUNTED).values() if both[column] is not None]

    assert {judge(program, machine, number) for number in numbers if number is not None} == {EPERM}
    assert len(numbers) > 50


def test_other_processors_and_the_32_bit_ways_in_are_killed() -> None:
    program = seccomp.program("x86_64", memory_counted=True)

    assert judge(program, "x86_64", 20, audit=0x40000003) == -1
    assert judge(program, "x86_64", 0x40000000 + 1) == -1
    assert judge(program, "x86_64", -1) == -1
    assert judge(seccomp.program("aarch64", memory_counted=True), "aarch64", 20, audit=0x40000028) == -1


def test_names_of_machines() -> None:
    assert seccomp.program("arm64", memory_counted=True) == seccomp.program("aarch64", memory_counted=True)
    with pytest.raises(KeyError):
        seccomp.program("riscv64", memory_counted=True)


def test_the_program_fits_what_the_kernel_takes() -> None:
    """BPF_MAXINSNS; jumps are of one byte, which ``struct`` would have refused."""
    for machine in ("x86_64", "aarch64"):
        assert len(seccomp.program(machine, memory_counted=False)) // 8 < 4096
