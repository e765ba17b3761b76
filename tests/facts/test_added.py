"""Are added lines told by what git says of a hunk, and not by what they look like?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.commits import added as subject
from evaluator.facts.commits.added import additions
from tests.facts.test_history import bare, snapshot_of
from tests.repositories import repository


def test_lines_come_with_commit_path_and_number(tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "r",
        ("One", {"a.py": "one\ntwo\nthree\n"}),
        ("Two", {"a.py": "one\n2\nthree\nfour", "d d/é.txt": "x\n"}),
    )

    found = additions(snapshot_of(bare(folder)))

    assert found.whole
    assert [(a.path, a.line, a.text) for a in found.lines] == [
        ("a.py", 2, "2"),
        ("a.py", 4, "four"),
        ("d d/é.txt", 1, "x"),
        ("a.py", 1, "one"),
        ("a.py", 2, "two"),
        ("a.py", 3, "three"),
    ]
    assert len({a.sha for a in found.lines}) == 2


def test_lines_that_look_like_a_patch_are_lines(tmp_path: Path) -> None:
    patch = "++ b/other.py\n@@ -1 +1 @@\n-- a/other.py\ndiff --git a/x b/x\n"
    folder = repository(tmp_path / "r", ("One", {"notes.diff": patch}), ("Two", {"notes.diff": "x\n"}))

    found = additions(snapshot_of(bare(folder)))

    assert [(a.path, a.text) for a in found.lines] == [
        ("notes.diff", "x"),
        *(("notes.diff", line) for line in patch.splitlines()),
    ]


def test_paths_are_relative_to_the_judged_folder(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", ("One", {"one/sub/a.py": "x\n", "two/b.py": "y\n"}))

    found = additions(snapshot_of(bare(folder), path="one"))

    assert [(a.path, a.text) for a in found.lines] == [("sub/a.py", "x")]


def test_bytes_end_it_and_not_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "BYTES", 2_000)
    folder = repository(tmp_path / "r", *[(f"Step {n}", {"a.txt": f"{n}\n" * 300}) for n in range(9)])

    found = additions(snapshot_of(bare(folder)))

    assert not found.whole
    assert {a.text for a in found.lines} == {"8"}


def test_without_git_nothing_was_added() -> None:
    assert additions(snapshot_of(None)) == ((), False)


@given(st.binary(max_size=300) | st.text(alphabet="+-@\0\n 1,ab/", max_size=300).map(str.encode))
def test_reading_a_log_never_raises(log: bytes) -> None:
    assert all(a.line >= 0 for a in subject._lines(log))
