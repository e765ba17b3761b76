"""Is a history in steps told from a dump, and from a dump that is dressed up as one?"""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import pytest

from evaluator.facts.history import Commit, History, history
from evaluator.facts.process import ProcessMetrics, process_metrics
from evaluator.model import Absence, Answer, InCommit, Measured, Missing, NotApplicable, Unknown
from evaluator.signals.history.steps import commit_hygiene
from tests.facts.test_history import bare, snapshot_of
from tests.repositories import repository

TOPICS = (
    "Load the table of houses",
    "Describe where the data come from",
    "Split rows before anything is fitted",
    "Fit a median as the baseline",
    "Fit gradient boosting",
    "Search its depth by cross-validation",
    "Plot the residuals per district",
    "Serve predictions over HTTP",
    "Pin the environment",
    "Test the transformations",
    "Explain the limits of the model",
    "Cover empty requests",
)
UNMEASURED = Missing(fact="ProcessMetrics", cause="failed")


def commit(
    subject: str, *, code: int | None = 40, added: int = 50, files: int | None = 2, parents: int = 1, **more: bool
) -> Commit:
    return Commit(
        sha=f"{crc32(subject.encode()):040x}",
        subject=subject,
        author=0,
        parents=parents,
        day=0,
        files=files,
        added=None if files is None else added,
        deleted=None if files is None else 0,
        code=code,
        web_upload=more.get("web_upload", False),
        bot=more.get("bot", False),
    )


def steps(number: int = 12, **more: int) -> list[Commit]:
    return [commit(topic, **more) for topic in TOPICS[:number]]


def ask(commits: list[Commit], *, shallow: bool = False) -> Answer:
    known = History(total=len(commits), commits=tuple(commits), shallow=shallow)
    return commit_hygiene(known, UNMEASURED)


def readme_edits(number: int = 14) -> list[Commit]:
    return [commit(f"Explain part {'abcdefghijklmnop'[n]} of the model", code=0, added=9) for n in range(number)]


@pytest.mark.parametrize(
    ("commits", "level"),
    [
        pytest.param(steps(), 2, id="twelve telling steps"),
        pytest.param(steps(10), 2, id="ten are enough"),
        pytest.param([*steps(), commit("Merge side", parents=2, files=None, code=None)], 2, id="merges apart"),
        pytest.param([*steps(), *(commit(f"wip {n}") for n in range(9))], 2, id="most are telling"),
        pytest.param([*steps(), commit("Add files via upload", web_upload=True)], 2, id="one upload among steps"),
        pytest.param(steps(code=None, files=None), 2, id="sizes unknown"),
        pytest.param([commit(t, code=0, added=30) for t in TOPICS], 2, id="a project without code"),
        pytest.param(steps(9), 1, id="nine steps"),
        pytest.param([commit(f"update {n}") for n in range(30)], 1, id="stock words only"),
        pytest.param([commit("Improve the encoder") for _ in range(30)], 1, id="one message over and over"),
        pytest.param([commit(f"Improve the encoder {n}") for n in range(30)], 1, id="one message with a counter"),
        pytest.param([commit("Everything", code=2_000), *steps(11, code=4)], 1, id="a dump, then small repairs"),
        pytest.param([commit("Whole project"), commit("Mend the paths")], 1, id="two steps"),
        pytest.param([*steps(4), *readme_edits()], 1, id="code in four steps only"),
        pytest.param([commit("first commit", code=900)], 0, id="one dump"),
        pytest.param(
            [commit("Add the frontend", code=80), commit("Add the backend", code=920)], 0, id="a little, then a dump"
        ),
        pytest.param(
            [
                commit("Add the frontend", code=80),
                commit("Add the backend", code=920),
                commit("Mend the paths", code=9),
            ],
            1,
            id="a dump between two steps",
        ),
        pytest.param([commit("Whole project", code=900), *readme_edits()], 0, id="a dump with README edits behind it"),
        pytest.param(
            [commit("Whole project", code=900), *steps(12, code=0, files=0)], 0, id="a dump with empty commits"
        ),
        pytest.param(
            [commit("Whole project", code=900), *steps(12, code=1)], 0, id="a dump with single lines behind it"
        ),
        pytest.param([commit(f"Upload {n}", web_upload=True) for n in range(20)], 0, id="uploads only"),
        pytest.param(
            [
                commit("Initial commit", code=0),
                commit("Add files via upload", web_upload=True),
                commit("Update README.md", code=0),
            ],
            0,
            id="through the web page only",
        ),
        pytest.param(
            [commit("Whole project"), *(commit(f"Bump {n}", bot=True) for n in range(20))], 0, id="a robot's steps"
        ),
    ],
)
def test_commit_hygiene(commits: list[Commit], level: int) -> None:
    answer = ask(commits)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert answer.evidence


def test_the_largest_commit_and_the_uploads_are_named() -> None:
    answer = ask([commit("Whole project", code=900), commit("Add files via upload", web_upload=True), *readme_edits(3)])

    assert isinstance(answer, Measured)
    assert [e.note for e in answer.evidence if isinstance(e, InCommit)] == [
        "96% of the code came in this one: Whole project",
        "an upload through a web page: Add files via upload",
    ]
    assert [e.note for e in answer.evidence if isinstance(e, Absence)] == [
        "4 commits that change something, merges, automata and uploads apart"
    ]


def test_unknown_sizes_lower_the_confidence() -> None:
    known, unknown = ask(steps()), ask(steps(code=None, files=None))

    assert isinstance(known, Measured)
    assert isinstance(unknown, Measured)
    assert (known.confidence, unknown.confidence) == ("high", "medium")


@pytest.mark.parametrize(
    ("history_fact", "asked"),
    [
        pytest.param(Missing(fact="History", cause="not-found", detail="no git"), False, id="no git"),
        pytest.param(History(total=2, commits=tuple(steps(2)), shallow=True), False, id="a copy that was cut off"),
        pytest.param(History(total=1, commits=(commit("Bump", bot=True),)), False, id="robots only"),
        pytest.param(Missing(fact="History", cause="timed-out", detail="too long"), True, id="could not be read"),
    ],
)
def test_commit_hygiene_not_asked(history_fact: History | Missing, asked: bool) -> None:
    assert isinstance(commit_hygiene(history_fact, UNMEASURED), Unknown if asked else NotApplicable)


def test_a_copy_that_was_cut_off_may_still_show_steps() -> None:
    answer = ask(steps(), shallow=True)

    assert isinstance(answer, Measured)
    assert answer.value == 2


def test_a_repository_from_end_to_end(tmp_path: Path) -> None:
    """Real commits, PyDriller's metrics and the signal; then the same files as a dump."""
    files = [{f"part_{n}.py": "".join(f"x_{n}_{i} = {i}\n" for i in range(20))} for n in range(12)]
    grown = bare(repository(tmp_path / "grown", *zip(TOPICS, files, strict=True)))
    whole = {path: text for part in files for path, text in part.items()}
    edits = [(f"Explain part {n}", {"README.md": "# Houses\n" + "words\n" * n}) for n in range(12)]
    dumped = bare(repository(tmp_path / "dumped", ("Whole project", whole), *edits))

    levels = []
    for git_dir in (grown, dumped):
        snapshot = snapshot_of(git_dir)
        known = history(snapshot)
        assert isinstance(known, History)
        process = process_metrics(snapshot, known)
        assert isinstance(process, ProcessMetrics)
        answer = commit_hygiene(known, process)
        assert isinstance(answer, Measured)
        assert f"{process.most_together}" in answer.summary
        levels.append(answer.value)

    assert levels == [2, 0]
