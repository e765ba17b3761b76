"""From which folder, with which roots and options is a suite started?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.code import Code, Module
from evaluator.runs.testing.plan import GROUPS, carried, groups, pytest_settings, seen_tests, subjects
from evaluator.source.snapshot import Snapshot
from tests.runs.suites import code_of, imported

TEST = "def test_it():\n    assert 1\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"test_a.py": "", "tests/test_b.py": ""}, [("", ())], id="no manifest: the top"),
        pytest.param({"app/tests/test_b.py": "", "app/setup.py": ""}, [("app", ())], id="the only project lies below"),
        pytest.param(
            {"app/test_b.py": "", "app/requirements.txt": ""}, [("app", ())], id="requirements make a project"
        ),
        pytest.param(
            {"requirements.txt": "", "app/test_b.py": "", "app/requirements.txt": ""},
            [("", ())],
            id="not below a top that has its own",
        ),
        pytest.param(
            {"a/setup.py": "", "a/test_a.py": "", "test_b.py": "", "test_c.py": ""},
            [("", ("test_b.py", "test_c.py")), ("a", ("test_a.py",))],
            id="several: each is told its files, the largest first",
        ),
        pytest.param(
            {"pytest.ini": "[pytest]", "a/setup.py": "", "a/test_a.py": "", "b/test_b.py": ""},
            [("", ())],
            id="the top configures pytest",
        ),
        pytest.param(
            {"a/pytest.ini": "[pytest]", "a/tests/test_a.py": ""}, [("a", ())], id="a folder configures pytest"
        ),
    ],
)
def test_groups(files: dict[str, str], expected: list[tuple[str, tuple[str, ...]]]) -> None:
    files = {path: content or TEST for path, content in files.items()}

    found = groups(Snapshot.of(files), code_of(files))

    assert expected == [(group.cwd, group.paths) for group in found]


def test_groups_are_bounded() -> None:
    files = {f"p{n:02}/{name}": TEST for n in range(30) for name in ("setup.py", "test_a.py")}

    assert len(groups(Snapshot.of(files), code_of(files))) == GROUPS


def test_import_roots() -> None:
    """The folders that the project's own imports start from, after its own and ``src``."""
    files = {"app/setup.py": "", "app/src/core.py": "", "app/test_a.py": TEST, "lib/deep/x.py": "", "lib/deep/y.py": ""}
    imports = (
        imported("deep.x.f", "lib/deep/x.py"),
        imported("lib.deep.y", "lib/deep/y.py"),
        imported("y", "lib/deep/y.py"),
        imported("other", "lib/deep/x.py"),
    )
    modules = (*code_of(files).modules, Module(path="m.py", name="m", kind="module", imports=imports))

    (group,) = groups(Snapshot.of(files), Code(modules=modules))

    assert group.front == ("app", "app/src", "")
    assert group.back == ("lib", "lib/deep")


@pytest.mark.parametrize(
    ("addopts", "kept"),
    [
        pytest.param(
            "-q -ra --cov=pkg --cov-fail-under=80 -n auto -x --maxfail=1", (), id="reports, parallel, early stops"
        ),
        pytest.param("-m 'not slow' -k fast", ("-m", "not slow", "-k", "fast"), id="selection"),
        pytest.param("--ignore=a --deselect b::c", ("--ignore=a", "--deselect", "b::c"), id="left out"),
        pytest.param(
            "--import-mode=importlib --doctest-modules", ("--import-mode=importlib", "--doctest-modules"), id="mode"
        ),
        pytest.param("-p no:evaluator -p evil -c other.ini --rootdir=/ -o addopts=-x", (), id="plug-ins and files"),
        pytest.param("-m", (), id="no value"),
        pytest.param("-m 'open", (), id="open quote"),
        pytest.param("-mslow --co", (), id="other spellings are dropped"),
    ],
)
def test_carried(addopts: str, kept: tuple[str, ...]) -> None:
    assert kept == carried(addopts)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"pytest.ini": ""}, {}, id="an empty pytest.ini counts"),
        pytest.param(
            {"pytest.ini": "[pytest]\naddopts = -q\n", "tox.ini": "[pytest]\naddopts=-x"}, {"addopts": "-q"}, id="first"
        ),
        pytest.param({"setup.cfg": "[tool:pytest]\naddopts = %(x)s\n"}, {"addopts": "%(x)s"}, id="no interpolation"),
        pytest.param({"setup.cfg": "[pytest]\naddopts = -q\n"}, None, id="another section"),
        pytest.param(
            {"pyproject.toml": "[tool.pytest.ini_options]\naddopts = ['-m', 'a b']\n"},
            {"addopts": "-m 'a b'"},
            id="toml",
        ),
        pytest.param({"pyproject.toml": "[tool.pytest]\nx = 1\n"}, {"x": "1"}, id="pytest 9"),
        pytest.param({"pyproject.toml": "[tool.black]\n"}, None, id="toml without it"),
        pytest.param({"pyproject.toml": "["}, None, id="broken toml"),
    ],
)
def test_pytest_settings(files: dict[str, str], expected: dict[str, str] | None) -> None:
    assert expected == pytest_settings(Snapshot.of(files), "")


@given(
    st.sampled_from(["pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini", "pytest.toml"]), st.binary(max_size=400)
)
def test_settings_never_raise(name: str, content: bytes) -> None:
    snapshot = Snapshot.of({name: content})

    settings = pytest_settings(snapshot, "")

    assert settings is None or isinstance(carried(settings.get("addopts", "")), tuple)


@given(st.text(max_size=200))
def test_carried_never_raises(addopts: str) -> None:
    assert isinstance(carried(addopts), tuple)


def test_tests_seen() -> None:
    """Those that pytest's default rules collect."""
    source = (
        "import unittest\ndef test_a(): ...\ndef helper(): ...\nclass TestB:\n    def test_c(self): ...\n"
        "class Case(unittest.TestCase):\n    def test_d(self): ...\nclass Plain:\n    def test_e(self): ...\n"
        "def outer():\n    def test_inner(): ...\n"
    )

    seen = seen_tests(code_of({"tests/test_x.py": source, "model.py": source, "tests/test_none.py": "x = 1\n"}))

    assert {p: [d.qualname for d in tests] for p, tests in seen.items()} == {
        "tests/test_x.py": ["test_a", "TestB.test_c", "Case.test_d"]
    }


def test_subjects() -> None:
    """The project's own modules: no tests, set-up scripts, conftest, vendored or unreadable files."""
    kept = Module(path="pkg/a.py", name="pkg.a", kind="module")
    others = (
        Module(path="tests/test_a.py", name="t", kind="module", part="test", is_test=True),
        Module(path="tests/tools.py", name="t", kind="module", part="test"),
        Module(path="setup.py", name="setup", kind="module"),
        Module(path="conftest.py", name="conftest", kind="module"),
        Module(path="vendor/b.py", name="b", kind="module", part="vendored"),
        Module(path="c.ipynb", name="c.ipynb", kind="notebook"),
        Module(path="d.py", name="d", kind="module", error="line 1: invalid syntax"),
    )

    assert subjects(Code(modules=(kept, *others))) == ("pkg/a.py",)
