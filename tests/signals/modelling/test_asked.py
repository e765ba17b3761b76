"""Is a project without a model told from one whose model is made where nobody reads, and from one whose making is gone?"""

from __future__ import annotations

import pytest

from evaluator.model import Measured, NotApplicable, Unknown
from evaluator.signals.modelling.asked import without_training
from tests.facts.programs import program

ASKS = "import joblib\nm = joblib.load('model.pkl')\nprint(m.predict([[1]]))\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": "from sklearn.svm import SVC\nSVC().fit([[1]], [1])\n"}, None, id="trained here"),
        pytest.param({"a.py": ASKS, "model.pkl": "x"}, Measured, id="committed, its making is gone"),
        pytest.param({"a.jl": "x = 1\n"}, Unknown, id="Julia"),
        pytest.param({"src/networks/Mlp.java": "class Mlp {}\n"}, Unknown, id="a network in Java"),
        pytest.param({"src/neuralnetwork.hpp": "int f();\n"}, Unknown, id="a network in C++"),
        pytest.param({"src/TDLstmLearner.java": "class A {}\n"}, Unknown, id="words within a name"),
        pytest.param({"src/SocketServer.java": "class A {}\n"}, NotApplicable, id="a server in Java"),
        pytest.param({"src/trainstation.cpp": "int f();\n"}, NotApplicable, id="a word that begins like one"),
        pytest.param({"src/train.js": "f();\n"}, NotApplicable, id="the script of a page"),
        pytest.param({"third_party/Mlp.java": "class Mlp {}\n"}, NotApplicable, id="other people's"),
        pytest.param({"a.py": "print(1)\n"}, NotApplicable, id="nothing"),
    ],
)
def test_without_training(files: dict[str, str], expected: type | None) -> None:
    made = program(files)
    answer = without_training(made.work, made.tree)

    assert answer is None if expected is None else isinstance(answer, expected)
