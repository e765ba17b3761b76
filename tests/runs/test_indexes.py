"""The user's own choice of indexes reaches uv, from wherever the user wrote it; nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.runs.installing.indexes import Indexes, indexes


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """A user whose configuration folder is empty."""
    return {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CONFIG_DIRS": str(tmp_path / "etc"),
    }


@pytest.fixture(autouse=True)
def _no_machine_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this machine's own files out: only what a test writes is read."""
    real = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.parts[:2] == ("/", "etc") or (path.name == "pip.conf" and "config" not in path.parts):
            raise FileNotFoundError(path)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read)


def write(home: dict[str, str], name: str, text: str) -> None:
    path = Path(home["XDG_CONFIG_HOME"]) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_nothing_set(home: dict[str, str]) -> None:
    """No host is named by us: uv goes by its own default."""
    assert indexes(home).environ() == {}


def test_pip_files(home: dict[str, str], tmp_path: Path) -> None:
    write(
        home,
        "pip/pip.conf",
        f"[global]\nindex-url = https://a.example/simple\nextra-index-url = https://b.example/simple\n  file:///c\n"
        f"find-links = {tmp_path} {tmp_path}/gone\ncert = /ca.pem\ntrusted-host = a.example\n[install]\nproxy = http://p:1\n",
    )

    assert indexes(home).environ() == {
        "UV_DEFAULT_INDEX": "https://a.example/simple",
        "UV_INDEX": "https://b.example/simple file:///c",
        "UV_FIND_LINKS": str(tmp_path),
        "SSL_CERT_FILE": "/ca.pem",
        "UV_INSECURE_HOST": "a.example",
        "ALL_PROXY": "http://p:1",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_pip_environment_wins_over_its_files(home: dict[str, str], tmp_path: Path) -> None:
    write(home, "pip/pip.conf", "[global]\nindex-url = https://a.example/simple\n")

    found = indexes(home | {"PIP_INDEX_URL": "https://b.example", "PIP_FIND_LINKS": str(tmp_path), "PIP_NO_INDEX": "1"})

    assert (found.default, found.links, found.none) == ("https://b.example", (str(tmp_path),), True)


def test_uv_wins_over_pip_and_adds_to_it(home: dict[str, str]) -> None:
    write(
        home,
        "uv/uv.toml",
        'index-strategy = "first-index"\nsystem-certs = true\nallow-insecure-host = ["h"]\n'
        '[[index]]\nname = "mine"\nurl = "https://u.example"\ndefault = true\n'
        '[[index]]\nurl = "https://v.example"\n[[index]]\nname = "x"\nurl = "https://w.example"\nexplicit = true\n',
    )

    found = indexes(home | {"PIP_INDEX_URL": "https://p.example", "PIP_EXTRA_INDEX_URL": "https://q.example"})

    assert found.environ() == {
        "UV_DEFAULT_INDEX": "mine=https://u.example",
        "UV_INDEX": "https://v.example https://q.example",
        "UV_INDEX_STRATEGY": "first-index",
        "UV_SYSTEM_CERTS": "true",
        "UV_INSECURE_HOST": "h",
    }


def test_uv_environment(home: dict[str, str]) -> None:
    found = indexes(
        home
        | {
            "UV_DEFAULT_INDEX": "https://a",
            "UV_INDEX": "b=https://b https://c",
            "UV_INDEX_B_USERNAME": "me",
            "UV_INDEX_B_PASSWORD": "secret",
            "HTTPS_PROXY": "http://p",
            "AWS_SECRET_ACCESS_KEY": "not uv's business",
        }
    )

    assert found.environ() == {
        "UV_DEFAULT_INDEX": "https://a",
        "UV_INDEX": "b=https://b https://c",
        "UV_INDEX_B_USERNAME": "me",
        "UV_INDEX_B_PASSWORD": "secret",
        "HTTPS_PROXY": "http://p",
    }


def test_settings_that_are_switched_off(home: dict[str, str]) -> None:
    write(home, "uv/uv.toml", 'index-url = "https://u.example"\n')
    write(home, "pip/pip.conf", "[global]\nindex-url = https://p.example\n")

    assert indexes(home | {"UV_NO_CONFIG": "1", "PIP_CONFIG_FILE": "/dev/null"}) == Indexes(environment={})


def test_a_folder_is_named_absolutely(home: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """uv works elsewhere than the user."""
    (tmp_path / "wheels").mkdir()
    monkeypatch.chdir(tmp_path)

    assert indexes(home | {"UV_FIND_LINKS": "wheels"}).links == (str(tmp_path / "wheels"),)


@settings(max_examples=100, deadline=None)
@given(uv=st.binary(max_size=200), pip=st.binary(max_size=200))
def test_broken_files_are_passed_over(uv: bytes, pip: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("config")
    for name, content in (("uv/uv.toml", uv), ("pip/pip.conf", pip)):
        (folder / name).parent.mkdir()
        (folder / name).write_bytes(content)

    indexes({"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_CONFIG_DIRS": str(folder)})
