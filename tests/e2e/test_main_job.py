"""The main job, from a target to a report, in real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.e2e.program import evaluate, report, verdicts
from tests.e2e.projects import HONEST, SHELL
from tests.repositories import git, repository


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("repos") / "harbour", ("Forecast harbour traffic by weekday", HONEST))


@pytest.fixture(scope="module")
def judged(honest: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The honest project, read and not run."""
    folder = tmp_path_factory.mktemp("judged")
    done = evaluate(honest, "--run", "none", "-o", folder, cwd=folder)
    assert done.code == 0, done.err
    return folder


def test_the_default_leaves_a_folder_and_a_summary(honest: Path, tmp_path: Path) -> None:
    done = evaluate(honest, "--run", "none", cwd=tmp_path)

    assert done.code == 0
    assert sorted(p.name for p in (tmp_path / "evaluation").iterdir()) == [
        "measurements.json",
        "report.html",
        "report.json",
    ]
    assert "harbour" in done.out
    assert "/ 100" in done.out
    assert done.out.strip().splitlines()[-1].endswith("report.html")
    assert "reading" in done.err


def test_the_report_has_the_contracts_form(judged: Path, tmp_path: Path) -> None:
    schema = json.loads(evaluate("schema", cwd=tmp_path).out)
    read = report(judged)

    jsonschema.validate(read, schema)
    assert read["schema_version"] == "1.0"
    assert read["subject"]["source"] == "local"
    assert len(read["subject"]["commit"]) == 40
    assert read["metrics"] == {"baselines": [], "claimed": [], "leaks": [], "measured": [], "verdicts": []}


def test_what_the_honest_project_does_is_seen(judged: Path) -> None:
    seen = verdicts(report(judged))
    expected = {
        "communication.readme-purpose": "pass",
        "communication.readme-install": "pass",
        "communication.readme-run": "pass",
        "communication.readme-results": "pass",
        "communication.license": "pass",
        "reproducibility.python-version-stated": "pass",
        "reproducibility.run-entry-point": "pass",
        "reproducibility.notebooks-in-order": "pass",
        "testing.tests-present": "pass",
        "testing.ci-runs-tests": "pass",
        "engineering.modular-code": "pass",
        "engineering.clean-tree": "pass",
        "engineering.no-secrets": "pass",
        "production.dockerfile": "fail",
        "history.commit-hygiene": "fail",
        "testing.suite-passes": "not-measured",
    }

    assert {k: seen[k] for k in expected} == expected


def test_every_point_withheld_names_its_evidence(judged: Path) -> None:
    silent = [s["id"] for s in report(judged)["signals"] if s["verdict"] in {"partial", "fail"} and not s["evidence"]]

    assert silent == []


def test_not_run_is_said_and_opens_the_interval(judged: Path) -> None:
    read = report(judged)

    assert read["score"]["low"] < read["score"]["high"]
    assert {r["status"] for r in read["runs"]} == {"not-attempted"}
    assert {r["cause"] for r in read["runs"]} == {"not-permitted"}
    assert "--run none" in (judged / "report.html").read_text(encoding="utf-8")


def test_an_empty_shell_earns_nothing(tmp_path: Path) -> None:
    """Names without content: the lower bound stays at most 5."""
    repo = repository(tmp_path / "shell", ("Add files", SHELL))
    done = evaluate(repo, "--run", "none", "-o", tmp_path / "out", cwd=tmp_path)

    assert done.code == 0
    assert report(tmp_path / "out")["score"]["low"] <= 5
    assert [i for i, v in verdicts(report(tmp_path / "out")).items() if v in {"pass", "partial"}] in (
        ["engineering.clean-tree", "engineering.no-secrets", "reproducibility.no-absolute-paths"],
        [],
    )


def test_gathered_facts_are_judged_again_to_the_same_report(honest: Path, judged: Path, tmp_path: Path) -> None:
    gathered = evaluate("gather", honest, "--run", "none", "-o", "facts.json", cwd=tmp_path)
    again = evaluate("judge", "facts.json", "-o", "report.json", cwd=tmp_path)

    assert (gathered.code, again.code) == (0, 0)
    assert (tmp_path / "report.json").read_bytes() == (judged / "report.json").read_bytes()
    assert str(tmp_path) not in (tmp_path / "facts.json").read_text(encoding="utf-8")


def test_render_gives_the_same_page(judged: Path, tmp_path: Path) -> None:
    done = evaluate("render", judged / "report.json", "--format", "html", "-o", "page.html", cwd=tmp_path)
    text = evaluate("render", judged / "report.json", cwd=tmp_path)

    assert done.code == 0
    assert (tmp_path / "page.html").read_bytes() == (judged / "report.html").read_bytes()
    assert "harbour" in text.out


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        pytest.param(["--fail-under", "99"], 1, "below 99", id="score gate"),
        pytest.param(["--min-coverage", "100"], 1, "measured", id="coverage gate"),
        pytest.param(["--require", "production.dockerfile"], 1, "production.dockerfile is fail", id="required signal"),
        pytest.param(["--require", "communication.license"], 0, "", id="required signal met"),
        pytest.param(["--require", "no.such"], 2, "no such signal", id="required signal unknown"),
        pytest.param(["--strict"], 4, "incomplete", id="strict"),
        pytest.param(["--role", "astronaut"], 2, "general", id="unknown role"),
        pytest.param(["--rubric", "absent.yaml"], 2, "recruiter-signals", id="unknown rubric"),
        pytest.param(["--format", "pdf"], 2, "html", id="unknown form"),
        pytest.param(["--fail-under", "nan"], 2, "no number", id="not a number"),
        pytest.param(["--rubric", "/dev/zero"], 2, "at most", id="an endless rubric"),
        pytest.param(["-o", "/dev/null/x"], 2, "cannot be made", id="a folder that cannot be"),
        pytest.param(["--budget", "soon"], 2, "10m", id="bad duration"),
        pytest.param(["--colour"], 2, "--color", id="unknown option"),
        pytest.param(["--sandbox", "container", "--run", "tests"], 2, "container", id="sandbox not available"),
    ],
)
def test_exit_codes(honest: Path, tmp_path: Path, args: list[str], code: int, says: str) -> None:
    run = [] if "--run" in args else ["--run", "none"]
    done = evaluate(honest, *run, "-o", tmp_path / "out", *args, cwd=tmp_path)

    assert (done.code, says in done.err) == (code, True), done.err


