"""communication.data-documented: where the data come from, and what they hold."""

from __future__ import annotations

import pytest

from evaluator.facts.data_sources import DataSources
from evaluator.facts.model_work import ModelWork
from evaluator.facts.tree import Tree
from evaluator.signals.communication.dataset import data_documented
from tests.documents import Files, known, level, prose_of

USES = {"a.py": "import pandas as pd\npd.read_csv('x.csv')\n"}
SOURCE = "The data come from [the UCI repository](https://archive.ics.uci.edu/dataset/45)."
TABLE = "| Column | Description |\n|---|---|\n| age | years |\n| sex | 0 or 1 |"


def documented(files: Files) -> object:
    work = known(ModelWork, files)
    return level(data_documented(prose_of(files), known(DataSources, files), work, known(Tree, files)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"# A\n\n## Data\n\n{SOURCE}\n\n{TABLE}", 2, id="source and table of fields"),
        pytest.param(f"# A\n\n## Data\n\n{SOURCE} It has 303 patients.", 2, id="source and size"),
        pytest.param(f"# A\n\n## Data\n\n{SOURCE}\n\nFeatures include:\n\n- age\n- sex\n- chest pain\n", 2, id="source and list of fields"),
        pytest.param("# A\n\n## Datos\n\nLos datos fueron obtenidos del censo. Contienen 500 registros.", 2, id="es"),
        pytest.param("# A\n\n## 数据集\n\n数据来自公开网站。\n\n| 字段 | 说明 |\n|---|---|\n| 年龄 | 岁 |\n| 性别 | 0 或 1 |", 2, id="zh"),
        pytest.param("# A\n\nIt predicts prices of houses in Ames, Iowa from 79 explanatory variables.", 2, id="a known name and its size"),
        pytest.param("# A\n\n```\n├── data/   # Kaggle files\n└── a.py\n```", 1, id="a known name in the drawn tree"),
        pytest.param("# A\n\nIt takes the cleaned dataset from the preprocessing stage.", 0, id="from one step to the next"),
        pytest.param("# A\n\nIt loads data from `data/x.csv`.", 0, id="from a file"),
        pytest.param("# A\n\nThe data are from the national weather service.", 1, id="from somebody"),
        pytest.param("# A\n\nIt handles datasets of 100,000 rows with ease.", 0, id="what it can take"),
        pytest.param("# A\n\nThe data are synthetic.", 0, id="synthetic, where nothing makes them"),
        pytest.param(f"# A\n\n## Data\n\n{SOURCE}", 1, id="source only"),
        pytest.param("# A\n\nWe use the Iris dataset.", 1, id="a known name"),
        pytest.param(f"# A\n\n## Data\n\n{TABLE}", 1, id="fields only"),
        pytest.param("# A\n\n## Data\n\nThe data hold 500 rows.", 1, id="size only"),
        pytest.param("# A\n\n## Features\n\n- Fast\n- Small\n- Simple\n", 0, id="features of the software"),
        pytest.param("# A\n\n| Parameter | Description |\n|---|---|\n| lr | rate |\n| n | number |", 0, id="a table of parameters"),
        pytest.param(f"<!-- {SOURCE} -->\n\nwords", 0, id="hidden"),
        pytest.param("# A\n\nIt trains for 50 epochs.", 0, id="nothing"),
    ],
)  # fmt: skip
def test_data_documented(text: str, expected: int) -> None:
    assert expected == documented({"README.md": text, **USES})


PLAYS = """import gymnasium
from stable_baselines3 import PPO
env = gymnasium.make("CartPole-v1")
agent = PPO("MlpPolicy", env)
agent.learn(10_000)
agent.save("policy")
agent = PPO.load("policy")
print(agent.predict(env.reset()[0]))
"""
ASKS = "import joblib\nimport flask\nm = joblib.load('model.pkl')\nprint(m.predict([[flask.request.json['a']]]))\n"
DICTIONARY = "age: Age in years\n\nsex: As stated\n\t0\tmale\n\t1\tfemale\n\nchol: Serum cholesterol in mg/dl\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The data are synthetic, drawn by the script: 500 rows.", 2, id="said"),
        pytest.param(
            "| Step | What |\n|---|---|\n| Data generation | Simulation of customers |", 1, id="said in a table"
        ),
        pytest.param("It predicts who will leave.", 0, id="not said"),
    ],
)
def test_data_that_the_project_makes_come_from_there(text: str, expected: int) -> None:
    code = (
        "import numpy as np\nimport pandas as pd\nfrom sklearn.svm import SVC\nage = np.random.normal(40, 9, 500)\n"
        "left = np.random.randint(0, 2, 500)\ndf = pd.DataFrame({'age': age, 'left': left})\nSVC().fit(df[['age']], df['left'])\n"
    )
    assert (
        documented(
            {
                "a.py": code,
                "load.py": "import pandas as pd\n\ndef load(p):\n    return pd.read_csv(p)\n",
                "README.md": f"# A\n\n{text}\n",
            }
        )
        == expected
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"README.md": f"See data/data_description.txt.\n\n{SOURCE}"}, 2, id="a dictionary that is named"),
        pytest.param({"README.md": SOURCE}, 1, id="one that no document names"),
        pytest.param({"README.md": "See data/data_description.txt."}, 1, id="a dictionary alone"),
        pytest.param(
            {"README.md": f"See data/data_description.txt.\n\n{SOURCE}", "data/data_description.txt": "x\n"},
            1,
            id="an empty dictionary",
        ),
    ],
)
def test_a_dictionary_of_the_data(files: dict[str, str], expected: int) -> None:
    assert expected == documented({"data/data_description.txt": DICTIONARY, **files, **USES})


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": "print(1)\n", "README.md": "x"}, "NotApplicable", id="no data"),
        pytest.param({"a.py": "import gym\ngym.make('x')\n", "README.md": "x"}, "NotApplicable", id="a simulation"),
        pytest.param(
            {"a.py": "from sklearn.datasets import make_moons\nmake_moons()\n"}, "NotApplicable", id="makes its own"
        ),
        pytest.param(
            {"a.py": "import sys\nimport pandas as pd\npd.read_csv(sys.argv[1])\n"},
            "NotApplicable",
            id="reads what its user gives",
        ),
        pytest.param(USES, 0, id="uses data, says nothing"),
        pytest.param(
            {"app.py": ASKS, "model.pkl": "x", "README.md": "# A"}, 0, id="a model that came without a word on its data"
        ),
        pytest.param(
            {"app.py": ASKS, "model.pkl": "x", "README.md": f"# A\n\n{SOURCE}"}, 1, id="a model whose data are named"
        ),
        pytest.param({"app.py": ASKS, "README.md": "# A"}, "NotApplicable", id="a model that is not here"),
        pytest.param({"a.py": "print(1)\n", "model.pkl": "x"}, "NotApplicable", id="a model that nothing uses"),
        pytest.param(
            {"a.py": PLAYS, "policy.zip": "x", "policy.pkl": "x"},
            "NotApplicable",
            id="a model that was trained in a simulation",
        ),
    ],
)
def test_data_documented_not_asked(files: Files, expected: int | str) -> None:
    assert expected == documented(files)
