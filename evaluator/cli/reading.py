"""What is in a file that the user named?"""

from __future__ import annotations

import sys
from pathlib import Path

from evaluator import codec
from evaluator.errors import UsageError


def read_file(path: Path) -> bytes:
    """Return the content of ``path``, or of standard input for ``-``; at most ``codec.LIMIT`` bytes.

    Raises:
        UsageError: It cannot be read, or is longer.
    """
    if str(path) == "-":
        return _bounded(sys.stdin.buffer.read(codec.LIMIT + 1), path)
    try:
        with path.open("rb") as stream:
            return _bounded(stream.read(codec.LIMIT + 1), path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}; check the path") from error


def _bounded(content: bytes, path: Path) -> bytes:
    if len(content) > codec.LIMIT:
        raise UsageError(f"{path} holds more than {codec.LIMIT} bytes, which no file of ours does; check the path")
    return content
