"""Several projects of one repository, from the target to the report; nothing is run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluator import stored
from evaluator.catalogue import catalogue
from evaluator.facts.code import Code
from evaluator.facts.history import History
from evaluator.facts.projects import Projects
from evaluator.model import Subject
from evaluator.pipeline import Gathered, Options, gather, judge
from evaluator.report import document
from evaluator.report.document import Report, SignalSection, SubProjectSection
from evaluator.report.html import render
from evaluator.report.terminal import summary
from tests.repositories import repository

TRAIN = '''"""Fits a forest and scores it."""

import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split


def fit(path: str) -> float:
    """Return the accuracy on rows held out of ``path``."""
    frame = pd.read_csv(path)
    seen, unseen, a, b = train_test_split(frame.drop(columns="y"), frame["y"], random_state=7)
    model = RandomForestClassifier(random_state=7).fit(seen, a)
    return float(model.score(unseen, b))


if __name__ == "__main__":
    print(fit("rows.csv"))
'''
DRAWN = "import pandas as pd\nimport matplotlib.pyplot as plt\n\nframe = pd.read_csv('rows.csv')\n" + "".join(
    f"frame['column_{n}'].hist()\n" for n in range(12)
) + "plt.savefig('out.png')\n"  # fmt: skip
TESTS = """from train import fit


def test_fit():
    assert fit("rows.csv") > 0.5


def test_bounds():
    assert 0 <= fit("rows.csv") <= 1


def test_again():
    assert fit("rows.csv") == fit("rows.csv")
"""
CI = """on: [push]
jobs:
  churn:
    runs-on: ubuntu-latest
    steps:
      - run: pip install pytest
      - run: pytest
        working-directory: churn
