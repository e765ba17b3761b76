"""By which of its calls, commands, files and links do data come into the project?"""

from __future__ import annotations

import configparser
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from evaluator.facts.code import Call, Code, Module
from evaluator.facts.data_sources import DataSource, DataSources, Origin, Wanted
from evaluator.facts.datasets import calls
from evaluator.facts.datasets.addressed import Addressed
from evaluator.facts.datasets.generated import generated
from evaluator.facts.datasets.pointers import looks_like_data, tracked
from evaluator.facts.datasets.rows import without_rows
from evaluator.facts.delivery import Delivery
from evaluator.facts.documents.instructions import instructions, split
from evaluator.facts.documents.links import kinds
from evaluator.facts.modelling.libraries import libraries
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.prose import Document, Link, Prose
from evaluator.facts.python.modules import Modules
from evaluator.facts.reach import Reach
from evaluator.facts.tree import File, Tree
from evaluator.model import Missing, Span
from evaluator.source.snapshot import Snapshot, Unreadable

SOURCE_LIMIT = 300
_LOOSE = frozenset(
    {"json", "txt", "pkl", "pickle", "xml", "pdf", "bin", "gif", "png", "jpg", "jpeg", "svg", "npy", "docx", "db"}
)
_OTHER_CODE = (".r", ".rmd", ".jl", ".m", ".cpp", ".cc", ".java", ".scala", ".js", ".ts", ".rs", ".go", ".cs")
_OPEN_REMOTES = ("http://", "https://", "gdrive://")
_REMOTES = ("s3://", "gs://", "azure://", "ssh://", "oss://", "hdfs://", "webdav")


@dataclass
class _Found:
    """What was seen so far."""

    reach: Reach | None
    addressed: Addressed
    sources: list[DataSource] = field(default_factory=list)
    direct: dict[str, Span] = field(default_factory=dict)
    opened: dict[str, Span] = field(default_factory=dict)
    loose: dict[str, Span] = field(default_factory=dict)
    folders: dict[str, Span] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    reads: int = 0
    open_reads: list[Span] = field(default_factory=list)
    bare_opens: list[Span] = field(default_factory=list)
    drawn: list[Span] = field(default_factory=list)

    def reached(self, call: Call) -> bool:
        """Whether something that runs leads to ``call``."""
        return self.reach is None or self.reach.has(call.at.path, call.scope)

    def wired(self, call: Call) -> bool:
        """Whether something that runs leads to ``call``, as far as anything is seen to run."""
        runs = self.reach is not None and (self.reach.by_scripts or self.reach.by_notebooks)
        return not runs or self.reached(call)

    def add(self, origin: Origin, what: str, at: Span, *, sure: bool = True, wired: bool = True) -> None:
        """Record a source."""
        if len(self.sources) < SOURCE_LIMIT and not calls.is_of_a_model(what):
            self.sources.append(DataSource(origin=origin, what=what[:200], at=at, sure=sure, wired=wired))

    def bring(self, origin: Origin, what: str, call: Call, *, plain: bool = True) -> None:
        """Record what ``call`` brings by itself."""
        self.add(origin, what, call.at, sure=plain and self.reached(call), wired=self.wired(call))


def find(
    snapshot: Snapshot,
    tree: Tree,
    modules: Modules,
    *,
    code: Code | Missing,
    reach: Reach | Missing,
    notebooks: Notebooks | Missing,
    delivery: Delivery | Missing,
    prose: Prose | Missing,
) -> DataSources:
    """Return all ways by which data come in; see the fact."""
    found = _Found(reach=None if isinstance(reach, Missing) else reach, addressed=Addressed(modules))
    files = [f for f in tree.files if f.part not in {"environment", "cache", "vendored"} and f.kind != "submodule"]
    bare = set(without_rows(snapshot, files))
    files = [f for f in files if f.path not in bare]
    if not isinstance(code, Missing):
        for module in calls.in_play(code):
            _read_module(module, found)
    _commands(notebooks, delivery, found)
    wanted = _wanted(found, files)
    for want in wanted:
        if want.path is not None:
            found.add("committed", want.path, want.at)
    if not any(w.path for w in wanted):
        _lying_about(code, found, files, wanted)
    _versioned(snapshot, tree, files, found)
    if not isinstance(code, Missing):
        for path, at in generated(code, found.reached):
            found.add("generated", f"a table of drawn numbers ({path})", at)
    if not found.reads and not found.sources and not wanted and found.drawn:
        found.add("generated", "numbers drawn by chance", found.drawn[0], sure=False)
    if not isinstance(prose, Missing):
        _described(prose, found)
    ordered = sorted(found.sources, key=lambda s: (s.origin, not s.sure, s.at.path, s.at.cell or 0, s.at.start, s.what))
    return DataSources(sources=tuple(dict.fromkeys(ordered)), wanted=tuple(wanted), reads=found.reads)


