"""How many people wrote the commits, when, and with which tools that sign their work?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from evaluator import codec
from evaluator.facts.commits.revisions import ask, below, revision
from evaluator.facts.history import History
from evaluator.facts.provenance import Assistance, Copied, Original, Provenance
from evaluator.model import Missing, Record
from evaluator.resources import folder
from evaluator.source.snapshot import Snapshot

_META = "%H%x00%at%x00%an%x00%ae%x00%b"
_FIELDS = 5
_META_BYTES = 12_000_000
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LETTERS = re.compile(r"[^\w]|_", re.UNICODE)
_LOGIN = re.compile(r"(?:\d+\+)?([^@+]+)@users\.noreply\.(?:github\.com|gitlab\.com)")
_LEAST = 5
"""Letters of a login or of an address before the @ that are enough to tell a person by."""
_NOBODY = frozenset(
    {
        "root",
        "user",
        "admin",
        "unknown",
        "ubuntu",
        "yourname",
        "name",
        "student",
        "dev",
        "developer",
        "test",
        "me",
        "author",
    }
)
_BODY_LINES = 200


class Row(NamedTuple):
    """What one commit says of its making."""

    sha: str
    at: int
    name: str
    address: str
    body: str


class Assistants(Record):
    """``rubrics/assistants.yaml`` as it stands; see the comments there."""

    lines: tuple[str, ...]
    names: dict[str, tuple[str, ...]]


@cache
def assistants() -> Assistants:
    """Return the table that ships with the tool."""
    made: Assistants = codec.decode_yaml((folder("rubrics") / "assistants.yaml").read_bytes(), Assistants)
    return made


def read(
    snapshot: Snapshot, history: History, *, originals: tuple[Original, ...], copied: tuple[Copied, ...]
) -> Provenance | Missing:
    """Return what the commits that ``history`` lists say of their making; see the fact."""
    if snapshot.git_dir is None:
        return Missing(fact="Provenance", cause="not-found", detail="no git history came with the files")
    outcome = ask(
        snapshot.git_dir,
        *("log", "-z", "--no-mailmap", "--encoding=UTF-8", f"--format={_META}", f"--max-count={len(history.commits)}"),
        revision(snapshot),
        *below(snapshot),
        output_bytes=_META_BYTES,
    )
    rows = list(_rows(outcome.stdout.decode(errors="replace").split("\0")))
    automata = {c.sha for c in history.commits if c.bot}
    human = [row for row in rows if row.sha not in automata]
    people = Counter(persons([(row.name, row.address) for row in human]))
    tools = Counter(tool for row in rows for tool in signed_by(row))
    dates = [datetime.fromtimestamp(row.at, UTC).date().isoformat() for row in rows]
    return Provenance(
        commits=len(rows),
        people=len(people),
        names=len({(row.name, row.address) for row in rows}),
        main=round(max(people.values()) / len(human), 4) if human else None,
        bots=len(rows) - len(human),
        assisted=sum(bool(signed_by(row)) for row in rows),
        assistance=tuple(
            Assistance(tool=tool, commits=n) for tool, n in sorted(tools.items(), key=lambda kv: (-kv[1], kv[0]))
        ),
        first=min(dates, default=None),
        last=max(dates, default=None),
        days=len(set(dates)),
        originals=originals,
        copied=copied,
    )


def _rows(fields: list[str]) -> Iterator[Row]:
    """Yield the commits that ``_META`` wrote; what does not look like one (a NUL in a name) is stepped over."""
    at = 0
    while at + _FIELDS <= len(fields):
        sha, when, name, address, body = fields[at : at + _FIELDS]
        if _SHA.fullmatch(sha) and when.isascii() and when.isdigit() and len(when) <= 11:
            yield Row(sha, int(when), name.strip(), address.strip(), body)
            at += _FIELDS
        else:
            at += 1


def persons(authors: list[tuple[str, str]]) -> list[int]:
    """Return a number for the person behind each (name, address), the same for what is plainly one person."""
    above: dict[str, str] = {}

    def top(key: str) -> str:
        while above.setdefault(key, key) != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    for name, address in dict.fromkeys(authors):
        first, *others = _marks(name, address)
        for other in others:
            above[top(other)] = top(first)
    numbers: dict[str, int] = {}
    return [numbers.setdefault(top(_marks(*author)[0]), len(numbers)) for author in authors]


def _marks(name: str, address: str) -> list[str]:
    """Return what tells a person: the address; name, login and what stands before the @, where they are long enough."""
    lower = address.lower()
    login = _LOGIN.fullmatch(lower)
    words = [_LETTERS.sub("", name.casefold()), _LETTERS.sub("", login[1] if login else lower.partition("@")[0])]
    told = [f"name {word}" for word in words if len(word) >= _LEAST and word not in _NOBODY]
    return [f"address {lower}", *told] if "@" in lower else told or [f"address {lower or name}"]


def signed_by(row: Row) -> tuple[str, ...]:
    """Return the tools that a commit names in a trailer or signature, or as its author, by name."""
    lines = [line.strip().lower() for line in row.body.split("\n")[-_BODY_LINES:]]
    signed = [line for line in lines if line.lstrip("🤖 -*>_").startswith(assistants().lines) or line.startswith("🤖")]
    signed.append(f"{row.name} <{row.address}>".lower())
    return tuple(
        tool
        for tool, words in sorted(assistants().names.items())
        if any(word in line for line in signed for word in words)
    )
