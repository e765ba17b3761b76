"""A given environment is known by its files: nothing of it is started, whatever its ``bin/python`` may be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from evaluator.model import Missing
from evaluator.runs.environment import Environment
from evaluator.runs.installing.given import given
from evaluator.runs.installing.interpreters import installed
from evaluator.runs.settings import RunSettings

VERSION = ".".join(str(n) for n in sys.version_info[:3])
MINOR = VERSION.rpartition(".")[0]
OWN = Path(sys.base_prefix).resolve() / "bin" / f"python{MINOR}"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "ran"


@pytest.fixture
def settings(tmp_path: Path) -> RunSettings:
    (tmp_path / "scratch").mkdir()
    return RunSettings(permitted="all", scratch=tmp_path / "scratch", cache=tmp_path / "cache")


def script(path: Path, canary: Path) -> None:
    """Put a program there that leaves a trace, and answers the way an interpreter would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    told = {"version": VERSION, "level": "final", "implementation": "cpython", "prefix": "/usr", "gil": True}
    answer = json.dumps(told)
    path.write_text(f"#!/bin/sh\ntouch {canary}\necho '{answer}'\n")
    path.chmod(0o755)


def venv(folder: Path, *options: str) -> Path:
    subprocess.run([OWN, "-m", "venv", "--without-pip", *options, str(folder)], check=True)
    return folder


def rewritten(folder: Path, **changes: str) -> None:
    """Write ``pyvenv.cfg`` anew, with other values."""
    told = {"home": str(OWN.parent), "version": VERSION} | changes
    (folder / "pyvenv.cfg").write_text("".join(f"{key} = {value}\n" for key, value in told.items()))


