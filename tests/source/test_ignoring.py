from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.source.ignoring import IgnoreRules
from tests.repositories import git, write

FILES = (
    "a.py",
    "a.log",
    "keep.log",
    "d/a.py",
    "d/a.log",
    "d/e/a.log",
    "build/x",
    "d/build/x",
    "t e/x",
    "#x",
    "!x",
    "[x]",
)


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param({".gitignore": "*.log\n"}, id="suffix"),
        pytest.param({".gitignore": "*.log\n!keep.log\n"}, id="taken back"),
        pytest.param({".gitignore": "build/\n"}, id="folder"),
        pytest.param({".gitignore": "/build/\n"}, id="folder at the top"),
        pytest.param({".gitignore": "/*\n!/d\n"}, id="all but one"),
        pytest.param({".gitignore": "d/**/a.log\n"}, id="two stars"),
        pytest.param({".gitignore": "*.log\n", "d/.gitignore": "!a.log\n"}, id="nested, taken back"),
        pytest.param({"d/.gitignore": "/a.*\ne/\n"}, id="nested"),
        pytest.param({".gitignore": "\\#x\n\\!x\n#a.py\n\n  \n"}, id="escapes and comments"),
        pytest.param({".gitignore": "t\\ e/\na.py \n"}, id="spaces"),
        pytest.param({".gitignore": "\ufeff*.log\n"}, id="byte order mark"),
        pytest.param({".gitignore": "*.log\r\n"}, id="line ends of Windows"),
        pytest.param({".gitignore": "[\nbuild/\n"}, id="a broken line"),
    ],
)
def test_as_git_does(tmp_path: Path, rules: dict[str, str]) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path, dict.fromkeys(FILES, "") | rules)
    listed = git(tmp_path, "ls-files", "-z", "--others", "--exclude-standard").split("\0")[:-1]

    assert sorted(_kept(tmp_path)) == sorted(listed)


def _kept(root: Path) -> list[str]:
    rules = IgnoreRules()
    kept: list[str] = []

    def walk(folder: Path, name: str) -> None:
        if (folder / ".gitignore").exists():
            rules.add(name.encode(), (folder / ".gitignore").read_bytes())
        for child in folder.iterdir():
            below = f"{name}/{child.name}" if name else child.name
            if child.name == ".git" or rules.ignores(below.encode(), is_folder=child.is_dir()):
                continue
            if child.is_dir():
                walk(child, below)
            else:
                kept.append(below)

    walk(root, "")
    return kept


def test_rules_of_the_repository_give_way() -> None:
    rules = IgnoreRules()
    rules.add_everywhere(b"*.log\n*.tmp\n")
    rules.add(b"", b"!a.log\n")

    assert [rules.ignores(n, is_folder=False) for n in (b"a.log", b"b.log", b"d/x.tmp", b"x")] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("pattern", [b"a*" * 30 + b"b", b"**/a/" * 30 + b"b", b"[a-z]*" * 20, b"*" * 10_000])
def test_patterns_that_would_take_for_ever(pattern: bytes) -> None:
    """They are left out rather than tried; the time limit of the suite would end a try."""
    rules = IgnoreRules()
    rules.add(b"", pattern + b"\n*.log\n")

    assert not rules.ignores(b"a" * 250, is_folder=False)
    assert rules.ignores(b"x.log", is_folder=False)


@given(st.binary(max_size=200), st.binary(min_size=1, max_size=50).filter(lambda n: b"\0" not in n))
def test_rules_never_raise(content: bytes, name: bytes) -> None:
    rules = IgnoreRules()
    rules.add(b"", content)
    rules.add_everywhere(content)

    assert rules.ignores(name, is_folder=False) in {True, False}
