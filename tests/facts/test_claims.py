"""A result is a measure with its value; targets, settings and other people's numbers are none."""

from __future__ import annotations

import pytest

from evaluator.facts.claiming.found import in_sentence
from evaluator.facts.claiming.measures import number
from evaluator.facts.claims import Claims, claims
from tests.documents import prose_of


def claims_of(text: str, **more: str) -> Claims:
    return claims(prose_of({"README.md": text, **more}))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param("Accuracy: ~85% on test data", [("accuracy", 85.0, "measured")], id="colon and per cent"),
        pytest.param("an accuracy of 92.3 % on the test set", [("accuracy", 92.3, "measured")], id="of"),
        pytest.param("We got 0.93 AUC and 90.00% F1", [("auc", 0.93, "measured"), ("f1", 90.0, "measured")], id="before"),
        pytest.param("90.16% accuracy, 90.00% F1", [("accuracy", 90.16, "measured"), ("f1", 90.0, "measured")], id="pairs"),
        pytest.param("R² (test): 0.679; MAE: $236,643", [("r2", 0.679, "measured"), ("mae", 236643.0, "measured")], id="currency"),
        pytest.param("R^2 = 0.8", [("r2", 0.8, "measured")], id="caret"),
        pytest.param("F1-score (macro) 0.81", [("f1", 0.81, "measured")], id="hyphen and bracket"),
        pytest.param("mAP@0.5: 0.87", [("overlap", 0.87, "measured")], id="at"),
        pytest.param("Recall@10 = 0.4", [("recall", 0.4, "measured")], id="at k"),
        pytest.param("average return 198.99 at iteration 82", [("return", 198.99, "measured")], id="return"),
        pytest.param("Exactitud del 95% en el conjunto de prueba", [("accuracy", 95.0, "measured")], id="es"),
        pytest.param("Acurácia de 0,91", [("accuracy", 0.91, "measured")], id="pt, decimal comma"),
        pytest.param("La précision est de 0,93", [("precision", 0.93, "measured")], id="fr"),
        pytest.param("Die Genauigkeit beträgt 93 %", [("accuracy", 93.0, "measured")], id="de"),
        pytest.param("Полнота 0,91", [("recall", 0.91, "measured")], id="ru"),
        pytest.param("准确率达到92.5%", [("accuracy", 92.5, "measured")], id="zh"),
        pytest.param("正解率は78.9%でした", [("accuracy", 78.9, "measured")], id="ja"),
        pytest.param("Accuracy must be at least 0.9", [("accuracy", 0.9, "target")], id="a target"),
        pytest.param("Goal: F1 > 0.8", [("f1", 0.8, "target")], id="a goal"),
        pytest.param("the test sees an accuracy of at least 0.9", [("accuracy", 0.9, "bound")], id="a bound"),
        pytest.param("the accuracy improved by 5%", [("accuracy", 5.0, "change")], id="a change"),
        pytest.param("state of the art accuracy is 99.1%", [("accuracy", 99.1, "others")], id="others'"),
        pytest.param("the authors report an AUC of 0.80", [("auc", 0.8, "others")], id="the authors'"),
    ],
)  # fmt: skip
def test_sentences(sentence: str, expected: list[tuple[str, float, str]]) -> None:
    assert expected == [(f.metric, f.number.value, f.standing) for f in in_sentence(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Accuracy with 80% of the data held back", id="size of a split"),
        pytest.param("accuracy on 300 images", id="count"),
        pytest.param("with 100 trees accuracy improves", id="setting before"),
        pytest.param("accuracy after 50 epochs", id="setting after"),
        pytest.param("Recall that we have 3 classes", id="the verb"),
        pytest.param("precision, threshold 0.5", id="threshold"),
        pytest.param("loss function, learning rate 0.001", id="learning rate"),
        pytest.param("dropout 0.2, batch size 32", id="no measure"),
        pytest.param("confidence: 0.94", id="a probability"),
        pytest.param("accuracy, precision and recall are computed", id="no number"),
    ],
)
def test_numbers_that_are_no_results(sentence: str) -> None:
    assert list(in_sentence(sentence)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "| Model | Accuracy | F1 (%) |\n|---|---|---|\n| SVM | **0.91** | 88 |\n",
            [("accuracy", 0.91, "SVM"), ("f1", 88.0, "SVM")],
            id="measures in the head",
        ),
        pytest.param(
            "| | SVM | RF |\n|---|---|---|\n| RMSE | 3.2 | 2.9 |\n",
            [("rmse", 3.2, "SVM"), ("rmse", 2.9, "RF")],
            id="measures in the first column",
        ),
        pytest.param(
            "| Metric | Value |\n|---|---|\n| ROC-AUC | 0.95 ± 0.01 |\n", [("auc", 0.95, "Value")], id="key and value"
        ),
        pytest.param(
            "| Model | Notes |\n|---|---|\n| RF | 92% accuracy |\n", [("accuracy", 92.0, "")], id="in a cell's words"
        ),
        pytest.param("| Suburb | Count | Avg Price |\n|---|---|---|\n| A | 39 | 315.5 |\n", [], id="no measure"),
        pytest.param("| Parameter | Value |\n|---|---|\n| learning rate | 0.01 |\n", [], id="settings"),
    ],
)
def test_tables(text: str, expected: list[tuple[str, float, str]]) -> None:
    assert expected == [(c.metric, c.value, c.subject) for c in claims_of(text).items]


