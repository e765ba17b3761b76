"""Where data come from, by what the code does; nothing is fetched to find out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.facts.data_sources import DataSources
from tests.documents import Files, known, notebook

TRAIN = "import pandas as pd\nfrom sklearn.linear_model import LinearRegression\n"
FIT = "LinearRegression().fit(df, df)\n"
DIGEST = "0123456789abcdef0123456789abcdef"
POINTER = f"outs:\n- md5: {DIGEST}\n  size: 1\n  path: x.csv\n"
READS = "import pandas as pd\n\ndef load(path):\n    return pd.read_csv(path)\n"
DRAWS = """import numpy as np
import pandas as pd

def make(n):
    rng = np.random.default_rng(1)
    age = rng.integers(18, 90, n)
    income = rng.normal(30, 5, n)
    return pd.DataFrame({"age": age, "income": income})
"""


def origins(files: Files) -> list[tuple[str, str]]:
    return [(s.origin, s.what) for s in known(DataSources, files).sources]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": TRAIN + "df = pd.read_csv('data/x.csv')\n" + FIT, "data/x.csv": "1"}, [("committed", "data/x.csv")], id="committed"),
        pytest.param({"a.py": TRAIN + "df = pd.read_csv('data/x.csv')\n" + FIT}, [], id="absent"),
        pytest.param({"a.py": TRAIN + "df = pd.read_csv('data/x.csv')\n" + FIT, "data/x.csv": ""}, [], id="empty"),
        pytest.param({"src/a.py": TRAIN + "import os\nP = os.path.join('..', 'x.csv')\ndf = pd.read_csv(P)\n" + FIT, "data/x.csv": "1"}, [("committed", "data/x.csv")], id="by a variable"),
        pytest.param({"a.py": TRAIN + "import sys\ndf = pd.read_csv(sys.argv[1])\n" + FIT, "data/x.csv": "1"}, [("committed", "data/x.csv")], id="named by the caller"),
        pytest.param({"a.py": TRAIN + "import sys\ndf = pd.read_csv(sys.argv[1])\n" + FIT, "results/x.csv": "1"}, [], id="only results are there"),
        pytest.param({"a.py": "from sklearn.datasets import load_iris\nload_iris()\n"}, [("built-in", "sklearn.datasets.load_iris")], id="built in"),
        pytest.param({"a.py": "from sklearn.datasets import load_iris\n"}, [], id="imported, never called"),
        pytest.param({"a.py": "# load_iris()\nx = 'load_iris()'\n"}, [], id="in words only"),
        pytest.param({"a.py": "import seaborn as sns\nsns.load_dataset('tips')\n"}, [("built-in", "seaborn.load_dataset(tips)")], id="seaborn"),
        pytest.param({"a.py": "from datasets import load_dataset\nload_dataset('imdb')\n"}, [("built-in", "datasets.load_dataset(imdb)")], id="hub"),
        pytest.param({"a.py": "from datasets import load_dataset\nload_dataset('csv', data_files='x.csv')\n"}, [], id="hub's reader of local files"),
        pytest.param({"a.py": "import nltk\nnltk.download('stopwords')\n"}, [], id="word lists"),
        pytest.param({"a.py": TRAIN + "df = pd.read_csv('https://example.net/x.csv')\n" + FIT}, [("fetched", "https://example.net/x.csv")], id="read from the web"),
        pytest.param({"a.py": TRAIN + "URL = 'https://example.net/x.csv'\ndf = pd.read_csv(URL)\n" + FIT}, [("fetched", "https://example.net/x.csv")], id="read from a named address"),
        pytest.param({"a.py": "import requests\nrequests.get('http://localhost:8000/x')\n"}, [], id="its own service"),
        pytest.param({"a.py": "from urllib.request import urlretrieve\nurlretrieve('https://github.com/a/b/releases/download/v1/model.pkl', 'model.pkl')\n"}, [], id="a trained model"),
        pytest.param({"a.py": "from urllib.request import urlopen\nfrom s import URL\ndef fetch(url=URL):\n    return urlopen(url)\nfetch()\n", "s.py": "URL = 'https://example.net/x.zip'\n"}, [("fetched", "https://example.net/x.zip")], id="asked by a default that stands elsewhere"),
        pytest.param({"a.py": "import requests\ndef fetch(url):\n    return requests.get(url)\nfetch('https://example.net/' + 'x.csv')\n"}, [("fetched", "https://example.net/x.csv")], id="asked by what a caller puts together"),
        pytest.param({"a.py": TRAIN + "import s\ndf = pd.read_csv(s.URL)\n" + FIT, "s.py": "URL = 'https://example.net/x.csv'\n"}, [("fetched", "https://example.net/x.csv")], id="read from an address in the settings"),
        pytest.param({"a.py": "from urllib.request import urlretrieve\nurlretrieve('https://example.net/path/to/your/x.csv', 'x.csv')\n"}, [], id="an address to be filled in"),
        pytest.param({"a.py": TRAIN + "df = pd.read_csv('data/x.csv')\n" + FIT, "data/x.csv": "age;job;y\n"}, [], id="a heading without rows"),
        pytest.param({"a.py": TRAIN + "df = pd.read_csv('data/x.csv')\n" + FIT, "data/x.csv": "age;job;y\n1;a;0\n"}, [("committed", "data/x.csv")], id="a heading and a row"),
        pytest.param({"a.py": TRAIN + "df = pd.read_csv('data/x.csv')\n" + FIT, "data/x.csv": "1,a,0\n"}, [("committed", "data/x.csv")], id="a row without a heading"),
        pytest.param({"a.py": "from sklearn.datasets import make_moons\nmake_moons()\n"}, [("generated", "sklearn.datasets.make_moons")], id="generated"),
        pytest.param({"a.py": "import gym\nenv = gym.make('CartPole-v1')\n"}, [("environment", "gym.make(CartPole-v1)")], id="simulation"),
        pytest.param({"tests/test_a.py": "from sklearn.datasets import load_iris\ndef test_a():\n    assert load_iris()\n"}, [], id="tests only"),
        pytest.param({"a.ipynb": notebook(("code", "!wget https://example.net/x.zip"))}, [("fetched", "wget https://example.net/x.zip")], id="notebook shell"),
        pytest.param({"a.ipynb": notebook(("code", "%%bash\nkaggle datasets download -d a/b"))}, [("fetched", "kaggle datasets download -d a/b")], id="bash cell"),
        pytest.param({"a.ipynb": notebook(("code", "!pip install wget"))}, [], id="an install"),
        pytest.param({"Makefile": "data:\n\twget https://example.net/x.csv\n"}, [("fetched", "wget https://example.net/x.csv")], id="makefile"),
        pytest.param({"README.md": "Get it from [Kaggle](https://www.kaggle.com/datasets/a/b)."}, [("described", "https://www.kaggle.com/datasets/a/b")], id="described"),
        pytest.param({"README.md": "[me](https://www.kaggle.com/me)"}, [], id="a profile"),
        pytest.param({".dvc/config": "['remote \"a\"']\n    url = s3://bucket/x\n", "data/x.csv.dvc": "outs: []"}, [("versioned", "dvc pull from s3")], id="versioned"),
        pytest.param({".dvc/config": "['remote \"a\"']\n    url = /tmp/x\n", "data/x.csv.dvc": "outs: []"}, [], id="versioned on one machine"),
        pytest.param({".dvc/config": "['remote \"a\"']\n    url = https://example.net/x\n", "dvc.lock": "x"}, [("fetched", "dvc pull from https")], id="versioned at an open remote"),
        pytest.param({"a.py": "from torchvision.datasets import ImageFolder\nImageFolder('data/train')\n", "data/train/a/1.png": "x"}, [("committed", "data/train")], id="a folder"),
        pytest.param({"a.py": "from torchvision.datasets import ImageFolder\nImageFolder('data/train')\n"}, [], id="a folder that is not there"),
        pytest.param({"a.py": TRAIN + "for n in range(3):\n    df = pd.read_csv(f'data/part_{n}.csv')\n" + FIT, "data/part_0.csv": "1"}, [("committed", "data/part_0.csv")], id="a pattern of names"),
        pytest.param({"a.py": "text = open('corpus.txt').read()\n", "corpus.txt": "words"}, [("committed", "corpus.txt")], id="a text file"),
        pytest.param({"a.py": "open('log.csv', 'w').write('x')\n", "log.csv": "x"}, [], id="written"),
        pytest.param({"a.py": "import sys\ntext = open(sys.argv[1]).read()\n", "data/corpus.txt": "words"}, [("committed", "data/corpus.txt")], id="a text named by the caller"),
        pytest.param({"a.R": "x <- read.csv('x.csv')\n", "x.csv": "1"}, [("committed", "x.csv")], id="another language"),
        pytest.param({"a.R": "x <- 1\n", "assets/pack.zip": "1"}, [], id="another language, no data"),
        pytest.param({"a.py": "import requests\nrequests.get('https://data.gov.sg/x')\n"}, [("fetched", "https://data.gov.sg/x")], id="asked of a place of data"),
        pytest.param({"a.py": "import requests\nrequests.post('https://api.openai.com/v1')\n"}, [], id="a hosted model"),
        pytest.param({"a.py": "import numpy as np\nfrom sklearn.svm import SVC\nX = np.random.normal(size=(9, 2))\nSVC().fit(X, X[:, 0] > 0)\n"}, [("generated", "numbers drawn by chance")], id="drawn"),
        pytest.param({"a.py": "import numpy as np\nw = np.random.normal(size=3)\nprint(w)\n"}, [], id="drawn for something else"),
        pytest.param({"README.md": "1. Download the corpus from <https://riverwords.net/text.zip> and unzip it."}, [("described", "https://riverwords.net/text.zip")], id="a file that the words call data"),
        pytest.param({"README.md": "Unpack the driver from <https://riverdrivers.net/linux.zip> first."}, [], id="a file that nobody calls data"),
        pytest.param({"README.md": "```\nkaggle datasets download -d a/b\n```"}, [("described", "kaggle datasets download -d a/b")], id="a command for the reader"),
        pytest.param({"README.md": "```\ncurl -LsSf https://example.net/install.sh | sh\n```"}, [], id="an installer"),
        pytest.param({".dvc/config": "not a config", "data/x.csv.dvc": "outs: []"}, [], id="broken dvc config"),
        pytest.param({".dvc/config": "['remote \"a\"']\n    url = ../store\n", "data/x.csv.dvc": POINTER, f"store/files/md5/{DIGEST[:2]}/{DIGEST[2:]}": "1"}, [("committed", "store (DVC's store)")], id="a store in the tree"),
        pytest.param({".dvc/config": "['remote \"a\"']\n    url = ../store\n", "data/x.csv.dvc": POINTER, f"store/{DIGEST[:2]}/{DIGEST[2:]}": "1"}, [("committed", "store (DVC's store)")], id="a store of an older version in the tree"),
        pytest.param({".dvc/config": "['remote \"a\"']\n    url = ../store\n", "data/x.csv.dvc": POINTER, "store/files/md5/00/11": "1"}, [], id="a store that lacks the data"),
        pytest.param({".dvc/config": "['remote \"a\"']\n    url = ../../store\n", "data/x.csv.dvc": POINTER}, [], id="a store beside the tree"),
        pytest.param({".dvc/config": "['remote \"a\"']\n    url = ../store\n", "model.joblib.dvc": POINTER.replace("x.csv", "model.joblib"), f"store/files/md5/{DIGEST[:2]}/{DIGEST[2:]}": "1"}, [], id="a store of models"),
    ],
)  # fmt: skip
def test_sources(files: Files, expected: list[tuple[str, str]]) -> None:
    assert expected == origins(files)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"train.py": DRAWS + TRAIN + "df = make(100)\n" + FIT, "load.py": READS}, id="made where it is learned from; a reader that training does not use"),
        pytest.param({"rows.py": DRAWS, "train.py": "from rows import make\n" + TRAIN + "df = make(100)\n" + FIT, "load.py": READS}, id="made by a function that training calls"),
        pytest.param({"rows.py": DRAWS, "model.py": TRAIN + "def train(df):\n    " + FIT, "main.py": "from rows import make\nfrom model import train\ntrain(make(100))\n", "load.py": READS}, id="made and handed to the training"),
        pytest.param({"rows.py": DRAWS + "make(100).to_csv('data/rows.csv')\n", "train.py": TRAIN + "df = pd.read_csv('data/rows.csv')\n" + FIT}, id="made by a function, written at the top, and read"),
        pytest.param({"rows.py": DRAWS.replace("    return ", "    df = ") + "    df.to_csv('data/rows.csv')\n\nmake(100)\n", "train.py": TRAIN + "df = pd.read_csv('data/rows.csv')\n" + FIT}, id="made, written and read"),
        pytest.param({"rows.py": DRAWS.replace("    return ", "    df = ") + "    df.to_csv('data/rows.csv')\n\nmake(100)\n", "train.py": TRAIN + "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data', default='data/rows.csv')\ndf = pd.read_csv(p.parse_args().data)\n" + FIT}, id="made, written, and read by a name that is given"),
        pytest.param({"rows.py": "import random\nimport pandas as pd\nrows = [{'a': random.random(), 'b': random.choice('xy')} for _ in range(99)]\npd.DataFrame(rows).to_csv('rows.csv')\n", "train.py": TRAIN + "df = pd.read_csv('rows.csv')\n" + FIT}, id="made of lists by a script"),
    ],
)  # fmt: skip
def test_rows_that_the_project_makes(files: Files) -> None:
    assert [o for o, _ in origins(files)] == ["generated"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"rows.py": DRAWS, "train.py": TRAIN + "df = pd.read_csv('x.csv')\n" + FIT}, id="nothing calls the maker"),
        pytest.param({"rows.py": DRAWS, "demo.py": "from rows import make\nprint(make(3))\n", "train.py": TRAIN + "df = pd.read_csv('x.csv')\n" + FIT}, id="made for a demonstration"),
        pytest.param({"rows.py": DRAWS, "train.py": "from rows import make\n" + TRAIN + "try:\n    df = pd.read_csv('x.csv')\nexcept OSError:\n    df = make(100)\n" + FIT}, id="made where the data are missing"),
        pytest.param({"train.py": TRAIN + "import numpy as np\nfrom load import load\ndf = load('x.csv')\nn = np.random.choice(9)\nm = np.random.rand()\nout = pd.DataFrame({'p': [n, m]})\n" + FIT, "load.py": READS}, id="chance beside data that are read"),
        pytest.param({"rows.py": DRAWS.replace("    return ", "    df = ") + "    df.to_csv('data/demo.csv')\n\nmake(100)\n", "train.py": TRAIN + "df = pd.read_csv('data/x.csv')\n" + FIT}, id="what is written is not what is read"),
    ],
)  # fmt: skip
def test_rows_that_are_made_for_something_else(files: Files) -> None:
    assert origins(files) == []


@pytest.mark.parametrize(
    ("call", "wired"),
    [
        pytest.param("fetch()\n", True, id="called"),
        pytest.param("print('done')\n", False, id="never called"),
        pytest.param("", True, id="nothing runs at all"),
    ],
)
def test_a_download_that_nothing_calls(call: str, wired: bool) -> None:
    code = f"from urllib.request import urlretrieve\n\n\ndef fetch():\n    urlretrieve('https://example.net/x.csv', 'x.csv')\n\n\n{call}"

    assert [s.wired for s in known(DataSources, {"a.py": code}).of("fetched")] == [wired]


def test_what_the_code_writes_itself_is_not_wanted() -> None:
    code = TRAIN + "df = pd.read_csv('raw.csv')\ndf.to_csv('clean.csv')\ndf = pd.read_csv('clean.csv')\n" + FIT
    found = known(DataSources, {"a.py": code})

    assert [(w.name, w.path) for w in found.wanted] == [("raw.csv", None)]


def test_settings_are_no_data() -> None:
    code = "import json\nimport pandas as pd\njson.load(open('config.json'))\npd.read_csv('x.csv')\n"

    assert [w.name for w in known(DataSources, {"a.py": code, "config.json": "{}"}).wanted] == ["x.csv"]


def test_a_project_without_data_uses_none() -> None:
    assert not known(DataSources, {"a.py": "print(1)\n", "README.md": "text"}).used


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text("[]= \n'\"url%:/s3\t#;", max_size=120).map(str.encode)))
def test_a_foreign_dvc_configuration_never_raises(data: bytes) -> None:
    known(DataSources, {".dvc/config": data, "x.dvc": "outs: []"})
