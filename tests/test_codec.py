"""Canonical bytes out, strict values in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator import codec
from evaluator.errors import DecodeError
from evaluator.model import Record, Span


class Pair(Record):
    left: int
    right: dict[str, int] = {}


def test_equal_values_give_equal_bytes() -> None:
    a, b = Pair(left=1, right={"x": 1, "a": 2}), Pair(left=1, right={"a": 2, "x": 1})

    assert codec.encode(a) == codec.encode(b) == b'{"left":1,"right":{"a":2,"x":1}}'
    assert codec.digest(a) == codec.digest(b)


@given(st.integers(-(2**60), 2**60), st.dictionaries(st.text(), st.integers(-9, 9)))
def test_round_trip(left: int, right: dict[str, int]) -> None:
    pair = Pair(left=left, right=right)

    assert codec.decode(codec.encode(pair), Pair) == pair
    assert codec.decode(codec.pretty(pair), Pair) == pair


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b'{"left": 1, "up": 2}', "up", id="unknown key"),
        pytest.param(b'{"left": "1"}', r"\$\.left", id="wrong type, with its place"),
        pytest.param(b"{", "truncated", id="not JSON"),
        pytest.param(b"[" * 100_000, "object", id="deep"),
        pytest.param(b"\xff\xfe", "malformed", id="not UTF-8"),
        pytest.param(b"1" * 101, "at most 100", id="too long"),
    ],
)
def test_refused(data: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        codec.decode(data, Pair, limit=100 if len(data) == 101 else codec.LIMIT)


@given(st.binary(max_size=300))
def test_nothing_but_decode_errors(data: bytes) -> None:
    for read in (codec.decode, codec.decode_yaml):
        try:
            read(data, Span)
        except DecodeError:
            continue
