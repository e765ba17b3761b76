"""Which paths stand in lines for a shell, in code of other languages, and in settings?"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from typing import Literal

Language = Literal["hash", "percent", "slashes", "dashes", "shell", "batch", "chunks", "settings", "json"]
_BY_ENDING: dict[str, Language] = {
    **dict.fromkeys(("r", "jl", "pl", "rb"), "hash"),
    **dict.fromkeys(("rmd", "qmd"), "chunks"),
    "m": "percent",
    **dict.fromkeys(("c", "h", "cc", "cpp", "hpp", "cu", "java", "scala", "go", "rs", "cs", "swift", "kt"), "slashes"),
    "sql": "dashes",
    **dict.fromkeys(("sh", "bash", "zsh", "mk"), "shell"),
    **dict.fromkeys(("bat", "cmd", "ps1"), "batch"),
}
_SETTINGS: dict[str, Language] = {
    **dict.fromkeys(("yaml", "yml", "toml", "ini", "cfg", "conf", "properties"), "settings"),
    "json": "json",
}
_COMMENT: dict[Language, tuple[str, ...]] = {
    "hash": ("#",),
    "chunks": ("#",),
    "percent": ("%",),
    "slashes": ("//",),
    "dashes": ("--",),
    "shell": ("#",),
    "batch": ("rem ", "::", "#"),
    "settings": ("#", ";"),
    "json": (),
}
_QUOTED = re.compile(r"\"((?:[^\"\\\n]|\\.){2,300}+)\"|'((?:[^'\\\n]|\\.){2,300}+)'")
_BEGINS = re.compile(r"[\"'](?:[A-Za-z]:[\\/]|/|\\\\|(?:jdbc:)?(?:sqlite|file|duckdb|dbfs)[:+])")
"""A quoted text that may begin as an absolute path: other lines are not looked at closely."""
_VALUE = re.compile(r"^\s*(?:- +)?(?:[\w./ -]{1,80}(?::\s|=)\s*)?(?:- +)?[\"']?([^\"'#]{2,300}?)[\"']?\s*(?:\s#.*)?$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")


def language_of(name: str) -> Language | None:
    """Return how code in the file called ``name`` is written; None for Python, for what is no code, and for the web's."""
    lower = name.lower()
    if lower in {"makefile", "gnumakefile", "justfile"}:
        return "shell"
    return _BY_ENDING.get(lower.rpartition(".")[2]) if "." in lower else None


def settings_of(name: str) -> Language | None:
    """Return how settings in the file called ``name`` are written; None for what holds none."""
    return _SETTINGS.get(name.lower().rpartition(".")[2])


def words(line: str) -> list[str]:
    """Return the words of a line for a shell, and the values that options and assignments give, as written."""
    try:
        lexer = shlex.shlex(line[:2000].replace("\\", "/"), posix=True, punctuation_chars=";&|<>()")
        lexer.whitespace_split = True
        lexer.commenters = ""
        found = list(lexer)
    except ValueError:
        found = line[:2000].split()
    return [part for word in found for part in (word, word.partition("=")[2]) if part]


def texts(content: str, language: Language) -> Iterator[tuple[int, str]]:
    """Yield what may be a path in ``content``, with its line; comments are left out."""
    inside, remark = language != "chunks", False
    for number, line in enumerate(content.split("\n"), start=1):
        if language == "chunks" and _FENCE.match(line):
            inside = not inside and "{" in line
            continue
        bare = line.strip()
        if language == "slashes" and (remark or bare.startswith("/*")):
            remark = "*/" not in bare
            continue
        if not inside or not bare or len(line) > 2_000 or bare.lower().startswith(_COMMENT[language]):
            continue
        if language in {"shell", "batch"}:
            yield from ((number, word) for word in words(_before_comment(line, language)))
        elif language == "settings":
            found = _VALUE.match(line)
            yield from ((number, found[1]),) if found else ()
            yield from _quoted(number, line)
        else:
            yield from _quoted(number, line)


def _quoted(number: int, line: str) -> Iterator[tuple[int, str]]:
    for found in _QUOTED.finditer(line) if _BEGINS.search(line) else ():
        yield number, (found[1] or found[2]).replace("\\\\", "\\")


def _before_comment(line: str, language: Language) -> str:
    return line.partition(" #")[0] if language == "shell" else line


def typed_lines(source: str, *, first: int = 1) -> Iterable[tuple[int, str]]:
    """Yield the lines of a notebook's cell that are for a shell or are magics, with their number."""
    lines = source.split("\n")
    whole = lines[0].startswith(("%%bash", "%%sh", "%%shell", "%%!", "%%script"))
    for number, line in enumerate(lines, start=first):
        bare = line.strip()
        if whole and number > first and not bare.startswith("#"):
            yield number, bare
        elif bare.startswith(("!", "%")) and not bare.startswith("%%"):
            yield number, bare.lstrip("!%")
