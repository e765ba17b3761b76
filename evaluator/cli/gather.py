"""What are the facts of a target, written down to be judged later?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from evaluator import codec, stored
from evaluator.cli import outputs
from evaluator.cli.options import Configured, gathering, option, set_logging, speaking
from evaluator.cli.progress import progress


@click.command(cls=Configured, name="gather")
@click.argument("target")
@gathering
@option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where facts.json goes. [default: stdout]"
)
@speaking
def command(target: str, output: Path | None, **given: Any) -> int:
    """Look at TARGET and run what may be run, without judging."""
    from evaluator.evaluation import Options
    from evaluator.pipeline import gather

    set_logging(given["verbose"])
    options = Options(
        run=given["run"] or "all",
        sandbox=given["sandbox"],
        budget=given["budget"],
        env=given["env"],
        subdir=given["subdir"],
        offline=given["offline"],
        cached=not given["no_cache"],
    )
    with progress(quiet=given["quiet"], plain=given["no_progress"]) as said:
        gathered = gather(target, options, said=said)
    content = stored.encode(gathered.subject, gathered.facts, gathered.projects)
    if output is None:
        outputs.emit(content)
    else:
        outputs.write(output, content)
        outputs.write(output.with_suffix(".measurements.json"), codec.pretty(gathered.measurements))
    return 130 if gathered.interrupted else 0
