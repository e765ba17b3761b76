"""Are data or models handled in other languages than Python, and is that tested?

Their code is not parsed: what a file is about shows in the words that nobody gets around.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from evaluator.facts.tree import File, Tree
from evaluator.source.snapshot import Snapshot, Unreadable, decode_text

_FOR_DATA = frozenset({".r", ".rmd", ".qmd", ".jl", ".sas", ".do", ".mlx"})
"""Suffixes of languages that are written to work on data."""
_GENERAL = frozenset(
    {".cpp", ".cc", ".cxx", ".hpp", ".h", ".c", ".cu", ".cs", ".java", ".kt", ".scala", ".rs", ".go", ".swift"}
)
_GENERAL_WEB = frozenset({".js", ".ts", ".mjs"})
_WORD = re.compile(
    r"back_?prop|gradient|learning_?rate|epochs?\b|neurons?|softmax|sigmoid|relu\b|\bloss|k_?means|accuracy"
)
_TELLING = 4
_FILES = 200
_BYTES = 200_000
_CHECKS = re.compile(
    r"test_that\(|expect_\w+\(|\bTEST(_F|_CASE)?\(|\bassert\w*!?\(|@Test\b|\bdescribe\(|#\[test\]|func Test\w+\(|@testset"
)
_TEST = re.compile(r"(^|[/_.-])(tests?|testthat|spec)([/_.-]|$)", re.IGNORECASE)


def subjects(snapshot: Snapshot, tree: Tree) -> tuple[str, ...]:
    """Return files of other languages that handle data or a model, at most 20."""
    found = [f.path for f in _own(tree, _FOR_DATA)]
    if not found:
        candidates = list(_own(tree, _GENERAL | _GENERAL_WEB))[:_FILES]
        found = [f.path for f in candidates if _is_about_models(snapshot, f)]
    return tuple(found[:20])


def tests(snapshot: Snapshot, tree: Tree) -> tuple[str, ...]:
    """Return files of other languages that are tests by their place and hold the words of a test framework, at most 20."""
    suffixes = _FOR_DATA | _GENERAL | _GENERAL_WEB
    placed = [f for f in tree.files if _suffix(f) in suffixes and f.part in {"own", "test"} and _TEST.search(f.path)]
    return tuple(f.path for f in placed[:_FILES] if _CHECKS.search(_read(snapshot, f)))[:20]


def _own(tree: Tree, suffixes: frozenset[str]) -> Iterator[File]:
    return (f for f in tree.files if f.part == "own" and _suffix(f) in suffixes and not _TEST.search(f.path))


def _suffix(file: File) -> str:
    return posixpath.splitext(file.path)[1].lower()


def _is_about_models(snapshot: Snapshot, file: File) -> bool:
    return len({found.group().rstrip("s") for found in _WORD.finditer(_read(snapshot, file).lower())}) >= _TELLING


def _read(snapshot: Snapshot, file: File) -> str:
    try:
        return decode_text(snapshot.read(file.path, limit=_BYTES))
    except Unreadable:
        return ""
