"""Does serving apply what training applied to the rows?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from evaluator.facts.code import Code
from evaluator.facts.python.graph import graph_of
from evaluator.facts.python.modules import Source
from evaluator.facts.python.names import Named
from evaluator.facts.python.scopes import GUARD, Point, Site
from evaluator.facts.reach import Reach
from evaluator.facts.services.answering import Answering
from evaluator.facts.services.makers import Maker
from evaluator.facts.services.objects import identifier_words
from evaluator.facts.services.persisting import Persisting, place
from evaluator.facts.serving import Kept, Preparation, Prepared
from evaluator.model import Span

_FITS = frozenset({"fit", "fit_transform", "fit_on_texts", "adapt"})
_APPLIES = frozenset({"transform", "texts_to_sequences", "inverse_transform", "encode", "preprocess"})
_TARGET = frozenset({"y", "target", "labels", "label", "ytrain", "classes"})
_ENCODES = ("pandas.get_dummies", "pandas.cut", "pandas.qcut", "pandas.factorize")
_ALIGNS = frozenset({"reindex", "align", "get_indexer"})
_PIPELINES = ("sklearn.pipeline.", "sklearn.compose.", "imblearn.pipeline.")
_ONLY_TRAINING = (
    "imblearn.",
    "sklearn.feature_selection",
    "keras.preprocessing.image.ImageDataGenerator",
    "sklearn.manifold",
    "sklearn.decomposition",
)
_COMPOSED = ("torchvision.transforms.Compose", "torchvision.transforms.v2.Compose", "albumentations.Compose")
_RESIZES = frozenset({"resize", "load_img", "decode_image"})
_ROOTS = 60
Call = tuple[Source, Site, Named]


class Preparing:
    """Compares the steps of one project's training with what its service does."""

    def __init__(self, answering: Answering, persisting: Persisting, reach: Reach, code: Code) -> None:
        self.answering = answering
        self.persisting = persisting
        self.questions = answering.questions
        self.objects = answering.objects
        self.graph = graph_of(code)
        self.entries = sorted({e.node for e in reach.entries if e.kind != "test"})[:_ROOTS]
        self.scripts = {n for n in reach.by_scripts if not n.partition("::")[0].endswith(".ipynb")}

    def found(self, saves: tuple[Kept, ...]) -> tuple[Preparation, ...]:
        """Return one record for each kind of step, by path and line; none where no app answers with a model."""
        served = self._served
        if not served:
            return ()
        starts = [
            f"{k.at.path}::{label}" for k in saves if k.what == "model" and k.reached for label in (k.scope, "", GUARD)
        ]
        trained = (self.graph.reached(sorted(set(starts))) if starts else set()) | (self.scripts - served)
        steps: dict[str, Preparation] = {}
        for preparation in (
            *self._pipelines(served),
            *self._fitted(trained, served),
            *self._encoded(trained, served),
            *self._composed(saves, served),
        ):
            steps.setdefault(preparation.step, preparation)
        return tuple(sorted(steps.values(), key=lambda p: (p.at.path, p.at.cell or 0, p.at.start)))

    @cached_property
    def _served(self) -> set[str]:
        """What the handlers that answer with a model lead to, code that trains left out."""
        handlers = [h for h in self.answering.handlers if h.reached and self.answering.answers(h) == "model"]
        nodes = {f"{h.scope.walked.path}::{h.label}" for h in handlers if h.source.kind != "notebook"}
        reached = self.graph.reached(sorted(nodes)) if nodes else set()
        return reached - {
            f"{s.path}::{site.label}" for s, site, n in self.questions.calls if "fit" in self.objects.roles_of(n)
        }

    def _in(self, call: Call, nodes: set[str]) -> bool:
        return f"{call[0].path}::{call[1].label}" in nodes

    # one object for both

    def _pipelines(self, served: set[str]) -> Iterator[Preparation]:
        """Yield pipelines that are saved, alone or in a container: as one, or without the steps that prepare."""
        for site, given in self.persisting.saved:
            for saved in self.objects.makers.of(given, site.point):
                for maker in (saved, *self._within(saved)):
                    name = self.questions.names.called(maker.expr).name if isinstance(maker.expr, ast.Call) else ""
                    if not isinstance(maker.expr, ast.Call) or not name.startswith(_PIPELINES):
                        continue
                    if "built" not in self.objects.of(maker) or self._steps(maker.expr, maker.point) < 2:
                        continue
                    source = self.questions.names.modules.sources[maker.point.scope.walked.path]
                    at = place(source, maker.expr, site.cell)
                    if self._is_part(given, site.point):
                        yield self._judged("pipeline", at, *self._serving(served))
                    else:
                        yield Preparation(
                            step="pipeline", at=at, prepared="same", why="one pipeline is saved with its steps"
                        )

    def _is_part(self, expr: ast.expr, point: Point, depth: int = 3) -> bool:
        """Whether ``expr`` takes one step out of a pipeline."""
        match expr:
            case ast.Subscript(slice=ast.UnaryOp() | ast.Constant(value=int())):
                return True
            case ast.Subscript(value=inner) | ast.Attribute(value=inner):
                named = expr.attr if isinstance(expr, ast.Attribute) else ""
                return named in {"named_steps", "steps"} or self._is_part(inner, point, depth)
            case ast.Name(id=name) if depth > 0:
                bound = [
                    b for b in self.questions.names.bindings(name, point) if b.expr is not None and b.how == "value"
                ]
                return any(self._is_part(b.expr, b.point, depth - 1) for b in bound if b.expr is not None)
        return False

    def _within(self, maker: Maker) -> list[Maker]:
        """Return what a container holds, or the model that a search is given."""
        values: list[ast.expr] = getattr(maker.expr, "elts", [])
        if isinstance(maker.expr, ast.Dict):
            values = maker.expr.values
        elif isinstance(maker.expr, ast.Call) and self._holds(maker.expr):
            values = [*maker.expr.args[:1], *(k.value for k in maker.expr.keywords if k.arg in {"estimator", "model"})]
        return [m for value in values[:20] for m in self.objects.makers.of(value, maker.point)]

    def _holds(self, call: ast.Call) -> bool:
        roles = self.objects.roles_of(self.questions.names.called(call))
        return bool(roles & {"search", "holds-a-model"})

    def _steps(self, call: ast.Call, point: Point) -> int:
        listed = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "steps")]
        found = [m.expr for given in listed for m in self.objects.makers.of(given, point)]
        return max([len(call.args), *(len(e.elts) for e in found if isinstance(e, (ast.List, ast.Tuple)))])

    # fitted objects

    def _fitted(self, trained: set[str], served: set[str]) -> Iterator[Preparation]:
        restored, refitted, applied = self._serving(served)
        for call in self.questions.calls:
            if (
                not self._fits(call)
                or not self._in(call, trained)
                or self._in(call, served)
                or self._is_of_target(call)
            ):
                continue
            source, site, named = call
            step = named.name.rpartition(".")[0].rpartition(".")[2] or named.name
            at = place(source, site.node, site.cell)
            yield self._judged(step, at, restored, refitted, applied)

    def _serving(self, served: set[str]) -> tuple[list[Call], list[Call], list[Call]]:
        """Return where serving transforms with what it loads, fits anew, and transforms at all."""
        applied = [c for c in self.questions.calls if self._in(c, served) and self._applies(c)]
        restored = [c for c in applied if self._is_restored(c)]
        refitted = [c for c in self.questions.calls if self._in(c, served) and self._fits(c)]
        return restored, refitted, applied

    def _judged(
        self, step: str, at: Span, restored: list[Call], refitted: list[Call], applied: list[Call]
    ) -> Preparation:
        prepared: Prepared
        again = [c for c in refitted if c[2].name.rpartition(".")[0].rpartition(".")[2] == step]
        if again:
            prepared, why, there = "differs", "serving fits a new one on what it is given", again[0]
        elif restored:
            prepared, why, there = "same", "serving applies a fitted object that it loads", restored[0]
        elif refitted:
            prepared, why, there = "differs", "serving fits a new one on what it is given", refitted[0]
        elif applied:
            prepared, why, there = "same", "serving applies the same object", applied[0]
        else:
            return Preparation(step=step, at=at, prepared="skipped", why="serving does not apply it")
        return Preparation(
            step=step, at=at, prepared=prepared, why=why, served=place(there[0], there[1].node, there[1].cell)
        )

    def _fits(self, call: Call) -> bool:
        name = call[2].name
        owner, _, last = name.rpartition(".")
        return last in _FITS and "transformer" in self.objects.roles(owner) and not name.startswith(_ONLY_TRAINING)

    def _applies(self, call: Call) -> bool:
        func = call[1].node.func
        return isinstance(func, ast.Attribute) and func.attr in _APPLIES and call[2].target is None

    def _is_restored(self, call: Call) -> bool:
        func = call[1].node.func
        kinds = self.objects.kinds(func.value, call[1].point) if isinstance(func, ast.Attribute) else set()
        return "restored" in kinds or not kinds - {"unknown"}

    def _is_of_target(self, call: Call) -> bool:
        """Whether a fit is on what is to be predicted, which serving is not given."""
        given = call[1].node.args[:1]
        return bool(given) and bool(identifier_words(given[0]) & _TARGET)

    # steps without a fitted object

    def _encoded(self, trained: set[str], served: set[str]) -> Iterator[Preparation]:
        every = [c for c in self.questions.calls if c[2].name.startswith(_ENCODES)]
        there = [c for c in every if self._in(c, served)]
        aligned = any(c[2].name.rpartition(".")[2] in _ALIGNS for c in self.questions.calls if self._in(c, served))
        by_hand = self._encodes_by_hand(served)
        for call in every:
            if not self._in(call, trained):
                continue
            source, site, named = call
            at = place(source, site.node, site.cell)
            step = named.name
            if self._in(call, served):
                fits = aligned or named.name != "pandas.get_dummies" or self._fills_columns(served)
                why = "one function for both" if fits else "one row has not the columns of all rows"
                yield Preparation(step=step, at=at, prepared="same" if fits else "differs", why=why, served=at)
            elif there:
                other = place(there[0][0], there[0][1].node, there[0][1].cell)
                fits = aligned or self._fills_columns(served)
                why = "done again, with the columns aligned" if fits else "done again on what one row holds"
                yield Preparation(step=step, at=at, prepared="rewritten" if fits else "differs", why=why, served=other)
            elif by_hand:
                yield Preparation(step=step, at=at, prepared="rewritten", why="encoded again by hand")
            else:
                yield Preparation(step=step, at=at, prepared="skipped", why="serving does not apply it")

    # transformations of images

    def _composed(self, saves: tuple[Kept, ...], served: set[str]) -> Iterator[Preparation]:
        """Yield what is composed of transformations, by what leads to it: training, serving, or both."""
        every = [c for c in self.questions.calls if c[2].name.startswith(_COMPOSED)]
        training = self._training(saves) if every else set()
        trained = [c for c in every if self._node(c) in training]
        there = [c for c in every if self._node(c) in served]
        if not trained:
            return
        both = [c for c in trained if c in there]
        source, site, _ = (both or trained)[0]
        at = place(source, site.node, site.cell)
        if both:
            yield Preparation(step="transforms", at=at, prepared="same", why="one transformation for both")
        elif there:
            alike = any(self._parts(a) == self._parts(b) for a in trained for b in there)
            why = "composed again, of the same parts" if alike else "composed of other parts"
            other = place(there[0][0], there[0][1].node, there[0][1].cell)
            yield Preparation(
                step="transforms", at=at, prepared="rewritten" if alike else "differs", why=why, served=other
            )
        else:
            resized = any(
                self._in(c, served) and c[2].name.rpartition(".")[2] in _RESIZES for c in self.questions.calls
            )
            why = "done again by other calls" if resized else "serving does not apply it"
            yield Preparation(step="transforms", at=at, prepared="rewritten" if resized else "skipped", why=why)

    def _node(self, call: Call) -> str:
        source, site, _ = call
        name = site.binds[0] if site.binds and not site.label else site.label
        return f"{source.path}::{name}"

    def _parts(self, call: Call) -> set[str]:
        """Return the transformations that are not left to chance."""
        inner = [self.questions.names.called(n).name for n in ast.walk(call[1].node) if isinstance(n, ast.Call)]
        return {name.rpartition(".")[2] for name in inner if "Random" not in name}

    def _training(self, saves: tuple[Kept, ...]) -> set[str]:
        """Return what the entry points lead to which save a model and serve nothing."""
        kept = {f"{k.at.path}::{k.scope}" for k in saves if k.what == "model"}
        handlers = {f"{h.scope.walked.path}::{h.label}" for h in self.answering.handlers}
        closures = [self.graph.reached([entry]) for entry in self.entries]
        return {n for closure in closures if kept & closure and not handlers & closure for n in closure}

    def _nodes(self, served: set[str]) -> Iterator[ast.AST]:
        for source in self.questions.sources:
            for scope in source.walked.scopes:
                if f"{source.path}::{scope.label}" in served and scope.kind == "function":
                    yield from ast.walk(scope.node)
                elif scope.kind == "module" and f"{source.path}::" in served and source.kind == "module":
                    for unit in source.units:
                        yield from (
                            n
                            for s in unit.tree.body
                            if not isinstance(s, (ast.FunctionDef, ast.ClassDef))
                            for n in ast.walk(s)
                        )

    def _encodes_by_hand(self, served: set[str]) -> bool:
        """Whether serving maps what it is given to numbers by tables or conditions."""
        for node in self._nodes(served):
            if isinstance(node, ast.IfExp) and isinstance(node.body, ast.Constant) and isinstance(node.body.value, int):
                return True
            if (
                isinstance(node, ast.Dict)
                and len(node.values) > 1
                and all(isinstance(v, ast.Constant) and isinstance(v.value, (int, float)) for v in node.values)
            ):
                return True
        return False

    def _fills_columns(self, served: set[str]) -> bool:
        """Whether columns that one row lacks are added: ``for c in columns: if c not in df: df[c] = 0``."""
        loops = [list(ast.walk(n)) for n in self._nodes(served) if isinstance(n, ast.For)]
        return any(
            any(isinstance(n, ast.NotIn) for n in loop)
            and any(isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Subscript) for n in loop)
            for loop in loops
        )
