"""Code is coloured, and stays what it was."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from evaluator.report.highlight import coloured, prose
from evaluator.report.safe import visible

PATHS = ["a.py", "a.toml", "a.yml", "a.sh", "a.json", "a.ini", "a.diff", "Dockerfile", "Makefile", "a.txt", None]


def plain(markup: str) -> str:
    return html.unescape(re.sub(r'</?span(?: class="h[a-z]")?>', "", markup))


def test_python() -> None:
    assert coloured("a.py", "def f() -> None: ...") == (
        '<span class="hk">def</span> <span class="hf">f</span>() -&gt; <span class="hk">None</span>: ...\n'
    )


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=200))
def test_only_colours_are_added(path: str | None, text: str) -> None:
    shown = visible(text, lines=True)

    made = coloured(path, shown)

    assert isinstance(made, Markup)
    assert plain(made).rstrip("\n") == shown.rstrip("\n")
    assert "<" not in re.sub(r'</?span(?: class="h[a-z]")?>', "", made)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "piece", ['"', "'", "\\", "{", "(", '"""', "f'{", "a.", "- ", "[", "$(", "#", "\n ", ": ", "0x", "@", "<<", "|"]
)
def test_no_text_takes_long(path: str | None, piece: str) -> None:
    """The lexers work by patterns; hostile text must not make them try all ways of matching."""
    begun = time.process_time()

    coloured(path, (piece * 2_000)[:2_000])
    coloured(path, (piece * 999 + "\x41!")[:2_000])

    assert time.process_time() - begun < 2


def test_long_text_stays_plain() -> None:
    assert "<span" not in coloured("a.py", "def f(): ...\n" * 400)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("run `make test` now", "run <code>make test</code> now"),
        ("`a` and `b`", "<code>a</code> and <code>b</code>"),
        ("one ` alone", "one ` alone"),
        ("`a` and ` alone", "<code>a</code> and ` alone"),
        ("`<b>` & <i>", "<code>&lt;b&gt;</code> &amp; &lt;i&gt;"),
        ("", ""),
    ],
)
def test_prose(text: str, shown: str) -> None:
    assert prose(text) == shown
