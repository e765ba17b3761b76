"""Where does a reader see variants side by side: in tables, lists and charts of documents and of notebooks?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from pathlib import PurePosixPath

import msgspec

from evaluator.facts.experimenting import tables
from evaluator.facts.experimenting.models import Made
from evaluator.facts.experimenting.wording import parts, words
from evaluator.facts.experimenting.workbench import Call, Workbench, arguments, distinct
from evaluator.facts.experiments import Search, Shown, Variant
from evaluator.facts.notebooks import Cell, Notebook
from evaluator.facts.prose import Block, Document
from evaluator.model import Span

_CHARTS = frozenset(
    {
        "bar",
        "barh",
        "barplot",
        "plot",
        "scatter",
        "lineplot",
        "boxplot",
        "violinplot",
        "pointplot",
        "catplot",
        "bar_label",
        "hist",
        "line",
        "box",
        "heatmap",
        "Bar",
        "Scatter",
        "errorbar",
        "stripplot",
        "semilogx",
        "radar",
    }
)
_DRAWING = frozenset({"plot", "plots", "draw", "chart", "visualize", "visualise", "visualization", "graph", "compare"})
_GENERIC = frozenset(
    {
        "model",
        "models",
        "clf",
        "reg",
        "classifier",
        "regressor",
        "estimator",
        "best",
        "name",
        "pred",
        "y",
        "acc",
        "score",
        "m",
        "net",
        "pipe",
        "pipeline",
    }
)
_LIMIT = 80


EACH = ("each", "value", "tried")
"""Stands for the variants where a loop or a library tries several, which nothing names one by one."""


class Showing:
    """Looks through the documents and notebooks of one project."""

    def __init__(self, bench: Workbench, variants: list[Variant], searches: list[Search]) -> None:
        self.bench = bench
        self.variants = variants
        self.loops = [s for s in searches if s.how == "loop"]

    def found(self) -> list[Shown]:
        """Return every place that shows two variants or more, by place."""
        seen = [*self._documents(), *self._outputs(), *self._shown_last(), *self._charts()]
        every = [*seen, *self._scattered(), *self._pictures()]
        return sorted((_with_kinds(s) for s in every if len(s.variants) >= 2), key=_order)[:_LIMIT]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The names that the code gives its models: keys and texts, and the classes themselves."""
        named = {n for v in self.variants for n in (*v.names, v.kind) if n.lower() not in _GENERIC and len(n) >= 2}
        return tuple(sorted(n for n in named if n[:1].isupper() or " " in n or n.isupper()))

    # documents

    def _documents(self) -> Iterator[Shown]:
        for document in self.bench.documents:
            if document.role == "community":
                continue
            heading = ""
            for block in document.blocks:
                heading = block.text if block.kind == "heading" else heading
                if "references" in block.topics:
                    continue
                if block.kind == "table":
                    yield Shown(form="table", variants=tables.of_table(block.text, heading), at=block.at)
                elif block.kind in {"code", "paragraph"} and "\n" in block.text and not _is_source(block):
                    yield Shown(form="table", variants=tables.of_lines(block.text, self.labels), at=block.at)
            yield from self._lists(document)

    def _lists(self, document: Document) -> Iterator[Shown]:
        """Yield the sections whose items and sentences give scores of several models."""
        gathered: dict[str, None] = {}
        first: Block | None = None
        for block in [*document.blocks, None]:
            if block is None or block.kind == "heading":
                if first is not None:
                    yield Shown(form="list", variants=tuple(gathered), at=first.at)
                gathered, first = {}, None
            elif block.kind in {"item", "paragraph", "quote"} and "references" not in block.topics:
                named = tables.in_sentence(block.text)
                if named:
                    first = first or block
                    gathered.update(dict.fromkeys(named))

    # notebooks

    def _outputs(self) -> Iterator[Shown]:
        """Yield the cells whose printed output sets variants side by side."""
        for notebook in self.bench.notebooks:
            for cell in notebook.cells:
                if cell.kind != "code" or not cell.printed:
                    continue
                at = Span(path=notebook.path, cell=cell.index)
                yield Shown(form="table", variants=tables.of_lines(cell.printed, self.labels), at=at)
                yield Shown(form="table", variants=tables.of_settings(cell.printed), at=at)
                if self._searched_in(notebook, cell) and _decimals(cell.printed) >= 3:
                    yield Shown(form="table", variants=EACH, at=at)

    def _searched_in(self, notebook: Notebook, cell: Cell) -> bool:
        return any(s.at.path == notebook.path and s.at.cell == cell.index for s in self.loops)

    def _charts(self) -> Iterator[Shown]:
        """Yield the cells whose picture is drawn from scores or predictions of several models."""
        pictured = {(n.path, c.index) for n in self.bench.notebooks for c in n.cells if c.image}
        by_cell: dict[tuple[str, int], list[Call]] = {}
        for call in self.bench.calls:
            place = (call[0].path, call[1].cell if call[1].cell is not None else -1)
            if place in pictured and _draws(call):
                by_cell.setdefault(place, []).append(call)
        for (path, cell), calls in sorted(by_cell.items()):
            yield Shown(form="chart", variants=self._drawn(calls), at=Span(path=path, cell=cell))

    def _drawn(self, calls: list[Call]) -> tuple[str, ...]:
        """Return the variants that a figure is drawn from."""
        made: list[Made] = []
        loops: set[tuple[str, int | None, int]] = set()
        for _, site, _ in calls:
            func = site.node.func
            given = [*arguments(site.node), *([func.value] if isinstance(func, ast.Attribute) else [])]
            for expr in given:
                made += self.bench.tracer.behind(expr, site.point)
        variants = distinct(made)
        for one in variants:
            call = self.bench.by_node.get(id(one.call))
            if call is not None:
                source, site, _ = call
                loops |= {
                    (s.at.path, s.at.cell, s.at.start)
                    for s in self.loops
                    if s.at.path == source.path and s.at.cell == site.cell and s.at.start <= one.call.lineno <= s.at.end
                }
        return EACH if loops else self._named(variants)

    @staticmethod
    def _named(variants: tuple[Made, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(next((n for n in m.names if n[:1].isupper()), m.kind) for m in variants))

    def _shown_last(self) -> Iterator[Shown]:
        """Yield the cells that end in, or display, something made of the scores of several models."""
        filled = {(n.path, c.index): c.outputs for n in self.bench.notebooks for c in n.cells}
        for source in self.bench.places.sources:
            for unit in source.units if source.kind == "notebook" else ():
                if unit.cell is None or not filled.get((source.path, unit.cell)) or not unit.tree.body:
                    continue
                at = Span(path=source.path, cell=unit.cell)
                last = unit.tree.body[-1]
                calls = [c for c in self._in_cell.get((source.path, unit.cell), []) if not c[1].label]
                if any("compares-many" in self.bench.roles(c[2].name) for c in calls):
                    yield Shown(form="table", variants=EACH, at=at)
                shown = [a for c in calls if c[2].name.endswith("display") for a in c[1].node.args]
                if isinstance(last, ast.Expr) and not (isinstance(last.value, ast.Call) and not _is_frame(last.value)):
                    shown.append(last.value)
                made = distinct(m for e in shown for m in self.bench.tracer.behind(e, source.walked.module.end))
                yield Shown(form="table", variants=self._named(made), at=at)

    @cached_property
    def _in_cell(self) -> dict[tuple[str, int], list[Call]]:
        found: dict[tuple[str, int], list[Call]] = {}
        for call in self.bench.calls:
            if call[1].cell is not None:
                found.setdefault((call[0].path, call[1].cell), []).append(call)
        return found

    def _scattered(self) -> Iterator[Shown]:
        """Yield notebooks in which the scores of several models are printed, each in an output of its own."""
        cells = {(n.path, c.index): c for n in self.bench.notebooks for c in n.cells}
        found: dict[str, dict[str, Span]] = {}
        for (path, index), calls in sorted(self._in_cell.items()):
            cell = cells.get((path, index))
            if cell is None or not _decimals(cell.printed):
                continue
            for call in calls:
                target = call[2].target
                by_own = target is not None and (target.walked.path, target.label) in self.bench.scored_scopes
                if by_own or id(call[1].node) in self.bench.scoring:
                    for made in self.bench.models_of(call):
                        tuned = "tuned " if made.tuned else ""
                        found.setdefault(path, {}).setdefault(f"{tuned}{made.kind}", Span(path=path, cell=index))
        for path, told in sorted(found.items()):
            yield Shown(form="scattered", variants=tuple(told), at=next(iter(told.values()), Span(path=path)))

    # pictures in documents

    def _pictures(self) -> Iterator[Shown]:
        """Yield pictures of documents that are a comparison: by name, caption or by the code that draws them."""
        drawn = self._saved()
        kinds = tuple(dict.fromkeys(v.kind for v in self.variants if v.scored))
        for document in self.bench.documents:
            if document.role == "community":
                continue
            for link in document.links:
                if not link.image or link.badge or link.resolves is False:
                    continue
                name = PurePosixPath(link.path or link.target.partition("?")[0]).name
                known = drawn.get(name)
                if known and len(known) >= 2:
                    yield Shown(form="chart", variants=known, at=link.at)
                elif words().compared(f"{link.text} {PurePosixPath(name).stem}") or self._is_captioned(
                    document, link.at
                ):
                    several = EACH if self.loops or len(kinds) < 2 else kinds
                    yield Shown(form="chart", variants=several if len(kinds) > 1 or self.loops else (), at=link.at)

    def _is_captioned(self, document: Document, at: Span) -> bool:
        """Whether the text at a picture, or the one right after it, says that it compares."""
        near = [
            b
            for b in document.blocks
            if b.at.cell == at.cell and 0 <= b.at.start - at.start <= 2 and b.kind != "heading"
        ]
        return any(words().compared(b.text[:300]) for b in near[:1] if len(b.text) < 400)

    def _saved(self) -> dict[str, tuple[str, ...]]:
        """Return the picture files that code writes from several variants, by file name."""
        found: dict[str, tuple[str, ...]] = {}
        for calls in self.bench.by_scope.values():
            saves = [
                c for c in calls if c[2].name.rpartition(".")[2] in {"savefig", "write_image", "write_html", "save"}
            ]
            if not saves:
                continue
            drawn = [c for c in calls if _draws(c)]
            variants = self._drawn(drawn)
            if len(variants) < 2:
                continue
            for _, site, _ in saves:
                for node in ast.walk(site.node):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
                        found[PurePosixPath(node.value).name] = variants
        return found


def _with_kinds(shown: Shown) -> Shown:
    kinds = dict.fromkeys(k for v in shown.variants if (k := words().model(v)) is not None and k != "naive rule")
    return msgspec.structs.replace(shown, kinds=tuple(kinds))


def _order(shown: Shown) -> tuple[str, int, int, str]:
    return (shown.at.path, shown.at.cell or 0, shown.at.start, shown.form)


def _draws(call: Call) -> bool:
    name = call[2].name
    own = call[2].target is not None and set(parts(call[2].target.label).split()) & _DRAWING
    return bool(own) or name.rpartition(".")[2] in _CHARTS or "from_predictions" in name or "from_estimator" in name


def _is_frame(call: ast.Call) -> bool:
    """Whether a call at the end of a cell gives a table: a method, or a constructor; no plotting and no printing."""
    last = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
    return last in _FRAMES or last == "DataFrame"


_FRAMES = frozenset(
    {
        "sort_values",
        "head",
        "round",
        "style",
        "background_gradient",
        "highlight_max",
        "highlight_min",
        "format",
        "T",
        "transpose",
        "set_index",
        "reset_index",
        "rename",
        "pivot",
        "pivot_table",
        "nlargest",
        "nsmallest",
        "concat",
        "sorted",
        "from_dict",
        "Series",
        "set_caption",
        "hide",
        "hide_index",
        "bar",
        "applymap",
    }
)


def _decimals(text: str) -> int:
    return sum(bool(tables.DECIMAL.search(line)) for line in text.split("\n"))


def _is_source(block: Block) -> bool:
    return block.kind == "code" and block.info.lower() in {
        "python",
        "py",
        "bash",
        "sh",
        "shell",
        "yaml",
        "json",
        "r",
        "sql",
        "toml",
    }
