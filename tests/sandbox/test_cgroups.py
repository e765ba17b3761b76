"""A group is made where the kernel lets us, and only there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from evaluator.sandbox import cgroups


def mount(kind: str, point: Path, options: str = "rw", root: str = "/") -> str:
    return f"30 24 0:26 {root} {point} rw,nosuid shared:9 - {kind} {kind} {options}\n"


def tree(top: Path, *groups: str, handed: dict[str, str] | None = None) -> Path:
    """Make folders that look like a cgroup tree."""
    for group in ("", *groups):
        folder = top / group
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cgroup.procs").touch()
        (folder / "cgroup.subtree_control").write_text((handed or {}).get(group, ""))
    return top


def test_version_1_takes_the_own_group_of_each_controller(tmp_path: Path) -> None:
    memory = tree(tmp_path / "memory", "job/1")
    pids = tree(tmp_path / "pids")
    own = "9:name=systemd:/\n8:pids:/\n4:memory,hugetlb:/job/1\n0::/\n"
    mounts = mount("cgroup", memory, "rw,memory,hugetlb") + mount("cgroup", pids, "rw,pids")
    found = cgroups.places(own, mounts)

    assert found == (
        cgroups.Place(1, memory / "job/1", frozenset({"memory"})),
        cgroups.Place(1, pids, frozenset({"pids"})),
    )


def test_in_a_container_paths_begin_at_its_part_of_the_tree(tmp_path: Path) -> None:
    top = tree(tmp_path / "memory")
    own = "4:memory:/docker/abc\n"

    assert [p.folder for p in cgroups.places(own, mount("cgroup", top, "rw,memory", root="/docker/abc"))] == [top]
    assert cgroups.places(own, mount("cgroup", top, "rw,memory", root="/docker/other")) == ()
    assert cgroups.places("4:memory:/../x\n", mount("cgroup", top, "rw,memory")) == ()


def test_version_2_climbs_to_a_group_that_hands_its_controllers_down(tmp_path: Path) -> None:
    """As below a user's service manager: the own scope holds processes, the slice above may be divided."""
    top = tree(
        tmp_path / "unified",
        "user",
        "user/app.slice",
        "user/app.slice/own.scope",
        handed={"user/app.slice": "cpu memory pids"},
    )
    found = cgroups.places("0::/user/app.slice/own.scope\n", mount("cgroup2", top))

    assert found == (cgroups.Place(2, top / "user/app.slice", frozenset({"memory", "pids"})),)


@pytest.mark.parametrize("own", ["0::/user/own.scope\n", "", "no such\n", "0::/../../x\n"], ids=repr)
def test_version_2_without_controllers_handed_down(tmp_path: Path, own: str) -> None:
    top = tree(tmp_path / "unified", "user", "user/own.scope", handed={"user": "cpu"})

    assert cgroups.places(own, mount("cgroup2", top)) == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_group_that_cannot_be_written_to_is_passed_by(tmp_path: Path) -> None:
    top = tree(tmp_path / "memory")
    top.chmod(0o555)

    assert cgroups.places("4:memory:/\n", mount("cgroup", top, "rw,memory")) == ()


@pytest.mark.parametrize("version", [1, 2])
def test_limits_are_written_where_the_kernel_reads_them(
    tmp_path: Path, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On folders in place of a real tree: what is written, not what the kernel does with it."""
    place = cgroups.Place(version, tree(tmp_path / "top"), frozenset({"memory", "pids"}))
    monkeypatch.setattr(cgroups, "places", lambda: (place,))
    real = Path.mkdir

    def mkdir(self: Path, *args: int, **kwargs: bool) -> None:
        real(self, *args, **kwargs)
        for name in ("memory.swap.max", "memory.memsw.limit_in_bytes", "memory.limit_in_bytes", "cgroup.procs"):
            (self / name).touch()

    monkeypatch.setattr(Path, "mkdir", mkdir)
    group = cgroups.make("1-x", memory_bytes=1000, tasks=7)
    assert group is not None
    folder = place.folder / "evaluator-1-x"
    group.join(4242)
    written = {p.name: p.read_text() for p in folder.iterdir() if p.read_text()}
    memory = {
        1: {"memory.limit_in_bytes": "1000", "memory.memsw.limit_in_bytes": "1000"},
        2: {"memory.max": "1000", "memory.swap.max": "0"},
    }

    assert written == {**memory[version], "pids.max": "7", "cgroup.procs": "4242"}
    assert group.held == {"memory", "pids"}


@pytest.mark.parametrize(
    ("version", "name", "text"),
    [
        pytest.param(1, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n", id="version 1"),
        pytest.param(2, "memory.events", "low 0\nmax 9\noom 4\noom_kill 3\noom_group_kill 0\n", id="version 2"),
    ],
)
def test_kills_are_counted(tmp_path: Path, version: int, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)

    assert cgroups.Group({"memory": tmp_path}, version, 1).kills_for_memory() == 3
    assert cgroups.Group({"pids": tmp_path}, version, 1).kills_for_memory() == 0


def test_peak_is_none_where_the_kernel_has_none(tmp_path: Path) -> None:
    group = cgroups.Group({"memory": tmp_path}, 2, 1)
    assert group.peak() is None
    (tmp_path / "memory.peak").write_text("123\n")

    assert group.peak() == 123


def test_what_a_dead_guard_left_is_swept_up(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for pid in (gone.pid, os.getpid()):
        (tmp_path / f"evaluator-{pid}-1").mkdir()
    (tmp_path / "other").mkdir()
    cgroups._sweep(tmp_path)

    assert sorted(p.name for p in tmp_path.iterdir()) == [f"evaluator-{os.getpid()}-1", "other"]


def test_a_real_group_holds_what_it_says_and_can_be_removed() -> None:
    held = cgroups.controllers()
    if not held:
        pytest.skip("no cgroup can be made here")
    group = cgroups.make(f"{os.getpid()}-test", memory_bytes=64 << 20, tasks=20)
    assert group is not None
    try:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        group.join(child.pid)
        group.kill()
        assert child.wait(5) == -9
    finally:
        group.remove()

    assert not any(folder.exists() for folder in group.folders.values())
