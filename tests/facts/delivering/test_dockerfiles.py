"""What does a Dockerfile put into its image, and what does the image start?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.delivering.dockerfiles import is_dockerfile
from tests.facts.delivering.reading import image, read

TREE = {
    "app.py": "",
    "requirements.txt": "",
    "src/pkg/main.py": "",
    "model/m.pkl": "",
    "start.sh": 'set -e\nexec "$@"\n',
}
HEAD = "FROM python:3.11\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"


def test_a_whole_one() -> None:
    found = image({**TREE, "Dockerfile": HEAD + 'COPY . .\nEXPOSE 80\nCMD ["python", "app.py"]\n'})

    assert (found.base, found.copies, found.lost) == ("python:3.11", ("requirements.txt", "."), ())
    assert [(c.argv, c.at.start, c.names_missing) for c in found.installs] == [
        (("pip", "install", "-r", "requirements.txt"), 4, None)
    ]
    assert found.starts is not None
    assert (found.starts.runs, found.starts.at.start, found.dev_only) == ("app.py", 7, False)


@pytest.mark.parametrize(
    ("body", "runs"),
    [
        pytest.param("COPY . .\nCMD python app.py", "app.py", id="shell form"),
        pytest.param('COPY . .\nENTRYPOINT ["python"]\nCMD ["app.py"]', "app.py", id="entry point with arguments"),
        pytest.param(
            'COPY . .\nCMD ["wrong.py"]\nENTRYPOINT ["python", "app.py"]', "app.py", id="a CMD before it is void"
        ),
        pytest.param('COPY . .\nENTRYPOINT python app.py\nCMD ["x"]', "app.py", id="shell form takes no arguments"),
        pytest.param(
            'COPY src/ /code/\nWORKDIR /code\nCMD ["python", "-m", "pkg.main"]', "src/pkg/main.py", id="module"
        ),
        pytest.param("COPY src/ ./\nCMD uvicorn pkg.main:app --port $PORT", "src/pkg/main.py", id="folder's content"),
        pytest.param(
            "COPY src src\nENV PYTHONPATH=/app/src\nCMD uvicorn pkg.main:app", "src/pkg/main.py", id="PYTHONPATH"
        ),
        pytest.param("COPY app.py /srv/main.py\nCMD python /srv/main.py", "app.py", id="renamed"),
        pytest.param(
            'COPY app.py start.sh /app/\nENTRYPOINT ["./start.sh"]\nCMD ["python", "app.py"]',
            "app.py",
            id="script that hands over",
        ),
        pytest.param('COPY ["app.py", "./"]\nCMD ["uv", "run", "app.py"]', "app.py", id="uv run of a script"),
        pytest.param('COPY --chown=1:1 *.py ./\nCMD ["python", "app.py"]', "app.py", id="pattern and flags"),
        pytest.param("ARG F=app.py\nCOPY ${F} .\nCMD python $F", "app.py", id="variables"),
        pytest.param("COPY . .\nCMD cd src && python pkg/main.py", "src/pkg/main.py", id="cd in the image"),
        pytest.param('COPY src src\nCMD ["python", "app.py"]', None, id="not copied"),
        pytest.param('COPY . .\nCMD ["python", "gone.py"]', None, id="not there"),
        pytest.param("COPY . .", None, id="nothing"),
        pytest.param('COPY . .\nCMD ["python"', None, id="broken list"),
    ],
)
def test_starts(body: str, runs: str | None) -> None:
    found = image({**TREE, "Dockerfile": HEAD + body + "\n"})

    assert runs == (found.starts.runs if found.starts else None)


def test_stages() -> None:
    """Only the last stage is shipped; what it copies from others, and what they install, comes with it."""
    text = (
        "FROM python AS build\nWORKDIR /b\nCOPY . .\nRUN pip install --target /deps -r requirements.txt\n"
        "FROM node AS web\nRUN npm ci\nCOPY gone web\n"
        "FROM python:slim\nCOPY --from=build /b/src /app\nCOPY --from=nginx /etc/x /x\nWORKDIR /app\nCMD python pkg/main.py\n"
    )

    found = image({**TREE, "Dockerfile": text})

    assert found.base == "python:slim"
    assert (found.copies, found.lost) == ((".",), ())
    assert [c.argv[0] for c in found.installs] == ["pip"]
    assert found.starts is not None
    assert found.starts.runs == "src/pkg/main.py"


def test_a_stage_on_a_stage() -> None:
    text = (
        HEAD.replace("FROM python:3.11", "FROM python:3.11 AS base")
        + "FROM base AS dev\nCMD bash\nFROM base\nCOPY app.py .\nCMD python app.py\n"
    )

    found = image({**TREE, "Dockerfile": text})

    assert (found.base, len(found.installs), found.dev_only) == ("python:3.11", 1, False)
    assert found.starts is not None
    assert found.starts.runs == "app.py"


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        pytest.param("app.py", (), id="there"),
        pytest.param("./src/", (), id="folder"),
        pytest.param("gone.py", ("gone.py",), id="gone"),
        pytest.param("*.toml", ("*.toml",), id="pattern that fits nothing"),
        pytest.param("model", ("model",), id="kept out by .dockerignore"),
        pytest.param("src/pkg/main.py", (), id="let in again"),
        pytest.param("https://example.org/x.tgz", (), id="from the web"),
    ],
)
def test_lost(source: str, lost: tuple[str, ...]) -> None:
    files = {**TREE, ".dockerignore": "# x\nmodel/\nsrc/pkg/*.py\n!src/pkg/main.py\n**/*.log\n"}

    assert lost == image({**files, "Dockerfile": f"FROM x\nADD {source} /y/\n"}).lost


@pytest.mark.parametrize(
    ("files", "context"),
    [
        pytest.param({"api/Dockerfile": "COPY m.py .", "api/m.py": ""}, "api/m.py", id="its own folder"),
        pytest.param({"docker/Dockerfile": "COPY m.py .", "m.py": ""}, "m.py", id="the top"),
        pytest.param(
            {"docker/Dockerfile": "COPY . .", "docker/x": "", "m.py": ""},
            "m.py",
            id="a folder for Docker means the top",
        ),
        pytest.param(
            {
                "api/Dockerfile": "COPY . .",
                "api/m.py": "",
                "m.py": "",
                "compose.yml": "services: {a: {build: {context: ., dockerfile: api/Dockerfile}}}",
            },
            "m.py",
            id="what compose says",
        ),
        pytest.param(
            {
                "api/Dockerfile": "COPY . .",
                "api/m.py": "",
                "m.py": "",
                "Makefile": "i:\n\tdocker build -t x -f api/Dockerfile .\n",
            },
            "m.py",
            id="what a command says",
        ),
    ],
)
def test_context(files: dict[str, str], context: str) -> None:
    texts = {
        p: f"FROM x\nWORKDIR /a\n{t}\nCMD python m.py\n" if p.endswith("Dockerfile") else t for p, t in files.items()
    }

    found = image(texts)

    assert found.starts is not None
    assert context == found.starts.runs


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(".devcontainer/Dockerfile", HEAD + "COPY . .\nCMD python app.py\n", id="folder"),
        pytest.param("Dockerfile", HEAD + 'COPY . .\nCMD ["/bin/bash"]\n', id="shell"),
        pytest.param("Dockerfile", HEAD + "COPY . .\nCMD sleep infinity\n", id="sleep"),
        pytest.param("Dockerfile", HEAD + 'COPY . .\nCMD ["jupyter", "lab", "--ip=0.0.0.0"]\n', id="notebook server"),
        pytest.param("Dockerfile", HEAD + "COPY . .\nCMD python\n", id="prompt"),
        pytest.param("Dockerfile", HEAD + "COPY . .\nCMD echo ready\n", id="echo"),
    ],
)
def test_dev_only(path: str, text: str) -> None:
    assert image({**TREE, path: text}).dev_only


def test_compose_starts_what_the_dockerfile_does_not() -> None:
    compose = "services:\n  a:\n    build: .\n    command: python app.py\n"

    found = image({**TREE, "Dockerfile": HEAD + "COPY . .\n", "docker-compose.yml": compose})

    assert found.starts is not None
    assert (found.starts.runs, found.starts.origin) == ("app.py", "compose")


def test_here_documents() -> None:
    text = "FROM x\nRUN <<EOF\npip install a\npip install b\nEOF\nCOPY <<EOF /x\nCMD no\nEOF\nCMD python app.py\n"

    found = image({**TREE, "Dockerfile": text})

    assert [c.argv for c in found.installs] == [("pip", "install", "a"), ("pip", "install", "b")]
    assert found.starts is not None
    assert (found.starts.argv, found.starts.at.start) == (("python", "app.py"), 9)


def test_bases_that_start_by_themselves() -> None:
    assert image({"Dockerfile": "FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\nCOPY . /app\n"}).starts_by_base


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        *[
            (p, True)
            for p in (
                "Dockerfile",
                "a/Dockerfile.prod",
                "api.Dockerfile",
                "dockerfile",
                "Containerfile",
                "Dockerfile-gpu",
            )
        ],
        *[
            (p, False)
            for p in (
                "Dockerfile.md",
                ".dockerignore",
                "Dockerfile.py",
                "docker-compose.yml",
                "Dockerfiles",
                "x.dockerignore",
            )
        ],
    ],
)
def test_names(path: str, expected: bool) -> None:
    assert expected is is_dockerfile(path)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# only a comment\n", "RUN x\n", "FROM\n", "not a Dockerfile at all", "\x00\x01"]
)
def test_stubs(text: str) -> None:
    found = image({**TREE, "Dockerfile": text})

    assert (found.copies, found.installs, found.starts) == ((), (), None)


WORDS = [
    "FROM",
    "x",
    "AS",
    "COPY",
    "--from=0",
    "--from=b",
    ".",
    "..",
    "/",
    "RUN",
    "CMD",
    "ENTRYPOINT",
    "[",
    "]",
    '"',
    "'",
    "\\\n",
    "\n",
    " ",
    "<<EOF",
    "EOF",
    "$A",
    "${A:-b}",
    "ENV",
    "ARG",
    "WORKDIR",
    "# escape=`",
    "`",
]


@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join) | st.binary(max_size=200))
def test_never_raises(text: str | bytes) -> None:
    assert len(read({**TREE, "Dockerfile": text}).dockerfiles) == 1


def test_bounded() -> None:
    """Continuations without end, a thousand stages that continue one another, a variable that doubles."""
    for text in (
        "RUN a \\\n" * 20_000,
        "FROM x AS s0\nCOPY . .\n"
        + "".join(f"FROM s{n} AS s{n + 1}\nCOPY --from=s{n} / /\n" for n in range(2000))
        + "CMD python app.py\n",
        "FROM x\nENV A=aa\n" + "ENV A=$A$A\n" * 200 + "CMD $A\n",
        "FROM x\nRUN <<A\n" * 5000,
    ):
        assert len(read({**TREE, "Dockerfile": text}).dockerfiles) == 1
