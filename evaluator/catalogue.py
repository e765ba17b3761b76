"""Which signals, facts and report forms exist here: ours, and those of installed plug-ins?"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType
from typing import Any

from evaluator import plugins
from evaluator.errors import PluginError
from evaluator.model import Fact
from evaluator.registry import Catalogue, Provider, Signal, collect


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return everything that can be asked and found out; read once.

    A plug-in that cannot be loaded, or that breaks the rules, is left out and named in ``diagnostics``.

    Raises:
        PluginError: Two of our own declarations share an id or a fact.
    """
    signals: dict[str, Signal[...]] = {}
    providers: dict[type[Fact], Provider[..., Any]] = {}
    for module in (*ours("signals"), *ours("facts"), *ours("runs")):
        _add(module, signals, providers)
    faults: list[str] = []
    for point in plugins.points("evaluator.signals", "evaluator.facts"):
        try:
            _add(plugins.load(point), signals, providers, namespace=point.name)
        except PluginError as error:
            faults.append(plugins.fault(point, error))
    return Catalogue(
        signals=dict(sorted(signals.items())),
        providers=providers,
        facts={t.__name__: t for t in providers},
        diagnostics=tuple(faults),
    )


def ours(package: str) -> Iterator[ModuleType]:
    """Yield the modules of ``evaluator.<package>`` and its sub-packages, by name; scripts to be placed apart."""
    root = importlib.import_module(f"evaluator.{package}")
    for found in sorted(pkgutil.walk_packages(root.__path__, f"{root.__name__}."), key=lambda m: m.name):
        if ".probe" not in found.name:
            yield importlib.import_module(found.name)


def _add(
    module: ModuleType,
    signals: dict[str, Signal[...]],
    providers: dict[type[Fact], Provider[..., Any]],
    *,
    namespace: str | None = None,
) -> None:
    """Add what ``module`` declares, all of it or, where something clashes, nothing."""
    new_signals = {s.id: s for s in collect([module], Signal) if s not in signals.values()}
    new_providers = {p.makes: p for p in collect([module], Provider) if p not in providers.values()}
    for name in new_signals:
        if namespace is not None and not name.startswith(f"{namespace}."):
            raise PluginError(f"signal {name} must begin with {namespace}.")
        if name in signals:
            raise PluginError(f"signal {name} is declared twice")
    known = {t.__name__ for t in providers}
    for made in new_providers:
        if made.__name__ in known:
            raise PluginError(f"fact {made.__name__} is provided twice")
    signals.update(new_signals)
    providers.update(new_providers)
