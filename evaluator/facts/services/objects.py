"""What kind of thing is an object: a model, something that prepares data, rows, or a service of others?"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Literal

from evaluator.facts.python import members
from evaluator.facts.python.names import Named, Names
from evaluator.facts.python.scopes import Point, Scope
from evaluator.facts.services.makers import Maker, Makers

Kind = Literal["built", "restored", "pretrained", "hosted", "transformer", "rows", "unknown"]
"""``built``: a model by its constructor or a call that fits it; ``restored``: read from what was kept; ``pretrained``:
other people's weights; ``hosted``: a model behind somebody's service; ``rows``: data, figures and plain values."""

OWN_PREDICTS = ("predict", "predict_proba", "forward", "act", "choose_action", "select_action", "call")
_OWN_FITS = ("fit", "train", "learn", "update", "backward", "forward", "training_step", "train_step")
_UNWRAPS = frozenset(
    {
        "state_dict",
        "get_booster",
        "to_json",
        "SerializeToString",
        "get_weights",
        "parameters",
        "named_parameters",
        "module",
    }
)
_MODEL_WORDS = frozenset(
    {
        *(
            "model",
            "models",
            "clf",
            "classifier",
            "regressor",
            "estimator",
            "net",
            "network",
            "agent",
            "policy",
            "pipe",
        ),
        *(
            "pipeline",
            "booster",
            "xgb",
            "lgb",
            "lgbm",
            "rf",
            "lr",
            "svm",
            "svc",
            "knn",
            "forest",
            "learner",
            "cnn",
            "rnn",
        ),
        *("lstm", "gru", "bert", "kmeans", "arima", "sarima", "prophet", "catboost", "mlp", "nn", "dnn", "predictor"),
        *("tree", "dt", "nb", "checkpoint", "ckpt", "actor", "critic", "generator", "gan", "vae", "unet", "resnet"),
        *("grid", "search", "best", "final", "ensemble", "stack", "voting", "regression", "logistic", "gbm", "bagging"),
    }
)
_OTHER_WORDS = frozenset(
    {
        *("scaler", "scalers", "encoder", "encoders", "vectorizer", "vectoriser", "tokenizer", "columns", "features"),
        *("feature", "results", "result", "metrics", "metric", "history", "config", "mapping", "vocab", "vocabulary"),
        *("preprocessor", "imputer", "index", "df", "dataframe", "dataset", "names", "labels", "classes", "report"),
        *("label", "tfidf", "cv", "bow", "words", "stopwords", "hyperparameters", "losses", "scores", "predictions"),
        *("transformer", "optimizer", "optimiser", "scheduler", "threshold", "metadata", "split", "selector", "pca"),
        *("data", "x", "y", "train", "test", "val", "array", "matrix", "values", "shap", "images", "texts", "corpus"),
        *("chunks", "docs", "documents", "params", "parameters", "study", "cache", "stats", "summary", "list", "dict"),
    }
)
_FILE = re.compile(r"[^/\\{}]*\.[A-Za-z0-9_]{1,11}$")
_PLAIN = (
    "pandas.",
    "numpy.",
    "polars.",
    "matplotlib.",
    "datetime.",
    "pathlib.",
    "collections.",
    "json.",
    "logging.",
    "os.",
)
_BESIDE_MODELS = ("Tokenizer", "Processor", "FeatureExtractor", "Config", "Scheduler")
"""Parts of the names of what is read from a model's folder beside the model."""
_PATHS = (
    "os.path.",
    "os.environ.",
    "os.getenv",
    "pathlib.",
    "posixpath.",
    "str.",
    "gzip.open",
    "bz2.open",
    "io.open",
    "codecs.open",
)
_BUILTIN_ROWS = frozenset(
    {"open", "dict", "list", "set", "tuple", "str", "int", "float", "sorted", "range", "len", "sum", "round"}
)


