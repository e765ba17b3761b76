"""A stream from the sandbox is read as far as it is right, whatever follows."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.sandbox.results import Results, Status

FRAME = struct.Struct(">cIQ")
GOOD = {"exit": 0, "stopped": "nothing", "seconds": 1.0, "cpu": 0.5, "full": False, "trouble": "", "kind": ""}


def frame(kind: bytes, index: int = 0, content: bytes = b"") -> bytes:
    return FRAME.pack(kind, index, len(content)) + content


STATUS = frame(b"S", 0, json.dumps(GOOD).encode())
BEGUN = b"EVR1" + frame(b"B")


def read(stream: bytes, wanted: int = 2, budget: int = 10) -> tuple[bool, dict[int, bytes], Status | None]:
    results = Results(wanted, budget)
    for at in range(0, len(stream), 7):
        assert results.add(stream[at : at + 7])
    return results.read()


@pytest.mark.parametrize(
    ("stream", "begun", "files", "ended"),
    [
        pytest.param(BEGUN + STATUS, True, {}, True, id="nothing brought back"),
        pytest.param(BEGUN + frame(b"F", 0, b"abc") + STATUS, True, {0: b"abc"}, True, id="a file"),
        pytest.param(
            BEGUN + frame(b"F", 1, b"") + frame(b"F", 0, b"x") + STATUS, True, {1: b"", 0: b"x"}, True, id="two"
        ),
        pytest.param(b"EVR1" + STATUS, False, {}, True, id="never begun"),
        pytest.param(b"", False, {}, False, id="empty"),
        pytest.param(b"EVR2" + frame(b"B") + STATUS, False, {}, False, id="another format"),
        pytest.param(BEGUN, True, {}, False, id="no end"),
        pytest.param(BEGUN + frame(b"F", 0, b"abc")[:-1], True, {}, False, id="torn file"),
        pytest.param(BEGUN + frame(b"F", 0, b"a") + STATUS[:-1], True, {0: b"a"}, False, id="torn status"),
        pytest.param(BEGUN + frame(b"F", 2, b"a") + STATUS, True, {}, False, id="file that nobody wanted"),
        pytest.param(BEGUN + frame(b"F", 0, b"a") * 2 + STATUS, True, {0: b"a"}, False, id="a file twice"),
        pytest.param(BEGUN + frame(b"F", 0, b"x" * 11) + STATUS, True, {}, False, id="over the budget"),
        pytest.param(
            BEGUN + frame(b"F", 0, b"x" * 6) + frame(b"F", 1, b"x" * 6),
            True,
            {0: b"x" * 6},
            False,
            id="together over it",
        ),
        pytest.param(BEGUN + frame(b"X") + STATUS, True, {}, False, id="unknown kind"),
        pytest.param(b"EVR1" + frame(b"F", 0, b"a"), False, {}, False, id="file before the beginning"),
        pytest.param(BEGUN + STATUS + b"x", True, {}, False, id="something after the end"),
        pytest.param(BEGUN + FRAME.pack(b"F", 0, 2**63), True, {}, False, id="absurd size"),
        pytest.param(BEGUN + frame(b"S", 0, b"{}"), True, {}, False, id="status without fields"),
        pytest.param(BEGUN + frame(b"S", 0, b"\xff"), True, {}, False, id="status that is no text"),
    ],
)
def test_streams(stream: bytes, begun: bool, files: dict[int, bytes], ended: bool) -> None:
    found = read(stream)

    assert (begun, files, ended) == (found[0], found[1], found[2] is not None)


@pytest.mark.parametrize(
    "change",
    [{"exit": "0"}, {"stopped": "well"}, {"more": 1}, {"full": 1}, {"cpu": None}, {"kind": "x"}],
    ids=str,
)
def test_a_status_has_one_form(change: dict[str, object]) -> None:
    assert read(BEGUN + frame(b"S", 0, json.dumps(GOOD | change).encode()))[2] is None


def test_what_goes_beyond_the_bound_is_not_kept() -> None:
    results = Results(1, 100)
    for _ in range(1000):
        results.add(bytes(1000))

    assert len(results._bytes) == 0
    assert results.read() == (False, {}, None)


@given(st.binary(max_size=400), st.booleans())
def test_reading_never_raises(tail: bytes, begun: bool) -> None:
    _, files, _ = read((BEGUN if begun else b"EVR1") + tail)

    assert sum(map(len, files.values())) <= 10


@given(
    st.lists(st.sampled_from([BEGUN, STATUS, frame(b"F", 0, b"1"), frame(b"F", 1, b"2"), frame(b"B"), b"EVR1", b"F"]))
)
def test_any_order_of_good_frames_never_raises(frames: list[bytes]) -> None:
    _, files, _ = read(b"".join(frames))

    assert set(files.items()) <= {(0, b"1"), (1, b"2")}
