"""What does the answer of each app depend on, and what keeps an app from running as it stands?"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from functools import cached_property

from evaluator.facts.code import Code
from evaluator.facts.model_work import ModelWork
from evaluator.facts.python.scopes import GUARD, Scope
from evaluator.facts.services.apps import Apps, Handler
from evaluator.facts.services.asking import Question, Questions
from evaluator.facts.services.flow import Flow, Outcome
from evaluator.facts.services.persisting import place
from evaluator.facts.serving import Answers, App, Fault, Kept
from evaluator.model import Span

_ORDER: tuple[Answers, ...] = ("model", "pretrained", "work", "hosted", "nothing")
_IDLE = (
    "random.",
    "time.",
    "datetime.",
    "logging.",
    "os.",
    "uuid.",
    "warnings.",
    "typing.",
    "pydantic.",
    "str.",
    "dotenv.",
)
_PLAIN = frozenset(dir(builtins)) | {
    "dict.get",
    "dict.items",
    "list.append",
    "json.dumps",
    "json.loads",
    "numpy.random",
}
_FITS_BY_CALL = ("sklearn.", "xgboost.XGB", "lightgbm.LGBM", "catboost.CatBoost")
_MODULE_NAMES = frozenset(
    {
        "__file__",
        "__name__",
        "__doc__",
        "__package__",
        "__spec__",
        "__path__",
        "__builtins__",
        "__loader__",
        "__annotations__",
        "__debug__",
        "WindowsError",
    }
)
_NOBODYS = frozenset(
    {
        "src",
        "utils",
        "helpers",
        "config",
        "model",
        "models",
        "preprocess",
        "preprocessing",
        "predict",
        "inference",
        "train",
    }
)
"""Names of modules that an index does not offer, or nobody means when importing them: the project's own."""
_FETCHES = (
    "boto3",
    "gdown",
    "huggingface_hub",
    "google.cloud.storage",
    "requests.get",
    "urllib",
    "wget",
    "azure.storage",
    "kagglehub",
    "mlflow",
    "dvc",
    "wandb",
    "s3fs",
    "gcsfs",
    "minio",
    "paramiko",
)


