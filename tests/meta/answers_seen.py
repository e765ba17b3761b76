"""Which answers do the tests of the signals draw from each signal? A pytest plug-in that writes them down.

Used as ``-p tests.meta.answers_seen`` with ``ANSWERS_SEEN`` naming the file to write.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from evaluator.model import Answer, Measured, NotApplicable, Unit
from evaluator.registry import Signal

_seen: dict[str, set[str]] = {}
_call = Signal.__call__


def _recorded(self: Signal[...], *args: Any, **kwargs: Any) -> Answer:
    answer = _call(self, *args, **kwargs)
    match answer:
        case Measured(unit=Unit.LEVEL, value=value):
            word = f"level {int(value)}"
        case Measured():
            word = "a value"
        case NotApplicable():
            word = "not asked"
        case _:
            word = "unknown"
    _seen.setdefault(self.id, set()).add(word)
    return answer


Signal.__call__ = _recorded  # type: ignore[method-assign]


def pytest_sessionfinish() -> None:
    """Write what was seen."""
    Path(os.environ["ANSWERS_SEEN"]).write_text(json.dumps({k: sorted(v) for k, v in _seen.items()}), encoding="utf-8")
