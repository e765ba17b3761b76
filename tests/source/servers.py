"""A real git server over smart HTTP on loopback: git's own backend behind a small server of the standard library."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class GitServer:
    """What serves the bare or other repositories below ``root``.

    Attributes:
        password: With a value, only whoever gives it (any user name) is let in.
        redirect: With a value, every request is sent on to this address.
        slow: Seconds to wait before each answer of objects.
        requests: Method and path of each, with the Authorization header.
    """

    root: Path
    password: str = ""
    redirect: str = ""
    hang: threading.Event | None = None
    requests: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def admits(self, header: str) -> bool:
        if not self.password:
            return True
        scheme, _, pair = header.partition(" ")
        return scheme == "Basic" and base64.b64decode(pair).decode().partition(":")[2] == self.password


@contextmanager
def serving(root: Path, *, password: str = "", redirect: str = "") -> Iterator[GitServer]:
    """Serve ``root`` until the end of the ``with``."""
    state = GitServer(root=root, password=password, redirect=redirect)

    class Handler(_Handler):
        server_state = state

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            if state.hang is not None:
                state.hang.set()
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server_state: GitServer

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self) -> None:
        state = self.server_state
        state.requests.append((f"{self.command} {self.path}", self.headers.get("Authorization", "")))
        if state.redirect:
            self.send_response(301)
            self.send_header("Location", state.redirect + self.path)
            self.end_headers()
            return
        if not state.admits(self.headers.get("Authorization", "")):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if state.hang is not None and self.command == "POST":
            state.hang.wait(60)
        head, _, body = self._backend().partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode("latin-1").split("\r\n") if ": " in line]
        fields = {name.lower(): value for name, value in lines}
        self.send_response(int(fields.pop("status", "200").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _backend(self) -> bytes:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "GIT_PROJECT_ROOT": str(self.server_state.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(length),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_USER": "",
        }
        done = subprocess.run(
            ["git", "http-backend"], env=environ, input=self.rfile.read(length), capture_output=True, check=False
        )
        return done.stdout
