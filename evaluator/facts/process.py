"""How do the newest commits change the project's files: how many together, which most, and by how many people?

PyDriller's process metrics each start a process per commit and read the whole patch. Here the commits are chosen by
what ``facts.history`` already knows, read once, and shown to all metrics.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluator.facts.commits.revisions import environment
from evaluator.facts.history import Commit, History, Size, sizes_of
from evaluator.model import Fact, Missing, Record
from evaluator.registry import provides
from evaluator.source.names import shown
from evaluator.source.snapshot import Snapshot


class Churn(Record):
    """How much one file was changed by the measured commits.

    Attributes:
        path: As in ``Entry.path``, by its newest name; GitPython writes U+FFFD for what is no UTF-8.
        lines: Added plus deleted lines, over all measured commits.
        contributors: Different authors who changed it.
    """

    path: str
    lines: int
    contributors: int


class ProcessMetrics(Fact):
    """PyDriller's process metrics over at most the newest ``MEASURED`` commits. Shown, never weighed by themselves.

    Attributes:
        commits: Commits measured. left_out: Of those looked at, merges and commits that are too large or whose
            content this copy lacks.
        files_together: Files changed by one commit, mean, rounded (PyDriller's ChangeSet). most_together: The maximum.
        churn: The most changed files, at most 20, most changed first (CodeChurn, ContributorsCount).
    """

    commits: int
    left_out: int
    files_together: int
    most_together: int
    churn: tuple[Churn, ...] = ()


MEASURED = 40
_FILES = 200
_LINES = 5_000
_ALL_LINES = 60_000
_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class _Author:
    email: str


class _Changed(Record):
    """What the metrics ask of a file that a commit changed."""

    new_path: str | None
    old_path: str | None
    added_lines: int
    deleted_lines: int
    renamed: bool

    @property
    def change_type(self) -> Any:
        """PyDriller's word for it, as far as its metrics tell kinds of change apart."""
        from pydriller.domain.commit import ModificationType

        return ModificationType.RENAME if self.renamed else ModificationType.MODIFY


class _Patch(Record):
    """What one commit changed: never changes itself, so it is kept from one evaluation to the next."""

    files: tuple[_Changed, ...]


@dataclass(frozen=True, kw_only=True)
class _Step:
    """What the metrics ask of a commit. Its patch was read once; PyDriller's own object reads it at each question."""

    hash: str
    author: _Author
    modified_files: Sequence[_Changed]


@dataclass(frozen=True)
class _Prepared:
    """Stands where PyDriller would open the repository again."""

    steps: tuple[_Step, ...]

    def traverse_commits(self) -> Iterator[_Step]:
        return iter(self.steps)


@provides(waits=True)
def process_metrics(snapshot: Snapshot, history: History) -> ProcessMetrics | Missing:
    """Measure the newest commits that are no merges and small enough to be read as patches."""
    if snapshot.git_dir is None:
        return Missing(fact="ProcessMetrics", cause="not-found", detail="no git history came with the files")
    looked_at = history.commits[:MEASURED]
    inside = f"{snapshot.subject.path.strip('/')}/".lstrip("/")
    whole = [(c, Size(c.files, c.added, c.deleted)) for c in looked_at if c.parents < 2]
    if inside:  # a patch is read as a whole, and what it changes elsewhere is not in the history's figures
        known = sizes_of(snapshot.git_dir, [c.sha for c, size in whole if size.files is not None], ("--",))
        whole = [(c, known.get(c.sha, Size())) for c, _ in whole]
    steps = tuple(_steps(snapshot, _readable(whole), inside))
    return _measured(steps, len(looked_at) - len(steps), inside)


def _readable(commits: Iterable[tuple[Commit, Size]]) -> Iterator[Commit]:
    """Yield the commits whose patch is of a bounded size, until all of them together are over ``_ALL_LINES``."""
    read = 0
    for commit, size in commits:
        if size.files is None or size.added is None or size.deleted is None:
            continue
        lines = size.added + size.deleted
        if size.files <= _FILES and lines <= _LINES and read + lines <= _ALL_LINES:
            read += lines
            yield commit


def _steps(snapshot: Snapshot, commits: Iterable[Commit], inside: str) -> Iterator[_Step]:
    for commit, patch in _patches(snapshot, list(commits)):
        below = [f for f in patch.files if _path(f.new_path or f.old_path or "").startswith(inside)]
        yield _Step(hash=commit.sha, author=_Author(email=str(commit.author)), modified_files=below)


def _patches(snapshot: Snapshot, commits: list[Commit]) -> Iterator[tuple[Commit, _Patch]]:
    """Yield what each of ``commits`` changed: what is known from an earlier evaluation, else as PyDriller reads it."""
    known = {c.sha: found for c in commits if (found := snapshot.cache.load(_Patch, c.sha)) is not None}
    new = [c for c in commits if c.sha not in known]
    if new and snapshot.git_dir is not None:
        for sha, patch in _mined(snapshot.git_dir, new):
            known[sha] = patch
            snapshot.cache.keep(patch, sha)
    for commit in commits:
        if commit.sha in known:
            yield commit, known[commit.sha]


def _mined(git_dir: Path, commits: list[Commit]) -> Iterator[tuple[str, _Patch]]:
    from git import Repo
    from git.exc import GitError, ODBError
    from pydriller.domain.commit import Commit as Mined
    from pydriller.domain.commit import ModificationType
    from pydriller.utils.conf import Conf

    # Not through pydriller.Repository: it writes into the configuration, which git reads beside us.
    opened, conf = Repo(str(git_dir)), Conf({"path_to_repo": str(git_dir)})
    opened.git.update_environment(**environment(git_dir))
    try:
        for commit in commits:
            try:
                files = tuple(
                    _Changed(
                        new_path=f.new_path,
                        old_path=f.old_path,
                        added_lines=f.added_lines,
                        deleted_lines=f.deleted_lines,
                        renamed=f.change_type is ModificationType.RENAME,
                    )
                    for f in Mined(opened.commit(commit.sha), conf).modified_files
                )
            except (GitError, ODBError, ValueError, LookupError, AttributeError, AssertionError, OSError):
                continue
            yield commit.sha, _Patch(files=files)
    finally:
        opened.close()


def _measured(steps: tuple[_Step, ...], left_out: int, inside: str) -> ProcessMetrics:
    from pydriller.metrics.process.change_set import ChangeSet
    from pydriller.metrics.process.code_churn import CodeChurn
    from pydriller.metrics.process.contributors_count import ContributorsCount

    together = _over(ChangeSet, steps)
    lines: dict[str, int] = _over(CodeChurn, steps, add_deleted_lines_to_churn=True).count()
    people: dict[str, int] = _over(ContributorsCount, steps).count()
    most = sorted(((n, path) for path, n in lines.items() if path and n), key=lambda kv: (-kv[0], kv[1]))
    return ProcessMetrics(
        commits=len(steps),
        left_out=left_out,
        files_together=int(together.avg()),
        most_together=int(together.max()),
        churn=tuple(
            Churn(path=_path(p).removeprefix(inside), lines=n, contributors=people.get(p, 1)) for n, p in most[:_SHOWN]
        ),
    )


def _over(metric: Any, steps: tuple[_Step, ...], **options: bool) -> Any:
    """Return PyDriller's ``metric`` over ``steps``: its own constructor, but for the one that opens a repository."""
    from pydriller.metrics.process.process_metric import ProcessMetric

    def prepared(self: Any, path_to_repo: _Prepared, **_: object) -> None:
        self.repo_miner = path_to_repo

    opened = type("Prepared", (ProcessMetric,), {"__init__": prepared})
    return type(metric.__name__, (metric, opened), {})(_Prepared(steps), from_commit="", to_commit="", **options)


def _path(path: str) -> str:
    return shown(path.encode(errors="replace"))
