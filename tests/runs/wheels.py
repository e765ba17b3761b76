"""Makes the wheels, and the indexes that offer them, from which tests build environments."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def wheel(
    folder: Path,
    name: str,
    version: str,
    *,
    requires: tuple[str, ...] = (),
    modules: Mapping[str, str] | None = None,
    tag: str = "py3-none-any",
) -> Path:
    """Write a wheel of ``name`` into ``folder``; it holds ``modules`` (path → text), by default one of its own name."""
    bare = name.replace("-", "_")
    info = f"{bare}-{version}.dist-info"
    lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
    files = dict(modules if modules is not None else {f"{bare}.py": f"VERSION = {version!r}\n"})
    files |= {
        f"{info}/METADATA": "\n".join([*lines, *(f"Requires-Dist: {r}" for r in requires)]) + "\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = []
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{bare}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for inside, text in files.items():
            packed.writestr(zipfile.ZipInfo(inside), text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record.append(f"{inside},sha256={digest},{len(text)}")
        packed.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,"]) + "\n")
    return path


@contextmanager
def index(folder: Path, uploaded: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Serve the wheels of ``folder`` on loopback as a package index that tells when each was uploaded.

    Yield its address and the list of what has been asked of it.
    """
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            parts = self.path.strip("/").split("/")
            if parts[0] == "files":
                self._send((folder / parts[1]).read_bytes(), "application/octet-stream")
                return
            found = [p for p in sorted(folder.glob("*.whl")) if p.name.split("-")[0].replace("_", "-") == parts[-1]]
            if not found:
                self.send_error(404)
                return
            files = [
                {
                    "filename": p.name,
                    "url": f"/files/{p.name}",
                    "hashes": {"sha256": hashlib.sha256(p.read_bytes()).hexdigest()},
                    "upload-time": uploaded.get(p.name, "2020-01-01T00:00:00Z"),
                    "size": p.stat().st_size,
                }
                for p in found
            ]
            page = {"meta": {"api-version": "1.1"}, "name": parts[-1], "files": files, "versions": []}
            self._send(json.dumps(page).encode(), "application/vnd.pypi.simple.v1+json")

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - the server's own way of naming

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
