"""What can this machine do?"""

from __future__ import annotations

from collections.abc import Iterator

import click

from evaluator import plugins
from evaluator.catalogue import catalogue
from evaluator.cli.options import Configured
from evaluator.errors import PluginError
from evaluator.sandbox.doctor import examine


@click.command(cls=Configured, name="doctor")
def command() -> int:
    """Say what works here (sandbox, Python versions, GPU, container engine), and how to mend what does not."""
    for check in examine():
        click.echo(f"{'ok ' if check.ok else 'no '} {check.name}: {check.found}")
        if not check.ok and check.mend:
            click.echo("\n".join(f"      {line}" for line in check.mend.splitlines()))
    for fault in (*catalogue().diagnostics, *_broken_forms()):
        click.echo(f"no  {fault}")
    return 0


def _broken_forms() -> Iterator[str]:
    for point in plugins.points("evaluator.reports"):
        try:
            plugins.load(point)
        except PluginError as error:
            yield plugins.fault(point, error)
