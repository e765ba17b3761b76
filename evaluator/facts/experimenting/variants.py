"""Which models are fitted and scored, and which of them does the author name as the one to beat?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec

from evaluator.facts.experimenting import speaking
from evaluator.facts.experimenting.leading import Leading
from evaluator.facts.experimenting.models import Made
from evaluator.facts.experimenting.switched import one_per_run
from evaluator.facts.experimenting.wording import words
from evaluator.facts.experimenting.workbench import Call, Workbench, arguments, distinct
from evaluator.facts.experiments import Variant
from evaluator.facts.model_work import Fit
from evaluator.facts.python.results import argument
from evaluator.facts.python.scopes import Point, Site

_PUT_TOGETHER = frozenset({"Sequential", "Model", "Functional", "Module", "Booster", "train", "from_pretrained"})
_SAYS = frozenset({"print", "info", "debug", "warning", "write", "append", "display", "log", "markdown"})
_LIMIT = 300


def fitted(bench: Workbench) -> list[Made]:
    """Return the models that code which something runs fits."""
    found: list[Made] = []
    for fit in bench.work.fits:
        if fit.place.reached:
            found += _of_fit(bench, fit)
    return [m for m in distinct(found) if _is_reached(bench, m)][:_LIMIT]


def _is_reached(bench: Workbench, made: Made) -> bool:
    """Whether the call that makes a model stands in the project's own code, and something leads there."""
    call = bench.by_node.get(id(made.call))
    return call is not None and bench.runs(call[0].path, call[1].label)


def _of_fit(bench: Workbench, fit: Fit) -> Iterator[Made]:
    for call in bench.at(fit.place):
        _, site, named = call
        func = site.node.func
        if "score-folds" in bench.roles(named.name):
            yield from _first_argument(bench, site)
            continue
        if bench.tracer.is_model(named.name, None):
            yield from bench.tracer.makers(site.node, site.point)
            continue
        receiver = bench.tracer.makers(func.value, site.point) if isinstance(func, ast.Attribute) else ()
        yield from receiver
        if not receiver:
            yield from (m for given in arguments(site.node)[:3] for m in bench.tracer.makers(given, site.point))
    if fit.kind == "loop":
        yield from _of_loop(bench, fit)


def _first_argument(bench: Workbench, site: Site) -> Iterator[Made]:
    given = site.node.args[:1] or [
        k.value for k in site.node.keywords if k.arg in {"estimator", "model", "algo", "include"}
    ]
    for expr in given:
        yield from bench.tracer.makers(expr, site.point)


def _of_loop(bench: Workbench, fit: Fit) -> Iterator[Made]:
    """Yield the network that is called where a training loop takes its steps; parts that are called beside it are none."""
    layers: tuple[Made, ...] = ()
    for _, site, named in bench.by_scope.get((fit.place.at.path, fit.place.scope), ()):
        if not site.loops and fit.place.name == "training loop" and site.point.scope.kind == "module":
            continue
        if named.name.endswith("__call__") or (named.target is not None and named.target.kind == "class"):
            found = tuple(m for m in bench.tracer.makers(site.node.func, site.point) if "Loss" not in m.kind)
            if any(not m.path.startswith("torch.nn.") or m.kind in _PUT_TOGETHER for m in found):
                yield from found
                return
            layers = layers or found
    yield from layers


def scored(bench: Workbench) -> dict[tuple[int, tuple[int, ...]], Made]:
    """Return the models whose quality is computed by code that something runs, with the names that scores give them."""
    found: list[Made] = []
    for score in bench.work.scores:
        if not score.place.reached:
            continue
        calls = bench.at(score.place)
        for call in calls:
            if _is_lost(bench, call):
                continue
            models = bench.models_of(call)
            one = {m.kind for m in models}
            bound = " ".join(call[1].binds) if len(one) == 1 else ""
            found += (m._replace(names=(*m.names, bound)) if bound else m for m in models)
        if not calls:
            found += _near(bench, score.place.at.path, score.place.scope)
    return {m.key: m for m in distinct([*found, *_asked(bench)])}


def _is_lost(bench: Workbench, call: Call) -> bool:
    """Whether the score that a call computes is taken by nobody; what tells it by itself is not lost."""
    source, site, named = call
    telling = named.name.rpartition(".")[2] != "score" and not bench.roles(named.name) & {"metric", "score-folds"}
    return not telling and bench.is_lost(source, site)


