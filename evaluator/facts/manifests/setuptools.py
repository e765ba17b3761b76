"""What do ``setup.py`` and ``setup.cfg`` ask for? ``setup.py`` is read as a syntax tree and never executed."""

from __future__ import annotations

import ast
import configparser
import warnings

from evaluator.facts.manifests.found import COMPUTED, Found, Include
from evaluator.facts.manifests.lines import add
from evaluator.facts.manifests.positions import Positions
from evaluator.facts.manifests.pyproject import classified
from evaluator.facts.packaging import ConsoleScript

_MOST = 2_000
_Arguments = dict[str, ast.expr]


def read_cfg(path: str, text: str) -> Found:
    """Read the declarative sections of ``setup.cfg``."""
    found = Found(path)
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError) as error:
        found.error(getattr(error, "lineno", 1) or 1, f"not an INI file: {str(error).splitlines()[0]}")
        return found
    places = Positions(text)
    _cfg_list(found, parser.get("options", "install_requires", fallback=""), "", places)
    _cfg_list(found, parser.get("options", "tests_require", fallback=""), "test", places)
    for extra, stated in _section(parser, "options.extras_require"):
        _cfg_list(found, stated, extra, places)
    number = places.key("python_requires", "options")
    found.states(number, parser.get("options", "python_requires", fallback=None))
    found.name = parser.get("metadata", "name", fallback="").strip() or None
    found.license = parser.get("metadata", "license", fallback="").strip()[:100] or None
    classified(found, parser.get("metadata", "classifiers", fallback="").strip().splitlines(), places)
    for kind, stated in _section(parser, "options.entry_points"):
        for line in stated.strip().splitlines()[:_MOST] if kind == "console_scripts" else ():
            _script(found, line, places.value(line.strip()))
    return found


def _section(parser: configparser.RawConfigParser, name: str) -> list[tuple[str, str]]:
    return parser.items(name) if parser.has_section(name) else []


def _cfg_list(found: Found, stated: str, group: str, places: Positions) -> None:
    for line in stated.strip().replace(";\n", "\n").splitlines()[:_MOST]:
        text = line.strip()
        if text.startswith("file:"):
            for target in text.removeprefix("file:").split(","):
                at = found.line(places.value(text))
                found.includes.append(Include(target.strip(), at, group=group))
        elif text and not text.startswith("#"):
            add(found, text, places.value(text), group)


def read_py(path: str, text: str) -> Found:
    """Read the arguments of the ``setup()`` call: literals, and names bound to literals in the same file."""
    found = Found(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text)
            calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _named(n.func) == "setup"]
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        found.error(getattr(error, "lineno", 1) or 1, f"not Python 3: {type(error).__name__}")
        return found
    names = {
        statement.targets[0].id: statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }
    for call in calls[:1]:
        _setup(found, {k.arg: k.value for k in call.keywords if k.arg}, _Literals(names), tree)
    return found


def _named(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _setup(found: Found, arguments: _Arguments, literals: _Literals, tree: ast.Module) -> None:
    _requires(found, arguments.get("install_requires"), "", literals, tree)
    _requires(found, arguments.get("tests_require"), "test", literals, tree)
    for extra, stated in literals.pairs(arguments.get("extras_require")):
        _requires(found, stated, extra, literals, tree)
    for text, number in literals.texts(arguments.get("python_requires"))[:1]:
        found.states(number, text)
    for text, _ in literals.texts(arguments.get("name"))[:1]:
        found.name = text[:100]
    for text, _ in literals.texts(arguments.get("license"))[:1]:
        found.license = text.strip()[:100] or None
    classifiers = literals.texts(arguments.get("classifiers"))
    classified(found, [text for text, _ in classifiers], Positions("\n".join(_numbered(classifiers))))
    for kind, stated in literals.pairs(arguments.get("entry_points")):
        for text, number in literals.texts(stated)[:_MOST] if kind == "console_scripts" else ():
            _script(found, text, number)


def _numbered(found: list[tuple[str, int]]) -> list[str]:
    """Return lines that hold each text at its own line number."""
    lines = [""] * min(max((number for _, number in found), default=0), 100_000)
    for text, number in found:
        if number <= len(lines):
            lines[number - 1] += text
    return lines


def _requires(found: Found, stated: ast.expr | None, group: str, literals: _Literals, tree: ast.Module) -> None:
    """Add a list of requirements; one that is computed from a file is followed to the file it names."""
    if stated is None:
        return
    held = literals.texts(stated)
    for text, number in held[:_MOST]:
        add(found, text, number, group)
    literal = isinstance(literals.bound(stated), (ast.List, ast.Tuple, ast.Constant))
    if held or literal:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _names_a_list(node.value):
            found.includes.append(Include(node.value, found.line(node.lineno), group=group))
    if not found.includes:
        found.error(stated.lineno, COMPUTED)


def _names_a_list(text: str) -> bool:
    return text.endswith((".txt", ".in")) and "require" in text.lower() and len(text) < 200


class _Literals:
    """What expressions are literally, through names bound at module level; gives up after a bounded number of steps."""

    def __init__(self, names: _Arguments) -> None:
        self._names = names
        self._steps = 20_000

    def bound(self, stated: ast.expr | None) -> ast.expr | None:
        """Return what a name stands for; at most three names deep."""
        for _ in range(3):
            if not isinstance(stated, ast.Name) or stated.id not in self._names:
                break
            stated = self._names[stated.id]
        return stated

    def texts(self, stated: ast.expr | None, depth: int = 0) -> list[tuple[str, int]]:
        """Return the literal texts in an expression, each with its line: a text, a list of them, or sums of lists."""
        self._steps -= 1
        stated = self.bound(stated)
        if isinstance(stated, ast.Constant) and isinstance(stated.value, str):
            lines = stated.value.splitlines()
            if len(lines) > 1:
                return [(line.strip(), stated.lineno + i) for i, line in enumerate(lines) if line.strip()]
            return [(stated.value, stated.lineno)]
        if depth > 20 or self._steps < 0:
            return []
        if isinstance(stated, (ast.List, ast.Tuple, ast.Set)):
            return [found for item in stated.elts for found in self.texts(item, depth + 1)]
        if isinstance(stated, ast.BinOp) and isinstance(stated.op, ast.Add):
            return self.texts(stated.left, depth + 1) + self.texts(stated.right, depth + 1)
        return []

    def pairs(self, stated: ast.expr | None) -> list[tuple[str, ast.expr]]:
        """Return the items of a literal dictionary whose keys are texts."""
        stated = self.bound(stated)
        if not isinstance(stated, ast.Dict):
            return []
        both = zip(stated.keys, stated.values, strict=True)
        return [(k.value, v) for k, v in both if isinstance(k, ast.Constant) and isinstance(k.value, str)]


def _script(found: Found, line: str, number: int) -> None:
    name, equals, target = line.partition("=")
    if equals and name.strip() and target.strip():
        script = ConsoleScript(name=name.strip()[:100], target=target.strip()[:200], at=found.line(number))
        found.scripts.append(script)
