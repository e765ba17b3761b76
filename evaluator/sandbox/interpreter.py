"""Which interpreter runs process 1 of the sandbox?"""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from evaluator.errors import SandboxError
from evaluator.model import Record
from evaluator.sandbox import identity
from evaluator.sandbox.tools import run_tool

_NAME = re.compile(r"python3\.(\d+)")
_OLDEST = 8
_NEEDS = "import ctypes, json, resource, select, struct, sys; print(*sys.version_info[:2])"
_SYSTEM = ("/usr/bin/python3", "/usr/local/bin/python3")


class Interpreter(Record):
    """An interpreter inside the sandbox.

    Attributes:
        path: Inside. read_only: What has to be shown for it: path inside → host folder.
    """

    path: str
    read_only: dict[str, str] = {}


def for_request(read_only: Mapping[str, str]) -> Interpreter:
    """Return the system's own interpreter, else the tool's own, else one that the request shows.

    Raises:
        SandboxError: There is none.
    """
    found = standing() or _shown(read_only)
    if found is None:
        raise SandboxError(
            f"No Python 3.{_OLDEST} or newer can be seen from the sandbox: install the system's python3 package"
        )
    return found


@functools.cache
def standing() -> Interpreter | None:
    """Return an interpreter that is there for every request; None if there is none.

    One below ``/usr`` first: it needs nothing to be shown. The tool's own may lie in a private home.
    """
    for path in _SYSTEM:
        if os.path.realpath(path).startswith("/usr/") and _serves(path):
            return Interpreter(path=path)
    prefix = os.path.realpath(sys.base_prefix)
    own = f"{prefix}/bin/python3.{sys.version_info.minor}"
    if _is_open_to_all(Path(own)) and _serves(own):
        return Interpreter(path=own, read_only={prefix: prefix})
    return None


def _shown(read_only: Mapping[str, str]) -> Interpreter | None:
    """Return one of the request's own: a real file, not the link in an environment's ``bin``."""
    for inside, host in sorted(read_only.items()):
        for path in sorted(Path(host).glob("bin/python3.*")):
            minor = _NAME.fullmatch(path.name)
            if minor and int(minor[1]) >= _OLDEST and path.is_file() and not path.is_symlink():
                return Interpreter(path=f"{inside}/bin/{path.name}")
    return None


def _serves(path: str) -> bool:
    asked = run_tool([path, "-I", "-S", "-c", _NEEDS], cwd="/", seconds=10, output_bytes=10_000)
    parts = asked.stdout.split()
    return asked.exit_code == 0 and len(parts) == 2 and int(parts[1]) >= _OLDEST


def _is_open_to_all(path: Path) -> bool:
    """Whether the user that root becomes for the sandbox can get at ``path``; for others the question does not arise."""
    if not identity.is_root():
        return path.exists()
    try:
        return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (path, *path.parents))
    except OSError:
        return False
