"""Does pylint read the project's code, obey nobody but us, and execute nothing?"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluator.facts import lint as subject
from evaluator.facts.lint import SELECTION, Lint, lint
from evaluator.facts.tree import tree
from evaluator.model import Missing
from evaluator.runs.settings import RunSettings
from evaluator.sandbox.tools import run_tool
from evaluator.source.snapshot import Snapshot

UNTIDY = "import os\n\n\ndef f(x=[]):\n    try:\n        return x\n    except:\n        pass\n"


@pytest.fixture
def settings(tmp_path: Path) -> RunSettings:
    return RunSettings(permitted="none", scratch=tmp_path / "scratch", cache=tmp_path / "cache")


@pytest.fixture(autouse=True)
def _folders(settings: RunSettings) -> None:
    settings.scratch.mkdir()


def read(files: Mapping[str, bytes | str], settings: RunSettings) -> Lint:
    snapshot = Snapshot.of(files)
    found = lint(snapshot, tree(snapshot), settings)
    assert isinstance(found, Lint)
    return found


def test_findings_stand_where_the_file_has_them(settings: RunSettings) -> None:
    files = {"pkg/__init__.py": "from pkg.a import f\n", "pkg/a.py": UNTIDY, "pkg/b.py": "def g(x):\n    return x\n"}

    found = read(files, settings)

    assert [(f.at.path, f.at.start, f.symbol) for f in found.findings] == [
        ("pkg/a.py", 1, "unused-import"),
        ("pkg/a.py", 4, "dangerous-default-value"),
        ("pkg/a.py", 4, "inconsistent-return-statements"),
        ("pkg/a.py", 7, "bare-except"),
    ]
    assert (found.total, found.lines, found.broken, found.left_out) == (4, 9, (), 0)
    assert list(settings.scratch.iterdir()) == []


def test_the_selection_is_known_to_pylint(tmp_path: Path) -> None:
    """A message that a newer pylint renamed would be a finding less, and no error."""
    outcome = run_tool(
        (sys.executable, "-I", "-m", "pylint", "--list-msgs"), cwd=tmp_path, seconds=50, output_bytes=4_000_000
    )
    known = {line.split()[0].lstrip(":") for line in outcome.stdout.decode().splitlines() if line.startswith(":")}

    assert set(SELECTION) - known == set()
    assert len(set(SELECTION)) == len(SELECTION)


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("# pylint: skip-file\n", id="skip the file"),
        pytest.param("# pylint: disable=all\n", id="disable all"),
        pytest.param("#pylint:disable=unused-import,bare-except\n", id="some"),
        pytest.param("# PYLINT : skip-file\n", id="odd spelling"),
    ],
)
def test_comments_do_not_silence_it(comment: str, settings: RunSettings) -> None:
    found = read({"a.py": comment + UNTIDY}, settings)

    assert (found.total, found.suppressed) == (4, 1)


def test_nothing_of_the_projects_is_executed_or_obeyed(
    settings: RunSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modules named like pylint's own and the standard library's, settings with hooks and plug-ins: all stay text."""
    canary = tmp_path / "ran"
    strike = f"import pathlib\npathlib.Path({str(canary)!r}).touch()\n"
    hook = f"[MAIN]\ninit-hook=open({str(canary)!r}, 'w').close()\nload-plugins=plugin\ndisable=all\n"
    names = (
        "pylint",
        "astroid",
        "tokenize",
        "typing",
        "json",
        "yaml",
        "conftest",
        "sitecustomize",
        "usercustomize",
        "m000",
    )
    files = {f"{name}.py": strike + UNTIDY for name in (*names, "plugin")}
    files |= {"pylint/__init__.py": strike, "pylint/__main__.py": strike, "pylint/lint/__init__.py": strike}
    files |= dict.fromkeys((".pylintrc", "pylintrc", "pylintrc.toml", "setup.cfg", "tox.ini"), hook)
    files |= {
        "pyproject.toml": f"[tool.pylint.main]\ninit-hook = \"open({str(canary)!r}, 'w').close()\"\n",
        "m001.so": b"\x7f",
    }
    home = tmp_path / "home"
    home.mkdir()
    for name in ("pylintrc", ".pylintrc"):
        (home / name).write_text(hook)
        (settings.scratch / name).write_text(hook)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYLINTRC", str(home / "pylintrc"))
    monkeypatch.setenv("PYTHONPATH", str(home))
    monkeypatch.chdir(home)

    found = read(files, settings)

    assert found.total >= 4 * len(names)
    assert not canary.exists()