@pytest.mark.parametrize("confined", [True, False], ids=["sandbox", "off"])
def test_a_program_in_the_place_of_an_interpreter_is_not_started(
    confined: bool, tmp_path: Path, canary: Path, settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where the environment is active: its folder leads the PATH, in full and as ``.``."""
    folder = venv(tmp_path / "repository" / ".venv")
    for name in ("python", "python3", f"python{MINOR}"):
        script(folder / "bin" / name, canary)
    monkeypatch.chdir(folder / "bin")
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:.:{os.environ['PATH']}")

    found = given(folder, (), settings, confined=confined)

    assert isinstance(found, Missing)
    assert found.cause == "failed"
    assert "none of those found on this machine" in found.detail
    assert not canary.exists()


def test_nor_where_a_link_leads_out_of_the_folder(tmp_path: Path, canary: Path, settings: RunSettings) -> None:
    folder = venv(tmp_path / ".venv")
    script(tmp_path / "elsewhere" / f"python{MINOR}", canary)
    (folder / "bin" / "python").unlink()
    (folder / "bin" / "python").symlink_to(tmp_path / "elsewhere" / f"python{MINOR}")
    rewritten(folder, home=str(tmp_path / "elsewhere"))

    assert isinstance(given(folder, (), settings, confined=True), Missing)
    assert not canary.exists()


@pytest.mark.parametrize("options", [(), ("--copies",)], ids=["links", "copies"])
@pytest.mark.parametrize("confined", [True, False], ids=["sandbox", "off"])
def test_an_honest_one_is_known_by_its_interpreter(
    options: tuple[str, ...], confined: bool, tmp_path: Path, settings: RunSettings
) -> None:
    folder = venv(tmp_path / "theirs", *options)

    found = given(folder, (), settings, confined=confined)

    assert isinstance(found, Environment)
    assert found.version == VERSION
    assert found.python == str(folder / "bin" / "python")


def test_our_own_can_be_given(settings: RunSettings) -> None:
    """Be it a virtual environment or an installation."""
    found = given(Path(sys.prefix), (), settings, confined=True)

    assert isinstance(found, Environment)
    assert found.version == VERSION


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param(f"version = {VERSION}\n", id="no home"),
        pytest.param(f"home = {OWN.parent}\n", id="no version"),
        pytest.param(f"home = {OWN.parent}\nhome = /\nversion = {VERSION}\n", id="two homes"),
        pytest.param(f"home = {OWN.parent}\nversion = {VERSION}\n" + "#" * 20_000, id="too large"),
        pytest.param(f"home = {OWN.parent}\nversion = 3.7.1\n", id="too old"),
        pytest.param(f"home = {OWN.parent}\nversion = 2.7.1\n", id="Python 2"),
        pytest.param(f"home = bin\nversion = {VERSION}\n", id="relative home"),
        pytest.param(f"home = /\0\nversion = {VERSION}\n", id="no path"),
        pytest.param(f"home = /usr/nowhere/bin\nversion = {VERSION}\n", id="another home"),
    ],
)
def test_settings_that_do_not_say_what_the_interpreter_is(content: str, tmp_path: Path, settings: RunSettings) -> None:
    folder = venv(tmp_path / "theirs")
    (folder / "pyvenv.cfg").write_text(content)

    assert isinstance(given(folder, (), settings, confined=True), Missing)


@pytest.mark.parametrize("kind", ["pipe", "link", "folder", "loop"])
def test_settings_that_are_no_file(kind: str, tmp_path: Path, settings: RunSettings) -> None:
    folder = venv(tmp_path / "theirs")
    path = folder / "pyvenv.cfg"
    path.rename(tmp_path / "kept")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "kept" if kind == "link" else path)

    assert isinstance(given(folder, (), settings, confined=True), Missing)


def test_site_packages_that_are_no_folder(tmp_path: Path, settings: RunSettings) -> None:
    folder = venv(tmp_path / "theirs")
    site = next(folder.glob("lib/python3.*/site-packages"))
    shutil.rmtree(site)
    site.write_text("")

    assert isinstance(given(folder, (), settings, confined=True), Missing)


@pytest.fixture
def conda(tmp_path: Path, canary: Path) -> Path:
    folder = tmp_path / "conda"
    script(folder / "bin" / "python", canary)
    (folder / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (folder / "conda-meta").mkdir()
    (folder / "conda-meta" / "python-3.11.5-h955ad1f_0.json").write_text("{}")
    return folder


def test_a_conda_environment_is_known_by_its_records(conda: Path, canary: Path, settings: RunSettings) -> None:
    found = given(conda, (), settings, confined=True)

    assert isinstance(found, Environment)
    assert (found.version, list(found.folders)) == ("3.11.5", [str(conda)])
    assert not canary.exists()


def test_a_conda_environment_is_not_started_without_a_sandbox(conda: Path, canary: Path, settings: RunSettings) -> None:
    found = given(conda, (), settings, confined=False)

    assert isinstance(found, Missing)
    assert found.cause == "not-permitted"
    assert not canary.exists()


@pytest.mark.parametrize("records", [(), ("python-3.11.5-a_0", "python-3.12.1-a_0"), ("python-3.7.1-a_0",)])
def test_a_conda_environment_without_one_usable_record(
    records: tuple[str, ...], conda: Path, canary: Path, settings: RunSettings
) -> None:
    shutil.rmtree(conda / "conda-meta")
    (conda / "conda-meta").mkdir()
    for name in records:
        (conda / "conda-meta" / f"{name}.json").write_text("{}")

    assert isinstance(given(conda, (), settings, confined=True), Missing)
    assert not canary.exists()


@pytest.mark.parametrize("kind", ["relative", "venv", "working tree", "given", "link into it"])
def test_the_search_takes_nothing_of_a_projects(
    kind: str, tmp_path: Path, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "target"
    script(target / "tools" / "bin" / "python3.12", canary)
    (target / "sub").mkdir()
    path, apart = str(target / "tools" / "bin"), ()
    if kind == "relative":
        monkeypatch.chdir(target / "tools" / "bin")
        path = f".{os.pathsep}{os.pathsep}../bin"
    elif kind == "venv":
        (target / "tools" / "pyvenv.cfg").write_text("")
    elif kind == "working tree":
        (target / ".git").mkdir()
        monkeypatch.chdir(target / "sub")
    else:
        apart = (target,)
    if kind == "link into it":
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "python3.12").symlink_to(target / "tools" / "bin" / "python3.12")
        path = str(tmp_path / "bin")

    found = installed({"HOME": str(tmp_path / "home"), "PATH": path}, apart=apart)

    assert not [p for paths in found.candidates.values() for p in paths if tmp_path in p.parents]
    assert not canary.exists()
