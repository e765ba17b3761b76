"""Text is shown so that it neither acts nor hides."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.report.safe import block, line, shorten, tail, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("plain text", "plain text", id="plain"),
        pytest.param("é 日本 🦋", "é 日本 🦋", id="letters of the world"),
        pytest.param("\x1b[31;1mred\x1b[0m", "red", id="colour"),
        pytest.param("\x9b31mred", "red", id="colour, eight bits"),
        pytest.param("\x1b]0;title\x07x", "x", id="window title"),
        pytest.param("\x1b]8;;https://e.example\x1b\\link\x1b]8;;\x1b\\", "link", id="hyperlink"),
        pytest.param(
            "\x1b]0;never ended and then much", "0;never ended and then much", id="no terminator, nothing lost"
        ),
        pytest.param("\x1b\x1b[31m[31mx", "[31mx", id="a sequence within a sequence"),
        pytest.param("a\x00\x07\x08b\x7f", "ab", id="controls"),
        pytest.param("a\u202eb", "a⟨U+202E⟩b", id="right to left"),
        pytest.param("a\u200b\ufeff\u00adb", "a⟨U+200B⟩⟨U+FEFF⟩⟨U+00AD⟩b", id="no width"),
        pytest.param("a\U000e0041b", "a⟨U+E0041⟩b", id="tag letters"),
        pytest.param("a\U000e0101b", "a⟨U+E0101⟩b", id="variation selectors that hide bytes"),
        pytest.param("a\u3164b", "a⟨U+3164⟩b", id="a letter without ink"),
        pytest.param("a\ud800b", "a⟨U+D800⟩b", id="half a character"),
        pytest.param("e\u0301", "e\u0301", id="one mark is a letter's own"),
        pytest.param("e" + "\u0301" * 5, "e" + "\u0301" * 3 + "⟨U+0301⟩" * 2, id="a heap of marks"),
        pytest.param("a\nb\tc\r\nd\re", "a↵b c↵d↵e", id="one line"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_lines_are_kept_where_asked_for() -> None:
    assert visible("a\r\n\tb\rc\u2028d", lines=True) == "a\n\tb\nc⟨U+2028⟩d"


@given(st.text(alphabet=st.characters(codec=None)), st.booleans())
def test_a_second_pass_changes_nothing(text: str, lines: bool) -> None:
    once = visible(text, lines=lines)

    assert visible(once, lines=lines) == once
    assert not [c for c in once if unicodedata.category(c) in {"Cf", "Cc", "Cs", "Zl", "Zp"} and c not in "\n\t"]
    assert lines or "\n" not in once


@given(st.text(alphabet="\x1b[]0;m\x07\\x \n"))
def test_no_order_of_pieces_makes_a_sequence(text: str) -> None:
    assert "\x1b" not in visible(text)


@given(st.text(), st.integers(0, 50))
def test_what_is_cut_says_so(text: str, limit: int) -> None:
    cut = shorten(text, limit)

    assert cut == text or (cut.endswith("…") and len(cut) <= max(limit, 1))


def test_a_line_is_one_line() -> None:
    assert line("  a\nb  ") == "a↵b"
    assert line("x" * 10_000, 20) == "x" * 19 + "…"
    assert line("a" + "\x1b[31m" * 10_000 + "b", 20).endswith("…")


def test_a_block_keeps_its_indent() -> None:
    assert block("\n    if x:\n        y\n", rows=5, limit=100) == "    if x:\n        y"
    assert block("1\n2\n3\n4", rows=2, limit=100) == "1\n2\n…"


def test_the_end_of_a_log_is_kept() -> None:
    assert tail("1\n2\n3\n4\n", rows=2) == ("3\n4", 2)
    assert tail("", rows=2) == ("", 0)
    assert tail("1\n2", rows=0) == ("", 2)


def test_of_a_progress_bar_the_last_drawing_is_kept() -> None:
    assert tail("start\n 10%\r 50%\r100%\r\nend", rows=9) == ("start\n100%\nend", 0)