def test_the_findings_do_not_hang_on_what_is_installed_here(settings: RunSettings) -> None:
    """No module is followed: msgspec is installed beside us, and nobody notices that it has no such name."""
    code = "import msgspec\nfrom msgspec import nothing_of_the_sort\n\nprint(msgspec.nor_this, nothing_of_the_sort)\n"

    assert read({"a.py": code}, settings).findings == ()


def test_what_ends_a_function_and_what_overloads_one_is_known(settings: RunSettings) -> None:
    code = (
        "import sys\nfrom typing import overload\n\n\n@overload\ndef f(x: int) -> int: ...\n@overload\ndef f(x: str) -> str: ...\n"
        "def f(x):\n    if x:\n        return x\n    sys.exit(1)\n"
    )

    assert read({"a.py": code}, settings).findings == ()


def test_a_file_that_does_not_parse_is_named_and_the_others_are_read(settings: RunSettings) -> None:
    found = read({"a.py": "print 'two'\n\nx = 1\n", "b.py": UNTIDY}, settings)

    assert (found.broken, found.broken_lines, found.total, found.lines) == (("a.py",), 2, 4, 6)
    assert [f.symbol for f in found.findings if f.at.path == "a.py"] == ["syntax-error"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xff\xfe" + UNTIDY.encode("utf-16-le"), id="UTF-16"),
        pytest.param(b"# -*- coding: klingon -*-\n" + UNTIDY.encode(), id="an encoding that does not exist"),
        pytest.param(b"#!/usr/bin/env python\n# vim: set fileencoding=utf-7 :\n" + UNTIDY.encode(), id="UTF-7"),
        pytest.param(b"# caf\xe9\n" + UNTIDY.encode(), id="Latin-1"),
        pytest.param(UNTIDY.replace("\n", "\r\n").encode(), id="Windows line ends"),
    ],
)
def test_encodings(content: bytes, settings: RunSettings) -> None:
    found = read({"a.py": content}, settings)

    assert (found.total, found.broken) == (4, ())


def test_names_that_a_shell_or_an_option_parser_would_mistake(settings: RunSettings) -> None:
    files = {"--init-hook=x.py": UNTIDY, "a b;c.py": UNTIDY, "d\ne.py": UNTIDY, "é/__init__.py": UNTIDY}

    found = read(files, settings)

    assert {f.at.path for f in found.findings} == set(files)


def test_of_a_large_project_some_files_are_read_and_always_the_same(
    settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "LINES", 20)
    files = {f"{n}.py": UNTIDY for n in "abcdef"}

    first, second = read(files, settings), read(dict(reversed(files.items())), settings)

    assert first == second
    assert (first.left_out, first.total) == (4, 8)


def test_without_own_code_nothing_is_started(settings: RunSettings) -> None:
    assert read({"tests/test_a.py": UNTIDY, "README.md": "x"}, settings) == Lint(lines=0, findings=(), total=0)


def test_a_pylint_that_does_not_end_is_a_gap(settings: RunSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_SECONDS", 0.05)
    snapshot = Snapshot.of({"a.py": UNTIDY})

    found = lint(snapshot, tree(snapshot), settings)

    assert isinstance(found, Missing)
    assert found.cause == "timed-out"
    assert found.detail == "pylint did not end within 0.05 s on 6 lines"


def test_a_pylint_that_wants_too_much_memory_is_a_gap(settings: RunSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """With too little to start in, Python ends or does not: either way nothing is said of the code."""
    monkeypatch.setattr(subject, "_MEMORY_MB", 25)
    monkeypatch.setattr(subject, "_SECONDS", 4)
    snapshot = Snapshot.of({f"{n}.py": UNTIDY * 30 for n in range(10)})

    found = lint(snapshot, tree(snapshot), settings)

    assert isinstance(found, Missing)
    assert found.cause in {"too-large", "failed", "timed-out"}


def test_as_much_as_is_ever_read_fits_into_the_limits(settings: RunSettings) -> None:
    """Real code, of the standard library, up to the limit of lines."""
    folder = Path(json.__file__).parent.parent
    files = {f"{n}.py": (folder / f"{n}.py").read_bytes() for n in ("argparse", "ast", "calendar", "cmd", "csv", "dis")}

    found = read(files, settings)

    assert found.lines > 1_500
    assert found.total > 0
