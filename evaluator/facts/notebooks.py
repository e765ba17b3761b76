"""What do the project's notebooks hold, and what run do they keep?"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Any, Final, Literal

from evaluator.facts.tree import Part, Tree
from evaluator.model import Fact, Record
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot, Unreadable, decode_text

SIZE_LIMIT: Final = 30_000_000
CELL_LIMIT: Final = 5_000
SOURCE_LIMIT: Final = 100_000
PRINT_LIMIT: Final = 2_000
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^)\s]|<img\s", re.IGNORECASE)
NOT_THEIRS: frozenset[Part] = frozenset({"environment", "cache"})
"""Parts of the tree that nobody wrote for this project: not read at all."""


class Order(IntEnum):
    """What the stored counts and outputs of a notebook tell of its last run."""

    BROKEN = 0
    GAPS = 1
    ONE_RUN = 2


class Cell(Record):
    """One cell, by its position in the file.

    Attributes:
        source: At most 100 000 characters. For code: magics and shell lines as written.
        count: Stored execution count; None where none is stored.
        outputs: Number of stored outputs. error: First line of a stored traceback, else None.
        image: An output or the Markdown itself shows an image. printed: First 2 000 characters of stored text outputs.
    """

    index: int
    kind: Literal["code", "markdown", "raw"]
    source: str
    count: int | None = None
    outputs: int = 0
    error: str | None = None
    image: bool = False
    printed: str = ""


class Notebook(Record):
    """One ``.ipynb``. ``kernel``: language of its metadata, lower case; empty where not stated."""

    path: str
    kernel: str
    cells: tuple[Cell, ...]

    @property
    def is_python(self) -> bool:
        """Whether its code cells are Python, as they are where nothing is stated."""
        return self.kernel in {"", "python"}


class Notebooks(Fact):
    """All notebooks, by path; ``unreadable``: path and reason of those that are not valid notebooks."""

    items: tuple[Notebook, ...]
    unreadable: tuple[tuple[str, str], ...] = ()


class NotANotebook(ValueError):  # noqa: N818 - an outcome to be recorded, like Unreadable
    """The file's content is no notebook; the message says why."""


@provides()
def notebooks(snapshot: Snapshot, tree: Tree) -> Notebooks:
    """Read every notebook, those of installed environments and of caches apart. Nothing is executed."""
    items, unreadable = read_all(snapshot, {f.path: f.part for f in tree.files})
    return Notebooks(items=tuple(items), unreadable=tuple(unreadable))


def read_all(snapshot: Snapshot, parts: Mapping[str, Part]) -> tuple[list[Notebook], list[tuple[str, str]]]:
    """Return the notebooks, by path, and the paths that are none with the reason; never raises."""
    items: list[Notebook] = []
    unreadable: list[tuple[str, str]] = []
    for path in snapshot.paths(".ipynb"):
        if parts.get(path) in NOT_THEIRS:
            continue
        try:
            items.append(read(path, snapshot.read(path, limit=SIZE_LIMIT)))
        except Unreadable as error:
            unreadable.append((path, error.cause))
        except NotANotebook as error:
            unreadable.append((path, str(error)))
    return items, unreadable


def read(path: str, data: bytes) -> Notebook:
    """Return the notebook in ``data``; formats before the fourth are brought up to it by nbformat.

    Raises:
        NotANotebook: Empty, not JSON, or not built as a notebook is.
    """
    if not data.strip():
        raise NotANotebook("empty")
    try:
        content = json.loads(decode_text(data))
    except (ValueError, RecursionError, MemoryError) as error:
        raise NotANotebook("not JSON") from error
    if not isinstance(content, dict):
        raise NotANotebook("no notebook: not a JSON object")
    major = content.get("nbformat")
    if isinstance(major, int) and major < 4:
        content = _upgraded(content)
    cells = content.get("cells")
    if not isinstance(cells, list):
        raise NotANotebook("no notebook: it has no list of cells")
    made = tuple(_cell(i, c) for i, c in enumerate(cells[:CELL_LIMIT]) if isinstance(c, dict))
    return Notebook(path=path, kernel=_kernel(content.get("metadata")), cells=made)


def _upgraded(content: dict[str, Any]) -> dict[str, Any]:
    from nbformat import ValidationError, converter, versions

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            old = versions[content["nbformat"]].to_notebook_json(content)
            new = converter.convert(old, 4)
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotANotebook(f"no notebook of format {content['nbformat']}") from error
    return new if isinstance(new, dict) else {}


def _kernel(metadata: object) -> str:
    spec = _mapping(_mapping(metadata).get("kernelspec"))
    about = _mapping(_mapping(metadata).get("language_info"))
    for stated in (about.get("name"), spec.get("language"), spec.get("name"), _mapping(metadata).get("language")):
        if isinstance(stated, str) and stated.strip():
            name = stated.strip().lower()[:50]
            if name.startswith(("python", "ipython", "conda-", ".venv", "venv", "pypy")):
                return "python"
            return "r" if name == "ir" else name
    return ""


def _cell(index: int, cell: Mapping[str, Any]) -> Cell:
    source = _joined(cell.get("source"))[:SOURCE_LIMIT]
    match cell.get("cell_type"):
        case "code":
            return _code_cell(index, source, cell)
        case "markdown" | "heading" | "html":
            image = bool(_IMAGE.search(source)) or bool(_mapping(cell.get("attachments")))
            return Cell(index=index, kind="markdown", source=source, image=image)
    return Cell(index=index, kind="raw", source=source)


def _code_cell(index: int, source: str, cell: Mapping[str, Any]) -> Cell:
    found = cell.get("outputs")
    outputs = [o for o in found if isinstance(o, dict)] if isinstance(found, list) else []
    count = cell.get("execution_count")
    return Cell(
        index=index,
        kind="code",
        source=source,
        count=count if isinstance(count, int) and not isinstance(count, bool) and 0 < count < 1 << 53 else None,
        outputs=len(outputs),
        error=next((_error(o) for o in outputs if o.get("output_type") in {"error", "pyerr"}), None),
        image=any(str(kind).startswith("image/") for o in outputs for kind in _mapping(o.get("data"))),
        printed=_ANSI.sub("", "".join(_texts(outputs)))[:PRINT_LIMIT],
    )


def _error(output: Mapping[str, Any]) -> str:
    said = f"{output.get('ename') or 'error'}: {output.get('evalue') or ''}"
    return _ANSI.sub("", said).strip().splitlines()[0][:200]


def _texts(outputs: list[dict[str, Any]]) -> Iterator[str]:
    left = 4 * PRINT_LIMIT
    for output in outputs:
        said = _joined(output.get("text")) or _joined(_mapping(output.get("data")).get("text/plain"))
        if said and left > 0:
            left -= len(said)
            yield said[: 4 * PRINT_LIMIT] + ("" if said.endswith("\n") else "\n")


def _joined(value: object) -> str:
    """Return text that the format stores as one string or as a list of lines, fit for UTF-8."""
    text = "".join(v for v in value if isinstance(v, str)) if isinstance(value, list) else value
    if not isinstance(text, str):
        return ""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
