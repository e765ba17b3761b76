"""Does an image that runs nothing, or a deployment that only says so, pass for delivery?"""

from __future__ import annotations

import pytest

from tests.imitations.bare import EVALUATED, command, scored
from tests.imitations.harness import withheld
from tests.imitations.honest import CODE, TABULAR
from tests.imitations.repo import Repo, notebook

IMAGE = TABULAR.text("Dockerfile")
RUN = IMAGE[IMAGE.index("CMD") :]


def image(text: str) -> Repo:
    """Return the project with that Dockerfile; what else names an image is gone."""
    return TABULAR.without("compose.yaml", "deploy/", ".github/workflows/deploy.yml").plus("Dockerfile", text)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(image(""), id="empty-file"),
        pytest.param(image("FROM python:3.11-slim\n"), id="base-image-only"),
        pytest.param(image(IMAGE.replace(RUN, 'CMD ["echo", "Serving on port 8000"]\n')), id="command-that-echoes"),
        pytest.param(image(IMAGE.replace(RUN, 'CMD ["sleep", "infinity"]\n')), id="command-that-sleeps"),
        pytest.param(image(IMAGE.replace(RUN, "")), id="no-command"),
        pytest.param(
            image(
                "FROM python:3.11-slim\nWORKDIR /app\nRUN pip install fastapi uvicorn pandas scikit-learn\n"
                'CMD ["uvicorn", "term_deposit.service:app"]\n'
            ),
            id="copies-nothing",
        ),
        pytest.param(
            image(
                "FROM python:3.11-slim\nWORKDIR /app\nCOPY requirements.txt app.py ./\n"
                'RUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n'
            ),
            id="files-of-another-project",
        ),
        pytest.param(
            image(IMAGE.replace(RUN, 'CMD ["uvicorn", "main:app", "--port", "8000"]\n')), id="module-that-is-not-there"
        ),
        pytest.param(image("".join(f"# {line}\n" for line in IMAGE.splitlines())), id="commented-out"),
        pytest.param(
            image("")
            .without("Dockerfile")
            .plus(".devcontainer/Dockerfile", IMAGE)
            .plus(".devcontainer/devcontainer.json", "{}\n"),
            id="only-to-develop-in",
        ),
        pytest.param(image(IMAGE.replace("RUN pip install --no-cache-dir .\n", "")), id="installs-nothing"),
    ],
)
def test_dockerfile(repo: Repo) -> None:
    withheld(repo.files, "production.dockerfile")


STAY = TABULAR.without("compose.yaml", "deploy/", ".github/workflows/deploy.yml", "docs/").swap(
    "README.md", "docker compose up       # trains once, then serves http://localhost:8000/score\n", ""
)
DEPLOY = ".github/workflows/deploy.yml"
JOB = """\
name: deploy

on:
  push:
    tags: ["v*"]

jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: {run}
"""


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(STAY.plus(DEPLOY, JOB.format(run='echo "Deploying to production"')), id="job-that-echoes"),
        pytest.param(STAY.plus(DEPLOY, JOB.format(run="sleep 5 && true")), id="job-that-sleeps"),
        pytest.param(
            STAY.plus(DEPLOY, TABULAR.text(DEPLOY).replace("    runs-on", "    if: false\n    runs-on")),
            id="jobs-that-never-run",
        ),
        pytest.param(STAY.plus("k8s/deployment.yaml", "").plus("Procfile", ""), id="empty-manifests"),
        pytest.param(
            STAY.plus("terraform/main.tf", '# resource "aws_ecs_service" "api" {\n#   name = "term-deposit"\n# }\n'),
            id="commented-infrastructure",
        ),
        pytest.param(STAY.plus("Procfile", "web: gunicorn wsgi:application\n"), id="procfile-of-a-missing-module"),
        pytest.param(
            STAY.section(
                "README.md", "## Deployment", "Build the image, push it to a registry and run it on Kubernetes or AWS."
            ),
            id="prose",
        ),
        pytest.param(
            STAY.plus(
                "k8s/deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: my-app\nspec: {}\n"
            ),
            id="manifest-without-a-container",
        ),
        pytest.param(
            STAY.plus(
                "compose.yaml",
                "services:\n  database:\n    image: postgres:17\n  prometheus:\n    image: prom/prometheus:v2.55.1\n",
            ),
            id="compose-of-other-peoples-images",
        ),
    ],
)
def test_deployment(repo: Repo) -> None:
    withheld(repo.files, "production.deployment")


STAGES = ("ingest", "prepare", "train", "evaluate", "persist", "serve")
PRETTY = {stage: f'def {stage}():\n    """The {stage} stage."""\n    print("{stage}: done")\n' for stage in STAGES}
RUNNER = "".join(f"from pipeline.{s} import {s}\n" for s in STAGES) + "\n" + "".join(f"{s}()\n" for s in STAGES)
SHORT = """\
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

calls = pd.read_csv("bank.csv")
x_train, x_test, y_train, y_test = train_test_split(calls.drop(columns="y"), calls["y"], random_state=0)
model = RandomForestClassifier(random_state=0).fit(x_train, y_train)
print(model.score(x_test, y_test))
"""
UNUSED = '''\
"""Further steps."""

import joblib
from fastapi import FastAPI


def save(model):
    """Keep the model."""
    joblib.dump(model, "model.joblib")


def load():
    """Read the model back."""
    return joblib.load("model.joblib")


def make_app():
    """Return the service."""
    app = FastAPI()

    @app.post("/predict")
    def predict(row: dict):
        return {"answer": load().predict([list(row.values())])[0]}

    return app
'''
DIAGRAM = "# Calls\n\n## Pipeline\n\nIngest → prepare → train → evaluate → persist → serve (FastAPI) → monitor.\n"


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(
            Repo(
                {
                    "README.md": DIAGRAM,
                    "main.py": SHORT + RUNNER,
                    **{f"pipeline/{s}.py": text for s, text in PRETTY.items()},
                }
            ),
            id="stages-that-print",
        ),
        pytest.param(
            Repo({"README.md": DIAGRAM, "main.py": SHORT, **{f"pipeline/{s}.py": "" for s in STAGES}}),
            id="empty-modules",
        ),
        pytest.param(
            Repo({"README.md": DIAGRAM, "main.py": SHORT, "further.py": UNUSED}), id="further-stages-that-nothing-calls"
        ),
        pytest.param(
            Repo({"README.md": DIAGRAM, "work.ipynb": notebook(("code", SHORT, "0.9\n"))}), id="diagram-over-a-notebook"
        ),
        pytest.param(
            scored(EVALUATED)
            .without(f"{CODE}/service.py", "Dockerfile", "compose.yaml", "deploy/", ".github/workflows/deploy.yml")
            .plus(f"{CODE}/cli.py", command("fetch")),
            id="only-the-download-is-reached",
        ),
    ],
)
def test_end_to_end(repo: Repo) -> None:
    withheld(repo.files, "production.end-to-end")
