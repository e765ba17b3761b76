"""Are people counted once, tools that sign their work found, and known templates told, without saying who or at what hour?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.commits.authorship import Row, persons, signed_by
from evaluator.facts.commits.copies import known as templates
from evaluator.facts.commits.copies import mark
from evaluator.facts.history import History, history
from evaluator.facts.prose import prose
from evaluator.facts.provenance import Provenance, provenance
from evaluator.facts.tree import tree
from evaluator.model import Missing, Subject
from evaluator.source.snapshot import Snapshot
from tests.facts.programs import program
from tests.repositories import git

Commit = tuple[str, str]
"""Author as git takes it, and the message."""
ONE, TWO = "Ann Ahn <ann@example.org>", "Bo Berg <bo.berg@example.org>"
ABSENT = Missing(fact="Prose", cause="not-found")


def made(folder: Path, *commits: Commit, source: str = "local") -> Provenance:
    git(folder, "init", "-q")
    for day, (author, message) in enumerate(commits):
        git(folder, "commit", "-q", "--allow-empty", f"--author={author}", "-m", message, day=day)
    target = folder.parent / "bare.git"
    git(folder.parent, "clone", "-q", "--bare", folder.as_uri(), str(target))
    snapshot = Snapshot(
        subject=Subject(source=source, name="project"), entries={}, read_blob=lambda _: b"", git_dir=target
    )
    past = history(snapshot)
    assert isinstance(past, History)
    found = provenance(snapshot, past, tree(snapshot), ABSENT, ABSENT)
    assert isinstance(found, Provenance)
    return found


def of_files(files: Mapping[str, str]) -> Provenance:
    """Return what the files alone tell: copies and originals."""
    from evaluator.facts.commits.copies import copies
    from evaluator.facts.commits.originals import originals

    snapshot = Snapshot.of(files)
    listed = tree(snapshot)
    documents = prose(snapshot, listed, ABSENT).documents
    return Provenance(
        commits=0,
        people=0,
        names=0,
        copied=copies(snapshot, listed, documents, program(files).code.modules),
        originals=originals(snapshot, History(total=0, commits=()), documents),
    )


def test_shares_and_dates(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    found = made(
        tmp_path / "r", (ONE, "a"), (ONE, "b"), (TWO, "c"), (ONE, "d"), ("dependabot[bot] <b@example.org>", "Bump x")
    )

    assert (found.commits, found.people, found.bots, found.main) == (5, 2, 1, 0.75)
    assert (found.first, found.last, found.days) == ("2025-03-01", "2025-03-05", 5)
    assert found.assisted_share == 0.0


def test_signed_help_is_counted_by_commit_and_by_tool(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    found = made(
        tmp_path / "r",
        (ONE, "a\n\nCo-authored-by: Claude <noreply@anthropic.com>"),
        (ONE, "b\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)"),
        (ONE, "c\n\nCo-authored-by: Copilot <198982749+Copilot@users.noreply.github.com>"),
        (ONE, f"d\n\nCo-authored-by: {TWO}"),
    )

    assert found.assisted == 3
    assert [(a.tool, a.commits) for a in found.assistance] == [("Claude", 2), ("Copilot", 1)]
    assert found.assisted_share == 0.75


def test_without_git_nothing_is_known() -> None:
    snapshot = Snapshot.of({"a.py": "f()"})

    assert isinstance(provenance(snapshot, History(total=0, commits=()), tree(snapshot), ABSENT, ABSENT), Missing)


@pytest.mark.parametrize(
    ("authors", "people"),
    [
        pytest.param([("Ann Ahn", "ann@a.org"), ("Ann Ahn", "ann@b.org")], 1, id="two addresses"),
        pytest.param([("Ann Ahn", "ann@a.org"), ("annie", "ANN@a.org")], 1, id="two names"),
        pytest.param([("Ann Ahn", "a@a.org"), ("annahn", "12+annahn@users.noreply.github.com")], 1, id="a login"),
        pytest.param([("Ann Ahn", "ann.ahn@a.org"), ("x", "annahn@b.org")], 1, id="what stands before the @"),
        pytest.param([("Ann Ahn", "ann@a.org"), ("Bo Berg", "bo@a.org")], 2, id="two people"),
        pytest.param([("user", "a@a.org"), ("user", "b@b.org")], 2, id="a name that anybody has"),
        pytest.param([("Jo", "jo@a.org"), ("Jo", "jo@b.org")], 2, id="a name too short to tell"),
        pytest.param([("李雷", "a@a.org"), ("李雷", "a@a.org")], 1, id="the same author"),
        pytest.param([], 0, id="nobody"),
    ],
)
def test_persons(authors: list[tuple[str, str]], people: int) -> None:
    assert len(set(persons(authors))) == people


@pytest.mark.parametrize(
    ("body", "tools"),
    [
        pytest.param("Co-Authored-By: Claude Opus <noreply@anthropic.com>", ("Claude",), id="a trailer"),
        pytest.param("Co-authored-by: aider (gpt-4o) <noreply@aider.chat>", ("aider",), id="aider"),
        pytest.param("Co-authored-by: Cursor <cursoragent@cursor.com>", ("Cursor",), id="Cursor"),
        pytest.param("Adds a client for Claude and Copilot.", (), id="spoken of"),
        pytest.param("Co-authored-by: Claude Monet Smith <cms@example.org>", (), id="a person of that name"),
        pytest.param("Co-authored-by: Bo <bo@example.org>", (), id="a person"),
        pytest.param("", (), id="nothing"),
    ],
)
def test_signed_by(body: str, tools: tuple[str, ...]) -> None:
    assert signed_by(Row("0" * 40, 0, "Ann", "ann@example.org", body)) == tools


def test_a_template_left_as_it_came_is_told_by_its_marks() -> None:
    workflow = (
        "# This workflow will install Python dependencies, run tests and lint with a single version of Python\n"
        "on: push\n"
    )
    found = of_files({".github/workflows/python-app.yml": workflow, "a.py": "f()\n"})

    assert [(c.name, c.kind, c.pieces) for c in found.copied] == [
        ("GitHub starter workflow: Python application", "template", 1)
    ]
    assert of_files({"README.md": "# A\n\nMy own words about my own project.\n"}).copied == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("This repository is forked from someone/project.", 1, id="a fork"),
        pytest.param("The code is based on the original implementation.", 1, id="based on"),
        pytest.param("Adapted from https://example.org/someone/project.", 1, id="adapted"),
        pytest.param("Take the right fork of the road in the maze.", 0, id="words alone"),
        pytest.param("Make a copy of the data first.", 0, id="a copy of something else"),
        pytest.param("A classifier of flowers.", 0, id="nothing"),
    ],
)
def test_originals(text: str, said: int) -> None:
    assert len(of_files({"README.md": f"# A\n\n{text}\n"}).originals) == said


def test_marks_do_not_hang_on_case_and_signs() -> None:
    assert mark("One two, THREE four!") == mark("one  two three four")
    assert mark("too short") == ""
    assert all(held.least <= len(held.marks) for held in templates().values())


@given(st.text(max_size=200), st.text(max_size=50), st.text(max_size=50))
def test_foreign_words_never_raise(body: str, name: str, address: str) -> None:
    assert isinstance(signed_by(Row("0" * 40, 0, name, address, body)), tuple)
    assert persons([(name, address)]) == [0]
