"""What does a TARGET mean: a URL, a repository on GitHub, a folder or an archive?"""

from __future__ import annotations

import ipaddress
import os
import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from evaluator.errors import UsageError
from evaluator.source import names

Transport: TypeAlias = Literal["https", "http", "ssh"]
ArchiveKind: TypeAlias = Literal["zip", "tar"]

_SUFFIXES: dict[str, ArchiveKind] = {".zip": "zip", ".tar.gz": "tar", ".tgz": "tar"}
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\.?")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]*")
_SCP = re.compile(r"(?P<user>[^@/:]+)@(?P<host>[^@/:\[\]]+|\[[0-9A-Fa-f:.]+\]):(?P<path>.*)", re.DOTALL)
_FORGE = re.compile(r"(?P<owner>[A-Za-z0-9][A-Za-z0-9-]{0,38})/(?P<repo>[A-Za-z0-9._-]{1,100})")
_BAD_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/$|\.$|^[-/.]|/\.|\.lock(/|$)")
_CLEAN_START = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])?(:\d*)?/")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]")
_FORMS = "an https, ssh or file URL, user@host:path, owner/repo, a folder, a .zip or a .tar.gz"


@dataclass(frozen=True, kw_only=True)
class Remote:
    """A repository on another machine, or on a loopback port of this one.

    Attributes:
        url: What git is given; never holds a password.
        shown: ``url`` as it may be printed and stored: without a person's user name.
        name: Last component of the path, without ``.git``.
        ref: Branch, tag or commit; None for what the remote's HEAD names.
    """

    url: str
    shown: str
    name: str
    transport: Transport
    ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class Local:
    """A folder of this machine, whether it exists or not.

    Attributes:
        shown: As the caller wrote it.
        committed: A commit is read (a file URL), not the files that lie in the folder.
        ref: With a value, ``committed`` is true.
    """

    folder: Path
    shown: str
    name: str
    ref: str | None = None
    committed: bool = False


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A .zip, .tar.gz or .tgz of this machine, whether it exists or not."""

    path: Path
    shown: str
    name: str
    kind: ArchiveKind


Address: TypeAlias = Remote | Local | Archive


def parse(target: str) -> Address:
    """Return what ``target`` means. Looks at the disk only to see which folders and files exist.

    An existing folder wins over every other reading; ``@REF`` is cut off after the last ``@`` of the path.

    Raises:
        UsageError: It has none of the forms of a target, or one that is refused: an option, another transport,
            a password. The message does not repeat a password.
    """
    if not target.strip():
        raise UsageError(f"the target is empty: give {_FORMS}")
    if target.startswith("-"):
        raise UsageError(f"{_quoted(target)} looks like an option, not a target; write ./{_plain(target)} for a folder")
    if "\0" not in target and _is_folder(target):
        return _local(target, None)
    if _UNSEEN.search(target):
        raise UsageError(f"{_quoted(target)}: a target holds no control characters")
    if "://" in target:
        return _from_url(target)
    if re.match(r"[A-Za-z0-9+.-]+::", target):
        raise UsageError(f"{_quoted(target)}: this transport of git can run commands and is refused; give {_FORMS}")
    found = _from_path(target) or _from_scp(target) or _from_forge(target)
    if found is None and re.match(r"[^/@:]+:[^/@]*@", target):
        raise UsageError(f"{_quoted(target)}: a password does not belong into a target; give {_FORMS}")
    return found or _local(target, None)


def is_archive(path: str) -> ArchiveKind | None:
    """Return which kind of archive the name ``path`` promises, if any."""
    return next((kind for suffix, kind in _SUFFIXES.items() if path.lower().endswith(suffix)), None)


def _from_url(target: str) -> Address:
    scheme = target.partition("://")[0].lower()
    if scheme == "file":
        return _from_file_url(target)
    if scheme == "git":
        raise UsageError(f"{_quoted(target)}: the git protocol is not authenticated; use https or ssh")
    if scheme not in {"https", "http", "ssh"}:
        raise UsageError(f"{_quoted(target)}: {_plain(scheme)} is no transport that is used here; give {_FORMS}")
    if re.search(r"\s", target):
        raise UsageError(f"{_quoted(target)}: a URL holds no spaces; write %20")
    try:
        parts = urllib.parse.urlsplit(target)
        host, port = parts.hostname or "", parts.port
    except ValueError as fault:
        raise UsageError(f"{_quoted(target)} is no well-formed URL") from fault
    if parts.password is not None:
        raise UsageError(
            f"{_quoted(target)}: a password does not belong into a URL; use git's credential helper, or GITHUB_TOKEN"
        )
    if parts.query or parts.fragment or "?" in target or "#" in target:
        raise UsageError(f"{_quoted(target)}: a repository's URL has no part after ? or #")
    if scheme == "http" and not _is_loopback(host):
        raise UsageError(f"{_quoted(target)}: plain http can be altered on its way; use https")
    path, ref = _split_ref(parts.path, target)
    _check_web_page(host, path, target)
    if scheme != "ssh" and is_archive(path):
        raise UsageError(f"{_quoted(target)}: archives are read from this machine; download it first")
    where = _authority(host, port, target)
    user = f"{_user(parts.username, target)}@" if scheme == "ssh" and parts.username else ""
    return Remote(
        url=f"{scheme}://{user}{where}{path}",
        shown=f"{scheme}://{user if user == 'git@' else ''}{where}{path}",
        name=_name(path, target),
        transport="https" if scheme == "https" else "http" if scheme == "http" else "ssh",
        ref=ref,
    )


def _from_file_url(target: str) -> Address:
    rest = target.partition("://")[2]
    host, slash, path = rest.partition("/")
    if host not in {"", "localhost"} or not slash:
        raise UsageError(f"{_quoted(target)}: a file URL names a folder of this machine: file:///folder")
    path = "/" + urllib.parse.unquote(path, errors="surrogateescape")
    if "\0" in path:
        raise UsageError(f"{_quoted(target)}: a path holds no NUL")
    ref: str | None = None
    if not _is_folder(path):
        path, ref = _split_ref(path, target)
    return Local(folder=Path(path), shown=target, name=_name(path, target), ref=ref, committed=True)


def _from_path(target: str) -> Address | None:
    """Return the folder or archive that ``target`` names, if it exists or has an archive's name."""
    if (kind := is_archive(target)) and (_is_file(target) or _looks_like_path(target) or "@" not in target):
        path = Path(_expanded(target))
        stem = re.sub(r"\.(zip|tar\.gz|tgz)$", "", path.name, flags=re.IGNORECASE)
        return Archive(path=path, shown=target, name=stem or path.name, kind=kind)
    before, at, ref = target.rpartition("@")
    if at and before and _is_folder(before):
        return _local(before, _checked_ref(ref, target))
    if at and is_archive(before) and _is_file(before):
        raise UsageError(f"{_quoted(target)}: an archive has no commits; leave @{_plain(ref)} out")
    if _is_file(target):
        raise UsageError(f"{_quoted(target)} is a file; give {_FORMS}")
    return None


