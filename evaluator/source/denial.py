"""What does git's complaint about a remote mean, and what should the user do?"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from evaluator.errors import EmptyError, SourceError
from evaluator.source.address import Remote

Reason: TypeAlias = Literal[
    "name", "connection", "certificate", "host-key", "access", "ref", "missing", "space", "other"
]

# Messages of git 2.39 to 2.52, curl and OpenSSH under LC_ALL=C; the first that matches decides.
_SIGNS: tuple[tuple[Reason, str], ...] = (
    ("name", r"could not resolve (host|proxy)|name or service not known|temporary failure in name resolution"),
    ("host-key", r"host key verification failed"),
    ("certificate", r"ssl certificate|certificate verif|unable to get local issuer|ssl_error|tls|gnutls"),
    ("ref", r"remote branch .* not found|couldn't find remote ref|not our ref|unadvertised object"),
    (
        "connection",
        (
            r"failed to connect|couldn't connect|connection (refused|timed out|reset|closed)|network is unreachable"
            r"|no route to host|operation timed out|operation too slow|empty reply|early eof|remote end hung up"
            r"|unexpected disconnect|rpc failed"
        ),
    ),
    (
        "access",
        (
            r"authentication failed|could not read (username|password)|terminal prompts disabled|invalid credentials"
            r"|permission denied|error: 40[13]|access denied|http basic"
        ),
    ),
    ("missing", r"not found|does not exist|does not appear to be a git repository|error: 404|not valid: is this a git"),
    ("space", r"no space left|disk quota"),
)


def reason(errors: str) -> Reason:
    """Return what git's standard error ``errors`` says was wrong; what the server wrote, and names, are not read."""
    said = "\n".join(line for line in errors.lower().splitlines() if not line.startswith("remote:"))
    said = re.sub(r"'[^'\n]*'", "", said)
    return next((name for name, sign in _SIGNS if re.search(sign, said)), "other")


def denied(address: Remote, errors: str, *, used_token: bool) -> SourceError:
    """Return the error to show: what happened, where, and what to do next; never anything secret."""
    shown = address.shown
    why = reason(errors)
    match why:
        case "name":
            text = f"{shown}: the host is not known here; check the name and the network"
        case "connection":
            text = f"{shown}: no connection to the host; check the network and its proxy, and try again"
        case "certificate":
            text = f"{shown}: the host's certificate is not trusted here; name your authority's file in GIT_SSL_CAINFO"
        case "host-key":
            text = f"{shown}: ssh does not know this host; connect once with ssh, or use the https URL"
        case "access":
            text = (
                f"{shown}: not found, or private and not open to you; {_what_to_show(address, used_token=used_token)}"
            )
        case "missing":
            text = f"{shown}: there is no such repository, or it is private; check the address and your access"
        case "ref":
            return no_ref(address)
        case "space":
            text = f"{shown}: this machine's disk is full; make room, or name another folder in TMPDIR"
        case _:
            text = f"{shown}: git could not fetch it ({_last_words(errors)}); try: git ls-remote {shown}"
    return SourceError(text)


def no_ref(address: Remote) -> SourceError:
    """Return the error for a branch, tag or commit that is not there."""
    return SourceError(
        f"{address.shown}: there is no branch, tag or commit {address.ref!r} in it; check what stands after @"
    )


def no_commit(address: Remote, *, has_branches: bool) -> SourceError:
    """Return the error for a transfer that brought no commit."""
    if not has_branches:
        return EmptyError(
            f"{address.shown}: a repository without a commit, so there is nothing to evaluate; push one and try again"
        )
    if address.ref is not None:
        return no_ref(address)
    return SourceError(f"{address.shown}: its HEAD names a branch that is not there; name another after @")


def _what_to_show(address: Remote, *, used_token: bool) -> str:
    if address.transport == "ssh":
        return "check the address, and that ssh-agent holds a key that the host accepts"
    if used_token:
        return "check the address, and what GITHUB_TOKEN may read"
    token = " or GITHUB_TOKEN" if address.url.startswith("https://github.com/") else ""
    return f"check the address, and give access by git's credential helper{token}"


def _last_words(errors: str) -> str:
    """Return git's own last complaint, in at most 160 plain characters, without user information in URLs."""
    lines = [line for line in errors.splitlines() if line.startswith(("fatal:", "error:"))]
    text = lines[-1].partition(":")[2].strip() if lines else "no reason given"
    return re.sub(r"//[^/@\s]*@", "//", re.sub(r"[^ -~]", "?", text))[:160]
