"""Which data does the tree hold by pointers and locks that tell their content: of DVC, of Git LFS, of git-annex?"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator

from evaluator.facts.data_sources import DataSources
from evaluator.facts.data_versions import Fixation
from evaluator.facts.datasets import calls
from evaluator.facts.delivering.yaml_tree import Text, Value, load, mapping, sequence, text
from evaluator.facts.tree import File, Tree
from evaluator.model import Span
from evaluator.source.snapshot import Snapshot, Unreadable

POINTER_LIMIT = 300
_SIZE = 400_000
_COMPARED = 5_000_000
"""Bytes of a committed file up to which it is compared with its pointer."""
_MD5 = 32
_DIGEST = re.compile(r"[0-9a-f]{32,128}(?:\.dir)?|[\w\"-]{8,}")
_SUMS = ("md5", "etag", "checksum", "hash", "sha256", "version_id")
_NO_DATA = (".py", ".ipynb", ".yaml", ".yml", ".toml", ".sh", ".r", ".md", ".cfg", ".ini")
_ANNEX = ".git/annex/objects/"


def pointers(snapshot: Snapshot, tree: Tree, sources: DataSources) -> Iterator[Fixation]:
    """Yield what is tracked by its content and is, as far as can be seen, data that the project works on."""
    wanted = _wanted(sources)
    settled = any(w.path is not None for w in sources.wanted)
    for path, out, line, digest in tracked(snapshot, tree):
        if not _fits(snapshot, out, digest):
            continue
        if _is_meant(out, wanted) or (not settled and looks_like_data(out)):
            yield Fixation(how="dvc", what=out[:200], at=Span(path=path, start=line, end=line))
    paths = [s.what for s in sources.of("committed")]
    for file in tree.files:
        if (file.lfs or _is_annexed(snapshot, file)) and any(
            file.path == p or file.path.startswith(f"{p}/") for p in paths
        ):
            yield Fixation(how="lfs", what=file.path[:200], at=Span(path=file.path))


def _wanted(sources: DataSources) -> frozenset[str]:
    """Return the names of what code reads, with the folders that they lie in."""
    found: set[str] = set()
    for want in sources.wanted:
        name = posixpath.normpath(want.name.replace("\\", "/"))
        found |= {posixpath.basename(name)}
        while name := posixpath.dirname(name).strip("/."):
            found.add(f"{posixpath.basename(name)}/")
    return frozenset(found)


def _is_meant(out: str, wanted: frozenset[str]) -> bool:
    base = posixpath.basename(out.rstrip("/"))
    return base in wanted or f"{base}/" in wanted


def looks_like_data(out: str) -> bool:
    """Whether what DVC tracks is, by its name or folder, data to work on."""
    folders = set(out.lower().strip("/").split("/"))
    ending = "." in posixpath.basename(out)
    if calls.is_output_folder(f"{out}/x"):
        return False
    return calls.is_a_data_set(out) or bool(not ending and folders & set(calls.known().data_folders))


def _fits(snapshot: Snapshot, out: str, digest: str) -> bool:
    """Whether a checksum is that of the file it stands for, where the tree has that file as well.

    DVC before its third version took line ends of text for equal.
    """
    entry = snapshot.entries.get(out)
    if entry is None or len(digest) != _MD5 or not entry.here or entry.lfs:
        return True
    try:
        content = snapshot.read(out, limit=_COMPARED)
    except Unreadable:
        return True
    sums = (hashlib.md5(c, usedforsecurity=False).hexdigest() for c in (content, content.replace(b"\r\n", b"\n")))
    return digest in sums


def tracked(snapshot: Snapshot, tree: Tree) -> Iterator[tuple[str, str, int, str]]:
    """Yield the pointer's or lock's path, what it tracks with a checksum, the line, and that checksum."""
    own = [f.path for f in tree.files if f.part not in {"environment", "cache", "vendored", "test"}]
    files = [p for p in own if p.endswith(".dvc") and not p.startswith(".dvc/")]
    files += [p for p in own if posixpath.basename(p) == "dvc.lock"]
    for path in files[:POINTER_LIMIT]:
        try:
            content = snapshot.text(path, limit=_SIZE)
        except Unreadable:
            continue
        held = mapping(load(path, content))
        stages = [held, *map(mapping, mapping(held.get("stages")).values())]
        for entry in (e for stage in stages for key in ("outs", "deps") for e in sequence(stage.get(key))):
            yield from _entry(path, mapping(entry))


def _entry(path: str, entry: dict[str, Value]) -> Iterator[tuple[str, str, int, str]]:
    out = text(entry.get("path"))
    if not out or out.lower().endswith(_NO_DATA):
        return
    sums = [text(entry.get(key)) for key in _SUMS]
    sums += [Text("listed", 1)] if sequence(entry.get("files")) else []
    kept = [s for s in sums if _DIGEST.fullmatch(s)]
    if kept:
        yield path, posixpath.normpath(posixpath.join(posixpath.dirname(path), out)), out.line, kept[0]


def _is_annexed(snapshot: Snapshot, file: File) -> bool:
    """Whether git-annex keeps the file: a link into its store, named by a checksum."""
    entry = snapshot.entries.get(file.path)
    if file.kind != "symlink" or entry is None or not entry.here:
        return False
    try:
        return _ANNEX in snapshot.read_blob(entry)[:1_000].decode(errors="replace")
    except Unreadable:
        return False
