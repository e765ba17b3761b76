"""What can this machine do, and what would mend what it cannot?"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from evaluator.errors import SandboxError
from evaluator.model import Record
from evaluator.sandbox import cgroups, remedy
from evaluator.sandbox.bubblewrap import Bubblewrap
from evaluator.sandbox.choose import probe
from evaluator.sandbox.tools import run_tool

_PYTHON = re.compile(r"python3\.(\d+)")
_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")
_ENGINES = ("docker", "podman")


class Check(Record):
    """One thing that was looked at.

    Attributes:
        ok: Whether it can be used. Not everything is needed: a machine without a GPU is a good machine.
        found: What is there, or what is wrong; no full stop.
        mend: Lines to type, each on its own line; empty where nothing is wrong, or no line mends it.
    """

    name: str
    ok: bool
    found: str
    mend: str = ""


def examine(pythons: Sequence[str] | None = None, scratch: Path | None = None) -> tuple[Check, ...]:
    """Look at everything; takes about a second, downloads nothing.

    Args:
        pythons: Versions that runs can use (``3.11.7``), where the caller knows them; default: looked for.
        scratch: Where the probe may write; default: a temporary folder.
    """
    machine = remedy.host()
    versions = find_pythons() if pythons is None else tuple(pythons)
    return (
        _bubblewrap(machine),
        _sandbox(machine, scratch),
        group_check(cgroups.controllers(), machine),
        python_check(versions, machine),
        _gpu(),
        _container_engine(),
    )


def parse_version(text: str) -> tuple[int, int, int] | None:
    """Return the first version in ``text``: ``bubblewrap 0.8.0`` gives (0, 8, 0)."""
    found = _VERSION.search(text)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def bubblewrap_check(said: str, machine: remedy.Host) -> Check:
    """Judge what ``bwrap --version`` said; empty when there is no such program."""
    version = parse_version(said)
    if not machine.bwrap or version is None:
        advice = remedy.without_bubblewrap(machine)
        return Check(name="bubblewrap", ok=False, found=advice.found, mend=advice.mend)
    text = ".".join(map(str, version))
    if version < remedy.OLDEST_BUBBLEWRAP:
        advice = remedy.too_old(text)
        return Check(name="bubblewrap", ok=False, found=advice.found, mend=advice.mend)
    return Check(name="bubblewrap", ok=True, found=f"{text} at {machine.bwrap}")


def sandbox_check(problem: str, limits: Sequence[str], machine: remedy.Host) -> Check:
    """Judge what the probe said: empty when it was shut in."""
    if not problem:
        return Check(name="sandbox", ok=True, found="a probe was shut in; held: " + ", ".join(limits))
    advice = remedy.advise(problem, machine)
    mend = advice.mend
    if "AppArmor" in advice.found:
        narrow, wide = remedy.all_confined_lines(machine)
        mend = f"{narrow}\nor, where the machine is thrown away afterwards (CI):\n{wide}"
    return Check(name="sandbox", ok=False, found=advice.found, mend=mend)


def group_check(held: frozenset[str], machine: remedy.Host) -> Check:
    """Judge which cgroup controllers can be used."""
    if held == {"memory", "pids"}:
        return Check(name="cgroups", ok=True, found="memory and processes of a whole run can be held")
    if machine.system != "Linux":
        return Check(name="cgroups", ok=False, found=f"{machine.system} has none")
    found = "memory of a whole run is held only by looking several times a second"
    if "memory" in held:
        found = "memory of a whole run can be held, its processes by the user's limit"
    elif "pids" in held:
        found += ", its processes can be held"
    by_hand = "" if machine.root or machine.container else "systemd-run --user --scope evaluate ..."
    return Check(name="cgroups", ok="memory" in held, found=found, mend="" if "memory" in held else by_hand)


def python_check(versions: Sequence[str], machine: remedy.Host) -> Check:
    """Judge which interpreters a project's environment could be built with."""
    if not versions:
        line = remedy.install_line("python3", machine)
        return Check(name="Python versions", ok=False, found="none besides the tool's own", mend=line)
    return Check(name="Python versions", ok=True, found=", ".join(sorted(versions, key=_order)))


def find_pythons() -> tuple[str, ...]:
    """Return the interpreters that can be seen without starting one: on PATH, and in the folders of pyenv and uv."""
    home = Path.home()
    folders = {Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions", home / ".local/share/uv/python"}
    found: set[str] = set()
    for folder in folders:
        for path in folder.glob("*/bin/python3.*"):
            if _PYTHON.fullmatch(path.name):
                version = parse_version(path.parents[1].name) or (3, int(path.name[8:]), 0)
                found.add(".".join(map(str, version)))
    for name in os.environ.get("PATH", "").split(os.pathsep):
        if name and Path(name).name != "shims":
            found |= {path.name[6:] for path in Path(name).glob("python3.*") if _PYTHON.fullmatch(path.name)}
    return tuple(sorted(found, key=_order))


def gpu_check(said: str, devices: Sequence[str]) -> Check:
    """Judge the output of ``nvidia-smi -L`` and the device files that are there."""
    names = re.findall(r"^GPU \d+: (.*?)(?: \(UUID.*)?$", said, flags=re.MULTILINE)
    if names:
        return Check(name="GPU", ok=True, found=", ".join(names))
    if devices:
        return Check(name="GPU", ok=False, found=f"{', '.join(devices)}, but nvidia-smi does not answer")
    return Check(name="GPU", ok=False, found="none")


def _order(version: str) -> tuple[int, int, int]:
    return parse_version(version) or (0, 0, 0)


def _bubblewrap(machine: remedy.Host) -> Check:
    return bubblewrap_check(_said("bwrap", "--version"), machine)


def _sandbox(machine: remedy.Host, scratch: Path | None) -> Check:
    limits: tuple[str, ...] = ()
    try:
        sandbox = Bubblewrap()
        limits = sandbox.limits_held
        if scratch:
            problem = probe(sandbox, scratch)
        else:
            with tempfile.TemporaryDirectory(prefix="evaluator-doctor-") as name:
                Path(name).chmod(0o755)
                problem = probe(sandbox, Path(name))
    except SandboxError as error:
        problem = str(error)
    return sandbox_check(problem, limits, machine)


def _gpu() -> Check:
    devices = sorted(str(path) for path in Path("/dev").glob("nvidia[0-9]*"))
    return gpu_check(_said("nvidia-smi", "-L"), devices)


def _container_engine() -> Check:
    for engine in _ENGINES:
        said = _said(engine, "version", "--format", "{{.Server.Version}}").strip()
        if parse_version(said):
            return Check(name="container engine", ok=True, found=f"{engine} {said.splitlines()[0]} answers")
    present = [engine for engine in _ENGINES if shutil.which(engine)]
    found = f"{' and '.join(present)} installed, but no answer" if present else "none"
    return Check(name="container engine", ok=False, found=found)


def _said(*argv: str) -> str:
    """Return the standard output of a program; empty where there is none, or it failed."""
    passed = {name: os.environ[name] for name in ("DOCKER_HOST", "XDG_RUNTIME_DIR") if name in os.environ}
    outcome = run_tool(argv, cwd="/", env=passed, seconds=5, output_bytes=100_000)
    return outcome.stdout.decode(errors="replace") if outcome.exit_code == 0 else ""
