"""Can the main job start from a terminal without opening a notebook?"""

from __future__ import annotations

import builtins
import sys

from evaluator.facts.code import Code, Import
from evaluator.facts.delivery import Command, Delivery
from evaluator.facts.model_work import ModelWork
from evaluator.facts.packaging import Packaging
from evaluator.facts.python.graph import Graph, graph_of
from evaluator.facts.python.scopes import GUARD
from evaluator.facts.r_scripts import RScripts
from evaluator.facts.reach import EntryPoint, Reach
from evaluator.model import Absence, Answer, InFile, Measured, Missing, NotApplicable, Record, Unit
from evaluator.registry import signal
from evaluator.signals.reproducibility import r_projects

_SHOWN = 5
_MUCH = 10
_PLAIN = sys.stdlib_module_names | frozenset(dir(builtins))
_STARTABLE = frozenset({"script", "console", "command"})
_PIPELINES = frozenset({"makefile", "dvc", "compose", "procfile", "script", "dockerfile"})


class Start(Record):
    """One way to start something.

    Attributes:
        trains: It comes to the training.
        works: It comes to functions of the project, to a library, or to more than a few statements.
        lacks: An import on its way that finds nothing.
    """

    entry: EntryPoint
    trains: bool
    works: bool
    lacks: Import | None


@signal(
    id="reproducibility.run-entry-point",
    title="The main job starts from a terminal",
    question="Can the main job be started with one command, without opening a notebook?",
    looks_at=(
        "Scripts, console entry points, Makefile targets, pipeline and compose files, and whether what they start leads to "
        "the code that trains (where there is a model)"
    ),
    remedy="Put the steps of the main job into a script with a main guard, and name the command in the README.",
    effort="hour",
    sources=("turing-way", "twelve-factor"),
    limits=(
        "Nothing is started here. Calls through strings or configuration are followed only where a library is known to load "
        "by name. Of scripts in R it is seen which source which, of other languages only that a delivery file starts them."
    ),
    levels=(
        "nothing starts it",
        "scripts exist, but only for a part of it or visibly unable to run",
        "one command starts it",
    ),
)
def run_entry_point(
    code: Code,
    reach: Reach,
    work: ModelWork,
    delivery: Delivery | Missing,
    packaging: Packaging | Missing,
    r: RScripts | Missing,
) -> Answer:
    """Value: 2 where something startable leads to the main job, 1 where it leads to a part or lacks a module, else 0."""
    starts = _starts(code, reach, work)
    others = _foreign(code, delivery)
    has_model = bool(work.fits)
    doing = [s for s in starts if (s.trains if has_model else s.works)]
    whole = [s for s in doing if s.lacks is None]
    if whole or (others and not has_model):
        return _measured(
            2, "starts the main job" if whole else "starts the project", whole, others if not whole else []
        )
    if doing:
        return _measured(1, "starts the main job, but imports a module that is not there", doing, [])
    if _is_library(reach, packaging) and not any(f.place.reached and not f.place.in_script for f in work.fits):
        return NotApplicable(reason="a library: it offers functions and has no main job")
    if starts or others:
        lead = "does not lead to the training" if has_model else "does next to nothing"
        return _measured(1, f"can be started, but {lead}", starts, others)
    in_r = r_projects.started(r) if isinstance(r, RScripts) and not code.modules else None
    if in_r is not None:
        return in_r
    notebooks = sum(m.kind == "notebook" for m in code.modules)
    return Measured(
        value=0,
        unit=Unit.LEVEL,
        summary=f"nothing can be started from a terminal; {notebooks} notebooks"
        if notebooks
        else "nothing can be started",
        evidence=(Absence(note="no script, console entry, Makefile target or pipeline", looked_at=_looked_at(code)),),
    )


def _starts(code: Code, reach: Reach, work: ModelWork) -> list[Start]:
    """Return the startable entry points, those first that train and lack nothing."""
    graph = graph_of(code)
    fits = {f"{f.place.at.path}::{f.place.scope}" for f in work.fits}
    found: list[Start] = []
    for entry in (e for e in reach.entries if e.kind in _STARTABLE):
        closure = graph.reached([entry.node])
        trains = not fits.isdisjoint(closure)
        works = trains or _works(graph, entry, closure)
        found.append(Start(entry=entry, trains=trains, works=works, lacks=_lacking(graph, closure)))
    return sorted(
        found, key=lambda s: (not s.trains, not s.works, s.lacks is not None, s.entry.kind == "script", s.entry.node)
    )


def _works(graph: Graph, entry: EntryPoint, closure: set[str]) -> bool:
    """Whether a start does more than a statement or two of plain Python, which is nobody's main job."""
    if entry.kind == "console":
        return True
    for node in closure:
        path, _, scope = node.partition("::")
        module = graph.modules.get(path)
        if module is None:
            continue
        if scope in {"", GUARD} and module.top_statements >= _MUCH:
            return True
        if any(d.qualname == scope and d.statements for d in module.definitions) or any(
            c.scope == scope and _is_foreign(c.name) for c in module.calls
        ):
            return True
    return False


def _is_foreign(name: str) -> bool:
    """Whether a call is one of a library: neither of Python itself nor of something unknown."""
    root = name.split(".", 1)[0].split("(", 1)[0].split("[", 1)[0]
    return bool(root) and root not in _PLAIN


def _lacking(graph: Graph, closure: set[str]) -> Import | None:
    """Return an unconditional import on the way that names a part of the project which is not there."""
    for node in sorted(closure):
        path, _, scope = node.partition("::")
        module = graph.modules.get(path)
        for made in module.imports if module is not None else ():
            if made.missing and made.scope == scope and not made.optional and not made.scope:
                return made
    return None


def _foreign(code: Code, delivery: Delivery | Missing) -> list[Command]:
    """Return commands of delivery files that start a file of the project in another language."""
    if isinstance(delivery, Missing):
        return []
    known = {m.path for m in code.modules}
    every = [*delivery.commands, *(d.starts for d in delivery.dockerfiles if d.starts is not None)]
    return [c for c in every if c.runs and c.runs not in known and c.origin in _PIPELINES and not c.disarmed]


def _is_library(reach: Reach, packaging: Packaging | Missing) -> bool:
    named = isinstance(packaging, Packaging) and packaging.name is not None
    return named and any(e.kind == "export" for e in reach.entries)


def _measured(level: int, said: str, starts: list[Start], others: list[Command]) -> Measured:
    evidence = [_evidence(s) for s in starts[:_SHOWN]] + [
        InFile(at=c.at, note=f"runs {c.runs}") for c in others[:_SHOWN]
    ]
    first = starts[0].entry.node.partition("::")[0] if starts else str(others[0].runs)
    return Measured(value=level, unit=Unit.LEVEL, summary=f"{first} {said}", evidence=tuple(evidence[:_SHOWN]))


def _evidence(start: Start) -> InFile:
    entry, lacks = start.entry, start.lacks
    if lacks is not None:
        return InFile(at=lacks.at, note=f"imports {lacks.name}, which is not there")
    by = f" ({entry.by})" if entry.by else ""
    does = "comes to the training" if start.trains else "can be started"
    return InFile(at=entry.at, note=f"{entry.kind}{by}: {does}")


def _looked_at(code: Code) -> tuple[str, ...]:
    own = [m.path for m in code.modules if not m.is_test]
    return tuple(own[:_SHOWN]) or ("the whole tree",)
