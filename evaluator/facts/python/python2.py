"""How does text in Python 2 read in Python 3, so that old code can be looked at too?

Statement by statement, on its own line: ``print`` and ``exec`` become calls, ``except E, e`` and ``raise E, "x"`` take today's
form, and so do ``<>``, backticks, ``0777``, ``10L``, ``ur""`` and names that have become keywords since. Neither lib2to3 (gone
in Python 3.13) nor ``tokenize`` (which refuses such text since 3.12) is there for it, so the few forms are told here.
Source: https://docs.python.org/3.0/whatsnew/3.0.html, "Print Is A Function" and "Changed Syntax"
"""

from __future__ import annotations

import ast
import re

LIMIT = 300_000
_TOKEN = re.compile(
    r"(?P<string>[uUbBrR]{0,2}(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'))"
    r"|(?P<comment>#[^\n]*)|(?P<space>\\\n|[ \t\f]+)|(?P<line>\n)|(?P<name>[^\W\d]\w*)|(?P<number>(?:\d+\.\d*|\.\d+|\d)\w*)|(?P<sign><>|>>|.)",
    re.DOTALL,
)
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_COMPOUND = frozenset({"if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class"})
_OCTAL = re.compile(r"0[0-7]+[lL]?")
_LONG = re.compile(r"(?:0[xX][0-9a-fA-F]+|\d+)[lL]")
_INDENT = re.compile(r"^[ \t]*\t[ \t]*", re.MULTILINE)
_TAB = 8


class _Token:
    """``kind``: the group of ``_TOKEN``; ``depth``: in how many brackets it stands."""

    __slots__ = ("depth", "kind", "text")

    def __init__(self, kind: str, text: str, depth: int) -> None:
        self.kind, self.text, self.depth = kind, text, depth


def modernised(text: str) -> ast.Module | None:
    """Return the tree of ``text``, read as Python 2, with its line numbers; None where it is not that either.

    Text with something that only Python 3 has is not: it is broken in both.
    """
    if len(text) > LIMIT:
        return None
    tokens = _tokens(_INDENT.sub(lambda m: m[0].expandtabs(_TAB), text))
    for token in tokens:
        _spell(token)
    _unquote(tokens)
    for statement in _statements(tokens):
        _rewrite(statement)
    try:
        tree = ast.parse("".join(token.text for token in tokens))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    return None if any(map(_is_new, ast.walk(tree))) else tree


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    depth = 0
    for match in _TOKEN.finditer(text):
        kind, piece = match.lastgroup or "sign", match[0]
        depth -= piece in _CLOSING
        found.append(_Token(kind, piece, max(0, depth)))
        depth = max(0, depth) + (piece in _OPENING)
    return found


def _spell(token: _Token) -> None:
    """Write a single token as today."""
    if token.kind == "string" and token.text[:2].lower() == "ur":
        token.text = " " + token.text[1:]
    elif token.kind == "number" and _OCTAL.fullmatch(token.text) and token.text.strip("0lL"):
        token.text = "0o" + token.text[1:].rstrip("lL")
    elif token.kind == "number" and _LONG.fullmatch(token.text):
        token.text = token.text[:-1]
    elif token.text == "<>":
        token.text = "!="
    elif token.kind == "name" and token.text in {"async", "await", "nonlocal"}:
        token.text += "_"


def _unquote(tokens: list[_Token]) -> None:
    """Write what stands in backticks as a call."""
    ticks = [t for t in tokens if t.text == "`"]
    for opening, closing in zip(ticks[::2], ticks[1::2], strict=False):
        opening.text, closing.text = "repr(", ")"


def _statements(tokens: list[_Token]) -> list[list[_Token]]:
    """Return the simple statements and the headers of compound ones, without the space around them."""
    found: list[list[_Token]] = []
    held: list[_Token] = []
    lambdas = 0
    for token in tokens:
        ends = token.depth == 0 and (token.kind == "line" or token.text == ";")
        if token.depth == 0 and token.kind == "name" and token.text == "lambda":
            lambdas += 1
        if token.depth == 0 and token.text == ":" and held and held[0].text in _COMPOUND:
            ends, lambdas = lambdas == 0, max(0, lambdas - 1)
        if ends:
            found.append(held)
            held, lambdas = [], 0
        elif held or token.kind not in {"space", "line", "comment"}:
            held.append(token)
    return [kept for statement in [*found, held] if (kept := _trimmed(statement))]


def _trimmed(statement: list[_Token]) -> list[_Token]:
    end = len(statement)
    while end and statement[end - 1].kind in {"space", "comment", "line"}:
        end -= 1
    return statement[:end]


def _rewrite(statement: list[_Token]) -> None:
    first, *rest = statement
    commas = [t for t in rest if t.text == "," and t.depth == 0]
    match first.text if first.kind == "name" else "":
        case "print":
            _print(first, rest)
        case "exec":
            _exec(first, rest)
        case "except" if commas:
            commas[-1].text = " as "
        case "raise" if commas:
            commas[0].text = "("
            rest[-1].text += ")"


def _print(first: _Token, rest: list[_Token]) -> None:
    said = [t for t in rest if t.kind != "space"]
    if said and (said[0].text in {"=", ".", ",", ":"} or _is_one_call(said)):
        return
    first.text = "print("
    if rest and rest[0].text == " ":
        rest[0].text = ""
    (rest[-1] if rest else first).text += ")"
    if said and said[0].text == ">>":
        said[0].text = "file="
        comma = next((t for t in rest if t.text == "," and t.depth == 0), None)
        taken = rest[: rest.index(comma)] if comma is not None else rest[:-1]
        kept = "".join(t.text for t in taken)
        if comma is not None:
            for token in taken:
                token.text = ""
            comma.text = ""
            rest[-1].text = f"{rest[-1].text[:-1].rstrip().rstrip(',')}, {kept.strip()})"


def _exec(first: _Token, rest: list[_Token]) -> None:
    said = [t for t in rest if t.kind != "space"]
    if not said or said[0].text in {"=", ".", ","} or _is_one_call(said):
        return
    first.text = "exec("
    for token in rest:
        if token.kind == "name" and token.text == "in" and token.depth == 0:
            token.text = ","
    rest[-1].text += ")"


def _is_one_call(said: list[_Token]) -> bool:
    """Whether brackets hold all that follows, so that it reads as a call as it stands."""
    closing = next((t for t in said[1:] if t.text == ")" and t.depth == 0), None)
    return said[0].text == "(" and closing is said[-1]


def _is_new(node: ast.AST) -> bool:
    """Whether only Python 3 has it."""
    match node:
        case (
            ast.JoinedStr() | ast.AnnAssign() | ast.NamedExpr() | ast.AsyncFunctionDef() | ast.YieldFrom() | ast.Match()
        ):
            return True
        case ast.arg(annotation=annotation):
            return annotation is not None
        case ast.FunctionDef(returns=returns, args=args):
            return returns is not None or bool(args.kwonlyargs or args.posonlyargs)
        case ast.BinOp(op=ast.MatMult()):
            return True
        case ast.Call(func=ast.Name(id="print"), keywords=given):
            return any(k.arg != "file" for k in given)
    return False
