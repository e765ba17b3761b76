"""Which signals are there?"""

from __future__ import annotations

import click

from evaluator import codec
from evaluator.catalogue import catalogue
from evaluator.cli import outputs
from evaluator.cli.options import Configured, option
from evaluator.rubric import load


@click.command(cls=Configured, name="signals")
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For a person or a program.",
)
def command(form: str) -> int:
    """List all signals, a line each."""
    known = catalogue()
    weights = {i: item.weight for i, item in load().items.items()}
    if form == "json":
        outputs.emit(
            codec.pretty(
                [
                    {
                        "id": s.id,
                        "category": s.category,
                        "title": s.title,
                        "question": s.question,
                        "levels": s.levels,
                        "how": known.how(s),
                        "stage": s.stage,
                        "weight": weights.get(s.id, 0),
                    }
                    for s in known.signals.values()
                ]
            )
        )
        return 0
    width = max(map(len, known.signals), default=0)
    for signal in known.signals.values():
        click.echo(f"{signal.id:{width}}  {signal.question}")
    for fault in known.diagnostics:
        click.echo(f"evaluate: {fault}", err=True)
    return 0
