"""Where does a link lead: which kind of place is it, and does the tree have it?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import unquote, urlsplit

from evaluator import codec
from evaluator.facts.prose import Link
from evaluator.model import Record
from evaluator.resources import folder
from evaluator.source.snapshot import Snapshot

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_FORGES = {"github.com", "gitlab.com", "codeberg.org", "bitbucket.org"}
_OWNER_AND_NAME = 2
_FORGE_VIEWS = {"blob", "raw", "tree", "-", "blame"}
_REF_SEGMENTS = 4
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".tif", ".tiff", ".mp4", ".webm", ".mov", ".avif")


class Places(Record):
    """Addresses of one kind: ``hosts`` with their sub-domains, ``paths`` as pieces of the address in lower case.

    ``shapes`` are regular expressions for the beginning of the address.
    """

    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()


@cache
def places() -> dict[str, Places]:
    """Return the kinds of ``rubrics/links.yaml``."""
    made: dict[str, Places] = codec.decode_yaml((folder("rubrics") / "links.yaml").read_bytes(), dict[str, Places])
    return made


def kinds(target: str) -> tuple[str, ...]:
    """Return which kinds of place ``target`` is, sorted; empty for a relative one that is no badge."""
    address = target.strip().lower()
    host = host_of(address)
    return tuple(sorted(name for name, place in places().items() if _is(place, host, address)))


def host_of(target: str) -> str:
    """Return the host of an address in lower case; empty for a relative one or a malformed one."""
    try:
        return (urlsplit(target if "//" in target[:12] else "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _is(place: Places, host: str, address: str) -> bool:
    if any(piece in address for piece in place.paths) or any(re.match(shape, address) for shape in place.shapes):
        return True
    steps = address.partition("//")[2].partition("?")[0].strip("/").count("/")
    for known in place.hosts if host else ():
        name, _, least = known.partition(" ")
        if (host == name or host.endswith("." + name)) and steps >= int(least or 0):
            return True
    return False


def finish(link: Link, *, path: str, snapshot: Snapshot) -> Link:
    """Return ``link`` of the document at ``path`` with ``kinds``, ``badge`` and ``resolves`` filled in."""
    found = kinds(link.target)
    if "pages" in found and host_of(link.target).partition(".")[0] == _owner(snapshot.subject.source):
        found = tuple(sorted((*found, "own")))
    inside = within(link.target, path=path, snapshot=snapshot)
    return Link(
        text=link.text,
        target=link.target,
        at=link.at,
        image=link.image,
        badge=link.badge or (link.image and "badge" in found),
        resolves=None if inside is None else any(_is_there(p, link, snapshot) for p in inside),
        path=next((p for p in inside or () if snapshot.exists(p)), None),
        kinds=found,
    )


def _is_there(path: str, link: Link, snapshot: Snapshot) -> bool:
    """Whether the tree has what ``link`` may mean; an empty file is no picture."""
    entry = snapshot.entries.get(path)
    return snapshot.exists(path) and not (link.image and entry is not None and entry.size == 0)


def _owner(source: str) -> str:
    """Return whose repository it is, by the first step of its address, in lower case."""
    try:
        return urlsplit(source).path.strip("/").partition("/")[0].lower()
    except ValueError:
        return ""


def within(target: str, *, path: str, snapshot: Snapshot) -> tuple[str, ...] | None:
    """Return the paths of the tree that ``target``, written in the document at ``path``, may mean.

    None for another scheme or host and for an anchor of the same document; ``("..",)`` where it leads out of the tree.
    """
    folder = snapshot.subject.path
    bare = target.strip()
    own = _own_view(bare, snapshot.subject.source, snapshot.subject.name)
    if own is not None:
        return (*own, *_seen_from(folder, own))
    if not bare or bare.startswith(("#", "//")) or _SCHEME.match(bare):
        return None
    local = unquote(re.split(r"[?#]", bare, maxsplit=1)[0])
    base = "" if local.startswith("/") else posixpath.dirname(path)
    named = posixpath.join(base, local.lstrip("/"))
    return (_plain(named), *_seen_from(folder, (posixpath.normpath(posixpath.join(folder, named)), named)))


def _seen_from(folder: str, paths: Iterable[str]) -> Iterator[str]:
    """Yield ``paths``, given from the top of a repository, as they are called in its judged ``folder``.

    What lies beside the folder keeps its name: one of several projects in a repository sees files that all share so.
    """
    for path in paths if folder else ():
        plain = _plain(path)
        if plain.startswith(f"{folder}/"):
            yield plain.removeprefix(f"{folder}/")
        elif plain != "..":
            yield plain


def _plain(path: str) -> str:
    """Normalise ``path``; a backslash is doubled as in the snapshot's listing, and so never taken for a separator."""
    clean = posixpath.normpath(path.replace("\\", "\\\\").replace("\0", "")) if path else ""
    return ".." if clean.startswith("../") else clean


def _own_view(target: str, source: str, folder: str) -> tuple[str, ...] | None:
    """Paths that a forge's own page of this repository may mean; a branch's name may hold slashes.

    Of a repository that lies here, the address is not known: a page of one that is called as the ``folder`` is takes its place.
    """
    if not target.lower().startswith(("https://", "http://")):
        return None
    if not source.startswith(("https://", "http://", "ssh://")):
        source = _guessed(target, folder)
    try:
        parts, own = urlsplit(target), urlsplit(source)
    except ValueError:
        return None
    name = own.path.strip("/").removesuffix(".git").lower()
    steps = [unquote(s) for s in parts.path.strip("/").split("/")]
    if not name or "/".join(steps[: name.count("/") + 1]).lower() != name:
        return None
    rest = steps[name.count("/") + 1 :]
    if parts.hostname == "raw.githubusercontent.com":
        return _after_ref(rest)
    if parts.hostname != own.hostname or not rest or rest[0] not in _FORGE_VIEWS:
        return None
    return _after_ref(rest[2:] if rest[0] == "-" else rest[1:])


def _guessed(target: str, folder: str) -> str:
    """Return the address of the repository that a page of a forge belongs to, where that is called as ``folder`` is."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    steps = parts.path.strip("/").split("/")
    named = len(steps) > _OWNER_AND_NAME and folder.lower().endswith(steps[1].lower())
    forge = "github.com" if parts.hostname == "raw.githubusercontent.com" else parts.hostname
    return f"https://{forge}/{steps[0]}/{steps[1]}" if named and forge in _FORGES else ""


def _after_ref(steps: list[str]) -> tuple[str, ...] | None:
    if steps[:2] == ["refs", "heads"]:
        steps = steps[2:]
    found = tuple(_plain("/".join(steps[n:])) for n in range(1, min(len(steps), _REF_SEGMENTS)))
    return found or None
