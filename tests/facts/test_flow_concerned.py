"""Are those modules followed that rows come by, and no others?"""

from __future__ import annotations

import pytest

from evaluator.facts.flowing.concerned import concerned
from tests.facts.programs import program

PLAIN = "import re\n\n\ndef tidy(text):\n    return re.sub(' +', ' ', text)\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": PLAIN}, set(), id="plain-python"),
        pytest.param({"a.py": "import pandas as pd\nrows = pd.read_csv('x.csv')\n"}, {"a.py"}, id="library"),
        pytest.param({"a.py": "import numpy as np\nrows = [np.pi]\n"}, {"a.py"}, id="library-without-a-call"),
        pytest.param({"a.py": "import os\nnames = os.listdir('pictures')\n"}, {"a.py"}, id="files-listed"),
        pytest.param({"a.py": "rows = open('x.txt').read()\n"}, {"a.py"}, id="file-read"),
        pytest.param({"a.py": "import csv\nrows = csv.reader(open('x.csv'))\n"}, {"a.py"}, id="table-read"),
        pytest.param({"a.py": "def run(model, rows):\n    model.fit(rows)\n"}, {"a.py"}, id="unknown-model"),
        pytest.param(
            {"a.py": "import b\nb.go()\n", "b.py": "import numpy\ndef go():\n    pass\n", "c.py": PLAIN},
            {"a.py", "b.py"},
            id="leads-there-by-import",
        ),
        pytest.param(
            {"a.py": "import b\nimport c\nb.tidy('')\n", "b.py": PLAIN, "c.py": "import torch\n"},
            {"a.py", "c.py"},
            id="what-it-leads-to-is-followed-from-it",
        ),
    ],
)
def test_modules(files: dict[str, str], expected: set[str]) -> None:
    assert concerned(program(files).code, set()) == expected


def test_steps_of_descent() -> None:
    assert concerned(program({"a.py": PLAIN}).code, {"a.py"}) == {"a.py"}
