"""Where do results go: which files, and what on standard output?"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import click

from evaluator import codec
from evaluator.errors import UsageError
from evaluator.report import document
from evaluator.report.document import Measurements, Report
from evaluator.report.forms import forms

DEFAULT_FOLDER = Path("evaluation")


@dataclass(frozen=True)
class Wish:
    """One ``--format FORM=PATH``; ``-`` is standard output."""

    form: str
    path: str


def wishes(asked: tuple[str, ...]) -> tuple[Wish, ...]:
    """Return what ``--format`` asked for.

    Raises:
        UsageError: Unknown form, or two of them want standard output.
    """
    known = forms()
    made: list[Wish] = []
    for text in asked:
        form, _, path = text.partition("=")
        if form not in known:
            raise UsageError(f"no report form {form!r}; forms: {', '.join(sorted(known))}")
        made.append(Wish(form, path or "-"))
    if sum(w.path == "-" for w in made) > 1:
        raise UsageError("only one --format can go to standard output; name a file: --format html=report.html")
    return tuple(made)


@contextmanager
def place(folder: Path | None) -> Iterator[None]:
    """Make ``folder`` before anything is looked at; at the end take it away again if nothing came into it.

    Raises:
        UsageError: It cannot be made or written: told at once, not after the work.
    """
    if folder is None:
        yield
        return
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}; choose another with -o") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"{folder} cannot be written; choose another with -o")
    try:
        yield
    finally:
        if new:
            with suppress(OSError):  # it holds something
                folder.rmdir()


def write(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` whole or not at all; folders are made.

    Raises:
        UsageError: The path cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}; choose another with -o") from error


def render(form: str, report: Report, measurements: Measurements | None) -> bytes:
    """Return ``report`` in ``form`` as bytes, UTF-8."""
    return forms()[form].render(report, measurements).encode("utf-8", errors="replace")


def deliver(
    report: Report, measurements: Measurements, *, folder: Path | None, wanted: tuple[Wish, ...], summary: bool
) -> None:
    """Write the folder (the default) or the wished forms; then the summary, unless standard output is taken."""
    shown: Path | None = None
    if folder is not None:
        shown = folder / "report.html"
        write(shown, render("html", report, measurements))
        write(shown.with_name("report.json"), document.encode(report))
        write(shown.with_name("measurements.json"), codec.pretty(measurements))
    for wish in wanted:
        content = render(wish.form, report, measurements)
        if wish.path == "-":
            emit(content)
        else:
            shown = Path(wish.path)
            write(shown, content)
    if summary and not any(w.path == "-" for w in wanted):
        from evaluator.report import terminal as text

        click.echo(text.summary(report, measurements, **terminal(), path=str(shown)))


def emit(content: bytes) -> None:
    """Write ``content`` to standard output as it is."""
    sys.stdout.buffer.write(content)
    sys.stdout.flush()


class Terminal(TypedDict):
    """Standard output as the summary wants to know it: columns, whether colours and more than ASCII can be shown."""

    width: int
    color: bool
    ascii_only: bool


def terminal() -> Terminal:
    """Return what standard output can show, as the caller and the environment say."""
    import shutil

    context = click.get_current_context()
    asked = context.params.get("color", "auto")
    encoding = (getattr(sys.stdout, "encoding", "") or "").lower()
    dumb = os.environ.get("TERM") == "dumb" or bool(os.environ.get("NO_COLOR"))
    auto = bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and not dumb)
    return {
        "width": max(40, min(120, shutil.get_terminal_size((80, 24)).columns)),
        "color": asked == "always" or (asked == "auto" and auto),
        "ascii_only": not encoding.startswith("utf"),
    }
