"""A hostile project, services of the host to be reached, secrets of the host to be read: none of it may succeed."""

from __future__ import annotations

import socket
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from evaluator.sandbox.bubblewrap import Bubblewrap
from tests.sandbox import real


@dataclass
class Service:
    """Sockets of the host that really listen, and whether anybody came."""

    port: int
    udp_port: int
    abstract: str
    path: str
    callers: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def sandbox() -> Bubblewrap:
    return real.sandbox()


@pytest.fixture(scope="session")
def outside() -> Iterator[Path]:
    """A folder of the host."""
    with real.open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def service(outside: Path) -> Iterator[Service]:
    name = f"evaluator-test-{uuid.uuid4().hex}"
    path = outside / "socket"
    doors = [socket.create_server(("127.0.0.1", 0)), *(socket.socket(socket.AF_UNIX) for _ in range(2))]
    doors[1].bind("\0" + name)
    doors[2].bind(str(path))
    path.chmod(0o777)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    here = Service(doors[0].getsockname()[1], udp.getsockname()[1], name, str(path))

    def answer(door: socket.socket) -> None:
        try:
            while True:
                door.accept()[0].close()
                here.callers.append(str(door.family))
        except OSError:
            return

    threads = [threading.Thread(target=answer, args=(door,), daemon=True) for door in doors]
    for door, thread in zip(doors, threads, strict=True):
        door.listen()
        thread.start()
    yield here
    for door in (*doors, udp):
        if door is not udp:
            door.shutdown(socket.SHUT_RDWR)
        door.close()
    for thread in threads:
        thread.join(5)


@pytest.fixture(scope="session")
def secret(outside: Path) -> Path:
    """A file of the host that anybody could read who saw it."""
    path = outside / "id_rsa"
    path.write_text("the host's secret")
    path.chmod(0o644)
    return path


@pytest.fixture(scope="session")
def hostile(outside: Path, secret: Path) -> Path:
    folder = outside / "project"
    folder.mkdir()
    (folder / "a.txt").write_text("content\n")
    links = {
        "absolute": "/etc/shadow",
        "climbing": "../../../../../../etc/shadow",
        "root": "/",
        "environment": "/proc/1/environ",
        "secret": str(secret),
        "up": "../..",
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    return folder


@pytest.fixture
def marker() -> str:
    """A word to find a process by from outside."""
    return f"marker-{uuid.uuid4().hex}"
