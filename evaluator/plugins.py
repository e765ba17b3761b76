"""Which plug-ins are installed, and can they be loaded?"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Literal

from evaluator.errors import PluginError

log = logging.getLogger(__name__)
Group = Literal["evaluator.signals", "evaluator.facts", "evaluator.reports"]


def points(*groups: Group) -> Iterator[EntryPoint]:
    """Yield the entry points of ``groups``, each naming a module, by name; the name is the plug-in's namespace."""
    yield from sorted(point for group in groups for point in entry_points(group=group))


def load(point: EntryPoint) -> ModuleType:
    """Return the module that ``point`` names.

    Raises:
        PluginError: It cannot be loaded, or is no module.
    """
    try:
        module = point.load()
    except Exception as error:
        log.debug("plug-in %s", point.name, exc_info=True)
        raise PluginError(f"cannot be loaded: {type(error).__name__}: {error}") from error
    if not isinstance(module, ModuleType):
        raise PluginError("the entry point must name a module")
    return module


def fault(point: EntryPoint, error: PluginError) -> str:
    """Return the line that names a plug-in that is left out, and why."""
    return f"plug-in {point.name} ({point.value}): {error}"
