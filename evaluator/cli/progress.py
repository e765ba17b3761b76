"""What is being done right now? Said on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from evaluator.evaluation import Said


@contextmanager
def progress(*, quiet: bool, plain: bool) -> Iterator[Said]:
    """Yield what is to be told: a moving line on a terminal, plain lines elsewhere, nothing when ``quiet``."""
    if quiet:
        yield lambda _: None
    elif plain or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda text: click.echo(f"evaluate: {_clean(text)}", err=True)
    else:
        from rich.console import Console
        from rich.markup import escape

        with Console(stderr=True).status("starting") as status:
            yield lambda text: status.update(escape(_clean(text)))


def _clean(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)
