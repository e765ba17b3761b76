"""A model is described where its use, its limits, its data and its evaluation are all written down."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.facts.claims import claims
from evaluator.facts.prose import prose
from evaluator.model import Answer, Measured, NotApplicable
from evaluator.signals.communication.model_card import model_card
from tests.facts.programs import program

TRAIN = "from sklearn.svm import SVC\nm = SVC().fit(x, y)\n"
USE = "## Intended use\n\nFor nurses who want a second look at a patient's record.\n\n"
DATA = "## Training data\n\nTrained on 303 records of the Cleveland clinic, 14 columns each.\n\n"
SCORES = "## Evaluation\n\nOn 61 held-out records the model reaches an accuracy of 0.85 and a recall of 0.80.\n\n"
LIMITS = (
    "## Limitations\n\nPatients under thirty are missing from the data, so the model does not generalise to them.\n\n"
)


def answer(files: Mapping[str, str | bytes]) -> Answer:
    made = program(files)
    read = prose(made.modules.snapshot, made.tree, made.notebooks)
    return model_card(made.work, read, claims(read), made.tree)


@pytest.mark.parametrize(
    ("files", "level"),
    [
        pytest.param({"MODEL_CARD.md": "# Model card\n\n" + USE + DATA + SCORES + LIMITS}, 2, id="a card of its own"),
        pytest.param({"README.md": "# T\n\n" + USE + DATA + SCORES + LIMITS}, 2, id="in the README"),
        pytest.param(
            {"README.md": "# T\n\n" + DATA + SCORES, "MODEL_CARD.md": "# Model card\n\n" + USE + LIMITS},
            2,
            id="in both",
        ),
        pytest.param(
            {
                "README.md": "# T\n\n## Uso previsto\n\nPara médicos que quieren una segunda opinión.\n\n## Datos\n\nSe entrenó con 303 "
                "registros de una clínica.\n\n## Resultados\n\nLa exactitud es 0.85 en los datos de prueba.\n\n## Limitaciones\n\n"
                "No hay pacientes jóvenes en los datos, así que no generaliza.\n"
            },
            2,
            id="in Spanish",
        ),
        pytest.param({"README.md": "# T\n\n" + DATA + SCORES + LIMITS}, 1, id="without its use"),
        pytest.param({"README.md": "# T\n\n" + DATA + SCORES}, 1, id="data and evaluation"),
        pytest.param({"README.md": "# T\n\n" + DATA}, 0, id="data only"),
        pytest.param({"README.md": "# T\n\nA model.\n"}, 0, id="nothing"),
        pytest.param({}, 0, id="no document"),
        pytest.param(
            {
                "MODEL_CARD.md": "# Model card\n\n## Intended use\n\n[More Information Needed]\n\n## Training data\n\n"
                "[More Information Needed]\n\n## Evaluation\n\n[More Information Needed]\n\n## Limitations\n\n[More Information Needed]\n"
            },
            0,
            id="a template",
        ),
        pytest.param(
            {"README.md": "# T\n\n## Intended use\n\n## Training data\n\n## Evaluation\n\n## Limitations\n"},
            0,
            id="headings",
        ),
        pytest.param({"README.md": "# T\n\n<!-- " + USE + DATA + SCORES + LIMITS + " -->\n"}, 0, id="hidden"),
    ],
)
def test_model_card(files: dict[str, str], level: int) -> None:
    found = answer({"train.py": TRAIN, **files})

    assert isinstance(found, Measured)
    assert found.value == level
    assert found.evidence


def test_a_model_that_is_kept_without_its_training_is_asked() -> None:
    files: dict[str, str | bytes] = {
        "app.py": "import joblib\nm = joblib.load('m.pkl')\nprint(m.predict([[1]]))",
        "m.pkl": b"x",
    }
    found = answer({**files, "README.md": f"# T\n\n{USE}{DATA}{SCORES}{LIMITS}"})

    assert isinstance(found, Measured)
    assert found.value == 2


def test_model_card_not_asked() -> None:
    assert isinstance(answer({"a.py": "print(1)", "README.md": "# T\n\n" + USE}), NotApplicable)