def _from_scp(target: str) -> Remote | None:
    match = _SCP.fullmatch(target)
    if match is None:
        return None
    path, ref = _split_ref(match["path"], target)
    if path.startswith("-") or not path.strip("/"):
        raise UsageError(f"{_quoted(target)}: there is no path after the host")
    host = _authority(match["host"].strip("[]"), None, target)
    user = _user(match["user"], target)
    name = _name(path, target)
    shown = f"git@{host}:{path}" if user == "git" else f"{host}:{path}"
    return Remote(url=f"{user}@{host}:{path}", shown=shown, name=name, transport="ssh", ref=ref)


def _from_forge(target: str) -> Remote | None:
    path, ref = _split_ref(target, target) if "@" in target else (target, None)
    match = _FORGE.fullmatch(path)
    if match is None or match["repo"] in {".", "..", ".git"}:
        return None
    url = f"https://github.com/{match['owner']}/{match['repo'].removesuffix('.git')}"
    return Remote(url=url, shown=url, name=_name(path, target), transport="https", ref=ref)


def _local(folder: str, ref: str | None) -> Local:
    path = Path(_expanded(folder))
    name = os.path.basename(os.path.abspath(path))  # noqa: PTH100, PTH119 - pathlib's keeps a final ``..``
    name = names.shown(os.fsencode(name)).removesuffix(".git") or "project"
    return Local(folder=path, shown=_plain(folder), name=name, ref=ref, committed=bool(ref))


