"""Does the code name paths of one machine, mounts of hosted notebooks, or none?"""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.local_paths.kinds import kind_of
from evaluator.facts.local_paths.typed import Language, texts, typed_lines, words
from evaluator.facts.machine_paths import machine_paths
from evaluator.model import Answer, Measured, NotApplicable
from evaluator.signals.reproducibility.paths import no_absolute_paths
from evaluator.source.snapshot import Snapshot
from tests.facts.programs import NOTHING, cell, notebook, program

LANGUAGES: tuple[Language, ...] = get_args(Language)
WINDOWS = 'import pandas as pd\nx = pd.read_csv(r"C:\\Users\\jo\\Desktop\\train.csv")\n'
MAC = 'import pandas as pd\nx = pd.read_csv("/Users/jo/project/train.csv")\n'
LINUX = 'BASE = "/home/jo/project"\n'
THREE = 'A = "/home/jo/p/a.csv"\nB = "/home/jo/p/b.csv"\nC = "/home/jo/p/c.csv"\n'
OUTPUT = notebook(cell("import pandas as pd\npd.read_csv('train.csv')", 1, printed="/home/jo/env/lib/warning"))


def asked(files: dict[str, str]) -> Answer:
    made = program(files)
    paths = machine_paths(
        Snapshot.of(files), made.tree, made.modules, made.code, notebooks=made.notebooks, delivery=NOTHING
    )
    return no_absolute_paths(paths)


