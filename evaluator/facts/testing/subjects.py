"""Which of the project's own functions handle data or a model?"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import Literal, TypeAlias

from evaluator.facts.code import Code
from evaluator.facts.modelling.places import Places
from evaluator.facts.python import members
from evaluator.facts.python.scopes import Scope
from evaluator.model import Span

Kind: TypeAlias = Literal["model", "data"]
_OF_MODELS = frozenset(
    {"fit", "predict", "metric", "score", "score-folds", "search", "loop-apply", "loop-backward", "split-pairs", "save"}
)
_OF_DATA = frozenset({"load", "transformer", "split-parts", "split-folds", "split-pairs"})
_DATA_LIBRARIES = frozenset(
    {
        "pandas",
        "numpy",
        "polars",
        "torch",
        "torchvision",
        "torchaudio",
        "tensorflow",
        "keras",
        "jax",
        "scipy",
        "sklearn",
    }
    | {"cv2", "PIL", "skimage", "librosa", "nltk", "spacy", "gensim", "datasets", "pyspark", "dask", "statsmodels"}
    | {"albumentations", "imblearn", "category_encoders", "networkx", "tiktoken", "tokenizers", "gymnasium", "xarray"}
    | {
        "langchain",
        "langchain_text_splitters",
        "sentence_transformers",
        "faiss",
        "chromadb",
        "transformers",
        "geopandas",
    }
)
_TABLES_AND_MODELS = frozenset(
    {"pandas", "polars", "sklearn", "torch", "tensorflow", "keras", "xgboost", "lightgbm", "jax"}
)
_UNTELLING = frozenset(
    {"seed", "manual_seed", "set_seed", "is_available", "device", "set_option", "__version__", "no_grad"}
)
_SAYS_DATA = frozenset(
    {
        "preprocess",
        "preprocessing",
        "clean",
        "cleaning",
        "tokenize",
        "tokenise",
        "tokenizer",
        "normalize",
        "normalise",
        "encode",
    }
    | {
        "decode",
        "feature",
        "features",
        "transform",
        "vectorize",
        "chunk",
        "chunks",
        "chunking",
        "split",
        "scale",
        "augment",
    }
    | {
        "impute",
        "stem",
        "lemmatize",
        "batch",
        "batches",
        "window",
        "windows",
        "vocab",
        "ngram",
        "ngrams",
        "subsample",
        "pairs",
    }
    | {"dataset", "resample", "dedupe", "deduplicate"}
)
_SAYS_MODEL = frozenset(
    {
        "predict",
        "prediction",
        "train",
        "fit",
        "loss",
        "accuracy",
        "score",
        "metric",
        "metrics",
        "gradient",
        "grad",
        "forward",
    }
    | {
        "backward",
        "reward",
        "infer",
        "inference",
        "classify",
        "evaluate",
        "precision",
        "recall",
        "f1",
        "rmse",
        "mse",
        "auc",
    }
    | {"embedding", "embeddings", "similarity", "drift"}
)
_MODEL_METHODS = ("predict", "forward", "fit", "call", "act", "step", "backward", "train")


class Subjects:
    """The functions of one project that handle data or models."""

    def __init__(self, places: Places, code: Code) -> None:
        self.places = places
        self.code = code
        self.roles = places.roles

    def kind(self, node: str) -> Kind | None:
        """Return what the function ``path::scope`` handles itself; None where neither is seen."""
        return self._kinds.get(node)

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        found: dict[str, Kind] = {}
        for source, site, named in self.places.calls:
            node = f"{source.path}::{site.label}"
            kind = self._of_call(named.name, site.node, is_own=named.target is not None)
            if kind is not None and found.get(node) != "model":
                found[node] = kind
        for fit in self.places.fits:
            found[f"{fit.place.at.path}::{fit.place.scope}"] = "model"
        for source in self.places.sources:
            for scope in source.walked.definitions():
                kind = self._by_form(scope)
                if kind is not None:
                    found.setdefault(scope.id, kind)
        return found

    def _of_call(self, name: str, call: ast.Call, *, is_own: bool) -> Kind | None:
        roles = self.roles(name)
        root, _, rest = name.partition(".")
        if is_own:
            return None
        if name.startswith("."):
            return "model" if rest in {"predict", "predict_proba"} and call.args else None
        if roles & _OF_MODELS or (roles & {"restore"} and root not in {"pickle", "joblib"}):
            return "model"
        if roles & _OF_DATA:
            return "data"
        telling = rest.rpartition(".")[2] not in _UNTELLING
        return "data" if root in _DATA_LIBRARIES and telling and not rest.startswith("cuda") else None

    def _by_form(self, scope: Scope) -> Kind | None:
        """Return what a function handles that is written by hand: by its class, its parameters or its name."""
        last = scope.label.rpartition(".")[2]
        words = set(last.lower().strip("_").split("_"))
        node = scope.node
        if scope.kind == "class":
            return "model" if self._is_model(scope) else None
        if scope.owner is not None and self._is_model(scope.owner) and not last.startswith("__"):
            return "model"
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or scope.statements < 1:
            return None
        if not words & (_SAYS_MODEL | _SAYS_DATA) or not [*node.args.args, *node.args.kwonlyargs] or not _works(node):
            return None
        return "model" if words & _SAYS_MODEL else "data"

    def _is_model(self, scope: Scope) -> bool:
        """Whether a class is a model: derived from a library's, or one that both learns and answers."""
        line = members.bases(self.places.names, scope)
        if any(
            isinstance(b, str) and (self.roles(b) & {"model", "transformer"} or b.startswith("gymnasium."))
            for b in line
        ):
            return True
        has = {name for name in _MODEL_METHODS if members.method(self.places.names, scope, name) is not None}
        return len(has) >= 2

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where there is something to be tested: places where libraries handle data or models, and where one is trained.

        What only a name says is left out: a validator or a scorer of something else has them, too.
        """
        found: dict[str, Span] = {}
        for source, site, named in self.places.calls:
            if self._of_call(named.name, site.node, is_own=named.target is not None) is not None:
                found.setdefault(source.path, self.places.place(source, site, named).at)
        for fit in self.places.fits:
            found.setdefault(fit.place.at.path, fit.place.at)
        written = {s.path for s in self.places.sources}
        for module in self.code.modules:
            for made in module.imports if module.path in written else ():
                if made.used and made.local is None and made.name.partition(".")[0] in _TABLES_AND_MODELS:
                    found.setdefault(module.path, made.at)
        return tuple(found[path] for path in sorted(found))[:20]


def _works(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function does something with what it is given."""
    return any(isinstance(n, (ast.Call, ast.BinOp, ast.Subscript, ast.comprehension, ast.For)) for n in ast.walk(node))
