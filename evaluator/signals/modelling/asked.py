"""Is there a model that one could ask about?"""

from __future__ import annotations

import re

from evaluator.facts.model_work import ModelWork
from evaluator.facts.tree import Tree
from evaluator.model import Answer, InFile, Measured, NotApplicable, Unit, Unknown

MODEL_FILES = (
    ".pkl",
    ".pickle",
    ".joblib",
    ".sav",
    ".h5",
    ".hdf5",
    ".keras",
    ".pt",
    ".pth",
    ".onnx",
    ".safetensors",
    ".tflite",
)
STATISTICAL = (".jl", ".sas", ".do")
"""Suffixes of languages that are written to work on data, and that are not read."""


COMPILED = (".java", ".kt", ".scala", ".cpp", ".cc", ".cxx", ".hpp", ".cs", ".rs", ".go", ".swift", ".m")
"""Suffixes of other languages that are not read; they are written for anything, so a file's name must speak of learning."""
_LEARNS = re.compile(
    r"(?:^|[^a-z])(?:neural\w*|perceptron|mlp|lstm|rnn|cnn|dqn|knn|kmeans|svm|backprop\w*|gradient\w*|classif\w*|regress\w*|train(?:er|ing)?|learner)(?![a-z])"
)


def without_training(work: ModelWork, tree: Tree) -> Answer | None:
    """Return the answer where nothing is trained here; None where something is, and the question is to be asked.

    A model that is committed and used while the code that trained it is gone leaves every question about its making
    unanswered: that is the worst level, not a question that does not arise. Where models may be made in a language that is
    not read, nobody knows.
    """
    if work.fits:
        return None
    kept = [f.path for f in tree.files if f.path.lower().endswith(MODEL_FILES) and f.part in {"own", "example"}]
    if not kept or not work.restores:
        unread = [f.path for f in tree.files if f.part == "own" and _may_learn(f.path)]
        if unread:
            return Unknown(cause="not-found", reason=f"models may be made in a language that is not read ({unread[0]})")
        return NotApplicable(reason="no model is fitted or trained here")
    note = f"{kept[0]} is used, and the code that trained and scored it is not here"
    return Measured(
        value=0,
        unit=Unit.LEVEL,
        summary=note,
        evidence=(InFile(at=work.restores[0].at, note=f"loads a model: {note}"),),
    )


def _may_learn(path: str) -> bool:
    """Whether a file that is not read may make a model."""
    if path.lower().endswith(STATISTICAL):
        return True
    name = path.rpartition("/")[2].rpartition(".")[0]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    return path.lower().endswith(COMPILED) and _LEARNS.search(words) is not None