def _looks_like_path(target: str) -> bool:
    first = target.partition("/")[0]
    return first in {"", ".", "..", "~"} or (target.count("/") > 1 and ":" not in target)


def _expanded(path: str) -> str:
    try:
        return os.path.expanduser(path)  # noqa: PTH111 - pathlib's raises where there is no home
    except ValueError:
        return path


def _is_folder(path: str) -> bool:
    return os.path.isdir(_expanded(path))  # noqa: PTH112 - pathlib's raises on a name that is too long


def _is_file(path: str) -> bool:
    return os.path.isfile(_expanded(path))  # noqa: PTH113 - pathlib's raises on a name that is too long


def _split_ref(path: str, target: str) -> tuple[str, str | None]:
    before, at, ref = path.rpartition("@")
    return (before, _checked_ref(ref, target)) if at else (path, None)


def _checked_ref(ref: str, target: str) -> str:
    """Return ``ref`` if a branch, tag or commit can be called so (git-check-ref-format(1)).

    Raises:
        UsageError: It cannot.
    """
    if not ref or len(ref.encode(errors="replace")) > 250 or _BAD_REF.search(ref):
        raise UsageError(f"{_quoted(target)}: after the last @ stands no possible name of a branch, tag or commit")
    return ref


def _name(path: str, target: str) -> str:
    last = urllib.parse.unquote(path.rstrip("/").rpartition("/")[2].rpartition(":")[2], errors="replace")
    name = _UNSEEN.sub("_", last).removesuffix(".git")
    if not name or name in {".", ".."}:
        raise UsageError(f"{_quoted(target)} names no repository")
    return name


def _authority(host: str, port: int | None, target: str) -> str:
    if ":" in host and _is_address(host):
        host = f"[{host}]"
    elif not _HOST.fullmatch(host):
        raise UsageError(f"{_quoted(target)}: there is no valid host name in it")
    return f"{host}:{port}" if port is not None else host


def _user(user: str, target: str) -> str:
    if not _USER.fullmatch(user):
        raise UsageError(f"{_quoted(target)}: there is no valid user name before the host")
    return user


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _check_web_page(host: str, path: str, target: str) -> None:
    """Name the repository to somebody who gave the address of a page in it."""
    parts = path.strip("/").split("/")
    if host.lower() in {"github.com", "www.github.com"} and len(parts) > 2:
        ref = f"@{parts[3]}" if len(parts) > 3 and parts[2] in {"tree", "blob", "commit"} else ""
        raise UsageError(
            f"{_quoted(target)} is a page of a repository; give {_plain('/'.join(parts[:2]) + ref)}"
            " and a folder of it with --path"
        )


def _plain(text: str) -> str:
    """Return ``text`` cut and without control characters, fit for a message."""
    return _UNSEEN.sub("?", text)[:200]


def _quoted(target: str) -> str:
    """Return ``target`` fit for a message: what may be a user's name and password is left out."""
    scheme, mark, rest = target.partition("://") if "://" in target else ("", "", target)
    if "@" in rest and (re.match(r"[^/@]*:[^/]*@", rest) if not mark else not _CLEAN_START.match(rest)):
        rest = rest.rpartition("@")[2]
    return f"'{_plain(scheme + mark + rest)}'"
