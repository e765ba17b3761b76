"""Which repositories earn what they are given? Two of different styles, complete, with a history."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.imitations.repo import Cell, Content, Repo, archive, notebook, picture

FOLDER = Path(__file__).parent / "honest"
Commit = tuple[str, dict[str, Content]]

EXPLORATION: tuple[Cell, ...] = (
    ("markdown", "# Which columns tell who subscribes?\n\nThe choices of `settings.py` come from here.", ""),
    ("code", "import pandas as pd\n\nfrom term_deposit.data import fetch, load, split", ""),
    ("code", "calls = load(fetch())\nprint(calls.shape)", "(45211, 16)\n"),
    ("code", "x_train, _, y_train, _ = split(calls)\nprint(y_train.mean().round(3))", "0.117\n"),
    ("markdown", "Subscribers are rare, so accuracy would hide everything. Only training rows are looked at.", ""),
    (
        "code",
        "by_job = y_train.groupby(x_train['job']).agg(['mean', 'size']).sort_values('mean')\nprint(by_job)",
        "              mean  size\njob\nblue-collar  0.073  7786\nretired      0.227  1811\nstudent      0.287   750\n",
    ),
    (
        "code",
        "by_month = y_train.groupby(x_train['month']).mean().round(2)\nprint(by_month.to_dict())",
        "{'apr': 0.2, 'mar': 0.52, 'may': 0.07}\n",
    ),
    (
        "code",
        "bands = pd.cut(x_train['age'], [17, 30, 45, 60, 100])\nprint(y_train.groupby(bands).mean().round(2).tolist())",
        "[0.16, 0.1, 0.1, 0.35]\n",
    ),
    ("markdown", "Month and job matter, age only at both ends: trees should gain over a linear model.", ""),
)

RESULTS: tuple[Cell, ...] = (
    ("markdown", "# What does the network confuse, and what does it look at?", ""),
    (
        "code",
        "import numpy as np\nimport torch\n\nfrom flores.gradcam import heat\nfrom flores.network import load\nfrom flores.photographs import batches",
        "",
    ),
    (
        "code",
        "confusion = np.loadtxt('../reports/confusion.csv', delimiter=',')\nprint(confusion.shape)",
        "(102, 102)\n",
    ),
    (
        "code",
        "errors = confusion - np.diag(np.diag(confusion))\nworst = np.dstack(np.unravel_index(np.argsort(-errors.ravel())[:3], errors.shape))[0]\nprint(worst.tolist())",
        "[[50, 87], [3, 4], [75, 50]]\n",
    ),
    ("markdown", "Petunias (50) are taken for mallows (87): photographed from above, only colour is left.", ""),
    (
        "code",
        "model = load('../checkpoints/best.pt')\nimages, labels = next(iter(batches('test')))\nmaps = torch.stack([heat(model, image) for image in images[:6]])\nprint(maps.mean().item())",
        "0.3127\n",
    ),
)


def tabular() -> Repo:
    """Return a scikit-learn project in a package, with service and delivery."""
    files = archive(FOLDER / "term_deposit.txtar")
    files["notebooks/exploration.ipynb"] = notebook(*EXPLORATION)
    files["docs/figures/candidates.png"] = picture()
    return Repo(files)


def vision() -> Repo:
    """Return a PyTorch project of root scripts and a package."""
    files = archive(FOLDER / "flowers.txtar")
    files["notebooks/results.ipynb"] = notebook(*RESULTS)
    files["assets/gradcam.png"] = picture(480, 120, (40, 90, 60, 110, 30, 80))
    files["docs/slides.pdf"] = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
    return Repo(files)


TABULAR, VISION = tabular(), vision()
CODE = "src/term_deposit"

_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Describe the problem of the call centre", ("README.md", "LICENSE", ".gitignore")),
    (
        "Download the archive and refuse a changed one",
        ("pyproject.toml", ".python-version", f"{CODE}/__init__.py", f"{CODE}/settings.py", f"{CODE}/data.py"),
    ),
    ("Test cleaning and splitting on made-up calls", ("tests/conftest.py", "tests/test_data.py")),
    ("Explore which columns tell who subscribes", ("notebooks/exploration.ipynb",)),
    ("Add four candidates, a naive baseline among them", (f"{CODE}/model.py",)),
    ("Compare the candidates over five folds and record them in MLflow", (f"{CODE}/train.py",)),
    ("Measure held-out customers with a bootstrap interval", (f"{CODE}/evaluate.py",)),
    ("Test that logistic regression beats the baseline", ("tests/test_model.py",)),
    ("Show permutation importances and give each step a word", (f"{CODE}/explain.py", f"{CODE}/cli.py", "Makefile")),
    ("Serve scores with bounded input and Prometheus counts", (f"{CODE}/service.py", "tests/test_service.py")),
    (
        "Build an image and start it with compose",
        ("Dockerfile", ".dockerignore", "compose.yaml", "deploy/prometheus.yml"),
    ),
    ("Run ruff and the tests on every push", (".github/workflows/ci.yml", ".pre-commit-config.yaml")),
    ("Deploy tagged versions to the cluster", (".github/workflows/deploy.yml", "deploy/service.yaml")),
    ("Write a page for campaign planners", (f"{CODE}/report.py", "tests/test_report.py")),
    ("Draw the comparison of the candidates", ("docs/figures/candidates.png",)),
    ("Write the model card", ("docs/model_card.md",)),
)


def history(repo: Repo = TABULAR) -> list[Commit]:
    """Return the commits that lead to ``repo``, a tabular one: each adds a part, the last ones mend and complete."""
    early = {
        "README.md": "\n".join(repo.text("README.md").splitlines()[:8]) + "\n",
        f"{CODE}/data.py": repo.text(f"{CODE}/data.py").replace("frame.drop_duplicates().drop(", "frame.drop("),
    }
    commits: list[Commit] = [(message, _taken({**repo.files, **early}, paths)) for message, paths in _STEPS]
    commits.append(
        ("Drop duplicate calls, which stood on both sides of the split", _taken(repo.files, [f"{CODE}/data.py"]))
    )
    commits.append(("Report results, limits and what a campaign saves", _taken(repo.files, ["README.md"])))
    listed = {p for _, files in commits for p in files}
    assert listed == set(repo.files), listed ^ set(repo.files)
    return commits


def _taken(files: dict[str, Content], paths: Iterable[str]) -> dict[str, Content]:
    return {path: files[path] for path in paths}
