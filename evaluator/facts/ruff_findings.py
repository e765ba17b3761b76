"""What does ruff find in all of the project's Python, notebooks included, with a fixed selection of rules?"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from evaluator.facts.code import Code
from evaluator.facts.credentials.masking import mask
from evaluator.facts.lint import LintFinding
from evaluator.facts.notebooks import Notebook, Notebooks
from evaluator.facts.python.parsing import decode
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.runs.settings import RunSettings
from evaluator.sandbox.tools import ToolOutcome, run_tool
from evaluator.source.snapshot import Snapshot, Unreadable


class RuffFindings(Fact):
    """What ruff found in the own .py files and notebooks; tests, vendored and generated code left out.

    Attributes:
        lines: Lines that are not empty, of the files that could be parsed; of notebooks, those of their Python cells.
        findings: By path, cell, line and code; at most 200. total: Before that cut, syntax errors apart.
        by_code: How often each code was found, by code.
        broken: Paths that do not parse. broken_lines: Their lines that are not empty.
        suppressed: Comments that would have silenced ruff, flake8 or pylint, had they been heeded.
        left_out: Files beyond ``FILES`` and ``LINES``, the last ones by path, or larger than ``_FILE_BYTES``.
    """

    lines: int
    findings: tuple[LintFinding, ...]
    total: int
    by_code: tuple[tuple[str, int], ...] = ()
    broken: tuple[str, ...] = ()
    broken_lines: int = 0
    suppressed: int = 0
    left_out: int = 0


FILES = 3_000
LINES = 300_000
_FILE_BYTES = 1_000_000
# Ruff takes half a second for 100 000 lines; these bound a hostile text.
_SECONDS = 60
_OUTPUT_BYTES = 16_000_000
_MEMORY_MB = 1_500
_KEPT = 200
_CERTAIN = 20
# What is wrong or misleading whatever the style: names, imports, comparisons, defaults, handlers, formats, code without
# effect. Left out: layout, naming, docstrings, size, and what hangs on the version of Python that is meant.
SELECTION = (
    *("E4", "E7", "E9", "F", "W605", "B", "PLE", "A001", "A002", "S102", "S307", "BLE001", "C400", "C401", "C402"),
    *("C403", "C404", "C405", "C416", "PIE790", "PIE794", "PIE796", "RET503", "SIM103", "SIM115", "T100", "TRY203"),
    *("PLC0414", "PLR0124", "PLR0133", "PLR1711", "PLW0120", "PLW0127", "PLW0128", "PLW0129", "PLW0131", "PLW0133"),
    *("PLW0211", "PLW0245", "PLW0406", "PLW0602", "PLW0603", "PLW0604", "PLW0711", "PLW1501"),
)
# Each use of a star import (the import itself counts once); calls as defaults, which FastAPI asks for; `raise … from` and
# `zip(strict=)`, which are matters of house style; one-letter names, which mathematics asks for; what caching may keep.
IGNORED = ("F405", "B008", "B904", "B905", "E741", "B019", "B024", "B027", "B028", "B034", "B911")
_PRAGMA = re.compile(
    r"#\s*(?:noqa\b|ruff\s*:\s*(?:noqa|disable|ignore)|flake8\s*:\s*noqa|pylint\s*:\s*(?:disable|skip))", re.IGNORECASE
)
_UNSEEN = re.compile(r"^\s*%(?:run|pylab|load|store|autoload)\b", re.MULTILINE)
_TOO_MUCH = ("nested", "too ")
_SYNTAX = "invalid-syntax"


class _Location(msgspec.Struct):
    row: int


class _Finding(msgspec.Struct):
    """What we take of one of ruff's ``json-lines``; ``cell`` is 1-based over all cells."""

    code: str
    filename: str
    message: str
    location: _Location
    end_location: _Location
    cell: int | None = None


class _Count(msgspec.Struct):
    """What we take of one entry of ruff's statistics."""

    count: int
    code: str | None = None


