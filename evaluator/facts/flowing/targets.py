"""Do features tell the target: is it among them, or was one computed from it?"""

from __future__ import annotations

from evaluator.facts.flowing.columns import is_series
from evaluator.facts.flowing.events import TargetUse
from evaluator.facts.flowing.values import Dep, Spot, Value


def uses(x: Value, y: Value, spot: Spot) -> tuple[TargetUse, ...]:
    """Return the features of ``x`` that tell ``y``: judged only where both have columns that are known."""
    if not x.rows or x.rows != y.rows or not is_series(y) or x is y or x.blurred:
        return ()
    name, column = next(iter(y.columns.items()))
    deps = {d for d in column.deps if d.exact}
    if len({(d.base, d.name) for d in deps}) != 1 or len(deps) != len(column.deps):
        return ()
    latest = max(d.latest for d in deps)
    wanted = min(deps)
    known = [(n, c) for n, c in sorted(x.columns.items()) if c.number or not x.numbers]
    found = [use for use in (_use(n, c.deps, wanted, latest, spot) for n, c in known) if use]
    is_open = not x.numbers and x.base == wanted.base and wanted.name not in x.dropped and wanted.name not in x.columns
    if is_open and latest <= 0:
        found.append(TargetUse(spot, wanted.name, name or wanted.name))
    return tuple(found)


def _use(feature: str, deps: frozenset[Dep], wanted: Dep, latest: int, spot: Spot) -> TargetUse | None:
    same = [d for d in deps if (d.base, d.name) == (wanted.base, wanted.name) and d.exact]
    ahead = max((d.latest for d in same), default=None)
    if ahead is None or ahead < latest:
        return None
    return TargetUse(spot, feature or "an unnamed column", wanted.name, future=ahead > latest)
