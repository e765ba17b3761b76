"""What can this machine do?"""

from __future__ import annotations

import click

from evaluator.catalogue import catalogue
from evaluator.cli.options import Configured
from evaluator.sandbox.doctor import examine


@click.command(cls=Configured, name="doctor")
def command() -> int:
    """Say what works here (sandbox, Python versions, GPU, container engine), and how to mend what does not."""
    for check in examine():
        click.echo(f"{'ok ' if check.ok else 'no '} {check.name}: {check.found}")
        if not check.ok and check.mend:
            click.echo("\n".join(f"      {line}" for line in check.mend.splitlines()))
    for fault in catalogue().diagnostics:
        click.echo(f"no  {fault}")
    return 0
