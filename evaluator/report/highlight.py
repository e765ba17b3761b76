"""How is code set apart from prose and coloured, without trusting a character of it?"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from evaluator.report.safe import visible

if TYPE_CHECKING:
    from pygments.token import _TokenType

# Only languages that evidence is often in, and whose lexers run in linear time on hostile text (tested).
_BY_SUFFIX = {
    ".py": "python",
    ".pyi": "python",
    ".toml": "toml",
    ".yml": "yaml",
    ".yaml": "yaml",
    ".sh": "bash",
    ".json": "json",
    ".cfg": "ini",
    ".ini": "ini",
    ".diff": "diff",
}
_BY_NAME = {"Dockerfile": "docker", "Makefile": "make"}
# Longer texts are not evidence but whole files; they stay plain.
_LIMIT = 2_000


def coloured(path: str | None, text: str) -> str:
    """Return ``text`` as safe markup: escaped, and in ``span`` elements where the language is known by ``path``.

    Args:
        path: Of the file it stands in; None where it stands in none.
        text: Already made visible; at most 2 000 characters are coloured. A line break is added at its end.
    """
    from markupsafe import Markup, escape

    pure = PurePosixPath(path or "")
    language = _BY_NAME.get(pure.name) or _BY_SUFFIX.get(pure.suffix.lower())
    if language is None or not text or len(text) > _LIMIT:
        return escape(text)
    from pygments.lexers import get_lexer_by_name

    lexer = get_lexer_by_name(language, stripnl=False)
    pieces = []
    for token, piece in lexer.get_tokens(text):
        style = _style(token)
        pieces.append(Markup('<span class="{}">{}</span>').format(style, piece) if style else escape(piece))
    return Markup().join(pieces)


def prose(text: str) -> str:
    """Return ``text`` as safe markup: escaped, and what stands between two backticks as code."""
    from markupsafe import Markup, escape

    pieces = visible(text, lines=True).split("`")
    if len(pieces) % 2 == 0:
        pieces[-2:] = ["`".join(pieces[-2:])]
    told = [Markup("<code>{}</code>").format(p) if n % 2 else escape(p) for n, p in enumerate(pieces)]
    return Markup().join(told)


def _style(token: _TokenType) -> str:
    from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, is_token_subtype

    styles = [("hk", Keyword), ("hk", Operator.Word), ("hs", String), ("hc", Comment), ("hn", Number)]
    styles += [("hf", Name.Function), ("hf", Name.Class), ("hf", Name.Decorator), ("hf", Name.Tag)]
    styles += [("hd", Generic.Deleted), ("hi", Generic.Inserted)]
    return next((style for style, kind in styles if is_token_subtype(token, kind)), "")