class Objects:
    """Answers for one project. ``paths``: all files of the tree."""

    def __init__(self, names: Names, makers: Makers, paths: Iterable[str]) -> None:
        self.names = names
        self.makers = makers
        self.roles = names.libraries.roles
        self.paths = frozenset(paths)
        self.folders = frozenset(posixpath.dirname(p) for p in self.paths)
        self._models: dict[Scope, bool] = {}

    def kinds(self, expr: ast.expr, point: Point, depth: int = 4) -> set[Kind]:
        """Return the kinds of what ``expr`` may hold."""
        return {k for maker in self.makers.of(expr, point) for k in self.of(maker, depth)}

    def of(self, maker: Maker, depth: int = 4) -> set[Kind]:
        """Return the kinds of what ``maker`` makes; several for a container."""
        if depth <= 0:
            return {"unknown"}
        match maker.expr:
            case ast.Call():
                return self._of_call(maker.expr, maker.point, depth - 1)
            case ast.Dict(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
                found = {k for part in parts[:40] for k in self.kinds(part, maker.point, depth - 1)}
                return found or {"rows"}
            case ast.Constant() | ast.JoinedStr() | ast.ListComp() | ast.GeneratorExp() | ast.Compare():
                return {"rows"}
            case ast.DictComp(value=value):
                return self.kinds(value, maker.point, depth - 1) or {"rows"}
        return {"unknown"}

    def is_model(self, expr: ast.expr, point: Point) -> bool | None:
        """Whether ``expr`` is, or contains, a model that can be trained; None where nothing tells."""
        kinds = self.kinds(expr, point)
        if kinds & {"built", "pretrained"}:
            return True
        if kinds and not kinds & {"unknown", "restored"}:
            return False
        words = identifier_words(expr)
        return _told(words)

    def _of_call(self, call: ast.Call, point: Point, depth: int) -> set[Kind]:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _UNWRAPS:
            return self.kinds(call.func.value, point, depth) or {"unknown"}
        named = self.names.called(call)
        roles = self.roles_of(named)
        if "pretrained" in roles and "search" not in roles:
            if any(word in named.name for word in _BESIDE_MODELS):
                return {"transformer"}
            return {"restored"} if self._is_local(call, point) else {"pretrained"}
        if named.name.startswith("sklearn.pipeline."):
            return self._pipeline(call, point, depth)
        if named.target is not None and named.target.kind == "class":
            return {"built"} if self.is_own_model(named.target) else self._held(named.target, depth)
        return self._by_roles(named.name, roles)

    def _by_roles(self, name: str, roles: frozenset[str]) -> set[Kind]:
        kinds: tuple[tuple[str, Kind], ...] = (
            ("search", "built"),
            ("restore", "restored"),
            ("hosted", "hosted"),
            ("transformer", "transformer"),
            ("model", "built"),
            ("estimator", "built"),
        )
        for role, kind in kinds:
            if role in roles:
                return {kind}
        if "fit" in roles:
            given = self.names.libraries.returns(name)
            shown = given is not None and "." in given and not self.roles(given) & {"model", "estimator"}
            return {"unknown"} if shown else {"built"}
        return {"rows"} if name in _BUILTIN_ROWS or name.startswith(_PLAIN) else {"unknown"}

    def roles_of(self, named: Named) -> frozenset[str]:
        """Return the roles of a call under any of the names that it may have."""
        return named.roles

    def _pipeline(self, call: ast.Call, point: Point, depth: int) -> set[Kind]:
        """Return what a pipeline is: a model, unless each of its steps only prepares data."""
        steps: list[ast.expr] = []
        for given in (*call.args, *(k.value for k in call.keywords if k.arg == "steps")):
            for maker in self.makers.of(given, point):
                if isinstance(maker.expr, ast.List):
                    steps += [e.elts[-1] if isinstance(e, ast.Tuple) and e.elts else e for e in maker.expr.elts]
                else:
                    steps.append(given)
        kinds = {k for step in steps for k in self.kinds(step, point, depth)}
        return {"transformer"} if kinds and kinds <= {"transformer"} else {"built"}

    def is_own_model(self, scope: Scope) -> bool:
        """Whether a class of the project is a model: a library's by its bases, or it learns and predicts by itself."""
        if scope not in self._models:
            self._models[scope] = False
            bases = members.bases(self.names, scope)
            if any(isinstance(b, str) and self.roles(b) & {"model", "transformer"} for b in bases):
                self._models[scope] = any(isinstance(b, str) and "model" in self.roles(b) for b in bases)
            else:
                learns = [members.method(self.names, scope, name) for name in _OWN_FITS]
                predicts = [members.method(self.names, scope, name) for name in OWN_PREDICTS]
                self._models[scope] = any(m is not None and m.statements >= 2 for m in learns) and any(predicts)
        return self._models[scope]

    def _held(self, scope: Scope, depth: int) -> set[Kind]:
        """Return the kinds of what an instance of an own class that is no model keeps in its attributes."""
        found: set[Kind] = set()
        for name, stored in list(scope.attributes.items())[:20]:
            if _split(name) & _MODEL_WORDS:
                for binding in stored[-2:]:
                    if binding.expr is not None:
                        found |= self.kinds(binding.expr, binding.point, depth)
        return found & {"built", "restored", "pretrained", "hosted"} or {"unknown"}

    def _is_local(self, call: ast.Call, point: Point) -> bool:
        """Whether weights are read from a place of the project's own, not from a library's or a hub's store."""
        said = [t for t in self.texts(call, point) if t]
        for text in said[:3]:
            clean = posixpath.normpath(text)
            if clean in self.paths or clean in self.folders or text.startswith(("./", "../", "/", "runs/")):
                return True
            first = clean.partition("/")[0]
            if "/" in clean and first in {
                "models",
                "model",
                "artifacts",
                "checkpoints",
                "outputs",
                "output",
                "saved_model",
            }:
                return True
        return bool(call.args) and not said

    def texts(self, call: ast.Call, point: Point) -> Iterator[str]:
        """Yield the texts that a call is given, through names that hold constants."""
        for given in (*call.args[:2], *(k.value for k in call.keywords[:6])):
            yield from self.strings(given, point)

    def strings(self, expr: ast.expr, point: Point, depth: int = 6) -> Iterator[str]:
        """Yield the string constants that a path or an address in ``expr`` is made of, through names and attributes."""
        if isinstance(expr, ast.Constant):
            yield from [expr.value] if isinstance(expr.value, str) else []
        elif isinstance(expr, (ast.Name, ast.Attribute)) and depth > 0:
            for maker in self.makers.of(expr, point)[:4]:
                if maker.expr is not expr:
                    yield from self.strings(maker.expr, maker.point, depth - 2)
        else:
            for part in self._path_parts(expr):
                yield from self.strings(part, point, depth - 1)

    def _path_parts(self, expr: ast.expr) -> list[ast.expr]:
        """Return what a path is put together from; nothing for what makes no path."""
        match expr:
            case ast.BinOp(left=left, right=right):
                return [left, right]
            case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
                return parts
            case ast.Call(func=func):
                name = self.names.called(expr).name
                if name.startswith(_PATHS) or name in {"open", "str", "getattr"}:
                    return [*([func.value] if isinstance(func, ast.Attribute) else []), *expr.args]
        return []

    def files(self, expr: ast.expr, point: Point) -> list[str]:
        """Return the file names (last components with a suffix) that ``expr`` is made of."""
        return list(dict.fromkeys(m[0] for text in self.strings(expr, point) if (m := _FILE.search(text))))


def identifier_words(expr: ast.expr) -> set[str]:
    """Return the words of the identifier, attribute or key that ``expr`` ends in."""
    match expr:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _split(name)
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return _split(name)
        case ast.Subscript(value=inner) | ast.Starred(value=inner) | ast.Await(value=inner):
            return identifier_words(inner)
        case ast.Call(func=ast.Attribute(value=inner)):
            return identifier_words(inner)
    return set()


def words_say_model(text: str) -> bool | None:
    """Whether a file's name says that a model is in it, or that something else is; None where it says neither."""
    words = set(re.findall(r"[a-z]+", text.rpartition("/")[2].rpartition(".")[0].lower()))
    return _told(words)


def _told(words: set[str]) -> bool | None:
    """Return what words say, where they do not say both: ``model_results``, ``checkpoint_dict``."""
    says = (bool(words & _MODEL_WORDS), bool(words & _OTHER_WORDS))
    return {(True, False): True, (False, True): False}.get(says)


def _split(name: str) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))