def test_a_target_column_is_no_result() -> None:
    text = "| Metric | Target | Achieved |\n|---|---|---|\n| Accuracy | 0.9 | 0.87 |\n"

    assert [(c.value, c.standing) for c in claims_of(text).items] == [(0.9, "target"), (0.87, "measured")]


def test_printed_reports_count() -> None:
    text = "```\nprecision  recall\n0.91  0.88\nTest accuracy: 0.93\n```\n"

    assert [(c.metric, c.value) for c in claims_of(text).items] == [
        ("precision", 0.91),
        ("recall", 0.88),
        ("accuracy", 0.93),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<!-- accuracy: 0.99 -->", id="hidden"),
        pytest.param("![accuracy 99%](https://img.shields.io/badge/accuracy-99%25-green)", id="a badge"),
        pytest.param("```python\nassert accuracy > 0.9\nprint('accuracy: 0.99')\n```", id="code"),
        pytest.param("Accuracy 0.94 and F1 0.25.\n\n(values are illustrative)", id="made up"),
        pytest.param("## References\n\nThey reach an accuracy of 0.99.", id="references"),
    ],
)
def test_numbers_that_nobody_measured(text: str) -> None:
    assert claims_of(text).items == ()


def test_plans_are_targets() -> None:
    assert [c.standing for c in claims_of("# A\n\n## Future work\n\nReach an accuracy of 0.99.").items] == ["target"]


def test_numbers_without_a_measure_in_a_part_about_results() -> None:
    found = claims_of("# A\n\n## Results\n\nIt reaches 93.5%.\n\n## Usage\n\nIt takes 2.5 minutes.\n")

    assert [f.raw for f in found.figures] == ["93.5"]


def test_notebook_text_counts_and_the_changelog_does_not() -> None:
    from tests.documents import notebook

    files = {"a.ipynb": notebook(("markdown", "Accuracy is 0.9.")), "CHANGELOG.md": "Accuracy is 0.8."}

    assert [(c.value, c.role) for c in claims_of("text", **files).items] == [(0.9, "notebook")]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1,234.5", 1234.5),
        ("0,93", 0.93),
        ("92,5", 92.5),
        ("236,643", 236643.0),
        ("0.95", 0.95),
        (".5", 0.5),
        ("1e-3", 0.001),
    ],
)
def test_numbers_as_people_write_them(raw: str, value: float) -> None:
    assert value == number(raw)
