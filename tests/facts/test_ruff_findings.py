"""Does ruff read all of the project's Python, obey nobody but us, and say where it found what?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluator.facts import ruff_findings as subject
from evaluator.facts.code import code
from evaluator.facts.notebooks import notebooks
from evaluator.facts.python.modules import Modules
from evaluator.facts.ruff_findings import IGNORED, SELECTION, RuffFindings, ruff_findings
from evaluator.facts.tree import tree
from evaluator.model import Missing
from evaluator.runs.settings import RunSettings
from evaluator.sandbox.tools import run_tool
from evaluator.source.snapshot import Snapshot
from tests.facts.programs import cell, notebook

UNTIDY = "import os\n\n\ndef f(x=[]):\n    try:\n        return x\n    except:\n        return 1\n"
FOUND = [(1, "F401"), (4, "B006"), (7, "E722")]


@pytest.fixture
def settings(tmp_path: Path) -> RunSettings:
    made = RunSettings(permitted="none", scratch=tmp_path / "scratch", cache=tmp_path / "cache")
    made.scratch.mkdir()
    return made


def ask(files: Mapping[str, bytes | str], settings: RunSettings) -> RuffFindings | Missing:
    snapshot = Snapshot.of(files)
    listed = tree(snapshot)
    return ruff_findings(snapshot, listed, code(Modules(snapshot)), notebooks(snapshot, listed), settings)


def read(files: Mapping[str, bytes | str], settings: RunSettings) -> RuffFindings:
    found = ask(files, settings)
    assert isinstance(found, RuffFindings)
    return found


def test_findings_stand_where_the_file_has_them(settings: RunSettings) -> None:
    files = {"pkg/__init__.py": "from pkg.a import f\n", "pkg/a.py": UNTIDY, "pkg/b.py": "def g(x):\n    return x\n"}

    found = read(files, settings)

    assert [(f.at.start, f.symbol) for f in found.findings] == [(1, "F401"), *FOUND]
    assert {f.at.path for f in found.findings[1:]} == {"pkg/a.py"}
    assert (found.total, found.lines, found.broken, found.left_out) == (4, 9, (), 0)
    assert found.by_code == (("B006", 1), ("E722", 1), ("F401", 2))
    assert list(settings.scratch.iterdir()) == []


def test_cells_of_notebooks_are_read_in_their_places(settings: RunSettings) -> None:
    book = json.loads(
        notebook("import os\n%matplotlib inline\n!ls", "%%bash\nls\n", "x = (", "x = 1\nx == 2\nprint(x)")
    )
    book["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": "# Title"})

    found = read({"n.ipynb": json.dumps(book)}, settings)

    assert [(f.at.cell, f.at.start, f.symbol) for f in found.findings] == [(1, 1, "F401"), (4, 2, "B015")]
    assert (found.lines, found.broken) == (6, ())


def test_names_that_another_notebook_brings_are_no_findings(settings: RunSettings) -> None:
    brought, alone = notebook("%run setup.ipynb", "print(rows)"), notebook("import os.path", "print(rows, os)")

    assert read({"n.ipynb": brought}, settings).findings == ()
    assert [f.symbol for f in read({"n.ipynb": alone}, settings).findings] == ["F821"]


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("# ruff: noqa\n", id="the whole file"),
        pytest.param("# flake8: noqa\n", id="as flake8 has it"),
        pytest.param("# ruff: disable[F401, B006, E722]\n", id="a range"),
        pytest.param("# RUFF : NOQA\n", id="odd spelling"),
    ],
)
def test_comments_do_not_silence_it(comment: str, settings: RunSettings) -> None:
    found = read({"a.py": comment + UNTIDY}, settings)

    assert (found.total, found.suppressed) == (3, 1)
    assert read({"a.py": UNTIDY.replace("import os", "import os  # noqa: F401")}, settings).total == 3


def test_settings_of_the_projects_and_of_the_machine_are_not_read(
    settings: RunSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = "exclude = ['*']\nlint.ignore = ['ALL']\n"
    for folder in (settings.scratch, tmp_path, tmp_path / "home", tmp_path / "home/ruff"):
        folder.mkdir(exist_ok=True)
        (folder / "ruff.toml").write_text(everything)
    (settings.scratch / ".gitignore").write_text("*\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RUFF_CONFIG", str(tmp_path / "ruff.toml"))
    files = {
        "a.py": UNTIDY,
        "ruff.toml": everything,
        "pyproject.toml": "[tool.ruff]\nexclude = ['*']\n",
        ".gitignore": "*",
    }

    assert read(files, settings).total == 3


def test_a_file_that_does_not_parse_is_named_and_the_others_are_read(settings: RunSettings) -> None:
    found = read({"a.py": "print 'two'\n\nx = 1\n", "b.py": UNTIDY}, settings)

    assert (found.broken, found.broken_lines, found.total, found.lines) == (("a.py",), 2, 3, 6)


def test_tests_and_other_peoples_code_are_left_out(settings: RunSettings) -> None:
    files = {"tests/test_a.py": UNTIDY, "vendor/a.py": UNTIDY, ".venv/lib/a.py": UNTIDY, "README.md": "x"}

    assert read(files, settings) == RuffFindings(lines=0, findings=(), total=0)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xff\xfe" + UNTIDY.encode("utf-16-le"), id="UTF-16"),
        pytest.param(b"\xef\xbb\xbf" + UNTIDY.encode(), id="a byte order mark"),
        pytest.param(b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + UNTIDY.encode(), id="Latin-1"),
        pytest.param(UNTIDY.replace("\n", "\r\n").encode(), id="Windows line ends"),
    ],
)
def test_encodings(content: bytes, settings: RunSettings) -> None:
    found = read({"a.py": content}, settings)

    assert (found.total, found.broken) == (3, ())


def test_names_that_a_shell_or_an_option_parser_would_mistake(settings: RunSettings) -> None:
    files = {"--config=x.py": UNTIDY, "a b;c.py": UNTIDY, "d\ne.py": UNTIDY, "é/__init__.py": UNTIDY}

    assert {f.at.path for f in read(files, settings).findings} == set(files)


def test_more_findings_than_are_read_are_still_too_many(settings: RunSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_OUTPUT_BYTES", 20_000)
    files = {f"{n}.py": "x = 1; y = 2; " * 200 + "\n" for n in range(5)}

    found = read(files, settings)

    assert found.total == 5 * (399 + 1)  # between the statements, and a useless one at the end
    assert len(found.findings) == 20
    assert found == read(files, settings)


def test_a_ruff_that_does_not_end_is_a_gap(settings: RunSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_SECONDS", 0.0)

    found = ask({"a.py": UNTIDY}, settings)

    assert isinstance(found, Missing)
    assert found.cause == "timed-out"


def test_the_selection_is_known_to_ruff(tmp_path: Path) -> None:
    """A rule that a newer ruff renamed would be a finding less, and no error."""
    from ruff import find_ruff_bin

    outcome = run_tool(
        (find_ruff_bin(), "rule", "--all", "--output-format", "json"), cwd=tmp_path, seconds=50, output_bytes=20_000_000
    )
    known = [rule["code"] for rule in json.loads(outcome.stdout) if "Removed" not in rule["status"]]

    for chosen in (*SELECTION, *IGNORED):
        assert any(code.startswith(chosen) for code in known), chosen


@pytest.mark.parametrize(
    "text", ["x = " + "(" * 3_000, "x = " + "-" * 100_000 + "1", "a.b" * 50_000, "\x00", "if 1:\n" * 500]
)
def test_hostile_text_does_no_harm(text: str, settings: RunSettings) -> None:
    found = ask({"a.py": text, "n.ipynb": notebook(cell(text)), "b.py": UNTIDY}, settings)

    assert isinstance(found, RuffFindings)
    assert found.total >= 3
