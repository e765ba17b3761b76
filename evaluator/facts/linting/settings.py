"""What does a settings file say to a linter or formatter, if anything?"""

from __future__ import annotations

import configparser
import io
import json
import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from evaluator.facts.lint_setup import How, LintTool
from evaluator.facts.linting.tools import LANGUAGE_OF, TYPE_CHECKERS, aim_of, started
from evaluator.model import Span

_INI = {
    ".flake8": "flake8", ".isort.cfg": "isort", ".style.yapf": "yapf", ".pycodestyle": "pycodestyle", ".pep8": "pep8",
    ".pydocstyle": "pydocstyle", ".pydocstylerc": "pydocstyle", ".pylintrc": "pylint", "pylintrc": "pylint", "mypy.ini": "mypy",
    ".mypy.ini": "mypy", ".bandit": "bandit", "pylama.ini": "pylama", ".sqlfluff": "sqlfluff",
}  # fmt: skip
_TOML = {
    "ruff.toml": "ruff", ".ruff.toml": "ruff", "pylintrc.toml": "pylint", ".pylintrc.toml": "pylint",
    "rustfmt.toml": "rustfmt", ".rustfmt.toml": "rustfmt", "clippy.toml": "clippy", ".clippy.toml": "clippy",
    ".juliaformatter.toml": "juliaformatter", ".isort.toml": "isort",
}  # fmt: skip
_OTHER = {
    ".lintr": "lintr", ".clang-format": "clang-format", "_clang-format": "clang-format", ".clang-tidy": "clang-tidy",
    "cpplint.cfg": "cpplint", ".golangci.yml": "golangci-lint", ".golangci.yaml": "golangci-lint", ".astylerc": "astyle",
    "biome.json": "biome", "biome.jsonc": "biome", "tslint.json": "tslint", ".scalafmt.conf": "scalafmt",
    ".prospector.yaml": "prospector", ".prospector.yml": "prospector", "bandit.yaml": "bandit", "bandit.yml": "bandit",
    "pyrightconfig.json": "pyright", "checkstyle.xml": "checkstyle", ".csharpierrc": "csharpier", ".shellcheckrc": "shellcheck",
    "uncrustify.cfg": "uncrustify", ".jshintrc": "jshint", ".oxlintrc.json": "oxlint",
}  # fmt: skip
_FAMILIES = re.compile(r"\.?(eslint|prettier|stylelint)(?:rc|\.config)(?:\.\w{2,5})?")
_SECTIONS = frozenset(
    {"flake8", "pycodestyle", "pep8", "isort", "pylint", "yapf", "pydocstyle", "mypy", "bandit", "pylama"}
)
_NESTS = frozenset({"setup.cfg", "tox.ini"})
_COMMENT = re.compile(r"/\*.*?\*/|(?m:^\s*(?://|#|;).*$)", re.DOTALL)
_NOTHING = re.compile(r"[\s{}\[\]();,-]*|\{\s*\"root\"\s*:\s*true\s*,?\s*\}")
_LEFT_OUT = frozenset(
    {
        "exclude",
        "force-exclude",
        "skip",
        "skip-glob",
        "ignore-paths",
        "ignore-patterns",
        "ignorepatterns",
        "files-to-skip",
    }
)
_ALL = frozenset({"*", "**", "**/*", ".", "./", ".*", "^.*$", "^.*", "^", "./*", "./**"})
_EMPTY_TABLE = "its table is empty"
_EVERYTHING = "its settings leave every file out"
_EVERY_RULE = "its settings leave every rule out"


def is_settings(path: str) -> bool:
    """Whether a file of this name can hold settings of a linter or formatter."""
    name = posixpath.basename(path).lower()
    return (
        name in _INI
        or name in _TOML
        or name in _OTHER
        or name in _NESTS
        or name in {"pyproject.toml", "package.json"}
        or _FAMILIES.fullmatch(name) is not None
    )


def settings(path: str, text: str) -> list[LintTool] | None:
    """Return what the file at ``path`` sets up; None for one that is named for a tool and says nothing. Never raises."""
    name = posixpath.basename(path).lower()
    if name == "pyproject.toml":
        return list(_pyproject(path, text))
    if name == "package.json":
        return list(_package(path, text))
    if name in _NESTS:
        return list(_sections(path, text))
    family = _FAMILIES.fullmatch(name)
    tool = _INI.get(name) or _TOML.get(name) or _OTHER.get(name) or (family[1] if family else "")
    if not tool:
        return []
    if name in _INI:
        options = _ini(text)
        said = {k: v for table in options.values() for k, v in table.items()}
        bare = not options and bool(_stripped(text)) and name in {".style.yapf", ".bandit"}
        return [_made(tool, path, 1, _off(said))] if said or bare else None
    if name in _TOML:
        return [_made(tool, path, 1, _off(table))] if (table := _toml(text)) else None
    return [_made(tool, path, 1, _off(_json(text)))] if _stripped(text) else None


