"""The verdict on the same files is looked up; on other files, or on request, it is found out afresh."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from evaluator import evaluation
from evaluator.cli import code
from evaluator.evaluation import Evaluated, Options, evaluate
from evaluator.report import document
from evaluator.report.document import MissingSection, RunSection
from tests.repositories import git, repository, write

FILES = {"README.md": "# Iris\n\nTells flowers apart by their leaves.\n", "main.py": "print('hello')\n"}


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EVALUATE_CACHE", str(tmp_path / "cache"))
    return repository(tmp_path / "repo", ("Begin", FILES))


def judged(target: Path | str, *, cached: bool = True, rubric: str = "recruiter-signals") -> tuple[Evaluated, bool]:
    """Return what came of ``target``, and whether it was known."""
    said: list[str] = []
    options = Options(run="none", cached=cached)
    made = evaluate(str(target), options, rubric=rubric, role="general", said=said.append)
    return made, not any(text.startswith("reading") for text in said)


def test_the_same_files_are_judged_once(repo: Path) -> None:
    first, was_known = judged(repo)
    second, is_known = judged(repo)

    assert (was_known, is_known) == (False, True)
    assert document.encode(second.verdict.report) == document.encode(first.verdict.report)
    assert second.verdict.measurements == first.verdict.measurements


def test_a_changed_file_is_seen(repo: Path) -> None:
    first, _ = judged(repo)
    write(repo, {"main.py": "import os\nprint(os.sep)\n"})
    second, is_known = judged(repo)

    assert not is_known
    assert second.verdict.report.subject.dirty
    assert first.verdict.report != second.verdict.report


def test_another_history_of_the_same_files_is_seen(repo: Path) -> None:
    judged(repo)
    git(repo, "commit", "-q", "--allow-empty", "-m", "Think again", day=5)

    assert not judged(repo)[1]


def test_another_rubric_is_another_verdict(repo: Path, tmp_path: Path) -> None:
    shipped = Path(__file__).parents[1] / "rubrics" / "recruiter-signals.yaml"
    own = tmp_path / "own.yaml"
    own.write_bytes(shipped.read_bytes())
    judged(repo, rubric=str(own))
    own.write_text(own.read_text(encoding="utf-8").replace('version: "1.0"', 'version: "2.0"'), encoding="utf-8")
    made, is_known = judged(repo, rubric=str(own))

    assert not is_known
    assert made.verdict.report.rubric.version == "2.0"


def test_on_request_it_is_judged_afresh(repo: Path) -> None:
    judged(repo)

    assert not judged(repo, cached=False)[1]


def test_files_without_git_are_judged_each_time(repo: Path, tmp_path: Path) -> None:
    """Nobody has hashed their content, so nobody knows whether it is the same."""
    plain = tmp_path / "plain"
    write(plain, FILES)
    judged(plain)

    assert repo.is_dir()
    assert not judged(plain)[1]


@pytest.mark.parametrize(
    ("change", "lasts"),
    [
        pytest.param({}, True, id="nothing went wrong"),
        pytest.param({"missing": (MissingSection(fact="Lint", cause="timed-out", detail=""),)}, False, id="timed out"),
        pytest.param({"missing": (MissingSection(fact="Lint", cause="too-large", detail=""),)}, True, id="too large"),
        pytest.param(
            {"runs": (RunSection(id="install", kind="install", status="failed", cause="network"),)}, False, id="network"
        ),
        pytest.param(
            {"runs": (RunSection(id="tests", kind="tests", status="failed", cause="defect"),)}, True, id="defect"
        ),
    ],
)
def test_what_the_moment_decides_is_not_kept(repo: Path, change: dict[str, object], lasts: bool) -> None:
    report = msgspec.structs.replace(judged(repo)[0].verdict.report, **change)

    assert evaluation._lasts(report) is lasts


def test_the_command_line_uses_and_refuses_it(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EVALUATE_NO_CACHE", raising=False)
    argv = [str(repo), "--run", "none", "-o", str(tmp_path / "out")]
    told = []
    for extra in ([], [], ["--no-cache"]):
        assert code([*argv, *extra]) == 0
        told.append("judged before" in capsys.readouterr().err)

    assert told == [False, True, False]


def test_cache_clean_leaves_what_is_not_ours(repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judged(repo)
    write(tmp_path / "cache", {"uv/a": "package", "thesis.tex": "mine"})

    assert code(["cache", "clean"]) == 0
    assert sorted(p.name for p in (tmp_path / "cache").iterdir()) == ["thesis.tex"]
    assert "freed" in capsys.readouterr().out
    assert not judged(repo)[1]
