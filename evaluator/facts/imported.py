"""Which packages of other people does the project's code import?"""

from __future__ import annotations

from evaluator.facts.code import Code
from evaluator.facts.import_names import Need, needs
from evaluator.model import Fact
from evaluator.registry import provides


class Imported(Fact):
    """By name. ``read``: files that could be parsed; ``unread``: those that could not, whose imports are not known."""

    needs: tuple[Need, ...]
    read: int
    unread: int = 0


@provides(how="parsed")
def imported(code: Code) -> Imported:
    """Take the imports of every parsed file together."""
    unread = sum(m.error is not None and not m.lines for m in code.modules)
    return Imported(needs=needs(code), read=len(code.modules) - unread, unread=unread + len(code.skipped))
