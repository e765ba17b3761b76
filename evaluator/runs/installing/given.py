"""What is in the environment that the caller gave, and how is it shown to the sandbox?

The folder may have come with the project, its ``bin/python`` may be anything: nothing in it is started here.
"""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from evaluator.facts.import_names import Need
from evaluator.model import Missing
from evaluator.runs.environment import Environment
from evaluator.runs.installing.contents import installed_in, sites, unmet
from evaluator.runs.installing.interpreters import (
    OLDEST,
    Installed,
    Interpreter,
    Minor,
    installed,
    opened,
    probe,
    reachable,
    shown,
)
from evaluator.runs.settings import RunSettings

_SETTINGS_BYTES = 10_000
_VERSION = re.compile(r"3\.(\d{1,2})(?:[.a-z0-9+]{0,20})")
_CONDA = re.compile(r"python-(3\.\d{1,2}\.\d{1,3})-[A-Za-z0-9_]{1,60}\.json")
_MADE_ANEW = "make it anew with one of them, or leave out --env and one is built"


def given(folder: Path, needs: Iterable[Need], settings: RunSettings, *, confined: bool) -> Environment | Missing:
    """Take ``folder`` as it is; nothing is installed. Where another user could not read it, a copy is shown.

    Its interpreter is one that is installed here, or a conda environment's own where it runs ``confined`` to a sandbox.
    """
    place = folder.expanduser().absolute()
    held = sites(place)
    if not held or not all(site.is_dir() for site in held):
        return _failed(f"{folder.name} is no environment of CPython 3.8 or newer")
    found = _interpreter(place, confined=confined)
    if isinstance(found, Missing):
        return found
    try:
        folders = {str(place): str(_readable(place, settings))}
    except OSError as error:
        return _failed(f"{folder.name} cannot be read: {error.strerror}")
    if Path(found.prefix) != place.resolve():
        below = shown(found, settings.cache / "pythons")
        if below is None:
            return _failed("its interpreter cannot be shown to the sandbox")
        folders |= below
    return Environment(
        python=str(place / "bin" / "python"),
        version=found.version,
        folders=folders,
        strategy="given",
        installed=installed_in(place),
        unmet=tuple(need.name for need in unmet(needs, place)),
    )


def _failed(detail: str) -> Missing:
    return Missing(fact="Environment", cause="failed", detail=detail)


def _interpreter(place: Path, *, confined: bool) -> Interpreter | Missing:
    """Return what would run, known without starting anything of ``place``."""
    try:
        python = (place / "bin" / "python").resolve(strict=True)
    except (OSError, RuntimeError):
        return _failed(f"{place.name} is no environment: it has no bin/python")
    have = installed(apart=(place,))
    if os.path.lexists(place / "pyvenv.cfg"):
        return _of_venv(place, python, have)
    found = next((i for minor in have.minors() if (i := _known(python, have, minor))), None)
    if found is not None:
        return found
    if (place / "conda-meta").is_dir():
        return _of_conda(place, confined=confined)
    return _failed(f"the interpreter of {place.name} is none of those found on this machine; {_MADE_ANEW}")


def _of_venv(place: Path, python: Path, have: Installed) -> Interpreter | Missing:
    """Return the interpreter that ``pyvenv.cfg`` names and ``bin/python`` is; both must say the same.

    The format: https://docs.python.org/3/library/venv.html; virtualenv and uv write ``version_info``.
    """
    told = _settings(place / "pyvenv.cfg")
    named = _VERSION.fullmatch(told.get("version") or told.get("version_info") or "")
    if named is None or "home" not in told:
        return _failed(f"{place.name}/pyvenv.cfg does not say which Python it was made from; {_MADE_ANEW}")
    minor = (3, int(named[1]))
    if minor < OLDEST:
        return _failed(f"{place.name} is no environment of CPython 3.8 or newer")
    found = _known(python, have, minor)
    if found is None:
        return _failed(
            f"the interpreter of {place.name} is none of those found on this machine (PATH, pyenv, uv, asdf, mise), "
            f"and nothing in a given folder is started to learn what it is; {_MADE_ANEW}"
        )
    # The interpreter takes its standard library from beside `home`, wherever that is.
    homes = {p.parent for path in have.candidates[minor] for p in (path, path.resolve())}
    try:
        home = Path(told["home"]).resolve()
    except (OSError, RuntimeError, ValueError):
        return _failed(f"{place.name}/pyvenv.cfg names a home that cannot be")
    if not Path(told["home"]).is_absolute() or home not in {h.resolve() for h in homes}:
        return _failed(f"{place.name}/pyvenv.cfg names another home than that of its interpreter; {_MADE_ANEW}")
    return found


def _known(python: Path, have: Installed, minor: Minor) -> Interpreter | None:
    """Return the installed interpreter that ``python`` is, or is a copy of; that one is asked, never ``python``."""
    paths = have.candidates.get(minor, ())
    same = [path for path in paths if path.resolve() == python]
    copied = [path for path in paths if path not in same and _same_bytes(path.resolve(), python)]
    for path in (*same, *copied):
        found = probe(path)
        if found is not None and found.minor == minor:
            return found
    return None


def _same_bytes(one: Path, other: Path) -> bool:
    """Whether both are ordinary files of the same content; of two sizes nothing is read."""
    try:
        kinds = (one.stat(), other.stat())
        if not all(stat.S_ISREG(k.st_mode) for k in kinds) or kinds[0].st_size != kinds[1].st_size:
            return False
        return filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


def _settings(path: Path) -> dict[str, str]:
    """Return the keys of ``pyvenv.cfg`` in lower case; nothing where it is a link, no file, too large, or ambiguous."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return {}
            content = file.read(_SETTINGS_BYTES + 1)
        lines = content.decode().splitlines()
    except (OSError, ValueError):
        return {}
    pairs = [(key.strip().lower(), value.strip()) for key, sign, value in (n.partition("=") for n in lines) if sign]
    told = dict(pairs)
    wanted = [key for key, _ in pairs if key in {"home", "version", "version_info"}]
    return told if len(content) <= _SETTINGS_BYTES and len(wanted) == len(set(wanted)) else {}


def _of_conda(place: Path, *, confined: bool) -> Interpreter | Missing:
    """Return conda's interpreter by the records of what conda installed; it is the folder's own."""
    records = [
        named for path in (place / "conda-meta").glob("python-3.*.json") if (named := _CONDA.fullmatch(path.name))
    ]
    version = records[0][1] if len(records) == 1 else ""
    minor = version.rpartition(".")[0]
    if not version or int(minor[2:]) < OLDEST[1] or not (place / "lib" / f"python{minor}").is_dir():
        return _failed(
            f"{place.name}/conda-meta does not name one CPython 3.8 or newer, and it is not started to be asked"
        )
    if not confined:
        return Missing(
            fact="Environment",
            cause="not-permitted",
            detail=(
                f"the interpreter of {place.name} is none of those found on this machine, and without a sandbox it is "
                "not started; use a sandbox, or leave out --env"
            ),
        )
    return Interpreter(executable=str(place / "bin" / "python"), prefix=str(place.resolve()), version=version)


def _readable(place: Path, settings: RunSettings) -> Path:
    if reachable(place):
        return place
    copy = settings.scratch / "environment"
    shutil.copytree(place, copy, symlinks=True)
    opened(copy)
    return copy
