"""By what in the repository does a promise show that it is kept?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property

from evaluator.facts.code import Code
from evaluator.facts.delivery import Command, Delivery
from evaluator.facts.modelling.libraries import libraries
from evaluator.facts.packaging import Packaging
from evaluator.facts.promising.table import Sort, calls, table
from evaluator.facts.python.modules import Modules
from evaluator.facts.reach import Reach
from evaluator.facts.tree import Part, Tree
from evaluator.model import Span
from evaluator.source.snapshot import Snapshot, Unreadable

_NOT_OWN: frozenset[Part] = frozenset({"environment", "cache", "vendored"})
_OTHER_CODE = (
    ".r",
    ".rmd",
    ".jl",
    ".m",
    ".cpp",
    ".cc",
    ".cu",
    ".java",
    ".scala",
    ".js",
    ".ts",
    ".tsx",
    ".rs",
    ".go",
    ".cs",
)
_OTHER_TESTS = ("test", "spec")
_SETTINGS = (".yml", ".yaml", ".toml", ".cfg", ".ini")
_SETTINGS_FILES = 80
_SETTINGS_SIZE = 64_000


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What shows something, and where."""

    what: str
    at: Span | None = None


@dataclass(eq=False)
class Ground:
    """What promises are compared with; each kind of evidence is gathered once."""

    snapshot: Snapshot
    tree: Tree
    modules: Modules
    code: Code
    reach: Reach
    delivery: Delivery | None
    packaging: Packaging | None = None

    def of(self, sort: str) -> Shown | None:
        """Return what shows that the promise ``sort`` is kept, or None."""
        held = table().promises[sort]
        by_call = self._by_call.get(sort) or next((self._by_role[r] for r in held.roles if r in self._by_role), None)
        if by_call is not None:
            return by_call
        if held.tests and self._tests is not None:
            return self._tests
        if held.workflows and self.delivery and self.delivery.workflows:
            return Shown(what=self.delivery.workflows[0].path, at=Span(path=self.delivery.workflows[0].path))
        return (
            self._by_file(held)
            or self._by_command(held)
            or self._by_package(held)
            or self._by_name(held)
            or self._by_setting(held)
        )

    def is_open(self, held: Sort) -> bool:
        """Whether code that cannot be read here, or is in another language, may keep it."""
        broken = any(m.error is not None and m.part == "own" for m in self.code.modules) or bool(self.code.skipped)
        in_code = bool(held.calls or held.roles or held.names)
        return (in_code and broken) or self.code.truncated or (held.elsewhere and self._other_code)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every file with something in it that is the project's own; what tools generated comes last."""
        own = [f for f in self.tree.files if f.part not in _NOT_OWN and f.size != 0]
        return tuple(f.path for f in sorted(own, key=lambda f: f.part == "generated"))

    @cached_property
    def by_name(self) -> dict[str, str]:
        """A path for each file name, in lower case, empty files included; what tools generated comes last."""
        found: dict[str, str] = {}
        own = [f for f in self.tree.files if f.part not in _NOT_OWN]
        for file in sorted(own, key=lambda f: f.part == "generated"):
            found.setdefault(posixpath.basename(file.path).lower(), file.path)
        return found

    @cached_property
    def _other_code(self) -> bool:
        return any(path.lower().endswith(_OTHER_CODE) for path in self.paths)

    @cached_property
    def _by_call(self) -> dict[str, Shown]:
        found: dict[str, Shown] = {}
        for name, shown in self._calls:
            for sort in calls().matches(libraries().canonical(name)):
                found.setdefault(sort, shown)
        return found

    @cached_property
    def _by_role(self) -> dict[str, Shown]:
        found: dict[str, Shown] = {}
        for name, shown in self._calls:
            for role in sorted(libraries().roles(name)):
                found.setdefault(role, shown)
        return found

    @cached_property
    def _calls(self) -> tuple[tuple[str, Shown], ...]:
        """The calls that something other than a test runs, and the bases and decorators of classes and functions."""
        found: dict[str, Shown] = {}
        for module in self.code.modules:
            if module.is_test or module.part in {"vendored", "generated"}:
                continue
            for call in module.calls:
                if call.name not in found and self.reach.has(call.at.path, call.scope):
                    found[call.name] = Shown(what=call.name[:200], at=call.at)
            for made in module.definitions:
                for name in (*made.decorators, *made.bases):
                    if name not in found and self.reach.has(made.at.path, made.qualname):
                        found[name] = Shown(what=name[:200], at=made.at)
        return tuple(found.items())

    @cached_property
    def _tests(self) -> Shown | None:
        for module in self.code.modules:
            for made in module.definitions:
                if made.collected and made.kind != "class" and made.asserts:
                    return Shown(what=made.qualname[:200], at=made.at)
        for path in self.paths:
            base = posixpath.basename(path).lower()
            if path.lower().endswith(_OTHER_CODE) and any(word in base for word in _OTHER_TESTS):
                return Shown(what=path[:200], at=Span(path=path))
        return None

    def _by_file(self, held: Sort) -> Shown | None:
        if not held.files:
            return None
        wanted = re.compile("|".join(map(translate, held.files)))
        for path in self.paths:
            lower = f"/{path.lower()}"
            if wanted.match(lower) and not lower.endswith((".md", ".rst")):
                return Shown(what=path[:200], at=Span(path=path))
        return None

    def _by_command(self, held: Sort) -> Shown | None:
        wanted = frozenset(held.commands)
        for command in self._commands() if wanted else ():
            words = {posixpath.basename(word).lower() for word in command.argv[:3]}
            if wanted & words and not command.disarmed:
                return Shown(what=command.raw[:200], at=command.at)
        return None

    def _commands(self) -> Iterator[Command]:
        """Yield the commands of files that machines read; what documents say is the promise itself."""
        if self.delivery is None:
            return
        yield from (c for c in self.delivery.commands if c.origin != "readme")
        for workflow in self.delivery.workflows:
            yield from workflow.commands
        for image in self.delivery.dockerfiles:
            yield from image.installs
            if image.starts is not None:
                yield image.starts

    def _by_name(self, held: Sort) -> Shown | None:
        """Return a function or class of the project's own, called so, that something runs."""
        for module in self.code.modules if held.names else ():
            if module.is_test or module.part in {"vendored", "generated"}:
                continue
            for made in module.definitions:
                lower = made.qualname.rpartition(".")[2].lower()
                called_so = made.statements > 1 and any(piece in lower for piece in held.names)
                if called_so and self.reach.has(made.at.path, made.qualname):
                    return Shown(what=made.qualname[:200], at=made.at)
        return self._by_attribute(held)

    def _by_attribute(self, held: Sort) -> Shown | None:
        for source in self.modules.sources.values() if held.attributes else ():
            for label, mentions in source.walked.mentions.items():
                for name in held.attributes:
                    if name in mentions.attributes and self.reach.has(source.path, label):
                        return Shown(what=name, at=Span(path=source.path))
        return None

    def _by_package(self, held: Sort) -> Shown | None:
        """Return a declared dependency, for tools that nothing imports."""
        for manifest in self.packaging.manifests if self.packaging and held.packages else ():
            for requirement in manifest.requirements:
                if requirement.name in held.packages:
                    return Shown(what=requirement.raw[:200], at=requirement.at)
        return None

    def _by_setting(self, held: Sort) -> Shown | None:
        for path, content in self._settings if held.settings else ():
            if any(word in content for word in held.settings):
                return Shown(what=path[:200], at=Span(path=path))
        return None

    @cached_property
    def _settings(self) -> tuple[tuple[str, str], ...]:
        """Settings that tools read, in lower case, comments and lists of packages left out."""
        found: list[tuple[str, str]] = []
        for path in self.paths:
            base = posixpath.basename(path).lower()
            if (
                not base.endswith(_SETTINGS)
                or base.startswith(("environment", "mkdocs", "conda"))
                or len(found) >= _SETTINGS_FILES
            ):
                continue
            try:
                content = self.snapshot.text(path, limit=_SETTINGS_SIZE).lower()
            except Unreadable:
                continue
            lines = (line for line in content.split("\n") if not line.lstrip().startswith(("#", "-e", '"', "'")))
            found.append((path, "\n".join(lines)))
        return tuple(found)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Names of calls and definitions and the texts of code that is no test, in lower case."""
        own = [m for m in self.code.modules if not m.is_test and m.part not in {"vendored", "generated"}]
        named = {c.name.lower() for m in own for c in m.calls} | {
            d.qualname.lower() for m in own for d in m.definitions
        }
        return tuple(sorted(named | {t.text.lower() for m in own for t in m.texts if len(t.text) < 120}))
