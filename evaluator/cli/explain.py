"""What does a signal ask, why, how is it found, what are its limits, and how is it mended?"""

from __future__ import annotations

import difflib

import click

from evaluator.catalogue import catalogue
from evaluator.cli.options import Configured
from evaluator.errors import UsageError
from evaluator.explaining import explanation


@click.command(cls=Configured, name="explain")
@click.argument("signal_id")
def command(signal_id: str) -> int:
    """Explain the signal SIGNAL_ID; its name without the category will do."""
    known = catalogue().signals
    found = [i for i in known if signal_id in {i, i.partition(".")[2]}]
    if not found:
        close = difflib.get_close_matches(signal_id, [*known, *(i.partition(".")[2] for i in known)], n=1)
        hint = f"did you mean {close[0]}?" if close else "see `evaluate signals`"
        raise UsageError(f"no signal {signal_id!r}; {hint}")
    click.echo(explanation(known[found[0]]))
    return 0
