"""Dockerfiles that run the project, that cannot, and that are there for show."""

from __future__ import annotations

import pytest

from evaluator.facts.packaging import ConsoleScript, Packaging
from evaluator.facts.tree import tree
from evaluator.model import Absence, InFile, Measured, Missing, Span
from evaluator.signals.production.image import dockerfile
from evaluator.source.snapshot import Snapshot
from tests.facts.delivering.reading import read

NOTHING = Missing(fact="Packaging", cause="not-found")
FILES = {"app.py": "x = 1\n", "requirements.txt": "numpy\n", "pkg/api.py": "app = 1\n"}
HEAD = "FROM python:3.11\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"


def judged(files: dict[str, str], packaging: Packaging | Missing = NOTHING) -> Measured:
    snapshot = Snapshot.of({**FILES, **files})
    answer = dockerfile(read({**FILES, **files}), tree(snapshot), packaging)
    assert isinstance(answer, Measured)
    return answer


@pytest.mark.parametrize(
    ("files", "level"),
    [
        pytest.param({"Dockerfile": HEAD + "COPY . .\nCMD python app.py\n"}, 2, id="script"),
        pytest.param({"Dockerfile": HEAD + 'COPY pkg pkg\nCMD ["uvicorn", "pkg.api:app"]\n'}, 2, id="server"),
        pytest.param(
            {"docker/api.Dockerfile": HEAD + "COPY . .\nCMD python app.py\n"}, 2, id="another name and folder"
        ),
        pytest.param(
            {"Dockerfile": HEAD + "COPY models/ models/\nCOPY app.py .\nCMD python app.py\n"},
            2,
            id="a model that training leaves",
        ),
        pytest.param(
            {
                "Dockerfile": HEAD + "COPY . .\nRUN pip install .\nCMD uvicorn served.api:app\n",
                "src/served/api.py": "app = 1\n",
            },
            2,
            id="a module below src that is installed",
        ),
        pytest.param(
            {"Dockerfile": HEAD + "COPY . .\nCMD uvicorn served.api:app\n", "src/served/api.py": "app = 1\n"},
            1,
            id="a module below src that nothing installs",
        ),
        pytest.param(
            {"Dockerfile": HEAD + "COPY . .\nCMD make run\n", "Makefile": "run:\n\tpython app.py\n"}, 2, id="make"
        ),
        pytest.param(
            {"Dockerfile": "FROM tiangolo/uvicorn-gunicorn-fastapi\nCOPY pkg /app\n"}, 2, id="base that starts it"
        ),
        pytest.param(
            {"Dockerfile": HEAD + "COPY . .\n", "compose.yaml": "services: {a: {build: ., command: python app.py}}\n"},
            2,
            id="compose starts it",
        ),
        pytest.param(
            {"Dockerfile": "FROM scratch\n", "Dockerfile.prod": HEAD + "COPY . .\nCMD python app.py\n"},
            2,
            id="the best decides",
        ),
        pytest.param({"Dockerfile": HEAD + "COPY . .\nCMD python gone.py\n"}, 1, id="starts what is not there"),
        pytest.param({"Dockerfile": HEAD + "CMD python app.py\n"}, 1, id="does not copy what it starts"),
        pytest.param({"Dockerfile": HEAD + "COPY . .\n"}, 1, id="starts nothing"),
        pytest.param({"Dockerfile": HEAD + "COPY . .\nCMD make run\n"}, 1, id="make without a Makefile"),
        pytest.param({"Dockerfile": "FROM python\nCOPY . .\nCMD python app.py\n"}, 1, id="installs nothing"),
        pytest.param(
            {"Dockerfile": "FROM python\nRUN pip install numpy\nCMD jupyter lab\n"}, 1, id="a place to work in"
        ),
        pytest.param({"Dockerfile": HEAD + "COPY . .\nCMD bash\n"}, 1, id="a shell"),
        pytest.param({"Dockerfile": HEAD + "COPY . .\nCMD ls\n"}, 1, id="another command"),
        pytest.param(
            {"Dockerfile": HEAD + "COPY setup.cfg .\nCOPY app.py .\nCMD python app.py\n"},
            1,
            id="copies what is not there",
        ),
        pytest.param({".devcontainer/Dockerfile": HEAD + "COPY . .\nCMD python app.py\n"}, 1, id="dev container"),
        pytest.param(
            {".devcontainer/devcontainer.json": '{"image": "python:3.11-bookworm"}'}, 1, id="dev container without one"
        ),
        pytest.param({}, 0, id="none"),
        pytest.param({"Dockerfile": ""}, 0, id="empty"),
        pytest.param({"Dockerfile": "FROM python:3.11\n"}, 0, id="only a base"),
        pytest.param({"Dockerfile": "# COPY . .\n# CMD python app.py\n"}, 0, id="commented out"),
        pytest.param({".devcontainer/devcontainer.json": "{}"}, 0, id="an empty dev container"),
        pytest.param({"README.md": "    FROM python\n    COPY . .\n    CMD python app.py\n"}, 0, id="in prose"),
    ],
)
def test_dockerfile(files: dict[str, str], level: int) -> None:
    answer = judged(files)

    assert level == answer.value
    assert answer.evidence


def test_a_console_script_starts_the_project() -> None:
    files = {"Dockerfile": HEAD + 'COPY . .\nRUN pip install .\nCMD ["forecast", "serve"]\n'}
    script = ConsoleScript(name="forecast", target="pkg.api:main", at=Span(path="pyproject.toml"))

    assert judged(files).value == 1
    assert judged(files, Packaging(manifests=(), scripts=(script,))).value == 2


def test_evidence_names_every_lack() -> None:
    answer = judged({"Dockerfile": "FROM python\nCOPY gone.toml app.py ./\nCMD python other.py\n"})

    assert [e.note for e in answer.evidence if isinstance(e, InFile)] == [
        "Dockerfile installs no dependencies",
        "Dockerfile copies what is not there: gone.toml",
        "Dockerfile starts nothing of the project that is in the image: python other.py",
        "what it starts",
    ]


def test_absence_says_where_it_was_looked_for() -> None:
    (found,) = judged({}).evidence

    assert isinstance(found, Absence)
    assert "Dockerfile" in found.looked_at
