from __future__ import annotations

import os
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evaluator.source.blobs import Blobs, is_pointer, sizes
from evaluator.source.command import Running
from tests.repositories import git, repository

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 5\n"


@pytest.fixture
def git_dir(tmp_path: Path) -> Path:
    files = {f"{n}.txt": f"{n}\n" * (n * 1_000) for n in range(30)}
    return repository(tmp_path / "project", ("one", files)) / ".git"


def oid_of(git_dir: Path, name: str) -> str:
    return git(git_dir, "rev-parse", f"HEAD:{name}").strip()


def loose(git_dir: Path, oid: str) -> Path:
    return git_dir / f"objects/{oid[:2]}/{oid[2:]}"


def test_read_from_several_threads(git_dir: Path) -> None:
    """One process answers all, and every answer goes to whom it belongs."""
    oids = {oid_of(git_dir, f"{n}.txt"): f"{n}\n" * (n * 1_000) for n in range(30)}
    blobs = Blobs(git_dir)

    with ThreadPoolExecutor(8) as pool:
        found = dict(zip(oids, pool.map(blobs.read, oids), strict=True))
    blobs.close()

    assert {oid: data.decode() for oid, data in found.items()} == oids


def test_what_is_no_blob(git_dir: Path) -> None:
    blobs = Blobs(git_dir)
    try:
        for oid in ("0" * 40, oid_of(git_dir, ""), "nonsense"):
            with pytest.raises(KeyError):
                blobs.read(oid)
        assert blobs.read(oid_of(git_dir, "1.txt")) == b"1\n" * 1_000
    finally:
        blobs.close()
    with pytest.raises(KeyError):
        blobs.read(oid_of(git_dir, "1.txt"))


def test_damaged_object(git_dir: Path) -> None:
    """Git writes less than it promised, and waits; the next object is read all the same."""
    oid = oid_of(git_dir, "1.txt")
    path = loose(git_dir, oid)
    path.chmod(0o600)
    path.write_bytes(zlib.compress(b"blob 2000\0short"))
    blobs = Blobs(git_dir, patience=0.3)

    try:
        with pytest.raises(KeyError):
            blobs.read(oid)
        assert blobs.read(oid_of(git_dir, "2.txt")) == b"2\n" * 2_000
    finally:
        blobs.close()


def test_object_that_hangs(git_dir: Path) -> None:
    """A FIFO in the place of an object: a few waits, and then none."""
    oid, other = oid_of(git_dir, "1.txt"), oid_of(git_dir, "2.txt")
    loose(git_dir, oid).unlink()
    os.mkfifo(loose(git_dir, oid))
    blobs = Blobs(git_dir, patience=0.2)

    try:
        for _ in range(2):
            with pytest.raises(KeyError):
                blobs.read(oid)
        assert blobs.read(other)
        for asked in (oid, oid, other):
            with pytest.raises(KeyError):
                blobs.read(asked)
    finally:
        blobs.close()


def test_process_ends_with_its_owner(git_dir: Path) -> None:
    before = threading.active_count()
    blobs = Blobs(git_dir)
    blobs.read(oid_of(git_dir, "1.txt"))
    running = blobs._running
    assert running is not None

    del blobs

    assert running._process.poll() is not None
    assert threading.active_count() == before


def test_sizes(git_dir: Path) -> None:
    wanted = [oid_of(git_dir, "1.txt"), oid_of(git_dir, "2.txt"), "0" * 40, oid_of(git_dir, "")]

    assert sizes(git_dir, wanted, seconds=10) == {wanted[0]: 2_000, wanted[1]: 4_000}


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        pytest.param(POINTER, True, id="pointer"),
        pytest.param(POINTER + b"x" * 2_000, False, id="too long"),
        pytest.param(b"\n" + POINTER, False, id="not at the start"),
        pytest.param(POINTER.replace(b"oid", b"no"), False, id="without an id"),
        pytest.param(b"", False, id="empty"),
    ],
)
def test_pointer(content: bytes, is_one: bool) -> None:
    assert is_pointer(content) is is_one


def test_time_limit_ends_the_whole_group(git_dir: Path) -> None:
    """An alias of ours starts a child that would outlive git."""
    running = Running(["-c", "alias.wait=!sleep 600 & sleep 600", "wait"], folder=git_dir, git_dir=git_dir, seconds=0.3)
    with running:
        assert running.out.read() == b""
        assert running.finish() != 0

    assert running.stopped == "time"
