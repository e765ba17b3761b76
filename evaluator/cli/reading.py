"""What is in a file that the user named?"""

from __future__ import annotations

import sys
from pathlib import Path

from evaluator.errors import UsageError


def read_file(path: Path) -> bytes:
    """Return the content of ``path``, or of standard input for ``-``.

    Raises:
        UsageError: It cannot be read.
    """
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}; check the path") from error
