"""Evidence is linked where a reader can open it, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.report.links import commit_page, permalink, repository, trusted

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("source", "url"),
    [
        pytest.param("https://github.com/o/r", f"https://github.com/o/r/blob/{SHA}/a.py#L3-L9", id="github"),
        pytest.param("https://github.com/o/r.git", f"https://github.com/o/r/blob/{SHA}/a.py#L3-L9", id=".git"),
        pytest.param("https://www.github.com/o/r/", f"https://github.com/o/r/blob/{SHA}/a.py#L3-L9", id="www"),
        pytest.param("git@github.com:o/r.git", f"https://github.com/o/r/blob/{SHA}/a.py#L3-L9", id="scp"),
        pytest.param("ssh://git@github.com:22/o/r", f"https://github.com/o/r/blob/{SHA}/a.py#L3-L9", id="ssh"),
        pytest.param(
            "ssh://git@ssh.github.com:443/o/r", f"https://github.com/o/r/blob/{SHA}/a.py#L3-L9", id="ssh over 443"
        ),
        pytest.param(
            "https://gitlab.com/g/s/t/r", f"https://gitlab.com/g/s/t/r/-/blob/{SHA}/a.py#L3-9", id="gitlab groups"
        ),
        pytest.param(
            "https://bitbucket.org/o/r", f"https://bitbucket.org/o/r/src/{SHA}/a.py#lines-3:9", id="bitbucket"
        ),
        pytest.param(
            "https://codeberg.org/o/r", f"https://codeberg.org/o/r/src/commit/{SHA}/a.py#L3-L9", id="codeberg"
        ),
    ],
)
def test_lines_of_a_file(source: str, url: str) -> None:
    assert permalink(source, SHA, "a.py", 3, 9) == url


@pytest.mark.parametrize(
    "source",
    [
        "local",
        "",
        "https://git.example.org/o/r",
        "http://github.com/o/r",
        "file:///github.com/o/r",
        "https://github.com.example.org/o/r",
        "https://github.com@example.org/o/r",
        "https://github.com/o",
        "https://github.com/o/r/tree/main",
        "https://github.com/o/../r",
        "https://github.com/o/<r>",
        "git@example.org:o/r",
        "https://[::1",
        "github.com:22:o/r",
    ],
)
def test_other_sources_have_no_link(source: str) -> None:
    assert permalink(source, SHA, "a.py", 1, 1) is None
    assert commit_page(source, SHA) is None
    assert repository(source) is None


@pytest.mark.parametrize(
    ("path", "start", "end", "rest"),
    [
        pytest.param("src/a.py", 3, 3, "src/a.py#L3", id="one line"),
        pytest.param("src/a.py", 3, None, "src/a.py#L3", id="no end"),
        pytest.param("src/a.py", None, None, "src/a.py", id="whole file"),
        pytest.param("README.md", 3, 4, "README.md?plain=1#L3-L4", id="rendered, so asked for as source"),
        pytest.param("docs/index.RST", 3, 3, "docs/index.RST?plain=1#L3", id="suffix in capitals"),
        pytest.param("a.ipynb", 3, 4, "a.ipynb", id="a notebook's lines count from a cell"),
        pytest.param("a b#?.py", 1, 1, "a%20b%23%3F.py#L1", id="signs that mean something in an address"),
        pytest.param("ü/日.py", 1, 1, "%C3%BC/%E6%97%A5.py#L1", id="other letters"),
        pytest.param("a\\xff.py", 1, 1, "a%FF.py#L1", id="a byte that is no UTF-8"),
        pytest.param("a\\\\b.py", 1, 1, "a%5Cb.py#L1", id="a backslash"),
    ],
)
def test_paths(path: str, start: int | None, end: int | None, rest: str) -> None:
    assert permalink("https://github.com/o/r", SHA, path, start, end) == f"https://github.com/o/r/blob/{SHA}/{rest}"


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../a", "a/../b", "a//b", "./a"])
def test_paths_that_leave_the_repository_have_no_link(path: str) -> None:
    assert permalink("https://github.com/o/r", SHA, path, 1, 1) is None


@pytest.mark.parametrize("commit", [None, "", "main", "0123", SHA.upper(), f"{SHA}0", f"{SHA}\n"])
def test_only_a_commit_is_permanent(commit: str | None) -> None:
    assert permalink("https://github.com/o/r", commit, "a.py", 1, 1) is None
    assert commit_page("https://github.com/o/r", commit) is None


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("https://github.com/o/r", f"https://github.com/o/r/commit/{SHA}"),
        ("https://gitlab.com/o/r", f"https://gitlab.com/o/r/-/commit/{SHA}"),
        ("https://bitbucket.org/o/r", f"https://bitbucket.org/o/r/commits/{SHA}"),
        ("https://codeberg.org/o/r", f"https://codeberg.org/o/r/commit/{SHA}"),
    ],
)
def test_commits(source: str, url: str) -> None:
    assert commit_page(source, SHA) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "http://github.com/o/r",
        "//github.com/o/r",
        "https://e.example/github.com",
        "https://github.com:8443/o/r",
        "https://github.com@e.example/",
        "https://user@github.com/o/r",
        'https://github.com/"onmouseover=alert(1)',
        "https://github.com/\u202e",
        "https://github.com/a b",
        "https://[github.com/",
    ],
)
def test_addresses_of_strangers_are_not_trusted(url: str | None) -> None:
    assert trusted(url) is None


@given(st.text(), st.text(), st.text(), st.integers(), st.one_of(st.none(), st.integers()))
def test_nothing_makes_it_raise(source: str, commit: str, path: str, start: int, end: int | None) -> None:
    permalink(source, commit, path, start, end)
    trusted(source)


@given(st.text(min_size=1), st.integers(1, 9), st.integers(1, 9))
def test_every_link_made_is_one_that_is_trusted(path: str, start: int, end: int) -> None:
    made = permalink("https://github.com/o/r", SHA, path, start, end)

    assert made is None or trusted(made) == made
