"""What counts as declared, as pinned, and as a Python version: by table, imitations among them."""

from __future__ import annotations

import pytest

from evaluator.facts.code import Code, Module
from evaluator.facts.import_names import Need, distributions_of
from evaluator.facts.imported import Imported
from evaluator.facts.manifests.found import COMPUTED
from evaluator.facts.packaging import Manifest, ManifestKind, Packaging, PythonStated, Requirement
from evaluator.facts.r_scripts import RManifest, RScript, RScripts
from evaluator.facts.r_work import RPackage
from evaluator.model import Measured, NotApplicable, Span, Unknown
from evaluator.signals.reproducibility.dependencies import (
    dependencies_declared,
    dependencies_pinned,
    python_version_stated,
)

NO_R = RScripts()


def need(name: str, *, tests_only: bool = False, cell: int | None = None) -> Need:
    return Need(
        name=name,
        at=Span(path="main.py", start=1, end=1, cell=cell),
        distributions=distributions_of(name)[1],
        tests_only=tests_only,
    )


def imports(*names: str) -> Imported:
    return Imported(needs=tuple(need(name) for name in names), read=1)


def manifest(path: str, kind: ManifestKind, *lines: str, errors: tuple[str, ...] = ()) -> Manifest:
    """Return a manifest; ``==`` in a line pins it, ``~=`` bounds it, a name in brackets before it is its group."""
    held = []
    for number, line in enumerate(lines, 1):
        group, _, rest = line.rpartition("]")
        name = rest.split("=")[0].split("~")[0].split(">")[0]
        held.append(
            Requirement(
                name=name,
                raw=rest,
                at=Span(path=path, start=number, end=number),
                group=group.strip("["),
                pinned="==" in rest,
                bounded="==" in rest or "~=" in rest,
            )
        )
    failed = tuple((Span(path=path), error) for error in errors)
    return Manifest(path=path, kind=kind, requirements=tuple(held), errors=failed)


def packaging(*manifests: Manifest, followed: tuple[str, ...] = ()) -> Packaging:
    return Packaging(manifests=manifests, followed=followed)


def reqs(*lines: str, path: str = "requirements.txt") -> Manifest:
    return manifest(path, "requirements", *lines)


TEN = tuple(f"package{n}" for n in range(10))


@pytest.mark.parametrize(
    ("imported", "found", "level"),
    [
        pytest.param(imports("numpy", "pandas"), packaging(reqs("numpy", "pandas")), 2, id="all"),
        pytest.param(imports(*TEN), packaging(reqs(*TEN[:9])), 2, id="nine of ten"),
        pytest.param(imports(*TEN), packaging(reqs(*TEN[:8])), 1, id="eight of ten"),
        pytest.param(imports("numpy", "joblib"), packaging(reqs("numpy")), 1, id="one through another package"),
        pytest.param(
            imports("cv2", "sklearn", "PIL", "yaml"),
            packaging(reqs("opencv-python-headless", "scikit-learn", "pillow", "pyyaml")),
            2,
            id="other names",
        ),
        pytest.param(
            imports("sklearn"), packaging(reqs("sklearn")), 2, id="a name that refuses to install is another fault"
        ),
        pytest.param(
            imports("google.cloud.storage"),
            packaging(reqs("google-cloud-bigquery")),
            0,
            id="another part of a namespace",
        ),
        pytest.param(
            imports("numpy", "pandas"),
            packaging(reqs("numpy"), manifest("setup.py", "setup.py", "pandas")),
            2,
            id="union",
        ),
        pytest.param(
            imports("numpy", "pytest"),
            packaging(reqs("numpy"), reqs("[dev]pytest", path="requirements-dev.txt")),
            2,
            id="a group counts",
        ),
        pytest.param(
            imports("numpy", "joblib"),
            packaging(
                manifest("pyproject.toml", "pyproject", "numpy"),
                manifest("uv.lock", "uv.lock", "numpy==1", "joblib==1"),
            ),
            1,
            id="a lock beside its manifest declares nothing more",
        ),
        pytest.param(
            imports("numpy"), packaging(manifest("conda-lock.yml", "conda-lock", "numpy==1")), 2, id="a lock alone"
        ),
        pytest.param(
            imports("numpy"), packaging(manifest("Dockerfile", "dockerfile", "numpy")), 1, id="an image alone"
        ),
        pytest.param(imports("numpy"), packaging(manifest("ci.yml", "ci", "numpy")), 1, id="CI alone"),
        pytest.param(imports("numpy"), packaging(manifest("README.md", "readme", "numpy")), 0, id="README alone"),
        pytest.param(imports("numpy"), packaging(reqs("flask")), 0, id="a manifest of something else"),
        pytest.param(imports("numpy"), packaging(reqs()), 0, id="an empty manifest"),
        pytest.param(imports("numpy"), packaging(), 0, id="nothing"),
        pytest.param(
            Imported(needs=(need("numpy"), need("hypothesis", tests_only=True)), read=1),
            packaging(reqs("numpy")),
            2,
            id="tests' own imports",
        ),
        pytest.param(
            Imported(needs=(need("numpy"), need("IPython", cell=1)), read=1),
            packaging(reqs("numpy")),
            2,
            id="a notebook's IPython",
        ),
    ],
)
def test_dependencies_declared(imported: Imported, found: Packaging, level: int) -> None:
    answer = dependencies_declared(imported=imported, packaging=found, r=NO_R)

    assert isinstance(answer, Measured)
    assert level == answer.value
    assert answer.evidence


