"""What was computed once is found again, and nothing but speed depends on it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from evaluator import cache
from evaluator.cache import Cache
from evaluator.model import Record


class Kept(Record):
    """A record as a provider would keep it."""

    number: int


def test_what_is_put_is_found_by_the_next_one(tmp_path: Path) -> None:
    first = Cache(tmp_path)
    first.put("text", "a", "b", value=b"kept")
    first.keep(Kept(number=7), "c")
    first.close()
    second = Cache(tmp_path)

    assert second.get("text", "a", "b") == b"kept"
    assert second.load(Kept, "c") == Kept(number=7)


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        pytest.param("text", ("a",), id="fewer parts"),
        pytest.param("text", ("ab",), id="parts run together"),
        pytest.param("other", ("a", "b"), id="another kind"),
    ],
)
def test_nothing_else_is_found(tmp_path: Path, kind: str, parts: tuple[str, ...]) -> None:
    held = Cache(tmp_path)
    held.put("text", "a", "b", value=b"kept")

    assert held.get(kind, *parts) is None


def test_another_copy_of_the_tool_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Cache(tmp_path)
    held.put("text", "a", value=b"kept")
    monkeypatch.setattr(cache, "fingerprint", lambda: "an edited checkout")

    assert held.get("text", "a") is None


def test_without_a_folder_nothing_is_kept() -> None:
    held = Cache(None)
    held.put("text", "a", value=b"kept")

    assert held.get("text", "a") is None


def test_a_file_that_is_no_cache_costs_only_speed(tmp_path: Path) -> None:
    (tmp_path / cache.FILE).write_bytes(b"not a database, and long enough to be read as one" * 100)
    held = Cache(tmp_path)
    held.put("text", "a", value=b"kept")

    assert held.get("text", "a") is None


def test_a_record_of_another_form_is_not_taken(tmp_path: Path) -> None:
    held = Cache(tmp_path)
    held.put(f"{__name__}.Kept", "c", value=b'{"number": "seven"}')

    assert held.load(Kept, "c") is None


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LIMIT", 100)
    held = Cache(tmp_path)
    for number in range(12):
        held.put("text", str(number), value=b"x" * 10)
    held.close()
    again = Cache(tmp_path)

    assert [n for n in range(12) if again.get("text", str(n)) is not None] == [7, 8, 9, 10, 11]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_user_may_write_it(tmp_path: Path) -> None:
    held = Cache(tmp_path)
    held.put("text", "a", value=b"kept")

    assert stat.S_IMODE((tmp_path / cache.FILE).stat().st_mode) == 0o600


def test_clean_removes_all_of_it(tmp_path: Path) -> None:
    held = Cache(tmp_path)
    held.put("text", "a", value=b"kept")
    held.close()

    assert cache.clean(tmp_path) > 0
    assert Cache(tmp_path).get("text", "a") is None
