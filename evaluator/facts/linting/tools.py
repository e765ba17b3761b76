"""Which programs are linters and formatters, what do they read, and does a command start one?

Sources: the tools' own documentation; https://github.com/analysis-tools-dev/static-analysis for the list.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from evaluator.facts.lint_setup import Aim

_PYTHON = (
    "ruff black flake8 pylint isort yapf autopep8 autoflake pycodestyle pydocstyle pyflakes pep8 bandit pylama prospector "
    "nbqa docformatter blue darker usort ufmt vulture wemake-python-styleguide pydoclint pydocstringformatter sourcery "
    "fixit nb-black lab-black black-nb jupyterlab-code-formatter skylos refurb"
)
_JAVASCRIPT = "eslint prettier biome rome tslint standard xo oxlint jshint stylelint dprint"
_C = "clang-format clang-tidy cpplint cppcheck astyle uncrustify iwyu"
_OTHERS = {
    "r": "lintr styler style-files",
    "rust": "rustfmt clippy",
    "go": "gofmt golangci-lint golint goimports staticcheck gofumpt",
    "java": "checkstyle spotbugs pmd spotless ktlint google-java-format",
    "scala": "scalafmt scalafix scalastyle",
    "julia": "juliaformatter",
    "csharp": "csharpier",
    "shell": "shellcheck shfmt",
    "sql": "sqlfluff sqlfmt",
    "": "super-linter megalinter trunk",
}
LANGUAGE_OF: dict[str, str] = {
    **dict.fromkeys(_PYTHON.split(), "python"),
    **dict.fromkeys(_JAVASCRIPT.split(), "javascript"),
    **dict.fromkeys(_C.split(), "c"),
    **{tool: language for language, tools in _OTHERS.items() for tool in tools.split()},
}
"""Linters and formatters, with the language that they read."""
TYPE_CHECKERS = frozenset({"mypy", "pyright", "basedpyright", "pytype", "pyre", "ty", "dmypy"})
TIDYING = frozenset(
    {
        "trailing-whitespace", "end-of-file-fixer", "mixed-line-ending", "pretty-format-json", "double-quote-string-fixer",
        "debug-statements", "check-ast", "pyupgrade", "codespell", "typos", "fix-encoding-pragma", "editorconfig-checker",
        "add-trailing-comma", "requirements-txt-fixer", "check-docstring-first",
    }
)  # fmt: skip
SUFFIXES: dict[str, str] = {
    ".py": "python", ".pyw": "python", ".pyx": "python", ".js": "javascript", ".jsx": "javascript", ".mjs": "javascript",
    ".cjs": "javascript", ".ts": "javascript", ".tsx": "javascript", ".vue": "javascript", ".svelte": "javascript",
    ".r": "r", ".rmd": "r", ".qmd": "r", ".c": "c", ".cc": "c", ".cpp": "c", ".cxx": "c", ".h": "c", ".hpp": "c",
    ".cu": "c", ".cuh": "c", ".rs": "rust", ".go": "go", ".java": "java", ".kt": "java", ".scala": "scala", ".jl": "julia",
    ".cs": "csharp", ".m": "matlab", ".swift": "swift", ".rb": "ruby", ".php": "php", ".lua": "lua", ".stan": "stan",
    ".f90": "fortran", ".hs": "haskell", ".ex": "elixir",
}  # fmt: skip
"""Endings of files that hold code, by language."""
_ASKING = frozenset({"--version", "-V", "--help", "-h", "help", "--show-settings", "--show-files", "--list-msgs"})
_RUFF = frozenset({"check", "format"})
_WITH_LINTERS: dict[str, dict[str, str]] = {
    "hatch": {"fmt": "ruff"},
    "dotnet": {"format": "csharpier"},
    "deno": {"fmt": "biome", "lint": "biome"},
    "go": {"fmt": "gofmt", "vet": "gofmt"},
    "cargo": {"clippy": "clippy", "fmt": "rustfmt"},
    **{name: {"lint": "eslint"} for name in ("next", "ng", "vue-cli-service", "wp-scripts", "expo")},
}
"""Programs that start a linter by a word of their own."""
_IN_R = re.compile(r"\b(lintr|styler)::\w+\(|\b(?:lint_dir|lint_package|style_dir|style_pkg|style_file)\(")


def aim_of(tool: str) -> Aim | None:
    """Return what ``tool`` is for; None for one that is no linter, formatter or type checker."""
    if tool in LANGUAGE_OF:
        return "style"
    if tool in TYPE_CHECKERS:
        return "types"
    return "tidying" if tool in TIDYING else None


def named(words: str) -> str:
    """Return the tool that a hook's id, an action's or a package's name bears (``ruff-format``, ``nbqa-black``), or ``""``."""
    plain = words.lower().replace("_", "-")
    if aim_of(plain):
        return plain
    parts = plain.split("-")
    for length in (3, 2, 1):
        for at in range(len(parts) - length + 1):
            tool = "-".join(parts[at : at + length])
            if tool in LANGUAGE_OF or tool in TYPE_CHECKERS:
                return tool
    return ""


def started(argv: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield (tool, why it can find no fault or ``""``) for each linter, formatter or type checker that a command starts."""
    words = list(argv)
    program = posixpath.basename(words[0]).removesuffix(".exe").removesuffix(".cmd") if words else ""
    if program in {"npx", "bunx", "pnpx", "xargs", "parallel", "winpty"}:
        yield from _after_options(words[1:])
    elif program in {"pnpm", "yarn", "bun", "npm"}:
        rest = [w for w in words[1:] if w not in {"exec", "dlx", "x", "--"}]
        yield from _after_options(rest) if rest != words[1:] or program == "yarn" else ()
    elif program.startswith("python") and words[1:2] == ["-m"]:
        yield from started(tuple(words[2:]))
    elif program == "find":
        at = next((n for n, w in enumerate(words) if w in {"-exec", "-execdir", "-ok"}), len(words))
        yield from started(tuple(words[at + 1 :]))
    elif program in {"docker", "podman", "docker-compose"} and {"run", "exec"} & set(words[1:4]):
        yield from (
            found for n in range(2, len(words)) if words[n] in LANGUAGE_OF for found in started(tuple(words[n:]))
        )
    elif program in {"Rscript", "R"}:
        yield from (((hit[1] or "lintr"), "") for hit in _IN_R.finditer(" ".join(words[1:])))
    elif program in _WITH_LINTERS:
        yield from _built_in(program, words)
    else:
        yield from _itself(program.lower(), words[1:])


def _after_options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what is started by the first word that names a tool: options of the program before may take values."""
    at = next((n for n, w in enumerate(words) if posixpath.basename(w).lower() in LANGUAGE_OF), None)
    if at is not None:
        yield from started(tuple(words[at:]))


def _built_in(program: str, words: list[str]) -> Iterator[tuple[str, str]]:
    tool = _WITH_LINTERS[program].get(words[1] if len(words) > 1 else "")
    if tool is not None:
        yield tool, ""


def _itself(program: str, rest: list[str]) -> Iterator[tuple[str, str]]:
    tool = {"dmypy": "mypy", "nbqa": "nbqa"}.get(program, program)
    if aim_of(tool) is None or _ASKING & set(rest):
        return
    if tool == "ruff" and not _RUFF & set(rest[:4]) and not any(w for w in rest if not w.startswith("-")):
        return
    if tool == "ruff" and rest and rest[0] in {"clean", "rule", "config", "linter", "server", "version"}:
        return
    yield tool, "its findings are ignored" if {"--exit-zero", "-e0"} & set(rest) else ""
