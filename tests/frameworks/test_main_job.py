"""The whole job on a project that needs real packages: resolved, installed and run as of its commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.program import evaluate, report, verdicts
from tests.repositories import repository
from tests.sandbox.real import why_not

pytestmark = [pytest.mark.frameworks, pytest.mark.sandbox, pytest.mark.timeout(600)]

FILES: dict[str, str | bytes] = {
    "README.md": "# Irises\n\nTells three kinds of iris apart by the size of their leaves, to show a whole small project.\n"
    "The data set is the one that scikit-learn carries: 150 flowers, four measures each.\n\n"
    "```bash\npip install -r requirements.txt\npython train.py\n```\n\nAccuracy on the held-out third: 0.96.\n",
    # A floor only: what is taken depends on the date of the commit, 1 March 2025.
    "requirements.txt": "scikit-learn>=1.4\nwarnings\n",
    "train.py": "from sklearn.datasets import load_iris\nfrom sklearn.linear_model import LogisticRegression\n"
    "from sklearn.model_selection import train_test_split\n\n\ndef parts(seed=0):\n"
    "    x, y = load_iris(return_X_y=True)\n"
    "    return train_test_split(x, y, test_size=1 / 3, random_state=seed)\n\n\ndef fitted(x, y):\n"
    "    return LogisticRegression(max_iter=1000).fit(x, y)\n\n\ndef main():\n"
    "    x_train, x_test, y_train, y_test = parts()\n"
    "    print('accuracy', fitted(x_train, y_train).score(x_test, y_test))\n\n\nif __name__ == '__main__':\n    main()\n",
    "tests/test_train.py": "from train import fitted, parts\n\n\ndef test_parts_are_the_same_every_time():\n"
    "    assert (parts()[0] == parts()[0]).all()\n\n\ndef test_the_model_learns():\n"
    "    a, b, c, d = parts()\n    assert fitted(a, c).score(b, d) > 0.9\n\n\n"
    "def test_nothing_is_lost():\n    a, b, c, d = parts()\n    assert len(a) + len(b) == 150\n",
}


def test_a_project_is_installed_as_of_its_commit_and_its_suite_run(tmp_path: Path) -> None:
    if reason := why_not():
        pytest.skip(f"no sandbox works here: {reason}")
    repo = repository(tmp_path / "irises", ("Tell irises apart", FILES))
    done = evaluate(repo, "-o", tmp_path / "out", cwd=tmp_path)
    read = report(tmp_path / "out")
    install, tests = read["runs"]
    seen = verdicts(read)

    assert done.code == 0, done.err
    assert (install["status"], "as-of-commit" in install["command"]) == ("passed", True)
    assert "warnings" in " ".join(install["repairs"])
    assert tests["counts"] == {"passed": 3, "failed": 0, "errors": 0, "skipped": 0}
    assert seen["testing.suite-passes"] == "pass"
    assert seen["modelling.metrics-in-code"] == "pass"
    assert seen["reproducibility.seeds-fixed"] == "pass"
    assert read["score"]["low"] == read["score"]["high"]
