"""Which paths does a commit list, and which of them are shown where there are too many?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TypeVar

from evaluator.errors import SourceError
from evaluator.source import names
from evaluator.source.blobs import Blobs, pointers, sizes
from evaluator.source.command import Running
from evaluator.source.limits import Deadline, FetchLimits
from evaluator.source.private import Judged
from evaluator.source.snapshot import Entry, Kind, Unreadable

T = TypeVar("T")
_KINDS: Mapping[bytes, Kind] = {b"100755": "executable", b"120000": "symlink", b"160000": "submodule"}
_LONGEST = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One path of a tree object: ``name`` is relative to the judged folder, as bytes."""

    name: bytes
    kind: Kind
    oid: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Every path of a commit; ``cut``: some could not be listed, or there were more than may be looked at."""

    items: tuple[Listed, ...]
    cut: bool = False


def list_commit(judged: Judged, subdir: bytes, limits: FetchLimits, deadline: Deadline) -> Listing | None:
    """Return what the judged commit holds below ``subdir``; None if it has no such folder.

    Names that would lead out of a folder, which a crafted tree can hold, are left out. ``subdir``: clean, no ``..``.

    Raises:
        SourceError: Git failed before it listed anything, or took too long.
    """
    tree = judged.tree
    if subdir:
        below = _tree_at(judged, subdir)
        if below is None:
            return None
        tree = below
    found: list[Listed] = []
    cut = too_deep = False
    args = ["ls-tree", "-r", "-z", "--full-tree", tree]
    with Running(args, folder=judged.git_dir, git_dir=judged.git_dir, seconds=deadline.left()) as running:
        for record in _records(running.out):
            if len(found) >= limits.names:
                cut = True
                break
            meta, _, name = record.partition(b"\t")
            mode, _, rest = meta.partition(b" ")
            if name.count(b"/") > limits.depth:
                too_deep = True
            elif names.is_inside(name):
                oid = rest.rpartition(b" ")[2].decode("ascii", "replace")
                found.append(Listed(name=name, kind=_KINDS.get(mode, "file"), oid=oid))
        else:
            cut = running.finish() != 0
    if cut and not found:
        deadline.check()
        raise SourceError(f"{deadline.what}: the folders of commit {judged.commit[:12]} are not in this copy; fetch it")
    return Listing(items=tuple(found), cut=cut or too_deep)


def entries(
    judged: Judged, listing: Listing, limits: FetchLimits, deadline: Deadline, *, left_behind: int | None
) -> tuple[dict[str, Entry], bool]:
    """Return the entries by path, sorted, and whether there were more.

    Args:
        left_behind: Objects that are not here have at least so many bytes, for so the copy was made; None: not known.
    """
    chosen = fair_share([(item.name, item) for item in listing.items], limits.files)
    found = sizes(judged.git_dir, (item.oid for item in chosen if item.kind != "submodule"), seconds=deadline.left())
    held = pointers(judged.git_dir, found, seconds=deadline.left())
    made: dict[str, Entry] = {}
    for item in chosen:
        path = names.shown(item.name)
        if item.kind == "submodule":
            made[path] = Entry(path=path, kind=item.kind, here=False)
            continue
        here = item.oid in found
        made[path] = Entry(
            path=path,
            kind=item.kind,
            size=found.get(item.oid),
            oid=item.oid,
            here=here,
            lfs=item.oid in held and item.kind != "symlink",
            at_least=0 if here or left_behind is None else left_behind,
        )
    return dict(sorted(made.items())), listing.cut or len(chosen) < len(listing.items)


def blob_content(blobs: Blobs, entry: Entry) -> bytes:
    """Return the content of ``entry``.

    Raises:
        Unreadable: It is not here after all.
    """
    if entry.oid is None:
        raise Unreadable(entry.path, "not-found")
    try:
        return blobs.read(entry.oid)
    except KeyError as fault:
        raise Unreadable(entry.path, "not-found") from fault


def fair_share(found: Sequence[tuple[bytes, T]], limit: int) -> list[T]:
    """Return at most ``limit`` of ``found`` (name, value), so that no folder crowds out the others.

    Every folder gives its first file by name, then its second, and so on: a hundred thousand images in ``data/`` must
    not hide ``src/`` and ``tests/``, which come later in the alphabet.
    """
    if len(found) <= limit:
        return [value for _, value in found]
    ranked: list[tuple[int, int, bytes, T]] = []
    seen: dict[bytes, int] = {}
    for name, value in sorted(found, key=lambda pair: pair[0]):
        folder = name.rpartition(b"/")[0]
        rank = seen.get(folder, 0)
        seen[folder] = rank + 1
        ranked.append((rank, name.count(b"/"), name, value))
    ranked.sort(key=lambda row: row[:3])
    return [row[3] for row in ranked[:limit]]


def _tree_at(judged: Judged, subdir: bytes) -> str | None:
    """Return the object id of the folder ``subdir`` of the commit."""
    tree = judged.tree
    for part in subdir.split(b"/"):
        args = ["ls-tree", "-z", "--full-tree", tree]
        with Running(args, folder=judged.git_dir, git_dir=judged.git_dir, seconds=60) as running:
            below = [r for r in _records(running.out) if r.partition(b"\t")[2] == part and r.startswith(b"040000 ")]
        if not below:
            return None
        tree = below[0].partition(b"\t")[0].split()[-1].decode()
    return tree


def _records(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what stands between NUL bytes; what is longer than any path is dropped."""
    rest = b""
    while chunk := stream.read(_LONGEST):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
        if len(rest) > _LONGEST:
            return


def unique(items: Iterable[Listed]) -> Mapping[bytes, Listed]:
    """Return ``items`` by name; of two with one name, which only a crafted tree has, the first."""
    found: dict[bytes, Listed] = {}
    for item in items:
        found.setdefault(item.name, item)
    return found
