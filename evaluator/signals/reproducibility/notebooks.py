"""Do the committed notebooks look run from top to bottom?"""

from __future__ import annotations

from itertools import pairwise

from evaluator.facts.code import Code
from evaluator.facts.notebooks import Cell, Notebook, Notebooks, Order
from evaluator.facts.tree import Tree
from evaluator.model import Answer, Evidence, InFile, Measured, NotApplicable, Record, Span, Unit
from evaluator.registry import signal

_SHOWN = 10
_PRINTS = frozenset({"print", "display", "IPython.display.display"})
_NOT_THEIRS = frozenset({"vendored", "generated"})


class Told(Record):
    """What one notebook tells of its last run, and the cell that shows it."""

    path: str
    order: Order
    note: str
    cell: int | None = None


@signal(
    id="reproducibility.notebooks-in-order",
    title="Notebooks were run from top to bottom",
    question="Do the stored counts and outputs of the notebooks come from one run of each, from top to bottom?",
    looks_at="The execution counts, outputs and tracebacks that are stored in every notebook of the project",
    remedy="Restart the kernel, run all cells, and commit the notebook without errors.",
    effort="minutes",
    command="jupyter nbconvert --to notebook --execute --inplace NOTEBOOK.ipynb",
    sources=("pimentel-2019",),
    limits=(
        "Counts can be edited. Where all notebooks are stripped of counts and outputs on commit, the question is not asked. "
        "Whether the cells still run is another signal's business."
    ),
    levels=(
        "out of order, or an error is stored",
        "ascending with gaps, counts or outputs stripped, or some notebooks without outputs",
        "each shows one run from top to bottom",
    ),
)
def notebooks_in_order(notebooks: Notebooks, code: Code, tree: Tree) -> Answer:
    """Value: the level of the notebook that tells least of one run, among those that keep counts or outputs."""
    foreign = {f.path for f in tree.files if f.part in _NOT_THEIRS}
    early = {(s.path, s.cell) for m in code.modules for s in m.early}
    printing = {(c.at.path, c.at.cell) for m in code.modules for c in m.calls if not c.scope and c.name in _PRINTS}
    told = [_told(nb, early, printing) for nb in notebooks.items if nb.path not in foreign and _code_cells(nb)]
    kept = [t for t in told if t is not None]
    unreadable = [(path, why) for path, why in notebooks.unreadable if path not in foreign]
    if not kept:
        return NotApplicable(
            reason="no notebook keeps execution counts or outputs" if told or unreadable else "no notebooks"
        )
    stripped = len(told) - len(kept)
    worst = min(t.order for t in kept)
    if (stripped or unreadable) and worst == Order.ONE_RUN:
        worst = Order.GAPS
    short = [t for t in kept if t.order < Order.ONE_RUN]
    said = f"{len(kept) - len(short)} of {len(told) + len(unreadable)} notebooks show one run from top to bottom"
    evidence: list[Evidence] = [_evidence(t) for t in sorted(short or kept, key=lambda t: (t.order, t.path))]
    evidence += [InFile(at=Span(path=path), note=f"cannot be read: {why}") for path, why in unreadable]
    if stripped:
        said += f"; {stripped} without counts and outputs"
        kept_paths = {t.path for t in kept}
        bare = [nb.path for nb in notebooks.items if nb.path not in foreign | kept_paths and _code_cells(nb)]
        evidence += [InFile(at=Span(path=path), note="keeps neither counts nor outputs") for path in bare]
    return Measured(value=worst, unit=Unit.LEVEL, summary=said, evidence=tuple(evidence[:_SHOWN]))


def _evidence(told: Told) -> InFile:
    return InFile(at=Span(path=told.path, cell=told.cell), note=told.note)


def _code_cells(notebook: Notebook) -> list[Cell]:
    """Return the cells that a run would count: code that is not blank."""
    return [c for c in notebook.cells if c.kind == "code" and c.source.strip()]


def _told(notebook: Notebook, early: set[tuple[str, int | None]], printing: set[tuple[str, int | None]]) -> Told | None:
    """Return what ``notebook`` tells of its last run, or None where it keeps neither counts nor outputs."""
    cells = _code_cells(notebook)
    if not any(c.count is not None or c.outputs for c in cells):
        return None
    failed = next((c for c in cells if c.error is not None), None)
    if failed is not None:
        return Told(path=notebook.path, order=Order.BROKEN, note=f"stored error: {failed.error}", cell=failed.index)
    counted = [c for c in cells if c.count is not None]
    if not counted:
        return _by_outputs(notebook, cells, early)
    for before, after in pairwise(counted):
        if (after.count or 0) <= (before.count or 0):
            note = f"count {after.count} stands after count {before.count}"
            return Told(path=notebook.path, order=Order.BROKEN, note=note, cell=after.index)
    silent = next((c for c in cells if (notebook.path, c.index) in printing), None)
    if silent is not None and not any(c.outputs for c in cells):
        note = "prints, and has no output: the counts are all that is left of a run"
        return Told(path=notebook.path, order=Order.GAPS, note=note, cell=silent.index)
    return _by_counts(notebook, cells, counted)


def _by_outputs(notebook: Notebook, cells: list[Cell], early: set[tuple[str, int | None]]) -> Told:
    """Judge a notebook without counts by whether its outputs can have come in this order."""
    for cell in cells:
        if cell.outputs and (notebook.path, cell.index) in early:
            note = "has an output, yet reads a name that only a later cell binds"
            return Told(path=notebook.path, order=Order.BROKEN, note=note, cell=cell.index)
    return Told(path=notebook.path, order=Order.GAPS, note="outputs are kept, execution counts are not")


def _by_counts(notebook: Notebook, cells: list[Cell], counted: list[Cell]) -> Told:
    skipped = next((c for c in cells if c.count is None and not _is_comment(c)), None)
    if skipped is not None:
        note = "has an output but no count" if skipped.outputs else "was not run: it has no count"
        return Told(path=notebook.path, order=Order.GAPS, note=note, cell=skipped.index)
    for expected, cell in enumerate(counted, start=1):
        if cell.count != expected:
            note = f"count {cell.count} where one run from the top gives {expected}"
            return Told(path=notebook.path, order=Order.GAPS, note=note, cell=cell.index)
    return Told(path=notebook.path, order=Order.ONE_RUN, note=f"counts 1 to {len(counted)}, in order, no error")


def _is_comment(cell: Cell) -> bool:
    """Whether a cell without a count has nothing to run."""
    return all(line.lstrip().startswith("#") for line in cell.source.splitlines() if line.strip())
