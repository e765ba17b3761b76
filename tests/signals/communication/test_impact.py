"""Is an effect on someone given as a number, only named, or not told at all?"""

from __future__ import annotations

import pytest

from evaluator.facts.code import Code
from evaluator.facts.model_work import ModelWork
from evaluator.facts.packaging import Packaging
from evaluator.facts.prose import Prose
from evaluator.facts.tree import Tree
from evaluator.signals.communication.impact import impact_in_numbers
from tests.documents import Files, known, level

FIT = "from sklearn.svm import SVC\nSVC().fit(X, y)\n"


def asked(files: Files) -> int | str:
    return level(
        impact_in_numbers(
            known(Prose, files),
            known(ModelWork, files),
            known(Code, files),
            known(Tree, files),
            known(Packaging, files),
        )
    )


def told(text: str) -> int | str:
    return asked({"README.md": f"# Title\n\n{text}\n", "a.py": FIT})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The model saves the claims team 3 hours of manual review per week.", 2, id="hours"),
        pytest.param("Targeting the top decile reduces campaign cost by 12 %.", 2, id="a share of cost"),
        pytest.param("Our threshold avoids $41,000 of fraud losses per month.", 2, id="money"),
        pytest.param("This project cut false alarms for the call centre by 40%.", 2, id="false alarms"),
        pytest.param("The model lowered stockouts from 9% to 4% in the pilot.", 2, id="from and to"),
        pytest.param("## Business impact\n\n- 30% reduction in marketing costs", 2, id="a list under its heading"),
        pytest.param("| Policy | Savings |\n|---|---|\n| our model | saves €1.2 million in costs |", 2, id="a table"),
        pytest.param("El modelo ahorra 3 horas de trabajo manual, un coste de 200 € al mes.", 2, id="Spanish"),
        pytest.param("Das Modell senkt die Kosten um 12 Prozent.", 2, id="German"),
        pytest.param("Le modèle réduit les coûts de 12 %.", 2, id="French"),
        pytest.param("O modelo reduz os custos em 12 %.", 2, id="Portuguese"),
        pytest.param("Модель снижает затраты на 12 %.", 2, id="Russian"),
        pytest.param("该模型将人工成本降低了 30%。", 2, id="Chinese"),
        pytest.param("このモデルは作業時間を週3時間削減します。", 2, id="Japanese"),
        pytest.param("## Impact\n\nSaves 4 000 calls a campaign, 12 000 EUR.", 2, id="calls, with blanks in numbers"),
        pytest.param("Answering the easy ones saves volunteers about 35 hours a month.", 2, id="somebody's hours"),
        pytest.param(
            "## Impact\n\nTo avoid overfitting, prices above $2 000 000 are cut.", 0, id="money that nobody saves"
        ),
        pytest.param("The model helps doctors to find patients at risk early.", 1, id="someone is helped"),
        pytest.param("The tool reduces the cost of manual review.", 1, id="a change without a number"),
        pytest.param("A classifier of flowers by their petals.", 0, id="none"),
        pytest.param("The model reaches an accuracy of 92 %.", 0, id="a measure"),
        pytest.param("The model improves accuracy by 3 %.", 0, id="a better measure"),
        pytest.param("Caching reduces training time by 40 % for the model.", 0, id="the machinery"),
        pytest.param("Fraud costs the industry $30 billion every year.", 0, id="the industry's figure"),
        pytest.param(
            "According to studies, reducing churn by 5 % increases profits by 25 %, so models matter.",
            0,
            id="from studies",
        ),
        pytest.param("## Future work\n\nThe model will save the bank $100,000 of costs.", 0, id="plans"),
        pytest.param("<!-- The model saves 3 hours of manual review per week. -->\nFlowers.", 0, id="a hidden comment"),
        pytest.param("```\nThe model saves 3 hours of manual work.\n```", 0, id="in a block of code"),
    ],
)
def test_impact_in_numbers(text: str, expected: int) -> None:
    assert expected == told(text)


def test_nothing_that_could_have_an_effect() -> None:
    assert asked({"README.md": "# Title\n\nNotes.\n", "a.py": "print(1)\n"}) == "NotApplicable"


def test_an_application_is_asked() -> None:
    assert asked({"README.md": "# Title\n", "a.py": "import streamlit as st\nst.title('x')\n"}) == 0
