"""How is uv asked to resolve and to install, outside the reach of anything of the candidate's?

uv started in or told of a repository obeys its ``uv.toml``, ``[tool.uv]`` and ``.python-version``, and runs its build back
end. So uv is started from a private folder, by absolute path, without configuration, and is given nothing but lines that
we have written; it builds nothing, and takes wheels only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evaluator.model import Record
from evaluator.runs.installing.indexes import Indexes
from evaluator.runs.installing.interpreters import Interpreter
from evaluator.runs.settings import RunSettings
from evaluator.sandbox.tools import ToolOutcome, run_tool

RESOLVE_SECONDS = 120
INSTALL_SECONDS = 600
_OUTPUT = 4_000_000
_COMMON = ("--no-config", "--no-progress", "--color", "never", "--no-python-downloads")
_UNREACHABLE = re.compile(
    r"failed to fetch|error sending request|request failed|dns error|connection refused|network is unreachable"
    r"|operation timed out|connect(?:ion)? error|tls|certificate|too many requests|failed to read `--find-links`",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b\w+://\S+|(?<![\w.])/(?:[\w.+-]+/)+[\w.+-]*")
Trouble = Literal["unsolvable", "unreachable", "offline", "timed-out"]


class Chosen(Record):
    """One version to be installed. ``bytes``: of the wheel to be fetched; None where the index does not tell."""

    name: str
    version: str
    bytes: int | None = None


class Resolution(Record):
    """What was chosen, by name. ``lock``: the file with it, for the installation."""

    chosen: tuple[Chosen, ...]
    lock: str


class Refusal(Record):
    """Why nothing was chosen. ``said``: what uv says, without addresses, at most 2 000 characters."""

    trouble: Trouble
    said: str

    @property
    def reason(self) -> str:
        """The cause, on one line, at most 300 characters; without the hints."""
        told = " ".join(self.said.partition("\nhint:")[0].split())
        return (told.partition("cause: ")[2] or told or self.trouble)[:300]


class Asked(Record):
    """A question to the resolver.

    Attributes:
        lines: Requirements in the form of PEP 508.
        constraints, overrides: As uv takes them: narrow, or replace, what anybody asks for.
        newest: Only what was uploaded before this moment, ISO 8601; None for all there is.
        undated: Names of which newer versions count as well.
        alone: Without what the lines themselves depend on.
    """

    lines: tuple[str, ...]
    constraints: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    newest: str | None = None
    undated: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True, kw_only=True)
class Uv:
    """uv, the user's indexes, and a private folder to work in."""

    settings: RunSettings
    indexes: Indexes
    folder: Path

    def resolve(self, asked: Asked, python: Interpreter, *, indexes: Indexes | None = None) -> Resolution | Refusal:
        """Choose versions for ``python`` on this platform, among wheels."""
        argv = ["pip", "compile", str(self._written("in", asked.lines)), "--format", "pylock.toml", "--quiet"]
        argv += ["--no-sources", "--no-build", "--python", python.executable]
        lock = self._file("pylock.", ".toml")
        argv += ["--output-file", str(lock)]
        for option, lines in (("--constraints", asked.constraints), ("--overrides", asked.overrides)):
            argv += [option, str(self._written(option.strip("-"), lines))] if lines else []
        if asked.newest:
            argv += ["--exclude-newer", asked.newest]
            for name in asked.undated:
                argv += ["--exclude-newer-package", f"{name}=9999-01-01T00:00:00Z"]
        argv += ["--no-deps"] if asked.alone else []
        argv += ["--no-index"] if (indexes or self.indexes).none else []
        done = self._run(argv, RESOLVE_SECONDS, indexes or self.indexes)
        if done.exit_code == 0:
            return Resolution(chosen=read_lock(lock), lock=str(lock))
        return refusal(done)

    def venv(self, target: Path, python: Interpreter) -> Refusal | None:
        """Make an empty environment of ``python`` at ``target``."""
        done = self._run(
            ["venv", "--quiet", "--no-project", "--python", python.executable, str(target)], 60, self.indexes
        )
        return None if done.exit_code == 0 else refusal(done)

    def install(
        self, resolution: Resolution, environment: Path, *, copy: bool, indexes: Indexes | None = None
    ) -> Refusal | None:
        """Install what was chosen, and nothing else, into ``environment``. Runs no code of what is installed."""
        argv = ["pip", "install", "--quiet", "--no-build", "--no-deps", "--python", str(environment / "bin" / "python")]
        argv += ["--link-mode", "copy" if copy else "hardlink", "-r", resolution.lock]
        argv += ["--no-index"] if (indexes or self.indexes).none else []
        done = self._run(argv, INSTALL_SECONDS, indexes or self.indexes)
        return None if done.exit_code == 0 else refusal(done)

    def clean(self) -> None:
        """Empty the cache of wheels."""
        self._run(["cache", "clean", "--quiet"], 120, self.indexes)

    def _run(self, argv: list[str], seconds: int, indexes: Indexes) -> ToolOutcome:
        from uv import find_uv_bin

        self.folder.mkdir(parents=True, exist_ok=True)
        left = self.settings.budget.left()
        offline = ["--offline"] if self.settings.offline else []
        return run_tool(
            [find_uv_bin(), *argv, *_COMMON, *offline, "--cache-dir", str(self.settings.cache / "uv")],
            cwd=self.folder,
            env=indexes.environ(),
            seconds=max(1, min(seconds, left)),
            output_bytes=_OUTPUT,
        )

    def _written(self, kind: str, lines: Iterable[str]) -> Path:
        path = self._file(kind, ".txt")
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    def _file(self, kind: str, suffix: str) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{kind}{sum(1 for _ in self.folder.iterdir())}{suffix}"


def read_lock(path: Path) -> tuple[Chosen, ...]:
    """Return what a ``pylock.toml`` written by uv chooses, by name."""
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    packages = tree.get("packages", [])
    found = [
        Chosen(name=str(p.get("name")), version=str(p.get("version", "")), bytes=_size(p.get("wheels", [])))
        for p in packages
    ]
    return tuple(sorted(found, key=lambda c: c.name))


def _size(wheels: list[Mapping[str, object]]) -> int | None:
    """Return the bytes of the first wheel; 0 for one that lies on this machine."""
    for wheel in wheels[:1]:
        if "path" in wheel or str(wheel.get("url", "")).startswith("file:"):
            return 0
        size = wheel.get("size")
        return size if isinstance(size, int) else None
    return None


def refusal(done: ToolOutcome) -> Refusal:
    """Tell from what uv printed whether the requirements are at fault, or the way to the index."""
    said = _PLACE.sub("(a place)", (done.stderr or done.stdout)[:8_000].decode(errors="replace"))[:2_000]
    if done.stopped_by != "nothing":
        return Refusal(trouble="timed-out", said=f"stopped after its {done.stopped_by} limit")
    if "network was disabled" in said or "network connectivity is disabled" in said.lower():
        return Refusal(trouble="offline", said=said)
    if "No solution found" not in said and _UNREACHABLE.search(said):
        return Refusal(trouble="unreachable", said=said)
    return Refusal(trouble="unsolvable", said=said)
