"""What does each test come to?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from evaluator.facts.code import Code, Definition, Module
from evaluator.facts.modelling.places import Places
from evaluator.facts.python.graph import graph_of
from evaluator.facts.python.modules import Modules
from evaluator.facts.python.parsing import quietly
from evaluator.facts.python.scopes import GUARD, Branch, Site
from evaluator.facts.python.values import Known
from evaluator.facts.reach import Reach
from evaluator.facts.tested import Case, Tested
from evaluator.facts.testing import elsewhere
from evaluator.facts.testing.doubles import Doubles, Edge
from evaluator.facts.testing.routes import Routes
from evaluator.facts.testing.subjects import Kind, Subjects
from evaluator.facts.tree import Tree
from evaluator.source.snapshot import Snapshot

_STEPS = 3_000
_LOOKS_FOR = frozenset(
    {"callable", "hasattr", "isinstance", "issubclass", "type", "str", "repr", "id", "inspect.signature", "len"}
)
"""Calls that tell of a function that it is there, and not what it does."""
_REFUSED = frozenset({400, 401, 403, 404, 405, 413, 415, 422})
"""Status codes by which a service says that it did not work on a request."""
_ANSWERS = frozenset({"predict", "predict_proba", "decision_function", "__call__", "score"})


def find(snapshot: Snapshot, modules: Modules, code: Code, reach: Reach, tree: Tree) -> Tested:
    """Return every test that can fail with what it comes to."""
    with quietly():
        places = modules.shared(Places, code, reach)
        found = _Found(places, code, tree)
        cases = [found.case(m, made) for m in code.modules for made in m.definitions if _counts(m, made)]
        spans = found.subjects.spans
    return Tested(
        cases=tuple(sorted(cases, key=lambda c: (c.at.path, c.at.start, c.name))),
        subjects=spans,
        elsewhere=() if spans else elsewhere.subjects(snapshot, tree),
        tests_elsewhere=() if spans else elsewhere.tests(snapshot, tree),
    )


def _counts(module: Module, made: Definition) -> bool:
    return module.is_test and made.collected and made.kind != "class" and made.asserts > 0


def _apart(first: list[Branch], second: list[Branch]) -> bool:
    """Whether each of the ``first`` calls stands on another arm of the same statement than each of the ``second``."""
    pairs = ((dict(a), b) for a in first for b in second)
    return all(any(arms.get(number, arm) != arm for number, arm in branch) for arms, branch in pairs)


class _Found:
    def __init__(self, places: Places, code: Code, tree: Tree) -> None:
        self.places = places
        self.graph = graph_of(code)
        self.subjects = Subjects(places, code)
        self.modules = {m.path: m for m in code.modules}
        self.routes = Routes(places)
        self.doubles = Doubles(places, self.graph)
        self.files = frozenset(f.path for f in tree.files if f.part in {"own", "example"})
        self.scopes = {scope.id: scope for s in places.modules.sources.values() for scope in s.walked.definitions()}
        self.sites: dict[str, list[Site]] = {}
        self.calls: dict[str, list[Site]] = {}
        for path, module in self.modules.items():
            source = places.modules.sources.get(path)
            chosen = self.sites if module.is_test else self.calls
            for site in source.walked.sites if source is not None else ():
                chosen.setdefault(f"{path}::{site.label}", []).append(site)

    def case(self, module: Module, made: Definition) -> Case:
        """Return the record of one test."""
        node = f"{module.path}::{made.qualname}"
        around = list(self._of_tests(node))
        double = self.doubles.of(around)
        best: tuple[Kind, str] | None = None
        touched = requests = False
        replaced = self.doubles.replaced(around)
        exits = self._is_sent_away(module, made)
        refused = self._is_refused(module, made)
        mentioned = {use[1:] for n in around for use in self.graph.uses.get(n, ()) if "::" not in use}
        for start, by_request in self._starts(around):
            touched, requests = True, requests or by_request
            if (
                start in self.routes.variables
                or (by_request and refused)
                or (exits and self.subjects.kind(start) is None)
            ):
                continue
            hit = self._hit(start, mentioned, replaced, stands_in=bool(double))
            if hit is not None and (best is None or (best[0] == "data" and hit[0] == "model")):
                best = hit
        if best is None and not double:
            best = self._kept(around)
        if best is None:
            return Case(
                name=made.qualname,
                at=made.at,
                touches="other" if touched else "nothing",
                by=self._first(around),
                double=double,
                requests=requests,
            )
        return Case(name=made.qualname, at=made.at, touches=best[0], by=best[1], double=double, requests=requests)

    def _of_tests(self, node: str) -> Iterator[str]:
        """Yield a test with its fixtures, helpers and set-up."""
        seen: set[str] = set()
        todo = [node]
        while todo:
            current = todo.pop()
            path, _, scope = current.partition("::")
            module = self.modules.get(path)
            if current in seen or module is None or not module.is_test or not scope:
                continue
            seen.add(current)
            yield current
            todo += [local for local in self.graph.uses.get(current, ()) if "::" in local]
            todo += self.graph.set_up(current)

    def _starts(self, around: list[str]) -> Iterator[tuple[str, bool]]:
        """Yield what a test mentions of code that is no test, scripts that it starts, and what answers its requests.

        With whether it comes there by a request only.
        """
        worked_with = self._worked_with(around)
        for node in around:
            for local in self.graph.uses.get(node, ()):
                path, _, scope = local.partition("::")
                module = self.modules.get(path)
                if module is not None and not module.is_test and scope and worked_with(local):
                    yield local, False
                    if scope == GUARD:
                        yield f"{path}::", False
            for site in self.sites.get(node, ()):
                yield from ((start, True) for start in self.routes.called(site))

    def _worked_with(self, around: list[str]) -> Callable[[str], bool]:
        """Return whether a test does something with a definition: calls it or passes it on, and not only looks for it."""
        names = self.places.names
        used: set[str] = set()
        for node in around:
            for site in self.sites.get(node, ()):
                target = names.called(site.node).target
                used |= {target.id} if target is not None else set()
                if isinstance(site.node.func, ast.Name) and isinstance(site.node.func.ctx, ast.Load) and target is None:
                    bound = names.bindings(site.node.func.id, site.point)
                    if any(b.how in {"parameter", "element"} for b in bound):
                        return lambda _: True
                if names.called(site.node).name not in _LOOKS_FOR:
                    given = [*site.node.args, *(k.value for k in site.node.keywords)]
                    for value in (v for a in given for v in names.values(a, site.point)):
                        if isinstance(value, Known) and value.target is not None:
                            used.add(value.target.id)
        return lambda local: local not in self.graph.definitions or local in used or local.rpartition(".")[0] in used

    def _is_refused(self, module: Module, made: Definition) -> bool:
        """Whether a test only expects that a request is refused: the model is never asked."""
        scope = self.scopes.get(f"{module.path}::{made.qualname}")
        said = {n.value for n in ast.walk(scope.node) if isinstance(n, ast.Constant)} if scope is not None else set()
        codes = {v for v in said if isinstance(v, int) and not isinstance(v, bool)}
        return bool(codes & _REFUSED) and 200 not in codes

    def _is_sent_away(self, module: Module, made: Definition) -> bool:
        """Whether a test only expects that a command line ends before it works."""
        scope = self.scopes.get(f"{module.path}::{made.qualname}")
        for node in ast.walk(scope.node) if scope is not None else ():
            match node:
                case ast.Call(func=ast.Attribute(attr="raises" | "assertRaises"), args=[ast.Name(id="SystemExit"), *_]):
                    ended = {n.value for n in ast.walk(scope.node) if isinstance(n, ast.Constant)} if scope else set()
                    return not any(value == 0 and not isinstance(value, bool) for value in ended)
        return False

    def _first(self, around: list[str]) -> str:
        return next((start.partition("::")[2] or start for start, _ in self._starts(around)), "")

    def _hit(
        self, start: str, mentioned: set[str], replaced: frozenset[Edge], *, stands_in: bool
    ) -> tuple[Kind, str] | None:
        """Return the first function of data or models that ``start`` leads to by what it calls.

        ``mentioned``: attributes that the test reads: the methods of what it makes. ``replaced``: see ``Doubles``.

        Where something stands in for the model, a function that only asks it for an answer proves nothing.
        """
        seen: set[str] = set()
        attributes = set(mentioned)
        todo = [start]
        best: tuple[Kind, str] | None = None
        while todo and len(seen) < _STEPS:
            node = todo.pop()
            if node in seen or ("", node) in replaced:
                continue
            seen.add(node)
            elsewhere = self._elsewhere(node, replaced) if replaced else frozenset()
            kind = self.subjects.kind(node)
            if kind is not None and not (stands_in and (kind == "model" or node != start)):
                name = node.partition("::")[2]
                first = start.partition("::")[2]
                best = (kind, first if name == first or not name else f"{first} → {name}")
                if kind == "model" or stands_in:
                    return best
            apps = self.routes.apps.get(node, frozenset())
            for local in self.graph.uses.get(node, ()):
                if "::" not in local:
                    attributes.add(local[1:])
                    todo += [m for owner, m in self.graph.methods.get(local[1:], ()) if owner in seen]
                elif (name := local.partition("::")[2]) and name not in apps and local not in elsewhere:
                    todo.append(local)
            todo += [
                m
                for m in self.graph.members.get(node, ())
                if (last := m.rpartition(".")[2]) == "__init__" or last in attributes or last == "__call__"
            ]
        return best

    def _elsewhere(self, node: str, replaced: frozenset[Edge]) -> frozenset[str]:
        """Return what ``node`` does not come to where it calls something that is replaced: that, and what other arms call."""
        path = node.partition("::")[0]
        calls: dict[str, list[Branch]] = {}
        for site in self.calls.get(node, ()):
            target = self.places.names.called(site.node).target
            if target is not None:
                calls.setdefault(target.id, []).append(site.point.branch)
        gone = {local for local in calls if (path, local) in replaced or ("", local) in replaced}
        beside = {
            local for local, at in calls.items() if any(_apart(at, calls[other]) for other in gone if other != local)
        }
        return frozenset(gone | beside | {local for at, local in replaced if at == path})

    def _kept(self, around: list[str]) -> tuple[Kind, str] | None:
        """Return the project's own model or data file that a test takes up and looks into itself."""
        model = asked = False
        for node in around:
            for site in self.sites.get(node, ()):
                named = self.places.names.called(site.node)
                roles = self.places.roles(named.name)
                said = [a.value for a in site.node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                model = model or "restore" in roles
                asked = asked or (named.name.rpartition(".")[2] in _ANSWERS and bool(site.node.args))
                if "load" in roles and any(self._is_file(text) for text in said):
                    return "data", f"the file {said[0]}"
        return ("model", "the model that is kept") if model and asked else None

    def _is_file(self, text: str) -> bool:
        name = text.replace("\\", "/").lstrip("./")
        return bool(name) and any(path == name or path.endswith("/" + name) for path in self.files)
