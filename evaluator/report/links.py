"""Where on the web can a reader open the lines that were judged?"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import quote, quote_from_bytes, urlsplit

from evaluator.model import Record


class Forge(Record):
    """How one forge writes its addresses.

    Attributes:
        blob: Between repository and commit, for a file. commit: The same for a commit.
        line, lines: The fragment for one line and for several.
        plain: The query that shows a rendered file as its source; without it the fragment is ignored.
        depth: Most components that the name of a repository may have.
    """

    blob: str
    commit: str
    line: str
    lines: str
    plain: str
    depth: int = 2


# Source: https://docs.github.com/en/repositories/working-with-files/using-files/getting-permanent-links-to-files,
# https://support.atlassian.com/bitbucket-cloud/docs/hyperlink-to-source-code-in-bitbucket/; GitLab nests groups.
_FORGES = {
    "github.com": Forge(blob="blob", commit="commit", line="L{0}", lines="L{0}-L{1}", plain="?plain=1"),
    "gitlab.com": Forge(blob="-/blob", commit="-/commit", line="L{0}", lines="L{0}-{1}", plain="?plain=1", depth=20),
    "bitbucket.org": Forge(blob="src", commit="commits", line="lines-{0}", lines="lines-{0}:{1}", plain=""),
    "codeberg.org": Forge(blob="src/commit", commit="commit", line="L{0}", lines="L{0}-L{1}", plain="?display=source"),
}
_ALIASES = {
    "www.github.com": "github.com",
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
_RENDERED = re.compile(
    r"\.(?:md|markdown|mdown|mkdn?|rst|adoc|asciidoc|org|textile|rdoc|creole|mediawiki|pod|csv|tsv|svg)"
)
_SCP = re.compile(r"(?:[A-Za-z0-9_.-]+@)?([A-Za-z0-9.-]+):(?!//)(.+)", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_.-]+", re.ASCII)
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
_ADDRESS = re.compile(r"https://[!-~]+", re.ASCII)
_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|\\)")


def permalink(source: str, commit: str | None, path: str, start: int | None, end: int | None) -> str | None:
    """Return the address of lines ``start`` to ``end`` of ``path`` at ``commit``; None where there is none.

    Args:
        source: The subject's address: https, ssh or ``user@host:path`` of GitHub, GitLab, Bitbucket or Codeberg.
        commit: 40 or 64 hexadecimal digits; None without git.
        path: POSIX, relative to the repository, other bytes as ``\\xNN`` and a backslash doubled.
        start: First line, 1-based; None for the file as a whole. end: Last line, inclusive; None for one line.

    A notebook is linked as a whole, for its lines count from a cell and not from the file.
    """
    base, forge = _repository(source)
    if forge is None or commit is None or not _SHA.fullmatch(commit) or _leaves(path):
        return None
    suffix = PurePosixPath(path).suffix.lower()
    address = f"{base}/{forge.blob}/{commit}/{quote_from_bytes(_bytes(path), safe='/')}"
    if start is None or start < 1 or suffix == ".ipynb":
        return address
    query = forge.plain if _RENDERED.fullmatch(suffix) else ""
    fragment = forge.lines if end is not None and end > start else forge.line
    return f"{address}{query}#{fragment.format(start, end)}"


def commit_page(source: str, commit: str | None) -> str | None:
    """Return the address of ``commit`` itself; None where there is none."""
    base, forge = _repository(source)
    if forge is None or commit is None or not _SHA.fullmatch(commit):
        return None
    return f"{base}/{forge.commit}/{commit}"


def repository(source: str) -> str | None:
    """Return the address of the repository's own page; None where there is none."""
    return _repository(source)[0]


def trusted(url: str | None) -> str | None:
    """Return ``url`` where it is an https address of a known forge; a report may come from a stranger."""
    if url is None or not _ADDRESS.fullmatch(url) or any(sign in url for sign in "\"'<>\\`"):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return url if parts.netloc in _FORGES and port is None else None


def _repository(source: str) -> tuple[str, Forge] | tuple[None, None]:
    host, path = _address(source)
    host = _ALIASES.get(host, host)
    forge = _FORGES.get(host)
    names = path.strip("/").removesuffix(".git").split("/")
    well_formed = all(_NAME.fullmatch(n) and n not in {".", ".."} for n in names)
    if forge is None or not well_formed or not 2 <= len(names) <= forge.depth:
        return None, None
    return f"https://{host}/{quote('/'.join(names), safe='/')}", forge


def _address(source: str) -> tuple[str, str]:
    """Host in lower case and path of an address; empty where it is of no kind that a forge has."""
    try:
        parts = urlsplit(source)
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    if parts.scheme in {"https", "ssh", "git+ssh"}:
        return host.lower(), parts.path
    short = _SCP.fullmatch(source)
    return (short.group(1).lower(), short.group(2)) if short else ("", "")


def _leaves(path: str) -> bool:
    return not path or path.startswith("/") or any(part in {"", ".", ".."} for part in path.split("/"))


def _bytes(path: str) -> bytes:
    """Undo the writing of bytes that are not UTF-8 in a report's paths."""

    def one(found: re.Match[bytes]) -> bytes:
        return bytes.fromhex(found.group(1).decode()) if found.group(1) else b"\\"

    return _ESCAPE.sub(one, path.encode("utf-8", "surrogatepass"))
