from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.model import Subject
from evaluator.source.snapshot import Entry, Snapshot, Unreadable, decode_text


def test_paths_and_folders() -> None:
    snapshot = Snapshot.of({"a.py": "", "src/pkg/b.PY": "", "src/c.md": ""})

    assert list(snapshot.paths(".py")) == ["a.py", "src/pkg/b.PY"]
    assert snapshot.folders == {"src", "src/pkg"}
    assert [p for p in ("", ".", "src", "src/", "a.py", "src/pkg/b.PY") if not snapshot.exists(p)] == []
    assert [p for p in ("sr", "b.PY", "src/pkg/b") if snapshot.exists(p)] == []


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        pytest.param(Entry(path="x", size=11), "too-large", id="too long"),
        pytest.param(Entry(path="x", size=1, lfs=True), "not-found", id="pointer"),
        pytest.param(Entry(path="x", here=False), "not-found", id="not here"),
        pytest.param(Entry(path="x", kind="symlink", size=1), "not-found", id="link"),
        pytest.param(Entry(path="x", kind="submodule", here=False), "not-found", id="submodule"),
        pytest.param(Entry(path="y"), "not-found", id="not listed"),
    ],
)
def test_unreadable(entry: Entry, cause: str) -> None:
    snapshot = Snapshot(
        subject=Subject(source="local", name="p"), entries={entry.path: entry}, read_blob=lambda _: b"secret"
    )

    with pytest.raises(Unreadable) as caught:
        snapshot.read("x", limit=10)

    assert caught.value.cause == cause


def test_closed_once_left() -> None:
    closed: list[bool] = []
    snapshot = Snapshot(
        subject=Subject(source="local", name="p"),
        entries={},
        read_blob=lambda _: b"",
        on_close=lambda: closed.append(True),
    )

    with snapshot as inner:
        assert inner is snapshot
        assert closed == []

    assert closed == [True]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"caf\xc3\xa9", "café"),
        (b"\xef\xbb\xbfa", "a"),
        ("é\r\n".encode("utf-16"), "é\n"),
        ("é".encode("utf-16-be"), "\x00é"),
        (b"caf\xe9\r", "café\n"),
        (b"\xfe\xff\xd8", "\ufffd"),
    ],
)
def test_text(data: bytes, text: str) -> None:
    assert decode_text(data) == text


@given(st.binary())
def test_text_never_raises(data: bytes) -> None:
    assert "\r" not in decode_text(data)