class Answering:
    """Judges the apps of one project."""

    def __init__(
        self,
        apps: Apps,
        questions: Questions,
        flow: Flow,
        code: Code,
        work: ModelWork,
        *,
        saves: tuple[Kept, ...],
        restores: list[Kept],
    ) -> None:
        self.handlers = apps.handlers
        self.questions = questions
        self.objects = questions.objects
        self.names = questions.names
        self.flow = flow
        self.code = code
        self.saves = saves
        self.trains = bool(work.fits)
        self.has_model = bool(work.fits) or any(r.what == "model" for r in restores)

    @cached_property
    def apps(self) -> tuple[App, ...]:
        """One app for each framework and module, by path."""
        groups: dict[tuple[str, str], list[Handler]] = {}
        for handler in self.handlers:
            groups.setdefault((handler.source.path, handler.framework), []).append(handler)
        return tuple(self._app(handlers) for _, handlers in sorted(groups.items()))

    def _app(self, handlers: list[Handler]) -> App:
        reached = [h for h in handlers if h.reached] or handlers
        best = min(reached, key=lambda h: _ORDER.index(self.answers(h)))
        answers = self.answers(best)
        question = self.question(best)
        faults = [*self._faults(best, question)]
        return App(
            framework=best.framework,
            at=place(best.source, best.node, best.scope.cell),
            handlers=len(handlers),
            answers=answers,
            asked=place(question.source, question.node, question.site.cell) if question is not None else None,
            reached=best.reached,
            in_notebook=best.source.kind == "notebook",
            faults=tuple(faults[:6]),
        )

    def answers(self, handler: Handler) -> Answers:
        """Return what the answer of ``handler`` depends on."""
        for kind in _ORDER[:-1]:
            if self._used(handler, self._outcomes(kind)):
                return kind
        return "nothing"

    def question(self, handler: Handler) -> Question | None:
        """Return the question whose answer ``handler`` gives on; None where it gives on none."""
        kind = self.answers(handler)
        asked = [q for q in self._questions if self._kind(q) == kind]
        for question in asked:
            if self._used(handler, self._becomes(question)):
                return question
        return asked[0] if asked and kind != "work" else None

    @staticmethod
    def _used(handler: Handler, outcomes: dict[Scope, Outcome]) -> bool:
        outcome = outcomes.get(handler.scope)
        return outcome is not None and outcome.used

    def _outcomes(self, kind: Answers) -> dict[Scope, Outcome]:
        if kind not in self._known:
            starts = [(q.scope, q.node) for q in self._questions if self._kind(q) == kind]
            self._known[kind] = self.flow.outcomes(starts if kind != "work" else self._works())
        return self._known[kind]

    @cached_property
    def _questions(self) -> list[Question]:
        return [q for q in self.questions.found if not q.scores]

    @cached_property
    def _known(self) -> dict[Answers, dict[Scope, Outcome]]:
        return {}

    def _kind(self, question: Question) -> Answers:
        kinds = question.kinds
        if kinds & {"built", "restored"} or any(id(maker.expr) in self._taught for maker in question.makers):
            return "model"
        if "pretrained" in kinds:
            return "pretrained"
        if "hosted" in kinds or "hosted" in self.objects.roles(question.name):
            return "hosted"
        return "model" if self.has_model and not kinds & {"transformer", "rows"} else "pretrained"

    def _works(self) -> list[tuple[Scope, ast.expr]]:
        """Return calls that do some work, for a project without a model of its own."""
        if self.trains:
            return []
        found: list[tuple[Scope, ast.expr]] = []
        for _, site, named in self.questions.calls:
            roles = self.objects.roles_of(named)
            idle = named.name in _PLAIN or named.name.startswith(_IDLE) or roles & {"app", "logs", "hosted", "set-up"}
            if named.target is None and not idle and "." in named.name.strip("."):
                found.append((site.point.scope, site.node))
        return found

    @cached_property
    def taken_up(self) -> frozenset[int]:
        """The calls that make the models which handlers that are reached answer with."""
        found: set[int] = set()
        for handler in self.handlers:
            if not handler.reached or self.answers(handler) != "model":
                continue
            if handler.how == "convention":
                found |= {id(site.node) for site in handler.source.walked.sites}
            for question in self._questions:
                if self._kind(question) == "model" and self._used(handler, self._becomes(question)):
                    found |= {id(maker.expr) for maker in question.makers}
        return frozenset(found)

    def _becomes(self, question: Question) -> dict[Scope, Outcome]:
        """Return what becomes of one question's answer, by scope."""
        if question not in self._followed:
            self._followed[question] = self.flow.outcomes([(question.scope, question.node)])
        return self._followed[question]

    @cached_property
    def _followed(self) -> dict[Question, dict[Scope, Outcome]]:
        return {}

    # what keeps it from running

    def _faults(self, handler: Handler, question: Question | None) -> Iterator[Fault]:
        yield from self._imports(handler.source.path)
        if question is not None and question.source.path != handler.source.path:
            yield from self._imports(question.source.path)
        yield from self._undefined(handler)
        if question is not None:
            yield from self._files(question)
            yield from self._untrained(question)

    def _imports(self, path: str) -> Iterator[Fault]:
        module = next((m for m in self.code.modules if m.path == path), None)
        for made in module.imports if module is not None else ():
            named = made.name.partition(".")[0]
            lost = made.missing or (made.local is None and not made.stdlib and named in _NOBODYS)
            if lost and not made.optional and made.scope in {"", GUARD} and not self._is_elsewhere(made.name):
                yield Fault(at=made.at, note=f"imports {made.name}, which is not here")

    def _is_elsewhere(self, name: str) -> bool:
        """Whether a module of that name lies in another folder, which an installation may put on the path."""
        parts = name.split(".")
        for end in range(len(parts), 0, -1):
            file = "/".join(parts[:end])
            if any(p.endswith((f"/{file}.py", f"/{file}/__init__.py")) for p in self.objects.paths):
                return True
        return False

    def _undefined(self, handler: Handler) -> Iterator[Fault]:
        walked = handler.scope.walked
        mentions = walked.mentions.get(handler.label)
        if mentions is None or walked.stars or handler.source.kind == "notebook":
            return
        for name, point in mentions.names.items():
            if not self.names.bindings(name, point) and not hasattr(builtins, name) and name not in _MODULE_NAMES:
                at = place(handler.source, handler.scope.node if handler.scope.kind != "module" else handler.node, None)
                yield Fault(
                    at=Span(path=at.path, start=at.start, end=at.end), note=f"reads {name}, which nothing defines"
                )

    def _files(self, question: Question) -> Iterator[Fault]:
        """Yield the model files that are read and neither there, nor saved or fetched by any code here."""
        saved = {k.file for k in self.saves if k.what != "other"}
        if self._fetches or any(not name.rpartition(".")[0] for name in saved):
            return
        known = {path.rpartition("/")[2] for path in self.objects.paths} | saved
        for maker in question.makers:
            if isinstance(maker.expr, ast.Call) and "restored" in self.objects.of(maker):
                said = [f for given in maker.expr.args[:1] for f in self.objects.files(given, maker.point)]
                if said and said[0].rpartition(".")[0] and not known.intersection(said):
                    at = Span(path=maker.point.scope.walked.path, start=maker.expr.lineno, end=maker.expr.lineno)
                    yield Fault(at=at, note=f"loads {said[0]}, which is neither here nor made by code here")

    @cached_property
    def _fetches(self) -> bool:
        return any(named.name.startswith(_FETCHES) for _, _, named in self.questions.calls)

    def _untrained(self, question: Question) -> Iterator[Fault]:
        made = [m.expr for m in question.makers if isinstance(m.expr, ast.Call)]
        if not made or any(id(m) in self._taught for m in made):
            return
        names = [self.names.called(m).name for m in made]
        if all(n.startswith(_FITS_BY_CALL) and n.rpartition(".")[2][:1].isupper() for n in names):
            at = place(question.source, question.node, question.site.cell)
            yield Fault(at=at, note=f"asks a {names[0].rpartition('.')[2]} that is neither fitted nor loaded")

    @cached_property
    def _taught(self) -> frozenset[int]:
        """What made the objects that are fitted, or take up a saved state."""
        found: set[int] = set()
        for _, site, named in self.questions.calls:
            last = named.name.rpartition(".")[2]
            if isinstance(site.node.func, ast.Attribute) and last.startswith(
                ("fit", "partial_fit", "load", "train", "__setstate__")
            ):
                found |= {id(m.expr) for m in self.objects.makers.of(site.node.func.value, site.point)}
            elif "score-folds" in self.objects.roles_of(named):
                continue
            else:
                for given in site.node.args[:2] if last.startswith(("fit", "train", "build")) else ():
                    found |= {id(m.expr) for m in self.objects.makers.of(given, site.point)}
        return frozenset(found)
