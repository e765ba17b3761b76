"""How does one of several projects in a tree look by itself?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from evaluator.source.snapshot import Entry, Snapshot


def portion(snapshot: Snapshot, folder: str, apart: Iterable[str], shared: Iterable[str]) -> Snapshot:
    """Return ``snapshot`` as it is for the project in ``folder``: its files at the top, and beside them what all share.

    What is shared (a licence, CI files, a module that several import, a README where the project has none) is there under
    its own path, unless the project has something of that name; nothing else is there. Contents are read through
    ``snapshot``, and its history and close stay its own.

    Args:
        folder: POSIX, without a slash at its end.
        apart: The folders of all projects: nothing in them is shared.
        shared: Files and folders.
    """
    inner = f"{folder}/"
    own = {path.removeprefix(inner): path for path in snapshot.entries if path.startswith(inner)}
    taken = {*own, *(parent for path in own for parent in _parents(path))}
    others = tuple(f"{path}/" for path in apart)
    wanted = frozenset(shared)
    lent = {
        path: path
        for path in snapshot.entries
        if (path in wanted or any(parent in wanted for parent in _parents(path)))
        and not path.startswith(others)
        and path not in taken
        and not any(parent in own for parent in _parents(path))
    }
    places = {**own, **lent}
    entries: dict[str, Entry] = {
        path: msgspec.structs.replace(snapshot.entries[places[path]], path=path) for path in sorted(places)
    }
    above = snapshot.subject.path
    return Snapshot(
        subject=msgspec.structs.replace(snapshot.subject, path=f"{above}/{folder}" if above else folder),
        entries=entries,
        read_blob=lambda entry: snapshot.read_blob(snapshot.entries[places[entry.path]]),
        git_dir=snapshot.git_dir,
        truncated=snapshot.truncated,
        cache=snapshot.cache,
    )


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
