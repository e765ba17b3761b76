"""Interpreters are found where version managers keep them, chosen by the project's word or its time, and shown whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from evaluator.facts.packaging import Packaging, PythonStated
from evaluator.model import Span
from evaluator.runs.installing import interpreters
from evaluator.runs.installing.interpreters import (
    Installed,
    Interpreter,
    installed,
    nearest,
    opened,
    probe,
    reachable,
    shown,
)
from evaluator.runs.installing.python_choice import choose

OWN = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"


def fake(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return path


def test_version_managers_and_the_path_are_searched(tmp_path: Path) -> None:
    """The newest patch first; no shims, no links to a version, no Python 2."""
    pyenv = tmp_path / "pyenv" / "versions"
    newer = fake(pyenv / "3.12.10" / "bin" / "python3.12")
    older = fake(pyenv / "3.12.9" / "bin" / "python3.12")
    fake(pyenv / "2.7.18" / "bin" / "python2.7")
    (pyenv / "latest").symlink_to(pyenv / "3.12.9")
    fake(tmp_path / "shims" / "python3.12")
    managed = fake(tmp_path / "uv" / "cpython-3.14.0-linux" / "bin" / "python3.14")
    on_path = fake(tmp_path / "bin" / "python3.9")

    found = installed(
        {
            "HOME": str(tmp_path),
            "PYENV_ROOT": str(tmp_path / "pyenv"),
            "UV_PYTHON_INSTALL_DIR": str(tmp_path / "uv"),
            "PATH": f"{tmp_path / 'shims'}{os.pathsep}{tmp_path / 'bin'}",
        }
    )

    theirs = {m: tuple(p for p in paths if tmp_path in p.parents) for m, paths in found.candidates.items()}
    assert {m: p for m, p in theirs.items() if p} == {(3, 9): (on_path,), (3, 12): (newer, older), (3, 14): (managed,)}


def test_what_does_not_start_is_passed_over(tmp_path: Path) -> None:
    broken = fake(tmp_path / "python3.7")

    assert probe(broken) is None
    assert Installed({(3, 7): (broken,)}).minors() == ()
    assert Installed({(3, 9): (broken,)}).get((3, 9)) is None


def test_a_virtual_environment_answers_for_its_interpreter(tmp_path: Path) -> None:
    subprocess.run([OWN, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)

    found = probe(tmp_path / "env" / "bin" / "python")

    assert found is not None
    assert found.prefix == str(Path(sys.base_prefix).resolve())
    assert found.version == ".".join(str(n) for n in sys.version_info[:3])


def test_one_in_a_private_folder_is_copied_and_shown_at_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy starts, knows nothing of what was installed in the original, and is made once."""
    python = probe(OWN)
    assert python is not None
    monkeypatch.setattr(interpreters, "reachable", lambda _: False)
    private = python if not python.prefix.startswith("/usr") else None
    if private is None:
        pytest.skip("this Python lies below /usr, which every sandbox has")

    first, second = shown(private, tmp_path), shown(private, tmp_path)

    assert first == second
    assert first is not None
    copy = Path(first[python.prefix])
    assert copy.parent == tmp_path
    env = {"LD_LIBRARY_PATH": str(copy / "lib"), "PYTHONHOME": str(copy)}
    done = subprocess.run(
        [copy / "bin" / OWN.name, "-c", "import ssl, sqlite3, ctypes, sys; print(sys.prefix)"],
        env=env,
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.strip() == str(copy)
    assert not list(copy.glob("lib/python3*/site-packages/*"))
    assert [p.name for p in tmp_path.iterdir()] == [copy.name]


def test_one_below_usr_needs_nothing(tmp_path: Path) -> None:
    assert shown(Interpreter(executable="/usr/bin/python3", prefix="/usr", version="3.11.2"), tmp_path) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user for the sandbox")
def test_root_can_reach_more_than_the_sandboxes_user(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)

    assert not reachable(private)
    assert reachable(Path("/usr"))


def test_opened_lets_everybody_read(tmp_path: Path) -> None:
    for name, mode in (("a", 0o600), ("b", 0o700)):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(mode)
    (tmp_path / "dead").symlink_to("nowhere")

    opened(tmp_path)

    assert [(tmp_path / n).stat().st_mode & 0o777 for n in ("a", "b")] == [0o644, 0o755]


@pytest.mark.parametrize(
    ("wanted", "expected"), [((3, 7), (3, 8)), ((3, 10), (3, 11)), ((3, 11), (3, 11)), ((3, 14), (3, 13))]
)
def test_nearest(wanted: tuple[int, int], expected: tuple[int, int]) -> None:
    """Of two at the same distance the newer one."""
    assert nearest(wanted, [(3, 8), (3, 9), (3, 11), (3, 13)]) == expected


def test_nearest_of_nothing() -> None:
    assert nearest((3, 9), []) is None


def stated(version: str, where: str, path: str = "x") -> PythonStated:
    return PythonStated(at=Span(path=path), version=version, where=where)  # type: ignore[arg-type]


ALL = tuple((3, n) for n in range(8, 14))


@pytest.mark.parametrize(
    ("said", "year", "held", "first", "compromise"),
    [
        pytest.param([], 2020, ALL, (3, 8), False, id="2020"),
        pytest.param([], 2018, ALL, (3, 8), False, id="before all that is installed"),
        pytest.param([], 2022, ALL, (3, 9), False, id="2022"),
        pytest.param([], 2023, ALL, (3, 10), False, id="2023"),
        pytest.param([], 2025, ALL, (3, 11), False, id="2025"),
        pytest.param([], 9999, ((3, 13),), (3, 13), False, id="the only one"),
        pytest.param([stated(">=3.12", "metadata")], 2025, ALL, (3, 12), False, id="metadata"),
        pytest.param([stated("^3.9", "metadata")], 2023, ALL, (3, 10), False, id="metadata leaves it to the year"),
        pytest.param([stated(">=3.8,<3.10", "metadata")], 2025, ALL, (3, 9), False, id="metadata against the year"),
        pytest.param([stated("3.11.5", "metadata")], 2020, ALL, (3, 11), False, id="a bare version in metadata"),
        pytest.param([stated("python-3.9.7", "version-file")], 2025, ALL, (3, 9), False, id="version file"),
        pytest.param(
            [stated("3.12", "dockerfile"), stated("3.9", "ci")], 2025, ALL, (3, 12), False, id="image before CI"
        ),
        pytest.param(
            [stated("3.8", "ci"), stated("3.11", "ci"), stated("3.13", "ci")],
            2025,
            ALL,
            (3, 11),
            False,
            id="of a matrix the one of its time",
        ),
        pytest.param([stated("3.8", "prose")], 2025, ALL, (3, 11), False, id="prose does not choose"),
        pytest.param([stated("3.6", "version-file")], 2019, ALL, (3, 8), True, id="the nearest, said aloud"),
        pytest.param([stated(">=3.14", "metadata")], 2025, ALL, (3, 13), True, id="none is allowed"),
        pytest.param([stated("not a version", "metadata")], 2025, ALL, (3, 11), False, id="unreadable metadata"),
    ],
)
def test_choice(
    said: list[PythonStated], year: int, held: tuple[tuple[int, int], ...], first: tuple[int, int], compromise: bool
) -> None:
    found = choose(Packaging(manifests=(), python=tuple(said)), year, held)

    assert found.minors[0] == first
    assert bool(found.compromise) == compromise
    assert len(found.minors) == len(set(found.minors)) <= 3


def test_choice_of_nothing() -> None:
    assert choose(Packaging(manifests=()), 2024, ()).minors == ()
