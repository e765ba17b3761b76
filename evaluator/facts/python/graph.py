"""What does one part of the code lead to, when it runs?

A node is ``path::scope``: a module's body (``path::``), its main guard (``path::__main__``), a definition or a global
variable. An edge is a mention (``Module.uses``). Beyond mentions, what runs leads to:

- the body of the module that a reached scope lies in, and of the packages above it;
- of a reached class: its own level, its special methods, every method if it extends a foreign class (a framework calls
  those), the methods whose name is mentioned as an attribute by anything reached;
- a decorated function of a reached module or class, unless the decorator is known to register nothing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from functools import cached_property
from typing import TypeAlias

from evaluator.facts.code import Code, Definition, Module
from evaluator.facts.modelling.libraries import libraries

_PLAIN_BASES = (
    "object",
    "abc.ABC",
    "abc.ABCMeta",
    "enum.",
    "typing.",
    "typing_extensions.",
    "builtins.",
    "Exception",
    "ValueError",
    "RuntimeError",
)
_SET_UP = frozenset({"setUp", "setUpClass", "asyncSetUp", "setup_method", "setup_class", "setup"})


_Step: TypeAlias = tuple[list[str], list[tuple[str, str]], list[str]]


def graph_of(code: Code) -> Graph:
    """Return the graph of ``code``, made once for all that follow it one after another."""
    if not _LAST or _LAST[0].code is not code:
        _LAST[:] = [Graph(code)]
    return _LAST[0]


class Graph:
    """The mentions of a project, to be followed from any set of nodes. Many ask: see :func:`graph_of`."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.modules: dict[str, Module] = {m.path: m for m in code.modules}
        self.uses: dict[str, list[str]] = {}
        self.definitions: dict[str, Definition] = {}
        self.methods: dict[str, list[tuple[str, str]]] = {}
        self.members: dict[str, list[str]] = {}
        self._steps: dict[str, _Step] = {}
        self._bodies: dict[str, list[str]] = {}
        for module in code.modules:
            for use in module.uses:
                self.uses.setdefault(f"{module.path}::{use.scope}", []).append(use.local)
            for made in module.definitions:
                node = f"{module.path}::{made.qualname}"
                self.definitions[node] = made
                owner = f"{module.path}::{made.qualname.rpartition('.')[0]}"
                self.members.setdefault(owner, []).append(node)
                if made.kind == "method":
                    self.methods.setdefault(made.qualname.rpartition(".")[2], []).append((owner, node))

    def reached(self, starts: Iterable[str]) -> set[str]:
        """Return every node that ``starts`` lead to, themselves included."""
        seen: set[str] = set()
        attributes: set[str] = set()
        todo = list(starts)
        while todo:
            node = todo.pop()
            if node in seen:
                continue
            seen.add(node)
            always, by_name, mentioned = self._steps.get(node) or self._step(node)
            todo += always
            todo += [member for member, name in by_name if name in attributes]
            for name in mentioned:
                if name not in attributes:
                    attributes.add(name)
                    todo += [method for owner, method in self.methods.get(name, ()) if owner in seen]
        return seen

    def _step(self, node: str) -> _Step:
        """Return, and keep, where ``node`` leads to: at any rate, by names of methods, and which names it mentions."""
        uses = self.uses.get(node, ())
        members = self._members.get(node, ())
        always = [
            *self._around(node.partition("::")[0]),
            *(member for member, _, runs in members if runs),
            *(local for local in uses if "::" in local),  # no attribute; a path may begin with a dot, too
        ]
        by_name = [(member, name) for member, name, runs in members if name and not runs]
        made = self._steps[node] = (always, by_name, [local[1:] for local in uses if "::" not in local])
        return made

    def _around(self, path: str) -> list[str]:
        """Return the bodies of a module and of the packages above it."""
        known = self._bodies.get(path)
        if known is None:
            known = [f"{path}::"]
            folder = posixpath.dirname(path)
            while folder:
                init = f"{folder}/__init__.py"
                if init in self.modules:
                    known.append(f"{init}::")
                folder = posixpath.dirname(folder)
            self._bodies[path] = known
        return known

    @cached_property
    def _members(self) -> dict[str, list[tuple[str, str, bool]]]:
        """By module or class: what is defined in it, a method's name, and whether it runs without being mentioned."""
        own = tuple(f"{m.name}." for m in self.modules.values())
        names = {
            f"{self.modules[node.partition('::')[0]].name}.{made.qualname}" for node, made in self.definitions.items()
        }
        found: dict[str, list[tuple[str, str, bool]]] = {}
        for owner, members in self.members.items():
            made = self.definitions.get(owner)
            foreign = [b for b in made.bases if b not in names] if made is not None else []
            hooks = any(not b.startswith((*_PLAIN_BASES, *own)) for b in foreign)
            for member in members:
                inner = self.definitions[member]
                method = inner.kind == "method"
                name = inner.qualname.rpartition(".")[2] if method else ""
                special = name.startswith("__") and name.endswith("__")
                found.setdefault(owner, []).append(
                    (member, name, special or (hooks and method) or _is_registered(inner))
                )
        return found

    def touches(self, test: str) -> bool:
        """Whether a test, its fixtures, helpers and set-up mention a definition or variable of code that is no test."""
        seen: set[str] = set()
        todo = [test]
        while todo:
            node = todo.pop()
            if node in seen:
                continue
            seen.add(node)
            path, _, scope = node.partition("::")
            module = self.modules.get(path)
            if module is None:
                continue
            if not module.is_test and scope and self._is_written(path, scope):
                return True
            if module.is_test and scope:
                todo += [local for local in self.uses.get(node, ()) if "::" in local]
                todo += self.set_up(node)
        return False

    def _is_written(self, path: str, scope: str) -> bool:
        return f"{path}::{scope}" in self.definitions or scope == "__main__" or scope in self._variables.get(path, ())

    @cached_property
    def _variables(self) -> dict[str, set[str]]:
        """Global variables and imported names of each module that something is known of."""
        found: dict[str, set[str]] = {}
        for node, locals_ in self.uses.items():
            found.setdefault(node.partition("::")[0], set()).add(node.partition("::")[2])
            for local in locals_:
                path, _, name = local.partition("::")
                found.setdefault(path, set()).add(name)
        return found

    def set_up(self, node: str) -> list[str]:
        """Return the level of a test's class, and what runs before each of its tests."""
        made = self.definitions.get(node)
        if made is None or made.kind != "method":
            return []
        owner = node.rpartition(".")[0]
        return [owner, *(m for m in self.members.get(owner, ()) if m.rpartition(".")[2] in _SET_UP)]


_LAST: list[Graph] = []


def _is_registered(made: Definition) -> bool:
    roles = libraries().roles
    return any("plain-decorator" not in roles(name) for name in made.decorators)
