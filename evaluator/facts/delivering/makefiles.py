"""Which commands does each target of a Makefile give?

There is no kept library that reads Makefiles; this reads the part that projects use to give their commands names:
targets with prerequisites, recipes, simple variables and continued lines. Functions, conditionals, includes and
pattern rules are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

SIZE_LIMIT = 200_000
_LINES = 5_000
_TARGETS = 500
_DEPTH = 8
_EXPANDED = 2_000
_RULE = re.compile(r"^([^\s:#=][^:#=]*?)\s*::?(?!=)\s*([^#=]*?)(?:;(.*))?(?:#.*)?$")
_VARIABLE = re.compile(r"^(?:export\s+|override\s+)?([A-Za-z_][\w.-]*)\s*(?::::?|::|[:?+!])?=\s*(.*)$")
_USE = re.compile(r"\$(?:\(([\w.-]+)\)|\{([\w.-]+)\})")
_IGNORED = ("ifeq", "ifneq", "ifdef", "ifndef", "else", "endif", "include", "-include", "sinclude", "vpath", "unexport")


@dataclass(frozen=True)
class Recipe:
    """One recipe line: its ``text`` with variables put in, without ``@ - +``, and its 1-based ``line``."""

    text: str
    line: int
    ignores_failure: bool = False


@dataclass
class Target:
    """``needs``: the prerequisites, in order."""

    needs: list[str] = field(default_factory=list)
    recipes: list[Recipe] = field(default_factory=list)


@dataclass
class Makefile:
    """The targets of one Makefile, in order."""

    targets: dict[str, Target] = field(default_factory=dict)

    def recipes(self, name: str) -> list[Recipe]:
        """Return what ``make name`` does: the recipes of the prerequisites, then its own; each target once."""
        found: list[Recipe] = []
        self._gather(name, found, set(), 0)
        return found

    def _gather(self, name: str, found: list[Recipe], seen: set[str], depth: int) -> None:
        if name in seen or name not in self.targets or depth > _DEPTH:
            return
        seen.add(name)
        for needed in self.targets[name].needs:
            self._gather(needed, found, seen, depth + 1)
        found += self.targets[name].recipes

    @property
    def default(self) -> str | None:
        """The target that a bare ``make`` makes."""
        return next((name for name in self.targets if not name.startswith(".")), None)


def read(text: str) -> Makefile:
    """Return the targets of ``text``; never raises."""
    made = Makefile()
    variables = {"MAKE": "make"}
    current: list[Target] = []
    for line, number in _logical(text[:SIZE_LIMIT].split("\n")[:_LINES]):
        if line.startswith("\t") and current:
            _recipe(line.strip(), number, current, variables)
        elif not line.strip() or line.lstrip().startswith(("#", *_IGNORED)):
            continue
        elif variable := _VARIABLE.match(line):
            variables[variable[1]] = _expanded(variable[2].partition(" #")[0].strip(), variables)
        elif (rule := _RULE.match(line)) and len(made.targets) < _TARGETS:
            current = _rule(rule, number, made, variables)
    return made


def _rule(rule: re.Match[str], number: int, made: Makefile, variables: dict[str, str]) -> list[Target]:
    names = _expanded(rule[1], variables).split()
    if names and names[0] in {".PHONY", ".SUFFIXES", ".DEFAULT_GOAL", ".ONESHELL", ".SILENT"}:
        return []
    found = []
    for name in names[:20]:
        target = made.targets.setdefault(name, Target())
        target.needs += [n for n in _expanded(rule[2], variables).split()[:50] if n != "|"]
        found.append(target)
    if rule[3]:
        _recipe(rule[3].strip(), number, found, variables)
    return found


def _recipe(text: str, number: int, targets: list[Target], variables: dict[str, str]) -> None:
    marks = text[: len(text) - len(text.lstrip("@-+ "))]
    body = _expanded(text[len(marks) :], variables).replace("$$", "$")
    if body and not body.startswith("#"):
        for target in targets:
            target.recipes.append(Recipe(body, number, ignores_failure="-" in marks))


def _expanded(text: str, variables: dict[str, str]) -> str:
    for _ in range(5):
        changed = _USE.sub(lambda use: variables.get(use[1] or use[2], use[0]), text)[:_EXPANDED]
        if changed == text:
            break
        text = changed
    return text


def _logical(lines: list[str]) -> list[tuple[str, int]]:
    """Return the lines with continued ones joined, each with the number of its first."""
    found: list[tuple[str, int]] = []
    held, first = "", 0
    for number, line in enumerate(lines, start=1):
        whole = f"{held} {line.strip()}" if held else line
        first = first if held else number
        if line.endswith("\\") and len(whole) < _EXPANDED:
            held = whole[:-1].rstrip()
            continue
        found.append((whole[: 2 * _EXPANDED], first))
        held = ""
    return found
