"""Which Python interpreters are installed here, which one fits the project, and can the sandbox's user reach it?"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from evaluator.model import Record
from evaluator.sandbox.tools import run_tool

OLDEST = (3, 8)
_NAME = re.compile(r"python3\.(\d{1,2})")
_PROBE = (
    "import sys, json; print(json.dumps({'version': '%d.%d.%d' % sys.version_info[:3], 'level': sys.version_info[3],"
)
_PROBE += (
    "'implementation': sys.implementation.name, 'prefix': sys.base_prefix, 'gil': not getattr(sys, 'abiflags', '')}))"
)
_NOT_COPIED = {"test", "tests", "idlelib", "site-packages", "turtledemo", "__pycache__"}
Minor = tuple[int, int]


class Interpreter(Record):
    """One installed CPython.

    Attributes:
        executable: Absolute path on this machine. prefix: Where it is installed, and must stay in the sandbox.
        version: ``3.11.7``.
    """

    executable: str
    prefix: str
    version: str

    @property
    def minor(self) -> Minor:
        major, minor, *_ = self.version.split(".")
        return int(major), int(minor)


class _Probed(Record):
    version: str
    level: str
    implementation: str
    prefix: str
    gil: bool


@dataclass(frozen=True)
class Installed:
    """Executables by minor version, likelier ones first; asked what they are only when they are wanted."""

    candidates: Mapping[Minor, tuple[Path, ...]]

    def minors(self) -> tuple[Minor, ...]:
        """Return the versions that can be used, oldest first."""
        return tuple(sorted(m for m in self.candidates if m >= OLDEST))

    def get(self, minor: Minor) -> Interpreter | None:
        """Return the first working CPython of that version; None where there is none after all."""
        for path in self.candidates.get(minor, ()):
            found = probe(path)
            if found is not None and found.minor == minor:
                return found
        return None


def installed(environment: Mapping[str, str] | None = None, *, apart: Iterable[Path] = ()) -> Installed:
    """Look through the folders of pyenv, uv, asdf and mise, the PATH, and at our own interpreter.

    What is found may be started with the caller's rights. So nothing is taken from a virtual environment, from what
    hangs on the working directory, from the project that we stand in, nor (on the PATH) from below ``apart``.
    """
    env = os.environ if environment is None else environment
    here, theirs = _project_here(env), tuple(apart)
    managed = (path for path in _managed(env) if not _below_any(path, here))
    on_path = (path for path in _on_path(env) if not _below_any(path, (*here, *theirs)))
    found: dict[Minor, list[Path]] = {}
    for path in (*managed, *on_path, *_our_own()):
        named = _NAME.fullmatch(path.name)
        if named and path.is_file() and os.access(path, os.X_OK):
            held = found.setdefault((3, int(named[1])), [])
            held += [path] if path not in held else []
    return Installed({minor: tuple(paths) for minor, paths in sorted(found.items())})


def _project_here(env: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the working tree that we stand in, or else the working directory: it may be what is evaluated.

    None where it holds the user's home or our own interpreter: that is no project.
    """
    try:
        folder = Path.cwd().resolve()
    except OSError:
        return ()
    top = next((f for f in (folder, *folder.parents) if (f / ".git").exists()), folder)
    users = (Path(env.get("HOME") or Path.home()), Path(sys.base_prefix))
    return tuple(f for f in dict.fromkeys((top, folder)) if not any(_below_any(path, (f,)) for path in users))


def _below_any(path: Path, folders: Iterable[Path]) -> bool:
    """Whether ``path`` lies in one of ``folders``, by its name or by where its links lead; a loop counts as that."""
    try:
        places = (path, path.resolve())
        return any(f in (place, *place.parents) for g in folders for f in (g, g.resolve()) for place in places)
    except (OSError, RuntimeError):
        return True


