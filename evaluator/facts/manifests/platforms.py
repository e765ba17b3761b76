"""Which Python do the files ask for that hosting platforms, tool managers and containers of work read?"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from evaluator.facts.manifests.conda import Place, compose
from evaluator.facts.manifests.found import Found, table
from evaluator.facts.manifests.positions import Positions
from evaluator.facts.packaging import PythonStated
from evaluator.model import Span

Where: TypeAlias = Literal["version-file", "dockerfile", "environment", "ci"]
IMAGE = re.compile(r"(?:^|[/:-])python[:-]?(?:\d-)?(?P<version>\d(?:\.\d{1,2}){0,2})(?![\d.])")
"""The Python that an image's name tells; Microsoft's for dev containers have an edition before it (``python:1-3.11``)."""
_KEY = re.compile(r"(?:nixpacks[-_])?py(?:thon)?(?:[-_ ]?versions?)?|versionspec", re.IGNORECASE)
_VERSION = re.compile(r"(?:pypy)?[23](?:\.(?:\d{1,2}|x|\*)){1,2}(?:-dev|[abrc]+\d*)?")
_ASKED = re.compile(r"[~^<>=! ]{0,4}[23]\.(?:\d{1,2}|x|\*)[\d.*,<>=!~ x]{0,40}")
_RUNTIME = re.compile(r"python[-_]?(?P<major>[23])\.?(?P<minor>\d{1,2})")
_NAMED = re.compile(r"python-(?P<version>[23]\.\d{1,2})(?:[:.].{0,20})?")
# Render, Read the Docs, App Engine, Serverless Framework, AWS SAM, Replicate, MLflow projects: each its own reference.
_YAML = re.compile(
    r"(?:render|\.?readthedocs|app|serverless|template|cog|python_env|buildspec|apprunner|zeabur|koyeb)\.ya?ml"
)
_COMPOSE = re.compile(r"(?:docker-)?compose(?:[-_.][\w.-]{1,40})?\.ya?ml")
_JSON = frozenset({"app.json", "vercel.json", "devcontainer.json", ".devcontainer.json"})
_TOML: dict[str, Where] = {
    **dict.fromkeys(("mise.toml", ".mise.toml", ".rtx.toml"), "version-file"),
    **dict.fromkeys(("netlify.toml", "nixpacks.toml", "pixi.toml", ".replit"), "environment"),
}
_DEEPEST = 14
_EACH = 20


def is_read(path: str) -> bool:
    """Whether ``path`` is such a file, by its name."""
    name = posixpath.basename(path).lower()
    return name in _TOML or name in _JSON or bool(_YAML.fullmatch(name) or _COMPOSE.fullmatch(name))


def platform(path: str, text: str) -> list[PythonStated]:
    """Return the versions that one such file names; nothing where it cannot be read."""
    name = posixpath.basename(path).lower()
    if name in _TOML:
        return _toml(path, text, _TOML[name])
    if name in _JSON:
        # With comments, as editors allow: YAML reads JSON, and a trailing comma.
        text = "\n".join("" if line.lstrip().startswith("//") else line for line in text.split("\n")).replace("\t", " ")
    stated: list[PythonStated] = []
    walk(compose(Found(path), text), path, "environment", stated)
    return stated[:_EACH]


def walk(
    place: Place, path: str, where: Where, stated: list[PythonStated], depth: int = 0, seen: set[int] | None = None
) -> None:
    """Add what ``place`` states. An alias is the same node again, and is not walked again: nested ones multiply."""
    seen = set() if seen is None else seen
    if depth > _DEEPEST or len(stated) >= _EACH or id(place.node) in seen:
        return
    seen.add(id(place.node))
    pairs = place.pairs()[:1_000]
    stated += _variable(dict(pairs), path, where)
    for key, value in pairs:
        stated += _keyed(key, value, path, where)
        walk(value, path, where, stated, depth + 1, seen)
    for item in place.items()[:1_000]:
        name, equals, text = (item.scalar() or "").partition("=")
        if equals and _KEY.fullmatch(name.strip()) and _VERSION.fullmatch(text.strip()):
            stated.append(said(path, item.line, text.strip(), where))
        walk(item, path, where, stated, depth + 1, seen)


def _keyed(key: str, value: Place, path: str, where: Where) -> Iterator[PythonStated]:
    """Yield what one key and its value state: a version, an image, or a platform's name of an interpreter."""
    if _KEY.fullmatch(key):
        for one in [value, *value.items()]:
            text = (one.scalar() or "").strip()
            if _VERSION.fullmatch(text) or (where != "ci" and _ASKED.fullmatch(text)):
                yield said(path, one.line, text, where)
    elif key in {"image", "container"}:
        base = IMAGE.search(value.scalar() or "")
        if base:
            yield said(path, value.line, base["version"], "dockerfile" if where != "ci" else "ci")
    elif key.lower() == "runtime" and where != "ci":
        asked = _RUNTIME.fullmatch((value.scalar() or "").strip())
        if asked:
            yield said(path, value.line, f"{asked['major']}.{asked['minor']}", where)


def _variable(held: Mapping[str, Place], path: str, where: Where) -> Iterator[PythonStated]:
    """Yield a variable that is written as a name beside its value (``key: PYTHON_VERSION``, ``value: 3.12.6``)."""
    name = next((held[key].scalar() or "" for key in ("key", "name") if key in held), "")
    value = held.get("value")
    text = (value.scalar() or "").strip() if value is not None else ""
    if value is not None and _KEY.fullmatch(name) and _VERSION.fullmatch(text):
        yield said(path, value.line, text, where)


def _toml(path: str, text: str, where: Where) -> list[PythonStated]:
    try:
        tree: object = tomllib.loads(text)
    except (ValueError, RecursionError):
        return []
    stated: list[PythonStated] = []
    _tables(table(tree), (), Positions(text), path, where, stated)
    return stated[:_EACH]


def _tables(
    held: Mapping[str, object],
    header: tuple[str, ...],
    places: Positions,
    path: str,
    where: Where,
    stated: list[PythonStated],
) -> None:
    for key, value in list(held.items())[:1_000]:
        inner = table(value)
        first = value[0] if isinstance(value, list) and value else value
        text = str(inner.get("version") or first).strip()
        if _KEY.fullmatch(key) and _ASKED.fullmatch(text):
            stated.append(said(path, places.key(key, *header), text, where))
        elif key == "modules" and isinstance(value, list):
            named = [m for m in map(_NAMED.fullmatch, map(str, value[:100])) if m]
            stated += [said(path, places.key(key, *header), m["version"], where) for m in named]
        elif inner and len(header) < _DEEPEST:
            _tables(inner, (*header, key), places, path, where, stated)


def said(path: str, line: int, version: str, where: Where) -> PythonStated:
    """Return the record of one place."""
    return PythonStated(at=Span(path=path, start=line, end=line), version=version[:60], where=where)
