"""How much of the project's code in other languages than Python and R stands in functions and classes?"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import partial

from evaluator.facts.tree import Tree
from evaluator.model import Fact, Record
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot, Unreadable


class OtherFile(Record):
    """One file.

    Attributes:
        language: By its suffix, as ``LANGUAGES`` has it.
        top: Lines of code outside of functions; where the language has none there, the lines of ``main``.
        inner: Lines of code in functions. functions: How many there are, ``main`` apart.
    """

    path: str
    language: str
    top: int
    inner: int
    functions: int


class OtherCode(Fact):
    """The own files, by path; tests, vendored and generated code left out, and JavaScript that belongs to no package.

    Attributes:
        left_out: Files beyond the limits, or that could not be read.
    """

    files: tuple[OtherFile, ...] = ()
    left_out: int = 0


LANGUAGES = {
    **dict.fromkeys((".java",), "Java"),
    **dict.fromkeys((".kt",), "Kotlin"),
    **dict.fromkeys((".scala",), "Scala"),
    **dict.fromkeys((".cs",), "C#"),
    **dict.fromkeys((".c", ".h"), "C"),
    **dict.fromkeys((".cc", ".cpp", ".cxx", ".hh", ".hpp"), "C++"),
    **dict.fromkeys((".go",), "Go"),
    **dict.fromkeys((".rs",), "Rust"),
    **dict.fromkeys((".swift",), "Swift"),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), "JavaScript"),
    **dict.fromkeys((".ts", ".tsx"), "TypeScript"),
    **dict.fromkeys((".rb",), "Ruby"),
    **dict.fromkeys((".php",), "PHP"),
    **dict.fromkeys((".lua",), "Lua"),
    **dict.fromkeys((".jl",), "Julia"),
}
"""Suffix → language: those that students' repositories have, of the ones that lizard reads, and Julia."""
_SCRIPTED = frozenset({"JavaScript", "TypeScript", "Ruby", "PHP", "Lua", "Julia"})
_PACKAGED = frozenset({"JavaScript", "TypeScript"})
_SETTINGS = (".config.js", ".config.ts", ".config.mjs", ".config.cjs", ".d.ts")
_FILES = 300
_LINES = 15_000
_BYTES = 200_000
_COMMENT = ("//", "/*", "*", "#", "--")
_BROUGHT_IN = ("import ", "package ", "using ", "export *", "export {", "require ", "require_", "include(", "module ")
_SIGNS = frozenset("{}[]();,<>/ ")
# What lizard's readers can raise on files that are not what their suffix says.
_FAULTS = (ValueError, LookupError, AttributeError, TypeError, RecursionError, MemoryError, StopIteration, RuntimeError)
_OPENS = ("function ", "macro ")
_BLOCKS = frozenset({"if", "for", "while", "let", "try", "begin", "struct", "quote", "do", "abstract", "primitive"})


@provides(how="parsed")
def other_code(snapshot: Snapshot, tree: Tree) -> OtherCode:
    """Count lines in and outside of functions, file by file in order of path, up to the limits."""
    packages = {posixpath.dirname(f.path) for f in tree.files if posixpath.basename(f.path) == "package.json"}
    asked = [f.path for f in tree.files if f.part == "own" and f.kind != "symlink" and _is_asked(f.path, packages)]
    files = [
        found
        for path, language, text in _texts(snapshot, asked)
        if (found := snapshot.known(path, OtherFile, partial(_counted, path, language, text))).top + found.inner
    ]
    return OtherCode(files=tuple(files), left_out=max(0, len(asked) - len(files)))


def _is_asked(path: str, packages: set[str]) -> bool:
    language = LANGUAGES.get(posixpath.splitext(path)[1].lower())
    if language is None or path.lower().endswith(_SETTINGS):
        return False
    return language not in _PACKAGED or any(path.startswith(f"{folder}/" if folder else "") for folder in packages)


def _texts(snapshot: Snapshot, paths: list[str]) -> Iterator[tuple[str, str, str]]:
    lines = 0
    for path in paths[:_FILES]:
        try:
            text = snapshot.text(path, limit=_BYTES)
        except Unreadable:
            continue
        lines += text.count("\n") + 1
        if lines > _LINES:
            return
        yield path, LANGUAGES[posixpath.splitext(path)[1].lower()], text


def _counted(path: str, language: str, text: str) -> OtherFile:
    spans = _julia(text) if language == "Julia" else _spans(path, text)
    code = [n for n, line in enumerate(text.split("\n"), start=1) if _is_code(line)]
    main, inner, functions = set[int](), set[int](), 0
    for name, start, end in spans:
        is_main = name.rpartition("::")[2].lower() == "main"
        functions += not is_main
        (main if is_main else inner).update(range(start, end + 1))
    within = sum(n in inner for n in code)
    top = sum(n not in inner for n in code) if language in _SCRIPTED else sum(n in main - inner for n in code)
    return OtherFile(path=path, language=language, top=top, inner=within, functions=functions)


def _is_code(line: str) -> bool:
    """Whether a line holds more than brackets, a comment or the name of what is brought in."""
    bare = line.strip()
    if not bare or bare.startswith(_COMMENT) or bare.startswith(_BROUGHT_IN) or " = require(" in bare:
        return False
    return bare != "end" and not _SIGNS.issuperset(bare)


def _spans(path: str, text: str) -> list[tuple[str, int, int]]:
    """Return name, first and last line of the functions that lizard finds; none where it cannot read the file."""
    import lizard

    try:
        found = lizard.analyze_file.analyze_source_code(path, text)
    except _FAULTS:
        return []
    return [(str(f.name), f.start_line, f.end_line) for f in found.function_list]


def _julia(text: str) -> list[tuple[str, int, int]]:
    """Return the functions of Julia, which lizard does not read: by the words that open and end a block at a line's beginning."""
    found: list[tuple[str, int, int]] = []
    opened: list[tuple[str, int]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.split("#")[0].strip()
        words = bare.split()
        if bare.startswith(_OPENS):
            opened.append((words[1].partition("(")[0] if len(words) > 1 else "function", number))
        elif words and (words[0] in _BLOCKS or words[0] == "mutable" or words[-1] == "do" or " do " in bare):
            opened.append(("", number))
        elif "(" in bare and ") = " in bare and bare.split("(")[0].isidentifier():
            found.append((bare.partition("(")[0], number, number))
        if words and (words[-1] == "end" or words[0] in {"end", "end)", "end,"}) and opened:
            name, start = opened.pop()
            found += [(name, start, number)] if name else []
    return found
