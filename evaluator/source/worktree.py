"""What does a work tree hold as it lies on disk, and does it differ from its commit?"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evaluator.source import names
from evaluator.source.blobs import POINTER_SIZES, Blobs, is_pointer, sizes
from evaluator.source.folder import Folder, Found
from evaluator.source.ignoring import IgnoreRules
from evaluator.source.limits import RULES_LIMIT, Deadline, FetchLimits
from evaluator.source.listing import Listed, Listing, fair_share, unique
from evaluator.source.private import Judged
from evaluator.source.snapshot import READ_LIMIT, Entry

_POINTER = re.compile(
    rb"\Aversion https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\nsize (\d{1,15})$"
)


@dataclass(frozen=True, kw_only=True)
class WorkTree:
    """What lies on disk; ``dirty``: it differs from the commit in a file's content, presence or absence."""

    entries: Mapping[str, Entry]
    truncated: bool
    dirty: bool


def read_work_tree(
    folder: Folder,
    start: bytes,
    judged: Judged,
    listing: Listing,
    *,
    exclude: bytes,
    limits: FetchLimits,
    deadline: Deadline,
) -> WorkTree:
    """Return the tracked files and those that are not ignored, as they lie in ``start`` of the work tree ``folder``.

    Modes are not compared: file systems that cannot keep them would make every tree dirty. Line ends that git converts
    and files that Git LFS puts in place of a pointer are no difference; other filters are, for only running them
    would tell.

    Args:
        listing: What the commit holds in ``start``.
        exclude: The repository's ``info/exclude``.

    Raises:
        SourceError: It took too long.
    """
    tracked = {_below(start, name): item for name, item in unique(listing.items).items()}
    tracking = _Tracking(folder=folder, tracked=tracked, rules=IgnoreRules())
    tracking.rules.add_everywhere(exclude)
    for above in {b"", start, *_parents(start)}:
        tracking.read_rules(above)
    walk = folder.walk(start, enters=tracking.enters, keeps=tracking.keeps, limits=limits, deadline=deadline)
    found = {item.name: item for item in walk.items}
    found.update((name, Found(name=name, kind="submodule")) for name in tracking.embedded)
    unseen = [name for name in tracked if name not in found]
    for name in unseen:
        if (item := _unseen(folder, tracked[name], name)) is not None:
            found[name] = item
    chosen = fair_share(list(found.items()), limits.files)
    comparing = _Comparing(folder=folder, judged=judged, tracked=tracked, deadline=deadline)
    entries = comparing.entries(chosen, start)
    return WorkTree(
        entries=dict(sorted((entry.path, entry) for entry in entries)),
        truncated=walk.cut or listing.cut or len(chosen) < len(found),
        dirty=comparing.dirty or any(name not in found for name in unseen),
    )


def _unseen(folder: Folder, listed: Listed, name: bytes) -> Found | None:
    """Return a tracked path that the walk did not meet; None if it is gone from the disk."""
    if listed.kind == "submodule":
        return Found(name=name, kind="submodule")
    return folder.look(name)


@dataclass
class _Comparing:
    """Turns what was found into entries, and notes whether one differs from the commit."""

    folder: Folder
    judged: Judged
    tracked: Mapping[bytes, Listed]
    deadline: Deadline
    dirty: bool = False
    _short: frozenset[str] = frozenset()

    def entries(self, chosen: Sequence[Found], start: bytes) -> list[Entry]:
        """Return the entries, their paths relative to ``start``."""
        wanted = [self.tracked[item.name].oid for item in chosen if item.name in self.tracked]
        committed = sizes(self.judged.git_dir, wanted, seconds=self.deadline.left())
        self._short = frozenset(oid for oid, size in committed.items() if size in POINTER_SIZES)
        blobs = Blobs(self.judged.git_dir)
        try:
            return [self._entry(item, start, committed, blobs) for item in chosen]
        finally:
            blobs.close()

    def _entry(self, item: Found, start: bytes, committed: Mapping[str, int], blobs: Blobs) -> Entry:
        self.deadline.check()
        path = names.shown(item.name[len(start) + 1 :] if start else item.name)
        listed = self.tracked.get(item.name)
        if item.kind == "submodule":
            self.dirty = self.dirty or listed is None
            return Entry(path=path, kind=item.kind, here=False)
        before = committed.get(listed.oid) if listed else None
        try:
            content = _Content.of(self.folder, item, self._hash(), before)
            if listed is None or not (content.oid == listed.oid or self._converted(content, item, listed, blobs)):
                self.dirty = True
        except OSError:
            return Entry(path=path, kind=item.kind, size=item.size, here=False)
        return Entry(path=path, kind=item.kind, size=content.size, oid=content.oid, lfs=content.is_pointer)

    def _converted(self, content: _Content, item: Found, listed: Listed, blobs: Blobs) -> bool:
        """Whether checking ``listed`` out gives ``content`` though the bytes differ."""
        if content.unix_oid == listed.oid:
            return True
        try:
            pointer = _POINTER.search(blobs.read(listed.oid)) if listed.oid in self._short else None
        except KeyError:
            return False
        if pointer is None or item.size is None or int(pointer[2]) != item.size:
            return False
        digest = hashlib.sha256()
        for chunk in self.folder.chunks(item.name, limit=item.size + 1):
            self.deadline.check()
            digest.update(chunk)
        return digest.hexdigest() == pointer[1].decode()

    def _hash(self) -> str:
        return "sha256" if len(self.judged.commit) == 64 else "sha1"


