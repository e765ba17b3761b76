"""How did the project come about, commit by commit?"""

from __future__ import annotations

from evaluator.model import Fact, Record


class Commit(Record):
    """One commit, newest first. Nothing about hours, weekdays, time zones or who the person is.

    Attributes:
        author: Number of the author, 0 for the first seen; aliases are not merged here.
        web_upload: Made by a forge's upload page ("Add files via upload").
        bot: The author is an automaton.
        parents: Number of parents. files, added, deleted: None where this copy cannot tell.
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


class History(Fact):
    """At most the newest ``len(commits)`` of ``total`` commits that HEAD reaches. ``shallow``: the copy was cut off."""

    total: int
    commits: tuple[Commit, ...]
    shallow: bool = False
