"""Which repositories hold several projects, and which only look so?"""

from __future__ import annotations

import pytest

from evaluator.facts.projects import MOST, Projects, projects
from evaluator.facts.python.modules import Modules
from evaluator.facts.tree import tree
from evaluator.source.snapshot import Snapshot
from tests.facts.programs import notebook

README = "# Something\n\nIt does something, with some data.\n"
CODE = "import pandas as pd\n\n\ndef main() -> None:\n    frame = pd.read_csv('rows.csv')\n    print(frame.describe())\n\n\n" + "\n".join(
    f"value_{n} = {n}" for n in range(20)
) + "\n\nmain()\n"  # fmt: skip
LONGER = CODE + "print('more')\n" * 40
BOOK = notebook(CODE, "frame.describe()")


def found(files: dict[str, str]) -> Projects:
    snapshot = Snapshot.of(files)
    return projects.run(snapshot=snapshot, tree=tree(snapshot), modules=Modules(snapshot))


def paths(files: dict[str, str]) -> list[str]:
    return [p.path for p in found(files).items]


def project(folder: str, code: str = CODE, **more: str) -> dict[str, str]:
    """Return a folder with a README and a script."""
    return {f"{folder}/README.md": README, f"{folder}/train.py": code, **{f"{folder}/{n}": t for n, t in more.items()}}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({**project("churn"), **project("house-prices")}, ["churn", "house-prices"], id="two with a README"),
        pytest.param({**project("project-1-churn"), **project("project-2-demand"), **project("project-3-fraud")}, ["project-1-churn", "project-2-demand", "project-3-fraud"], id="numbered"),
        pytest.param({**project("project1"), **project("project2")}, ["project1", "project2"], id="numbers alone"),
        pytest.param({"Titanic/requirements.txt": "pandas\n", "Titanic/a.ipynb": BOOK, "House Prices/requirements.txt": "pandas\n", "House Prices/a.ipynb": BOOK}, ["House Prices", "Titanic"], id="a manifest each"),
        pytest.param({**project("projects/churn"), **project("projects/demand"), "README.md": README}, ["projects/churn", "projects/demand"], id="on a shelf"),
        pytest.param({**project("Finance/01-credit-risk"), **project("Retail & Co/02-basket"), "README.md": README}, ["Finance/01-credit-risk", "Retail & Co/02-basket"], id="by branch of trade"),
        pytest.param({**project("kaggle/titanic"), **project("kaggle/digits"), "kaggle/README.md": README}, ["kaggle/digits", "kaggle/titanic"], id="a shelf with a README"),
        pytest.param({"README.md": "# Work\n- [Titanic](Titanic/)\n- [Wine](Wine/)\n", "Titanic/a.ipynb": BOOK, "Titanic/train.csv": "a\n1\n", "Wine/a.ipynb": BOOK}, ["Titanic", "Wine"], id="presented by the README"),
        pytest.param({**project("churn"), **project("demand"), "common/plots.py": "def f():\n    return 1\n", "LICENSE": "MIT"}, ["churn", "demand"], id="a little beside them"),
        pytest.param({"pyproject.toml": "[tool.uv.workspace]\nmembers = ['packages/*']\n", **project("packages/churn", **{"pyproject.toml": "[project]\nname = 'churn'\n"}), **project("packages/demand", **{"pyproject.toml": "[project]\nname = 'demand'\n"})}, ["packages/churn", "packages/demand"], id="a workspace of independent members"),
        pytest.param({**project("churn"), **project("wines"), "churn/utils.py": "def f():\n    return 1\n", "wines/utils.py": "def f():\n    return 1\n", "churn/run.py": "import utils\nutils.f()\n"}, ["churn", "wines"], id="modules of the same name"),
        pytest.param({**project("Wine"), "Diabetes Prediction/eda.ipynb": BOOK, **project("Diabetes Prediction/diabetes-api"), **project("Diabetes Prediction/diabetes_pipeline")}, ["Diabetes Prediction", "Wine"], id="documents in the parts alone"),
        pytest.param({"heart/README.md": README, "heart/a.R": CODE, "wine/README.md": README, "wine/a.Rmd": CODE}, ["heart", "wine"], id="R"),
    ],
)  # fmt: skip
def test_several(files: dict[str, str], expected: list[str]) -> None:
    assert paths(files) == expected


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="empty"),
        pytest.param({"train.py": CODE, "README.md": README}, id="one script"),
        pytest.param({**project("src"), **project("app"), **project("api"), **project("frontend"), **project("notebooks"), **project("tests")}, id="parts of one project"),
        pytest.param({**project("01-data-cleaning"), **project("02-modelling"), **project("03-deployment")}, id="stages"),
        pytest.param({**project("week-1"), **project("week-2"), **project("week-3")}, id="weeks"),
        pytest.param({"week1-titanic/a.ipynb": BOOK, "week2-houses/a.ipynb": BOOK, "README.md": README}, id="a course without documents of its own"),
        pytest.param({**project("01-intro"), **project("02-experiment-tracking"), **project("03-orchestration")}, id="lessons with documents"),
        pytest.param({**project("random-forest"), **project("xgboost"), **project("cnn")}, id="ways of modelling"),
        pytest.param({**project("pytorch"), **project("tensorflow"), **project("numpy-version")}, id="frameworks"),
        pytest.param({**project("churn-api"), **project("churn-frontend"), **project("churn-training")}, id="parts by name"),
        pytest.param({**project("gateway"), **project("orders"), **project("prices"), "docker-compose.yml": "services:\n  a:\n    build: ./orders\n  b:\n    build: ./prices\n"}, id="services of one compose file"),
        pytest.param({**project("services/orders"), **project("services/prices")}, id="services"),
        pytest.param({"pyproject.toml": "[project]\nname = 'lib'\n", "src/lib/core.py": LONGER, **project("examples/churn"), **project("examples/wine")}, id="examples of a library"),
        pytest.param({"src/lib/core.py": LONGER * 3, **project("churn"), **project("wine")}, id="beside larger code"),
        pytest.param({**project("churn"), **project("wine", "from churn.train import main\n" + CODE)}, id="one imports the other"),
        pytest.param({**project("churn", **{"pyproject.toml": "[project]\nname = 'churnlib'\n"}), **project("retention", **{"pyproject.toml": "[project]\nname = 'retention'\ndependencies = ['churnlib']\n"})}, id="one declares the other"),
        pytest.param({**project("churn"), **project("retention", **{"requirements.txt": "-e ../churn\n"})}, id="one installs the other"),
        pytest.param({**project("sales", CODE.replace("rows.csv", "../data/sales.csv")), **project("stores", CODE.replace("rows.csv", "../data/sales.csv")), "data/sales.csv": "a\n1\n"}, id="they read the same data"),
        pytest.param({**project("sales", CODE.replace("rows.csv", "../data/sales.csv")), **project("stores", CODE.replace("rows.csv", "../data/sales.csv"))}, id="the same data, not committed"),
        pytest.param({**project("sales"), "sales/model.pkl": "x", **project("stores", CODE.replace("rows.csv", "../sales/model.pkl"))}, id="one reads what the other makes"),
        pytest.param({"Titanic/a.ipynb": BOOK, "Wine/a.ipynb": BOOK}, id="folders that nothing presents"),
        pytest.param({"churn/README.md": README, "wine/README.md": README, "train.py": CODE}, id="documents without code"),
        pytest.param({**project("data/titanic"), **project("data/wine")}, id="data folders"),
        pytest.param({**project("churn"), "wine/README.md": README, "wine/a.py": "print(1)\n"}, id="a remark is no project"),
        pytest.param({**project(".github/churn"), **project("venv/wine")}, id="hidden"),
        pytest.param({"setup.py": "", **project("churn", **{"__init__.py": ""}), **project("wine", **{"__init__.py": ""})}, id="packages of one distribution"),
        pytest.param({"notebooks/titanic.ipynb": BOOK, "notebooks/wine.ipynb": BOOK, "README.md": README}, id="notebooks in one folder"),
        pytest.param({**project("v1"), **project("v2"), **project("final")}, id="versions"),
    ],
)  # fmt: skip
def test_one(files: dict[str, str]) -> None:
    assert found(files) == Projects()


