"""Which model files are committed?"""

from __future__ import annotations

from evaluator.facts.tree import Tree
from evaluator.signals.modelling.asked import MODEL_FILES

_FURTHER = (".bin", ".cbm", ".ubj", ".ckpt", ".pb", ".mar", ".pmml", ".skops", ".bst", ".npz")
_WORDS = ("model", "clf", "classifier", "regressor", "checkpoint", "weights", "booster", "xgb", "forest")
_NO_MODEL = (
    "scaler",
    "encoder",
    "vectorizer",
    "columns",
    "tokenizer",
    "preprocessor",
    "features",
    "imputer",
    "data",
    "index",
    "faiss",
)


def model_files(tree: Tree) -> list[str]:
    """Return the paths of the project's own files that hold a model, by their names."""
    return [f.path for f in tree.files if f.part in {"own", "example"} and _is_model(f.path.rpartition("/")[2].lower())]


def _is_model(name: str) -> bool:
    if any(word in name for word in _NO_MODEL):
        return False
    said = any(word in name for word in _WORDS)
    return name.endswith(MODEL_FILES) or (said and name.endswith(_FURTHER))
