from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evaluator.source.names import is_inside, original, shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (b"a/b.py", "a/b.py"),
        ("é/ü".encode(), "é/ü"),
        (b"caf\xe9", "caf\\xe9"),
        (b"a\\b", "a\\\\b"),
        (b"\\xe9", "\\\\xe9"),
        (b"new\nline", "new\nline"),
        (b"\xed\xb2\x80", "\\xed\\xb2\\x80"),
        (b"\xff\\\xfe", "\\xff\\\\\\xfe"),
    ],
)
def test_names(name: bytes, text: str) -> None:
    assert shown(name) == text
    assert original(text) == name


@given(st.one_of(st.binary(), st.lists(st.sampled_from([b"\\", b"x", b"e", b"9", b"\xe9", b"/"])).map(b"".join)))
@example(b"\\x41\xff")
def test_every_name_comes_back(name: bytes) -> None:
    text = shown(name)

    text.encode()
    assert original(text) == name


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        (b"a", True),
        (b"a/...", True),
        (b".gitignore", True),
        (b"a/.github/x", True),
        (b"", False),
        (b"/a", False),
        (b"a/", False),
        (b"a//b", False),
        (b"../a", False),
        (b"a/./b", False),
        (b".git/config", False),
        (b"a/.GiT", False),
        (b"a\0b", False),
    ],
)
def test_is_inside(name: bytes, inside: bool) -> None:
    assert is_inside(name) is inside
