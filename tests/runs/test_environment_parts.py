"""The parts that build an environment: GPU frameworks made light, our own wheels, places, contents, limits."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluator.facts.import_names import Need
from evaluator.model import Span
from evaluator.runs.installing import building
from evaluator.runs.installing.building import missing, place
from evaluator.runs.installing.contents import installed_in, unmet
from evaluator.runs.installing.interpreters import Interpreter
from evaluator.runs.installing.own_wheels import repack
from evaluator.runs.installing.uv import Chosen, Refusal, Resolution, Uv, refusal
from evaluator.runs.installing.wanted import plain_line
from evaluator.runs.settings import RunSettings
from evaluator.sandbox.tools import ToolOutcome
from tests.runs.test_environment import build, links, theirs
from tests.runs.wheels import index, wheel

__all__ = ["build", "links"]


LATER = "2024-06-01T00:00:00Z"


@pytest.fixture
def torch(links: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An index with torch for GPUs; return the folder of links beside it, in which a test may put another build."""
    from_index = links.parent / "index"
    for version in ("1.0", "2.0"):
        wheel(from_index, "torch", version, requires=("nvidia-cublas",))
        wheel(from_index, "torchvision", version, requires=(f"torch=={version}",))
    wheel(from_index, "nvidia-cublas", "12.0")
    wheel(from_index, "alpha", "1.0")
    wheel(from_index, "torch", "2.0+cpu")
    monkeypatch.delenv("PIP_NO_INDEX")
    with index(from_index, {"torch-2.0+cpu-py3-none-any.whl": LATER}) as (address, _):
        monkeypatch.setenv("PIP_INDEX_URL", address)
        yield links


def test_the_same_version_for_the_processor_alone(build, torch: Path) -> None:
    """A later upload of the same version is the same version."""
    made = build({"requirements.txt": "torch==2.0\nalpha\n"})

    assert made.installed["torch"] == "2.0+cpu"
    assert "nvidia-cublas" not in made.installed
    assert made.repairs == ("for this machine torch 2.0 was replaced by 2.0+cpu (the same without GPU libraries)",)
    assert (made.repaired_for_candidate, made.departures) == (0, ())


def test_another_version_for_the_processor_alone(build, torch: Path) -> None:
    """A pin gives way to what is offered: our doing, not the project's fault."""
    wheel(torch, "torch", "1.7+cpu", requires=("alpha>=1",))

    made = build({"requirements.txt": "torch==1.0\n"})

    assert made.installed["torch"] == "1.7+cpu"
    assert "torch 1.0 was replaced by 1.7+cpu" in made.repairs[0]
    assert made.repaired_for_candidate == 0


def test_companions_must_fit(build, torch: Path) -> None:
    """A torchvision for GPUs does not import beside a torch for processors: then both are those for GPUs."""
    wheel(torch, "torch", "1.0+cpu")

    made = build({"requirements.txt": "torch==1.0\ntorchvision\n"})
    wheel(torch, "torchvision", "1.0+cpu", requires=("torch==1.0",))
    light = build({"requirements.txt": "torch==1.0\ntorchvision\n"})

    assert (made.installed["torch"], made.installed["torchvision"]) == ("1.0", "1.0")
    assert (light.installed["torch"], light.installed["torchvision"]) == ("1.0+cpu", "1.0+cpu")


def test_a_companion_for_gpus_alone_is_left_out(build, torch: Path) -> None:
    """No torch for GPUs is offered that it would fit to."""
    wheel(torch, "torch", "3.0+cpu")
    wheel(torch, "torchvision", "3.0", requires=("torch==3.0",))

    made = build({"requirements.txt": "torch==3.0\ntorchvision\n"})

    assert theirs(made) == {"torch": "3.0+cpu"}
    assert [(d.name, d.what, d.fault) for d in made.departures] == [("torchvision", "left-out", "tool")]


def test_nothing_lighter_fits(build, torch: Path) -> None:
    made = build({"requirements.txt": "torch\ntorchvision\n"})

    assert theirs(made) == {"torch": "2.0", "torchvision": "2.0", "nvidia-cublas": "12.0"}
    assert made.repairs == ()


def test_a_companion_is_left_out_where_the_gpu_build_is_too_large(
    build, torch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = building.too_large

    def limited(resolution: Resolution, uv: Uv) -> str | None:
        return "too much" if any(c.name == "nvidia-cublas" for c in resolution.chosen) else real(resolution, uv)

    monkeypatch.setattr("evaluator.runs.environment_start.too_large", limited)

    made = build({"requirements.txt": "torch==2.0\ntorchvision\n"})

    assert theirs(made) == {"torch": "2.0+cpu"}
    assert [(d.name, d.what, d.fault) for d in made.departures] == [("torchvision", "left-out", "tool")]


def test_our_own_pytest_is_packed_again(tmp_path: Path) -> None:
    """With what it needs, without scripts and caches, each file with its hash."""
    repack(["pytest", "no-such-thing"], tmp_path)

    names = {p.name.split("-")[0].lower() for p in tmp_path.iterdir()}
    assert {"pytest", "pluggy", "iniconfig", "packaging"} <= names
    [packed] = tmp_path.glob("pytest-*.whl")
    with zipfile.ZipFile(packed) as held:
        inside = held.namelist()
        [record] = [n for n in inside if n.endswith("/RECORD")]
        assert {line.split(",")[0] for line in held.read(record).decode().split("\n") if line} == set(inside)
    assert not [n for n in inside if n.endswith(".pyc") or n.startswith("..")]


def settings(tmp_path: Path) -> RunSettings:
    for name in ("scratch", "cache"):
        (tmp_path / name).mkdir()
    return RunSettings(permitted="all", scratch=tmp_path / "scratch", cache=tmp_path / "cache")


def test_the_environment_lies_where_files_can_be_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "reachable", lambda _: True)

    assert place(settings(tmp_path)) == tmp_path / "scratch" / "environment"


