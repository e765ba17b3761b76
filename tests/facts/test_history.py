"""Is the history read as git has it, within its bounds, and without obeying anyone's settings?"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts import history as subject
from evaluator.facts.history import Commit, History, history
from evaluator.model import Missing, Subject
from evaluator.source.snapshot import Snapshot
from tests.repositories import git, repository, write

SOURCE = "".join(f"line_{n} = {n}\n" for n in range(40))


def snapshot_of(git_dir: Path | None, *, path: str = "", commit: str | None = None) -> Snapshot:
    about = Subject(source="local", name="project", path=path, commit=commit)
    return dataclasses.replace(Snapshot.of({}, subject=about), git_dir=git_dir)


def bare(folder: Path, *options: str) -> Path:
    """Return a bare copy of the repository at ``folder``, made as a fetch would make it."""
    target = folder.parent / f"{folder.name}.git"
    git(folder.parent, "clone", "-q", "--bare", *options, folder.as_uri(), str(target))
    return target


def read(git_dir: Path | None, **about: str) -> History:
    found = history(snapshot_of(git_dir, **about))
    assert isinstance(found, History)
    return found


def test_commits_are_listed_newest_first_with_their_sizes(tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "r",
        ("Load the table", {"load.py": SOURCE, "data.csv": "a\n1\n"}),
        ("Say what it is", {"README.md": "# Table\n\nOf things.\n"}),
        ("nothing", {}),
    )

    found = read(bare(folder))

    assert found.total == 3
    assert not found.shallow
    assert [(c.subject, c.files, c.added, c.deleted, c.code, c.day) for c in found.commits] == [
        ("nothing", 0, 0, 0, 0, 2),
        ("Say what it is", 1, 3, 0, 0, 1),
        ("Load the table", 2, 42, 0, 40, 0),
    ]


def test_a_notebook_counts_by_the_cell_and_not_by_its_outputs(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", ("Explore", {"n.ipynb": "{}\n" * 5_000}))

    (commit,) = read(bare(folder)).commits

    assert commit.added == 5_000
    assert commit.code == subject.NOTEBOOK_LINES


def test_merges_robots_and_uploads_are_told_apart(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", ("Start", {"a.py": SOURCE}))
    git(folder, "checkout", "-q", "-b", "side")
    write(folder, {"b.py": SOURCE})
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Add files via upload", "--author=B <b@example.org>", day=1)
    git(folder, "checkout", "-q", "main")
    write(folder, {"requirements.txt": "numpy\n"})
    git(folder, "add", "-A")
    robot = "--author=dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
    git(folder, "commit", "-q", "-m", "Bump numpy", robot, day=2)
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge side", "side", day=3)

    found = {c.subject: c for c in read(bare(folder)).commits}

    assert found["Merge side"].parents == 2
    assert found["Merge side"].files is None
    assert found["Bump numpy"].bot
    assert found["Add files via upload"].web_upload
    assert [found[s].author for s in ("Merge side", "Start")] == [0, 0]
    assert len({c.author for c in found.values()}) == 3
    assert [s for s, c in found.items() if c.bot or c.web_upload] == ["Bump numpy", "Add files via upload"]


@pytest.mark.parametrize(
    ("name", "address", "is_bot"),
    [
        pytest.param(
            "github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com", True, id="actions"
        ),
        pytest.param("release bot", "release@example.org", True, id="a word of its own"),
        pytest.param("Renovate", "29139614+renovate[bot]@users.noreply.github.com", True, id="by its address"),
        pytest.param("Talbot Robotnik", "talbot@example.org", False, id="a person with a bot in the name"),
        pytest.param("Ada", "ada@robots.example", False, id="a person at a firm of robots"),
    ],
)
def test_robots(name: str, address: str, is_bot: bool) -> None:
    fields = ["a" * 40, "", "0", name, address, "subject"]

    (commit,) = subject._commits(fields)

    assert commit.bot == is_bot


@pytest.mark.parametrize(
    ("message", "is_upload"),
    [
        pytest.param("Add files via upload", True, id="GitHub"),
        pytest.param("Upload New File", True, id="GitLab"),
        pytest.param("Upload 3 files", True, id="Hugging Face"),
        pytest.param("Upload app.py with huggingface_hub", True, id="Hugging Face by its library"),
        pytest.param("Upload results to S3 after training", False, id="work on uploads"),
    ],
)
def test_uploads(message: str, is_upload: bool) -> None:
    (commit,) = subject._commits(["a" * 40, "", "0", "A", "a@example.org", message])

    assert commit.web_upload == is_upload


def test_only_commits_that_touch_the_judged_folder_count(tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "r",
        ("One", {"one/a.py": SOURCE}),
        ("Two", {"two/b.py": SOURCE}),
        ("Both", {"one/a.py": SOURCE + "x = 1\n", "two/b.py": SOURCE + "x = 1\n"}),
    )

    found = read(bare(folder), path="one")

    assert [(c.subject, c.files, c.added) for c in found.commits] == [("Both", 1, 1), ("One", 1, 40)]
    assert found.total == 2


def test_a_folder_named_like_a_pattern_is_taken_literally(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", ("One", {"[ab]/x.py": "x = 1\n"}), ("Two", {"a/y.py": "y = 1\n"}))

    assert [c.subject for c in read(bare(folder), path="[ab]").commits] == ["One"]


def test_the_judged_commit_is_where_the_history_begins(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", ("One", {"a.py": "a = 1\n"}), ("Two", {"a.py": "a = 2\n"}))
    first = git(folder, "rev-list", "--max-parents=0", "HEAD").strip()

    assert [c.subject for c in read(bare(folder), commit=first).commits] == ["One"]


def test_a_copy_without_large_blobs_still_tells_what_the_code_did(tmp_path: Path) -> None:
    """As after a fetch that left large blobs behind: nothing is fetched for the sake of counting lines."""
    folder = repository(
        tmp_path / "r",
        ("Start", {"a.py": SOURCE}),
        ("Add the data", {"big.csv": "1,2,3\n" * 20_000, "b.py": SOURCE}),
        ("Go on", {"a.py": SOURCE + "x = 1\n"}),
    )
    git(folder, "config", "uploadpack.allowFilter", "true")

    found = read(bare(folder, "--filter=blob:limit=10k"))

    assert [(c.subject, c.files, c.added, c.code) for c in found.commits] == [
        ("Go on", 1, 1, 1),
        ("Add the data", 2, None, 40),
        ("Start", 1, 40, 40),
    ]


def test_a_damaged_copy_tells_what_it_can(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", ("Start", {"a.py": SOURCE}), ("Go on", {"a.py": SOURCE + "x = 1\n"}))
    blob = git(folder, "rev-parse", "HEAD:a.py").strip()
    copy = folder / ".git"
    (copy / "objects" / blob[:2] / blob[2:]).unlink()

    found = read(copy)

    assert [(c.subject, c.files, c.added, c.code) for c in found.commits] == [
        ("Go on", 1, None, None),
        ("Start", 1, 40, 40),
    ]


def test_a_shallow_copy_says_so_and_its_last_commit_is_not_sized(tmp_path: Path) -> None:
    """What stands at the cut seems to add every file there is."""
    folder = repository(tmp_path / "r", *[(f"Step {n}", {f"m{n}.py": SOURCE}) for n in range(4)])

    found = read(bare(folder, "--depth=2"))

    assert found.shallow
    assert [(c.subject, c.added) for c in found.commits] == [("Step 3", 40), ("Step 2", None)]


def test_no_git_and_a_broken_one_are_two_things(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    without, broken = history(snapshot_of(None)), history(snapshot_of(tmp_path / "empty"))

    assert isinstance(without, Missing)
    assert isinstance(broken, Missing)
    assert (without.cause, broken.cause) == ("not-found", "failed")


def test_sizes_stop_at_a_number_of_commits_and_not_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "LISTED", 4)
    monkeypatch.setattr(subject, "SIZED", 2)
    folder = repository(tmp_path / "r", *[(f"Step {n}", {"a.py": f"a = {n}\n"}) for n in range(6)])

    found = read(bare(folder))

    assert found.total == 6
    assert [c.files for c in found.commits] == [1, 1, None, None]


@pytest.mark.parametrize(
    ("module", "name", "cause"),
    [
        pytest.param("evaluator.facts.history", "_META_BYTES", "too-large", id="bytes"),
        pytest.param("evaluator.facts.commits.revisions", "_SECONDS", "timed-out", id="seconds"),
    ],
)
def test_a_log_beyond_its_limits_is_a_gap(
    module: str, name: str, cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{module}.{name}", 0)
    folder = repository(tmp_path / "r", ("One", {"a.py": "a = 1\n"}))

    found = history(snapshot_of(bare(folder)))

    assert isinstance(found, Missing)
    assert found.cause == cause


def test_nobodys_settings_are_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An external diff program of the user's, of the environment's or of the attributes' is never started."""
    canary = tmp_path / "ran"
    program = tmp_path / "diff.sh"
    program.write_text(f"#!/bin/sh\ntouch '{canary}'\n")
    program.chmod(0o755)
    settings = tmp_path / "gitconfig"
    settings.write_text(f'[diff]\n\texternal = {program}\n[diff "x"]\n\ttextconv = {program}\n\tcommand = {program}\n')
    folder = repository(
        tmp_path / "r", ("One", {"a.py": "a = 1\n", ".gitattributes": "* diff=x\n"}), ("Two", {"a.py": "a = 2\n"})
    )
    copy = bare(folder)
    (copy / "info").mkdir(exist_ok=True)
    (copy / "info" / "attributes").write_text("* diff=x\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(program))

    assert len(read(copy).commits) == 2
    assert not canary.exists()


def test_odd_names_and_subjects_do_not_shift_the_fields(tmp_path: Path) -> None:
    subject_line = 'Fix "quotes"\ttabs | pipes  ' + "deadbeef" * 5
    folder = repository(tmp_path / "r", (subject_line, {"a\tb.py": SOURCE, "d\nd/é.py": SOURCE, "0\t0\tx.py": "x\n"}))

    (commit,) = read(bare(folder)).commits

    assert commit.subject.startswith('Fix "quotes"')
    assert (commit.files, commit.code) == (3, 81)


def test_a_nul_in_a_name_costs_that_commit_only(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", ("One", {"a.py": "a = 1\n"}))
    tree, parent = (git(folder, "rev-parse", rev).strip() for rev in ("HEAD^{tree}", "HEAD"))
    raw = tmp_path / "raw"
    raw.write_bytes(
        f"tree {tree}\nparent {parent}\nauthor A\0B <a@example.org> 1740830400 +0000\n"
        f"committer A <a@example.org> 1740830400 +0000\n\nTwo\n".encode()
    )
    odd = git(folder, "hash-object", "-t", "commit", "--literally", "-w", str(raw)).strip()
    git(folder, "update-ref", "refs/heads/main", odd)

    found = read(folder / ".git")

    assert "One" in [c.subject for c in found.commits]


def test_a_secret_in_a_message_is_masked(tmp_path: Path) -> None:
    key = "ghp_" + "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY" + "1234"
    folder = repository(tmp_path / "r", (f"Use token {key} for now", {"a.py": "a = 1\n"}))

    (commit,) = read(bare(folder)).commits

    assert commit.subject == "Use token ghp_… for now"


@given(st.lists(st.one_of(st.text(), st.just("a" * 40), st.just("0")), max_size=40))
def test_reading_the_log_never_raises(fields: list[str]) -> None:
    assert all(isinstance(c, Commit) for c in subject._commits(fields))


@given(st.text(alphabet="0a\t\0\n-é\udc80"))
def test_reading_sizes_never_raises(text: str) -> None:
    assert all(len(sha) in {40, 64} for sha, _ in subject._counted(text))
