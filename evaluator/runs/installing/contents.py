"""What does an environment hold, by looking at its files alone?

Starting its interpreter would run the ``.pth`` files of what is installed in it; reading names runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from evaluator.facts.import_names import Need, canonical

_METADATA = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._]*)-(?P<version>[^-]+)(?:-.*)?\.(?:dist|egg)-info")


def sites(environment: Path) -> list[Path]:
    """Return the folders of ``environment`` that hold installed packages."""
    return sorted(environment.glob("lib*/python3.*/site-packages"))


def installed_in(environment: Path) -> dict[str, str]:
    """Return the distributions in ``environment``, normalised name → version, sorted."""
    found: dict[str, str] = {}
    for site in sites(environment):
        for path in site.iterdir():
            named = _METADATA.fullmatch(path.name)
            if named:
                found[canonical(named["name"])] = named["version"]
    return dict(sorted(found.items()))


def unmet(needs: Iterable[Need], environment: Path) -> list[Need]:
    """Return those imports that no installed package provides."""
    held = sites(environment)
    return [need for need in needs if not any(_provides(site, need.name.split(".")) for site in held)]


def _provides(site: Path, parts: list[str]) -> bool:
    """Whether ``site`` has the module; a folder without ``__init__`` is shared, and counts by what lies below."""
    first, rest = parts[0], parts[1:]
    if not first.isidentifier():
        return False
    folder = site / first
    if (folder / "__init__.py").is_file() or any((folder).glob("__init__.*")):
        return True
    if folder.is_dir():
        return _provides(folder, rest) if rest else True
    return (site / f"{first}.py").is_file() or any(site.glob(f"{first}.*.so")) or any(site.glob(f"{first}.so"))
