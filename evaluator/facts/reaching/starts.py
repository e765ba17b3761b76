"""From where else may code be reached: exports, settings, documents, magics, frameworks and names made up while running?

``facts.reach`` says what demonstrably runs. To call a definition dead, the doubt goes the other way: whatever may lead to
it counts. So a name that stands in a settings file, a template or a string keeps every definition of that name.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property

from evaluator.facts.code import Call, Code, Definition, Module
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.packaging import Packaging
from evaluator.facts.project_kind import ProjectKind
from evaluator.facts.prose import Prose
from evaluator.facts.python.graph import Graph
from evaluator.facts.python.modules import Modules
from evaluator.facts.python.scopes import GUARD
from evaluator.facts.reach import Reach
from evaluator.facts.tree import Tree
from evaluator.model import Missing, Span
from evaluator.source.snapshot import Snapshot, Unreadable

_WORD = re.compile(r"[A-Za-z_]\w{0,60}")
_NAME = re.compile(r"[A-Za-z_][\w.:\-/]{1,120}")
_RUN = re.compile(r"^\s*%(?:run|load)\s+(?:-\w+\s+)*[\"']?([\w./\\ -]+\.py)", re.MULTILINE)
_SETTINGS = (
    ".yaml", ".yml", ".json", ".toml", ".cfg", ".ini", ".gin", ".html", ".j2", ".jinja", ".jinja2", ".conf", ".service",
    ".sh", ".bat", ".ps1", ".tf", ".txt", ".r", ".rmd", ".qmd", ".js", ".ts", ".cpp", ".nf", ".smk", ".sql",
)  # fmt: skip
_NAMED_SETTINGS = frozenset({"makefile", "dockerfile", "procfile", "snakefile", "jenkinsfile", "mlproject", "justfile"})
_SIZE = 200_000
_TOGETHER = 4_000_000
# What frameworks and platforms call by its name; the platforms' own documentation of their handlers.
_HOOKS = frozenset(
    {
        "lambda_handler", "handler", "model_fn", "input_fn", "predict_fn", "output_fn", "transform_fn", "create_app", "make_app",
        "get_app", "init", "run", "setup", "setup_module", "upgrade", "downgrade", "post_fork", "on_starting", "when_ready",
        "load_ipython_extension", "define_env", "main", "app_factory", "load_context", "configure",
    }
)  # fmt: skip
_DJANGO = frozenset(
    {"models", "admin", "apps", "views", "urls", "signals", "forms", "serializers", "tasks", "settings", "wsgi"}
)
# Methods by which libraries use any object that has them, whatever its class.
_DUCKS = frozenset(
    {
        "fit", "transform", "fit_transform", "inverse_transform", "predict", "predict_proba", "decision_function", "score",
        "get_params", "set_params", "get_feature_names_out", "partial_fit", "forward", "call", "step", "reset", "render",
        "close", "write", "flush", "read", "readline", "emit", "update", "keys", "items", "get", "tolist", "to_dict",
    }
)  # fmt: skip
# Scripts by which a library is built, documented and measured.
_TOOLS = frozenset({"setup.py", "conf.py", "noxfile.py", "tasks.py", "fabfile.py", "conftest.py", "versioneer.py"})
_FOR_SHOW = frozenset(
    {"benchmarks", "benchmark", "bench", "docs", "doc", "examples", "example", "demo", "demos", "tools"}
)
_CHOOSING = ("importlib.import_module", "__import__", "importlib.util.spec_from_file_location", "pkgutil.", "runpy.")
_BY_NAME = frozenset({"getattr", "hasattr"})
_ALL_OF_A_MODULE = frozenset({"globals", "vars", "locals", "inspect.getmembers", "sys.modules"})


class Starts:
    """Collects nodes ``path::scope`` from which code may be reached. ``open``: where a name is made up while running."""

    def __init__(self, code: Code, reach: Reach, graph: Graph) -> None:
        self.code, self.graph = code, graph
        self.nodes: set[str] = {*reach.by_scripts, *reach.by_notebooks, *reach.by_tests, *reach.by_exports}
        self.exports = frozenset(reach.by_exports)
        self.entries = reach.entries
        self.open: list[Span] = []
        self._tops: dict[str, list[str]] = {}
        self.own = [m for m in code.modules if m.part in {"own", "example", "docs", "test"}]

    def reached(self) -> set[str]:
        """Return all nodes that are reached, once names made up while running are given the benefit of the doubt."""
        self.nodes |= set(self._hooks())
        self.nodes |= set(self._hoped_for())
        self.nodes |= set(self._in_strings())
        seen = self.graph.reached(sorted(self.nodes))
        for _ in range(3):
            more = {*self._chosen(seen), *self._ducks(seen)} - seen
            if not more:
                break
            seen = self.graph.reached(sorted(seen | more))
        return seen

    def exported(self, packaging: Packaging | Missing, kind: ProjectKind | Missing) -> None:
        """Add what users of a package may call: public methods of what it exports.

        All that is public in its modules, where it is a library that has nothing to be started: a package with a job of its
        own is there for that job, and offers what its ``__init__`` exports or its documents name.
        """
        for module in self.own:
            owners = {made.qualname for made in module.definitions if f"{module.path}::{made.qualname}" in self.exports}
            self.nodes |= {
                f"{module.path}::{m.qualname}"
                for m in module.definitions
                if m.public and m.qualname.rpartition(".")[0] in owners
            }
        named = isinstance(packaging, Packaging) and packaging.name is not None
        if named and isinstance(kind, ProjectKind) and kind.has("library") and not self._has_a_job():
            folders = {
                posixpath.dirname(m.path) for m in self.own if m.path.endswith("__init__.py") and m.part == "own"
            }
            for module in self.own:
                if posixpath.dirname(module.path) in folders:
                    self.nodes |= set(_public(module))

    def _has_a_job(self) -> bool:
        """Whether something of the project's own, and no example, test or tool of its development, is there to be started."""
        parts = {m.path: m.part for m in self.own if not m.is_test and m.kind == "module"}
        return any(
            entry.kind in {"script", "console", "command"}
            and parts.get(path := entry.node.partition("::")[0]) == "own"
            and posixpath.basename(path) not in _TOOLS
            and not _FOR_SHOW.intersection(path.split("/")[:-1])
            for entry in self.entries
        )

    def named_in_files(self, snapshot: Snapshot, tree: Tree, prose: Prose | Missing) -> None:
        """Add the definitions whose names stand in settings, templates, scripts of other languages or code in documents."""
        words: set[str] = set()
        left = _TOGETHER
        for file in tree.files:
            name = posixpath.basename(file.path).lower()
            told = name.endswith(_SETTINGS) or name.partition(".")[0] in _NAMED_SETTINGS
            if not told or file.part in {"environment", "cache", "vendored"} or name.endswith((".lock", "-lock.json")):
                continue
            try:
                text = snapshot.text(file.path, limit=min(_SIZE, left))
            except Unreadable:
                continue
            left -= len(text)
            words.update(_WORD.findall(text))
        for document in prose.documents if isinstance(prose, Prose) else ():
            if document.format != "notebook":
                for block in document.blocks:
                    if block.kind == "code":
                        words.update(_WORD.findall(block.text))
        self._keep(words)

    def annotated(self, modules: Modules) -> None:
        """Add the classes that annotations name: of fields, they say how the class around them is built."""
        words = {name for source in modules.sources.values() for name in source.walked.annotated}
        for module in self.own:
            for made in module.definitions:
                if made.kind == "class" and made.qualname.rpartition(".")[2] in words:
                    self.nodes.add(f"{module.path}::{made.qualname}")

    def run_by_magic(self, notebooks: Notebooks | Missing) -> None:
        """Add the scripts that notebooks run or load by a magic."""
        for notebook in notebooks.items if isinstance(notebooks, Notebooks) else ():
            for cell in notebook.cells:
                for name in _RUN.findall(cell.source) if cell.kind == "code" and "%" in cell.source else ():
                    wanted = posixpath.basename(name.replace("\\", "/"))
                    for module in self.own:
                        if posixpath.basename(module.path) == wanted:
                            self.nodes |= {f"{module.path}::", f"{module.path}::{GUARD}", *_public(module)}

    def _keep(self, words: set[str]) -> None:
        for module in self.own:
            for made in module.definitions:
                if made.qualname.rpartition(".")[2] in words:
                    self.nodes.add(f"{module.path}::{made.qualname}")

    def _in_strings(self) -> Iterator[str]:
        """Yield the definitions that a string of the code names: ``"train_model"``, ``"pkg.module:app"``."""
        words = {
            part
            for module in self.own
            for text in module.texts
            if _NAME.fullmatch(text.text)
            for part in re.split(r"[.:/\-]", text.text)
        }
        for module in self.own:
            for made in module.definitions:
                if made.qualname.rpartition(".")[2] in words:
                    yield f"{module.path}::{made.qualname}"

    def _hooks(self) -> Iterator[str]:
        """Yield what frameworks call: handlers by their names, Django's modules, classes of spiders, pytest's hooks."""
        names = {posixpath.basename(m.path) for m in self.own}
        for module in self.own:
            stem = posixpath.basename(module.path).removesuffix(".py")
            folders = set(module.path.split("/")[:-1])
            django = "manage.py" in names and (stem in _DJANGO or {"commands", "templatetags", "migrations"} & folders)
            if django or "dags" in folders or stem in {"hubconf", "conftest", "noxfile", "tasks", "fabfile", "dodo"}:
                yield from _public(module)
            for made in module.definitions:
                if made.kind != "method" and (made.qualname in _HOOKS or made.qualname.startswith("pytest_")):
                    yield f"{module.path}::{made.qualname}"

    def _hoped_for(self) -> Iterator[str]:
        """Yield what an import names that leads nowhere from where it stands, but fits a module by its name."""
        for module in self.own:
            for made in module.imports:
                if made.stdlib or (made.local is not None and not made.missing):
                    continue
                parts = made.name.split(".")
                for target in self._called(parts[-1]) + (self._called(parts[-2]) if len(parts) > 1 else []):
                    yield f"{target.path}::{parts[-1]}"
                    if target.name.rpartition(".")[2] == parts[-1]:
                        yield from _public(target)

    def _called(self, name: str) -> list[Module]:
        return self._by_last.get(name, [])

    @cached_property
    def _by_last(self) -> dict[str, list[Module]]:
        """Modules by the last part of their names."""
        found: dict[str, list[Module]] = {}
        for module in self.own:
            if module.kind == "module":
                found.setdefault(module.name.rpartition(".")[2], []).append(module)
        return found

    @cached_property
    def _choices(self) -> list[tuple[Module, Call]]:
        """Calls that may choose by a name."""
        return [
            (module, call)
            for module in self.own
            for call in module.calls
            if call.name in _BY_NAME or call.name in _ALL_OF_A_MODULE or call.name.startswith(_CHOOSING)
        ]

    def _chosen(self, seen: set[str]) -> Iterator[str]:
        """Yield what a reached place may choose by a name that is made up while running."""
        self.open = []
        for module, call in self._choices:
            if f"{module.path}::{call.scope}" in seen:
                found = self._by_name(module, call)
                if found:
                    self.open.append(call.at)
                    yield from found

    def _by_name(self, module: Module, call: Call) -> list[str]:
        if call.name.startswith(_CHOOSING):
            named = call.args and call.args[0].value.kind == "constant"
            return [] if named else self._below(module.path.rpartition("/")[0].partition("/")[0])
        if call.name in _ALL_OF_A_MODULE:
            return list(_public(module))
        chosen = len(call.args) > 1 and call.args[1].value.kind != "constant"
        return list(self._attributes_of(module, call)) if chosen else []

    def _below(self, top: str) -> list[str]:
        """Return all modules of the project's own below the folder ``top``, with what is public in them."""
        known = self._tops.get(top)
        if known is None:
            inside = [m for m in self.own if m.part == "own" and m.kind == "module"]
            inside = [m for m in inside if not top or m.path.startswith(f"{top}/")]
            known = self._tops[top] = [node for m in inside for node in (f"{m.path}::", *_public(m))]
        return known

    def _attributes_of(self, module: Module, call: Call) -> Iterator[str]:
        """Yield what ``getattr(thing, name)`` may give: the members of the class it stands in, or of an imported module."""
        written = call.args[0].value.text
        if written in {"self", "cls"}:
            owner = call.scope.rpartition(".")[0]
            members = (d for d in module.definitions if d.qualname.rpartition(".")[0] == owner)
            yield from (f"{module.path}::{d.qualname}" for d in members)
            return
        for other in self.own:
            if other.name in {written, f"{module.name.rpartition('.')[0]}.{written}"}:
                yield from _public(other)
        if written.endswith("__name__]") or "sys.modules" in written:
            yield from _public(module)

    def _ducks(self, seen: set[str]) -> Iterator[str]:
        """Yield the methods of reached classes that libraries use by their names, or that only say what others must have."""
        for module in self.own:
            shapes = {d.qualname for d in module.definitions if any(b.endswith(".Protocol") for b in d.bases)}
            for made in module.definitions:
                owner, _, name = made.qualname.rpartition(".")
                if (
                    owner
                    and f"{module.path}::{owner}" in seen
                    and (name in _DUCKS or owner in shapes or _is_declared(made))
                ):
                    yield f"{module.path}::{made.qualname}"


def _is_declared(made: Definition) -> bool:
    """Whether a method only says what others must have."""
    return any(
        name.rpartition(".")[2] in {"abstractmethod", "overload", "abstractproperty"} for name in made.decorators
    )


def _public(module: Module) -> Iterator[str]:
    yield from (f"{module.path}::{d.qualname}" for d in module.definitions if d.public)
