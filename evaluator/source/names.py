"""How is a file name, which is bytes, written as text and back?"""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:\\|x([0-9a-f]{2}))")


def shown(name: bytes) -> str:
    """Return ``name`` as text: UTF-8; other bytes as ``\\xNN``, a backslash doubled. Reversible; never raises."""
    text = name.decode("utf-8", "surrogateescape")
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if text.isascii():
        return text
    return "".join(f"\\x{ord(c) - 0xDC00:02x}" if "\udc80" <= c <= "\udcff" else c for c in text)


def original(path: str) -> bytes:
    """Return the bytes that ``shown`` made ``path`` from.

    Raises:
        ValueError: ``path`` holds a lone surrogate, which ``shown`` never writes.
    """
    out = bytearray()
    end = 0
    for match in _ESCAPE.finditer(path):
        out += path[end : match.start()].encode()
        out += bytes([int(match[1], 16)]) if match[1] else b"\\"
        end = match.end()
    return bytes(out + path[end:].encode())


def is_inside(name: bytes) -> bool:
    """Whether ``name`` names something below the folder it is relative to, and nothing of git's own.

    Tree objects and archives can hold any name: absolute ones, ``..``, or a ``.git`` that would become a repository.
    """
    return all(part not in {b"", b".", b".."} and part.lower() != b".git" for part in name.split(b"/")) and (
        b"\0" not in name
    )
