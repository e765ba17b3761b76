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


NOISE = "import numpy as np\nrng = np.random.default_rng(0)\n"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("accuracy_score(b, b)", id="the truth itself"),
        pytest.param("p = b.copy()\naccuracy_score(b, p)", id="a copy of it"),
        pytest.param("p = list(b.values)\naccuracy_score(y_true=b, y_pred=p)", id="a list of it, by keywords"),
        pytest.param(f"{NOISE}p = b + rng.normal(size=len(b))\naccuracy_score(b, p > 0.5)", id="the truth with noise"),
        pytest.param(f"{NOISE}accuracy_score(b, rng.random(len(B)) > 0.5)", id="chance"),
        pytest.param("import random\naccuracy_score(b, [random.random() > 0.5 for _ in range(len(b))])", id="coins"),
        pytest.param("import numpy as np\naccuracy_score(b, np.zeros(len(b)))", id="a constant"),
        pytest.param("accuracy_score([0, 1, 1], [0, 1, 1])", id="typed numbers"),
        pytest.param("def f(y, p):\n    return accuracy_score(y, p)\nf(b, b)", id="through a function"),
        pytest.param("def g(y):\n    return y.copy()\naccuracy_score(b, g(b))", id="made by a function"),
    ],
)
def test_a_score_in_which_no_model_has_a_part(source: str) -> None:
    answer = asked(FIT + source)

    assert isinstance(answer, Measured)
    assert answer.value == 0
    assert "no part" in answer.summary
    assert isinstance(answer.evidence[0], InFile)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("p = []\nfor row in B:\n    p.append(m.predict(row))\naccuracy_score(b, p)", id="a list that is filled"),
        pytest.param("import numpy as np\np = np.zeros(9)\np[:] = m.predict(B)\naccuracy_score(b, p)", id="an array that is filled"),
        pytest.param("p = 0\nfor _ in range(3):\n    p += m.predict_proba(B)[:, 1]\naccuracy_score(b, p > 1)", id="a sum that grows"),
        pytest.param("import numpy as np\np = np.where(m.predict_proba(B)[:, 1] > 0.5, 1, 0)\naccuracy_score(b, p)", id="a threshold"),
        pytest.param("c = pd.DataFrame({'y': b, 'p': m.predict(B)})\naccuracy_score(c['y'], c['p'])", id="columns of one table"),
        pytest.param("c = pd.read_csv('p.csv')\naccuracy_score(c['y'], c['p'])", id="a table that was written before"),
        pytest.param("out = m.predict(B)\naccuracy_score(out[0], out[1])", id="parts of one thing"),
        pytest.param("def f(y, p):\n    return accuracy_score(y, p)\nf(b, m.predict(B))\nf(b, b)", id="a function that is given both"),
        pytest.param("w = a.mean()\naccuracy_score(b, B @ w > 0)", id="weights by hand"),
    ],
)  # fmt: skip
def test_a_score_in_which_a_model_may_have_a_part(source: str) -> None:
    answer = asked(FIT + source)

    assert isinstance(answer, Measured)
    assert answer.value >= 1


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