def _read_module(module: Module, found: _Found) -> None:
    addresses = [t for t in module.texts if calls.is_address(t.text)]
    makes = any(call.name == "pandas.DataFrame" or "fit" in libraries().roles(call.name) for call in module.calls)
    for call in module.calls:
        about = calls.kinds_of(call.name)
        opened = call.name in {"open", "pathlib.Path.open"} or call.name.endswith(("Path.read_text", "Path.read_bytes"))
        if "write" in about or (opened and calls.opens_for_writing(call)):
            found.written |= {posixpath.basename(t) for t in calls.texts_in(call, module)}
        elif about & {"built_in", "fetched", "generated", "environment"}:
            _bring(call, module, about, found)
        elif "asked" in about:
            named = [t for t in calls.texts_in(call, module) if calls.is_address(t)]
            named = named or found.addressed.of(call) or [t.text for t in addresses]
            if named:
                plain = calls.has_data_ending(named[0]) or "data" in kinds(named[0])
                found.bring("fetched", named[0], call, plain=plain)
        elif "read" in about or opened:
            _open(call, module, found, data=not opened, addresses=[t.text for t in addresses])
        elif "drawn" in about and makes:
            found.drawn.append(call.at)
    for text in module.texts:
        tied = text.text.rpartition(".")[2].lower() not in _LOOSE
        if tied and calls.is_data_name(text.text) and not calls.is_address(text.text):
            found.loose.setdefault(text.text, text.at)


def _bring(call: Call, module: Module, about: frozenset[str], found: _Found) -> None:
    """Record a call that brings data by itself, unless its argument says that it opens a local file or a word list."""
    first = next((calls.unquoted(a.value.text) for a in call.args if a.keyword is None), "")
    if "built_in" in about and first in calls.known().but_not.arguments:
        if first in {"csv", "json", "parquet", "text", "imagefolder", "arrow"}:
            _open(call, module, found, data=True, addresses=[])
        return
    order: tuple[tuple[str, Origin], ...] = (
        ("built_in", "built-in"),
        ("fetched", "fetched"),
        ("generated", "generated"),
        ("environment", "environment"),
    )
    origin: Origin = next(o for key, o in order if key in about)
    if origin != "fetched" or "://" not in first or calls.is_address(first):
        found.bring(origin, f"{call.name}({first})" if first else call.name, call)


def _open(call: Call, module: Module, found: _Found, *, data: bool, addresses: list[str]) -> None:
    """Record what a reading call opens; ``data``: it reads nothing but data, unlike a bare ``open``."""
    texts = list(calls.texts_in(call, module))
    away = [t for t in texts if calls.is_address(t)] or (found.addressed.of(call) if data and not texts else [])
    named = [t for t in texts if calls.has_data_ending(t) and t not in away]
    if away:
        found.reads += 1
        found.bring("fetched", away[0], call)
    elif named:
        found.reads += data
        for text in named if data else filter(calls.is_data_name, named):
            (found.direct if data else found.opened).setdefault(text, call.at)
    elif not data:
        found.bare_opens.append(call.at)
    else:
        first = next((a.value for a in call.args if a.keyword in {None, "path", "directory", "root", "io"}), None)
        folder = calls.unquoted(first.text) if first is not None and first.kind == "constant" else ""
        listing = call.name.startswith(("os.", "glob.", "csv."))
        if folder:
            found.folders.setdefault(folder, call.at)
        if not listing:
            found.reads += 1
            found.open_reads.append(call.at)
            pointed = next((t for t in addresses if calls.has_data_ending(t) or "data" in kinds(t)), None)
            if pointed:
                found.bring("fetched", pointed, call)


