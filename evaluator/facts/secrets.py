"""Does the project carry credentials, now or in its newest commits?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import PurePosixPath
from typing import Literal

from evaluator.facts.commits.added import additions
from evaluator.facts.credentials.assembled import assembled
from evaluator.facts.credentials.detecting import Piece, pieces, private_keys, suspects
from evaluator.facts.credentials.masking import cut, mask, masked
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.python.modules import Modules
from evaluator.facts.tree import File, Part, Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot, Unreadable, decode_text

Place = Literal["code", "settings", "text", "documentation", "example", "test"]


class Secret(Record):
    """One credential, or what looks like one. Never holds it: ``shown`` is its first characters at most.

    Attributes:
        kind: What it is: ``AWS Access Key`` …
        certain: It is one, in a place where it is used; else it looks like one: it stands in documentation, an example or
            a test, or is a stock password.
        by_form: Its own form tells what it is; else only the name that it is assigned to does.
        at: Where it stands; for one found in the history, where it stood.
        commit: The commit that added it, for one that the files no longer hold; else None.
        excerpt: The line, masked, at most 200 characters.
    """

    kind: str
    shown: str
    certain: bool
    at: Span
    note: str
    by_form: bool = True
    excerpt: str = ""
    commit: str | None = None


class Secrets(Fact):
    """What was found, by path and line, then in the history, newest first.

    Attributes:
        items: At most 100. total: Before that cut.
        unread: Lines that look suspicious at first sight, beyond the ``_SUSPECTS`` that are looked at closely.
        files: Text files read. left_out: Text files that are too large, or beyond the limits.
        history: The added lines of the newest commits were read as well, all of them.
    """

    items: tuple[Secret, ...]
    total: int
    files: int
    left_out: int = 0
    unread: int = 0
    history: bool = False


_FILE_BYTES = 1_000_000
_ALL_BYTES = 20_000_000
_FILES = 2_000
_NAMED_JSON_LINES = 1_000
_KEPT = 100
_SUSPECTS = 2_000
_FOREIGN = frozenset({"vendored", "environment", "cache"})
_NOT_READ = frozenset(
    (
        *(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".ico", ".webp", ".tif", ".tiff", ".svg", ".pdf", ".ttf", ".woff"),
        *(
            ".woff2",
            ".eot",
            ".otf",
            ".mp3",
            ".mp4",
            ".wav",
            ".avi",
            ".mov",
            ".zip",
            ".gz",
            ".bz2",
            ".xz",
            ".7z",
            ".tar",
        ),
        *(
            ".whl",
            ".jar",
            ".exe",
            ".dll",
            ".so",
            ".dylib",
            ".class",
            ".pyc",
            ".pkl",
            ".pickle",
            ".joblib",
            ".npy",
            ".npz",
        ),
        *(
            ".h5",
            ".hdf5",
            ".keras",
            ".pt",
            ".pth",
            ".ckpt",
            ".onnx",
            ".pb",
            ".tflite",
            ".safetensors",
            ".bin",
            ".model",
        ),
        *(".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".feather", ".arrow", ".xls", ".xlsx", ".db", ".sqlite"),
        *(".css", ".scss", ".map", ".lock", ".sum", ".doc", ".docx", ".ppt", ".pptx", ".arff", ".mat", ".geojson"),
    )
)
_LOCKS = frozenset({"package-lock.json", "pipfile.lock", "poetry.lock", "uv.lock", "pnpm-lock.yaml", "conda-lock.yml"})
_CODE = frozenset(
    (
        *(".py", ".pyi", ".r", ".rmd", ".jl", ".scala", ".java", ".kt", ".go", ".rs", ".js", ".jsx", ".ts", ".tsx"),
        *(".php", ".rb", ".cs", ".cpp", ".c", ".json"),
    )
)
_SETTINGS = frozenset((".env", ".ini", ".cfg", ".conf", ".toml", ".yml", ".yaml", ".properties", ".sh", ".tfvars"))
_EXAMPLES = (".example", ".sample", ".template", ".tmpl", ".tpl", ".dist", "-example", "-sample", "_example", "_sample")


@dataclass
class _Held:
    """What was found so far: the values stay in here, so that the history adds only what is new."""

    values: set[str] = field(default_factory=set)
    looked: int = 0
    unread: int = 0

    def may_look(self) -> bool:
        """Count one more line; False when that is one too many."""
        self.looked += 1
        self.unread += self.looked > _SUSPECTS
        return self.looked <= _SUSPECTS


@provides(how="read")
def secrets(snapshot: Snapshot, tree: Tree, notebooks: Notebooks | Missing, modules: Modules) -> Secrets:
    """Look through the text files, the notebooks' cells, what Python code puts together, and the newest commits for forms
    of credentials.

    Data, pictures, lock files, vendored code and lines of more than 2 000 characters are not looked at. In the history
    only what has a credential's own form counts, and only what the files no longer hold.
    """
    parsed = notebooks.items if isinstance(notebooks, Notebooks) else ()
    apart = {nb.path for nb in parsed}
    texts = [f for f in tree.files if _is_text(f) and f.path not in apart]
    parts = {f.path: f.part for f in tree.files}
    held = _Held()
    found: list[Secret] = []
    files = 0
    for file, text in _read(snapshot, texts):
        files += 1
        found += _search(_numbered(text), file.path, place_of(file.path, file.part), held)
    for nb in parsed:
        place = place_of(nb.path, parts.get(nb.path, "own"))
        for cell in nb.cells:
            source: Place = place if cell.kind == "code" else "documentation"
            found += _search(_numbered(cell.source), nb.path, source, held, cell=cell.index)
            found += _search(
                _numbered(cell.printed), nb.path, "text" if place == "code" else place, held, cell=cell.index
            )
    found += _assembled(modules, parts, held, {(s.at.path, s.at.cell, s.at.start, s.kind) for s in found})
    past = additions(snapshot)
    for (sha, path), lines in groupby(past.lines, key=lambda a: (a.sha, a.path)):
        place = place_of(path, parts.get(path) or _part_once(path))
        if place in {"code", "settings", "text"} and _is_read(path):
            found += _search([(a.line, a.text) for a in lines], path, "text", held, commit=sha)
    return Secrets(
        items=tuple(found[:_KEPT]),
        total=len(found),
        files=files + len(parsed),
        left_out=len(texts) - files,
        unread=held.unread,
        history=past.whole,
    )


def place_of(path: str, part: Part) -> Place:
    """Return what kind of place a file is: what a value in it means depends on that."""
    name = path.lower().rpartition("/")[2]
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    if part == "example" or name.endswith(_EXAMPLES) or stem.endswith(_EXAMPLES):
        return "example"
    if part == "test" or path.startswith((".github/", ".circleci/")) or name == ".gitlab-ci.yml":
        return "test"
    if part == "docs" or suffix in {".md", ".rst", ".markdown", ".adoc"} or stem == "readme":
        return "documentation"
    if suffix in _CODE or suffix == ".ipynb":
        return "code"
    if suffix in _SETTINGS or name.startswith((".env", "dockerfile", ".netrc", ".npmrc", ".pypirc")):
        return "settings"
    return "text"


def _part_once(path: str) -> Part:
    """Return the part that a file had which is no longer there, by the names of its folders."""
    folders = set(path.lower().split("/")[:-1])
    if folders & {"site-packages", "node_modules", "vendor", "third_party"}:
        return "test"  # other people's: of no more account than a test
    return (
        "test" if folders & {"test", "tests", "testdata"} else "example" if folders & {"example", "examples"} else "own"
    )


def _is_text(file: File) -> bool:
    return (
        file.kind in {"file", "executable"}
        and file.here
        and not file.lfs
        and file.part not in _FOREIGN
        and _is_read(file.path)
    )


def _is_read(path: str) -> bool:
    name = path.lower().rpartition("/")[2]
    apart = name in _LOCKS or name.endswith((".min.js", ".bundle.js"))
    return PurePosixPath(name).suffix not in _NOT_READ and not apart


def _read(snapshot: Snapshot, files: list[File]) -> Iterator[tuple[File, str]]:
    size = 0
    for file in files[:_FILES]:
        try:
            data = snapshot.read(file.path, limit=min(_FILE_BYTES, _ALL_BYTES - size))
        except Unreadable:
            continue
        size += len(data)
        text = decode_text(data)
        yield file, "" if "\0" in text[:8_000] else text


def _numbered(text: str) -> list[tuple[int, str]]:
    return list(enumerate(text.split("\n"), start=1))


def _search(
    lines: list[tuple[int, str]],
    path: str,
    place: Place,
    held: _Held,
    *,
    cell: int | None = None,
    commit: str | None = None,
) -> Iterator[Secret]:
    """Yield what ``lines``, numbered, hold."""
    named = place in {"code", "settings", "example"} and (len(lines) < _NAMED_JSON_LINES or not path.endswith(".json"))
    quoted = place == "code" or path.lower().endswith((".json", ".py"))
    for number, line in suspects(lines):
        if not held.may_look():
            continue
        for piece in pieces(line, quoted=quoted, named=named):
            value = line[piece.start : piece.end]
            certain = _certain(piece, place)
            if certain is None or (commit and value in held.values):
                continue
            held.values.add(value)
            span = Span(path=path, start=number, end=number, cell=cell)
            yield Secret(
                kind=piece.kind,
                shown=cut(value),
                certain=certain,
                at=span,
                note=_note(piece, place),
                by_form=piece.by == "format",
                excerpt=mask(masked(line, [piece])).strip()[:200],
                commit=commit,
            )
    yield from _keys(lines, path, place, held, cell, commit)


def _assembled(
    modules: Modules, parts: Mapping[str, Part], held: _Held, known: set[tuple[str, int | None, int, str]]
) -> Iterator[Secret]:
    """Yield what has a credential's form only once its pieces are put together, or once it is decoded.

    ``known``: path, cell, line and kind of what was found as it stands.
    """
    for text, at in assembled(modules):
        place = place_of(at.path, parts.get(at.path, "own"))
        for _, line in suspects([(1, text)]):
            for piece in pieces(line, named=False) if held.may_look() else ():
                value = line[piece.start : piece.end]
                certain = _certain(piece, place)
                if certain is None or value in held.values or (at.path, at.cell, at.start, piece.kind) in known:
                    continue
                held.values.add(value)
                note = f"{_note(piece, place)}, put together from pieces or decoded"
                yield Secret(kind=piece.kind, shown=cut(value), certain=certain, at=at, note=note, excerpt=cut(value))


def _keys(
    lines: list[tuple[int, str]], path: str, place: Place, held: _Held, cell: int | None, commit: str | None
) -> Iterator[Secret]:
    """Yield the private keys in ``lines``; they alone go over more than one line."""
    text = "\n".join(line for _, line in lines)
    for start, material in private_keys(text):
        if commit and material in held.values:
            continue
        held.values.add(material)
        number = lines[text.count("\n", 0, start)][0]
        yield Secret(
            kind="Private key",
            shown="-----BEGIN … PRIVATE KEY-----",
            certain=place in {"code", "settings", "text"},
            at=Span(path=path, start=number, end=number, cell=cell),
            note="a private key with its material",
            excerpt="-----BEGIN … PRIVATE KEY-----",
            commit=commit,
        )


def _certain(piece: Piece, place: Place) -> bool | None:
    """Whether ``piece`` is a credential that is used, or (False) only looks like one; None where it does not count."""
    used = place in {"code", "settings", "text"}
    match piece.rank, piece.by:
        case "credential", "format":
            return None if place == "test" and piece.kind == "Basic Auth Credentials" else used
        case "credential", "name":
            return used if place != "example" or piece.kind == "Token or key" else None
        case "weak", _:
            return False if used else None
    return None


def _note(piece: Piece, place: Place) -> str:
    if piece.rank == "weak":
        return "a stock password that the program would really use"
    where = {"documentation": ", in the documentation", "example": ", in an example", "test": ", in a test"}
    how = "by its form" if piece.by == "format" else "by its name"
    return f"{piece.kind}, {how}{where.get(place, '')}"
