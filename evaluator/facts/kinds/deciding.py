"""What is the project, once all that shows it is gathered?"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from evaluator.facts.code import Code, Module
from evaluator.facts.kinds import clues
from evaluator.facts.kinds.clues import Wired
from evaluator.facts.kinds.table import table
from evaluator.facts.model_work import ModelWork
from evaluator.facts.packaging import Packaging
from evaluator.facts.project_kind import ProjectKind, Trait
from evaluator.facts.python.modules import Modules
from evaluator.facts.r_work import RWork
from evaluator.facts.reach import Reach
from evaluator.facts.stages import Stages
from evaluator.facts.tree import Tree
from evaluator.model import Missing, Span

_KINDS = ("modelling", "analysis", "data-engineering", "library", "service", "application")


def decide(
    tree: Tree,
    modules: Modules,
    code: Code,
    reach: Reach,
    work: ModelWork,
    *,
    packaging: Packaging | Missing,
    stages: Stages | Missing,
    r: RWork,
) -> ProjectKind:
    """Return what the project is, does and uses."""
    wired = Wired(code, reach)
    found = clues.find(wired, modules, work)
    known = table()
    tasks = clues.traits(known.tasks, found, trained=bool(work.fits))
    kinds = clues.traits(known.kinds, found, trained=bool(work.fits))
    return ProjectKind(
        kinds=_ordered(
            (*_modelling(work), *_learned(found), *kinds, *_of_tree(tree), *_library(code, packaging), *_r_kinds(r))
        ),
        tasks=_distinct((*tasks, *_r_tasks(r))),
        stages=tuple(_staged(stages)),
        frameworks=_distinct((*clues.frameworks(wired, known.frameworks), *_r_frameworks(r))),
        on_rows=_on_rows(work),
    )


def _on_rows(work: ModelWork) -> bool:
    """Whether questions about rows arise: rows are split, or are read, and a library fits something to rows."""
    if any(s.reached for s in work.splits):
        return True
    read = any(p.reached and p.name != "numpy.load" for p in work.loads)
    return read and any(f.kind in {"library", "unknown"} and _takes_rows(f.place.name) for f in work.fits)


def _takes_rows(name: str) -> bool:
    """Whether a library's fit takes rows; agents of reinforcement learning learn from steps."""
    return name.rpartition(".")[2] != "learn" and not name.startswith(
        ("tf_agents.", "ray.rllib.", "stable_baselines3.")
    )


def _modelling(work: ModelWork) -> Iterator[Trait]:
    wired = [f for f in work.fits if f.place.reached] or list(work.fits)
    if wired:
        yield Trait(
            name="modelling", why=f"a model is fitted or trained in {_places(len(wired))}", at=wired[0].place.at
        )


def _learned(found: clues.Clues) -> Iterator[Trait]:
    """Yield the table of values that is learned by trial, which nothing fits by that name."""
    if ":bellman" in found:
        yield Trait(name="modelling", why="values are learned by trial", at=found[":bellman"])


def _places(count: int) -> str:
    return "one place" if count == 1 else f"{count} places"


def _of_tree(tree: Tree) -> Iterator[Trait]:
    """Yield what a file says that only one kind of project has: dbt's, of which the models are SQL."""
    for file in tree.files:
        if posixpath.basename(file.path) == "dbt_project.yml" and file.part == "own":
            yield Trait(name="data-engineering", why="tables are built by dbt", at=Span(path=file.path))


def _library(code: Code, packaging: Packaging | Missing) -> Iterator[Trait]:
    """Yield the package that is offered to be installed and imported: it bears the project's name, and its modules
    are mostly not there to be started."""
    if isinstance(packaging, Missing) or not packaging.name:
        return
    folder = packaging.name.lower().replace("-", "_").replace(".", "_")
    inside = [m for m in code.modules if m.kind == "module" and not m.is_test and folder in _folders(m)]
    package = [m for m in inside if m.path.endswith("__init__.py")]
    started = [m for m in inside if m.main_guard or m.works]
    if package and 4 * len(started) <= len(inside):
        yield Trait(
            name="library",
            why=f"{packaging.name} is a package to be installed and imported",
            at=Span(path=package[0].path),
        )


def _folders(module: Module) -> list[str]:
    """Return the folders that the module lies in, where the package may stand: at the top or below ``src``."""
    parts = module.path.lower().split("/")[:-1]
    return parts[:2] if parts[:1] in (["src"], ["lib"], ["python"]) else parts[:1]


def _staged(stages: Stages | Missing) -> Iterator[Trait]:
    for stage in () if isinstance(stages, Missing) else stages.found:
        yield Trait(name=stage.name, why=stage.why, at=stage.at)


# R


def _r_kinds(r: RWork) -> Iterator[Trait]:
    known = table().r
    read = next((c for c in r.calls if c.name in known.reads), None)
    drawn = next((c for c in r.calls if c.name in known.analysis), None)
    if read is not None and drawn is not None:
        yield Trait(name="analysis", why="data are read, described and drawn in R", at=read.at)


def _r_tasks(r: RWork) -> Iterator[Trait]:
    known = table().r
    fitted = bool(r.of("fit"))
    for task, names in known.tasks.items():
        call = next((c for c in r.calls if c.name in names), None)
        if call is not None and (fitted or task in {"nlp", "time-series", "survival"}):
            yield Trait(name=task, why=f"{call.name}() in R", at=call.at)
    read = next((c for c in r.calls if c.name in known.reads), None)
    special = any(
        c.name in names for task, names in known.tasks.items() if task in {"nlp", "time-series"} for c in r.calls
    )
    if read is not None and not special:
        yield Trait(name="tabular", why="tables are read in R", at=read.at)


def _r_frameworks(r: RWork) -> Iterator[Trait]:
    wanted = table().r.frameworks
    yield from (Trait(name=p.name, why="loaded in R", at=p.at) for p in r.packages if p.name in wanted)


# order


def _distinct(traits: Iterable[Trait]) -> tuple[Trait, ...]:
    found: dict[str, Trait] = {}
    for trait in traits:
        found.setdefault(trait.name, trait)
    return tuple(found.values())


def _ordered(traits: Iterable[Trait]) -> tuple[Trait, ...]:
    """Return the kinds in their order; an analysis beside a model is a part of the modelling, and not named apart."""
    distinct = _distinct(traits)
    names = {t.name for t in distinct}
    kept = [t for t in distinct if t.name != "analysis" or not names & {"modelling", "service", "data-engineering"}]
    return tuple(sorted(kept, key=lambda t: _KINDS.index(t.name)))
