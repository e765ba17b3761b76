"""Is a score on held-out rows told from one on training rows, and from none?"""

from __future__ import annotations

import pytest

from evaluator.model import Absence, InFile, Measured, NotApplicable
from evaluator.signals.modelling.evaluation import metrics_in_code
from tests.facts.programs import program

HEAD = (
    "from sklearn.model_selection import train_test_split, cross_val_score\nfrom sklearn.linear_model import LogisticRegression\n"
    "from sklearn.metrics import accuracy_score\nimport pandas as pd, joblib\ndf = pd.read_csv('x.csv')\n"
    "A, B, a, b = train_test_split(df, df['y'])\n"
)
FIT = "m = LogisticRegression().fit(A, a)\n"


def asked(source: str, **others: str) -> object:
    made = program({"a.py": HEAD + source + "\nprint(1)", **{n.replace("_", "."): text for n, text in others.items()}})
    return metrics_in_code(made.work, made.tree)


@pytest.mark.parametrize(
    ("source", "level"),
    [
        pytest.param(f"{FIT}accuracy_score(b, m.predict(B))", 2, id="held out"),
        pytest.param("cross_val_score(LogisticRegression(), A, a)", 2, id="folds"),
        pytest.param(f"{FIT}accuracy_score(a, m.predict(A))\naccuracy_score(b, m.predict(B))", 2, id="both"),
        pytest.param(f"{FIT}accuracy_score(a, m.predict(A))", 1, id="training rows"),
        pytest.param(f"{FIT}def f(m, rows):\n    return m.score(rows)\nf(m, load())", 1, id="unclear"),
        pytest.param(f"{FIT}B, b = A, a\naccuracy_score(b, m.predict(B))", 1, id="training rows by another name"),
        pytest.param(f"{FIT}m.predict(B)", 0, id="predictions only"),
        pytest.param(f"{FIT}print('accuracy: 0.99')  # accuracy_score(b, m.predict(B))", 0, id="a number in words"),
        pytest.param(f"{FIT}from sklearn.metrics import f1_score", 0, id="an import that is never used"),
    ],
)
def test_metrics_in_code(source: str, level: int) -> None:
    answer = asked(source)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert [type(e) for e in answer.evidence[:1]] == ([Absence] if level == 0 else [InFile])


@pytest.mark.parametrize(
    "helper",
    [
        pytest.param("def f():\n    return accuracy_score(b, m.predict(B))", id="held out"),
        pytest.param("def f():\n    return accuracy_score(a, m.predict(A))", id="training rows"),
        pytest.param("def f(y, p):\n    return accuracy_score(y, p)", id="unclear"),
    ],
)
def test_a_helper_that_nothing_calls(helper: str) -> None:
    """A score that nothing computes is none; the evidence opens the helper and names it."""
    answer = asked(FIT + helper)

    assert isinstance(answer, Measured)
    assert answer.value == 0
    assert "nothing runs" in answer.summary
    [shown] = answer.evidence
    assert isinstance(shown, InFile)
    assert shown.note == "sklearn.metrics.accuracy_score in f: nothing runs it"


def test_a_model_whose_training_is_gone() -> None:
    answer = asked("m = joblib.load('model.pkl')\nm.predict(B)", model_pkl="\x80")

    assert isinstance(answer, Measured)
    assert answer.value == 0


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("", id="no model"),
        pytest.param(
            "from sklearn.preprocessing import StandardScaler\nStandardScaler().fit(A)", id="a scaler is none"
        ),
        pytest.param("import openai\nopenai.chat('x')", id="a hosted model is none"),
    ],
)
def test_metrics_in_code_not_asked(source: str) -> None:
    assert isinstance(asked(source), NotApplicable)