def _wanted(found: _Found, files: list[File]) -> list[Wanted]:
    """Return what is read and not written, compared with the tree.

    Names that merely stand in the code count where a read names nothing itself; what a bare ``open`` opens (settings,
    mostly) where nothing else reads data.
    """
    names = dict(found.direct)
    if found.open_reads:
        names = {**found.loose, **names}
    if not names and not found.open_reads:
        names = {name: at for name, at in found.opened.items() if not calls.is_output_folder(name)}
    wanted: dict[str, Wanted] = {}
    for name, at in sorted(names.items()):
        pattern = calls.as_pattern(name)
        if pattern and posixpath.basename(name) not in found.written and pattern not in wanted:
            wanted[pattern] = Wanted(name=pattern[:200], at=at, path=_match(pattern, files))
    for name, at in sorted(found.folders.items()):
        path = _match_folder(name, files)
        if path:
            wanted.setdefault(name, Wanted(name=name[:200], at=at, path=path))
    return [wanted[name] for name in sorted(wanted)]


def _match(name: str, files: Iterable[File]) -> str | None:
    """Return the path of the data file that ``name`` means: same name, and of several the one with most folders in common."""
    clean = posixpath.normpath(name.replace("\\", "/")).lstrip("./")
    base = posixpath.basename(clean)
    best: tuple[int, str] | None = None
    for file in files:
        own = posixpath.basename(file.path)
        if own != base and not ("*" in base and fnmatchcase(own, base)):
            continue
        if file.size == 0:
            continue
        shared = _shared(clean.split("/")[:-1], file.path.split("/")[:-1])
        if best is None or shared > best[0]:
            best = (shared, file.path)
    return best[1] if best else None


def _shared(one: list[str], other: list[str]) -> int:
    """Number of equal folders, counted from the file upwards."""
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def _match_folder(name: str, files: Iterable[File]) -> str | None:
    """Return the folder that ``name`` means, where the tree has one with data files below it."""
    clean = posixpath.normpath(name.replace("\\", "/")).strip("/").removeprefix("../").rstrip("*").rstrip("/")
    if not clean or clean in {".", ".."}:
        return None
    for file in files:
        inside = f"/{file.path}".find(f"/{clean}/")
        if inside >= 0 and calls.is_data_name(file.path) and file.size != 0:
            return file.path[: inside + len(clean)]
    return None


def _lying_about(code: Code | Missing, found: _Found, files: list[File], wanted: list[Wanted]) -> None:
    """Take committed data files for what is read where reads name nothing, or where the code is in another language."""
    python = not isinstance(code, Missing) and any(calls.in_play(code))
    elsewhere = any(f.path.lower().endswith(_OTHER_CODE) for f in files if f.part == "own")
    bare = bool(found.bare_opens) and not found.reads and not found.sources
    if wanted or not (found.open_reads or bare or (not python and elsewhere)):
        return
    for file in files:
        if file.size == 0 or not calls.is_a_data_set(file.path):
            continue
        if posixpath.basename(file.path) not in found.written and file.part in {"own", "example"}:
            found.add("committed", file.path, Span(path=file.path), sure=False)
            return


def _commands(notebooks: Notebooks | Missing, delivery: Delivery | Missing, found: _Found) -> None:
    if not isinstance(delivery, Missing):
        for command in delivery.commands:
            if command.origin not in {"readme", "ci"} and calls.brings_data(command.argv):
                found.add("fetched", command.raw, command.at)
    if isinstance(notebooks, Missing):
        return
    for notebook in notebooks.items:
        for cell in notebook.cells:
            if cell.kind != "code":
                continue
            for n, line in _shell_lines(cell.source):
                argv, _ = split(line)
                if argv and calls.brings_data(argv):
                    found.add("fetched", line.strip(), Span(path=notebook.path, start=n, end=n, cell=cell.index))


