"""Real environments, built by uv from wheels that the test made: what is declared, what is repaired, whose fault it is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluator.facts.code import Code, Import, Module
from evaluator.facts.imported import Imported, imported
from evaluator.model import Missing, Span, Subject
from evaluator.runs import environment_start
from evaluator.runs.environment import Environment
from evaluator.runs.environment_start import environment, moment
from evaluator.runs.installing import building, given
from evaluator.runs.installing.interpreters import Installed, installed
from evaluator.runs.installing.python_choice import Choice
from evaluator.runs.settings import Budget, RunSettings
from evaluator.sandbox.api import Recorded, RunOutcome
from evaluator.source.snapshot import Snapshot
from tests.facts.test_packaging import read
from tests.runs.wheels import index, wheel

HERE = sys.version_info[:2]


@pytest.fixture
def links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that is the user's only source of packages; nothing else of this user's settings is read."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_")):
            monkeypatch.delenv(name)
    folder = tmp_path / "links"
    for version in ("1.0", "2.0"):
        wheel(folder, "alpha", version)
        wheel(folder, "beta", version, requires=("alpha>=1",))
    wheel(folder, "needy", "1.0", requires=("alpha==1.0",))
    wheel(folder, "scikit-learn", "1.5", modules={"sklearn/__init__.py": ""})
    wheel(folder, "numpy", "1.26", modules={"numpy/__init__.py": ""})
    wheel(folder, "far", "1.0", tag="cp399-cp399-manylinux_2_28_x86_64")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(environment_start, "installed", only_this_python)
    return folder


def only_this_python() -> Installed:
    """Return the interpreters of this machine, but only of our own version: the wheel of coverage fits no other."""
    return Installed({minor: paths for minor, paths in installed().candidates.items() if minor == HERE})


def code(*imports: str) -> Code:
    """Return the code of a project whose one module has these imports."""
    held = tuple(
        Import(name=name, at=Span(path="main.py", start=n, end=n), stdlib=name == "os")
        for n, name in enumerate(imports, 1)
    )
    return Code(modules=(Module(path="main.py", name="main", kind="module", imports=held),))


@pytest.fixture
def build(tmp_path: Path, links: Path) -> Callable[..., Environment | Missing]:
    """Build the environment of a project made of ``files`` and ``imports``."""

    def make(
        files: dict[str, str | bytes],
        *imports: str,
        as_of: str | None = "2024-03-01T00:00:00Z",
        **settings: object,
    ) -> Environment | Missing:
        scratch = Path(tempfile.mkdtemp(prefix="scratch-", dir=tmp_path))
        said = {"permitted": "all", "scratch": scratch, "cache": tmp_path / "cache"} | settings
        snapshot = Snapshot.of(files, subject=Subject(source="local", name="project", as_of=as_of))
        made = environment(
            snapshot=snapshot,
            packaging=read(files),
            code=code(*imports),
            imported=imported(code=code(*imports)),
            settings=RunSettings(**said),  # type: ignore[arg-type]
            sandbox=Recorded(RunOutcome(exit_code=0)),
        )
        assert isinstance(made, (Environment, Missing))
        return made

    return make


def theirs(made: Environment) -> dict[str, str]:
    """Return what is installed but for what pytest and coverage bring."""
    ours = {"pytest", "coverage", "iniconfig", "packaging", "pluggy", "pygments", "colorama", "tomli", "exceptiongroup"}
    return {name: version for name, version in made.installed.items() if name not in ours}


def test_as_declared(build) -> None:
    made = build({"requirements.txt": "alpha==1.0\nbeta\n"}, "alpha", "beta")

    assert theirs(made) == {"alpha": "1.0", "beta": "2.0"}
    assert (made.strategy, made.manifest) == ("as-of-commit", "requirements.txt")
    assert (made.repairs, made.repaired_for_candidate, made.departures, made.unmet) == ((), 0, (), ())
    assert made.own == ("pytest", "coverage")
    assert {"pytest", "coverage"} <= made.installed.keys()


def test_the_environment_works_and_is_shown(build) -> None:
    """The interpreter starts, finds what was installed, and every folder it needs is named."""
    made = build({"requirements.txt": "alpha\n"}, "alpha")

    script = "import alpha, sys; print(alpha.VERSION, sys.base_prefix, sys.prefix)"
    version, base, prefix = subprocess.run(
        [made.python, "-c", script], capture_output=True, check=True, text=True, cwd="/"
    ).stdout.split()
    assert version == "2.0"
    assert prefix in made.folders
    assert base in made.folders or base.startswith("/usr")
    assert made.version == ".".join(str(n) for n in sys.version_info[:3]) or made.version.startswith("3.")
    assert (made.kept().python, made.kept().folders) == ("", {})


@pytest.mark.parametrize(
    ("files", "installed_then", "for_candidate", "said"),
    [
        pytest.param(
            {"requirements.txt": "alpha\nseabor\n"},
            {"alpha": "2.0"},
            1,
            "`seabor` is not known to the index",
            id="typo",
        ),
        pytest.param(
            {"requirements.txt": "alpha==9.9\n"}, {"alpha": "2.0"}, 1, "names no existing version", id="no such version"
        ),
        pytest.param(
            {"requirements.txt": "alpha=1.0\n"}, {"alpha": "1.0"}, 1, "was read as `alpha==1.0`", id="single equals"
        ),
        pytest.param({"requirements.txt": "alpha\nwarnings\n"}, {"alpha": "2.0"}, 1, "is part of Python", id="stdlib"),
        pytest.param(
            {"requirements.txt": "alpha\nargparse\n"},
            {"alpha": "2.0"},
            0,
            "is part of Python",
            id="a harmless backport",
        ),
        pytest.param(
            {"requirements.txt": "alpha\npywin32==300\n"}, {"alpha": "2.0"}, 1, "for Windows alone", id="Windows only"
        ),
        pytest.param(
            {"requirements.txt": "alpha\npywin32; sys_platform == 'win32'\n"},
            {"alpha": "2.0"},
            0,
            "",
            id="Windows, marked",
        ),
        pytest.param(
            {"requirements.txt": "sklearn==0.0\n"}, {"scikit-learn": "1.5"}, 1, "`scikit-learn` was taken", id="sklearn"
        ),
        pytest.param(
            {"requirements.txt": "numpy @ file:///C:/ci/numpy\n"},
            {"numpy": "1.26"},
            1,
            "folder of another machine",
            id="conda freeze",
        ),
        pytest.param(
            {"requirements.txt": "alpha\nother @ git+https://example.org/other\n"},
            {"alpha": "2.0"},
            0,
            "at an address that is not asked",
            id="git",
        ),
        pytest.param(
            {"requirements.txt": "alpha==1.0\nalpha==2.0\n"},
            {"alpha": "2.0"},
            1,
            "beside the other",
            id="contradiction",
        ),
        pytest.param(
            {"requirements.txt": "alpha==2.0\nneedy\n"},
            {"alpha": "1.0", "needy": "1.0"},
            1,
            "beside the other",
            id="clash",
        ),
        pytest.param(
            {"requirements.txt": "alpha\nfar\n"}, {"alpha": "2.0"}, 0, "has no wheel for Python", id="no wheel here"
        ),
        pytest.param(
            {"requirements.txt": "alpha\npip install beta\n"},
            {"alpha": "2.0"},
            1,
            "pip install beta",
            id="no requirement",
        ),
        pytest.param(
            {"requirements.txt": "alpha==1.0\nbeta\n".encode("utf-16")},
            {"alpha": "1.0", "beta": "2.0"},
            0,
            "",
            id="UTF-16",
        ),
        pytest.param({"requirements.txt": "alpha==1.0+cu121\n"}, {"alpha": "1.0"}, 1, "local build", id="local label"),
        pytest.param(
            {"environment.yml": "dependencies:\n- alpha=1.0\n- only-conda-has-it\n"},
            {"alpha": "1.0"},
            0,
            "is known to conda alone",
            id="conda",
        ),
        pytest.param(
            {"Pipfile": '[packages]\nalpha = "*"\n"--index-url=http://evil" = "*"\n'},
            {"alpha": "2.0"},
            1,
            "is no requirement",
            id="an option as a name",
        ),
        pytest.param(
            {"requirements.txt": "-r gone.txt\nalpha\n"},
            {"alpha": "2.0"},
            1,
            "not in the repository",
            id="a lost include",
        ),
    ],
)
def test_repairs(
    build,
    files: dict[str, str | bytes],
    installed_then: dict[str, str],
    for_candidate: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each is a sentence, and counts against the project only where nobody could install what it declares."""
    monkeypatch.setattr(building, "ADDED", {})

    made = build(files)

    assert installed_then == theirs(made)
    assert for_candidate == made.repaired_for_candidate
    assert said in "; ".join(made.repairs)
    assert bool(said) == bool(made.repairs)


