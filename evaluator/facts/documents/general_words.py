"""Which words of a sentence are this project's, and which would fit any other?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from evaluator import codec
from evaluator.model import Record
from evaluator.resources import folder


class General(Record):
    """``rubrics/general_words.yaml`` as it stands; see the comments there."""

    words: tuple[str, ...]


@cache
def _general() -> frozenset[str]:
    table: General = codec.decode_yaml((folder("rubrics") / "general_words.yaml").read_bytes(), General)
    return frozenset(table.words)


def own_words(words: Iterable[str]) -> list[str]:
    """Return those of the lower-case ``words`` that say something of one project, in order."""
    return [word for word in words if word not in _general()]
