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

from evaluator.facts.commits.revisions import ask, below, cut_off, revision
from evaluator.facts.credentials.masking import mask
from evaluator.model import Cause, Fact, Missing, Record
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
        code: Lines added or deleted in sources, notebooks and build files; a notebook's at most ``NOTEBOOK_LINES``, for
            it is JSON with its outputs in it, and most of its lines were written by no one; None as above.
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
        shallow: The copy is cut off: older commits exist and are not known.
    """

    total: int
    commits: tuple[Commit, ...]
    shallow: bool = False


LISTED = 2_000
SIZED = 200
COUNTED = 100_000
NOTEBOOK_LINES = 200

_SOURCES = frozenset(
    (
        *(".py", ".pyi", ".pyx", ".r", ".rmd", ".qmd", ".jl", ".m", ".stan", ".sql", ".sh", ".bash", ".ps1", ".bat"),
        *(".c", ".h", ".cc", ".cpp", ".hpp", ".cu", ".cs", ".go", ".rs", ".rb", ".php", ".swift", ".java", ".kt"),
        *(".scala", ".lua", ".pl", ".dart", ".js", ".jsx", ".ts", ".tsx", ".vue"),
        *(".yml", ".yaml", ".toml", ".cfg", ".tf", "dockerfile", "makefile"),
    )
)
_META = "%H%x00%P%x00%at%x00%an%x00%ae%x00%<(200,trunc)%s"
_FIELDS = 6
_META_BYTES = 8_000_000
_SIZE_BYTES = 16_000_000
_ARGV_LETTERS = 60_000
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_AT = re.compile(r"-?[0-9]{1,18}")
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
        cause: Cause = "timed-out" if outcome.stopped_by == "seconds" else "too-large"
        return Missing(fact="History", cause=cause, detail="git log did not come to its end within its limits")
    found = list(_commits(outcome.stdout.decode(errors="replace").split("\0")))
    if outcome.exit_code != 0 and not found:
        return Missing(fact="History", cause="failed", detail="git log could not read the history")
    ends = cut_off(git_dir)
    wanted = [c.sha for c in found[:SIZED] if c.parents < 2 and c.sha not in ends]
    sizes = sizes_of(git_dir, wanted, where)
    return History(
        total=len(found) if len(found) < LISTED or len(where) > 1 else _total(git_dir, rev, len(found)),
        commits=tuple(_sized(c, sizes.get(c.sha, Size())) for c in found),
        shallow=bool(ends) or outcome.exit_code != 0,
    )


def _commits(fields: list[str]) -> Iterator[Commit]:
    """Yield the commits that ``_META`` wrote; what does not look like one (a NUL in a name) is stepped over."""
    rows: list[list[str]] = []
    at = 0
    while at + _FIELDS <= len(fields):
        row = fields[at : at + _FIELDS]
        good = _SHA.fullmatch(row[0]) and _AT.fullmatch(row[2])
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


def sizes_of(git_dir: Path, shas: list[str], where: tuple[str, ...]) -> Mapping[str, Size]:
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
        return {shas[0]: _by_tree(git_dir, shas[0], where)}
    half = len(shas) // 2
    return {**sizes_of(git_dir, shas[:half], where), **sizes_of(git_dir, shas[half:], where)}


def _by_tree(git_dir: Path, sha: str, where: tuple[str, ...]) -> Size:
    """Return what can be told of a commit of which a blob is missing: its files, and its code where that is here."""
    outcome = _diffs(git_dir, "--raw", [sha], where)
    if outcome.exit_code != 0:
        return Size()
    tokens = outcome.stdout.decode(errors="surrogateescape").split("\0")[2:]
    paths = [path for meta, path in zip(tokens[::2], tokens[1::2], strict=False) if meta.lstrip("\n").startswith(":")]
    sources = [path for path in paths if _code_lines(path, 1)]
    if sum(len(path) + 1 for path in sources) > _ARGV_LETTERS:
        return Size(files=len(paths))
    told = _diffs(git_dir, "--numstat", [sha], ("--", *sources)) if sources else None
    if told is None or told.exit_code == 0:
        known = dict(_counted(told.stdout.decode(errors="surrogateescape"))) if told else {}
        return Size(files=len(paths), code=known.get(sha, Size(code=0)).code)
    return Size(files=len(paths))


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
    name = PurePosixPath(path.lower())
    if name.suffix == ".ipynb":
        return min(lines, NOTEBOOK_LINES)
    return lines if (name.suffix or name.name) in _SOURCES else 0
