"""Code of the project tries to get out; every attempt meets an error, and the host is as it was."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import evaluator
from evaluator.sandbox.bubblewrap import Bubblewrap
from tests.escape.attempts import ALL, ALL_IN_TURN, Attempt
from tests.escape.conftest import Service
from tests.sandbox import real

pytestmark = pytest.mark.sandbox

CORE_PATTERN = Path("/proc/sys/kernel/core_pattern")


@pytest.fixture(scope="module")
def met(sandbox: Bubblewrap, hostile: Path, secret: Path, service: Service) -> dict[str, str]:
    """What each attempt met. Nobody called at the host's services meanwhile; a kernel setting kept its value."""
    before = CORE_PATTERN.read_bytes()
    places = {
        "secret": secret,
        "home": Path.home(),
        "package": Path(evaluator.__file__).parent,
        "variable": "SECRET_OF_THE_HOST",
        "port": service.port,
        "udp_port": service.udp_port,
        "abstract": service.abstract,
        "socket": service.path,
        "pid": os.getpid(),
    }
    programs = json.dumps([attempt.code(**places) for attempt in ALL]).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_OF_THE_HOST", "value")
        outcome = real.run(
            sandbox,
            hostile,
            ALL_IN_TURN,
            bring_back=tuple(str(number) for number in range(len(ALL))),
            placed={"/run/evaluator/attempts.json": programs, "/run/evaluator/plugin.py": b"X = 1\n"},
        )

    assert (outcome.exit_code, outcome.stopped_by) == (0, "nothing"), outcome.tail
    assert service.callers == []
    assert before == CORE_PATTERN.read_bytes()
    return {attempt.name: outcome.files.get(str(n), b"").decode() for n, attempt in enumerate(ALL)}


@pytest.mark.parametrize("attempt", ALL, ids=lambda attempt: attempt.name)
def test_it_is_stopped(met: dict[str, str], attempt: Attempt, record_property: pytest.RecordProperty) -> None:
    record_property("met", met[attempt.name])

    assert met[attempt.name] in attempt.seen


def test_there_are_at_least_forty() -> None:
    names = [attempt.name for attempt in ALL]

    assert len(set(names)) == len(names)
    assert len(names) >= 40


def test_the_services_do_listen(service: Service) -> None:
    """Else the attempts on them would prove nothing."""
    import socket
    import time

    with socket.create_connection(("127.0.0.1", service.port), 3):
        pass
    for name in ("\0" + service.abstract, service.path):
        with socket.socket(socket.AF_UNIX) as door:
            door.connect(name)
    until = time.monotonic() + 5
    while len(service.callers) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    called = len(service.callers)
    service.callers.clear()

    assert called == 3
