"""Which lines of the project's code and settings name a path of one machine?"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from evaluator.facts.code import Code
from evaluator.facts.delivery import Delivery
from evaluator.facts.local_paths.kinds import kind_of, worst
from evaluator.facts.local_paths.strings import Named, Strings
from evaluator.facts.local_paths.typed import Language, language_of, settings_of, texts, typed_lines, words
from evaluator.facts.machine_paths import MachinePath, MachinePaths
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.python.modules import Modules
from evaluator.facts.tree import Part, Tree
from evaluator.model import Missing, Span
from evaluator.source.snapshot import Snapshot, Unreadable

ITEM_LIMIT = 500
FILE_SIZE = 500_000
SETTINGS_SIZE = 64_000
READ_LIMIT = 4_000_000
"""Characters of other languages and settings together."""
_THEIRS: frozenset[Part] = frozenset({"own", "example", "docs"})
_SETTING_NAMES = ("config", "conf", "params", "settings", "hparams", "paths", "hyper", "args")
_REMOTE = ".dvc/config"


def find(
    snapshot: Snapshot,
    tree: Tree,
    modules: Modules,
    code: Code,
    *,
    notebooks: Notebooks | Missing,
    delivery: Delivery | Missing,
) -> MachinePaths:
    """Return every line that names one, once; see the fact."""
    images = any("dockerfile" in f.path.lower() or "compose" in f.path.lower() for f in tree.files)
    tests = {m.path for m in code.modules if m.is_test}
    strings = Strings(modules, images=images)
    own = [s for s in modules.sources.values() if s.part in _THEIRS and s.path not in tests]
    found = [named for source in own for named in strings.of(source)]
    others = [f.path for f in tree.files if f.part in _THEIRS and language_of(posixpath.basename(f.path)) is not None]
    books = () if isinstance(notebooks, Missing) else notebooks.items
    found += _shell_lines(notebooks, {f.path for f in tree.files if f.part in _THEIRS})
    composed = () if isinstance(delivery, Missing) else delivery.compose
    unparsed: list[tuple[str, Language, int]] = [
        (s.path, "hash", FILE_SIZE) for s in own if s.kind == "module" and not s.units
    ]
    found += _elsewhere(snapshot, [*_written(others), *unparsed, *_settings(tree, code, composed)])
    foreign = sum(not book.is_python and any(c.kind == "code" for c in book.cells) for book in books)
    items = {(n.at.path, n.at.cell or 0, n.at.start): _item(n) for n in sorted(found, key=_place, reverse=True)}
    return MachinePaths(
        items=tuple(items[key] for key in sorted(items))[:ITEM_LIMIT], files=len(own) + len(others) + foreign
    )


def _place(named: Named) -> tuple[str, int, int, bool, str]:
    """Sort by place; of one line, what is one machine's comes first."""
    return named.at.path, named.at.cell or 0, named.at.start, named.kind != "machine", named.path


def _item(named: Named) -> MachinePath:
    return MachinePath(path=named.path, at=named.at, kind="machine" if named.kind == "machine" else "hosted")


def _shell_lines(notebooks: Notebooks | Missing, theirs: set[str]) -> Iterator[Named]:
    """Yield what the shell lines and magics of notebooks name; of notebooks in other languages, what their code names."""
    for book in () if isinstance(notebooks, Missing) else notebooks.items:
        if book.path not in theirs:
            continue
        for cell in book.cells:
            if cell.kind != "code":
                continue
            lines = [(n, worst(words(line))) for n, line in typed_lines(cell.source)]
            if not book.is_python:
                lines += [(n, worst((text,))) for n, text in texts(cell.source, "hash")]
            for number, hit in lines:
                if hit is not None:
                    at = Span(path=book.path, start=number, end=number, cell=cell.index)
                    yield Named(path=hit[0][:200], kind=hit[1], at=at)


def _written(paths: list[str]) -> Iterator[tuple[str, Language, int]]:
    for path in paths:
        language = language_of(posixpath.basename(path))
        if language is not None:
            yield path, language, FILE_SIZE


def _settings(tree: Tree, code: Code, composed: tuple[str, ...]) -> Iterator[tuple[str, Language, int]]:
    """Yield the settings that code names, and those that tools read by themselves."""
    named = {posixpath.basename(t.text.replace("\\", "/")) for m in code.modules for t in m.texts if len(t.text) < 200}
    for file in tree.files:
        name = posixpath.basename(file.path)
        language = settings_of(name)
        if file.path in {*composed, _REMOTE} or (name == "params.yaml" and file.part == "own"):
            yield file.path, language or "settings", SETTINGS_SIZE
            continue
        read = file.part == "own" and (name in named or name.rpartition(".")[0] in named)
        if language is not None and read and (language != "json" or _is_called_settings(file.path)):
            yield file.path, language, SETTINGS_SIZE


def _is_called_settings(path: str) -> bool:
    """Whether a JSON file, which may as well hold data, is called as settings are."""
    return any(word in path.lower() for word in _SETTING_NAMES)


def _elsewhere(snapshot: Snapshot, files: list[tuple[str, Language, int]]) -> Iterator[Named]:
    left = READ_LIMIT
    for path, language, limit in sorted(set(files)):
        try:
            content = snapshot.text(path, limit=limit)
        except Unreadable:
            continue
        if (left := left - len(content)) < 0:
            return
        for number, text in texts(content, language):
            kind = kind_of(text)
            if kind in {"machine", "hosted"}:
                yield Named(path=text[:200], kind=kind, at=Span(path=path, start=number, end=number))
