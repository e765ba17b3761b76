"""What would a candidate write who wants the report to do or to hide something?"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable

import msgspec

Poison = Callable[[], str]
TEXTS = {
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "single quote": "'><svg/onload=alert(1)>",
    "end of style and title": "</style></title><script>alert(1)</script>",
    "comment": "<!--<script>--><iframe src=//e.example>",
    "template": "{{ 7 * 7 }}{% raw %}${7*7}",
    "address": "javascript:alert(1)",
    "colours": "\x1b[31mred\x1b[0m \x1b]8;;https://e.example\x07link\x1b]8;;\x07 \x9b2J",
    "order": "abc\u202edcba\u202c \u2066x\u2069",
    "nothing to see": "a\u200bb\ufeffc\u00add\U000e0041\u3164",
    "rich markup": "[bold red]x[/bold red] [link=https://e.example]y[/link] :boom: [/]",
    "controls": "a\x00b\x07c\x08d\rover\x7f\x85e",
    "surrogate": "\ud800 and \udcff",
    "lines": "first\nsecond\r\nthird\u2028fourth",
    "marks": "z" + "\u0335" * 40,
    "long": "W" * 20_000,
}
ALL = " ".join(TEXTS.values())


def poisoned(value: object, poison: Poison, kind: object = str) -> object:
    """Return ``value``, a report or a part of it, with every free text in it replaced; what is a word of a list stays."""
    if isinstance(value, msgspec.Struct):
        hints = typing.get_type_hints(type(value))
        changed = {
            f: poisoned(getattr(value, f), poison, hints[f]) for f in value.__struct_fields__ if f != "schema_version"
        }
        return msgspec.structs.replace(value, **changed)
    if isinstance(value, tuple):
        inner = (typing.get_args(kind) or (str,))[0]
        return tuple(poisoned(v, poison, inner) for v in value)
    if isinstance(value, dict):
        return {f"{poison()}{n}": poisoned(v, poison) for n, v in enumerate(value.values())}
    return poison() if isinstance(value, str) and not _listed(kind) else value


def _listed(kind: object) -> bool:
    if typing.get_origin(kind) in {typing.Union, types.UnionType}:
        return any(_listed(k) for k in typing.get_args(kind))
    return typing.get_origin(kind) is typing.Literal
