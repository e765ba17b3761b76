"""Which strings does Python code put together from pieces or decode, so that no line of it shows them whole?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluator.facts.python.literals import UNKNOWN, Literals
from evaluator.facts.python.modules import Modules, Source
from evaluator.facts.python.scopes import Point
from evaluator.model import Span

_DECODES = frozenset({"b64decode", "standard_b64decode", "urlsafe_b64decode", "b32decode", "b16decode", "fromhex"})
_MAKES = frozenset({"join", "format", "unhexlify", "a2b_base64"}) | _DECODES
_SHORTEST = 16
"""Characters that a credential has at least: shorter texts are not handed on."""
_MOST = 500


def assembled(modules: Modules) -> Iterator[tuple[str, Span]]:
    """Yield each such text of which all pieces are written out, with its place; at most 500 for each file."""
    literals = Literals(modules.names)
    for source in modules.sources.values():
        for node, point, cell in [*_several_lines(source), *_expressions(source)][:_MOST]:
            text = literals.text(node, point)
            if text is not None and len(text) >= _SHORTEST and UNKNOWN not in text and text.isprintable():
                start = node.lineno
                yield text, Span(path=source.path, start=start, end=max(start, node.end_lineno or start), cell=cell)


def _several_lines(source: Source) -> Iterator[tuple[ast.expr, Point, int | None]]:
    """Yield the literals that stand next to each other on lines of their own."""
    end = source.walked.module.end
    for _, node, _, cell in source.walked.texts:
        if (node.end_lineno or node.lineno) > node.lineno:
            yield node, end, cell


def _expressions(source: Source) -> Iterator[tuple[ast.expr, Point, int | None]]:
    yield from source.walked.glued
    for site in source.walked.sites:
        if isinstance(site.node.func, ast.Attribute | ast.Name) and _last(site.node.func) in _MAKES:
            yield site.node, site.point, site.cell
    for bindings in source.walked.module.bindings.values():
        for bound in bindings[:1]:
            if isinstance(bound.expr, ast.JoinedStr | ast.Subscript):
                yield bound.expr, bound.point, bound.cell


def _last(func: ast.Attribute | ast.Name) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id
