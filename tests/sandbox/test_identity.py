"""Root is given up for a user that is nobody else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from evaluator.sandbox import identity

ALL = "         0          0 4294967295\n"
SMALL = "         0     100000      65536\n"


@pytest.mark.parametrize(
    ("uid_map", "low", "high"),
    [
        pytest.param(ALL, 0x70000000, 0x7FFFFFFF, id="a machine"),
        pytest.param(SMALL, 61_184, 64_999, id="a container of its own name space"),
        pytest.param("0 1000 1\n1 100000 65536\n", 61_184, 64_999, id="rootless, two lines"),
    ],
)
def test_where_it_lies(uid_map: str, low: int, high: int) -> None:
    chosen = [identity.scratch_id(uid_map, seed, lambda _: False) for seed in (0, 1, 4_194_304, 10**9)]

    assert all(number is not None and low <= number <= high for number in chosen)
    assert len(set(chosen)) == 4


@pytest.mark.parametrize("uid_map", ["0 1000 1\n", ""], ids=["one id mapped", "none"])
def test_there_may_be_none(uid_map: str) -> None:
    assert identity.scratch_id(uid_map, 1, lambda _: False) is None


def test_an_id_that_somebody_has_is_passed_by() -> None:
    first = identity.scratch_id(ALL, 5, lambda _: False)
    assert first is not None

    assert identity.scratch_id(ALL, 5, lambda number: number == first) == first + 1
    assert identity.scratch_id(ALL, 5, lambda _: True) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up root")
def test_root_is_given_up_for_good() -> None:
    code = """
import os, sys
sys.path.append(sys.argv[1])
from evaluator.sandbox import identity
identity.become(identity.choose_scratch_id())
print(identity.is_root(), os.getgroups(), len({*os.getresuid(), *os.getresgid()}))
for take_back in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0])):
    try: take_back()
    except PermissionError: print('refused')
"""
    root = __file__.rpartition("/tests/")[0]
    done = subprocess.run([sys.executable, "-I", "-c", code, root], capture_output=True, text=True, check=True)

    assert done.stdout == "False [] 1\n" + "refused\n" * 3
