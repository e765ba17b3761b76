from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.tree import Tree, tree
from evaluator.model import Subject
from evaluator.source.snapshot import Entry, Snapshot


def parts(*paths: str) -> dict[str, str]:
    return {f.path: f.part for f in tree(Snapshot.of(dict.fromkeys(paths, ""))).files}


@pytest.mark.parametrize(
    ("path", "part"),
    [
        pytest.param("train.py", "own", id="script"),
        pytest.param("src/pkg/model.py", "own", id="module"),
        pytest.param("notebooks/eda.ipynb", "own", id="notebook"),
        pytest.param("data/train.csv", "own", id="data"),
        pytest.param("requirements.txt", "own", id="manifest"),
        pytest.param("uv.lock", "own", id="lock file"),
        pytest.param("build/Dockerfile", "own", id="a folder for build files"),
        pytest.param("test.py", "own", id="a script that evaluates"),
        pytest.param("demo/app.py", "own", id="demo"),
        pytest.param("env/cartpole.py", "own", id="an environment to learn in"),
        pytest.param("venv.py", "own", id="a name like an environment"),
        pytest.param("src/cache.py", "own", id="a name like a cache"),
        pytest.param("bin/run", "own", id="bin without an environment"),
        pytest.param("tests/test_model.py", "test", id="test"),
        pytest.param("tests/unit/test_model.py", "test", id="test in a sub-folder"),
        pytest.param("tests/conftest.py", "test", id="conftest"),
        pytest.param("test_model.py", "test", id="test beside the code"),
        pytest.param("src/model_test.py", "test", id="test by suffix"),
        pytest.param("app/tests.py", "test", id="tests of Django"),
        pytest.param("examples/use.py", "example", id="example"),
        pytest.param("data/samples/a.csv", "own", id="samples of data"),
        pytest.param("docs/conf.py", "docs", id="docs"),
        pytest.param("README.md", "docs", id="prose"),
        pytest.param("vendor/lib.py", "vendored", id="vendor"),
        pytest.param("src/third_party/x.py", "vendored", id="third party"),
        pytest.param("versioneer.py", "vendored", id="versioneer"),
        pytest.param("api/model_pb2.py", "generated", id="protobuf"),
        pytest.param("api/model_pb2_grpc.py", "generated", id="grpc"),
        pytest.param("static/app.min.js", "generated", id="minified"),
        pytest.param("app/migrations/0001_initial.py", "generated", id="migration of Django"),
        pytest.param("migrations/versions/abc_x.py", "generated", id="migration of alembic"),
        pytest.param("migrations/env.py", "own", id="set-up of alembic"),
        pytest.param("build/lib/pkg/x.py", "generated", id="build"),
        pytest.param("dist/x-1.0.tar.gz", "generated", id="dist"),
        pytest.param("pkg.egg-info/PKG-INFO", "generated", id="egg-info"),
        pytest.param("mlruns/0/meta.yaml", "generated", id="mlruns"),
        pytest.param("__pycache__/x.cpython-311.pyc", "cache", id="pycache"),
        pytest.param("x.pyc", "cache", id="pyc"),
        pytest.param("a/.ipynb_checkpoints/b-checkpoint.ipynb", "cache", id="checkpoints"),
        pytest.param(".DS_Store", "cache", id="DS_Store"),
        pytest.param("a/Thumbs.db", "cache", id="Thumbs.db"),
        pytest.param(".idea/workspace.xml", "cache", id="idea"),
        pytest.param("x.py~", "cache", id="backup"),
        pytest.param(".venv/bin/pip", "environment", id=".venv"),
        pytest.param("node_modules/x/index.js", "environment", id="node_modules"),
        pytest.param("x/site-packages/numpy/__init__.py", "environment", id="site-packages"),
        pytest.param("tests/__pycache__/test_x.pyc", "cache", id="cache within tests"),
        pytest.param(".venv/lib/x/tests/test_x.py", "environment", id="tests within an environment"),
    ],
)
def test_part(path: str, part: str) -> None:
    assert parts(path) == {path: part}


@pytest.mark.parametrize(
    "proof",
    [
        pytest.param("env/pyvenv.cfg", id="pyvenv.cfg"),
        pytest.param("env/bin/activate.fish", id="activation"),
        pytest.param("env/Scripts/activate.bat", id="activation on Windows"),
        pytest.param("env/conda-meta/history", id="conda"),
        pytest.param("env/lib/python3.11/site-packages/x.py", id="site-packages"),
        pytest.param("env/Lib/site-packages/x.py", id="site-packages on Windows"),
    ],
)
def test_environment_of_any_name(proof: str) -> None:
    found = parts(proof, "env/bin/pip", "env/lib/python3.11/x.py", "bin/run", "src/env/a.py")

    assert {p for p, part in found.items() if part == "environment"} == {
        proof,
        "env/bin/pip",
        "env/lib/python3.11/x.py",
    }


def test_code_beside_a_made_up_environment_is_not_hidden() -> None:
    """A pyvenv.cfg dropped into the sources, or an environment at the root, hides nothing that no tool put there."""
    found = parts(
        "src/pyvenv.cfg", "src/model.py", "src/lib/x.py", "pyvenv.cfg", "bin/python", "train.py", "scripts/a.py"
    )

    assert {p for p, part in found.items() if part == "own"} == {
        "src/model.py",
        "src/lib/x.py",
        "train.py",
        "scripts/a.py",
    }


@pytest.mark.parametrize(
    ("paths", "tests"),
    [
        pytest.param(["test/test_x.py", "test/data.csv"], {"test/test_x.py", "test/data.csv"}, id="test with a test"),
        pytest.param(["test/a.png", "test/b.png"], set(), id="test with images"),
        pytest.param(["test/train.py", "test/model.py"], set(), id="the whole project lies in test"),
        pytest.param(["tests/a.png"], set(), id="tests with images"),
        pytest.param(["tests/a.py", "tests/f.json"], {"tests/a.py", "tests/f.json"}, id="tests with code"),
        pytest.param(["tests/__init__.py"], set(), id="tests with nothing"),
        pytest.param(["data/test/a.py", "data/tests/b.py"], set(), id="data to test on"),
        pytest.param(["Tests/check.R"], {"Tests/check.R"}, id="another language"),
    ],
)
def test_folders_for_tests(paths: list[str], tests: set[str]) -> None:
    assert {p for p, part in parts(*paths).items() if part == "test"} == tests


def test_what_is_known_of_a_file_is_kept() -> None:
    entries = [
        Entry(path="away.bin", size=None, here=False, at_least=50_000_001),
        Entry(path="model.bin", size=130, lfs=True),
        Entry(path="sub", kind="submodule", here=False),
        Entry(path="to", kind="symlink", size=3),
    ]
    subject = Subject(source="local", name="p")
    snapshot = Snapshot(subject=subject, entries={e.path: e for e in entries}, read_blob=lambda _: b"", truncated=True)

    found = tree(snapshot)

    assert isinstance(found, Tree)
    assert found.truncated
    assert [(f.path, f.kind, f.size, f.here, f.lfs, f.at_least, f.part) for f in found.files] == [
        ("away.bin", "file", None, False, False, 50_000_001, "own"),
        ("model.bin", "file", 130, True, True, 0, "own"),
        ("sub", "submodule", None, False, False, 0, "vendored"),
        ("to", "symlink", 3, True, False, 0, "own"),
    ]


@given(st.lists(st.text(alphabet="ab/._\\\n~testsdocsvenvlib", min_size=1, max_size=30), max_size=6))
def test_any_name_has_a_part(paths: list[str]) -> None:
    assert set(parts(*paths)) == set(paths)