@pytest.mark.parametrize(
    ("target", "code", "says"),
    [
        pytest.param("absent-folder/deeper/still", 3, "absent-folder", id="no such folder"),
        pytest.param("http://127.0.0.1:9/nobody/there.git", 3, "127.0.0.1", id="nobody listens"),
        pytest.param("http://example.org/a/b", 2, "https", id="http beyond loopback"),
        pytest.param("ext::sh -c true", 2, "ext", id="external transport"),
        pytest.param("explian", 3, "did you mean `evaluate explain`?", id="mistyped command"),
    ],
)
def test_targets_that_cannot_be_had(tmp_path: Path, target: str, code: int, says: str) -> None:
    done = evaluate(target, "--run", "none", cwd=tmp_path)

    assert (done.code, says in done.err) == (code, True), done.err
    assert len(done.err.strip().splitlines()) <= 3
    assert not (tmp_path / "evaluation").exists()


def test_nothing_to_evaluate(tmp_path: Path) -> None:
    repo = tmp_path / "bare-beginning"
    repo.mkdir()
    git(repo, "init", "-q")

    assert evaluate(repo, "--run", "none", cwd=tmp_path).code == 5


def test_several_targets_each_have_a_folder_and_a_row(honest: Path, tmp_path: Path) -> None:
    shell = repository(tmp_path / "shell", ("Add files", SHELL))
    listed = f"{honest}\n# a comment\n\n{shell}\nabsent/folder/here\n"
    done = evaluate("-", "--run", "none", "-o", "all", cwd=tmp_path, stdin=listed)

    assert done.code == 3
    assert sorted(p.name for p in (tmp_path / "all").iterdir()) == ["001-harbour", "002-shell"]
    assert "harbour" in done.out
    assert "shell" in done.out


def test_a_list_of_one_is_laid_out_as_a_list(honest: Path, tmp_path: Path) -> None:
    done = evaluate("-", "--run", "none", "-o", "all", cwd=tmp_path, stdin=f"{honest}\n")

    assert done.code == 0
    assert [p.name for p in (tmp_path / "all").iterdir()] == ["001-harbour"]


@pytest.mark.parametrize("home", [None, "/dev/null/nowhere"], ids=["no home", "a home that cannot be"])
def test_a_user_without_a_home(honest: Path, tmp_path: Path, home: str | None) -> None:
    env = {k: v for k, v in os.environ.items() if k not in {"HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"}}
    env |= {"EVALUATE_CACHE": "/dev/null/cache"} | ({} if home is None else {"HOME": home})
    argv = [sys.executable, "-m", "evaluator", str(honest), "--run", "none", "-o", "out"]
    done = subprocess.run(argv, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_a_request_to_end_is_an_interrupt(honest: Path, tmp_path: Path) -> None:
    """What was made on the way is cleared up."""
    (tmp_path / "scratch").mkdir()
    argv = [sys.executable, "-m", "evaluator", str(honest), "--run", "none", "-o", "out"]
    env = {**os.environ, "TMPDIR": str(tmp_path / "scratch")}
    with subprocess.Popen(
        argv, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.terminate()
        _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "Traceback" not in err
    assert list((tmp_path / "scratch").iterdir()) == []


def test_json_to_standard_output_is_nothing_else(honest: Path, tmp_path: Path) -> None:
    done = evaluate(honest, "--run", "none", "--format", "json=-", cwd=tmp_path)

    assert json.loads(done.out)["subject"]["name"] == "harbour"
    assert list(tmp_path.iterdir()) == []


def test_a_sub_folder_is_judged_by_itself(honest: Path, tmp_path: Path) -> None:
    done = evaluate(honest, "--path", "harbour", "--run", "none", "--format", "json=-", cwd=tmp_path)

    assert json.loads(done.out)["subject"]["name"] == "harbour/harbour"
    assert json.loads(done.out)["project"]["facts"]["files"] == 3


def test_the_users_settings_come_from_his_folder_and_his_environment_only(honest: Path, tmp_path: Path) -> None:
    config = tmp_path / "config" / "evaluator" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('run = "none"\nfail-under = 100\n')
    (tmp_path / "evaluator.toml").write_text("fail-under = 0\n")

    from_file = evaluate(honest, "-o", "a", cwd=tmp_path, XDG_CONFIG_HOME=str(config.parents[1]))
    over_it = evaluate(honest, "-o", "b", cwd=tmp_path, XDG_CONFIG_HOME=str(config.parents[1]), EVALUATE_FAIL_UNDER="0")
    config.write_text("colour = 1\n")
    broken = evaluate(honest, cwd=tmp_path, XDG_CONFIG_HOME=str(config.parents[1]))

    assert (from_file.code, over_it.code, broken.code) == (1, 0, 2)
    assert "colour" in broken.err
