"""What is the verdict on stored facts?"""

from __future__ import annotations

from pathlib import Path

import click

from evaluator import stored
from evaluator.catalogue import catalogue
from evaluator.cli import outputs
from evaluator.cli.options import Configured, judging, option
from evaluator.cli.reading import read_file
from evaluator.errors import DecodeError
from evaluator.pipeline import judge
from evaluator.report import document


@click.command(cls=Configured, name="judge")
@click.argument("facts", type=click.Path(dir_okay=False, path_type=Path))
@judging
@option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where report.json goes. [default: stdout]"
)
def command(facts: Path, output: Path | None, rubric: str, role: str) -> int:
    """Judge FACTS, which `evaluate gather` wrote, and give report.json: no clone, no run."""
    try:
        known = stored.decode(read_file(facts), catalogue())
    except DecodeError as error:
        raise DecodeError(f"{facts}: {error}") from error
    content = document.encode(judge(known.subject, known.facts, known.projects, rubric=rubric, role=role))
    if output is None:
        outputs.emit(content)
    else:
        outputs.write(output, content)
    return 0
