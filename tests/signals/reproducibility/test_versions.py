"""Is the version of the data fixed: by its content, by its edition, by git alone, or not at all?"""

from __future__ import annotations

from hashlib import md5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.data_sources import DataSource, DataSources
from evaluator.facts.data_versions import DataVersions
from evaluator.facts.datasets.pointers import pointers
from evaluator.facts.model_work import ModelWork
from evaluator.facts.tree import File, Tree, tree
from evaluator.model import Span
from evaluator.signals.reproducibility.versions import data_versioned
from evaluator.source.snapshot import Snapshot
from tests.documents import known, level

READ = "import pandas as pd\nfrom sklearn.svm import SVC\ndf = pd.read_csv('data/x.csv')\nSVC().fit(df, df)\n"
SUM = "d41d8cd98f00b204e9800998ecf8427e"
POINTER = f"outs:\n- md5: {SUM}\n  size: 12\n  path: x.csv\n"
LOCK = (
    f"schema: '2.0'\nstages:\n  prepare:\n    cmd: python a.py\n    deps:\n    - path: data/x.csv\n      md5: {SUM}\n"
)
CSV = "a,b\n1,2\n"
GET = "import urllib.request, hashlib\nurllib.request.urlretrieve('https://example.net/x.csv', 'data/x.csv')\n"
COMPARED = (
    "digest = hashlib.sha256(open('data/x.csv', 'rb').read()).hexdigest()\n"
    "if digest != 'abc':\n    raise SystemExit('changed')\n"
)
IN_FUNCTIONS = (
    "def digest_of(path):\n    h = hashlib.sha256()\n    with open(path, 'rb') as f:\n        h.update(f.read())\n"
    "    return h.hexdigest()\n\ndef check(path, wanted):\n    if digest_of(path) != wanted:\n        raise ValueError(path)\n"
)
IRIS = "from sklearn.datasets import load_iris\nfrom sklearn.svm import SVC\nX, y = load_iris(return_X_y=True)\nSVC().fit(X, y)\n"


def asked(files: dict[str, str]) -> int | str:
    return level(data_versioned(known(DataSources, files), known(DataVersions, files), known(ModelWork, files)))


