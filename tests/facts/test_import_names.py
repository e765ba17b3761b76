"""Which distribution an import needs, which imports count, and what may be installed from an import alone."""

from __future__ import annotations

import pytest

from evaluator.facts.code import Code, Import, Module
from evaluator.facts.import_names import canonical, distributions_of, installable, needs, table, vouched_for
from evaluator.facts.imported import imported
from evaluator.model import Span


def module(path: str, *names: str, **fields: object) -> Module:
    held = tuple(Import(name=name, at=Span(path=path, start=n, end=n)) for n, name in enumerate(names, 1))
    return Module(path=path, name=path, **({"kind": "module", "imports": held} | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "key", "first"),
    [
        pytest.param("cv2.imread", "cv2", "opencv-python", id="cv2"),
        pytest.param("sklearn.svm.SVC", "sklearn", "scikit-learn", id="sklearn"),
        pytest.param("mpl_toolkits.mplot3d.Axes3D", "mpl_toolkits", "matplotlib", id="a part of another"),
        pytest.param("google.cloud.storage.Client", "google.cloud.storage", "google-cloud-storage", id="namespace"),
        pytest.param("google.protobuf.message", "google.protobuf", "protobuf", id="another part of it"),
        pytest.param("numpy.linalg", "numpy", "numpy", id="same name"),
        pytest.param("some_thing.x", "some_thing", "some-thing", id="unknown"),
    ],
)
def test_distributions_of(name: str, key: str, first: str) -> None:
    found, distributions = distributions_of(name)

    assert (key, first) == (found, distributions[0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("PIL.Image", "pillow", id="mapped"),
        pytest.param("pandas", "pandas", id="known"),
        pytest.param("hydra", "hydra-core", id="another package bears the import's name"),
        pytest.param("google.colab.drive", None, id="comes with a hosted notebook"),
        pytest.param("my_colleagues_tool", None, id="unknown"),
        pytest.param("pandsa", None, id="a slip of the pen"),
    ],
)
def test_only_what_the_tables_vouch_for_may_be_installed(name: str, expected: str | None) -> None:
    assert expected == installable(name)


def test_needs_counts_what_comes_from_elsewhere() -> None:
    code = Code(
        modules=(
            module("app/main.py", "numpy", "sklearn.svm", "utils.x", "google.colab"),
            module("app/utils.py"),
            module("venv/x.py", "evil", part="environment"),
            module("setup.py", "setuptools"),
            module("tests/test_a.py", "pytest", "numpy", part="test"),
        )
    )

    assert [(n.name, n.at.path, n.tests_only) for n in needs(code)] == [
        ("numpy", "app/main.py", False),
        ("pytest", "tests/test_a.py", True),
        ("sklearn", "app/main.py", False),
    ]


@pytest.mark.parametrize("field", ["stdlib", "optional", "missing"])
def test_imports_that_are_not_needed(field: str) -> None:
    held = (
        Import(name="numpy", at=Span(path="a.py"), **{field: True}),
        Import(name="x", local="x.py", at=Span(path="a.py")),
    )

    assert needs(Code(modules=(Module(path="a.py", name="a", kind="module", imports=held),))) == ()


def test_an_import_in_code_wins_over_one_in_tests() -> None:
    code = Code(modules=(module("a_test.py", "numpy", is_test=True), module("b.py", "numpy")))

    assert [(n.at.path, n.tests_only) for n in needs(code)] == [("b.py", False)]


def test_imported_counts_what_could_not_be_read() -> None:
    found = imported(code=Code(modules=(module("a.py", "numpy"), module("b.py", error="line 1")), skipped=("c.py",)))

    assert (found.read, found.unread) == (1, 2)


def test_the_tables_are_in_order() -> None:
    """Normalised names, no doubles, enough of them."""
    kept = table()

    assert len(kept.provides) >= 150
    assert len(set(kept.known)) == len(kept.known)
    for held in (*kept.provides.values(), kept.windows_only, kept.backports, tuple(kept.renamed.values())):
        assert [canonical(name) for name in held] == list(held)
    assert vouched_for("scikit-learn")
    assert not vouched_for("scikit-lean")