def test_it_lies_below_the_cache_where_scratch_cannot_be_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an evaluation that is over left there is removed; one that is not is left alone."""
    given = settings(tmp_path)
    monkeypatch.setattr(building, "reachable", lambda folder: folder == given.cache)
    for name in ("over", "going"):
        (given.cache / "environments" / name).mkdir(parents=True)
    (tmp_path / "going").mkdir()

    target = place(given)

    assert target == given.cache / "environments" / "scratch"
    assert sorted(p.name for p in target.parent.iterdir()) == ["going"]


def test_a_full_disk_costs_the_cache_and_then_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned: list[str] = []
    monkeypatch.setattr(building, "_SPARE_MB", 10**9)
    monkeypatch.setattr(Uv, "clean", lambda _: cleaned.append("cleaned"))
    uv = Uv(settings=settings(tmp_path), indexes=None, folder=tmp_path)  # type: ignore[arg-type]

    reason = building.too_large(Resolution(chosen=(Chosen(name="a", version="1", bytes=None),), lock=""), uv)

    assert reason is not None
    assert "MB are free" in reason
    assert cleaned == ["cleaned"]


@pytest.mark.parametrize(
    ("files", "name", "provided"),
    [
        pytest.param(["alpha/__init__.py"], "alpha", True, id="package"),
        pytest.param(["alpha.py"], "alpha", True, id="module"),
        pytest.param(["alpha.cpython-311-x86_64-linux-gnu.so"], "alpha", True, id="extension"),
        pytest.param(["alpha.abi3.so"], "alpha", True, id="stable extension"),
        pytest.param(["google/protobuf/__init__.py"], "google.cloud.storage", False, id="another part of a namespace"),
        pytest.param(["google/cloud/storage/__init__.py"], "google.cloud.storage", True, id="that part"),
        pytest.param(["alpha-1.0.dist-info/METADATA"], "alpha", False, id="metadata alone"),
        pytest.param([], "../alpha", False, id="no name"),
    ],
)
def test_unmet(tmp_path: Path, files: list[str], name: str, provided: bool) -> None:
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    for file in files:
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text("")
    need = Need(name=name, at=Span(path="a.py"), distributions=("x",))

    assert unmet([need], tmp_path) == ([] if provided else [need])


def test_installed_in(tmp_path: Path) -> None:
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    for name in ("torch-2.1.0+cpu.dist-info", "Scikit_Learn-1.5.dist-info", "old-1.0-py3.8.egg-info", "other"):
        (site / name).mkdir(parents=True)

    assert installed_in(tmp_path) == {"old": "1.0", "scikit-learn": "1.5", "torch": "2.1.0+cpu"}


@pytest.mark.parametrize(
    ("outcome", "trouble"),
    [
        pytest.param(ToolOutcome(exit_code=None, stopped_by="seconds"), "timed-out", id="time"),
        pytest.param(
            ToolOutcome(exit_code=1, stderr=b"error: No solution found\n  cause: Because tls is not"),
            "unsolvable",
            id="unsolvable",
        ),
        pytest.param(
            ToolOutcome(exit_code=2, stderr=b"error: Failed to fetch: https://x/y"), "unreachable", id="network"
        ),
        pytest.param(
            ToolOutcome(exit_code=1, stderr=b"No solution found\nhint: the network was disabled"),
            "offline",
            id="offline",
        ),
        pytest.param(ToolOutcome(exit_code=2, stderr=b"error: something new"), "unsolvable", id="anything else"),
    ],
)
def test_what_uv_says_is_told_apart(outcome: ToolOutcome, trouble: str) -> None:
    assert trouble == refusal(outcome).trouble


def test_a_reason_names_no_place_of_this_machine() -> None:
    said = b"error: No solution found\n  cause: file:///home/me/x and /home/me/wheels/a.whl are bad\n     and so on\n\nhint: no"

    assert refusal(ToolOutcome(exit_code=1, stderr=said)).reason == "(a place) and (a place) are bad and so on"


@pytest.mark.parametrize(
    ("trouble", "cause"),
    [("unsolvable", "failed"), ("unreachable", "failed"), ("offline", "not-permitted"), ("timed-out", "timed-out")],
)
def test_gaps(trouble: str, cause: str) -> None:
    gap = missing(Refusal(trouble=trouble, said="x"))  # type: ignore[arg-type]

    assert gap.cause == cause
    assert gap.detail


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("alpha==1.0", "alpha==1.0", id="plain"),
        pytest.param("alpha[x] >= 1 ; python_version < '3.9'", 'alpha[x]>=1; python_version < "3.9"', id="whole"),
        pytest.param("--index-url=http://evil", None, id="an option"),
        pytest.param("alpha\n--index-url=http://evil", None, id="a second line"),
        pytest.param("alpha @ git+https://example.org/x", None, id="an address"),
        pytest.param("-e .", None, id="editable"),
        pytest.param("alpha --hash=sha256:aa", None, id="with an option"),
        pytest.param("./alpha", None, id="a path"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_nothing_but_requirements_is_written_for_uv(text: str, expected: str | None) -> None:
    assert expected == plain_line(text)


def test_a_python_that_cannot_be_copied_is_no_environment(build, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(python: Interpreter, kept: Path) -> None:
        """Fail to show it."""

    monkeypatch.setattr("evaluator.runs.environment_start.shown", nothing)

    assert build({"requirements.txt": "alpha\n"}).cause == "failed"
