"""Which form does report.json have?"""

from __future__ import annotations

import click

from evaluator import codec
from evaluator.cli import outputs
from evaluator.cli.options import Configured
from evaluator.report.document import schema


@click.command(cls=Configured, name="schema")
def command() -> int:
    """Print the JSON Schema of report.json."""
    outputs.emit(codec.pretty(schema()))
    return 0
