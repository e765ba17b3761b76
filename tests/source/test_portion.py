"""One of several projects, seen by itself."""

from __future__ import annotations

from evaluator.source.portion import portion
from evaluator.source.snapshot import Snapshot

TREE = Snapshot.of(
    {
        "LICENSE": "MIT",
        "README.md": "all",
        "ci/run.sh": "pytest",
        "churn/README.md": "churn",
        "churn/src/train.py": "1",
        "churn/data": "a file of this name",
        "data/rows.csv": "a",
        "wine/train.py": "2",
        "wine/notes.md": "3",
        "shelf/beer/train.py": "4",
        "shelf/common.py": "5",
    }
)
APART = ("churn", "wine", "shelf/beer")


def test_its_files_stand_at_the_top_and_hide_what_is_shared() -> None:
    seen = portion(TREE, "churn", APART, ("LICENSE", "README.md", "ci", "data", "wine", "shelf"))

    assert list(seen.entries) == ["LICENSE", "README.md", "ci/run.sh", "data", "shelf/common.py", "src/train.py"]
    assert all(entry.path == path for path, entry in seen.entries.items())
    assert seen.text("README.md") == "churn"
    assert seen.text("src/train.py") == "1"
    assert seen.text("LICENSE") == "MIT"
    assert seen.exists("src")
    assert seen.subject.path == "churn"


def test_what_is_shared_stands_in_for_what_it_lacks() -> None:
    seen = portion(TREE, "wine", APART, ("README.md", "data"))

    assert list(seen.entries) == ["README.md", "data/rows.csv", "notes.md", "train.py"]
    assert seen.text("README.md") == "all"


def test_paths_go_on_below_a_judged_folder() -> None:
    whole = portion(TREE, "shelf", (), ())

    assert portion(whole, "beer", ("beer",), ()).subject.path == "shelf/beer"
    assert portion(whole, "beer", ("beer",), ()).text("train.py") == "4"
