"""Is there a model that one could ask about?"""

from __future__ import annotations

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
        unread = [f.path for f in tree.files if f.path.lower().endswith(STATISTICAL) and f.part == "own"]
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
