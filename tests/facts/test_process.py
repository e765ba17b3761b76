"""Do PyDriller's process metrics come out as on the command line, bounded, whatever the copy lacks?"""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator.facts import process as subject
from evaluator.facts.history import history
from evaluator.facts.process import Churn, ProcessMetrics, process_metrics
from evaluator.model import Missing
from tests.facts.test_history import SOURCE, bare, read, snapshot_of
from tests.repositories import git, repository, write


def measure(git_dir: Path, *, path: str = "") -> ProcessMetrics:
    found = process_metrics(snapshot_of(git_dir, path=path), read(git_dir, path=path))
    assert isinstance(found, ProcessMetrics)
    return found


def test_files_together_churn_and_contributors(tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "r",
        ("Start", {"a.py": SOURCE, "b.py": SOURCE, "c.py": SOURCE}),
        ("Go on", {"a.py": SOURCE + "x = 1\n"}),
    )
    write(folder, {"a.py": "y = 2\n" + SOURCE + "x = 1\n", "b.py": SOURCE + "z = 3\n"})
    git(folder, "commit", "-q", "-a", "-m", "Mend", "--author=B <b@example.org>", day=2)

    found = measure(bare(folder))

    assert (found.commits, found.left_out) == (3, 0)
    assert (found.files_together, found.most_together) == (2, 3)
    assert found.churn == (
        Churn(path="a.py", lines=42, contributors=2),
        Churn(path="b.py", lines=41, contributors=2),
        Churn(path="c.py", lines=40, contributors=1),
    )


def test_the_copy_is_not_written_to(tmp_path: Path) -> None:
    """Git reads its configuration at the same time, in another thread."""
    copy = bare(repository(tmp_path / "r", ("Start", {"a.py": SOURCE})))
    before = {p: p.read_bytes() for p in copy.rglob("*") if p.is_file()}

    measure(copy)

    assert {p: p.read_bytes() for p in copy.rglob("*") if p.is_file()} == before


def test_merges_and_what_is_not_here_are_left_out(tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "r",
        ("Start", {"a.py": SOURCE}),
        ("Add the data", {"big.csv": "1,2,3\n" * 20_000}),
        ("Go on", {"a.py": SOURCE + "x = 1\n"}),
    )
    git(folder, "config", "uploadpack.allowFilter", "true")

    found = measure(bare(folder, "--filter=blob:limit=10k"))

    assert (found.commits, found.left_out) == (2, 1)
    assert found.churn == (Churn(path="a.py", lines=41, contributors=1),)


def test_a_commit_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_LINES", 20)
    folder = repository(tmp_path / "r", ("Start", {"a.py": SOURCE}), ("Go on", {"a.py": SOURCE + "x = 1\n"}))

    assert measure(bare(folder)).commits == 1


def test_a_commit_that_is_large_elsewhere_is_not_read_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_LINES", 50)
    folder = repository(
        tmp_path / "r",
        ("Start", {"one/a.py": SOURCE, "two/b.csv": SOURCE * 3}),
        ("Go on", {"one/a.py": SOURCE + "x = 1\n"}),
    )

    found = measure(bare(folder), path="one")

    assert (found.commits, found.left_out) == (1, 1)


def test_only_the_judged_folder_counts(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", ("Start", {"one/a.py": SOURCE, "two/b.py": SOURCE}))

    assert [c.path for c in measure(bare(folder), path="one").churn] == ["a.py"]


def test_a_name_that_is_no_utf_8_is_still_a_name(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", ("Start", {"caf\udce9.py": SOURCE, "tab\t.py": SOURCE}))

    assert [c.path for c in measure(bare(folder)).churn] == ["caf\ufffd.py", "tab\t.py"]


def test_an_empty_history_measures_nothing(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", ("Nothing", {}))

    found = measure(bare(folder))

    assert (found.files_together, found.most_together, found.churn) == (0, 0, ())


def test_without_git_there_is_nothing_to_measure(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", ("Start", {"a.py": SOURCE}))
    known = history(snapshot_of(bare(folder)))
    assert not isinstance(known, Missing)

    assert isinstance(process_metrics(snapshot_of(None), known), Missing)


def test_no_settings_of_the_users_are_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyDriller inherits the environment; ours is laid over it."""
    canary = tmp_path / "ran"
    program = tmp_path / "diff.sh"
    program.write_text(f"#!/bin/sh\ntouch '{canary}'\n")
    program.chmod(0o755)
    settings = tmp_path / "gitconfig"
    settings.write_text(f'[diff]\n\texternal = {program}\n[diff "x"]\n\ttextconv = {program}\n')
    copy = bare(repository(tmp_path / "r", ("One", {"a.py": "a = 1\n"}), ("Two", {"a.py": "a = 2\n"})))
    (copy / "info").mkdir(exist_ok=True)
    (copy / "info" / "attributes").write_text("* diff=x\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(program))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))

    assert measure(copy).commits == 2
    assert not canary.exists()