def _asked(bench: Workbench) -> Iterator[Made]:
    """Yield the models that score themselves, where only following them shows that they are models."""
    for source, site, named in bench.calls:
        func = site.node.func
        lost = _is_lost(bench, (source, site, named))
        if named.name.rpartition(".")[2] in {"score", "evaluate"} and isinstance(func, ast.Attribute) and not lost:
            yield from bench.tracer.makers(func.value, site.point)


def _near(bench: Workbench, path: str, scope: str) -> Iterator[Made]:
    """Yield the models that are asked in the scope of a score that is no call: a comparison, a loop."""
    for _, site, named in bench.by_scope.get((path, scope), ()):
        func = site.node.func
        if "predict" in bench.roles(named.name) and isinstance(func, ast.Attribute):
            yield from bench.tracer.makers(func.value, site.point)
        elif named.name.endswith("__call__"):
            yield from (m for m in bench.tracer.makers(func, site.point) if "Loss" not in m.kind)


def find(bench: Workbench, leading: Leading) -> list[Variant]:
    """Return the fitted models, by place."""
    models = fitted(bench)
    beside = one_per_run(bench, models)
    known = {key: made for key, made in scored(bench).items() if key not in beside}
    told = _said(bench)
    headed = _headed(bench)
    kinds = speaking.named_kinds(bench)
    found = [v for m in models for v in _spelt(bench, m, _variant(bench, m, known.get(m.key), told, headed, kinds))]
    made = _grouped(leading, [*found, *_many(bench)])
    return sorted(made, key=lambda v: (v.at.path, v.at.cell or 0, v.at.start, v.kind, v.settings))


def _many(bench: Workbench) -> Iterator[Variant]:
    """Yield calls by which a library fits and scores many kinds of model at once."""
    for source, site, named in bench.calls:
        if "compares-many" in bench.roles(named.name):
            kind = named.name.removesuffix(".fit").rpartition(".")[2]
            yield Variant(kind=kind, at=bench.span(source, site.node, site.cell), scored=True, many=True)


def _spelt(bench: Workbench, made: Made, variant: Variant) -> Iterator[Variant]:
    """Yield a variant for each name that a loop or the callers give to what takes up or makes a network by its name."""
    named = made.call.args[:1] if made.path.endswith(("from_pretrained", "create_model", "get_model")) else []
    texts = [t for expr in named for t in _texts(bench, expr, made.point, 4)]
    if not texts:
        yield variant
    for text in dict.fromkeys(texts):
        yield msgspec.structs.replace(variant, kind=text.rpartition("/")[2][:60])


def _texts(bench: Workbench, expr: ast.expr, point: Point, depth: int) -> Iterator[str]:
    """Yield the texts that an expression may be, as far as they are written out."""
    if isinstance(expr, ast.Constant) and isinstance(expr.value, str):
        yield expr.value
    elif isinstance(expr, (ast.List, ast.Tuple)):
        for part in expr.elts[:20]:
            yield from _texts(bench, part, point, depth - 1)
    elif isinstance(expr, ast.Name) and depth:
        for binding in bench.names.bindings(expr.id, point):
            if binding.expr is not None and not binding.steps:
                yield from _texts(bench, binding.expr, binding.point, depth - 1)
            if binding.how == "parameter":
                for site, method in bench.names.callers.get(binding.point.scope, [])[:20]:
                    given = argument(site.node, binding.name, binding.index - 1 if method else binding.index)
                    if given is not None:
                        yield from _texts(bench, given, site.point, depth - 1)


def _grouped(leading: Leading, found: list[Variant]) -> list[Variant]:
    """Return the variants, those that belong to one problem with one group: of one folder, or led to by one entry point."""
    folders: dict[str, set[str]] = {}
    for variant in found:
        folders.setdefault(str(PurePosixPath(variant.at.path).parent), set()).add(variant.at.path)
    group = {folder: min(paths) for folder, paths in sorted(folders.items())}
    taken: dict[str, str] = {}
    for folder, paths in sorted(folders.items()) if len(folders) > 1 else ():
        for entry in sorted(leading.entries(f"{path}::" for path in paths)):
            other = group[taken.setdefault(entry, folder)]
            group = {f: (other if g == group[folder] else g) for f, g in group.items()}
    return [msgspec.structs.replace(v, group=group[str(PurePosixPath(v.at.path).parent)]) for v in found]


