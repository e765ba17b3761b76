"""Do a function's docstring and annotations tell a reader anything, or do they only fill the place?"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from evaluator.facts.python.scopes import Scope

_WORD = re.compile(r"[^\W\d_]+|\d+")
_TO_DO = re.compile(r"(?:todo|fixme|tbd|tba|xxx|wip|to be (?:done|written|documented|added|defined|filled in))\b")
# What editors put there to be filled in, and what stands in courses' templates.
# Source: https://github.com/NilsJPWerner/autoDocstring
_TEMPLATE = re.compile(
    r"(?:_{1,2}(?:summary|description|type)_{1,2}|\[(?:summary|description|type)\])|"
    r"(?:please )?(?:add|write|insert|put|enter|fill in|type|replace this with|replace with)"
    r" (?:a |an |the |your |my |some |this |short |brief |function |class |method |module )*"
    r"(?:docstrings?|description|documentation|summary|text|comment)(?: goes)?(?: here)?|"
    r"(?:your |the |a |function |class |method |module )*"
    r"(?:docstring|description|documentation|doc|summary)(?: goes)?(?: here)?|placeholder|"
    r"no (?:docstring|description|documentation)|n/?a|lorem ipsum.*"
)
_EMPTY_TYPES = frozenset({"typing.Any", "typing_extensions.Any", "Any", "object"})
_BUILTINS = frozenset(dir(builtins))
_LONGEST = 2_000


def says_something(text: str, name: str) -> bool:
    """Whether the docstring ``text`` of what is called ``name`` has words beyond that name and beyond what is to be filled in.

    The sections of parameters and results count as words: one that names a type tells something.
    """
    named = "".join(_WORD.findall(name.rpartition(".")[2].lower()))
    said = ""
    for line in text[:_LONGEST].lower().splitlines():
        if not _is_to_be_done(line):
            said += "".join(_WORD.findall(line))
            if len(said) > len(named):
                return True
    return bool(said) and said != named


def _is_to_be_done(line: str) -> bool:
    bare = " ".join(line.split()).strip("\"'`*#-:.,;!?()<> \t")
    return not bare or _TO_DO.match(bare) is not None or _TEMPLATE.fullmatch(bare) is not None


def named_types(scope: Scope, parameters: list[ast.arg]) -> tuple[int, bool]:
    """Return how many of a function's ``parameters`` bear an annotation that names a type, and whether its result does.

    Where nothing but ``Any`` and ``object`` is named, nothing is: such annotations say that anything goes (PEP 484).
    """
    node = scope.node
    result = node.returns if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else None
    given = [a.annotation for a in parameters if a.annotation is not None and _is_type(a.annotation, scope)]
    returned = [result] if result is not None and _is_type(result, scope) else []
    if all(_is_anything(annotation) for annotation in (*given, *returned)):
        return 0, False
    return len(given), bool(returned)


def _is_anything(annotation: ast.expr) -> bool:
    text = annotation.value if isinstance(annotation, ast.Constant) else None
    if not isinstance(text, str):
        parts = []
        part = annotation
        while isinstance(part, ast.Attribute):
            parts.append(part.attr)
            part = part.value
        text = ".".join([part.id, *reversed(parts)]) if isinstance(part, ast.Name) else ""
    return text.strip() in _EMPTY_TYPES or text.strip() in {"t.Any", "tp.Any"}


def _is_type(annotation: ast.expr, scope: Scope) -> bool:
    """Whether ``annotation`` names something: a name that nothing in the module binds, as ``'TODO'``, is no type."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        if len(annotation.value) > _LONGEST:
            return False
        try:
            annotation = ast.parse(annotation.value.strip(), mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return False
    if isinstance(annotation, ast.Constant):
        return annotation.value is None
    return all(_is_bound(name, scope) for name in _names(annotation))


def _names(annotation: ast.expr) -> Iterator[str]:
    """Yield the outermost name: ``dict`` of ``dict[str, Any]``, ``np`` of ``np.ndarray``, both sides of ``A | B``."""
    todo = [annotation]
    while todo:
        match todo.pop():
            case ast.Subscript(value=inner) | ast.Attribute(value=inner):
                todo.append(inner)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                todo += [left, right]
            case ast.Name(id=name):
                yield name


def _is_bound(name: str, scope: Scope) -> bool:
    around: Scope | None = scope
    while around is not None:
        if name in around.bindings:
            return True
        around = around.parent
    parameters = {p.name for p in getattr(scope.node, "type_params", ())}
    return name in _BUILTINS or name in parameters or bool(scope.walked.stars)