def test_what_exists_as_source_alone_is_left_out_by_us(build, links: Path) -> None:
    """Whether it is asked for directly or by something else; no older version is taken for one that needs it."""
    for name in ("source-only", "deep-source"):
        (links / f"{name.replace('-', '_')}-1.0.tar.gz").write_bytes(b"")
    wheel(links, "user", "2.0", requires=("deep-source",))
    wheel(links, "user", "1.0")

    made = build({"requirements.txt": "alpha\nsource-only\nuser==2.0\n"}, "alpha", "source_only")

    assert theirs(made) == {"alpha": "2.0"}
    assert [(d.name, d.what, d.fault) for d in made.departures] == [
        ("source-only", "left-out", "tool"),
        ("user", "left-out", "tool"),
    ]
    assert made.departures[0].missed == ("source_only",)
    assert "exists as source" in made.repairs[0]
    assert "needs something that exists as source alone" in made.repairs[1]


def test_a_version_without_a_wheel_here_gives_way_to_a_later_one(build, links: Path) -> None:
    wheel(links, "gamma", "1.0")
    wheel(links, "gamma", "2.0", tag="cp399-cp399-manylinux_2_28_x86_64")
    wheel(links, "gamma", "3.0")

    made = build({"requirements.txt": "gamma==2.0\n"})

    assert theirs(made) == {"gamma": "3.0"}
    assert [(d.what, d.fault) for d in made.departures] == [("loosened", "machine")]