def code(text: str, **more: str) -> dict[str, str]:
    return {"a.py": f"{text}print('done')\n", **more}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": READ, "data/x.csv.dvc": POINTER}, 2, id="a pointer of DVC"),
        pytest.param({"a.py": READ, "dvc.lock": LOCK, "dvc.yaml": "stages: {}"}, 2, id="a lock of DVC"),
        pytest.param(
            {
                "a.py": "import pandas as pd\nprint(pd.read_csv(cfg['raw']))\n",
                "data/raw.dvc": f"outs:\n- md5: {SUM}.dir\n  path: raw\n",
            },
            2,
            id="a folder that settings name",
        ),
        pytest.param(code(GET + COMPARED + READ), 2, id="a checksum compared"),
        pytest.param(
            code(GET + COMPARED.replace("raise SystemExit(", "print(") + READ),
            0,
            id="a checksum whose mismatch is only shown",
        ),
        pytest.param(
            code(GET + COMPARED.replace("raise SystemExit('changed')", "import os; os.remove('data/x.csv')") + READ),
            2,
            id="a checksum whose mismatch has a consequence",
        ),
        pytest.param(
            code(GET + COMPARED.replace("'abc'", "hashlib.sha256(open('data/x.csv', 'rb').read()).hexdigest()") + READ),
            0,
            id="a checksum compared with itself",
        ),
        pytest.param(code(GET + IN_FUNCTIONS + "check('data/x.csv', 'abc')\n" + READ), 2, id="compared in a function"),
        pytest.param(
            code("import pooch\np = pooch.retrieve('https://example.net/x.csv', known_hash='md5:abc')\n"), 2, id="pooch"
        ),
        pytest.param(
            code("import keras\np = keras.utils.get_file('x', 'https://example.net/x.zip', file_hash='abc')\n"),
            2,
            id="Keras with a hash",
        ),
        pytest.param(
            code("from datasets import load_dataset\nd = load_dataset('a/b', revision='0a1b2c3')\n"), 2, id="a revision"
        ),
        pytest.param(
            code("from sklearn.datasets import fetch_openml\nd = fetch_openml('adult', version=2)\n"), 2, id="OpenML"
        ),
        pytest.param(
            code("import kagglehub\nd = kagglehub.dataset_download('a/b/versions/3')\n"), 2, id="a version at Kaggle"
        ),
        pytest.param(
            code("import pandas as pd\nd = pd.read_csv('https://zenodo.org/record/1234/files/x.csv')\n"), 2, id="Zenodo"
        ),
        pytest.param(
            code("import wget\nwget.download('https://github.com/a/b/releases/download/v1.2/x.csv')\n"),
            2,
            id="a release",
        ),
        pytest.param(
            {"Makefile": "data:\n\twget -O x.csv https://example.net/x.csv\n\tsha256sum -c x.sha256\n", "a.py": READ},
            2,
            id="a checksum in a Makefile",
        ),
        pytest.param(
            code("from tensorflow import keras\nd = keras.datasets.mnist.load_data()\n"), 2, id="Keras checks"
        ),
        pytest.param(
            code("from torchvision.datasets import MNIST\nd = MNIST('data', download=True)\n"),
            2,
            id="torchvision checks",
        ),
        pytest.param({"a.py": IRIS, "requirements.txt": "scikit-learn==1.4.0\n"}, 2, id="in a library that is pinned"),
        pytest.param(
            code("from sklearn.datasets import make_blobs\nX, y = make_blobs(random_state=1)\n"), 2, id="from a seed"
        ),
        pytest.param(
            {"a.py": READ, "README.md": "# X\n\n## Data\n\n[Data](https://zenodo.org/record/1234)\n"},
            2,
            id="an edition that a document names",
        ),
        pytest.param(
            {"a.py": READ, "data/x.csv": CSV, "data/x.csv.dvc": POINTER.replace(SUM, md5(CSV.encode()).hexdigest())},
            2,
            id="a pointer beside the file",
        ),
        pytest.param(
            {"a.py": READ, "data/x.csv": CSV, "data/x.csv.dvc": POINTER}, 1, id="a pointer to another content"
        ),
        pytest.param(
            {"a.py": READ, "data/x.csv": CSV, "README.md": "# X\n\n## Data\n\n[Data](https://zenodo.org/record/1)\n"},
            1,
            id="an edition named beside a committed file",
        ),
        pytest.param({"a.py": IRIS, "requirements.txt": "scikit-learn\n"}, 1, id="in a library of any version"),
        pytest.param({"a.py": READ, "data/x.csv": CSV}, 1, id="committed"),
        pytest.param({"a.py": READ + IRIS, "data/x.csv": CSV}, 1, id="committed, beside a library's"),
        pytest.param(
            code("from sklearn.datasets import make_blobs\nX, y = make_blobs()\n"), 1, id="made without a seed"
        ),
        pytest.param(
            code("import pandas as pd\nd = pd.read_parquet('https://example.net/trips_2024-01.parquet')\n"),
            1,
            id="a month in the address",
        ),
        pytest.param(code(GET + READ), 0, id="fetched"),
        pytest.param(code(READ), 0, id="missing"),
        pytest.param(
            {"a.py": READ, "README.md": "# X\n\n## Data\n\n[Titanic](https://www.kaggle.com/c/titanic/data)\n"},
            0,
            id="to be fetched by hand",
        ),
        pytest.param(code("from datasets import load_dataset\nd = load_dataset('a/b')\n"), 0, id="the newest revision"),
        pytest.param(
            code("from datasets import load_dataset\nd = load_dataset('a/b', revision='main')\n"), 0, id="a branch"
        ),
        pytest.param(
            code("from ucimlrepo import fetch_ucirepo\nd = fetch_ucirepo(id=45)\n"), 0, id="an id without version"
        ),
        pytest.param(
            code(
                "import yfinance as yf\nimport numpy as np\nimport pandas as pd\nfrom datetime import date\n"
                "df = yf.download('A', end=date.today())\nnoise = np.random.RandomState(7)\n"
                "made = pd.DataFrame({'a': noise.normal(size=9)})\nmade.to_csv('made.csv')\n"
            ),
            0,
            id="fetched up to today, beside numbers drawn with a seed",
        ),
        # imitations
        pytest.param(
            {"a.py": READ, ".dvc/config": "[core]\n    remote = x\n['remote \"x\"']\n    url = s3://b\n"},
            0,
            id="DVC set up, nothing tracked",
        ),
        pytest.param({"a.py": READ, "data/x.csv.dvc": "outs:\n- path: x.csv\n"}, 0, id="a pointer without a checksum"),
        pytest.param(
            {"a.py": READ, "data/x.csv": CSV, "other/y.csv.dvc": POINTER.replace("x.csv", "y.csv")},
            1,
            id="a pointer to what nothing reads",
        ),
        pytest.param({"a.py": READ, "requirements.txt": "dvc\npooch\n"}, 0, id="only a dependency"),
        pytest.param(
            {"a.py": READ, "data/x.csv": CSV, ".gitattributes": "*.csv filter=lfs diff=lfs merge=lfs -text\n"},
            1,
            id="LFS set up, the file in git",
        ),
        pytest.param(
            code("import pooch\np = pooch.retrieve('https://example.net/x.csv', known_hash=None)\n"),
            0,
            id="no hash known",
        ),
        pytest.param(code(GET + IN_FUNCTIONS + READ), 0, id="a check that nothing calls"),
        pytest.param(
            code(GET + "same = hashlib.sha256(open('data/x.csv', 'rb').read()).hexdigest() == 'abc'\n" + READ),
            0,
            id="compared, and nothing hangs on it",
        ),
        pytest.param(
            code(GET + "hashlib.sha256(open('data/x.csv', 'rb').read()).hexdigest()\n" + READ), 0, id="never compared"
        ),
        pytest.param(
            code(GET + READ + "import hashlib\nif hashlib.sha256(b'word').hexdigest() == 'abc':\n    print('in')\n"),
            0,
            id="a password compared",
        ),
        pytest.param(
            code(
                GET + READ + "\ndef login(word):\n    return hashlib.sha256(word).hexdigest() == 'abc'\nlogin(b'x')\n"
            ),
            0,
            id="a password compared in a function",
        ),
        pytest.param(code("print('hello')\n"), "NotApplicable", id="no data"),
        pytest.param(
            code("import gymnasium as gym\nenv = gym.make('CartPole-v1')\n"), "NotApplicable", id="a simulation"
        ),
    ],
)
def test_data_versioned(files: dict[str, str], expected: int | str) -> None:
    assert expected == asked(files)


def test_data_kept_by_lfs() -> None:
    """The tree tells of a pointer; the code reads the file that it stands for."""
    at = Span(path="a.py")
    listed = Tree(files=(File(path="data/x.csv", kind="file", size=130, here=True, lfs=True, part="own"),))
    sources = DataSources(sources=(DataSource(origin="committed", what="data/x.csv", at=at),), reads=1)
    snapshot = Snapshot.of({"data/x.csv": "version https://git-lfs.github.com/spec/v1\n"})
    found = DataVersions(fixed=tuple(pointers(snapshot, listed, sources)))

    assert [f.how for f in found.fixed] == ["lfs"]
    assert level(data_versioned(sources, found, ModelWork())) == 2


@given(st.text(max_size=300))
def test_foreign_pointers_never_raise(text: str) -> None:
    snapshot = Snapshot.of({"data/x.csv.dvc": text, "dvc.lock": f"stages:\n  a:\n    outs: {text}\n"})

    assert isinstance(tuple(pointers(snapshot, tree(snapshot), DataSources())), tuple)