def _variant(
    bench: Workbench,
    made: Made,
    score: Made | None,
    told: dict[tuple[int, tuple[int, ...]], str],
    headed: dict[tuple[str, int], str],
    kinds: dict[str, str],
) -> Variant:
    source, site, _ = bench.by_node[id(made.call)]
    names = tuple(dict.fromkeys((*made.names, *(score.names if score else ()))))
    naive = "naive" in bench.roles(made.path)
    at = bench.span(source, made.call, site.cell)
    called = [*names, site.label, made.kind, PurePosixPath(source.path).stem if source.kind == "module" else ""]
    hit = next((n for n in called if n and words().named(n)), None)
    why = f"called {hit[:60]!r}" if hit else told.get(made.key, "")
    why = why or headed.get((source.path, -1 if site.cell is None else site.cell), "")
    why = why or next((kinds[k] for n in (made.kind, *names) if (k := words().model(n)) in kinds), "")
    return Variant(
        kind=_kind(made, site),
        at=at,
        settings=made.settings,
        names=tuple(n[:60] for n in names[:6]),
        scored=score is not None,
        naive=naive,
        baseline=f"{made.kind} learns nothing" if naive else why,
        tuned=made.tuned,
    )


def _kind(made: Made, site: Site) -> str:
    if made.kind in _PUT_TOGETHER:
        last = site.label.rpartition(".")[2] or next(iter((*site.binds, *made.names)), "")
        return f"{made.kind} {last}({made.chosen})" if made.chosen else f"{made.kind} {last}".strip()
    return made.kind


def _said(bench: Workbench) -> dict[tuple[int, tuple[int, ...]], str]:
    """Return the models whose score is printed or kept beside a word for the thing to be beaten."""
    found: dict[tuple[int, tuple[int, ...]], str] = {}
    for models, text in (*_printed(bench), *_stored(bench)):
        if len({m.kind for m in models}) == 1:
            for made in models:
                found.setdefault(made.key, f"its score is called {text[:60]!r}")
    return found


def _printed(bench: Workbench) -> Iterator[tuple[tuple[Made, ...], str]]:
    for _, site, named in bench.calls:
        if named.name.rpartition(".")[2] in _SAYS:
            text = " ".join(said(site.node))
            if text and words().baseline(text):
                yield distinct(m for a in arguments(site.node) for m in bench.tracer.behind(a, site.point)), text


def _stored(bench: Workbench) -> Iterator[tuple[tuple[Made, ...], str]]:
    for source in bench.places.sources:
        for scope in source.walked.scopes:
            for key, value, point in [entry for every in scope.contents.values() for entry in every[:100]]:
                text = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
                if text and words().named(text) and bench.runs(source.path, scope.label):
                    yield bench.tracer.behind(value, point), text


def said(call: ast.Call) -> Iterator[str]:
    """Yield the texts that a call is given, those within f-strings included."""
    for given in arguments(call):
        for node in ast.walk(given):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value[:200]


def _headed(bench: Workbench) -> dict[tuple[str, int], str]:
    """Return the code cells that stand under a heading which names a baseline: up to the next heading of its level."""
    found: dict[tuple[str, int], str] = {}
    cells = {n.path: len(n.cells) for n in bench.notebooks}
    for document in bench.documents:
        if document.role != "notebook":
            continue
        heads = [
            (b.at.cell or 0, int(b.info) if b.info.isdecimal() else 6, b.text)
            for b in document.blocks
            if b.kind == "heading"
        ]
        for index, (cell, level, text) in enumerate(heads):
            is_title = not index and len(heads) > 1 and all(level < other for _, other, _ in heads[1:])
            if words().baseline(text) and not words().sets_against(text) and not is_title:
                end = next((c for c, other, _ in heads[index + 1 :] if other <= level), cells.get(document.path, 0))
                for number in range(cell, max(end, cell + 1)):
                    found.setdefault((document.path, number), f"under the heading {text[:60]!r}")
    return found
