"""What is in the environment that the caller gave, and how is it shown to the sandbox?"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from evaluator.facts.import_names import Need
from evaluator.model import Missing
from evaluator.runs.environment import Environment
from evaluator.runs.installing.contents import installed_in, sites, unmet
from evaluator.runs.installing.interpreters import opened, probe, reachable, shown
from evaluator.runs.settings import RunSettings


def given(folder: Path, needs: Iterable[Need], settings: RunSettings) -> Environment | Missing:
    """Take ``folder`` as it is; nothing is installed. Where another user could not read it, a copy is shown."""
    place = folder.expanduser().absolute()
    python = place / "bin" / "python"
    found = probe(python) if python.exists() else None
    if found is None or not sites(place):
        return Missing(
            fact="Environment", cause="failed", detail=f"{folder.name} is no environment of CPython 3.8 or newer"
        )
    try:
        folders = {str(place): str(_readable(place, settings))}
    except OSError as error:
        return Missing(fact="Environment", cause="failed", detail=f"{folder.name} cannot be read: {error.strerror}")
    if Path(found.prefix) != place.resolve():
        below = shown(found, settings.cache / "pythons")
        if below is None:
            return Missing(fact="Environment", cause="failed", detail="its interpreter cannot be shown to the sandbox")
        folders |= below
    return Environment(
        python=str(python),
        version=found.version,
        folders=folders,
        strategy="given",
        installed=installed_in(place),
        unmet=tuple(need.name for need in unmet(needs, place)),
    )


def _readable(place: Path, settings: RunSettings) -> Path:
    if reachable(place):
        return place
    copy = settings.scratch / "environment"
    shutil.copytree(place, copy, symlinks=True)
    opened(copy)
    return copy
