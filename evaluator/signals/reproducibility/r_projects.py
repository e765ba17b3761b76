"""How does a project that is written in R alone declare what it needs, fix its versions, and start?"""

from __future__ import annotations

from evaluator.facts.r_scripts import RManifest, RScript, RScripts
from evaluator.facts.r_work import RPackage
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, NotApplicable, Span, Unit

_COVERED = 0.9
_SHOWN = 8
_LOOKED_AT = ("DESCRIPTION", "renv.lock", "packrat.lock")
_PARTS = 2


def declared(r: RScripts) -> Answer:
    """Value: 2 where a manifest names at least 90 % of the packages, 1 where it or a script's own install lines name some."""
    needs = r.needs
    if not needs:
        return NotApplicable(reason="no third-party imports")
    named = {name for m in r.manifests for name in m.names}
    absent = [n for n in needs if n.name not in named]
    covered = len(needs) - len(absent)
    installed = {name for s in r.scripts for name in s.installs}
    some = covered or any(n.name in installed for n in needs)
    level = 2 if covered >= _COVERED * len(needs) else 1 if some else 0
    files = ", ".join(m.path for m in r.manifests)
    said = f"{covered} of {len(needs)} R packages are declared ({files})" if files else "there is no manifest"
    if not covered:
        said = f"{said}; {len(needs)} R packages are loaded" + (", some by install lines" if some else "")
    if level == 2:
        return _level(2, said, *(InFile(at=Span(path=m.path), note=_holds(m)) for m in r.manifests))
    return _level(
        level, said, *([] if files else [Absence(note=said, looked_at=_LOOKED_AT)]), *map(_undeclared, absent)
    )


def pinned(r: RScripts) -> Answer:
    """Value: 2 where a lock of renv or packrat is there, else 0: ``DESCRIPTION`` fixes no versions."""
    if not r.needs:
        return NotApplicable(reason="no dependencies")
    locks = [m for m in r.manifests if m.locked]
    if locks:
        return _level(2, f"{locks[0].path} fixes {len(locks[0].names)} R packages", _cite(locks[0]))
    note = "no lock fixes the versions of the R packages"
    return _level(0, note, Absence(note=note, looked_at=_LOOKED_AT), *(_cite(m) for m in r.manifests))


def started(r: RScripts) -> Answer | None:
    """Value: 2 where one script is or sources the whole, 1 where each does a part; None where no script does anything."""
    working = [s for s in r.scripts if (s.top or s.sources) and not s.document]
    if not working:
        return None
    led: dict[str, set[str]] = {s.path: set(s.sources) for s in working}
    for _ in range(len(led).bit_length()):
        led = {path: held.union(*(led.get(p, set()) for p in held)) for path, held in led.items()}
    first = max(working, key=lambda s: (len(led[s.path]), s.top, s.path))
    whole = len(led[first.path] & led.keys()) + 1 >= len(working) / _PARTS
    note = "Rscript starts the main job" if whole else "Rscript starts a part of it; no script runs the whole"
    shown: list[RScript] = [first] if whole else working
    return _level(2 if whole else 1, f"{first.path}: {note}", *(InFile(at=Span(path=s.path), note=note) for s in shown))


def _undeclared(package: RPackage) -> Evidence:
    return InFile(at=package.at, note=f"loads {package.name}, which no manifest names")


def _cite(manifest: RManifest) -> Evidence:
    return InFile(at=Span(path=manifest.path), note=_holds(manifest))


def _holds(manifest: RManifest) -> str:
    return f"names {len(manifest.names)} packages, " + ("their versions fixed" if manifest.locked else "versions open")


def _level(value: int, summary: str, *evidence: Evidence) -> Measured:
    return Measured(value=value, unit=Unit.LEVEL, summary=summary, evidence=tuple(evidence)[:_SHOWN])
