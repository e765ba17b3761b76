"""How did the project come about, commit by commit?

The metadata of all commits come from one ``git log`` and the sizes of the newest from a second, because a process per
commit, as GitPython's ``Commit.stats`` and PyDriller start it, costs 9 ms each where ``git log`` takes 0.7 ms.
PyDriller is kept for what it does better, the process metrics; see ``facts.process``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from evaluator.facts.masking import mask
from evaluator.facts.revisions import ask, below, cut_off, revision
from evaluator.model import Fact, Missing, Record
from evaluator.registry import provides
from evaluator.sandbox.tools import ToolOutcome
from evaluator.source.snapshot import Snapshot


class Commit(Record):
    """One commit, newest first. Nothing about hours, weekdays, time zones or who the person is.

    Attributes:
        author: Number of the author, 0 for the first seen; aliases are not merged here.
        subject: First line of the message, at most 200 characters, secrets masked.
        web_upload: Made by a forge's upload page ("Add files via upload").
        bot: The author is an automaton.
        parents: Number of parents. files, added, deleted: None where this copy cannot tell.
        code: Lines added or deleted in source files and notebooks, a notebook's at most ``NOTEBOOK_LINES``; None where
            this copy cannot tell.
        day: Whole days since the first commit.
    """

    sha: str
    subject: str
    author: int
    parents: int
    day: int
    web_upload: bool = False
    bot: bool = False
    files: int | None = None
    added: int | None = None
    deleted: int | None = None
    code: int | None = None


class History(Fact):
    """At most the newest ``len(commits)`` of ``total`` commits that the judged commit reaches and that touch the folder.

    Attributes:
        total: Counted up to ``COUNTED``; for a sub-folder as many as are listed.
        shallow: The copy was cut off: older commits exist and are not known.
    """

    total: int
    commits: tuple[Commit, ...]
    shallow: bool = False


LISTED = 2_000
SIZED = 200
COUNTED = 100_000
NOTEBOOK_LINES = 200
"""A notebook is JSON with its outputs in it: most of its lines were written by no one."""

_SOURCES = frozenset(
    ".py .pyi .pyx .r .rmd .qmd .jl .scala .java .kt .c .h .cc .cpp .hpp .cu .cs .go .rs .rb .php .swift .js .jsx .ts .tsx"
    " .vue .sql .sh .bash .ps1 .bat .tf .m .lua .pl .dart .stan".split()
)
_META = "%H%x00%P%x00%at%x00%an%x00%ae%x00%<(200,trunc)%s"
_FIELDS = 6
_META_BYTES = 8_000_000
_SIZE_BYTES = 16_000_000
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_UPLOAD = re.compile(
    r"add files via upload|upload(ed)? (new|\d+) files?|upload .{1,150} (with|using) huggingface_hub|"
    r".{1,150}(created|edited) online with bitbucket",
    re.IGNORECASE,
)
_BOT = re.compile(
    r"\[bot\]|(^|[\s._+-])bot($|[\s._@-])|^(dependabot|renovate|github-actions|greenkeeper|snyk|mergify|imgbot|pyup)\b",
    re.IGNORECASE,
)


class Size(NamedTuple):
    """What one commit changed; see ``Commit`` for the fields."""

    files: int | None = None
    added: int | None = None
    deleted: int | None = None
    code: int | None = None


@provides(how="read")
def history(snapshot: Snapshot) -> History | Missing:
    """Read the newest ``LISTED`` commits that touch the judged folder, and the size of the newest ``SIZED`` of them."""
    git_dir = snapshot.git_dir
    if git_dir is None:
        return Missing(fact="History", cause="not-found", detail="no git history came with the files")
    rev, where = revision(snapshot), below(snapshot)
    outcome = ask(
        git_dir,
        *("log", "-z", "--no-mailmap", "--encoding=UTF-8", f"--format={_META}"),
        f"--max-count={LISTED}",
        rev,
        *where,
        output_bytes=_META_BYTES,
    )
    if outcome.stopped_by != "nothing":
        cause = "timed-out" if outcome.stopped_by == "seconds" else "too-large"
        return Missing(fact="History", cause=cause, detail="git log did not come to its end within its limits")
    found = list(_commits(outcome.stdout.decode(errors="replace").split("\0")))
    if outcome.exit_code != 0 and not found:
        return Missing(fact="History", cause="failed", detail="git log could not read the history")
    ends = cut_off(git_dir)
    wanted = [c.sha for c in found[:SIZED] if c.parents < 2 and c.sha not in ends]
    sizes = _sizes(git_dir, wanted, where)
    return History(
        total=len(found) if len(found) < LISTED or len(where) > 1 else _total(git_dir, rev, len(found)),
        commits=tuple(_sized(c, sizes.get(c.sha, Size())) for c in found),
        shallow=bool(ends),
    )


def _commits(fields: list[str]) -> Iterator[Commit]:
    """Yield the commits that ``_META`` wrote; what does not look like one (a NUL in a name) is stepped over."""
    rows: list[list[str]] = []
    at = 0
    while at + _FIELDS <= len(fields):
        row = fields[at : at + _FIELDS]
        good = _SHA.fullmatch(row[0]) and row[2].lstrip("-").isdecimal()
        if good:
            rows.append(row)
        at += _FIELDS if good else 1
    first = min((int(row[2]) for row in rows), default=0)
    numbers: dict[str, int] = {}
    for sha, parents, at_second, name, address, subject in rows:
        number = numbers.setdefault(address.strip().lower() or name.strip().lower(), len(numbers))
        yield Commit(
            sha=sha,
            subject=mask(subject.strip()),
            author=number,
            parents=len(parents.split()),
            day=(int(at_second) - first) // 86_400,
            web_upload=_UPLOAD.fullmatch(subject.strip()) is not None,
            bot=_BOT.search(name) is not None or _BOT.search(address.partition("@")[0]) is not None,
        )


def _sized(commit: Commit, size: Size) -> Commit:
    import msgspec

    return msgspec.structs.replace(commit, files=size.files, added=size.added, deleted=size.deleted, code=size.code)


def _total(git_dir: Path, rev: str, listed: int) -> int:
    outcome = ask(git_dir, "rev-list", "--count", f"--max-count={COUNTED}", rev, "--", output_bytes=1_000)
    counted = outcome.stdout.strip()
    return int(counted) if counted.isdigit() else listed


def _sizes(git_dir: Path, shas: list[str], where: tuple[str, ...]) -> Mapping[str, Size]:
    """Return the sizes of ``shas`` as far as this copy can tell.

    Git ends at the first commit of which it lacks a blob, without saying which one it was: the list is halved until
    that one stands alone, and its files are counted from the trees.
    """
    if not shas:
        return {}
    outcome = _diffs(git_dir, "--numstat", shas, where)
    if outcome.exit_code == 0:
        return dict(_counted(outcome.stdout.decode(errors="surrogateescape")))
    if outcome.stopped_by == "seconds":
        return {}
    if len(shas) == 1:
        by_tree = _diffs(git_dir, "--raw", shas, where)
        return {shas[0]: Size(files=_files(by_tree.stdout))} if by_tree.exit_code == 0 else {}
    half = len(shas) // 2
    return {**_sizes(git_dir, shas[:half], where), **_sizes(git_dir, shas[half:], where)}


def _diffs(git_dir: Path, form: str, shas: list[str], where: tuple[str, ...]) -> ToolOutcome:
    return ask(
        git_dir,
        *("log", "-z", form, "--no-walk=unsorted", "--no-renames", "--no-ext-diff", "--no-textconv"),
        "--format=%H%x00",
        *shas,
        *where,
        output_bytes=_SIZE_BYTES,
    )


def _counted(text: str) -> Iterator[tuple[str, Size]]:
    """Yield each commit of ``git log -z --numstat --format=%H%x00`` with its size.

    An entry holds two tabs and a commit's id none, so that no path can be taken for a commit.
    """
    sha, files, added, deleted, code = "", 0, 0, 0, 0
    for token in text.split("\0"):
        entry = token.removeprefix("\n").split("\t", 2)
        if len(entry) == 3:
            plus, minus = (int(n) if n.isdigit() else 0 for n in entry[:2])
            files, added, deleted = files + 1, added + plus, deleted + minus
            code += _code_lines(entry[2], plus + minus)
        elif _SHA.fullmatch(entry[0]):
            if sha:
                yield sha, Size(files, added, deleted, code)
            sha, files, added, deleted, code = entry[0], 0, 0, 0, 0
    if sha:
        yield sha, Size(files, added, deleted, code)


def _code_lines(path: str, lines: int) -> int:
    suffix = PurePosixPath(path).suffix.lower()
    return min(lines, NOTEBOOK_LINES) if suffix == ".ipynb" else lines if suffix in _SOURCES else 0


def _files(raw: bytes) -> int:
    """Return how many files ``git log -z --raw --format=%H%x00`` lists for one commit."""
    tokens = [t.removeprefix(b"\n") for t in raw.split(b"\0")]
    return sum(1 for meta in tokens[2::2] if meta.startswith(b":"))
