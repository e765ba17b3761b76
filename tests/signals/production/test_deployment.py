"""Ways to deploy that could work, that are only described or lack something, and imitations."""

from __future__ import annotations

import pytest

from evaluator.model import Measured, NotApplicable
from evaluator.signals.production.deployment import deployment
from tests.facts.services import service
from tests.signals.production.programs import API, TRAINED

SERVED = {**TRAINED, "app.py": API, "requirements.txt": "fastapi\n"}
IMAGE = "FROM python:3.11\nCOPY . .\nRUN pip install -r requirements.txt\nCMD uvicorn app:app\n"
KUBERNETES = """
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    spec:
      containers:
        - {name: api, image: me/api}
"""


def job(*steps: str, condition: str = "") -> dict[str, str]:
    lines = "".join(f"      - {step}\n" for step in steps)
    return {
        ".github/workflows/deploy.yml": "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n"
        + (f"    if: {condition}\n" if condition else "")
        + f"    steps:\n{lines}"
    }


def answer(files: dict[str, str]) -> object:
    made = service(files)
    return deployment(made.delivery, made.serving, made.program.work, made.prose, made.program.tree)


def level(files: dict[str, str]) -> float:
    found = answer(files)
    assert isinstance(found, Measured)
    assert found.evidence
    return found.value


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"Procfile": "web: uvicorn app:app --port $PORT\n"}, id="procfile"),
        pytest.param(
            {"Procfile": "web: sh setup.sh && streamlit run app.py\n", "setup.sh": "mkdir -p x\n"},
            id="procfile, two commands",
        ),
        pytest.param({"compose.yaml": "services: {api: {build: .}}\n", "Dockerfile": IMAGE}, id="compose that builds"),
        pytest.param(
            {"docker-compose.yml": "services: {api: {image: python:3.11, command: python app.py}}\n"},
            id="compose that starts a file",
        ),
        pytest.param({"k8s/api.yaml": KUBERNETES}, id="kubernetes, second of two documents"),
        pytest.param(
            {
                "chart/Chart.yaml": "name: api\nversion: 1.0.0\n",
                "chart/templates/deployment.yaml": "kind: Deployment\nname: {{ .x }}\n",
            },
            id="helm",
        ),
        pytest.param({"infra/main.tf": 'provider "aws" {}\nresource "aws_ecs_service" "api" {\n}\n'}, id="terraform"),
        pytest.param(
            {"serverless.yml": "service: api\nprovider: {name: aws}\nfunctions: {ask: {handler: app.handler}}\n"},
            id="serverless",
        ),
        pytest.param(
            {
                "template.yaml": "AWSTemplateFormatVersion: '2010-09-09'\nResources: {F: {Type: 'AWS::Serverless::Function'}}\n"
            },
            id="sam",
        ),
        pytest.param({"README.md": "---\ntitle: Ask\nsdk: gradio\napp_file: app.py\n---\n# Ask\n"}, id="a space"),
        pytest.param({"README.md": "---\nsdk: docker\n---\n# Ask\n", "Dockerfile": IMAGE}, id="a space by its image"),
        pytest.param(
            {"render.yaml": "services:\n  - type: web\n    env: python\n    startCommand: uvicorn app:app\n"},
            id="render",
        ),
        pytest.param({"railway.json": '{"deploy": {"startCommand": "uvicorn app:app"}}'}, id="railway"),
        pytest.param({"fly.toml": 'app = "api"\n[http_service]\ninternal_port = 8000\n'}, id="fly"),
        pytest.param({"app.json": '{"name": "api", "stack": "container", "env": {}}'}, id="heroku"),
        pytest.param(
            {"heroku.yml": "build: {docker: {web: Dockerfile}}\n", "Dockerfile": IMAGE}, id="heroku by its image"
        ),
        pytest.param({"vercel.json": '{"builds": [{"src": "app.py", "use": "@vercel/python"}]}'}, id="vercel"),
        pytest.param({"app.yaml": "runtime: python311\nentrypoint: uvicorn app:app\n"}, id="app engine"),
        pytest.param(
            {"cloudbuild.yaml": "steps:\n  - name: gcr.io/cloud-builders/docker\n    args: [push, gcr.io/p/api]\n"},
            id="cloud build",
        ),
        pytest.param({"bentofile.yaml": "service: 'app:svc'\n"}, id="bento"),
        pytest.param(job("run: docker push me/api"), id="an image is pushed"),
        pytest.param(
            job("{uses: docker/build-push-action@v5, with: {push: true}}"), id="an image is pushed, ready-made"
        ),
        pytest.param(
            job("run: kubectl apply -f k8s/", condition="github.ref == 'refs/heads/main'") | {"k8s/a.yaml": "a: 1\n"},
            id="kubectl",
        ),
        pytest.param(job("run: gcloud run deploy api --image x"), id="cloud run"),
        pytest.param(job("run: 'curl -X POST \"$RENDER_DEPLOY_HOOK\"'"), id="a hook"),
        pytest.param(job("uses: pypa/gh-action-pypi-publish@release/v1"), id="a package is published"),
        pytest.param(job("run: python -m twine upload dist/*"), id="twine"),
        pytest.param({".gitlab-ci.yml": "deploy:\n  script:\n    - docker push registry/me/api\n"}, id="gitlab"),
        pytest.param(
            {".circleci/config.yml": "jobs: {build: {steps: [{run: 'heroku container:release web'}]}}\n"}, id="circle"
        ),
        pytest.param({"azure-pipelines.yml": "steps:\n  - script: az webapp up --name api\n"}, id="azure"),
        pytest.param(
            {"Jenkinsfile": "pipeline { stages { stage('d') { steps { sh 'docker push me/api' } } } }\n"}, id="jenkins"
        ),
        pytest.param({"Makefile": "deploy:\n\tfly deploy\n"}, id="a make target"),
        pytest.param({"deploy.sh": "set -e\ndocker build -t me/api .\ndocker push me/api\n"}, id="a script"),
    ],
)
def test_could_work(files: dict[str, str]) -> None:
    assert level({**SERVED, **files}) == 2


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {"README.md": "# A\n## Deployment\nCreate a web service on Render and point it at this repository.\n"},
            id="a section",
        ),
        pytest.param(
            {"README.md": "# A\n## Despliegue\nCree un servicio web en Render y conecte este repositorio.\n"},
            id="in Spanish",
        ),
        pytest.param({"README.md": "# A\nThe app is deployed on Streamlit Cloud.\n"}, id="a sentence"),
        pytest.param({"README.md": "# A\nTry it at https://my-app.streamlit.app.\n"}, id="a link to it"),
        pytest.param({"README.md": "# A\n```bash\ngcloud run deploy api --source .\n```\n"}, id="a command"),
        pytest.param({"Dockerfile": IMAGE}, id="an image that somebody has to build"),
        pytest.param({"Procfile": "web: uvicorn other:app\n"}, id="procfile that starts what is not there"),
        pytest.param({"bentofile.yaml": "service: 'other:svc'\n"}, id="bento of what is not there"),
        pytest.param({"README.md": "---\nsdk: gradio\napp_file: gone.py\n---\n# Ask\n"}, id="a space without its file"),
        pytest.param({"chart/Chart.yaml": "name: api\n"}, id="a chart without templates"),
        pytest.param(
            {"serverless.yml": "provider: {name: aws}\nfunctions: {ask: {handler: gone.handler}}\n"},
            id="serverless of what is not there",
        ),
    ],
)
def test_described_or_lacking(files: dict[str, str]) -> None:
    assert level({**SERVED, **files}) == 1


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="nothing"),
        pytest.param(job("run: echo docker push me/api", "run: echo Deploying..."), id="echoed"),
        pytest.param(job("run: docker push me/api", condition="false"), id="never run"),
        pytest.param(
            {".github/workflows/deploy.yml": "on: push\njobs:\n#  deploy:\n#    steps: [{run: docker push x}]\n"},
            id="commented",
        ),
        pytest.param(job("{uses: docker/build-push-action@v5, with: {push: false}}"), id="built, not pushed"),
        pytest.param(job("run: pytest"), id="a workflow of tests"),
        pytest.param(
            {"github/workflows/deploy.yml": "on: push\njobs: {d: {steps: [{run: docker push x}]}}\n"},
            id="a folder that is not read",
        ),
        pytest.param({"README.md": "# A\n## Future work\nDeploy the model to AWS with Docker.\n"}, id="planned"),
        pytest.param({"README.md": "# A\n## Usage\n```bash\npython app.py\n```\n"}, id="run by hand"),
        pytest.param({"main.tf": '# resource "aws_ecs_service" "api" {}\n'}, id="terraform in comments"),
        pytest.param({"values.yaml": "kind: Deployment\n"}, id="a word of kubernetes"),
        pytest.param({"compose.yaml": "services: {db: {image: postgres}}\n"}, id="a database only"),
        pytest.param({"app.yaml": "name: something\n"}, id="another file of that name"),
        pytest.param({"src/README.md": "---\nsdk: gradio\n---\n"}, id="a space's head elsewhere"),
    ],
)
def test_no_way(files: dict[str, str]) -> None:
    assert level({**SERVED, **files}) == 0


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({**TRAINED}, 0, id="a saved model, and no way"),
        pytest.param({**TRAINED, **job("run: poetry publish --build")}, 2, id="a published package"),
        pytest.param({**TRAINED, "Dockerfile": IMAGE}, 0, id="an image that trains is no way to deploy"),
    ],
)
def test_a_saved_model(files: dict[str, str], expected: float) -> None:
    assert level(files) == expected


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "print(1)\n"}, id="nothing to deploy"),
        pytest.param(
            {"a.py": "from sklearn.svm import SVC\nSVC().fit(X, y)\n", "Procfile": "web: python a.py\n"},
            id="nothing is kept",
        ),
    ],
)
def test_not_asked(files: dict[str, str]) -> None:
    assert isinstance(answer(files), NotApplicable)
