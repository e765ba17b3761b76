"""What is each signal called?"""

from __future__ import annotations

from functools import cache

from evaluator import codec
from evaluator.resources import folder

FILE = "titles.json"
"""In the rubrics' folder; `python scripts/generate.py` writes it. Reading it spares the import of every signal."""


def title(signal_id: str) -> str:
    """Return the title of a signal; of one that is not known here, its name spelt out."""
    found = _ours().get(signal_id) or _of_a_plug_in(signal_id)
    return found or signal_id.partition(".")[2].replace("-", " ").capitalize()


def page() -> bytes:
    """Return the file: the titles of the signals that ship with the tool, by id."""
    from evaluator.catalogue import ours
    from evaluator.registry import Signal, collect

    return codec.pretty({s.id: s.title for s in collect(list(ours("signals")), Signal)})


@cache
def _ours() -> dict[str, str]:
    read: dict[str, str] = codec.decode((folder("rubrics") / FILE).read_bytes(), dict[str, str])
    return read


def _of_a_plug_in(signal_id: str) -> str | None:
    from evaluator import plugins

    if not any(True for _ in plugins.points("evaluator.signals")):
        return None
    from evaluator.catalogue import catalogue

    known = catalogue().signals.get(signal_id)
    return known.title if known else None
