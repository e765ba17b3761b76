"""How does a stored report look in another form?"""

from __future__ import annotations

from pathlib import Path

import click

from evaluator import codec
from evaluator.cli import outputs
from evaluator.cli.options import Configured, option
from evaluator.cli.reading import read_file
from evaluator.errors import DecodeError
from evaluator.report import document
from evaluator.report.document import Measurements


@click.command(cls=Configured, name="render")
@click.argument("report", type=click.Path(dir_okay=False, path_type=Path))
@option("--format", "form", default="text", show_default=True, metavar="FORM", help="html, json, text or a plug-in's.")
@option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where it goes. [default: stdout]")
@option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours.")
def command(report: Path, form: str, output: Path | None, color: str) -> int:  # noqa: ARG001 - read by outputs.terminal
    """Render REPORT, a report.json, in any form; measurements.json beside it is taken along."""
    (wish,) = outputs.wishes((f"{form}={output or '-'}",))
    try:
        read = document.decode(read_file(report))
        measured = _beside(report)
    except DecodeError as error:
        raise DecodeError(f"{report}: {error}") from error
    if wish.form == "text" and output is None:
        from evaluator.report.terminal import summary

        click.echo(summary(read, measured, **outputs.terminal(), path=str(report)))
        return 0
    content = outputs.render(wish.form, read, measured)
    if output is None:
        outputs.emit(content)
    else:
        outputs.write(output, content)
    return 0


def _beside(report: Path) -> Measurements | None:
    path = report.with_name("measurements.json")
    if str(report) == "-" or not path.is_file():
        return None
    measured: Measurements = codec.decode(path.read_bytes(), Measurements)
    return measured
