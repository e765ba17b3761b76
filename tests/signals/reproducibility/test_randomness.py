"""Are all, some or none of the random places seeded?"""

from __future__ import annotations

import pytest

from evaluator.model import InFile, Measured, NotApplicable, Unknown
from evaluator.signals.reproducibility.randomness import seeds_fixed
from tests.facts.programs import program

HEAD = (
    "from sklearn.model_selection import train_test_split\nfrom sklearn.ensemble import RandomForestClassifier as RF\n"
    "from sklearn.linear_model import LinearRegression\nimport numpy as np\n"
)
SPLIT, SEEDED = "train_test_split(X, y)\n", "train_test_split(X, y, random_state=1)\n"


def asked(source: str) -> object:
    return seeds_fixed(program({"a.py": HEAD + source}).work)


@pytest.mark.parametrize(
    ("source", "level"),
    [
        pytest.param(SEEDED, 2, id="seeded"),
        pytest.param(f"{SEEDED}LinearRegression().fit(X, y)", 2, id="beside a deterministic model"),
        pytest.param(f"np.random.seed(1)\n{SPLIT}RF().fit(X, y)", 2, id="once for all"),
        pytest.param(f"{SEEDED}RF().fit(X, y)", 1, id="the model is not"),
        pytest.param(f"{SEEDED}RF(**load()).fit(X, y)", 2, id="what only a run knows is left out"),
        pytest.param(f"{SPLIT}RF().fit(X, y)", 0, id="none"),
        pytest.param(f"SEED = 42  # random_state=42\n'np.random.seed(42)'\n{SPLIT}", 0, id="a seed in words"),
        pytest.param(f"def set_seed():\n    np.random.seed(1)\n{SPLIT}", 0, id="a helper that nothing calls"),
        pytest.param(f"from numpy.random import seed\n{SPLIT}", 0, id="an import that is never used"),
        pytest.param(f"{SPLIT}np.random.seed(1)", 0, id="too late"),
    ],
)
def test_seeds_fixed(source: str, level: int) -> None:
    answer = asked(source)

    assert isinstance(answer, Measured)
    assert answer.value == level
    assert all(isinstance(e, InFile) for e in answer.evidence)
    assert bool(answer.evidence)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("", id="nothing"),
        pytest.param("LinearRegression().fit(X, y)", id="deterministic"),
        pytest.param("import random\nrandom.shuffle(x)\nprint(1)", id="chance without a model"),
        pytest.param("def f():\n    train_test_split(X, y)", id="in code that nothing runs"),
    ],
)
def test_seeds_fixed_not_asked(source: str) -> None:
    assert isinstance(asked(source), NotApplicable)


def test_seeds_that_only_a_run_knows() -> None:
    assert isinstance(asked("RF(**load()).fit(X, y)"), Unknown)
