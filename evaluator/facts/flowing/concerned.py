"""Which modules are worth following, since rows may come by there?"""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.facts.code import Code, Module

_READS = frozenset({"read_text", "read_bytes", "read", "readlines"})
_OPENED = ("open", "pathlib.", "io.open", "gzip.open", "codecs.open")
_TELLING = frozenset({"listdir", "scandir", "glob", "iglob", "rglob", "iterdir"}) | frozenset(
    {"fit", "train", "learn", "partial_fit", "fit_predict", "fit_transform", "predict", "backward", "score"}
)
"""The last words of calls that list files, and of those that work with a model, whatever it is."""


def concerned(code: Code, descending: set[str]) -> set[str]:
    """Return the paths of modules that rows come by, or that lead to such a one by an import, a mention or a call.

    Rows come from a library, or from files that are listed or read. Code of the standard library's and the project's own
    alone, which leads to neither, can part, prepare and score none.

    Args:
        descending: Paths of modules with a step of descent written by hand.
    """
    if code.truncated:
        return {module.path for module in code.modules}
    leading: dict[str, set[str]] = {}
    for module in code.modules:
        for path in _leads_to(module):
            leading.setdefault(path, set()).add(module.path)
    todo = [m.path for m in code.modules if m.path in descending or _has_rows(m)]
    found: set[str] = set()
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += leading.get(path, ())
    return found


def _leads_to(module: Module) -> Iterator[str]:
    yield from (made.local for made in module.imports if made.local is not None)
    yield from (use.local.partition("::")[0] for use in module.uses if "::" in use.local)
    yield from (call.local.partition("::")[0] for call in module.calls if call.local is not None)


def _has_rows(module: Module) -> bool:
    """Whether a module imports a library that is not Python's own, reads or lists files, or works with a model."""
    if any(made.local is None and not made.stdlib for made in module.imports):
        return True
    for name in {call.name for call in module.calls}:
        last = name.rpartition(".")[2]
        if last in _TELLING or name.startswith("csv.") or (last in _READS and name.startswith(_OPENED)):
            return True
    return False
