"""The writable places are what was asked for together, and the command line says what it must."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import SandboxError
from evaluator.sandbox import layout
from evaluator.sandbox.api import Limits

MB = 1 << 20


@given(st.integers(1, 100_000), st.integers(0, 200_000 * MB), st.integers(0, 10**9))
def test_rooms_add_up(disk: int, project: int, back: int) -> None:
    """Exactly to the limit; the project always fits into its own."""
    found = layout.rooms(Limits(disk_mb=disk, back_bytes=back), layout.Size(project, 0))

    if found is None:
        assert disk * MB - project < disk * MB // 8
    else:
        assert sum(found.values()) == disk * MB
        assert set(found) == set(layout.WRITABLE)
        assert min(found.values()) > 0
        assert found["/work"] >= project


def test_rooms_of_the_usual_limits() -> None:
    found = layout.rooms(Limits(), layout.Size(0, 0))
    assert found is not None

    assert {place: size // MB for place, size in found.items()} == {
        "/work": 1008,
        "/tmp": 504,
        "/dev/shm": 252,
        "/home/user": 252,
        "/out": 31,
    }


def _layout(**change: object) -> layout.Layout:
    usual: dict[str, object] = {
        "bwrap": "/usr/bin/bwrap",
        "project": "/p",
        "rooms": {"/work": 1, "/tmp": 2},
        "read_only": {"/opt/b/c": "/h/2", "/opt/b": "/h/1", "/usr/lib/x": "/usr/lib/x"},
        "files": {"/run/launcher": 7},
        "python": "/usr/bin/python3",
        "seccomp": 8,
        "control": 9,
        "result": 10,
        "spec": 11,
        "system": ("--ro-bind", "/usr", "/usr", "--dev", "/dev"),
    }
    return layout.Layout(**{**usual, **change})


def test_the_command_line() -> None:
    argv = layout.arguments(_layout())
    text = " ".join(argv)

    for needed in (
        "--unshare-user --unshare-ipc --unshare-pid --unshare-uts --unshare-net --unshare-cgroup-try",
        "--die-with-parent --new-session --as-pid-1 --disable-userns --cap-drop ALL --clearenv --uid 1000 --gid 1000",
        "--perms 1777 --size 2 --tmpfs /tmp",
        "--perms 0755 --size 1 --tmpfs /work",
        "--ro-bind /p /src",
        "--ro-bind /h/1 /opt/b --ro-bind /h/2 /opt/b/c",
        "--perms 0444 --file 7 /run/launcher --remount-ro /dev --remount-ro /",
        "--seccomp 8 -- /usr/bin/python3 -X utf8 -I -S -B /run/launcher 9 10 11",
    ):
        assert needed in text
    assert "/usr/lib/x" not in text
    assert "--bind" not in argv
    assert "--dev-bind" not in argv


def test_no_tmpfs_without_a_size() -> None:
    """bubblewrap takes a missing one for no limit."""
    argv = layout.arguments(_layout())

    assert all(argv[at - 2] == "--size" for at, word in enumerate(argv) if word == "--tmpfs")


def test_the_system_of_a_merged_and_of_a_divided_root(tmp_path: Path) -> None:
    (tmp_path / "lib").symlink_to("usr/lib")
    (tmp_path / "bin").mkdir()
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/keys").touch()
    argv = " ".join(layout.system_arguments(tmp_path))

    assert "--symlink usr/lib /lib" in argv
    assert "--ro-bind /bin /bin" in argv
    assert "/sbin" not in argv
    assert "--ro-bind /dev/null /proc/keys" in argv
    assert "timer_list" not in argv
    assert "--ro-bind-try /proc/sys /proc/sys" in argv


def test_measuring_a_project(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a").write_bytes(bytes(4097))
    (tmp_path / "b").write_bytes(b"1")
    (tmp_path / "empty").touch()
    (tmp_path / "loop").symlink_to(".")

    assert layout.measure(str(tmp_path)) == layout.Size(3 * 4096, 5)


@pytest.mark.parametrize("name", ["missing", "file"])
def test_measuring_what_is_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SandboxError, match="cannot be read"):
        layout.measure(str(tmp_path / name))
