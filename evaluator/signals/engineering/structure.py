"""Is the logic in functions, classes and modules, and do they say what they take and do?"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from evaluator.facts.code import Code, Definition, Module
from evaluator.facts.model_work import ModelWork
from evaluator.facts.other_code import OtherCode, OtherFile
from evaluator.facts.r_scripts import RScripts
from evaluator.facts.unreached import DeadDefinition, Unreached
from evaluator.model import Absence, Answer, InFile, Measured, Missing, NotApplicable, Span, Unit
from evaluator.registry import signal

_MOST = 0.5
_SOME = 0.1
_FEW = 3
_LEAST = 0.02
_HINTED = (0.2, 0.7)
_DOCUMENTED = (0.2, 0.6)
_SHOWN = 8
_COUNTED = frozenset({"own", "example", "docs"})


@signal(
    id="engineering.modular-code",
    title="The logic is in functions and modules",
    question="Does most of the code stand in functions and classes of modules that can be imported?",
    looks_at=(
        "Statements inside functions of importable modules, against those at the top level of scripts and in notebooks; lines "
        "of other languages by the functions that lizard finds"
    ),
    remedy="Move the steps of the longest script or notebook into functions of a module, and call them from there.",
    effort="day",
    sources=("turing-way",),
    limits=(
        "Statements are counted, not their quality; those of notebooks by half where they use the modules, or the modules "
        "train, or nothing does: a notebook of exploration beside the modules is common. A module counts as importable when its name is an identifier and importing it does not start "
        "its work."
    ),
    levels=(
        "all in notebooks or top-level script code",
        "some functions, but scripts or notebooks carry most",
        "most code is in importable modules with functions or classes",
    ),
)
def modular_code(
    code: Code,
    work: ModelWork | Missing,
    unreached: Unreached | Missing,
    r: RScripts | Missing,
    other: OtherCode | Missing,
) -> Answer:
    """Value: 2 where over half of the statements are in functions of importable modules, 1 where some are in functions.

    Functions that nothing leads to do not help to the first. Of other languages than Python and R, lines count.
    """
    files = () if isinstance(other, Missing) else other.files
    every = [m for m in code.modules if m.part in _COUNTED or (m.part == "test" and not m.is_test)]
    modules = _in_use(every, unreached)
    weight = _weights(every, work)
    total = sum(weight(m) * (m.top_statements + m.inner_statements) for m in modules)
    if not total and not code.modules and isinstance(r, RScripts) and any(s.top or s.inner for s in r.scripts):
        return _in_r(r)
    if not total:
        return _in_all([], files, weight, most=2) if files else _idle([m for m in modules if m.lines])
    alone = _in_python(every, modules, unreached, weight)
    return _in_all(modules, files, weight, most=min(2, int(alone.value) + 1)) if files else alone


def _in_python(
    every: list[Module], modules: list[Module], unreached: Unreached | Missing, weight: Callable[[Module], float]
) -> Measured:
    """Judge Python by its statements. ``modules``: those of ``every`` without what nothing leads to."""
    total = sum(weight(m) * (m.top_statements + m.inner_statements) for m in modules)
    importable = [m for m in modules if _is_importable(m)]
    placed = sum(m.inner_statements for m in importable)
    functions = [d for m in every if m.kind == "module" for d in m.definitions if d.kind != "class"]
    said = f"{placed} of {sum(m.top_statements + m.inner_statements for m in modules)} statements are in functions of importable modules"
    if placed > _MOST * total and len(functions) >= _FEW:
        most = sorted(importable, key=lambda m: (-m.inner_statements, m.path))
        evidence = tuple(
            InFile(at=Span(path=m.path), note=f"{m.inner_statements} statements in functions") for m in most
        )
        return Measured(value=2, unit=Unit.LEVEL, summary=said, evidence=evidence[:_SHOWN])
    inner = sum(weight(m) * m.inner_statements for m in every)
    share = inner / sum(weight(m) * (m.top_statements + m.inner_statements) for m in every)
    level = 1 if share >= _SOME or (len(functions) >= _FEW and share >= _LEAST) else 0
    return Measured(value=level, unit=Unit.LEVEL, summary=said, evidence=_outside(every, unreached))


def _outside(modules: list[Module], unreached: Unreached | Missing) -> tuple[InFile, ...]:
    """Name the modules whose statements are out of reach of an import, and what nothing leads to."""
    loose = sorted(modules, key=lambda m: (-_loose(m), m.path))
    carried = [InFile(at=Span(path=m.path), note=_carried(m)) for m in loose if _loose(m)]
    idle = [InFile(at=d.at, note=f"nothing leads to {d.qualname}") for d in _dead(unreached) if not d.within]
    return tuple((carried[: _SHOWN - 2] + idle)[:_SHOWN])


def _in_use(modules: list[Module], unreached: Unreached | Missing) -> list[Module]:
    """Return the modules without the functions that nothing leads to, unless nothing is left then."""
    idle = {(d.at.path, d.qualname) for d in _dead(unreached) if not d.within}
    spare = {m.path: sum(d.statements for d in m.definitions if (m.path, d.qualname) in idle) for m in modules}
    if sum(m.top_statements + m.inner_statements for m in modules) <= sum(spare.values()):
        return modules
    return [replace(m, inner_statements=max(0, m.inner_statements - spare.get(m.path, 0))) for m in modules]


def _dead(unreached: Unreached | Missing) -> tuple[DeadDefinition, ...]:
    return () if isinstance(unreached, Missing) else unreached.dead


def _idle(modules: list[Module]) -> Answer:
    """Answer where nothing but constants, imports and empty definitions is there."""
    if not modules:
        return NotApplicable(reason="no code")
    said = "no statement is in a function: constants, imports and empty definitions are all there is"
    evidence = tuple(InFile(at=Span(path=m.path), note=f"{m.lines} lines of code, no logic") for m in modules[:_SHOWN])
    return Measured(value=0, unit=Unit.LEVEL, summary=said, evidence=evidence)


def _in_r(r: RScripts) -> Answer:
    """Judge a project in R alone by its statements: a script is for sourcing where most of it stands in functions."""
    total = sum(s.top + s.inner for s in r.scripts)
    offering = [s for s in r.scripts if not s.document and s.inner >= s.top]
    placed, inner = sum(s.inner for s in offering), sum(s.inner for s in r.scripts)
    functions = sum(s.functions for s in r.scripts)
    said = f"{inner} of {total} statements of R are in functions, {placed} of them in scripts made to be sourced"
    if placed > _MOST * total and functions >= _FEW:
        level, shown = 2, offering
    else:
        level = 1 if inner >= _SOME * total or functions >= _FEW else 0
        shown = sorted(r.scripts, key=lambda s: (-s.top, s.path))
    evidence = [
        InFile(at=Span(path=s.path), note=f"{s.top} statements at top level, {s.inner} in functions") for s in shown
    ]
    return Measured(value=level, unit=Unit.LEVEL, summary=said, evidence=tuple(evidence[:_SHOWN]))


def _in_all(
    modules: list[Module], files: tuple[OtherFile, ...], weight: Callable[[Module], float], *, most: int
) -> Answer:
    """Judge a project that has code in other languages, by the statements of its Python and the lines of the rest.

    ``most``: one above the level of its Python, so that a large front end does not hide what its notebooks hold.
    """
    importable = [m for m in modules if _is_importable(m)]
    offering = [f for f in files if f.functions and f.inner >= f.top]
    total = sum(weight(m) * (m.top_statements + m.inner_statements) for m in modules)
    total += sum(f.top + f.inner for f in files)
    placed = sum(m.inner_statements for m in importable) + sum(f.inner for f in offering)
    inner = sum(weight(m) * m.inner_statements for m in modules) + sum(f.inner for f in files)
    functions = sum(f.functions for f in files)
    functions += sum(d.kind != "class" for m in modules if m.kind == "module" for d in m.definitions)
    languages = ", ".join(sorted({f.language for f in files}))
    counted = f"lines of {languages}" if not modules else f"statements of Python and lines of {languages}"
    said = f"{placed} of {total:.0f} {counted} are in functions that other files can use"
    if placed > _MOST * total and functions >= _FEW and most > 1:
        held = [(m.inner_statements, m.path) for m in importable] + [(f.inner, f.path) for f in offering]
        shown = [(path, f"{number} in functions") for number, path in sorted(held, key=lambda h: (-h[0], h[1]))]
        level = 2
    else:
        loose = [(_loose(m), m.path, _carried(m)) for m in modules]
        loose += [
            (
                f.top if f in offering else f.top + f.inner,
                f.path,
                f"{f.top} lines outside of functions, {f.inner} inside",
            )
            for f in files
        ]
        shown = [(path, note) for number, path, note in sorted(loose, key=lambda h: (-h[0], h[1])) if number]
        level = 1 if inner >= _SOME * total or (functions >= _FEW and inner >= _LEAST * total) else 0
    evidence = [InFile(at=Span(path=path), note=note) for path, note in shown[:_SHOWN]]
    return Measured(value=level, unit=Unit.LEVEL, summary=said, evidence=tuple(evidence))


def _weights(modules: list[Module], work: ModelWork | Missing) -> Callable[[Module], float]:
    """Return what a statement of a module weighs: half in a notebook, unless it does by itself what no module does: train."""
    notebooks = {m.path: any(i.local is not None for i in m.imports) for m in modules if m.kind == "notebook"}
    fitting = set() if isinstance(work, Missing) else {fit.place.at.path for fit in work.fits if fit.place.reached}
    aside = not fitting or bool(fitting - notebooks.keys())
    return lambda module: 0.5 if module.path in notebooks and (aside or notebooks[module.path]) else 1


def _is_importable(module: Module) -> bool:
    """Whether a module can be imported for its functions: by its name, and without its work being started."""
    names = module.path.removesuffix(".py").removesuffix("/__init__").split("/")
    started = any(
        c.scope == "" and not c.binds and c.local is not None and c.local.startswith(f"{module.path}::")
        for c in module.calls
    )
    return (
        module.kind == "module"
        and names[-1].isidentifier()
        and not started
        and module.top_statements <= module.inner_statements
    )


def _loose(module: Module) -> int:
    """Return how many statements of a module are out of reach of an import."""
    return module.top_statements if _is_importable(module) else module.top_statements + module.inner_statements


def _carried(module: Module) -> str:
    if module.kind == "notebook":
        return f"notebook with {module.top_statements + module.inner_statements} statements"
    return f"{module.top_statements} statements at top level, {module.inner_statements} in functions"


@signal(
    id="engineering.type-hints",
    title="Functions are annotated",
    question="What share of the functions has annotated parameters and an annotated result?",
    looks_at="Functions and methods in the project's own .py files; tests, notebooks and generated code are left out",
    remedy="Annotate parameters and results, the public functions named here first, and check them with mypy.",
    effort="day",
    sources=("pep-484",),
    limits=(
        "Whether annotations are right is not checked; one that names nothing is none, nor is Any for everything. Functions of "
        "one line that nothing leads to are left out. __init__ needs no annotated result once a parameter is annotated."
    ),
    levels=("less than 20 %", "20 to 70 %", "at least 70 %"),
)
def type_hints(code: Code, unreached: Unreached | Missing) -> Answer:
    """Value: 2 where at least 70 % of the functions are annotated in full, 1 where at least 20 % are, else 0."""
    functions = _asked([d for d in _own(code) if d.kind != "class"], unreached)
    if not functions:
        return NotApplicable(reason="no functions in .py files")
    full = [d for d in functions if _is_annotated(d)]
    said = f"{len(full)} of {len(functions)} functions are annotated in full"
    return _shared(full, [d for d in functions if not _is_annotated(d)], _HINTED, said, "not annotated in full")


@signal(
    id="engineering.docstrings",
    title="Public functions and classes are documented",
    question="What share of the public functions and classes has a docstring?",
    looks_at="Public functions, methods and classes in the project's own .py files; tests and notebooks are left out",
    remedy="Give the public functions and classes named here a docstring: what it returns, from what.",
    effort="hour",
    sources=("pep-257",),
    limits=(
        "Whether a docstring is right is not checked; the name again, or text that is to be filled in, is none, nor are "
        "comments. Functions of one line that nothing leads to are left out."
    ),
    levels=("less than 20 %", "20 to 60 %", "at least 60 %"),
)
def docstrings(code: Code, unreached: Unreached | Missing) -> Answer:
    """Value: 2 where at least 60 % of the public functions and classes have a docstring, 1 where at least 20 %, else 0."""
    public = _asked([d for d in _own(code) if d.public], unreached)
    if not public:
        return NotApplicable(reason="no public functions or classes in .py files")
    told = [d for d in public if d.docstring]
    said = f"{len(told)} of {len(public)} public functions and classes have a docstring"
    return _shared(told, [d for d in public if not d.docstring], _DOCUMENTED, said, "has no docstring")


def _own(code: Code) -> list[Definition]:
    modules = [m for m in code.modules if m.kind == "module" and m.part in _COUNTED and not m.is_test]
    return [d for m in modules for d in m.definitions]


def _asked(definitions: list[Definition], unreached: Unreached | Missing) -> list[Definition]:
    """Leave out what holds next to nothing and what nothing leads to, unless that is all: it only swells the number."""
    idle = {(d.at.path, d.qualname) for d in _dead(unreached)}
    return [d for d in definitions if d.statements > 1 or (d.at.path, d.qualname) not in idle] or definitions


def _is_annotated(function: Definition) -> bool:
    """Whether all parameters and the result are annotated; PEP 484 lets ``__init__`` do without the result."""
    init = function.qualname.endswith(".__init__") and function.annotated > 0
    return function.annotated == function.parameters and (function.returns_annotated or init)


def _shared(
    have: list[Definition], lack: list[Definition], bounds: tuple[float, float], said: str, note: str
) -> Measured:
    share = len(have) / (len(have) + len(lack))
    level = 2 if share >= bounds[1] else 1 if share >= bounds[0] else 0
    shown = [InFile(at=_first_line(d.at), note=f"{d.qualname}: {note}") for d in lack[:_SHOWN]]
    if level == 2 and not shown:
        return Measured(value=2, unit=Unit.LEVEL, summary=said, evidence=(Absence(note=f"none of them {note}"),))
    return Measured(value=level, unit=Unit.LEVEL, summary=said, evidence=tuple(shown))


def _first_line(span: Span) -> Span:
    return Span(path=span.path, start=span.start, end=span.start, cell=span.cell)