@dataclass(frozen=True, kw_only=True)
class _Content:
    """What one file holds; ``unix_oid``: its object id with CRLF as LF, where that is another."""

    size: int
    oid: str | None
    unix_oid: str | None = None
    is_pointer: bool = False

    @classmethod
    def of(cls, folder: Folder, item: Found, algorithm: str, committed: int | None) -> _Content:
        """Read ``item``. A long file is only hashed if the ``committed`` one is as long.

        Raises:
            OSError: It cannot be read.
        """
        if not item.readable:
            raise PermissionError(item.name)
        size = item.size or 0
        if item.kind != "symlink" and size > READ_LIMIT:
            same = size == committed
            return cls(size=size, oid=_long_oid(folder, item.name, size, algorithm) if same else None)
        data = folder.target(item.name) if item.kind == "symlink" else folder.read(item.name, limit=size)
        unix = data.replace(b"\r\n", b"\n") if b"\r\n" in data and b"\0" not in data else data
        return cls(
            size=len(data),
            oid=_oid(data, algorithm),
            unix_oid=_oid(unix, algorithm) if unix is not data else None,
            is_pointer=item.kind != "symlink" and is_pointer(data),
        )


def _oid(data: bytes, algorithm: str) -> str:
    """Return the object id that git gives a blob with content ``data``."""
    return hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _long_oid(folder: Folder, name: bytes, size: int, algorithm: str) -> str:
    digest = hashlib.new(algorithm, b"blob %d\0" % size, usedforsecurity=False)
    for chunk in folder.chunks(name, limit=size):
        digest.update(chunk)
    return digest.hexdigest()


@dataclass
class _Tracking:
    """Decides on the way down a tree what belongs to the project: what is tracked, and what is not ignored."""

    folder: Folder
    tracked: Mapping[bytes, Listed]
    rules: IgnoreRules
    embedded: list[bytes] = field(default_factory=list)
    _ignored: set[bytes] = field(default_factory=set)
    _holding: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name in self.tracked:
            self._holding.update(_parents(name))

    def enters(self, name: bytes) -> bool:
        """Whether to walk ``name``; reads its rules if so. A repository in it that is not tracked is noted instead."""
        listed = self.tracked.get(name)
        if listed is not None and listed.kind == "submodule":
            return False
        holds = name in self._holding
        if _parent(name) in self._ignored or self.rules.ignores(name, is_folder=True):
            self._ignored.add(name)
            return holds
        if not holds and self._is_repository(name):
            self.embedded.append(name)
            return False
        self.read_rules(name)
        return True

    def keeps(self, name: bytes) -> bool:
        """Whether the file ``name`` belongs to the project."""
        if name in self.tracked:
            return True
        return _parent(name) not in self._ignored and not self.rules.ignores(name, is_folder=False)

    def read_rules(self, name: bytes) -> None:
        """Add the rules that lie in the folder ``name``."""
        try:
            self.rules.add(name, self.folder.read(_below(name, b".gitignore"), limit=RULES_LIMIT))
        except OSError:
            return

    def _is_repository(self, name: bytes) -> bool:
        dot = os.path.join(self.folder.root, name, b".git")  # noqa: PTH118 - names are bytes
        return os.path.lexists(dot)


def _parent(name: bytes) -> bytes:
    return name.rpartition(b"/")[0]


def _parents(name: bytes) -> Iterable[bytes]:
    while name := _parent(name):
        yield name


def _below(folder: bytes, name: bytes) -> bytes:
    return folder + b"/" + name if folder else name
