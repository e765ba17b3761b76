"""What was asked for is what is used, or the caller hears why not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evaluator.errors import SandboxError, UsageError
from evaluator.model import Missing
from evaluator.sandbox import choose as choosing
from evaluator.sandbox import doctor, remedy
from evaluator.sandbox.api import Recorded, RunOutcome, RunRequest
from evaluator.sandbox.bubblewrap import Bubblewrap
from evaluator.sandbox.choose import choose, probe
from evaluator.sandbox.off import Off


@pytest.mark.sandbox
@pytest.mark.parametrize("wanted", ["auto", "bwrap"])
def test_a_sandbox_that_was_seen_to_hold(sandbox: Bubblewrap, outside: Path, wanted: str) -> None:
    assert isinstance(choose(wanted, outside), Bubblewrap)


def test_off_is_the_callers_own_word(outside: Path) -> None:
    assert isinstance(choose("off", outside), Off)


@pytest.mark.parametrize("wanted", ["container", "landlock"])
def test_what_this_version_does_not_have(outside: Path, wanted: str) -> None:
    with pytest.raises(UsageError, match=f"--sandbox {wanted} is not available in this version"):
        choose(wanted, outside)


@pytest.mark.parametrize("wanted", ["auto", "bwrap"])
def test_no_bubblewrap_is_missing_and_nothing_weaker_is_taken(
    outside: Path, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    monkeypatch.setenv("PATH", str(outside))
    monkeypatch.setattr(remedy, "distributions", lambda _: ("debian",))
    found = choose(wanted, outside)

    assert isinstance(found, Missing)
    assert (found.fact, found.cause) == ("Sandbox", "not-permitted")
    assert found.detail.startswith("bubblewrap is not installed; to mend it: ")
    assert "apt-get install -y bubblewrap" in found.detail


@pytest.mark.parametrize(
    ("script", "words"),
    [
        pytest.param(
            "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1", "user name spaces", id="refused"
        ),
        pytest.param("exit 0", "could not be started: it said nothing", id="does nothing"),
        pytest.param("echo 'bwrap: Unknown option --size' >&2; exit 1", "too old", id="too old"),
        pytest.param("kill -9 $$", "it said nothing", id="dies"),
    ],
)
def test_a_bubblewrap_that_does_not_work(
    outside: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    """Through the real guard, with a program in bubblewrap's place."""
    fake = outside / "bwrap"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{outside}:{os.environ['PATH']}")
    found = choose("auto", outside)

    assert isinstance(found, Missing)
    assert words in found.detail


@pytest.mark.sandbox
def test_a_bubblewrap_that_lets_things_through_is_found_out(
    sandbox: Bubblewrap, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that starts the launcher, but shares the network: the probe reaches our own door."""
    fake = outside / "bwrap"
    fake.write_text(
        "#!/usr/bin/python3\nimport os, sys\n"
        "words = [w for w in sys.argv[1:] if w != '--unshare-net']\n"
        f"os.execv({sandbox._program!r}, ['bwrap', *words])\n"
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{outside}:{os.environ['PATH']}")
    found = choose("auto", outside)

    assert isinstance(found, Missing)
    assert "it does not shut in: the host's network can be reached" in found.detail


@pytest.mark.parametrize(
    ("outcome", "problem"),
    [
        pytest.param(RunOutcome(exit_code=0, files={"answer": b"sealed"}), "", id="shut in"),
        pytest.param(
            RunOutcome(exit_code=0, files={"answer": b"it runs as root"}),
            "it does not shut in: it runs as root",
            id="not",
        ),
        pytest.param(RunOutcome(exit_code=1, tail="a\nb"), "a probe did not end well: a b", id="failed"),
        pytest.param(RunOutcome(exit_code=None, stopped_by="seconds"), "a probe did not end well: seconds", id="hung"),
    ],
)
def test_what_the_probe_says(outside: Path, outcome: RunOutcome, problem: str) -> None:
    assert problem == probe(Recorded(outcome), outside)
    assert list(outside.iterdir()) == []


def test_the_doctor_looks_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = doctor.examine(pythons=("3.11.7",))

    assert [check.name for check in checks] == [
        "bubblewrap",
        "sandbox",
        "cgroups",
        "Python versions",
        "GPU",
        "container engine",
    ]
    assert checks[3].found == "3.11.7"
    assert all(check.found for check in checks)


def test_the_doctor_without_bubblewrap(outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(outside))
    checks = {check.name: check for check in doctor.examine(scratch=outside)}

    assert not checks["bubblewrap"].ok
    assert not checks["sandbox"].ok
    assert checks["container engine"].found == "none"


def test_a_recorded_sandbox_answers_from_memory() -> None:
    one, two = RunOutcome(exit_code=1), RunOutcome(exit_code=2)
    recorded = Recorded(one, two)
    request = RunRequest(name="x", argv=("x",), project="/x")

    assert [recorded.run(request) for _ in range(3)] == [one, two, two]
    assert recorded.asked == [request] * 3


def test_no_table_for_this_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing.interpreter, "standing", lambda: None)
    monkeypatch.setattr("platform.machine", lambda: "riscv64")

    with pytest.raises(SandboxError, match="riscv64"):
        Bubblewrap("/usr/bin/true")