def test_many_lines_at_fault(build) -> None:
    names = [f"unheard-of-{n}" for n in range(8)]

    made = build({"requirements.txt": "\n".join(["alpha", *names])})

    assert theirs(made) == {"alpha": "2.0"}
    assert made.repaired_for_candidate == 8


def test_an_import_that_a_slip_of_the_pen_leaves_unmet(build) -> None:
    made = build({"requirements.txt": "alpha\nscikit-lern\n"}, "alpha", "sklearn")

    assert made.unmet == ("sklearn",)
    assert [d.missed for d in made.departures] == [("sklearn",)]


def test_another_interpreter_is_taken_where_it_alone_has_wheels(build, links: Path, monkeypatch) -> None:
    have = installed()
    others = [m for m in have.minors() if abs(m[1] - HERE[1]) == 1 and have.get(m)]
    if not others:
        pytest.skip("no interpreter of a neighbouring version is installed")
    tag = f"cp3{others[0][1]}-none-any"
    wheel(links, "delta", "1.0", tag=tag)
    pair = Installed({m: p for m, p in have.candidates.items() if m in {HERE, others[0]}})
    monkeypatch.setattr(environment_start, "installed", lambda: pair)
    monkeypatch.setattr(environment_start, "choose", lambda *_: Choice(minors=(HERE, others[0])))
    monkeypatch.setattr(building, "ADDED", {})

    made = build({"requirements.txt": "delta\n"})

    assert theirs(made) == {"delta": "1.0"}
    assert made.version.startswith(f"3.{others[0][1]}.")
    assert f"Python 3.{others[0][1]} was taken" in made.repairs[0]


def test_an_index_that_tells_dates_is_read_as_of_the_commit(build, links, monkeypatch) -> None:
    """Where those versions have no wheel for the interpreter, as of today; what was tried is kept."""
    wheel(links, "gamma", "1.0", tag="cp399-cp399-manylinux_2_28_x86_64")
    wheel(links, "gamma", "2.0")
    uploaded = {
        "alpha-2.0-py3-none-any.whl": "2024-06-01T00:00:00Z",
        "gamma-2.0-py3-none-any.whl": "2024-06-01T00:00:00Z",
    }
    with index(links, uploaded) as (address, _):
        for name in ("PIP_FIND_LINKS", "PIP_NO_INDEX"):
            monkeypatch.delenv(name)
        monkeypatch.setenv("PIP_INDEX_URL", address)

        then = build({"requirements.txt": "alpha\n"})
        today = build({"requirements.txt": "alpha\ngamma\n"})
        undated = build({"requirements.txt": "alpha\n"}, as_of=None)

    assert (then.strategy, theirs(then)) == ("as-of-commit", {"alpha": "1.0"})
    assert (today.strategy, theirs(today)) == ("as-of-today", {"alpha": "2.0", "gamma": "2.0"})
    assert [a.strategy for a in today.attempts] == ["as-of-commit", "as-of-today"]
    assert [a.reason == "" for a in today.attempts] == [False, True]
    assert today.repaired_for_candidate == 0
    assert (undated.strategy, theirs(undated)) == ("as-of-today", {"alpha": "2.0"})


