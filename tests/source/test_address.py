from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evaluator.errors import UsageError
from evaluator.source.address import Archive, Local, Remote, parse

PASSWORD = "hunter2"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory: what exists decides what a target means."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("target", "url", "shown", "name", "ref"),
    [
        pytest.param("https://h.org/o/r.git", "https://h.org/o/r.git", None, "r", None, id="https"),
        pytest.param("https://h.org/o/r@main", "https://h.org/o/r", None, "r", "main", id="https with a ref"),
        pytest.param("https://h.org/o/r@f/x", "https://h.org/o/r", None, "r", "f/x", id="a ref with a slash"),
        pytest.param("https://h.org:8443/r/", "https://h.org:8443/r/", None, "r", None, id="a port, a final slash"),
        pytest.param(
            "https://me@h.org/r", "https://h.org/r", None, "r", None, id="https with a user, who may be a token"
        ),
        pytest.param("https://h.org/a%20b.git", "https://h.org/a%20b.git", None, "a b", None, id="quoted"),
        pytest.param("http://127.0.0.1:80/r", "http://127.0.0.1:80/r", None, "r", None, id="loopback"),
        pytest.param("http://[::1]/r", "http://[::1]/r", None, "r", None, id="loopback, version 6"),
        pytest.param("http://localhost/r@v1", "http://localhost/r", None, "r", "v1", id="localhost"),
        pytest.param("ssh://git@h.org/o/r@v1", "ssh://git@h.org/o/r", None, "r", "v1", id="ssh"),
        pytest.param(
            "ssh://jane@h.org:22/r", "ssh://jane@h.org:22/r", "ssh://h.org:22/r", "r", None, id="ssh, a person"
        ),
        pytest.param("git@h.org:o/r.git", "git@h.org:o/r.git", None, "r", None, id="user@host:path"),
        pytest.param("git@h.org:r@v1.0", "git@h.org:r", None, "r", "v1.0", id="user@host:path@ref"),
        pytest.param("jane@h.org:r", "jane@h.org:r", "h.org:r", "r", None, id="user@host:path of a person"),
        pytest.param("o/r", "https://github.com/o/r", None, "r", None, id="owner/repo"),
        pytest.param("o/r.git@main", "https://github.com/o/r", None, "r", "main", id="owner/repo@ref"),
        pytest.param("o/r@f/x/y", "https://github.com/o/r", None, "r", "f/x/y", id="owner/repo@a ref with slashes"),
    ],
)
def test_remote(target: str, url: str, shown: str | None, name: str, ref: str | None) -> None:
    found = parse(target)

    assert isinstance(found, Remote)
    assert (found.url, found.shown, found.name, found.ref) == (url, shown or url, name, ref)


def test_existing_folder_wins(here: Path) -> None:
    for folder in ("o/r", "a@b", "o/x@y", "z.zip", "-q", "with\nline"):
        (here / folder).mkdir(parents=True)

    found = [parse(t) for t in ("o/r", "o/r@main", "a@b", "a@b@c/d", "o/x@y", "z.zip", "./-q", "with\nline", ".")]

    assert all(isinstance(f, Local) for f in found)
    assert [(f.name, f.ref) for f in found if isinstance(f, Local)] == [
        ("r", None),
        ("r", "main"),
        ("a@b", None),
        ("a@b", "c/d"),
        ("x@y", None),
        ("z.zip", None),
        ("-q", None),
        ("with\nline", None),
        (here.name, None),
    ]


@pytest.mark.parametrize("target", ["./no", "../no/such", "/no/such", "a/b/c", "nothing", "~/no-such"])
def test_missing_folder(target: str) -> None:
    """That it is not there is for the opener to say: not found is another exit code than misuse."""
    assert isinstance(parse(target), Local)


def test_file_url(here: Path) -> None:
    (here / "a b@c").mkdir()

    found = [
        parse(t) for t in (f"file://{here}/a%20b%40c", f"file://localhost{here}/x@main", f"file://{here}/a b@c@v1")
    ]

    assert [(f.folder.name, f.ref, f.committed) for f in found if isinstance(f, Local)] == [
        ("a b@c", None, True),
        ("x", "main", True),
        ("a b@c", "v1", True),
    ]