def test_what_is_not_declared_is_shown_where_it_is_imported() -> None:
    answer = dependencies_declared(imported=imports("numpy", "joblib"), packaging=packaging(reqs("numpy")), r=NO_R)

    assert isinstance(answer, Measured)
    assert [e.note for e in answer.evidence] == ["imports joblib (joblib), which no manifest names"]
    assert answer.summary == "1 of 2 imported packages are declared (requirements.txt)"


def test_dependencies_declared_not_asked() -> None:
    assert isinstance(
        dependencies_declared(imported=imports(), packaging=packaging(reqs("numpy")), r=NO_R), NotApplicable
    )


def test_dependencies_declared_of_code_that_cannot_be_read() -> None:
    assert isinstance(
        dependencies_declared(imported=Imported(needs=(), read=0, unread=2), packaging=packaging(), r=NO_R), Unknown
    )


@pytest.mark.parametrize(
    ("found", "level"),
    [
        pytest.param(packaging(reqs("a==1", "b==1")), 2, id="all pinned"),
        pytest.param(packaging(reqs(*(f"{n}==1" for n in TEN[:9]), TEN[9])), 2, id="nine of ten"),
        pytest.param(packaging(reqs("a==1", "b", "c")), 1, id="a third"),
        pytest.param(packaging(reqs("a~=1", "b~=1")), 1, id="bounded on both sides"),
        pytest.param(packaging(reqs("a==1", "b", "c", "d")), 0, id="a quarter"),
        pytest.param(packaging(reqs("a>=1", "b")), 0, id="bounded below"),
        pytest.param(
            packaging(manifest("uv.lock", "uv.lock", "a==1", "b==1"), manifest("pyproject.toml", "pyproject", "a")),
            2,
            id="a lock",
        ),
        pytest.param(
            packaging(manifest("uv.lock", "uv.lock"), manifest("pyproject.toml", "pyproject", "a")),
            0,
            id="an empty lock",
        ),
        pytest.param(
            packaging(manifest("uv.lock", "uv.lock", "x==1"), manifest("pyproject.toml", "pyproject", "a", "b")),
            0,
            id="a lock of something else",
        ),
        pytest.param(
            packaging(
                manifest("uv.lock", "uv.lock", "a==1"),
                manifest("pyproject.toml", "pyproject", "a"),
                reqs("a"),
                followed=("requirements.txt",),
            ),
            0,
            id="an install that does not follow the lock",
        ),
        pytest.param(
            packaging(reqs("a"), reqs("a==1", path="app/requirements.txt"), followed=("app/requirements.txt",)),
            2,
            id="the followed one",
        ),
        pytest.param(
            packaging(
                reqs("a==1"),
                reqs("a", path="app/requirements.txt"),
                followed=("app/requirements.txt", "requirements.txt"),
            ),
            2,
            id="that of the whole before that of a part",
        ),
        pytest.param(
            packaging(manifest("uv.lock", "uv.lock", "a==1"), reqs("a"), followed=("requirements.txt", "uv.lock")),
            2,
            id="a lock that some install follows",
        ),
        pytest.param(packaging(reqs("a==1"), reqs("a", path="app/requirements.txt")), 2, id="the shallowest one"),
        pytest.param(packaging(reqs("a==1", "[dev]pytest", "[dev]ruff")), 2, id="groups are not direct"),
        pytest.param(packaging(manifest("Dockerfile", "dockerfile", "a==1")), 1, id="an image's pins alone"),
        pytest.param(packaging(manifest("Dockerfile", "dockerfile", "a")), 0, id="an image, open"),
        pytest.param(packaging(manifest("README.md", "readme", "a==1")), 0, id="prose is no manifest"),
        pytest.param(packaging(), 0, id="nothing"),
        pytest.param(
            packaging(manifest("pyproject.toml", "pyproject", errors=("not TOML",))), 0, id="a broken manifest"
        ),
    ],
)
def test_dependencies_pinned(found: Packaging, level: int) -> None:
    answer = dependencies_pinned(imported=imports("a"), packaging=found, r=NO_R)

    assert isinstance(answer, Measured)
    assert level == answer.value
    assert answer.evidence


