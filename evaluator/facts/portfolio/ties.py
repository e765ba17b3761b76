"""Which folders that look like projects belong together: through imports, dependencies, services or data?"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evaluator.facts.delivering import compose
from evaluator.facts.delivering.expanding import Expander
from evaluator.facts.modelling.libraries import libraries
from evaluator.facts.portfolio.candidates import Candidate
from evaluator.facts.portfolio.folder_names import own_words
from evaluator.facts.python.modules import ROOTS, Modules, Source
from evaluator.source.snapshot import Snapshot, Unreadable

_MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "environment.yml")
_DATA = re.compile(
    r"[^\s:*?\"<>|]{1,200}\.(?:csv|tsv|xlsx?|parquet|jsonl?|pkl|pickle|joblib|h5|npy|npz|db|sqlite|feather|zip|txt|pt|pth)"
)
_TEXT_LIMIT = 300_000


@dataclass(frozen=True)
class Looked:
    """What is looked at together: the tree, its code, and the folders in question."""

    snapshot: Snapshot
    modules: Modules
    found: Sequence[Candidate]

    def owner(self, path: str) -> str | None:
        """Return the candidate that ``path`` lies in."""
        return next((c.path for c in self.found if path == c.path or path.startswith(f"{c.path}/")), None)


def tied(looked: Looked) -> frozenset[str]:
    """Return the candidates that are tied to another one."""
    pairs = [*_by_name(looked.found), *_by_services(looked), *_by_dependencies(looked), *_by_imports(looked)]
    pairs += _by_data(looked)
    return frozenset(path for one, other in pairs if one != other for path in (one, other))


def _by_name(found: Sequence[Candidate]) -> Iterator[tuple[str, str]]:
    """Yield those of one folder whose names differ in a part only: ``churn-api`` and ``churn-frontend``."""
    held: dict[tuple[str, frozenset[str]], str] = {}
    for one in found:
        own = own_words(posixpath.basename(one.path))
        if own:
            key = (posixpath.dirname(one.path), own)
            yield held.setdefault(key, one.path), one.path


def _by_services(looked: Looked) -> Iterator[tuple[str, str]]:
    """Yield those that one compose file builds."""
    expander: Expander | None = None
    for path in looked.snapshot.paths(".yml", ".yaml"):
        if not compose.is_compose(path) or looked.owner(path) is not None:
            continue
        expander = expander or Expander.of(looked.snapshot)
        built = [owner for s in compose.services(path, expander) if (owner := looked.owner(s.context)) is not None]
        yield from ((built[0], other) for other in built[1:])


def _by_dependencies(looked: Looked) -> Iterator[tuple[str, str]]:
    """Yield those of which one declares the other, by its name as a package or by its folder."""
    declared = {c.path: _manifest_text(looked.snapshot, c.path) for c in looked.found}
    for one in looked.found:
        name = _package_name(looked.snapshot, one.path)
        folder = re.escape(posixpath.basename(one.path))
        wanted = [rf"\.\./(?:[\w.-]+/)*{folder}\b", *([rf"(?<![\w./-]){re.escape(name)}(?![\w-])"] if name else [])]
        asked = re.compile("|".join(wanted))
        yield from ((one.path, other) for other, text in declared.items() if other != one.path and asked.search(text))


def _manifest_text(snapshot: Snapshot, folder: str) -> str:
    return "\n".join(_text(snapshot, f"{folder}/{name}") for name in _MANIFESTS)


def _text(snapshot: Snapshot, path: str) -> str:
    try:
        return snapshot.text(path, limit=_TEXT_LIMIT)
    except Unreadable:
        return ""


def _package_name(snapshot: Snapshot, folder: str) -> str:
    """Return the name in a folder's pyproject.toml; empty where there is none."""
    try:
        table: object = tomllib.loads(_text(snapshot, f"{folder}/pyproject.toml"))
    except (ValueError, RecursionError):
        return ""
    for keys in (("project", "name"), ("tool", "poetry", "name")):
        value = table
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str) and len(value) > 2:
            return value
    return ""


def _by_imports(looked: Looked) -> Iterator[tuple[str, str]]:
    """Yield those of which one imports what only the other holds."""
    holders = _holders(looked)
    beside = {path.partition("/")[0].removesuffix(".py") for path in looked.modules.sources if not looked.owner(path)}
    for path, source in looked.modules.sources.items():
        owner = looked.owner(path)
        for name in _imported(source) if owner is not None else ():
            held = holders.get(name, [])
            if len(held) == 1 and owner not in held and name not in beside | libraries().packages:
                yield owner or "", held[0]


def _holders(looked: Looked) -> dict[str, list[str]]:
    """Return by name of a module which candidates hold one that is called so."""
    holders: dict[str, list[str]] = {}
    for path in looked.modules.sources:
        owner = looked.owner(path)
        for name in _importable(path, owner) if owner is not None else ():
            held = holders.setdefault(name, [])
            if owner not in held:
                held.append(owner or "")
    return holders


def borrowed(looked: Looked) -> dict[str, tuple[str, ...]]:
    """Return by candidate the code beside the candidates that it imports, and the files there that import its own."""
    holders = _holders(looked)
    beside = [path for path in looked.modules.sources if looked.owner(path) is None]
    tops = {path.partition("/")[0].removesuffix(".py"): path.partition("/")[0] for path in beside}
    found: dict[str, set[str]] = {}
    for path, source in looked.modules.sources.items():
        owner = looked.owner(path)
        if owner is not None:
            found.setdefault(owner, set()).update(tops[name] for name in _imported(source) if name in tops)
            continue
        for name in _imported(source):
            held = holders.get(name, [])
            if len(held) == 1 and name not in tops:
                found.setdefault(held[0], set()).add(path)
    return {path: tuple(sorted(lent)) for path, lent in found.items()}


def _importable(path: str, owner: str) -> Iterator[str]:
    """Yield the names under which a file of a candidate can be imported from elsewhere."""
    inner = path.removeprefix(f"{owner}/").split("/")
    first = inner[1] if len(inner) > 1 and inner[0] in ROOTS else inner[0]
    yield first.removesuffix(".py")
    yield posixpath.basename(owner)


def _imported(source: Source) -> Iterable[str]:
    return dict.fromkeys(i.module.partition(".")[0] for i in source.walked.imports if not i.level and i.module)


def _by_data(looked: Looked) -> Iterator[tuple[str, str]]:
    """Yield those of which one reads the other's files, or that read the same file outside of both."""
    read: dict[str, str] = {}
    for path, source in looked.modules.sources.items():
        owner = looked.owner(path)
        if owner is None:
            continue
        for text, *_ in source.walked.texts:
            for place in _places(text, path, owner, looked.snapshot):
                other = looked.owner(place)
                yield owner, other if other is not None else read.setdefault(place, owner)


def _places(text: str, path: str, owner: str, snapshot: Snapshot) -> Iterator[str]:
    """Yield the paths outside its project that a constant may name: files that are there, or data further up."""
    written = text.replace("\\", "/")
    if not _DATA.fullmatch(written) or written.startswith(("http", "/", "s3:")):
        return
    for base in dict.fromkeys((posixpath.dirname(path), owner, "")):
        place = posixpath.normpath(posixpath.join(base, written))
        inside = place.startswith((f"{owner}/", "../"))
        if inside and snapshot.exists(place):
            return
        if not inside and (snapshot.exists(place) or (written.startswith("../") and base)):
            yield place
            return
