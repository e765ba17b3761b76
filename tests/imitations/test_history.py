"""Can a dump be dressed as work in steps?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.imitations.harness import verdict_at
from tests.imitations.honest import CODE, TABULAR, Commit, history
from tests.repositories import git, repository, write

ALL: Commit = ("Initial commit", TABULAR.files)
TELLING = [message for message, _ in history()]


def spaced(number: int) -> Commit:
    """Return a commit that adds one blank line to the README and claims a feature."""
    return TELLING[number % len(TELLING)], {"README.md": TABULAR.text("README.md") + "\n" * (number + 1)}


def stamped(number: int) -> Commit:
    """Return a commit that only counts up in a file of its own."""
    return f"feat: improve step {number} of the training pipeline", {"CHANGES.txt": f"build {number}\n"}


def toggled(number: int) -> Commit:
    """Return a commit that puts a comment in, or takes it out again."""
    text = TABULAR.text(f"{CODE}/train.py")
    message = "Refactor the training loop" if number % 2 else "Simplify the training loop again"
    return message, {f"{CODE}/train.py": text + ("# reviewed\n" if number % 2 else "")}


def uploads() -> list[Commit]:
    """Return the honest parts, each sent through the web page."""
    return [("Add files via upload", files) for _, files in history()]


def same_word(word: str) -> list[Commit]:
    """Return the honest parts under one word."""
    return [(word, files) for _, files in history()]


@pytest.mark.parametrize(
    "commits",
    [
        pytest.param([ALL], id="one-dump"),
        pytest.param([ALL, *(spaced(n) for n in range(13))], id="telling-messages-over-blank-lines"),
        pytest.param([ALL, *(stamped(n) for n in range(13))], id="features-in-a-counter-file"),
        pytest.param([ALL, *((message, {}) for message in TELLING)], id="empty-commits"),
        pytest.param([ALL, *(toggled(n) for n in range(1, 14))], id="a-comment-in-and-out"),
        pytest.param(uploads(), id="uploads-through-the-web-page"),
        pytest.param(same_word("update"), id="update-every-time"),
        pytest.param([(f"commit {n}", files) for n, (_, files) in enumerate(history())], id="numbered-messages"),
    ],
)
def test_commit_hygiene(commits: Sequence[Commit], tmp_path: Path) -> None:
    folder = repository(tmp_path / "project", *commits)

    said = verdict_at(folder, "history.commit-hygiene", tmp_path)

    assert said in {"partial", "fail"}, said


def test_commits_of_a_bot_are_not_the_candidates(tmp_path: Path) -> None:
    """A dump, and then a robot that raises versions: telling messages, none of them by hand."""
    folder = repository(tmp_path / "project", ALL)
    text = TABULAR.text("pyproject.toml")
    robot = "--author=dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
    for day in range(1, 14):
        write(folder, {"pyproject.toml": text.replace('"pandas==2.2.3"', f'"pandas==2.2.{day + 3}"')})
        git(folder, "add", "-A")
        git(folder, "commit", "-q", robot, "-m", f"Bump pandas from 2.2.{day + 2} to 2.2.{day + 3}", day=day)

    assert verdict_at(folder, "history.commit-hygiene", tmp_path) in {"partial", "fail"}
