"""The main job: what is the verdict on each target, and which exit code tells it?"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from evaluator.cli import gates, outputs
from evaluator.cli.options import Configured, Finite, gathering, judging, option, set_logging, speaking
from evaluator.cli.progress import progress
from evaluator.errors import EvaluatorError, RubricError, UsageError
from evaluator.evaluation import Options, Said, evaluate
from evaluator.report.document import Measurements, Report

_ORDER = (70, 130, 3, 5, 4, 1, 0)


@dataclass(frozen=True)
class Outcome:
    """What became of one target: an exit code, a word on it, and the report where there is one."""

    target: str
    code: int
    word: str
    report: Report | None = None
    measurements: Measurements | None = None
    folder: str = ""


@click.command(cls=Configured, name="run")
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@gathering
@judging
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the report. [default: evaluation]",
)
@option(
    "--format", "formats", multiple=True, metavar="FORM=PATH", help="Only this form (repeatable); PATH - is stdout."
)
@option("--fail-under", type=Finite(0, 100), metavar="N", help="Exit 1 if the lower bound is below N.")
@option("--min-coverage", type=Finite(0, 100), metavar="P", help="Exit 1 if less than P % was measured.")
@option("--require", multiple=True, metavar="ID", help="Exit 1 if this signal does not pass (repeatable).")
@option("--strict", is_flag=True, help="Exit 4 if something that applies could not be measured.")
@speaking
def command(targets: tuple[str, ...], **given: Any) -> int:
    """Evaluate each TARGET: a URL, owner/repo, a folder, an archive, or - for a list on standard input."""
    set_logging(given["verbose"])
    listed = _listed(targets)
    several = len(listed) > 1 or "-" in targets
    wanted = outputs.wishes(given["formats"])
    gates.check(given["require"])
    if several and wanted:
        raise UsageError("--format is for one target; with several, -o DIR holds a folder for each")
    folder = given["output"] or (None if wanted else outputs.DEFAULT_FOLDER)
    with outputs.place(folder):
        return _several(listed, folder, given) if several and folder else _single(listed[0], folder, wanted, given)


def _single(target: str, folder: Path | None, wanted: tuple[outputs.Wish, ...], given: dict[str, Any]) -> int:
    with progress(quiet=given["quiet"], plain=given["no_progress"]) as said:
        outcome = _evaluate(target, given, said)
    if outcome.report and outcome.measurements:
        outputs.deliver(outcome.report, outcome.measurements, folder=folder, wanted=wanted, summary=True)
    if outcome.word:
        click.echo(f"evaluate: {outcome.word}", err=True)
    return outcome.code


def _several(listed: list[str], folder: Path, given: dict[str, Any]) -> int:
    from evaluator.report.terminal import table

    with progress(quiet=given["quiet"], plain=given["no_progress"]) as said:
        outcomes = [_into(folder, n, t, given, said) for n, t in enumerate(listed, start=1)]
    click.echo(table([(o.target, o.report, o.word, o.folder) for o in outcomes], **outputs.terminal()))
    return next(c for c in _ORDER if any(o.code == c for o in outcomes))


def _listed(targets: tuple[str, ...]) -> list[str]:
    """Return the targets with ``-`` replaced by the lines of standard input; blank lines and # comments left out."""
    listed: list[str] = []
    for target in targets:
        if target != "-":
            listed.append(target)
            continue
        lines = (line.strip() for line in sys.stdin)
        listed += [line for line in lines if line and not line.startswith("#")]
    if not listed:
        raise UsageError("no target on standard input; give one per line")
    return listed


def _into(folder: Path, number: int, target: str, given: dict[str, Any], said: Said) -> Outcome:
    """Evaluate one of several targets into its own folder; its failure is its own."""
    try:
        outcome = _evaluate(target, given, said)
    except (RubricError, click.UsageError):
        raise
    except EvaluatorError as error:
        return Outcome(target, error.exit_code if error.exit_code in _ORDER else 3, str(error))
    except Exception as error:  # noqa: BLE001 - one target's fault must not end the others
        from evaluator.cli.faults import explain

        return Outcome(target, 70, explain(error))
    if outcome.report is None or outcome.measurements is None:
        return outcome
    own = folder / f"{number:03}-{_name(outcome.report.subject.name)}"
    outputs.deliver(outcome.report, outcome.measurements, folder=own, wanted=(), summary=False)
    return Outcome(target, outcome.code, outcome.word or "evaluated", outcome.report, outcome.measurements, str(own))


def _name(text: str) -> str:
    """Return ``text`` as a folder's name that no file system minds."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in text).strip(".-")[:60] or "target"


def _evaluate(target: str, given: dict[str, Any], said: Said) -> Outcome:
    options = Options(
        run=given["run"] or "all",
        sandbox=given["sandbox"],
        budget=given["budget"],
        env=given["env"],
        subdir=given["subdir"],
        offline=given["offline"],
        cached=not given["no_cache"],
    )
    made = evaluate(target, options, rubric=given["rubric"], role=given["role"], said=said)
    report, measurements = made.verdict.report, made.verdict.measurements
    if made.interrupted:
        return Outcome(target, 130, "interrupted; the report holds what was known by then", report, measurements)
    reasons = gates.failed(
        report, fail_under=given["fail_under"], min_coverage=given["min_coverage"], require=given["require"]
    )
    if given["strict"] and gates.incomplete(report):
        word = "incomplete: something that applies was not measured (--strict)"
        return Outcome(target, 4, word, report, measurements)
    if reasons:
        return Outcome(target, 1, "gate failed: " + "; ".join(reasons), report, measurements)
    return Outcome(target, 0, "", report, measurements)
