"""Which tests must see an assertion hold to pass, and where does the code take the run's record into its own hands?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from evaluator.facts.code import Call, Code, Definition, Module
from evaluator.source.snapshot import Snapshot, Unreadable

_SOURCE_LIMIT = 1_000_000
_PLAIN_DECORATORS = ("pytest.mark.", "mock.patch", "unittest.mock.patch", "patch", "staticmethod", "classmethod")
_RUNS_TESTS = frozenset({"pytest_pyfunc_call", "pytest_runtest_call", "pytest_runtest_protocol"})
_SEEN_BENEATH = frozenset({"pytest_runtest_call", "pytest_runtest_protocol"})
_WRAPPER = frozenset({"hookwrapper", "wrapper"})
_ABOVE = 3  # lines between a hook's decorator and its definition
_INTERNALS = frozenset({"gc.get_objects", "gc.get_referrers", "coverage.CoverageData", "coverage.sqldata.CoverageData"})
_INTERNAL_METHODS = (".get_plugins",)


def expected(snapshot: Snapshot, paths: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return path and qualified name of each test that cannot come to its end without a plain assertion holding.

    Its body has an ``assert`` as a statement of its own, with nothing before it that could leave the function, and no
    decorator that could keep the body from running.
    """
    found: set[tuple[str, str]] = set()
    for path in paths:
        try:
            tree = ast.parse(snapshot.text(path, limit=_SOURCE_LIMIT))
            found.update((path, name) for name, function in _functions(tree.body) if _must_hold(function))
        except (Unreadable, SyntaxError, ValueError, MemoryError, RecursionError):
            continue
    return frozenset(found)


def _functions(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield f"{prefix}{node.name}", node
        elif isinstance(node, ast.ClassDef) and prefix.count(".") < 5:
            yield from _functions(node.body, f"{prefix}{node.name}.")


def _must_hold(function: ast.FunctionDef) -> bool:
    if not all(ast.unparse(d).startswith(_PLAIN_DECORATORS) for d in function.decorator_list):
        return False
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function)):
        return False
    for node in function.body:
        if isinstance(node, ast.Assert):
            return True
        if any(isinstance(inner, ast.Return) for inner in ast.walk(node)):
            return False
    return False


def meddling(code: Code) -> list[str]:
    """Return a doubt for each place of the tests' code that could change what a run says of itself."""
    return [f"{what} ({path}:{line})" for path, line, what in sorted(_found(code))]


def _found(code: Code) -> Iterator[tuple[str, int, str]]:
    for module in code.modules:
        if module.part == "vendored":
            continue
        for definition in module.definitions:
            name = definition.qualname.rpartition(".")[2]
            if name in _RUNS_TESTS and not _is_seen(name, definition, module):
                yield module.path, definition.at.start, f"the project's own {name} decides how a test is run"
        if _is_of_tests(module):
            for call in module.calls:
                if call.name in _INTERNALS or call.name.endswith(_INTERNAL_METHODS):
                    what = call.name.removeprefix(".")
                    yield module.path, call.at.start, f"the tests reach for what records them, by {what}"


def _is_seen(name: str, definition: Definition, module: Module) -> bool:
    """Whether the hook wraps what our plug-in sees from beneath it."""
    near = range(definition.at.start - _ABOVE, definition.at.start + _ABOVE)
    return name in _SEEN_BENEATH and any(
        call.name == "pytest.hookimpl" and call.at.start in near and any(a.keyword in _WRAPPER for a in call.args)
        for call in module.calls
    )


def invented(code: Code) -> str:
    """Return why executed lines may be lines of something else: the tests compile text in a file's name; or nothing."""
    for module in code.modules:
        for call in module.calls if _is_of_tests(module) else ():
            if call.name == "compile" and not _names_no_file(call):
                return f"the tests compile text in the name of a file ({module.path}:{call.at.start})"
    return ""


def _names_no_file(call: Call) -> bool:
    """Whether the file name given to ``compile`` is a constant such as ``<string>``."""
    positional = [a.value for a in call.args if a.keyword is None]
    named = [a.value for a in call.args if a.keyword == "filename"]
    given = named or positional[1:2]
    return bool(given) and given[0].kind == "constant" and given[0].text.strip("bru'\"").startswith("<")


def _is_of_tests(module: Module) -> bool:
    return module.is_test or module.part == "test" or module.path.rpartition("/")[2] == "conftest.py"
