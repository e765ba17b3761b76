"""Where is a model saved, and where is a saved one taken up to answer something?"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import Literal

from evaluator.facts.python.modules import Source
from evaluator.facts.python.names import Named
from evaluator.facts.python.scopes import Scope, Site
from evaluator.facts.reach import Reach
from evaluator.facts.services.asking import Question, Questions
from evaluator.facts.services.makers import Maker
from evaluator.facts.services.objects import identifier_words, words_say_model
from evaluator.facts.serving import Kept
from evaluator.model import Span

What = Literal["model", "other", "unknown"]
_DUMPS = (
    "joblib.",
    "pickle.",
    "cloudpickle.",
    "dill.",
    "torch.save",
    "torch.jit.save",
    "skops.",
    "safetensors.",
    "onnx.",
    "compress_pickle.",
)
_GIVEN = (
    "mlflow.",
    "bentoml.",
    "surprise.",
    "coremltools.",
    "onnxmltools.",
    "h2o.",
    "pycaret.",
    "keras.models.save_model",
    "keras.saving.",
    "tensorflow.saved_model.",
    "prophet.serialize.",
    "torch.onnx.",
    "flax.",
    "orbax.",
)
_ALWAYS = frozenset({"ModelCheckpoint", "autolog", "save_model", "save_pretrained", "push_to_hub", "from_model"})
_UNKNOWN_SAVES = frozenset({"save_model", "save_weights", "save_pretrained", "save_checkpoint"})
_MAYBE_SAVES = frozenset({"save", "export", "dump", "to_disk"})
_UNKNOWN_LOADS = frozenset({"load_model", "load_weights", "load_state_dict", "load_checkpoint", "load_from_checkpoint"})
_ON_OBJECT = frozenset(
    {"load_state_dict", "load_weights", "load_model", "restore", "load_params", "load", "set_weights"}
)
_ARRAY_SAVES = (
    "numpy.save",
    "numpy.savez",
    "numpy.savez_compressed",
    "numpy.savetxt",
    "json.dump",
    "json.dumps",
    "yaml.dump",
    "numpy.ndarray.tofile",
)
_ARRAY_LOADS = ("numpy.load", "numpy.loadtxt", "json.load", "json.loads", "yaml.safe_load", "numpy.fromfile")
_WEIGHTS = frozenset(
    {
        "w",
        "b",
        "weight",
        "weights",
        "bias",
        "biases",
        "theta",
        "thetas",
        "coef",
        "coefs",
        "coefficients",
        "embedding",
        "embeddings",
        "qtable",
        "q",
    }
)


class Persisting:
    """Finds the places of one project."""

    def __init__(self, questions: Questions, reach: Reach, *, by_hand: bool) -> None:
        self.questions = questions
        self.objects = questions.objects
        self.names = questions.names
        self.reach = reach
        self.by_hand = by_hand
        self.saved: list[tuple[Site, ast.expr]] = []

    def kept(self, source: Source, site: Site, name: str, what: What, *, used: bool = True) -> Kept:
        """Return the record of one call."""
        files = [f for given in _arguments(site.node) for f in self.objects.files(given, site.point)]
        return Kept(
            name=name,
            at=place(source, site.node, site.cell),
            scope=site.label,
            file=files[0] if files else "",
            what=what,
            reached=self.reach.has(source.path, site.label),
            used=used,
        )

    # saves

    @cached_property
    def saves(self) -> list[Kept]:
        """Every call that saves something that may be a model."""
        found = []
        for source, site, named in self.questions.calls:
            what = self._saved(site, named)
            if what is not None:
                found.append(self.kept(source, site, named.name, what))
                self.saved += [(site, given) for given in _arguments(site.node)]
                self.saved += [(site, site.node.func.value)] if isinstance(site.node.func, ast.Attribute) else []
        return found

    def _saved(self, site: Site, named: Named) -> What | None:
        roles = self.objects.roles_of(named)
        last = named.name.rpartition(".")[2]
        if named.target is not None:
            return None
        if roles & {"save", "keeps-model"}:
            return self._what(site, named, last)
        func = site.node.func
        if named.name.startswith(".") and isinstance(func, ast.Attribute):
            if last in _UNKNOWN_SAVES:
                return "model"
            if last in _MAYBE_SAVES and site.node.args and self.objects.is_model(func.value, site.point):
                return "model"
        if self.by_hand and (named.name in _ARRAY_SAVES or (named.name == "open" and self._writes(site))):
            return "model" if self._writes_weights(site) else None
        return None

    def _what(self, site: Site, named: Named, last: str) -> What | None:
        if last == "autolog":
            off = [k.value for k in site.node.keywords if k.arg in {"log_models", "disable"}]
            plain = [c.value for c in off if isinstance(c, ast.Constant)]
            return None if any(k.arg == "log_models" for k in site.node.keywords) and False in plain else "model"
        if named.name.startswith(_DUMPS):
            given = _arguments(site.node)[:1]
        elif named.name.startswith(_GIVEN) and last not in _ALWAYS - {"save_model"}:
            given = [g for g in _arguments(site.node) if not isinstance(g, (ast.Constant, ast.JoinedStr))]
        elif isinstance(site.node.func, ast.Attribute) and last != "ModelCheckpoint":
            given = [site.node.func.value]
        else:
            return "model"
        return self._told([self.objects.is_model(g, site.point) for g in given], site, last)

    def _told(self, told: list[bool | None], site: Site, last: str) -> What:
        if True in told:
            return "model"
        if False in told:
            return "other"
        if last in _ALWAYS:
            return "model"
        said = [words_say_model(f) for g in _arguments(site.node) for f in self.objects.files(g, site.point)]
        return "model" if True in said else "other" if False in said else "unknown"

    def _writes(self, site: Site) -> bool:
        modes = [
            a.value
            for a in (*site.node.args[1:2], *(k.value for k in site.node.keywords if k.arg == "mode"))
            if isinstance(a, ast.Constant)
        ]
        return any(isinstance(m, str) and set(m) & {"w", "x"} for m in modes)

    def _writes_weights(self, site: Site) -> bool:
        """Whether arrays that are written are a hand-written model's: within its class, or by what they are called."""
        model = self._own_model(site.point.scope)
        named = self.names.called(site.node).name
        if model and site.point.scope.label.rpartition(".")[2].lower().startswith(
            ("save", "dump", "to_", "export", "store", "write")
        ):
            return True
        if named == "open":
            return False
        inner = (n for g in _arguments(site.node) for n in ast.walk(g))
        words = {w for n in inner if isinstance(n, (ast.Name, ast.Attribute)) for w in identifier_words(n)}
        words |= {k.arg.lower().rstrip("0123456789") for k in site.node.keywords if k.arg}
        return bool(words & _WEIGHTS) or (model and not named.startswith("json."))

    def _own_model(self, scope: Scope) -> bool:
        return scope.owner is not None and self.objects.is_own_model(scope.owner)

    # restores

    @cached_property
    def restores(self) -> list[tuple[Site, Kept]]:
        """Every call that takes up something saved, with its record; ``used`` where it then answers something."""
        found = []
        for source, site, named in self.questions.calls:
            roles = self.objects.roles_of(named)
            local = "pretrained" in roles and "restored" in self.objects.of(_maker(site))
            unknown = named.name.startswith(".") and named.name[1:] in _UNKNOWN_LOADS
            arrays = self.by_hand and named.name in _ARRAY_LOADS and self._reads_weights(site)
            if named.target is None and (roles & {"restore", "takes-model"} or local or unknown or arrays):
                if "pretrained" in roles and not local:
                    continue
                used = arrays or self._answers(site, named)
                kept = self.kept(source, site, named.name, "model" if used else self._read(site), used=used)
                found.append((site, kept))
        return found

    def _read(self, site: Site) -> What:
        said = [words_say_model(f) for g in _arguments(site.node) for f in self.objects.files(g, site.point)]
        return "model" if True in said else "other" if False in said else "unknown"

    def _reads_weights(self, site: Site) -> bool:
        scope = site.point.scope
        if self._own_model(scope):
            return (
                scope.label.rpartition(".")[2]
                .lower()
                .startswith(("load", "restore", "from_", "read", "import", "set_"))
            )
        said = [f for g in _arguments(site.node) for f in self.objects.files(g, site.point)]
        return bool({k.file for k in self.saves if k.file and k.what == "model"}.intersection(said))

    @cached_property
    def _asked(self) -> dict[int, list[Question]]:
        """Questions by what made the model that they ask."""
        found: dict[int, list[Question]] = {}
        for question in self.questions.found:
            for maker in question.makers:
                found.setdefault(id(maker.expr), []).append(question)
        return found

    @cached_property
    def _open(self) -> bool:
        """Whether something unknown is asked in code that runs."""
        return any(not q.makers and self.reach.has(q.source.path, q.site.label) for q in self.questions.found)

    def _answers(self, site: Site, named: Named) -> bool:
        """Whether what a call takes up is asked something."""
        if id(site.node) in self._asked:
            return True
        func = site.node.func
        last = named.name.rpartition(".")[2]
        if last in _ON_OBJECT and isinstance(func, ast.Attribute):
            makers = self.objects.makers.of(func.value, site.point)
            if any(id(m.expr) in self._asked for m in makers):
                return True
            return last in {"load_state_dict", "load_weights"} and self._open
        return self._open and self._read(site) == "model" and bool(site.binds)


def _maker(site: Site) -> Maker:
    return Maker(site.node, site.point)


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args[:4], *(k.value for k in call.keywords[:8])]


def place(source: Source, node: ast.AST, cell: int | None) -> Span:
    """Return where ``node`` stands."""
    line = getattr(node, "lineno", 1)
    return Span(path=source.path, start=line, end=max(line, getattr(node, "end_lineno", line) or line), cell=cell)
