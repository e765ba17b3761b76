"""What are a value's canonical bytes, and do these bytes have the promised form?"""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import msgspec

from evaluator.errors import DecodeError

T = TypeVar("T")
LIMIT = 64_000_000
_encoder = msgspec.json.Encoder(order="sorted")


def encode(value: object) -> bytes:
    """Return compact JSON with sorted keys; equal values give equal bytes."""
    return _encoder.encode(value)


def pretty(value: object) -> bytes:
    """Return ``encode(value)`` indented by two spaces, ending in a newline."""
    return msgspec.json.format(_encoder.encode(value), indent=2) + b"\n"


def decode(data: bytes, kind: type[T] | Any, *, limit: int = LIMIT) -> T:
    """Return ``data``, JSON, as a ``kind``.

    Raises:
        DecodeError: Longer than ``limit`` bytes, not JSON, or not a ``kind``.
    """
    made: T = _strict(lambda: msgspec.json.decode(data, type=kind), data, limit)
    return made


def decode_yaml(data: bytes, kind: type[T] | Any, *, limit: int = 2_000_000) -> T:
    """Return ``data``, YAML read with the safe loader, as a ``kind``.

    Raises:
        DecodeError: Longer than ``limit`` bytes, not YAML, or not a ``kind``.
    """
    made: T = _strict(lambda: msgspec.yaml.decode(data, type=kind), data, limit)
    return made


def digest(value: object) -> str:
    """Return the SHA-256 of ``encode(value)``, in hexadecimal."""
    return hashlib.sha256(encode(value)).hexdigest()


def _strict(read: Any, data: bytes, limit: int) -> Any:
    if len(data) > limit:
        raise DecodeError(f"{len(data)} bytes; at most {limit} are read")
    try:
        return read()
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise DecodeError(str(error) or type(error).__name__) from error