def _shell_lines(source: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a cell that are for a shell, with their number: after ``!``, or all of a ``%%bash`` cell."""
    lines = source.split("\n")
    whole = lines[0].startswith(("%%bash", "%%sh", "%%shell", "%%!"))
    for n, line in enumerate(lines, start=1):
        bare = line.strip()
        if bare.startswith("!") or (whole and n > 1):
            for part in bare.split("&&"):
                yield n, part.strip().lstrip("!")


def _versioned(snapshot: Snapshot, tree: Tree, files: list[File], found: _Found) -> None:
    """Record data that DVC keeps in the tree or at a remote; one on the author's own disk gives them to nobody."""
    pointers = [f.path for f in files if f.path.endswith(".dvc") and not f.path.startswith(".dvc/")]
    pointers += [f.path for f in files if posixpath.basename(f.path) == "dvc.lock"]
    if not pointers:
        return
    try:
        text = snapshot.text(".dvc/config", limit=100_000)
    except Unreadable:
        return
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, UnicodeError, ValueError):
        return
    urls = [parser.get(s, "url", fallback="").strip() for s in parser.sections()]
    for url in urls:
        if url.lower().startswith(_OPEN_REMOTES):
            found.add("fetched", f"dvc pull from {url.partition('://')[0]}", Span(path=".dvc/config"))
        elif url.lower().startswith(_REMOTES):
            found.add("versioned", f"dvc pull from {url.partition('://')[0]}", Span(path=".dvc/config"))
        elif store := _store(url, snapshot, tree):
            found.add("committed", f"{store} (DVC's store)", Span(path=".dvc/config"))


def _store(url: str, snapshot: Snapshot, tree: Tree) -> str:
    """Return the folder of the tree that a remote by its relative path is, where it holds data that DVC tracks; else nothing.

    DVC files contents by their digest: ``files/md5/ab/cdef…``, before its third version ``ab/cdef…``.
    """
    folder = posixpath.normpath(posixpath.join(".dvc", url.replace("\\", "/")))
    if not url or "://" in url or folder.startswith(("..", "/", ".dvc/")):
        return ""
    for _, out, _, digest in tracked(snapshot, tree):
        kept = (f"{folder}/{room}{digest[:2]}/{digest[2:]}" for room in ("files/md5/", ""))
        if looks_like_data(out) and any(path in snapshot.entries for path in kept):
            return folder
    return ""


_FILES_OF_DATA = (
    ".zip",
    ".gz",
    ".tgz",
    ".bz2",
    ".xz",
    ".7z",
    ".rar",
    ".csv",
    ".tsv",
    ".parquet",
    ".jsonl",
    ".npz",
    ".mat",
)
_CALLED_DATA = re.compile(
    r"\b(?:data|datasets?|data ?sets?|corpus|corpora|samples|donn[eé]es|datos|dados|daten)\b|数据|データ|данн",
    re.IGNORECASE,
)


def _described(prose: Prose, found: _Found) -> None:
    for document in prose.documents:
        if document.role == "community":
            continue
        for link in document.links:
            told = "data" in link.kinds or _is_file_of_data(link, document)
            if told and link.resolves is None and not {"not-data", "badge", "placeholder"} & set(link.kinds):
                found.add("described", link.target, link.at)
        for command in instructions(document):
            if calls.brings_data(command.argv):
                found.add("described", command.raw, command.at)


def _is_file_of_data(link: Link, document: Document) -> bool:
    """Whether a link leads to a file that may hold data, in words that call it data."""
    if link.image or "own" in link.kinds or not link.target.lower().partition("?")[0].endswith(_FILES_OF_DATA):
        return False
    around = " ".join(b.text for b in document.blocks if b.at.start <= link.at.start <= b.at.end and b.kind != "code")
    return bool(_CALLED_DATA.search(around))
