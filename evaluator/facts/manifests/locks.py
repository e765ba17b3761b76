"""Which versions does a lock file fix?"""

from __future__ import annotations

import json
from collections.abc import Mapping

from evaluator.facts.import_names import canonical
from evaluator.facts.manifests.conda import compose
from evaluator.facts.manifests.found import RAW, Found, entries, table, texts, within
from evaluator.facts.manifests.lines import bounds, from_conda
from evaluator.facts.manifests.positions import Positions
from evaluator.facts.manifests.pyproject import load
from evaluator.facts.packaging import Requirement

_MOST = 3_000
_OWN = ("editable", "virtual", "directory", "path")


def read_toml(path: str, text: str) -> Found:
    """Read ``uv.lock``, ``poetry.lock``, ``pdm.lock`` or ``pylock.toml``: one table per package."""
    found = Found(path, locked=True)
    tree, places = load(found, text)
    found.states(places.key("requires-python"), tree.get("requires-python"))
    lines = places.packages()
    held = list(entries(tree.get("package"))) or list(entries(tree.get("packages")))
    for index, package in enumerate(held[:_MOST]):
        number = lines[index] if index < len(lines) else 1
        _package(found, package, number)
    return found


def _package(found: Found, package: Mapping[str, object], number: int) -> None:
    """Add one package unless it is the project itself."""
    name, version, source = package.get("name"), package.get("version"), package.get("source")
    if not isinstance(name, str) or any(key in table(source) for key in _OWN) or "directory" in package:
        return
    elsewhere = any(key in table(source) for key in ("git", "url")) or within(source, "type") in {"git", "url"}
    groups = [g for g in texts(package.get("groups")) if g] or [str(package.get("category") or "")]
    group = "" if {"main", "default", ""} & set(groups) else groups[0]
    stated = package.get("marker") or package.get("markers")
    marker = stated if isinstance(stated, str) else ""
    _fixed(found, name, version, number, group=group, marker=marker, url=elsewhere or "vcs" in package)


def _fixed(
    found: Found, name: str, version: object, number: int, *, group: str = "", marker: str = "", url: bool = False
) -> None:
    specifier = f"=={version}" if isinstance(version, str) and not url else ""
    try:
        bounds(specifier)
    except ValueError:
        found.error(number, f"{name[:80]}: `{str(version)[:40]}` is no version")
        return
    found.requirements.append(
        Requirement(
            name=canonical(name),
            raw=f"{name}{specifier}"[:RAW],
            at=found.line(number),
            specifier=specifier,
            marker=_marker(marker),
            group=group,
            pinned=True,
            bounded=True,
            url=url,
        )
    )


def _marker(stated: str) -> str:
    """Return ``stated`` if it is a PEP 508 marker of bearable length, else nothing."""
    from packaging.markers import InvalidMarker, Marker

    try:
        return str(Marker(stated)) if 0 < len(stated) < 500 else ""
    except (InvalidMarker, RecursionError, ValueError):
        return ""


def read_pipfile_lock(path: str, text: str) -> Found:
    """Read ``Pipfile.lock``: JSON, one object per group."""
    found = Found(path, locked=True)
    try:
        tree: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        found.error(getattr(error, "lineno", 1) or 1, f"not JSON: {type(error).__name__}")
        return found
    places = Positions(text)
    requires = table(within(tree, "_meta", "requires"))
    for key in ("python_full_version", "python_version"):
        found.states(places.key(key), requires.get(key))
    for section, group in (("default", ""), ("develop", "dev")):
        for name, held in list(table(within(tree, section)).items())[:_MOST]:
            version, marker = within(held, "version"), within(held, "markers")
            if within(held, "editable") is True or within(held, "path") is not None:
                continue
            _fixed(
                found,
                name,
                version.removeprefix("==") if isinstance(version, str) else None,
                places.key(name),
                group=group,
                marker=marker if isinstance(marker, str) else "",
                url=not isinstance(version, str),
            )
    return found


def read_pipfile(path: str, text: str) -> Found:
    """Read ``Pipfile``: TOML, versions in the form of PEP 440 or ``*``."""
    found = Found(path)
    tree, places = load(found, text)
    requires = table(tree.get("requires"))
    for key in ("python_full_version", "python_version"):
        if key in requires:
            found.states(places.key(key, "requires"), requires[key])
    for section, group in (("packages", ""), ("dev-packages", "dev")):
        for name, value in list(table(tree.get(section)).items())[:_MOST]:
            _pipfile_entry(found, name, value, places.key(name, section), group)
    sources = list(entries(tree.get("source")))
    if len(sources) > 1:
        found.options.append((found.line(places.table("source")), "[[source]] names indexes"))
    return found


def _pipfile_entry(found: Found, name: str, value: object, number: int, group: str) -> None:
    stated = value if isinstance(value, str) else within(value, "version")
    direct = isinstance(value, dict) and not isinstance(stated, str)
    if direct and within(value, "path") is not None:
        found.options.append((found.line(number), f"{name} is a folder"[:RAW]))
        return
    specifier = "" if not isinstance(stated, str) or stated.strip() == "*" else stated.strip()
    try:
        exact, bounded = bounds(specifier)
    except ValueError:
        found.error(number, f"{name[:80]}: `{specifier[:40]}` is no version")
        return
    ref = within(value, "ref")
    fixed = exact or (direct and isinstance(ref, str) and len(ref) >= 7)
    extras = tuple(sorted(texts(within(value, "extras"))))
    found.requirements.append(
        Requirement(
            name=canonical(name),
            raw=f'{name} = "{stated or ""}"'[:RAW],
            at=found.line(number),
            specifier=specifier,
            extras=extras,
            group=group,
            pinned=fixed,
            bounded=fixed or bounded,
            url=direct,
        )
    )


def read_conda_lock(path: str, text: str) -> Found:
    """Read ``conda-lock.yml``: one entry per package and platform; the first platform's is taken."""
    found = Found(path, locked=True)
    root = compose(found, text)
    seen: set[str] = set()
    for item in root.child("package").items()[: 4 * _MOST]:
        name, version = item.child("name").scalar(), item.child("version").scalar()
        if not name or name in seen:
            continue
        seen.add(name)
        if name == "python":
            found.states(item.line, version, "environment")
        elif item.child("manager").scalar() == "pip":
            _fixed(found, name, version, item.line)
        else:
            on_index = _from_conda(name, found, item.line)
            if on_index is not None:
                _fixed(found, on_index, version, item.line)
    return found


def _from_conda(name: str, found: Found, line: int) -> str | None:
    """Return the index's name of a conda package; None for what is no Python distribution."""
    try:
        asked = from_conda(name, found.line(line))
    except ValueError:
        return None
    return asked.name if asked else None
