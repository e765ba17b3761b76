"""What does a ``pyproject.toml`` ask for: as the standard has it, or as its tool does?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from evaluator.facts.manifests.found import Found, Include, entries, table, texts, within
from evaluator.facts.manifests.lines import add, from_poetry
from evaluator.facts.manifests.positions import Positions
from evaluator.facts.packaging import ConsoleScript

_MOST = 2_000
_CLASSIFIER = "Programming Language :: Python :: "
_LICENSE = "License :: "


def load(found: Found, text: str) -> tuple[Mapping[str, object], Positions]:
    """Return ``text``, TOML, as a table, with the places of its values; empty where it cannot be read."""
    try:
        return tomllib.loads(text), Positions(text)
    except (ValueError, RecursionError) as error:
        place = re.search(r"line (\d{1,9})", str(error))
        found.error(int(place[1]) if place else 1, f"not TOML: {str(error) or type(error).__name__}")
        return {}, Positions("")


def read(path: str, text: str) -> Found:
    """Read the tables of PEP 621 and 735, and those of setuptools, Poetry, PDM, uv, Hatch and Flit."""
    found = Found(path)
    tree, places = load(found, text)
    _standard(found, tree, places)
    _groups(found, tree, places)
    _poetry(found, tree, places)
    _pixi(found, tree, places)
    _lists(found, tree, places)
    _setuptools(found, tree, places)
    return found


def _standard(found: Found, tree: Mapping[str, object], places: Positions) -> None:
    """Read ``[project]`` (PEP 621, PEP 639)."""
    project = table(tree.get("project"))
    _add_all(found, project.get("dependencies"), "", places, "project")
    for extra, stated in table(project.get("optional-dependencies")).items():
        _add_all(found, stated, extra, places, "project", "optional-dependencies")
    found.states(places.key("requires-python", "project"), project.get("requires-python"))
    name = project.get("name")
    found.name = name if isinstance(name, str) else None
    license_ = project.get("license")
    text = license_ if isinstance(license_, str) else within(license_, "text")
    found.license = text.strip()[:100] or None if isinstance(text, str) else None
    classified(found, list(texts(project.get("classifiers"))), places)
    _scripts(found, project.get("scripts"), places, "project", "scripts")


def classified(found: Found, classifiers: list[str], places: Positions) -> None:
    """Take the licence and, where no other place states one, the Python versions from trove classifiers."""
    for classifier in classifiers[:_MOST]:
        if classifier.startswith(_LICENSE) and found.license is None:
            found.license = classifier.rpartition(" :: ")[2][:100]
        version = classifier.removeprefix(_CLASSIFIER)
        if version != classifier and re.fullmatch(r"\d\.\d{1,2}", version) and not _stated_elsewhere(found):
            found.states(places.value(classifier), version)


def _stated_elsewhere(found: Found) -> bool:
    return any(not re.fullmatch(r"\d\.\d{1,2}", stated.version) for stated in found.python)


def _scripts(found: Found, stated: object, places: Positions, *header: str) -> None:
    for name, target in list(table(stated).items())[:_MOST]:
        if isinstance(target, str):
            at = found.line(places.key(name, *header))
            found.scripts.append(ConsoleScript(name=name[:100], target=target.strip()[:200], at=at))


def _groups(found: Found, tree: Mapping[str, object], places: Positions) -> None:
    """Read ``[dependency-groups]`` (PEP 735); what a group includes is read in the group it is stated in."""
    groups = table(tree.get("dependency-groups"))
    for group, stated in groups.items():
        _add_all(found, stated, group, places, "dependency-groups")


def _poetry(found: Found, tree: Mapping[str, object], places: Positions) -> None:
    poetry = table(within(tree, "tool", "poetry"))
    if found.name is None and isinstance(poetry.get("name"), str):
        found.name = str(poetry["name"])
    if found.license is None and isinstance(poetry.get("license"), str):
        found.license = str(poetry["license"])[:100] or None
    _poetry_table(found, poetry.get("dependencies"), "", places, "tool", "poetry", "dependencies")
    _poetry_table(found, poetry.get("dev-dependencies"), "dev", places, "tool", "poetry", "dev-dependencies")
    for group, held in table(poetry.get("group")).items():
        header = ("tool", "poetry", "group", group, "dependencies")
        _poetry_table(found, within(held, "dependencies"), group, places, *header)
    _scripts(found, poetry.get("scripts"), places, "tool", "poetry", "scripts")


def _pixi(found: Found, tree: Mapping[str, object], places: Positions) -> None:
    asked = within(tree, "tool", "pixi", "dependencies", "python")
    stated = asked if isinstance(asked, str) else within(asked, "version")
    found.states(places.key("python", "tool", "pixi", "dependencies"), stated)


def _poetry_table(found: Found, stated: object, group: str, places: Positions, *header: str) -> None:
    for name, value in list(table(stated).items())[:_MOST]:
        number = places.key(name, *header)
        if name.lower() == "python":
            found.states(number, value if isinstance(value, str) else within(value, "version"))
            continue
        where = "extra" if within(value, "optional") is True and not group else group
        try:
            found.requirements.append(from_poetry(name, value, found.line(number), where))
        except ValueError as error:
            found.error(number, f"{name[:80]}: {error}")


def _lists(found: Found, tree: Mapping[str, object], places: Positions) -> None:
    """Read the lists of requirements that uv, PDM, Hatch and Flit keep in tables of their own."""
    tool = table(tree.get("tool"))
    _add_all(found, within(tool, "uv", "dev-dependencies"), "dev", places, "tool", "uv")
    for group, stated in table(within(tool, "pdm", "dev-dependencies")).items():
        _add_all(found, stated, group, places, "tool", "pdm", "dev-dependencies")
    for env, held in table(within(tool, "hatch", "envs")).items():
        for key in ("dependencies", "extra-dependencies"):
            _add_all(found, within(held, key), env, places, "tool", "hatch", "envs", env)
    metadata = table(within(tool, "flit", "metadata"))
    _add_all(found, metadata.get("requires"), "", places, "tool", "flit", "metadata")
    found.states(places.key("requires-python", "tool", "flit", "metadata"), metadata.get("requires-python"))
    if within(tool, "uv", "index") or within(tool, "uv", "sources"):
        found.options.append((found.line(places.table("tool", "uv")), "[tool.uv] names sources of its own"))


def _setuptools(found: Found, tree: Mapping[str, object], places: Positions) -> None:
    """Follow ``dynamic`` metadata of setuptools to the requirements files that it names."""
    dynamic = table(within(tree, "tool", "setuptools", "dynamic"))
    sources = [("", dynamic.get("dependencies"))]
    sources += list(table(dynamic.get("optional-dependencies")).items())
    for group, source in sources:
        named = within(source, "file")
        for target in [named] if isinstance(named, str) else texts(named):
            number = places.value(target, "tool", "setuptools", "dynamic")
            found.includes.append(Include(target, found.line(number), group=group))
    for build in entries(within(tree, "tool", "poetry", "source")):
        found.options.append(
            (found.line(places.table("tool", "poetry", "source")), f"source {build.get('name')}"[:100])
        )


def _add_all(found: Found, stated: object, group: str, places: Positions, *header: str) -> None:
    for text in list(texts(stated))[:_MOST]:
        add(found, text, places.value(text, *header), group)
