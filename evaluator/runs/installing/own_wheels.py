"""How can pytest and coverage be placed into an environment when no index can be asked?

We have them ourselves. Their installed files are packed into wheels again, for a folder that uv can install from.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

_TAG = re.compile(r"^Tag: (\S+)$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_MOST = 20


def repack(names: Iterable[str], folder: Path) -> Path:
    """Write wheels of ``names``, and of what they need that is installed beside us, into ``folder``; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    todo, seen = list(names), set[str]()
    while todo and len(seen) < _MOST:
        name = todo.pop(0).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            held = distribution(name)
        except PackageNotFoundError:
            continue
        todo += [found[0] for line in held.requires or () if "extra ==" not in line and (found := _NAME.match(line))]
        _wheel(held, folder)
    return folder


def _wheel(held: Distribution, folder: Path) -> None:
    """Write one wheel: the distribution's files as they are installed, without scripts and caches."""
    tags = _TAG.findall(held.read_text("WHEEL") or "")
    files = [
        f
        for f in held.files or ()
        if ".." not in f.parts and f.suffix != ".pyc" and f.name not in {"RECORD", "INSTALLER"}
    ]
    metadata = next((f.parts[0] for f in files if f.parts[0].endswith(".dist-info")), "")
    if not tags or not metadata:
        return
    name = re.sub(r"[-_.]+", "_", held.metadata["Name"])
    record: list[str] = []
    with zipfile.ZipFile(folder / f"{name}-{held.version}-{_together(tags)}.whl", "w") as packed:
        for file in files:
            content = file.read_binary()
            packed.writestr(zipfile.ZipInfo(file.as_posix()), content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{file.as_posix()},sha256={digest},{len(content)}")
        packed.writestr(f"{metadata}/RECORD", "\n".join([*record, f"{metadata}/RECORD,,", ""]))


def _together(tags: list[str]) -> str:
    """Return the tags as a wheel's name has them: each part's alternatives joined by dots."""
    parts = zip(*(tag.split("-") for tag in tags), strict=True)
    return "-".join(".".join(dict.fromkeys(part)) for part in parts)
