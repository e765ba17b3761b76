"""What do the commands of a script do, once the targets, tasks and scripts that they name are followed?"""

from __future__ import annotations

import configparser
import io
import posixpath
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from evaluator.facts.delivering import makefiles, shell
from evaluator.facts.delivering.makefiles import Makefile
from evaluator.facts.delivering.resolving import Files, started
from evaluator.facts.delivery import Command
from evaluator.model import Span
from evaluator.source.snapshot import Snapshot, Unreadable

Origin: TypeAlias = Literal[
    "readme", "makefile", "dockerfile", "compose", "ci", "dvc", "procfile", "script", "tox", "other"
]
TEXT_LIMIT = 200_000
_DEPTH = 4
_MOST = 600
_RAW = 500
_MAKE_FILES = ("GNUmakefile", "makefile", "Makefile")
_JUST_FILES = ("justfile", "Justfile", ".justfile")
_TASK_TABLES = (
    ("tool", "poe", "tasks"),
    ("tool", "pdm", "scripts"),
    ("tool", "taskipy", "tasks"),
    ("tool", "pixi", "tasks"),
    ("tool", "rye", "scripts"),
    ("tool", "hatch", "envs", "default", "scripts"),
    ("tool", "hatch", "envs", "test", "scripts"),
)
_TASK_RUNNERS = {"poe", "task", "hatch"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a script stands: its file, the line of its first line, what gives it, and where it starts."""

    path: str
    line: int
    origin: Origin
    cwd: str | None = ""
    disarmed: str = ""


@dataclass
class Expander:
    """Reads scripts against the files of one project."""

    snapshot: Snapshot
    files: Files
    _makefiles: dict[str, Makefile] = field(default_factory=dict)
    _tasks: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot) -> Expander:
        """Return one for ``snapshot``."""
        return cls(snapshot=snapshot, files=Files.of(snapshot.paths(), snapshot.folders))

    def text(self, path: str) -> str:
        """Return a file's text; empty where it cannot be had."""
        try:
            return self.snapshot.text(path, limit=TEXT_LIMIT)
        except Unreadable:
            return ""

    def commands(self, script: str, place: Place, *, follow: bool = True) -> list[Command]:
        """Return the commands of ``script`` and, after each, those of what it names; at most 600."""
        found: list[Command] = []
        for command in self._commands(script, place, _DEPTH if follow else 0, frozenset()):
            found.append(command)
            if len(found) >= _MOST:
                break
        return found

    def _commands(self, script: str, place: Place, depth: int, above: frozenset[str]) -> Iterator[Command]:
        for piece in shell.pieces(script, cwd=place.cwd):
            command = self._command(piece, place)
            yield command
            if depth > 0:
                yield from self._followed(piece, command, depth, above)

    def _command(self, piece: shell.Piece, place: Place) -> Command:
        line = place.line + piece.line
        bases = tuple(dict.fromkeys(b for b in (piece.cwd, posixpath.dirname(place.path), "") if b is not None))
        found = started(piece.argv, self.files, bases, piece.app)
        return Command(
            argv=piece.argv,
            raw=piece.raw[:_RAW],
            at=Span(path=place.path, start=line, end=line),
            origin=place.origin,
            disarmed=place.disarmed or piece.disarmed,
            runs=found.runs,
            names_missing=found.missing,
            cwd=piece.cwd or "",
        )

    def _followed(self, piece: shell.Piece, command: Command, depth: int, above: frozenset[str]) -> Iterator[Command]:
        program = posixpath.basename(piece.argv[0])
        key = " ".join(piece.argv[:4])
        if key in above or piece.cwd is None:
            return
        inner = above | {key}
        if program in {"make", "gmake", "just"}:
            yield from self._by_make(piece, command, depth, inner)
        elif program == "tox":
            for text, place in self._by_tox(piece.cwd, command):
                yield from self._commands(text, place, depth - 1, inner)
        elif command.runs and command.runs.endswith((".sh", ".bash")):
            place = Place(path=command.runs, line=1, origin="script", cwd=piece.cwd, disarmed=command.disarmed)
            yield from self._commands(self.text(command.runs), place, depth - 1, inner)
        else:
            for text, place in self._by_task(piece, command):
                yield from self._commands(text, place, depth - 1, inner)

    def _by_make(self, piece: shell.Piece, command: Command, depth: int, above: frozenset[str]) -> Iterator[Command]:
        folder, names, path = _make_words(piece.argv)
        cwd = shell.moved(piece.cwd, folder) if folder else piece.cwd
        if cwd is None:
            return
        usual = _JUST_FILES if posixpath.basename(piece.argv[0]) == "just" else _MAKE_FILES
        where = self.files.find(path, (cwd, "")) if path else None
        where = where or next((p for name in usual if (p := self.files.find(name, (cwd,)))), None)
        if where is None:
            return
        made = self.makefile(where)
        for name in names or [made.default or ""]:
            for recipe in made.recipes(name):
                disarmed = command.disarmed or ("its failure is ignored" if recipe.ignores_failure else "")
                place = Place(path=where, line=recipe.line, origin="makefile", cwd=cwd, disarmed=disarmed)
                yield from self._commands(recipe.text, place, depth - 1, above)

    def makefile(self, path: str) -> Makefile:
        """Return the targets of the Makefile (or justfile) at ``path``, read once."""
        if path not in self._makefiles:
            text = self.text(path)
            if posixpath.basename(path).lower().strip(".") == "justfile":
                text = re.sub(r"(?m)^[ \t]+(?=\S)", "\t", text)
            self._makefiles[path] = makefiles.read(text)
        return self._makefiles[path]

    def _by_tox(self, cwd: str, command: Command) -> Iterator[tuple[str, Place]]:
        for name in ("tox.ini", "setup.cfg"):
            path = self.files.find(name, (cwd,))
            if path is None:
                continue
            for line, text in tox_commands(self.text(path)):
                yield text, Place(path=path, line=line, origin="tox", cwd=cwd, disarmed=command.disarmed)
        path = self.files.find("pyproject.toml", (cwd,))
        for text in tox_in_pyproject(self.text(path)) if path else ():
            yield text, Place(path=path or "", line=1, origin="tox", cwd=cwd, disarmed=command.disarmed)

    def _by_task(self, piece: shell.Piece, command: Command) -> Iterator[tuple[str, Place]]:
        words = [w for w in piece.argv if w not in _TASK_RUNNERS]
        path = self.files.find("pyproject.toml", (piece.cwd or "", ""))
        if path is None or not words:
            return
        name = words[0].rpartition(":")[2] if piece.argv[0] == "hatch" else words[0]
        for text in self.tasks(path).get(name, ()):
            yield text, Place(path=path, line=1, origin="other", cwd=piece.cwd, disarmed=command.disarmed)

    def tasks(self, path: str) -> dict[str, list[str]]:
        """Return the tasks that a pyproject.toml defines for the usual runners, by name."""
        if path not in self._tasks:
            self._tasks[path] = project_tasks(self.text(path))
        return self._tasks[path]


def _make_words(argv: tuple[str, ...]) -> tuple[str, list[str], str]:
    """Return the folder of ``-C``, the targets, and the file of ``-f``."""
    folder = path = ""
    names: list[str] = []
    rest = iter(argv[1:])
    for word in rest:
        if word in {"-C", "--directory", "-d", "--working-directory"}:
            folder = next(rest, "")
        elif word in {"-f", "--file", "--makefile", "--justfile"}:
            path = next(rest, "")
        elif word in {"-j", "-l", "-o", "-W", "-I"}:
            continue
        elif not word.startswith("-") and "=" not in word and not word.isdigit():
            names.append(word)
    return folder, names, path


def tox_commands(text: str) -> list[tuple[int, str]]:
    """Return line and text of what the test environments of a tox configuration run; never raises."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_file(io.StringIO(text))
    except (configparser.Error, ValueError):
        return []
    lines = text.split("\n")
    found: list[tuple[int, str]] = []
    for section in parser.sections():
        if not section.removeprefix("tox:").startswith("testenv"):
            continue
        body = parser.get(section, "commands", fallback="")
        for written in body.split("\n"):
            if written.strip():
                number = next((n for n, line in enumerate(lines, start=1) if written.strip() in line), 1)
                given = re.sub(r"\{posargs(?::([^{}]*))?\}", lambda use: use[1] or "", written)
                found.append((number, given.strip().lstrip("-! ")))
    return found[:100]


def tox_in_pyproject(text: str) -> list[str]:
    """Return what tox runs by ``[tool.tox]`` of a pyproject.toml, in either of its forms; never raises."""
    tox = _table(text, ("tool", "tox"))
    legacy = tox.get("legacy_tox_ini")
    found = [command for _, command in tox_commands(legacy)] if isinstance(legacy, str) else []
    environments = tox.get("env")
    tables = [tox.get("env_run_base"), *(environments.values() if isinstance(environments, dict) else ())]
    for table in tables:
        commands = table.get("commands") if isinstance(table, dict) else None
        lines = [words for words in commands if isinstance(words, list)] if isinstance(commands, list) else []
        found += [" ".join(word for word in words if isinstance(word, str)) for words in lines]
    return found[:100]


def project_tasks(text: str) -> dict[str, list[str]]:
    """Return the commands of the tasks in a pyproject.toml; never raises."""
    found: dict[str, list[str]] = {}
    for keys in _TASK_TABLES:
        for name, value in _table(text, keys).items():
            found.setdefault(name, _task(value))
    return found


def _table(text: str, keys: tuple[str, ...]) -> dict[str, object]:
    try:
        table: object = tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return {str(k): v for k, v in table.items()} if isinstance(table, dict) else {}


def _task(value: object) -> list[str]:
    if isinstance(value, dict):
        value = next((value[k] for k in ("cmd", "shell", "composite", "sequence", "chain") if k in value), None)
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)][:50] if isinstance(value, list) else []