def _stripped(text: str) -> str:
    bare = _COMMENT.sub("", text[:50_000])
    return "" if _NOTHING.fullmatch(bare.strip()) else bare


def _made(tool: str, path: str, line: int, off: str = "") -> LintTool:
    return LintTool(
        tool=tool,
        language=language_of(tool),
        aim=aim_of(tool) or "style",
        how="setting",
        at=Span(path=path, start=line, end=line),
        off=off,
    )


def language_of(tool: str) -> str:
    """Return what ``tool`` reads."""
    return "python" if tool in TYPE_CHECKERS else LANGUAGE_OF.get(tool, "")


def _pyproject(path: str, text: str) -> Iterator[LintTool]:
    tables = _toml(text).get("tool")
    for name, table in sorted(tables.items()) if isinstance(tables, dict) else ():
        tool = name.lower().replace("_", "-")
        if isinstance(table, dict) and (tool in TYPE_CHECKERS or LANGUAGE_OF.get(tool) == "python"):
            yield _made(tool, path, _line(text, f"[tool.{name}"), _off(table) if table else _EMPTY_TABLE)


def _sections(path: str, text: str) -> Iterator[LintTool]:
    for name, options in _ini(text).items():
        tool = name.lower().removeprefix("tool:").partition(":")[0].partition(".")[0].partition("-")[0]
        if tool in _SECTIONS:
            said = _off(options) if options else _EMPTY_TABLE
            yield _made(tool, path, _line(text, f"[{name}"), said)


def _package(path: str, text: str) -> Iterator[LintTool]:
    said = _json(text)
    for key, tool in (("eslintConfig", "eslint"), ("prettier", "prettier"), ("stylelint", "stylelint")):
        if said.get(key):
            table = said[key] if isinstance(said[key], dict) else {}
            yield _made(tool, path, _line(text, f'"{key}"'), _off(table))
    for name, script in sorted(_table(said, "scripts").items()):
        yield from _run_by(script, path, _line(text, f'"{name}"'), "task")
    for commands in _table(said, "lint-staged").values():
        for script in commands if isinstance(commands, list) else [commands]:
            yield from _run_by(script, path, _line(text, '"lint-staged"'), "hook")
    for name in sorted({*_table(said, "devDependencies"), *_table(said, "dependencies")}):
        if LANGUAGE_OF.get(name) == "javascript":
            yield msgspec.structs.replace(_made(name, path, _line(text, f'"{name}"')), how="dependency")


def _table(said: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = said.get(key)
    return found if isinstance(found, dict) else {}


def _run_by(script: object, path: str, line: int, how: How) -> Iterator[LintTool]:
    for part in re.split(r"&&|;|\|\|", script[:2_000]) if isinstance(script, str) else ():
        for tool, off in started(tuple(part.split())):
            yield msgspec.structs.replace(_made(tool, path, line, off), how=how)


def _off(table: Mapping[str, Any], depth: int = 3) -> str:
    """Return why these settings make the tool do nothing; empty where they do not."""
    said = {str(k).lower().replace("_", "-"): v for k, v in table.items()}
    for key, value in said.items():
        if key in _LEFT_OUT and _ALL & _items(value):
            return _EVERYTHING
    if said.get("select") == [] and not said.get("extend-select"):
        return _EVERY_RULE
    ignored = {item.upper() for key in ("ignore", "extend-ignore") for item in _items(said.get(key))}
    chosen = _items(said.get("select")) | _items(said.get("extend-select"))
    if "ALL" in ignored or ({"E", "F", "W"} <= ignored and not chosen):
        return _EVERY_RULE
    if "all" in _items(said.get("disable")) and not _items(said.get("enable")):
        return _EVERY_RULE
    inner = (v for k, v in said.items() if isinstance(v, dict) and k in {"lint", "main", "master", "messages control"})
    return next((why for v in inner if (why := _off(v, depth - 1))), "") if depth else ""


def _items(value: object) -> set[str]:
    if isinstance(value, list):
        return {item.strip() for item in value if isinstance(item, str)}
    if isinstance(value, str):
        return {item.strip().strip("'\"") for item in re.split(r"[,\n]", value[:5_000])} - {""}
    return set()


def _ini(text: str) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_file(io.StringIO(text))
    except (configparser.Error, ValueError):
        return {}
    return {name: {k: v or "" for k, v in parser.items(name)} for name in parser.sections()}


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _line(text: str, mark: str) -> int:
    at = text.find(mark)
    return text.count("\n", 0, at) + 1 if at >= 0 else 1