@pytest.mark.parametrize(
    ("files", "level"),
    [
        pytest.param({"a.py": "open('data/train.csv')\n"}, 2, id="relative"),
        pytest.param(
            {"a.py": "from pathlib import Path\nHERE = Path(__file__).parent / 'data'\n"}, 2, id="from the file"
        ),
        pytest.param({"a.py": WINDOWS}, 1, id="a drive"),
        pytest.param({"a.py": MAC}, 1, id="a home on a Mac"),
        pytest.param({"a.py": LINUX}, 1, id="a home on Linux"),
        pytest.param({"a.py": LINUX, "b.py": MAC}, 1, id="two places"),
        pytest.param({"a.py": THREE}, 0, id="three places"),
        pytest.param({"a.py": LINUX, "b.py": MAC, "c.ipynb": notebook(WINDOWS)}, 0, id="in three files"),
        pytest.param({"a.py": "p = 'file:///C:/Users/jo/mlruns'\n"}, 1, id="an address of a file"),
        pytest.param({"a.py": "p = 'sqlite:////home/jo/mlflow.db'\n"}, 1, id="a database"),
        pytest.param({"a.py": "f = 'x'\np = f'/home/jo/run/{f}'\n"}, 1, id="the beginning of an f-string"),
        pytest.param({"a.py": "p = '/home/jo/run/' + name\n"}, 1, id="the beginning of a sum"),
        pytest.param({"a.py": "import os\nos.system('cp /home/jo/x.csv .')\n"}, 1, id="typed for a shell"),
        pytest.param({"a.py": "import sys\nsys.path.append('/home/jo/lib')\n"}, 1, id="where modules are found"),
        pytest.param({"a.py": "p = r'C:\\Jo\\Course - ML\\1. App\\x.csv'\n"}, 1, id="with blanks and signs"),
        pytest.param({"a.py": "import pandas as pd\npd.read_csv('/titanic.csv')\n"}, 1, id="read from the root"),
        pytest.param({"a.py": "import os\nos.environ.get('D', '/home/jo/d.csv')\n"}, 1, id="a default"),
        pytest.param(
            {"a.py": "import argparse\nargparse.ArgumentParser().add_argument('--d', default='/media/jo/hdd/x')\n"},
            1,
            id="the default of an argument",
        ),
        pytest.param(
            {"a.py": "import os\np = os.path.join('C:\\\\', 'Users', 'jo', n)\n"}, 1, id="joined from a drive"
        ),
        pytest.param({"a.py": "import os\np = os.path.join('/', 'home', 'jo', 'x')\n"}, 1, id="joined from the root"),
        pytest.param({"a.py": "import os\np = os.path.join('/', name)\nq = '/'.join(a)\n"}, 2, id="the root alone"),
        pytest.param({"a.py": "p = '/ho' + 'me/' + 'jo/x.csv'\n"}, 1, id="put together by plus"),
        pytest.param(
            {"a.py": "from pathlib import Path\np = Path('/') / 'home' / 'jo' / 'x'\n"}, 1, id="put together by slashes"
        ),
        pytest.param({"a.py": "p = '/'.join(['', 'Users', 'jo', 'x'])\n"}, 1, id="put together by join"),
        pytest.param(
            {"a.py": "from s import P\np = open(f'/{P}/jo/x.csv')\n", "s.py": "P = 'home'\n"},
            1,
            id="put together by a field",
        ),
        pytest.param({"a.py": "p = '/%s/jo/x.csv' % 'home'\n"}, 1, id="put together by per cent"),
        pytest.param({"a.py": "p = '/' + name + '/jo/x.csv'\n"}, 2, id="a part that only a run knows"),
        pytest.param({"a.py": "print('/ho' + 'me/jo/x.csv')\n"}, 2, id="put together and shown"),
        pytest.param({"a.py": "n = 'a' + '/b' + '/c.csv'\nr = 10 / 2 / 5\n"}, 2, id="put together and relative"),
        pytest.param({"n.ipynb": notebook("%cd C:\\Users\\jo\\project")}, 1, id="a magic"),
        pytest.param({"a.R": 'setwd("C:/Users/jo/project")\n'}, 1, id="R"),
        pytest.param({"a.Rmd": 'Text\n```{r}\nsetwd("/Users/jo/p")\n```\n'}, 1, id="a chunk of R"),
        pytest.param({"n.ipynb": notebook('setwd("/Users/jo/p")', language="R")}, 1, id="a notebook in R"),
        pytest.param({"run.sh": "cd /home/jo/project\npython train.py\n", "a.py": "f()\n"}, 1, id="a shell script"),
        pytest.param({"Makefile": "train:\n\tpython /home/jo/p/train.py\n", "a.py": "f()\n"}, 1, id="a Makefile"),
        pytest.param(
            {"conf/config.yaml": "data: /home/jo/data\n", "a.py": "open('conf/config.yaml')\n"}, 1, id="settings read"
        ),
        pytest.param(
            {"a.py": "!pip install pandas\nx = open('/home/jo/x.csv')\n"}, 1, id="Python that cannot be parsed"
        ),
        pytest.param({"m.cpp": 'std::ifstream f("/home/jo/x.csv");\n'}, 1, id="C++"),
        pytest.param({"n.ipynb": notebook("!unzip -q /content/data.zip")}, 1, id="a hosted mount in a shell line"),
        pytest.param(
            {"n.ipynb": notebook(*[f"open('/content/drive/MyDrive/{n}.csv')" for n in "abcd"])},
            1,
            id="only a hosted mount, however often",
        ),
        pytest.param({"n.ipynb": notebook("open('/kaggle/input/titanic/train.csv')")}, 1, id="Kaggle"),
        pytest.param({"a.py": "P = '/dbfs/FileStore/x.csv'\n"}, 1, id="Databricks"),
        pytest.param({"n.ipynb": OUTPUT}, 2, id="in an output"),
        pytest.param({"a.py": "# open('/home/jo/x.csv')\nopen('x.csv')\n"}, 2, id="in a comment"),
        pytest.param(
            {"a.py": '"""Reads /home/jo/x.csv.\n\n/home/jo/y.csv\n"""\nopen("x.csv")\n'}, 2, id="in a docstring"
        ),
        pytest.param(
            {"m.cpp": '/* f("/home/jo/x.csv")\n "/home/jo/y.csv" */\n// "/home/jo/z.csv"\n'}, 2, id="remarks in C++"
        ),
        pytest.param({"a.py": "print('/home/jo/x.csv')\n"}, 2, id="printed"),
        pytest.param({"a.py": "import re\nre.compile(r'C:\\\\Users\\\\jo')\n"}, 2, id="a pattern"),
        pytest.param({"a.py": "def f(p):\n    return p.startswith('/Users/jo/')\n"}, 2, id="compared"),
        pytest.param({"a.py": "p = base + '/home/jo/x.csv'\n"}, 2, id="the end of a sum"),
        pytest.param(
            {"a.py": "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/home/jo/x')\ndef f(): ...\n"},
            2,
            id="a route",
        ),
        pytest.param({"a.py": "requests.get('/Users/jo/items')\n"}, 2, id="an address"),
        pytest.param({"a.py": "MODEL = '/app/models/m.pkl'\nT = '/tmp/x'\nD = '/data/raw'\n"}, 2, id="in a container"),
        pytest.param({"a.py": "d = '/path/to/imagenet'\ne = 'C:/Users/your_name/x.csv'\n"}, 2, id="stand-ins"),
        pytest.param({"a.py": "import os\np = os.path.expanduser('~/data')\n"}, 2, id="anyone's home"),
        pytest.param({"tests/test_a.py": f"{LINUX}\ndef test_a():\n    assert BASE\n", "a.py": "f()\n"}, 2, id="tests"),
        pytest.param({"vendor/x.py": THREE, "a.py": "f()\n"}, 2, id="other people's code"),
        pytest.param(
            {"mlruns/0/meta.yaml": "artifact_uri: file:///C:/Users/jo/mlruns/0\n", "a.py": "f()\n"},
            2,
            id="committed results",
        ),
        pytest.param({"labels.json": '{"file": "/home/jo/1.png"}', "a.py": "open('labels.json')\n"}, 2, id="data"),
        pytest.param({"other.yaml": "data: /home/jo/data\n", "a.py": "f()\n"}, 2, id="settings that nothing reads"),
        pytest.param({"a.py": "print(1)\n", "README.md": "Put it in C:\\Users\\jo\\project\n"}, 2, id="in a document"),
        pytest.param(
            {"a.py": "open('/models/m.pkl')\n", "Dockerfile": "FROM python\nCOPY m.pkl /models/\n"},
            2,
            id="a folder of the project's image",
        ),
    ],
)
def test_no_absolute_paths(files: dict[str, str], level: int) -> None:
    answer = asked(files)

    assert isinstance(answer, Measured)
    assert level == answer.value
    assert answer.evidence