"""
KEY = "AWS_SECRET_ACCESS_KEY = 'wJalrXUtnFEMI" + "K7MDENG/bPxRfiCYzR9dTuVqA4'\nAWS_ID = 'AKIA" + "2E0A8F3B244C9986'\n"
ROWS = "a,y\n" + "".join(f"{n},{n % 2}\n" for n in range(40))
PORTFOLIO: dict[str, str] = {
    "README.md": "# Two projects\n\nChurn and sales.\n",
    "LICENSE": "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\n",
    ".github/workflows/ci.yml": CI,
    "churn/README.md": "# Churn\n\nPredicts which customers of a telephone company leave, from their contracts.\n",
    "churn/train.py": TRAIN,
    "churn/test_train.py": TESTS,
    "churn/rows.csv": ROWS,
    "churn/requirements.txt": "pandas==2.2.0\nscikit-learn==1.5.0\npytest==8.0.0\n",
    "sales/README.md": "# Sales\n\nShows in which months a shop sells most, from its own books of one year.\n",
    "sales/look.py": DRAWN,
    "sales/rows.csv": ROWS,
    "sales/settings.py": KEY,
}


def looked_at(folder: Path, files: Mapping[str, str]) -> Gathered:
    return gather(str(repository(folder, ("Begin", dict(files)))), Options(run="none"))


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    return looked_at(tmp_path_factory.mktemp("portfolio") / "work", PORTFOLIO)


@pytest.fixture(scope="module")
def report(gathered: Gathered) -> Report:
    return judge(gathered.subject, gathered.facts, gathered.projects)


def of(signals: tuple[SignalSection, ...], name: str) -> SignalSection:
    return next(s for s in signals if s.id == name)


def part(report: Report, path: str) -> SubProjectSection:
    return next(p for p in report.projects if p.path == path)


def test_each_project_is_told_for_what_it_is(report: Report) -> None:
    assert {p.path: (p.project.kinds, p.project.tasks) for p in report.projects} == {
        "churn": (("modelling",), ("classification", "tabular")),
        "sales": (("analysis",), ("tabular",)),
    }
    assert report.project.facts["main-project"] == "churn"
    assert report.project.facts["projects"] == 2
    assert report.project.kinds == ("modelling", "analysis")


def test_the_whole_takes_the_answers_of_the_main_project(report: Report) -> None:
    main = part(report, "churn")
    wide = {s.id for s in catalogue().signals.values() if s.scope == "repository"}

    assert wide == {
        "communication.license",
        "engineering.clean-tree",
        "engineering.no-secrets",
        "history.commit-hygiene",
    }
    for signal in report.signals:
        if signal.id not in wide:
            assert signal == of(main.signals, signal.id)


def test_a_question_without_a_subject_is_not_asked_of_that_project(report: Report) -> None:
    assert of(part(report, "churn").signals, "modelling.metrics-in-code").verdict == "pass"
    assert of(part(report, "sales").signals, "modelling.metrics-in-code").verdict == "not-applicable"


def test_tests_and_ci_are_of_the_project_that_they_are_for(report: Report) -> None:
    churn, sales = part(report, "churn"), part(report, "sales")

    assert of(churn.signals, "testing.tests-present").verdict == "pass"
    assert of(churn.signals, "testing.ci-runs-tests").verdict == "pass"
    assert of(sales.signals, "testing.tests-present").verdict == "fail"
    assert of(sales.signals, "testing.ci-runs-tests").verdict == "fail"


def test_a_licence_at_the_top_covers_all(report: Report) -> None:
    assert {of(p.signals, "communication.license").verdict for p in report.projects} == {"pass"}


def test_a_key_costs_its_project_and_the_whole(report: Report) -> None:
    found = of(report.signals, "engineering.no-secrets")

    assert found.verdict == "fail"
    assert found.evidence[0].path == "sales/settings.py"
    assert of(part(report, "sales").signals, "engineering.no-secrets").verdict == "fail"
    assert of(part(report, "churn").signals, "engineering.no-secrets").verdict == "pass"


def test_evidence_is_called_as_the_repository_calls_it(report: Report) -> None:
    paths = {e.path for s in report.signals for e in s.evidence if e.kind == "file"}
    paths |= {e.path for p in report.projects for s in p.signals for e in s.evidence if e.kind == "file"}

    assert paths <= PORTFOLIO.keys()
    assert {"churn/train.py", "churn/README.md", "sales/README.md", ".github/workflows/ci.yml"} <= paths


def test_the_history_is_read_once(gathered: Gathered) -> None:
    assert all(own[History] is gathered.facts[History] for own in gathered.projects.values())
    assert Code not in gathered.facts


def test_stored_facts_are_judged_alike(gathered: Gathered, report: Report) -> None:
    known = stored.decode(stored.encode(gathered.subject, gathered.facts, gathered.projects), catalogue())

    again = judge(known.subject, known.facts, known.projects)
    assert document.encode(again) == document.encode(report)
    assert document.decode(document.encode(report)) == report


def test_the_page_and_the_terminal_show_each(report: Report) -> None:
    page, told = render(report), summary(report)

    assert "Taken for: modelling and analysis, on classification and tabular" in page
    assert "modelling, analysis: classification, tabular" in told
    for text in (page, told):
        assert "2 projects, judged apart" in text
        assert "churn" in text
        assert "sales" in text
    assert "What <bdi>sales</bdi> lacks" in page
    assert '<span class="tag">main</span>' in page


def test_a_hostile_name_stays_a_name(tmp_path: Path) -> None:
    name = "wine <img src=x onerror=alert(1)>"
    moved = {path.replace("sales/", f"{name}/"): text for path, text in PORTFOLIO.items()}
    found = looked_at(tmp_path / "work", moved)
    made = judge(found.subject, found.facts, found.projects)

    assert [p.path for p in made.projects] == ["churn", name]
    assert "<img" not in render(made)


def test_a_folder_of_a_portfolio_is_judged_alone(tmp_path: Path) -> None:
    root = repository(tmp_path / "work", ("Begin", PORTFOLIO))
    found = gather(str(root), Options(run="none", subdir="churn"))

    assert found.projects == {}
    assert found.facts[Projects] == Projects()


def test_one_project_is_looked_at_as_ever(tmp_path: Path) -> None:
    files = {p.removeprefix("churn/"): t for p, t in PORTFOLIO.items() if p.startswith("churn/")}
    found = looked_at(tmp_path / "work", files)
    made = judge(found.subject, found.facts, found.projects)

    assert found.projects == {}
    assert made.projects == ()
    assert "main-project" not in made.project.facts
    assert b'"projects"' not in stored.encode(Subject(source="local", name="x"), found.facts)