def _managed(env: Mapping[str, str]) -> Iterator[Path]:
    """Yield the interpreters of version managers, newest patch first; their shims answer only in the right folder."""
    home = Path(env.get("HOME") or Path.home())
    data = Path(env.get("XDG_DATA_HOME") or home / ".local" / "share")
    roots = [
        Path(env.get("PYENV_ROOT") or home / ".pyenv") / "versions",
        Path(env.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python"),
        Path(env.get("ASDF_DATA_DIR") or home / ".asdf") / "installs" / "python",
        data / "mise" / "installs" / "python",
    ]
    for root in (r for r in roots if r.is_absolute()):
        try:
            versions = sorted((v for v in root.iterdir() if not v.is_symlink()), key=_patch, reverse=True)
        except OSError:
            continue
        for version in versions:
            yield from sorted((version / "bin").glob("python3.*"))


def _patch(folder: Path) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d{1,6}", folder.name)[:3])


def _on_path(env: Mapping[str, str]) -> Iterator[Path]:
    """Yield what may be an interpreter; a virtual environment that is active adds none to those it was made from."""
    for name in env.get("PATH", "").split(os.pathsep):
        folder = Path(name)
        if folder.is_absolute() and folder.name != "shims" and not (folder.parent / "pyvenv.cfg").exists():
            yield from (folder / f"python3.{minor}" for minor in range(OLDEST[1], 20))


def _our_own() -> Iterator[Path]:
    name = f"python3.{sys.version_info.minor}"
    yield from (Path(sys.base_prefix) / "bin" / name, Path(sys.executable).resolve().with_name(name))


def probe(path: Path) -> Interpreter | None:
    """Return what ``path`` is, by asking it; None unless it is a released CPython that starts.

    It runs with the caller's rights: only for what ``installed`` found, never for anything of a project or a given folder.
    The interpreter of a virtual environment answers for the one that it was made from.
    """
    done = run_tool([str(path), "-I", "-S", "-c", _PROBE], cwd="/", seconds=20, output_bytes=10_000)
    try:
        told = msgspec.json.decode(done.stdout, type=_Probed)
    except msgspec.DecodeError:
        return None
    if told.implementation != "cpython" or told.level != "final" or not told.gil:
        return None
    prefix = Path(told.prefix).resolve()
    own = prefix / "bin" / f"python{told.version.rpartition('.')[0]}"
    executable = own if own.exists() else path.resolve()
    return Interpreter(executable=str(executable), prefix=str(prefix), version=told.version)


def shown(interpreter: Interpreter, kept: Path) -> dict[str, str] | None:
    """Return what the sandbox must be shown for it to work: path in the sandbox → folder on this machine.

    Nothing for one below ``/usr``, which every sandbox has. One that another user could not reach is copied, once,
    into ``kept`` and shown at its own place: its libraries are found by absolute paths. None where that fails.
    """
    prefix = Path(interpreter.prefix)
    if prefix == Path("/usr") or Path("/usr") in prefix.parents:
        return {}
    if reachable(prefix):
        return {str(prefix): str(prefix)}
    copy = _copied(interpreter, kept)
    return None if copy is None else {str(prefix): str(copy)}


def reachable(folder: Path) -> bool:
    """Whether the sandbox's user can enter and list ``folder``: always, unless we are root and it is another."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return True
    try:
        modes = [p.stat().st_mode for p in (folder, *folder.parents)]
    except OSError:
        return False
    return all(mode & stat.S_IXOTH for mode in modes) and bool(modes[0] & stat.S_IROTH)


def _copied(interpreter: Interpreter, kept: Path) -> Path | None:
    made = Path(interpreter.executable).stat().st_mtime_ns
    key = hashlib.sha256(f"{interpreter.prefix}\0{made}".encode()).hexdigest()[:12]
    target = kept / f"{interpreter.version}-{key}"
    if target.is_dir():
        return target
    kept.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=kept))
    try:
        for name in ("bin", "lib"):
            shutil.copytree(Path(interpreter.prefix) / name, fresh / name, symlinks=True, ignore=_ignored)
        opened(fresh)
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
    return target if target.is_dir() else None


def _ignored(folder: str, names: list[str]) -> set[str]:
    """Leave out what no project needs of an interpreter: its tests, what is installed in it, static libraries."""
    in_bin = folder.endswith("/bin")
    others = {n for n in names if n.endswith(".a") or (in_bin and not n.startswith("python"))}
    return others | (_NOT_COPIED & set(names) if not in_bin else set())


def opened(folder: Path) -> None:
    """Let everybody read ``folder`` and all in it; links are left alone."""
    for path in (folder, *_below(folder)):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode):
            more = 0o555 if stat.S_ISDIR(mode) or mode & stat.S_IXUSR else 0o444
            if mode & more != more:
                path.chmod(stat.S_IMODE(mode) | more)


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        yield from (Path(root) / name for name in (*folders, *files))


def nearest(wanted: Minor, among: Iterable[Minor]) -> Minor | None:
    """Return the version closest to ``wanted``, the newer one of two; None where there is none."""
    return min(among, key=lambda m: (abs(m[1] - wanted[1]), -m[1]), default=None)