LOCKED = """\
[[package]]
name = "demo"
version = "0"
source = { editable = "." }
[[package]]
name = "alpha"
version = "1.0"
"""


def test_a_lock_is_followed(build) -> None:
    made = build({"uv.lock": LOCKED, "pyproject.toml": '[project]\nname = "demo"\ndependencies = ["beta"]\n'})

    assert (made.strategy, made.manifest, theirs(made)) == ("lock", "uv.lock", {"alpha": "1.0", "beta": "2.0"})


def test_a_lock_that_cannot_be_followed(build) -> None:
    broken = LOCKED.replace("1.0", "7.0")

    made = build({"uv.lock": broken, "pyproject.toml": '[project]\nname = "demo"\ndependencies = ["beta"]\n'})

    assert (made.strategy, theirs(made)) == ("as-of-commit", {"alpha": "2.0", "beta": "2.0"})
    assert made.attempts[0].strategy == "lock"
    assert "alpha==7.0" in made.attempts[0].reason


def test_from_imports_only_what_the_tables_vouch_for(build) -> None:
    """``alpha`` is on the index, and may be anybody's: an unknown import name is never installed."""
    made = build({}, "sklearn.svm.SVC", "numpy", "alpha", "os")

    assert theirs(made) == {"scikit-learn": "1.5", "numpy": "1.26"}
    assert made.unmet == ("alpha",)
    assert made.manifest == ""


def test_an_import_that_another_manifest_declares_is_added(build) -> None:
    made = build({"requirements.txt": "alpha\n", "app/requirements.txt": "needy\nbeta==1.0\n"}, "alpha", "beta")

    assert theirs(made) == {"alpha": "2.0", "beta": "1.0"}
    assert made.repairs == ("`beta==1.0` was added (app/requirements.txt): `beta` is imported",)
    assert made.repaired_for_candidate == 0


def test_what_the_tests_need_is_installed_beside_and_changes_no_pin(build) -> None:
    made = build({"requirements.txt": "alpha==1.0\n", "requirements-dev.txt": "beta\nalpha==2.0\n"})

    assert theirs(made) == {"alpha": "1.0", "beta": "2.0"}


def test_the_projects_own_pytest_is_kept(build, links: Path) -> None:
    wheel(links, "pytest", "7.0")

    made = build({"requirements.txt": "pytest==7.0\n"})

    assert (made.installed["pytest"], made.own) == ("7.0", ("coverage",))


def test_nothing_of_the_candidates_configuration_is_obeyed(build, links: Path, tmp_path: Path, monkeypatch) -> None:
    """Indexes, sources, version files and build back ends of the repository: no canary sings, nobody is called."""
    canary = tmp_path / "canary"
    backend = f"import pathlib\npathlib.Path({str(canary)!r}).write_text('sang')\n"
    evil = tmp_path / "evil"
    wheel(evil, "alpha", "9.0")
    with index(evil, {}) as (address, asked):
        project: dict[str, str | bytes] = {
            "pyproject.toml": (
                '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
                '[project]\nname = "demo"\nversion = "1"\ndependencies = ["alpha"]\n'
                f'[[tool.uv.index]]\nurl = "{address}"\ndefault = true\n'
                f'[tool.uv.sources]\nalpha = {{ path = "." }}\n[tool.uv.pip]\nindex-url = "{address}"\n'
            ),
            "backend.py": backend,
            "setup.py": backend + "from setuptools import setup\nsetup(install_requires=['alpha'])\n",
            "uv.toml": f'index-url = "{address}"\n',
            "pip.conf": f"[global]\nindex-url = {address}\n",
            ".python-version": "no-such-python\n",
            "requirements.txt": f"--index-url {address}\n--extra-index-url {address}\n-e .\nalpha\n",
            "sitecustomize.py": backend,
        }
        checkout = tmp_path / "checkout"
        for path, content in project.items():
            (checkout / path).parent.mkdir(parents=True, exist_ok=True)
            (checkout / path).write_text(str(content))
        monkeypatch.chdir(checkout)

        made = build(project, "alpha")

    assert theirs(made) == {"alpha": "2.0"}
    assert asked == []
    assert not canary.exists()