class _Copy(Record):
    """One file as ruff sees it: under a name that means nothing. ``unseen``: names may come from outside of it."""

    path: str
    name: str
    content: str
    lines: int
    pragmas: int
    unseen: bool = False


@provides(waits=True)
def ruff_findings(
    snapshot: Snapshot, tree: Tree, code: Code, notebooks: Notebooks, settings: RunSettings
) -> RuffFindings | Missing:
    """Run ruff, in a process of its own, over private copies; nobody's settings are read, and no comment silences it."""
    paths = {f.path for f in tree.files if f.part == "own" and f.kind != "symlink"}
    own = [m.path for m in code.modules if m.path in paths and not _is_beyond(m.error)]
    copies = list(_copies(snapshot, own, {n.path: n for n in notebooks.items}, _broken_cells(code)))
    if not copies:
        return RuffFindings(lines=0, findings=(), total=0, left_out=len(own))
    counts: dict[str, int] | None = None
    with tempfile.TemporaryDirectory(prefix="ruff-", dir=settings.scratch) as name:
        _write(Path(name), copies)
        outcome = _run(Path(name), "--output-format", "json-lines")
        if outcome.stopped_by == "output":
            counts = _counted(_run(Path(name), "--output-format", "json", "--statistics"))
    if outcome.stopped_by == "seconds":
        return Missing(fact="RuffFindings", cause="timed-out", detail=f"ruff did not end within {_SECONDS} s")
    if outcome.stopped_by == "nothing" and outcome.exit_code not in {0, 1}:
        return Missing(fact="RuffFindings", cause="failed", detail="ruff did not come to its end")
    made = _read(outcome.stdout, copies, left_out=len(own) - len(copies))
    return made if counts is None else _cut(made, counts)


def _is_beyond(error: str | None) -> bool:
    return error is not None and error.startswith(_TOO_MUCH)


def _broken_cells(code: Code) -> dict[str, frozenset[int]]:
    return {m.path: frozenset(m.broken) for m in code.modules if m.kind == "notebook"}


def _write(folder: Path, copies: list[_Copy]) -> None:
    for copy in copies:
        target = folder / copy.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(copy.content.encode(errors="replace"))


def _run(folder: Path, *form: str) -> ToolOutcome:
    from ruff import find_ruff_bin

    return run_tool(
        (
            *(
                find_ruff_bin(),
                "check",
                "--isolated",
                "--no-cache",
                "--ignore-noqa",
                "--no-fix",
                "--quiet",
                "--no-preview",
            ),
            *("--no-respect-gitignore", "--target-version", "py314", *form),
            *("--select", ",".join(SELECTION), "--ignore", ",".join(IGNORED), "."),
        ),
        cwd=folder,
        env={"HOME": str(folder), "TMPDIR": str(folder), "XDG_CONFIG_HOME": str(folder), "RAYON_NUM_THREADS": "2"},
        seconds=_SECONDS,
        output_bytes=_OUTPUT_BYTES,
        memory_mb=_MEMORY_MB,
    )


def _copies(
    snapshot: Snapshot, paths: list[str], notebooks: dict[str, Notebook], broken: dict[str, frozenset[int]]
) -> Iterator[_Copy]:
    lines = 0
    for number, path in enumerate(paths[:FILES]):
        notebook = notebooks.get(path)
        if notebook is not None:
            made = _notebook(notebook, f"m{number:04}.ipynb", broken.get(path, frozenset()))
        else:
            try:
                text = decode(snapshot.read(path, limit=_FILE_BYTES))
            except Unreadable:
                continue
            package = path.endswith("__init__.py")
            made = _copied(path, f"m{number:04}/__init__.py" if package else f"m{number:04}.py", text, [text])
        lines += made.lines
        if lines > LINES:
            return
        yield made