def test_the_one_with_the_most_code_stands_for_the_repository() -> None:
    """Outputs of a notebook are no code of anybody's."""
    printed = notebook({"cell_type": "code", "source": CODE, "execution_count": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": ["x" * 50_000]}], "metadata": {}})  # fmt: skip
    made = found({**project("churn", LONGER), "wine/README.md": README, "wine/a.ipynb": printed})

    assert made.main == "churn"
    assert [p.path for p in made.items] == ["churn", "wine"]


def test_what_is_shared_and_what_is_borrowed() -> None:
    made = found(
        {
            **project("churn", "import common\n" + LONGER),
            **project("wine", LONGER),
            "common/__init__.py": "X = 1\n",
            "tests/test_churn.py": "from churn.train import main\n\n\ndef test_a():\n    assert main() is None\n",
            "scratch/a.py": "print(1)\n",
            ".github/workflows/ci.yml": "on: push\n",
            "LICENSE": "MIT",
            "README.md": README,
        }
    )

    assert made.shared == (".github", "LICENSE", "README.md")
    assert {p.path: p.borrows for p in made.items} == {"churn": ("common", "tests/test_churn.py"), "wine": ()}


def test_there_is_a_bound() -> None:
    """The smallest beyond it are counted, and their files belong to nobody else."""
    words = [f"{a}{b}" for a in ("zu", "ka", "mo", "fi", "re") for b in ("lon", "dax", "pim", "tor", "wes")]
    made = found({path: text for n, w in enumerate(words) for path, text in project(w, CODE + "#" * n).items()})

    assert len(made.items) == MOST
    assert made.more == len(words) - MOST
    assert len(made.apart) == len(words)
    assert words[0] not in {p.path for p in made.items}