def test_an_unreachable_index_is_not_the_projects_fault(build, monkeypatch) -> None:
    for name in ("PIP_FIND_LINKS", "PIP_NO_INDEX"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")

    made = build({"requirements.txt": "alpha\n"})

    assert (made.cause, "cannot be reached" in made.detail) == ("failed", True)
    assert "127.0.0.1" not in made.detail


def test_offline_takes_what_is_at_hand_and_says_what_is_not(build, monkeypatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")

    assert theirs(build({"requirements.txt": "alpha\n"}, offline=True)) == {"alpha": "2.0"}
    refused = build({"requirements.txt": "unheard-of\n"}, offline=True)

    assert (
        refused.cause,
        refused.detail,
    ) == ("not-permitted", "packages are not in the cache, and nothing may be downloaded")


def test_a_used_up_budget(build) -> None:
    assert build({"requirements.txt": "alpha\n"}, budget=Budget(seconds=0)).cause == "timed-out"


def test_too_large(build, monkeypatch) -> None:
    monkeypatch.setattr(building, "WHEELS_MB", -1)

    assert build({"requirements.txt": "alpha\n"}).cause == "too-large"


def test_no_python_code_needs_no_environment(tmp_path: Path) -> None:
    made = environment(
        snapshot=Snapshot.of({}),
        packaging=read({}),
        code=Code(modules=()),
        imported=Imported(needs=(), read=0),
        settings=RunSettings(permitted="all", scratch=tmp_path, cache=tmp_path),
        sandbox=Recorded(RunOutcome(exit_code=0)),
    )

    assert isinstance(made, Missing)
    assert made.cause == "not-found"


def test_a_project_that_needs_nothing(build) -> None:
    made = build({"main.py": ""})

    assert theirs(made) == {}
    assert "pytest" in made.installed


def test_a_given_environment_is_used_as_it_is(build, links: Path, tmp_path: Path) -> None:
    """Nothing is installed into it, not even pytest."""
    target = tmp_path / "theirs"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(target)], check=True)
    site = next(target.glob("lib/python3.*/site-packages"))
    (site / "alpha.py").write_text("")
    (site / "alpha-4.0.dist-info").mkdir()

    made = build({"requirements.txt": "alpha\nbeta\n"}, "alpha", "beta", env=target)

    assert (made.strategy, made.installed, made.unmet) == ("given", {"alpha": "4.0"}, ("beta",))
    assert str(target) in made.folders
    assert sorted(p.name for p in site.iterdir()) == ["alpha-4.0.dist-info", "alpha.py"]


def test_a_given_environment_that_another_user_cannot_read_is_copied(build, tmp_path: Path, monkeypatch) -> None:
    target = tmp_path / "theirs"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(target)], check=True)
    monkeypatch.setattr(given, "reachable", lambda _: False)

    made = build({}, env=target)

    assert made.folders[str(target)] != str(target)
    assert (Path(made.folders[str(target)]) / "pyvenv.cfg").is_file()


def test_a_given_folder_that_is_no_environment(build, tmp_path: Path) -> None:
    assert build({}, env=tmp_path / "nothing").cause == "failed"


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        pytest.param("2024-03-01T00:00:00Z", "2024-03-01T00:00:00Z", id="as it is"),
        pytest.param("2024-03-01T02:00:00+02:00", "2024-03-01T00:00:00Z", id="in UTC"),
        pytest.param("1970-01-01T00:00:00Z", "2015-01-01T00:00:00Z", id="before packages were"),
        pytest.param("yesterday", None, id="no date"),
        pytest.param(None, None, id="no git"),
    ],
)
def test_the_moment(as_of: str | None, expected: str | None) -> None:
    assert expected == moment(as_of)


def test_a_moment_to_come_is_now() -> None:
    found = moment("2999-01-01T00:00:00Z")

    assert found is not None
    assert "2025" < found < "2999"
