"""What a command does for its reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.documents.instructions import Instruction, split
from evaluator.facts.tree import Tree
from evaluator.model import Span
from evaluator.signals.communication.commands import is_here, read
from tests.documents import known


def does(line: str) -> str:
    argv, wrapper = split(line)
    return read(Instruction(argv=argv, raw=line, at=Span(path="README.md"), block=0, wrapper=wrapper), ("mytool",)).does


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pip install -r requirements.txt", "install"),
        ("pip3.11 install .", "install"),
        ("python -m pip install x", "install"),
        ("pip install --upgrade pip setuptools", "other"),
        ("pip freeze", "other"),
        ("conda env create -f environment.yml", "install"),
        ("mamba install numpy", "install"),
        ("conda activate x", "other"),
        ("uv sync", "install"),
        ("uv pip install -e .", "install"),
        ("uv tool install x", "install"),
        ("uv venv", "other"),
        ("poetry install", "install"),
        ("poetry shell", "other"),
        ("npm install", "install"),
        ("yarn", "install"),
        ("npm run dev", "run"),
        ("npm run test", "other"),
        ("sudo apt-get install -y ffmpeg", "install"),
        ("nix-shell", "install"),
        ("docker build -t x .", "install"),
        ("docker run -p 1:1 x", "both"),
        ("docker-compose up -d", "both"),
        ("docker compose build", "install"),
        ("docker ps", "other"),
        ("make install", "install"),
        ("make train", "run"),
        ("make", "run"),
        ("make clean", "other"),
        ("just lint", "other"),
        ("bash setup.sh", "install"),
        ("source venv/bin/activate", "other"),
        ("venv\\Scripts\\activate", "other"),
        (".\\venv\\Scripts\\Activate.ps1", "other"),
        ("bash run.sh", "run"),
        ("./train.sh", "run"),
        ("./run_tests.sh", "run"),
        ("python train.py", "run"),
        ("python -u train.py", "run"),
        ("train.py --x", "run"),
        ("uv run train.py", "both"),
        ("python -m pkg.train", "run"),
        ("python -m venv .venv", "other"),
        ("python -m pytest", "other"),
        ("python -m unittest discover", "other"),
        ("python -m uvicorn app:app", "run"),
        ("python -c 'print(1)'", "other"),
        ("python", "other"),
        ("python setup.py install", "install"),
        ("python setup.py sdist", "other"),
        ("python manage.py runserver", "run"),
        ("python manage.py migrate", "other"),
        ("python test_a.py", "other"),
        ("streamlit run app.py", "run"),
        ("streamlit --version", "other"),
        ("jupyter lab analysis.ipynb", "run"),
        ("dvc repro", "run"),
        ("dvc pull", "other"),
        ("mlflow ui", "other"),
        ("Rscript a.R", "run"),
        ("cargo run --release", "run"),
        ("mytool --hours 3", "run"),
        ("git clone https://example.org/x", "other"),
        ("cd x", "other"),
        ("ls", "other"),
        ("pytest -q", "other"),
    ],
)
def test_what_it_does(line: str, expected: str) -> None:
    assert expected == does(line)


WORDS = [
    "pip",
    "install",
    "-r",
    "python",
    "-m",
    "-c",
    "setup.py",
    "manage.py",
    "docker",
    "compose",
    "up",
    "make",
    "=",
    "npm",
    "jupyter",
    "./",
    "",
    ".py",
]


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), min_size=1, max_size=6))
def test_reading_a_command_never_raises(words: list[str]) -> None:
    read(Instruction(argv=tuple(words), raw="", at=Span(path="README.md"), block=0))


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("src/train.py", True),
        ("train.py", True),
        ("./src/train.py", True),
        ("pkg.core", True),
        ("pkg", True),
        ("run.sh", False),
        ("other.core", False),
        ("<script>.py", False),
        ("*.ipynb", True),
        ("", True),
    ],
)
def test_whether_the_tree_has_it(name: str, here: bool) -> None:
    files = {"src/train.py": "", "pkg/__init__.py": "", "pkg/__main__.py": "", "pkg/core.py": "", "a.ipynb": "{}"}

    assert here == is_here(name, known(Tree, files))