def test_dependencies_pinned_not_asked() -> None:
    assert isinstance(dependencies_pinned(imported=imports(), packaging=packaging(), r=NO_R), NotApplicable)


def test_a_manifest_whose_content_is_not_here_is_no_verdict() -> None:
    """A partial copy, or a setup.py that computes its list: nobody can tell by reading."""
    for reason in ("its content is not here", COMPUTED):
        found = packaging(manifest("setup.py", "setup.py", errors=(reason,)))

        assert isinstance(dependencies_declared(imported=imports("numpy"), packaging=found, r=NO_R), Unknown)
        assert isinstance(dependencies_pinned(imported=imports("numpy"), packaging=found, r=NO_R), Unknown)


def test_a_lock_whose_content_is_not_here_is_no_verdict() -> None:
    found = packaging(
        manifest("uv.lock", "uv.lock", errors=("its content is not here",)),
        manifest("pyproject.toml", "pyproject", "a"),
    )

    assert isinstance(dependencies_pinned(imported=imports("a"), packaging=found, r=NO_R), Unknown)


CODE = Code(modules=(Module(path="main.py", name="main", kind="module"),))


def python(version: str, where: str) -> PythonStated:
    return PythonStated(at=Span(path="x"), version=version, where=where)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stated", "level"),
    [
        pytest.param([python(">=3.10", "metadata")], 2, id="metadata"),
        pytest.param([python("3.9.7", "version-file")], 2, id="version file"),
        pytest.param([python("3.11", "dockerfile")], 2, id="image"),
        pytest.param([python("3.8", "environment")], 2, id="environment file"),
        pytest.param([python("3.12", "ci")], 2, id="CI"),
        pytest.param([python("3.8", "prose"), python("3.9", "ci")], 2, id="both"),
        pytest.param([python("3.8+", "prose")], 1, id="prose"),
        pytest.param([python("3", "prose")], 1, id="prose without a minor version"),
        pytest.param([python("3", "dockerfile")], 1, id="an image without a minor version"),
        pytest.param([], 0, id="nowhere"),
    ],
)
def test_python_version_stated(stated: list[PythonStated], level: int) -> None:
    answer = python_version_stated(code=CODE, packaging=Packaging(manifests=(), python=tuple(stated)))

    assert isinstance(answer, Measured)
    assert level == answer.value
    assert answer.evidence


def test_python_version_stated_not_asked() -> None:
    answer = python_version_stated(code=Code(modules=()), packaging=Packaging(manifests=()))

    assert isinstance(answer, NotApplicable)


def in_r(*names: str, installs: tuple[str, ...] = (), manifests: tuple[RManifest, ...] = ()) -> RScripts:
    packages = tuple(RPackage(name=name, at=Span(path="a.R")) for name in names)
    script = RScript(path="a.R", top=9, inner=0, functions=0, packages=packages, installs=installs)
    return RScripts(scripts=(script,), manifests=manifests)


LOCK = RManifest(path="renv.lock", names=("caret", "dplyr"), locked=True)
DESCRIPTION = RManifest(path="DESCRIPTION", names=("caret",), locked=False)


@pytest.mark.parametrize(
    ("r", "stated", "fixed"),
    [
        pytest.param(in_r("caret", "dplyr", manifests=(LOCK,)), 2, 2, id="a lock"),
        pytest.param(in_r("caret", manifests=(DESCRIPTION,)), 2, 0, id="a description"),
        pytest.param(in_r("caret", "dplyr", manifests=(DESCRIPTION,)), 1, 0, id="a description of half of them"),
        pytest.param(in_r("caret", installs=("caret",)), 1, 0, id="install lines alone"),
        pytest.param(in_r("caret", installs=("mlr",)), 0, 0, id="install lines of something else"),
        pytest.param(in_r("caret"), 0, 0, id="nothing"),
    ],
)
def test_packages_of_r(r: RScripts, stated: int, fixed: int) -> None:
    named = dependencies_declared(imported=Imported(needs=(), read=0), packaging=packaging(), r=r)
    locked = dependencies_pinned(imported=Imported(needs=(), read=0), packaging=packaging(), r=r)

    assert isinstance(named, Measured)
    assert isinstance(locked, Measured)
    assert (named.value, locked.value) == (stated, fixed)
    assert named.evidence
    assert locked.evidence


def test_a_project_in_r_without_packages_is_not_asked() -> None:
    nothing = Imported(needs=(), read=0)

    assert isinstance(dependencies_declared(imported=nothing, packaging=packaging(), r=in_r()), NotApplicable)
    assert isinstance(dependencies_pinned(imported=nothing, packaging=packaging(), r=in_r()), NotApplicable)


def test_packages_of_python_are_judged_before_those_of_r_beside_them() -> None:
    answer = dependencies_declared(imported=imports("numpy"), packaging=packaging(reqs("numpy")), r=in_r("caret"))

    assert isinstance(answer, Measured)
    assert answer.value == 2