def _copied(path: str, name: str, content: str, texts: list[str], *, unseen: bool = False) -> _Copy:
    return _Copy(
        path=path,
        name=name,
        content=content,
        lines=sum(1 for text in texts for line in text.split("\n") if line.strip()),
        pragmas=sum(len(_PRAGMA.findall(text)) for text in texts),
        unseen=unseen,
    )


def _notebook(notebook: Notebook, name: str, broken: frozenset[int]) -> _Copy:
    """Copy the cells that are Python, each in its place; a broken cell would keep ruff from reading the others."""
    cells: list[dict[str, object]] = []
    texts: list[str] = []
    for cell in notebook.cells:
        source = cell.source if cell.kind == "code" and cell.index not in broken else ""
        while len(cells) < cell.index:
            cells.append({"cell_type": "markdown", "metadata": {}, "source": ""})
        cells.append({"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None})
        if source and not source.lstrip().startswith("%%"):
            texts.append(source)
    metadata = {"kernelspec": {"language": "python", "name": "python3", "display_name": "python"}}
    content = json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})
    return _copied(notebook.path, name, content, texts, unseen=any(_UNSEEN.search(text) for text in texts))


def _read(output: bytes, copies: list[_Copy], *, left_out: int) -> RuffFindings:
    by_name = {c.name: c for c in copies}
    found = [(copy, f) for f in _findings(output) if (copy := by_name.get(_relative(f.filename))) is not None]
    broken = sorted({copy.path for copy, f in found if f.code == _SYNTAX})
    counted = [
        (copy, f) for copy, f in found if copy.path not in broken and not (copy.unseen and f.code in {"F821", "F405"})
    ]
    counts: dict[str, int] = {}
    for _, finding in counted:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    counted.sort(
        key=lambda pair: (pair[0].path, pair[1].cell or 0, pair[1].location.row, pair[1].code, pair[1].message)
    )
    return RuffFindings(
        lines=sum(c.lines for c in copies if c.path not in broken),
        findings=tuple(_shown(copy, f) for copy, f in counted[:_KEPT]),
        total=len(counted),
        by_code=tuple(sorted(counts.items())),
        broken=tuple(broken),
        broken_lines=sum(c.lines for c in copies if c.path in broken),
        suppressed=sum(c.pragmas for c in copies),
        left_out=left_out,
    )


def _counted(outcome: ToolOutcome) -> dict[str, int]:
    """Return how often each code was found, as ruff's own statistics have it."""
    try:
        counts = msgspec.json.decode(outcome.stdout, type=list[_Count])
    except msgspec.DecodeError:
        return {}
    return {c.code: c.count for c in counts if c.code is not None and c.code != _SYNTAX}


def _cut(made: RuffFindings, counts: dict[str, int]) -> RuffFindings:
    """Return what is certain of an output that was cut off somewhere: its beginning, and the counts."""
    return msgspec.structs.replace(
        made,
        findings=made.findings[:_CERTAIN],
        total=sum(counts.values()),
        by_code=tuple(sorted(counts.items())),
        broken=(),
    )


def _findings(output: bytes) -> Iterator[_Finding]:
    """Yield what could be read: where the output was cut off, its last line is none."""
    decoder = msgspec.json.Decoder(_Finding)
    for line in output.split(b"\n"):
        if not line:
            continue
        try:
            yield decoder.decode(line)
        except msgspec.DecodeError:
            continue


def _relative(filename: str) -> str:
    name = filename.replace("\\", "/")
    folder, _, last = name.rpartition("/")
    return f"{folder.rpartition('/')[2]}/{last}" if last == "__init__.py" else last


def _shown(copy: _Copy, finding: _Finding) -> LintFinding:
    start = max(finding.location.row, 1)
    cell = None if finding.cell is None else finding.cell - 1
    return LintFinding(
        at=Span(path=copy.path, start=start, end=max(finding.end_location.row, start), cell=cell),
        symbol=finding.code,
        message=mask(finding.message.partition("\n")[0])[:200],
    )