@pytest.mark.parametrize(
    ("target", "name", "kind"),
    [("x.zip", "x", "zip"), ("d/X.ZIP", "X", "zip"), ("./x.tar.gz", "x", "tar"), ("/tmp/x.v1.tgz", "x.v1", "tar")],
)
def test_archive(target: str, name: str, kind: str) -> None:
    found = parse(target)

    assert isinstance(found, Archive)
    assert (found.name, found.kind) == (name, kind)


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("", id="empty"),
        pytest.param("  ", id="blank"),
        pytest.param("-", id="a dash"),
        pytest.param("--upload-pack=touch x", id="an option"),
        pytest.param("-x", id="a short option"),
        pytest.param("ext::sh -c x", id="ext"),
        pytest.param("ext::sh -c touch% /tmp/x", id="ext with an escape"),
        pytest.param("fd::3/x", id="fd"),
        pytest.param("https::https://h.org/x", id="a helper in front of a URL"),
        pytest.param("ext://sh/x", id="ext as a URL"),
        pytest.param("git://h.org/r", id="git"),
        pytest.param("ftp://h.org/r", id="ftp"),
        pytest.param("http://h.org/r", id="plain http"),
        pytest.param("http://127.0.0.1.h.org/r", id="plain http to what looks like loopback"),
        pytest.param("https://h.org", id="no path"),
        pytest.param("https:///r", id="no host"),
        pytest.param("https://-oProxyCommand=x/r", id="an option for a host"),
        pytest.param("ssh://-oProxyCommand=x/r", id="an option for an ssh host"),
        pytest.param("git@-oProxyCommand=x:r", id="an option for a host before a path"),
        pytest.param("-oProxyCommand=x@h.org:r", id="an option for a user"),
        pytest.param("git@h.org:-x", id="an option for a path"),
        pytest.param("git@h.org:", id="no path after the host"),
        pytest.param("https://h.org:port/r", id="no number for a port"),
        pytest.param("https://h.org/r?token=x", id="a query"),
        pytest.param("https://h.org/r#x", id="a fragment"),
        pytest.param("https://h.org/a b", id="a space"),
        pytest.param("https://h.org/r\n--upload-pack=x", id="a line break"),
        pytest.param("o/r@", id="no ref after @"),
        pytest.param("o/r@-x", id="an option for a ref"),
        pytest.param("o/r@a..b", id="a range for a ref"),
        pytest.param("o/r@a b", id="a space in a ref"),
        pytest.param("o/r@HEAD^{tree}", id="an expression for a ref"),
        pytest.param("https://h.org/x.zip", id="an archive elsewhere"),
        pytest.param("https://github.com/o/r/tree/main/src", id="a page of a repository"),
        pytest.param("file://h.org/r", id="a file elsewhere"),
        pytest.param("a\0b", id="NUL"),
    ],
)
def test_refused(target: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(target)

    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "target",
    [
        f"https://me:{PASSWORD}@h.org/r",
        f"https://:{PASSWORD}@h.org/r",
        f"https://me:{PASSWORD}@h.org/r@main",
        f"https://me:a/{PASSWORD}@h.org/r",
        f"https://me:a@{PASSWORD}@h.org/r",
        f"https://me:{PASSWORD}@h.org:x/r",
        f"ssh://me:{PASSWORD}@h.org/r",
        f"http://me:{PASSWORD}@127.0.0.1/r",
        f"ftp://me:{PASSWORD}@h.org/r",
        f"me:{PASSWORD}@h.org:r",
    ],
)
def test_password_is_refused_and_not_repeated(target: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(target)

    assert PASSWORD not in str(caught.value)


def test_a_file_is_no_target(here: Path) -> None:
    (here / "x.py").touch()
    (here / "x.zip").touch()

    for target, words in {"x.py": "is a file", "x.zip@main": "an archive has no commits"}.items():
        with pytest.raises(UsageError, match=words):
            parse(target)


def test_undecodable_name(here: Path) -> None:
    folder = os.fsencode(here) + b"/caf\xe9"
    Path(os.fsdecode(folder)).mkdir()

    found = parse(os.fsdecode(folder))

    assert isinstance(found, Local)
    assert found.name == "caf\\xe9"
    found.shown.encode()


PIECES = st.sampled_from(
    [
        "https://",
        "http://",
        "ssh://",
        "file://",
        "ext::",
        "://",
        "@",
        ":",
        "/",
        "//",
        "-",
        "..",
        "~",
        "[",
        "]",
        "::1",
        "%",
        "h.org",
        "127.0.0.1",
        "o",
        "r",
        ".git",
        ".zip",
        ".tar.gz",
        "?",
        "#",
        "é\n",
        "",
        "",
        "",
        "9999999",
        "\\",
        "\x00",
    ]
)


@given(st.one_of(st.text(), st.text("~\ud800/@"), st.lists(PIECES, max_size=12).map("".join)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("https://[/")
@example("https://[::1]:99999/x")
@example("https://\u2100/x")
@example("~\0/x")
@example("a" * 5000 + "/b")
@example("~nobody-of-this-name/x")
def test_parsing_raises_nothing_else(target: str) -> None:
    try:
        found = parse(target)
    except UsageError as fault:
        message = str(fault)
    else:
        message = found.shown
        found.name.encode()
        if isinstance(found, Remote):
            assert not found.url.startswith("-")
            assert "::" not in found.url.partition("/")[0]
    message.encode()
    assert "\n" not in message
