"""communication.readme-results: a measure with its value, not a wish, a badge or a picture."""

from __future__ import annotations

import pytest

from evaluator.facts.claims import Claims
from evaluator.facts.code import Code
from evaluator.facts.model_work import ModelWork
from evaluator.facts.tree import Tree
from evaluator.model import Answer, Missing
from evaluator.signals.communication.results import readme_results
from tests.documents import Files, known, level, notebook, prose_of

MODEL = {"train.py": "from sklearn.linear_model import LinearRegression\nLinearRegression().fit([[1]], [1])\n"}


def results(files: Files) -> Answer:
    return readme_results(
        known(Claims, files), prose_of(files), known(ModelWork, files), known(Code, files), known(Tree, files)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The model reaches an accuracy of 0.93 on the test set.", 2, id="a sentence"),
        pytest.param("| Model | RMSE |\n|---|---|\n| forest | 3.2 |", 2, id="a table"),
        pytest.param(
            "<table><tr><th>Metric</th><th>Value</th></tr><tr><td>F1</td><td>0.8</td></tr></table>", 2, id="html"
        ),
        pytest.param("- **R²**: 0.84\n", 2, id="a bullet"),
        pytest.param("准确率达到 93%", 2, id="zh"),
        pytest.param("```\nTest accuracy: 0.93\n```", 2, id="a printed line"),
        pytest.param("The test sees an accuracy of at least 0.9.", 1, id="a bound"),
        pytest.param("# A\n\n## Results\n\nIt reaches 93.5% on the test set.", 1, id="a number without its measure"),
        pytest.param("# A\n\n## Results\n\n![table](results.png)", 1, id="pictures only"),
        pytest.param("# A\n\n![the app before a prediction](results.png)", 0, id="a picture of the app"),
        pytest.param("# A\n\n![predicted prices](results.png)", 1, id="a picture of predictions"),
        pytest.param(
            "# A\n\n![accuracy shown in the dashboard](results.png)", 1, id="a measure in a picture of the app"
        ),
        pytest.param("# A\n\n![confusion matrix](img/cm.png)", 0, id="a picture that is not there"),
        pytest.param("We aim for an accuracy of 0.95.", 0, id="a goal"),
        pytest.param("![accuracy](https://img.shields.io/badge/accuracy-99%25-green)", 0, id="a badge"),
        pytest.param("<!-- accuracy: 0.99 -->", 0, id="hidden"),
        pytest.param(
            "Trained for 50 epochs with a learning rate of 0.001 on 60,000 images.", 0, id="settings and sizes"
        ),
        pytest.param('```json\n{"confidence": 0.94}\n```', 0, id="an answer of the service"),
        pytest.param("We compute accuracy, precision and recall.", 0, id="measures without values"),
    ],
)
def test_readme_results(text: str, expected: int) -> None:
    assert expected == level(results({"README.md": text, "results.png": "x", **MODEL}))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({**MODEL, "docs/report.md": "Accuracy: 0.93"}, 2, id="in docs"),
        pytest.param({**MODEL, "a.ipynb": notebook(("markdown", "Accuracy: 0.93"))}, 2, id="in notebook text"),
        pytest.param({**MODEL, "a.ipynb": notebook(("code", "# Accuracy: 0.93"))}, 0, id="in a comment"),
        pytest.param({"a.py": "import pandas as pd\nprint(pd)\n"}, "NotApplicable", id="no model"),
        pytest.param({"a.py": "from sklearn.preprocessing import StandardScaler\nStandardScaler().fit([[1]])\n"}, "NotApplicable", id="a scaler is no model"),
        pytest.param({}, "NotApplicable", id="nothing"),
        pytest.param({"a.py": "import openai\nopenai.chat()\n"}, 0, id="a hosted model can be measured"),
        pytest.param({"a.R": "lm(y ~ x)\n"}, 0, id="another language"),
    ],
)  # fmt: skip
def test_readme_results_by_file(files: Files, expected: int | str) -> None:
    assert expected == level(results(files))


def test_readme_results_without_code() -> None:
    lost = Missing(fact="Code", cause="failed")

    assert level(readme_results(Claims(), prose_of({"README.md": "x"}), lost, lost, lost)) == 0