@pytest.mark.parametrize("files", [{}, {"README.md": "Lies in /home/jo/project.\n"}], ids=["nothing", "documents only"])
def test_not_asked(files: dict[str, str]) -> None:
    assert isinstance(asked(files), NotApplicable)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("D:/data/x.csv", "machine", id="another drive"),
        pytest.param("C:\\\\Users\\\\jo\\\\x", "machine", id="doubled separators"),
        pytest.param("/mnt/c/Users/jo/x.csv", "machine", id="a drive under Linux"),
        pytest.param("/scratch/jo/x", "machine", id="a cluster"),
        pytest.param("/Volumes/Disk/x", "machine", id="a disk on a Mac"),
        pytest.param("/content/drive/My Drive/x.csv", "hosted", id="a drive in the cloud"),
        pytest.param("dbfs:/mnt/x", "hosted", id="a file system in the cloud"),
        pytest.param("/mnt/data/x.csv", "hosted", id="an assistant's disk"),
        pytest.param("/usr/share/fonts/x.ttf", "anywhere", id="the system's"),
        pytest.param("/home/user/app", "anywhere", id="the home of an image"),
        pytest.param("/predict", "unknown", id="a route or a folder"),
        pytest.param("/home/{}/x", None, id="whoever runs it"),
        pytest.param("https://example.org/home/jo", None, id="an address"),
        pytest.param("//cdn.example.org/x.js", None, id="an address without a scheme"),
        pytest.param("/home/jo was not found on this machine here", None, id="a sentence"),
        pytest.param("s:\\d+", None, id="a pattern"),
        pytest.param("a/b", None, id="relative"),
        pytest.param("", None, id="empty"),
    ],
)
def test_kind_of(text: str, kind: str | None) -> None:
    assert kind == kind_of(text)


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_foreign_text_never_raises(text: str, language: Language) -> None:
    assert all(number >= 1 for number, _ in texts(text, language))
    assert kind_of(text) in {"machine", "hosted", "anywhere", "unknown", None}
    assert isinstance(words(text), list)
    assert all(number >= 1 for number, _ in typed_lines(text))
